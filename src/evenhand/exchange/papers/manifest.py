"""The manifest of a consignment: what travels, with boxes to tick and lines to sign, to be filled in by hand on arrival.

Called by commands and pages. What was found is entered afterwards; the QR code leads to the page for that.
"""

from __future__ import annotations

from functools import partial

from evenhand.exchange.papers.contents import Line, Paper
from evenhand.exchange.papers.parts import (
    BOTTOM,
    MARGIN,
    WIDTH,
    Column,
    amount,
    day,
    draw_facts,
    draw_foot,
    draw_head,
    draw_table,
)
from evenhand.exchange.papers.sheet import A4, Sheet, apart
from evenhand.wording import say

SIGNING = 44.0
"""Height of what is signed, in mm; it is never parted."""


def write_manifest(paper: Paper, *, language: str = "en", fonts: str = "") -> bytes:
    """Return the manifest as PDF, A4; the same paper makes the same bytes.

    Parameters
    ----------
    paper
        What stands on it.
    language
        The reader's: it sets the direction and the numbers. The words come from `evenhand.wording.say`.
    fonts
        The folder of fonts, "" for the system's.

    Raises
    ------
    OptionRefused
        No font has some of its letters.
    """
    sheet = _draw(paper, language, fonts, pages=1)
    return (sheet if sheet.pages == 1 else _draw(paper, language, fonts, pages=sheet.pages)).bytes()


def _draw(paper: Paper, language: str, fonts: str, *, pages: int) -> Sheet:
    title = say("Consignment manifest")
    sheet = Sheet(A4, title=f"{title} {paper.ref}", made_at=paper.made_at, language=language, fonts=fonts)
    sheet.add_page()

    def over() -> float:
        draw_foot(sheet, paper, sheet.pages, pages, language)
        sheet.add_page()
        return MARGIN + sheet.write(MARGIN, MARGIN, WIDTH, f"{title} {paper.ref}", size=11, bold=True) + 4

    y = draw_head(sheet, paper, title)
    y = draw_facts(sheet, y, _facts(paper))
    y = draw_table(sheet, y, _columns(paper, language), paper.lines, over)
    told = say("Tick what arrived in good order; write how much of it was damaged or missing, in the unit of the line.")
    if y + SIGNING + 8 > BOTTOM:
        y = over()
    y += 2 + sheet.write(MARGIN, y, WIDTH, told, size=8, soft=True)
    _draw_signing(sheet, y + 4)
    draw_foot(sheet, paper, sheet.pages, pages, language)
    return sheet


def _facts(paper: Paper) -> list[tuple[str, str]]:
    return [
        (say("From"), f"{paper.origin.name} ({paper.origin.key})"),
        (say("To"), f"{paper.destination.name} ({paper.destination.key})"),
        (say("Carrier"), paper.carrier),
        (say("Waybill"), paper.waybill),
        (say("Leaves on"), day(paper.left or paper.leaves)),
        (say("Due on"), day(paper.due)),
        *([(say("Code on the boxes"), paper.code)] if paper.code else []),
        *([(say("Programme"), paper.programme)] if paper.programme else []),
    ]


def _columns(paper: Paper, language: str) -> list[Column]:
    number = partial(amount, language=language)
    weighed = any(line.weight_kg is not None for line in paper.lines)
    what = 49.0 if weighed else 66.0
    return [
        Column("#", 7, lambda line: str(line.number)),
        Column(
            say("What"),
            what,
            lambda line: line.resource.name,
            small=lambda line: say("given by {donor}, {offer}").format(donor=line.donor.name, offer=apart(line.offer)),
        ),
        Column(
            say("Quantity"),
            28,
            lambda line: f"{_typed(line, language)} {line.unit}",
            align="end",
            small=lambda line: "" if line.unit == line.base_unit else f"= {number(line.quantity)} {line.base_unit}",
        ),
        *([Column(say("Weight, kg"), 17, lambda line: f"{line.weight_kg:f}" if line.weight_kg is not None else "\u2014", align="end")]
          if weighed else []),
        Column(say("Good until"), 24, lambda line: day(line.good_until), small=lambda line: line.mark),
        Column(say("Good"), 13, lambda _: "", align="centre", tick=True),
        Column(say("Damaged"), 22, lambda _: "", align="centre", blank=True),
        Column(say("Missing"), 22, lambda _: "", align="centre", blank=True),
    ]  # fmt: skip


def _typed(line: Line, language: str) -> str:
    whole = line.typed.replace(",", "")
    return amount(int(whole), language) if whole.isascii() and whole.isdigit() else line.typed


def _draw_signing(sheet: Sheet, y: float) -> None:
    third = WIDTH / 3
    for place, who in enumerate((say("Handed over"), say("Carried"), say("Received"))):
        x = MARGIN + place * third
        sheet.write(x, y, third - 6, who, size=10, bold=True)
        for row, what in enumerate((say("Name"), say("Signature"), say("Day and time"))):
            below = y + 13 + row * 11
            sheet.rule(x, below, third - 6, heavy=True)
            sheet.write(x, below + 0.5, third - 6, what, size=7, soft=True)
