"""Incidents, what people are told of them, and requests that are followed, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from collector.models.activity import Status
from tests.drawn_world import PACK, PACK_KEY, ran
from tests.integration.history_database import on_postgres
from tests.postgres import Postgres
from tests.told_channels import webhook
from tests.web.shift import Shift
from visualizer.repo.incident_models import KeptIncident
from visualizer.repo.incidents import KEEP_S, forget_old_incidents
from visualizer.repo.models import Activity, SampledEntry, SeenServer
from visualizer.repo.operations import find_requests


@pytest.fixture
def signed_in_there(transactional_db: None, live: redis.Redis) -> Iterator[Client]:
    server, client = Postgres(), Client()
    with on_postgres(server):
        call_command("migrate", verbosity=0)
        client.force_login(User.objects.create_user("ann"))
        yield client
    server.close()


def test_an_incident_is_told_taken_care_of_silenced_and_forgotten(signed_in_there: Client, live: redis.Redis) -> None:
    shift, client = Shift(live), signed_in_there
    assert connection.vendor == "postgresql"
    shift.runs(ran(PACK_KEY, done=10, failed=10))
    (opened,) = shift.passes(35)
    shift.passes(30)
    with webhook() as end:
        assert shift.sends(end.url) == 1
    client.post(f"/incidents/{opened.key}/take-care")
    client.post("/incidents/silence", {"incident": opened.key, "match": f"{PACK}\0", "for": "1h"})
    page = client.get(f"/incidents/{opened.key}").content.decode()
    assert "ann takes care of it." in page
    assert "was told (opened)" in page
    assert client.get("/incidents").status_code == 200
    assert client.get("/incidents/%00").status_code == 404
    shift.runs(ran(PACK_KEY, done=40))
    shift.passes(70)
    forget_old_incidents(now_s=shift.now_s + KEEP_S + 100)
    assert not KeptIncident.objects.exists()


def test_a_request_is_found_by_any_of_its_ids(signed_in_there: Client) -> None:
    names = {name: getattr(PACK_KEY, name) for name in PACK_KEY.__struct_fields__}
    activity, server = (
        Activity.objects.create(first_seen_s=0, **names),
        SeenServer.objects.create(host_name="h", pid="1"),
    )
    ids = {"request_id": "r", "operation_id": "o", "message_id": "m"}
    SampledEntry.objects.create(activity=activity, server=server, timestamp_s=1.0, status=Status.DONE, **ids)
    assert [find_requests(any_id) for any_id in ("r", "o", "m", "x")] == [["r"]] * 3 + [[]]
    assert signed_in_there.get("/follow/standard?id=r").status_code == 200
    assert signed_in_there.get("/follow/standard?id=%00").status_code == 404
