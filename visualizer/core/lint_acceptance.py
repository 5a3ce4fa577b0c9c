"""
Acceptances: "<rule>", or "<rule>:<what>", says that a finding is meant.

<what> is an event key, a stream, a connection or an app, as the finding names it; * stands for anything. An app says it
in its own settings, where <what> may lack the app's key, and only of what touches that app; everybody else in
eventscope.toml. An acceptance that accepts nothing is a finding itself: it would hide the next one unseen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from msgspec.structs import replace

from visualizer.core.lint_facts import LintFacts, finding
from visualizer.models.lint_finding import INFO, LintFinding, LintPlace, LintRule

ACCEPTANCE_UNUSED = LintRule("acceptance-unused", INFO, "Remove it, or correct what it names.")
#: Where everybody's acceptances stand.
SETTING = "[lint] accept"


@dataclass(frozen=True, slots=True)
class _Acceptance:
    """One text, and the app that says it; "" for everybody's."""

    text: str
    app: str

    def covers(self, one: LintFinding) -> bool:
        rule, _, what = self.text.partition(":")
        if not _pattern(rule.strip()).fullmatch(one.rule):
            return False
        own = f"{self.app}."
        subjects = one.subjects
        if self.app:
            subjects = tuple(s for s in subjects if s == self.app or s.startswith(own))
            if not subjects and all(place.app != self.app for place in one.places):
                return False
            subjects = (*one.subjects, *(s.removeprefix(own) for s in subjects))
        pattern = _pattern(what.strip() or "*")
        return any(pattern.fullmatch(subject) for subject in subjects)

    @property
    def where(self) -> str:
        return f"{self.app} settings.eventscope.accept" if self.app else f"eventscope.toml {SETTING}"


def accept(
    findings: Iterable[LintFinding], facts: LintFacts, *, accepted: Iterable[str], rules: Collection[str]
) -> list[LintFinding]:
    """
    The findings, those that are meant marked as such, and one more for each acceptance that accepts nothing.

    Args:
        accepted: everybody's acceptances.
        rules: ids of all rules, for a hint at what was meant.
    """
    acceptances = [_Acceptance(text, "") for text in dict.fromkeys(accepted)]
    acceptances += [_Acceptance(text, app.key) for app in facts.config.apps for text in dict.fromkeys(app.accepted)]
    used: set[_Acceptance] = set()
    marked = []
    for one in findings:
        covering = [acceptance for acceptance in acceptances if acceptance.covers(one)]
        used.update(covering)
        marked.append(replace(one, accepted_by=f"{covering[0].text} ({covering[0].where})") if covering else one)
    return marked + [_unused(acceptance, rules) for acceptance in acceptances if acceptance not in used]


def _unused(acceptance: _Acceptance, rules: Collection[str]) -> LintFinding:
    rule = acceptance.text.partition(":")[0].strip()
    known = rule in rules or "*" in rule
    near = get_close_matches(rule, rules, n=1)
    hint = "" if known else f": there is no rule {rule}{f', but {near[0]}' if near else ''}"
    return finding(
        ACCEPTANCE_UNUSED,
        f"Acceptance {acceptance.text} accepts nothing{hint}.",
        evidence=[("stands in", acceptance.where)],
        places=[LintPlace(acceptance.app, "settings.eventscope.accept" if acceptance.app else SETTING)],
        subjects=[acceptance.text],
    )


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, re.split(r"\*+", text))), re.DOTALL)
