"""An incident in words: for people who are woken by it, and as a CloudEvent for machines."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from visualizer.core.freshness import duration_words
from visualizer.core.untrusted import visible
from visualizer.models.alert import Incident

#: Names in a message; the page lists all.
MOST_NAMES = 30
_TYPE = "dev.eventscope.incident."


def incident_title(incident: Incident) -> str:
    """One line: what, and how much follows from it."""
    behind = affected(incident)
    more = f", and {len(behind)} behind it" if behind else ""
    return visible(f"{incident.head.name}: {incident.head.words.rstrip('.')}{more}")


def affected(incident: Incident) -> list[str]:
    """Names of what follows from the root, each once, in the order in which it came."""
    return list(dict.fromkeys(each.name for each in incident.members if each.subject != incident.head.subject))


def message(incident: Incident, kind: str, *, address: str) -> tuple[str, str]:
    """
    (title, text) of a notification.

    Args:
        kind: opened | changed | merged | resolved.
        address: of the incident's page.
    """
    behind, head = affected(incident), incident.head
    began = f"{datetime.fromtimestamp(head.since_s, UTC):%Y-%m-%d %H:%M:%S} UTC"
    if kind == "resolved":
        title = f"Well again: {visible(head.name)}"
        lines = [f"It began at {began} and took {duration_words(incident.resolved_s - head.since_s)}."]
    elif kind == "merged":
        title = f"Goes on in another incident: {visible(head.name)}"
        lines = ["Both have one root; of this one nothing more is told. Its page names the other."]
    else:
        title = f"[{incident.severity}] {incident_title(incident)}"
        lines = [f"{visible(head.name)}: {visible(head.words)}", f"Since {began}."]
    if behind:
        names = ", ".join(visible(name) for name in behind[:MOST_NAMES])
        more = f" and {len(behind) - MOST_NAMES} more" if len(behind) > MOST_NAMES else ""
        lines.append(f"Behind it: {names}{more}.")
    return title, "\n".join([*lines, address])


def cloud_event(incident: Incident, kind: str, *, event_id: str, at_s: float, address: str) -> dict[str, Any]:
    """
    The same as a CloudEvent 1.0 (structured JSON).

    Source: https://github.com/cloudevents/spec, version 1.0.2. `id` stays the same at each try, so that who gets one
    twice knows it; `subject` is the incident's key, the same from its opening to its end.
    """
    title, text = message(incident, kind, address=address)
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": address.partition("/incidents/")[0] or "/",
        "type": _TYPE + kind,
        "subject": incident.key,
        "time": datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": {
            "incident": incident.key,
            "severity": incident.severity,
            "title": title,
            "text": text,
            "url": address,
            "root": incident.root,
            "opened_s": incident.opened_s,
            "resolved_s": incident.resolved_s or None,
            "alerts": [
                {
                    "rule": member.rule,
                    "subject": member.subject,
                    "name": member.name,
                    "since_s": member.since_s,
                    "until_s": member.until_s or None,
                    "words": member.words,
                }
                for member in incident.members
            ],
        },
    }
