"""What hosts declare of a node, line by line."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from collector.models.host import ALIVE, HostAnswer
from tests import runtime_apps
from visualizer.core.declared_facts import MOST_FACTS, event_facts, stream_facts
from visualizer.models.declared_fact import DeclaredFact

SHOP = "shop.1x0"
PLACE = f"{SHOP}.place_order"


def host(*apps: dict[str, Any], url: str = "http://a:1") -> HostAnswer:
    answer = runtime_apps.answer(*apps)
    return HostAnswer(url=url, position=0, status=ALIVE, since_s=0, polled_s=0, standard=answer, expanded=answer)


def shop(**settings: Any) -> dict[str, Any]:
    place = runtime_apps.event(
        "POST", auth=["Bearer"], setting_keys=["storage"], connections=[runtime_apps.call("billing", "charge", "POST")],
        write_stream=runtime_apps.write("orders", "express", "AUTO", strategy="PROPAGATE"),
    )  # fmt: skip
    pack = runtime_apps.event("STREAM", read_stream=runtime_apps.read("orders", "express"))
    connections = {"billing": runtime_apps.connection("billing", "2.0")}
    app = runtime_apps.app("shop", {"place_order": place, "pack": pack}, connections=connections)
    app[SHOP]["app_config"]["effective_settings"] = {"place_order": settings}
    return app


def said(facts: tuple[DeclaredFact, ...]) -> list[tuple[str, str]]:
    return [(fact.name, "".join(fact.pieces)) for fact in facts]


def test_an_event_tells_its_type_ends_calls_and_settings() -> None:
    app = shop(response_timeout=60.0, stream={"timeout": 30.0, "target_max_len": 1000}, logging={"extra_fields": []})
    facts = event_facts([host(app), host(app, url="http://b:2")], PLACE, view="standard")
    assert said(facts) == [
        ("declared by", "http://a:1, http://b:2"),
        ("type", "POST"),
        ("auth", "Bearer"),
        ("setting keys", "storage"),
        ("writes", "orders · queues express, AUTO · strategy PROPAGATE"),
        ("calls", "POST charge · billing 2.0 · over billing"),
        ("response_timeout", "60.0"),
        ("stream.timeout", "30.0"),
        ("stream.target_max_len", "1000"),
    ]


def test_a_stream_tells_who_writes_and_who_reads_it() -> None:
    facts = stream_facts([host(shop(stream={"target_max_len": 1000}))], "orders", view="standard")
    assert said(facts) == [
        ("writes", f"{PLACE} · queues express, AUTO · strategy PROPAGATE · keeps 1000 messages"),
        ("reads", f"{SHOP}.pack · queues express · group group"),
    ]


def test_what_was_hidden_is_known_from_what_stands_around_it() -> None:
    facts = event_facts([host(shop(db="postgres://me:***:0a1b2c3d@h/db", key="***"))], PLACE, view="standard")
    assert [fact.pieces for fact in facts[-2:]] == [("postgres://me:", "***:0a1b2c3d", "@h/db"), ("", "***", "")]


def test_settings_of_streams_are_left_out_where_there_is_none() -> None:
    app = shop(response_timeout=60.0, stream={"timeout": 30.0})
    app[SHOP]["effective_events"][PLACE]["write_stream"] = None
    names = [name for name, _ in said(event_facts([host(app)], PLACE, view="standard"))]
    assert names[-2:] == ["calls", "response_timeout"]


def test_what_no_host_declares_has_no_lines() -> None:
    assert event_facts([host(shop())], "shop.1x0.nobody", view="standard") == ()
    assert stream_facts([], "orders", view="expanded") == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(json_values, json_values, json_values)
def test_any_config_gives_lines_and_never_an_error(event: Any, settings: Any, config: Any) -> None:
    app = shop()
    parts = event if isinstance(event, dict) else {"auth": event, "read_stream": {"name": "orders", "queues": event}}
    app[SHOP]["effective_events"][PLACE] |= parts
    app[SHOP]["app_config"]["effective_settings"] = settings
    app[SHOP]["app_config"]["app_connections"] = config
    answers = [host(app, {"odd": config})]
    for facts in (event_facts(answers, PLACE, view="standard"), stream_facts(answers, "orders", view="expanded")):
        assert 0 < len(facts) <= MOST_FACTS
        assert all(isinstance(piece, str) for fact in facts for piece in fact.pieces)
