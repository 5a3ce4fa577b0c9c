"""
Topology → places, all of them new: apps as boxes in a layered drawing, and inside each app one of its nodes.

Left to right, nothing overlaps, an app's nodes stay together. The same nodes and edges give the same picture in
whatever order they come. Only ids, names and kinds count: what is observed never moves anything.
What has its places already is core/layout_beside.py's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from visualizer.core.layout_app import Inside, absolute_boxes, place_free, place_inside
from visualizer.core.layout_blocks import Block, Sizes, layered_block, pack_blocks
from visualizer.core.layout_groups import APP, Group, GroupKey, group_nodes
from visualizer.core.layout_ranks import link_components
from visualizer.core.layout_sizes import APP_GAP_PX, APP_RANK_GAP_PX, app_width
from visualizer.models.layout import Layout
from visualizer.models.topology import App, Box, Topology


def place_nodes(topology: Topology) -> Layout:
    """
    Give every node and every app a box.

    Args:
        topology: any nodes and edges; cycles, loops, and edges to unknown nodes are allowed.

    Returns:
        No two nodes overlap, no two app boxes, and no app box and a node of another app. Equal input, equal output.

    Source: Sugiyama et al. 1981, on two levels.
    """
    groups, between = group_nodes(topology)
    apps = {app.key: app for app in topology.apps}
    insides = [place_group(key, group, apps) for key, group in groups.items()]
    whole = pack_groups(insides, list(groups), between)
    nodes: dict[str, Box] = {}
    app_boxes: dict[str, Box] = {}
    for number, (kind, key) in enumerate(groups):
        left, top, _ = whole.spots[number]
        nodes.update(absolute_boxes(insides[number], left, top))
        if kind == APP:
            app_boxes[key] = Box(left, top, *insides[number].size)
    return Layout(nodes, app_boxes)


def place_group(key: GroupKey, group: Group, apps: Mapping[str, App]) -> Inside:
    """The inside of an app, or a node that belongs to none."""
    if key[0] != APP:
        return place_free(group.units[0].node)
    # Sorted: a set's own order is another one in each process.
    links = sorted(group.links)
    return place_inside(group.units, links, linked_outside=group.linked_outside, min_width=app_width(apps[key[1]]))


def pack_groups(
    insides: Sequence[Inside], keys: Sequence[GroupKey], between: Collection[tuple[GroupKey, GroupKey]]
) -> Block:
    """Groups in ranks from left to right; links to groups that are not among these do not count."""
    number_of = {key: number for number, key in enumerate(keys)}
    links = sorted(
        (number_of[source], number_of[target])
        for source, target in between
        if source in number_of and target in number_of
    )
    sizes = Sizes(
        widths=[inside.size[0] for inside in insides],
        heights=[inside.size[1] for inside in insides],
        leads=[0] * len(insides),
    )
    blocks = [
        layered_block(items, inner, sizes, rank_gap_px=APP_RANK_GAP_PX, row_gap_px=APP_GAP_PX, level=False)
        for items, inner in link_components(len(insides), links)
    ]
    return pack_blocks(blocks, gap_px=APP_GAP_PX)
