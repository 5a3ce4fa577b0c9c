"""What is known now of nodes, hosts, processes, edges and configs → what each alert rule says of each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from collector.models.alert_rule import AlertRule
from collector.models.host import ERROR as HOST_ERROR
from visualizer.core.freshness import GONE_AFTER_S, duration_words, expected_collectors
from visualizer.core.node_state import ENOUGH_FAILURES
from visualizer.core.untrusted import visible
from visualizer.core.verdict import duration_ms_words
from visualizer.models.alert import APP_MARK, BAD, BETWEEN, COLLECTOR_MARK, EDGE_MARK, GOOD, HOST_MARK, NONE, Signal
from visualizer.models.delta import NodeStats, NodeView
from visualizer.models.evidence import Evidence
from visualizer.models.lint_finding import ERROR, LintFinding
from visualizer.models.node_id import EVENT, EXTERNAL, STREAM
from visualizer.models.topology import Edge
from visualizer.models.watch import HostState, Watch

#: A value, and the sentence about it; None where too little is there to judge.
_Found = tuple[float, str] | None


def node_signals(rules: Sequence[AlertRule], nodes: Iterable[NodeView]) -> Iterator[Signal]:
    """Of rules on what runs: failures, p95, wait and pending."""
    own = [(rule, _MEASURES[rule.measure]) for rule in rules if rule.measure in _MEASURES]
    for node in nodes:
        for rule, (kinds, measure) in own:
            if node.kind in kinds and matches(rule, node.id, node.app, node.name):
                found = measure(node.stats, rule)
                yield Signal(rule.id, node.id, level_of(rule, found and found[0]), found[1] if found else "")


def host_signals(rules: Sequence[AlertRule], hosts: Iterable[HostState], *, now_s: float) -> Iterator[Signal]:
    """A host that does not answer. One that never did is no alert: it is a mistake in the settings."""
    for host in hosts:
        for rule in _of(rules, "host"):
            if matches(rule, host.url):
                is_bad = host.status == HOST_ERROR and bool(host.api_version)
                words = f"It has not answered for {duration_words(now_s - host.since_s)}: {host.reason}."
                yield Signal(rule.id, HOST_MARK + host.url, BAD if is_bad else GOOD, words)


def blind_signals(
    rules: Sequence[AlertRule], watch: Watch, hidden: Mapping[str, str], *, now_s: float
) -> Iterator[Signal]:
    """
    Collectors and rollups that say nothing: whatever they would tell of is not known.

    Args:
        hidden: of collectors, what that is (hidden_words()).
    """
    rollups = [(f"rollup {shard}", beat.at_s) for shard, beat in enumerate(watch.rollups) if beat]
    expected = expected_collectors(watch.collectors, now_s, hiding=hidden)
    collectors = [(one.collector_id, one.at_s) for one in expected]
    for name, at_s in (*collectors, *rollups):
        for rule in _of(rules, "blind"):
            what = hidden.get(name, "what it would tell of is not known")
            words = f"It has said nothing for {duration_words(now_s - at_s)}: {what}."
            yield Signal(rule.id, COLLECTOR_MARK + name, BAD if now_s - at_s > GONE_AFTER_S else GOOD, words)


def drift_signals(
    rules: Sequence[AlertRule], edges: Iterable[Edge], evidence: Mapping[str, Evidence]
) -> Iterator[Signal]:
    """Lines on which declared and observed do not agree, and that want an answer."""
    for edge in edges:
        found = evidence.get(edge.id)
        for rule in _of(rules, "drift"):
            if matches(rule, edge.source, edge.target):
                asks = found is not None and found.asks
                words = f"The line is {found.state}." if found else ""
                yield Signal(rule.id, f"{edge.source}{EDGE_MARK}{edge.target}", BAD if asks else GOOD, words)


def lint_signals(rules: Sequence[AlertRule], findings: Iterable[LintFinding]) -> Iterator[Signal]:
    """Errors of the linter that nobody accepted, by the node they stand on."""
    told: set[tuple[str, str]] = set()
    for finding in findings:
        for rule in _of(rules, "lint"):
            subject = finding.nodes[0] if finding.nodes else finding.subjects[0]
            if finding.severity == ERROR and matches(rule, subject) and (rule.id, subject) not in told:
                told.add((rule.id, subject))
                yield Signal(rule.id, subject, BAD, finding.what)


def usual_signals(
    rules: Sequence[AlertRule], found: Mapping[str, tuple[float, str]], nodes: Mapping[str, NodeView]
) -> Iterator[Signal]:
    """
    More or fewer runs than usual.

    Args:
        found: node id → (deviations from the usual, the sentence about it).
    """
    for node_id, (deviations, words) in found.items():
        node = nodes.get(node_id)
        for rule in _of(rules, "unusual") if node else ():
            if node and matches(rule, node.id, node.app, node.name):
                yield Signal(rule.id, node_id, level_of(rule, abs(deviations)), words)


def level_of(rule: AlertRule, value: float | None) -> str:
    """What a value is to a rule with thresholds."""
    if value is None:
        return NONE
    if rule.above is not None and value > rule.above:
        return BAD
    return BETWEEN if rule.clear_below is not None and value >= rule.clear_below else GOOD


def matches(rule: AlertRule, *names: str) -> bool:
    """Is one of these meant? A stream's mark may be left out."""
    return not rule.match or any(
        fnmatchcase(name, rule.match) or fnmatchcase(name.lstrip(">"), rule.match) for name in names if name
    )


