"""StreamFlows: what went into the streams of a broker and out of them, from several looks at its counters."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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


#: What is older than the window is remembered once in so many seconds, so often: an hour.
_MARK_EVERY_S = 60.0
_MOST_MARKS = 60


@dataclass(slots=True)
class _Past:
    """What was seen of one stream."""

    #: Of the last FLOW_WINDOW_S.
    looks: deque[_Look] = field(default_factory=deque)
    #: A few that are older.
    marks: deque[_Look] = field(default_factory=lambda: deque(maxlen=_MOST_MARKS))

    def forget_before(self, at_s: float) -> None:
        """Keep a mark now and then of what is older."""
        while self.looks and self.looks[0].at_s < at_s:
            look = self.looks.popleft()
            if not self.marks or look.at_s - self.marks[-1].at_s >= _MARK_EVERY_S:
                self.marks.append(look)


class StreamFlows:
    """The past of every stream of one broker."""

    def __init__(self) -> None:
        self._pasts: dict[str, _Past] = {}

    def add(self, streams: Iterable[BrokerStream], *, at_s: float) -> tuple[BrokerStream, ...]:
        """
        The streams with what went in and out since the first look of the window. What a counter that went back would
        tell, as that of a stream that was made anew, is not known.

        Args:
            at_s: the broker's clock, unix seconds.
        """
        before, self._pasts = self._pasts, {}
        return tuple(self._look(stream, before.get(stream.name, _Past()), at_s) for stream in streams)

    def _look(self, stream: BrokerStream, past: _Past, at_s: float) -> BrokerStream:
        looks = past.looks
        if looks and (looks[-1].at_s >= at_s or _is_made_anew(stream, looks[-1])):
            past = _Past()
        past.forget_before(at_s - FLOW_WINDOW_S - 1)
        flowing = _with_flow(stream, past, at_s) if past.looks else stream
        positions = {group.name: group.position for group in stream.groups}
        past.looks.append(_Look(at_s, stream.added_total, stream.last_id, positions))
        self._pasts[stream.name] = past
        return flowing


def _with_flow(stream: BrokerStream, past: _Past, at_s: float) -> BrokerStream:
    first, looks = past.looks[0], [*past.marks, *past.looks]
    return replace(
        stream,
        added=_grown(first.added_total, stream.added_total),
        window_s=at_s - first.at_s,
        groups=tuple(
            replace(
                group,
                read=_grown(first.positions.get(group.name), group.position),
                at_most=_at_most(group, stream, looks) if group.waiting is None else None,
                oldest_s=_oldest_s(group, looks, at_s) if group.oldest_is_bound else group.oldest_s,
            )
            for group in stream.groups
        ),
    )


def _oldest_s(group: BrokerGroup, looks: Sequence[_Look], at_s: float) -> float | None:
    """What waits now came after every look at which all there was had been given to somebody."""
    ages = [at_s - look.at_s for look in looks if look.last_id <= group.given_id]
    return min(ages if group.oldest_s is None else [*ages, group.oldest_s], default=None)


def _at_most(group: BrokerGroup, stream: BrokerStream, looks: Sequence[_Look]) -> int | None:
    """What was written since the last look at which all there was had been given to somebody."""
    counts = [look.added_total for look in looks if look.last_id <= group.given_id and look.added_total is not None]
    return min(stream.length, stream.added_total - max(counts)) if counts and stream.added_total is not None else None


def _is_made_anew(stream: BrokerStream, look: _Look) -> bool:
    before, now = look.added_total, stream.added_total
    return before is not None and now is not None and now < before


def _grown(before: int | None, now: int | None) -> int | None:
    return now - before if before is not None and now is not None and now >= before else None
