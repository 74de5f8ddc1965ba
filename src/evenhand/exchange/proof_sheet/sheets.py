"""The sheets of a proof: every check of the plan as a formula beside the row it checks.

`Proof` makes the columns in the order in which they depend on one another: lots, lines, recipients, classes, then the
conditions. What is specific to bounded plans stands in `bounds`. Used by `write_proof_sheet`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from math import inf, lcm
from typing import Any

from evenhand.errors import OptionRefused
from evenhand.exchange.proof_sheet.folder import Line, PlanFolder, Recipient
from evenhand.exchange.proof_sheet.formulas import (
    Column, Formula, Sheet, both, choose, either, exactly, formula, rounded, size_of, unless, whole_part,
)  # fmt: skip
from evenhand.exchange.proof_sheet.levels import (
    ENDLESS, EXACT_UP_TO, HALF, TOLERANCE, Exactness, Key, Level, Served, key_of, level_at,
)  # fmt: skip

MOST_RECIPIENTS = 100_000
MOST_PAIRS = 200_000
"""Classes times lots; above, the workbook would no longer open in reasonable time."""
SIX_DECIMALS = 0.00000051
"""How far a number rounded to six decimals may stand from the exact one."""
INSTEAD = "use `evenhand check`, or `evenhand check --standalone > check.py`, which check a plan of any size"


class Proof:
    """Make the sheets of one plan."""

    def __init__(self, plan: PlanFolder) -> None:
        self.plan = plan
        self._refuse_what_is_too_large()
        self.exactness, self.unit, self.weight_unit = _exactness(plan)
        self.exact = self.exactness is not Exactness.NEARLY
        self.whole = not plan.divisible
        self.lots = Sheet("Lots", len(plan.lots))
        self.lines = Sheet("Plan", len(plan.lines))
        self.recipients = Sheet("Recipients", len(plan.recipients))
        self.members, self.class_of = _classes(plan)
        self.classes = Sheet("Classes", len(self.members))
        self.add_lots()
        self.add_lines()
        self.add_recipients()
        self.add_classes()

    def _refuse_what_is_too_large(self) -> None:
        many = len(self.plan.recipients)
        if many > MOST_RECIPIENTS:
            raise OptionRefused(
                f"a proof sheet for {many:,} recipients would be too large to open; up to {MOST_RECIPIENTS:,} fit: {INSTEAD}"
            )
        pairs = len(_classes(self.plan)[0]) * len(self.plan.lots)
        if pairs > MOST_PAIRS or len(self.plan.lots) > MOST_PAIRS // 50:
            raise OptionRefused(
                f"a proof sheet for {pairs:,} pairs of lots and eligibility classes would be too large to open; "
                f"up to {MOST_PAIRS:,} fit: {INSTEAD}"
            )

    # --- amounts ---

    def in_units(self, amount: Column | Formula) -> Formula:
        """Return an amount in whole numbers of the unit; as it is where decimals are compared."""
        inner = formula(amount)
        return inner if not self.exact or self.unit == 1 else rounded(inner * self.unit)

    def at_most(self, low: Formula, high: Formula) -> Formula:
        """Return whether one amount is at most the other."""
        return low <= high if self.exact else low <= high + high * TOLERANCE + TOLERANCE

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
                made.append(sheet.add(f"{heading}, {name}", [a / b if b else ENDLESS for a, b in levels], "decimal", 14))
        return made

    # --- sheets ---

    def add_lots(self) -> None:
        """Add what inputs/lots.csv and the certificate say."""
        sheet, lots = self.lots, self.plan.lots
        self.lot_number = sheet.add("number", [*range(1, len(lots) + 1)], "whole", 8)
        self.lot_key = sheet.add("lot", [lot.key for lot in lots], "text", 18)
        self.lot_packs = sheet.add("packs", [lot.packs for lot in lots], "whole")
        self.pack_size = sheet.add("pack_size", [lot.pack_size for lot in lots])
        self.per_person = sheet.add("per_person", [lot.per_person for lot in lots])
        worth = self.pack_size.here * self.unit / self.per_person.here if self.unit > 1 else self.pack_size.here / self.per_person.here
        note = "service units a pack" if self.unit == 1 else f"1/{self.unit} service units a pack"
        self.worth = sheet.add(note, rounded(worth) if self.exact else worth)
        self.min_packs = sheet.add("min_packs", [lot.min_packs for lot in lots], "whole")
        self.only = sheet.add("for", [lot.only for lot in lots], "text", 18)
        self.never = sheet.add("not_for", [lot.never for lot in lots], "text", 18)
        skills = [[name.strip() for name in lot.requires.split(";") if name.strip()] for lot in lots]
        most = max((len(names) for names in skills), default=0)
        self.skills = [
            sheet.add("requires", [names[k] if k < len(names) else "" for names in skills], "text") for k in range(max(most, 1))
        ]
        self.arrives = sheet.add("arrives", [lot.arrives for lot in lots], "date")
        self.expires = sheet.add("expires", [lot.expires for lot in lots], "date")
        self.days = sheet.add("days it can be used", self._days())

    def _days(self) -> Formula:
        # The round's date stands in the formula as a date, so that the sheet needs no cell elsewhere.
        day, arrives, expires = self.plan.date, self.arrives, self.expires
        spoken = f"DATE({day.year},{day.month},{day.day})"
        text = f'IF(${expires.letter}{{r}}="","",${expires.letter}{{r}}-MAX({spoken},${arrives.letter}{{r}}))'

        def days(i: int) -> Any:
            end = expires.values[i]
            return "" if end is None else (end - max(day, arrives.values[i] or day)).days

        return Formula(text, days)

    def add_lines(self) -> None:
        """Add what plan.csv says."""
        sheet, lines = self.lines, self.plan.lines
        self.line_lot = sheet.add("number of the lot", [line.lot for line in lines], "whole", 8)
        self.line_recipient = sheet.add("number of the recipient", [line.recipient for line in lines], "whole", 8)
        keys = [(self.plan.lots[line.lot - 1].key, self.plan.recipients[line.recipient - 1].key) for line in lines]
        self.line_lot_key = sheet.add("lot", [lot for lot, _ in keys], "text", 18)
        self.line_recipient_key = sheet.add("recipient", [recipient for _, recipient in keys], "text", 18)
        self.packs = sheet.add("packs", [_number(line.packs) for line in lines])
        self.units = sheet.add("units", [line.units for line in lines])
        self.service = sheet.add("service_units", [line.service_units for line in lines])
        self.worth_given = sheet.add(f"given ({self._unit_name})", self.packs.here * self.worth.at(self.line_lot))

    @property
    def _unit_name(self) -> str:
        return "service units" if self.unit == 1 else f"1/{self.unit} service units"

    def add_recipients(self) -> None:
        """Add what inputs/needs.csv says."""
        sheet, people = self.recipients, self.plan.recipients
        self.number = sheet.add("number", [*range(1, len(people) + 1)], "whole", 8)
        self.key = sheet.add("recipient", [who.key for who in people], "text", 18)
        self.name = sheet.add("name", [who.name for who in people], "text", 24)
        self.target = sheet.add("target", [who.target for who in people])
        self.held = sheet.add("held", [who.held for who in people])
        self.capacity = sheet.add("capacity", [who.capacity for who in people])
        self.weight, self.tiers = None, []
        if self.plan.rule in ("need-weighted", "floor-then-weighted"):
            self.weight = sheet.add("weight", [who.weight for who in people])
        if self.plan.rule == "tiers":
            self.tiers = self._add_tiers(sheet, people)
        self.pace = sheet.add("per_week", [who.per_week for who in people])
        self.handles = sheet.add("handles", [who.handles for who in people], "text", 18)
        named = _named(self.plan)
        groups = [";".join(group for group in who.groups if group in named) for who in people]
        self.groups = sheet.add("groups named by a lot", groups, "text", 18)
        self.class_number = sheet.add("number of its class", self.class_of, "whole", 8)

    def _add_tiers(self, sheet: Sheet, people: Sequence[Recipient]) -> list[Column]:
        count = max((len(who.tiers) for who in people), default=0)
        tiers = [
            sheet.add(f"tier_{k + 1}", [who.tiers[k] if k < len(who.tiers) else Fraction(0) for who in people])
            for k in range(count)
        ]
        if any(who.target > sum(who.tiers) for who in people):
            rest = self.target.here
            for tier in tiers:
                rest = rest - tier.here
            tiers.append(sheet.add("last tier: the rest of the target", rest))
        return tiers

    def served(self, pick: Any = None, *, exact: bool | None = None) -> Served:
        """Return what a recipient's level depends on: on its own row, or on the row that `pick` counts to."""

        def cell(column: Column) -> Formula:
            return column.here if pick is None else column.at(pick)

        if exact is False or not self.exact:
            weight = formula(1) if self.weight is None else cell(self.weight)
            return Served(cell(self.target), weight, 1, tuple(cell(tier) for tier in self.tiers))
        weight = formula(1) if self.weight is None else cell(self.weight)
        if self.weight is not None and self.weight_unit > 1:
            weight = rounded(weight * self.weight_unit)
        unit = self.weight_unit if self.weight is not None else 1
        tiers = tuple(self.in_units(cell(tier)) for tier in self.tiers)
        return Served(self.in_units(cell(self.target)), weight, unit, tiers)

    def add_classes(self) -> None:
        """Add the eligibility classes, and for every lot whether a class may have it, by formulas."""
        sheet, people = self.classes, self.plan.recipients
        firsts = [people[place] for place in self.members]
        named = _named(self.plan)
        self.class_handles = sheet.add("handles", [who.handles for who in firsts], "text", 18)
        groups = [[group for group in who.groups if group in named] for who in firsts]
        self.class_groups = sheet.add("groups named by a lot", [";".join(names) for names in groups], "text", 18)
        tokens = [[*names, *([who.key] if who.key in named else [])] for names, who in zip(groups, firsts, strict=True)]
        most = max((len(names) for names in tokens), default=0)
        self.tokens = [
            sheet.add("named as", [names[k] if k < len(names) else "" for names in tokens], "text") for k in range(max(most, 1))
        ]
        timed = _is_timed(self.plan)
        only = [place + 1 if timed and people[place].per_week is not None else 0 for place in self.members]
        self.only_member = sheet.add("its only member, if its pace counts", only, "whole")
        self.may_have = [
            sheet.add(f"may have {lot.key}", self._may_have(place), "verdict", 10) for place, lot in enumerate(self.plan.lots)
        ]

    def _may_have(self, place: int) -> Formula:
        """Return the formula for earmark, capability and shelf life of one lot."""
        first, last = self.tokens[0].letter, self.tokens[-1].letter
        own = f"${first}{{r}}:${last}{{r}}"

        def named_in(column: Column) -> str:
            return f'SUMPRODUCT(({own}<>"")*ISNUMBER(FIND(";"&{own}&";",";"&{column.cell(place).text}&";")))'

        row = place + 2
        asked = f"Lots!${self.skills[0].letter}${row}:${self.skills[-1].letter}${row}"
        handles = f'";"&{self.class_handles.here.text}&";"'
        lacking = f'SUMPRODUCT(({asked}<>"")*(1-ISNUMBER(FIND(";"&{asked}&";",{handles}))))'
        only, days = self.only.cell(place).text, self.days.cell(place).text
        text = (
            f'AND(OR({only}="",{named_in(self.only)}>0),{named_in(self.never)}=0,{lacking}=0,'
            f'OR({days}="",N({days})>=0))'
        )
        lot, usable = self.plan.lots[place], self.days.values[place]
        allowed, barred = set(lot.only.split(";")), set(lot.never.split(";"))
        skills = {column.values[place] for column in self.skills} - {""}

        def value(i: int) -> bool:
            names = {column.values[i] for column in self.tokens} - {""}
            can = set(self.class_handles.values[i].split(";"))
            fits = not lot.only or bool(names & allowed)
            return fits and not names & barred and skills <= can and (usable == "" or usable >= 0)

        return Formula(text, value)

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
        """Number the lots by their waterlines from the lowest, equal ones alike; 0 for a lot without packs."""
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
        fits = both(exactly(self.class_handles.at(number), self.handles), exactly(self.class_groups.at(number), self.groups))
        right_class = sheet.add("in the right class", fits, "verdict")
        said = sheet.add("received, as published", [who.received for who in people], "number")
        said_level = sheet.add("level, as published", [who.level for who in people], "decimal")
        same = both(
            size_of(got.here / self.unit - said.here if self.unit > 1 and self.exact else got.here - said.here) <= SIX_DECIMALS,
            size_of(now.decimal - said_level.here) <= SIX_DECIMALS,
        )
        published = sheet.add("published numbers follow", same, "verdict")
        every = both(*(column.here for column in (*checks, within, right_class, published)))
        self.recipient_verdict = sheet.add("holds", every, "verdict")

    def finish_lines(self, checks: list[Column]) -> None:
        """Add earmark, shelf life, smallest shipment, order, and the verdict on every line."""
        sheet, lot, who = self.lines, self.line_lot, self.line_recipient
        names = both(exactly(self.lot_key.at(lot), self.line_lot_key), exactly(self.key.at(who), self.line_recipient_key))
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
        said = sheet.add("given, as published", [_number(lot.given) for lot in lots])
        said_left = sheet.add("left over, as published", [_number(lot.left) for lot in lots])
        same = both(size_of(given.here - said.here) <= 1e-9, size_of(left.here - said_left.here) <= 1e-9)
        published = sheet.add("published numbers follow", same, "verdict")
        self.lot_verdict = sheet.add("holds", both(enough.here, fourth.here, published.here), "verdict")


