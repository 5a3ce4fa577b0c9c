from __future__ import annotations

from typing import Any

import pytest

from collector.core.redact_config import redact_config
from tests.runtime_apps import answer, app, call, connection, event, read, server, write
from visualizer.core.lint import RULES, lint_config
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.models.lint_finding import LintFinding, LintReport


def lint(*apps: dict[str, Any], accepted: tuple[str, ...] = (), stopped: tuple[str, ...] = ()) -> LintReport:
    return lint_config(read_runtime_apps(answer(*apps), source="here"), accepted=accepted, stopped=stopped)


def rules(*apps: dict[str, Any]) -> list[str]:
    return [finding.rule for finding in lint(*apps).findings]


def only(rule: str, *apps: dict[str, Any], **options: Any) -> LintFinding:
    """The one finding there is."""
    (found,) = lint(*apps, **options).findings
    assert (found.rule, found.severity, found.mend) == (rule, RULES[rule].severity, RULES[rule].mend)
    return found


PLACE = event("POST", write_stream=write("orders"))
PACK = event("STREAM", read_stream=read("orders"))


def test_what_meets_is_not_told() -> None:
    assert rules(app("shop", {"place": PLACE}), app("store", {"pack": PACK})) == []


def test_a_stream_nobody_reads_is_told_once_with_all_its_writers() -> None:
    found = only("stream-never-read", app("shop", {"place": PLACE, "again": PLACE}))
    assert [place.path for place in found.places] == ["events.place.write_stream", "events.again.write_stream"]
    assert found.acceptance == "stream-never-read:shop.1x0.place"
    assert found.nodes == ("shop.1x0.place", "shop.1x0.again", ">orders")
    assert found.expanded_nodes[-1] == ">orders.AUTO"


def test_a_stream_nobody_writes_is_told() -> None:
    found = only("stream-never-written", app("store", {"pack": PACK}))
    assert found.evidence[0] == ("read by", "store.1x0.pack")
    assert found.places[0].path == "events.pack.read_stream"


def test_queues_that_do_not_meet_are_told_from_both_sides() -> None:
    place = event("POST", write_stream=write("orders", "expres"))
    error, info = lint(
        app("shop", {"place": place}), app("store", {"pack": event(read_stream=read("orders", "express"))})
    ).findings
    assert (error.rule, error.places[0].path) == ("queue-never-read", "events.place.write_stream.queues")
    assert ("queues that are read", "express") in error.evidence
    assert (info.rule, info.places[0].path) == ("queue-never-written", "events.pack.read_stream.queues")
    assert error.expanded_nodes[-1] == ">orders.expres"


def test_a_propagated_queue_meets_its_reader() -> None:
    events = {
        "place": event("POST", write_stream=write("orders", "express", "AUTO")),
        "pack": event(
            "STREAM", read_stream=read("orders", "express", "AUTO"), write_stream=write("sent", strategy="PROPAGATE")
        ),
        "note": event("STREAM", read_stream=read("sent", "express", "AUTO", group="note")),
    }
    assert rules(app("shop", events)) == []
    events["note"] = event("STREAM", read_stream=read("sent", "AUTO", group="note"))
    assert only("queue-never-read", app("shop", events)).subjects == ("shop.1x0.pack", "sent.express")


def test_a_group_that_leaves_a_queue_to_others_is_told() -> None:
    place = event("POST", write_stream=write("orders", "AUTO", "express"))
    packing = event("STREAM", read_stream=read("orders", "AUTO", "express", group="pack"))
    auditing = event("STREAM", read_stream=read("orders", group="audit"))
    found = only("queue-skipped", app("shop", {"place": place, "pack": packing, "audit": auditing}))
    assert found.subjects == ("shop.1x0.audit",)
    sharing = event("STREAM", read_stream=read("orders", group="pack"))
    assert "queue-skipped" not in rules(app("shop", {"place": place, "pack": packing, "audit": sharing}))


def test_propagate_with_a_named_queue_only_is_told() -> None:
    events = {
        "place": event("POST", write_stream=write("orders", "express")),
        "pack": event(
            "STREAM", read_stream=read("orders", "express"), write_stream=write("sent", "bulk", strategy="PROPAGATE")
        ),
        "send": event("STREAM", read_stream=read("sent", "bulk")),
    }
    found = only("propagate-without-auto", app("shop", events))
    assert found.places[0].path == "events.pack.write_stream.queue_strategy"


def test_propagate_with_nothing_to_propagate_is_told_but_not_of_stages() -> None:
    first = event("POST", write_stream=write("shop.1x0.first.more", strategy="PROPAGATE"))
    more = event("STREAM", read_stream=read("shop.1x0.first.more"))
    assert rules(app("shop", {"first": first, "first$more": more})) == []
    assert only("propagate-without-queue", app("shop", {"first": first, "more": more})).subjects == ("shop.1x0.first",)


