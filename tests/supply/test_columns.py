"""The declarations hold together: what reads them may rely on it."""

from __future__ import annotations

from typing import get_args

import pytest

from evenhand.supply.columns import ACTUAL, GROUPS, INPUT_TABLES, LOTS, NEEDS, PLAN_TABLES, Kind, Table

ALL_TABLES = (*INPUT_TABLES, ACTUAL, *PLAN_TABLES)


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_every_column_has_a_name_a_kind_and_a_meaning(table: Table) -> None:
    assert len({column.name for column in table.columns}) == len(table.columns)
    for column in table.columns:
        assert column.name == column.name.strip().casefold()
        assert column.kind in get_args(Kind)
        assert column.meaning
        assert column.numbered == column.name.endswith("_")


@pytest.mark.parametrize("table", INPUT_TABLES, ids=lambda table: table.name)
def test_the_key_of_an_input_table_is_required_and_a_key(table: Table) -> None:
    for name in table.unique:
        column = table.column(name)
        assert column is not None
        assert column.required
        assert column.kind == "key"


def test_a_numbered_column_is_found_by_any_number_and_by_nothing_else() -> None:
    tier = NEEDS.column("tier_")
    assert NEEDS.column("tier_1") is tier
    assert NEEDS.column("tier_12") is tier
    assert NEEDS.column("tier_x") is None
    assert NEEDS.column("tier") is None


def test_the_columns_of_the_contract_are_all_there() -> None:
    assert [column.name for column in NEEDS.columns] == [
        "recipient", "name", "target", "held", "capacity", "weight", "tier_", "handles", "per_week",
    ]  # fmt: skip
    assert [column.name for column in LOTS.columns] == [
        "lot", "packs", "resource", "donor", "pack_size", "per_person", "min_packs", "for", "not_for", "requires",
        "arrives", "expires",
    ]  # fmt: skip
    assert [column.name for column in GROUPS.columns] == ["recipient", "group"]
    assert [column.name for column in NEEDS.columns if column.required] == ["recipient", "target"]
    assert [column.name for column in LOTS.columns if column.required] == ["lot", "packs"]


def test_an_empty_cell_means_a_number_only_where_the_default_is_one() -> None:
    plain = {
        column.name: int(column.default)
        for table in INPUT_TABLES
        for column in table.columns
        if column.default and column.default.isdecimal()
    }
    assert plain == {"held": 0, "weight": 1, "pack_size": 1, "per_person": 1, "min_packs": 1}
