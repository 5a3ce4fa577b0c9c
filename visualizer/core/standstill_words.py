"""What stands still at a node, in words: what, on what it rests, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime

from visualizer.core.freshness import duration_words
from visualizer.core.untrusted import quoted
from visualizer.models.standstill import GONE, STOPPED, STUCK, Standstill
from visualizer.models.trouble import Trouble


def standstill_trouble(found: Standstill, *, now_s: float) -> Trouble:
    """The words on it."""
    if found.kind == STUCK:
        return _stuck(found, now_s)
    since = f"{_clock(found.since_s)} ({duration_words(now_s - found.since_s)} ago)"
    if found.kind == GONE:
        hosts = ", ".join(map(quoted, found.names))
        which = f"its host {hosts} has not" if found.count == 1 else f"none of its {found.count} hosts ({hosts}) has"
        return Trouble(
            "Host gone",
            f"Since {since} {which} answered, and no line of its app came. Start it again, or take the host out of "
            "the settings.",
        )
    if found.kind == STOPPED:
        return Trouble(
            "Service stopped",
            f"It ran last at {since}; up to {duration_words(found.limit_s)} of silence is right, three times what is "
            "usual. See whether its process lives, and what its log says last.",
        )
    who = f"the consumer group {quoted(found.names[0])}" if found.names else "its consumer"
    return Trouble(
        "Fed, and not consumed",
        f"About {found.count:,} messages were written in the last 30 s, and {who} started nothing; it read last at "
        f"{since}. See whether the consumer runs, and start it again where it hangs.",
    )


def _stuck(found: Standstill, now_s: float) -> Trouble:
    runs = "1 run is stuck" if found.count == 1 else f"{found.count:,} runs are stuck"
    whose = "the default, as nobody declares one" if found.is_default else "as declared"
    age = duration_words(now_s - (found.since_s - found.limit_s))
    more = f" {found.more:,} more are open, known by number only." if found.more else ""
    where = ""
    if found.oldest and len({(run.host_name, run.pid) for run in found.oldest}) == 1:
        who = "It runs" if found.count == 1 else "All of the oldest run"
        where = f" {who} on {quoted(found.oldest[0].host_name)} · {quoted(found.oldest[0].pid)}."
    return Trouble(
        runs,
        f"Begun and not ended within {found.limit_s:g} s ({whose}). The oldest began {age} ago, and was to have ended "
        f"by {_clock(found.since_s)}.{where}{more} See what these wait for; where the process is gone, start it again.",
    )


def _clock(at_s: float) -> str:
    return f"{datetime.fromtimestamp(at_s, UTC):%H:%M:%S} UTC"
