"""The linter's rules for queues: names that do not meet, and PROPAGATE where nothing is propagated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from visualizer.core.lint_facts import Event, LintFacts, finding, keys, listed, place, read_of, unique_events
from visualizer.models.lint_finding import ERROR, INFO, WARNING, LintFinding, LintRule
from visualizer.models.node_id import AUTO, STAGE_MARK, base_event

QUEUE_NEVER_READ = LintRule(
    "queue-never-read",
    ERROR,
    "Write to a queue that is read, or add this one to read_stream.queues of a reader.",
)
QUEUE_NEVER_WRITTEN = LintRule(
    "queue-never-written",
    INFO,
    "Correct the name, take the queue out of read_stream.queues, or accept this when somebody outside writes it.",
)
QUEUE_SKIPPED = LintRule(
    "queue-skipped",
    INFO,
    "Add the queue to read_stream.queues, AUTO too, or accept this when these messages are not meant for it.",
)
PROPAGATE_WITHOUT_AUTO = LintRule(
    "propagate-without-auto",
    WARNING,
    "Add AUTO to write_stream.queues, or write with DROP.",
)
PROPAGATE_WITHOUT_QUEUE = LintRule(
    "propagate-without-queue",
    INFO,
    "Read the queues that are to be propagated, or write with DROP.",
)


def find_unread_queues(facts: LintFacts) -> Iterator[LintFinding]:
    """Queues of a stream that is read, into which messages come and which nobody reads."""
    for stream, queues in facts.written.items():
        read = facts.read.get(stream, {})
        for queue, writers in queues.items() if read else ():
            if queue not in read:
                yield finding(
                    QUEUE_NEVER_READ,
                    f"Queue {queue} of stream {stream} is written and never read: its messages pile up.",
                    evidence=[
                        ("written by", listed(keys(writers))),
                        ("queues that are read", listed(sorted(read))),
                        ("read by", listed(keys(unique_events(read)))),
                    ],
                    places=[place(*writer, "write_stream", "queues", stream=stream) for writer in writers],
                    subjects=[*keys(writers), f"{stream}.{queue}"],
                    events=keys(writers),
                    queues=[(stream, queue)],
                )


def find_unwritten_queues(facts: LintFacts) -> Iterator[LintFinding]:
    """Queues that are read and into which nothing comes, of streams that are written."""
    for stream, queue in sorted(facts.queues.never_written):
        readers, written = facts.read[stream][queue], facts.written.get(stream, {})
        yield finding(
            QUEUE_NEVER_WRITTEN,
            f"Queue {queue} of stream {stream} is read and never written.",
            evidence=[
                ("read by", listed(keys(readers))),
                ("queues that are written", listed(sorted(written))),
                ("written by", listed(keys(unique_events(written)))),
            ],
            places=[place(*reader, "read_stream", "queues", stream=stream) for reader in readers],
            subjects=[*keys(readers), f"{stream}.{queue}"],
            events=keys(readers),
            queues=[(stream, queue)],
        )


def find_skipped_queues(facts: LintFacts) -> Iterator[LintFinding]:
    """Consumer groups that read some queues of a stream, and not all that others read."""
    for stream, queues in facts.read.items():
        written = facts.written.get(stream, {})
        groups: dict[str, list[Event]] = {}
        for reader in unique_events(queues):
            groups.setdefault(read_of(reader, stream).consumer_group or reader[1].key, []).append(reader)
        for group, members in groups.items():
            of_group = {queue for member in members for queue in read_of(member, stream).queues}
            # What nobody reads is told as queue-never-read.
            if skipped := sorted((written.keys() & queues.keys()) - of_group):
                yield finding(
                    QUEUE_SKIPPED,
                    f"Consumer group {group} never gets what comes into {_queue_words(skipped)} of stream {stream}.",
                    evidence=[
                        ("the group reads", listed(sorted(of_group))),
                        ("queues that are written", listed(sorted(written))),
                        ("written by", listed(keys(unique_events({queue: written[queue] for queue in skipped})))),
                    ],
                    places=[place(*member, "read_stream", "queues", stream=stream) for member in members],
                    subjects=keys(members),
                    events=keys(members),
                )


def find_lost_queues(facts: LintFacts) -> Iterator[LintFinding]:
    """PROPAGATE that cannot do what its name says."""
    # Between the stages of an event hopeit itself writes PROPAGATE.
    staged = {base_event(key) for key in facts.events if STAGE_MARK in key}
    for app, event in facts.events.values():
        if event.write_stream is None or not event.write_stream.propagate or base_event(event.key) in staged:
            continue
        read = event.read_stream.queues if event.read_stream else ()
        queues = event.write_stream.queues
        if queues and AUTO not in queues:
            rule = PROPAGATE_WITHOUT_AUTO
            what = (
                f"{event.key} propagates queues and writes to {_queue_words(queues)}: PROPAGATE replaces AUTO and "
                "nothing else. The messages go on carrying the queue they came from, and the next PROPAGATE sends "
                "them there."
            )
        elif not set(read) - {AUTO}:
            rule = PROPAGATE_WITHOUT_QUEUE
            source = "reads only AUTO" if read else "reads no queue"
            what = f"{event.key} propagates queues and {source}: there is nothing to propagate."
        else:
            continue
        yield finding(
            rule,
            what,
            evidence=[("reads", listed(read)), ("writes", listed(queues))],
            places=[place(app, event, "write_stream", "queue_strategy")],
            subjects=[event.key],
            events=[event.key],
        )


def _queue_words(queues: Sequence[str]) -> str:
    return f"queue {queues[0]}" if len(queues) == 1 else f"queues {listed(queues)}"
