"""
Reading a Watch from Redis. Asking and decoding are apart, so that the blocking views and the asynchronous hub share
both: `ask_watch(pipe)`, execute the pipeline in one's own colour, `watch_from(replies)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec
import redis

from collector.models import redis_keys
from collector.models.document import DOCUMENT_KINDS
from collector.models.heartbeat import CollectorBeat, RollupBeat
from visualizer.models.watch import HostState, Watch

#: A web process that has not told its viewers for this long is gone.
VIEWERS_FRESH_S = 10.0
T = TypeVar("T")


def read_watch(client: redis.Redis) -> Watch:
    """
    The watch, for blocking code.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    shards = Watch(layout=_text(client.get(redis_keys.LAYOUT))).shards
    with client.pipeline(transaction=False) as pipe:
        ask_watch(pipe, shards=shards, hosts=True)
        return watch_from(pipe.execute())


def read_viewers(client: redis.Redis, *, now_s: float) -> int:
    """
    Open live pages of all web processes.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    told = (_text(reply).partition(":") for reply in client.hvals(redis_keys.VIEWERS))
    fresh = (count for count, _, at_s in told if _number(at_s) > now_s - VIEWERS_FRESH_S)
    return int(sum(_number(count) for count in fresh))


def ask_watch(pipe: Any, *, shards: int, hosts: bool) -> None:
    """Queue the commands on a pipeline, blocking or not; `hosts` too, which carry all that they declare."""
    pipe.get(redis_keys.LAYOUT)
    pipe.get(redis_keys.TOPOLOGY_VERSION)
    pipe.get(redis_keys.EVIDENCE_VERSION)
    pipe.get(redis_keys.STANDSTILLS_VERSION)
    pipe.get(redis_keys.CONFIG_VERSION)
    pipe.hvals(redis_keys.COLLECTORS)
    pipe.get(redis_keys.WORKER)
    pipe.get(redis_keys.BEAT)
    pipe.get(redis_keys.RECEIVER_PROBLEM)
    if hosts:
        pipe.hvals(redis_keys.HOSTS)
    else:
        pipe.echo("")
    for shard in range(shards):
        pipe.get(redis_keys.rollup_beat(shard))


def watch_from(replies: list[Any]) -> Watch:
    """The watch from the replies; what is damaged counts as not there."""
    layout, topology_version, evidence_version, standstills_version, config_version, *others = replies
    collectors, worker, beat, receiver, hosts, *rollups = others
    # Documents are kept beside hosts; they run nothing that could be down.
    states = sorted(_decoded(hosts or (), _host_state), key=lambda host: (host.position, host.url))
    return Watch(
        layout=_text(layout),
        topology_version=_text(topology_version),
        evidence_version=_text(evidence_version),
        standstills_version=_text(standstills_version),
        config_version=_text(config_version),
        collectors=tuple(sorted(_decoded(collectors, _collector_beat), key=lambda beat: beat.collector_id)),
        rollups=tuple(next(_decoded([reply], _rollup_beat), None) if reply else None for reply in rollups),
        hosts=tuple(state for state in states if state.source not in DOCUMENT_KINDS),
        documents=tuple(state for state in states if state.source in DOCUMENT_KINDS),
        receiver_problem=_text(receiver),
        worker_at_s=_at_s(worker),
        beat_at_s=_at_s(beat),
    )


def _at_s(reply: bytes | None) -> float:
    return next((seen.at_s for seen in _decoded([reply or b""], _seen)), 0)


class _Seen(msgspec.Struct):
    at_s: float


_collector_beat = msgspec.json.Decoder(CollectorBeat)
_rollup_beat = msgspec.json.Decoder(RollupBeat)
_host_state = msgspec.json.Decoder(HostState)
_seen = msgspec.json.Decoder(_Seen)


def _decoded(replies: Iterable[bytes], decoder: msgspec.json.Decoder[T]) -> Iterator[T]:
    for reply in replies:
        try:
            yield decoder.decode(reply)
        except msgspec.DecodeError:
            continue


def _text(reply: bytes | str | None) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply or ""


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
