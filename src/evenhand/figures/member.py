"""The story of a member in one picture: what it needs of each resource, what it has, what is coming, and what is missing.

Called by the page of a member. Hollow is words, solid is things: what is only promised is an outline over what is missing.
Resources with the same unit share one scale; each unit has its own, said in words. Sums come from lookups; nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.figures.markup import Markup
from evenhand.figures.svg import Direction, Picture, text_length
from evenhand.figures.words import amount, apart, cut, isolate, percent, short
from evenhand.wording import say, say_count

WIDTH = 720.0
START, END = 2.0, 690.0
PITCH = 74.0
HIGH = 20.0
MOST = 24
PARTS = ("f-ground", "f-water", "f-mid", "f-pale", "f-none")


@dataclass(frozen=True, slots=True)
class ResourceNeed:
    """Tell one resource of one member, in base units: every amount counted once, in the furthest stage it has reached.

    Attributes
    ----------
    needed
        Its target.
    held, received, on_the_way, allocated
        What it held when it said so, what it received since, what travels, what is allocated and not yet sent.
    promised
        What was promised to it by name and is not allocated yet: words.
    """

    key: str
    name: str
    unit: str
    needed: float
    held: float = 0.0
    received: float = 0.0
    on_the_way: float = 0.0
    allocated: float = 0.0
    promised: float = 0.0

    @property
    def covered(self) -> float:
        """Sum what is there or on its way."""
        return self.held + self.received + self.on_the_way + self.allocated

    @property
    def missing(self) -> float:
        """Return what is missing; never below nothing."""
        return max(0.0, self.needed - self.covered)

    @property
    def parts(self) -> tuple[float, ...]:
        """Return the bar's parts, in the order drawn."""
        return self.held, self.received, self.on_the_way, self.allocated, self.missing


def draw_member(
    rows: Sequence[ResourceNeed], *, name: str = "", direction: Direction = "ltr", ident: str = "member"
) -> Markup:
    """Draw a member's resources, grouped by unit, the least covered first.

    Parameters
    ----------
    rows
        Any number; the 24 least covered are drawn, and the picture says how many more the table has.
    """
    ordered = sorted(rows, key=lambda row: (_share(row), row.name, row.key))
    drawn = ordered[:MOST]
    units = list(dict.fromkeys(row.unit for row in drawn))
    drawn.sort(key=lambda row: units.index(row.unit))
    rest = len(ordered) - len(drawn)
    height = sum(_pitch(row) for row in drawn) + len(units) * 24 + (26 if rest else 0)
    picture = Picture(WIDTH, max(height, 30), ident=ident, direction=direction)
    y = 0.0
    for unit in units:
        mine = [row for row in drawn if row.unit == unit]
        scale = (END - START) / max(max(row.needed, row.covered, row.covered + row.promised) for row in mine or drawn)
        y += 16
        picture.text(START, y, say("All bars in {unit} have one scale.").format(unit=isolate(unit)), cls="t-soft")
        y += 8
        for row in mine:
            _draw_row(picture, row, y, scale)
            y += _pitch(row)
    if rest:
        picture.text(START, y + 18, _more(rest), cls="t-soft")
    title = (
        say("What {name} needs, has and misses").format(name=isolate(name)) if name else say("Needed, held and missing")
    )
    return picture.render(title, _describe(ordered), cls="pic", sized=True)


def _pitch(row: ResourceNeed) -> float:
    return PITCH + (17.0 if row.promised > 0 else 0.0)


def _share(row: ResourceNeed) -> float:
    return row.covered / row.needed if row.needed > 0 else 1.0


def _draw_row(picture: Picture, row: ResourceNeed, y: float, scale: float) -> None:
    needs = say("{amount} {unit} needed").format(amount=short(row.needed), unit=row.unit)
    room = END - START - text_length(needs) - 20
    picture.text(START, y + 14, cut(row.name, room / 8.6), cls="t-h")
    picture.text(END, y + 14, needs, anchor="end")
    x, top = START, y + 21
    for cls, part, words in zip(PARTS, row.parts, _told(row), strict=True):
        picture.box(x, top, part * scale, HIGH, cls, words)
        x += part * scale
    cuts, x = [], START
    for part, following in zip(row.parts, row.parts[1:], strict=False):
        x += part * scale
        if part > 0 and following > 0:
            cuts.append((x, top, top + HIGH))
    picture.uprights(cuts, "sep")
    picture.box(START + row.covered * scale, top + 5, row.promised * scale, HIGH - 10, "f-words", _promised(row))
    at = START + row.needed * scale
    picture.uprights([(at, top - 4, top + HIGH + 4)], "line")
    told = [words for part, words in zip(row.parts[:-1], _told(row), strict=False) if part > 0]
    picture.text(START, top + HIGH + 17, apart(told, " · "), cls="t-soft")
    if row.missing > 0:
        picture.text(END, top + HIGH + 17, _told(row)[-1], cls="t-clay", anchor="end")
    if row.promised > 0:
        picture.text(START, top + HIGH + 34, _promised(row), cls="t-soft")


def _told(row: ResourceNeed) -> tuple[str, ...]:
    return (
        say("held {amount}").format(amount=short(row.held)),
        say("received {amount}").format(amount=short(row.received)),
        say("on the way {amount}").format(amount=short(row.on_the_way)),
        say("allocated {amount}").format(amount=short(row.allocated)),
        say("missing {amount}").format(amount=short(row.missing)),
    )


def _promised(row: ResourceNeed) -> str:
    return say("promised, words only: {amount}").format(amount=short(row.promised))


def _more(rest: int) -> str:
    return say_count("{count} more resource is in the table.", "{count} more resources are in the table.", rest).format(
        count=amount(rest)
    )


def _describe(rows: Sequence[ResourceNeed]) -> str:
    if not rows:
        return say("No need is on record.")
    told = [
        say("{resource}: {share} of {amount} {unit} is held, received or coming; {missing} is missing.").format(
            resource=isolate(row.name),
            share=percent(_share(row)),
            amount=short(row.needed),
            unit=row.unit,
            missing=short(row.missing),
        )
        for row in rows[:8]
    ]
    if len(rows) > 8:
        told.append(_more(len(rows) - 8))
    return " ".join(told)


def key_to_member() -> tuple[tuple[str, str], ...]:
    """Return the key: (CSS class, words)."""
    return (
        ("f-ground", say("held")),
        ("f-water", say("received")),
        ("f-mid", say("on the way")),
        ("f-pale", say("allocated, not sent")),
        ("f-none", say("missing")),
        ("f-words", say("promised: words only")),
    )
