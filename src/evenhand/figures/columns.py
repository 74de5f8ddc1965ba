"""Who gets a column in the waterline picture, and where it stands.

Every column is equally wide, whatever the size of its recipient. Up to sixty are drawn: those held lower come first, of
the others an even sample; the next few that stand above the line show where dry ground begins.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.figures.axis import level_short
from evenhand.figures.standing import Group, Standing, sample, share_out
from evenhand.figures.story import PlanStory, RecipientStory
from evenhand.figures.svg import LETTER
from evenhand.figures.words import amount, breadth
from evenhand.wording import say, say_count

MOST = 60
MOST_ABOVE = 6
LOWER_IN_FULL = 36
GAP = 16.0
BOLD = 1.16
"""How much wider bold headings run."""
PITCH = (14.0, 96.0)
ABOVE_PITCH = 16.0


@dataclass(frozen=True, slots=True)
class Column:
    """One recipient's place: start edge and breadth."""

    row: RecipientStory
    x: float
    wide: float


@dataclass(frozen=True, slots=True)
class Slot:
    """One group's place in the picture, its heading, and the columns drawn of it."""

    group: Group
    x: float
    wide: float
    title: tuple[str, ...]
    under: str
    columns: tuple[Column, ...]

    @property
    def end(self) -> float:
        """Return where the last column ends."""
        return self.columns[-1].x + self.columns[-1].wide


def choose_rows(standing: Standing) -> tuple[tuple[Group, tuple[RecipientStory, ...]], ...]:
    """Choose who is drawn of each group."""
    drawn = [group for group in standing.groups if group.kind != "none"] or list(standing.groups)
    if all(group.kind in ("above", "none") for group in drawn):
        return tuple((group, sample(group.rows, MOST)) for group in drawn)
    room = MOST
    sizes: dict[int, int] = {}
    for place, group in enumerate(drawn):
        if group.kind == "above":
            sizes[place] = min(MOST_ABOVE, len(group.rows))
            room -= sizes[place]
    for place, group in enumerate(drawn):
        if group.kind == "lower" and len(group.rows) <= min(LOWER_IN_FULL, room):
            sizes[place] = len(group.rows)
            room -= sizes[place]
    open_places = [place for place in range(len(drawn)) if place not in sizes]
    shares = share_out([len(drawn[place].rows) for place in open_places], max(room, 6))
    sizes.update(zip(open_places, shares, strict=True))
    return tuple(
        (group, group.rows[: sizes[place]] if group.kind == "above" else sample(group.rows, sizes[place]))
        for place, group in enumerate(drawn)
    )


def place_slots(story: PlanStory, standing: Standing, *, start: float, room: float) -> tuple[Slot, ...]:
    """Give every group its place and every column its own, from the start edge on."""
    chosen = choose_rows(standing)
    titles = [_title(story, standing, group) for group, _ in chosen]
    unders = [_counted(group, len(rows)) for group, rows in chosen]
    least = [
        max(*(breadth(part) * LETTER * BOLD for part in title), breadth(under) * LETTER) + 4
        for title, under in zip(titles, unders, strict=True)
    ]
    pitch = _pitch([len(rows) for _, rows in chosen], least, [group.kind == "above" for group, _ in chosen], room)
    slots = []
    x = start
    for (group, rows), title, under, narrowest in zip(chosen, titles, unders, least, strict=True):
        own = min(pitch, ABOVE_PITCH) if group.kind == "above" and len(chosen) > 1 else pitch
        columns = tuple(Column(row, x + own * place, own) for place, row in enumerate(rows))
        wide = max(own * len(rows), narrowest)
        whole = " ".join(title)
        heading = (whole,) if breadth(whole) * LETTER * BOLD < wide else title
        longer = under + _aside(story, group)
        slots.append(Slot(group, x, wide, heading, longer if breadth(longer) * LETTER < wide else under, columns))
        x += wide + GAP
    return tuple(slots)


def _pitch(numbers: list[int], least: list[float], above: list[bool], room: float) -> float:
    """Return the widest breadth of a column at which all groups fit."""
    pitch = PITCH[1]
    while pitch > PITCH[0]:
        wide = sum(
            max(number * (min(pitch, ABOVE_PITCH) if dry and len(numbers) > 1 else pitch), need)
            for number, need, dry in zip(numbers, least, above, strict=True)
        )
        if wide + GAP * (len(numbers) - 1) <= room:
            return pitch
        pitch -= 0.5
    return PITCH[0]


def _title(story: PlanStory, standing: Standing, group: Group) -> tuple[str, ...]:
    """Return a group's heading, in the parts it may be broken into."""
    several = len(standing.lines) > 1
    if group.kind == "line":
        if group.line is None:
            return _broken(say("On other|lines"))
        if several:
            return _broken(say("On the line|at {level}").format(level=level_short(story, group.line.level)))
        return _broken(say("On the|waterline"))
    if group.kind == "above" and standing.main:
        return _broken(say("Above|their line")) if several else _broken(say("Already|above"))
    if group.kind == "lower":
        return _broken(say("Held lower"))
    return _broken(say("Took all|they can")) if group.kind == "filled" else _broken(say("Not served"))


def _broken(words: str) -> tuple[str, ...]:
    """Return a heading in the parts it may be broken into; a translation says where by a bar, or not at all."""
    return tuple(words.split("|"))


def recipients(number: int) -> str:
    """Count recipients in words."""
    return say_count("{count} recipient", "{count} recipients", number).format(count=amount(number))


def _counted(group: Group, shown: int) -> str:
    many = len(group.rows)
    if shown == many:
        return recipients(many)
    return say("{shown} of {count}").format(shown=amount(shown), count=amount(many))


def _aside(story: PlanStory, group: Group) -> str:
    if group.kind == "lower":
        return say(", each under its own limit")
    if group.kind == "line" and group.line is not None:
        same = story.rule == "equal-coverage"
        return say(": each ends at the same share of its own target") if same else say(": each ends at the same level")
    if group.kind == "above":
        return say(": they wait until the others reach them")
    return ""
