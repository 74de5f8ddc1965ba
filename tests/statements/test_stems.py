"""The cheap tests before costly patterns pass over nothing that a pattern would match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.statements.acts import BY_CONTENT, CONTENT_STEMS
from evenhand.statements.cleaning import DATELINE, PLAIN, _has_no_dateline, make_plain
from evenhand.statements.meeting import ATTENDEE_STEMS, ATTENDEES, CEREMONY, CEREMONY_STEMS, KIND_STEMS, KINDS
from evenhand.statements.meeting_record import TELLING_STEMS, TELLS_OF_IT
from evenhand.statements.quantities import _currencies, find_amounts
from evenhand.statements.stems import in_lower_case, may_match, stems_of

GUARDED = [
    *zip([pattern for _, pattern in BY_CONTENT], CONTENT_STEMS, strict=True),
    *zip([pattern for _, pattern in KINDS], KIND_STEMS, strict=True),
    (ATTENDEES, ATTENDEE_STEMS),
    (CEREMONY, CEREMONY_STEMS),
    (TELLS_OF_IT, TELLING_STEMS),
]
DATELINES = ["ROME, May 12 (ABC) -- The", "Rome and Milan -- The", "RIO DE JANEIRO - The", "Rome: The", "Bamako news agency) - The", "Rome (ABC) - A"]  # fmt: skip
WORDS = [
    "Rome",
    "de",
    "and",
    "said",
    "May",
    "12",
    "2023",
    "(ABC)",
    "news)",
    "-- ",
    "- ",
    ": ",
    "The",
    "minister",
    "KUALA",
    ",",
    "/",
]


@pytest.mark.parametrize(("pattern", "stems"), GUARDED)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_whatever_a_pattern_matches_has_one_of_its_stems(
    data: st.DataObject, pattern: re.Pattern[str], stems: tuple[str, ...]
) -> None:
    assert stems != ("",)
    assert may_match(stems, in_lower_case(data.draw(st.from_regex(pattern))))


@pytest.mark.parametrize(
    ("pattern", "stems"),
    [
        (r"\b(?:thanked|thankful\w*|in (?:great )?debt)\b", ("debt", "thanked", "thankful")),
        (r"(?:tele)?phone|by (?:tele)?phone", ("phone",)),
        (r"hand-?over", ("hand",)),
        (r"(?:will|shall) (?:go|give)", ("shall", "will")),
        (r"(?:abc)+(?:de)?", ("abc",)),
        (r"(?:abc)*|de", ("",)),
        (r"\w+ly|thanks?", ("ly", "thank")),
        (r"(?<!that )\bmet\b", ("met",)),
        (r"THANKS", ("thanks",)),
    ],
)
def test_stems_are_what_no_match_is_without(pattern: str, stems: tuple[str, ...]) -> None:
    assert stems_of(re.compile(pattern, re.IGNORECASE)) == stems


@given(st.text("İıſKsSiIkK tThHaAnN", max_size=20))
@settings(max_examples=200, deadline=None)
def test_lower_case_is_that_of_a_pattern_that_ignores_case(words: str) -> None:
    found = re.search("thanks|sik", words, re.IGNORECASE)
    assert found is None or may_match(("thanks", "sik"), in_lower_case(words))


@given(st.text("".join(map(chr, PLAIN)) + "ab é\n'\"-", max_size=40))
@settings(max_examples=100, deadline=None)
def test_plain_text_is_what_the_table_says(text: str) -> None:
    assert make_plain(text) == text.translate(PLAIN)


@pytest.mark.parametrize("opening", ["The minister met the envoy -- he", "Prime Minister of Chad received - by"])
def test_a_plain_sentence_is_not_asked_for_a_dateline(opening: str) -> None:
    assert _has_no_dateline(opening, 0, len(opening))


@given(st.one_of(st.sampled_from(DATELINES), st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_no_dateline_is_passed_over(opening: str) -> None:
    found = DATELINE.match(opening)
    assert found is None or not _has_no_dateline(opening, 0, len(opening))


def test_every_sign_and_name_of_money_is_found_behind_its_number() -> None:
    signs, _ = _currencies()
    missed = []
    for sign, code in signs.items():
        found = find_amounts(f"20 {sign} of", 0, len(sign) + 6)
        if [(one.value, one.currency) for one in found] != [(20, code)]:
            missed.append(sign)
    assert missed == []
