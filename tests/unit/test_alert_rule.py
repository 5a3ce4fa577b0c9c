from __future__ import annotations

from typing import Any

import pytest

from collector.models.alert_rule import DEFAULT_RULES, INFO, AlertRule, read_alert_rules


def read(*rules: dict[str, Any]) -> dict[str, AlertRule]:
    return {rule.id: rule for rule in read_alert_rules({"rules": list(rules)})}


def test_a_rule_of_ones_own_stands_beside_the_defaults() -> None:
    rules = read({"id": "slow-pay", "measure": "p95", "match": "pay.*", "above": "2s", "for": "1m", "severity": "info"})
    assert rules.keys() == {"slow-pay", *(rule.id for rule in DEFAULT_RULES)}
    slow = rules["slow-pay"]
    assert (slow.above, slow.clear_below, slow.for_s, slow.severity) == (2000, 1000, 60, INFO)


def test_a_default_is_changed_in_parts_or_switched_off() -> None:
    rules = read({"id": "failing", "above": 0.5}, {"id": "drift", "off": True})
    failing = rules["failing"]
    assert (failing.measure, failing.above, failing.clear_below, failing.least_runs) == ("failures", 0.5, 0.25, 20)
    assert rules["drift"].is_off


def test_the_same_is_read_as_json_text() -> None:
    assert read_alert_rules('{"rules": [{"id": "lint", "off": true}]}')[-1].is_off


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"measure": "p95"}, "rule 1: needs an id"),
        ({"id": "a"}, "rule 1: needs a measure, one of failures"),
        ({"id": "a", "measure": "p95"}, "rule 1: needs above, a duration, such as 2s"),
        ({"id": "a", "measure": "p95", "above": 2}, "rule 1: above: expected a duration, such as 2s"),
        ({"id": "a", "measure": "failures", "above": "much"}, "above: expected a share of the runs"),
        ({"id": "a", "measure": "host", "above": 1}, "above: host has no threshold"),
        (
            {"id": "a", "measure": "wait", "above": "1s", "clear_below": "2s"},
            "expected no more than above",
        ),
        ({"id": "a", "measure": "host", "fro": "1s"}, "rule 1: unknown 'fro'; did you mean 'for'?"),
        ({"id": "a", "measure": "host", "severity": "bad"}, "severity: expected one of critical, warning, info"),
        ("failing", "rule 1: expected a table"),
    ],
)
def test_what_is_wrong_is_said_with_what_was_expected(rule: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("?", r"\?").replace("'", ".")):
        read_alert_rules({"rules": [rule]})


@pytest.mark.parametrize("value", ["{", "[]", {"rule": []}, {"rules": {}}])
def test_what_is_no_table_of_rules_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        read_alert_rules(value)
