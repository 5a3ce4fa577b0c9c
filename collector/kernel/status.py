"""Status: what the applications say of themselves, gathered for the collector's heartbeat."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from collector.models.heartbeat import CollectorBeat

log = logging.getLogger(__name__)
#: More than a page can show; the rest is only a number.
MAX_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How one source application is doing."""

    #: The last unix time at which nothing it could read was waiting to be shipped; 0 before the first.
    caught_up_s: float
    #: Files it follows.
    files: int = 0
    #: Bytes that wait in them.
    backlog_bytes: int = 0
    #: Configured pattern → what it matches now.
    patterns: Mapping[str, int] = field(default_factory=dict)


class Status:
    """A service of the registry: sources and problems are told here, the sink makes a beat of it."""

    def __init__(self, *, collector_id: str, host_id: str, started_s: float) -> None:
        #: "<host id>:<pid>".
        self.collector_id = collector_id
        #: See collector/io/host_id.py.
        self.host_id = host_id
        #: Unix time when this process started, seconds.
        self.started_s = started_s
        #: Lines shipped since then.
        self.lines_total = 0
        self._sources: dict[str, Callable[[], SourceStatus]] = {}
        self._counters: dict[str, Callable[[], int]] = {}
        self._problems: dict[str, str] = {}

    def add_source(self, name: str, status: Callable[[], SourceStatus]) -> None:
        """Have this source asked at each beat; `collect --once` waits until all of them have caught up."""
        self._sources[name] = status

    def add_counter(self, name: str, count: Callable[[], int]) -> None:
        """Have this number told with each beat; it becomes a label of a metric, so names are few and fixed."""
        self._counters[name] = count

    def set_problem(self, key: str, text: str) -> bool:
        """Show people a problem until it is cleared. True when it is a new one (so that it is logged once)."""
        new = self._problems.get(key) != text
        self._problems[key] = text
        return new

    def tell(self, key: str, text: str) -> None:
        """set_problem, and a line in our own log when it is a new one."""
        if self.set_problem(key, text):
            log.warning("%s", text)

    def clear_problem(self, key: str) -> bool:
        """The problem is over. True when there was one."""
        return self._problems.pop(key, None) is not None

    def problem(self, *keys: str) -> str:
        """The first of these problems that there is now; "" when there is none."""
        return next((self._problems[key] for key in keys if key in self._problems), "")

    def problems_of(self, prefix: str) -> list[str]:
        """The problems whose keys begin like this: "file:" for files that cannot be read."""
        return sorted(text for key, text in self._problems.items() if key.startswith(prefix))

    @property
    def problems(self) -> list[str]:
        """All problems, at most MAX_PROBLEMS and a line that says how many more."""
        texts = sorted(set(self._problems.values()))
        more = len(texts) - MAX_PROBLEMS + 1
        return texts if more <= 1 else [*texts[: MAX_PROBLEMS - 1], f"… and {more} more"]

    def caught_up_s(self) -> float:
        """The last unix time at which no source had anything waiting; 0 while one never was there."""
        return min((ask().caught_up_s for ask in self._sources.values()), default=0.0)

    def beat(self, *, at_s: float) -> CollectorBeat:
        """The heartbeat as of now."""
        sources = [ask() for ask in self._sources.values()]
        return CollectorBeat(
            collector_id=self.collector_id,
            at_s=at_s,
            started_s=self.started_s,
            # A collector without sources has nothing to be behind of.
            caught_up_s=min((source.caught_up_s for source in sources), default=at_s),
            files=sum(source.files for source in sources),
            backlog_bytes=sum(source.backlog_bytes for source in sources),
            lines_total=self.lines_total,
            counters={name: count() for name, count in self._counters.items()},
            patterns={pattern: count for source in sources for pattern, count in source.patterns.items()},
            problems=self.problems,
        )
