"""Counted things, lots, lists and gifts inside an explanation are said in the reader's language, each name and number kept."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.web.languages import LANGUAGES, SOURCE
from evenhand.web.languages.sentences import in_language, in_plain_text, is_known

OTHERS = [language for language in LANGUAGES if language != SOURCE]

EXPLAINED = (
    "Its target is 80,983 service units. It held 37,621, 46.5% of the target, and was short of 43,362.",
    "269 packs of X-1 (26,900 units), worth 13,450 service units, from USA, lot OF-87WSP7DBNV. That lifts it from 46.5% to 63.1% of its target.",
    "The waterline. At 63.1% it stands level with 13 others. One more pack for it would have to come from a recipient that stands no higher.",
    "By their earmarks: 14 lots (A-1, B-2, C-3 and 11 more), meant for AMC92; lots D-4 and E-5, meant for AU; and twelve lots with other earmarks.",
    "An earmark. Lot B-1 was shared out at a higher level, and is meant for others.",
    "Three recipients stand lower (Mali, Togo and Kenya), the lowest at 0.0%.",
    "None of them could have used its packs, not even through exchanges: all are left out by the earmarks.",
    "It would get less, by 1 pack, worth 50 service units, without the earmarks of 32 lots (A-1, B-2 and 30 more) (one by one).",
    "Two others would get 12 less together, Mali the most (6).", "Nine further changes were not worked out.",
    "Compared with the plan, 2 recipients get more, 1 less and 4 the same.", "The lowest level rises from 0.2 (Chad) to 0.35 (Mali).",
)  # fmt: skip
OURS = re.compile(r"\b(others?|packs?|lots?|units?|recipients?|worth|more|less|meant|stands?|earmarks?|could|would)\b")


@pytest.mark.parametrize("text", EXPLAINED)
def test_no_english_word_is_left_inside_an_explanation(text: str) -> None:
    """In Chinese and Arabic letters, any word of ours that is left would be English."""
    for language in ("ar", "zh", "ru"):
        assert is_known(text, language)
        said = in_plain_text(text, language)
        assert not OURS.search(said), said


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("text", EXPLAINED)
def test_every_number_and_code_of_it_is_there_again(language: str, text: str) -> None:
    digits = re.sub(r"\D", "", "".join(re.findall(r"[0-9][0-9,.]{2,}", text)))
    said = re.sub(r"[^0-9]", "", in_plain_text(text, language))
    assert all(one in said for one in re.findall("[0-9]{3,}", digits[:3]))
    for code in re.findall(r"[A-Z]{1,2}-[0-9A-Z]+", text):
        assert code in in_plain_text(text, language)


@pytest.mark.parametrize("name", ["Food and Water", "Antigua and Barbuda", "Tents, Masks and Oxygen", "one and only"])
def test_a_name_with_and_in_it_stays_as_it_is(name: str) -> None:
    said = in_language(f"{name} was retired on 2026-03-02; it takes part in nothing new", "ar")
    assert f"<bdi>{name}</bdi>" in said


@pytest.mark.parametrize(("language", "round_", "offer"), [("ar", "مفتوحة", "متاح"), ("ru", "открыт", "открыт")])
def test_a_round_is_open_in_another_word_than_an_offer(language: str, round_: str, offer: str) -> None:
    from django.utils.translation import override

    from evenhand.web.languages.vocabulary import find_word, word

    with override(language):
        assert find_word("open", "RD-7K2M9QX4PD") == word("state of a round", "open")
        assert find_word("open", "OF-7K2M9QX4PD") == word("state of an offer", "open")


PIECES = st.sampled_from(["lot ", "lots ", " and ", ", ", "; ", "(", ")", "13 others", "two packs", " worth ", " of ", " from ", "A-1", "Chad", "<b>", "{x}", "9 more", ": ", "meant for ", " or "])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(text=st.lists(PIECES, max_size=14).map("".join))
def test_whatever_stands_there_nothing_breaks_and_nothing_becomes_markup(text: str) -> None:
    shown = in_language(f"By their earmarks: {text}.", "ar")
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<bdi>", "</bdi>", '<span lang="en" dir="ltr">', "</span>"}
    assert shown.count("A-1") == text.count("A-1")
    assert shown.count("Chad") == text.count("Chad")
