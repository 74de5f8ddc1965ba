"""A group over time: how many members it had, and who held its offices when.

Called by the page of a group. A term without a known beginning or end is drawn with an open edge and said so: a date is never
made up. Holders stand in the order of their terms, never by merit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from evenhand.figures.markup import Markup
from evenhand.figures.months import round_ticks
from evenhand.figures.svg import Direction, Picture, text_length
from evenhand.figures.words import amount, cut, isolate
from evenhand.wording import say, say_count

WIDTH = 720.0
START, END = 208.0, 704.0
ROW = 24.0
HIGH = 14.0
CURVE = 92.0
MOST = 60


@dataclass(frozen=True, slots=True)
class Term:
    """Tell one membership, or one holder's time in an office; None for a day that is not known, or has not come."""

    holder: str
    since: date | None = None
    until: date | None = None
    office: str = ""


def draw_group(
    offices: Sequence[Term],
    memberships: Sequence[Term] = (),
    *,
    today: date,
    name: str = "",
    direction: Direction = "ltr",
    ident: str = "group",
) -> Markup:
    """Draw the number of members as steps, and beneath it a bar for every term of office.

    Parameters
    ----------
    offices
        Any number; the last 60 terms are drawn, earlier ones stand in the table.
    memberships
        Those whose beginning is not known are counted from the start of the picture.
    today
        Where terms that go on still end.
    """
    ordered = sorted(offices, key=lambda term: (term.office, term.since or date.min, term.holder))
    drawn = ordered[-MOST:]
    days = [day for term in (*drawn, *memberships) for day in (term.since, term.until) if day is not None]
    first, last = min([*days, today]), max([*days, today])
    first, last = date(first.year, 1, 1), date(last.year, 12, 31)
    names = list(dict.fromkeys(term.office for term in drawn))
    top = CURVE + 34 if memberships else 8.0
    height = top + len(drawn) * ROW + len(names) * 28 + 26
    picture = Picture(WIDTH, height, ident=ident, direction=direction)
    whole = max((last - first).days, 1)

    def x(day: date) -> float:
        return START + (END - START) * (day - first).days / whole

    _draw_years(picture, first.year, last.year, x, height)
    if memberships:
        _draw_members(picture, memberships, first, today, x)
    y = top
    for office in names:
        y += 28
        picture.text(4, y - 9, cut(office, 60), cls="t-h")
        for term in (one for one in drawn if one.office == office):
            _draw_term(picture, term, y, first, today, x)
            y += ROW
    picture.uprights([(x(today), 2, height - 22)], "ghost")
    title = (
        say("{name}: members and offices over time").format(name=isolate(name))
        if name
        else say("Members and offices over time")
    )
    return picture.render(title, _describe(ordered, memberships, today), cls="pic", sized=True)


def members_on(memberships: Sequence[Term], day: date) -> int:
    """Count members on a day; `until` is the last day."""
    return sum((term.since or date.min) <= day <= (term.until or date.max) for term in memberships)


def _draw_years(picture: Picture, first: int, last: int, x: Callable[[date], float], height: float) -> None:
    room = (END - START) / max(last - first + 1, 1)
    every = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000, 10000) if step * room >= 44 or step == 10000)
    for year in range(first, last + 1):
        if year % every == 0:
            picture.uprights([(x(date(year, 1, 1)), 2, height - 22)], "grid")
            picture.text(x(date(year, 1, 1)), height - 6, f"{year}", cls="t-soft", anchor="middle")


def _draw_members(
    picture: Picture, memberships: Sequence[Term], first: date, today: date, x: Callable[[date], float]
) -> None:
    changes = {first, today}
    for term in memberships:
        changes |= {day for day in (term.since,) if day is not None and first <= day <= today}
        if term.until is not None and first <= term.until < today:
            changes.add(date.fromordinal(term.until.toordinal() + 1))
    ordered = sorted(changes)
    counts = [members_on(memberships, day) for day in ordered]
    most = round_ticks(max(counts))[-1]
    base, ceiling = CURVE + 20, 26.0

    def height(number: int) -> float:
        return base - (base - ceiling) * number / most

    points = []
    for place, day in enumerate(ordered):
        following = ordered[place + 1] if place + 1 < len(ordered) else day
        points += [(x(day), height(counts[place])), (x(following), height(counts[place]))]
    picture.path(picture.shape([(START, base), *points, (x(today), base)]), "f-mid")
    picture.strokes([(START, END - START, base)], "bed")
    picture.text(4, base - 6, say("Members"), cls="t-h")
    now = say_count("{count} member", "{count} members", counts[-1]).format(count=amount(counts[-1]))
    picture.text(x(today) - 4, height(counts[-1]) - 6, now, cls="t-h halo", anchor="end")


def _draw_term(picture: Picture, term: Term, y: float, first: date, today: date, x: Callable[[date], float]) -> None:
    since, until = term.since or first, term.until or max(today, term.since or first)
    until = max(until, since)
    begin, end = x(since), max(x(until), x(since) + 2)
    cls = "f-deep" if since <= today <= until else "f-mid"
    words = _years(term)
    picture.box(begin, y + 2, end - begin, HIGH, cls, f"{isolate(term.holder)}: {words}")
    if term.since is None:
        picture.strokes([(begin, min(24.0, end - begin), y + 2 + HIGH / 2)], "gap")
    picture.text(START - 10, y + 13.5, cut(term.holder, 24), anchor="end")
    long = text_length(words) + 8
    if end + long < END:
        picture.text(end + 6, y + 13.5, words, cls="t-soft halo")
    elif begin - long > START:
        picture.text(begin - 6, y + 13.5, words, cls="t-soft halo", anchor="end")


def _years(term: Term) -> str:
    since = f"{term.since.year}" if term.since else ""
    until = f"{term.until.year}" if term.until else ""
    if since and until:
        return since if since == until else say("{first} to {last}").format(first=since, last=until)
    if since:
        return say("since {first}").format(first=since)
    return say("until {last}, begin not known").format(last=until) if until else say("dates not known")


def _describe(offices: Sequence[Term], memberships: Sequence[Term], today: date) -> str:
    told = []
    if memberships:
        number = members_on(memberships, today)
        told.append(say_count("{count} member today.", "{count} members today.", number).format(count=amount(number)))
    current = [one for one in offices if (one.since or date.min) <= today <= (one.until or date.max)]
    told += [
        say("{office}: {holder}, {years}.").format(office=term.office, holder=isolate(term.holder), years=_years(term))
        for term in current[:6]
    ]
    told.append(
        say_count("{count} term of office.", "{count} terms of office.", len(offices)).format(
            count=amount(len(offices))
        )
    )
    return " ".join(told)
