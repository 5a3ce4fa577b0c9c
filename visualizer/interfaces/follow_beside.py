"""A followed request beside another: for the graph page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visualizer.core.comparison_words import ComparisonWords
from visualizer.core.operation_path import path_lines
from visualizer.core.path_comparison import compare_paths
from visualizer.core.path_words import hop_words, path_words, utc_words
from visualizer.core.sampling_words import sampling_words
from visualizer.interfaces.follow import node_labels, nothing_kept
from visualizer.interfaces.operation_paths import read_path
from visualizer.interfaces.panel_facts import PanelFacts, graph_address, read_facts
from visualizer.models.node_id import VIEWS
from visualizer.models.operation import Hop, OperationPath
from visualizer.models.path_comparison import HopPair
from visualizer.repo.operation_offers import newest_failed, newest_well


@require_safe
@never_cache
def follow_beside(request: HttpRequest, view: str) -> JsonResponse:
    """
    {"a", "b": {"id", "words", "took_ms"}, "words", "partings": [sentence], "unknowns": [sentence], "more_ms",
    "pairs": […], "lines": [[source, target, "a" | "b" | "both"]]} for ?id=<any id>&beside=<any id of another>.

    A pair is {"id", "name", "app", "stream", "depth", "in": "a" | "b" | "both", "a", "b": {"status", "ran_ms",
    "waited_ms", "words"} or null, "ran_more_ms", "waited_more_ms", "of_ran_ms", "of_waited_ms", "words", "href"}.

    Without beside: {"offers": [{"kind": "well" | "failed", "id", "at"}]}, what it may be compared with. 404 with
    {"why"} for what was not kept.
    """
    facts = read_facts(view) if view in VIEWS else PanelFacts(view)
    asked, other = (request.GET.get(name, "") for name in ("id", "beside"))
    a, b = read_path(asked, facts), read_path(other, facts)
    if a is None or (b is None and other):
        sampling = sampling_words(facts.sampling) if facts.sampling is not None else ""
        return JsonResponse({"why": nothing_kept(other if a else asked, sampling)}, status=404)
    return JsonResponse(_comparison(a, b, facts) if b else {"offers": _offers(a)})


def _offers(path: OperationPath) -> list[dict[str, str]]:
    found = {"well": newest_well(path.request_id), "failed": newest_failed(path.request_id)}
    return [
        {"kind": kind, "id": offer[0], "at": utc_words(offer[1])} for kind, offer in found.items() if offer is not None
    ]


def _comparison(a: OperationPath, b: OperationPath, facts: PanelFacts) -> dict[str, Any]:
    compared = compare_paths(a, b)
    say = ComparisonWords(compared, a, b, names={id: node.name for id, node in facts.nodes.items()})
    return {
        **{
            side: {"id": path.request_id, "words": path_words(path), "took_ms": path.took_ms}
            for side, path in (("a", a), ("b", b))
        },
        "words": say.total(),
        "partings": say.partings(),
        "unknowns": say.unknowns(),
        "more_ms": compared.more_ms,
        "pairs": [_pair(pair, a, b, facts) | {"words": say.pair(pair)} for pair in compared.pairs],
        "lines": _lines(a, b),
    }


def _pair(pair: HopPair, a: OperationPath, b: OperationPath, facts: PanelFacts) -> dict[str, Any]:
    hops = [path.hops[at] if at is not None else None for path, at in ((a, pair.a), (b, pair.b))]
    hop = next(hop for hop in hops if hop is not None)
    return {
        "id": hop.node,
        **node_labels(hop, facts),
        "depth": pair.depth,
        "in": "both" if all(hops) else "a" if hops[0] else "b",
        "a": _side(hops[0]),
        "b": _side(hops[1]),
        "ran_more_ms": pair.ran_more_ms,
        "waited_more_ms": pair.waited_more_ms,
        "of_ran_ms": pair.of_ran_ms,
        "of_waited_ms": pair.of_waited_ms,
        "href": graph_address(view=facts.view, node=hop.node),
    }


def _side(hop: Hop | None) -> dict[str, Any] | None:
    if hop is None:
        return None
    return {"status": hop.status, "ran_ms": hop.ran_ms, "waited_ms": hop.waited_ms, "words": hop_words(hop)}


def _lines(a: OperationPath, b: OperationPath) -> list[tuple[str, str, str]]:
    """(source id, target id, who went along it)."""
    in_a, in_b = ({(source, target): None for source, target, _ in path_lines(path.hops)} for path in (a, b))
    return [(*ends, "both" if ends in in_a and ends in in_b else "a" if ends in in_a else "b") for ends in in_a | in_b]
