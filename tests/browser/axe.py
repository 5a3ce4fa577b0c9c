"""What axe-core finds wrong with a page: the rules of WCAG that a machine can check."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

#: axe-core's own script; its package's Python is not used.
_SCRIPT = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
_RUN = "axe.run(document, { resultTypes: ['violations'] })"


def findings(page: Page) -> list[str]:
    """Each serious or critical finding: the rule, and the elements that break it."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(_SCRIPT)
    found: Any = page.evaluate(_RUN)
    return [
        f"{violation['id']}: {violation['help']}: " + " | ".join(node["html"][:160] for node in violation["nodes"][:3])
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
