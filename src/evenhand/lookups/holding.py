"""What parties have in hand: received and neither used, lost nor given back, with what it is and until when it is good.

Asked by the page of stock. Balances are public, so this is; which buttons stand beside a row is the page's matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import of_party
from evenhand.lookups.reach import reach_of, today
from evenhand.lookups.sending import pack_of
from evenhand.records.models import Party
from evenhand.stockbook.models import Account

MOST = 2000


@dataclass(frozen=True, slots=True)
class Held:
    """Hold what one party has of one offer.

    Attributes
    ----------
    stage
        received, paid (money), or offered: what a donor has given and nobody was allocated.
    quantity
        In base units; `pack` and `pack_size` say how it is packed.
    days
        Until it expires, below zero where it has; None where it has no last day.
    """

    holder: str
    holder_name: str
    stage: str
    offer: str
    donor: str
    donor_name: str
    resource: str
    resource_name: str
    kind: str
    base_unit: str
    pack: str
    pack_size: int
    quantity: int
    expires: date | None
    days: int | None


def list_held(
    viewer: Viewer,
    *,
    party: Annotated[str, "what this party holds, and those below it; the viewer's own where not said"] = "",
) -> list[Held]:
    """Return what a party and those below it hold, what expires first at the top.

    Raises
    ------
    NameUnknown
        There is no such party.
    """
    whose = of_party(party, "holder") if party else reach_of(viewer, "stock distribute").own("holder")
    rows = Account.objects.filter(whose, stage__in=("received", "paid"), balance__gt=0)
    found = list(rows.select_related("resource", "offer__donor")[:MOST])
    names = dict(Party.objects.filter(pk__in={one.holder for one in found}).values_list("key", "name"))
    held = [_held(one, names) for one in found]
    return sorted(held, key=lambda one: (one.expires or date.max, one.holder, one.resource, one.offer))


def _held(one: Account, names: dict[str, str]) -> Held:
    pack, size = pack_of(one.resource, one.offer.unit, one.offer.pack_size)
    expires = one.offer.expires
    return Held(
        holder=one.holder, holder_name=names.get(one.holder, one.holder), stage=one.stage, offer=one.offer_id,
        donor=one.offer.donor_id, donor_name=one.offer.donor.name, resource=one.resource_id,
        resource_name=one.resource.name, kind=one.resource.kind, base_unit=one.resource.base_unit, pack=pack,
        pack_size=size, quantity=one.balance, expires=expires, days=None if expires is None else (expires - today()).days,
    )  # fmt: skip
