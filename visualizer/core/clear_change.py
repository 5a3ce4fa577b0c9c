"""
Which change of behaviour is clear: much, on enough runs, and more than chance brings (docs/comparing.md).

Where hundreds of nodes are compared at once, some differ by chance: of what looks much is asked how likely it is if
nothing changed, by the binomial distribution of what both sides had together.
"""

from __future__ import annotations

from math import exp, lgamma, log, log1p

from visualizer.models.topology_diff import Behaviour

#: As for the state of a node (core/node_state.py): fewer failures or runs than these may be chance.
LEAST_FAILED = 3
LEAST_RUNS = 20
#: So many times the share of failures, or the runs, is much; so many times the p95.
TWICE = 2.0
SLOWER = 1.5
#: What chance brings more seldom than this is no chance.
LEAST_CHANCE = 0.001
#: Terms that add less than this share are left out.
_EXACT = 1e-9


def fails_more(before: Behaviour, after: Behaviour) -> bool:
    """Does a clearly larger share fail after than before? For less, ask the other way round."""
    was, now = before.failed_percent or 0.0, after.failed_percent or 0.0
    if before.runs < LEAST_RUNS or after.failed < LEAST_FAILED or now < TWICE * was:
        return False
    share = after.runs / (before.runs + after.runs)
    return chance(after.failed, before.failed + after.failed, share) < LEAST_CHANCE


def runs_more(before: int, after: int) -> bool:
    """Are clearly more runs after than before, in as much time? For fewer, ask the other way round."""
    if after < LEAST_RUNS or after < TWICE * before:
        return False
    return chance(after, before + after, 0.5) < LEAST_CHANCE


def slow_more(before: tuple[int, int], after: tuple[int, int]) -> bool:
    """
    Is a clearly larger share of runs slow after than before?

    Args:
        before, after: (slow runs, measured runs).
    """
    (slow_before, of_before), (slow_after, of_after) = before, after
    if min(of_before, of_after) < LEAST_RUNS:
        return False
    return chance(slow_after, slow_before + slow_after, of_after / (of_before + of_after)) < LEAST_CHANCE


def chance(hits: int, of: int, share: float) -> float:
    """How likely so many hits or more are, where each of so many is one with this probability in (0, 1)."""
    if hits <= of * share:
        return 1.0
    ways = lgamma(of + 1) - lgamma(hits + 1) - lgamma(of - hits + 1)
    total = term = exp(ways + hits * log(share) + (of - hits) * log1p(-share))
    for hit in range(hits, of):
        term *= (of - hit) / (hit + 1) * share / (1 - share)
        total += term
        if term <= _EXACT * total:
            break
    return total
