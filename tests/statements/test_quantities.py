"""Amounts: what is written in any of the usual ways reads back as the same number."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.statements.quantities import find_amounts

numbers = st.integers(min_value=1, max_value=999_999_999).filter(lambda number: not 1900 <= number <= 2099)


@settings(max_examples=50, deadline=None)
@given(number=numbers, sign=st.sampled_from([("$", "USD"), ("€", "EUR"), ("USD ", "USD"), ("", "")]))
def test_grouped_digits_read_back(number: int, sign: tuple[str, str]) -> None:
    for written in (f"{number}", f"{number:,}", f"{number:,}".replace(",", " "), f"{number:,}".replace(",", ", ")):
        text = f"They gave {sign[0]}{written} for it."
        (one,) = find_amounts(text, 0, len(text))
        assert (one.value, one.currency) == (number, sign[1])
        assert text[one.start : one.end] == f"{sign[0]}{written}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("$418.7 mln", [(418_700_000, "USD")]),
        ("US $318, 450.00", [(318_450, "USD")]),
        ("USD85million", [(85_000_000, "USD")]),
        ("JPY ¥640 million", [(640_000_000, "JPY")]),
        ("twenty-five tents", [(25, "")]),
        ("half a million doses", [(500_000, "")]),
        ("two hundred thousand", [(200_000, "")]),
        ("USD 350,000 or about IDR 5.2 billion", [(350_000, "USD"), (5_200_000_000, "IDR")]),
        ("2.5bn euros", [(2_500_000_000, "EUR")]),
        ("in 2019", []),
        ("the 15th meeting on 3 May", []),
        ("COVID-19", []),
        ("thousands of tents", []),
    ],
)
def test_the_spellings_of_agencies_are_read(words: str, expected: list[tuple[int, str]]) -> None:
    assert [(one.value, one.currency) for one in find_amounts(words, 0, len(words))] == expected
