"""What goes wrong on the way to people: nothing is lost, told out of order, or held up by what somebody else does."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
import redis
from django.db import connection

from collector.lib.secret import Secret
from tests.drawn_world import PACK, PACK_KEY, ran
from tests.told_channels import Webhook, webhook
from tests.web.shift import Shift
from visualizer.interfaces.judge_alerts import judge_alerts
from visualizer.interfaces.send_notifications import channels_of, send_notifications
from visualizer.io.webhook import send_webhook
from visualizer.models.alert import IncidentEvent
from visualizer.models.errors import ChannelFailed
from visualizer.repo import incidents
from visualizer.repo.incident_models import IncidentLine, KeptAlert, KeptIncident, Notification
from visualizer.repo.incidents import add_lines
from visualizer.repo.notifications import LEASE_S, LONGEST_PAUSE_S, failing_channels

pytestmark = pytest.mark.django_db
FAILS, WELL = ran(PACK_KEY, done=10, failed=10), ran(PACK_KEY, done=40)


@pytest.fixture
def shift(live: redis.Redis) -> Shift:
    return Shift(live)


def kinds(end: Webhook) -> list[str]:
    return [event["type"].rpartition(".")[2] for event in end.events]


def test_an_end_is_told_after_the_beginning_however_often_that_is_tried(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(50)
    with webhook() as end:
        end.answers = [500, 500, 204]
        shift.sends(end.url)
        shift.runs(WELL)
        shift.passes(70)
        assert [shift.sends(end.url) for _ in range(3)] == [0, 0, 0]
        shift.now_s += LONGEST_PAUSE_S
        assert [shift.sends(end.url) for _ in range(2)] == [2, 0]
    assert kinds(end) == ["opened", "opened", "opened", "resolved"]


def test_what_a_worker_queues_that_knows_nothing_of_holding_back_is_taken(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(50)
    columns = "incident_id, channel, kind, due_s, sent_s, tries, problem"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO visualizer_notification (event_id, {columns})"
            f" SELECT 'of another version', {columns} FROM visualizer_notification"
        )
    assert list(Notification.objects.values_list("held_back", flat=True)) == [0, 0]


def test_an_incident_that_is_over_before_it_is_told_is_told_in_order(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(50)
    Notification.objects.update(due_s=shift.now_s + 100)
    shift.runs(WELL)
    shift.passes(70)
    with webhook() as end:
        assert shift.sends(end.url) == 0
        shift.now_s += 100
        assert shift.sends(end.url) == 2
    assert kinds(end) == ["opened", "resolved"]


def test_a_dead_channel_is_tried_once_in_a_go_and_holds_up_no_other(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(50)
    row = KeptIncident.objects.get()
    for n in range(5):
        twin = KeptIncident.objects.create(
            key=f"k{n}", root=row.root, severity="critical", opened_s=1, members=row.members
        )
        for channel in ("webhook 1", "webhook 2"):
            Notification.objects.create(
                incident=twin, channel=channel, kind="opened", event_id=f"{n}{channel}", due_s=1
            )
    with webhook() as dead, webhook() as well:
        dead.answers = [500]
        channels = channels_of((Secret(dead.url), Secret(well.url)), ())
        assert send_notifications(channels, base_url="", now_s=shift.now_s) == 5
        assert (len(dead.events), len(well.events)) == (1, 5)
        assert failing_channels() == {"webhook 1": (6, "expected an answer 2xx, 500 came")}
        waiting = Notification.objects.filter(channel="webhook 1").order_by("pk")
        assert list(waiting.values_list("tries", "held_back")) == [(1, 0), *[(0, 1)] * 5]
        told = IncidentLine.objects.filter(kind__in=("not_sent", "held_back"))
        assert list(told.order_by("incident").values_list("kind", flat=True)) == ["not_sent", *["held_back"] * 5]
        dead.answers = [204]
        shift.now_s += LONGEST_PAUSE_S
        assert send_notifications(channels, base_url="", now_s=shift.now_s) == 6
    assert len({event["id"] for event in dead.events}) == 6


def test_one_that_cannot_be_told_holds_up_no_other_and_says_why(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(50)
    damaged = KeptIncident.objects.create(key="k", root="x", severity="critical", opened_s=1, members=[{"rule": 7}])
    Notification.objects.filter(channel="webhook 1").update(channel="webhook 2")
    Notification.objects.create(incident=damaged, channel="webhook 1", kind="opened", event_id="e", due_s=0)
    with webhook() as end:
        channels = channels_of((Secret(end.url), Secret(end.url)), ())
        assert send_notifications(channels, base_url="", now_s=shift.now_s) == 1
    assert Notification.objects.get(event_id="e").problem.startswith("ValidationError at incidents.py:")


def test_a_channel_that_is_new_is_not_told_of_an_end_alone(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(50)
    shift.runs(WELL)
    for _ in range(20):
        shift.passes(5)
        judge_alerts(shift.client, (), ("webhook 1", "webhook 2"), usual={}, now_s=shift.now_s + 4)
    told = Notification.objects.order_by("pk").values_list("channel", "kind")
    assert list(told) == [("webhook 1", "opened"), ("webhook 1", "resolved")]


def test_a_clock_that_is_set_back_delays_nobody(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(25)
    shift.now_s -= 7200
    (opened,) = shift.passes(15)
    assert opened.live
    shift.passes(20)
    Notification.objects.update(due_s=shift.now_s + LONGEST_PAUSE_S + LEASE_S + 1)
    shift.runs(WELL)
    shift.now_s -= 7200
    assert shift.passes(55) == []
    (over,) = shift.passes(10)
    assert over.resolved_s
    with webhook() as end:
        assert shift.sends(end.url) == 2
    assert kinds(end) == ["opened", "resolved"]


def test_what_is_about_to_fire_or_to_end_is_no_nearer_to_it_when_nobody_looked(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(10)
    shift.now_s += 600
    assert shift.passes(20) == [], "it was wrong for 25 s that anybody saw"
    (opened,) = shift.passes(10)
    shift.runs(WELL)
    shift.passes(10)
    shift.now_s += 600
    assert shift.passes(45) == []
    (over,) = shift.passes(15)
    assert (over.key, over.resolved_s > 0) == (opened.key, True)


def test_what_is_about_to_fire_waits_while_nobody_sees(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(20)
    shift.passes(30, beats=False)
    assert not KeptAlert.objects.get(rule="failing").firing_s
    (opened,) = (one for one in shift.passes(15) if one.root == PACK)
    assert opened.live


def test_a_timeline_without_end_keeps_its_beginning_and_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidents, "MOST_LINES", 10)
    monkeypatch.setattr(incidents, "FIRST_LINES", 3)
    row = KeptIncident.objects.create(key="k", root="x", severity="critical", opened_s=1)
    for at in range(0, 30, 2):
        add_lines(row, [IncidentEvent(at, "joined", str(at)), IncidentEvent(at + 1, "left", str(at + 1))])
    kept = [int(at_s) for at_s in IncidentLine.objects.order_by("pk").values_list("at_s", flat=True)]
    assert kept == [0, 1, 2, *range(23, 30)]


@contextmanager
def dripping() -> Iterator[str]:
    """A server that sends a good answer byte by byte, long after anybody should wait for it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        # On a busy machine nobody may come before the time is over.
        server.settimeout(10)

        def drip() -> None:
            with suppress(OSError), server.accept()[0] as peer:
                peer.recv(65536)
                peer.settimeout(0.05)
                for byte in b"HTTP/1.1 204 No Content\r\n" + b"X: y\r\n" * 40 + b"\r\n":
                    peer.sendall(bytes([byte]))
                    with suppress(TimeoutError):
                        if not peer.recv(1):
                            return

        thread = Thread(target=drip, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook?token=very-secret"
        thread.join()


def test_a_webhook_that_sends_a_byte_now_and_then_ends_in_time() -> None:
    with dripping() as url, pytest.raises(ChannelFailed, match=r"^expected an answer within 0\.5 s, none came$"):
        send_webhook(url, b"{}", within_s=0.5)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/very-secret", "http://no.such.host.invalid/very-secret", "http://[", "x"]
)
def test_what_is_no_address_or_nobody_is_at_is_said_without_it(url: str) -> None:
    # A name server that does not answer is as good as none.
    with pytest.raises(ChannelFailed, match=r"^expected an answer") as told:
        send_webhook(url, b"{}")
    assert "secret" not in str(told.value)
