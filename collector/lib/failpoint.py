"""
Named places where a test lets a process die: EVENTSCOPE_FAILPOINT=after_commit:3 kills it with SIGKILL when it passes
the place "after_commit" for the third time. Without the variable a place costs one comparison.
"""

from __future__ import annotations

import os
import signal

FAILPOINT_VARIABLE = "EVENTSCOPE_FAILPOINT"

_name, _, _count = os.environ.get(FAILPOINT_VARIABLE, "").partition(":")
_passes_left = int(_count or 1)


def failpoint(name: str) -> None:
    """Die here if this is the place and the pass."""
    global _passes_left
    if name != _name:
        return
    _passes_left -= 1
    if _passes_left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
