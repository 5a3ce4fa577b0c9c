"""How far apart moments are that differ, and at which times a replay shows one."""

from __future__ import annotations

from collections.abc import Sequence

from collector.models.resolution import WRITTEN_S, Resolution
from visualizer.core.history_steps import finest_kept
from visualizer.models.live import STATE_WINDOW_S

#: Frames of one answer: 5 minutes of 10 s, half an hour of minutes.
MOST_FRAMES = 31
#: Lines of the last seconds may still be on their way: a frame is not told before they are counted.
SETTLED_S = 5


def moment_step_s(resolutions: Sequence[Resolution], at_s: float, *, now_s: float) -> int:
    """The width of the buckets that a moment is made of: within so long nothing of it changes."""
    return max(WRITTEN_S[-1], finest_kept(resolutions, max(0, at_s - STATE_WINDOW_S), now_s=now_s))


def frame_times(resolutions: Sequence[Resolution], from_s: float, *, now_s: float) -> range:
    """The times of the frames from the one that is shown at a time on; none of what is not over yet."""
    step_s = moment_step_s(resolutions, from_s, now_s=now_s)
    first_s = int(from_s) - int(from_s) % step_s
    return range(first_s, min(first_s + MOST_FRAMES * step_s, newest_frame_s(now_s) + 1), step_s)


def newest_frame_s(now_s: float) -> int:
    """The newest time of which there can be a frame."""
    settled_s = int(now_s - SETTLED_S)
    return settled_s - settled_s % WRITTEN_S[-1]
