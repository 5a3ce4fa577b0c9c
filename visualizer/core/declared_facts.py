"""
Host answers → what is declared of one node, line by line, for its panel.

The answers are untrusted: what is not of the expected shape is shown as it is, or left out; nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from collector.models.host import HostAnswer
from visualizer.models.declared_fact import DeclaredFact
from visualizer.models.node_id import EXPANDED, base_event

#: Lines a panel shows; who wants more has the config itself.
MOST_FACTS = 80
MOST_CHARS = 400
_DEEPEST = 6
#: What redacting leaves in the place of a secret (collector/core/redact.py).
_MARK = re.compile(r"(\*\*\*(?::[0-9a-f]{8})?)")
#: Of an event's entry, in this order; what is empty is left out.
_PARTS = (
    *("type", "route", "plug_mode", "auth", "group", "impl", "setting_keys", "dataobjects"),
    # Of a document's.
    *("operation", "messages", "servers", "place"),
)


def event_facts(answers: Iterable[HostAnswer], event_id: str, *, view: str) -> tuple[DeclaredFact, ...]:
    """What the first host or document that knows the event declares of it, and which do; empty when none does."""
    found = [
        (answer.url, app, app["effective_events"][event_id])
        for answer, app in _apps(answers, view)
        if isinstance(_dict(app, "effective_events").get(event_id), dict)
    ]
    by = dict.fromkeys(url for url, _, _ in found)
    # Of hosts the first counts; of several documents each may tell a part.
    found = [one for number, one in enumerate(found) if not number or "kind" in one[1]]
    if not found:
        return ()
    app = found[0][1]
    event = {name: part for _, _, one in reversed(found) for name, part in one.items() if part not in (None, [], "")}
    facts = [declared_fact("declared by", ", ".join(by))]
    facts += [
        declared_fact(name.replace("_", " "), _text(event[name]))
        for name in _PARTS
        if event.get(name) not in (None, [])
    ]
    ends = [declared_fact(word, _stream(end)) for _, _, one in found for word, end in _ends(one)]
    facts += dict.fromkeys(sorted(ends, key=lambda fact: fact.name == "reads"))
    facts += [declared_fact("calls", _call(call, app)) for call in _list(event, "connections")]
    settings = _settings(app, event_id)
    if not ends:
        # Every event has them, though they say nothing of one without a stream.
        settings = {name: value for name, value in settings.items() if name != "stream"}
    facts += [declared_fact(name, value) for name, value in _leaves(settings)]
    return tuple(facts[:MOST_FACTS])


def stream_facts(answers: Iterable[HostAnswer], stream: str, *, view: str) -> tuple[DeclaredFact, ...]:
    """Which events declare that they read or write a stream, and how."""
    facts: dict[DeclaredFact, None] = {}
    for _, app in _apps(answers, view):
        for event_id, event in _dict(app, "effective_events").items():
            for word, end in _ends(event) if isinstance(event, dict) else ():
                if end.get("name") == stream:
                    kept = _dict(_settings(app, event_id), "stream").get("target_max_len")
                    limit = f" · keeps {_text(kept)} messages" if kept and word == "writes" else ""
                    facts[declared_fact(word, f"{event_id} · {_queues(end)}{limit}")] = None
    return tuple(sorted(facts, key=lambda fact: fact.name == "reads"))[:MOST_FACTS]


_ENDS = (("writes", "write_stream", "more_writes"), ("reads", "read_stream", "more_reads"))


def _ends(event: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for word, first, more in _ENDS:
        for end in (event.get(first), *_list(event, more)):
            if isinstance(end, dict):
                yield word, end


def _apps(answers: Iterable[HostAnswer], view: str) -> Iterator[tuple[HostAnswer, Mapping[str, Any]]]:
    for answer in answers:
        for app in _dict(answer.expanded if view == EXPANDED else answer.standard, "apps").values():
            if isinstance(app, dict):
                yield answer, app


def _settings(app: Mapping[str, Any], event_id: str) -> Mapping[str, Any]:
    """The effective settings of an event; they are listed without the app's key."""
    settings = _dict(_dict(app, "app_config"), "effective_settings")
    names = [name for name in settings if base_event(event_id).endswith(f".{name}")]
    return _dict(settings, max(names, key=len, default=""))


def _stream(end: Mapping[str, Any]) -> str:
    return f"{_text(end.get('name'))} · {_queues(end)}"


def _queues(end: Mapping[str, Any]) -> str:
    names = (("queues", "queues"), ("strategy", "queue_strategy"), ("group", "consumer_group"))
    return " · ".join(f"{word} {_text(end[name])}" for word, name in names if end.get(name))


def _call(call: Any, app: Mapping[str, Any]) -> str:
    if not isinstance(call, dict):
        return _text(call)
    to = _dict(_dict(_dict(app, "app_config"), "app_connections"), str(call.get("app_connection")))
    target = " ".join(_text(to[name]) for name in ("name", "version", "plugin_name") if to.get(name))
    over = f"over {_text(call.get('app_connection'))}"
    return " · ".join(part for part in (f"{_text(call.get('type'))} {_text(call.get('event'))}", target, over) if part)


def _leaves(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Settings as "stream.timeout" → "60.0"; what is empty is left out."""
    if isinstance(value, dict) and depth < _DEEPEST:
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}" if path else str(name), depth + 1)
    elif value not in (None, "", [], {}):
        yield path, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        text = ", ".join(map(_text, value))
    else:
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= MOST_CHARS else f"{text[:MOST_CHARS]}…"


def declared_fact(name: str, value: str) -> DeclaredFact:
    """A line, cut where something was hidden in its value."""
    return DeclaredFact(name, tuple(_MARK.split(value)))


def _dict(parts: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    value = (parts or {}).get(name)
    return value if isinstance(value, dict) else {}


def _list(parts: Mapping[str, Any], name: str) -> list[Any]:
    value = parts.get(name)
    return value if isinstance(value, list) else []
