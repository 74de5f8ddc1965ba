"""What a bounded plan's proof adds: no single pack can be moved to help, and the divisible optimum as a bound.

The bound is compared as decimals with a tolerance, for its shares are fractions. Used by `write_proof_sheet`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from evenhand.exchange.proof_sheet.conditions import Proof, line_columns
from evenhand.exchange.proof_sheet.folder import PlanFolder
from evenhand.exchange.proof_sheet.formulas import (
    Column,
    Formula,
    Sheet,
    both,
    choose,
    either,
    exactly,
    formula,
    size_of,
    unless,
)  # fmt: skip
from evenhand.exchange.proof_sheet.levels import ENDLESS, TOLERANCE, Exactness, Key, Level, key_of, level_at

SPARE = 1e-9


class BoundedProof(Proof):
    """Make the sheets of a bounded plan."""

    def __init__(self, plan: PlanFolder) -> None:
        super().__init__(plan)
        self.bound = Sheet("Bound", len(plan.recipients))
        self.bound_lines = Sheet("Bound_lines", len(plan.bound_lines))

    # --- no move helps ---

    def add_conditions(self) -> None:
        """Add, for every line and recipient, that no pack it has or could take is worth moving; then the bound."""
        exactness, plan = self.exactness, self.plan
        raw = [lot.mark for lot in plan.lots]
        marks = self.marks_of("waterline", raw, exactness=exactness, single=False)
        rank = self.ranks(marks, raw, exactness=exactness, heading="place of its waterline")
        lines = (self.line_lot, self.line_recipient)
        open_ones = self.add_open(rank, self.packs, lines, "open:")
        self.top = self.add_top(open_ones, rank, "number of the open lot with the highest waterline")
        self.got = self.add_received()
        now = self._level(self.served(), self.has_now).added_to(self.recipients, "level now")
        checks = self._add_starts(open_ones, marks, rank, now)
        self.finish_recipients(self.got, now, checks)
        self.finish_lines(self._add_moves(marks, now))
        self.finish_lots(marks)
        self._add_bound(now)

    def _level(self, who: Any, y: Formula) -> Level:
        return level_at(self.plan.rule, self.plan.floor, who, y, exactness=self.exactness)

    def _add_starts(self, open_ones: Sequence[Column], marks: list[Column], rank: Column, now: Level) -> list[Column]:
        """Add, for every pack's worth, that a recipient with room for one stands not below what it could start."""
        sheet, plan = self.recipients, self.plan
        checks = []
        few = formula(True)
        if plan.certificate["max_lots"] is not None:
            few = self.line_recipient.count_where(self.number) < plan.certificate["max_lots"]
        for worth in sorted({lot.worth for lot in plan.lots if lot.packs and lot.min_packs == 1}):
            places = [k for k, lot in enumerate(plan.lots) if lot.worth == worth and lot.packs and lot.min_packs == 1]
            starts = [self.classes.add(f"may start {plan.lots[k].key}", open_ones[k].here, "whole", 10) for k in places]
            top = self.add_top(starts, rank, f"highest to start, packs of {worth}")
            step = self.worth.cell(places[0])
            after = self._level(self.served(), self.has_now + step).added_to(
                sheet, f"level after one more pack of {worth}"
            )
            highest = self.mark_of_class(marks, top, exactness=self.exactness, single=False)
            asked = both(top.at(self.class_number) > 0, self.has_room(self.got.here, step, strictly=False), few)
            stays = choose(asked, unless(Key(now, after).below(highest)), True)
            checks.append(sheet.add(f"no pack of {worth} moved here would help", stays, "verdict", 14))
        return checks

    def _add_moves(self, marks: list[Column], now: Level) -> list[Column]:
        """Add, for every line, that its last pack is not above the lot's waterline, nor one more below."""
        sheet, lot, who = self.lines, self.line_lot, self.line_recipient
        served = self.served(who)
        step, has = self.worth.at(lot), self._column(self.has_now).at(who)
        mark = key_of([column.at(lot) for column in marks], exactness=self.exactness, single=False)
        level = self.at_line(Key(now)).before
        before = self._level(served, has - step).added_to(sheet, "level before its last pack")
        after = self._level(served, has + step).added_to(sheet, "level after one more pack")
        movable = either(self.packs.here.equals(1), self.packs.here > self.min_packs.at(lot))
        gives = choose(movable, unless(mark.below(Key(before, level))), True)
        free = either(exactly(self.pace.at(who), ""), exactly(self.days.at(lot), ""))
        cap = self.cap_of(self.pace.at(who), self.days.at(lot), step)
        fits = self.at_most(self.got.at(who) + step, self.in_units(self.capacity.at(who)))
        more = both(fits, choose(free, True, self.packs.here < cap))
        takes = choose(more, unless(Key(level, after).below(mark)), True)
        return [
            sheet.add("taking a pack from here would not help", gives, "verdict", 14),
            sheet.add("bringing a pack here would not help", takes, "verdict", 14),
        ]

    def _column(self, cell: Formula) -> Column:
        return next(column for column in self.recipients.columns if column.here.text == cell.text)

    # --- the bound ---

    def _add_bound(self, now: Level) -> None:
        """Add the divisible optimum, with its own conditions 1-4, and both lowest levels."""
        plan, nearly = self.plan, Exactness.NEARLY
        raw = [lot.bound_mark for lot in plan.lots]
        marks = self.marks_of("waterline of the bound", raw, exactness=nearly, single=True)
        rank = self.ranks(marks, raw, exactness=nearly, heading="place of its waterline in the bound")
        lines = self.bound_lines
        lot, who, packs = line_columns(lines, plan.bound_lines)
        worth = self.pack_size.at(lot) / self.per_person.at(lot)
        given = lines.add("service units", packs.here * worth)
        unit, exactness, exact, self.exact = self.unit, self.exactness, self.exact, False
        self.unit, self.exactness = 1, nearly  # from here on decimals, in service units
        raw_worth, self.worth = (
            self.worth,
            self.lots.add("service units a pack", self.pack_size.here / self.per_person.here),
        )
        open_ones = self.add_open(rank, packs, (lot, who), "open in the bound:")
        top = self.add_top(open_ones, rank, "number of the open lot with the highest waterline in the bound")
        self._add_bound_recipients(now, given, who, marks, top)
        mark = marks[0].at(lot)
        second = unless(mark < self.bound_waterline.at(who) - TOLERANCE)
        checks = [
            lines.add("condition 2: the lot's waterline is not below the recipient's", second, "verdict", 14),
            lines.add("may have the lot", self.may_have_at(lot, self.class_number.at(who)), "verdict"),
            lines.add("can use it in time", self.in_time(packs, lot, who), "verdict"),
        ]
        self.bound_line_verdict = lines.add("holds", both(*(check.here for check in checks)), "verdict")
        out = self.lots.add("given in the bound", packs.total_where((lot, self.lot_number)))
        left = self.lots.add("left over in the bound", self.lot_packs.here - out.here)
        fits = both(left.here >= -SPARE, either(left.here <= SPARE, marks[0].here >= ENDLESS))
        self.bound_lot_verdict = self.lots.add("condition 4 in the bound", fits, "verdict")
        self.unit, self.exactness, self.exact, self.worth = unit, exactness, exact, raw_worth

    def _add_bound_recipients(
        self, now: Level, given: Column, line_of: Column, marks: list[Column], top: Column
    ) -> None:
        sheet, plan, people = self.bound, self.plan, self.recipients
        number = sheet.add("number", [*range(1, people.rows + 1)], "whole", 8)
        sheet.add("recipient", self.key.values, "text", 18)
        got = sheet.add("received in the bound", given.total_where((line_of, number)))
        y = sheet.add("has in the bound", self.held.at(number) + got.here).here
        who = self.served(number)
        nearly = Exactness.NEARLY
        level = level_at(plan.rule, plan.floor, who, y, exactness=nearly).added_to(sheet, "level in the bound")
        below = level_at(plan.rule, plan.floor, who, y, exactness=nearly, below=True).added_to(
            sheet, "level just below"
        )
        lot = top.at(self.class_number.at(number))
        highest = sheet.add("highest waterline open to it", choose(lot > 0, marks[0].at(lot), 0), "decimal", 14)
        own = both(got.here > 0, either(unless(lot > 0), highest.here < below.num - TOLERANCE))
        held_to = sheet.add("its waterline", choose(own, below.num, highest.here), "decimal", 14)
        self.bound_waterline = held_to
        capacity = self.capacity.at(number)
        room = both(either(got.here > 0, lot > 0), unless(self.at_most(capacity, got.here)))
        third = choose(room, unless(level.num < held_to.here - TOLERANCE), True)
        checks = [
            sheet.add("condition 3: it does not stand below its waterline", third, "verdict", 14),
            sheet.add("within its capacity", self.at_most(got.here, capacity), "verdict"),
        ]
        self.bound_verdict = sheet.add("holds", both(*(check.here for check in checks)), "verdict")
        open_lot = either(self.top.at(self.class_number.at(number)) > 0, self.got.at(number) > 0)
        is_open = sheet.add("some lot is open to it", both(capacity > 0, open_lot), "flag")
        parts = [self._column(part).at(number) for part in (now.num, now.den) if part is not None]
        mine = parts[0] / parts[1] if len(parts) > 1 else parts[0]
        self.open_levels = sheet.add("level in the plan, if open", choose(is_open.here, mine, ""), "decimal", 14)
        self.open_bounds = sheet.add("level in the bound, if open", choose(is_open.here, level.num, ""), "decimal", 14)

    # --- both lowest levels ---

    @property
    def lowest(self) -> Formula:
        """Return the plan's lowest level over recipients to whom some lot is open."""
        return _least(self.open_levels)

    @property
    def bound_lowest(self) -> Formula:
        """Return the bound's lowest level over the same."""
        return _least(self.open_bounds)

    @property
    def as_certified(self) -> Formula:
        """Return whether bound and gap are those of the certificate, and the plan is not above the bound."""
        bound = self.plan.certificate["bound"]
        if bound["lowest_level"] is None:
            return formula(True)
        level, gap = float(Fraction(bound["lowest_level"])), float(Fraction(bound["gap"]))
        return both(
            self.lowest <= self.bound_lowest + TOLERANCE,
            size_of(self.bound_lowest - level) <= SPARE,
            size_of(self.bound_lowest - self.lowest - gap) <= SPARE,
        )


def _least(column: Column) -> Formula:
    numbers = [value for value in column.values if value != ""]
    return Formula(f"MIN({column.range})", lambda _: min(numbers, default=0))
