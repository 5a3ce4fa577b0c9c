"""
Our pages' scripts and sheets in few files: on a slow line each file costs more than what is in it.

They are made when a web process starts, once for each content, in the data folder. Where that cannot be, pages load
what people wrote, file by file.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from posixpath import relpath

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from visualizer.core.lean_sheet import lean_sheet
from visualizer.core.linked_script import link_in_two
from visualizer.core.source_map import source_map
from visualizer.io.lean_files import content_hash, keep_text
from visualizer.models.errors import InDoubt

_LOG = logging.getLogger(__name__)
#: Modules that begin a page.
SCRIPTS = ("changes_page.js", "graph_page.js", "sources_page.js")
#: Sheets of all pages, and of the graph's beside them, in the order in which they apply.
SHEETS = {
    "page": ("tokens", "base", "marks", "controls", "header", "menu", "dialogs", "forced"),
    "graph": (
        *("tree", "stage", "panel", "footer", "find", "lens", "views"),
        *("phone", "drift", "time", "kiosk", "tour"),
    ),
}


def linked_name(name: str) -> str | None:
    """ "graph_page.js" or "graph.css" → "linked/graph_page.0123456789ab.js"; None where it is loaded file by file."""
    stem, _, kind = name.rpartition(".")
    linked = linked_files(settings.DATA_DIR / "static")
    return next((each for each in linked if each.startswith(f"linked/{stem}.") and each.endswith(f".{kind}")), None)


@cache
def linked_files(folder: Path) -> Mapping[str, Path]:
    """Name under /static/ → the file as it is sent. None where they cannot be made, which is told once."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return {f"linked/{path.name}": path for path in (*_scripts(folder), *_sheets(folder))}
    except (InDoubt, OSError) as exc:
        _LOG.warning("linked_files: pages load their scripts and sheets one by one: %s", exc)
        return {}


def source_folder() -> Path:
    """Where people write them: in "js" and "css" of it."""
    folder: Path = settings.STATICFILES_DIRS[0]
    return folder


def _scripts(folder: Path) -> Iterator[Path]:
    paths = {path.name: path for path in sorted((source_folder() / "js").glob("*.js"))}
    key = _key(paths.values())
    names = {f"{Path(name).stem}{part}.{key}.js" for name in SCRIPTS for part in ("", "_rest")}
    kept = [folder / each for name in sorted(names) for each in (name, f"{name}.map")]
    if not all(path.with_name(f"{path.name}.gz").exists() for path in kept):
        texts = {name: path.read_text("utf-8") for name, path in paths.items()}
        for name in SCRIPTS:
            _link(folder, texts, name, key)
    return iter(kept)


def _link(folder: Path, texts: Mapping[str, str], name: str, key: str) -> None:
    stem = Path(name).stem
    rest = f"{stem}_rest.{key}.js"
    # As seen from the script: under whatever prefix a proxy has them.
    here = staticfiles_storage.url("linked")
    addresses = {each: relpath(staticfiles_storage.url(f"js/{each}"), here) for each in texts}
    for made, linked in zip((f"{stem}.{key}.js", rest), link_in_two(texts, name, rest=f"./{rest}"), strict=True):
        keep_text(folder / f"{made}.map", source_map(linked, addresses))
        keep_text(folder / made, f"{linked.text}//# sourceMappingURL={made}.map\n")


def _sheets(folder: Path) -> Iterator[Path]:
    for name, stems in SHEETS.items():
        paths = [source_folder() / "css" / f"{stem}.css" for stem in stems]
        made = folder / f"{name}.{_key(paths)}.css"
        if not made.with_name(f"{made.name}.gz").exists():
            keep_text(made, "".join(lean_sheet(path.read_text("utf-8")) for path in paths))
        yield made


def _key(paths: Iterable[Path]) -> str:
    """12 digits that change with the content of any of them, and with how they are put together here."""
    return sha256("".join(map(content_hash, (*paths, Path(__file__)))).encode()).hexdigest()[:12]
