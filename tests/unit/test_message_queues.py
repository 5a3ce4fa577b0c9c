from __future__ import annotations

from visualizer.core.message_queues import MessageQueues, follow_messages
from visualizer.models.runtime_config import EventConfig, ReadStream, WriteStream


def reader(key: str, name: str, *queues: str, to: WriteStream | None = None) -> EventConfig:
    return EventConfig(key, "STREAM", ReadStream(name, queues or ("AUTO",)), to)


def follow(*events: EventConfig) -> MessageQueues:
    return follow_messages(events)


def test_drop_writes_what_is_configured_whatever_comes() -> None:
    source = EventConfig("in", "POST", write_stream=WriteStream("a", ("AUTO", "fast")))
    step = reader("step", "a", "fast", "AUTO", to=WriteStream("b", ("AUTO", "bulk")))
    assert follow(source, step).written["step"] == {("b", "AUTO"), ("b", "bulk")}


def test_propagate_replaces_auto_by_the_queue_a_message_came_from() -> None:
    source = EventConfig("in", "POST", write_stream=WriteStream("a", ("fast",)))
    step = reader("step", "a", "fast", "AUTO", to=WriteStream("b", ("AUTO",), propagate=True))
    assert follow(source, step).written["step"] == {("b", "fast")}


def test_propagate_to_a_named_queue_keeps_the_old_label_for_the_next_propagate() -> None:
    source = EventConfig("in", "POST", write_stream=WriteStream("a", ("fast",)))
    step = reader("step", "a", "fast", to=WriteStream("b", ("bulk",), propagate=True))
    last = reader("last", "b", "bulk", to=WriteStream("c", ("AUTO",), propagate=True))
    flow = follow(source, step, last)
    assert flow.written["step"] == {("b", "bulk")}
    assert flow.written["last"] == {("c", "fast")}


def test_what_comes_from_outside_has_the_label_of_its_queue() -> None:
    step = reader("step", "outside", "fast", to=WriteStream("b", ("AUTO",), propagate=True))
    assert follow(step).written["step"] == {("b", "fast")}
    assert follow(step).never_written == frozenset()


def test_only_the_first_empty_queue_of_a_chain_is_told() -> None:
    source = EventConfig("in", "POST", write_stream=WriteStream("a"))
    step = reader("step", "a", "fast", to=WriteStream("b", ("AUTO",), propagate=True))
    last = reader("last", "b", "fast", "AUTO")
    assert follow(source, step, last).never_written == {("a", "fast"), ("b", "AUTO")}
    assert follow(source, step, reader("last", "b", "fast")).never_written == {("a", "fast")}


def test_a_circle_that_nothing_enters_ends() -> None:
    there = reader("there", "a", to=WriteStream("b"))
    back = reader("back", "b", to=WriteStream("a"))
    flow = follow(there, back)
    assert flow.written == {}
    assert flow.possible == {"there": {("b", "AUTO")}, "back": {("a", "AUTO")}}
    assert flow.never_written == frozenset()
