from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from collector.models.alert_rule import CRITICAL, WARNING, AlertRule
from visualizer.core.alert_roots import SLACK_S, find_roots
from visualizer.core.incident_words import affected, cloud_event, incident_title, message
from visualizer.core.incidents import update_incidents
from visualizer.models.alert import Alert, Incident, IncidentEvent

RULES = {
    "failing": AlertRule(id="failing", measure="failures", above=0.1),
    "waiting": AlertRule(id="waiting", measure="wait", above=1.0, severity=WARNING),
}
#: Who suffers from whom.
SUFFERS = {"db": {"pay", "place", "pack"}, "pay": {"place"}, "place": set[str](), "pack": set[str]()}


class Story:
    """Incidents as time goes on; keys are 1, 2 …"""

    def __init__(self) -> None:
        self.open: list[Incident] = []
        self._keys = count(1)

    def at(self, now_s: float, since_s: Mapping[str, float], *, rule: str = "failing") -> list[Incident]:
        """What is new when these subjects fire, each since when."""
        firing = [Alert(rule, subject, bad_s, firing_s=now_s, words="It fails.") for subject, bad_s in since_s.items()]
        changed = update_incidents(
            self.open,
            firing,
            find_roots(since_s, lambda subject: SUFFERS[subject]),
            rules=RULES,
            name_of=str.upper,
            new_key=lambda: str(next(self._keys)),
            now_s=now_s,
        )
        known = {incident.key: incident for incident in (*self.open, *changed)}
        self.open = [incident for incident in known.values() if not incident.resolved_s]
        told = [(each, list(each.news)) for each in changed]
        for incident in known.values():
            incident.news = []
        return [_with_news(incident, news) for incident, news in told]


def _with_news(incident: Incident, news: list[IncidentEvent]) -> Incident:
    copy = Incident(
        incident.key,
        incident.root,
        incident.severity,
        incident.opened_s,
        list(incident.members),
        incident.resolved_s,
    )
    copy.news = news
    return copy


def kinds(incident: Incident) -> list[str]:
    return [event.kind for event in incident.news]


def test_the_root_is_the_one_that_explains_the_others() -> None:
    assert find_roots({"place": 3, "pay": 2, "db": 4}, lambda each: SUFFERS[each]) == dict.fromkeys(
        ("place", "pay", "db"), "db"
    )


def test_what_began_long_after_what_it_would_explain_is_no_cause() -> None:
    roots = find_roots({"place": 0, "pay": SLACK_S + 1}, lambda each: SUFFERS[each])
    assert roots == {"place": "place", "pay": "pay"}


def test_what_comes_and_goes_is_a_member_once() -> None:
    story = Story()
    story.at(0, {"db": 0})
    for at_s in range(10, 100, 20):
        story.at(at_s, {"db": 0, "place": at_s})
        story.at(at_s + 10, {"db": 0})
    (incident,) = story.at(200, {"db": 0, "place": 195})
    assert kinds(incident) == ["joined"]
    assert [(member.subject, member.since_s, member.until_s) for member in incident.members] == [
        ("db", 0, 0.0),
        ("place", 195, 0.0),
    ]


def test_what_became_an_older_one_keeps_what_it_was() -> None:
    story = Story()
    story.at(0, {"place": 0})
    story.at(10, {"place": 0, "pack": 5})
    older, younger = sorted(story.at(20, {"place": 0, "pack": 5, "db": 4}), key=lambda each: each.key)
    assert [member.subject for member in older.live] == ["place", "pack", "db"]
    assert (younger.resolved_s, [member.until_s for member in younger.members]) == (20, [20])
    assert incident_title(younger) == "PACK: It fails"


def test_on_a_circle_the_first_is_the_root() -> None:
    assert find_roots({"a": 5, "b": 1}, lambda each: {"a", "b"} - {each}) == {"a": "b", "b": "b"}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 300)), st.data())
def test_every_subject_has_one_root_and_a_root_leads_to_itself(since_s: dict[str, int], data: st.DataObject) -> None:
    suffers = {each: data.draw(st.sets(st.sampled_from("abcdef"))) for each in since_s}
    roots = find_roots(since_s, lambda each: suffers[each])
    assert roots.keys() == since_s.keys()
    assert all(roots[root] == root for root in roots.values())


