"""Which records are compared at all: those that share a key. Keys are made once, as numbers, for every engine alike.

Comparing each record with each other takes n² steps; a key (the sound of both names, the day of birth with one name, a
telephone number, ...) brings together those that could be one person. A value shared by too many records (1 January,
one camp's telephone) tells nothing and would bring n² back, so each key has a budget of pairs that grows with n alone;
the commonest values go first, and other keys still find those records. Called by `training`, `predicting` and `entry`.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

RECIPES: tuple[tuple[str, ...], ...] = (
    ("document",),
    ("phone",),
    ("email",),
    ("email_user",),
    ("both_sounds", "year"),
    ("both_sounds", "day"),
    ("both_sounds", "place"),
    ("both_sounds", "father_sound"),
    ("birth", "given_sound"),
    ("birth", "family_sound"),
    ("birth", "postcode"),
    ("birth", "place"),
    ("birth", "address"),
    ("birth", "father_sound"),
    ("given_sound", "address"),
    ("family_sound", "address"),
    ("given_sound", "place", "year"),
    ("family_sound", "place", "year"),
    ("given_sound", "father_sound", "year"),
    ("given_sound", "father_sound", "place"),
    ("given_sound", "postcode", "year"),
    ("family_sound", "postcode", "year"),
    ("household", "given_sound"),
    ("household", "birth"),
    ("address", "postcode"),
    ("both_sounds",),
    ("given_sound", "postcode"),
    ("family_sound", "postcode"),
    ("given_sound", "place"),
    ("family_sound", "place"),
    ("given_sound", "father_sound"),
    ("given_sound",),
    ("family_sound",),
    ("birth",),
    ("address",),
)
"""What records may share. A recipe is used where the table has all its columns."""
BROAD = frozenset(RECIPES[RECIPES.index(("both_sounds",)) :])
"""Followed only while the table is small enough to afford all their pairs; in a large one they bring chance alone."""

LARGEST_BLOCK = 100
PAIRS_A_RECORD = 3
PAIRS_AT_LEAST = 100_000
PAIRS_IF_BROAD = 300_000
"""Each key brings at most so many pairs for each record of the table, or so many in all where the table is small."""


def list_recipes(columns: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the recipes that a table with these prepared columns can follow."""
    known = set(columns)
    made = {
        "both_sounds": {"given_sound", "family_sound"} <= known,
        "year": "birth" in known,
        "day": "birth" in known,
    }
    return tuple(recipe for recipe in RECIPES if all(made.get(part, part in known) for part in recipe))


def texts(recipes: Iterable[tuple[str, ...]]) -> list[pl.Expr]:
    """Return an expression for each recipe: the key as text, None where a part is unknown."""
    names = [pl.col("given_sound"), pl.col("family_sound")]
    made = {
        "both_sounds": pl.when(pl.all_horizontal([name.is_not_null() for name in names])).then(
            pl.concat_str([pl.min_horizontal(names), pl.max_horizontal(names)], separator=" ")
        ),
        "year": pl.col("birth").str.slice(0, 4),
        "day": pl.when(~pl.col("birth").str.ends_with("00")).then(pl.col("birth").str.slice(4)),
        "birth": pl.when(~pl.col("birth").str.ends_with("00")).then(pl.col("birth")),
    }
    return [
        pl.concat_str([made.get(part, pl.col(part)) for part in recipe], separator="|").alias(name_of(place))
        for place, recipe in enumerate(recipes)
    ]


def name_of(place: int) -> str:
    """Return the name of the column that holds the key of the recipe at this place."""
    return f"key_{place:02}"


def add_keys(frame: pl.DataFrame, recipes: tuple[tuple[str, ...], ...]) -> pl.DataFrame:
    """Return the table with a whole number for each recipe, None where the key is unknown or too common to tell anything."""
    keyed = frame.select(texts(recipes))
    budget = max(PAIRS_AT_LEAST, PAIRS_A_RECORD * frame.height)
    columns = []
    for name, recipe in zip(keyed.columns, recipes, strict=True):
        key = keyed[name].hash(seed=0).reinterpret(signed=True).alias(name)
        numbers = keyed.select(pl.when(pl.col(name).is_not_null()).then(pl.lit(key)).alias(name))
        columns.append(
            _spared(numbers, name, PAIRS_IF_BROAD, whole=True) if recipe in BROAD else _spared(numbers, name, budget)
        )
    return frame.hstack(columns)


def _spared(numbers: pl.DataFrame, name: str, budget: int, *, whole: bool = False) -> pl.Series:
    """Return the column without the values that are alone, and without the commonest ones where the budget is over."""
    size = pl.len().over(name)
    sized = numbers.select(name, pl.when(pl.col(name).is_not_null()).then(size).alias("size"))
    pairs = (
        sized.filter(pl.col("size").is_between(2, numbers.height if whole else LARGEST_BLOCK))
        .group_by("size")
        .agg(records=pl.len())
        .sort("size")
        .with_columns(sum=(pl.col("records") * (pl.col("size") - 1) // 2).cum_sum())
    )
    kept = pairs.filter(pl.col("sum") <= budget)["size"].max()
    most = kept if isinstance(kept, int) else 1
    if whole and most != pairs["size"].max():
        most = 1
    return sized.select(pl.when(pl.col("size").is_between(2, most)).then(pl.col(name)).alias(name))[name]
