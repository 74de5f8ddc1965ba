"""The plan as plain-text bars, for terminals that show no colours and for files.

Returns text and prints nothing; the commands decide where it goes.
"""

from __future__ import annotations

import unicodedata

from evenhand.figures.axis import level_words
from evenhand.figures.markup import clean
from evenhand.figures.standing import Group, find_standing, own_line_of, sample, share_out
from evenhand.figures.story import PlanStory, RecipientStory
from evenhand.figures.words import count

HELD, GIVEN, MISSING, LINE = "▒", "█", "·", "│"
NAME = 24
FIRST_DRY = {"above": 6, "none": 0}
"""Of those that receive nothing only the first few are shown, where anybody receives anything."""
LEAST_BAR = 8
KEY = f"{HELD} held  {GIVEN} given  {MISSING} missing  {LINE} waterline"


def text_bars(story: PlanStory, width: int = 80, *, most: int = 60) -> str:
    """Return one bar for each recipient, in groups, no line longer than `width` columns of a terminal.

    Parameters
    ----------
    width
        Columns, at least 48 are used.
    most
        Rows; of more recipients an even sample of each group is shown, and the heading says so.

    Examples
    --------
    >>> row = RecipientStory("TCD", "Chad", 100, 10, 30, 0.1, 0.4, 0.1, 0.4, 0.4)
    >>> print(text_bars(PlanStory("t", "equal-coverage", "bounded", recipients=(row,)), 48))
    On the waterline: 1 recipient
      Chad  ▒▒▒▒▒▒▒▒█████████████████████████  40.0%
    ▒ held  █ given  · missing  │ waterline
    """
    width = max(width, 48)
    standing = find_standing(story)
    dry = {place: FIRST_DRY[group.kind] for place, group in enumerate(standing.groups) if group.kind in FIRST_DRY}
    if len(dry) == len(standing.groups):
        dry = {}
    sizes = [0 if place in dry else len(group.rows) for place, group in enumerate(standing.groups)]
    rooms = share_out(sizes, max(most - sum(dry.values()), 6))
    chosen = [
        (group, group.rows[: dry[place]] if place in dry else sample(group.rows, rooms[place]))
        for place, group in enumerate(standing.groups)
    ]
    rows = [row for _, group_rows in chosen for row in group_rows]
    if not rows:
        return "No recipients."
    name_room = min(NAME, max(columns_of(clean(row.name)) for row in rows))
    levels = {row.recipient: level_words(story, row.level) for row in rows}
    level_room = max(len(words) for words in levels.values())
    bar_room = max(width - name_room - level_room - 6, LEAST_BAR)
    served = [row.level for row in rows if row.received > 0]
    top = max([*served, *(line.level for line in standing.lines)], default=0.0) or max(row.level for row in rows) or 1.0
    lines = []
    for group, group_rows in chosen:
        lines.append(fit(_heading(story, group, len(group_rows)), width).rstrip())
        for row in group_rows:
            line = own_line_of(row, standing) if group.kind != "line" else group.line.level if group.line else None
            bar = _bar(row, top, line, bar_room)
            lines.append(f"  {fit(clean(row.name), name_room)}  {bar}  {levels[row.recipient]:>{level_room}}")
            if group.kind in ("lower", "filled", "none"):
                lines.append(
                    f"  {' ' * name_room}  {fit('stopped by ' + clean(row.limited_by), width - name_room - 4).rstrip()}"
                )
    return "\n".join([*lines, KEY])


def _heading(story: PlanStory, group: Group, shown: int) -> str:
    words = {
        "lower": "Held lower",
        "line": "On the waterline",
        "filled": "Took all they can",
        "above": "Already above",
        "none": "No lot is open to them",
    }[group.kind]
    at = f" at {level_words(story, group.line.level)}" if group.line else ""
    part = f", {shown:,} shown" if shown < len(group.rows) else ""
    return f"{words}{at}: {count(len(group.rows), 'recipient')}{part}"


def _bar(row: RecipientStory, top: float, line: float | None, room: int) -> str:
    def at(level: float) -> int:
        return round(min(max(level / top, 0.0), 1.0) * room)

    held, level = at(row.level_before), at(row.level)
    if row.received > 0 and level == held:
        # What was given is never too small to be seen.
        held, level = (held - 1, level) if held >= room else (held, level + 1)
    signs = [HELD] * held + [GIVEN] * (level - held)
    if line is not None and at(line) > level:
        signs += [MISSING] * (at(line) - level)
        signs[at(line) - 1] = LINE
    return "".join(signs).ljust(room)


def columns_of(text: str) -> int:
    """Count the columns a terminal gives to a text.

    Examples
    --------
    >>> columns_of("Chad"), columns_of("乍得")
    (4, 4)
    """
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def fit(text: str, room: int) -> str:
    """Cut or fill a text to a number of columns.

    Examples
    --------
    >>> fit("Chad", 6), fit("Burkina Faso", 6)
    ('Chad  ', 'Burki…')
    """
    text = " ".join(text.split())
    if columns_of(text) > room:
        while columns_of(text) > room - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (room - columns_of(text))
