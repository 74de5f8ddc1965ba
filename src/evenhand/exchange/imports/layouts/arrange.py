"""Put a sheet through a layout: the same cells under our columns' names, as text, still to be typed and checked.

Called by `imports.read`. Works on whole columns; what it leaves out or rounds is counted and said.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import polars as pl

from evenhand.errors import FileUnreadable
from evenhand.exchange.imports.layouts.declared import (
    Condition,
    Layout,
    RowSet,
    headings_of,
    names_of_maps,
    shipped_map,
)
from evenhand.exchange.imports.separators import AROUND
from evenhand.exchange.tables.headings import column_name
from evenhand.exchange.tables.keys import as_text
from evenhand.exchange.tables.numbers import NUMBER, as_number
from evenhand.exchange.tables.sheet import Findings, Sheet
from evenhand.supply.columns import Column, Table
from evenhand.supply.registers import REGISTERS

LETTERS: dict[str, str] = {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
"""Letters that no decomposition turns into ASCII."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """Hold a sheet under our columns' names, and its companions by register."""

    sheet: Sheet
    headings: dict[str, str]
    companions: dict[str, Sheet]


def foreign_table(layout: Layout) -> Table:
    """Return their headings declared as a table, so that the doors find the heading of the file."""
    columns = [
        Column(_heading_name(heading), "text", heading, required=heading in layout.requires)
        for heading in layout.headings()
    ]
    return Table(
        layout.sheet or layout.table, "one row of the file", tuple({one.name: one for one in columns}.values())
    )


def _heading_name(heading: str) -> str:
    """Return a heading as `column_name` tidies those of a file."""
    name = re.sub(r"[\s\-]+", "_", unicodedata.normalize("NFKC", heading).strip().casefold())
    return name or heading


def arrange(sheet: Sheet, layout: Layout, findings: Findings) -> Arranged:
    """Return a sheet with their headings as one with ours.

    Raises
    ------
    FileUnreadable
        A heading that the layout requires is not in the file.
    """
    cells = _Cells(sheet, layout)
    kept = _kept_rows(cells, layout, findings)
    if kept is not None:
        cells = _Cells(sheet.filter(kept), layout)
    parts = [_rows_of(cells, one, layout, findings) for one in layout.row_sets]
    names = list(dict.fromkeys(name for part in parts for name in part.columns))
    frame = pl.concat(parts, how="diagonal")
    order = frame["#"].arg_sort() if len(parts) > 1 else None
    numbers = cells.numbers()
    rows = numbers.gather(frame["#"])
    frame = frame.drop("#")
    if order is not None:
        frame, rows = frame[order], rows.gather(order)
    table = Table(
        sheet.table.name, REGISTERS[layout.table].row, REGISTERS[layout.table].columns, REGISTERS[layout.table].unique
    )
    names.remove("#")
    arranged = Sheet(table, tuple(names), tuple(frame[name] for name in names), rows=rows)
    headings = {}
    for name in names:
        read = [heading for one in layout.row_sets for heading in headings_of(one.columns[name])]
        headings[name] = f"{name} (from {', '.join(dict.fromkeys(read))})" if read else name
    return Arranged(arranged, headings, _companions(cells, layout, findings))


class _Cells:
    """Give the columns of a sheet as trimmed text by their heading."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self.sheet = sheet
        self._table = foreign_table(layout)
        self._read: dict[str, pl.Series] = {}
        self._place: dict[str, int] = {}
        for place, heading in enumerate(sheet.headings):
            name = column_name(heading, self._table) if heading else None
            if name:
                self._place.setdefault(name, place)
        missing = [heading for heading in layout.requires if _heading_name(heading) not in self._place]
        if missing:
            there = ", ".join(f"'{heading}'" for heading in sheet.headings[:8] if heading)
            raise FileUnreadable(
                f"{sheet.table.name} has no column '{missing[0]}', which the layout {layout.name} needs; its headings"
                f" begin with {there}"
            )

    def text(self, heading: str) -> pl.Series:
        """Return a column as text, "" nowhere; a heading that is not there is an empty column."""
        name = _heading_name(heading)
        if name not in self._read:
            place = self._place.get(name)
            if place is None:
                column = pl.Series([None], dtype=pl.String).new_from_index(0, self.sheet.height)
            else:
                column = as_text(self.sheet.columns[place]).str.strip_chars(AROUND)
                column = column.set((column == "").fill_null(value=False), None)
            self._read[name] = column.alias(heading)
        return self._read[name]

    def numbers(self) -> pl.Series:
        """Return each row's number in the file."""
        if self.sheet.rows is not None:
            return self.sheet.rows.cast(pl.Int64)
        return pl.int_range(self.sheet.height, eager=True) + self.sheet.first_row

    def hashes(self, length: int) -> pl.Series:
        """Return the first characters of each row's own hash: of all its cells, in the order of the file."""
        whole = pl.DataFrame(
            [as_text(column).fill_null("").alias(str(place)) for place, column in enumerate(self.sheet.columns)]
        ).select(pl.concat_str(pl.all(), separator="\x1f"))
        return pl.Series(
            [hashlib.sha256(row.encode("utf-8", "backslashreplace")).hexdigest()[:length] for row in whole.to_series()],
            dtype=pl.String,
        )


