"""What lines tell of runs that begin and end: which run it is, and what is shown of one that stays open."""

from __future__ import annotations

import re
from typing import NamedTuple

from collector.core.hopeit_execution import shown_id
from collector.core.hopeit_extras import TRACK, parse_extras, track_id
from collector.core.hopeit_head import SECOND_BYTES, SEPARATOR, TIMESTAMP_BYTES, strip_line, unix_second
from collector.core.open_runs import PlaceRuns

#: As the engine writes them.
_PLAIN_IDS = re.compile(rb" \| track\.operation_id=([0-9a-f-]{36}) \| track\.request_id=([0-9a-f-]{36}) \| ")


class LoneRun(NamedTuple):
    """A line of a window that was read by itself, and tells of a run."""

    #: Offset of the line in its source.
    offset: int
    #: Where it counts.
    place: PlaceRuns
    #: Tells its run apart.
    identity: bytes
    #: Whether it begins its run; else it ends it.
    is_start: bool


def read_start(chunk: bytes, place: int) -> tuple[float, str, str]:
    """Unix time, operation id and request id of the START whose line begins at this place of the chunk."""
    end = chunk.find(b"\n", place)
    line = strip_line(chunk[place:] if end < 0 else chunk[place:end])
    at_s = (unix_second(line[:SECOND_BYTES]) or 0) + int(line[SECOND_BYTES + 1 : TIMESTAMP_BYTES]) / 1000
    plain = _PLAIN_IDS.match(line, line.find(TRACK, TIMESTAMP_BYTES))
    if plain:
        return at_s, plain[1].decode(), plain[2].decode()
    track = parse_extras(line.split(SEPARATOR, 4)[-1]).track
    operation_id, request_id = (track_id(track, name) for name in (b"track.operation_id", b"track.request_id"))
    return at_s, shown_id(operation_id), shown_id(request_id)
