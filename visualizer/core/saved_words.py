"""Words of a saved moment: they leave the house, so they name no host and no address but what the graph shows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from visualizer.core.untrusted import visible
from visualizer.models.frame import Frame

_ADDRESS = re.compile(r"\w+://[^\s;,]+")
# A full stop behind it ends the sentence.
_NAME = re.compile(r"\w(?:[\w.-]*\w)?")


def shown_names(frames: Iterable[Frame]) -> str:
    """All that the graph shows in writing."""
    return "\n".join(f"{node.id}\n{node.label}" for frame in frames for node in frame.delta.add.nodes)


def without_hosts(text: str, *, hosts: Collection[str], shown: str) -> str:
    """
    The text with "a host" for each address, and each name of a host, that is not shown.

    Args:
        hosts: names of hosts.
        shown: shown_names() of its frames.
    """
    text = _ADDRESS.sub(lambda found: found[0] if found[0].rstrip(":.") in shown else "a host", text)
    # Most names are one word; others are looked for one by one.
    text = _NAME.sub(lambda found: "a host" if found[0] in hosts and found[0] not in shown else found[0], text)
    for name in map(visible, hosts):
        if not _NAME.fullmatch(name) and name not in shown:
            text = text.replace(name, "a host")
    return text
