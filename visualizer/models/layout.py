"""Where everything is drawn. Layout is also the form in which places are kept (SQL, JSON)."""

from __future__ import annotations

import msgspec

from visualizer.models.topology import Box


class Layout(msgspec.Struct, frozen=True):
    """Places of nodes and apps, CSS pixels."""

    #: Node id → its box.
    nodes: dict[str, Box]
    #: App key → the box around its nodes, header included; an app without nodes has a header only.
    apps: dict[str, Box]
    #: App key → further boxes of an app that had no room left to grow where it stands.
    annexes: dict[str, tuple[Box, ...]] = {}

    def frames(self, app: str) -> tuple[Box, ...]:
        """The app's box and its annexes; none of an app that has no place."""
        return (self.apps[app], *self.annexes.get(app, ())) if app in self.apps else ()
