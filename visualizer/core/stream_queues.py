"""Streams and their queues, as an event reads and writes them."""

from __future__ import annotations

from visualizer.models.node_id import AUTO, STANDARD
from visualizer.models.runtime_config import EventConfig, WriteStream


def written_queues(event: EventConfig, stream: WriteStream) -> tuple[str, ...]:
    """Queues an event writes to; with PROPAGATE, AUTO stands for each queue it reads. May name a queue twice."""
    queues = stream.queues
    if event.read_stream is None or not stream.propagate:
        return queues
    return tuple(read if queue == AUTO else queue for read in event.read_stream.queues for queue in queues)


def stream_label(name: str, queue: str, *, view: str) -> str:
    """What a stream's node is called: in the expanded view each queue but AUTO has its own name."""
    return name if view == STANDARD or queue in ("", AUTO) else f"{name}.{queue}"


def stream_edge_id(event_id: str, name: str, queue: str, *, view: str) -> str:
    """The id of the edge between an event and a queue of a stream, reading and writing alike."""
    return f"{event_id}.{stream_label(name, queue, view=view)}.{queue or AUTO}"


def queue_label(queue: str) -> str:
    """What is written on the edge of a queue: nothing for AUTO."""
    return "" if queue == AUTO else queue
