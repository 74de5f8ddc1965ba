"""A donor's promise: through its stages, from what was said to what is used, and over time, promised beside delivered.

Called by the pages of donors, offers and promises. Hollow is words, solid is things. What was lost is drawn in clay and never
hidden; what was never recorded is drawn as a dashed line and called so, not as nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.figures.markup import Markup
from evenhand.figures.months import draw_amounts, draw_months, find_span, month_number, round_ticks
from evenhand.figures.svg import Direction, Picture, text_length
from evenhand.figures.words import isolate, percent, short
from evenhand.wording import say

WIDTH = 720.0
START = 148.0
ROW = 34.0
HIGH = 20.0
MOST_MONTHS = 240


@dataclass(frozen=True, slots=True)
class Promise:
    """Tell how far a promise has come, in base units of one resource; None where nothing is on record.

    Attributes
    ----------
    said, pledged, committed
        Words: the most that was stated, of that pledged, of that firmly committed.
    allocated, dispatched, received, used
        Things, each counting what has come at least so far.
    lost
        Damaged, missing or expired on the way.
    """

    unit: str
    said: float | None = None
    pledged: float | None = None
    committed: float | None = None
    allocated: float | None = None
    dispatched: float | None = None
    received: float | None = None
    used: float | None = None
    lost: float | None = None


@dataclass(frozen=True, slots=True)
class PromiseMonth:
    """Tell a promise at the end of a month ("2026-03"): promised and delivered so far."""

    month: str
    promised: float
    delivered: float


def stages(promise: Promise) -> tuple[tuple[str, str, float | None], ...]:
    """Return the stages in order: (CSS class, words, amount)."""
    return (
        ("f-words", say("Said"), promise.said),
        ("f-words", say("Pledged"), promise.pledged),
        ("f-words", say("Committed"), promise.committed),
        ("f-pale", say("Allocated"), promise.allocated),
        ("f-mid", say("Dispatched"), promise.dispatched),
        ("f-water", say("Received"), promise.received),
        ("f-deep", say("Used"), promise.used),
        ("f-clay", say("Lost on the way"), promise.lost),
    )


def draw_promise(promise: Promise, *, name: str = "", direction: Direction = "ltr", ident: str = "promise") -> Markup:
    """Draw a promise through its stages, all on one scale."""
    rows = stages(promise)
    picture = Picture(WIDTH, len(rows) * ROW + 8, ident=ident, direction=direction)
    most = max((amount for _, _, amount in rows if amount is not None), default=0.0)
    longest = max((text_length(_amount(amount), 14) for _, _, amount in rows if amount is not None), default=0.0)
    scale = (WIDTH - START - longest - 16) / most if most > 0 else 0.0
    received = (promise.received or 0.0) * scale
    told = []
    for place, (cls, words, amount) in enumerate(rows):
        y = place * ROW + 6
        picture.text(START - 12, y + 15, words, cls="t-b" if place in (0, 5) else None, anchor="end")
        if amount is None:
            picture.strokes([(START, 60, y + HIGH / 2)], "gap")
            picture.text(START + 70, y + 15, say("no record on file"), cls="t-soft")
            told.append(say("{stage}: no record on file").format(stage=words))
            continue
        # What was lost continues where what was received ends: together they are what had been sent.
        x = START + (received if cls == "f-clay" else 0.0)
        picture.box(x, y, amount * scale, HIGH, cls, f"{words}: {_amount(amount)}")
        picture.text(x + amount * scale + 8, y + 15, _amount(amount), cls="t-h")
        told.append(say("{stage}: {amount}").format(stage=words, amount=_amount(amount)))
    picture.uprights([(START, 2, len(rows) * ROW + 2)], "bed")
    title = (
        say("How far the promise of {name} has come").format(name=isolate(name)) if name else say("How far it has come")
    )
    said = say("In {unit}. {stages}.").format(unit=promise.unit, stages="; ".join(told))
    return picture.render(title, said, cls="pic", sized=True)


def _amount(amount: float) -> str:
    return short(amount)


def draw_promise_over_time(
    months: Sequence[PromiseMonth], *, unit: str, name: str = "", direction: Direction = "ltr", ident: str = "overtime"
) -> Markup:
    """Draw what was promised (hollow) and delivered (solid) so far, month by month, as steps.

    A month that was not given stands as the month before it. The last twenty years are drawn at most.
    """
    ordered = sorted(months, key=lambda one: one.month)
    months = ordered[-MOST_MONTHS:]
    start, base, ceiling = 96.0, 260.0, 30.0
    end = WIDTH - 12
    picture = Picture(WIDTH, base + 44, ident=ident, direction=direction)
    span = find_span([one.month for one in months], start, end)
    given = {month_number(one.month): one for one in months}
    promised, delivered = [0.0] * span.number, [0.0] * span.number
    was: PromiseMonth | None = None
    for place in range(span.number):
        was = given.get(span.first + place, was)
        if was is not None:
            promised[place], delivered[place] = was.promised, was.delivered
    ticks = round_ticks(max([*promised, *delivered], default=0.0))
    draw_amounts(picture, ticks, start=start, end=end, base=base, ceiling=ceiling)
    draw_months(picture, span, base)

    def height(amount: float) -> float:
        return base - (base - ceiling) * amount / ticks[-1]

    def steps(amounts: Sequence[float]) -> list[tuple[float, float]]:
        points = []
        for place, amount in enumerate(amounts):
            points += [(span.x(place), height(amount)), (span.x(place + 1), height(amount))]
        return points

    if months:
        picture.path(picture.shape([(start, base), *steps(promised), (end, base)]), "f-words")
        picture.path(picture.shape([(start, base), *steps(delivered), (end, base)]), "f-water")
        last_promised, last_delivered = promised[-1], delivered[-1]
        _write_end(
            picture,
            say("promised {amount}").format(amount=short(last_promised)),
            end,
            height(last_promised) - 7,
            "t-h halo",
        )
        y, words = height(last_delivered), say("delivered {amount}").format(amount=short(last_delivered))
        # In the water where it is deep and has stood long enough under the words; above it otherwise.
        under = [
            amount for place, amount in enumerate(delivered) if span.x(place + 1) > end - text_length(words, 14) - 16
        ]
        deep = base - height(min(under)) > 26
        _write_end(picture, words, end - 4, base - 9 if deep else y - 7, "t-h t-w" if deep else "t-h halo")
    picture.text(start - 8, 14, unit, cls="t-soft", anchor="start" if text_length(unit) > 80 else "end")
    said = say("No month is on record.")
    if months:
        kept = promised[-1] and delivered[-1] / promised[-1]
        said = say("By the last month {promised} {unit} were promised and {delivered} delivered: {share}.").format(
            promised=short(promised[-1]), unit=unit, delivered=short(delivered[-1]), share=percent(kept)
        )
    title = (
        say("Promised and delivered by {name}, month by month").format(name=isolate(name))
        if name
        else say("Promised and delivered, month by month")
    )
    return picture.render(title, said, cls="pic", sized=True)


def _write_end(picture: Picture, words: str, x: float, y: float, cls: str) -> None:
    picture.text(x - 2, max(y, 12.0), words, cls=cls, anchor="end")
