"""A StreamDepth in words."""

from __future__ import annotations

from collector.models.broker import BrokerConsumer, BrokerGroup
from visualizer.core.freshness import duration_words
from visualizer.core.untrusted import visible
from visualizer.models.stream_depth import IN, NEVER, NO_LIMIT, NOW, Forecast, GroupDepth, QueueDepth


def messages_words(count: int) -> str:
    """ "1 message", "1,204 messages"."""
    return f"{count:,} message{'' if count == 1 else 's'}"


def waiting_words(group: BrokerGroup, *, length: int) -> str:
    """What no consumer was given; never 0 for what is not known."""
    if group.waiting is None:
        return f"unknown, at most {messages_words(length if group.at_most is None else group.at_most)}"
    return messages_words(group.waiting) if group.waiting else "none"


def oldest_words(group: BrokerGroup) -> str:
    """How long the oldest of them waits; "" when none does."""
    if group.waiting == 0:
        return ""
    if group.oldest_s is None:
        return "unknown"
    return f"{'at most ' if group.oldest_is_bound else ''}{duration_words(group.oldest_s)}"


def work_words(group: BrokerGroup) -> str:
    """ "3 messages, 2 consumers"."""
    consumers = f"{group.consumers:,} consumer{'' if group.consumers == 1 else 's'}"
    return f"{messages_words(group.pending) if group.pending else 'none'}, {consumers}"


def drain_words(forecast: Forecast) -> str:
    """When nothing waits any more."""
    if forecast.when == IN:
        return f"in about {duration_words(forecast.seconds)}"
    words = {NOW: "nothing waits", NEVER: "not as things go: no more is read than comes in"}
    return words.get(forecast.when, "unknown")


def overflow_words(forecast: Forecast, *, most_messages: int | None) -> str:
    """When messages are trimmed unread."""
    if forecast.when == IN:
        return f"in about {duration_words(forecast.seconds)}, at {messages_words(most_messages or 0)}"
    if forecast.when == NOW:
        return f"now: {messages_words(most_messages or 0)} fit"
    if forecast.when == NEVER:
        return f"not as things go: {messages_words(most_messages or 0)} fit"
    if forecast.when == NO_LIMIT:
        return "never: no limit is declared"
    return "unknown: no config tells how many fit" if most_messages is None else "unknown"


def stuck_words(consumers: tuple[BrokerConsumer, ...], count: int) -> str:
    """ "worker-7 holds 5 messages and has not asked for 3 min"."""
    told = [
        f"{visible(each.name)} holds {messages_words(each.pending)} and has not asked for {duration_words(each.idle_s)}"
        for each in consumers
    ]
    return "; ".join([*told, f"and {count - len(told):,} more"] if count > len(told) else told)


def filling_words(queue: QueueDepth, group: GroupDepth) -> str:
    """Why it overflows: "200 messages wait for packers, 5 /s more come than are read, 1,000 fit."."""
    told, stream = group.told, queue.told
    more = max(0, (stream.added or 0) - (told.read or 0)) / stream.window_s if stream.window_s else 0.0
    grows = f"{more:,.2g} /s more come in than are read, " if more >= 0.01 else ""
    fit = f"{messages_words(queue.most_messages or 0)} fit"
    return f"{messages_words(told.waiting or 0)} wait for {visible(told.name)}, {grows}{fit}."
