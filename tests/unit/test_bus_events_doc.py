"""docs/bus-events.md is complete."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass

from collector.kernel import events
from tests.tools.bus_events_doc import PAGE, make_page


def test_the_page_names_every_event_and_field() -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = [
        f"{event.__name__}.{field.name}"
        for event in events.EVENTS
        for field in fields(event)
        if f"## {event.__name__}\n" not in page or f"| `{field.name}` |" not in page
    ]
    assert not missing


def test_the_page_is_as_the_code_makes_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == make_page(), "run: python -m tests.tools.bus_events_doc"


def test_every_event_is_in_the_list_and_frozen() -> None:
    declared = {c for _, c in inspect.getmembers(events, is_dataclass) if c.__module__ == events.__name__}
    assert declared == set(events.EVENTS)
    assert all(vars(event)["__dataclass_params__"].frozen for event in declared)
