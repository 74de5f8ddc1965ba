"""The meeting: its people with their offices and sides, its place and date, and what is no part of it."""

from __future__ import annotations

import pytest

from evenhand.statements import Document, read_text
from evenhand.statements.document import Text


def read(text: str) -> Document:
    return read_text(Text("a.txt", text))


@pytest.mark.parametrize(
    ("text", "people"),
    [
        (
            "WHO Regional Director for Europe Hans Berg met Egypt's Minister of Health and Population, Mona Adel, in Cairo.",
            {
                ("Hans Berg", "Regional Director for Europe", "WHO", "guest"),
                ("Mona Adel", "Minister of Health and Population", "Egypt", "host"),
            },
        ),
        (
            "His Excellency the Prime Minister of Nepal, Mr. Hari Rana, received H.E. Ms. Anna Weiss, Ambassador of Austria to Nepal.",
            {
                ("Hari Rana", "Prime Minister", "Nepal", "host"),
                ("Anna Weiss", "Ambassador to Nepal", "Austria", "guest"),
            },
        ),
        (
            "Foreign Minister of Kenya John Otieno spoke by phone with his Turkish counterpart, Cem Aydin.",
            {
                ("John Otieno", "Foreign Minister", "Kenya", "host"),
                ("Cem Aydin", "Foreign Minister", "Türkiye", "guest"),
            },
        ),
        (
            "United Nations High Commissioner for Refugees Ida Falk was received by President of Ghana Kojo Mensah.",
            {
                ("Ida Falk", "High Commissioner", "United Nations High Commissioner for Refugees", "guest"),
                ("Kojo Mensah", "President", "Ghana", "host"),
            },
        ),
    ],
)
def test_people_are_found_with_office_party_and_side(text: str, people: set[tuple[str, str, str, str]]) -> None:
    found = read(text).meeting.participants
    assert {(one.name, one.office, one.party_name, one.side) for one in found} == people


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("President of Chad Ali Musa received Ambassador of Japan Ken Ito.", "received"),
        ("President of Chad Ali Musa met with Ambassador of Japan Ken Ito.", "met"),
        ("President of Chad Ali Musa held a telephone conversation with President of Mali Omar Keita.", "phone call"),
        ("Foreign Minister of Japan Ken Ito took part in the donor conference on Chad.", "conference"),
        ("Ambassador of Japan Ken Ito handed over 20 tents to the school.", "other"),
        ("Chad has received 20 tonnes of rice, the government said.", "statement"),
    ],
)
def test_the_kind_of_a_meeting_follows_its_verb(text: str, kind: str) -> None:
    assert read(text).meeting.kind == kind


@pytest.mark.parametrize(
    ("stamp", "words", "expected"),
    [
        ("12 May 2023\n\n", "on Tuesday", "2023-05-09"),
        ("12 May 2023\n\n", "today", "2023-05-12"),
        ("12.05.2023 | 10:15\n\n", "on 11 May", "2023-05-11"),
        ("", "on 11 May 2023", "2023-05-11"),
        ("", "on 11 May", None),
        ("", "on Tuesday", None),
    ],
)
def test_a_date_counts_only_where_the_text_fixes_it(stamp: str, words: str, expected: str | None) -> None:
    assert read(f"{stamp}President of Chad Ali Musa met Ambassador of Japan Ken Ito {words}.").meeting.date == expected


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("in N'Djamena", "N'Djamena"),
        ("in Sarh", "Sarh"),
        ("at the Presidential Palace in Moundou", "Moundou"),
        ("in Chad", None),
        ("in the course of a tour", None),
    ],
)
def test_a_place_is_a_town_or_a_named_building(words: str, place: str | None) -> None:
    assert read(f"President of Chad Ali Musa met Ambassador of Japan Ken Ito {words}.").meeting.place == place


def test_people_who_are_only_mentioned_do_not_take_part() -> None:
    text = "President of Chad Ali Musa received Ambassador of Japan Ken Ito. The guest conveyed the greetings of Prime Minister Taro Abe."
    assert [one.name for one in read(text).meeting.participants] == ["Ali Musa", "Ken Ito"]


def test_two_dates_around_a_text_are_said_and_the_first_is_taken() -> None:
    document = read("12 May 2023\n\n9 May 2023\n\nPresident of Chad Ali Musa met Ambassador of Japan Ken Ito.")
    assert document.published == "2023-05-12"
    assert "more than one date" in document.notes[0]


def test_menus_datelines_and_bylines_are_no_sentences() -> None:
    text = "Home | News | Contact\n\nMinister meets envoy\n\nN'DJAMENA, May 12 (ABC) -- The minister met the envoy.\n\nSource: ABC\n\nShare this"
    document = read(text)
    assert [text[one.start : one.end] for one in document.sentences] == ["The minister met the envoy."]
