"""Delimited text in which some row has too many cells, too few, or a quotation mark out of place: name each such row.

Called by `text_file` for what Polars refused. Slower than Polars, but millions of rows are still a matter of seconds
where no quotation marks are involved.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from evenhand.exchange.tables.sheet import KEPT_PROBLEMS, Findings
from evenhand.supply.columns import Table

UNUSED = "\x01"
"""A character that no sound table holds; split at it, a line stays whole."""

ROWS_AT_ONCE = 2**16
"""How many rows stand in memory as Python lists, which take twenty times as much as columns."""

MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(slots=True)
class CrookedRows:
    """Read text with crooked rows: each is reported, and stands empty in the columns.

    Attributes
    ----------
    delimiter, width
        What separates the cells, and how many a row should have.
    rows_above, lines_above
        Rows and lines up to and with the heading; they differ where a cell holds a line break.
    """

    table: Table
    delimiter: str
    width: int
    rows_above: int
    lines_above: int
    findings: Findings
    crooked: int = 0

    def read(self, data: bytes) -> tuple[pl.Series, ...]:
        """Return the columns below the heading as text."""
        by_line = b'"' not in data and UNUSED.encode() not in data
        columns = self._by_line(data) if by_line else self._by_row(data.decode("utf-8"))
        self.findings.total += max(0, self.crooked - KEPT_PROBLEMS)
        return columns

    def _by_line(self, data: bytes) -> tuple[pl.Series, ...]:
        """Read text without quotation marks: a row is a line."""
        text = data.decode("utf-8").split("\n", self.lines_above)
        body = text[self.lines_above] if len(text) > self.lines_above else ""
        del text
        lines = (
            pl.read_csv(
                body.encode(), has_header=False, separator=UNUSED, quote_char=None, schema={"line": pl.String}
            ).to_series()
            if body.strip()
            else pl.Series(dtype=pl.String)
        )
        cells = lines.str.count_matches(self.delimiter, literal=True) + 1
        odd = ((cells != self.width) & (lines != "")).fill_null(value=False).arg_true()
        mended = [
            self.delimiter.join(self._judge(line.split(self.delimiter), self.rows_above + 1 + index))
            for index, line in zip(odd.to_list(), lines.gather(odd).to_list(), strict=True)
        ]
        lines = lines.scatter(odd, pl.Series(mended, dtype=pl.String))
        return tuple(lines.str.split_exact(self.delimiter, self.width - 1).struct.unnest().get_columns())

    def _by_row(self, text: str) -> tuple[pl.Series, ...]:
        """Read text with quotation marks, by the standard library's rules."""
        parts: list[list[pl.Series]] = [[pl.Series(dtype=pl.String)] for _ in range(self.width)]
        rows: list[list[str]] = []
        for row in self._rows(text):
            rows.append(row)
            if len(rows) == ROWS_AT_ONCE:
                _empty_into(parts, rows)
        _empty_into(parts, rows)
        return tuple(pl.concat(part) for part in parts)

    def _rows(self, text: str) -> Iterator[list[str]]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True)
        number = 0
        try:
            for row in reader:
                number += 1
                if number > self.rows_above:
                    yield self._judge(row, number)
        except csv.Error as error:
            self.findings.add(self.table.name, number + 1, "", _say_unreadable(str(error)))

    def _judge(self, row: list[str], number: int) -> list[str]:
        """Return a row with as many cells as it should have; where it is crooked, it is reported and emptied."""
        if len(row) > self.width and not any(cell.strip() for cell in row[self.width :]):
            return row[: self.width]
        if len(row) == self.width:
            return row
        if not any(cell.strip() for cell in row):
            return [""] * self.width
        self.crooked += 1
        if self.crooked <= KEPT_PROBLEMS:
            self.findings.add(self.table.name, number, "", self._say_crooked(len(row)))
        return [""] * self.width

    def _say_crooked(self, count: int) -> str:
        cells = "1 cell" if count == 1 else f"{count} cells"
        if count > self.width:
            mark = MARKS[self.delimiter]
            return f"the row has {cells}, the heading {self.width}; put quotation marks around a cell that has a {mark} in it"
        return f"the row has {cells}, the heading {self.width}; fill it up or delete it"


def _empty_into(parts: list[list[pl.Series]], rows: list[list[str]]) -> None:
    """Append rows to the columns and forget them."""
    if rows:
        for part, cells in zip(parts, zip(*rows, strict=True), strict=True):
            part.append(pl.Series(cells, dtype=pl.String))
        rows.clear()


def _say_unreadable(reason: str) -> str:
    if "field limit" in reason:
        return f"a cell holds more than {csv.field_size_limit():,} characters; a quotation mark may be missing"
    if "unexpected end" in reason:
        return "a quotation mark is opened here and never closed; close it, or double it inside a cell"
    return "a quotation mark stands inside a quoted cell; double it there"
