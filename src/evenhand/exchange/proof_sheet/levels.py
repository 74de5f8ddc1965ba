"""Levels and keys as formulas: the four rules, and comparisons that are exact where a spreadsheet's numbers can be.

A spreadsheet counts exactly up to 2^53. Where every product of a comparison stays below that, fractions are compared by
cross-multiplying whole numbers, above that with one factor in two halves, and as decimals with a tolerance, which the
sheet states, only where neither is enough. Used by `sheets` and `bounds`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from evenhand.exchange.proof_sheet.formulas import (
    Formula,
    Sheet,
    both,
    choose,
    either,
    formula,
    remainder,
    whole_part,
)  # fmt: skip

EXACT_UP_TO = 2**53
TOLERANCE = 1e-12
ENDLESS = 1e300
"""An unlimited waterline, where levels are decimals."""


HALF = 2**20
"""Where a product would pass 2^53, one factor is split here into two halves, and both products stay exact."""


class Exactness(Enum):
    """How a workbook compares fractions."""

    PLAIN = "cross-multiplied whole numbers"
    HALVES = "cross-multiplied whole numbers, in two halves"
    NEARLY = "decimals, with a tolerance"


@dataclass(frozen=True, slots=True)
class Level:
    """Hold a level as numerator and denominator, or as a decimal (no denominator); unlimited is 1/0."""

    num: Formula
    den: Formula | None = None
    exactness: Exactness = Exactness.NEARLY

    def below(self, other: Level) -> Formula:
        """Return whether this level is below another."""
        if self.den is None or other.den is None:
            return self.num < other.num - TOLERANCE
        if self.exactness is Exactness.HALVES:
            return self._upper(other) < self._lower(other)
        return self.num * other.den < other.num * self.den

    def same(self, other: Level) -> Formula:
        """Return whether two levels are equal; never, where decimals cannot tell."""
        if self.den is None or other.den is None:
            return formula(False)
        if self.exactness is Exactness.HALVES:
            return self._upper(other).equals(self._lower(other))
        return (self.num * other.den).equals(other.num * self.den)

    # a*d < c*b  is  a*d1 - c*b1 < (c*b0 - a*d0)/HALF  with  d = d1*HALF + d0  and  b = b1*HALF + b0.
    def _upper(self, other: Level) -> Formula:
        assert self.den is not None
        assert other.den is not None
        return self.num * whole_part(other.den / HALF) - other.num * whole_part(self.den / HALF)

    def _lower(self, other: Level) -> Formula:
        assert self.den is not None
        assert other.den is not None
        return (other.num * remainder(self.den, HALF) - self.num * remainder(other.den, HALF)) / HALF

    def added_to(self, sheet: Sheet, heading: str) -> Level:
        """Write the level into columns of a sheet, and return it as it stands there."""
        if self.den is None:
            return Level(sheet.add(heading, self.num, "decimal", 14).here)
        num = sheet.add(f"{heading}: numerator", self.num, "whole", 14)
        den = sheet.add(f"{heading}: denominator", self.den, "whole", 14)
        return Level(num.here, den.here, self.exactness)

    def chosen(self, condition: Any, other: Level) -> Level:
        """Return this level where a condition holds, else the other."""
        den = None if self.den is None else choose(condition, self.den, other.den)
        return Level(choose(condition, self.num, other.num), den, self.exactness)

    @property
    def decimal(self) -> Formula:
        """Return the level as a decimal."""
        return self.num if self.den is None else self.num / self.den


@dataclass(frozen=True, slots=True)
class Key:
    """Hold the key of a pack: the level before it, and after it; for divisible goods one level."""

    before: Level
    after: Level | None = None

    def below(self, other: Key) -> Formula:
        """Return whether this key is the smaller: the lower level before, else the higher level after."""
        if self.after is None or other.after is None:
            return self.before.below(other.before)
        tie = both(self.before.same(other.before), other.after.below(self.after))
        return either(self.before.below(other.before), tie)

    def chosen(self, condition: Any, other: Key) -> Key:
        """Return this key where a condition holds, else the other."""
        after = None
        if self.after is not None and other.after is not None:
            after = self.after.chosen(condition, other.after)
        return Key(self.before.chosen(condition, other.before), after)

    def added_to(self, sheet: Sheet, heading: str) -> Key:
        """Write the key into columns of a sheet, and return it as it stands there."""
        before = self.before.added_to(sheet, heading if self.after is None else f"{heading}, level before")
        after = None if self.after is None else self.after.added_to(sheet, f"{heading}, level after")
        return Key(before, after)


@dataclass(frozen=True, slots=True)
class Served:
    """Hold what the level of a recipient depends on besides what it has: cells, in whole numbers of the unit."""

    target: Formula
    weight: Formula  # in 1/weight_unit
    weight_unit: int
    tiers: tuple[Formula, ...] = ()


def level_at(
    rule: str, floor: Fraction, who: Served, y: Formula, *, exactness: Exactness, below: bool = False
) -> Level:
    """Return the level at y under a rule.

    Parameters
    ----------
    below
        The level just below y, for divisible goods: it differs where an empty tier makes the level jump.
    """
    t, w, unit = who.target, who.weight, who.weight_unit
    if rule == "equal-coverage":
        num, den = y, t
    elif rule == "need-weighted":
        num, den = y * unit, t * w
    elif rule == "floor-then-weighted":
        top, bottom = floor.numerator, floor.denominator
        over = y * bottom - t * top
        num = choose(over <= 0, y, t * w * top + over * unit)
        den = choose(over <= 0, t, t * w * bottom)
    else:
        num, den = _tiers(who.tiers, t, y, exact=exactness is not Exactness.NEARLY, below=below)
    return Level(num / den) if exactness is Exactness.NEARLY else Level(num, den, exactness)


def _tiers(sizes: Sequence[Formula], t: Formula, y: Formula, *, exact: bool, below: bool) -> tuple[Formula, Formula]:
    ends = [sizes[0]]
    for size in sizes[1:]:
        ends.append(ends[-1] + size)
    num, den = t * len(sizes) + y - t, t
    # As decimals, a y that fills a tier may miss its end by a hair; at an end where the level jumps that would matter.
    spare: Any = 0 if exact else t * TOLERANCE
    for place in reversed(range(len(sizes))):
        start = ends[place] - sizes[place]
        part = y - start + sizes[place] * place
        inside = y < ends[place] - spare
        if below:
            inside = both(y <= ends[place] + spare, sizes[place] > 0)
        num, den = choose(inside, part, num), choose(inside, sizes[place], den)
    return num, den


def key_of(cells: Sequence[Any], *, exactness: Exactness, single: bool) -> Key:
    """Return the key whose halves stand in these cells: numerators and denominators, or decimals."""
    parts = [formula(cell) for cell in cells]
    if exactness is Exactness.NEARLY:
        levels = [Level(part) for part in parts]
    else:
        levels = [Level(num, den, exactness) for num, den in zip(parts[::2], parts[1::2], strict=True)]
    return Key(levels[0], None if single else levels[1])
