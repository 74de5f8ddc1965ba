"""The headline figures in money: what was pledged, committed, paid and spent; and what units are worth.

As in `lookups.figures`, each is a sum of entries, a past day is the book as far as it was recorded by then, and what is
not firm enough to count stands beside. Currencies are never added up or exchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from evenhand.access.viewers import Viewer
from evenhand.lookups.standings import AsOf, DonorChoice, MembersChoice, RecipientChoice, chooser, read_book
from evenhand.lookups.stock import after, balances_on
from evenhand.stockbook.models import Account, Entry
from evenhand.stockbook.travelling import NOT_REVERSED


@dataclass(frozen=True, slots=True)
class Money:
    """Hold the figures of one currency, in its base unit (cents of USD).

    Attributes
    ----------
    per_unit
        Base units in one of the currency: 100 for USD.
    claimed, pledged
        Said, and promised without an agreement; beside the book.
    committed
        Bound by agreement and neither allocated nor paid.
    allocated, paid, spent, returned, withdrawn
        What became of the rest.
    """

    currency: str
    unit: str
    per_unit: int = 1
    needed: int = 0
    claimed: int = 0
    pledged: int = 0
    committed: int = 0
    allocated: int = 0
    paid: int = 0
    spent: int = 0
    returned: int = 0
    withdrawn: int = 0


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


def list_money(
    viewer: Viewer,
    *,
    party: RecipientChoice = "",
    group: MembersChoice = "",
    donor: DonorChoice = "",
    as_of: AsOf = None,
) -> list[Money]:
    """Return the figures of money, by currency. Raises NameUnknown."""
    book = read_book(as_of)
    chosen = chooser(book, party, group, donor, "")
    rows: dict[str, dict[str, int]] = {}
    found = [(one, one.stage) for one in book.standings] + [(need, "needed") for need in book.wanted]
    for one, column in found:
        if book.kind(one.resource) == "money" and chosen(one):
            cells = rows.setdefault(one.resource, {})
            cells[column] = cells.get(column, 0) + one.quantity
    return [
        Money(one.key, one.base_unit, int(one.packs.get(one.key, 1)), **cells)
        for one, cells in ((book.resources[currency], cells) for currency, cells in sorted(rows.items()))
    ]


def list_values(viewer: Viewer, *, as_of: AsOf = None) -> list[Valued]:
    """Return what the units in the book are worth, by currency, at the prices with which their offers entered it."""
    prices = _prices(as_of)
    past = None if as_of is None else balances_on(as_of)
    sums: dict[str, dict[str, Fraction]] = {}
    rows = Account.objects.filter(offer__in=list(prices)).exclude(stage="outside").order_by("key")
    for key, offer, stage, kept in rows.values_list("key", "offer", "stage", "balance"):
        units = kept if past is None else past.get(key, 0)
        price = prices[offer]
        cells = sums.setdefault(price.currency, {})
        for column in VALUED.get(stage, ()):
            cells[column] = cells.get(column, Fraction(0)) + units * price.per_unit
    days = {
        currency: [day for price in prices.values() if price.currency == currency for day in price.days]
        for currency in sums
    }
    return [
        Valued(
            currency=currency,
            **{column: _decimal(cells.get(column, Fraction(0))) for column in VALUED_COLUMNS},
            priced_from=min(days[currency], default=""),
            priced_until=max(days[currency], default=""),
        )
        for currency, cells in sorted(sums.items())
    ]  # fmt: skip


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
        entered = entered.filter(recorded__lt=after(as_of))
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
