"""The columns that people read: every one stands for something in the rows, and a terminal shows what fits."""

from __future__ import annotations

import dataclasses
import io
import json
from fractions import Fraction
from importlib import import_module
from types import SimpleNamespace
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from rich.console import Console

from evenhand.cli.answer import Answer
from evenhand.cli.pages import make_listing
from evenhand.cli.readings import NEEDS, OFFERS, READINGS, Column, Reading
from evenhand.cli.said_readings import SAID_READINGS
from evenhand.cli.screen import _shown, plain_lines
from evenhand.cli.session import start

start(fresh=True)

LISTINGS = [
    pytest.param(reading, id=f"{group} {word}")
    for group, words in (READINGS | SAID_READINGS).items()
    for word, reading in words.items()
    if reading.columns
]


def row_type(reading: Reading) -> Any:
    module, name = reading.lookup.split(".")
    returned = get_type_hints(getattr(import_module(f"evenhand.lookups.{module}"), name))["return"]
    return get_args(returned)[0] if get_origin(returned) else returned


@pytest.mark.parametrize("reading", LISTINGS)
def test_every_column_is_a_field_of_the_rows(reading: Reading) -> None:
    fields = {field.name for field in dataclasses.fields(row_type(reading))}
    assert {column.value for column in reading.columns if isinstance(column.value, str)} <= fields


@pytest.mark.parametrize("reading", LISTINGS)
def test_a_listing_has_five_to_eleven_columns_and_begins_with_what_names_the_row(reading: Reading) -> None:
    assert 5 <= len(reading.columns) <= 11
    assert not reading.columns[0].spare


def need(**other: Any) -> SimpleNamespace:
    return SimpleNamespace(**{
        "ref": "ND-7K2M9QX4PD", "party": "TCD", "party_name": "Chad", "resource": "vaccine-az", "kind": "goods",
        "quantity": 1_200_000, "typed": "12000", "unit": "carton", "base_unit": "dose", "priority": "normal",
        "state": "approved", "valid_until": "2027-02-20", "by_when": None, "why": "first doses",
    } | other)  # fmt: skip


def test_money_is_read_in_its_currency_and_goods_in_their_base_unit() -> None:
    money = need(kind="money", quantity=250_050, typed="2500.50", unit="USD", base_unit="minor-unit", resource="USD")
    listing = make_listing("list", "", NEEDS, [need(), money])
    quantity, unit = (
        [row[[head.name for head in listing.headings].index(name)] for row in listing.rows]
        for name in ("quantity", "unit")
    )
    assert (quantity, unit) == ([1_200_000, Fraction("2500.5")], ["dose", "USD"])
    assert "2500.5" in "\n".join(plain_lines(Answer("need list", listings=[listing])))


def test_a_column_in_which_nobody_has_anything_is_left_out() -> None:
    listing = make_listing("list", "", NEEDS, [need()])
    assert "needed by" not in [head.name for head in listing.headings]


@pytest.mark.parametrize(("columns", "spare"), [(60, []), (80, [""]), (140, ["", "priority", "for"])])
def test_a_terminal_shows_as_many_spare_columns_as_fit_and_never_half_a_key(columns: int, spare: list[str]) -> None:
    listing = make_listing("list", "", NEEDS, [need()])
    shown = [listing.headings[place] for place in _shown(listing, columns)]
    assert [head for head in shown if not head.spare] == [head for head in listing.headings if not head.spare]
    assert [head.label.strip() for head in shown if head.spare] == spare


def test_a_listing_of_offers_fits_eighty_columns() -> None:
    offer = need(
        donor="IND", donor_name="India", counted=True, stages={"offered": 2_100_000}, firmness="commitment",
        expires="2027-05-31", meant_for=("OIC",),
    )  # fmt: skip
    from evenhand.cli.screen import _terminal_listing

    out = io.StringIO()
    _terminal_listing(Console(file=out, width=80, highlight=False), make_listing("list", "", OFFERS, [offer]))
    assert "2,100,000" in out.getvalue()
    assert "approved" in out.getvalue()
    assert max(map(len, out.getvalue().splitlines())) <= 80


def test_json_holds_every_field_and_people_the_columns() -> None:
    listing = make_listing("list", "", [Column("a", "ref")], [need()], records=[{"ref": "ND-1", "more": [1, 2]}])
    assert json.loads(json.dumps(Answer("x", listings=[listing]).as_json()))["result"]["list"] == [
        {"ref": "ND-1", "more": [1, 2]}
    ]
