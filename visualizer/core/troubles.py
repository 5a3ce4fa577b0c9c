"""Messages that fail again and again, operations that go round, streams that nobody reads, messages that got lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from visualizer.core.depth_words import messages_words, stuck_words
from visualizer.core.untrusted import quoted
from visualizer.models.stream_depth import StreamDepth
from visualizer.models.topology import READ, WRITE, Edge
from visualizer.models.trouble import InStream, Repeat, Trouble

#: Fewer failures of one message may be bad luck; fewer rounds may be two messages of one request.
LEAST_TIMES = 3
#: Less than this share of what was written, or so many messages, may be on their way.
_ON_THE_WAY = 0.01
_FEW = 20


def poison_troubles(repeats: Iterable[Repeat], events: Mapping[int, str]) -> Iterator[Trouble]:
    """
    Args:
        repeats: failures of one message each.
        events: activity id → name of the event that failed on it.
    """
    for repeat in repeats:
        yield Trouble(
            f"Message {quoted(repeat.id)} failed {repeat.times} times or more",
            f"In {quoted(events.get(repeat.activity_id, ''))}, {_span(repeat)}. It came back each time, and may again: "
            "mend what fails on it, or take it out of the stream.",
        )


def loop_troubles(repeats: Sequence[Repeat]) -> Iterator[Trouble]:
    """Args: repeats: sampled operations that came by something on a circle several times, the most frequent first."""
    if repeats:
        most = repeats[0]
        yield Trouble(
            f"{len(repeats)} operation{'s' if len(repeats) > 1 else ''} went round, one of them {most.times} times",
            f"What it writes or calls leads back to it. Most often came request {quoted(most.id)}, {_span(most)}. "
            "A retry without an end keeps everything on the circle busy.",
        )


def orphan_troubles(stream: str, edges: Iterable[Edge]) -> Iterator[Trouble]:
    """A stream that is written to, as far as was seen, and was never read."""
    near = [edge for edge in edges if stream in (edge.source, edge.target)]
    readers = [edge for edge in near if edge.kind == READ]
    if any(edge.kind == WRITE and edge.observed for edge in near) and not any(edge.observed for edge in readers):
        who = f"{len(readers)} declared, none of them seen" if readers else "none is declared"
        yield Trouble(
            "Written to, and never read",
            f"Messages were written to it; of readers {who}. What is in it stays until it is trimmed.",
        )


def loss_troubles(
    written: int,
    read: Mapping[str, int],
    *,
    most_messages: int | None,
    in_stream: Mapping[str, InStream] | None = None,
) -> Iterator[Trouble]:
    """
    Conservation: what was written and not read is in the stream or lost.

    Args:
        written: messages; 0 where no line tells of writing.
        read: consumer group → messages.
        most_messages: that the stream may hold; 0: without a limit; None: not known.
        in_stream: consumer group → what its broker has of them, where one is asked.
    """
    for group, count in sorted(read.items()):
        missing = written - count
        if not written or missing < max(_FEW, _ON_THE_WAY * written):
            continue
        counted = f"{written:,} messages were written and {count:,} read by {quoted(group)}"
        held = (in_stream or {}).get(group)
        if held is not None:
            yield from _counted_losses(counted, missing, held, least=max(_FEW, _ON_THE_WAY * written))
        elif most_messages and missing > most_messages:
            lost = missing - most_messages
            yield Trouble(
                f"At least {lost:,} messages are lost",
                f"{counted}; the stream holds no more than {most_messages:,} of the {missing:,} in between. It was "
                "trimmed before they were read: raise target_max_len, or read faster.",
            )
        else:
            yield Trouble(
                f"{missing:,} messages wait or are lost", f"{counted}. The others are in the stream, or gone."
            )


def _counted_losses(counted: str, missing: int, held: InStream, *, least: float) -> Iterator[Trouble]:
    lost = missing - held.most
    if lost >= least:
        about, most = ("About", "") if held.is_exact else ("At least", "at most ")
        yield Trouble(
            f"{about} {lost:,} messages are lost",
            f"{counted}; {most}{held.most:,} of the {missing:,} in between are in the stream, its broker says. The "
            "others were trimmed or deleted before they were read.",
        )


def broker_troubles(depth: StreamDepth) -> Iterator[Trouble]:
    """What a broker says of the groups of a stream that nobody should have to look for."""
    for queue, group in depth.groups:
        told = group.told
        if told.trimmed:
            yield Trouble(
                f"{messages_words(told.trimmed)} or more were trimmed unread",
                f"{quoted(told.name)} had not got to them in {quoted(queue.told.name)}. Raise target_max_len, or read "
                "faster; what is gone has to be sent again.",
            )
        if told.stuck_count:
            yield Trouble(
                f"{told.stuck_count:,} consumer{' is' if told.stuck_count == 1 else 's are'} stuck",
                f"Of {quoted(told.name)}: {stuck_words(told.stuck, told.stuck_count)}. Nobody else gets these messages "
                "until they are claimed (XAUTOCLAIM) or the consumer comes back under its name.",
            )


def is_on_circle(node: str, edges: Iterable[Edge]) -> bool:
    """Does what the node writes or calls lead back to it?"""
    after: dict[str, list[str]] = {}
    for edge in edges:
        after.setdefault(edge.source, []).append(edge.target)
    border, seen = list(after.get(node, ())), set[str]()
    while border:
        here = border.pop()
        if here == node:
            return True
        if here not in seen:
            seen.add(here)
            border += after.get(here, ())
    return False


def _span(repeat: Repeat) -> str:
    first, last = (datetime.fromtimestamp(at_s, UTC) for at_s in (repeat.first_s, repeat.last_s))
    return f"from {first:%H:%M:%S} to {last:%H:%M:%S} UTC"
