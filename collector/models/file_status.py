"""FileStatus: how one followed file is doing, as its collector says once a second while that changes; JSON in Redis."""

from __future__ import annotations

import msgspec

#: Lines are coming or wait to be read.
READING = "reading"
#: All of it is read.
QUIET = "quiet"
#: Something waits, and Redis or the rollup cannot take it.
WAITING = "waiting"
#: It cannot be opened or read, or is no file to be read.
UNREADABLE = "unreadable"
#: It is left alone for a reason, such as being a copy of a file that is read.
RESTS = "rests"
#: Renamed out of the patterns or deleted; read through its descriptor until nothing comes any more.
GONE = "gone"
STATES = (READING, QUIET, WAITING, UNREADABLE, RESTS, GONE)

#: Rates look back this far.
RATE_WINDOW_S = 10


class FileStatus(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file. Times are unix seconds by the collector's clock, sizes bytes, texts untrusted."""

    #: Where it was last seen.
    path: str
    #: One of STATES.
    state: str
    #: "" for a file, else the application that asks it: then sizes are messages.
    kind: str = ""
    #: Why, in words; of what reads and of what is quiet, what people should know of it.
    reason: str = ""
    #: See collector/models/file_record.py; "" until it is found out who the file is.
    file_id: str = ""
    #: Counts the contents it had.
    generation: int = 0
    #: The largest size seen of this content.
    size_bytes: int = 0
    #: How far it is shipped.
    offset: int = 0
    #: Complete lines that are not shipped yet.
    lag_bytes: int = 0
    #: Since when the oldest of them wait, as far as it can be known; 0 when nothing waits.
    behind_since_s: float = 0.0
    #: Shipped lines a second over the last RATE_WINDOW_S.
    lines_per_s: float = 0.0
    #: Name of the format that reads it; "" before the first line.
    format: str = ""
    #: How sure that is, 0 to 1.
    confidence: float = 0.0
    #: What the nearest format did not understand; "" when one fits.
    complaint: str = ""
    #: First lines of a file that fits no format, redacted and cut.
    first_lines: tuple[str, ...] = ()
    #: The newest line's own time; when none has one, when it was read; 0 while none was shipped.
    last_line_s: float = 0.0


encode_status = msgspec.json.Encoder().encode
decode_status = msgspec.json.Decoder(FileStatus).decode
