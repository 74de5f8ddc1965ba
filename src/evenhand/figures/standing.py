"""Who stands where: the waterlines of a plan, and its recipients in the groups that the pictures and the table show.

Pure sorting of what the story says. Order is by need (level), ties by key; never by merit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from evenhand.figures.story import LotStory, PlanStory, RecipientStory

Kind = Literal["lower", "line", "filled", "above", "none"]
"""Held lower than the line; on a line; took all it can at or above the line; already above; no lot is open to it."""

SAME_LINE = 0.015
"""Lines that lie nearer than this share of the highest one are drawn as one."""
MOST_LINES = 3
"""Lines that get a group of their own; recipients on further ones stand together, each with its own line."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One waterline, itself and no other: its level, the lots that stop there, the water given from them, the proved bound if there is one."""

    level: float
    lots: tuple[LotStory, ...]
    water: float
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Recipients that stand alike. `line` is None for further lines, and where there is none."""

    kind: Kind
    rows: tuple[RecipientStory, ...]
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All groups, in the order they are drawn, and the line that holds most of the water."""

    lines: tuple[Line, ...]
    groups: tuple[Group, ...]
    main: Line | None

    def of(self, kind: Kind) -> tuple[RecipientStory, ...]:
        """Return all recipients of one kind."""
        return tuple(row for group in self.groups if group.kind == kind for row in group.rows)


FULL = ("capacity", "less than a pack", "target met", "shelf life", "minimum shipment", "lot limit")
"""Limits of a recipient's own, as `limited_by` names them: it stands below or beside its line, not on it."""


def held_by_line(row: RecipientStory) -> bool:
    """Say whether nothing but the waterline keeps a recipient from more."""
    return not row.limited_by or "waterline" in row.limited_by.casefold()


def stands_on_line(row: RecipientStory) -> bool:
    """Say whether a recipient stands on a line: nothing stops it, or only that other lots, on a higher line, are closed to it."""
    if held_by_line(row):
        return True
    own = row.waterline
    full = row.limited_by.casefold().startswith(FULL)
    return not full and own is not None and math.isfinite(own) and row.level >= own * 0.998


def find_lines(story: PlanStory) -> tuple[Line, ...]:
    """Return the waterlines at which lots stop, lowest first."""
    lots = [lot for lot in story.lots if lot.waterline is not None and math.isfinite(lot.waterline) and lot.given > 0]
    if not lots:
        return ()
    lots.sort(key=lambda lot: (lot.waterline or 0.0, lot.lot))
    nearness = SAME_LINE * max(lot.waterline or 0.0 for lot in lots)
    clusters: list[list[LotStory]] = []
    for lot in lots:
        if clusters and (lot.waterline or 0.0) - (clusters[-1][0].waterline or 0.0) <= nearness:
            clusters[-1].append(lot)
        else:
            clusters.append([lot])
    return tuple(_line(cluster) for cluster in clusters)


def _line(lots: Sequence[LotStory]) -> Line:
    greatest = max(lots, key=lambda lot: (lot.service_units, lot.lot))
    bounds = [lot.bound for lot in lots if lot.bound is not None and math.isfinite(lot.bound)]
    return Line(
        level=greatest.waterline or 0.0,
        lots=tuple(lots),
        water=math.fsum(lot.service_units for lot in lots),
        bound=max(bounds) if bounds else None,
    )


