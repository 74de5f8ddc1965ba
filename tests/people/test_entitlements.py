"""Terms as people write them, and what they come to by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.errors import OptionRefused
from evenhand.people.entitlements import age_of, needed_fields, read_terms, shares_of

ON = date(2026, 3, 2)
FAMILY = [
    {"birth_year": "1988", "sex": "female", "condition": "pregnant;nursing"}, {"birth_year": "2014", "sex": "male"},
    {"birth_date": "2021-03-03", "sex": "male"}, {"sex": "female"},
]  # fmt: skip


@pytest.mark.parametrize(("term", "times"), [
    ("15 kg per person", 4), ("3 kg per person under 5", 1), ("3 kg per person of 5 or more", 3), ("1 kit per household", 1),
    ("1 kit per household of 4 or more", 1), ("1 kit per household of 5 or more", 0), ("2 tin per person pregnant", 1),
    ("2 tin per person of 6 to 17", 1), ("2 tin per person female", 2), ("2 tin per person of 18 or more female", 2),
    ("2 tin per person under 18 nursing", 0), ("1 kit per person disabled", 0),
])  # fmt: skip
def test_each_term_counts_whom_it_means(term: str, times: int) -> None:
    assert sum(one.times for one in shares_of(read_terms(term), FAMILY, ON)) == times


def test_a_missing_birth_takes_nothing_away_and_is_told() -> None:
    (share,) = shares_of(read_terms("15 kg per person of 5 or more"), FAMILY, ON)
    assert (share.times, share.unknown) == (3, 1)


def test_only_what_a_rule_needs_is_read() -> None:
    assert needed_fields(read_terms("15 kg per person; 1 kit per household of 3 or more")) == frozenset()
    assert needed_fields(read_terms("2 tin per person under 5 pregnant; 1 kit per person female")) == {
        "birth_year", "birth_date", "condition", "sex",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", ";", "15 per person", "15 kg a person", "kg per person", "1 kg per person under 0", "1 kg per person over 5",
                                  "1 kg per person of 9 to 3", "1 kg per family", "1 kg per person muslim", "; ".join(["1 kg per person"] * 21)])  # fmt: skip
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(OptionRefused):
        read_terms(text)


@given(st.dates(date(1905, 1, 1), ON))
def test_an_age_is_that_of_full_years(born: date) -> None:
    age = age_of({"birth_date": born.isoformat()}, ON)
    assert age is not None
    assert 0 <= age <= ON.year - born.year <= age + 1
    assert age_of({"birth_year": str(born.year)}, ON) == ON.year - born.year
    assert age_of({}, ON) is None


@given(st.lists(st.sampled_from(FAMILY), max_size=6), st.sampled_from(FAMILY))
def test_one_more_person_never_takes_anything_away(family: list[dict[str, str]], more: dict[str, str]) -> None:
    terms = read_terms(
        "15 kg per person; 3 kg per person under 5; 1 kit per household; 2 tin per person pregnant; 1 kit per household of 3 or more"
    )

    def amounts(persons: list[dict[str, str]]) -> dict[str, int]:
        return {one.term.text: one.times for one in shares_of(terms, persons, ON)}

    before, after = amounts(family), amounts([*family, more])
    assert all(after.get(text, 0) >= times for text, times in before.items())
