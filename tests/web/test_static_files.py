"""Scripts and sheets on their way to the browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.template.context import Context
from django.templatetags.static import static
from django.test import Client
from pytest_django import Settings

from visualizer.interfaces.assets import page_script, sheets
from visualizer.interfaces.linked_files import SHEETS, linked_name
from visualizer.interfaces.static_files import StaticFiles, hashed_name

PAINTER = "js/painter.js"


@pytest.fixture(autouse=True)
def _made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StaticFiles, "_found", {})


def taken(client: Client, name: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    response = client.get(f"/static/{name}", headers=headers)
    body = response.getvalue()
    return response.status_code, dict(response.items()), body


def test_who_takes_gzip_gets_it(client: Client) -> None:
    _, plain, written = taken(client, hashed_name(PAINTER))
    status, headers, body = taken(client, hashed_name(PAINTER), **{"Accept-Encoding": "gzip, br"})
    assert (status, headers["Content-Encoding"], headers["Vary"]) == (200, "gzip", "Accept-Encoding")
    assert "immutable" in headers["Cache-Control"]
    assert "Content-Encoding" not in plain
    assert len(body) == int(headers["Content-Length"]) < len(written) / 2


def test_a_plain_name_is_served_but_not_kept_for_ever(client: Client) -> None:
    status, headers, _ = taken(client, PAINTER)
    assert (status, headers["Cache-Control"]) == (200, "max-age=86400, public")
    assert taken(client, "js/painter.000000000000.js")[0] == 404


def test_a_data_folder_that_cannot_be_written_is_said_once_and_stops_nothing(
    client: Client, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "static").write_text("no folder")
    settings.DATA_DIR = tmp_path
    status, headers, body = taken(client, hashed_name(PAINTER), **{"Accept-Encoding": "gzip"})
    assert (status, "Content-Encoding" in headers) == (200, False)
    assert body.startswith(b"/*")
    assert caplog.text.count("sent as they are written") == 1


def test_without_that_folder_pages_load_each_file_by_itself(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert str(linked_name("graph_page.js")).startswith("linked/graph_page.")
    (tmp_path / "static").write_text("no folder")
    settings.DATA_DIR = tmp_path
    script = page_script(Context({"csp_nonce": "n"}), "graph_page.js")
    begin, imports, end = re.split(r"(?<=>)(?=\{)|(?=</script>\n)", script)
    assert begin == '<script type="importmap" nonce="n">'
    assert end == f'</script>\n<script type="module" src="{static("js/graph_page.js")}" nonce="n"></script>'
    assert json.loads(imports)["imports"]["/static/js/graph.js"] == static("js/graph.js")
    assert sheets("graph").count("<link") == len(SHEETS["graph"])
    assert caplog.text.count("load their scripts and sheets one by one") == 1


def test_a_linked_script_says_where_each_line_of_it_is_from(client: Client) -> None:
    linked = str(linked_name("graph_page.js"))
    _, headers, body = taken(client, linked)
    assert "immutable" in headers["Cache-Control"]
    assert body.decode().endswith(f"//# sourceMappingURL={Path(linked).name}.map\n")
    _, _, told = taken(client, f"{linked}.map")
    assert static(PAINTER).replace("/static/", "../") in json.loads(told)["sources"]
