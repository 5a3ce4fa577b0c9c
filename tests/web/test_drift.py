"""The list of drift, and the answers people give to it."""

from __future__ import annotations

import html
import re
import time

import pytest
import redis
from django.contrib.auth.models import User
from django.test import Client

from collector.models import redis_keys
from collector.models.activity import Server
from collector.models.batch import NewLine
from tests.drawn_world import ENTRY, PACK, PACK_KEY, PLACE
from tests.web.history import remember
from visualizer.models.evidence import NEVER, QUIET, UNDECLARED, Evidence
from visualizer.models.node_id import STANDARD, VIEWS
from visualizer.repo.drawn_models import AcceptedEdge
from visualizer.repo.evidence import keep_evidence, read_evidence
from visualizer.repo.models import Activity
from visualizer.repo.newest_lines import keep_newest_lines

READ, ENTERS, WRITES = f">orders_{PACK}", f"{ENTRY}_{PLACE}", f"{PLACE}_>orders"
NOW = int(time.time())
FOUND = {
    READ: Evidence(state=UNDECLARED, first_s=NOW - 900, last_s=NOW - 5, count=1234, asks=True),
    ENTERS: Evidence(state=QUIET, first_s=NOW - 90_000, last_s=NOW - 7300, count=5, allowed_s=240, asks=True),
    WRITES: Evidence(state=NEVER),
}


@pytest.fixture
def drift(live: redis.Redis) -> redis.Redis:
    """An undeclared reader, an entry that went quiet, a write that was not seen yet."""
    keep_evidence(live, {STANDARD: FOUND, "expanded": {}})
    return live


def page(client: Client, view: str = STANDARD) -> str:
    return client.get(f"/drift/{view}/panel").content.decode()


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_what_is_over_for_long_is_listed_apart_and_asks_nothing(live: redis.Redis, signed_in: Client) -> None:
    over = Evidence(state=UNDECLARED, first_s=NOW - 20 * 86400, last_s=NOW - 9 * 86400, count=12, old=True)
    keep_evidence(live, {STANDARD: {READ: over}, "expanded": {}})
    said = words(page(signed_in))
    assert "Nothing differs." in said
    assert "Not seen any more 1 In no config, and over for long" in said
    assert "orders pack In no config, and not seen for 9 d." in said
    assert identities(page(signed_in)) == []


def identities(text: str) -> list[str]:
    return re.findall(r'name="edge" value="(\w{64})"', text)


def test_the_list_tells_what_differs_and_what_is_waited_for(drift: redis.Redis, signed_in: Client) -> None:
    said = words(page(signed_in))
    assert "orders pack Undeclared certain It reads, and no config says so (any more). Seen 1,234 times" in said
    assert "POST place_order" in said
    assert "Gone quiet likely Not seen for 2 h; up to 4 min is usual at this time of the day." in said
    assert said.index("Undeclared") < said.index("Gone quiet") < said.index("Declared, not seen yet 1")
    assert "Nothing differs" not in said
    assert "Nothing differs." in words(page(signed_in, "expanded"))


def test_a_line_that_shows_it_stands_beside_it(drift: redis.Redis, signed_in: Client) -> None:
    remember(PACK_KEY, done=3)
    activity = Activity.objects.get(event=PACK_KEY.event)
    line = NewLine(NOW, 0, 0, "INFO", "START | stream.name=orders <b>\u202e")
    keep_newest_lines(drift, 0, [(activity.pk, Server("a1", "17"), line)])
    text = page(signed_in)
    assert "START | stream.name=orders &lt;b&gt;\\u202e" in text


