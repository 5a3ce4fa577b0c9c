"""
Our CSS and JavaScript on their way to the browser: under names that change with their content, so that browsers keep
them for ever, without what only people read, and compressed.

They are made when a web process starts, once for each content, in the data folder (visualizer/io/lean_files.py).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware

from visualizer.interfaces.linked_files import linked_files
from visualizer.io.lean_files import content_hash, forget_lean_files, lean_file

_LOG = logging.getLogger(__name__)
#: What browsers are told to keep for ever, and what is worth compressing.
_NAMED = (".js", ".css")
_HASHED = re.compile(r"\.[0-9a-f]{12}\.(js|css)(\.map)?$")


@cache
def hashed_name(name: str) -> str:
    """
    "js/page.js" → "js/page.0123456789ab.js", by the content that the process found first; other kinds of files stay
    what they are.
    """
    path = finders.find(name) if name.endswith(_NAMED) else None
    if not path:
        return name
    plain = PurePosixPath(name)
    return str(plain.with_name(f"{plain.stem}.{content_hash(Path(path))}{plain.suffix}"))


class HashedStorage(StaticFilesStorage):
    """What `{% static %}` asks for addresses."""

    def url(self, name: str | None) -> str:
        return super().url(hashed_name(name) if name else name)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serves each file under its own name and under the one with its hash, which may be kept for ever."""

    #: Address → WhiteNoise's StaticFile.
    files: dict[str, Any]
    #: The same for all of a process.
    _found: ClassVar[dict[str, Any]] = {}

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Whether a file may be kept for ever: its name changes with its content."""
        return _HASHED.search(url) is not None

    def add_files_from_finders(self) -> None:
        if not StaticFiles._found:
            self._find()
            # At once, whole: threads may look for it at the same time.
            StaticFiles._found = self.files
        self.files = StaticFiles._found

    def _find(self) -> None:
        written: dict[str, Path] = {}
        for finder in finders.get_finders():
            for name, storage in finder.list(None):
                written.setdefault(name, Path(storage.path(name)))
        linked = linked_files(settings.DATA_DIR / "static")
        lean = _lean_files({name: path for name, path in written.items() if name.endswith(_NAMED)}, but=linked.values())
        for name, path in written.items():
            for each in {name, hashed_name(name)}:
                self.add_file_to_dictionary(self.static_prefix + each, str(lean.get(name, path)))
        for name, path in linked.items():
            self.add_file_to_dictionary(self.static_prefix + name, str(path))


def _lean_files(written: dict[str, Path], *, but: Collection[Path]) -> dict[str, Path]:
    """
    Name → the file as it is sent; none where the data folder cannot be written.

    Args:
        but: what is kept there beside them.
    """
    folder = settings.DATA_DIR / "static"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lean = {name: _lean_file(name, path, folder) for name, path in written.items()}
        forget_lean_files(folder, but=[*lean.values(), *but])
    except OSError as exc:
        _LOG.warning("static_files: scripts and sheets are sent as they are written, uncompressed: %s", exc)
        return {}
    return lean


def _lean_file(name: str, path: Path, folder: Path) -> Path:
    ours = any(path.is_relative_to(each) for each in settings.STATICFILES_DIRS)
    return lean_file(path, folder, key=PurePosixPath(hashed_name(name)).suffixes[-2][1:], as_written=not ours)
