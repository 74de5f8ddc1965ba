"""The note of a receipt: what was sent, what was found, what is lacking and why, as the stock book has it.

Called by commands and pages, after a consignment was received or partly so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from evenhand.exchange.papers.contents import Line, Loss, Paper
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
from evenhand.exchange.papers.sheet import A4, Sheet
from evenhand.wording import say


def write_receipt(paper: Paper, *, language: str = "en", fonts: str = "") -> bytes:
    """Return the note of a receipt as PDF, A4; see `manifest.write_manifest` for the parameters.

    Raises
    ------
    OptionRefused
        No font has some of its letters.
    """
    sheet = _draw(paper, language, fonts, pages=1)
    return (sheet if sheet.pages == 1 else _draw(paper, language, fonts, pages=sheet.pages)).bytes()


def _draw(paper: Paper, language: str, fonts: str, *, pages: int) -> Sheet:
    title = say("Receipt of a consignment")
    sheet = Sheet(A4, title=f"{title} {paper.ref}", made_at=paper.made_at, language=language, fonts=fonts)
    sheet.add_page()

    def over() -> float:
        draw_foot(sheet, paper, sheet.pages, pages, language)
        sheet.add_page()
        return MARGIN + sheet.write(MARGIN, MARGIN, WIDTH, f"{title} {paper.ref}", size=11, bold=True) + 4

    y = draw_head(sheet, paper, title)
    y = draw_facts(
        sheet,
        y,
        [
            (say("From"), f"{paper.origin.name} ({paper.origin.key})"),
            (say("To"), f"{paper.destination.name} ({paper.destination.key})"),
            (say("Left on"), day(paper.left)),
            (say("Received on"), day(paper.received)),
        ],
    )
    y = draw_table(sheet, y, _columns(language), paper.lines, over)
    for text in _sentences(paper, language):
        if y + 10 > BOTTOM:
            y = over()
        y += sheet.write(MARGIN, y, WIDTH, text, size=9.5) + 1.5
    draw_foot(sheet, paper, sheet.pages, pages, language)
    return sheet


def _columns(language: str) -> list[Column]:
    number = partial(amount, language=language)

    def counted(heading: str, count: Callable[[Line], int]) -> Column:
        return Column(heading, 23, lambda line: number(count(line)), align="end")

    return [
        Column("#", 8, lambda line: str(line.number)),
        Column(
            say("What"),
            59,
            lambda line: line.resource.name,
            small=lambda line: say("counted in {unit}").format(unit=line.base_unit),
        ),
        counted(say("Sent"), lambda line: line.sent),
        counted(say("Good"), lambda line: line.good),
        counted(say("Damaged"), lambda line: line.damaged),
        counted(say("Missing"), lambda line: line.missing),
        counted(say("On the way"), lambda line: line.on_the_way),
    ]


def _sentences(paper: Paper, language: str) -> list[str]:
    """Return what is to be said below the table: each loss with its cause, or that all arrived in good order."""
    told = [_loss(line, loss, language) for line in paper.lines for loss in line.losses]
    waiting = any(line.on_the_way for line in paper.lines)
    if not told and not waiting and any(line.good for line in paper.lines):
        return [say("Everything that was sent arrived in good order.")]
    return told


def _loss(line: Line, loss: Loss, language: str) -> str:
    what = {
        "damaged": say("Line {line}: {count} {unit} damaged"), "missing": say("Line {line}: {count} {unit} missing"),
        "expired": say("Line {line}: {count} {unit} expired on the way"),
        "returned": say("Line {line}: {count} {unit} sent back"),
    }[loss.what].format(line=line.number, count=amount(loss.quantity, language), unit=line.base_unit)  # fmt: skip
    why = ", ".join(part for part in (loss.cause, loss.note) if part)
    return f"{what}: {why}" if why else what
