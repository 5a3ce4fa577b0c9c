"""AppAge: when an app gave its last signs of life."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AppAge:
    """Unix seconds; 0 where it never was, as far as was looked."""

    #: Of its newest line.
    seen_s: int = 0
    #: When a host last declared it, to the minute.
    declared_s: int = 0
    #: When somebody last brought it back.
    shown_s: int = 0

    @property
    def last_sign_s(self) -> int:
        """The newest of them."""
        return max(self.seen_s, self.declared_s, self.shown_s)