def _of(rules: Iterable[AlertRule], measure: str) -> Iterator[AlertRule]:
    return (rule for rule in rules if rule.measure == measure)


def _failures(stats: NodeStats, rule: AlertRule) -> _Found:
    ended = stats.done + stats.failed + stats.ignored
    if ended < rule.least_runs and stats.failed < min(ENOUGH_FAILURES, rule.least_runs):
        return None
    share = stats.failed / ended
    return share, f"{stats.failed:,} of {ended:,} runs failed in the last 60 s ({100 * share:.3g} %)."


def _p95(stats: NodeStats, rule: AlertRule) -> _Found:
    if stats.p95 is None or stats.done + stats.failed + stats.ignored < rule.least_runs:
        return None
    return stats.p95, f"95 % of its runs took {duration_ms_words(stats.p95)} or less in the last 60 s."


def _wait(stats: NodeStats, rule: AlertRule) -> _Found:
    if stats.wait is None:
        return None
    return stats.wait, f"Messages waited {duration_ms_words(stats.wait)} (p95) before they were read."


def _pending(stats: NodeStats, rule: AlertRule) -> _Found:
    return stats.pending, f"{stats.pending:,} runs have begun and not ended."


_MEASURES: dict[str, tuple[tuple[str, ...], Callable[[NodeStats, AlertRule], _Found]]] = {
    "failures": ((EVENT, EXTERNAL), _failures),
    "p95": ((EVENT, EXTERNAL), _p95),
    "wait": ((STREAM,), _wait),
    "pending": ((EVENT,), _pending),
}


def subject_name(subject: str, nodes: Mapping[str, NodeView]) -> str:
    """What people call a subject, as they may safely see it: names are untrusted."""
    if subject.startswith(HOST_MARK):
        return f"host {visible(subject.removeprefix(HOST_MARK))}"
    if subject.startswith(COLLECTOR_MARK):
        return f"collector {visible(subject.removeprefix(COLLECTOR_MARK))}"
    if EDGE_MARK in subject:
        return " → ".join(subject_name(end, nodes) for end in subject.split(EDGE_MARK, 1))
    if subject.startswith(APP_MARK):
        return f"app {visible(subject.removeprefix(APP_MARK))}"
    node = nodes.get(subject)
    return visible(f"{node.name} of {node.app}" if node and node.app else node.name if node else subject)
