"""The rules: what counts as being equally served.

A rule turns what a recipient has (y, service units) into its level, a piecewise-linear function that never falls. On
piece k the level is ``base[k] + gain[k] * (y - start[k]) / span[k]``; the bases are the same for every recipient, so a
level belongs to the same piece for all of them. Called by `evenhand.allocation`, which computes with it, and by the
commands and pages, which quote the words. The checker does not use it: it has its own.

Exact integers throughout: quantities are service units times `scale`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from evenhand.errors import NameUnknown, OptionRefused

if TYPE_CHECKING:
    import numpy.typing as npt

    Integers = npt.NDArray[Any]
    """int64, or Python integers (dtype object) where 64 bits might not be enough."""


@dataclass(frozen=True, slots=True)
class Rule:
    """State one rule in words.

    Attributes
    ----------
    name
        As written in commands and certificates.
    words
        One sentence for people.
    formula
        The level, with y what a recipient has and t its target.
    source
        Who used or described it.
    """

    name: str
    words: str
    formula: str
    source: str


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(
            "equal-coverage",
            "Every recipient should reach the same share of its own target.",
            "y / t",
            "WHO, Allocation mechanism for COVAX Facility vaccines, explainer of November 2020: phase 1, proportional",
        ),
        Rule(
            "need-weighted",
            "Every recipient should reach the same share of its own target times its weight, so that those with a higher "
            "weight (risk) rise faster.",
            "y / (t * w)",
            "WHO, as above: phase 2, weighted by threat and vulnerability",
        ),
        Rule(
            "tiers",
            "Nobody's second group is served before everybody's first: first the first tier of every recipient, then the "
            "second, and so on; within a tier every recipient should reach the same share.",
            "tiers filled + share of the next tier",
            "WHO SAGE roadmap for prioritizing uses of COVID-19 vaccines, November 2020: stages by group",
        ),
        Rule(
            "floor-then-weighted",
            "Every recipient should first reach the same floor, a share of its own target; beyond the floor those with a "
            "higher weight (risk) rise faster.",
            "y / t up to the floor f, then f + (y - f * t) / (t * w)",
            "WHO fair allocation framework, September 2020: 20 % for all first, then by risk",
        ),
    )
}

DEFAULT_RULE = "equal-coverage"
DEFAULT_FLOOR = "0.2"


def get_rule(name: str) -> Rule:
    """Return a rule by its name.

    Raises
    ------
    NameUnknown
        No rule has that name.

    Examples
    --------
    >>> get_rule("tiers").formula
    'tiers filled + share of the next tier'
    >>> get_rule("teirs")
    Traceback (most recent call last):
    evenhand.errors.NameUnknown: no rule 'teirs'; did you mean 'tiers'?
    """
    try:
        return RULES[name]
    except KeyError:
        raise NameUnknown("rule", name, list(RULES)) from None


def read_floor(text: str | float | Fraction) -> Fraction:
    """Read the floor of `floor-then-weighted`: a share above 0 and at most 1.

    Raises
    ------
    OptionRefused
        It is no number, or outside (0, 1].

    Examples
    --------
    >>> read_floor("0.2")
    Fraction(1, 5)
    """
    try:
        floor = Fraction(str(text))
    except (ValueError, ZeroDivisionError):
        raise OptionRefused(f"floor is '{text}'; write a share such as 0.2") from None
    if not 0 < floor <= 1 or floor.denominator > 10**6:
        raise OptionRefused(
            f"floor is {text}; it must be above 0 and at most 1, with at most six decimals, such as 0.2"
        )
    return floor


@dataclass(frozen=True, slots=True)
class Pieces:
    """Hold the level of every recipient as pieces, each straight.

    Attributes
    ----------
    base
        Level at which piece k begins, rising; the same for all.
    gain
        Whole number per piece.
    start, span
        Per piece, one number per recipient, service units times scale; span 0 where a recipient has no such piece (an
        empty tier), which it then skips.
    """

    base: tuple[Fraction, ...]
    gain: tuple[int, ...]
    start: tuple[Integers, ...]
    span: tuple[Integers, ...]

    def take(self, rows: Integers) -> Pieces:
        """Return the pieces of some recipients, in the order of `rows`."""
        return Pieces(self.base, self.gain, tuple(s[rows] for s in self.start), tuple(s[rows] for s in self.span))


def level_pieces(
    rule: str,
    target: Integers,
    *,
    weight: Integers | None = None,
    weight_scale: int = 1,
    tiers: Sequence[Integers] = (),
    floor: Fraction = Fraction(1, 5),
) -> Pieces:
    """Build the pieces of a rule.

    Parameters
    ----------
    target
        Service units times scale, > 0; `floor * target` must be whole for `floor-then-weighted`.
    weight
        Weight times `weight_scale`, > 0; None where every weight is 1.
    tiers
        Sizes of the named tiers, service units times scale, sum at most `target`.
    """
    get_rule(rule)
    nothing = np.zeros_like(target)
    weighted = target if weight is None else target * weight
    gain = 1 if weight is None else weight_scale
    if rule == "equal-coverage":
        return Pieces((Fraction(0),), (1,), (nothing,), (target,))
    if rule == "need-weighted":
        return Pieces((Fraction(0),), (gain,), (nothing,), (weighted,))
    if rule == "floor-then-weighted":
        floored = target * floor.numerator // floor.denominator
        return Pieces((Fraction(0), floor), (1, gain), (nothing, floored), (target, weighted))
    sizes = list(tiers)
    rest = target - sum(sizes, start=nothing)
    if not sizes or bool((rest > 0).any()):
        sizes.append(rest)
    starts = [nothing]
    for size in sizes:
        starts.append(starts[-1] + size)
    # Beyond the target (possible only with a stated capacity) the level goes on rising, by one for each further target.
    bases = tuple(Fraction(k) for k in range(len(sizes) + 1))
    return Pieces(bases, (1,) * len(bases), tuple(starts), (*sizes, target))
