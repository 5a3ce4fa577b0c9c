"""What hopeit's visualizer is asked for: HopeitOptions, as its answers repeat it."""

from __future__ import annotations

import msgspec

from visualizer.models.node_id import EXPANDED, STANDARD


class HopeitOptions(msgspec.Struct, frozen=True):
    """hopeit's VisualizationOptions."""

    #: Only apps whose name begins with it.
    app_prefix: str = ""
    #: Only apps with a server whose URL contains it.
    host_filter: str = ""
    #: Stages and queues are nodes.
    expanded_view: bool = False
    #: Whether the page follows what runs.
    live: bool = False

    @property
    def view(self) -> str:
        """standard | expanded."""
        return EXPANDED if self.expanded_view else STANDARD
