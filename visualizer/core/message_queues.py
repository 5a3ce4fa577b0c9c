"""
Which messages come into which queue, as hopeit.engine sends them.

A message carries a label, the name of the queue it counts for. Of each queue among `write_stream.queues`:
- one that is not AUTO gets the message; DROP labels it with that queue, PROPAGATE leaves the label it came with;
- AUTO under PROPAGATE is replaced by the label, under DROP it is AUTO.
An event's own results, without a message before them, are labelled AUTO. So PROPAGATE with a named queue loses that
name for the next PROPAGATE.

Source: hopeit.engine 0.30.1, server/engine.py (_write_stream, read_stream), redis_streams (queue field of a message).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from visualizer.models.node_id import AUTO
from visualizer.models.runtime_config import EventConfig, WriteStream

#: Stream and queue.
Queue = tuple[str, str]


@dataclass(frozen=True, slots=True)
class MessageQueues:
    """What comes where."""

    #: Event key → queues it writes to.
    written: Mapping[str, frozenset[Queue]]
    #: The same if something came into the queues into which nothing comes.
    possible: Mapping[str, frozenset[Queue]]
    #: Queues that are read, whose stream is written, and into which nothing comes.
    never_written: frozenset[Queue]


def follow_messages(events: Iterable[EventConfig]) -> MessageQueues:
    """
    Follow every message from event to event until no queue gets a new label.

    What comes from outside into a stream that nobody here writes is labelled with the queue it lies in. A queue into
    which nothing comes is treated alike, after it was noted: what is wrong behind it is no fault of its own.
    """
    flow = _Flow(list(events))
    written = flow.written
    never_written: set[Queue] = set()
    while starved := flow.starved():
        first = {queue for queue in starved if not flow.writers_starve(queue)}
        never_written |= first
        # A circle that nothing enters: none of its queues is the first.
        flow.seed(first or starved)
    return MessageQueues(written, flow.written, frozenset(never_written))


class _Flow:
    def __init__(self, events: list[EventConfig]) -> None:
        self._written: defaultdict[str, set[Queue]] = defaultdict(set)
        self._labels: defaultdict[Queue, set[str]] = defaultdict(set)
        self._readers: defaultdict[Queue, list[EventConfig]] = defaultdict(list)
        self._writers: defaultdict[str, list[EventConfig]] = defaultdict(list)
        for event in events:
            for queue in _read_queues(event):
                self._readers[queue].append(event)
            for stream in event.writes:
                self._writers[stream.name].append(event)
        for event in events:
            if not event.reads:
                self._spread(self._sent(event, AUTO))
        self.seed(queue for queue in self._readers if queue[0] not in self._writers)

    @property
    def written(self) -> dict[str, frozenset[Queue]]:
        """Event key → queues it wrote to until now."""
        return {key: frozenset(queues) for key, queues in self._written.items()}

    def seed(self, queues: Iterable[Queue]) -> None:
        """Let a message come into each of these from outside."""
        self._spread([(queue, queue[1]) for queue in queues])

    def starved(self) -> set[Queue]:
        """Queues that are read and get nothing."""
        return {queue for queue in self._readers if not self._labels[queue]}

    def writers_starve(self, queue: Queue) -> bool:
        """Does no writer of the stream get anything itself?"""
        return not any(
            not writer.reads or any(self._labels[read] for read in _read_queues(writer))
            for writer in self._writers[queue[0]]
        )

    def _spread(self, waiting: list[tuple[Queue, str]]) -> None:
        while waiting:
            queue, label = waiting.pop()
            if label not in self._labels[queue]:
                self._labels[queue].add(label)
                for event in self._readers.get(queue, ()):
                    waiting += self._sent(event, label)

    def _sent(self, event: EventConfig, label: str) -> list[tuple[Queue, str]]:
        """What a message with this label causes: into which queue, with which label."""
        sent = [((to.name, queue), new_label) for to in event.writes for queue, new_label in _targets(to, label)]
        if sent:
            self._written[event.key].update(queue for queue, _ in sent)
        return sent


def _targets(stream: WriteStream, label: str) -> Iterable[tuple[str, str]]:
    """(queue, label in it) for each queue that is written."""
    for queue in stream.queues:
        if queue == AUTO:
            yield (label, label) if stream.propagate else (AUTO, AUTO)
        else:
            yield queue, label if stream.propagate else queue


def _read_queues(event: EventConfig) -> list[Queue]:
    return [(stream.name, queue) for stream in event.reads for queue in stream.queues]
