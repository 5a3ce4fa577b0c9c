"""What brokers say of a stream, or of what passes over a line to or from it: for panels, troubles and blast radius."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from collector.models.activity import ActivityKey
from visualizer.core.depth_verdict import SOON_S
from visualizer.core.depth_words import (
    drain_words,
    messages_words,
    oldest_words,
    overflow_words,
    stuck_words,
    waiting_words,
    work_words,
)
from visualizer.core.freshness import duration_words
from visualizer.core.stream_depth import stream_depth
from visualizer.core.stream_flow import reads_from
from visualizer.core.stream_keys import keys_of
from visualizer.core.stream_words import amount_words
from visualizer.interfaces.panel_facts import PanelFacts
from visualizer.interfaces.stream_limits import stream_settings
from visualizer.models.stream_depth import IN, NOW, Forecast, GroupDepth, QueueDepth, StreamDepth
from visualizer.models.stream_flow import StreamPart


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A line of the panel."""

    #: What it is.
    name: str
    #: How it is, in words.
    words: str
    #: Class of the words: "t-wait", or "".
    tone: str = ""


@dataclass(frozen=True, slots=True)
class FlowBlock:
    """Lines of the panel that belong together."""

    rows: tuple[FlowRow, ...]
    #: What they are of: a queue, a consumer group; "" for the stream.
    name: str = ""
    #: What is to be said of that.
    note: str = ""


def read_depth(facts: PanelFacts, keys: Iterable[ActivityKey], part: StreamPart) -> StreamDepth:
    """What is known now. Args: keys: of all activities."""
    node = facts.nodes.get(part.stream)
    if node is None or not facts.brokers:
        return StreamDepth(bool(facts.brokers))
    settings = stream_settings(facts.edges, part.stream)
    seen = [key for key in keys if reads_from(key, part.stream, queues=(), reader="", view=facts.view)]
    own = {
        key.consumer_group
        for key in seen
        if part.reader and reads_from(key, part.stream, queues=(), reader=part.reader, view=facts.view)
    }
    if part.reader in settings.groups:
        own.add(settings.groups[part.reader])
    return stream_depth(
        facts.brokers,
        keys_of(node, facts.edges, view=facts.view, queues=part.queues),
        declared=set(settings.groups.values()),
        seen={key.consumer_group for key in seen},
        only=own - {""},
        most_messages=settings.most_messages,
        now_s=time.time(),
    )


def depth_blocks(depth: StreamDepth) -> list[FlowBlock]:
    """The same as the panel shows it."""
    if not depth.queues:
        words = (
            gettext("unknown: no broker that is asked has it")
            if depth.is_asked
            else gettext("unknown: only its broker can tell (EVENTSCOPE_BROKERS)")
        )
        return [FlowBlock((FlowRow(gettext("Waiting"), words),))]
    several = len({queue.told.name for queue in depth.queues}) > 1
    blocks = list[FlowBlock]()
    for queue in depth.queues:
        blocks.append(FlowBlock(tuple(_queue_rows(queue)), queue.told.name if several else ""))
        blocks += [_group_block(queue, group, several=several) for group in queue.groups if queue.is_fresh]
    for group in depth.missing:
        words = gettext("its broker has no such group: its reader never began")
        blocks.append(FlowBlock((FlowRow(gettext("Read"), words, "t-warn"),), group))
    return blocks


def _queue_rows(queue: QueueDepth) -> Iterable[FlowRow]:
    if not queue.is_fresh:
        ago = duration_words(queue.ago_s)
        yield FlowRow(gettext("Depth"), f"unknown: {queue.broker} was last heard {ago} ago", "t-warn")
        return
    stream = queue.told
    yield FlowRow(gettext("Depth"), messages_words(stream.length) if stream.length else "none")
    yield FlowRow(gettext("Written"), amount_words(stream.added, stream.window_s))
    if not queue.groups:
        yield FlowRow(gettext("Read"), gettext("by no consumer group"), "t-warn")


def _group_block(queue: QueueDepth, group: GroupDepth, *, several: bool) -> FlowBlock:
    told, stream = group.told, queue.told
    rows = [
        FlowRow(gettext("Waiting"), waiting_words(told, length=stream.length)),
        FlowRow(gettext("Oldest"), oldest_words(told)),
        FlowRow(gettext("Read"), amount_words(told.read, stream.window_s)),
        FlowRow(gettext("In work"), work_words(told)),
        *(_forecast_rows(queue, group) if group.is_current else ()),
        FlowRow(gettext("Stuck"), stuck_words(told.stuck, told.stuck_count), "t-wait"),
        FlowRow(gettext("Trimmed unread"), f"{messages_words(told.trimmed)} or more" if told.trimmed else "", "t-fail"),
    ]
    name = f"{told.name} · {stream.name}" if several else told.name
    note = "" if group.is_known else gettext("seen at the broker, in no config")
    if not group.is_current and told.read == 0:
        note = gettext("left behind: in no config, and nobody reads")
    return FlowBlock(tuple(row for row in rows if row.words), name, note)


def _forecast_rows(queue: QueueDepth, group: GroupDepth) -> Iterable[FlowRow]:
    yield FlowRow(gettext("Drained"), drain_words(group.drain))
    words = overflow_words(group.overflow, most_messages=queue.most_messages)
    yield FlowRow(gettext("Overflow"), words, _overflow_tone(group.overflow))


def _overflow_tone(overflow: Forecast) -> str:
    if overflow.when == NOW:
        return "t-fail"
    return "t-wait" if overflow.when == IN and overflow.seconds <= SOON_S else ""
