"""Promises that are overdue: what a donor said would leave by a day, and which stands with the donor still.

Public, as offers and the stock itself are. Statements are never overdue: nothing of them stands in the book.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, QuerySet, Sum

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import (
    GroupChoice,
    PartyChoice,
    ProgrammeChoice,
    ResourceChoice,
    of_group,
    of_party,
    of_programme,
    of_resource,
)
from evenhand.lookups.paging import (
    AfterChoice,
    By,
    MostChoice,
    OrderChoice,
    Orders,
    SearchChoice,
    page_of_rows,
)
from evenhand.lookups.promised import OPEN, Given
from evenhand.lookups.reach import today
from evenhand.lookups.searching import search as matching
from evenhand.lookups.searching import words_of
from evenhand.lookups.snapshot import read_book
from evenhand.lookups.standings import Book, expect_choice, holder_choice
from evenhand.records.models import Offer
from evenhand.stockbook.models import Account

ORDERS = Orders(
    {
        "window_until": By("window_until", kind=date),
        "donor": By("donor_id", "donor"),
        "resource": By("resource_id", "resource"),
        "offer": By("ref", "offer"),
    },
    default="window_until",
    key=By("ref", "offer"),
)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Hold one promise that is overdue, in base units.

    Attributes
    ----------
    quantity
        What has not left yet.
    window_until
        The last day on which it was to leave.
    days
        For how many days it has been late.
    """

    offer: str
    donor: str
    donor_name: str
    resource: str
    resource_name: str
    base_unit: str
    firmness: str
    quantity: int
    promised: int
    window_until: date
    days: int

    orders: ClassVar[Orders] = ORDERS


def list_overdue(
    viewer: Viewer,
    *,
    party: PartyChoice = "",
    group: GroupChoice = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Overdue]:
    """Return the promises whose window has passed and that have not wholly left, the longest overdue first.

    Parameters
    ----------
    party, group
        Whose promises: the donor is meant.

    Raises
    ------
    NameUnknown
        There is no such party, group, resource or programme.
    OptionRefused
        There is no such order; the cursor is of another list.
    """
    rows: Any = _chosen(party, group, resource, programme, search).select_related("donor", "resource")
    found = list(page_of_rows(rows, ORDERS, order, after, most))
    open_ = Account.objects.filter(offer__in=[one.ref for one in found], stage__in=OPEN)
    left = dict(open_.values_list("offer").annotate(Sum("balance")).order_by())
    return [
        Overdue(
            one.ref, one.donor_id, one.donor.name, one.resource_id, one.resource.name, one.resource.base_unit, one.firmness,
            int(left.get(one.ref, 0)), one.quantity, one.window_until, (today() - one.window_until).days,
        )
        for one in found
    ]  # fmt: skip


def count_overdue(
    viewer: Viewer,
    *,
    party: PartyChoice = "",
    group: GroupChoice = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    search: SearchChoice = "",
) -> int:
    """Return how many promises `list_overdue` would list; refuses what that refuses.

    Without words to look for and without a programme they are counted in the book that `lookups.snapshot` keeps.
    """
    if not programme and not words_of(search):
        expect_choice(party, group, resource=resource)
        book = read_book(None)
        chosen, family = holder_choice(book, party, group), book.family_of(resource)
        late = book.index(_late)
        return sum(one.overdue_offers for one in late if chosen(one.donor) and (not resource or one.resource in family))
    return _chosen(party, group, resource, programme, search).count()


def _late(book: Book) -> list[Given]:
    return [one for one in book.given if one.overdue_offers]


def _chosen(party: str, group: str, resource: str, programme: str, search: str) -> QuerySet[Offer]:
    chosen = Offer.objects.filter(
        of_party(party, "donor"), of_group(group, None, "donor"), of_resource(resource), of_programme(programme),
        matching(search, ["ref"], parties=["donor"], resources=["resource"]), window_until__lt=today(),
    )  # fmt: skip
    return chosen.filter(Exists(Account.objects.filter(offer=OuterRef("pk"), stage__in=OPEN, balance__gt=0)))
