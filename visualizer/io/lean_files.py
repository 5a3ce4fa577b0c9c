"""Keeps files of the page as browsers get them: smaller and compressed, made once and found again by their content."""

from __future__ import annotations

import gzip
import logging
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from inspect import getsourcefile
from pathlib import Path
from uuid import uuid4

from visualizer.core.lean_script import lean_script
from visualizer.core.lean_sheet import lean_sheet
from visualizer.models.errors import InDoubt

_LOG = logging.getLogger(__name__)
#: Files of visualizer/core that files of the page are made with.
MAKERS = ("lean_script.py", "lean_sheet.py", "linked_script.py", "script_module.py", "source_map.py")
#: What an older Eventscope left may still be served by one that has not ended: for so long after a newer one began.
_FORGOTTEN_AFTER_S = 30 * 86400
#: Whatever was asked for within it may have been asked for by the same process.
_ONE_START_S = 86400
_SMALLER: dict[str, Callable[[str], str]] = {".js": lean_script, ".css": lean_sheet}


def content_hash(path: Path) -> str:
    """12 digits that change with the content, and with what is made of it."""
    return sha256(_made_with() + path.read_bytes()).hexdigest()[:12]


def makers_hash(folder: Path) -> bytes:
    """Changes with any of MAKERS in a folder: what they made is made anew then, under another name."""
    return sha256(b"\0".join((folder / name).read_bytes() for name in MAKERS)).digest()


@cache
def _made_with() -> bytes:
    return makers_hash(Path(str(getsourcefile(lean_script))).parent)


def lean_file(path: Path, folder: Path, *, key: str, as_written: bool = False) -> Path:
    """
    The file as it is sent; beside it stands the same, gzipped, with ".gz" behind its name. Made where it is missing.

    Args:
        path: the file as people write it. Where it would have to be guessed what it means, it is only gzipped.
        key: its content_hash.
        as_written: only gzip it: it is others' work.

    Raises:
        OSError: the folder cannot be written.
    """
    made = folder / f"{path.stem}.{key}{path.suffix}"
    zipped = made.with_name(f"{made.name}.gz")
    if not zipped.exists():
        _keep(made, path.read_bytes() if as_written else _smaller(path))
    return made


def keep_text(path: Path, text: str) -> None:
    """
    The same for a file that is made of several.

    Raises:
        OSError: the folder cannot be written.
    """
    _keep(path, text.encode())


def _keep(path: Path, data: bytes) -> None:
    _write(path, data)
    # Last: who sees it sees the other one, too.
    _write(path.with_name(f"{path.name}.gz"), gzip.compress(data, 9, mtime=0))


def forget_lean_files(folder: Path, *, but: Iterable[Path], now_s: float = 0.0) -> None:
    """
    Delete what nobody asks for any more, if others were asked for after it, long ago; `but` is asked for now. Who runs
    for that long without a pause still finds what it asked for when it began.
    """
    now_s, kept = now_s or time.time(), {name for path in but for name in (path.name, f"{path.name}.gz")}
    asked_s = dict[Path, float]()
    for path in folder.iterdir():
        # Another process may just be writing, or forgetting; or it is another one's.
        with suppress(OSError):
            if path.name in kept:
                os.utime(path, (now_s, now_s))
            asked_s[path] = path.stat().st_mtime
    newer_s = max((at_s for at_s in asked_s.values() if at_s < now_s - _FORGOTTEN_AFTER_S), default=0.0)
    for path, at_s in asked_s.items():
        if path.name not in kept and at_s < newer_s - _ONE_START_S:
            path.unlink(missing_ok=True)


def _smaller(path: Path) -> bytes:
    data = path.read_bytes()
    try:
        return _SMALLER[path.suffix](data.decode()).encode()
    except (InDoubt, UnicodeDecodeError) as exc:
        _LOG.warning("lean_files: %s is sent as it is: %s", path.name, exc)
        return data


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: two processes may do it at the same time."""
    beside = path.with_name(f".{uuid4().hex}")
    beside.write_bytes(data)
    os.replace(beside, path)