def _number(value: Fraction) -> Any:
    return value.numerator if value.denominator == 1 else value


def _half(mark: Any, half: int) -> tuple[Any, Any]:
    """Return numerator and denominator of one half of a waterline: unlimited is 1/0, none is 0/1."""
    if mark == "unlimited":
        return (1, 0) if half == 0 else (0, 1)
    return (0, 1) if mark == "none" else (mark[half].numerator, mark[half].denominator)


def _sortable(mark: Any) -> tuple[Any, Any]:
    if isinstance(mark, str):
        return (inf if mark == "unlimited" else 0, 0)
    return mark[0], -mark[1] if len(mark) > 1 else 0


def _named(plan: PlanFolder) -> set[str]:
    """Return every group and recipient that some lot names."""
    return {name for lot in plan.lots for names in (lot.only, lot.never) for name in names.split(";") if name}


def _is_timed(plan: PlanFolder) -> bool:
    return any(lot.expires for lot in plan.lots)


def _classes(plan: PlanFolder) -> tuple[list[int], list[int]]:
    """Return the first member of every eligibility class, and every recipient's class, from 1."""
    named, timed = _named(plan), _is_timed(plan)
    firsts: list[int] = []
    numbers: dict[Any, int] = {}
    class_of = []
    for place, who in enumerate(plan.recipients):
        own = place if timed and who.per_week is not None else None
        groups = tuple(group for group in who.groups if group in named)
        signature = (groups, who.handles, who.key if who.key in named else "", own)
        if signature not in numbers:
            numbers[signature] = len(firsts) + 1
            firsts.append(place)
        class_of.append(numbers[signature])
    return firsts, class_of


