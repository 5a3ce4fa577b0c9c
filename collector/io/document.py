"""Reading one document from a file or a URL, bounded in bytes and time, and only when it is another one than before."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from collector.models.document import DocumentAddress
from collector.models.document_text import DocumentText
from collector.models.errors import HostProblem

if TYPE_CHECKING:
    import httpx2

#: For the whole answer.
DEADLINE_S = 10.0
#: The largest public OpenAPI documents have some 7 MB.
MAX_DOCUMENT_BYTES = 8 * 1024 * 1024
MAX_ETAG_CHARS = 512


def read_document_file(address: DocumentAddress, *, stamp: str = "") -> DocumentText | None:
    """
    The text of a file; None when it is still the one of this stamp.

    Raises:
        HostProblem: it cannot be read; the message is the reason shown.
    """
    try:
        descriptor = os.open(address.address, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            return _read_file(descriptor, stamp)
        finally:
            os.close(descriptor)
    except OSError as exc:
        raise HostProblem(exc.strerror or type(exc).__name__) from None


def _read_file(descriptor: int, stamp: str) -> DocumentText | None:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise HostProblem("expected a file, came a folder, pipe or device")
    now = f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}"
    if now == stamp:
        return None
    with open(descriptor, "rb", closefd=False) as file:
        text = file.read(MAX_DOCUMENT_BYTES + 1)
    if len(text) > MAX_DOCUMENT_BYTES:
        raise HostProblem(f"larger than {MAX_DOCUMENT_BYTES // 1024 // 1024} MiB")
    return DocumentText(text, now)


async def fetch_document(
    client: httpx2.AsyncClient, address: DocumentAddress, *, stamp: str = "", deadline_s: float = DEADLINE_S
) -> DocumentText | None:
    """
    The text behind a URL; None when the server says that it is still the one of this stamp, its ETag.

    Args:
        client: of polite_get: no redirects, no proxies, no cookies.

    Raises:
        HostProblem: it cannot be had; the message is the reason shown and holds nothing of the URL or the answer.
    """
    from collector.io.polite_get import ask, read_body

    async def question() -> DocumentText | None:
        headers = {"If-None-Match": stamp} if stamp else {}
        async with client.stream("GET", address.address, headers=headers) as answer:
            if answer.status_code == 304 and stamp:
                return None
            text = await read_body(answer, what="the server", most_bytes=MAX_DOCUMENT_BYTES)
            etag = answer.headers.get("etag", "")
            # What cannot be sent back is no help.
            return DocumentText(text, etag if etag.isascii() and len(etag) <= MAX_ETAG_CHARS else "")

    return await ask(address.address, question, deadline_s=deadline_s)
