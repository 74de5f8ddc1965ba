"""One side of a comparison: where everybody stands once something was handed out, by a plan or in fact.

Called by `comparison`. Amounts and levels are exact; they are rounded once, to the six decimals of the plan folder, when
they become a table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl

from evenhand.allocation.levels import Ratios, lowest
from evenhand.allocation.outcome import MICRO, Integers, Outcome, amounts, round_half_up
from evenhand.allocation.problem import Problem, Terms, build_problem
from evenhand.allocation.waterlines import levels_around, stretch
from evenhand.fairness.measures import Measures, measure

_LARGEST_WHOLE = 2**62 // MICRO
"""Service units above this do not fit into 64 bits once they are counted in millionths."""


@dataclass(frozen=True, slots=True)
class Side:
    """Hold what everybody received, and the levels that follow.

    Attributes
    ----------
    problem
        The needs and the rule by which levels are counted.
    received
        Per recipient, service units times `per` times the problem's scale.
    """

    problem: Problem
    received: Integers
    per: int
    levels: Ratios

    @property
    def parts(self) -> int:
        """Return how many parts a service unit is counted in."""
        return self.problem.scale * self.per

    def total(self) -> Fraction:
        """Return the service units that were handed out."""
        return Fraction(sum(int(v) for v in self.received.tolist()), self.parts)

    def lowest(self) -> tuple[Fraction, list[int]]:
        """Return the exact lowest level, and the recipients at it."""
        rows = lowest(self.levels)
        return self.levels.at(rows[0]), rows

    def measures(self) -> Measures:
        """Return how equal coverage is, what was held included."""
        target = self.problem.target.astype(float)
        have = stretch(self.problem.held, self.per) + self.received
        coverage = Ratios(have, stretch(self.problem.target, self.per)).floats()
        return measure(self.levels.floats(), coverage, target / self.problem.scale)

    def table(self) -> pl.DataFrame:
        """Return recipient, name, received (service units) and level, both rounded half up to six decimals."""
        needs, keys = self.problem.tables.needs, self.problem.recipients
        name = keys if "name" not in needs.columns else needs.select(pl.coalesce("name", "recipient")).to_series()
        level = round_half_up(self.levels.num, self.levels.den, MICRO) / MICRO
        return pl.DataFrame(
            {
                "recipient": keys,
                "name": name,
                "received": service_units(self.received, self.parts),
                "level": np.asarray(level, np.float64),
            }
        )


def side_of(outcome: Outcome, terms: Terms | None = None) -> Side:
    """Return where everybody stands with a plan, with levels counted by the rule of `terms`, or else by its own."""
    own = outcome.problem
    if terms is None or (terms.rule, terms.floor) == (own.terms.rule, own.terms.floor):
        return Side(own, outcome.received, outcome.lines.per, outcome.levels())
    problem = build_problem(own.tables, replace(own.terms, rule=terms.rule, floor=terms.floor))
    return side_from(problem, outcome.received, own.scale * outcome.lines.per)


def side_from(problem: Problem, received: Integers, parts: int) -> Side:
    """Return where everybody stands that received so much, counted in `parts` parts of a service unit each."""
    exact = received.astype(object)
    common = math.gcd(parts, int(np.gcd.reduce(exact)))
    exact, parts = exact // common, parts // common
    per = parts // math.gcd(problem.scale, parts)
    exact = exact * (problem.scale * per // parts)
    if per == 1 and max(exact.tolist()) <= max(problem.capacity.tolist()):
        # As large as a plan's own amounts, so the type that is sure to hold those is sure to hold these.
        exact = exact.astype(problem.target.dtype)
    _, levels = levels_around(problem, stretch(problem.held, per) + exact, per)
    return Side(problem, exact, per, levels)


def service_units(received: Integers, parts: int) -> pl.Series:
    """Return amounts counted in parts as service units: whole numbers where all are, else six decimals."""
    if max(received.tolist()) // parts < _LARGEST_WHOLE:
        return amounts(received, parts)
    micro = round_half_up(received.astype(object), np.full(len(received), parts, object), MICRO)
    return pl.Series([Decimal(int(v)).scaleb(-6) for v in micro.tolist()], dtype=pl.Decimal(38, 6))
