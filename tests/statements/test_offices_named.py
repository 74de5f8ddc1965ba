"""Offices of groups that sentences name: which are suggested, and which never."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.statements.offices_named import Spellings, find_offices

GROUPS = Spellings(
    {
        "Non-Aligned Movement": "NAM",
        "NAM": "NAM",
        "SADC": "SADC",
        "International Civil Defence Organization": "ICDO",
        "UNESCO": "UNESCO",
    }
)
PARTIES = Spellings(
    {"Azerbaijan": "AZE", "Azerbaijani": "AZE", "Namibia": "NAM-STATE", "Uganda": "UGA", "Uzbekistan": "UZB"}
)


def told(sentence: str, said_on: date | None = None, speaks_for: str = "") -> list[tuple[str, ...]]:
    """Return what a sentence says of offices, without its reasons."""
    found = find_offices(sentence, groups=GROUPS, parties=PARTIES, said_on=said_on, speaks_for=speaks_for)
    return [(one.group, one.party, one.office, one.since, one.until) for one in found]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Azerbaijan`s activities as the chairman of the Non-Aligned Movement were hailed.", ("NAM", "AZE", "chair", "", "")),
        ("Azerbaijan had close ties during the country’s Non-Aligned Movement chairmanship.", ("NAM", "AZE", "chair", "", "")),
        ("Uganda took over the chairmanship of NAM from 2024 to 2026.", ("NAM", "UGA", "chair", "2024", "2026")),
        ("Uganda, which has chaired the Non-Aligned Movement since January 2024, agreed.", ("NAM", "UGA", "chair", "2024", "")),
        ("Namibia, which chairs the southern African bloc (SADC) this year, gave flour.", ("SADC", "NAM-STATE", "chair", "2021", "2021")),
        ("Uzbekistan won a seat on the UNESCO Executive Board.", ("UNESCO", "UZB", "council-seat", "", "")),
    ],
)  # fmt: skip
def test_a_sentence_that_names_holder_office_and_group_is_suggested(sentence: str, expected: tuple[str, ...]) -> None:
    assert told(sentence, date(2021, 10, 18)) == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "Uganda is a candidate for the chair of the Non-Aligned Movement.",
        "Uganda will take over the chairmanship of NAM.",
        "Uganda is vice-chair of NAM.",
        "The chairman of the Board of the Fund met members of the Non-Aligned Movement in Uganda.",
        "The chairman of the committee of NAM came from Uganda.",
        "The chair of the Non-Aligned Movement spoke.",
        "Uganda spoke at the UNESCO Executive Board.",
        "Uganda and SADC agreed.",
    ],
)
def test_candidates_deputies_committees_and_offices_without_a_holder_are_not(sentence: str) -> None:
    assert told(sentence) == []


def test_a_council_without_a_group_is_that_of_the_organisation_which_the_speaker_speaks_for() -> None:
    sentence = "She hailed Azerbaijan’s re-election as a member of the Executive Council for another 4-year term."
    assert told(sentence) == []
    (found,) = find_offices(sentence, groups=GROUPS, parties=PARTIES, said_on=date(2024, 9, 10), speaks_for="ICDO")
    assert (found.group, found.party, found.office) == ("ICDO", "AZE", "council-seat")
    assert "no group is named; the speaker speaks for ICDO" in found.reasons
    assert "'4-year term' names its length" in found.reasons
    assert "it was held when it was said, on 2024-09-10; since when is not said" in found.reasons


def test_an_office_that_may_be_over_says_so() -> None:
    (found,) = find_offices("Azerbaijan was chair of NAM.", groups=GROUPS, parties=PARTIES)
    assert "the words before it say that it may be over" in found.reasons


PIECES = st.lists(
    st.sampled_from(["Azerbaijan", "Uganda", "chair", "of the", "NAM", "chairmanship", "Executive Council", "UNESCO", "seat", "2019-2023", "was", ".", "SADC"]),
    max_size=12,
).map(" ".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(PIECES | st.text(max_size=60))
def test_every_suggestion_points_at_words_and_stands_once(sentence: str) -> None:
    found = find_offices(sentence, groups=GROUPS, parties=PARTIES, speaks_for="NAM")
    assert all(sentence[one.start : one.end].strip() and one.reasons for one in found)
    assert len({(one.group, one.party, one.office) for one in found}) == len(found)