def _exactness(plan: PlanFolder) -> tuple[Exactness, int, int]:
    """Return how fractions can be compared, the unit of amounts, and the unit of weights."""
    if plan.divisible or not plan.recipients:
        return Exactness.NEARLY, 1, 1
    people, lots = plan.recipients, plan.lots
    amounts = [x for who in people for x in (who.target, who.held, who.capacity, who.per_week or 0, *who.tiers)]
    unit = lcm(*(Fraction(x).denominator for x in (*amounts, *(lot.worth for lot in lots))))
    step = max((lot.worth for lot in lots), default=Fraction(0))
    reach = max(max(who.target, who.held + who.capacity, who.held + who.received) for who in people)
    span = (reach + step) * unit * (len(people[0].tiers) + 2)  # no numerator or denominator of a level is larger
    weight_unit = 1
    if plan.rule in ("need-weighted", "floor-then-weighted"):
        weight_unit = lcm(*(who.weight.denominator for who in people))
        span *= 2 * weight_unit * max(1, *(who.weight for who in people))
    if plan.rule == "floor-then-weighted":
        span *= plan.floor.denominator + plan.floor.numerator
    halves = [half for lot in lots if not isinstance(lot.mark, str) for half in lot.mark]
    widest = max(span, *(max(half.numerator, half.denominator) for half in halves), 1)
    days = max(((lot.expires - plan.date).days for lot in lots if lot.expires), default=0)
    if max((who.per_week or 0 for who in people), default=0) * unit * max(days, 1) >= EXACT_UP_TO:
        return Exactness.NEARLY, 1, 1
    if widest * widest < EXACT_UP_TO:
        return Exactness.PLAIN, unit, weight_unit
    # Halves are exact while numerator times half a denominator, and numerator times HALF, are.
    if max(widest * (widest / HALF + 1), widest * HALF) < EXACT_UP_TO / 2:
        return Exactness.HALVES, unit, weight_unit
    return Exactness.NEARLY, 1, 1


def line_columns(sheet: Sheet, lines: Sequence[Line]) -> tuple[Column, Column, Column]:
    """Add the numbers of lot and recipient, and the packs, of lines; return them."""
    lot = sheet.add("number of the lot", [line.lot for line in lines], "whole", 8)
    recipient = sheet.add("number of the recipient", [line.recipient for line in lines], "whole", 8)
    return lot, recipient, sheet.add("packs", [_number(line.packs) for line in lines])