def test_accepting_counts_it_no_more_and_undoing_asks_again(drift: redis.Redis, signed_in: Client) -> None:
    identity = identities(page(signed_in))[0]
    version = drift.get(redis_keys.EVIDENCE_VERSION)
    answer = {"edge": identity, "state": UNDECLARED, "note": " the partner's packer "}
    said = words(signed_in.post("/drift/standard/answer", answer, headers={"HX-Request": "true"}).content.decode())
    assert "Accepted as normal 1" in said
    assert "Undeclared: the partner's packer · admin" in said
    assert [(row.state, row.note, row.accepted_by) for row in AcceptedEdge.objects.all()] == [
        (UNDECLARED, "the partner's packer", "admin")
    ]
    assert (read_evidence(drift, STANDARD)[READ].accepted, read_evidence(drift, STANDARD)[READ].asks) == (True, False)
    assert drift.get(redis_keys.EVIDENCE_VERSION) != version
    assert signed_in.post("/drift/standard/answer", {"edge": identity})["Location"] == "/?show=drift"
    assert read_evidence(drift, STANDARD)[READ].asks
    assert not AcceptedEdge.objects.exists()


@pytest.mark.parametrize("answer", [{"edge": "f" * 64, "state": QUIET}, {"state": QUIET}, {}])
def test_only_what_is_drawn_can_be_accepted(drift: redis.Redis, signed_in: Client, answer: dict[str, str]) -> None:
    signed_in.post("/drift/standard/answer", answer)
    assert not AcceptedEdge.objects.exists()


def test_no_other_state_than_drift_can_be_accepted(drift: redis.Redis, signed_in: Client) -> None:
    identity = identities(page(signed_in))[0]
    for view, state in (("standard", "confirmed"), ("standard", "x" * 50), ("elsewhere", QUIET)):
        signed_in.post(f"/drift/{view}/answer", {"edge": identity, "state": state})
    assert not AcceptedEdge.objects.exists()


def test_an_answer_needs_a_token_and_a_person(drift: redis.Redis, admin: User, client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin)
    assert strict.post("/drift/standard/answer", {"edge": "f" * 64, "state": QUIET}).status_code == 403
    assert strict.get("/drift/standard/answer").status_code == 405
    assert client.get("/drift/standard/panel").status_code == 302


def test_a_long_note_is_cut_and_a_hostile_one_is_text(drift: redis.Redis, signed_in: Client) -> None:
    identity = identities(page(signed_in))[0]
    signed_in.post("/drift/standard/answer", {"edge": identity, "state": UNDECLARED, "note": "<img src=x>\u202e" * 90})
    assert len(AcceptedEdge.objects.get().note) == 256
    assert "<img src=x>" not in page(signed_in)


def test_without_redis_it_says_so_and_keeps_no_answer_to_what_it_cannot_see(no_redis: None, signed_in: Client) -> None:
    assert "Redis does not answer: what edges rest on is not known now." in words(page(signed_in))
    signed_in.post("/drift/standard/answer", {"edge": "f" * 64, "state": QUIET})
    assert not AcceptedEdge.objects.exists()


def test_the_panel_of_an_edge_says_what_it_rests_on(drift: redis.Redis, signed_in: Client) -> None:
    remember(PACK_KEY, done=3)
    said = words(signed_in.get("/edges/standard/panel", {"source": ">orders", "target": PACK}).content.decode())
    assert "Evidence Undeclared certain It reads, and no config says so" in said
    assert "Observed yes, in the logs, 3 times First seen" in said
    written = words(signed_in.get("/edges/standard/panel", {"source": PLACE, "target": ">orders"}).content.decode())
    assert "Never seen possible Declared, and neither end was seen yet." in written


def test_the_panel_of_a_node_says_it_of_its_neighbours(drift: redis.Redis, signed_in: Client) -> None:
    said = words(signed_in.get("/nodes/standard/panel", {"id": PACK}).content.decode())
    assert "from orders AUTO Undeclared" in said


def test_every_view_is_told_of_an_answer(drift: redis.Redis, signed_in: Client) -> None:
    keep_evidence(drift, dict.fromkeys(VIEWS, FOUND))
    identity = identities(page(signed_in))[1]
    signed_in.post("/drift/standard/answer", {"edge": identity, "state": QUIET})
    assert {view: read_evidence(drift, view)[ENTERS].accepted for view in VIEWS} == dict.fromkeys(VIEWS, True)
