"""What the `info` of a document tells of its app."""

from __future__ import annotations

from collector.models.app_key import make_service_key
from collector.models.document import ACCEPT, APP_KEY
from visualizer.core.document_part import Part

#: More would be no exceptions any more.
_MOST_ACCEPTED = 200


def app_identity(document: Part) -> tuple[str, str, str]:
    """
    Key, name and version of the app.

    The key is `x-app-key`, else title and version as OpenTelemetry and JSON lines join service.name and
    service.version.
    """
    info = document.part("info")
    name, version = info.part("title").text(), info.part("version").text()
    key = info.part(APP_KEY).text()
    if not name and not key:
        document.problems.say("#/info/title", "expected the name of the app, came nothing")
    return key or make_service_key(name or "unknown_service", version), name or key, version


def accepted_findings(document: Part) -> tuple[str, ...]:
    """The texts of `x-accept`."""
    texts = (each.text().strip() for each in document.part("info", ACCEPT).items())
    return tuple(text for text in texts if text)[:_MOST_ACCEPTED]
