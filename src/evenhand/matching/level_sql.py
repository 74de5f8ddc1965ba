"""Which level of each column a pair of records shows, as SQL over the same conditions that Splink weighs.

Splink returns a pair's weight; a person who decides needs to know what it is made of, and so does the learning. Asked for
the few pairs that matter, never for all candidates. Called by `training`, `scoring` and `entry`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from evenhand.matching.model import Model

SIDED = re.compile(r"\b([a-z_]+)_l\b")


def columns_used(model: Model) -> list[str]:
    """Return the prepared columns that the model's conditions speak of, sorted."""
    conditions = (level.condition for levels in model.levels().values() for level in levels)
    return sorted({name for condition in conditions for name in SIDED.findall(condition)})


def both_sides(columns: Iterable[str], left: str = "l", right: str = "r") -> str:
    """Return the columns of two tables as `name_l` and `name_r`."""
    return ", ".join(
        f"{table}.{name} AS {name}_{side}" for name in columns for table, side in ((left, "l"), (right, "r"))
    )


def level_of_each(model: Model) -> str:
    """Return an expression `level_<column>` for each column: the place of the first level that holds; 0 is unknown."""
    return ", ".join(
        "CASE "
        + " ".join(f"WHEN {level.condition} THEN {place}" for place, level in enumerate(levels[:-1]))
        + f" ELSE {len(levels) - 1} END AS level_{column}"
        for column, levels in model.levels().items()
    )
