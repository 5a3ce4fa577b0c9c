from __future__ import annotations

from pathlib import Path

import pytest

from collector.models.effective_options import effective_options, shown_value
from collector.models.errors import InvalidOptions
from collector.models.options import SETTINGS
from tests.tools.settings_doc import DOC, settings_doc


def test_defaults_are_valid_and_say_so(tmp_path: Path) -> None:
    effective = effective_options({}, folder=tmp_path)
    assert effective.options.port == 8000
    assert effective.options.retention_s == 1095 * 86400
    assert effective.options.data_dir == tmp_path / ".eventscope"
    assert set(effective.sources.values()) == {"default"}


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "eventscope.toml").write_text('port = 9000\nlogs = ["/a/*.log", "/b/*.log"]\nretention = "3 d"\n')
    effective = effective_options({"PORT": "9001"}, folder=tmp_path)
    assert (effective.options.port, effective.sources["port"]) == (9001, "environment PORT")
    assert effective.options.logs == ("/a/*.log", "/b/*.log")
    assert (effective.options.retention_s, effective.sources["retention_s"]) == (3 * 86400, "eventscope.toml")


def test_what_the_linter_accepts_is_a_list_in_a_table_or_a_row_of_texts(tmp_path: Path) -> None:
    assert effective_options({"EVENTSCOPE_LINT": "a:b, c"}, folder=tmp_path).options.lint == ("a:b", "c")
    (tmp_path / "eventscope.toml").write_text('[lint]\naccept = ["a:b,c", "d"]\n')
    assert effective_options({}, folder=tmp_path).options.lint == ("a:b,c", "d")


@pytest.mark.parametrize("table", ['canary = ["a"]', 'accept = ["a"]\ncanary = 7', "accept = 7", "accept = [7]"])
def test_anything_else_in_the_linters_table_is_refused(tmp_path: Path, table: str) -> None:
    (tmp_path / "eventscope.toml").write_text(f"[lint]\n{table}\n")
    with pytest.raises(InvalidOptions, match="EVENTSCOPE_LINT: expected") as caught:
        effective_options({}, folder=tmp_path)
    assert "canary" not in str(caught.value)


def test_the_ancestors_variable_is_an_alias_of_hosts(tmp_path: Path) -> None:
    hosts = "http://127.0.0.1:8020/, https://b"
    effective = effective_options({"HOPEIT_APPS_VISUALIZER_HOSTS": hosts}, folder=tmp_path)
    assert effective.options.hosts == ("http://127.0.0.1:8020", "https://b")


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n")
    effective = effective_options({"SECRET_KEY_FILE": str(tmp_path / "key")}, folder=tmp_path)
    assert effective.options.secret_key is not None
    assert effective.options.secret_key.get_secret_value() == "s3cret"


def test_all_errors_come_at_once_and_show_no_value(tmp_path: Path) -> None:
    (tmp_path / "eventscope.toml").write_text("lgos = 'canary'\n")
    wrong = ("PORT", "REDIS_URL", "EVENTSCOPE_HOSTS", "EVENTSCOPE_RETENTION", "EVENTSCOPE_READ_FROM", "LOG_LEVEL")
    with pytest.raises(InvalidOptions) as caught:
        effective_options({**dict.fromkeys(wrong, "canary"), "ALLOWED_HOSTS": "*"}, folder=tmp_path)
    text = str(caught.value)
    assert "canary" not in text
    assert "unknown setting 'lgos', did you mean 'logs'?" in text
    assert all(f"{name}:" in text for name in (*wrong, "ALLOWED_HOSTS"))


def test_a_broken_settings_file_is_named_not_shown(tmp_path: Path) -> None:
    (tmp_path / "eventscope.toml").write_text("redis_url = canary://\n")
    with pytest.raises(InvalidOptions) as caught:
        effective_options({}, folder=tmp_path)
    assert "eventscope.toml is no TOML" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_the_embedded_valkey_is_found_by_other_commands(tmp_path: Path) -> None:
    (tmp_path / ".eventscope").mkdir()
    (tmp_path / ".eventscope" / "valkey.url").write_text("redis://:pw@127.0.0.1:7000/0")
    effective = effective_options({}, folder=tmp_path)
    assert effective.sources["redis_url"] == "embedded Valkey (valkey.url)"
    assert shown_value(effective.options.redis_url) == "********"


def test_passwords_in_host_urls_are_masked() -> None:
    assert shown_value(("http://user:pw@host:1/x",)) == "http://********@host:1/x"


def test_brokers_are_secrets_in_a_list_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "urls").write_text(
        "redis://eye:canary@a:6379\nrediss://b?ssl_ca_certs=/ca.pem, unix:///run/redis.sock\n"
    )
    effective = effective_options({"EVENTSCOPE_BROKERS_FILE": str(tmp_path / "urls")}, folder=tmp_path)
    assert [url.get_secret_value() for url in effective.options.brokers] == [
        "redis://eye:canary@a:6379", "rediss://b?ssl_ca_certs=/ca.pem", "unix:///run/redis.sock",
    ]  # fmt: skip
    assert shown_value(effective.options.brokers) == "********, ********, ********"
    assert "canary" not in repr(effective)


def test_two_urls_of_one_broker_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidOptions, match="EVENTSCOPE_BROKERS: expected one URL for each") as caught:
        effective_options({"EVENTSCOPE_BROKERS": "redis://a/1,redis://a/2,rediss://u:canary@a/1"}, folder=tmp_path)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://:canary@a",
        "canary",
        "redis://:canary@",
        "redis://:canary@a:x",
        "redis://a?password=canary",
        "redis://a#canary",
        "redis://:canary@a;redis://:canary@b",
        "redis://a:1//;redis://:canary@b",
        "redis://a:1/canary@b",
        "unix://",
    ],
)
def test_what_is_no_url_of_a_broker_is_refused_by_number(tmp_path: Path, url: str) -> None:
    with pytest.raises(InvalidOptions, match=r"EVENTSCOPE_BROKERS: expected URLs .* broken: number 2") as caught:
        effective_options({"EVENTSCOPE_BROKERS": f"redis://a,{url}"}, folder=tmp_path)
    assert "canary" not in str(caught.value)


def test_the_settings_page_is_complete() -> None:
    assert DOC.read_text() == settings_doc()
    assert len(SETTINGS) == settings_doc().count("\n| `")
