"""The linter's rule for cycles: messages and calls that go round need a way out."""

from __future__ import annotations

from collections.abc import Iterator

from visualizer.core.knots import knots
from visualizer.core.lint_facts import LintFacts, finding, listed, place
from visualizer.models.lint_finding import WARNING, LintFinding, LintRule

CYCLE_WITHOUT_EXIT = LintRule(
    "cycle-without-exit",
    WARNING,
    "Let one of them write or call something else, or accept this when its code ends the round by returning nothing.",
)
#: An event key, or (stream, queue).
_Thing = str | tuple[str, str]


def find_cycles(facts: LintFacts) -> Iterator[LintFinding]:
    """Circles of events, queues and calls from which nothing leads out."""
    links = set(_links(facts))
    things = list(dict.fromkeys(thing for link in sorted(links, key=str) for thing in link))
    numbers = {thing: number for number, thing in enumerate(things)}
    successors: list[list[int]] = [[] for _ in things]
    for source, target in links:
        successors[numbers[source]].append(numbers[target])
    knot_of = knots(successors)
    members: dict[int, list[int]] = {}
    for number, knot in enumerate(knot_of):
        members.setdefault(knot, []).append(number)
    leaky = {
        knot_of[source]
        for source, targets in enumerate(successors)
        for target in targets
        if knot_of[source] != knot_of[target]
    }
    for knot, numbers_in in members.items():
        goes_round = len(numbers_in) > 1 or numbers_in[0] in successors[numbers_in[0]]
        if goes_round and knot not in leaky:
            yield _finding(facts, [things[number] for number in numbers_in])


def _links(facts: LintFacts) -> Iterator[tuple[_Thing, _Thing]]:
    for event_key, written in facts.queues.possible.items():
        yield from ((event_key, queue) for queue in written)
    for stream, queues in facts.read.items():
        for queue, readers in queues.items():
            yield from (((stream, queue), event.key) for _, event in readers)
    yield from ((one.event.key, one.target) for one in facts.calls)


def _finding(facts: LintFacts, things: list[_Thing]) -> LintFinding:
    events = [facts.events[thing] for thing in things if isinstance(thing, str) and thing in facts.events]
    queues = [thing for thing in things if isinstance(thing, tuple)]
    names = [event.key for _, event in events]
    return finding(
        CYCLE_WITHOUT_EXIT,
        f"What comes to {names[0]} goes round for ever: nothing leads out of the circle of {listed(names)}."
        if len(names) > 1
        else f"What comes to {names[0]} comes back to it: nothing leads out.",
        evidence=[("through", listed(f"{stream} (queue {queue})" for stream, queue in queues) if queues else "calls")],
        places=[place(*event, "write_stream" if event[1].writes else "connections") for event in events],
        subjects=names,
        events=names,
        queues=queues,
    )
