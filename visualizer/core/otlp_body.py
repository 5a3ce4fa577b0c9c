"""The body of an OTLP request → the one line it is kept as. Whoever sent it may want to hurt: everything is bounded."""

from __future__ import annotations

import zlib

import msgspec

from collector.models.otlp_spool import MAX_LINE_BYTES
from visualizer.models.errors import BadOtlpBody

#: As it comes, maybe compressed.
MAX_BODY_BYTES = 4 * 1024 * 1024
#: Decoded; with its newline it is a line the collector reads.
MAX_DECODED_BYTES = MAX_LINE_BYTES - 1
#: Parts one after the other are one text; a sender has no reason for many.
_MAX_GZIP_MEMBERS = 16
_GZIP = 16 + zlib.MAX_WBITS


class _Request(msgspec.Struct):
    # Undecoded: a list may be made to fill the memory.
    resourceSpans: msgspec.Raw = msgspec.Raw(b"[]")  # noqa: N815 – the names are the format's
    resourceLogs: msgspec.Raw = msgspec.Raw(b"[]")  # noqa: N815


_decode = msgspec.json.Decoder(_Request).decode


def otlp_line(body: bytes, *, signal: str, encoding: str) -> bytes:
    """
    The request as one line of JSON without its newline; b"" when there is nothing in it.

    Args:
        signal: "resourceSpans" or "resourceLogs": what the address takes.
        encoding: of Content-Encoding; "" for none.

    Raises:
        BadOtlpBody: with the status of the answer. No message shows anything of the body.
    """
    text = _decoded(body, encoding)
    try:
        wanted = bytes(getattr(_decode(text), signal)).strip()
        if not wanted.startswith(b"["):
            raise BadOtlpBody(400, f"the body is no export request: expected a list under {signal}")
        if not wanted[1:-1].strip():
            return b""
        line = msgspec.json.format(text, indent=-1)
    except msgspec.ValidationError as exc:
        raise BadOtlpBody(400, "the body is no export request: expected an object") from exc
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise BadOtlpBody(400, "the body is no JSON") from exc
    except RecursionError as exc:
        raise BadOtlpBody(400, "the body is nested too deeply") from exc
    if b"\n" in line:
        raise BadOtlpBody(400, "the body is no JSON: a text in it goes over lines")
    return line


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise BadOtlpBody(415, "the encoding of the body is not known, expected gzip or none")
    text = b""
    for _ in range(_MAX_GZIP_MEMBERS):
        member = zlib.decompressobj(_GZIP)
        try:
            text += member.decompress(body, MAX_DECODED_BYTES + 1 - len(text))
        except zlib.error as exc:
            raise BadOtlpBody(400, "the body is no gzip") from exc
        if len(text) > MAX_DECODED_BYTES:
            raise BadOtlpBody(413, f"the body is larger than {MAX_LINE_BYTES // 1024 // 1024} MiB when it is decoded")
        if not member.eof:
            raise BadOtlpBody(400, "the body ends inside its gzip")
        body = member.unused_data
        if not body:
            return text
    raise BadOtlpBody(400, f"the body has more than {_MAX_GZIP_MEMBERS} gzip members")
