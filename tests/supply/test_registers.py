"""The registers' declarations hold together, in both languages."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import get_args

import pytest

from evenhand.errors import NameUnknown
from evenhand.supply.columns import Kind, Table
from evenhand.supply.meanings import LANGUAGES, choice_of, meaning_of, row_of
from evenhand.supply.registers import ENTRIES, MEMBER_NEEDS, OFFERS, REGISTERS

TABLES = list(REGISTERS.values())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_has_a_name_a_kind_and_a_meaning(table: Table) -> None:
    assert len({column.name for column in table.columns}) == len(table.columns)
    for column in table.columns:
        assert column.name == column.name.strip().casefold()
        assert column.kind in get_args(Kind)
        assert column.meaning
        assert column.numbered == column.name.endswith("_")
        assert bool(column.choices) == (column.kind == "choice")
        assert column.default is None or not column.required


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_optional_column_says_what_an_empty_cell_means_or_means_nothing_by_it(table: Table) -> None:
    silent = {column.name for column in table.columns if not column.required and column.default is None}
    assert silent <= {"parent", "place", "latitude", "longitude", "tier_"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_french_says_no_less_and_no_more_than_english(table: Table) -> None:
    said = tomllib.loads(files("evenhand.supply").joinpath("meanings_fr.toml").read_text("utf-8"))[table.name]
    assert said["row"]
    assert set(said["columns"]) == {column.name for column in table.columns}
    for column in table.columns:
        french = meaning_of(column, table, "fr")
        assert french.meaning
        assert french.meaning != column.meaning
        assert bool(french.unit) == bool(column.unit)
        assert bool(french.default) == bool(column.default)
        assert french.default is None or (french.default.isdecimal() == str(column.default).isdecimal())


def test_every_choice_has_its_french_word() -> None:
    words = {word for table in TABLES for column in table.columns for word in column.choices}
    french = [choice_of(word, "fr") for word in sorted(words)]
    assert all(french)
    assert len(set(french)) == len(words)


def test_a_language_that_is_not_there_is_named() -> None:
    column = OFFERS.columns[0]
    for ask in (
        lambda: meaning_of(column, OFFERS, "de"),
        lambda: row_of(OFFERS, "de"),
        lambda: choice_of("state", "de"),
    ):
        with pytest.raises(NameUnknown, match="no language 'de'"):
            ask()
    assert row_of(OFFERS, "fr") != row_of(OFFERS, "en")
    assert LANGUAGES == ("en", "fr")


def test_the_required_columns_are_those_of_the_contract() -> None:
    required = {name: [column.name for column in table.columns if column.required] for name, table in REGISTERS.items()}
    assert required == {
        "parties": ["key", "name", "kind"],
        "places": ["key", "name", "country"],
        "resources": ["key", "name", "kind", "base_unit"],
        "needs": ["party", "resource", "quantity", "why"],
        "offers": ["donor", "resource", "quantity", "firmness"],
        "entries": ["happened", "verb", "resource", "quantity"],
        "memberships": ["group", "party"],
    }


def test_a_register_can_hold_every_word_that_others_refer_to() -> None:
    outside = {"programmes", "groups"}
    for table in TABLES:
        for column in table.columns:
            assert column.refers in {"", *REGISTERS, *outside}
    assert MEMBER_NEEDS.column("tier_2") is MEMBER_NEEDS.column("tier_")
    assert ENTRIES.column("verb") is not None
