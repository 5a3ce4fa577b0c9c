"""DeclaredFact: one line of what hosts declare of a node, for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeclaredFact:
    """A name and what stands under it, as untrusted as the config it comes from."""

    #: "auth", "stream.timeout".
    name: str
    #: The value, cut where something was hidden in it: text, mark, text, mark, … text.
    pieces: tuple[str, ...]
