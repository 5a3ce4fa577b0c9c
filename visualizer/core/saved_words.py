"""Words of a saved moment: they leave the house, so they name no address but what the graph shows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from visualizer.models.frame import Frame

_ADDRESS = re.compile(r"\w+://[^\s;,]+")


def shown_names(frames: Iterable[Frame]) -> str:
    """All that the graph shows in writing."""
    return "\n".join(f"{node.id}\n{node.label}" for frame in frames for node in frame.delta.add.nodes)


def without_addresses(text: str, *, shown: str) -> str:
    """
    The text with "a host" for each address that is not shown.

    Args:
        shown: shown_names() of its frames.
    """
    return _ADDRESS.sub(lambda found: found[0] if found[0].rstrip(":.") in shown else "a host", text)
