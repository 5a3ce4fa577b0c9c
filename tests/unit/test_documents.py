from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.core.lean_document import lean_document
from collector.models.document import DocumentAddress, document_fault
from collector.models.effective_options import effective_options, shown_value
from collector.models.errors import InvalidOptions
from tests.spec_documents import BILLING, LEGACY, ORDERS, SHOP, STREETLIGHTS, asyncapi, document, runtime_apps
from visualizer.core.declared_document import runtime_apps_of

ELSEWHERE = "this document belongs into EVENTSCOPE"
SECRET_URL = "https://bob:c4n4ry@docs.internal/api.json?token=c4n4ry&c4n4ry#c4n4ry"


def addresses(tmp_path: Path, text: str) -> tuple[DocumentAddress, ...]:
    return effective_options({"EVENTSCOPE_ASYNCAPI": text}, folder=tmp_path).options.asyncapi


def test_addresses_are_paths_and_urls_with_or_without_an_app(tmp_path: Path) -> None:
    text = "docs/a.json, http://h/x.json?a=b, billing.1.4.2=/d/b.json, Account Service.1=https://h/y.json"
    assert [(one.app_key, one.address, one.is_url) for one in addresses(tmp_path, text)] == [
        ("", "docs/a.json", False),
        ("", "http://h/x.json?a=b", True),
        ("billing.1.4.2", "/d/b.json", False),
        ("Account Service.1", "https://h/y.json", True),
    ]


def test_an_address_is_shown_without_anything_secret(tmp_path: Path) -> None:
    found = addresses(tmp_path, f"billing.1={SECRET_URL}")
    assert found[0].address == SECRET_URL
    assert found[0].shown == "https://docs.internal/api.json?token=***&***"
    assert "c4n4ry" not in f"{found!r} {found[0]} {shown_value(found)}"


@pytest.mark.parametrize(
    "text", ["ftp://c4n4ry/x.json", "http:///c4n4ry", "a.json,http://h:0/c4n4ry", "http://[c4n4ry"]
)
def test_what_cannot_be_read_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidOptions, match="EVENTSCOPE_ASYNCAPI: expected paths or http") as refused:
        addresses(tmp_path, text)
    assert "c4n4ry" not in str(refused.value)


def test_documents_that_nobody_would_read_are_refused(tmp_path: Path) -> None:
    told = {"EVENTSCOPE_OPENAPI": "a.json", "EVENTSCOPE_APPLICATIONS": "log_files,asyncapi,store"}
    with pytest.raises(InvalidOptions, match="EVENTSCOPE_OPENAPI: expected openapi among EVENTSCOPE_APPLICATIONS"):
        effective_options(told, folder=tmp_path)


def test_two_documents_that_would_look_alike_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidOptions, match="expected different documents"):
        addresses(tmp_path, "https://h/a.json?id=1,https://h/a.json?id=2")


@pytest.mark.parametrize("path", [BILLING, STREETLIGHTS, ORDERS, LEGACY, SHOP], ids=lambda path: path.stem)
def test_what_is_kept_says_the_same_and_is_small(path: Path) -> None:
    told = document(path)
    assert runtime_apps(told) == runtime_apps_of(told)
    kept = json.dumps(lean_document(told, key=b"k"))
    assert not any(word in kept for word in ("s3cr3t", "payload", "schemas", "responses", "description"))
    assert lean_document(json.loads(kept), key=b"k") == json.loads(kept)


def test_secrets_in_what_is_kept_are_masked() -> None:
    told = asyncapi(
        info={"title": "a", "version": "1", "x-app-key": "password=c4n4ry"},
        servers={"s": {"url": "amqp://bob:c4n4ry@host", "protocol": "amqp"}},
        channels={"token=c4n4ry": {"address": "Bearer c4n4ry-C4N4RY"}},
    )
    kept = lean_document(told, key=b"k")
    assert "c4n4ry" not in json.dumps(kept).lower()
    assert kept["servers"]["s"]["url"].startswith("amqp://***:")


def test_the_settings_say_which_app_it_is() -> None:
    told = lean_document({"openapi": "3.0.0", "info": [], "paths": {}}, app_key="billing.1", key=b"k")
    assert list(runtime_apps_of(told)["apps"]) == ["billing.1"]


@pytest.mark.parametrize(
    ("told", "kind", "fault"),
    [
        ([], "asyncapi", "#: expected an object with asyncapi in it, came something else"),
        ({"apps": {}}, "openapi", "#: expected an object with openapi or swagger in it, came something else"),
        ({"openapi": "3.0.0"}, "asyncapi", f"#/openapi: expected asyncapi; {ELSEWHERE}_OPENAPI"),
        ({"asyncapi": "3.0.0"}, "openapi", f"#/asyncapi: expected openapi or swagger; {ELSEWHERE}_ASYNCAPI"),
        ({"swagger": "1.2"}, "openapi", "#/swagger: expected version 2.0, came '1.2'"),
        ({"asyncapi": "2.0.0-rc1"}, "asyncapi", ""),
    ],
)
def test_a_document_of_another_kind_is_said(told: object, kind: str, fault: str) -> None:
    assert document_fault(told, kind=kind) == fault
