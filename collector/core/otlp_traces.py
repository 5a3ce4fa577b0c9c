"""
Traces: who called whom, put together from spans that come in any order, from several files, and perhaps never.

A client span and the server span that is its child are one call; so are a client span of a database, and one that
nobody answers within TTL_S. The caller is the nearest span around it that served somebody, in the same app. Everything
is bounded: what does not fit is let go of as if its time were over, and counted.

Source: the servicegraph connector of the OpenTelemetry Collector pairs in the same way, by (trace, span) and
(trace, parent).
"""

from __future__ import annotations

from collections import OrderedDict, deque

import msgspec

from collector.core.otlp_span import Reading
from collector.models.activity import CALL, PUBLISH, ActivityKey

#: Batches of exporters leave every 5 s.
TTL_S = 10.0
MAX_SPANS = 20_000
MAX_READY = 20_000
#: A chain of spans that is longer, or goes round, has no beginning.
_MAX_STEPS = 64


class Noted(msgspec.Struct):
    """What is remembered of a span."""

    parent_id: str
    app: str
    #: Unix second of its beginning.
    second: int
    failed: bool
    is_server: bool
    #: None for a part of something.
    reading: Reading | None


class Call(msgspec.Struct, frozen=True):
    """One call that is understood."""

    second: int
    caller: ActivityKey
    callee: ActivityKey
    failed: bool


class _Trace:
    __slots__ = ("answers", "open", "seen_s", "spans")

    def __init__(self) -> None:
        self.spans: dict[str, Noted] = {}
        #: Ids of calls whose ends are not both known yet.
        self.open: list[str] = []
        #: Id of the calling span → what served it.
        self.answers: dict[str, ActivityKey] = {}
        self.seen_s = 0.0


class Traces:
    """Shared by all sources of a process: each service may write a file of its own."""

    def __init__(self, *, max_spans: int = MAX_SPANS) -> None:
        #: Calls that nobody answered within TTL_S, and are taken for calls to something outside or nothing at all.
        self.unanswered = 0
        #: Spans that were let go of before their time, for want of room.
        self.evicted = 0
        #: Calls that are understood, for whoever takes them away.
        self.ready: deque[Call] = deque(maxlen=MAX_READY)
        self._max_spans = max_spans
        self._spans = 0
        self._traces: OrderedDict[str, _Trace] = OrderedDict()
        self._touched: set[str] = set()

    def add(self, trace_id: str, span_id: str, noted: Noted, *, received_s: float) -> None:
        """Remember a span; one that is known is a repeat."""
        trace = self._traces.get(trace_id)
        if trace is None:
            trace = self._traces[trace_id] = _Trace()
        elif span_id in trace.spans:
            return
        else:
            self._traces.move_to_end(trace_id)
        trace.seen_s = received_s
        trace.spans[span_id] = noted
        reading = noted.reading
        if reading is not None:
            if noted.is_server and noted.parent_id:
                trace.answers[noted.parent_id] = reading.key
            if reading.key.kind in (CALL, PUBLISH):
                trace.open.append(span_id)
        self._touched.add(trace_id)
        self._spans += 1
        if self._spans > self._max_spans:
            self._let_go_of_oldest()

    def key_of(self, trace_id: str, span_id: str) -> ActivityKey | None:
        """What ran in a span that is remembered."""
        trace = self._traces.get(trace_id)
        steps = _MAX_STEPS
        while trace is not None and (noted := trace.spans.get(span_id)) is not None and steps:
            if noted.reading is not None:
                return noted.reading.key
            span_id, steps = noted.parent_id, steps - 1
        return None

    def settle(self, *, received_s: float) -> None:
        """Look at what has changed, and let go of what is over."""
        for trace_id in self._touched:
            trace = self._traces.get(trace_id)
            if trace is not None and trace.open:
                trace.open = [span_id for span_id in trace.open if not self._understand(trace, span_id, final=False)]
        self._touched.clear()
        while self._traces and received_s - next(iter(self._traces.values())).seen_s >= TTL_S:
            self._finish()

    def _let_go_of_oldest(self) -> None:
        # The newest trace may be larger than everything: then it starts again.
        self.evicted += len(next(iter(self._traces.values())).spans)
        self._finish()

    def _finish(self) -> None:
        _, trace = self._traces.popitem(last=False)
        self._spans -= len(trace.spans)
        for span_id in trace.open:
            self._understand(trace, span_id, final=True)

    def _understand(self, trace: _Trace, span_id: str, *, final: bool) -> bool:
        """Is there nothing more to wait for?"""
        noted = trace.spans[span_id]
        reading = noted.reading
        assert reading is not None
        callee: ActivityKey | None = reading.key
        if reading.key.kind == CALL:
            callee = trace.answers.get(span_id)
            if callee is None and reading.is_alone:
                callee = reading.external
            elif callee is None:
                if not final:
                    return False
                self.unanswered += 1
                callee = reading.external
        is_known, caller = _find_caller(trace, noted)
        if not is_known and not final:
            return False
        if caller is None and reading.key.kind == CALL:
            caller = reading.key
        if caller is not None and callee is not None:
            self.ready.append(Call(noted.second, caller, callee, noted.failed))
        return True


def _find_caller(trace: _Trace, noted: Noted) -> tuple[bool, ActivityKey | None]:
    """(Is it clear?, the span around it that served somebody); nobody where the app's own spans end without one."""
    parent_id = noted.parent_id
    for _ in range(_MAX_STEPS):
        if not parent_id:
            return True, None
        parent = trace.spans.get(parent_id)
        if parent is None:
            return False, None
        if parent.app != noted.app:
            return True, None
        if parent.reading is not None and parent.reading.is_entry:
            return True, parent.reading.key
        parent_id = parent.parent_id
    return True, None
