"""
An AsyncAPI document → DeclaredApp.

3.x says what the application does: `send` is app → channel, `receive` channel → app. 2.x is written for its clients, so
its words are turned round: under `subscribe` stands what the application sends, under `publish` what it receives.

Source: AsyncAPI specification 2.6.0 (Channel Item Object) and 3.0.0 (Operation Object); bindings of kafka 0.5.0,
amqp 0.3.0, nats 0.1.0. The binding of redis has no fields: `x-consumer-group` is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from collector.models import document as words
from visualizer.core.declared_events import Operation, declared_events
from visualizer.core.document_info import accepted_findings, app_identity
from visualizer.core.document_part import Part
from visualizer.core.untrusted import quoted, visible
from visualizer.models.declared_app import DeclaredApp

SEND, RECEIVE = "send", "receive"
#: 2.x's word for the client's side → what the application does.
_TURNED = {"subscribe": SEND, "publish": RECEIVE}
#: Where bindings say that readers share messages: protocol → name in an operation's binding.
_GROUPS = {"kafka": "groupId", "nats": "queue"}


def read_asyncapi(document: Part) -> tuple[DeclaredApp, ...]:
    """The app of a document of version 2.x or 3.x; what cannot be used is left out and said."""
    key, name, version = app_identity(document)
    is_new = document.part("asyncapi").text().startswith("3.")
    operations = _new_operations(document) if is_new else _old_operations(document)
    events = declared_events(operations, document.problems)
    accepted = accepted_findings(document)
    return (DeclaredApp(key, name, version, kind=words.ASYNCAPI, events=events, accepted=accepted),)


def _new_operations(document: Part) -> Iterator[Operation]:
    for name, operation in document.part("operations").parts():
        if not operation.is_object():
            continue
        action, channel = operation.part("action").text(), operation.part("channel")
        if action not in (SEND, RECEIVE):
            operation.problems.say(f"{operation.pointer}/action", f"expected send or receive, came {quoted(action)}")
        elif channel.is_missing:
            operation.problems.say(f"{operation.pointer}/channel", "expected a reference to a channel")
        else:
            facts = _facts(name, operation.part("messages").items(), channel.part("servers").items())
            address = channel.part("address").text() or visible(channel.key)
            made = _operation(operation, channel, visible(name), address, sends=action == SEND, facts=facts)
            yield made
            yield from _reply(made, operation.part("reply", "channel"))


def _reply(asked: Operation, channel: Part) -> Iterator[Operation]:
    """What answers, or reads the answer. A channel without an address is made for one answer."""
    address = channel.part("address").text()
    if not address:
        return
    stream, queue = _stream(channel, address)
    answer = replace(asked, sends=not asked.sends, stream=stream, queue=queue, group="", place=f"{asked.place}/reply")
    if asked.sends:
        # An event of its own: the request does not wait for messages.
        answer = replace(answer, event=f"{asked.event}.reply", event_type="")
    yield answer


def _old_operations(document: Part) -> Iterator[Operation]:
    all_servers = [name for name, _ in document.part("servers").parts()]
    for address, channel in document.part("channels").parts():
        for word, action in _TURNED.items():
            operation = channel.part(word)
            if operation.is_missing or not operation.is_object():
                continue
            name = operation.part("operationId").text() or f"{action} {visible(address)}"
            message = operation.part("message")
            choice = message.part("oneOf")
            named = [server.text() for server in channel.part("servers").items()] or all_servers
            servers = [document.part("servers", server) for server in named]
            facts = _facts(name, [message] if choice.is_missing else choice.items(), servers)
            yield _operation(operation, channel, name, visible(address), sends=action == SEND, facts=facts)


def _operation(
    operation: Part, channel: Part, name: str, address: str, *, sends: bool, facts: Mapping[str, str]
) -> Operation:
    stream, queue = _stream(channel, address)
    return Operation(
        event=operation.part(words.EVENT).text() or name,
        event_type=operation.part(words.EVENT_TYPE).text(),
        sends=sends,
        stream=stream,
        queue=queue,
        group="" if sends else _group(operation, channel),
        place=operation.pointer,
        facts=facts,
    )


def _stream(channel: Part, address: str) -> tuple[str, str]:
    """Stream and queue: ours, else the topic or queue of a binding, else the address."""
    bindings = channel.part("bindings")
    amqp = bindings.part("amqp")
    queue = amqp.part("queue", "name").text() if amqp.part("is").text() == "queue" else ""
    named = channel.part(words.STREAM).text() or bindings.part("kafka", "topic").text() or queue
    return named or address, channel.part(words.QUEUE).text()


def _group(operation: Part, channel: Part) -> str:
    if group := operation.part(words.CONSUMER_GROUP).text():
        return group
    # What an operation says itself comes before what it shares with others.
    for part in (operation, *operation.part("traits").items()):
        for protocol, name in _GROUPS.items():
            if group := _constant(part.part("bindings", protocol, name)):
                return group
    # Of an exchange each queue gets every message, and who reads the queue shares it.
    amqp = channel.part("bindings", "amqp")
    return amqp.part("queue", "name").text() if amqp.part("is").text() != "queue" else ""


def _constant(schema: Part) -> str:
    """The one value that a schema allows, or names first."""
    if isinstance(schema.value, str):
        return schema.text()
    return schema.part("const").text() or next((each.text() for each in schema.part("enum").items()), "")


def _facts(name: str, messages: Iterable[Part], servers: Iterable[Part]) -> dict[str, str]:
    named = [part.part("name").text() or visible(part.key) for part in messages if not part.is_missing]
    where = [_server(server) for server in servers if not server.is_missing]
    facts = {"operation": visible(name), "messages": ", ".join(named), "servers": ", ".join(filter(None, where))}
    return {word: text for word, text in facts.items() if text}


def _server(server: Part) -> str:
    address = server.part("host").text() or server.part("url").text()
    return " ".join(filter(None, (server.part("protocol").text(), address)))
