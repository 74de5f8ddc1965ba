"""Stories to draw: a small water-filling of our own, so that pictures are judged without the solver.

The problem: recipients i with target t_i, held h_i, cap c_i; lots with units U_s and the recipients they may go to. All
lots that go to the same recipients find one level L with sum_i clip(L t_i - h_i, 0, c_i) = sum_s U_s; lots are then
poured one after the other into recipients in key order. (Divisible; blocks of lots must not overlap.)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pytest

from evenhand.figures.story import (
    BoundStory,
    CheckStory,
    ExplanationStory,
    GiftStory,
    LotStory,
    MeasureStory,
    PlanStory,
    RecipientStory,
)


@dataclass(frozen=True)
class Need:
    key: str
    name: str
    target: float
    held: float = 0.0
    cap: float = math.inf
    why: str = "capacity"
    weight: float = 1.0
    tiers: tuple[float, ...] = ()


@dataclass(frozen=True)
class Lot:
    key: str
    donor: str
    units: float
    may: frozenset[str] | None = None
    words: str = ""
    requires: str = ""


def level_of(need: Need, y: float, rule: str, floor: float = 0.2) -> float:
    if rule == "need-weighted":
        return y / (need.target * need.weight)
    if rule == "floor-then-weighted":
        edge = floor * need.target
        return y / need.target if y <= edge else floor + (y - edge) / (need.target * need.weight)
    if rule == "tiers":
        level, start = 0.0, 0.0
        for size in (*need.tiers, need.target - sum(need.tiers)):
            level += min(max(y - start, 0.0), size) / size if size > 0 else 1.0
            start += size
        return level
    return y / need.target


def pour(needs: Sequence[Need], lots: Sequence[Lot], rule: str = "equal-coverage", **more: object) -> PlanStory:
    level_before = {need.key: level_of(need, need.held, rule) for need in needs}
    got: dict[str, list[GiftStory]] = {need.key: [] for need in needs}
    full: dict[str, float] = {}
    line_of: dict[str, float | None] = {need.key: None for need in needs}
    told: dict[str, LotStory] = {}
    blocks: dict[frozenset[str] | None, list[Lot]] = {}
    for lot in lots:
        blocks.setdefault(lot.may, []).append(lot)
    for may, block in blocks.items():
        members = [need for need in needs if may is None or need.key in may]
        supply = sum(lot.units for lot in block)
        room = {need.key: max(0.0, min(need.cap, need.target - need.held)) for need in members}

        def share(need: Need, line: float, room: dict[str, float] = room) -> float:
            low, high = 0.0, room[need.key]
            if level_of(need, need.held + high, rule) <= line:
                return high
            if level_before[need.key] >= line:
                return 0.0
            for _ in range(50):
                middle = (low + high) / 2
                low, high = (middle, high) if level_of(need, need.held + middle, rule) <= line else (low, middle)
            return low

        low, high = 0.0, 20.0
        for _ in range(50):
            line = (low + high) / 2
            low, high = (line, high) if sum(share(need, line) for need in members) <= supply else (low, line)
        line = (low + high) / 2
        over = supply > sum(room.values())
        total = {need.key: share(need, line) for need in members}
        ordered = iter(sorted(members, key=lambda need: need.key))
        need, want = None, 0.0
        for lot in block:
            left = lot.units
            for_lot: list[tuple[str, float]] = []
            while left > 1e-6:
                while want <= 1e-6:
                    need = next(ordered, None)
                    if need is None:
                        break
                    want = total[need.key]
                if need is None:
                    break
                gift = min(left, want)
                got[need.key].append(GiftStory(lot.key, round(gift), round(gift), gift))
                for_lot.append((need.key, gift))
                left, want = left - gift, want - gift
            given = lot.units - left if over else lot.units
            told[lot.key] = LotStory(
                lot.key,
                round(lot.units),
                round(given),
                max(0, round(lot.units - given)),
                "vaccine",
                lot.donor,
                100,
                round(given),
                given,
                lot.words,
                lot.requires,
                "2023-03-31",
                math.inf if over else line,
            )
        for member in members:
            line_of[member.key] = math.inf if over else line
            full[member.key] = total[member.key]
    rows = []
    for need in needs:
        received = full.get(need.key, 0.0)
        level = level_of(need, need.held + received, rule)
        line = line_of[need.key]
        held = line is not None and not math.isinf(line) and level >= line * 0.9999
        why = "waterline" if held else ("no lot is open to it" if line is None else need.why)
        rows.append(
            RecipientStory(
                need.key,
                need.name,
                need.target,
                need.held,
                received,
                need.held / need.target,
                (need.held + received) / need.target,
                level_before[need.key],
                level,
                line,
                why,
                tuple(got[need.key]),
            )
        )
    given = sum(row.received for row in rows)
    settings: dict[str, object] = {
        "title": f"{given / 1e6:,.0f} million doses for {len(rows)} recipients",
        "claim": "proved best",
        "date": "2022-06-24",
        "unit": "doses",
        "verdict": "holds: 4 conditions, 85 recipients; proved best",
        "measures": (
            MeasureStory(
                "Lowest level", "0.1%", "0.2%", "The level of whoever stands lowest.", "Rawls 1971, section 13"
            ),
            MeasureStory("Gini", "0.421", "0.356", "0: all have the same share; 1: one has everything.", "Gini 1912"),
        ),
        "checks": (
            CheckStory("No lot could have gone to somebody standing lower.", "Condition 1: 1,616 pairs, 0 broken"),
            CheckStory("Every lot went only to recipients on its waterline.", "Condition 2: 162 lines, 0 broken"),
            CheckStory(
                "Every recipient stops at the waterline, or at its own limit.", "Condition 3: 85 recipients, 0 broken"
            ),
            CheckStory("No lot has anything left over that anybody could take.", "Condition 4: 21 lots, 0 broken"),
        ),
        "notes": ("needs: column 'region' is not known; it was kept and ignored.",),
        "commands": (
            ("evenhand check plan/", "checks every condition"),
            ("evenhand explain plan/ TCD", "explains one"),
        ),
    }
    settings |= more
    return PlanStory(rule=rule, recipients=tuple(rows), lots=tuple(told.values()), **settings)  # type: ignore[arg-type]


NAMES = [
    "Chad",
    "Mali",
    "Niger",
    "Kenya",
    "Haiti",
    "Yemen",
    "Benin",
    "Togo",
    "Gabon",
    "Ghana",
    "Nepal",
    "Peru",
    "Cuba",
    "Fiji",
    "Oman",
    "Iran",
    "Iraq",
    "Laos",
    "Malta",
    "Qatar",
]


def some_needs(number: int) -> list[Need]:
    """Needs of any size, the same on every machine: a third held lower, most on the line, some above."""
    made = []
    for k in range(number):
        target = 1000.0 * (1 + (k * 7919) % 97)
        held = target * ((k * 104729) % 61) / 100
        cap = target * 0.02 if k % 5 == 3 else math.inf
        why = ("pace: 604 a week", "handles: ultra-cold", "capacity")[k % 3]
        name = NAMES[k % 20] if k < 20 else f"{NAMES[k % 20]} {k}"
        made.append(Need(f"R{k:05d}", name, target, held, cap, why, 1 + (k % 4) / 2, (target * 0.1, target * 0.2)))
    return made


def some_lots(number: int, total: float) -> list[Lot]:
    """Lots whose sizes fall off like real ones do."""
    sizes = [1 / (k + 1) ** 1.5 for k in range(number)]
    return [Lot(f"L{k:02d}", f"Donor {k:02d}", total * size / sum(sizes)) for k, size in enumerate(reversed(sizes))]


class Stories:
    """What tests draw."""

    pour = staticmethod(pour)
    need = Need
    lot = Lot
    some_needs = staticmethod(some_needs)
    some_lots = staticmethod(some_lots)

    @staticmethod
    def of(
        number: int = 24, lots: int = 6, share: float = 0.15, rule: str = "equal-coverage", **more: object
    ) -> PlanStory:
        needs = some_needs(number)
        total = share * sum(need.target for need in needs)
        return pour(needs, some_lots(lots, total), rule, **more)

    @staticmethod
    def two_lines() -> PlanStory:
        """Two halves, each with lots of its own: two waterlines."""
        needs = some_needs(30)
        first, second = (frozenset(need.key for need in needs[k::2]) for k in (0, 1))
        lots = [
            Lot("A1", "Alpha", 20_000, first, "group one"),
            Lot("B1", "Beta", 10_000, first, "group one"),
            Lot("C1", "Gamma", 250_000, second, "group two"),
        ]
        return pour(needs, lots)

    @staticmethod
    def left_over() -> PlanStory:
        """More than anybody can take: every lot's waterline is infinite, and one lot is not used up."""
        needs = [Need("A", "Chad", 100, 20), Need("B", "Mali", 200, 150)]
        return pour(needs, [Lot("L1", "Alpha", 60), Lot("L2", "Beta", 500)])

    @staticmethod
    def bounded() -> PlanStory:
        """Levels on the line scatter below the bound."""
        story = Stories.of(30, claim="bounded", bound=Stories.bound())
        line = story.lots[0].waterline or 0.0
        rows = []
        for place, row in enumerate(story.recipients):
            less = 1 - (place % 5) / 100
            if row.limited_by == "waterline" and row.received > 0 and row.level * less > row.level_before:
                row = replace(row, level=row.level * less, received=(row.held + row.received) * less - row.held)
            rows.append(row)
        return replace(story, recipients=tuple(rows), lots=tuple(replace(lot, bound=line * 1.01) for lot in story.lots))

    @staticmethod
    def told(row: RecipientStory) -> ExplanationStory:
        return ExplanationStory(
            row.recipient, (("What it needed.", "A target."), ("What stopped it.", "The waterline."))
        )

    @staticmethod
    def bound(levels: Iterable[tuple[int, float, float]] = ((1, 0.2, 0.21), (2, 0.22, 0.22))) -> BoundStory:
        return BoundStory(0.21, 0.2, 1, tuple(levels))


@pytest.fixture(scope="session")
def stories() -> type[Stories]:
    return Stories
