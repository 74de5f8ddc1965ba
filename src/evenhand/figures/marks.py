"""The numbered marks of the waterline picture and the sentences beneath it.

The text stays text: it can be translated, searched and read aloud. Sentences are made from numbers alone and never say
"proved" for a plan that is only bounded.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from evenhand.figures.axis import Axis, level_words
from evenhand.figures.columns import Slot
from evenhand.figures.standing import Group, Standing, reference
from evenhand.figures.story import PlanStory
from evenhand.figures.svg import LETTER
from evenhand.figures.words import amount, breadth, cut, isolate, listed
from evenhand.wording import say, say_count

NO_LOT = "no lot is open to them"


def plainly(reason: str) -> str:
    """Say a kind of `limited_by` in a sentence; any other kind is quoted as it is.

    Examples
    --------
    >>> plainly("capacity"), plainly("weather")
    ('they can take no more now', 'weather')
    """
    nothing_fits = say("no whole pack or shipment that is left fits them")
    return {
        "capacity": say("they can take no more now"),
        "less than a pack": say("they have room for less than one pack"),
        "target met": say("their target is met"),
        "handles": say("they cannot handle what lots require"),
        "earmark": say("lots are earmarked for others"),
        "shelf life": say("they could not use more before it expires"),
        "minimum shipment": say("the smallest shipment is larger than what is left for them"),
        "lot limit": say("they have the largest number of lots allowed"),
        "no lot": say("no lot is open to them"),
        NO_LOT: say("no lot is open to them"),
        "waterline": nothing_fits,
        "above the waterline": nothing_fits,
    }.get(reason) or cut(reason, 60)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the picture and what is to be seen there."""

    x: float
    y: float
    title: str
    sentence: str