def find_standing(story: PlanStory) -> Standing:
    """Put every recipient in its group.

    Examples
    --------
    >>> lot = LotStory("L1", packs=5, given=5, left=0, service_units=5, waterline=0.4)
    >>> rows = [
    ...     RecipientStory("A", "A", 10, 0, 1, 0, 0.1, 0, 0.1, 0.4, "capacity"),
    ...     RecipientStory("B", "B", 10, 0, 4, 0, 0.4, 0, 0.4, 0.4, "waterline"),
    ...     RecipientStory("C", "C", 10, 9, 0, 0.9, 0.9, 0.9, 0.9, 0.4, "waterline"),
    ... ]
    >>> story = PlanStory("t", "equal-coverage", "proved best", recipients=tuple(rows), lots=(lot,))
    >>> [(group.kind, [row.name for row in group.rows]) for group in find_standing(story).groups]
    [('lower', ['A']), ('line', ['B']), ('above', ['C'])]
    """
    lines = find_lines(story)
    main = max(lines, key=lambda line: line.water) if lines else None
    drawn = sorted(sorted(lines, key=lambda line: -line.water)[:MOST_LINES], key=lambda line: line.level)
    by_kind: dict[Kind, list[RecipientStory]] = {"lower": [], "filled": [], "above": [], "none": []}
    by_line: dict[Line | None, list[RecipientStory]] = {line: [] for line in [*drawn, None]}
    for row in story.recipients:
        kind = _kind(row, main)
        if kind == "line":
            line = nearest_line(row, lines)
            by_line[line if line in by_line else None].append(row)
        else:
            by_kind[kind].append(row)
    groups = [
        Group("lower", _by_level(by_kind["lower"])),
        *(Group("line", _by_need(rows), line) for line, rows in by_line.items()),
        Group("filled", _by_level(by_kind["filled"])),
        Group("above", _by_need(by_kind["above"])),
        Group("none", _by_need(by_kind["none"])),
    ]
    return Standing(lines, tuple(group for group in groups if group.rows), main)


def nearest_line(row: RecipientStory, lines: Sequence[Line]) -> Line | None:
    """Return the line a recipient stands on: the one nearest to its own waterline."""
    own = row.waterline if row.waterline is not None and math.isfinite(row.waterline) else row.level
    return min(lines, key=lambda line: (abs(line.level - own), line.level), default=None)


def reference(row: RecipientStory, main: Line | None) -> float | None:
    """Return the line a recipient under a lid is compared with: its own where that lies higher, else the main one."""
    if row.waterline is not None and math.isfinite(row.waterline) and row.waterline > row.level:
        return row.waterline
    return main.level if main else None


def own_line_of(row: RecipientStory, standing: Standing) -> float | None:
    """Return the line to draw through a recipient that does not stand on one."""
    if row.level > row.level_before or row.waterline is None or math.isinf(row.waterline):
        return reference(row, standing.main)
    line = nearest_line(row, standing.lines) if row.waterline <= row.level else None
    return line.level if line else reference(row, standing.main)


def _kind(row: RecipientStory, main: Line | None) -> Kind:
    line = reference(row, main)
    below = line is not None and row.level < line * 0.998
    if row.waterline is None and row.received <= 0:
        return "lower" if below else "none"
    own = row.waterline if row.waterline is not None else math.inf
    if below and row.received <= 0 and not own <= row.level * 1.002:
        # Bounded plans: what is left fits nobody in whole shipments, so some stay dry below every line.
        return "lower"
    if stands_on_line(row):
        return "line" if row.received > 0 else "above"
    if below:
        return "lower"
    return "filled" if row.received > 0 else "above"


def _by_level(rows: list[RecipientStory]) -> tuple[RecipientStory, ...]:
    return tuple(sorted(rows, key=lambda row: (row.level, row.recipient)))


def _by_need(rows: list[RecipientStory]) -> tuple[RecipientStory, ...]:
    return tuple(sorted(rows, key=lambda row: (row.level_before, row.level, row.recipient)))


def sample(rows: Sequence[T], most: int) -> tuple[T, ...]:
    """Return at most so many, evenly spread, the first and the last among them.

    Examples
    --------
    >>> sample("abcdefghi", 3), sample("ab", 5), sample("abc", 0)
    (('a', 'e', 'i'), ('a', 'b'), ())
    """
    if len(rows) <= most:
        return tuple(rows)
    if most < 2:
        return tuple(rows[:most])
    return tuple(rows[(2 * k * (len(rows) - 1) + most - 1) // (2 * (most - 1))] for k in range(most))


def share_out(sizes: Sequence[int], room: int, *, least: int = 3) -> tuple[int, ...]:
    """Divide room among groups by their sizes, at least a few each, never more than a group has.

    Examples
    --------
    >>> share_out([100, 10, 1], 40), share_out([5, 5], 40)
    ((36, 3, 1), (5, 5))
    """
    total = sum(sizes)
    if total <= room:
        return tuple(sizes)
    got = [min(size, max(least, size * room // total)) for size in sizes]
    while sum(got) > room and max(got) > least:
        got[got.index(max(got))] -= 1
    return tuple(got)
