"""The input of one round, read and found sound.

Made by `evenhand.exchange.tables`, used by `evenhand.allocation`. Holds no behaviour beyond looking things up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Tables:
    """Hold sound tables, each sorted by its key (bytes of UTF-8), so that the order of rows in a file never matters.

    Attributes
    ----------
    needs
        Columns of `supply.columns.NEEDS` that were given, plus always `recipient` (String) and `target`. Amounts are
        Int64 where every value of the column is whole, else Decimal(38, 6); names stay text; nothing is filled in but
        empty cells of `held` (0) and `weight` (1). Unknown columns are kept as text, after the known.
    lots
        The same for `supply.columns.LOTS`; counts are Int64, dates Date, empty cells of columns with a plain default
        (pack_size, per_person, min_packs: 1) are filled; the columns themselves are present only where given.
    groups
        recipient, group: String. Empty (no rows) where no table was given.
    notes
        Sentences a person should see: unknown columns, rounded numbers.
    """

    needs: pl.DataFrame
    lots: pl.DataFrame
    groups: pl.DataFrame
    notes: tuple[str, ...] = ()
