"""A solved round as numbers for people and files: exact shares rounded once, in integers.

Made by `solve`, wrapped by `evenhand.plan.Plan`, written by `evenhand.exchange.plan_folder`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evenhand.allocation.levels import Ratios, exact_levels, lowest
from evenhand.allocation.limits import name_limits
from evenhand.allocation.lines import Lines
from evenhand.allocation.problem import Problem
from evenhand.allocation.waterlines import Waterlines, levels_around, pairs_at_cap, stretch
from evenhand.fairness.rules import Pieces

Integers = npt.NDArray[Any]
MICRO = 10**6


@dataclass(frozen=True, slots=True)
class Bound:
    """Hold the proved bound of a bounded plan: the divisible optimum and its own waterlines (§4.2).

    Attributes
    ----------
    lowest, reached
        Exact lowest level of the bound and of the plan among recipients that could get anything; None where nobody could.
    levels
        The lowest levels of both, in millionths, side by side.
    closed
        How many of the lowest levels a solver says are best, the solver, and its budget in seconds; None where it did not run.
    """

    lines: Lines
    water: Waterlines
    lowest: Fraction | None
    reached: Fraction | None
    levels: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
    closed: tuple[int, str, str] | None = None


@dataclass(frozen=True)
class Outcome:
    """Hold a solved round.

    Attributes
    ----------
    received
        Per recipient, units times scale times `lines.per`.
    bound
        None where the plan is proved best.
    """

    problem: Problem
    lines: Lines
    water: Waterlines
    received: Integers
    bound: Bound | None = None

    @cached_property
    def limits(self) -> pl.Series:
        """Return what keeps each recipient from getting more, in words (`limits.LIMITS`)."""
        ceiling, water = None, self.water
        if self.bound is not None:  # the divisible optimum says what held whom lower, the plan what shipments added
            lines, water = self.bound.lines, self.bound.water
            received = lines.received(self.problem.worth, len(self.problem.target), self.problem.target.dtype)
            have = stretch(self.problem.held, lines.per) + received
            ceiling = levels_around(self.problem, have, lines.per)[1].floats()
        at_cap = pairs_at_cap(self.problem, self.lines)
        return name_limits(self.problem, water, self.lines, self.received, at_cap, ceiling)

    @property
    def claim(self) -> str:
        """Return what may be claimed (§4.2)."""
        return "proved best" if self.bound is None else "bounded"

    def have(self) -> Integers:
        """Return what everybody has in the end, in units times scale times `lines.per`."""
        return stretch(self.problem.held, self.lines.per) + self.received

    def levels(self, have: Integers | None = None) -> Ratios:
        """Return the exact level of every recipient."""
        per = self.lines.per
        pieces = self.problem.pieces
        if per != 1:
            starts, spans = (tuple(stretch(s, per) for s in part) for part in (pieces.start, pieces.span))
            pieces = Pieces(pieces.base, pieces.gain, starts, spans)
        return exact_levels(pieces, self.have() if have is None else have)

    def coverage(self, have: Integers) -> Ratios:
        """Return amounts divided by targets, exactly."""
        return Ratios(have, stretch(self.problem.target, self.lines.per))

    def shares(self, have: Integers) -> Integers:
        """Return amounts divided by targets, in millionths, rounded half up."""
        coverage = self.coverage(have)
        return round_half_up(coverage.num, coverage.den, MICRO)

    def lowest_level(self) -> Fraction:
        """Return the exact lowest level of all recipients."""
        levels = self.levels()
        return levels.at(lowest(levels)[0])


def round_half_up(num: Integers, den: Integers, factor: int) -> Integers:
    """Return num / den times `factor`, rounded half up, exactly; in 64 bits where they are enough."""
    if not len(num):
        return np.zeros(0, np.int64)
    if num.dtype != np.object_ and float(np.abs(num).max()) * 2 * factor + float(den.max()) >= 2.0**62:
        num = num.astype(object)
    out = (num * (2 * factor) + den) // (2 * den)
    small: Integers = out.astype(np.int64) if out.dtype == np.object_ and max(abs(int(v)) for v in out) < 2**62 else out
    return small


def open_recipients(problem: Problem) -> npt.NDArray[np.int64]:
    """Return the recipients that could get anything at all: room, and a lot with packs open to them."""
    stocked = problem.packs > 0
    some = np.atleast_1d((problem.eligibility.open & stocked).any(axis=1))[problem.eligibility.class_of]
    return np.flatnonzero(some & (problem.capacity > 0))


def lines_table(outcome: Outcome) -> pl.DataFrame:
    """Return plan.lines: lot, recipient, packs, units, service_units (`supply.columns.LINES`)."""
    problem, lines = outcome.problem, outcome.lines
    lot = problem.lots.gather(lines.lot)
    recipient = problem.recipients.gather(lines.recipient)
    packs: pl.Series
    if lines.per == 1 and lines.pack == (1,) * len(lines.pack):
        packs = pl.Series("packs", lines.amount.astype(np.int64))
    else:
        packs = pl.Series(
            "packs",
            [str(Fraction(int(a), lines.pack[s])) for a, s in zip(lines.amount, lines.lot.tolist(), strict=True)],
        )
    sizes = (
        problem.tables.lots["pack_size"].to_list()
        if "pack_size" in problem.tables.lots.columns
        else [1] * len(lines.pack)
    )
    size = [Fraction(v) for v in sizes]
    worth = [Fraction(w, problem.scale) for w in problem.worth]
    return pl.DataFrame(
        {
            "lot": lot,
            "recipient": recipient,
            "packs": packs,
            "units": amounts(*_times(lines, size)),
            "service_units": amounts(*_times(lines, worth)),
        }
    )


def _times(lines: Lines, each: list[Fraction]) -> tuple[Integers, Integers | int]:
    """Return the amount of each line times something per pack, as numerators and denominators."""
    ratios = [f / p for f, p in zip(each, lines.pack, strict=True)]
    if all(r.denominator == 1 for r in ratios) and lines.amount.dtype != np.object_ and max(ratios, default=0) < 2**20:
        return lines.amount * np.array([int(r) for r in ratios], np.int64)[lines.lot], 1
    tops = np.array([r.numerator for r in ratios], object)
    bottoms = np.array([r.denominator for r in ratios], object)
    return lines.amount.astype(object) * tops[lines.lot], bottoms[lines.lot]


def amounts(num: Integers, den: Integers | int) -> pl.Series:
    """Return num / den as whole numbers where all are whole, else rounded half up to six decimals as Decimal."""
    if isinstance(den, int):
        if den == 1:
            return pl.Series(num.astype(np.int64))
        den = np.full(len(num), den, object if num.dtype == np.object_ or den >= 2**31 else np.int64)
    if not len(num) or not bool(np.any(num % den)):
        return pl.Series((num // den).astype(np.int64))
    return millionths(pl.Series(round_half_up(num, den, MICRO)))


def millionths(micro: pl.Series) -> pl.Series:
    """Return millionths as Decimal(38, 6)."""
    sign_free = micro.to_frame("n").select(
        pl.format("{}.{}", pl.col("n") // MICRO, (pl.col("n") % MICRO).cast(pl.String).str.zfill(6)).cast(
            pl.Decimal(38, 6)
        )
    )
    return sign_free.to_series()


def recipients_table(outcome: Outcome) -> pl.DataFrame:
    """Return plan.recipients (`supply.columns.RECIPIENTS`), coverage and level rounded half up to six decimals."""
    problem, needs = outcome.problem, outcome.problem.tables.needs
    keys = problem.recipients
    name = (
        keys
        if "name" not in needs.columns
        else needs.select(pl.coalesce(pl.col("name"), pl.col("recipient"))).to_series()
    )
    held = needs["held"] if "held" in needs.columns else pl.Series(np.zeros(len(keys), np.int64))
    have = outcome.have()
    levels = outcome.levels()
    return pl.DataFrame(
        {
            "recipient": keys,
            "name": name,
            "target": needs["target"],
            "held": held,
            "received": amounts(outcome.received, problem.scale * outcome.lines.per),
            "coverage_before": outcome.shares(stretch(problem.held, outcome.lines.per)) / MICRO,
            "coverage_after": outcome.shares(have) / MICRO,
            "level": round_half_up(levels.num, levels.den, MICRO) / MICRO,
            "waterline": _with_own(waterline_words(outcome.water, outcome.water.of_recipient), outcome.water),
            "limited_by": outcome.limits,
        }
    )


def _with_own(words: pl.Series, water: Waterlines) -> pl.Series:
    if not water.own:
        return words
    return words.scatter(list(water.own), [six_decimals(key[0]) for key in water.own.values()])


def lots_table(outcome: Outcome) -> pl.DataFrame:
    """Return plan.lots (`supply.columns.LOTS_GIVEN`)."""
    problem, lines = outcome.problem, outcome.lines
    given = [Fraction(g, p) for g, p in zip(lines.given(), lines.pack, strict=True)]
    left = [Fraction(int(q)) - g for q, g in zip(problem.packs, given, strict=True)]
    whole = all(g.denominator == 1 for g in given)
    return pl.DataFrame(
        {
            "lot": problem.lots,
            "packs": problem.packs,
            "given": [int(g) for g in given] if whole else [str(g) for g in given],
            "left": [int(v) for v in left] if whole else [str(v) for v in left],
            "waterline": waterline_words(outcome.water, outcome.water.of_lot),
        }
    )


def waterline_words(water: Waterlines, places: npt.NDArray[np.int64]) -> pl.Series:
    """Return waterlines as six decimals of their first half, "unlimited" for infinity, "" for none."""
    words = [("unlimited" if key is None else six_decimals(key[0])) for key in water.keys]
    return pl.Series("waterline", [*words, ""], dtype=pl.String).gather(np.where(places < 0, len(words), places))


def six_decimals(number: Fraction) -> str:
    """Return a number >= 0 with exactly six decimals, rounded half up.

    Examples
    --------
    >>> six_decimals(Fraction(2, 3))
    '0.666667'
    """
    micro = (2 * number.numerator * MICRO + number.denominator) // (2 * number.denominator)
    return f"{micro // MICRO}.{micro % MICRO:06d}"
