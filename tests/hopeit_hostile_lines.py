"""Strategies of lines as hopeit.engine writes them, lines that are nearly so, or only look so."""

from __future__ import annotations

from uuid import UUID

from hypothesis import strategies as st

from tests.hopeit_line import STREAM, hopeit_line

_TIMES = ("2026-11-22 18:27:15,378", "2026-11-22 18:27:15,000", "2026-11-22 18:27:16,001", "2024-02-29 23:59:59,999")
_BAD_TIMES = (
    "2026-11-22 18:27:15,3x8",
    "2026-11-22 18:27:15.378",
    "2026-11-22 24:00:00,000",
    "2026-11-22 18:60:00,000",
    "2026-11-22 18:27:60,000",
    "2026-11-22 1/:27:00,000",
    "2026-11-22 18:27:15,37:",
    "2026-02-30 18:27:15,378",
    "0000-11-22 18:27:15,378",
    "2026-11-22T18:27:15,378",
    "2026-11-22 18:27:15",
    "２026-11-22 18:27:15,378",
)
_LOGGERS = (
    "a 1 e vm 1",
    "simple-example 0.30 streams.process_events vm 29066",
    "a 1 e vm 2",
    "b 1 e vm 1",
    "simple-example 0.30 streams.process_events vm 29067",
    "hopeit.engine 0.30.1 engine vm 1",
    "track. 1 e vm 1",
    "metrics.duration= 1 e vm 1",
    "a 1 e vm",
    "My App 1.0 " + "e" * 300 + " vm 1",
    "x" * 1100 + " 1 e vm 1",
    "",
    "a  | b",
)
_MESSAGES = (
    "START",
    "DONE",
    "FAILED",
    "IGNORED",
    "STATS",
    "START ",
    "STARTED",
    "Saving…",
    "",
    "DON",
    "IGNORED | START",
)
_LEVELS = ("", "INFO", "ERROR", "WARNING", "DEBUG")
_CALLS = (
    "",
    STREAM,
    "response.status=200",
    "response.status=404",
    "service.app_key=a.1 | service.event_name=save$__service__",
    STREAM.replace("express", "AUTO"),
    "extra.a=b",
    "response.status=200 | response.status=200",
    "stream.name=" + "s" * 1000,
)
_NUMBERS = (
    *("0.000", "0.001", "1.500", "39.286", "9999999.999", "12345678.123", "123456789012.500", "-1.000", "nan", "inf"),
    *("1e5", "", "x", "1.5", "1.5000", "1_0.000", "+1.000", " 1.000", "1.000 ", "0x1.000", "٣.000", "1..000", ".000"),
)
_usual_numbers = st.integers(0, 10**10).map(lambda us: f"{us // 1000}.{us % 1000:03d}")
_numbers = st.integers(0, 9).flatmap(lambda kind: st.sampled_from(_NUMBERS) if kind < 2 else _usual_numbers)
_metrics = st.one_of(
    st.just(""),
    _numbers.map("metrics.duration={}".format),
    st.tuples(_numbers, _numbers).map(lambda n: f"metrics.duration={n[0]} | metrics.request_elapsed={n[1]}"),
    st.tuples(_numbers, _numbers).map(lambda n: f"metrics.duration={n[0]} | metrics.stream_age={n[1]}"),
    st.tuples(_numbers, _numbers, _numbers).map(
        lambda n: f"metrics.duration={n[0]} | metrics.stream_age={n[1]} | metrics.request_elapsed={n[2]}"
    ),
    st.sampled_from(("metrics.request_elapsed=1.000 | metrics.stream_age=2.000", "metrics.duration=1.000 | extra.a=b")),
)
#: What somebody who calls may write into a value that is tracked.
_FORGED = (
    "x | track.request_id=evil | y",
    "x | metrics.duration=9.000",
    "x | event.app=evil.1x0",
    "x | event.app=evil.1x0 | event.plugin=p.1",
    "x | track.operation_id=1",
    "x" * 36,
    "x" * 31 + " | yz",
    "x | trace=%5B%5D",
    "é" * 18,
    "\x00\x1b[31m\u2028",
    "",
    "|" * 36,
)
_ids = st.integers(0, 40).map(lambda n: str(UUID(int=n * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)))
_values = st.integers(0, 9).flatmap(lambda kind: st.sampled_from(_FORGED) if kind < 2 else _ids)
_tracks = st.one_of(
    st.tuples(_values, _values).map(
        lambda v: f"track.operation_id={v[0]} | track.request_id={v[1]} | track.request_ts=2026-11-22T18:27:11+00:00"
    ),
    st.tuples(_values, _values).map(lambda v: f"track.operation_id={v[0]} | track.request_id={v[1]}"),
    st.tuples(_values, _values, _values).map(
        lambda v: (
            f"track.operation_id={v[0]} | track.client_app_key={v[1]} | track.request_id={v[2]} | stream.msg_id=1-0"
        )
    ),
    _values.map("track.request_id={}".format),
    st.sampled_from(("", "track.", "track", "track.x")),
)
_TAILS = (
    "event.app=simple_example.0x30",
    "event.app=a.1",
    "event.app=a.1 | event.plugin=basic_auth.0x30",
    "event.app=a.1 | trace=%5B%5D",
    "event.app=a.1 | event.plugin=p.1 | event.plugin=evil.1",
    "event.app=",
    "event.app=" + "a" * 300,
    "event.app=a.1\r",
    "",
)
_ENDS = ("\n", "\n", "\n", "\n", "\r\n", "\r\r\n")


