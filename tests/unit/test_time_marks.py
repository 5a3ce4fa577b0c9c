"""What time in the page marks."""

from __future__ import annotations

from visualizer.core.time_marks import deploy_words, find_deploys, incident_mark, version_mark
from visualizer.models.alert import Incident, Member
from visualizer.models.kept_topology import KeptApp
from visualizer.models.time_mark import CONFIG, DEPLOY, INCIDENT, SEEN
from visualizer.models.topology_version import CONFIG as BY_CONFIG
from visualizer.models.topology_version import FIRST, HIDDEN, Cause, TopologyVersion
from visualizer.models.topology_version import SEEN as BY_SEEN


def app(name: str, version: str) -> KeptApp:
    return KeptApp(f"{name}.{version}", name, version)


def version(*kinds: str) -> TopologyVersion:
    causes = tuple(Cause(kind, "http://a") for kind in kinds)
    return TopologyVersion(number=7, content="c", first_s=100, last_s=160, summary="1 event added", causes=causes)


def words(before: list[KeptApp], after: list[KeptApp]) -> list[str]:
    return [deploy_words(one) for one in find_deploys(before, after)]


def test_an_app_in_another_version_is_a_deploy_whatever_the_order() -> None:
    before = [app("shop", "1.0"), app("mail", "2.0")]
    assert words(before, [app("mail", "2.0"), app("shop", "1.1")]) == ["shop 1.0 → 1.1"]
    assert words(before, before[::-1]) == []


def test_versions_side_by_side_are_all_named() -> None:
    both = [app("shop", "1.1"), app("shop", "1.0")]
    assert words([app("shop", "1.0")], both) == ["shop 1.0 → 1.0 + 1.1"]
    assert words(both, [app("shop", "1.1")]) == ["shop 1.0 + 1.1 → 1.1"]


def test_an_app_that_is_new_or_gone_is_no_deploy() -> None:
    assert words([app("shop", "1.0")], [app("mail", "1.0")]) == []


def test_a_name_that_turns_text_around_has_no_effect() -> None:
    assert words([app("a\u202eb", "1")], [app("a\u202eb", "2")]) == [r"a\u202eb 1 → 2"]


def test_a_version_is_marked_by_what_brought_it() -> None:
    deployed = find_deploys([app("shop", "1.0")], [app("shop", "1.1")])
    assert version_mark(version(FIRST)) is None
    marks = [version_mark(version(BY_CONFIG), deployed), version_mark(version(BY_CONFIG, BY_SEEN))]
    marks += [version_mark(version(BY_SEEN)), version_mark(version(HIDDEN))]
    told = [(mark.kind, mark.words) for mark in marks if mark]
    assert told == [
        (DEPLOY, "shop 1.0 → 1.1; 1 event added"),
        (CONFIG, "another config of http://a; http://a was seen; 1 event added"),
        (SEEN, "http://a was seen; 1 event added"),
        (SEEN, "http://a gave no sign for long and is hidden; 1 event added"),
    ]
    assert marks[0]
    assert (marks[0].at_s, marks[0].until_s, marks[0].about) == (100.0, 100.0, "7")


def test_an_incident_is_marked_from_its_beginning_to_its_end() -> None:
    members = [Member(rule="failing", subject="shop.pay", name="pay", since_s=90, words="It fails.")]
    mark = incident_mark(Incident("k1", "shop.pay", "critical", 100.0, members, resolved_s=160.0))
    assert (mark.kind, mark.at_s, mark.until_s, mark.severity) == (INCIDENT, 100.0, 160.0, "critical")
    assert (mark.about, mark.words) == ("k1", "pay: It fails")
