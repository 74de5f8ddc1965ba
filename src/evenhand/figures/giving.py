"""Who gives to whom, and what became of every lot."""

from __future__ import annotations

import math
from fractions import Fraction

from evenhand.figures.axis import level_words
from evenhand.figures.bars import share_bar
from evenhand.figures.chapter import Setting, chapter, named
from evenhand.figures.markup import Markup, join, tag
from evenhand.figures.story import Amount, GiftStory, LotStory, PlanStory, RecipientStory, donor_of
from evenhand.figures.tables import Head, cell, number, table
from evenhand.figures.words import amount, count, cut, day, isolate, listed, short

MOST_DONORS = 60
MOST_PARTS = 40
Line = tuple[RecipientStory, GiftStory]


def find_gifts(story: PlanStory) -> dict[str, list[Line]]:
    """Return every donor's gifts, greatest first; donors in alphabetical order, those whose lots reached nobody too."""
    gifts: dict[str, list[Line]] = {donor: [] for donor in story.donors}
    donor_by_lot = {lot.lot: donor_of(lot) for lot in story.lots}
    for row in story.recipients:
        for gift in row.gifts:
            gifts[donor_by_lot[gift.lot]].append((row, gift))
    for lines in gifts.values():
        lines.sort(key=lambda line: (-line[1].service_units, line[0].recipient, line[1].lot))
    return gifts


def write_giving(story: PlanStory, setting: Setting) -> Markup:
    """Write the donors, each with a bar and a list that opens."""
    gifts = find_gifts(story)
    totals = {donor: math.fsum(float(gift.service_units) for _, gift in lines) for donor, lines in gifts.items()}
    scale = max(totals.values(), default=0.0)
    shown = list(gifts)[:MOST_DONORS]
    room = max(3, 2 * setting.rows // max(len(shown), 1))
    entries = [
        _donor(place, donor, gifts[donor], totals[donor], scale, story, room) for place, donor in enumerate(shown)
    ]
    cut_off = len(gifts) - len(shown)
    more = tag("p", f"{count(cut_off, 'more donor')} stand in lots.csv, every gift in plan.csv.", cls="cap")
    return chapter(
        "gifts",
        "Who gives to whom",
        tag(
            "p",
            "Donors in alphabetical order, on one scale; each part of a bar is one gift. Open a donor to see its gifts.",
        ),
        tag("div", entries, cls="gifts"),
        more if cut_off else None,
        _lots(story, setting),
        band=True,
    )


def _donor(
    place: int, donor: str, lines: list[Line], total: float, scale: float, story: PlanStory, room: int
) -> Markup:
    whom: dict[str, float] = {}
    for row, gift in lines:
        whom[row.name] = whom.get(row.name, 0.0) + float(gift.service_units)
    names = [f"{isolate(cut(name, 40))} ({short(units)})" for name, units in whom.items()]
    said = f"to {count(len(names), 'recipient')}: {listed(names, most=3)}" if names else "reached nobody"
    parts = [float(gift.service_units) for _, gift in lines[:MOST_PARTS]]
    if len(lines) > MOST_PARTS:
        parts.append(math.fsum(float(gift.service_units) for _, gift in lines[MOST_PARTS:]))
    summary = tag(
        "summary",
        tag("b", named(donor, 60)),
        tag("span", short(total), cls="num"),
        share_bar(parts, scale),
        tag("span", said, cls="whom"),
    )
    heads = (
        Head("Recipient"),
        Head("Lot"),
        Head("Packs", number=True),
        Head("Units", number=True),
        Head(cut(story.unit, 24).capitalize(), number=True),
    )
    rows = [
        tag(
            "tr",
            tag("th", named(row.name), scope="row"),
            cell(named(gift.lot, 40)),
            number(packs(gift.packs)),
            number(amount(gift.units)),
            number(amount(gift.service_units)),
        )
        for row, gift in lines[:room]
    ]
    more = (
        f"The {room} greatest of {len(lines):,} gifts; all stand in plan.csv."
        if len(lines) > room
        else "Greatest first."
    )
    detail = table(f"gift-{place}", f"Gifts of {cut(donor, 60)}", more, heads, [rows], big=False) if rows else None
    return tag("details", summary, detail)


def packs(value: Amount) -> str:
    """Write a number of packs; an exact fraction of a pack is rounded, and says so.

    Examples
    --------
    >>> packs(1200), packs(Fraction(12, 7))
    ('1,200', 'about 1.71')
    """
    if (
        isinstance(value, Fraction)
        and value.denominator != 1
        and value.denominator not in (2, 4, 5, 10, 20, 25, 50, 100)
    ):
        return f"about {amount(value)}"
    return amount(value)


def _lots(story: PlanStory, setting: Setting) -> Markup:
    most = max(10, setting.rows // 2)
    reach: dict[str, int] = {}
    for row in story.recipients:
        for gift in row.gifts:
            reach[gift.lot] = reach.get(gift.lot, 0) + 1
    heads = (
        Head("Lot"),
        Head("Donor"),
        Head("What"),
        Head("Packs given", number=True),
        Head("Units given", number=True),
        Head("Left over", number=True, small="packs"),
        Head("Reaches", number=True),
        Head("May go to"),
        Head("Must handle"),
        Head("Expires"),
        Head("Waterline"),
    )
    shown = story.lots[:most]
    rows = [_lot(story, lot, reach.get(lot.lot, 0)) for lot in shown]
    under = (
        "In the order they were poured."
        if len(shown) == len(story.lots)
        else f"The first {len(shown)} of {len(story.lots):,}; all stand in lots.csv."
    )
    inner = table("lots-c", "What became of every lot", under, heads, [rows])
    return tag("details", tag("summary", f"{count(len(story.lots), 'lot')} as a table"), inner)


def _lot(story: PlanStory, lot: LotStory, reach: int) -> Markup:
    line = "none" if lot.waterline is None else level_words(story, lot.waterline)
    size = f"packs of {amount(lot.pack_size)}"
    return tag(
        "tr",
        tag("th", named(lot.lot, 40), scope="row"),
        cell(named(lot.donor, 60)),
        cell(join(named(lot.resource, 60), ", " if lot.resource else "", size)),
        number(packs(lot.given)),
        number(amount(lot.units)),
        number(packs(lot.left)),
        number(amount(reach)),
        cell(cut(lot.may_go_to, 80) or "everybody"),
        cell(cut(lot.requires, 40) or "nothing special"),
        cell(day(lot.expires) if lot.expires else "no date on file"),
        cell(line),
    )
