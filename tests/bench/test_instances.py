"""The measured problems: the same seed gives the same problem, and the tables say what the arrays say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from bench.instances import (
    MINIMUM_PACKS,
    PACK_SIZES,
    Frames,
    Instance,
    divisible_classes,
    divisible_pairs,
    frames,
    make,
    mixed_packs,
    whole_packs_in_groups,
)

MADE: dict[str, Callable[[int], Instance]] = {
    "divisible_pairs": lambda seed: divisible_pairs(40, 5, seed),
    "divisible_classes": lambda seed: divisible_classes(200, 20, 60, seed),
    "mixed_packs": lambda seed: mixed_packs(142, 10, seed),
    "whole_packs_in_groups": lambda seed: whole_packs_in_groups(300, 25, 60, seed),
}


@pytest.mark.parametrize("name", MADE)
def test_the_same_seed_gives_the_same_problem_and_another_seed_another(name: str) -> None:
    first, again, other = MADE[name](1), MADE[name](1), MADE[name](2)
    for field in Instance.__slots__:
        assert np.array_equal(getattr(first, field), getattr(again, field))
    assert not np.array_equal(first.target, other.target)


def test_a_seed_gives_these_numbers_on_every_machine() -> None:
    made = divisible_pairs(4, 2, seed=1)
    assert made.target.tolist() == [530, 1080, 1700, 920]
    assert made.packs.tolist() == [591, 677]
    assert made.capacity.tolist() == [265, 1080, 1700, 184]


@pytest.mark.parametrize("name", MADE)
def test_the_problem_is_as_its_description_says(name: str) -> None:
    made = MADE[name](3)
    supply = float((made.packs * made.worth).sum())
    assert 0.25 * made.target.sum() < supply <= 0.3 * made.target.sum() + made.worth.max() * len(made.worth)
    tenths = (made.capacity + made.held) * 10 / made.target
    assert set(tenths[made.capacity > 0].tolist()) <= {2.0, 5.0, 10.0}
    assert (made.target > 0).all()
    assert (made.capacity >= 0).all()
    assert (made.packs >= 1).all()
    assert made.pairs.any(axis=0).all(), "a lot nobody may have"
    assert set(made.class_of.tolist()) == set(range(len(made.eligible)))


def test_mixed_packs_draws_sizes_minimums_and_pairs_as_stated() -> None:
    made = mixed_packs(142, 20, seed=1)
    assert set(made.worth.tolist()) <= set(PACK_SIZES)
    assert set(made.min_packs.tolist()) == set(MINIMUM_PACKS)
    assert 0.65 < made.pairs.mean() < 0.75


@pytest.mark.parametrize("name", MADE)
def test_the_tables_say_what_the_arrays_say(name: str) -> None:
    made = MADE[name](1)
    tables = frames(made)
    assert tables.needs["target"].to_list() == made.target.tolist()
    assert tables.needs["held"].to_list() == made.held.tolist()
    assert tables.needs["capacity"].to_list() == made.capacity.tolist()
    assert tables.lots["packs"].to_list() == made.packs.tolist()
    assert tables.lots["pack_size"].to_list() == made.worth.tolist()
    assert tables.lots["min_packs"].to_list() == made.min_packs.tolist()
    assert tables.needs["recipient"].is_sorted()
    assert np.array_equal(_pairs(tables), made.pairs)


def test_a_problem_is_made_from_a_json_object() -> None:
    made = make({"make": "mixed_packs", "recipients": 12, "lots": 3, "seed": 5})
    assert np.array_equal(made.target, mixed_packs(12, 3, 5).target)


def _pairs(tables: Frames) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Read the eligible pairs back from the tables, as DESIGN section 4.4 defines them."""
    member: dict[str, set[str]] = {key: {key} for key in tables.needs["recipient"]}
    for recipient, group in tables.groups.iter_rows():
        member[recipient].add(group)
    lots = tables.lots.with_columns(
        pl.lit("").alias(name) for name in ("for", "not_for") if name not in tables.lots.columns
    )
    columns = []
    for lot in lots.iter_rows(named=True):
        allowed, barred = ({name for name in lot[column].split(";") if name} for column in ("for", "not_for"))
        columns.append([(not allowed or bool(allowed & names)) and not barred & names for names in member.values()])
    return np.array(columns, dtype=np.bool_).T