def _holds(cells: _Cells, conditions: Sequence[Condition]) -> pl.Series:
    """Return the rows for which all conditions hold."""
    holds = pl.Series([True]).new_from_index(0, cells.sheet.height)
    for condition in conditions:
        text = cells.text(condition.column)
        if condition.zero:
            number = text.str.contains(r"^[+-]?0*\.?0*$")
            here = (text.is_null() | number).fill_null(value=True)
        else:
            texts = [word for word in condition.texts if word]
            here = text.str.to_lowercase().is_in([word.lower() for word in texts]).fill_null(value=False)
            if "" in condition.texts:
                here = here | text.is_null()
        holds = holds & (~here if condition.negated else here)
    return holds


def _kept_rows(cells: _Cells, layout: Layout, findings: Findings) -> pl.Series | None:
    kept: pl.Series | None = None
    for left in layout.leave_out:
        out = _holds(cells, left.where)
        if kept is not None:
            out = out & kept
        if count := int(out.sum()):
            first = cells.sheet.row(out.arg_true()[0])
            rows = f"row {first} was" if count == 1 else f"{count:,} rows (the first is row {first}) were"
            findings.notes.append(f"{cells.sheet.table.name}: {rows} left out: {left.why}")
        kept = ~out if kept is None else kept & ~out
    return kept


def _rows_of(cells: _Cells, row_set: RowSet, layout: Layout, findings: Findings) -> pl.DataFrame:
    """Return one of our rows for each of theirs that meets the conditions, with its place in column '#'."""
    columns = [_column(cells, rule, layout, findings, name).alias(name) for name, rule in row_set.columns.items()]
    frame = pl.DataFrame([*columns, pl.int_range(cells.sheet.height, eager=True).alias("#")])
    return frame.filter(_holds(cells, row_set.where)) if row_set.where else frame


def _companions(cells: _Cells, layout: Layout, findings: Findings) -> dict[str, Sheet]:
    found: dict[str, Sheet] = {}
    for register, sets in layout.companions.items():
        table = REGISTERS[register]
        frame = pl.concat([_rows_of(cells, one, layout, findings) for one in sets], how="diagonal")
        frame = frame.filter(pl.col(table.unique[0]).is_not_null()).unique(
            table.unique[0], keep="first", maintain_order=True
        )
        rows = cells.numbers().gather(frame["#"])
        named = Table(cells.sheet.table.name, table.row, table.columns, table.unique)
        names = [name for name in frame.columns if name != "#"]
        found[register] = Sheet(named, tuple(names), tuple(frame[name] for name in names), rows=rows)
    return found


def _column(cells: _Cells, rule: Mapping[str, Any], layout: Layout, findings: Findings, name: str) -> pl.Series:
    """Return one of our columns by its rule, in the order that `declared` gives."""
    text = _origin(cells, rule)
    if "unless_empty" in rule:
        text = text.set(_holds(cells, [Condition(rule["unless_empty"], zero=True)]), None)
    if "map" in rule:
        text = _mapped(text, rule, layout)
    if rule.get("key") or rule.get("slug"):
        text = _each(text, make_slug if rule.get("slug") else make_key)
    if "prefix" in rule:
        text = str(rule["prefix"]) + text
    if "cut" in rule:
        text = text.str.slice(0, int(rule["cut"]))
    if "default" in rule:
        text = text.fill_null(str(rule["default"]))
    if "hash" in rule:
        text = text + "-" + cells.hashes(int(rule["hash"]))
    if rule.get("numbered"):
        text = _numbered(text)
    if "round" in rule:
        text = _rounded(text, int(rule["round"]), f"{cells.sheet.table.name}, column {name}", findings)
    return text


