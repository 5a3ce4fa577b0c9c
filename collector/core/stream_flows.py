"""StreamFlows: what went into the streams of a broker and out of them, from several looks at its counters."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from collector.models.broker import FLOW_WINDOW_S, BrokerGroup, BrokerStream


@dataclass(frozen=True, slots=True)
class _Look:
    """Counters of one stream at one moment."""

    #: The broker's clock, unix seconds.
    at_s: float
    #: As in BrokerStream.
    added_total: int | None
    last_id: tuple[int, int]
    #: Group → how far it had read.
    positions: dict[str, int | None]


class StreamFlows:
    """The looks of the last FLOW_WINDOW_S at every stream of one broker."""

    def __init__(self) -> None:
        self._looks: dict[str, deque[_Look]] = {}

    def add(self, streams: Iterable[BrokerStream], *, at_s: float) -> tuple[BrokerStream, ...]:
        """
        The streams with what went in and out since the first look of the window. What a counter that went back would
        tell, as that of a stream that was made anew, is not known.

        Args:
            at_s: the broker's clock, unix seconds.
        """
        before, self._looks = self._looks, {}
        return tuple(self._look(stream, before.get(stream.name, deque()), at_s) for stream in streams)

    def _look(self, stream: BrokerStream, looks: deque[_Look], at_s: float) -> BrokerStream:
        if looks and (looks[-1].at_s >= at_s or _is_made_anew(stream, looks[-1])):
            looks.clear()
        while looks and looks[0].at_s < at_s - FLOW_WINDOW_S - 1:
            looks.popleft()
        flowing = _with_flow(stream, looks, at_s) if looks else stream
        positions = {group.name: group.position for group in stream.groups}
        looks.append(_Look(at_s, stream.added_total, stream.last_id, positions))
        self._looks[stream.name] = looks
        return flowing


def _with_flow(stream: BrokerStream, looks: Sequence[_Look], at_s: float) -> BrokerStream:
    first = looks[0]
    return replace(
        stream,
        added=_grown(first.added_total, stream.added_total),
        window_s=at_s - first.at_s,
        groups=tuple(
            replace(
                group,
                read=_grown(first.positions.get(group.name), group.position),
                oldest_s=_oldest_s(group, looks, at_s) if group.oldest_is_bound else group.oldest_s,
            )
            for group in stream.groups
        ),
    )


def _oldest_s(group: BrokerGroup, looks: Sequence[_Look], at_s: float) -> float | None:
    """What waits now came after every look at which all there was had been given to somebody."""
    ages = [at_s - look.at_s for look in looks if look.last_id <= group.given_id]
    return min(ages if group.oldest_s is None else [*ages, group.oldest_s], default=None)


def _is_made_anew(stream: BrokerStream, look: _Look) -> bool:
    before, now = look.added_total, stream.added_total
    return before is not None and now is not None and now < before


def _grown(before: int | None, now: int | None) -> int | None:
    return now - before if before is not None and now is not None and now >= before else None
