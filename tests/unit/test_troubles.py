from __future__ import annotations

import pytest

from visualizer.core.troubles import is_on_circle, loop_troubles, loss_troubles, orphan_troubles, poison_troubles
from visualizer.models.topology import Edge
from visualizer.models.trouble import InStream, Repeat


def edge(source: str, kind: str, target: str, *, observed: bool = True) -> Edge:
    return Edge(id=f"{source}{target}", source=source, target=target, kind=kind, observed=observed)


CIRCLE = [edge("pack", "write", ">retry"), edge(">retry", "read", "pack"), edge("web", "call", "pack")]


def test_a_message_that_fails_again_and_again_is_named_with_where_and_when() -> None:
    (trouble,) = poison_troubles([Repeat(7, "17-0", 4, 0.0, 61.0)], {7: "pack"})
    assert trouble.headline == "Message '17-0' failed 4 times or more"
    assert trouble.sentence.startswith("In 'pack', from 00:00:00 to 00:01:01 UTC.")


@pytest.mark.parametrize(("node", "on_it"), [("pack", True), (">retry", True), ("web", False), ("nobody", False)])
def test_what_leads_back_to_itself_is_on_a_circle(node: str, on_it: bool) -> None:
    assert is_on_circle(node, CIRCLE) == on_it


def test_operations_that_go_round_are_told_by_the_most_frequent() -> None:
    (trouble,) = loop_troubles([Repeat(1, "req-9", 12, 0.0, 1.0), Repeat(1, "req-8", 3, 0.0, 1.0)])
    assert trouble.headline == "2 operations went round, one of them 12 times"
    assert "'req-9'" in trouble.sentence
    assert list(loop_troubles([])) == []


@pytest.mark.parametrize(
    ("edges", "told"),
    [
        ([edge("web", "write", ">s")], "none is declared"),
        ([edge("web", "write", ">s"), edge(">s", "read", "pack", observed=False)], "1 declared, none of them seen"),
        ([edge("web", "write", ">s"), edge(">s", "read", "pack")], ""),
        ([edge("web", "write", ">s", observed=False)], ""),
        ([edge("web", "write", ">other")], ""),
    ],
)
def test_a_stream_that_is_written_and_never_read_is_an_orphan(edges: list[Edge], told: str) -> None:
    sentences = [trouble.sentence for trouble in orphan_troubles(">s", edges)]
    assert len(sentences) == bool(told)
    assert all(told in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("held", "headlines"),
    [
        # 1,000 - 400 = 600 in between.
        (InStream(100, True), ["About 500 messages are lost"]),
        (InStream(100, False), ["At least 500 messages are lost"]),
        (InStream(600, True), []),
        (InStream(590, False), []),
    ],
)
def test_a_broker_knows_what_is_still_in_the_stream(held: InStream, headlines: list[str]) -> None:
    told = list(loss_troubles(1000, {"g": 400}, most_messages=10, in_stream={"g": held}))
    assert [trouble.headline for trouble in told] == headlines
    assert [t.headline for t in loss_troubles(1000, {"g": 400}, most_messages=0, in_stream={"late": held})] == [
        "600 messages wait or are lost"
    ]


@pytest.mark.parametrize(
    ("written", "read", "most", "headlines"),
    [
        # 1,000 - 400 = 600 in between; 100 fit: 500 are gone.
        (1000, {"g": 400}, 100, ["At least 500 messages are lost"]),
        (1000, {"g": 400}, 0, ["600 messages wait or are lost"]),
        (1000, {"g": 400}, None, ["600 messages wait or are lost"]),
        # 19 are few; of 10,000 so are 99.
        (1000, {"g": 981}, None, []),
        (10_000, {"g": 9_901}, None, []),
        (1000, {"g": 1000, "late": 10}, 100, ["At least 890 messages are lost"]),
        (0, {"g": 400}, 100, []),
        (1000, {"g": 1200}, 100, []),
    ],
)
def test_what_was_written_and_not_read_is_in_the_stream_or_lost(
    written: int, read: dict[str, int], most: int | None, headlines: list[str]
) -> None:
    assert [trouble.headline for trouble in loss_troubles(written, read, most_messages=most)] == headlines
