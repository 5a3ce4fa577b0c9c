"""What a stream, or a line to or from it, says of its messages: for the panels of both."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext, gettext_lazy

from collector.models.activity import ActivityKey
from visualizer.core.stream_flow import STEP_S, reads_from, stream_flow, writes_to
from visualizer.core.stream_words import amount_words, trend_words
from visualizer.interfaces.broker_panel import FlowBlock, FlowRow, depth_blocks, read_depth
from visualizer.interfaces.panel_facts import PanelFacts
from visualizer.interfaces.panel_numbers import read_numbers
from visualizer.models.node_id import AUTO, STANDARD
from visualizer.models.stream_depth import StreamDepth
from visualizer.models.stream_flow import RISING, StreamFlow, StreamPart
from visualizer.models.topology import READ, Edge
from visualizer.repo.windows import read_waits

_NO_LINE = gettext_lazy("unknown: no line tells of writing")


def part_of_edges(edges: Sequence[Edge], view: str) -> StreamPart:
    """The part of a stream that the edges between it and an event stand for."""
    edge = edges[0]
    # In the expanded view the stream's id names the queue.
    queues = tuple(each.label or AUTO for each in edges) if view == STANDARD else ()
    return StreamPart(edge.source, queues, edge.target) if edge.kind == READ else StreamPart(edge.target, queues)


def read_stream(
    facts: PanelFacts, keys: Mapping[int, ActivityKey], part: StreamPart
) -> tuple[StreamFlow, StreamDepth | None]:
    """What lines tell of it, and what brokers do: of then, that is not kept."""
    return _read_flow(facts, keys, part), None if facts.then else read_depth(facts, keys.values(), part)


def _read_flow(facts: PanelFacts, keys: Mapping[int, ActivityKey], part: StreamPart) -> StreamFlow:
    view, then = facts.view, facts.then
    writers = {pk: key for pk, key in keys.items() if writes_to(key, part.stream, queues=part.queues, view=view)}
    readers = {
        pk: key
        for pk, key in keys.items()
        if reads_from(key, part.stream, queues=part.queues, reader=part.reader, view=view)
    }
    written, read = read_numbers(facts, writers), read_numbers(facts, readers)
    if then:
        return stream_flow(written, read, (), window_s=then.until_s - then.from_s)
    return stream_flow(written, read, read_waits(readers, step_s=STEP_S, now_s=time.time()))


def flow_blocks(flow: StreamFlow, depth: StreamDepth | None) -> list[FlowBlock]:
    """
    Both as the panel shows them: what a broker counts is not told a second time as lines have it.

    Args:
        depth: None of a time that is over: its steps are too wide to tell a trend, too.
    """
    trend, rows = flow.trend, list[FlowRow]()
    if depth:
        tone = "t-wait" if trend is not None and trend.way == RISING else ""
        rows.append(FlowRow(gettext("Wait"), trend_words(trend), tone))
    if not depth or not any(queue.is_fresh for queue in depth.queues):
        written = str(_NO_LINE) if flow.written is None else amount_words(flow.written, flow.window_s)
        rows.append(FlowRow(gettext("Written"), written))
    counted = {group.told.name for _, group in depth.groups} if depth else set()
    for group, count in flow.read.items():
        if group not in counted:
            name = gettext("Read by %(group)s") % {"group": group} if group else gettext("Read")
            rows.append(FlowRow(name, amount_words(count, flow.window_s)))
    return [FlowBlock(tuple(rows)), *(depth_blocks(depth) if depth else ())]
