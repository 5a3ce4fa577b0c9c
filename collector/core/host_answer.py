"""The state of a host after a round of questions."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import msgspec
from msgspec.structs import replace

from collector.core.redact_config import redact_config
from collector.models.host import ALIVE, ERROR, HostAnswer, HostPoll


def make_host_answer(
    poll: HostPoll, *, before: HostAnswer | None, url: str, position: int, at_s: float, key: bytes
) -> HostAnswer:
    """
    The new state. While a host fails, what it declared last stays.

    Args:
        before: its state until now.
        url: base URL without name and password.
        at_s: unix time of the poll, seconds.
        key: secret of this installation, see redact_config.
    """
    status = ERROR if poll.reason else ALIVE
    since_s = before.since_s if before is not None and before.status == status else at_s
    answer = HostAnswer(url=url, position=position, status=status, reason=poll.reason, since_s=since_s, polled_s=at_s)
    if poll.standard is not None and poll.expanded is not None:
        standard, expanded = redact_config(poll.standard, key=key), redact_config(poll.expanded, key=key)
        return replace(
            answer,
            latency_ms=poll.latency_ms,
            api_version=poll.api_version,
            content_hash=_content_hash(standard, expanded),
            standard=standard,
            expanded=expanded,
        )
    return answer if before is None else _with_content_of(before, answer)


def state_answer(
    before: HostAnswer | None,
    *,
    url: str,
    position: int,
    status: str,
    reason: str = "",
    at_s: float,
    version: str | None = None,
) -> HostAnswer:
    """
    The state of what is watched by others and declares nothing itself, such as a proxy's remote.

    Args:
        version: of what it is, once it was seen alive; people are told when such a one fails. None: as before.
    """
    since_s = before.since_s if before is not None and before.status == status else at_s
    known = before.api_version if before is not None else ""
    answer = HostAnswer(url=url, position=position, status=status, reason=reason, since_s=since_s, polled_s=at_s)
    return replace(answer, api_version=known if version is None else version)


def repeat_host_answer(poll: HostPoll, *, before: HostAnswer, position: int, at_s: float) -> HostAnswer:
    """The new state when the host answered byte for byte as before: nothing to read or redact again."""
    since_s = before.since_s if before.status == ALIVE else at_s
    answer = HostAnswer(url=before.url, position=position, status=ALIVE, since_s=since_s, polled_s=at_s)
    return replace(_with_content_of(before, answer), latency_ms=poll.latency_ms, api_version=poll.api_version)


def has_changed(before: HostAnswer | None, after: HostAnswer) -> bool:
    """Whether whoever draws the graph has something to do."""
    return before is None or any(
        getattr(before, name) != getattr(after, name) for name in ("status", "content_hash", "position")
    )


def _with_content_of(before: HostAnswer, answer: HostAnswer) -> HostAnswer:
    return replace(
        answer,
        api_version=before.api_version,
        content_hash=before.content_hash,
        standard=before.standard,
        expanded=before.expanded,
    )


def _content_hash(standard: dict[str, Any], expanded: dict[str, Any]) -> str:
    # Order counts: of two things with one id the later is drawn.
    return blake2b(msgspec.json.encode((standard, expanded)), digest_size=16).hexdigest()
