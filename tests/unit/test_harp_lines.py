"""HARP's log → batches, against the recordings; what is expected is read from the raw lines by other means."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
import svcs
from hypothesis import given
from hypothesis import strategies as st

from collector.applications.formats.harp import Harp
from collector.applications.formats.hopeit import Hopeit
from collector.applications.formats.json_lines import JsonLines
from collector.kernel.application import Bind
from collector.kernel.bus import Bus
from collector.kernel.formats import Formats
from collector.lib.sampling import EVERYTHING
from collector.models.activity import Status
from collector.models.batch import LogBatch, encode_batch
from collector.models.keep import COUNTS_ONLY, Keep
from collector.models.options import Options
from tests.world import FIXTURES

LOGS = FIXTURES / "harp" / "logs"
JSON_LOGS = sorted(LOGS.glob("json*.log"))


def parse(data: bytes, keep: Keep = COUNTS_ONLY) -> LogBatch:
    batch = Harp().make_parser().parse(data, offset=0, received_s=1.0, keep=keep).batch
    assert batch.size_bytes == len(data)
    assert all(cell.count <= cell.size_bytes for cell in batch.counts)
    return batch


def runs(batch: LogBatch) -> Counter[tuple[str, str]]:
    """(event, status) → count."""
    found: Counter[tuple[str, str]] = Counter()
    for cell in batch.counts:
        assert batch.keys[cell.key].app == "harp"
        found[batch.keys[cell.key].event, Status(cell.status).name] += cell.count
    return found


def expected(log: Path) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """Runs, and lines that are none by reason, from the words of the lines alone."""
    found: Counter[tuple[str, str]] = Counter()
    others: Counter[str] = Counter()
    for text in log.read_text("utf-8").splitlines():
        if not text.startswith("{"):
            others["unparsable"] += 1
            continue
        words = json.loads(text)["event"].split()
        logger = json.loads(text)["logger"]
        if logger == "hypercorn.access":
            method, status = words[5].strip('"'), words[8]
            found[f"access.{method}", "START"] += 1
            found[f"access.{method}", "FAILED" if status[0] == "5" else "DONE"] += 1
        elif logger.endswith("proxy.controllers") and words[0] == "▶":
            found[f"proxy.{words[1]}", "START"] += 1
        elif logger.endswith("proxy.controllers") and words[0] == "◀":
            failed = words[1] == "HttpError" or words[1][0] == "5"
            found[f"proxy.{json.loads(text)['method']}", "FAILED" if failed else "DONE"] += 1
        else:
            others["message"] += 1
    return found, others


@pytest.mark.parametrize("log", JSON_LOGS, ids=lambda log: log.name)
def test_every_line_of_a_recording_is_counted_as_what_it_says(log: Path) -> None:
    batch = parse(log.read_bytes())
    found, others = expected(log)
    assert runs(batch) == found
    assert {reason: each.lines for reason, each in batch.skipped.items()} == others


def test_the_recorded_session_has_the_requests_that_were_made() -> None:
    totals: Counter[tuple[str, str]] = Counter()
    for (event, status), count in runs(parse((LOGS / "json.log").read_bytes())).items():
        totals[event.partition(".")[0], status] += count
    assert totals["proxy", "START"] == totals["proxy", "DONE"] + totals["proxy", "FAILED"] == 400
    assert totals["access", "START"] == 443


def test_durations_are_those_of_the_answers() -> None:
    log = LOGS / "json.log"
    batch = parse(log.read_bytes())
    told = re.findall(r"\\u25c0 [^\"]*\(([\d.]+)ms\)", log.read_text())
    assert sum(n for cell in batch.counts for n in cell.durations.values()) == len(told) == 400


def test_failures_are_kept_with_transaction_and_cause() -> None:
    log = LOGS / "json.timeline.log"
    data = log.read_bytes()
    kept = [each for each in parse(data).failures if each.operation_id]
    assert kept
    for each in kept:
        line = json.loads(data[each.offset : data.index(b"\n", each.offset)])
        assert each.operation_id == line["transaction"]
        assert line["event"] == f"◀ {each.cause} ({line['event'].rpartition('(')[2]}"
        assert float(line["event"].rpartition("(")[2].removesuffix("ms)")) == each.duration_ms


def test_debug_lines_tie_endpoints_to_remotes() -> None:
    batch = parse((LOGS / "json.debug.log").read_bytes())
    calls: Counter[tuple[str, str]] = Counter()
    for call in batch.calls:
        caller, callee = batch.keys[call.caller], batch.keys[call.callee]
        assert (caller.app, callee.kind, callee.app) == ("harp", "external", "")
        calls[caller.event, callee.stream] += call.count
    expected_calls: Counter[tuple[str, str]] = Counter()
    for text in (LOGS / "json.debug.log").read_text("utf-8").splitlines():
        if found := re.search(r"endpoint='(\w+)'.*\\u25b6\\u25b6 [A-Z]+ http://([\d.:]+)/", text):
            expected_calls[f"endpoint.{found[1]}", found[2]] += 1
    assert calls == expected_calls
    assert sum(calls.values()) == 12


@pytest.mark.parametrize("log", JSON_LOGS, ids=lambda log: log.name)
def test_its_json_logs_are_known_for_harps_and_not_for_anybodys(log: Path) -> None:
    chosen, recognition = Formats([Hopeit(), JsonLines(), Harp()]).choose(log.read_bytes()[: 16 * 1024])
    assert chosen.name == "harp"
    assert recognition.confidence > 0.75


@pytest.mark.parametrize("name", ["plain.log", "pretty.ansi.log", "keyvalue.log"])
def test_its_other_logs_fit_nothing_and_say_what_would(name: str) -> None:
    _, recognition = Formats([Harp()]).choose((LOGS / name).read_bytes()[: 16 * 1024])
    assert recognition.format == ""
    assert "LOGGING_FORMAT=json" in recognition.complaint
    assert all(line.isprintable() for line in recognition.first_lines)


def test_the_login_that_harp_prints_at_boot_is_kept_nowhere() -> None:
    data = (LOGS / "json.generated_login.line.log").read_bytes()
    secret = "EXAMPLE-NOT-A-PASSWORD"
    assert secret.encode() in data
    batch = parse(data * 3, Keep(EVERYTHING, 64))
    assert secret.encode() not in encode_batch(batch)
    for formats in ([Harp()], [Hopeit()], [JsonLines()], [Hopeit(), JsonLines(), Harp()]):
        for sample in (data, data[:-20], b"?" + data, data.replace(b"event", b"text")):
            assert secret not in repr(Formats(formats).choose(sample)[1])
    assert secret.encode() not in encode_batch(
        JsonLines().make_parser().parse(data, offset=0, received_s=1.0, keep=Keep(EVERYTHING, 64)).batch
    )


def test_what_a_client_writes_cannot_stand_where_the_status_stands() -> None:
    event = '1.2.3.4:5 - - [22/Nov/2026:18:25:15 +0000] "GET /x" 500 1.1" 200 - "-" "a 1.1" 503 - "'
    line = {"event": event, "logger": "hypercorn.access", "timestamp": "2026-11-22T18:27:06Z"}
    assert runs(parse(json.dumps(line).encode() + b"\n")) == {}
    line["event"] = '1.2.3.4:5 - - [22/Nov/2026:18:25:15 +0000] "GET /x 1.1" 200 - "-" "a 1.1" 503 - "'
    assert runs(parse(json.dumps(line).encode() + b"\n")) == {("access.GET", "START"): 1, ("access.GET", "DONE"): 1}
    line["event"] = line["event"].replace("GET", "EVIL")
    assert set(runs(parse(json.dumps(line).encode() + b"\n"))) == {("access.OTHER", "START"), ("access.OTHER", "DONE")}


RECORDED = b"".join(log.read_bytes() for log in JSON_LOGS).splitlines(keepends=True)


@given(st.lists(st.one_of(st.sampled_from(RECORDED), st.binary(max_size=9).map(lambda raw: raw + b"\n")), max_size=9))
def test_every_byte_is_counted_wherever_chunks_begin(lines: list[bytes]) -> None:
    whole: Counter[tuple[str, str]] = runs(parse(b"".join(lines)))
    assert sum((runs(parse(line)) for line in lines), Counter[tuple[str, str]]()) == whole


async def test_where_proxies_are_asked_their_lines_are_messages_and_nothing_of_them_is_kept() -> None:
    harp, data = Harp(), (LOGS / "json.log").read_bytes() + (LOGS / "json.generated_login.line.log").read_bytes()
    await harp.on_bind(Bind(svcs.Registry(), Options(harp=("http://127.0.0.1:4180",)), Bus()))
    batch = harp.make_parser().parse(data, offset=0, received_s=1.0, keep=Keep(newest_lines=20)).batch
    assert (batch.size_bytes, len(batch.counts), batch.calls, batch.newest) == (len(data), 0, [], [])
    assert batch.skipped["message"].lines == 1367
    assert b"EXAMPLE-NOT-A-PASSWORD" not in encode_batch(batch)