def _origin(cells: _Cells, rule: Mapping[str, Any]) -> pl.Series:
    if "constant" in rule:
        return pl.Series([str(rule["constant"])]).new_from_index(0, cells.sheet.height)
    if "sum" in rule:
        return _sum([cells.text(heading) for heading in rule["sum"]])
    if "template" in rule:
        pieces = re.split(r"\{([^}]*)\}", rule["template"])
        frame = pl.DataFrame([cells.text(heading).alias(str(i)) for i, heading in enumerate(pieces[1::2])])
        parts = [pl.lit(pieces[0])]
        for place, after in enumerate(pieces[2::2]):
            parts += [pl.col(str(place)).fill_null(""), pl.lit(after)]
        return frame.select(pl.concat_str(parts).str.strip_chars(" ,;:-")).to_series()
    headings = [rule["from"]] if isinstance(rule["from"], str) else rule["from"]
    nothing = [str(word).lower() for word in rule.get("empty", [])]
    text = _without(cells.text(headings[0]), nothing)
    for heading in headings[1:]:
        text = text.fill_null(_without(cells.text(heading), nothing))
    return text


def _without(text: pl.Series, nothing: list[str]) -> pl.Series:
    """Return text with null for what means nothing."""
    return text.set(text.str.to_lowercase().is_in(nothing).fill_null(value=False), None) if nothing else text


def _sum(columns: list[pl.Series]) -> pl.Series:
    """Return the exact sum of columns of plain numbers; a cell that is none is handed on, to be reported."""
    total: list[str | None] = []
    for cells in zip(*columns, strict=True):
        filled = [cell for cell in cells if cell is not None]
        odd = [cell for cell in filled if not re.fullmatch(NUMBER[1:-1], cell) or len(cell) > 40]
        total.append(odd[0] if odd else as_number(sum(map(Decimal, filled), Decimal(0))) if filled else None)
    return pl.Series(total, dtype=pl.String)


def _mapped(text: pl.Series, rule: Mapping[str, Any], layout: Layout) -> pl.Series:
    folded: dict[str, str] = {}
    for name in reversed(names_of_maps(rule)):
        table = layout.maps.get(name) or shipped_map(name) or {}
        folded |= {key.casefold(): str(value) for key, value in table.items()}
    unmapped = str(rule.get("unmapped", "keep"))

    def other(value: str) -> str:
        if unmapped == "keep":
            return value
        if unmapped == "key":
            return make_key(value)
        return make_slug(value) if unmapped == "slug" else unmapped

    return _each(text, lambda value: folded.get(value.casefold()) or other(value))


def _each(text: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """Return text with each distinct value changed."""
    distinct = text.drop_nulls().unique()
    changed = pl.Series([change(value) for value in distinct], dtype=pl.String)
    return text.replace_strict(distinct, changed, default=None) if len(distinct) else text


def make_key(text: str) -> str:
    """Return text as a plain key: other characters than letters, digits and . _ - become hyphens.

    Examples
    --------
    >>> make_key("ECNO APLICA")
    'ECNO-APLICA'
    """
    plain = unicodedata.normalize("NFKD", "".join(LETTERS.get(letter, letter) for letter in text))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    key = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-._")[:64]
    # A name in another script leaves nothing: its hash stands for it.
    return key or f"x{hashlib.sha256(text.encode('utf-8', 'backslashreplace')).hexdigest()[:10]}"


def make_slug(text: str) -> str:
    """Return text as a plain key in lower case without dots.

    Examples
    --------
    >>> make_slug("African Vaccine Acquisition Trust")
    'african-vaccine-acquisition-trust'
    """
    return make_key(re.sub(r"[._\s]+", " ", text.replace("'", "").replace("’", "")).lower())


def _numbered(text: pl.Series) -> pl.Series:
    """Return keys in which a later repeat has its number behind it."""
    count = pl.DataFrame({"key": text}).select(pl.int_range(1, pl.len() + 1).over("key")).to_series()
    later = (count > 1) & text.is_not_null()
    return text.set(later, None).fill_null(text + "-" + count.cast(pl.String)) if later.any() else text


def _rounded(text: pl.Series, decimals: int, where: str, findings: Findings) -> pl.Series:
    """Return numbers to so many decimals, and say how many changed and by how much in all."""
    finer = text.str.contains(rf"^[+-]?[0-9]*\.[0-9]{{{decimals}}}[0-9]*[1-9][0-9]*$").fill_null(value=False)
    if not finer.any():
        return text
    step = Decimal(1).scaleb(-decimals)
    exact = [Decimal(value) for value in text.filter(finer).to_list()]
    rounded = [value.quantize(step, ROUND_HALF_EVEN) for value in exact]
    change = sum(rounded) - sum(exact)
    findings.notes.append(
        f"{where}: {len(exact):,} numbers had more than {decimals} decimals and were rounded; together they changed by"
        f" {as_number(change) if change else 0}"
    )
    return text.scatter(finer.arg_true(), pl.Series([str(value) for value in rounded], dtype=pl.String))
