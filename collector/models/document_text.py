"""The text of a document as it was read."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DocumentText:
    """Bytes, with what tells whether they are still the same. Secrets may be in them."""

    #: Everything that was read.
    text: bytes = field(repr=False)
    #: Of a file: device, inode, size and time of change; of a URL: its ETag, "" without one.
    stamp: str
