"""The linter's rule for versions: an app should run in one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from visualizer.core.lint_facts import LintFacts, finding, listed
from visualizer.models.lint_finding import WARNING, LintFinding, LintPlace, LintRule
from visualizer.models.runtime_config import AppConfig

TWO_VERSIONS_LIVE = LintRule(
    "two-versions-live",
    WARNING,
    "Finish the roll-out, stop the old version, or accept this when both are meant to run.",
)


def find_two_versions(facts: LintFacts) -> Iterator[LintFinding]:
    """Apps of which more than one version runs."""
    versions = defaultdict[str, list[AppConfig]](list)
    for app in facts.config.apps:
        if app.servers and app.key not in facts.stopped:
            versions[app.name].append(app)
    for name, apps in versions.items():
        if len(apps) > 1:
            yield finding(
                TWO_VERSIONS_LIVE,
                f"{len(apps)} versions of {name} run at once: {listed(app.version for app in apps)}.",
                evidence=[(app.key, listed(server.url for server in app.servers)) for app in apps],
                places=[LintPlace(app.key, "app.version") for app in apps],
                subjects=[app.key for app in apps],
            )
