"""What the papers of a consignment share: the head with its code, the facts, a table that runs over pages, the foot.

Called by `manifest` and `receipt`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from evenhand.exchange.papers.contents import Line, Paper
from evenhand.exchange.papers.sheet import A4, Align, Sheet, apart
from evenhand.wording import say

MARGIN = 14.0
WIDTH = A4[0] - 2 * MARGIN
BOTTOM = A4[1] - 24
"""Where the foot begins."""

QR = 34.0
SPACED = ("fr", "ru", "es")
"""Languages that put a space where English puts a comma."""


@dataclass(frozen=True, slots=True)
class Column:
    """Declare one column of a paper's table: heading, width in mm, what it says of a line; or a box to tick."""

    heading: str
    width: float
    text: Callable[[Line], str]
    align: Align = "start"
    small: Callable[[Line], str] | None = None
    tick: bool = False
    blank: bool = False


def amount(number: int, language: str) -> str:
    r"""Return a whole number as the reader writes it, in western digits.

    Examples
    --------
    >>> amount(12000, "en"), amount(12000, "fr")
    ('12,000', '12\xa0000')
    """
    text = f"{number:,}"
    return text.replace(",", "\u00a0") if language.partition("-")[0] in SPACED else text


def day(value: date | None) -> str:
    """Return a day as every country reads it, an em dash where it is not known."""
    return apart(value.isoformat()) if value else "\u2014"


def draw_head(sheet: Sheet, paper: Paper, title: str) -> float:
    """Draw what a paper is and the code of its consignment; return where the rest begins."""
    wide = WIDTH - QR - 6
    y = MARGIN
    y += sheet.write(MARGIN, y, wide, title, size=20, bold=True, most=2) + 1
    y += sheet.write(MARGIN, y, wide, paper.ref, size=15, bold=True) + 1
    y += sheet.write(MARGIN, y, wide, paper.address, size=8, soft=True, most=2)
    sheet.qr(MARGIN + WIDTH - QR, MARGIN - 2, QR, paper.address)
    y = max(y, MARGIN + QR - 2) + 2
    sheet.rule(MARGIN, y, WIDTH, heavy=True)
    return y + 3


def draw_facts(sheet: Sheet, y: float, facts: Sequence[tuple[str, str]]) -> float:
    """Draw names and values in two columns; return where the rest begins."""
    half = WIDTH / 2
    for left, right in zip(facts[::2], (*facts[1::2], None), strict=False):
        high = 0.0
        for x, fact in ((MARGIN, left), (MARGIN + half, right)):
            if fact is not None:
                top = sheet.write(x, y, half - 4, fact[0], size=7.5, soft=True)
                high = max(high, top + sheet.write(x, y + top, half - 4, fact[1] or "\u2014", size=10.5, most=3))
        y += high + 2
    return y + 1


def draw_table(
    sheet: Sheet, y: float, columns: Sequence[Column], lines: Sequence[Line], over: Callable[[], float]
) -> float:
    """Draw a table; where a row would not fit, `over` ends the page and says where the next begins. Return the end."""

    def head(y: float) -> float:
        x, high = MARGIN, 0.0
        for column in columns:
            high = max(high, sheet.write(x, y, column.width - 2, column.heading, size=8, bold=True, align=column.align))
            x += column.width
        sheet.rule(MARGIN, y + high + 1, WIDTH, heavy=True)
        return y + high + 2.5

    y = head(y)
    for line in lines:
        high = max(_high(sheet, column, line) for column in columns) + 3
        if y + high > BOTTOM:
            y = head(over())
        x = MARGIN
        for column in columns:
            _draw_cell(sheet, x, y, column, line)
            x += column.width
        y += high
        sheet.rule(MARGIN, y - 1.5, WIDTH)
    return y


def _high(sheet: Sheet, column: Column, line: Line) -> float:
    if column.tick or column.blank:
        return 7
    high = sheet.high(column.text(line), column.width - 2)
    return high + (sheet.high(column.small(line), column.width - 2, size=7.5) if column.small else 0)


def _draw_cell(sheet: Sheet, x: float, y: float, column: Column, line: Line) -> None:
    if column.tick:
        sheet.box(x + (column.width - 2) / 2 - 2.5, y, 5, 5)
    elif column.blank:
        sheet.rule(x + 1, y + 5.5, column.width - 4, heavy=True)
    else:
        top = sheet.write(x, y, column.width - 2, column.text(line), align=column.align)
        if column.small:
            sheet.write(x, y + top, column.width - 2, column.small(line), size=7.5, soft=True, align=column.align)


def draw_foot(sheet: Sheet, paper: Paper, page: int, pages: int, language: str) -> None:
    """Draw what the page belongs to, and the checkpoint that it was printed under."""
    y = BOTTOM + 5
    sheet.rule(MARGIN, y, WIDTH)
    told = say("{ref}, page {page} of {pages}").format(ref=apart(paper.ref), page=page, pages=pages)
    sheet.write(MARGIN + WIDTH - 60, y + 1.5, 60, told, size=8, align="end")
    if paper.signed is None:
        text = say("The stock book had no signed checkpoint when this was printed.")
    else:
        text = say("Printed under checkpoint {entries} of the stock book, {day}: {root}").format(
            entries=amount(paper.signed.entries, language),
            day=day(paper.signed.made_at.astimezone(UTC).date()),
            root=apart(paper.signed.root),
        )
    sheet.write(MARGIN, y + 1.5, WIDTH - 64, text, size=7, soft=True, most=3)