def test_two_apps_in_one_group_take_each_others_messages() -> None:
    apps = [app("shop", {"place": PLACE, "pack": PACK}), app("audit", {"note": PACK})]
    found = only("consumer-group-shared", *apps)
    assert [(place.app, place.path) for place in found.places] == [
        ("shop.1x0", "events.pack.read_stream.consumer_group"),
        ("audit.1x0", "events.note.read_stream.consumer_group"),
    ]


def test_a_group_may_be_shared_by_versions_and_on_different_queues() -> None:
    versions = [app("shop", {"place": PLACE, "pack": PACK}, version=version) for version in ("1.0", "2.0")]
    assert set(rules(*versions)) == {"two-versions-live"}
    events = {
        "place": event("POST", write_stream=write("orders", "AUTO", "express")),
        "slow": PACK,
        "fast": event("STREAM", read_stream=read("orders", "express")),
    }
    assert rules(app("shop", events)) == []


def calling(target: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    """An app that calls billing's charge."""
    pay = event("GET", connections=[call("bill", "charge")])
    return app("shop", {"pay": pay}, connections={"bill": target or connection("billing")}, **parts)


BILLING = app("billing", {"charge": event("GET")})


def test_a_call_to_what_is_there_is_not_told() -> None:
    assert rules(calling(), BILLING) == []


def test_a_connection_the_app_does_not_declare_is_told() -> None:
    pay = event("GET", connections=[call("bil", "charge")])
    found = only(
        "connection-undeclared", app("shop", {"pay": pay}, connections={"bill": connection("billing")}), BILLING
    )
    assert ("declared are", "bill") in found.evidence
    assert found.nodes == ("shop.1x0.pay", "?bil.charge.GET")


def test_a_connection_to_nowhere_and_to_another_version_is_told() -> None:
    assert only("connection-to-unknown-app", calling()).places[0].path == "app_connections.bill"
    other = only("connection-to-other-version", calling(connection("billing", "3.1")), BILLING)
    assert "billing.3x1" in other.what
    assert "billing.1x0" in other.what
    assert other.nodes == ("shop.1x0.pay", "?billing.3x1.charge.GET")


@pytest.mark.parametrize(
    ("there", "says"), [(event("POST"), "is POST"), (event("STREAM", read_stream=read("bills")), "is STREAM")]
)
def test_a_call_by_another_method_is_told(there: dict[str, Any], says: str) -> None:
    found = lint(calling(), app("billing", {"charge": there})).findings[0]
    assert found.rule == "connection-to-unknown-event"
    assert says in found.what


def test_a_called_event_that_is_not_there_is_told_with_what_is_near() -> None:
    found = only("connection-to-unknown-event", calling(), app("billing", {"charges": event("GET")}))
    assert ("near it", "billing.1x0.charges") in found.evidence
    plugged = calling(connection("billing", plugin_name="auth", plugin_version="2"))
    assert ("plugged in there", "none") in only("connection-to-unknown-event", plugged, BILLING).evidence


def test_a_call_to_an_app_whose_hosts_are_silent_is_told() -> None:
    found = only("connection-to-stopped-app", calling(), BILLING, stopped=("billing.1x0",))
    assert found.nodes == ("shop.1x0.pay", "billing.1x0.charge")


def test_a_caller_that_gives_up_first_is_told() -> None:
    hasty = {"pay": {"response_timeout": 5.0}}
    found = only("timeout-shorter-than-callee", calling(settings=hasty), BILLING)
    assert [place.path for place in found.places] == [
        "settings.pay.response_timeout",
        "settings.charge.response_timeout",
    ]
    patient = app("billing", {"charge": event("GET")}, settings={"charge": {"response_timeout": 4}})
    assert rules(calling(settings=hasty), patient) == []


@pytest.mark.parametrize(("timeout_s", "expected"), [(60.0, []), (2, ["timeout-shorter-than-callee"])])
def test_a_stream_event_gives_up_after_its_own_time(timeout_s: float, expected: list[str]) -> None:
    pay = event("STREAM", read_stream=read("orders"), connections=[call("bill", "charge")])
    settings = {"pay": {"response_timeout": 5, "stream": {"timeout": timeout_s}}}
    events = {"pay": pay, "place": PLACE}
    assert (
        rules(app("shop", events, settings=settings, connections={"bill": connection("billing")}), BILLING) == expected
    )


def test_a_circle_without_a_way_out_is_told() -> None:
    around = {
        "start": event("POST", write_stream=write("a")),
        "there": event("STREAM", read_stream=read("a"), write_stream=write("b")),
        "back": event("STREAM", read_stream=read("b"), write_stream=write("a")),
    }
    found = only("cycle-without-exit", app("shop", around))
    assert set(found.subjects) == {"shop.1x0.there", "shop.1x0.back"}
    assert rules(app("shop", {**around, "out": event("STREAM", read_stream=read("b", group="out"))})) == []


def test_apps_that_call_each_other_in_a_circle_are_told() -> None:
    def one(name: str, other: str) -> dict[str, Any]:
        return app(name, {"ask": event("GET", connections=[call("c", "ask")])}, connections={"c": connection(other)})

    assert only("cycle-without-exit", one("a", "b"), one("b", "a")).subjects == ("a.1x0.ask", "b.1x0.ask")


def test_one_route_twice_in_a_process_is_told() -> None:
    events = {
        "list_all": event("GET"),
        "find": event("GET", route="shop/1.0/list_all"),
        "send": event("POST", route="shop/1.0/list_all"),
    }
    found = only("duplicate-route", app("shop", events))
    assert "GET /api/shop/1x0/list-all" in found.what
    assert found.subjects == ("shop.1x0.list_all", "shop.1x0.find")
    uploads = {"up": event("MULTIPART", route="/x"), "post": event("POST", route="/x")}
    assert rules(app("shop", uploads)) == ["duplicate-route"]


def test_one_route_on_different_servers_is_no_matter() -> None:
    apps = [app(name, {"e": event("GET", route="/x")}, servers=[server(url=f"http://{name}:1")]) for name in ("a", "b")]
    assert rules(*apps) == []
    assert rules(*(app(name, {"e": event("GET", route="/x")}) for name in ("a", "b"))) == ["duplicate-route"]


def test_two_versions_are_told_while_both_run() -> None:
    apps = [app("billing", {"charge": event("GET")}, version=version) for version in ("1.0", "2.0")]
    assert only("two-versions-live", *apps).subjects == ("billing.1x0", "billing.2x0")
    assert lint(*apps, stopped=("billing.1x0",)).findings == ()


def test_a_plugins_event_is_mended_in_the_plugin() -> None:
    plugins = [{"name": "basic-auth", "version": "0.30"}]
    events = {"basic_auth.0x30.login": event("GET", write_stream=write("logins"))}
    found = only("stream-never-read", app("shop", events, plugins=plugins))
    assert (found.places[0].app, found.places[0].path) == ("basic_auth.0x30", "events.login.write_stream")
    assert found.acceptance == "stream-never-read:shop.1x0.basic_auth.0x30.login"


@pytest.mark.parametrize(
    "text",
    [
        "stream-never-read",
        "stream-never-read:shop.1x0.place",
        "stream-never-read:orders",
        "*:shop.*",
        "stream-*:shop*place",
    ],
)
def test_what_is_accepted_stays_listed_and_counts_no_more(text: str) -> None:
    report = lint(app("shop", {"place": PLACE}), accepted=(text,))
    assert [finding.accepted_by for finding in report.findings] == [f"{text} (eventscope.toml [lint] accept)"]
    assert report.open_findings == ()
    assert set(report.counts().values()) == {0}


def test_an_app_accepts_what_touches_it_by_its_own_names() -> None:
    def annotated(text: str) -> dict[str, Any]:
        return app("shop", {"place": PLACE}, settings={"eventscope": {"accept": [text]}})

    (found,) = lint(annotated("stream-never-read:place")).findings
    assert found.accepted_by == "stream-never-read:place (shop.1x0 settings.eventscope.accept)"
    other = app("store", {"pack": event("STREAM", read_stream=read("parcels"))})
    assert "stream-never-written" in [one.rule for one in lint(annotated("*"), other).open_findings]


@pytest.mark.parametrize(
    ("text", "hint"), [("stream-never-red", "but stream-never-read"), ("duplicate-route:x", "accepts nothing.")]
)
def test_an_acceptance_of_nothing_is_told(text: str, hint: str) -> None:
    found = only("acceptance-unused", BILLING, accepted=(text,))
    assert hint in found.what
    assert found.evidence == (("stands in", "eventscope.toml [lint] accept"),)


def test_acceptances_in_configs_outlive_the_removal_of_secrets() -> None:
    texts = [f"{rule}:basic_auth.0x30.token_refresh" for rule in RULES]
    config = answer(app("shop", {}, settings={"eventscope": {"accept": texts}}))
    assert redact_config(config, key=b"k") == config


@pytest.mark.parametrize("broken", [None, 7, "x", [None, 7, "", "\ud800", "x" * 600], {"accept": "x"}])
def test_broken_annotations_accept_nothing(broken: object) -> None:
    config = answer(app("shop", {}, settings={"eventscope": {"accept": broken}}))
    config["apps"]["shop.1x0"]["app_config"]["effective_settings"] = {"pay": broken, "e": {"stream": broken}}
    assert lint_config(read_runtime_apps(config, source="here")).findings == ()
