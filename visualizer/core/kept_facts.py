"""KeptTopology → what was declared of one node then, line by line, for its panel; of now see core/declared_facts.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from visualizer.core.declared_facts import MOST_FACTS, declared_fact
from visualizer.models.declared_fact import DeclaredFact
from visualizer.models.kept_topology import KeptEdge, KeptTopology, KeptView, Settings
from visualizer.models.node_id import AUTO, STREAM_MARK, base_event
from visualizer.models.topology import CALL, READ, WRITE

#: Of an event's entry, in this order; what else is set follows by name.
_PARTS = ("type", "route", "plug_mode", "auth", "group", "impl")
#: Told with the streams.
_OF_STREAMS = ("read_stream.", "write_stream.")
_STRATEGY, _GROUP, _KEEPS = "write_stream.queue_strategy", "read_stream.consumer_group", "stream.target_max_len"


def kept_facts(kept: KeptTopology, node_id: str, *, view: str) -> tuple[DeclaredFact, ...]:
    """What configs set of an event, or of a stream those that read and write it; empty where none declared it."""
    drawn = kept.views.get(view, KeptView())
    if node_id.startswith(STREAM_MARK):
        return tuple(_of_stream(drawn, kept.settings, node_id))[:MOST_FACTS]
    if not any(node.id == node_id and node.declared for node in drawn.nodes):
        return ()
    return tuple(_of_event(drawn, kept.settings.get(base_event(node_id), {}), node_id))[:MOST_FACTS]


def _of_event(drawn: KeptView, settings: Settings, event_id: str) -> Iterator[DeclaredFact]:
    for name in _PARTS:
        if name in settings:
            yield declared_fact(name.replace("_", " "), settings[name])
    labels = {node.id: node.label for node in drawn.nodes}
    edges = [edge for edge in drawn.edges if edge.declared]
    writes = _queues([edge for edge in edges if edge.kind == WRITE and edge.source == event_id], by="target")
    reads = _queues([edge for edge in edges if edge.kind == READ and edge.target == event_id], by="source")
    for stream, queues in writes.items():
        yield declared_fact("writes", _joined(labels[stream], queues, strategy=settings.get(_STRATEGY, "")))
    for stream, queues in reads.items():
        yield declared_fact("reads", _joined(labels[stream], queues, group=settings.get(_GROUP, "")))
    for edge in edges:
        if edge.kind == CALL and edge.source == event_id:
            yield declared_fact("calls", labels.get(edge.target, edge.target))
    for name, value in sorted(settings.items()):
        says_nothing = name.startswith("stream.") and not (writes or reads)
        if name not in _PARTS and not name.startswith(_OF_STREAMS) and not says_nothing:
            yield declared_fact(name, value)


def _of_stream(drawn: KeptView, settings: Mapping[str, Settings], stream: str) -> Iterator[DeclaredFact]:
    edges = [edge for edge in drawn.edges if edge.declared]
    writes = _queues([edge for edge in edges if edge.kind == WRITE and edge.target == stream], by="source")
    for event, queues in writes.items():
        own = settings.get(base_event(event), {})
        keeps = f"{own[_KEEPS]} messages" if _KEEPS in own else ""
        yield declared_fact("writes", _joined(event, queues, strategy=own.get(_STRATEGY, ""), keeps=keeps))
    reads = _queues([edge for edge in edges if edge.kind == READ and edge.source == stream], by="target")
    for event, queues in reads.items():
        yield declared_fact("reads", _joined(event, queues, group=settings.get(base_event(event), {}).get(_GROUP, "")))


def _queues(edges: Sequence[KeptEdge], *, by: str) -> dict[str, list[str]]:
    """The end named by `by` → names of its queues."""
    found: dict[str, list[str]] = {}
    for edge in edges:
        found.setdefault(getattr(edge, by), []).append(edge.label or AUTO)
    return found


def _joined(name: str, queues: Sequence[str], **parts: str) -> str:
    told = [f"{word} {value}" for word, value in parts.items() if value]
    return " · ".join([name, f"queues {', '.join(queues)}", *told])
