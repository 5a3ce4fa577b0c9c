"""Host answers → what all hosts declare together."""

from __future__ import annotations

from collections.abc import Iterable

from collector.models.document import DOCUMENT_KINDS
from collector.models.host import ALIVE, HostAnswer
from visualizer.core.runtime_config import merge_configs, read_runtime_apps
from visualizer.models.node_id import EXPANDED
from visualizer.models.runtime_config import RuntimeConfig


def declared_config(answers: Iterable[HostAnswer], *, view: str, alive_only: bool = False) -> RuntimeConfig:
    """
    The last good answers of all hosts, joined in the order of configuration.

    Args:
        answers: in that order.
        view: the expanded view is made from the answers with expand_events=true.
        alive_only: leave out hosts that do not answer now, as hopeit's visualizer does. Otherwise they stay in the
            picture: it would be a poor moment to vanish from it.
    """
    chosen = [
        (answer.url, answer.expanded if view == EXPANDED else answer.standard)
        for answer in answers
        if answer.status == ALIVE or not alive_only
    ]
    return merge_configs(read_runtime_apps(apps, source=url) for url, apps in chosen if apps is not None)


def stopped_apps(answers: Iterable[HostAnswer]) -> frozenset[str]:
    """Keys of the apps that only hosts declare which do not answer now. A document that is gone stops no app."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for answer in answers:
        if answer.source in DOCUMENT_KINDS:
            continue
        apps = answer.standard.get("apps") if answer.standard else None
        found[answer.status == ALIVE].update(apps if isinstance(apps, dict) else ())
    return frozenset(found[False] - found[True])
