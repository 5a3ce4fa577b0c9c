"""One round of questions to one host's config endpoint. Whatever the host does, it ends in time and in few bytes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from hashlib import sha256

import httpx2

from collector.core.runtime_config import read_runtime_config
from collector.io.polite_get import DEADLINE_S, ask, polite_get
from collector.lib.shown_url import without_userinfo
from collector.models.errors import HostProblem
from collector.models.host import HostPoll

_PATH = "/api/config-manager/{version}/runtime-apps-config"


async def poll_host(
    client: httpx2.AsyncClient, url: str, *, versions: Sequence[str], deadline_s: float = DEADLINE_S
) -> HostPoll:
    """
    Ask for the config with expand_events=false, then true.

    Args:
        url: base URL; a name and password in it are sent as basic authentication, and only so.
        versions: API versions to try, in order; the first that is not answered by 404 is the one.

    Returns:
        The answers, or the reason in words. Never raises for anything a host does.
    """
    try:
        return await ask(url, lambda: _ask_both(client, url, versions), deadline_s=deadline_s)
    except HostProblem as problem:
        return HostPoll(reason=str(problem))


async def _ask_both(client: httpx2.AsyncClient, url: str, versions: Sequence[str]) -> HostPoll:
    for version in versions:
        start = time.perf_counter()
        body = await _ask(client, url, version, expand_events="false")
        latency_ms = (time.perf_counter() - start) * 1000
        if body is None:
            continue
        standard = read_runtime_config(body)
        expanded_body = await _ask(client, url, version, expand_events="true")
        if expanded_body is None:
            raise HostProblem("answered 404 to expand_events=true")
        return HostPoll(
            api_version=version,
            latency_ms=latency_ms,
            standard=standard,
            expanded=read_runtime_config(expanded_body),
            raw_hash=sha256(b"%d:%b%b" % (len(body), body, expanded_body)).digest(),
        )
    raise HostProblem(f"404 from every known version ({', '.join(versions)})")


async def _ask(client: httpx2.AsyncClient, url: str, version: str, *, expand_events: str) -> bytes | None:
    params = {"url": without_userinfo(url), "expand_events": expand_events}
    return await polite_get(client, url + _PATH.format(version=version), params=params, what="the config endpoint")
