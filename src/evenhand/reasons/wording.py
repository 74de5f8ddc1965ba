"""Numbers, lists and levels in the words of an explanation: exact digits, thousands separated, no jargon.

Called by the `explain_` modules alone. `figures.words` rounds for pictures; here every digit agrees with the plan's files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.allocation.problem import Problem

_MOST_DECIMALS = 9
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def exact(number: Fraction | int) -> str:
    """Write an amount in full, rounded half up to six decimals as in the plan's files.

    Examples
    --------
    >>> exact(1603550), exact(Fraction(25, 2)), exact(Fraction(12, 7))
    ('1,603,550', '12.5', '1.714286')
    """
    return decimal(Fraction(number), 6).rstrip("0").rstrip(".")


def decimal(number: Fraction, decimals: int) -> str:
    """Write a number with so many decimals, rounded half up.

    Examples
    --------
    >>> decimal(Fraction(1, 8), 2), decimal(Fraction(-12345), 1)
    ('0.13', '-12,345.0')
    """
    unit = 10**decimals
    size = abs(number)
    whole, part = divmod((2 * size.numerator * unit + size.denominator) // (2 * size.denominator), unit)
    return f"{'-' if number < 0 else ''}{whole:,}" + (f".{part:0{decimals}d}" if decimals else "")


def percent(share: Fraction) -> str:
    """Write a share as percent with one decimal, or as many as it takes not to round it up to all or down to nothing.

    Examples
    --------
    >>> percent(Fraction(474003, 10**6)), percent(Fraction(99968, 10**5)), percent(Fraction(0)), percent(Fraction(1, 3000))
    ('47.4%', '99.97%', '0.0%', '0.03%')
    """
    return percents(share)[0]


def percents(*shares: Fraction) -> tuple[str, ...]:
    """Write shares that a reader will compare: with one decimal, or as many as it takes to tell them apart.

    Examples
    --------
    >>> percents(Fraction(4733, 10**4), Fraction(4738, 10**4)), percents(Fraction(1, 2), Fraction(1, 2))
    (('47.3%', '47.4%'), ('50.0%', '50.0%'))
    >>> percents(Fraction(47331, 10**5), Fraction(47333, 10**5))
    ('47.331%', '47.333%')
    """
    written: list[str] = []
    for decimals in range(1, _MOST_DECIMALS + 1):
        written = [f"{decimal(share * 100, decimals)}%" for share in shares]
        told = len(set(written)) == len(set(shares))
        ends = {f"{decimal(Fraction(0), decimals)}%": 0, f"{decimal(Fraction(100), decimals)}%": 1}
        if told and all(share == ends.get(text, share) for share, text in zip(shares, written, strict=True)):
            break
    return tuple(written)


def number(count: int) -> str:
    """Write a small count in letters.

    Examples
    --------
    >>> number(1), number(12), number(1300)
    ('one', 'twelve', '1,300')
    """
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"


def count(how_many: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> count(1, "lot"), count(3200, "recipient")
    ('one lot', '3,200 recipients')
    """
    return f"{number(how_many)} {noun if how_many == 1 else plural or noun + 's'}"


def amount(quantity: Fraction | int, noun: str) -> str:
    """Write a quantity in digits with its noun.

    Examples
    --------
    >>> amount(1, "pack"), amount(Fraction(12, 7), "pack"), amount(0, "service unit")
    ('1 pack', '1.714286 packs', '0 service units')
    """
    return f"{exact(quantity)} {noun if quantity == 1 else noun + 's'}"


def listed(names: Sequence[str], *, most: int = 3, total: int | None = None) -> str:
    """Join names as in a sentence, and count those left out.

    Parameters
    ----------
    total
        How many there are, where `names` holds only the first.

    Examples
    --------
    >>> listed(["Chad"]), listed(["Chad", "Mali", "Niger"]), listed(list("abcdef"))
    ('Chad', 'Chad, Mali and Niger', 'a, b, c and 3 more')
    """
    total = len(names) if total is None else total
    shown = list(names) if total == len(names) == most + 1 else list(names[:most])  # never "and 1 more" for a name
    if total > len(shown):
        return f"{', '.join(shown)} and {total - len(shown):,} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1] if shown else "") if part)


def sentence(text: str) -> str:
    """Begin a sentence with a capital letter.

    Examples
    --------
    >>> sentence("the waterline is 20.0%.")
    'The waterline is 20.0%.'
    """
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class LevelWords:
    """Say levels under one rule: as a share, or, under tiers, as groups served.

    Attributes
    ----------
    named
        How many tiers the tables name.
    groups
        How many there are with the rest of the target.
    """

    rule: str
    named: int = 0
    groups: int = 0

    @classmethod
    def of(cls, problem: Problem) -> LevelWords:
        """Return the words that fit a problem's rule."""
        if problem.terms.rule != "tiers":
            return cls(problem.terms.rule)
        named = sum(name.startswith("tier_") for name in problem.tables.needs.columns)
        return cls("tiers", named, len(problem.pieces.base) - 1)

    def say(self, level: Fraction) -> str:
        """Write one level.

        Examples
        --------
        >>> LevelWords("equal-coverage").say(Fraction(2, 5))
        '40.0%'
        >>> LevelWords("tiers", 1, 2).say(Fraction(7, 5))
        'the first group in full and 40.0% of the rest'
        """
        return self.compare(level)[0]

    def compare(self, *levels: Fraction) -> tuple[str, ...]:
        """Write levels that a reader will compare."""
        if self.rule != "tiers":
            return percents(*levels)
        parts = percents(*(level - level.__floor__() for level in levels))
        return tuple(self._groups(level, part) for level, part in zip(levels, parts, strict=True))

    def instead(self, after: Fraction, before: Fraction) -> str:
        """Write that one level is reached in place of another.

        Examples
        --------
        >>> LevelWords("equal-coverage").instead(Fraction(1, 2), Fraction(2, 5))
        '50.0% instead of 40.0%'
        >>> LevelWords("tiers", 1, 2).instead(Fraction(3, 2), Fraction(7, 5))
        '50.0% of the rest instead of 40.0%'
        """
        new, old = self.compare(after, before)
        full = after.__floor__()
        if self.rule != "tiers" or full != before.__floor__() or full >= self.groups or before == full:
            return f"{new} instead of {old}"
        parts = percents(after - full, before - full)
        return f"{parts[0]} of {self._following(full)} instead of {parts[1]}"

    def _groups(self, level: Fraction, part: str) -> str:
        full = level.__floor__()
        done = (
            "" if not full else "the first group in full" if full == 1 else f"the first {number(full)} groups in full"
        )
        if full >= self.groups:
            done = "every group in full"
            return (
                done
                if level == full == self.groups
                else f"{done}, and {percent(level - self.groups)} of the target beyond"
            )
        if full and level == full:
            return done
        return f"{done} and {part} of {self._following(full)}" if full else f"{part} of {self._following(full)}"

    def _following(self, full: int) -> str:
        """Name the group that follows those served in full."""
        if full == self.named:
            return "the rest" if full else "the target"
        ordinal = _ORDINALS[full] if full < len(_ORDINALS) else f"{full + 1}th"
        return f"the {ordinal}" if full else f"the {ordinal} group"
