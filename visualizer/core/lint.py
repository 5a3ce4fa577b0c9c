"""RuntimeConfig → LintReport: what is wrong with what apps declare, whether or not it ever ran."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from visualizer.core.lint_acceptance import ACCEPTANCE_UNUSED, accept
from visualizer.core.lint_calls import (
    CONNECTION_TO_OTHER_VERSION,
    CONNECTION_TO_STOPPED_APP,
    CONNECTION_TO_UNKNOWN_APP,
    CONNECTION_TO_UNKNOWN_EVENT,
    CONNECTION_UNDECLARED,
    find_undeclared_connections,
    find_unknown_apps,
    find_unknown_events,
)
from visualizer.core.lint_cycles import CYCLE_WITHOUT_EXIT, find_cycles
from visualizer.core.lint_facts import LintFacts
from visualizer.core.lint_queues import (
    PROPAGATE_WITHOUT_AUTO,
    PROPAGATE_WITHOUT_QUEUE,
    QUEUE_NEVER_READ,
    QUEUE_NEVER_WRITTEN,
    QUEUE_SKIPPED,
    find_lost_queues,
    find_skipped_queues,
    find_unread_queues,
    find_unwritten_queues,
)
from visualizer.core.lint_routes import DUPLICATE_ROUTE, find_duplicate_routes
from visualizer.core.lint_streams import (
    CONSUMER_GROUP_SHARED,
    STREAM_NEVER_READ,
    STREAM_NEVER_WRITTEN,
    find_never_read,
    find_never_written,
    find_shared_groups,
)
from visualizer.core.lint_timeouts import TIMEOUT_SHORTER_THAN_CALLEE, find_short_timeouts
from visualizer.core.lint_versions import TWO_VERSIONS_LIVE, find_two_versions
from visualizer.models.lint_finding import SEVERITIES, LintFinding, LintReport, LintRule
from visualizer.models.runtime_config import RuntimeConfig

#: Every rule, as docs/lint.md lists them.
RULES: Mapping[str, LintRule] = {
    rule.id: rule
    for rule in (
        STREAM_NEVER_READ,
        STREAM_NEVER_WRITTEN,
        QUEUE_NEVER_READ,
        QUEUE_NEVER_WRITTEN,
        QUEUE_SKIPPED,
        PROPAGATE_WITHOUT_AUTO,
        PROPAGATE_WITHOUT_QUEUE,
        CONSUMER_GROUP_SHARED,
        CONNECTION_UNDECLARED,
        CONNECTION_TO_UNKNOWN_APP,
        CONNECTION_TO_OTHER_VERSION,
        CONNECTION_TO_UNKNOWN_EVENT,
        CONNECTION_TO_STOPPED_APP,
        TIMEOUT_SHORTER_THAN_CALLEE,
        CYCLE_WITHOUT_EXIT,
        DUPLICATE_ROUTE,
        TWO_VERSIONS_LIVE,
        ACCEPTANCE_UNUSED,
    )
}
_CHECKS: tuple[Callable[[LintFacts], Iterator[LintFinding]], ...] = (
    find_never_read,
    find_never_written,
    find_unread_queues,
    find_unwritten_queues,
    find_skipped_queues,
    find_lost_queues,
    find_shared_groups,
    find_undeclared_connections,
    find_unknown_apps,
    find_unknown_events,
    find_short_timeouts,
    find_cycles,
    find_duplicate_routes,
    find_two_versions,
)


def lint_config(config: RuntimeConfig, *, stopped: Collection[str] = (), accepted: Iterable[str] = ()) -> LintReport:
    """
    Check everything.

    Args:
        config: of all hosts, joined; from answers with expand_events=false, which hold what people wrote.
        stopped: keys of apps of which no host answers.
        accepted: acceptances of `[lint] accept`; those in the configs are found there.

    Returns:
        The same for the same input, in the same order.
    """
    facts = LintFacts(config, frozenset(stopped))
    found = [finding for check in _CHECKS for finding in check(facts)]
    found = accept(found, facts, accepted=accepted, rules=RULES)
    rules = list(RULES)
    found.sort(key=lambda one: (SEVERITIES.index(one.severity), rules.index(one.rule), one.subjects))
    return LintReport(findings=tuple(found), apps=len(config.apps), events=len(facts.events))