@st.composite
def _engine_lines(draw: st.DrawFn) -> bytes:
    """As the engine writes them, most of them; but for one place, the others."""
    odd = draw(st.sampled_from((*[""] * 20, "time", "logger", "message", "level", "call", "tail", "end")))

    def pick(place: str, usual: tuple[str, ...], unusual: tuple[str, ...]) -> str:
        return draw(st.sampled_from(unusual if place == odd else usual))

    message = pick("message", ("START", "DONE", "DONE", "FAILED"), _MESSAGES)
    metrics = draw(_metrics) if message == "DONE" or odd else ""
    return hopeit_line(
        message,
        *filter(None, (pick("call", _CALLS[:2], _CALLS), metrics, draw(_tracks), pick("tail", _TAILS[:1], _TAILS))),
        time=pick("time", _TIMES, _BAD_TIMES),
        level=pick("level", ("",), _LEVELS),
        logger=pick("logger", _LOGGERS[:2], _LOGGERS),
        end=pick("end", ("\n",), _ENDS),
    )


@st.composite
def _damaged_lines(draw: st.DrawFn) -> bytes:
    """An engine's line with a piece cut out, written twice, or overwritten."""
    line = draw(_engine_lines())[:-1]
    begin = draw(st.integers(0, len(line)))
    end = draw(st.integers(begin, len(line)))
    put = draw(st.sampled_from((b"", b"\0", b"|", b" | ", b"\xff", b"\xef\xbb\xbf", line[begin:end] * 2)))
    return line[:begin] + put + line[end:] + b"\n"


_messages = st.builds(
    hopeit_line,
    st.sampled_from(_MESSAGES),
    st.sampled_from(("extra.n=1", "metrics.stream.rate=1.000", "extra.a=b | metrics.duration=1.000 | track.x=1")),
    level=st.sampled_from(_LEVELS),
    logger=st.sampled_from(_LOGGERS),
    time=st.sampled_from(_TIMES + _BAD_TIMES[:2]),
)
_other_lines = st.one_of(
    st.binary(max_size=40).map(lambda data: data.replace(b"\n", b" ") + b"\n"),
    st.sampled_from((b"\n", b"\r\n", b"  Field required [type=missing]\n", b"\0\0\0", b"\xef\xbb\xbf")),
    st.sampled_from((b"2026-11-22 18:27:15,378\n", b"2026-11-22 18:27:15,378 | INFO | a 1 e vm 1 | START\n")),
    st.sampled_from((b"2026-11-22 18:27:15,378 | INFO | a 1 e vm 1 | \n", b"2026-11-22 18:27:15,378 | INFO | a\n")),
)


@st.composite
def any_lines(draw: st.DrawFn) -> bytes:
    """Anything that may stand in a file, with its newline but perhaps one. Seven of ten are an engine's."""
    kind = draw(st.integers(0, 9))
    return draw((_damaged_lines(), _messages, _other_lines)[kind] if kind < 3 else _engine_lines())
