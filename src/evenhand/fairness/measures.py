"""Say in six numbers how even a plan is, and how much of the need it meets.

Called by the plan, `compare` and the report; `MEASURES` is where their words and sources come from. It never ranks
recipients and never chooses a plan: rules do (`evenhand.fairness.rules`).

Which variant is meant: the four measures of inequality look at coverage (what a recipient has, divided by its target)
and count every recipient once, whatever its size, for it is recipients that compare themselves with each other.
`share_of_target_met` alone counts by size: a recipient with twice the target weighs twice as much. Coverage above 1 is
kept as it is in the measures of inequality, and does not make up for anybody's shortfall in the share of target met.

Where nobody has anything, everybody is served alike: the inequality is 0 and Jain's index 1 by definition (the
formulas would divide zero by zero). The same holds for one recipient alone. No recipient at all is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evenhand.errors import EvenhandError

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure:
    """Declare one measure.

    Attributes
    ----------
    name
        The field of `Measures` and the function of this module.
    title
        A short heading for a table.
    meaning
        One sentence that needs no mathematics.
    better
        Whether a fairer plan has the higher or the lower number.
    source
        Who defined it, and where.
    """

    name: str
    title: str
    meaning: str
    better: Literal["higher", "lower"]
    source: str


MEASURES: tuple[Measure, ...] = (
    Measure(
        "lowest_level",
        "Lowest level",
        "How well served the worst-served recipient is, under the rule of the plan.",
        "higher",
        "Rawls 1971, A Theory of Justice, section 13 (the worst-off first)",
    ),
    Measure(
        "gini",
        "Gini",
        "How far apart two recipients picked at random are in coverage, as a share of twice the average; "
        "0 when all are alike.",
        "lower",
        "Gini 1912, Variabilita e mutabilita; the sorted form of Sen 1973, On Economic Inequality, p. 31",
    ),
    Measure(
        "theil",
        "Theil",
        "How surprising the split of coverage is compared with an even one; 0 when all are alike, and it feels "
        "differences among the best served most.",
        "lower",
        "Theil 1967, Economics and Information Theory, chapter 4 (natural logarithm)",
    ),
    Measure(
        "jain",
        "Jain",
        "The share of recipients who, if they alone had everything in equal parts, would make a split just as even; "
        "1 when all are alike.",
        "higher",
        "Jain, Chiu and Hawe 1984, DEC Research Report TR-301, the fairness index",
    ),
    Measure(
        "hoover",
        "Hoover",
        "The share of all coverage that would have to change hands for all to be alike; 0 when they are.",
        "lower",
        "Hoover 1936, Review of Economics and Statistics 18(4), pp. 162-171; for shares of people, Hoover 1941, "
        "Journal of Economic History 1(2), pp. 199-205",
    ),
    Measure(
        "share_of_target_met",
        "Share of target met",
        "How much of everybody's target together is covered; what is above somebody's own target does not count.",
        "higher",
        "Evenhand, DESIGN section 4.4: sum of min(y, t) divided by sum of t",
    ),
)
"""Every measure, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Hold the measures of one plan; `MEASURES` says what each means."""

    lowest_level: float
    gini: float
    theil: float
    jain: float
    hoover: float
    share_of_target_met: float


def measure(levels: ArrayLike, coverage: ArrayLike, targets: ArrayLike) -> Measures:
    """Measure a plan.

    Parameters
    ----------
    levels
        One number per recipient, at least 0: its level under the rule.
    coverage
        One per recipient, at least 0: held and received, divided by target.
    targets
        One per recipient, service units, above 0.

    Returns
    -------
    Measures
        Plain floats.

    Raises
    ------
    EvenhandError
        No recipients; a number that is negative, missing or infinite; columns of different length; a target of 0.

    Examples
    --------
    >>> measure([0.2, 0.2], [0.2, 0.2], [100, 300])
    Measures(lowest_level=0.2, gini=0.0, theil=0.0, jain=1.0, hoover=0.0, share_of_target_met=0.2)
    >>> measure([], [], [])
    Traceback (most recent call last):
    ...
    evenhand.errors.EvenhandError: levels: no recipients to measure; give at least one
    """
    level, covered = _read(levels, "levels"), _read(coverage, "coverage")
    _same_length(levels=level, coverage=covered)
    return Measures(
        lowest_level=lowest_level(level),
        gini=gini(covered),
        theil=theil(covered),
        jain=jain(covered),
        hoover=hoover(covered),
        share_of_target_met=share_of_target_met(covered, targets),
    )


def lowest_level(levels: ArrayLike) -> float:
    """Return the level of the worst-served recipient: min over i of level_i.

    Source
    ------
    Rawls 1971, A Theory of Justice, section 13.

    Raises
    ------
    EvenhandError
        No recipients, or a number that is negative, missing or infinite.

    Examples
    --------
    >>> lowest_level([0.5, 0.25, 1.0])
    0.25
    """
    return float(_read(levels, "levels").min())


def gini(coverage: ArrayLike) -> float:
    """Return half the mean absolute difference of all pairs, divided by the mean.

    G = sum_i sum_j |x_i - x_j| / (2 n^2 m) = sum_k (2k - n - 1) x_(k) / (n sum x), with m the mean and x_(1) <= x_(2)
    <= ... the sorted values. 0 <= G <= 1 - 1/n. Unweighted over recipients, no small-sample correction.

    Source
    ------
    Gini 1912, Variabilita e mutabilita; sorted form: Sen 1973, On Economic Inequality, p. 31.

    Raises
    ------
    EvenhandError
        No recipients, or a number that is negative, missing or infinite.

    Examples
    --------
    >>> gini([1, 3])
    0.25
    """
    x = np.sort(_shares(_read(coverage, "coverage")))
    n = len(x)
    ranks = np.arange(1 - n, n, 2, dtype=np.float64)
    return max(0.0, float(ranks @ x) / (n * float(x.sum())))  # rounding alone can leave it a hair below


def theil(coverage: ArrayLike) -> float:
    """Return Theil's first index (T): the mean of r ln r with r = x / mean, where 0 ln 0 = 0.

    T = (1/n) sum_i (x_i/m) ln(x_i/m). 0 <= T <= ln n. Unweighted over recipients, natural logarithm.

    Source
    ------
    Theil 1967, Economics and Information Theory, chapter 4.

    Raises
    ------
    EvenhandError
        No recipients, or a number that is negative, missing or infinite.

    Examples
    --------
    >>> round(theil([0, 1]), 6)  # ln 2
    0.693147
    """
    x = _shares(_read(coverage, "coverage"))
    ratio = x / x.mean()
    ratio = ratio[ratio > 0]
    return max(0.0, float((ratio * np.log(ratio)).sum()) / len(x))  # rounding, as above


def jain(coverage: ArrayLike) -> float:
    """Return the square of the sum, divided by n times the sum of squares.

    J = (sum x)^2 / (n sum x^2). 1/n <= J <= 1. Unweighted over recipients.

    Source
    ------
    Jain, Chiu and Hawe 1984, DEC Research Report TR-301, the fairness index.

    Raises
    ------
    EvenhandError
        No recipients, or a number that is negative, missing or infinite.

    Examples
    --------
    >>> jain([1, 1, 0, 0])
    0.5
    """
    x = _shares(_read(coverage, "coverage"))
    total = float(x.sum())
    return min(1.0, total * total / (len(x) * float(x @ x)))


def hoover(coverage: ArrayLike) -> float:
    """Return half the sum of distances from the mean, divided by the sum.

    H = sum_i |x_i - m| / (2 sum x), with m the mean. 0 <= H <= 1 - 1/n. Unweighted over recipients.

    Source
    ------
    Hoover 1936, Review of Economics and Statistics 18(4), pp. 162-171; Hoover 1941, Journal of Economic History 1(2),
    pp. 199-205.

    Raises
    ------
    EvenhandError
        No recipients, or a number that is negative, missing or infinite.

    Examples
    --------
    >>> hoover([1, 3])
    0.25
    """
    x = _shares(_read(coverage, "coverage"))
    return float(np.abs(x - x.mean()).sum()) / (2.0 * float(x.sum()))


def share_of_target_met(coverage: ArrayLike, targets: ArrayLike) -> float:
    """Return the share of all targets together that is covered, nobody counting above its own target.

    S = sum_i min(y_i, t_i) / sum_i t_i, with y_i = coverage_i t_i. 0 <= S <= 1. Weighted by target.

    Source
    ------
    Evenhand, DESIGN section 4.4.

    Raises
    ------
    EvenhandError
        No recipients; a number that is negative, missing or infinite; columns of different length; a target of 0.

    Examples
    --------
    >>> share_of_target_met([0.5, 3.0], [300, 100])
    0.625
    """
    covered, target = _read(coverage, "coverage"), _read(targets, "targets")
    _same_length(coverage=covered, targets=target)
    if not target.all():
        row = int(np.flatnonzero(target == 0)[0])
        raise EvenhandError(f"targets: recipient {row + 1} has target 0; a target is above 0")
    return float(np.minimum(covered, 1.0) @ target) / float(target.sum())


def _read(numbers: ArrayLike, what: str) -> Numbers:
    """Return one finite, non-negative float per recipient, or refuse."""
    x = np.asarray(numbers, dtype=np.float64)
    if x.ndim != 1:
        raise EvenhandError(f"{what}: {x.ndim} dimensions; give one number per recipient")
    if not len(x):
        raise EvenhandError(f"{what}: no recipients to measure; give at least one")
    sound = np.isfinite(x) & (x >= 0)
    if not sound.all():
        row = int(np.flatnonzero(~sound)[0])
        raise EvenhandError(f"{what}: recipient {row + 1} has {x[row]:g}; give a number of at least 0")
    return x


def _same_length(**columns: Numbers) -> None:
    (first, x), (second, y) = columns.items()
    if len(x) != len(y):
        raise EvenhandError(
            f"{first} has {len(x):,} recipients and {second} has {len(y):,}; give both for the same recipients"
        )


def _shares(x: Numbers) -> Numbers:
    """Return x brought near 1 by a power of two: nothing overflows or vanishes, and no digit changes.

    Equal values become exactly 1, so that equality gives exactly 0 (Jain: exactly 1); that holds too when all are 0,
    for then nobody has anything and all are served alike.
    """
    top = x.max()
    if x.min() == top:
        return np.ones_like(x)
    scaled: Numbers = np.ldexp(x, -np.frexp(top)[1])
    return scaled
