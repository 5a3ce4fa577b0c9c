from __future__ import annotations

import sys

import pytest

from tests.world import ROOT
from visualizer.io.web_server import web_server_arguments
from visualizer.models.errors import CannotStart


def test_what_serves_the_page_listens_on_loopback_only() -> None:
    daphne = web_server_arguments(8123)
    assert daphne[:2] == ["-m", "daphne"]
    assert daphne[daphne.index("-b") + 1] == "127.0.0.1"
    assert web_server_arguments(8123, server="uvicorn")[1:] == ["visualizer.io.uvicorn_server", "8123"]


def test_uvicorn_that_is_not_installed_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(CannotStart, match=r"uvicorn is not installed: pip install 'eventscope\[uvicorn\]'"):
        web_server_arguments(8123, server="uvicorn")


def test_systemd_starts_daphne_as_up_does() -> None:
    unit = (ROOT / "deploy" / "systemd" / "eventscope-web.service").read_text("utf-8")
    assert f"python {' '.join(web_server_arguments(8000))}\n" in unit
