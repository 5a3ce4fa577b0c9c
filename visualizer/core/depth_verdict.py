"""What brokers say that a verdict on a stream cannot leave out."""

from __future__ import annotations

from visualizer.core.depth_words import filling_words, messages_words
from visualizer.core.freshness import duration_words
from visualizer.core.untrusted import visible
from visualizer.core.verdict import Verdict
from visualizer.models.stream_depth import IN, NOW, GroupDepth, QueueDepth, StreamDepth

#: What overflows later than this leaves time to look at it tomorrow.
SOON_S = 3600.0
#: So long nothing was read of what waits.
_UNREAD_S = 30.0


def with_depth(verdict: Verdict, depth: StreamDepth) -> Verdict:
    """The same verdict, or a graver one."""
    soonest = _soonest(depth)
    if soonest and soonest[1].overflow.when == NOW:
        return Verdict("fail", "Full", overflow_sentence(depth))
    if soonest and soonest[1].overflow.seconds <= SOON_S:
        return Verdict("warn", "Filling up", overflow_sentence(depth))
    unread = [
        group.told
        for queue, group in depth.groups
        if group.told.waiting and group.told.read == 0 and queue.told.window_s >= _UNREAD_S
    ]
    if unread and verdict.state in ("ok", "idle"):
        most = max(unread, key=lambda group: group.waiting or 0)
        waiting = f"{messages_words(most.waiting or 0)} wait for {visible(most.name)}"
        sentence = f"{waiting}, which has read none in the last minute."
        return Verdict("wait", "Not read", sentence)
    fresh = [queue.told for queue in depth.queues if queue.is_fresh and queue.told.added is not None]
    if verdict.state != "idle" or not fresh:
        return verdict
    written, window_s = sum(stream.added or 0 for stream in fresh), max(stream.window_s for stream in fresh)
    what, verb = messages_words(written) if written else "No message", "was" if written < 2 else "were"
    sentence = f"{what} {verb} written in the last {window_s:.0f} s, its broker says; no line tells of a reader."
    return Verdict("ok", "Moving", sentence) if written else Verdict("idle", verdict.headline, sentence)


def overflow_sentence(depth: StreamDepth) -> str:
    """When the first of its groups loses messages, and why; "" when none does."""
    soonest = _soonest(depth)
    if soonest is None:
        return ""
    queue, group = soonest
    when = f"Overflow in about {duration_words(group.overflow.seconds)}"
    is_full = group.overflow.when == NOW
    return f"{'What comes in is trimmed unread' if is_full else when}: {filling_words(queue, group)}"


def _soonest(depth: StreamDepth) -> tuple[QueueDepth, GroupDepth] | None:
    filling = [each for each in depth.groups if each[1].overflow.when in (NOW, IN)]
    return min(filling, key=lambda each: (each[1].overflow.when != NOW, each[1].overflow.seconds), default=None)
