"""Says in a sentence that a limit of names was passed."""

from __future__ import annotations

from collector.models.activity import OTHER
from visualizer.core.other_names import about
from visualizer.models.passed_limit import APP_EVENTS, CONSUMER_GROUPS, PROCESSES, QUEUES, PassedLimit

_KINDS = {APP_EVENTS: "events", CONSUMER_GROUPS: "consumer groups"}


def limit_words(limit: PassedLimit, *, most: int | None) -> str:
    """
    For people, who should do something about whoever makes up so many names.

    Args:
        most: the limit itself, where it is known.
    """
    if limit.dimension == PROCESSES:
        number = f"{most:,}" if most is not None else "are kept"
        beyond = about(limit.names_beyond)
        return (
            f"App {limit.within} runs in more processes a day than {number}: of {beyond} it is not known when they ran."
        )
    kind = _KINDS.get(limit.dimension, limit.dimension)
    where = ""
    if limit.within:
        where = f" of {'stream' if limit.dimension in (QUEUES, CONSUMER_GROUPS) else 'app'} {limit.within}"
    number = f"{most:,} " if most is not None else ""
    text = f"Names beyond the limit of {number}{kind}{where} are counted as {OTHER}: {about(limit.names_beyond)} so far"
    return f"{text}; most come from app {limit.offender}." if limit.offender and limit.offender != OTHER else f"{text}."
