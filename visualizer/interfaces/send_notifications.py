"""
The flow: what is due in the outbox → channels → what came of it.

At least once: who dies between sending and noting it leaves the row, and after its lease it is sent again under the
same id.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import msgspec
from celery.exceptions import SoftTimeLimitExceeded

from collector.lib.secret import Secret
from visualizer.core.incident_words import cloud_event, message
from visualizer.interfaces.task_watch import problem_of
from visualizer.io.apprise_channel import send_apprise
from visualizer.io.webhook import send_webhook
from visualizer.models.alert import IncidentEvent
from visualizer.models.errors import ChannelFailed
from visualizer.repo.incident_models import KeptIncident, Notification
from visualizer.repo.incidents import add_lines, incident_from
from visualizer.repo.notifications import RESOLVED, mark_failed, mark_sent, take_next

#: Sent in one go; each may take its time. A channel that fails is left alone until the next.
_MOST = 20
#: After so long the rest waits for the next go.
_MOST_S = 30.0

#: Name of a channel → its address.
Channels = Mapping[str, Secret]


def channels_of(webhooks: tuple[Secret, ...], apprise: tuple[Secret, ...]) -> Channels:
    """Channels by name: kind and place in the settings, for their addresses are secrets."""
    named = {f"webhook {place}": url for place, url in enumerate(webhooks, start=1)}
    return named | {f"apprise {place}": url for place, url in enumerate(apprise, start=1)}


def send_notifications(channels: Channels, *, base_url: str, now_s: float) -> int:
    """
    Send what is due; returns how much was sent.

    Args:
        base_url: of the page, without a slash at its end; incidents are linked under it.

    Raises:
        django.db.DatabaseError: what was sent may be sent again.
    """
    began, sent, failed = time.monotonic(), 0, set[str]()
    for _ in range(_MOST):
        took_s = time.monotonic() - began
        due = take_next(now_s=now_s + took_s, without=failed) if took_s < _MOST_S else None
        if due is None:
            break
        problem = _try(due, channels, base_url=base_url, now_s=now_s + took_s)
        if problem:
            failed.add(due.channel)
        else:
            sent += 1
    return sent


def _try(due: Notification, channels: Channels, *, base_url: str, now_s: float) -> str:
    """Send it and say what came of it; returns why it was not taken."""
    began = time.monotonic()
    try:
        _send(due, channels, base_url=base_url, now_s=now_s)
    except Exception as exc:
        # Whatever one of them does, the others are sent.
        problem = str(exc) if isinstance(exc, ChannelFailed) else problem_of(exc)
        held_back = mark_failed(due, problem, now_s=now_s + time.monotonic() - began)
        if not due.tries:
            _note(due.incident, "not_sent", f"{due.channel} was not told, and is tried again: {problem}.", now_s=now_s)
        for incident in held_back:
            words = f"{due.channel} is told later: held back, as it did not take what came before."
            _note(incident, "held_back", words, now_s=now_s)
        if isinstance(exc, SoftTimeLimitExceeded):
            raise
        return problem
    mark_sent(due, now_s=now_s)
    _note(due.incident, "sent", f"{due.channel} was told ({due.kind}).", now_s=now_s)
    return ""


def _send(due: Notification, channels: Channels, *, base_url: str, now_s: float) -> None:
    secret = channels.get(due.channel)
    if secret is None:
        raise ChannelFailed("expected it in the settings, it is not there any more")
    incident, address = incident_from(due.incident), f"{base_url}/incidents/{due.incident.key}"
    # What was over before anybody was told is told as it was: nobody is told of an end alone.
    if due.channel.startswith("webhook"):
        event = cloud_event(incident, due.kind, event_id=due.event_id, at_s=now_s, address=address)
        send_webhook(secret.get_secret_value(), msgspec.json.encode(event))
        return
    title, text = message(incident, due.kind, address=address)
    kind = RESOLVED if due.kind == RESOLVED else incident.severity
    send_apprise(secret.get_secret_value(), title=title, text=text, kind=kind)


def _note(incident: KeptIncident, kind: str, words: str, *, now_s: float) -> None:
    add_lines(incident, [IncidentEvent(now_s, kind, words)])
