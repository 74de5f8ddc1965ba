"""Why two records may be one person, in words: what agrees, what sounds alike, what differs, and how much each weighs.

The weights are those that Splink summed; here they are told apart again, for the pairs that a person looks at. Called
by `match` and `entry`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log2

import polars as pl

from evenhand.matching.comparisons import own_columns
from evenhand.matching.engines import TABLE, DuckEngine
from evenhand.matching.level_sql import both_sides, columns_used, level_of_each
from evenhand.matching.model import Model, Weighed
from evenhand.matching.preparing import Prepared


def shares(prepared: Prepared, model: Model) -> dict[str, pl.DataFrame]:
    """Return for each column in which rare values count for more: value and share of the records that have one."""
    tables = {}
    for column, levels in model.levels().items():
        if column in prepared.frame.columns and any(level.frequent for level in levels):
            known = prepared.frame[column].drop_nulls()
            tables[column] = known.value_counts(name="count").select(
                pl.col(column).alias("value"), (pl.col("count") / max(len(known), 1)).alias("share")
            )
    return tables


def weight_of(level: Weighed, share: float | None) -> float:
    """Return the bits of a level; of an exact one, by how common the value is, as Splink does."""
    if level.null or not level.frequent or not share:
        return level.weight
    return level.weight + level.rarity * log2(level.u / share)


def tell(pairs: pl.DataFrame, prepared: Prepared, model: Model) -> pl.DataFrame:
    """Return pairs with their reasons: one sentence, the strongest first, and the weight of each column.

    Parameters
    ----------
    pairs
        row_l, row_r, weight.

    Returns
    -------
    polars.DataFrame
        The same rows in the same order, with weight_<column> for each column compared, reasons, and held: the weight,
        or what the person's own columns weigh where that is less.
    """
    if pairs.is_empty():
        return pairs.with_columns(pl.lit("").alias("reasons"), pl.col("weight").alias("held"))
    engine = DuckEngine(spills=False)
    engine.lend(TABLE, prepared.frame)
    engine.lend("evenhand_pairs", pairs.with_row_index("nth"))
    rarity = {column: table for column, table in shares(prepared, model).items() if table.height}
    same = "".join(f", {column}_l AS same_{column}" for column in rarity)
    told = engine.take(
        f"SELECT nth, {level_of_each(model)}{same} FROM (SELECT nth, {both_sides(columns_used(model))} FROM evenhand_pairs AS pair"  # noqa: S608
        f" JOIN {TABLE} AS l ON l.row = pair.row_l JOIN {TABLE} AS r ON r.row = pair.row_r) ORDER BY nth"
    )
    weights, words = [], []
    for column, levels in model.levels().items():
        of_level = {place: weight_of(level, None) for place, level in enumerate(levels)}
        weight = told[f"level_{column}"].replace_strict(of_level, return_dtype=pl.Float64)
        if (table := rarity.get(column)) is not None:
            rare = told[f"same_{column}"].replace_strict(
                table["value"], table["share"], default=None, return_dtype=pl.Float64
            )
            by_rarity = pl.lit(0.0)
            for place, level in enumerate(levels):
                if level.frequent:
                    exact = (told[f"level_{column}"] == place) & rare.is_not_null()
                    by_rarity = pl.when(exact).then(level.rarity * (level.u / rare).log(2)).otherwise(by_rarity)
            weight = weight + told.select(by_rarity.alias(column))[column]
        weights.append(weight.alias(f"weight_{column}"))
        said = {place: "" if level.null else level.words for place, level in enumerate(levels)}
        words.append(told[f"level_{column}"].replace_strict(said, return_dtype=pl.String).alias(f"words_{column}"))
    whole = pairs.hstack(weights)
    sentences = [sentence(_named(row, len(weights))) for row in pl.DataFrame([*words, *weights]).iter_rows()]
    own = [f"weight_{column}" for column in own_columns(model.columns)]
    least = pl.sum_horizontal(own) if own else pl.lit(float("inf"))
    return whole.with_columns(
        pl.Series("reasons", sentences, dtype=pl.String),
        pl.min_horizontal("weight", least).alias("held"),
    )


def held(weight: float, reasons: Mapping[str, float]) -> float:
    """Return the weight of a pair, or what the person's own columns weigh where that is less.

    Examples
    --------
    >>> held(4.0, {"given": -6.0, "family": 9.0, "birth": -6.5})
    -12.5
    """
    own = own_columns(reasons)
    return min(weight, sum(reasons[column] for column in own)) if own else weight


def _named(row: tuple[object, ...], columns: int) -> list[tuple[str, float]]:
    return [(str(words), float(str(weight))) for words, weight in zip(row[:columns], row[columns:], strict=True)]


def sentence(reasons: Iterable[tuple[str, float]]) -> str:
    """Return reasons as one sentence, the strongest first.

    Examples
    --------
    >>> sentence([("given name sounds alike", 5.6), ("", 0.0), ("sex differs", -4.25), ("birth agrees exactly", 11.0)])
    'birth agrees exactly (+11.0); given name sounds alike (+5.6); sex differs (-4.2)'
    """
    said = sorted(((words, weight) for words, weight in reasons if words), key=lambda one: (-abs(one[1]), one[0]))
    return "; ".join(f"{words} ({weight:+.1f})" for words, weight in said)
