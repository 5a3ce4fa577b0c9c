"""Alerts from what is in Redis to the pages, the outbox and real channels."""

from __future__ import annotations

import re
import time
from typing import Any

import msgspec
import pytest
import redis
from django.test import Client

from collector.lib.log_buckets import bucket_index
from collector.lib.secret import Secret
from collector.models import redis_keys
from collector.models.alert_rule import DEFAULT_RULES, read_alert_rules
from collector.models.host import ERROR, HostAnswer
from collector.models.resolution import BUCKETS_A_BLOCK
from tests.drawn_world import PACK, PACK_KEY, PLACE_KEY, orders, ran
from tests.integration.history_database import make_rows
from tests.told_channels import mail_server, webhook
from tests.web.shift import CHANNELS, Shift
from visualizer.interfaces import alert_tasks
from visualizer.interfaces.judge_alerts import LEAST_S, judge_alerts
from visualizer.interfaces.send_notifications import channels_of, send_notifications
from visualizer.interfaces.usual_rates import UsualRates
from visualizer.io.apprise_channel import send_apprise
from visualizer.models.alert import COLLECTOR_MARK, HOST_MARK
from visualizer.models.errors import ChannelFailed
from visualizer.models.node_id import STANDARD
from visualizer.models.standstill import STUCK, UNREAD, Standstill
from visualizer.repo.history_models import BucketBlock
from visualizer.repo.incident_models import KeptAlert, KeptIncident, Notification
from visualizer.repo.silences import add_silence, read_silences
from visualizer.repo.standstills import keep_standstills

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift(live: redis.Redis) -> Shift:
    return Shift(live)


FAILS = ran(PACK_KEY, done=10, failed=10)
WELL = ran(PACK_KEY, done=40)


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def test_what_fails_is_told_once_and_once_more_when_it_is_well_again(shift: Shift) -> None:
    shift.runs(FAILS)
    assert shift.passes(25) == []
    (opened,) = shift.passes(10)
    assert opened.root == PACK
    with webhook() as end:
        assert shift.sends(end.url) == 0, "what is found in the meantime goes into the same message"
        shift.passes(60)
        assert shift.sends(end.url) == 1
        shift.runs(WELL)
        shift.passes(70)
        assert shift.sends(end.url) == 1
        assert shift.sends(end.url) == 0
    assert [event["type"] for event in end.events] == [
        "dev.eventscope.incident.opened",
        "dev.eventscope.incident.resolved",
    ]
    assert {event["subject"] for event in end.events} == {opened.key}
    assert end.types == ["application/cloudevents+json"] * 2
    assert "10 of 20 runs failed" in end.events[0]["data"]["text"]
    assert end.events[0]["data"]["url"] == f"http://scope/incidents/{opened.key}"


def test_a_channel_that_fails_is_tried_again_under_the_same_id_and_shown(shift: Shift, signed_in: Client) -> None:
    shift.runs(FAILS)
    shift.passes(50)
    with webhook() as end:
        end.answers = [500, 302, 204]
        assert shift.sends(end.url) == 0
        page = words(signed_in.get("/incidents"))
        assert "webhook 1 does not take what it is sent: expected an answer 2xx, 500 came" in page
        assert "very-secret" not in page
        shift.now_s += 6
        assert shift.sends(end.url) == 0
        assert shift.sends(end.url) == 0, "it waits longer each time"
        shift.now_s += 11
        assert shift.sends(end.url) == 1
    assert len({event["id"] for event in end.events}) == 1
    assert "does not take" not in words(signed_in.get("/incidents"))


