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

    #: The event that does it, and what else it may be called, where that event does something else already.
    event: str
    key: str
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
    """One event a name. An event has one stream that it reads and one that it writes: what is more is its own event."""
    events: dict[str, DeclaredEvent] = {}
    for operation in operations:
        event_type = _event_type(operation, problems)
        if not (operation.event and operation.stream):
            problems.say(operation.place, "neither the operation nor its channel has a name: left out")
            continue
        known = events.get(operation.event)
        if known is not None and not _fits(known, operation):
            problems.say(
                operation.place,
                f"event {quoted(operation.event)} {'writes' if operation.sends else 'reads'} another stream already: "
                "drawn as an event of its own",
            )
            operation = replace(operation, event=_free(operation.key, events))
            known = None
        before = known or DeclaredEvent(operation.event, event_type, operation.place)
        events[operation.event] = _with(before, operation, event_type)
    return tuple(events.values())


def _event_type(operation: Operation, problems: Problems) -> str:
    told = operation.event_type
    if told and told not in EVENT_TYPES:
        expected = ", ".join(sorted(EVENT_TYPES))
        problems.say(f"{operation.place}/x-event-type", f"expected one of {expected}, came {quoted(told)}")
        told = ""
    return told or ("SERVICE" if operation.sends else "STREAM")


def _fits(known: DeclaredEvent, operation: Operation) -> bool:
    stream = known.write if operation.sends else known.read
    return stream is None or stream.name == operation.stream


def _free(name: str, taken: Mapping[str, object]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} {number}"
    return free


def _with(event: DeclaredEvent, operation: Operation, event_type: str) -> DeclaredEvent:
    queue = operation.queue or AUTO
    # A request is one whatever else it does, and what reads runs for what it reads.
    event_type = min((event.type, event_type), key=lambda one: (one not in REQUEST_TYPES, one != "STREAM"))
    facts = {**event.facts, **operation.facts}
    for name in event.facts.keys() & operation.facts.keys():
        facts[name] = ", ".join(dict.fromkeys((event.facts[name], operation.facts[name])))
    if operation.sends:
        queues = (*event.write.queues, queue) if event.write else (queue,)
        write = WriteStream(operation.stream, tuple(dict.fromkeys(queues)))
        return replace(event, type=event_type, write=write, facts=facts)
    queues = (*event.read.queues, queue) if event.read else (queue,)
    group = operation.group or (event.read.consumer_group if event.read else "")
    read = ReadStream(operation.stream, tuple(dict.fromkeys(queues)), group)
    return replace(event, type=event_type, read=read, facts=facts)
