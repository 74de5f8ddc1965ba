"""The table of results: as aligned text for a terminal, as Markdown for docs/benchmarks.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields

PROMISED = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one measured case; every field is what a reader sees.

    Attributes
    ----------
    met
        "yes", "no", or "" where nothing was promised or the case was not measured in full.
    """

    case: str
    ours: str
    peer: str
    ratio: str
    target: str
    met: str
    note: str


HEADING = Row("Case", "Ours", "Peer", "Ratio", "Target", "Met?", "Note")


def met(holds: bool) -> str:
    """Return the word for a promise kept or not."""
    return "yes" if holds else "no"


def seconds(value: float) -> str:
    """Return a time with three figures: "812 us", "3.40 ms", "12.3 s"."""
    for factor, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")):
        if value >= factor or unit == "us":
            scaled = value / factor
            return (
                f"{scaled:.2f} {unit}"
                if scaled < 10
                else f"{scaled:.1f} {unit}"
                if scaled < 100
                else f"{scaled:.0f} {unit}"
            )
    raise AssertionError


def gibibytes(value: int) -> str:
    """Return an amount of memory."""
    return f"{value / 2**30:.2f} GiB"


def times(value: float) -> str:
    """Return a ratio: "0.84x", "4.2x", "1,250x"."""
    return f"{value:,.0f}x" if value >= 100 else f"{value:.1f}x" if value >= 10 else f"{value:.2f}x"


def as_text(rows: Sequence[Row]) -> str:
    """Return the table for a terminal; the note of a row stands below it."""
    table = [astuple(row)[:-1] for row in (HEADING, *rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    lines.insert(1, "  ".join("-" * width for width in widths))
    out = lines[:2]
    for row, line in zip(rows, lines[2:], strict=True):
        out.append(line)
        if row.note:
            out.append(f"    {row.note}")
    return "\n".join(out)


def as_markdown(rows: Iterable[Row]) -> str:
    """Return the table as Markdown."""
    lines = [_line(HEADING), "|" + " --- |" * len(fields(Row))]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def from_markdown(text: str) -> list[Row]:
    """Read the rows of a table that `as_markdown` wrote, so that a case measured alone joins the others."""
    rows = []
    for line in text.splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == len(fields(Row)) and cells[0] not in (HEADING.case, "---"):
            rows.append(Row(*cells))
    return rows


def _line(row: Row) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in astuple(row)) + " |"
