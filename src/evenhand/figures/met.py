"""Who met whom: a staircase of names, with a dot where the row of one party crosses the column of another.

Called by the page of meetings. The dot's area is the number of meetings; names stand in the order of the reader's alphabet,
never by how often they met. At most 24 parties are drawn; the table beside it has every pair.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenhand.figures.markup import Markup, clean, tag
from evenhand.figures.svg import Direction, Picture, num, text_length
from evenhand.figures.words import amount, cut, isolate, listed
from evenhand.wording import say, say_count

MOST = 24
CELL = 28.0
LARGEST = 12.0
SMALLEST = 4.0
LETTERS = 34.0
TOLD = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """Tell how often two parties met, above 0."""

    one: str
    other: str
    meetings: int


def draw_met(
    pairs: Sequence[Pair], names: Mapping[str, str], *, direction: Direction = "ltr", ident: str = "met"
) -> Markup:
    """Draw who met whom.

    Parameters
    ----------
    pairs
        By key, each pair once; of more than 24 parties those of the pairs that met most often are drawn.
    names
        Key → name in the reader's language.
    """
    drawn = _drawn(pairs)
    order = sorted(
        {key for pair in drawn for key in (pair.one, pair.other)}, key=lambda key: (names[key].casefold(), key)
    )
    place = {key: number for number, key in enumerate(order)}
    room = max((text_length(cut(names[key], LETTERS)) for key in order), default=0.0)
    picture = Picture(len(order) * CELL + room + 16, len(order) * CELL + 8, ident=ident, direction=direction)
    picture.strokes([(0, _middle(row), _middle(row) - 4) for row in range(1, len(order))], "faint")
    picture.uprights(
        [(_middle(column), _middle(column) + 8, _middle(len(order) - 1)) for column in range(len(order) - 1)], "faint"
    )
    for key in order:
        picture.text(place[key] * CELL + 8, _middle(place[key]) + 4.6, cut(names[key], LETTERS), cls="t-b")
    most = max((pair.meetings for pair in drawn), default=1)
    for pair in drawn:
        column, row = sorted((place[pair.one], place[pair.other]))
        told = _told(pair, names)
        r = max(SMALLEST, LARGEST * math.sqrt(pair.meetings / most))
        at = {"cx": num(picture.across(_middle(column))), "cy": num(_middle(row)), "r": num(r)}
        picture.marks.append(tag("circle", tag("title", clean(told)), cls="f-water", **at))
        if pair.meetings > 1 and r > 7:
            picture.marks.append(
                tag("text", pair.meetings, cls="t-w t-b", x=at["cx"], y=num(_middle(row) + 4.6), text_anchor="middle")
            )
    ranked = sorted(drawn, key=lambda pair: (-pair.meetings, pair.one, pair.other))
    said = say("{pairs}. The larger the dot, the more meetings; the table has every pair.").format(
        pairs=listed([_told(pair, names) for pair in ranked], most=TOLD)
    )
    return picture.render(say("Who met whom"), said, cls="pic", sized=True)


def _middle(number: int) -> float:
    return number * CELL + CELL / 2


def _told(pair: Pair, names: Mapping[str, str]) -> str:
    return say("{one} and {other}: {meetings}").format(
        one=isolate(names[pair.one]),
        other=isolate(names[pair.other]),
        meetings=say_count("{count} meeting", "{count} meetings", pair.meetings).format(count=amount(pair.meetings)),
    )


def _drawn(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs among those parties that are drawn: the pairs that met most often bring theirs in first."""
    kept: dict[str, None] = {}
    for pair in sorted(pairs, key=lambda pair: (-pair.meetings, pair.one, pair.other)):
        new = [key for key in (pair.one, pair.other) if key not in kept]
        if len(kept) + len(new) <= MOST:
            kept.update(dict.fromkeys(new))
    return [pair for pair in pairs if pair.one in kept and pair.other in kept]
