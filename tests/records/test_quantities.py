"""Quantities as they are typed: money never without its unit, everything else in base units where nothing is said."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand.errors import InputRefused
from evenhand.records.models import Resource
from evenhand.records.quantities import read_quantity

DOLLARS = Resource(key="USD", kind="money", base_unit="minor-unit", packs={"USD": 100})
YEN = Resource(key="JPY", kind="money", base_unit="JPY", packs={})
VOUCHERS = Resource(key="cash-voucher", kind="money", base_unit="cent", packs={"voucher": 5000, "euro": 100})
DOSES = Resource(key="vaccine", kind="goods", base_unit="dose", packs={"box": 100})


@pytest.mark.parametrize(
    ("resource", "typed", "unit", "base_units"),
    [
        (DOLLARS, "2,500 USD", "", 250_000),
        (DOLLARS, "2500.50", "USD", 250_050),
        (DOLLARS, "2500 minor-unit", "", 2_500),
        (DOLLARS, "2500", "minor-unit", 2_500),
        (DOLLARS, "0", "", 0),
        (DOLLARS, "0.00", "", 0),
        (YEN, "2500", "", 2_500),
        (VOUCHERS, "2 voucher", "", 10_000),
        (DOSES, "2500", "", 2_500),
    ],
)
def test_what_was_meant_is_what_is_counted(resource: Resource, typed: str, unit: str, base_units: int) -> None:
    assert read_quantity(resource, typed, unit, least=0).base_units == base_units


@pytest.mark.parametrize(
    ("resource", "typed", "sentence"),
    [
        (
            DOLLARS,
            "2500",
            "is that 2500 USD, or 2500 minor-unit of USD? Money is counted with its unit; write '2500 USD'",
        ),
        (DOLLARS, " 2,500.50 ", "is that 2,500.50 USD, or 2,500.50 minor-unit of USD?"),
        (DOLLARS, "0.01", "write '0.01 USD'"),
        (VOUCHERS, "3", "is that 3 voucher, or 3 cent of cash-voucher?"),
    ],
)
def test_money_without_its_unit_is_never_guessed_at(resource: Resource, typed: str, sentence: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_quantity(resource, typed, least=0, column="held")
    problem: Any = refused.value.problems[0]
    assert sentence in problem.text
    assert problem.column == "held"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["10." + "0" * 30 + "1", "10." + "0" * 60 + "1", "9" * 41])
def test_no_digit_is_rounded_away(typed: str) -> None:
    soap = Resource(key="soap", name="Soap", kind="goods", base_unit="piece", packs={"box": 100})
    with pytest.raises(InputRefused):
        read_quantity(soap, typed)
