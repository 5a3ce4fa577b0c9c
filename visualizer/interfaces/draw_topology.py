"""The flow: a topology and the places that are kept → what is drawn, with places that are kept before it is."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from visualizer.core.layout_beside import place_beside
from visualizer.core.layout_ground import annexes_in_use, remember
from visualizer.core.stream_homes import keep_streams_home
from visualizer.models.errors import PlacesInDispute
from visualizer.models.layout import Layout
from visualizer.models.topology import DrawnTopology, Topology
from visualizer.repo.places import KeptPlaces, keep_places, read_places

#: Somebody else may place the same view at the same time: then it is placed again, on what they have kept.
_TRIES = 5


def draw_beside(topology: Topology, *, content: str) -> DrawnTopology:
    """
    Draw what is new beside what has its place.

    Args:
        content: the topology's version.

    Raises:
        django.db.DatabaseError: the database does not answer; nothing is kept.
        PlacesInDispute: others placed the same view again and again.
    """
    drawn, _ = draw(
        topology, content=content, former=lambda kept: kept.layout, before_tidy=lambda kept, _: kept.before_tidy
    )
    return drawn


def draw(
    topology: Topology,
    *,
    content: str,
    former: Callable[[KeptPlaces], Layout],
    before_tidy: Callable[[KeptPlaces, int], Layout | None],
) -> tuple[DrawnTopology, int]:
    """
    Place a topology beside what stood there formerly. SQL is the truth: it has the places before anybody sees them.

    Args:
        content: the topology's version.
        former: the places that hold, from those that are kept.
        before_tidy: from what is kept and how many nodes move, what a tidying can be taken back to.

    Returns:
        What is to be drawn, and how many nodes move.

    Raises: as draw_beside.
    """
    for _ in range(_TRIES):
        kept = read_places(topology.view)
        places = former(kept)
        home = keep_streams_home(topology, places)
        layout = place_beside(home, places)
        moved = count_moved(kept.layout, layout)
        stamp = keep_places(topology.view, remember(places, layout), was=kept, before_tidy=before_tidy(kept, moved))
        if stamp:
            drawn = DrawnTopology(
                version=drawn_version(content, stamp),
                topology=home,
                nodes=layout.nodes,
                apps=layout.apps,
                annexes=annexes_in_use(layout),
            )
            return drawn, moved
    raise PlacesInDispute


def drawn_version(content: str, stamp: str) -> str:
    """The same for the same content in the same places."""
    return sha256(f"{content}:{stamp}".encode()).hexdigest()[:16]


def count_moved(before: Layout, after: Layout) -> int:
    """Nodes that are in both, elsewhere."""
    return sum(node in before.nodes and before.nodes[node] != box for node, box in after.nodes.items())
