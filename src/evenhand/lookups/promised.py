"""What was promised, by whom and how firmly: claims, and what entered the book and was not taken back.

Asked by `lookups.snapshot` while it reads a book, told by `lookups.promises`. Holds only what everybody may see.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import CharField, Count, Max, Min, Q, Sum
from django.db.models.functions import Cast, Substr

from evenhand.records.models import Offer
from evenhand.stockbook.models import Account

OPEN = ("offered", "committed", "allocated")
"""Where units stand that were promised and have not left."""


class Given(NamedTuple):
    """Hold what one donor promised of one resource in one month, as firmly as it stands now, in base units.

    Attributes
    ----------
    claimed
        As it was said; counts where it is not firm enough to stand in the book.
    entered
        What entered the book and was not withdrawn.
    first, last
        The first and the last day on which it was said.
    overdue
        What has not left although the donor's window has passed, and of how many offers that is.
    """

    donor: str
    resource: str
    firmness: str
    month: str
    claimed: int = 0
    entered: int = 0
    first: date = date.max
    last: date = date.min
    overdue: int = 0
    overdue_offers: int = 0


def list_given(day: date, programme: str = "") -> Iterator[Given]:
    """Return what was promised, in all or for one programme, with what is overdue on a day."""
    month = Substr(Cast("said_on", CharField()), 1, 7)
    offers = Offer.objects.filter(withdrawn=False).annotate(month=month)
    offers = offers.filter(programme=programme) if programme else offers
    said = offers.values_list("donor", "resource", "firmness", "month").annotate(
        Sum("quantity"), Min("said_on"), Max("said_on")
    )
    rows: dict[tuple[str, str, str, str], Given] = {}
    for donor, resource, firmness, when, quantity, first, last in said.order_by():
        key = (donor, resource, firmness, when)
        rows[key] = Given(*key, claimed=int(quantity), first=first, last=last)
    accounts = Account.objects.annotate(month=Substr(Cast("offer__said_on", CharField()), 1, 7))
    accounts = accounts.filter(offer__programme=programme) if programme else accounts
    kept = accounts.filter(stage__in=("outside", "withdrawn")).values_list(
        "offer__donor", "resource", "offer__firmness", "month"
    )
    for *given, balance in kept.annotate(Sum("balance")).order_by():
        key = (given[0], given[1], given[2], given[3])
        one = rows.get(key, Given(*key))
        rows[key] = one._replace(entered=-int(balance))
    late = accounts.filter(stage__in=OPEN, balance__gt=0, offer__window_until__lt=day).values_list(
        "offer__donor", "resource", "offer__firmness", "month"
    )
    for *given, balance, number in late.annotate(Sum("balance"), Count("offer", distinct=True)).order_by():
        key = (given[0], given[1], given[2], given[3])
        one = rows.get(key, Given(*key))
        rows[key] = one._replace(overdue=int(balance), overdue_offers=number)
    yield from rows.values()


def is_overdue(day: date) -> Q:
    """Return the condition that something of an offer has not left although its window has passed."""
    return Q(window_until__lt=day, accounts__stage__in=OPEN, accounts__balance__gt=0)
