"""How big things are drawn, CSS pixels. Everything but the request circle lies on a grid of 8."""

from __future__ import annotations

from visualizer.models.topology import App, Node

GRID_PX = 8
NODE_HEIGHT_PX = 48
#: Room for "1.1k/s · 212 ms" beside the tile.
MIN_NODE_WIDTH_PX = 144
#: Names are shown whole up to about 34 characters; longer ones are cut by the page.
MAX_NODE_WIDTH_PX = 320
#: Tile, status mark and the space around them.
_NODE_FRAME_PX = 72
#: Mean width of a character of the name, 13 px semi-bold.
_CHAR_PX = 7.2

REQUEST_PX = 14
#: From the left of a request's circle to the left of its event.
REQUEST_LEAD_PX = 24

#: The curve of an edge needs 56.
RANK_GAP_PX = 64
ROW_GAP_PX = 16
#: Between blocks of one app that are not connected.
BLOCK_GAP_PX = 24

APP_HEADER_PX = 40
APP_PADDING_PX = 16
APP_RANK_GAP_PX = 64
APP_GAP_PX = 32
MIN_APP_WIDTH_PX = 208
#: Chevron, version's gap and the app's rate.
_APP_FRAME_PX = 104

#: Width : height that a picture should have.
ASPECT = 1.6


def node_width(node: Node) -> int:
    """Wide enough for its name."""
    width = _on_grid(_NODE_FRAME_PX + _CHAR_PX * len(node.name))
    return min(max(width, MIN_NODE_WIDTH_PX), MAX_NODE_WIDTH_PX)


def app_width(app: App) -> int:
    """Wide enough for the header of its box."""
    return max(MIN_APP_WIDTH_PX, min(_on_grid(_APP_FRAME_PX + _CHAR_PX * len(app.name + app.version)), 480))


def _on_grid(px: float) -> int:
    return -int(-px // GRID_PX) * GRID_PX
