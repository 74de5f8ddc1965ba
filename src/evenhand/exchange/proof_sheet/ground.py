"""The ground of a proof: what the files say, as columns; and which lots each eligibility class may have, as formulas.

`Ground` adds lots, lines, recipients and classes; the conditions are added by `conditions` and `bounds`. Used by these.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from evenhand.errors import OptionRefused
from evenhand.exchange.proof_sheet.folder import PlanFolder, Recipient
from evenhand.exchange.proof_sheet.formulas import (
    Column,
    Formula,
    Sheet,
    formula,
    rounded,
)  # fmt: skip
from evenhand.exchange.proof_sheet.levels import (
    EXACT_UP_TO,
    HALF,
    TOLERANCE,
    Exactness,
    Served,
)  # fmt: skip

MOST_RECIPIENTS = 100_000
MOST_LINES = 300_000
MOST_LOTS = 4_000
MOST_PAIRS = 200_000
MOST_WORTHS = 100
LONGEST_CELL = 32_767
"""What a spreadsheet program holds, or still opens in reasonable time."""
INSTEAD = "use `evenhand check`, or `evenhand check --standalone > check.py`, which check a plan of any size"


class Ground:
    """Make the sheets of one plan, before any condition."""

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
        plan = self.plan
        pairs = len(_classes(plan)[0]) * len(plan.lots)
        names = max(len(cell) for lot in plan.lots for cell in (lot.only, lot.never, lot.requires, lot.key))
        for many, most, what in (
            (len(plan.recipients), MOST_RECIPIENTS, "recipients"),
            (max(len(plan.lines), len(plan.bound_lines)), MOST_LINES, "lines"),
            (len(plan.lots), MOST_LOTS, "lots"),
            (pairs, MOST_PAIRS, "pairs of lots and eligibility classes"),
            (len({lot.worth for lot in plan.lots}) if plan.bounded else 0, MOST_WORTHS, "kinds of packs"),
            (names, LONGEST_CELL, "letters in one cell of lots"),
        ):
            if many > most:
                raise OptionRefused(f"{many:,} {what} are too many for a proof sheet, which holds {most:,}: {INSTEAD}")

    # --- amounts ---

    def in_units(self, amount: Column | Formula) -> Formula:
        """Return an amount in whole numbers of the unit; as it is where decimals are compared."""
        inner = formula(amount)
        return inner if not self.exact or self.unit == 1 else rounded(inner * self.unit)

    def at_most(self, low: Formula, high: Formula) -> Formula:
        """Return whether one amount is at most the other."""
        return low <= high if self.exact else low <= high + high * TOLERANCE + TOLERANCE

    # --- sheets ---

    def add_lots(self) -> None:
        """Add what inputs/lots.csv and the certificate say."""
        sheet, lots = self.lots, self.plan.lots
        self.lot_number = sheet.add("number", [*range(1, len(lots) + 1)], "whole", 8)
        self.lot_key = sheet.add("lot", [lot.key for lot in lots], "text", 18)
        self.lot_packs = sheet.add("packs", [lot.packs for lot in lots], "whole")
        self.pack_size = sheet.add("pack_size", [lot.pack_size for lot in lots])
        self.per_person = sheet.add("per_person", [lot.per_person for lot in lots])
        worth = (
            self.pack_size.here * self.unit / self.per_person.here
            if self.unit > 1
            else self.pack_size.here / self.per_person.here
        )
        note = "service units a pack" if self.unit == 1 else f"1/{self.unit} service units a pack"
        self.worth = sheet.add(note, rounded(worth) if self.exact else worth)
        self.min_packs = sheet.add("min_packs", [lot.min_packs for lot in lots], "whole")
        self.only = sheet.add("for", [lot.only for lot in lots], "text", 18)
        self.never = sheet.add("not_for", [lot.never for lot in lots], "text", 18)
        skills = [[name.strip() for name in lot.requires.split(";") if name.strip()] for lot in lots]
        most = max((len(names) for names in skills), default=0)
        self.skills = [
            sheet.add("requires", [names[k] if k < len(names) else "" for names in skills], "text")
            for k in range(max(most, 1))
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
        self.packs = sheet.add("packs", [number_of(line.packs) for line in lines])
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
            sheet.add("named as", [names[k] if k < len(names) else "" for names in tokens], "text")
            for k in range(max(most, 1))
        ]
        timed = _is_timed(self.plan)
        only = [place + 1 if timed and people[place].per_week is not None else 0 for place in self.members]
        self.only_member = sheet.add("its only member, if its pace counts", only, "whole")
        self.may_have = [
            sheet.add(f"may have {lot.key}", self._may_have(place), "verdict", 10)
            for place, lot in enumerate(self.plan.lots)
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


def number_of(value: Fraction) -> Any:
    """Return a fraction as a whole number where it is one."""
    return value.numerator if value.denominator == 1 else value


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
        span *= 2 * weight_unit * max([Fraction(1), *(who.weight for who in people)])
    if plan.rule == "floor-then-weighted":
        span *= plan.floor.denominator + plan.floor.numerator
    halves = [half for lot in lots if not isinstance(lot.mark, str) for half in lot.mark]
    widest = max([span, *(Fraction(max(half.numerator, half.denominator)) for half in halves)])
    days = max(((lot.expires - plan.date).days for lot in lots if lot.expires), default=0)
    fastest = max(who.per_week or Fraction(0) for who in people)
    if fastest * unit * max(days, 1) >= EXACT_UP_TO:
        return Exactness.NEARLY, 1, 1
    if widest * widest < EXACT_UP_TO:
        return Exactness.PLAIN, unit, weight_unit
    # Halves are exact while numerator times half a denominator, and numerator times HALF, are.
    if max(widest * (widest / HALF + 1), widest * HALF) < EXACT_UP_TO / 2:
        return Exactness.HALVES, unit, weight_unit
    return Exactness.NEARLY, 1, 1
