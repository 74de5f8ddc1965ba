"""The lines of the waterline picture: where the water stands, where it would have stood, the bound, and the target."""

from __future__ import annotations

from evenhand.figures.axis import Axis, level_short
from evenhand.figures.columns import GAP, Slot
from evenhand.figures.marks import bound_ends, label_length, line_words
from evenhand.figures.standing import Standing, nearest_line, own_line_of
from evenhand.figures.story import PlanStory
from evenhand.figures.svg import Picture, text_length
from evenhand.figures.words import amount
from evenhand.wording import say


def draw_bands(picture: Picture, axis: Axis, slots: tuple[Slot, ...], story: PlanStory) -> None:
    """Draw, for a bounded plan, the band between the lowest level reached on a line and the bound."""
    for slot in slots:
        ends = bound_ends(story, slot.group)
        if ends is not None:
            top, bottom = axis.y(ends[1]), axis.y(ends[0])
            picture.cells([(slot.x - 8, slot.end - slot.x + 16, top, bottom)], "limit")
            picture.strokes([(slot.x - 8, slot.end - slot.x + 16, top)], "ghost")


def draw_lines(picture: Picture, axis: Axis, slots: tuple[Slot, ...], standing: Standing, story: PlanStory) -> None:
    """Draw the line: solid where it is reached, dotted where it is not."""
    for slot in slots:
        kind, line = slot.group.kind, slot.group.line
        if kind == "line" and line is not None:
            ends = bound_ends(story, slot.group)
            picture.strokes([(slot.x - 8, slot.end - slot.x + 16, axis.y(ends[0] if ends else line.level))], "line")
        elif kind == "line":
            own = [(column, nearest_line(column.row, standing.lines)) for column in slot.columns]
            picture.strokes([(c.x, c.wide, axis.y(found.level)) for c, found in own if found], "line")
        elif kind == "lower" or (kind == "above" and len(standing.lines) > 1):
            # With several lines those above one may stand below another: their own is drawn through them.
            own_line = [(column, own_line_of(column.row, standing)) for column in slot.columns]
            picture.strokes([(c.x, c.wide, axis.y(level)) for c, level in own_line if level is not None], "ghost")


def name_lines(picture: Picture, axis: Axis, slots: tuple[Slot, ...], story: PlanStory) -> None:
    """Write the mark for a water surface and the level above each solid line."""
    named = [slot for slot in slots if slot.group.kind == "line" and slot.group.line is not None]
    for slot in named:
        line = slot.group.line
        if line is None:  # pragma: no cover - sorted out above, for the type checker
            continue
        y = axis.y(line.level)
        ends = bound_ends(story, slot.group)
        if ends is not None:
            y = axis.y(ends[1])
        x = slot.x + 6
        picture.polyline([(x, y - 14), (x + 15, y - 14), (x + 7.5, y - 5)], "dot", closed=True)
        if label_length(story, slot) + 32 < slot.wide + GAP or len(named) == 1:
            picture.text(x + 22, y - 8, line_words(story, slot.group), cls="t-lg halo")
        else:
            picture.text(x + 20, y - 6, level_short(story, line.level), cls="t-h halo")


def draw_target(picture: Picture, axis: Axis, story: PlanStory, slots: tuple[Slot, ...]) -> None:
    """Draw the target, or say how far above the picture it lies."""
    if story.rule != "equal-coverage" or not slots:
        return
    start = slots[0].x
    end = slots[-1].x + slots[-1].wide
    if axis.top >= 1:
        picture.strokes([(start - 8, end - start + 8, axis.y(1.0))], "goal")
        picture.text(start, axis.y(1.0) - 6, say("Target: all that was asked for"), cls="t-soft halo")
        return
    inner = [slot for slot in slots if slot.group.kind in ("lower", "line")]
    words = target_words(axis.top)
    if not inner or inner[-1].end - start < text_length(words) + 20:
        return
    x = inner[-1].end
    picture.text(x - 14, axis.ceiling + 6, words, cls="t-soft halo", anchor="end")
    picture.polyline([(x - 5, axis.ceiling + 12), (x - 5, axis.ceiling - 10)], "rule")
    picture.polyline([(x - 9, axis.ceiling - 5), (x - 5, axis.ceiling - 11), (x - 1, axis.ceiling - 5)], "rule")


def target_words(top: float) -> str:
    """Say how much higher than the picture the target lies.

    Examples
    --------
    >>> target_words(0.33)
    'The target, 100%, lies 3 times as high as this picture.'
    """
    ratio = 1 / top
    if ratio < 1.25:
        return say("The target, 100%, lies just beyond this picture: less than one and a quarter times as high.")
    if ratio < 1.75:
        return say("The target, 100%, lies about one and a half times as high as this picture.")
    if ratio < 2.5:
        return say("The target, 100%, lies twice as high as this picture.")
    return say("The target, 100%, lies {number} times as high as this picture.").format(number=amount(round(ratio)))
