"""The version in a host's path."""

from __future__ import annotations

import pytest

from collector.core.api_version import api_version, versions_to_try
from collector.models.host import KNOWN_VERSIONS


@pytest.mark.parametrize(
    ("engine", "api"),
    [("0.30.1", "0x30"), ("0.30", "0x30"), ("0x30", "0x30"), ("1.2.3rc1", "1x2"), ("0.31.0+local", "0x31")],
)
def test_the_first_two_parts_count(engine: str, api: str) -> None:
    assert api_version(engine) == api


@pytest.mark.parametrize("text", ["", "30", "../../etc", "0.30/../x", "0.30\r\nX: y", "v0.30", "0." + "9" * 40])
def test_what_is_no_version_is_never_asked_for(text: str) -> None:
    assert api_version(text) == ""


def test_a_configured_version_is_the_only_one() -> None:
    assert versions_to_try(configured="0.29", remembered="0x30", seen=["0.30.1"]) == ("0x29",)


def test_remembered_comes_before_seen_before_known_and_each_once() -> None:
    tried = versions_to_try(configured="", remembered="0x29", seen=["0.31.0", "0.29.1", "nonsense"])
    assert tried == ("0x29", "0x31", *(version for version in KNOWN_VERSIONS if version != "0x29"))


def test_log_lines_cannot_make_us_ask_for_ever() -> None:
    seen = [f"7.{n}.0" for n in range(100)]
    assert len(versions_to_try(configured="", remembered="", seen=seen)) == 4 + len(KNOWN_VERSIONS)
