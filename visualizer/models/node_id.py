"""
NodeId: the id of everything the graph draws, made and parsed here and nowhere else.

Live data (ActivityKey) and topology (runtime configs) meet only in this file. Ids follow hopeit's visualizer:

- event     `<app key>.[<plugin key>.]<event>`      "simple_example.0x30.basic_auth.0x30.login"
- request   `<event id>.<TYPE>`                     "simple_example.0x30.list_somethings.GET"
- stream    `><stream>` (standard view)             ">orders.placed"
            `><stream>.<queue>` (expanded view)     ">orders.placed.AUTO"
- dangling  `?<what the caller named>`              "?billing.1x0.charge.POST"
- external  `@<its name>`                           "@postgresql orders"
- outgoing  `<event id>~`                           "cron.1.0.send orders~", of a call or a message that no event is
                                                    known to cause
"""

from __future__ import annotations

import re

from collector.models.activity import CALL, PUBLISH, ActivityKey

STANDARD = "standard"
EXPANDED = "expanded"
VIEWS = (STANDARD, EXPANDED)

#: The queue that has no suffix of its own.
AUTO = "AUTO"
STREAM_MARK = ">"
DANGLING_MARK = "?"
EXTERNAL_MARK = "@"
OUTGOING_MARK = "~"
STAGE_MARK = "$"

#: Node kinds.
EVENT = "event"
REQUEST = "request"
STREAM = "stream"
DANGLING = "dangling"
#: A kind of activities, too.
EXTERNAL = "external"

_SEPARATORS = re.compile(r"[-\s]")
_CAPITALS = re.compile(r"[A-Z]")


def event_id(*, app: str, event: str, plugin: str = "") -> str:
    """The id of an event; `plugin` when it runs plugged into the app."""
    return ".".join(part for part in (app, plugin, event) if part)


def event_name(event_id: str, *, app: str, plugin: str = "") -> str:
    """The event of an event_id(), with its stage."""
    name = event_id.removeprefix(f"{app}.")
    return name.removeprefix(f"{plugin}.") if plugin else name


def request_id(*, event_id: str, event_type: str) -> str:
    """The id of the entry circle of an HTTP event."""
    return f"{event_id}.{event_type}"


def stream_id(*, stream: str, queue: str = AUTO, view: str) -> str:
    """The id of a stream (standard view) or of one of its queues (expanded view)."""
    return f"{STREAM_MARK}{stream}" if view == STANDARD else f"{STREAM_MARK}{stream}.{queue or AUTO}"


def dangling_id(name: str) -> str:
    """The id of something that is named and does not exist."""
    return f"{DANGLING_MARK}{name}"


def dangling_name(node_id: str) -> str:
    """What the caller named."""
    return node_id.removeprefix(DANGLING_MARK)


def versioned_parts(node_id: str) -> tuple[str, str, str]:
    """App, version and what follows of an id that begins with a hopeit app's key: "shop", "1x0", "pay.POST"."""
    name, version, rest = (*node_id.split(".", 2), "", "")[:3]
    return name, version, rest


def across_views(node_id: str, *, queue: str) -> str:
    """The id as the standard view has it: an event without its stage, a stream without the queue of its edge."""
    if node_id.startswith(STREAM_MARK):
        return node_id.removesuffix(f".{queue or AUTO}")
    return base_event(node_id)


def external_id(name: str) -> str:
    """The id of something outside that is called and tells nothing itself: a database, somebody else's host."""
    return f"{EXTERNAL_MARK}{name}"


def outgoing_id(key: ActivityKey) -> str:
    """The id of a call or a written message on its own, whatever event of that name its app has."""
    return f"{event_id(app=key.app, plugin=key.plugin, event=key.event)}{OUTGOING_MARK}"


def app_key(name: str, version: str) -> str:
    """
    "simple-example", "0.30" → "simple_example.0x30".

    Source: hopeit.server.names (auto_path), as described in tests/fixtures/hopeit/README.md.
    """
    return f"{snake_name(name)}.{snake_name(version)}"


def snake_name(text: str) -> str:
    """One part of a key: "simple-example" → "simple_example", "0.30" → "0x30", "ordersApp" → "orders_app"."""
    text = _SEPARATORS.sub("_", text.replace(".", "x"))
    return text[:1].lower() + _CAPITALS.sub(lambda capital: "_" + capital[0].lower(), text[1:])


def base_event(event: str) -> str:
    """The event without its stage: "shuffle$first" → "shuffle"."""
    return event.partition(STAGE_MARK)[0]


def activity_event_id(key: ActivityKey, *, view: str) -> str:
    """
    The event node an activity belongs to.

    The standard view draws an event once, so its stages count on it; the expanded view draws each stage. A call counts
    on what it names outside, so that a database shows how it answers.
    """
    if key.kind == EXTERNAL or (key.kind == CALL and key.stream):
        return external_id(key.stream)
    event = key.event if view == EXPANDED else base_event(key.event)
    return outgoing_id(key) if key.kind in (CALL, PUBLISH) else event_id(app=key.app, plugin=key.plugin, event=event)


def activity_stream_id(key: ActivityKey, *, view: str) -> str | None:
    """The stream node an activity read from, if it read one."""
    reads = key.stream and key.kind not in (CALL, PUBLISH, EXTERNAL)
    return stream_id(stream=key.stream, queue=key.queue, view=view) if reads else None
