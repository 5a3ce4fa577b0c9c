"""The newest lines of a chunk, for people to read: executions, and messages of their events."""

from __future__ import annotations

from collections import Counter

from collector.core.batch_builder import BatchBuilder, Route
from collector.core.hopeit_execution import make_route
from collector.core.hopeit_extras import parse_extras
from collector.core.hopeit_head import (
    EXECUTIONS,
    SECOND_BYTES,
    SEPARATOR,
    STATS,
    TIMESTAMP_BYTES,
    Head,
    parse_head,
    parse_logger_name,
    strip_line,
)
from collector.core.hopeit_routes import HopeitRoutes
from collector.core.labels import clean_label, printable
from collector.core.redact import redact_text
from collector.models.batch import NewLine
from collector.models.log_span import MAX_LINE_BYTES

#: Lines of one activity.
MAX_OF_ACTIVITY = 20
MAX_TEXT_CHARS = 400
#: Bytes in which secrets are looked for: what is shown, and room for those that are taken out.
_SEARCHED_BYTES = 1000


def keep_newest(chunk: bytes, routes: HopeitRoutes, batch: BatchBuilder, *, most: int) -> None:
    """
    Keep the chunk's last lines, the newest first. A message does not say of which stage, stream or queue it is: it
    is shown with the last execution that its logger wrote before it.

    Args:
        most: lines.
    """
    if not most:
        return
    last = chunk.rstrip(b"\n").rsplit(b"\n", most)[-most:]
    of_logger: dict[bytes, Route] = {}
    found: list[tuple[float, Head, Route]] = []
    for line in last:
        read = _read(line, routes, of_logger) if len(line) < MAX_LINE_BYTES else None
        if read is not None:
            found.append(read)
    counts: Counter[int] = Counter()
    for timestamp_s, head, route in reversed(found):
        key = batch.key_index(route.key)
        counts[key] += 1
        if counts[key] <= MAX_OF_ACTIVITY:
            level = clean_label(head.level)
            batch.newest(NewLine(timestamp_s, key, batch.server_index(route.server), level, _shown(head)))


def _read(line: bytes, routes: HopeitRoutes, of_logger: dict[bytes, Route]) -> tuple[float, Head, Route] | None:
    text = strip_line(line)
    head = parse_head(text)
    if head is None or (head.level, head.message) == STATS:
        return None
    status = EXECUTIONS.get((head.level, head.message))
    if status is None:
        route = of_logger.get(head.logger) or routes.last_of_logger.get(head.logger)
    else:
        name = parse_logger_name(head.logger)
        route = make_route(name, parse_extras(head.extras), status) if name else None
        if route:
            of_logger[head.logger] = route
    if route is None:
        return None
    return head.second + int(text[SECOND_BYTES + 1 : TIMESTAMP_BYTES]) / 1000, head, route


def _shown(head: Head) -> str:
    text = head.message + SEPARATOR + head.extras if head.extras else head.message
    if len(text) > _SEARCHED_BYTES:
        # At a blank, for half a token would not be known for a secret.
        text = text[:_SEARCHED_BYTES].rpartition(b" ")[0]
    return printable(redact_text(text.decode("utf-8", "backslashreplace")))[:MAX_TEXT_CHARS]
