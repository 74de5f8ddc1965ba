"""Needs over months: how many stood, and how many lapse if nobody renews them.

Called by the page of needs and by desks. Months gone by are solid; months ahead are hollow, because they only say what is so
if nothing is done. What lapses is clay, as everything that goes missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.figures.markup import Markup
from evenhand.figures.months import draw_amounts, draw_months, find_span, month_number, round_ticks
from evenhand.figures.svg import Direction, Picture
from evenhand.figures.words import amount, month_short
from evenhand.wording import say, say_count

WIDTH = 720.0
START, END = 64.0, 708.0
BASE, CEILING = 200.0, 34.0
MOST = 96


@dataclass(frozen=True, slots=True)
class NeedMonth:
    """Tell a month ("2026-03"): needs that stand through its end, and needs that lapse in it; `ahead`: not over yet."""

    month: str
    standing: int
    lapsing: int = 0
    ahead: bool = False


def draw_lapsing(months: Sequence[NeedMonth], *, direction: Direction = "ltr", ident: str = "lapsing") -> Markup:
    """Draw a column a month: needs that stand, and on top of them those that lapse. The last 96 months are drawn at most."""
    months = sorted(months, key=lambda found: found.month)[-MOST:]
    picture = Picture(WIDTH, BASE + 44, ident=ident, direction=direction)
    span = find_span([one.month for one in months], START, END)
    ticks = round_ticks(float(max((one.standing + one.lapsing for one in months), default=0)))
    ticks = tuple(tick for tick in ticks if tick == int(tick)) or (0.0, 1.0)
    draw_amounts(picture, ticks, start=START, end=END, base=BASE, ceiling=CEILING)
    draw_months(picture, span, BASE)
    gap = min(4.0, span.step * 0.15)
    scale = (BASE - CEILING) / ticks[-1]
    for one in months:
        x, wide = span.x(month_number(one.month) - span.first) + gap, span.step - 2 * gap
        high, lost = one.standing * scale, one.lapsing * scale
        year, number = divmod(month_number(one.month), 12)
        told = say("{month} {year}: {standing} stand, {lapsing} lapse").format(
            month=month_short(number + 1), year=year, standing=amount(one.standing), lapsing=amount(one.lapsing)
        )
        picture.box(x, BASE - high, wide, high, "f-words" if one.ahead else "f-mid", told)
        picture.box(x, BASE - high - lost, wide, lost, "f-none" if one.ahead else "f-clay", told)
        if one.lapsing and wide > 8 * len(amount(one.lapsing)):
            picture.text(x + wide / 2, BASE - high - lost - 5, amount(one.lapsing), cls="t-clay halo", anchor="middle")
    ahead = [one for one in months if one.ahead]
    if ahead and len(ahead) < len(months):
        first = min(month_number(one.month) for one in ahead) - span.first
        picture.uprights([(span.x(first), 10, BASE)], "ghost")
        picture.text(span.x(first) + 6, 18, say("if nobody renews"), cls="t-soft halo")
    return picture.render(
        say("Needs that stand and needs that lapse, month by month"), _describe(months), cls="pic", sized=True
    )


def _describe(months: Sequence[NeedMonth]) -> str:
    if not months:
        return say("No need is on record.")
    gone = sum(one.lapsing for one in months if not one.ahead)
    coming = sum(one.lapsing for one in months if one.ahead)
    return " ".join(
        (
            say_count(
                "{count} need lapsed in the months shown.", "{count} needs lapsed in the months shown.", gone
            ).format(count=amount(gone)),
            say_count(
                "{count} need lapses ahead unless renewed.", "{count} needs lapse ahead unless renewed.", coming
            ).format(count=amount(coming)),
        )
    )


def key_to_lapsing() -> tuple[tuple[str, str], ...]:
    """Return the key: (CSS class, words)."""
    return (
        ("f-mid", say("stood")),
        ("f-clay", say("lapsed")),
        ("f-words", say("stands on")),
        ("f-none", say("lapses unless renewed")),
    )
