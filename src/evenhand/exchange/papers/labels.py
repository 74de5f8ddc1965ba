"""Labels for boxes and pallets: the code, what is in it, from whom to whom, which of how many.

Called by commands and pages. Eight on a sheet of A4, cut or peeled, or one on a page of A6 for a printer of labels; A6
prints on A4 as a sign for a pallet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from evenhand.errors import OptionRefused
from evenhand.exchange.papers.contents import Line, Paper
from evenhand.exchange.papers.parts import amount, day
from evenhand.exchange.papers.sheet import A4, A6, Sheet, apart
from evenhand.wording import say

LAYOUTS = ("sheet", "page")
MOST = 2_000
"""More labels than a truck has boxes; a number above it is a slip."""

ACROSS, DOWN = 2, 4


@dataclass(frozen=True, slots=True)
class _Frame:
    """Say where a label stands, and how large its letters are."""

    x: float
    y: float
    width: float
    height: float
    pad: float
    qr: float
    scale: float


def boxes_of(paper: Paper) -> dict[int, int]:
    """Return how many boxes each line travels in, as it was typed: by its packs, or by those that it was shared out in."""
    return {line.number: _packs(line) for line in paper.lines}


def _packs(line: Line) -> int:
    typed = line.typed.replace(",", "")
    if line.unit != line.base_unit and typed.isascii() and typed.isdigit():
        return max(1, int(typed))
    return max(1, ceil(line.quantity / max(1, line.pack_size)))


def write_labels(
    paper: Paper, *, boxes: Mapping[int, int], layout: str = "sheet", language: str = "en", fonts: str = ""
) -> bytes:
    """Return a label for every box as PDF; the same paper and boxes make the same bytes.

    Parameters
    ----------
    paper
        The consignment.
    boxes
        Number of a line → how many boxes or pallets it travels in, ≥ 1; lines that are not named get no label.
    layout
        "sheet" for eight on A4, "page" for one on A6.
    language, fonts
        See `manifest.write_manifest`.

    Raises
    ------
    OptionRefused
        There is no such layout or line, no box, or more boxes than anybody labels; or no font has some of the letters.
    """
    if layout not in LAYOUTS:
        raise OptionRefused(f"layout is '{layout}'; say sheet (eight on A4) or page (one on A6)")
    known = {line.number: line for line in paper.lines}
    for number, count in boxes.items():
        if number not in known:
            raise OptionRefused(f"{paper.ref} has no line {number}; it has {', '.join(map(str, known)) or 'none'}")
        if count < 1:
            raise OptionRefused(f"line {number} of {paper.ref} travels in {count} boxes; say how many, 1 or more")
    total = sum(boxes.values())
    if not 1 <= total <= MOST:
        raise OptionRefused(
            f"that would be {total:,} labels; say in how many boxes or pallets each line travels, 1 to {MOST:,} in all"
        )
    size = A4 if layout == "sheet" else A6
    title = say("Labels of consignment {ref}").format(ref=paper.ref)
    sheet = Sheet(size, title=title, made_at=paper.made_at, language=language, fonts=fonts)
    place = 0
    for number in sorted(boxes):
        for _ in range(boxes[number]):
            _draw(sheet, _frame(sheet, place, layout), paper, known[number], place + 1, total, language)
            place += 1
    return sheet.bytes()


def _frame(sheet: Sheet, place: int, layout: str) -> _Frame:
    if layout == "page":
        sheet.add_page()
        return _Frame(0, 0, *A6, pad=7, qr=56, scale=1.7)
    on_page = place % (ACROSS * DOWN)
    if on_page == 0:
        sheet.add_page()
    width, height = A4[0] / ACROSS, A4[1] / DOWN
    x, y = (on_page % ACROSS) * width, (on_page // ACROSS) * height
    sheet.box(x, y, width, height, hair=True)
    return _Frame(x, y, width, height, pad=6, qr=30, scale=1.2)


def _draw(sheet: Sheet, frame: _Frame, paper: Paper, line: Line, number: int, total: int, language: str) -> None:
    scale, left, wide = frame.scale, frame.x + frame.pad, frame.width - 2 * frame.pad
    top = frame.y + frame.pad - 1
    beside, rest = left + frame.qr + 1, wide - frame.qr - 1
    which = say("{number} of {total}").format(number=amount(number, language), total=amount(total, language))
    high = rest < 40  # beside so large a code there is no room for the ref
    if high:
        top += sheet.write(left, top, wide, paper.ref, size=20, bold=True, most=1) + 1
    y = top
    if not high:
        y += sheet.write(beside, y, rest, paper.ref, size=13.5, bold=True, most=1) + 0.5
    y += sheet.write(beside, y, rest, which, size=18, bold=True, most=2) + 0.5
    if paper.code:
        y += sheet.write(beside, y, rest, paper.code, size=7 if high else 8.5, most=2)
    sheet.qr(left - 1.5, top - 1.5, frame.qr, paper.address)
    y = top + frame.qr - 1
    y += sheet.write(left, y, wide, line.resource.name, size=10 * scale, bold=True, most=3 if high else 2)
    y += sheet.write(left, y, wide, " \u2013 ".join(_packing(line, language)), size=7 * scale, most=2)
    sender, receiver = (f"{party.name} ({party.key})" for party in (paper.origin, paper.destination))
    y += sheet.write(left, y, wide, say("From: {party}").format(party=sender), size=7 * scale, most=2 if high else 1)
    y += sheet.write(left, y, wide, say("To: {party}").format(party=receiver), size=9 * scale, bold=True, most=2)
    if paper.waybill:
        told = say("Waybill {waybill}").format(waybill=apart(paper.waybill))
        sheet.write(left, y, wide, told, size=6.5 * scale, soft=True, most=1)


def _packing(line: Line, language: str) -> list[str]:
    told = [say("line {line}").format(line=line.number)]
    if line.pack_size > 1:
        told.append(say("{count} {unit} a pack").format(count=amount(line.pack_size, language), unit=line.base_unit))
    if line.mark:
        told.append(say("batch {mark}").format(mark=apart(line.mark)))
    if line.good_until:
        told.append(say("good until {day}").format(day=day(line.good_until)))
    return told
