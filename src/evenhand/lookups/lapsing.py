"""What runs out: needs that lapse soon unless they are renewed, and units that expire before anybody used them.

Both are public, as the needs and the stock themselves are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, ClassVar

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from evenhand.access.viewers import Viewer
from evenhand.errors import OptionRefused
from evenhand.lookups.choosing import (
    GroupChoice,
    PartyChoice,
    ResourceChoice,
    of_group,
    of_party,
    of_resource,
)
from evenhand.lookups.needs import Need, needs_lapsing
from evenhand.lookups.paging import (
    AfterChoice,
    By,
    MostChoice,
    OrderChoice,
    Orders,
    SearchChoice,
    page_of_rows,
)
from evenhand.lookups.reach import today
from evenhand.lookups.searching import search as matching
from evenhand.records.models import Party
from evenhand.stockbook.models import Account, Consignment

WithinDays = Annotated[int, "so many days from today, that day included"]
LONGEST = 36_500
KEPT = ("offered", "allocated", "in-transit", "received")
"""Where units stand that can still expire."""

ORDERS = Orders(
    {
        "expires": By("offer__expires", "expires", date),
        "quantity": By("balance", "quantity", int),
        "resource": By("resource_id", "resource"),
        "donor": By("offer__donor_id", "donor"),
    },
    default="expires",
    key=By("key", "account"),
)


@dataclass(frozen=True, slots=True)
class Expiring:
    """Hold units of one offer in one place that expire, in base units.

    Attributes
    ----------
    days
        Until they expire; below zero where they have.
    stage, holder, holder_name
        Where they stand; for what travels, who is to have it. "" where they are with the donor still.
    consignment
        In which they travel, "" where in none.
    """

    account: str
    offer: str
    donor: str
    donor_name: str
    resource: str
    resource_name: str
    base_unit: str
    stage: str
    holder: str
    holder_name: str
    consignment: str
    quantity: int
    expires: date
    days: int

    orders: ClassVar[Orders] = ORDERS


def list_lapsing(
    viewer: Viewer,
    *,
    within_days: WithinDays = 30,
    party: PartyChoice = "",
    group: GroupChoice = "",
    resource: ResourceChoice = "",
    search: SearchChoice = "",
    order: OrderChoice = "valid_until",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Need]:
    """Return the approved needs that lapse within so many days, the first to lapse at the top.

    Raises
    ------
    NameUnknown
        There is no such party, group or resource.
    OptionRefused
        The days are none, or there is no such order; the cursor is of another list.
    """
    until = _until(within_days)
    return needs_lapsing(viewer, until, party, group, resource, search).page(order or "valid_until", after, most)


def count_lapsing(
    viewer: Viewer,
    *,
    within_days: WithinDays = 30,
    party: PartyChoice = "",
    group: GroupChoice = "",
    resource: ResourceChoice = "",
    search: SearchChoice = "",
) -> int:
    """Return how many needs `list_lapsing` would list; refuses what that refuses."""
    return needs_lapsing(viewer, _until(within_days), party, group, resource, search).count()


def list_expiring(
    viewer: Viewer,
    *,
    within_days: WithinDays = 60,
    party: Annotated[str, "only what this party holds or is to have, or one below it"] = "",
    donor: Annotated[str, "only what this party gave, or one below it"] = "",
    group: GroupChoice = "",
    resource: ResourceChoice = "",
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Expiring]:
    """Return the units that expire within so many days or have, and were not used or written off, the first at the top.

    Raises
    ------
    NameUnknown
        There is no such party, donor, group or resource.
    OptionRefused
        The days are none, or there is no such order; the cursor is of another list.
    """
    rows = _expiring(_until(within_days), party, donor, group, resource, search)
    to = Subquery(Consignment.objects.filter(pk=OuterRef("holder")).values("destination")[:1])
    rows = rows.select_related("resource", "offer__donor").annotate(
        to=Coalesce(to, F("holder"), output_field=CharField())
    )
    rows = rows.annotate(
        to_name=Coalesce(Subquery(Party.objects.filter(pk=OuterRef("to")).values("name")[:1]), Value(""))
    )
    return [_row(row) for row in page_of_rows(rows, ORDERS, order, after, most)]


def count_expiring(
    viewer: Viewer,
    *,
    within_days: WithinDays = 60,
    party: str = "",
    donor: str = "",
    group: GroupChoice = "",
    resource: ResourceChoice = "",
    search: SearchChoice = "",
) -> int:
    """Return how many rows `list_expiring` would list; refuses what that refuses."""
    return _expiring(_until(within_days), party, donor, group, resource, search).count()


def _expiring(until: date, party: str, donor: str, group: str, resource: str, search: str) -> QuerySet[Account]:
    rows = Account.objects.filter(
        of_party(donor, "offer__donor"), of_resource(resource), stage__in=KEPT, balance__gt=0, offer__expires__lte=until
    )
    for asked in (of_party(party, "holder", "destination"), of_group(group, None, "holder", "destination")):
        if asked:
            rows = rows.alias(
                destination=Subquery(Consignment.objects.filter(pk=OuterRef("holder")).values("destination")[:1])
            ).filter(asked)
    found: Q = matching(search, ["offer__ref", "holder"], parties=["holder", "offer__donor"], resources=["resource"])
    return rows.filter(found)


def _row(row: object) -> Expiring:
    account: Account = row  # type: ignore[assignment]  # with what was annotated
    offer, travels = account.offer, account.stage == "in-transit"
    expires = offer.expires or date.max
    return Expiring(
        account=account.key,
        offer=offer.ref,
        donor=offer.donor_id,
        donor_name=offer.donor.name,
        resource=account.resource_id,
        resource_name=account.resource.name,
        base_unit=account.resource.base_unit,
        stage=account.stage,
        holder=account.to,  # type: ignore[attr-defined]  # annotated
        holder_name=account.to_name,  # type: ignore[attr-defined]  # annotated
        consignment=account.holder if travels else "",
        quantity=account.balance,
        expires=expires,
        days=(expires - today()).days,
    )


def _until(within_days: int) -> date:
    """Return the last day of so many. Raises OptionRefused."""
    if not 0 <= within_days <= LONGEST:
        raise OptionRefused(f"{within_days} days cannot be looked ahead; give 0 to {LONGEST:,}")
    return today() + timedelta(days=within_days)
