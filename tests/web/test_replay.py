"""What a replay is told: frames that are the moments of their times, and what happened meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import redis
from django.test import Client

from tests.web.history import remember
from tests.web.test_time_bar import PAY_NEW, PAY_OLD, release
from visualizer.core.graph_state import Picture, apply
from visualizer.core.moment_times import MOST_FRAMES
from visualizer.interfaces import graph_reel
from visualizer.models.delta import Delta
from visualizer.repo.drawn_models import TopologySpan

pytestmark = pytest.mark.django_db
__all__ = ["release"]


def reel(client: Client, *, ago_s: float, view: str = "standard") -> Any:
    response = client.get(f"/time/reels/{view}?from={time.time() - ago_s}")
    assert response.status_code == 200
    return response.json()


def pictures(frames: list[dict[str, Any]]) -> list[Picture]:
    shown = [Picture()]
    for frame in frames:
        shown.append(apply(shown[-1], msgspec.convert(frame["delta"], Delta, strict=False)))
    return shown[1:]


@pytest.mark.parametrize("view", ["standard", "expanded"])
def test_each_frame_is_the_moment_of_its_time_across_a_deploy(
    signed_in: Client, release: Callable[..., int], view: str
) -> None:
    number = release("1.0", "1.1")
    remember(PAY_OLD, done=5, failed=1, ago_s=640)
    remember(PAY_NEW, done=7, ago_s=560)
    told = reel(signed_in, ago_s=700, view=view)
    assert (told["step_s"], len(told["frames"])) == (10, MOST_FRAMES)
    assert [mark["words"].partition(";")[0] for mark in told["marks"]] == ["shop 1.0 → 1.1"]
    assert {frame["drawn"].partition(":")[0] for frame in told["frames"]} == {str(number - 1), str(number)}
    ran = set()
    for frame, shown in zip(told["frames"], pictures(told["frames"]), strict=True):
        moment = signed_in.get(f"/time/moments/{view}?at={frame['at_s']}").json()
        assert shown == pictures([moment])[0]
        assert {key: moment[key] for key in ("from_s", "until_s", "drawn")}.items() <= frame.items()
        ran |= {(node.id, node.stats.done) for node in shown.nodes.values() if node.stats.done}
    assert {("shop.1x0.pay", 5), ("shop.1x1.pay", 7)} <= ran


def test_old_frames_are_minutes_apart(signed_in: Client, release: Callable[..., int]) -> None:
    release("1.0")
    graph = reel(signed_in, ago_s=500)
    assert graph["frames"][0]["delta"]["reset"]
    with pytest.MonkeyPatch.context() as patch:
        later_s = time.time() + 12 * 3600
        patch.setattr(time, "time", lambda: later_s)
        told = reel(signed_in, ago_s=12 * 3600 + 500)
    assert (told["step_s"], told["frames"][1]["at_s"] - told["frames"][0]["at_s"]) == (60, 60)
    assert [frame["delta"].get("reset", False) for frame in told["frames"]] == [True, *[False] * (MOST_FRAMES - 1)]


def test_there_is_no_frame_of_what_is_not_over(signed_in: Client, release: Callable[..., int]) -> None:
    release("1.0")
    told = reel(signed_in, ago_s=45)
    assert told["frames"][-1]["at_s"] == told["newest_s"] <= told["now_s"] - 5
    ahead = signed_in.get("/time/reels/standard?from=99999999999").json()
    assert [frame["at_s"] for frame in ahead["frames"]] in ([], [ahead["newest_s"]])


def test_no_answer_has_to_place_more_topologies_than_it_may(
    signed_in: Client, release: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    release("1.0", "1.1")
    whole = reel(signed_in, ago_s=700)["frames"]
    monkeypatch.setattr(graph_reel, "MOST_TOPOLOGIES", 1)
    cut = reel(signed_in, ago_s=700)["frames"]
    assert 0 < len(cut) < len(whole)
    assert len({frame["drawn"] for frame in cut}) == 1


def test_where_the_clock_was_set_back_frames_are_moments_too(signed_in: Client, release: Callable[..., int]) -> None:
    number = release("1.0", "1.1", "1.2")
    TopologySpan.objects.filter(pk=number).update(first_s=int(time.time()) - 960)
    frames = reel(signed_in, ago_s=940)["frames"]
    assert frames[-1]["at_s"] > time.time() - 880
    assert {frame["drawn"].partition(":")[0] for frame in frames} == {str(number)}


@pytest.mark.parametrize("address", ["standard?from=1", "standard", "standard?from=nan", "sideways?from=1"])
def test_a_time_of_which_nothing_is_kept_is_said(signed_in: Client, live: redis.Redis, address: str) -> None:
    response = signed_in.get(f"/time/reels/{address}")
    assert response.status_code == 404
    assert response.json()["why"]
