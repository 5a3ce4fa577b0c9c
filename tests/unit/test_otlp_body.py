from __future__ import annotations

import gzip
import json
import zlib

import pytest

from collector.models.otlp_spool import MAX_LINE_BYTES
from tests.otlp_line import SERVER, export, export_logs, span
from visualizer.core.otlp_body import otlp_line
from visualizer.models.errors import BadOtlpBody

REQUEST = export("shop", span("a\nb", SERVER, span_id="1"))
SPANS = "resourceSpans"


def refused(body: bytes, *, encoding: str = "", signal: str = SPANS) -> tuple[int, str]:
    with pytest.raises(BadOtlpBody) as caught:
        otlp_line(body, signal=signal, encoding=encoding)
    return caught.value.status, str(caught.value)


@pytest.mark.parametrize("indent", [None, 2])
def test_a_request_is_one_line_however_it_was_written(indent: int | None) -> None:
    body = json.dumps(REQUEST, indent=indent).encode()
    for sent, encoding in ((body, ""), (body, "identity"), (gzip.compress(body), "gzip")):
        line = otlp_line(sent, signal=SPANS, encoding=encoding)
        assert json.loads(line) == REQUEST
        assert b"\n" not in line


def test_logs_are_taken_where_logs_are_taken() -> None:
    body = json.dumps(export_logs("shop", {"body": {"stringValue": "x"}})).encode()
    assert otlp_line(body, signal="resourceLogs", encoding="")
    assert otlp_line(body, signal=SPANS, encoding="") == b""


@pytest.mark.parametrize("body", [b"{}", b'{"resourceSpans":[]}', b'{"resourceMetrics":[{}]}'])
def test_an_empty_request_is_no_line(body: bytes) -> None:
    assert otlp_line(body, signal=SPANS, encoding="") == b""


@pytest.mark.parametrize(
    ("body", "encoding", "status", "says"),
    [
        (b"", "", 400, "no JSON"),
        (b"{", "", 400, "no JSON"),
        (b"\xff\xfe", "", 400, "no JSON"),
        (b'{"resourceSpans":[NaN]}', "", 400, "no JSON"),
        (b"[1]", "", 400, "no export request"),
        (b'{"resourceSpans":"hunter2"}', "", 400, "no export request"),
        (b'{"resourceSpans":[' + b"[" * 200_000 + b"]" * 200_000 + b"]}", "", 400, "nested"),
        (b'{"resourceSpans":[{"a":"b\nc"}]}', "", 400, "no JSON"),
        (b"{}", "br", 415, "expected gzip"),
        (b"{}", "gzip", 400, "no gzip"),
        (gzip.compress(b"{}", mtime=0)[:-9], "gzip", 400, "ends inside"),
        (gzip.compress(b"{}", mtime=0) + b"rest", "gzip", 400, "no gzip"),
        (gzip.compress(b"", mtime=0) * 100_000, "gzip", 400, "members"),
        (gzip.compress(b" " * (MAX_LINE_BYTES + 1), mtime=0), "gzip", 413, "8 MiB"),
        (gzip.compress(b" " * MAX_LINE_BYTES, mtime=0), "gzip", 413, "8 MiB"),
        (gzip.compress(b" " * 5_000_000, mtime=0) * 2, "gzip", 413, "8 MiB"),
    ],
)
def test_what_is_no_request_is_refused_without_showing_it(body: bytes, encoding: str, status: int, says: str) -> None:
    found, message = refused(body, encoding=encoding)
    assert (found, says in message) == (status, True), message
    assert "hunter2" not in message


def test_a_bomb_is_left_at_the_limit() -> None:
    packer, zeros = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS), b"\0" * 1_000_000
    # Behind a full flush a part depends on none before: the second one stands for 999.
    first, other = (packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    bomb = first + 999 * other + packer.flush()
    assert len(bomb) < 2_000_000
    assert refused(bomb, encoding="gzip")[0] == 413
