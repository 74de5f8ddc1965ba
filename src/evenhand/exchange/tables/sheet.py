"""A table as it came, and what was found wrong with it.

`Sheet` is what every door hands over: headings and raw columns, and which row of the file each row was. `Findings`
gathers problems and notes of all tables, so that a person sees them all at once. Neither knows any rule.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from evenhand.errors import SHOWN_PROBLEMS, InputRefused, Problem, suggest
from evenhand.supply.columns import Table

KEPT_PROBLEMS = 1_000
"""How many problems a refusal carries; the rest are only counted."""

MOST_NAMES_COMPARED = 2_000
"""How many names a suggestion is sought among; comparing one name with a million takes seconds."""

LONGEST_SHOWN = 40
"""How many characters of an offending value a sentence shows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold one table as it came, before any rule.

    Attributes
    ----------
    table
        What it should hold.
    headings
        As written, one per column; they may be empty or occur twice.
    columns
        Raw columns of equal length, in the order of the headings.
    first_row
        The file's own number of the first row below the heading; the heading of a plain file is row 1. A dataframe
        counts the same way: its first row is row 2.
    rows
        The file's own number of each row, where rows were left out; None where they simply follow `first_row`.
    title
        The sheet of a workbook that it was read from, "" elsewhere.
    """

    table: Table
    headings: tuple[str, ...]
    columns: tuple[pl.Series, ...]
    first_row: int = 2
    rows: pl.Series | None = None
    title: str = ""

    @property
    def height(self) -> int:
        """Return how many rows there are."""
        return len(self.columns[0]) if self.columns else 0

    def row(self, index: int) -> int:
        """Return the file's own number of a row."""
        return self.first_row + index if self.rows is None else int(self.rows[index])

    def filter(self, kept: pl.Series) -> Sheet:
        """Return the rows where `kept` is true; they keep their numbers."""
        rows = self.rows if self.rows is not None else pl.int_range(self.height, eager=True) + self.first_row
        return replace(self, columns=tuple(column.filter(kept) for column in self.columns), rows=rows.filter(kept))


@dataclass(slots=True)
class Findings:
    """Gather the problems and the notes of all tables."""

    notes: list[str] = field(default_factory=list)
    total: int = 0
    _kept: list[tuple[int, int, Problem]] = field(default_factory=list)
    _order: list[str] = field(default_factory=list)

    def add(self, table: str, row: int, column: str, text: str) -> None:
        """Add one problem; row 0 and column "" where none is meant."""
        if table not in self._order:
            self._order.append(table)
        self.total += 1
        self._kept.append((self._order.index(table), row, Problem(table, row, column, text)))

    def add_rows(self, sheet: Sheet, column: str, wrong: pl.Series, say: Callable[[int], str]) -> None:
        """Add one problem for each row where `wrong` is true; `say` makes its sentence from the row's index."""
        at = wrong.arg_true()
        for index in at.head(KEPT_PROBLEMS).to_list():
            self.add(sheet.table.name, sheet.row(index), column, say(index))
        self.total += max(0, len(at) - KEPT_PROBLEMS)

    def concern(self, table: Table, *, whole_rows: bool = False) -> bool:
        """Return whether a table has a problem so far; with `whole_rows`, one that made a row unreadable."""
        return any(
            problem.table == table.name and (not whole_rows or (problem.row > 0 and not problem.column))
            for _, _, problem in self._kept
        )

    def in_order(self, tables: Sequence[str]) -> None:
        """Fix the order in which tables are listed."""
        self._order[:0] = [table for table in tables if table not in self._order]

    def refusal(self) -> InputRefused | None:
        """Return the refusal of all that was found, by table and row, or None where all is well."""
        if not self.total:
            return None
        self._kept.sort(key=lambda found: found[:2])
        return InputRefused([problem for _, _, problem in self._kept[:KEPT_PROBLEMS]], total=self.total)


class Suggester:
    """Suggest the nearest of many known names, quickly, and only as often as a refusal shows."""

    def __init__(self, known: pl.Series) -> None:
        self._known = known.drop_nulls().unique(maintain_order=True)
        self._folded: pl.Series | None = None
        self._said: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """Return "; did you mean ...?" or ""."""
        if name not in self._said:
            if len(self._said) >= SHOWN_PROBLEMS:
                return ""
            self._said[name] = suggest(name, self._near(name))
        return self._said[name]

    def _near(self, name: str) -> list[str]:
        if len(self._known) <= MOST_NAMES_COMPARED:
            return self._known.to_list()
        if self._folded is None:
            self._folded = self._known.str.to_lowercase()
        folded, lower = self._folded, name.lower()
        close = (folded.str.len_chars().cast(pl.Int64) - len(lower)).abs() <= 2
        best = folded.str.starts_with(lower[:-1]) | folded.str.ends_with(lower[1:])
        alike = folded.str.starts_with(lower[:2]) | folded.str.ends_with(lower[-2:])
        near = pl.concat([self._known.filter(close & best), self._known.filter(close & alike)])
        return near.head(MOST_NAMES_COMPARED).to_list()


def quoted(value: object) -> str:
    r"""Return a value as a sentence shows it: in quotation marks, not too long, nothing invisible.

    Examples
    --------
    >>> quoted("1,200")
    "'1,200'"
    >>> print(quoted("a\x1b[2J"))
    'a\x1b[2J'
    """
    text = str(value)
    shown = text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
    return "'" + "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else _escaped(c) for c in shown) + "'"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