def test_a_dependency_and_thirty_behind_it_are_one_incident() -> None:
    behind = {f"n{i}": 10.0 + i % 5 for i in range(30)}
    roots = find_roots({"db": 12.0, **behind}, lambda each: behind.keys() if each == "db" else ())
    firing = [Alert("failing", each, 10, firing_s=40, words="It fails.") for each in ("db", *behind)]
    (incident,) = update_incidents([], firing, roots, rules=RULES, name_of=str.upper, new_key=lambda: "k", now_s=40)
    assert incident.root == "db"
    assert incident_title(incident) == "DB: It fails, and 30 behind it"
    title, text = message(incident, "opened", address="http://x/incidents/k")
    assert title.startswith("[critical] DB")
    assert all(each.upper() in text for each in behind)


def test_it_opens_takes_in_lets_go_and_ends() -> None:
    story = Story()
    (opened,) = story.at(40, {"pay": 10.0})
    assert (opened.root, opened.severity, kinds(opened)) == ("pay", CRITICAL, ["opened"])
    assert story.at(45, {"pay": 10.0}) == []
    (joined,) = story.at(50, {"pay": 10.0, "place": 20.0})
    assert (joined.key, kinds(joined)) == (opened.key, ["joined"])
    (left,) = story.at(90, {"place": 20.0})
    assert kinds(left) == ["left"]
    (over,) = story.at(120, {})
    assert (kinds(over), over.resolved_s) == (["left", "resolved"], 120)
    assert affected(over) == ["PLACE"]


def test_a_root_that_shows_later_takes_the_incident_over() -> None:
    story = Story()
    story.at(40, {"place": 10.0})
    (moved,) = story.at(50, {"place": 10.0, "db": 20.0})
    assert (moved.key, moved.root, kinds(moved)) == ("1", "db", ["joined", "root"])


def test_who_goes_on_failing_when_the_root_is_well_again_becomes_the_root() -> None:
    story = Story()
    story.at(40, {"db": 10.0, "place": 12.0})
    (left,) = story.at(60, {"place": 12.0})
    assert (left.root, kinds(left)) == ("db", ["left"])
    (moved,) = story.at(61 + SLACK_S, {"place": 12.0})
    assert (moved.root, kinds(moved)) == ("place", ["root"])


def test_two_with_one_root_become_the_older_one() -> None:
    story = Story()
    story.at(40, {"pay": 10.0})
    story.at(45, {"pay": 10.0, "pack": 15.0})
    changed = {each.key: each for each in story.at(60, {"pay": 10.0, "pack": 15.0, "db": 18.0})}
    assert changed["2"].resolved_s == 60
    assert (changed["1"].root, len(changed["1"].live)) == ("db", 3)
    assert [each.key for each in story.open] == ["1"]
    (over,) = story.at(90, {})
    assert over.key == "1"
    title, text = message(changed["2"], "merged", address="http://x/incidents/2")
    assert title == "Goes on in another incident: PACK"
    assert "of this one nothing more is told" in text


def test_one_is_as_grave_as_its_gravest_alert() -> None:
    story = Story()
    (mild,) = story.at(40, {"place": 10.0}, rule="waiting")
    assert mild.severity == WARNING


def test_hostile_names_stay_text_in_a_message_and_an_event() -> None:
    alert = Alert("failing", "x\u202e\n", 10, firing_s=40, words="It fails\r\nBcc: all@example.org.")
    (incident,) = update_incidents(
        [], [alert], {alert.subject: alert.subject}, rules=RULES, name_of=str, new_key=lambda: "k", now_s=40
    )
    title, _ = message(incident, "opened", address="http://x/incidents/k")
    assert title.isprintable()
    event = cloud_event(incident, "opened", event_id="e", at_s=0, address="http://x/incidents/k")
    assert (event["specversion"], event["type"], event["source"]) == (
        "1.0",
        "dev.eventscope.incident.opened",
        "http://x",
    )
    assert event["time"] == "1970-01-01T00:00:00.000+00:00"
