"""
The flow: numbers, hosts, processes, edges, configs and rules → alerts → incidents under their roots → SQL, and in the
same transaction the outbox of what people are to be told.

It runs every few seconds, in one worker at a time, and is safe when it is run twice: what was judged is not new again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex

import redis

from collector.models.alert_rule import INFO, AlertRule
from visualizer.core.alert_roots import find_roots
from visualizer.core.alert_signals import (
    blind_signals,
    drift_signals,
    host_signals,
    lint_signals,
    node_signals,
    subject_name,
    usual_signals,
)
from visualizer.core.alert_states import LONGEST_STEP_S, Alerts, step_alerts, unseen
from visualizer.core.blast import BlastGraph
from visualizer.core.broker_signals import broker_signals
from visualizer.core.freshness import seen_until_s
from visualizer.core.incidents import update_incidents
from visualizer.core.live_graph import LiveGraph
from visualizer.core.live_sums import LiveSums
from visualizer.core.process_signals import MEASURE, process_signals
from visualizer.core.standstill_signals import standstill_signals
from visualizer.core.state_memory import StateMemory
from visualizer.core.unseen import hidden_words
from visualizer.core.unseen_signals import signals_seen, unseen_subjects
from visualizer.interfaces.find_unseen import find_unseen
from visualizer.interfaces.process_changes import find_loops, read_ends
from visualizer.interfaces.stream_depths import read_stream_depths
from visualizer.models.alert import APP_MARK, BETWEEN, HOST_MARK, Alert, Incident, IncidentEvent, Signal
from visualizer.models.blast import SUFFERS
from visualizer.models.delta import NodeView
from visualizer.models.node_id import EVENT, STANDARD, STREAM
from visualizer.models.topology import DrawnTopology
from visualizer.repo.drawn import read_drawn
from visualizer.repo.evidence import read_evidence
from visualizer.repo.incidents import (
    add_lines,
    judging,
    keep_alerts,
    keep_incidents,
    read_alerts,
    read_incident_row,
    read_open_incidents,
)
from visualizer.repo.lint_report import read_lint_report
from visualizer.repo.live_snapshots import read_snapshots
from visualizer.repo.notifications import CHANGED, MERGED, OPENED, RESOLVED, channels_told, put_in_outbox
from visualizer.repo.silences import silence_of
from visualizer.repo.standstills import read_standstills
from visualizer.repo.watch import read_watch

#: Two looks are so far apart at least, however many ask for them.
LEAST_S = 2.0
#: What is found in the meantime goes into the same message.
GATHER_S = 10.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to judge, read at one moment."""

    signals: tuple[Signal, ...]
    nodes: dict[str, NodeView]
    drawn: DrawnTopology | None = None
    #: Nobody sees what runs: what is known of nodes stays as it is.
    is_blind: bool = field(default=False, kw_only=True)
    #: Of these subjects it is so, or of a part of them.
    unseen: frozenset[str] = field(default=frozenset(), kw_only=True)


def judge_alerts(
    client: redis.Redis,
    rules: Sequence[AlertRule],
    channels: Sequence[str],
    *,
    usual: Mapping[str, tuple[float, str]],
    now_s: float,
) -> list[Incident]:
    """
    Judge once. Returns the incidents that are new or changed.

    Args:
        rules: those in the settings; what is off never fires.
        channels: names of those who are told.
        usual: what UsualRates.look() found.

    Raises:
        redis.RedisError, django.db.DatabaseError: one of them does not answer; nothing is half done.
    """
    active = {rule.id: rule for rule in rules if not rule.is_off}
    seen = look(client, list(active.values()), usual=usual, now_s=now_s)
    with judging(now_s, least_s=LEAST_S) as judged_s:
        if judged_s is None:
            return []
        kept = read_alerts()
        frozen = _frozen(kept.values(), seen)
        before = _without_unseen(kept, frozen, away_s=now_s - judged_s)
        after = step_alerts(before, [*seen.signals, *frozen], active, now_s=now_s)
        keep_alerts(kept, after)
        firing = [alert for alert in after.values() if alert.is_firing]
        known = read_open_incidents()
        changed = update_incidents(
            known,
            firing,
            find_roots(_since(firing), suffers_in(seen.drawn)),
            rules=active,
            name_of=lambda subject: subject_name(subject, seen.nodes),
            new_key=lambda: token_hex(8),
            now_s=now_s,
        )
        keep_incidents(changed)
        # Of each that is open: a silence may have ended.
        for incident in {one.key: one for one in (*known, *changed)}.values():
            _tell(incident, channels, now_s=now_s)
        return changed


