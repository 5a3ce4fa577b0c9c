"""Operations of a document → the events of its app: those that name one event are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from visualizer.core.document_part import Problems
from visualizer.core.untrusted import quoted
from visualizer.models.declared_app import DeclaredEvent
from visualizer.models.node_id import AUTO
from visualizer.models.runtime_config import EVENT_TYPES, REQUEST_TYPES, ReadStream, WriteStream


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing an app does with a stream."""

    #: The event that does it.
    event: str
    #: What sets the event off, where the document tells; "" where it does not.
    event_type: str = ""
    #: Does it write? Else it reads.
    sends: bool
    #: Stream and queue; "" is AUTO.
    stream: str
    queue: str = ""
    #: Consumer group of a reader.
    group: str = ""
    #: JSON pointer.
    place: str
    #: See DeclaredEvent.
    facts: Mapping[str, str] = field(default_factory=dict)


def declared_events(operations: Iterable[Operation], problems: Problems) -> tuple[DeclaredEvent, ...]:
    """One event a name, with all that its operations read and write."""
    events: dict[str, DeclaredEvent] = {}
    for operation in operations:
        event_type = _event_type(operation, problems)
        if not (operation.event and operation.stream):
            problems.say(operation.place, "neither the operation nor its channel has a name: left out")
            continue
        before = events.get(operation.event) or DeclaredEvent(operation.event, event_type, operation.place)
        events[operation.event] = _with(before, operation, event_type)
    return tuple(events.values())


def _event_type(operation: Operation, problems: Problems) -> str:
    told = operation.event_type
    if told and told not in EVENT_TYPES:
        expected = ", ".join(sorted(EVENT_TYPES))
        problems.say(f"{operation.place}/x-event-type", f"expected one of {expected}, came {quoted(told)}")
        told = ""
    return told or ("SERVICE" if operation.sends else "STREAM")


def _with(event: DeclaredEvent, operation: Operation, event_type: str) -> DeclaredEvent:
    queue = operation.queue or AUTO
    # A request is one whatever else it does, and what reads runs for what it reads.
    event_type = min((event.type, event_type), key=lambda one: (one not in REQUEST_TYPES, one != "STREAM"))
    facts = {**event.facts, **operation.facts}
    for name in event.facts.keys() & operation.facts.keys():
        facts[name] = ", ".join(dict.fromkeys((event.facts[name], operation.facts[name])))
    if operation.sends:
        writes = {stream.name: stream for stream in event.writes}
        known = writes.get(operation.stream, WriteStream(operation.stream, (), place=operation.place))
        writes[operation.stream] = replace(known, queues=_added(known.queues, queue))
        return replace(event, type=event_type, writes=tuple(writes.values()), facts=facts)
    reads = {stream.name: stream for stream in event.reads}
    read = reads.get(operation.stream, ReadStream(operation.stream, (), place=operation.place))
    group = operation.group or read.consumer_group
    reads[operation.stream] = replace(read, queues=_added(read.queues, queue), consumer_group=group)
    return replace(event, type=event_type, reads=tuple(reads.values()), facts=facts)


def _added(queues: tuple[str, ...], queue: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*queues, queue)))
