"""
What the linter says of configs: LintFinding, kept and sent as part of a LintReport (redis_keys.LINT, JSON).

Texts hold names out of configs, so they are untrusted.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

ERROR = "error"
WARNING = "warning"
INFO = "info"
#: The worst first.
SEVERITIES = (ERROR, WARNING, INFO)


@dataclass(frozen=True, slots=True)
class LintRule:
    """One thing that can be wrong with what apps declare."""

    #: Stable: acceptances name it.
    id: str
    #: One of SEVERITIES.
    severity: str
    #: What to do about a finding.
    mend: str


class LintPlace(msgspec.Struct, frozen=True):
    """Where in the configs."""

    #: Key of the app in whose config it stands.
    app: str
    #: Path in that config: "events.save.write_stream.queues".
    path: str


class LintFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong, or looks so."""

    #: Id of its rule.
    rule: str
    #: One of SEVERITIES.
    severity: str
    #: What is wrong, in a sentence.
    what: str
    #: What it is seen by: (what it is, names), in words.
    evidence: tuple[tuple[str, str], ...]
    #: What to do about it.
    mend: str
    #: Where it stands, the place to look at first first.
    places: tuple[LintPlace, ...]
    #: Event keys, streams or apps by which it can be accepted, the first of them best.
    subjects: tuple[str, ...]
    #: Node ids of the standard view it is shown on.
    nodes: tuple[str, ...] = ()
    #: The same in the expanded view.
    expanded_nodes: tuple[str, ...] = ()
    #: The acceptance that says it is meant, with where that stands; "" while it is open.
    accepted_by: str = ""

    @property
    def acceptance(self) -> str:
        """What accepts this one and nothing else of its rule."""
        return f"{self.rule}:{self.subjects[0]}"


class LintReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the linter says."""

    #: The worst first; those that are accepted too.
    findings: tuple[LintFinding, ...] = ()
    #: How much was looked at.
    apps: int = 0
    events: int = 0

    @property
    def open_findings(self) -> tuple[LintFinding, ...]:
        """Those that nobody accepted."""
        return tuple(finding for finding in self.findings if not finding.accepted_by)

    def counts(self) -> dict[str, int]:
        """Severity → how many are open."""
        severities = [finding.severity for finding in self.open_findings]
        return {severity: severities.count(severity) for severity in SEVERITIES}
