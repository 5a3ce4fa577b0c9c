"""Who or what changed a topology: hosts that declare something else, things that were seen, apps that went silent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256

import msgspec

from collector.models.host import HostAnswer
from visualizer.models.topology_diff import ADDED, REMOVED, Change
from visualizer.models.topology_version import CONFIG, FIRST, HIDDEN, HOST_GONE, HOST_NEW, SEEN, Cause

#: Causes of one kind that are told one by one.
_MOST = 5
_WORDS = {
    FIRST: "the first that was kept",
    CONFIG: "another config of {}",
    HOST_NEW: "{} is polled now",
    HOST_GONE: "{} is not polled any more",
    SEEN: "{} was seen",
    HIDDEN: "{} gave no sign for long and is hidden",
}

_encode = msgspec.json.Encoder(order="sorted").encode


def host_configs(answers: Iterable[HostAnswer]) -> dict[str, str]:
    """URL → hash of what each host declares. A restart, which changes only its processes, leaves it as it is."""
    return {
        answer.url: sha256(_encode([_declared(answer.standard), _declared(answer.expanded)])).hexdigest()[:16]
        for answer in answers
        if answer.standard is not None
    }


def find_causes(
    before: Mapping[str, str], after: Mapping[str, str], changes: Sequence[Change], *, old: Collection[str] = ()
) -> tuple[Cause, ...]:
    """
    Args:
        before, after: host_configs() of then and now.
        changes: between then and now.
        old: keys of the apps that are hidden now.
    """
    seen = [one.name for one in changes if one.how == ADDED and not one.declared]
    hidden = [one.id for one in changes if one.how == REMOVED and one.id in old]
    found = {
        CONFIG: [url for url, config in after.items() if before.get(url, config) != config],
        HOST_NEW: [url for url in after if url not in before],
        HOST_GONE: [url for url in before if url not in after],
        SEEN: seen,
        HIDDEN: hidden,
    }
    return tuple(
        Cause(kind, what, more=len(whats) - _MOST if place == _MOST - 1 else 0)
        for kind, whats in found.items()
        for place, what in enumerate(whats[:_MOST])
    )


def cause_words(cause: Cause) -> str:
    """ "another config of http://a:8020"."""
    more = f" and {cause.more:,} more" if cause.more else ""
    return _WORDS.get(cause.kind, "{}").format(cause.what + more)


def _declared(answer: Mapping[str, object] | None) -> object:
    apps = (answer or {}).get("apps")
    if not isinstance(apps, dict):
        return apps
    return {
        key: {name: part for name, part in info.items() if name != "servers"} if isinstance(info, dict) else info
        for key, info in apps.items()
    }
