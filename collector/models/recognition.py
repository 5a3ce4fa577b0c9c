"""Recognition: which format a source's lines are in, how sure that is, and what is wrong where none fits."""

from __future__ import annotations

from dataclasses import dataclass

#: From here on a format is sure enough not to be asked again, unless most of its lines turn out to be none.
SURE = 0.5
#: Below, a format does not fit at all; it may still be the nearest one.
FITS = 0.01


@dataclass(frozen=True, slots=True)
class Recognition:
    """What the lines of one source look like."""

    #: Name of the format that reads them; "" when none fits, then they are counted as unparsable.
    format: str
    #: How sure it is, 0 to 1.
    confidence: float
    #: Name of the format that comes nearest, also when it does not fit.
    nearest: str
    #: For people: the first thing that is not the nearest format's, and what was expected; "" for none. Redacted.
    complaint: str
    #: Where no format fits: the first lines, redacted, printable, cut.
    first_lines: tuple[str, ...] = ()
    #: Whether the settings say so; then lines that look otherwise change nothing.
    is_set: bool = False
