"""Which pairs of a prepared table are likely to be one person, by a learned model, on either engine.

Splink brings the candidates together and weighs them. What comes back is small: the likely and the doubtful pairs, and
every weighed pair between records that likely pairs join, because grouping asks how well a whole group holds together.
Called by `match`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

import polars as pl

from evenhand.matching.blocking import add_keys
from evenhand.matching.clusters import join
from evenhand.matching.engines import Engine
from evenhand.matching.model import Model
from evenhand.matching.preparing import Prepared

DOUBTFUL = 0.1
"""From this chance on a pair is shown to the person who decides, though it is not put together."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Hold weighed pairs: row_l < row_r and weight in bits.

    Attributes
    ----------
    shown
        Pairs from `DOUBTFUL`, or from the threshold where that is lower.
    inside
        Every weighed pair between records that pairs from the threshold join.
    candidates
        How many pairs were weighed.
    """

    shown: pl.DataFrame
    inside: pl.DataFrame
    candidates: int


def in_bits(chance: float) -> float:
    """Return a chance as bits for and against: 0.5 is 0.

    Examples
    --------
    >>> in_bits(0.5), round(in_bits(0.9), 2)
    (0.0, 3.17)
    """
    return log2(chance / (1 - chance))


def score(prepared: Prepared, model: Model, engine: Engine) -> Scored:
    """Weigh every two records that share a key."""
    if not model.columns or not model.recipes or prepared.frame.height < 2:
        nothing = pl.DataFrame(schema={"row_l": pl.Int64, "row_r": pl.Int64, "weight": pl.Float64})
        return Scored(nothing, nothing, 0)
    linker = engine.link(add_keys(prepared.frame, model.recipes), model.settings)
    table = linker.inference.predict(warning_mode="never").physical_name
    candidates = int(engine.take(f"SELECT count(*) AS pairs FROM {table}")["pairs"][0])  # noqa: S608 - Splink's own name
    least = in_bits(model.threshold)
    pairs = "least(row_l, row_r) AS row_l, greatest(row_l, row_r) AS row_r, match_weight AS weight"
    shown = engine.take(f"SELECT {pairs} FROM {table} WHERE match_weight >= {min(least, in_bits(DOUBTFUL))!r}")  # noqa: S608
    parts = join(shown.filter(pl.col("weight") >= least).select("row_l", "row_r").iter_rows())
    lent = pl.DataFrame({"row": list(parts), "part": list(parts.values())}, schema={"row": pl.Int64, "part": pl.Int64})
    engine.lend("evenhand_parts", lent)
    inside = engine.take(
        f"SELECT {pairs} FROM {table} AS pair"  # noqa: S608 - Splink's own name
        " JOIN evenhand_parts AS one ON one.row = pair.row_l JOIN evenhand_parts AS other ON other.row = pair.row_r"
        " WHERE one.part = other.part"
    )
    return Scored(shown.sort("row_l", "row_r"), inside.sort("row_l", "row_r"), candidates)
