"""What differs is listed with what is surest first, and says why in words."""

from __future__ import annotations

import pytest

from visualizer.core.drift import Drift, list_drift
from visualizer.core.evidence import WATCHED_S
from visualizer.models.evidence import DANGLING, DRIFT, NEVER, QUIET, SKEWED, UNDECLARED, Evidence
from visualizer.models.topology import CALL, READ, Edge

NOW = 1_000_000.0


def edge(name: str, *, kind: str = CALL, target: str = "b.1.f", declared: bool = False) -> Edge:
    return Edge(id=name, source="a.1.e", target=target, kind=kind, declared=declared)


def only(evidence: Evidence, made: Edge | None = None) -> Drift:
    (row,) = list_drift([made or edge("x")], {"x": evidence}, now_s=NOW)
    return row


def names(*found: Evidence) -> list[str]:
    """States, in the order of the list."""
    edges = [edge(str(n)) for n in range(len(found))]
    rows = list_drift(edges, {str(n): each for n, each in enumerate(found)}, now_s=NOW)
    return [row.evidence.state for row in rows]


def seen(state: str, *, count: int = 1, ago_s: int = 0, **more: object) -> Evidence:
    at_s = int(NOW) - ago_s
    return Evidence(state=state, first_s=at_s, last_s=at_s, count=count, **more)  # type: ignore[arg-type]


def test_what_is_surest_stands_first() -> None:
    never = Evidence(state=NEVER, since_s=int(NOW) - WATCHED_S)
    quiet = seen(QUIET, ago_s=4000, allowed_s=1000)
    told, read = seen(UNDECLARED, told=True), seen(UNDECLARED)
    assert names(never, told, quiet, read, Evidence(state=SKEWED), Evidence(state=DANGLING)) == [
        DANGLING,
        SKEWED,
        UNDECLARED,
        QUIET,
        UNDECLARED,
        NEVER,
    ]


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (seen(UNDECLARED, told=True), seen(UNDECLARED, count=1000, told=True)),
        (seen(QUIET, ago_s=1100, allowed_s=1000), seen(QUIET, ago_s=9000, allowed_s=1000)),
        (Evidence(state=NEVER), Evidence(state=NEVER, since_s=int(NOW) - WATCHED_S)),
        (Evidence(state=NEVER, since_s=int(NOW) - WATCHED_S), Evidence(state=NEVER, since_s=int(NOW) - 9 * WATCHED_S)),
    ],
)
def test_more_evidence_makes_surer(less: Evidence, more: Evidence) -> None:
    assert 0 <= only(less).confidence < only(more).confidence <= 1


def test_sureness_is_told_in_three_words() -> None:
    words = [
        only(each).sureness for each in (Evidence(state=DANGLING), seen(UNDECLARED, told=True), Evidence(state=NEVER))
    ]
    assert words == ["certain", "likely", "possible"]


@pytest.mark.parametrize(
    ("evidence", "made", "cause", "proof"),
    [
        (
            seen(UNDECLARED, told=True),
            edge("x"),
            "It calls, and no config says so",
            "Seen once, by the name the caller",
        ),
        (
            seen(UNDECLARED, count=1200),
            edge("x", kind=READ),
            "It reads, and no config",
            "Seen 1,200 times in the logs.",
        ),
        (seen(QUIET, ago_s=7300, allowed_s=240), None, "Not seen for 2 h; up to 4 min is usual", "Seen once"),
        (
            Evidence(state=NEVER, since_s=int(NOW) - 3 * WATCHED_S),
            None,
            "not seen in the 3 d in which its ends",
            "none",
        ),
        (Evidence(state=NEVER), None, "neither end was seen yet", "Nothing"),
        (
            Evidence(state=DANGLING),
            edge("x", target="?b.2.f.GET", declared=True),
            "a call to b.2.f.GET",
            "Configs tell",
        ),
        (
            Evidence(state=SKEWED, versions=("1x0", "1x1")),
            edge("x", target="?b.2.f.GET", declared=True),
            "It declares b.2.f.GET; what is there is 1x0, 1x1.",
            "Configs tell",
        ),
        (seen(SKEWED, versions=("1x1",)), edge("x"), "It calls 1x1, and declares another version.", "Seen once"),
        (seen(UNDECLARED, alone=True), None, "Neither end has a config", "Seen once"),
        (seen(UNDECLARED, inferred=True), edge("x", kind="write"), "It is written, and no config", "Inferred"),
    ],
)
def test_each_says_its_cause_and_its_proof(evidence: Evidence, made: Edge | None, cause: str, proof: str) -> None:
    row = only(evidence, made)
    assert cause in row.cause
    assert proof in row.proof
    assert row.advice.endswith(".")
    assert row.state_words


def test_what_is_confirmed_is_no_drift() -> None:
    assert list_drift([edge("x")], {}, now_s=NOW) == []
    assert len(DRIFT) == 5
