"""The overview: its numbers are the lookups', the round stands with its picture, nothing hostile acts, nothing weighs too much."""

from __future__ import annotations

from typing import Any

import brotli
import pytest
from django.utils.html import escape
from evenhand_places import EVERYBODY, HOSTILE, Reader, queries_of, rows_of, text_of
from evenhand_round_pages import RoundsNow

from evenhand.access.viewers import PUBLIC
from evenhand.actions.checkpoints import make_checkpoint
from evenhand.lookups.figures import list_figures
from evenhand.lookups.gaps import list_gaps
from evenhand.web.home.lines import lines_of
from evenhand.web.languages.formats import short_amount

pytestmark = pytest.mark.django_db
LARGEST = 100_000
"""Bytes of the page, compressed, its map and picture included."""


def test_everybody_reads_it(book: RoundsNow, reader: Reader) -> None:
    for who in EVERYBODY:
        for language in ("en", "ar"):
            text = text_of(reader(who), f"/{language}/")
            assert text.count("<h1") == 1
            assert "<script>alert" not in text
            assert escape(HOSTILE[:120]) in text  # the round's title, as text


def test_an_empty_book_says_so(db: None, client: Any) -> None:
    text = text_of(client, "/en/")
    for said in ("Nothing is needed, promised or received yet.", "No round was held yet.", "Nothing was signed yet.",
                 "Nothing happened in public yet.", "Nothing that is on the way is late."):  # fmt: skip
        assert said in text
    assert client.get("/en/?resource=nothing").status_code == 200


def test_its_figures_are_those_of_the_lookups(book: RoundsNow, reader: Reader) -> None:
    figure = next(one for one in list_figures(PUBLIC) if one.key == "measles-vaccination")
    text = text_of(reader(""), "/en/?resource=measles-vaccination")
    for line in lines_of(figure):
        assert short_amount(line.amount, "en") in text
    assert (figure.needed, figure.promised, figure.gap, figure.claimed) == (800, 400, 400, 500)


def test_who_is_worst_served_stands_first_and_the_map_has_its_table(book: RoundsNow, reader: Reader) -> None:
    text = text_of(reader(""), "/en/?resource=measles-vaccination")
    gaps = [one for one in list_gaps(PUBLIC, by="member") if one.family == "measles-vaccination"]
    places = [text.index(f'href="/en/parties/{one.key}"', text.index('class="worst"')) for one in gaps]
    assert places == sorted(places)
    assert "imply no opinion on the legal status" in text
    assert "The map as a table" in text


@pytest.mark.parametrize(
    ("step", "seen"), [("open", False), ("proposed", False), ("published", True), ("posted", True)]
)
def test_the_public_sees_a_round_and_its_picture_once_it_is_published(
    cast: Any, signing: Any, reader: Reader, step: str, seen: bool
) -> None:
    ref = RoundsNow(cast).at(step)
    text = text_of(reader(""), "/en/")
    assert (f'href="/en/rounds/{ref}"' in text) is seen
    assert ("Waterline picture" in text) is seen
    assert ("No round was held yet." in text) is not seen


def test_what_was_signed_last_stands_on_it(book: RoundsNow, cast: Any, signing: Any, reader: Reader) -> None:
    make_checkpoint(cast("task-force"))
    assert signing.verifier.name in text_of(reader(""), "/en/")


def test_a_draft_is_nowhere_on_it(cast: Any, reader: Reader) -> None:
    from evenhand.actions.needs import draft_need

    draft_need(cast("focal-tcd"), party="TCD", resource="vaccine-measles", quantity="770077", why="CANARY")
    text = text_of(reader(""), "/en/")
    assert "CANARY" not in text
    assert "770,077" not in text


def test_it_is_small_enough_for_a_slow_line(book: RoundsNow, reader: Reader) -> None:
    body = reader("").get("/en/").content
    assert len(brotli.compress(body, quality=6)) < LARGEST


def test_it_takes_ten_questions_once_for_each_version(
    book: RoundsNow, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queries_of(reader(""), "/en/", monkeypatch=monkeypatch) <= 10
    assert queries_of(reader("focal-tcd"), "/en/", monkeypatch=monkeypatch) <= 13


def test_a_demo_says_that_it_is_one(db: None, client: Any, settings: Any) -> None:
    from dataclasses import replace

    for name, said in (("demo.evenhand.example/stock-book", True), ("nam.example/book", False)):
        settings.EVENHAND = replace(settings.EVENHAND, values={**settings.EVENHAND.values, "name": name})
        assert ("The round never took place" in text_of(client, "/en/")) is said


def test_its_first_address_leads_to_the_readers_language(client: Any) -> None:
    for accepted, language in (("ar", "ar"), ("fr-CH, fr;q=0.9", "fr"), ("de", "en"), ("zh-CN", "zh"), ("", "en")):
        response = client.get("/", headers={"accept-language": accepted})
        assert response.status_code in (301, 302)
        assert response["Location"].rstrip("/").endswith(f"/{language}"), accepted


def test_members_have_a_data_twin(book: RoundsNow, reader: Reader) -> None:
    rows = rows_of(reader(""), "/en/needs.csv?by=member&resource=measles-vaccination")
    assert {row["key"] for row in rows} == {"TCD", "KEN"}
