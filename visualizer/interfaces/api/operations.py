"""/operations: the path of one operation, and two of them compared."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from django.http import HttpRequest
from ninja import Path

from collector.lib.sampling import EVERYTHING
from visualizer.core.comparison_words import ComparisonWords
from visualizer.core.path_comparison import compare_paths
from visualizer.core.path_words import hop_words, path_words
from visualizer.core.untrusted import visible
from visualizer.interfaces.api.endpoints import get
from visualizer.interfaces.api.parameters import NO_NUL, View
from visualizer.interfaces.api.problem import ApiProblem, unavailable
from visualizer.interfaces.operation_paths import MAX_ID_CHARS, read_path
from visualizer.interfaces.panel_facts import PanelFacts, read_facts
from visualizer.models.api_operation import OperationComparison, OperationHop, OperationPair, OperationReport
from visualizer.models.api_token import READ_LINES
from visualizer.models.operation import MISSING, RUNNING, Hop, OperationPath
from visualizer.models.path_comparison import HopPair
from visualizer.models.topology import Node

_ID = "id of a request, an operation or a message, or what a tracked header held; one with a / is not found"
AnyId = Annotated[str, Path(pattern=NO_NUL, min_length=1, max_length=MAX_ID_CHARS, description=_ID)]
# Two, as django-ninja keeps what it knows of a parameter in what it is annotated with.
OtherId = Annotated[str, Path(pattern=NO_NUL, min_length=1, max_length=MAX_ID_CHARS, description=_ID)]


@get("/operations/{id}", answer=OperationReport, scope=READ_LINES)
def operation(request: HttpRequest, id: AnyId, view: View = "standard") -> OperationReport:
    """The path of one request: what ran, what waited, what still runs, what was expected and not seen."""
    facts = _facts(view)
    return _report(_find(id, facts), facts)


@get("/operations/{id}/compare/{other}", answer=OperationComparison, scope=READ_LINES)
def compare_operations(request: HttpRequest, id: AnyId, other: OtherId, view: View = "standard") -> OperationComparison:
    """
    Two operations hop by hop: a is `id`, b is `other`.

    Hops are the same when they are of one event, read from one stream, follow from hops that are the same, and are the
    n-th such ones there. How the time is counted tells docs/following.md.
    """
    facts = _facts(view)
    a, b = _find(id, facts), _find(other, facts)
    compared = compare_paths(a, b)
    say = ComparisonWords(compared, a, b, names={each.id: each.name for each in facts.nodes.values()})
    return OperationComparison(
        a=_report(a, facts),
        b=_report(b, facts),
        more_ms=compared.more_ms,
        unknown_ms=compared.unknown_ms,
        pairs=tuple(_pair(pair, say) for pair in compared.pairs),
        words=say.total(),
        partings=tuple(say.partings()),
        unknowns=tuple(say.unknowns()),
    )


def _facts(view: str) -> PanelFacts:
    facts = read_facts(view)
    if not facts.answers:
        raise unavailable()
    return facts


def _find(any_id: str, facts: PanelFacts) -> OperationPath:
    path = read_path(any_id, facts)
    if path is None:
        detail = f"Expected the id of an operation that is kept; nothing is kept of {visible(any_id)!r} (any more)."
        raise ApiProblem(HTTPStatus.NOT_FOUND, detail)
    return path


def _report(path: OperationPath, facts: PanelFacts) -> OperationReport:
    sampling = facts.sampling
    one_in = None if sampling is None else round(max(1.0, EVERYTHING / sampling), 1) if sampling > 0 else 0.0
    return OperationReport(
        id=path.request_id,
        others=path.others,
        began=path.began_s,
        took_ms=path.took_ms,
        running=sum(hop.status == RUNNING for hop in path.hops),
        missing=sum(hop.status == MISSING for hop in path.hops),
        hops=tuple(_hop(hop, facts.nodes) for hop in path.hops),
        is_cut=path.is_cut,
        is_failure_alone=path.is_failure_alone,
        sampled_one_in=one_in,
        words=path_words(path),
    )


def _hop(hop: Hop, nodes: Mapping[str, Node]) -> OperationHop:
    node = nodes.get(hop.node)
    return OperationHop(
        node=hop.node,
        name=node.name if node else hop.node,
        app=node.app if node else "",
        stream=hop.stream,
        after=hop.after,
        status=hop.status,
        began=None if hop.status == MISSING else hop.began_s,
        ran_ms=hop.ran_ms,
        waited_ms=hop.waited_ms,
        host_name=hop.host_name,
        pid=hop.pid,
        operation_id=hop.operation_id,
        message_id=hop.message_id,
        cause=hop.cause,
        words=hop_words(hop),
    )


def _pair(pair: HopPair, say: ComparisonWords) -> OperationPair:
    return OperationPair(
        a=pair.a,
        b=pair.b,
        after=pair.after,
        depth=pair.depth,
        ran_more_ms=pair.ran_more_ms,
        waited_more_ms=pair.waited_more_ms,
        of_ran_ms=pair.of_ran_ms,
        of_waited_ms=pair.of_waited_ms,
        words=say.pair(pair),
    )
