"""Which of the things that fire is the cause of which others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

#: Windows, polls and waiting times blur when something began: a cause may be noticed so much later than what it causes.
SLACK_S = 120.0


def find_roots(since_s: Mapping[str, float], suffers: Callable[[str], Collection[str]]) -> dict[str, str]:
    """
    Subject → the subject it follows from; a root leads to itself.

    What explains most goes first: whatever explains a cause explains what that causes, too. On a circle, where each
    explains the others, the one that began first is the root.

    Args:
        since_s: subject → unix second since when it is wrong.
        suffers: subject → subjects that suffer while it is wrong.
    """
    explained = {
        one: {
            other
            for other in since_s.keys() & set(suffers(one))
            if other != one and since_s[one] <= since_s[other] + SLACK_S
        }
        for one in since_s
    }
    roots: dict[str, str] = {}
    for one in sorted(since_s, key=lambda each: (-len(explained[each]), since_s[each], each)):
        if one not in roots:
            roots[one] = one
            roots |= {other: one for other in explained[one] if other not in roots}
    return roots
