"""Spreadsheet formulas that know their own value: written once, shown by every viewer, recalculated by the reader.

A `Formula` is a text for the cell and a way to compute what the cell will show. Columns are made in the order in which
they depend on one another and written at the end. Used by the rest of this folder only. User's text never enters a
formula: it stands in cells of its own, written as text, and formulas point at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from evenhand.errors import OptionRefused

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

LONGEST_FORMULA = 7_000
"""Spreadsheet programs stop at 8,192 letters; the rest is for row numbers."""
FIRST_ROW = 2
"""The heading is row 1, so that a row here is the row of the same number in the CSV file."""


@dataclass(frozen=True, slots=True)
class Formula:
    """Hold a formula without its "=" ("{r}" stands for the row, "{p}" for the row above), and its value on row i."""

    text: str
    value: Callable[[int], Any]

    def _with(self, symbol: str, other: Any, do: Callable[[Any, Any], Any]) -> Formula:
        right = formula(other)
        mine, its = self.value, right.value
        return Formula(f"({self.text}{symbol}{right.text})", lambda i: do(mine(i), its(i)))

    def __add__(self, other: Any) -> Formula:
        return self._with("+", other, lambda a, b: a + b)

    def __sub__(self, other: Any) -> Formula:
        return self._with("-", other, lambda a, b: a - b)

    def __mul__(self, other: Any) -> Formula:
        return self._with("*", other, lambda a, b: a * b)

    def __truediv__(self, other: Any) -> Formula:
        return self._with(
            "/", other, lambda a, b: Fraction(a) / b if isinstance(a, int) and isinstance(b, int) else a / b
        )

    def __lt__(self, other: Any) -> Formula:
        return self._with("<", other, lambda a, b: a < b)

    def __le__(self, other: Any) -> Formula:
        return self._with("<=", other, lambda a, b: a <= b)

    def __gt__(self, other: Any) -> Formula:
        return self._with(">", other, lambda a, b: a > b)

    def __ge__(self, other: Any) -> Formula:
        return self._with(">=", other, lambda a, b: a >= b)

    def equals(self, other: Any) -> Formula:
        """Return whether both are equal; for text, use `exactly`."""
        return self._with("=", other, lambda a, b: a == b)


def formula(value: Any) -> Formula:
    """Return a formula as it is, and a constant as a formula."""
    if isinstance(value, Formula):
        return value
    if isinstance(value, Column):
        return value.here
    text = '"' + value.replace('"', '""') + '"' if isinstance(value, str) else repr(value).upper()
    return Formula(text, lambda _: value)


def _call(name: str, parts: Iterable[Any], do: Callable[[list[Callable[[int], Any]], int], Any]) -> Formula:
    inner = [formula(part) for part in parts]
    values = [part.value for part in inner]
    return Formula(f"{name}({','.join(part.text for part in inner)})", lambda i: do(values, i))


def both(*parts: Any) -> Formula:
    """Return whether all hold."""
    return _call("AND", parts, lambda values, i: all(value(i) for value in values))


def either(*parts: Any) -> Formula:
    """Return whether any holds."""
    return _call("OR", parts, lambda values, i: any(value(i) for value in values))


def unless(part: Any) -> Formula:
    """Return whether it does not hold."""
    return _call("NOT", [part], lambda values, i: not values[0](i))


def choose(condition: Any, yes: Any, no: Any) -> Formula:
    """Return one or the other; only the one chosen is computed."""
    return _call("IF", [condition, yes, no], lambda values, i: values[1](i) if values[0](i) else values[2](i))


def exactly(left: Any, right: Any) -> Formula:
    """Return whether two texts are the same, letter by letter ("=" would ignore case)."""
    return _call("EXACT", [left, right], lambda values, i: _as_text(values[0](i)) == _as_text(values[1](i)))


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def size_of(part: Any) -> Formula:
    """Return the absolute value."""
    return _call("ABS", [part], lambda values, i: abs(values[0](i)))


def rounded(part: Any) -> Formula:
    """Return the nearest whole number."""
    return _call("ROUND", [part, 0], lambda values, i: int((values[0](i) + Fraction(1, 2)) // 1))


def whole_part(part: Any) -> Formula:
    """Return the whole part of a number from 0."""
    return _call("INT", [part], lambda values, i: int(values[0](i)))


def remainder(part: Any, divisor: int) -> Formula:
    """Return what is left of a whole number from 0 after dividing it."""
    return _call("MOD", [part, divisor], lambda values, i: values[0](i) % divisor)


@dataclass(eq=False)
class Column:
    """Hold one column of a sheet: what stands in it, and how formulas point at it."""

    sheet: Sheet
    letter: str
    heading: str
    values: list[Any]
    made_by: Formula | None = None
    look: str = "plain"
    width: int = 12
    totals: dict[Any, dict[Any, Any]] = field(default_factory=dict)

    @property
    def here(self) -> Formula:
        """Return the cell of this column on the same row."""
        return Formula(f"${self.letter}{{r}}", lambda i: self.values[i])

    @property
    def above(self) -> Formula:
        """Return the number in the cell of this column on the row above; the heading counts as 0."""
        return Formula(f"N(${self.letter}{{p}})", lambda i: self.values[i - 1] if i else 0)

    @property
    def range(self) -> str:
        """Return the whole column below the heading, from anywhere."""
        last = FIRST_ROW + max(len(self.values), 1) - 1
        return f"{self.sheet.name}!${self.letter}${FIRST_ROW}:${self.letter}${last}"

    def at(self, place: Any) -> Formula:
        """Return the cell on the row that a formula counts to, from 1."""
        counted = formula(place)
        return Formula(f"INDEX({self.range},{counted.text})", lambda i: self.values[counted.value(i) - 1])

    def cell(self, place: int) -> Formula:
        """Return one cell, counted from 0."""
        text = f"{self.sheet.name}!${self.letter}${FIRST_ROW + place}"
        return Formula(text, lambda _: self.values[place])

    def total_where(self, *conditions: tuple[Column, Any]) -> Formula:
        """Return the sum of this column over the rows where other columns (of numbers) have certain values."""
        wanted = [formula(value) for _, value in conditions]
        columns = [column for column, _ in conditions]
        names = tuple(column.letter for column in columns)
        if names not in self.totals:
            sums: dict[Any, Any] = {}
            for *key, value in zip(*(column.values for column in columns), self.values, strict=True):
                sums[tuple(key)] = sums.get(tuple(key), 0) + value
            self.totals[names] = sums
        found = self.totals[names]
        pairs = ",".join(f"{column.range},{value.text}" for column, value in zip(columns, wanted, strict=True))
        text = f"SUMIFS({self.range},{pairs})"
        return Formula(text, lambda i: found.get(tuple(value.value(i) for value in wanted), 0))

    def count_where(self, value: Any) -> Formula:
        """Return how many rows have this value."""
        wanted = formula(value)
        counts: dict[Any, int] = {}
        for found in self.values:
            counts[found] = counts.get(found, 0) + 1
        return Formula(f"COUNTIF({self.range},{wanted.text})", lambda i: counts.get(wanted.value(i), 0))

    @property
    def all_hold(self) -> Formula:
        """Return whether every cell of this column is TRUE (an error or an empty cell is not)."""
        rows = len(self.values)
        return Formula(f"(COUNTIF({self.range},TRUE)={rows})", lambda _: all(value is True for value in self.values))


class _Page(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types for mypy here
    """A worksheet that writes formulas as they are.

    XlsxWriter tries thirty patterns for new functions on every formula, two thirds of the time that a large workbook
    takes; none of ours is new.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class Sheet:
    """Gather the columns of one sheet; `write` puts them into the workbook."""

    def __init__(self, name: str, rows: int) -> None:
        self.name = name
        self.rows = rows
        self.columns: list[Column] = []

    def add(self, heading: str, content: Sequence[Any] | Formula, look: str = "plain", width: int = 12) -> Column:
        """Add a column of constants or of one formula, and compute its values."""
        letter = xl_col_to_name(len(self.columns))
        if isinstance(content, Formula):
            if len(content.text) > LONGEST_FORMULA:
                raise OptionRefused(
                    f"the formula for '{heading}' would be too long for a spreadsheet: use `evenhand check`"
                )
            values = [content.value(i) for i in range(self.rows)]
            column = Column(self, letter, heading, values, content, look, width)
        else:
            column = Column(self, letter, heading, list(content), None, look, width)
        self.columns.append(column)
        return column

    def write(self, workbook: Workbook, looks: dict[str, Format], *, frozen: int) -> Worksheet:
        """Write heading and rows; the first row and the first `frozen` columns stay in sight."""
        page = workbook.add_worksheet(self.name, worksheet_class=_Page)
        page.freeze_panes(1, frozen)
        page.set_row(0, 48)
        for place, column in enumerate(self.columns):
            page.set_column(place, place, column.width)
            page.write_string(0, place, column.heading, looks["heading"])
        for i in range(self.rows):
            row = FIRST_ROW - 1 + i
            for place, column in enumerate(self.columns):
                if column.made_by is None:
                    write_value(page, row, place, column.values[i], looks[column.look])
                else:
                    text = column.made_by.text.replace("{r}", str(row + 1)).replace("{p}", str(row))
                    page.write_formula(row, place, "=" + text, looks[column.look], shown(column.values[i]))
        for place, column in enumerate(self.columns):
            if self.rows and column.look == "verdict":
                failing = {"type": "cell", "criteria": "==", "value": "FALSE", "format": looks["failing"]}
                page.conditional_format(1, place, self.rows, place, failing)
        return page


def write_value(page: Worksheet, row: int, place: int, value: Any, look: Format) -> None:
    """Write a constant as what it is; text always as text, so that a name beginning with "=" is no formula."""
    if value is None or value == "":
        page.write_blank(row, place, None, look)
    elif isinstance(value, str):
        page.write_string(row, place, value, look)
    elif isinstance(value, bool):
        page.write_boolean(row, place, value, look)
    elif isinstance(value, date):
        page.write_datetime(row, place, value, look)
    else:
        page.write_number(row, place, float(value) if isinstance(value, Fraction) else value, look)


def shown(value: Any) -> Any:
    """Return a value as a viewer shows it before it recalculates."""
    return float(value) if isinstance(value, Fraction) else value
