"""The linter's rules for streams and consumer groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from visualizer.core.lint_facts import (
    Event,
    LintFacts,
    finding,
    keys,
    listed,
    name_in_app,
    place,
    read_of,
    unique_events,
)
from visualizer.models.lint_finding import ERROR, WARNING, LintFinding, LintRule

STREAM_NEVER_READ = LintRule(
    "stream-never-read",
    WARNING,
    "Read it, stop writing it, or accept this when somebody outside reads it.",
)
STREAM_NEVER_WRITTEN = LintRule(
    "stream-never-written",
    WARNING,
    "Correct the name, remove the reader, or accept this when somebody outside writes it.",
)
CONSUMER_GROUP_SHARED = LintRule(
    "consumer-group-shared",
    ERROR,
    "Give each event a consumer group of its own, such as <app key>.<event>.",
)


def find_never_read(facts: LintFacts) -> Iterator[LintFinding]:
    """Streams that are written and that no event reads."""
    for stream, queues in facts.written.items():
        if stream not in facts.read:
            writers = unique_events(queues)
            yield finding(
                STREAM_NEVER_READ,
                f"Stream {stream} is written and never read: its messages stay until the stream is cut.",
                evidence=[("written by", listed(keys(writers))), ("its queues", listed(queues))],
                places=[place(*writer, "write_stream", stream=stream) for writer in writers],
                subjects=[*keys(writers), stream],
                events=keys(writers),
                queues=[(stream, queue) for queue in queues],
            )


def find_never_written(facts: LintFacts) -> Iterator[LintFinding]:
    """Streams that are read and that no event writes."""
    written = {to.name for _, event in facts.events.values() for to in event.writes}
    for stream, queues in facts.read.items():
        if stream not in written:
            readers = unique_events(queues)
            yield finding(
                STREAM_NEVER_WRITTEN,
                f"Stream {stream} is read and never written: its readers wait for nothing.",
                evidence=[("read by", listed(keys(readers))), ("its queues", listed(queues))],
                places=[place(*reader, "read_stream", stream=stream) for reader in readers],
                subjects=[*keys(readers), stream],
                events=keys(readers),
                queues=[(stream, queue) for queue in queues],
            )


def find_shared_groups(facts: LintFacts) -> Iterator[LintFinding]:
    """Different events that read one queue in one consumer group: each message comes to one of them only."""
    for stream, queues in facts.read.items():
        shared = defaultdict[str, dict[str, list[Event]]](dict)
        for queue, readers in queues.items():
            for group, members in _by_group(stream, readers).items():
                # The same event of another version of its app is no other: so versions are rolled out.
                if group and len({(app.name, name_in_app(app, event)) for app, event in members}) > 1:
                    shared[group][queue] = members
        for group, of_group in shared.items():
            sharing = unique_events(of_group)
            yield finding(
                CONSUMER_GROUP_SHARED,
                f"{len(sharing)} different events read stream {stream} in one consumer group, {group}: "
                "each message comes to one of them, and the others never see it.",
                evidence=[("readers", listed(keys(sharing))), ("queues they share", listed(of_group))],
                places=[place(*reader, "read_stream", "consumer_group", stream=stream) for reader in sharing],
                subjects=[*keys(sharing), stream],
                events=keys(sharing),
                queues=[(stream, queue) for queue in of_group],
            )


def _by_group(stream: str, readers: tuple[Event, ...]) -> dict[str, list[Event]]:
    groups = defaultdict[str, list[Event]](list)
    for reader in readers:
        groups[read_of(reader, stream).consumer_group].append(reader)
    return groups