def look(
    client: redis.Redis, rules: Sequence[AlertRule], *, usual: Mapping[str, tuple[float, str]], now_s: float
) -> Seen:
    """
    Read everything that rules look at.

    Raises:
        redis.RedisError, django.db.DatabaseError: one of them does not answer.
    """
    watch = read_watch(client)
    drawn = read_drawn(client, STANDARD)
    topologies = {STANDARD: drawn.topology} if drawn else {}
    hidden = find_unseen(watch, topologies, now_s=now_s, in_doubt=True).of(STANDARD)
    silent = blind_signals(rules, watch, hidden_words(hidden), now_s=now_s)
    ours = (*host_signals(rules, watch.hosts, now_s=now_s), *silent)
    if drawn is None:
        return Seen(ours, {}, is_blind=True)
    graph = LiveGraph(drawn, memory=StateMemory())
    sums = LiveSums()
    for shard, update in read_snapshots(client, shards=watch.shards).items():
        sums.take(shard, [update])
    graph.begin(sums.all(), now_s)
    report = read_lint_report(client)
    still = (
        *drift_signals(rules, drawn.topology.edges, read_evidence(client, STANDARD)),
        *lint_signals(rules, report.findings if report else ()),
        *broker_signals(rules, read_stream_depths(client, drawn.topology, now_s=now_s)),
    )
    if seen_until_s(watch, now_s) is None:
        return Seen((*ours, *still), graph.nodes, drawn, is_blind=True)
    halted = read_standstills(client, STANDARD)
    runs = (
        *node_signals(rules, graph.nodes.values()),
        *usual_signals(rules, usual, graph.nodes),
        *standstill_signals(rules, graph.nodes.values(), halted, now_s=now_s),
        *_process_signals(client, rules, now_s=now_s),
    )
    parts = unseen_subjects(hidden, graph.nodes)
    return Seen((*ours, *still, *signals_seen(runs, parts, rules)), graph.nodes, drawn, unseen=frozenset(parts))


def _process_signals(client: redis.Redis, rules: Sequence[AlertRule], *, now_s: float) -> Iterator[Signal]:
    if any(rule.measure == MEASURE for rule in rules):
        ends = read_ends(client, now_s=now_s)
        yield from process_signals(rules, find_loops(ends, now_s=now_s), read_to_s=ends.read_to_s)


def suffers_in(drawn: DrawnTopology | None) -> Callable[[str], Collection[str]]:
    """Subject → the subjects that suffer while it is wrong. A host takes its apps along, an app its events."""
    if drawn is None:
        return lambda _subject: ()
    nodes, graph = drawn.topology.nodes, BlastGraph(drawn.topology.nodes, drawn.topology.edges, {})
    streams = {node.id for node in nodes if node.kind == STREAM}

    def suffers(subject: str) -> Collection[str]:
        if subject in streams:
            # Messages wait because of who writes or reads: the stream itself is not down.
            return ()
        starts = {subject: 1.0}
        if subject.startswith(HOST_MARK):
            url = subject.removeprefix(HOST_MARK)
            apps = {app.key for app in drawn.topology.apps if any(server.url == url for server in app.servers)}
            starts = {node.id: 1.0 for node in nodes if node.kind == EVENT and node.app in apps}
        elif subject.startswith(APP_MARK):
            app_key = subject.removeprefix(APP_MARK)
            starts = {node.id: 1.0 for node in nodes if node.kind == EVENT and node.app == app_key}
        found = {impact.id for impact in graph.find(starts, SUFFERS)}
        return found | (starts.keys() - {subject})

    return suffers


def _frozen(alerts: Iterable[Alert], seen: Seen) -> list[Signal]:
    """Where nobody sees, nothing gets well, and nothing gets worse."""
    told = {(signal.rule, signal.subject) for signal in seen.signals}
    hidden = (one for one in alerts if seen.is_blind or one.subject in seen.unseen)
    return [Signal(one.rule, one.subject, BETWEEN) for one in hidden if one.key not in told]


def _without_unseen(kept: Alerts, frozen: Iterable[Signal], *, away_s: float) -> Alerts:
    """The alerts, those of which nothing was seen since the last look as they were then."""
    are_frozen = {(signal.rule, signal.subject) for signal in frozen}
    nobody_looked = not 0 <= away_s <= LONGEST_STEP_S
    return {
        key: unseen(alert, away_s=away_s) if nobody_looked or key in are_frozen else alert
        for key, alert in kept.items()
    }


def _since(firing: Iterable[Alert]) -> dict[str, float]:
    since: dict[str, float] = {}
    for alert in firing:
        since[alert.subject] = min(alert.bad_s, since.get(alert.subject, alert.bad_s))
    return since


def _tell(incident: Incident, channels: Sequence[str], *, now_s: float) -> None:
    """Put into the outbox what people are to be told of it."""
    if incident.severity == INFO:
        return
    row = read_incident_row(incident.key)
    if row is None:
        return
    if not channels_told(row):
        if incident.resolved_s:
            return
        silence = silence_of({member.subject for member in incident.live}, now_s=now_s)
        if silence is None:
            put_in_outbox(row, OPENED, channels, due_s=now_s + GATHER_S)
        elif any(event.kind == "opened" for event in incident.news):
            add_lines(row, [IncidentEvent(now_s, "silenced", f"Nobody is told: {silence.note or silence.match}.")])
        return
    # Who was not told that it began is not told that it ends.
    told = [channel for channel in channels_told(row) if channel in channels]
    if incident.resolved_s:
        is_merged = any(event.kind == "merged" for event in incident.news)
        put_in_outbox(row, MERGED if is_merged else RESOLVED, told, due_s=now_s)
    elif any(event.kind == "root" for event in incident.news):
        put_in_outbox(row, CHANGED, told, due_s=now_s)
