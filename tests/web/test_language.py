"""The language a browser asks for, where its folder is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client, override_settings

from tests.pseudo_locale import LANGUAGE, pseudo, write_catalogues
from visualizer.config import found_languages


@pytest.mark.django_db
def test_a_browser_gets_the_language_it_asks_for_and_english_otherwise(client: Client, tmp_path: Path) -> None:
    folder = write_catalogues(tmp_path)
    languages = [("en", "English"), *((code, code) for code in found_languages(folder))]
    assert [code for code, _ in languages] == ["en", LANGUAGE]
    with override_settings(LOCALE_PATHS=[folder], LANGUAGES=languages):
        foreign = client.get("/sign-in", headers={"accept-language": f"{LANGUAGE},en;q=0.5"}).content.decode()
        english = client.get("/sign-in", headers={"accept-language": "tlh"}).content.decode()
    assert pseudo("Sign in") in foreign
    assert f'lang="{LANGUAGE}"' in foreign
    assert "Sign in" in english
    assert 'lang="en"' in english
