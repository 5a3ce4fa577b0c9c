"""LintFacts: what all rules of the linter ask about, found out once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from visualizer.core.connection_target import calling_app_key, target_event_id
from visualizer.core.message_queues import MessageQueues, follow_messages
from visualizer.core.runtime_config import effective_events
from visualizer.models.lint_finding import LintFinding, LintPlace, LintRule
from visualizer.models.node_id import EXPANDED, STANDARD, base_event, stream_id
from visualizer.models.runtime_config import (
    AppConfig,
    AppConnection,
    Connection,
    EventConfig,
    ReadStream,
    RuntimeConfig,
)

Event = tuple[AppConfig, EventConfig]


@dataclass(frozen=True, slots=True)
class Call:
    """A declared call whose connection is declared, too."""

    #: Whose event calls.
    app: AppConfig
    #: The event that calls.
    event: EventConfig
    #: What it calls.
    call: Connection
    #: Where the connection goes.
    to: AppConnection
    #: Key of the event that is called.
    target: str


@dataclass(frozen=True)
class LintFacts:
    """The configs, by what rules ask."""

    #: Of all hosts, joined; made from answers with either value of expand_events.
    config: RuntimeConfig
    #: Apps whose hosts do not answer any more.
    stopped: frozenset[str] = frozenset()

    @cached_property
    def apps(self) -> Mapping[str, AppConfig]:
        """Key → app."""
        return {app.key: app for app in self.config.apps}

    @cached_property
    def events(self) -> Mapping[str, Event]:
        """Key → app and event."""
        return effective_events(self.config)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every call that says where it goes."""
        found = []
        for app, event in self.events.values():
            caller = self.apps.get(calling_app_key(event.key), app)
            for call in event.connections:
                if to := caller.connections.get(call.app_connection):
                    found.append(Call(app, event, call, to, target_event_id(call, to)))
        return tuple(found)

    @cached_property
    def queues(self) -> MessageQueues:
        """Which messages come where."""
        return follow_messages(event for _, event in self.events.values())

    @cached_property
    def read(self) -> Mapping[str, Mapping[str, tuple[Event, ...]]]:
        """Stream → queue → who reads it."""
        found = defaultdict[str, defaultdict[str, list[Event]]](lambda: defaultdict(list))
        for app, event in self.events.values():
            for stream in event.reads:
                for queue in dict.fromkeys(stream.queues):
                    found[stream.name][queue].append((app, event))
        return _frozen(found)

    @cached_property
    def written(self) -> Mapping[str, Mapping[str, tuple[Event, ...]]]:
        """Stream → queue → whose messages come into it."""
        found = defaultdict[str, defaultdict[str, list[Event]]](lambda: defaultdict(list))
        for app, event in self.events.values():
            for stream, queue in sorted(self.queues.written.get(event.key, ())):
                found[stream][queue].append((app, event))
        return _frozen(found)


def _frozen(found: Mapping[str, Mapping[str, list[Event]]]) -> dict[str, dict[str, tuple[Event, ...]]]:
    return {stream: {queue: tuple(of) for queue, of in queues.items()} for stream, queues in found.items()}


def unique_events(queues: Mapping[str, Iterable[Event]]) -> list[Event]:
    """Everybody who reads or writes any of a stream's queues, each once."""
    return list({event.key: (app, event) for of_queue in queues.values() for app, event in of_queue}.values())


def read_of(event: Event, stream: str) -> ReadStream:
    """How one of its readers reads a stream."""
    return next((read for read in event[1].reads if read.name == stream), ReadStream(stream, ()))


def keys(events: Iterable[Event]) -> list[str]:
    """Their event keys."""
    return [event.key for _, event in events]


def place(app: AppConfig, event: EventConfig, *path: str, stream: str = "") -> LintPlace:
    """
    Where something of an event is configured: a plugin's event in the plugin, one of a document at its pointer.

    Args:
        stream: of several that a document declares, the one that is meant.
    """
    if event.place:
        ends = event.reads if path[:1] == ("read_stream",) else event.writes
        own = next((end.place for end in ends if end.name == stream), "")
        return LintPlace(app.key, own or event.place)
    plugin, name = plugin_of(app, event)
    return LintPlace(plugin or app.key, ".".join(("events", name, *path)))


def plugin_of(app: AppConfig, event: EventConfig) -> tuple[str, str]:
    """("basic_auth.0x30", "login"): the plugin of an event, "" for the app itself, and its name there."""
    name = name_in_app(app, event)
    for plugin in app.plugins:
        if name.startswith(f"{plugin}."):
            return plugin, name.removeprefix(f"{plugin}.")
    return "", name


def name_in_app(app: AppConfig, event: EventConfig) -> str:
    """The event without its app and stage; a plugin's with the plugin's key."""
    return base_event(event.key).removeprefix(f"{app.key}.")


def finding(
    rule: LintRule,
    what: str,
    *,
    evidence: Iterable[tuple[str, str]],
    places: Iterable[LintPlace],
    subjects: Iterable[str],
    events: Iterable[str] = (),
    queues: Iterable[tuple[str, str]] = (),
    nodes: Iterable[str] = (),
) -> LintFinding:
    """
    A finding of a rule.

    Args:
        events, queues, nodes: what it is shown on: event keys, (stream, queue) pairs, and node ids of both views.
    """
    pairs, shown = list(queues), [*events, *nodes]
    streams = [stream_id(stream=stream, view=STANDARD) for stream, _ in pairs]
    of_queues = [stream_id(stream=stream, queue=queue, view=EXPANDED) for stream, queue in pairs]
    return LintFinding(
        rule=rule.id,
        severity=rule.severity,
        what=what,
        evidence=tuple(evidence),
        mend=rule.mend,
        places=tuple(dict.fromkeys(places)),
        subjects=tuple(dict.fromkeys(subjects)),
        nodes=tuple(dict.fromkeys([*shown, *streams])),
        expanded_nodes=tuple(dict.fromkeys([*shown, *of_queues])),
    )


def listed(names: Iterable[str], most: int = 6) -> str:
    """Names in a row, without repeating any; a few of many."""
    found = list(dict.fromkeys(names))
    more = len(found) - most
    return ", ".join(found[:most]) + (f" and {more} more" if more > 0 else "") if found else "none"
