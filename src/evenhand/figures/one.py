"""One recipient's column, large: what it held, whose water it got, and the line it stands on."""

from __future__ import annotations

import math

from evenhand.figures.axis import Axis, level_words, percent_ticks, tier_words
from evenhand.figures.layers import find_layers, find_order, find_sources
from evenhand.figures.markup import Markup, tag
from evenhand.figures.standing import Line, reference
from evenhand.figures.story import PlanStory, RecipientStory, donor_of
from evenhand.figures.svg import Direction, Picture
from evenhand.figures.words import amount, cut, isolate, short
from evenhand.wording import say, say_count

TOP, BASE = 22.0, 330.0
WIDTH = 304.0
START, WIDE = 58.0, 66.0
MOST = 9
"""Layers named; of further ones only the sum is."""


def draw_one(
    story: PlanStory, row: RecipientStory, main: Line | None, *, direction: Direction = "ltr", ident: str = "one"
) -> Markup:
    """Draw one recipient's column with its layers named."""
    line = row.waterline if row.waterline is not None and math.isfinite(row.waterline) else None
    line = reference(row, main) if line is None else line
    top = max([row.level, row.level_before, line or 0.0]) * 1.12 or 1.0
    whole = tuple((float(k), tier_words(k)) for k in range(int(top) + 1))
    axis = Axis(top, BASE, TOP, whole if story.rule == "tiers" else percent_ticks(top))
    picture = Picture(WIDTH, BASE + 10, ident=ident, direction=direction)
    picture.strokes([(START - 6, WIDE + 12, axis.y(level)) for level, _ in axis.ticks], "grid")
    for level, words in axis.ticks:
        picture.text(START - 10, axis.y(level) + 4.5, words, cls="t-soft", anchor="end")
    picture.cells([(START, WIDE, axis.y(row.level_before), BASE)], "f-ground")
    tone_of = {lot: source.tone for source in find_sources(story) for lot in source.lots}
    layers = find_layers(row, find_order(story))
    for layer in layers:
        picture.cells([(START, WIDE, axis.y(layer.top), axis.y(layer.bottom))], tone_of[layer.lot])
    picture.strokes([(START, WIDE, axis.y(layer.top)) for layer in layers[:-1]], "seam")
    picture.strokes([(START, WIDE, axis.y(row.level_before))], "bed")
    labels = [
        (axis.y((layer.bottom + layer.top) / 2), cut(donor_of(story.lot_by_key[layer.lot]), 13), short(layer.units))
        for layer in layers[-MOST:]
    ]
    if len(layers) > MOST:
        rest = layers[: len(layers) - MOST]
        many = math.fsum(layer.units for layer in rest)
        labels.insert(
            0,
            (
                axis.y((rest[0].bottom + rest[-1].top) / 2),
                say("{count} more").format(count=amount(len(rest))),
                short(many),
            ),
        )
    if row.held > 0:
        labels.insert(0, (axis.y(row.level_before / 2), say("Held"), short(row.held)))
    _name(picture, labels)
    if line is not None and line <= top:
        below = row.level < line * 0.998
        picture.strokes([(START - 6, WIDE + 12, axis.y(line))], "ghost" if below else "line")
        y = axis.y(line)
        picture.polyline([(START + 1, y - 12), (START + 13, y - 12), (START + 7, y - 4)], "dot", closed=True)
        picture.text(START + 19, y - 5, level_words(story, line), cls="t-h halo")
        if below:
            picture.strokes([(START + 1, WIDE - 2, axis.y(row.level) - 2.5)], "lid")
    told = say_count(
        "Held {before}, {count} layer of water, ends at {after}.",
        "Held {before}, {count} layers of water, ends at {after}.",
        len(layers),
    ).format(
        before=level_words(story, row.level_before), count=amount(len(layers)), after=level_words(story, row.level)
    )
    return picture.render(say("The column of {name}").format(name=isolate(row.name)), told, cls="pic wl", sized=True)


def _name(picture: Picture, labels: list[tuple[float, str, str]]) -> None:
    """Write the layers' names beside the column, from the ground up, none over another."""
    last = BASE + 17.0
    for at, name, units in labels:
        y = max(min(at, last - 17), 8.0)
        last = y
        picture.polyline([(START + WIDE, at), (START + WIDE + 10, y)], "rule")
        picture.text(START + WIDE + 14, y + 4.5, name, " ", tag("tspan", units, cls="t-soft"))
