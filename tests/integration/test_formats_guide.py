"""docs/formats.md: what it tells people to write is what works, on the lines it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from collector.config import read_effective_options
from collector.models.effective_options import effective_options
from collector.models.json_mapping import FIELDS
from tests.world import ROOT

GUIDE = (ROOT / "docs" / "formats.md").read_text()


def blocks(language: str) -> list[str]:
    """The code blocks of the page."""
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working directory of a newcomer, with the mapping of the guide and its lines."""
    (tmp_path / "eventscope.toml").write_text(blocks("toml")[0].replace("/var/log/billing", str(tmp_path)))
    (tmp_path / "app.json").write_text(blocks("json")[0])
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EVENTSCOPE_CONFIG", raising=False)
    read_effective_options.cache_clear()
    yield tmp_path
    read_effective_options.cache_clear()


def test_its_mapping_counts_its_lines_as_it_shows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("inspect_logs", str(folder / "*.json"))
    shown = capsys.readouterr().out
    assert blocks("text")[1] in shown.replace(str(folder), "/var/log/billing")
    assert re.search(r"app\.json +json_lines +100% +5 ", shown)


def test_without_the_mapping_its_first_line_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "eventscope.toml").unlink()
    call_command("inspect_logs", str(folder / "*.json"))
    shown = capsys.readouterr()
    assert blocks("text")[0] in shown.out.replace(str(folder), "/var/log/billing")
    assert "a JSON object of no known shape" in shown.err


def test_its_overrides_are_settings(tmp_path: Path) -> None:
    (tmp_path / "eventscope.toml").write_text(blocks("toml")[1])
    formats = effective_options({}, folder=tmp_path).options.formats
    assert formats == ("/var/log/legacy/*.log=hopeit", "*.ndjson=json_lines")
    (text,) = re.findall(r"EVENTSCOPE_FORMATS='([^']+)'", GUIDE)
    assert formats == effective_options({"EVENTSCOPE_FORMATS": text}, folder=tmp_path / "none").options.formats


def test_it_names_every_field_of_a_mapping() -> None:
    assert [name for name in FIELDS if f"`{name}`" not in GUIDE] == []
