"""docs/lint.md is complete, and its examples do what they say."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.runtime_apps import answer, app
from tests.world import ROOT
from visualizer.core.lint import RULES, lint_config
from visualizer.core.runtime_config import read_runtime_apps
from visualizer.models.lint_finding import LintReport

PAGE = (ROOT / "docs" / "lint.md").read_text("utf-8")
#: Rule → what the page says of it.
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.partition("## Rules")[2].split("\n### ")[1:]}


def lint_example(section: str, *, stopped: set[str]) -> LintReport:
    """What the linter says of the app configs in a section."""
    found = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert found
    example: Any = json.loads(found[1])
    apps = example if isinstance(example, list) else [example]
    declared = [
        app(
            one["app"]["name"],
            one["events"],
            version=one["app"]["version"],
            connections=one.get("app_connections"),
            settings=one.get("settings"),
        )
        for one in apps
    ]
    return lint_config(read_runtime_apps(answer(*declared), source="page"), stopped=stopped)


def test_the_page_has_every_rule_in_order_with_its_severity_and_what_to_do() -> None:
    assert list(SECTIONS) == list(RULES)
    for rule in RULES.values():
        words = " ".join(SECTIONS[rule.id].split())
        assert words.endswith(f"*{rule.severity}*. {rule.mend}")


@pytest.mark.parametrize("rule", RULES)
def test_each_example_triggers_its_rule_and_no_graver_one(rule: str) -> None:
    report = lint_example(SECTIONS[rule], stopped={"billing.1x0"} if "stopped" in rule else set())
    assert rule in {finding.rule for finding in report.findings}
    # The example is of this rule, not of another one that happens to come along.
    worst = report.findings[0].severity
    assert worst == RULES[rule].severity or rule == "acceptance-unused"
