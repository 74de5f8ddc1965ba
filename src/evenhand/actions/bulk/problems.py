"""What is wrong with the rows of an import, beyond what the file alone can tell: unknown keys, broken rules.

Used by every register's check. All of it is found at once, by file, row and column; of very much, the first thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from evenhand.errors import InputRefused, Problem, suggest

MOST = 1_000
"""So many problems are written out; the rest are counted."""

NEAREST_AMONG = 5_000
MOST_SUGGESTIONS = 25
"""So many unknown names get a "did you mean"; each takes a while to look for."""


def among(values: pl.Series, keys: pl.Series) -> pl.Series:
    """Return which values are among keys, of which there may be a million: only what is looked for is ever held."""
    distinct = values.drop_nulls().unique()
    present = keys.filter(keys.is_in(distinct.implode()))
    return values.is_in(present.implode()).fill_null(value=False)


class Problems:
    """Gather the problems of one table."""

    def __init__(self, name: str, rows: pl.Series) -> None:
        self.name = name
        self.rows = rows
        self.found: list[Problem] = []
        self.total = 0
        self._suggested: dict[tuple[str, str], str] = {}

    def add(self, index: int, column: str, text: str) -> None:
        """Add one problem of the row at an index of the table."""
        self.total += 1
        if len(self.found) < MOST:
            self.found.append(Problem(self.name, int(self.rows[index]), column, text))

    def add_all(self, wrong: pl.Series, column: str, say: Callable[[int], str]) -> None:
        """Add one problem for each row where `wrong` is true."""
        places = wrong.fill_null(value=False).arg_true()
        for index in places.head(max(0, MOST - len(self.found))).to_list():
            self.found.append(Problem(self.name, int(self.rows[index]), column, say(index)))
        self.total += len(places)

    def expect_known(self, values: pl.Series, known: pl.Series, kind: str, *, suggesting: bool = True) -> pl.Series:
        """Report what is not among the known keys; return which rows name a known one."""
        there = among(values, known)
        unknown = ~there & values.is_not_null()
        if unknown.any():
            self.add_all(unknown, values.name, lambda i: self._say_unknown(kind, values[i], known, suggesting))
        return there

    def _say_unknown(self, kind: str, name: str, known: pl.Series, suggesting: bool) -> str:
        if (kind, name) not in self._suggested:
            near = ""
            if suggesting and len(self._suggested) < MOST_SUGGESTIONS:
                near = suggest(name, known.head(NEAREST_AMONG).to_list())
            self._suggested[kind, name] = near
        return f"no {kind} '{name}'{self._suggested[kind, name]}"

    def sorted(self) -> tuple[Problem, ...]:
        """Return the problems written out, by row."""
        return tuple(sorted(self.found, key=lambda one: (one.row, one.column)))

    def refusal(self, before: Sequence[Problem] = (), before_total: int = 0) -> InputRefused | None:
        """Return the refusal of all of it, together with what the file itself had wrong; None where nothing is."""
        if not self.total and not before:
            return None
        return InputRefused([*before, *self.sorted()], total=before_total + self.total)
