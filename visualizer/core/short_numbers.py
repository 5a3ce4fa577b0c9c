"""Numbers for ids on the wire: each id gets the next one, and keeps it."""

from __future__ import annotations


class ShortNumbers:
    """Of one kind of things in one view."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, key: str) -> int:
        """The number of this id, from 1."""
        return self._numbers.setdefault(key, len(self._numbers) + 1)
