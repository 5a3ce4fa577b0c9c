"""Why a connection failed, in words for people that hold nothing the other side sent."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

_OS_REASONS = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EPIPE: "connection reset",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ENETUNREACH: "no route to the host",
    errno.ETIMEDOUT: "no answer",
    errno.EMFILE: "too many open files here",
}


def connection_reason(exc: BaseException) -> str:
    """The reason, looked for in everything the error came from; "" when there is none that is known."""
    for cause in _causes(exc):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"certificate not trusted: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return "TLS failed"
        if isinstance(cause, socket.gaierror):
            return "host name not found"
        if isinstance(cause, OSError) and cause.errno in _OS_REASONS:
            return _OS_REASONS[cause.errno]
    return ""


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    """The error and everything it came from; asyncio gathers the tries of several addresses in a group."""
    while exc is not None:
        yield exc
        if isinstance(exc, BaseExceptionGroup):
            for one in exc.exceptions:
                yield from _causes(one)
        exc = exc.__cause__ or exc.__context__
