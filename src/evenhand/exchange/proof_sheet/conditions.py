"""The conditions of a proof as formulas, and what must hold for every plan: sums, earmarks, shelf life, published numbers.

`Proof` adds the conditions 1-4 for equal packs and for divisible goods; `bounds` replaces them for bounded plans. Used
by `write_proof_sheet`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import inf
from typing import Any

from evenhand.exchange.proof_sheet.folder import Line
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
    whole_part,
)  # fmt: skip
from evenhand.exchange.proof_sheet.ground import Ground, number_of
from evenhand.exchange.proof_sheet.levels import ENDLESS, TOLERANCE, Exactness, Key, Level, key_of, level_at

SIX_DECIMALS = 0.00000051
"""How far a number rounded to six decimals may stand from the exact one."""


class Proof(Ground):
    """Make the sheets of one plan, with its conditions."""

    # --- waterlines ---

    def marks_of(self, heading: str, marks: Sequence[Any], *, exactness: Exactness, single: bool) -> list[Column]:
        """Write waterlines as constants: numerators and denominators, or decimals."""
        sheet = self.lots
        halves = ["level"] if single else ["level before", "level after"]
        made = []
        for half, name in enumerate(halves):
            levels = [_half(mark, half) for mark in marks]
            if exactness is not Exactness.NEARLY:
                made.append(sheet.add(f"{heading}, {name}: numerator", [a for a, _ in levels], "whole", 14))
                made.append(sheet.add(f"{heading}, {name}: denominator", [b for _, b in levels], "whole", 14))
            else:
                made.append(
                    sheet.add(f"{heading}, {name}", [a / b if b else ENDLESS for a, b in levels], "decimal", 14)
                )
        return made

    def add_open(self, ranks: Column, packs: Column, lines: tuple[Column, Column], heading: str) -> list[Column]:
        """Add, for every class and lot, the rank of the lot's waterline where the lot is open to the class."""
        made = []
        lot_of, recipient_of = lines
        for place, lot in enumerate(self.plan.lots):
            days, rank = self.days.cell(place), ranks.cell(place)
            taken = packs.total_where((lot_of, place + 1), (recipient_of, self.only_member))
            room = self.below_cap(taken, place, self.pace.at(self.only_member))
            paced = both(self.only_member.here > 0, unless(exactly(days, "")))
            is_open = both(self.may_have[place].here, rank > 0, choose(paced, room, True))
            made.append(self.classes.add(f"{heading} {lot.key}", choose(is_open, rank, 0), "whole", 10))
        return made

    def below_cap(self, taken: Formula, place: int, pace: Formula) -> Formula:
        """Return whether a recipient can use more of a lot before it expires than it takes already."""
        spare = 0 if self.exact else TOLERANCE
        return taken < self.cap_of(pace, self.days.cell(place), self.worth.cell(place)) - spare

    def ranks(self, marks: Sequence[Column], raw: Sequence[Any], *, exactness: Exactness, heading: str) -> Column:
        """Give each lot the place of its waterline from the lowest, equal ones alike; 0 for a lot without packs."""
        packs, spread = self.lot_packs, [Formula(mark.range, mark.here.value) for mark in marks]
        own = [mark.here for mark in marks]
        if exactness is Exactness.NEARLY:
            lower = f"({spread[0].text}<{own[0].text})"
        else:
            theirs = [Level(spread[k], spread[k + 1], exactness) for k in (0, 2)]
            mine = [Level(own[k], own[k + 1], exactness) for k in (0, 2)]
            before, tie = theirs[0].below(mine[0]), theirs[0].same(mine[0])
            lower = f"({before.text}+{tie.text}*{mine[1].below(theirs[1]).text})"
        text = f"IF({packs.here.text}>0,1+SUMPRODUCT(({packs.range}>0)*{lower}),0)"
        whole = exactness is not Exactness.NEARLY
        keys = [_sortable(mark) if whole else _sortable(mark)[0] for mark in raw]
        ordered = sorted(key for key, count in zip(keys, packs.values, strict=True) if count)
        values = [1 + bisect_left(ordered, key) if count else 0 for key, count in zip(keys, packs.values, strict=True)]
        return self.lots.add(heading, Formula(text, lambda i: values[i]), "whole")

    def add_top(self, open_ones: Sequence[Column], rank: Column, heading: str) -> Column:
        """Add, for every class, the number of the lot with the highest waterline among those open; 0 for none."""
        if not open_ones:
            return self.classes.add(heading, [0] * self.classes.rows, "whole")
        row = f"${open_ones[0].letter}{{r}}:${open_ones[-1].letter}{{r}}"
        highest = Formula(f"MAX({row})", lambda i: max(column.values[i] for column in open_ones))
        first = {value: place for place, value in reversed([*enumerate(rank.values, 1)])}
        found = Formula(f"MATCH({highest.text},{rank.range},0)", lambda i: first[highest.value(i)])
        return self.classes.add(heading, choose(highest > 0, found, 0), "whole")

    def mark_of_class(self, marks: Sequence[Column], top: Column, *, exactness: Exactness, single: bool) -> Key:
        """Return, on a recipient's row, the highest waterline open to its class; 0 where there is none."""
        lot = top.at(self.class_number)
        blank = [0] * len(marks) if exactness is Exactness.NEARLY else [0, 1, 0, 1]
        cells = [choose(lot > 0, column.at(lot), nothing) for column, nothing in zip(marks, blank, strict=True)]
        return key_of(cells, exactness=exactness, single=single)

    # --- conditions ---

    def add_conditions(self) -> None:
        """Add the conditions 1-4 for equal packs and for divisible goods."""
        exactness, single, plan = self.exactness, not self.whole, self.plan
        raw = [lot.mark for lot in plan.lots]
        marks = self.marks_of("waterline", raw, exactness=exactness, single=single)
        rank = self.ranks(marks, raw, exactness=exactness, heading="place of its waterline")
        open_ones = self.add_open(rank, self.packs, (self.line_lot, self.line_recipient), "open:")
        top = self.add_top(open_ones, rank, "number of the open lot with the highest waterline")
        higher = self._none_higher(open_ones, top, rank)
        first = self.classes.add("condition 1: no open lot stands higher", higher, "verdict")
        self.class_verdict = first
        got, y, who = self.add_received(), self.has_now, self.served()
        step = self.worth.cell(next((place for place, lot in enumerate(plan.lots) if lot.packs), 0)) if plan.lots else 1

        def level(at: Formula, *, below: bool = False) -> Level:
            return level_at(plan.rule, plan.floor, who, at, exactness=exactness, below=below)

        sheet = self.recipients
        now = level(y).added_to(sheet, "level now")
        if single:
            last = Key(level(y, below=True).added_to(sheet, "level just below"))
            following = Key(now)
        else:
            before = choose(got.here > 0, y - step, y)
            last = Key(level(before).added_to(sheet, "level before its last pack"), now)
            following = Key(now, level(y + step).added_to(sheet, "level after one more pack"))
        highest = self.mark_of_class(marks, top, exactness=exactness, single=single)
        highest = highest.added_to(sheet, "highest waterline open to it")
        has_top = top.at(self.class_number) > 0
        stands = both(got.here > 0, either(unless(has_top), highest.below(last)))
        own = sheet.add("its own last pack stands higher", stands, "flag")
        held_to = last.chosen(own.here, highest).added_to(sheet, "its waterline")
        bound_by = sheet.add("has a waterline", either(got.here > 0, has_top), "flag")
        room = self.has_room(got.here, formula(step), strictly=single)
        third = sheet.add(
            "condition 3: its next pack is not below its waterline",
            choose(both(bound_by.here, room), unless(following.below(held_to)), True), "verdict", 14,
        )  # fmt: skip
        self.finish_recipients(got, now, [third])
        mark = key_of([column.at(self.line_lot) for column in marks], exactness=exactness, single=single)
        second = self.lines.add(
            "condition 2: the lot's waterline is not below the recipient's",
            unless(mark.below(self.at_line(held_to))), "verdict", 14,
        )  # fmt: skip
        self.finish_lines([second])
        self.finish_lots(marks)

    def add_received(self) -> Column:
        """Add what every recipient receives, and has then."""
        total = self.worth_given.total_where((self.line_recipient, self.number))
        got = self.recipients.add(f"received ({self._unit_name})", total, "number")
        self.has_now = self.recipients.add(f"has now ({self._unit_name})", self.in_units(self.held) + got.here).here
        return got

    def has_room(self, got: Formula, step: Formula, *, strictly: bool) -> Formula:
        """Return whether a recipient can take a step more; for divisible goods, anything more."""
        capacity = self.in_units(self.capacity)
        return unless(self.at_most(capacity, got)) if strictly else self.at_most(got + step, capacity)

    def _none_higher(self, open_ones: Sequence[Column], top: Column, rank: Column) -> Formula:
        if not open_ones:
            return formula(True)
        row = f"${open_ones[0].letter}{{r}}:${open_ones[-1].letter}{{r}}"
        highest = choose(top.here > 0, rank.at(top), 0)

        def value(i: int) -> bool:
            return all(column.values[i] <= highest.value(i) for column in open_ones)

        return Formula(f'(COUNTIF({row},">"&{highest.text})=0)', value)

    def at_line(self, key: Key) -> Key:
        """Return a key that stands in columns of Recipients, on the row of a line's recipient."""
        parts = [key.before, *([key.after] if key.after else [])]
        cells = [cell for level in parts for cell in (level.num, level.den) if cell is not None]
        columns = {column.here.text: column for column in self.recipients.columns}
        found = [columns[cell.text].at(self.line_recipient) for cell in cells]
        return key_of(found, exactness=key.before.exactness, single=key.after is None)

    # --- what holds for every plan ---

    def finish_recipients(self, got: Column, now: Level, checks: list[Column]) -> None:
        """Add capacity, class, published numbers, and the verdict on every recipient."""
        sheet, people, number = self.recipients, self.plan.recipients, self.class_number
        within = sheet.add("within its capacity", self.at_most(got.here, self.in_units(self.capacity)), "verdict")
        fits = both(
            exactly(self.class_handles.at(number), self.handles), exactly(self.class_groups.at(number), self.groups)
        )
        right_class = sheet.add("in the right class", fits, "verdict")
        said = sheet.add("received, as published", [who.received for who in people], "number")
        said_level = sheet.add("level, as published", [who.level for who in people], "decimal")
        same = both(
            size_of(got.here / self.unit - said.here if self.unit > 1 and self.exact else got.here - said.here)
            <= SIX_DECIMALS,
            size_of(now.decimal - said_level.here) <= SIX_DECIMALS,
        )
        published = sheet.add("published numbers follow", same, "verdict")
        every = both(*(column.here for column in (*checks, within, right_class, published)))
        self.recipient_verdict = sheet.add("holds", every, "verdict")

    def finish_lines(self, checks: list[Column]) -> None:
        """Add earmark, shelf life, smallest shipment, order, and the verdict on every line."""
        sheet, lot, who = self.lines, self.line_lot, self.line_recipient
        names = both(
            exactly(self.lot_key.at(lot), self.line_lot_key), exactly(self.key.at(who), self.line_recipient_key)
        )
        checks = [*checks, sheet.add("lot and recipient exist", names, "verdict")]
        later = either(lot.here > lot.above, both(lot.here.equals(lot.above), who.here > who.above))
        checks.append(sheet.add("stands once", later, "verdict"))
        checks.append(sheet.add("may have the lot", self.may_have_at(lot, self.class_number.at(who)), "verdict"))
        checks.append(sheet.add("can use it in time", self.in_time(self.packs, lot, who), "verdict"))
        least = either(self.min_packs.at(lot).equals(1), self.packs.here >= self.min_packs.at(lot))
        entire = self.packs.here.equals(whole_part(self.packs)) if self.whole else formula(True)
        checks.append(sheet.add("whole packs, and enough", both(self.packs.here > 0, entire, least), "verdict"))
        service = self.packs.here * self.pack_size.at(lot) / self.per_person.at(lot)
        same = both(
            size_of(self.packs.here * self.pack_size.at(lot) - self.units.here) <= SIX_DECIMALS,
            size_of(service - self.service.here) <= SIX_DECIMALS,
        )
        checks.append(sheet.add("published numbers follow", same, "verdict"))
        self.line_verdict = sheet.add("holds", both(*(column.here for column in checks)), "verdict")

    def cap_of(self, pace: Formula, days: Formula, worth: Formula) -> Formula:
        """Return how many packs can be used in so many days at a pace a week."""
        spare = 0 if self.exact else TOLERANCE
        usable = Formula(f"N({days.text})", lambda i: max(days.value(i) or 0, 0))
        return whole_part(self.in_units(pace) * usable / (worth * 7) + spare)

    def in_time(self, packs: Column, lot: Column, who: Column) -> Formula:
        """Return whether a line's recipient can use its packs before they expire."""
        pace, days = self.pace.at(who), self.days.at(lot)
        cap = self.cap_of(pace, days, self.worth.at(lot))
        return choose(either(exactly(pace, ""), exactly(days, "")), True, self.at_most(packs.here, cap))

    def may_have_at(self, lot: Column, number: Formula) -> Formula:
        """Return whether a class may have a line's lot."""
        first, last = self.may_have[0], self.may_have[-1]
        block = f"{first.range.split(':')[0]}:${last.letter}${1 + max(self.classes.rows, 1)}"
        text = f"INDEX({block},{number.text},{lot.here.text})"
        return Formula(text, lambda i: self.may_have[lot.values[i] - 1].values[number.value(i) - 1])

    def finish_lots(self, marks: Sequence[Column]) -> None:
        """Add sums, condition 4, and the verdict on every lot."""
        sheet, lots = self.lots, self.plan.lots
        given = sheet.add("given", self.packs.total_where((self.line_lot, self.lot_number)))
        left = sheet.add("left over", self.lot_packs.here - given.here)
        spare = 0 if self.whole else 1e-9
        enough = sheet.add("not more than there is", left.here >= -spare, "verdict")
        endless = marks[1].here.equals(0) if self.exact else marks[0].here >= ENDLESS
        fourth = sheet.add(
            "condition 4: nothing is left over below an unlimited waterline",
            either(left.here <= spare, endless), "verdict", 14,
        )  # fmt: skip
        said = sheet.add("given, as published", [number_of(lot.given) for lot in lots])
        said_left = sheet.add("left over, as published", [number_of(lot.left) for lot in lots])
        same = both(size_of(given.here - said.here) <= 1e-9, size_of(left.here - said_left.here) <= 1e-9)
        published = sheet.add("published numbers follow", same, "verdict")
        self.lot_verdict = sheet.add("holds", both(enough.here, fourth.here, published.here), "verdict")


def _half(mark: Any, half: int) -> tuple[Any, Any]:
    """Return numerator and denominator of one half of a waterline: unlimited is 1/0, none is 0/1."""
    if mark == "unlimited":
        return (1, 0) if half == 0 else (0, 1)
    return (0, 1) if mark == "none" else (mark[half].numerator, mark[half].denominator)


def _sortable(mark: Any) -> tuple[Any, Any]:
    if isinstance(mark, str):
        return (inf if mark == "unlimited" else 0, 0)
    return mark[0], -mark[1] if len(mark) > 1 else 0


def line_columns(sheet: Sheet, lines: Sequence[Line]) -> tuple[Column, Column, Column]:
    """Add the numbers of lot and recipient, and the packs, of lines; return them."""
    lot = sheet.add("number of the lot", [line.lot for line in lines], "whole", 8)
    recipient = sheet.add("number of the recipient", [line.recipient for line in lines], "whole", 8)
    return lot, recipient, sheet.add("packs", [number_of(line.packs) for line in lines])
