"""The sheet as it was sent, with what is wrong beside the very cell: what a person compares with the file on the screen.

Shows the rows with something wrong first, else the first rows. Reads the file once more and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from evenhand.actions.bulk.importing import DryRun
from evenhand.errors import EvenhandError, Problem
from evenhand.exchange.imports import load_layout
from evenhand.exchange.imports.layouts.arrange import foreign_table
from evenhand.exchange.imports.source import open_import
from evenhand.exchange.tables.sheet import Findings, Sheet
from evenhand.supply.registers import REGISTERS
from evenhand.web.imports.kept import Kept
from evenhand.web.languages.sentences import in_language

ROWS: Final = 60
COLUMNS: Final = 40
LONGEST: Final = 80
"""Characters of a cell that are shown."""


@dataclass(slots=True)
class Cell:
    """Hold one cell: its text, how it is drawn ("", new, wrong) and what is wrong with it."""

    text: str
    look: str = ""
    said: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """Hold one row: its number in the file, its cells, what is wrong with it as a whole, and whether it stands there twice."""

    number: int
    cells: list[Cell]
    said: list[str] = field(default_factory=list)
    repeated: bool = False


@dataclass(slots=True)
class Seen:
    """Hold what of a sheet is shown, and what is wrong with the file itself."""

    headings: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    whole: Sequence[str] = field(default_factory=list)
    height: int = 0


def see(kept: Kept, file: bytes, found: DryRun) -> Seen:
    """Return what is shown of a file."""
    whole = [in_language(one.text) for one in found.problems if not one.row]
    sheet = _open(kept, file)
    if sheet is None:
        return Seen(whole=[in_language(str(one)) for one in found.problems])
    headings = [str(one) for one in sheet.headings[:COLUMNS]]
    by_row: dict[int, list[Problem]] = {}
    for one in found.problems:
        if one.row:
            by_row.setdefault(one.row, []).append(one)
    repeated = {row for group in found.identical for row in group} if found.undecided else set()
    numbers = _numbers(sheet)
    wanted = [*sorted(by_row.keys() & numbers.keys()), *sorted(repeated & numbers.keys() - by_row.keys())]
    for number in numbers:
        if len(wanted) >= ROWS:
            break
        if number not in by_row and number not in repeated:
            wanted.append(number)
    fresh = not found.problems and not found.applied and found.added == found.rows
    lines = [
        _line(
            sheet, number, numbers[number], headings, by_row.get(number, ()), fresh=fresh, repeated=number in repeated
        )
        for number in sorted(wanted[:ROWS])
    ]
    return Seen(headings, lines, whole, sheet.height)


def _open(kept: Kept, file: bytes) -> Sheet | None:
    """Return the raw sheet, None where it cannot be opened: then the problems alone say why."""
    try:
        sought = foreign_table(load_layout(kept.layout)) if kept.layout else REGISTERS[kept.register]
        return open_import(file, sought, Findings(), sheet=kept.sheet or None, name=kept.filename).sheet
    except EvenhandError:
        return None


def _numbers(sheet: Sheet) -> dict[int, int]:
    """Return the file's own number of each row → its place in the sheet."""
    if sheet.rows is None:
        return {sheet.first_row + place: place for place in range(sheet.height)}
    return {int(number): place for place, number in enumerate(sheet.rows.to_list())}


def _line(
    sheet: Sheet,
    number: int,
    place: int,
    headings: Sequence[str],
    problems: Iterable[Problem],
    *,
    fresh: bool,
    repeated: bool,
) -> Line:
    cells = [Cell(_text(column[place]), "new" if fresh else "") for column in sheet.columns[:COLUMNS]]
    line = Line(number, cells, repeated=repeated)
    folded = [_folded(one) for one in headings]
    for one in problems:
        said = in_language(one.text)
        try:
            cell = cells[folded.index(_folded(one.column))]
        except ValueError:
            line.said.append(said)
        else:
            cell.look = "wrong"
            cell.said.append(said)
    return line


def _text(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _folded(heading: str) -> str:
    return heading.strip().casefold().replace(" ", "_").replace("-", "_")
