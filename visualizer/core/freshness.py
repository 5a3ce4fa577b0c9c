"""How old what people see may be, and what is wrong, in words: made from what every process says of itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from collector.models.heartbeat import BEAT_INTERVAL_S, CollectorBeat, RollupBeat
from visualizer.core.untrusted import visible
from visualizer.models.watch import Watch

#: Processes say a word each second: after three missed ones they count as gone.
GONE_AFTER_S = 3.0
#: After so long nothing is taken for well any more: a restart takes a moment.
BLIND_AFTER_S = 5.0
#: A word may be this old without anybody being late: we look twice a second.
DUE_AFTER_S = BEAT_INTERVAL_S + 0.5
#: A collector that is gone this long was taken away on purpose, if it hides nothing.
FORGET_AFTER_S = 3600.0
#: One that hides something is missed this long.
FORGET_HIDING_AFTER_S = 86400.0


@dataclass(frozen=True, slots=True)
class Freshness:
    """The verdict on a Watch."""

    #: Age of the oldest thing not yet shown, seconds; None while somebody who should say so is gone, and nobody knows
    #: what is not seen for it.
    behind_s: float | None
    #: What is wrong, in words for people, the gravest first.
    problems: tuple[str, ...]
    #: Log files followed.
    files: int
    #: Lines shipped since the collectors started.
    lines: int = 0
    #: Unix time of the newest entry that was ever counted; 0 when none was.
    newest_s: float = 0


def judge_freshness(watch: Watch, now_s: float, *, hidden: Mapping[str, str] | None = None) -> Freshness:
    """
    Put together what all processes said.

    Args:
        hidden: of silent collectors, what is not seen for it (hidden_words()), "" where that is nothing: all else is as
            fresh as others are.
    """
    hidden = hidden or {}
    words = {one: told for one, told in hidden.items() if told}
    collectors = expected_collectors(watch.collectors, now_s, hiding=words)
    gone = [*_gone_collectors(collectors, words, now_s), *_gone_rollups(watch, now_s)]
    until_s = seen_until_s(watch, now_s)
    if any(one.collector_id not in hidden for one in silent_collectors(collectors, now_s)):
        until_s = None
    told = [rollup.problem for rollup in watch.rollups if rollup and rollup.problem]
    told += [problem for collector in collectors for problem in collector.problems]
    if watch.receiver_problem:
        told.append(watch.receiver_problem)
    return Freshness(
        behind_s=None if until_s is None else round(now_s - until_s, 1),
        problems=(*gone, *told),
        files=sum(collector.files for collector in collectors if now_s - collector.at_s <= GONE_AFTER_S),
        lines=sum(collector.lines_total for collector in collectors),
        newest_s=max((rollup.newest_s for rollup in watch.rollups if rollup), default=0.0),
    )


def expected_collectors(
    collectors: Sequence[CollectorBeat], now_s: float, *, hiding: Container[str] = ()
) -> list[CollectorBeat]:
    """
    Those that should be there: not those whose successor on the same machine started after their last word.

    Args:
        hiding: ids of those that alone read something; they are missed for a day.
    """
    return [
        one
        for one in missed_collectors(collectors, now_s)
        if now_s - one.at_s <= FORGET_AFTER_S or one.collector_id in hiding
    ]


def missed_collectors(collectors: Sequence[CollectorBeat], now_s: float) -> list[CollectorBeat]:
    """Those that should be there, if any of them that is gone hides something."""
    newest_s = defaultdict[str, float](float)
    for one in collectors:
        # Where the clock was set back since, its start says nothing.
        if one.started_s <= one.at_s:
            host = collector_host(one.collector_id)
            newest_s[host] = max(newest_s[host], one.started_s)
    return [
        one
        for one in collectors
        if now_s - one.at_s <= FORGET_HIDING_AFTER_S and newest_s[collector_host(one.collector_id)] <= one.at_s
    ]


def silent_collectors(
    collectors: Iterable[CollectorBeat], now_s: float, *, after_s: float = GONE_AFTER_S
) -> list[CollectorBeat]:
    """Those that have said nothing for so long."""
    return [one for one in collectors if now_s - one.at_s > after_s]


def seen_until_s(watch: Watch, now_s: float) -> float | None:
    """Unix second up to which everything is counted that collectors which speak read; None while nobody sees at all."""
    speaking = [one for one in expected_collectors(watch.collectors, now_s) if now_s - one.at_s <= GONE_AFTER_S]
    if not speaking or any(_gone_rollups(watch, now_s)):
        return None
    beats: list[CollectorBeat | RollupBeat] = [*speaking, *(rollup for rollup in watch.rollups if rollup)]
    return now_s - round(max(_lag_s(beat, now_s) for beat in beats), 1)


def is_blind(watch: Watch, now_s: float) -> bool:
    """Does nobody read or count lines, though somebody did? What was well then may be anything by now."""
    said_s = [beat.at_s for beat in watch.collectors]
    counted_s = [beat.at_s for beat in watch.rollups if beat]
    return any(times and now_s - max(times) > BLIND_AFTER_S for times in (said_s, counted_s))


def _lag_s(beat: CollectorBeat | RollupBeat, now_s: float) -> float:
    """How far it was behind when it last spoke, and for how long it has been due to speak again."""
    return max(0.0, beat.at_s - beat.caught_up_s) + max(0.0, now_s - beat.at_s - DUE_AFTER_S)


def _gone_collectors(collectors: Sequence[CollectorBeat], hidden: Mapping[str, str], now_s: float) -> Iterator[str]:
    if not collectors:
        yield "No collector has reported."
    for beat in silent_collectors(collectors, now_s):
        why = f"ollector {visible(beat.collector_id)} has not reported for {duration_words(now_s - beat.at_s)}."
        # What the chip has no room for is cut at the end.
        yield f"{hidden[beat.collector_id]}: c{why}" if beat.collector_id in hidden else f"C{why}"


def _gone_rollups(watch: Watch, now_s: float) -> Iterator[str]:
    for shard, beat in enumerate(watch.rollups):
        name = "The rollup" if len(watch.rollups) == 1 else f"The rollup of shard {shard}"
        if beat is None:
            yield f"{name} has not reported."
        elif now_s - beat.at_s > GONE_AFTER_S:
            yield f"{name} has not reported for {duration_words(now_s - beat.at_s)}."


def duration_words(seconds: float) -> str:
    """12 → "12 s", 90 → "1 min", 7300 → "2 h", 800000 → "9 d"."""
    if seconds < 60:
        return f"{max(0, seconds):.0f} s"
    if seconds < 2 * 86400:
        return f"{seconds // 60:.0f} min" if seconds < 3600 else f"{seconds // 3600:.0f} h"
    return f"{seconds // 86400:.0f} d"


def collector_host(collector_id: str) -> str:
    """The machine that it runs on."""
    return collector_id.rpartition(":")[0]
