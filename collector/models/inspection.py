"""What `manage.py inspect_logs` finds in files. With `--json` it is printed as it stands, but for `problems`."""

from __future__ import annotations

import msgspec


class InspectedFile(msgspec.Struct):
    """One file that was read."""

    #: As the pattern spells it.
    path: str
    #: Name of the format that reads it; None when none fits.
    format: str | None
    #: How sure it is, 0 to 1.
    confidence: float
    #: Its size when it was read.
    bytes: int
    #: Its lines; the last one counts without a newline, too.
    lines: int
    #: Name of the format that comes nearest, also when it does not fit.
    nearest: str = ""
    #: The first thing that is not the nearest format's, and what was expected; "" for none.
    complaint: str = ""
    #: Where no format fits: the first lines, redacted, printable, cut.
    first_lines: tuple[str, ...] = ()


class InspectedEntry(msgspec.Struct, order=True):
    """Executions of one event with one status."""

    #: Key of the app it ran in: "simple_example.0x30".
    app: str
    #: Event with its stage; a plugin's event stands as "basic_auth.0x30.login".
    event: str
    #: "START", "DONE", "FAILED", "IGNORED".
    status: str
    #: How many.
    count: int


class Inspection(msgspec.Struct):
    """All of it."""

    #: Every file that was read, in the order of the patterns.
    files: list[InspectedFile]
    #: What is counted, sorted.
    entries: list[InspectedEntry]
    #: Reason → lines that are no entries.
    skipped: dict[str, int]
    #: Lines read a second.
    lines_per_s: int
    #: For people: why files or lines are not seen, a sentence each.
    problems: list[str] = []
