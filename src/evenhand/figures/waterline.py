"""The waterline picture: who is held lower, who stands on the line, who already stands above it, and the water between.

One straight line means "served equally". A column is a recipient, stone-coloured ground is what it held, water is what
it was given, a clay lid is what stopped it. Drawn from a story alone; the style guide of the portal says how.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from evenhand.figures.axis import Axis, axis_words, level_words, make_axis
from evenhand.figures.basin import Vessel, draw_basins, fill_vessel, in_units
from evenhand.figures.columns import Column, Slot, place_slots
from evenhand.figures.layers import Layer, Source, find_layers, find_order, find_sources
from evenhand.figures.marks import Mark, place_marks
from evenhand.figures.markup import Markup
from evenhand.figures.standing import Standing, find_standing, reference
from evenhand.figures.story import PlanStory, RecipientStory, amount_words, unit_words
from evenhand.figures.surfaces import draw_bands, draw_lines, draw_target, name_lines, target_words
from evenhand.figures.svg import LETTER, Cell, Direction, Picture
from evenhand.figures.words import amount, breadth, cut, in_signs, isolate, listed, percent, short
from evenhand.wording import say, say_count

WIDTH = 1280.0
BASIN = (182.0, 270.0)
START = 332.0
BASE = 574.0
CEILING = 88.0
NAME = 21
OWN_BASIN = 0.08
"""A line has a basin of its own from this share of the water on."""


@dataclass(frozen=True, slots=True)
class Waterline:
    """The picture, the sentences its numbered marks stand for, and where the target lies if outside the picture."""

    picture: Markup
    marks: tuple[Mark, ...]
    target: str = ""


def draw_waterline(story: PlanStory, *, direction: Direction = "ltr", ident: str = "wl") -> Waterline:
    """Draw the waterline picture of a plan.

    Parameters
    ----------
    story
        Any number of recipients; above sixty, an even sample is drawn and the picture says so.
    direction
        "rtl" draws it mirrored.
    ident
        Begins every id in the picture, so that two pictures on a page do not clash.
    """
    standing = find_standing(story)
    left = [lot for lot in story.lots if lot.left > 0]
    axis = make_axis(story, standing, base=BASE, ceiling=CEILING + (34 if left else 0))
    slots = place_slots(story, standing, start=START, room=WIDTH - START - 12)
    end = max([slot.x + slot.wide for slot in slots] + [START + 300])
    names = [cut(column.row.name, NAME) for slot in slots for column in slot.columns]
    below = max([breadth(name) for name in names] + [4]) * LETTER + 18
    picture = Picture(max(end + 12, WIDTH), BASE + below, ident=ident, direction=direction)
    hatch = picture.hatch()
    sources = find_sources(story)
    order = find_order(story)
    columns = [column for slot in slots for column in slot.columns]

    _draw_axis(picture, axis, end)
    _draw_room(picture, axis, slots, standing, hatch)
    draw_bands(picture, axis, slots, story)
    picture.cells(((c.x, c.wide, axis.y(c.row.level_before), BASE) for c in columns), "f-ground")
    _draw_water(picture, axis, columns, sources, order)
    picture.strokes(
        ((c.x, c.wide, axis.y(c.row.level_before)) for c in columns if c.row.level_before < axis.top), "bed"
    )
    _draw_lids(picture, axis, slots, story)
    _draw_torn(picture, axis, columns)
    draw_lines(picture, axis, slots, standing, story)
    draw_basins(picture, _vessels(story, standing, axis, sources, order), axis, start=BASIN[0], end=BASIN[1])
    _head_basin(picture, story)
    _head_slots(picture, slots)
    _draw_left(picture, story, end)
    name_lines(picture, axis, slots, story)
    draw_target(picture, axis, story, slots)
    for column, name in zip(columns, names, strict=True):
        picture.text(column.x + column.wide / 2 + 4.5, BASE + 9, name, upright=True)
    target = target_words(axis.top) if story.rule == "equal-coverage" and axis.top < 1 else ""
    marks = place_marks(story, standing, slots, axis)
    for number, mark in enumerate(marks, 1):
        picture.number(mark.x, mark.y, number)
    picture.hover(((c.x, c.wide, axis.ceiling, BASE), _hover(story, c.row)) for c in columns)
    return Waterline(picture.render(say("Waterline picture"), describe(story, standing), cls="wl wide"), marks, target)


def describe(story: PlanStory, standing: Standing) -> str:
    """Tell the picture in words, for those who do not see it."""
    said = [
        say("A column is a recipient; its height is the level under the rule {rule}: {meaning}.").format(
            rule=story.rule, meaning=axis_words(story.rule)
        ),
        say("The ground is what it held, the water above it what this round gives."),
    ]
    for group in standing.groups:
        number = len(group.rows)
        if group.kind == "line" and group.line is not None:
            words = say_count(
                "{count} recipient ends on the line at {level}.",
                "{count} recipients end on the line at {level}.",
                number,
            )
            said.append(words.format(count=amount(number), level=level_words(story, group.line.level)))
        elif group.kind == "lower":
            low, high = group.rows[0], group.rows[-1]
            words = say_count(
                "{count} recipient ends lower, under a lid: {name} at {level}.",
                "{count} recipients end lower, under a lid: from {name} at {level} to {last} at {highest}.",
                number,
            )
            said.append(
                words.format(
                    count=amount(number),
                    name=isolate(low.name),
                    level=level_words(story, low.level),
                    last=isolate(high.name),
                    highest=level_words(story, high.level),
                )
            )
        elif group.kind == "above":
            words = say_count(
                "{count} recipient receives nothing in this round.",
                "{count} recipients receive nothing in this round.",
                number,
            )
            said.append(words.format(count=amount(number)))
        elif group.kind == "filled":
            words = say_count("{count} recipient took all it can.", "{count} recipients took all they can.", number)
            said.append(words.format(count=amount(number)))
    said.append(say("Every value is in the plan table."))
    return " ".join(said)


def _draw_axis(picture: Picture, axis: Axis, end: float) -> None:
    picture.strokes([(START - 8, end - START + 8, axis.y(level)) for level, _ in axis.ticks], "grid")
    for level, words in axis.ticks:
        picture.text(START - 13, axis.y(level) + 4.5, words, cls="t-soft", anchor="end")


def _draw_room(picture: Picture, axis: Axis, slots: tuple[Slot, ...], standing: Standing, hatch: str) -> None:
    """Draw the room between a lid and the line: what the line would have given."""
    cells: list[Cell] = []
    for slot in slots:
        if slot.group.kind == "lower":
            for column in slot.columns:
                line = reference(column.row, standing.main)
                if line is not None:
                    cells.append((column.x, column.wide, axis.y(line), axis.y(column.row.level)))
    picture.cells(cells, "voidbox")
    picture.cells(cells, "hatched", fill=hatch)


def _draw_water(
    picture: Picture, axis: Axis, columns: list[Column], sources: tuple[Source, ...], order: dict[str, int]
) -> None:
    tone_of = {lot: source.tone for source in sources for lot in source.lots}
    cells: dict[str, list[Cell]] = {source.tone: [] for source in sources}
    seams: list[tuple[float, float, float]] = []
    for column in columns:
        layers = find_layers(column.row, order)
        for layer in layers:
            cells[tone_of[layer.lot]].append((column.x, column.wide, axis.y(layer.top), axis.y(layer.bottom)))
        seams += [(column.x, column.wide, axis.y(layer.top)) for layer in layers[:-1]]
    for tone, tone_cells in cells.items():
        picture.cells(tone_cells, tone)
    picture.strokes(seams, "seam")
    follows = [b for a, b in itertools.pairwise(columns) if abs(a.x + a.wide - b.x) < 0.01]
    picture.uprights(((c.x, axis.y(max(c.row.level, c.row.level_before)), BASE) for c in follows), "sep")


def _draw_lids(picture: Picture, axis: Axis, slots: tuple[Slot, ...], story: PlanStory) -> None:
    lids = [column for slot in slots if slot.group.kind in ("lower", "filled") for column in slot.columns]
    picture.strokes(((c.x + 1, c.wide - 2, axis.y(c.row.level) - 2.5) for c in lids if c.row.level < axis.top), "lid")
    taken = (-math.inf, 0.0)
    for column in lids:
        words = percent(column.row.level, unit="") if story.rule != "tiers" else in_signs(f"{column.row.level:.2f}")
        middle, y = column.x + column.wide / 2, axis.y(column.row.level) - 8.5
        half = breadth(words) * 4.1
        if middle - half < taken[0] and abs(y - taken[1]) < 13:
            continue
        picture.text(middle, y, words, cls="t-clay", anchor="middle")
        taken = (middle + half, y)


def _draw_torn(picture: Picture, axis: Axis, columns: list[Column]) -> None:
    """Tear the upper edge of columns that go on beyond the picture."""
    y = axis.ceiling
    for column in columns:
        if max(column.row.level, column.row.level_before) > axis.top * 1.0001:
            teeth = 3
            step = column.wide / teeth
            points = [(column.x - 0.5, y - 2), (column.x - 0.5, y + 6)]
            points += [(column.x + step * (k + 0.5), y + (1 if k % 2 == 0 else 7)) for k in range(teeth)]
            points += [(column.x + column.wide + 0.5, y + 6), (column.x + column.wide + 0.5, y - 2)]
            picture.polyline(points, "torn", closed=True)


def _vessels(
    story: PlanStory, standing: Standing, axis: Axis, sources: tuple[Source, ...], order: dict[str, int]
) -> tuple[Vessel, ...]:
    """Fill a basin for each line that holds much of the water; the rest is shown together with the main one."""
    main = standing.main
    great = [line for line in standing.lines if line is main or line.water >= OWN_BASIN * story.given]
    line_by_lot = {lot.lot: line for line in great for lot in line.lots}
    basins: dict[float | None, list[Layer]] = {}
    for row in story.recipients:
        for layer in find_layers(row, order):
            line = line_by_lot.get(layer.lot, main)
            basins.setdefault(line.level if line else None, []).append(layer)
    ordered = sorted(basins, key=lambda level: -(level or 0.0))
    return tuple(fill_vessel(basins[level], axis, sources, level) for level in ordered)


def _head_basin(picture: Picture, story: PlanStory) -> None:
    _, word = in_units(story.given)
    lots = len([lot for lot in story.lots if lot.given > 0])
    if not lots:
        return
    words = say_count("The water: {count} lot", "The water: {count} lots", lots).format(count=amount(lots))
    picture.text(BASIN[1], 33, words, cls="t-h", anchor="end")
    picture.text(BASIN[1], 50, cut(word.format(unit=unit_words(story)), 34), cls="t-soft", anchor="end")


def _head_slots(picture: Picture, slots: tuple[Slot, ...]) -> None:
    for slot in slots:
        for place, part in enumerate(reversed(slot.title)):
            picture.text(slot.x, 33 - 17 * place, part, cls="t-h")
        picture.text(slot.x, 50, slot.under, cls="t-soft")
        picture.polyline([(slot.x, 65), (slot.x, 59), (slot.end, 59), (slot.end, 65)], "rule")


def _draw_left(picture: Picture, story: PlanStory, end: float) -> None:
    """Draw what is left over as a strip of water above everything."""
    left = [lot for lot in story.lots if lot.left > 0]
    if not left:
        return
    parts = [say("{amount} packs of {lot}").format(amount=short(float(lot.left)), lot=lot.lot) for lot in left]
    names = listed(parts, most=3)
    picture.cells([(START, end - START, 72, 96)], "s9")
    picture.strokes([(START, end - START, 72)], "surface")
    words = say("Left over: {names}. Nobody who may have them can take more.").format(names=names)
    picture.text(START + 10, 89, cut(words, 112), cls="t-b")


def _hover(story: PlanStory, row: RecipientStory) -> str:
    before, after = level_words(story, row.level_before), level_words(story, row.level)
    if row.received <= 0:
        return say("{name}: {level}, receives nothing").format(name=isolate(row.name), level=after)
    return say("{name}: {amount}, from {before} to {after}").format(
        name=isolate(row.name), amount=amount_words(story, row.received), before=before, after=after
    )
