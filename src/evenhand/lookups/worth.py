"""What units in the book are worth: at the prices with which their offers entered it, by currency, nothing exchanged.

Asked by `lookups.snapshot` while it reads a book, told by `lookups.money`. Holds only what everybody may see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Sum

from evenhand.lookups.stock import after_day, balances_on
from evenhand.stockbook.models import Account, Entry
from evenhand.stockbook.travelling import NOT_REVERSED


@dataclass(frozen=True, slots=True)
class Valued:
    """Hold what units are worth in one currency, at the prices their donors gave; prices of different days add up.

    Attributes
    ----------
    priced_from, priced_until
        The first and the last day of those prices or rates.
    """

    currency: str
    promised: Decimal
    allocated: Decimal
    in_transit: Decimal
    received: Decimal
    used: Decimal
    lost: Decimal
    priced_from: str
    priced_until: str


def value_book(as_of: date | None) -> tuple[Valued, ...]:
    """Return what the units in the book are worth, now or at the end of a day."""
    prices = _prices(as_of)
    past = None if as_of is None else balances_on(as_of)
    sums: dict[str, dict[str, Fraction]] = {price.currency: {} for price in prices.values()}
    for offer, stage, units in _kept(past):
        price = prices.get(offer)
        if price is None:
            continue
        cells = sums[price.currency]
        for column in VALUED.get(stage, ()):
            cells[column] = cells.get(column, Fraction(0)) + units * price.per_unit
    days = {
        currency: [day for price in prices.values() if price.currency == currency for day in price.days]
        for currency in sums
    }
    return tuple(
        Valued(
            currency=currency,
            **{column: _decimal(cells.get(column, Fraction(0))) for column in VALUED_COLUMNS},
            priced_from=min(days[currency], default=""),
            priced_until=max(days[currency], default=""),
        )
        for currency, cells in sorted(sums.items())
    )  # fmt: skip


VALUED = {
    "offered": ("promised",), "allocated": ("promised", "allocated"), "in-transit": ("promised", "in_transit"),
    "received": ("promised", "received"), "used": ("promised", "used"), "damaged": ("promised", "lost"),
    "missing": ("promised", "lost"), "expired": ("promised", "lost"), "returned": ("promised",),
}  # fmt: skip
"""Stage → the columns of a value that count it; money is worth itself and is not valued."""

VALUED_COLUMNS = ("promised", "allocated", "in_transit", "received", "used", "lost")


@dataclass(frozen=True, slots=True)
class _Price:
    currency: str
    per_unit: Fraction
    days: tuple[str, ...]


def _prices(as_of: date | None) -> dict[str, _Price]:
    """Return what one base unit of each valued offer is worth, by the entries with which it entered the book."""
    entered = Entry.objects.filter(NOT_REVERSED, source__stage="outside", target__stage="offered").exclude(value="")
    if as_of is not None:
        entered = entered.filter(recorded__lt=after_day(as_of))
    rows: dict[str, list[tuple[int, Fraction, str, str]]] = {}
    columns = ("source__offer", "quantity", "value", "currency", "valued_on")
    for offer, quantity, value, currency, valued_on in entered.order_by("seq").values_list(*columns):
        rows.setdefault(offer, []).append((quantity, Fraction(value), currency, valued_on))
    return {
        offer: _Price(
            found[0][2], sum((one[1] for one in found), Fraction(0)) / sum(one[0] for one in found),
            tuple(one[3] for one in found if one[3]),
        )
        for offer, found in rows.items()
    }  # fmt: skip


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)


def _kept(past: dict[str, int] | None) -> Iterable[tuple[str, str, int]]:
    """Return how much of each offer stands in each stage that has a value."""
    rows = Account.objects.filter(stage__in=list(VALUED))
    if past is not None:
        for key, offer, stage in rows.values_list("key", "offer", "stage"):
            yield offer, stage, past.get(key, 0)
        return
    priced = rows.filter(balance__gt=0).values_list("offer", "stage").annotate(Sum("balance")).order_by()
    for offer, stage, total in priced:
        yield offer, stage, int(total)
