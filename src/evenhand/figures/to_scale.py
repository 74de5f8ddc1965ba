"""The same round drawn to scale: each recipient as wide as its target, so that area means units.

Equal columns hide size; this picture shows it. Thousands of recipients are drawn in slices of neighbours, so that the
areas still add up and the picture stays small.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.figures.markup import Markup
from evenhand.figures.story import PlanStory, RecipientStory, unit_words
from evenhand.figures.svg import LETTER, Direction, Picture
from evenhand.figures.words import breadth, cut, percent, short
from evenhand.wording import say

WIDTH = 1250.0
START, END = 44.0, 1248.0
TOP, BASE = 16.0, 236.0
LEAST = 2.0
"""No slice is drawn narrower than this where there are many recipients."""
LABEL = 17.0


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all recipients, in service units, nothing counted beyond a target."""

    target: float
    held: float
    given: float
    missing: float


@dataclass(frozen=True, slots=True)
class Slice:
    """Neighbours drawn as one: their targets, what they held and received within them."""

    target: float
    held: float
    given: float
    name: str


def find_totals(rows: Sequence[RecipientStory]) -> Totals:
    """Sum targets, what was held within them, what the round adds within them, and what is still missing."""
    held = math.fsum(min(row.held, row.target) for row in rows)
    after = math.fsum(min(row.held + row.received, row.target) for row in rows)
    target = math.fsum(row.target for row in rows)
    return Totals(target, held, after - held, target - after)


def find_slices(rows: Sequence[RecipientStory], room: float) -> tuple[Slice, ...]:
    """Return slices in order of need; where there are more than 400 recipients, none narrower than `LEAST`."""
    ordered = sorted(rows, key=lambda row: (row.coverage_after, row.coverage_before, row.recipient))
    total = math.fsum(row.target for row in ordered)
    least = LEAST / room * total if len(ordered) > 400 else 0.0
    slices = []
    gathered: list[RecipientStory] = []
    size = 0.0
    for place, row in enumerate(ordered):
        gathered.append(row)
        size += row.target
        if size >= least or place == len(ordered) - 1:
            sums = find_totals(gathered)
            slices.append(Slice(size, sums.held, sums.given, row.name if len(gathered) == 1 else ""))
            gathered, size = [], 0.0
    return tuple(slices)


def draw_to_scale(story: PlanStory, *, direction: Direction = "ltr", ident: str = "sc") -> Markup:
    """Draw the round to scale, lowest coverage at the start."""
    slices = find_slices(story.recipients, END - START)
    total = math.fsum(piece.target for piece in slices)
    unit = (END - START) / total if total else 0.0
    height = BASE - TOP
    ground, water, seams, labels = [], [], [], []
    x = START
    for piece in slices:
        wide = piece.target * unit
        bed = BASE - height * piece.held / piece.target
        surface = BASE - height * (piece.held + piece.given) / piece.target
        ground.append((x, wide, bed, BASE))
        water.append((x, wide, surface, bed))
        if wide >= 3 and x > START:
            seams.append((x, surface, BASE))
        if piece.name and wide >= LABEL:
            labels.append((x + wide / 2, cut(piece.name, 20)))
        x += wide
    below = max([breadth(name) for _, name in labels] + [0]) * LETTER + 16
    picture = Picture(WIDTH, BASE + below, ident=ident, direction=direction)
    picture.cells([(START, END - START, TOP, BASE)], "f-none")
    picture.cells(ground, "f-ground")
    picture.cells(water, "f-water")
    picture.uprights(seams, "sep")
    picture.strokes([(START, END - START, TOP)], "line")
    picture.strokes([(START, END - START, BASE)], "bed")
    for share, words in ((1.0, percent(1)), (0.5, say("{number}%").format(number=50)), (0.0, percent(0))):
        picture.text(START - 6, BASE - height * share + 4.5, words, cls="t-soft", anchor="end")
    for middle, name in labels:
        picture.text(middle + 4.5, BASE + 9, name, upright=True)
    sums = find_totals(story.recipients)
    told = say(
        "Every recipient is as wide as its target, so that area means {unit}; the lowest stand first. "
        "Already held: {held}. This round: {given}. Still missing: {missing}."
    ).format(unit=unit_words(story), held=short(sums.held), given=short(sums.given), missing=short(sums.missing))
    return picture.render(say("The same round drawn to scale"), told, cls="wl wide")