def place_marks(story: PlanStory, standing: Standing, slots: tuple[Slot, ...], axis: Axis) -> tuple[Mark, ...]:
    """Return one mark for each kind of group that is drawn, in the order drawn."""
    marks: list[Mark] = []
    widest = max((slot for slot in slots if slot.group.kind == "line"), key=_breadth, default=None)
    for slot in slots:
        middle = slot.columns[len(slot.columns) // 2]
        x = middle.x + middle.wide / 2
        if slot.group.kind == "lower":
            line = reference(slot.columns[0].row, standing.main)
            top = axis.y(line if line is not None else slot.columns[0].row.level)
            room = axis.y(slot.columns[0].row.level) - top
            x = (slot.x + slot.end) / 2 if len(slot.columns) < 4 else slot.columns[len(slot.columns) // 3].x
            marks.append(Mark(x, top + min(34.0, room / 2) if room > 30 else top - 34, *_lower(story, slot)))
        elif slot.group.kind == "line":
            y = axis.y(slot.group.line.bound or slot.group.line.level) if slot.group.line else axis.y(middle.row.level)
            if slot is widest:
                x = max(slot.end - 14, slot.x + label_length(story, slot) + 44)
                marks.append(Mark(x, y - 16, *_line(story, standing, slot)))
        elif slot.group.kind == "filled":
            marks.append(Mark(x, axis.base - 40, *_filled(slot)))
        elif slot.group.kind == "above":
            marks.append(Mark(x, axis.base - 40, *_above(story, standing, slot)))
    return tuple(marks)


def _breadth(slot: Slot) -> tuple[bool, int]:
    return slot.group.line is not None, len(slot.columns)


def line_words(story: PlanStory, group: Group) -> str:
    """Return what is written above a line."""
    ends = bound_ends(story, group)
    if ends is not None:
        return say("Reached {level}, bound {bound}").format(
            level=level_words(story, ends[0]), bound=level_words(story, ends[1])
        )
    return say("Waterline {level}").format(level=level_words(story, group.line.level)) if group.line else ""


def label_length(story: PlanStory, slot: Slot) -> float:
    """Estimate how long the words above a line are."""
    return breadth(line_words(story, slot.group)) * LETTER * 17 / 13


def _lower(story: PlanStory, slot: Slot) -> tuple[str, str]:
    rows = slot.group.rows
    reasons = Counter(reason_of(row.limited_by) for row in rows)
    ranked = sorted(reasons, key=lambda reason: (-reasons[reason], reason))
    said = listed([f"{plainly(reason)} ({amount(reasons[reason])})" for reason in ranked], most=3)
    low = rows[0]
    title = say_count("{count} recipient under a lid", "{count} recipients under a lid", len(rows))
    told = say(
        "What stopped them: {reasons}. {name} stops at {level}. "
        "The hatched room is what the line would have given; the lots went to others who could use them."
    ).format(reasons=said, name=isolate(low.name), level=level_words(story, low.level))
    return title.format(count=amount(len(rows))), told


def reason_of(limited_by: str) -> str:
    """Return the kind of a limit: what stands before a colon, else the whole.

    Examples
    --------
    >>> reason_of("handles: ultra-cold"), reason_of("")
    ('handles', 'no lot is open to them')
    """
    return limited_by.partition(":")[0].strip() or NO_LOT


def _line(story: PlanStory, standing: Standing, slot: Slot) -> tuple[str, str]:
    number = sum(len(group.rows) for group in standing.groups if group.kind == "line")
    several = [group for group in standing.groups if group.kind == "line"]
    if len(several) > 1:
        levels = listed([level_words(story, line.level) for line in standing.lines], most=5)
        lines = len(standing.lines)
        title = say_count("Level, on {count} line", "Level, on {count} lines", lines).format(count=amount(lines))
        if story.proved:
            said = say("Some lots may go only to some recipients, so the water stands at {levels}.")
        else:
            said = say("Whole packs and shipments do not fit everywhere, so lots stop at {levels}.")
        said = said.format(levels=levels)
    else:
        title = say_count("Level: {count} recipient", "Level: {count} recipients", number).format(count=amount(number))
        level = level_words(story, slot.group.line.level) if slot.group.line else ""
        said = say("Each ends at {level}, or at most one pack above it.").format(level=level)
    if story.proved:
        return title, f"{said} {say('Nobody can be raised without lowering somebody who stands no higher.')}"
    ends = bound_ends(story, slot.group)
    if ends is not None and len(several) == 1:
        highest = max(row.level for row in slot.group.rows)
        said = say(
            "They end between {lowest} and {highest}. If packs could be split, the line would stand at {bound}: the bound, "
            "drawn dotted."
        ).format(
            lowest=level_words(story, ends[0]), highest=level_words(story, highest), bound=level_words(story, ends[1])
        )
    return title, f"{said} {say('Moving any one pack to somebody else would help nobody who stands lower.')}"


def bound_ends(story: PlanStory, group: Group) -> tuple[float, float] | None:
    """Return the lowest level reached in a group on a line, and the bound above it, for bounded plans."""
    if story.proved or group.kind != "line" or group.line is None or group.line.bound is None:
        return None
    lowest = min(row.level for row in group.rows)
    return (lowest, group.line.bound) if group.line.bound > lowest else None


def _filled(slot: Slot) -> tuple[str, str]:
    many = len(slot.group.rows)
    title = say_count("{count} recipient took all it can", "{count} recipients took all they can", many)
    told = say("They reached their own capacity or another limit at or above the line.")
    return title.format(count=amount(many)), told


def _above(story: PlanStory, standing: Standing, slot: Slot) -> tuple[str, str]:
    many = len(slot.group.rows)
    if standing.main is None:
        title = say_count("{count} recipient not served", "{count} recipients not served", many)
        return title.format(count=amount(many)), say("They receive nothing in this round.")
    if len(standing.lines) > 1:
        told = say_count(
            "{count} recipient already stood above the line of the lots it may have. It receives nothing until the others reach it.",
            "{count} recipients already stood above the line of the lots they may have. They receive nothing until the others "
            "reach them.",
            many,
        ).format(count=amount(many))
        return say("Dry ground"), told
    told = say_count(
        "{count} recipient already stood above the line. It receives nothing until the others reach it.",
        "{count} recipients already stood above the line. They receive nothing until the others reach them.",
        many,
    ).format(count=amount(many))
    if len(slot.columns) < many:
        told += " " + say("The picture shows the next {count}.").format(count=amount(len(slot.columns)))
    return say("Dry ground"), told
