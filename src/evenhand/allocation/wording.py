"""How sentences about plans count, list and write numbers.

Called by `comparison`, `differences` and `happened`. Knows nothing of plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from evenhand.allocation.outcome import six_decimals

_SHOWN = 5
"""How many names a sentence lists before it only counts."""


def count(number: int, kind: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(1, "recipient"), count(1200, "lot")
    ('1 recipient', '1,200 lots')
    """
    return f"{number:,} {kind}" if number == 1 else f"{number:,} {kind}s"


def listed(names: Sequence[str], *, separator: str = ", ") -> str:
    """Return names in a row; after five, how many more there are.

    Examples
    --------
    >>> listed(["AU"]), listed(["AU", "OIC"]), listed(["AU", "OIC", "NAM"])
    ('AU', 'AU and OIC', 'AU, OIC and NAM')
    >>> listed(list("ABCDEFG"))
    'A, B, C, D, E and 2 more'
    """
    if len(names) > _SHOWN:
        return f"{separator.join(names[:_SHOWN])} and {len(names) - _SHOWN:,} more"
    if len(names) < 2:
        return "".join(names)
    return f"{separator.join(names[:-1])} and {names[-1]}"


def in_numbers(number: Fraction | int) -> str:
    """Return an amount as a person writes it: thousands grouped, at most six decimals.

    Examples
    --------
    >>> in_numbers(Fraction(3601, 3)), in_numbers(1200), in_numbers(Fraction(-1, 2))
    ('1,200.333333', '1,200', '-0.5')
    """
    number = Fraction(number)
    whole, _, rest = six_decimals(abs(number)).partition(".")
    rest = rest.rstrip("0")
    return f"{'-' if number < 0 else ''}{int(whole):,}{'.' if rest else ''}{rest}"
