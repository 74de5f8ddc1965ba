"""Search, feed, help, glossary and open data, as a reader without an account meets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from django.test import Client

from evenhand.web.reading.glossary import WORDS
from evenhand.web.reading.helping import TOPICS

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", [*TOPICS, ""])
def test_every_topic_of_help_stands_in_every_language(client: Client, db: None, language: str, topic: str) -> None:
    found = client.get(f"/{language}/help/{topic}".rstrip("/"))
    assert found.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in found.content.decode()


def test_the_glossary_says_every_word_once(client: Client, db: None) -> None:
    text = client.get("/en/glossary").content.decode()
    assert len({key for key, _, _ in WORDS}) == len(WORDS)
    for key, _, _ in WORDS:
        assert text.count(f'id="{key}"') == 1


def test_search_finds_by_name_key_and_ref_and_never_a_strangers_draft(
    client: Client, cast: Any, approved_need: Callable[..., str]
) -> None:
    from evenhand.actions.needs import draft_need

    public = approved_need("TCD", "mask-surgical", "40 box")
    hidden = draft_need(cast("focal-ken"), party="KEN", resource="mask-surgical", quantity="7", why="secretwhy").ref
    assert "/en/parties/TCD" in client.get("/en/search?q=chad").content.decode()
    assert f"/en/needs/{public}" in client.get(f"/en/search?q={public}").content.decode()
    for asked in (hidden, "secretwhy"):
        assert f"/en/needs/{hidden}" not in client.get(f"/en/search?q={asked}").content.decode()
    nothing = client.get("/en/search?q=<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in nothing


def test_the_feed_is_sound_and_holds_what_was_approved(client: Client, approved_need: Callable[..., str]) -> None:
    ref = approved_need("TCD", "mask-surgical", "40 box")
    found = client.get("/fr/feed.atom")
    assert found["Content-Type"].startswith("application/atom+xml")
    root = Tree.fromstring(found.content)
    links = [one.get("href") for one in root.iter("{http://www.w3.org/2005/Atom}link")]
    assert f"http://testserver/fr/needs/{ref}" in links
    assert ref in client.get("/en/changes").content.decode()


def test_every_public_table_is_handed_out_in_each_format(client: Client, approved_need: Callable[..., str]) -> None:
    approved_need("TCD", "mask-surgical", "40 box")
    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups.open_data import list_public_tables

    page = client.get("/en/data").content.decode()
    for table in list_public_tables(PUBLIC):
        for form in ("csv", "xlsx", "json"):
            assert f"/en/data/{table.name}.{form}" in page
            assert client.get(f"/en/data/{table.name}.{form}").status_code == 200
    assert client.get("/en/data/passwords.csv").status_code == 404
    package = client.get("/en/data/everything.zip?format=csv")
    assert b"".join(package.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert client.get("/en/data/everything.zip?format=exe").status_code == 400
