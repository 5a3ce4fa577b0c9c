"""Panels of a time that is over: the view as it was, what is told of then, and what is said to be left out."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import redis
from django.utils.translation import gettext, gettext_noop

from collector.models.activity import ActivityKey
from collector.models.errors import StoreUnavailable
from visualizer.config import kept_resolutions
from visualizer.core.freshness import duration_words
from visualizer.core.node_incidents import OpenThen, open_then
from visualizer.core.told_then import CHART_S, EDGE, tell_then
from visualizer.interfaces.graph_moment import read_then_graph
from visualizer.interfaces.panel_facts import PanelFacts, graph_address, guessed_node
from visualizer.interfaces.table_words import clock
from visualizer.models import told_then
from visualizer.models.told_then import ToldThen
from visualizer.repo.drawn import read_drawn
from visualizer.repo.failures import failures_since
from visualizer.repo.incidents import read_incidents_between
from visualizer.resources import shared_redis

#: Incidents looked through: more are not open at once.
MOST_INCIDENTS = 100
_LEFT_OUT = {
    told_then.RUNNING: gettext_noop("what was running"),
    told_then.STANDSTILLS: gettext_noop("what stood still"),
    told_then.DEPTHS: gettext_noop("what waited at its broker"),
    told_then.TROUBLES: gettext_noop("messages that failed again and again or were lost"),
    told_then.EVIDENCE: gettext_noop("what its lines rested on"),
    told_then.BLAST: gettext_noop("blast radius"),
    told_then.FINDINGS: gettext_noop("findings of the linter"),
    told_then.LINES: gettext_noop("newest lines"),
}


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An incident in the panel."""

    incident: OpenThen
    since: datetime
    #: None while it is open.
    until: datetime | None


def read_facts_then(view: str, at_s: float, keys: Mapping[int, ActivityKey], *, node_id: str = "") -> PanelFacts:
    """
    A view as it was.

    Args:
        keys: every activity by its id.
        node_id: what the panel is of; "" for a line.

    Raises:
        NoSuchTopology: none is kept from so long ago.
    """
    version, graph = read_then_graph(view, at_s)
    facts = PanelFacts(view, drawn=graph.drawn, version=version)
    belongs = facts.belongs(node_id)
    then = tell_then(
        (facts.nodes.get(node_id) or guessed_node(node_id)).kind if node_id else EDGE,
        at_s=at_s,
        now_s=time.time(),
        resolutions=kept_resolutions(),
        failures_since_s=failures_since([pk for pk, key in keys.items() if belongs(key)]) if node_id else 0,
    )
    return replace(facts, then=then)


def span_words(then: ToldThen | None) -> dict[str, Any]:
    """What charts and numbers are of, for the headings of a panel; "as_of": of which time, None for now."""
    if then is None:
        return {
            "as_of": None,
            "chart_span": gettext("last 15 min"),
            "chart_label": gettext("The last 15 min, 10 s a step"),
            "nothing": gettext("Nothing in the last 15 min."),
            "numbers_span": gettext("last 60 s"),
        }
    long = then.chart_until_s - then.chart_from_s > CHART_S
    length = duration_words(then.chart_until_s - then.chart_from_s)
    chart = gettext("the %(time)s around it") % {"time": length} if long else gettext("the hour around it")
    return {
        "as_of": _at(then.at_s),
        "chart_span": chart,
        "chart_label": gettext("The time around the moment"),
        "nothing": gettext("Nothing ran in this time."),
        "numbers_span": " – ".join(clock(_at(end_s), _at(then.at_s)) for end_s in (then.from_s, then.until_s)) + " UTC",
    }


def told_span(then: ToldThen | None) -> dict[str, int]:
    """The same for "copy as JSON", unix seconds; nothing of now."""
    return {"at_s": then.at_s, "from_s": then.from_s, "until_s": then.until_s} if then else {}


def then_context(facts: PanelFacts, then: ToldThen, subjects: Collection[str], **selected: str) -> dict[str, Any]:
    """
    What templates/_panel_then.html and _panel_left_out.html are given.

    Args:
        subjects: how alerts name what the panel is of.
        selected: node or edge, as the address of the graph page has it.
    """
    left_out = ", ".join(gettext(_LEFT_OUT[one]) for one in then.left_out)
    return {
        "then": then,
        "version": facts.version,
        "width": duration_words(then.width_s) if then.until_s - then.from_s == then.width_s else "",
        "now_href": graph_address(view=facts.view, **selected) if _is_there_now(facts.view, **selected) else "",
        "left_out": left_out,
        "incidents": [
            OpenRow(one, _at(one.since_s), _at(one.resolved_s) if one.resolved_s else None)
            for one in open_then(
                read_incidents_between(then.at_s, then.at_s + 1, count=MOST_INCIDENTS), subjects, then.at_s
            )
        ],
    }


def _is_there_now(view: str, *, node: str = "", edge: str = "") -> bool:
    """Also while Redis does not answer: then the page says so."""
    with suppress(redis.RedisError, StoreUnavailable):
        drawn = read_drawn(shared_redis(), view)
        if drawn and node:
            return any(one.id == node for one in drawn.topology.nodes)
        return drawn is not None and any(f"{one.source}>{one.target}" == edge for one in drawn.topology.edges)
    return True


def _at(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)
