"""That everything our painters say to a canvas can be written as SVG, too; by reading them."""

from __future__ import annotations

import re
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js"
#: Drawn for the screen only: rings that pass, and the charts of the panel.
SCREEN_ONLY = {"pulse.js", "chart_view.js", "chart_time.js", "chart_histogram.js"}
#: The painter's own: it clears its canvas.
CLEARING = {"clearRect"}


def test_svg_knows_every_call_that_a_painter_makes() -> None:
    said = set[str]()
    for script in SCRIPTS.glob("*.js"):
        if script.name not in SCREEN_ONLY | {"svg_context.js", "export_picture.js"}:
            said |= set(re.findall(r"\bcontext\.(\w+)\(", script.read_text("utf-8")))
    known = set(re.findall(r"^  (\w+)\(", (SCRIPTS / "svg_context.js").read_text("utf-8"), re.MULTILINE))
    assert "fillText" in said
    assert said - known <= CLEARING


def test_paths_are_made_where_they_can_be_remembered() -> None:
    makers = {script.name for script in SCRIPTS.glob("*.js") if "Path2D" in script.read_text("utf-8")}
    assert makers <= {"ink.js", "ink_path.js"}
