"""Count of each donor how much of what it pledged it paid, and the median number of days between.

Called beside `read`. The share rests on the file alone and says so: what is not yet due is counted apart, a pledge or payment
without a day is in the share and not in the delay, and a donor is never ranked. Must never mix currencies: the file's own US
dollars are used, the payment's at its day's rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evenhand.exchange.contributions.read import Contribution


@dataclass(frozen=True, slots=True)
class DonorKept:
    """Hold what became of the pledges of one donor, or of all of them.

    Attributes
    ----------
    contributions
        How many rows it rests on.
    paid, owed
        US dollars that were paid, and that are still owed.
    later
        What of `owed` is for a year after the newest payment of the file, so not yet due.
    share
        paid / (paid + owed).
    share_due
        paid / (paid + owed − later): without what is not yet due; None where nothing is due.
    delays
        How many payments have both days, on which the median rests.
    median_delay
        Days from pledge to payment; negative where the payment is dated before the pledge; None where no days are known.
    before
        How many payments are dated before their pledge.
    """

    donor: str
    name: str
    contributions: int
    paid: Decimal
    owed: Decimal
    later: Decimal
    share: Fraction
    share_due: Fraction | None
    delays: int
    median_delay: Fraction | None
    before: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold the donors by name, all of them together, and the last year that anything was paid in."""

    donors: tuple[DonorKept, ...]
    all: DonorKept
    year: int


def count_kept(contributions: Sequence[Contribution]) -> Kept:
    """Return what became of the pledges, by donor and in all.

    Examples
    --------
    >>> from datetime import date
    >>> day = date(2021, 3, 1)
    >>> rows = [
    ...     Contribution("NOR", "Norway", "CERF", 2021, Decimal(0), Decimal(75), day, date(2021, 3, 31), 2),
    ...     Contribution("NOR", "Norway", "CERF", 2022, Decimal(25), Decimal(0), day, None, 3),
    ... ]
    >>> kept = count_kept(rows)
    >>> kept.all.share, kept.all.share_due, kept.all.median_delay
    (Fraction(3, 4), Fraction(1, 1), Fraction(30, 1))
    """
    year = max((one.paid_on.year for one in contributions if one.paid_on), default=0)
    by_donor: dict[str, list[Contribution]] = {}
    for one in contributions:
        by_donor.setdefault(one.donor, []).append(one)
    donors = [_kept(donor, rows[0].donor_name, rows, year) for donor, rows in by_donor.items()]
    donors.sort(key=lambda one: (one.name.casefold(), one.donor))
    return Kept(tuple(donors), _kept("", "", contributions, year), year)


def _kept(donor: str, name: str, rows: Sequence[Contribution], year: int) -> DonorKept:
    paid, owed = sum((one.paid for one in rows), Decimal(0)), sum((one.owed for one in rows), Decimal(0))
    later = sum((one.owed for one in rows if year and one.year is not None and one.year > year), Decimal(0))
    days = [(one.paid_on - one.pledged_on).days for one in rows if one.paid and one.paid_on and one.pledged_on]
    due = paid + owed - later
    return DonorKept(
        donor, name, len(rows), paid, owed, later, _share(paid, paid + owed), _share(paid, due) if due else None, len(days), _median(days),
        sum(day < 0 for day in days),
    )  # fmt: skip


def _share(part: Decimal, whole: Decimal) -> Fraction:
    return Fraction(part) / Fraction(whole) if whole else Fraction(0)


def _median(days: Iterable[int]) -> Fraction | None:
    ordered = sorted(days)
    middle = len(ordered) // 2
    if not ordered:
        return None
    return Fraction(ordered[middle]) if len(ordered) % 2 else Fraction(ordered[middle - 1] + ordered[middle], 2)
