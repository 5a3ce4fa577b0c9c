"""A LintReport as others read it: people, scripts, GitHub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from visualizer.core.untrusted import visible
from visualizer.models.lint_finding import ERROR, INFO, WARNING, LintFinding, LintReport

#: What GitHub calls the severities.
_GITHUB = {ERROR: "error", WARNING: "warning", INFO: "notice"}


def report_text(report: LintReport) -> str:
    """For a terminal: each finding with where, by what it is seen, and what to do; the sum last, where people look."""
    blocks = ["\n".join(_block(finding)) for finding in report.open_findings]
    accepted = [finding for finding in report.findings if finding.accepted_by]
    if accepted:
        lines = [f"  {visible(one.rule)}  {visible(one.what)}\n    by {visible(one.accepted_by)}" for one in accepted]
        blocks.append("\n".join(["accepted", *lines]))
    return "\n\n".join([*blocks, summary(report)])


def summary(report: LintReport) -> str:
    """ "1 error, 2 warnings, 0 infos; 1 accepted. 9 apps and 44 events checked." """
    counts = ", ".join(_counted(number, severity) for severity, number in report.counts().items())
    accepted = len(report.findings) - len(report.open_findings)
    checked = f"{_counted(report.apps, 'app')} and {_counted(report.events, 'event')} checked."
    return f"{counts}{f'; {accepted} accepted' if accepted else ''}. {checked}"


def report_json(report: LintReport) -> str:
    """For scripts: visualizer/models/lint_finding.py says what the fields are."""
    findings = [msgspec.structs.asdict(finding) | {"acceptance": finding.acceptance} for finding in report.findings]
    told = {"counts": report.counts(), "apps": report.apps, "events": report.events, "findings": findings}
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def report_github(report: LintReport, *, files: Mapping[str, str]) -> str:
    """
    Workflow commands, one a finding, that GitHub shows beside a change.

    Args:
        files: app key → path of the file that declares it.
    """
    return "\n".join([*(_command(finding, files) for finding in report.open_findings), summary(report)])


def _block(finding: LintFinding) -> Iterator[str]:
    yield f"{finding.severity:<9}{visible(finding.what)}"
    rows = [("rule", finding.rule)]
    rows += [("where", f"{one.app}  {one.path}" if one.app else one.path) for one in finding.places]
    rows += finding.evidence
    rows += [("mend", finding.mend), ("accept", finding.acceptance)]
    width = max(len(name) for name, _ in rows)
    yield from (f"  {visible(name):<{width}}  {visible(text)}" for name, text in rows)


def _command(finding: LintFinding, files: Mapping[str, str]) -> str:
    place = finding.places[0]
    where = f"file={_property(files[place.app])}," if place.app in files else ""
    told = [finding.what, f"{place.app} {place.path}".strip(), *(f"{name}: {text}" for name, text in finding.evidence)]
    text = "%0A".join(_data(line) for line in (*told, f"Mend: {finding.mend}", f"Accept: {finding.acceptance}"))
    return f"::{_GITHUB[finding.severity]} {where}title={_property(finding.rule)}::{text}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