def test_who_dies_after_sending_sends_it_again_when_its_lease_is_over(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(50)
    with webhook() as end:
        assert shift.sends(end.url) == 1
        Notification.objects.update(sent_s=0)  # it was killed before it could note it
        assert shift.sends(end.url) == 0
        shift.now_s += 61
        assert shift.sends(end.url) == 1
    assert end.events[0]["id"] == end.events[1]["id"]


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's, on import
def test_a_mail_goes_to_a_real_mail_server(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(50)
    Notification.objects.update(channel="apprise 1")
    with mail_server() as (address, mails):
        channels = channels_of((), (Secret(address),))
        assert send_notifications(channels, base_url="http://scope", now_s=shift.now_s) == 1
    (mail,) = mails
    assert "pack" in str(mail["subject"])
    assert "10 of 20 runs failed" in mail.as_string()


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's, on import
def test_what_apprise_says_of_an_address_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ChannelFailed, match="expected an address that Apprise knows"):
        send_apprise("tgram://canary/12345", title="t", text="t", kind="warning")
    assert "canary" not in caplog.text


def test_damaged_history_keeps_nobody_from_judging(shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_tasks, "usual_rates", UsualRates())
    make_rows(activities=1, servers=1)
    hour_s = int(time.time()) // 3600 * 3600 - 86400
    start_s = hour_s - hour_s % (3600 * BUCKETS_A_BLOCK)
    BucketBlock.objects.create(width_s=3600, start_s=start_s, activity_id=1, slots=b"damaged")
    shift.runs(FAILS)
    assert alert_tasks.judge().startswith("ValueError at ")
    assert KeptAlert.objects.filter(subject=PACK).exists()


def test_two_who_judge_at_once_and_one_who_judges_twice_open_one_incident(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(35)
    again = judge_alerts(shift.client, DEFAULT_RULES, CHANNELS, usual={}, now_s=shift.now_s)
    late = judge_alerts(shift.client, DEFAULT_RULES, CHANNELS, usual={}, now_s=shift.now_s + LEAST_S + 0.1)
    assert again == late == []
    shift.runs(WELL)
    judge_alerts(shift.client, (), CHANNELS, usual={}, now_s=shift.now_s - 10)
    assert KeptAlert.objects.exists(), "who looked before the last one says nothing"
    assert KeptIncident.objects.count() == Notification.objects.count() == 1


def test_a_stream_that_waits_behind_a_reader_that_fails_is_folded_under_it(shift: Shift) -> None:
    slow = {bucket_index(30_000.0): 20}
    shift.runs(msgspec.structs.replace(FAILS, stream_ages=slow))
    shift.passes(60)
    (incident,) = KeptIncident.objects.all()
    assert incident.root == PACK
    assert {member["subject"] for member in incident.members} == {PACK, orders(STANDARD)}


def test_a_host_that_dies_takes_its_apps_along(shift: Shift) -> None:
    host = HostAnswer(
        url="http://a1:8020", position=0, status=ERROR, since_s=shift.now_s, polled_s=shift.now_s, api_version="0x30"
    )
    shift.client.hset(redis_keys.HOSTS, host.url, msgspec.json.encode(host))
    shift.runs(ran(PLACE_KEY, failed=20))
    shift.passes(60)
    (incident,) = KeptIncident.objects.all()
    assert incident.root == f"{HOST_MARK}http://a1:8020"
    assert len(incident.members) == 2


def test_while_nobody_sees_nothing_is_well_and_the_blind_collector_is_told(shift: Shift) -> None:
    shift.runs(FAILS)
    shift.passes(35)
    shift.runs(WELL)
    shift.passes(300, beats=False)
    fails, blind, *_ = KeptIncident.objects.order_by("opened_s")
    assert not fails.resolved_s
    assert blind.root.startswith(COLLECTOR_MARK)
    shift.passes(70)
    assert not KeptIncident.objects.filter(resolved_s=0).exists()


def test_a_silence_keeps_it_from_being_told_until_it_ends(shift: Shift) -> None:
    add_silence(match=f"{PACK}*", from_s=0, until_s=shift.now_s + 60, note="we know", made_by="ann")
    shift.runs(FAILS)
    shift.passes(50)
    assert KeptIncident.objects.count() == 1
    assert not Notification.objects.exists()
    shift.passes(20)
    assert Notification.objects.count() == 1


def test_a_reader_that_is_stuck_is_told_at_once_with_the_stream_behind_it_and_ends_soon(shift: Shift) -> None:
    shift.runs(WELL)
    stuck = Standstill(kind=STUCK, since_s=shift.now_s - 3, limit_s=2, count=2)
    unread = Standstill(kind=UNREAD, since_s=shift.now_s - 3, count=40, names=("packers",))
    keep_standstills(shift.client, {STANDARD: {PACK: stuck, orders(STANDARD): unread}})
    (opened,) = shift.passes(5)
    assert opened.root == PACK
    assert {(member.subject, member.rule) for member in opened.members} == {
        (PACK, "stuck"),
        (orders(STANDARD), "unread"),
    }
    keep_standstills(shift.client, {STANDARD: {}})
    assert shift.passes(20)[-1].resolved_s


@pytest.mark.parametrize("begin", ["9999-12-31T23:59", "0001-01-01T00:00+23:59", "tomorrow", "2026-13-01"])
def test_a_silence_of_no_time_or_beyond_the_calendar_is_not_made(signed_in: Client, begin: str) -> None:
    signed_in.post("/incidents/silence", {"match": "*", "for": "7d", "from": begin})
    assert signed_in.get("/incidents").status_code == 200
    assert read_silences(now_s=time.time()) == []


def test_far_fewer_runs_than_usual_are_told(shift: Shift) -> None:
    shift.runs(WELL)
    shift.usual = {PACK: (-8.5, "40 runs in the last 10 min; usual at this hour are 400 (median of 7 days).")}
    assert shift.passes(295) == []
    (opened,) = shift.passes(20)
    assert (opened.root, opened.severity) == (PACK, "warning")
    shift.usual = {PACK: (5.0, "")}
    assert shift.passes(70) == []
    shift.usual = {PACK: (1.0, "")}
    assert shift.passes(70)[-1].resolved_s


def test_what_is_off_and_what_is_matched(shift: Shift) -> None:
    off = read_alert_rules({"rules": [{"id": "failing", "off": True}]})
    other = read_alert_rules({"rules": [{"id": "failing", "match": "shop.*"}]})
    shift.runs(FAILS)
    shift.passes(60, rules=off)
    shift.passes(60, rules=other)
    assert not KeptAlert.objects.exists()


def test_the_pages_show_it_and_somebody_takes_care(shift: Shift, signed_in: Client) -> None:
    assert "Nothing is wrong." in words(signed_in.get("/incidents"))
    shift.runs(FAILS)
    (opened,) = shift.passes(35)
    listed = words(signed_in.get("/incidents"))
    assert "pack" in listed
    assert "Nobody is told: no channel is configured." in listed
    assert '<b class="lint-count num" id="incident-count" hx-swap-oob="true">1</b>' in (
        signed_in.get("/notices").content.decode()
    )
    signed_in.post(f"/incidents/{opened.key}/take-care")
    signed_in.post(f"/incidents/{opened.key}/take-care")
    page = words(signed_in.get(f"/incidents/{opened.key}"))
    assert page.count("takes care of it.") == 1
    assert "10 of 20 runs failed" in page
    signed_in.post("/incidents/silence", {"incident": opened.key, "match": PACK, "for": "1h", "note": "deploying"})
    assert "silenced" in words(signed_in.get(f"/incidents/{opened.key}"))
    shown = signed_in.get("/incidents").content.decode()
    assert "deploying" in shown
    (end,) = re.findall(r"/incidents/silences/\d+/end", shown)
    signed_in.post(end)
    assert "deploying" not in signed_in.get("/incidents").content.decode()
    assert signed_in.get("/incidents/unknown").status_code == 404


def test_hostile_names_are_shown_as_text(shift: Shift, signed_in: Client) -> None:
    KeptIncident.objects.create(
        key="k",
        root="<script>\u202e",
        severity="critical",
        opened_s=shift.now_s,
        members=[{"rule": "r", "subject": "<b>", "name": "<script>alert(1)</script>\u202e", "since_s": 1.0}],
    )
    for path in ("/incidents", "/incidents/k"):
        page = signed_in.get(path).content.decode()
        assert "<script>alert" not in page
        assert "\u202e" not in page
