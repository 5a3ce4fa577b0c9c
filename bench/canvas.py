"""
The graph of 10,000 nodes in headless Chromium without a GPU: first paint, frames a second while panning and zooming, an
update of 200 nodes; and the same graph, placed alike, in Cytoscape.js from npm. Then what the page weighs.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

import django
from playwright.sync_api import Browser, Page, sync_playwright

from tests.tools.ensure_browser import CHROMIUM_ARGS, chromium_path
from tests.tools.large_graph import large_snapshot

CYTOSCAPE = "cytoscape@3"
HTMX = "django_htmx/htmx-2.min.js"
APPS_OF_11_NODES = (9, 90, 909)
FRAMES = 60
UPDATED = 200
_STATIC = Path(__file__).resolve().parent.parent / "static"
_SCRIPT = (Path(__file__).with_name("canvas.js")).read_text("utf-8")
_CYTOSCAPE_PAGE = "<!doctype html><style>#graph{position:absolute;inset:0}</style><div id=graph></div>"


def main() -> None:
    """Print both, side by side."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGS)
        library = _cytoscape(Path(folder))
        for apps in APPS_OF_11_NODES:
            snapshot = large_snapshot(apps)
            add = snapshot["add"]
            _add_edges(add)
            print(f"{len(add['nodes']):,} nodes, {len(add['edges']):,} edges")
            _print("ours", *_ours(browser, snapshot))
            if library is None:
                print("  Cytoscape.js: no npm on this machine")
            else:
                _print("Cytoscape.js", *_theirs(browser, library, add))
        browser.close()
    _print_weights()


def _add_edges(add: dict[str, Any]) -> None:
    """Half as many edges again as nodes: calls from anywhere to near by."""
    chance = Random(5)
    events = [node["id"] for node in add["nodes"] if node["kind"] == "event"]
    for place in range(len(add["nodes"]) * 3 // 2 - len(add["edges"])):
        at = chance.randrange(len(events))
        target = events[min(len(events) - 1, max(0, at + chance.choice((-9, -5, 4, 7, 12))))]
        call = {
            "id": f"more {place}",
            "source": events[at],
            "target": target,
            "kind": "call",
            "observed": True,
            "rate": 1.0,
        }
        add["edges"].append(call)


def _print(who: str, paint_ms: float, pan_ms: list[float], zoom_ms: list[float], update_ms: list[float]) -> None:
    frames = ", ".join(
        f"{kind} {1000 / median(times):5.1f} frames/s (p95 {quantiles(times, n=20)[-1]:.0f} ms)"
        for kind, times in (("pan", pan_ms), ("zoom", zoom_ms))
    )
    print(
        f"  {who:<13} first paint {paint_ms:6.0f} ms, {frames}, {UPDATED} updated {median(update_ms):5.1f} ms",
        flush=True,
    )


def _ours(browser: Browser, snapshot: dict[str, Any]) -> tuple[float, list[float], list[float], list[float]]:
    from tests.browser.still_page import StillPage  # needs Django set up

    page = browser.new_page(viewport={"width": 1440, "height": 900})
    still = StillPage(page).open()
    page.wait_for_timeout(500)
    page.evaluate(_SCRIPT)
    paint_ms = _run(page, "firstPaint", snapshot)
    nodes = snapshot["add"]["nodes"][:UPDATED]
    updates = [_update(snapshot, nodes, turn) for turn in range(10)]
    update_ms = _run(page, "update", updates)
    # Drawn with their text, where frames cost most.
    measured = paint_ms, _run(page, "frames", [FRAMES, "pan"]), _run(page, "frames", [FRAMES, "zoom"]), update_ms
    assert not still.complaints, still.complaints
    page.close()
    return measured


def _update(snapshot: dict[str, Any], nodes: list[dict[str, Any]], turn: int) -> dict[str, Any]:
    stats = {node["n"]: {"rate": 10.0 + turn} for node in nodes}
    return {"type": "delta", "seq": snapshot["seq"] + 1 + turn, "at": snapshot["at"], "update": {"nodes": stats}}


def _theirs(browser: Browser, library: Path, add: Any) -> tuple[float, list[float], list[float], list[float]]:
    page: Page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_content(_CYTOSCAPE_PAGE)
    page.add_script_tag(path=library)
    page.evaluate(_SCRIPT)
    paint_ms = _run(page, "cytoscapePaint", add)
    update_ms = _run(page, "cytoscapeUpdate", [node["id"] for node in add["nodes"][:UPDATED]])
    measured = (
        paint_ms,
        _run(page, "cytoscapeFrames", [FRAMES, "pan"]),
        _run(page, "cytoscapeFrames", [FRAMES, "zoom"]),
        update_ms,
    )
    page.close()
    return measured


def _run(page: Page, name: str, argument: Any) -> Any:
    return page.evaluate("([name, argument]) => bench[name](argument)", [name, argument])


def _cytoscape(folder: Path) -> Path | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    subprocess.run([npm, "pack", "--silent", CYTOSCAPE], cwd=folder, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        package.extractall(folder, filter="data")
    return folder / "package" / "dist" / "cytoscape.min.js"


def _print_weights() -> None:
    from tests.browser.still_page import static_file  # needs Django set up
    from tests.scripts import modules

    ours = [path.relative_to(_STATIC).as_posix() for kind in ("js", "css") for path in _STATIC.rglob(f"*.{kind}")]
    weights = {name: len(static_file(f"/static/{name}").body) for name in [*ours, HTMX]}
    late = {f"js/{name}" for name in modules("rest.js") - modules("graph_page.js")}
    print(f"JS and CSS, {len(ours)} files and htmx, as they are sent: {sum(weights.values()) / 1000:.1f} kB")
    print(f"of it after the first picture: {sum(weights[name] for name in late) / 1000:.1f} kB")
    snapshot = json.dumps(large_snapshot(APPS_OF_11_NODES[1]), separators=(",", ":")).encode()
    sizes = f"{len(snapshot) / 1000:.0f} kB, gzipped {_gzipped(snapshot) / 1000:.0f} kB"
    print(f"a snapshot of {APPS_OF_11_NODES[1] * 11} nodes: {sizes}")


def _gzipped(data: bytes) -> int:
    return len(gzip.compress(data, 6))
