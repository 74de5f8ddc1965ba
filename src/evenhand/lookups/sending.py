"""What may be sent and by whom: what stands allocated and not planned yet, and what a viewer may do with one consignment.

Asked by the pages that plan, send and receive. It says in one statement what `actions.consignments` asks line by line; the
action asks again, under the write lock, so that this only keeps pages from offering what would be refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from django.db.models import Count, Q

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.ledger.entries import AccountKey
from evenhand.lookups.choosing import of_party
from evenhand.lookups.reach import NONE, Reach, reach_of
from evenhand.records.earmarks import PARTY
from evenhand.records.models import Group, Party, Resource
from evenhand.rounds.models import Round, RoundLot
from evenhand.stockbook.models import Account, Consignment, ConsignmentLine
from evenhand.stockbook.travelling import open_plans

SENDING = ("consignment dispatch", "consignment cancel", "consignment return")
RECEIVING = "consignment receive"
MOST = 5000
"""So many accounts are looked at; a page shows the pairs of sender and recipient among them."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """Hold units that wait to be sent: of one offer, for one recipient, that no plan means to take yet.

    Attributes
    ----------
    stage
        allocated (by a round), offered (given to one party by name) or received (held, and can be sent on).
    sender
        Who sends it: its donor, or who holds it.
    recipient, recipient_name
        For whom it is; "" where the sender chooses.
    quantity
        In base units; `pack` and `pack_size` say how it is packed.
    """

    account: str
    stage: str
    offer: str
    donor: str
    donor_name: str
    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    resource: str
    resource_name: str
    base_unit: str
    pack: str
    pack_size: int
    quantity: int
    expires: date | None
    programme: str


def list_unsent(
    viewer: Viewer,
    *,
    sender: Annotated[str, "only what this party is to send, or one below it"] = "",
    recipient: Annotated[str, "only what is for this party, or one below it"] = "",
) -> list[Unsent]:
    """Return what a viewer may plan to send, by sender and recipient.

    Raises
    ------
    NameUnknown
        There is no such sender or recipient.
    """
    reach = reach_of(viewer, "consignment plan")
    arranged = Reach(members=reach.members)  # a secretariat arranges for gifts to reach the members of its group
    goods = Account.objects.filter(balance__gt=0).exclude(resource__kind="money")
    goods = goods.select_related("resource", "offer__donor")
    allocated = goods.filter(
        reach.over("offer__donor") | arranged.over("holder"),
        of_party(sender, "offer__donor"), of_party(recipient, "holder"), stage="allocated",
    )  # fmt: skip
    found = list(allocated[:MOST])
    if not recipient:
        found += goods.filter(reach.own("holder"), of_party(sender, "holder"), stage="received")[:MOST]
    named = _by_name(goods, reach, arranged, sender, recipient)
    keys = {one.holder for one in found if one.holder} | set(named.values())
    names = dict(Party.objects.filter(pk__in=keys).values_list("key", "name"))
    planned = open_plans([AccountKey.read(one.key) for one in [*found, *named]])
    rows = [
        _row(one, planned[AccountKey.read(one.key)], named.get(one, ""), names) for one in [*found, *named]
    ]  # fmt: skip
    return sorted(
        (one for one in rows if one.quantity > 0), key=lambda one: (one.sender, one.recipient, one.resource, one.offer)
    )


def may_send(viewer: Viewer, consignment: str) -> bool:
    """Say whether a viewer may dispatch, cancel and turn back a consignment, every line of it."""
    if not viewer.has(*RIGHTS[SENDING[0]]):
        return False
    reach = reach_of(viewer, SENDING[0])
    arranged = Reach(members=reach.members)
    onward = Q(source__startswith="received/")
    own = (onward & reach.own("consignment__origin")) | (
        ~onward & (reach.over("offer__donor") | arranged.over("consignment__destination"))
    )
    lines = ConsignmentLine.objects.filter(consignment=consignment)
    counted = lines.aggregate(every=Count("pk"), own=Count("pk", filter=own))
    return bool(0 < counted["every"] == counted["own"])


def may_receive(viewer: Viewer, consignment: str) -> bool:
    """Say whether a viewer may receive a consignment."""
    if not viewer.has(*RIGHTS[RECEIVING]):
        return False
    return Consignment.objects.filter(reach_of(viewer, RECEIVING).over("destination"), pk=consignment).exists()


def _by_name(goods: object, reach: Reach, arranged: Reach, sender: str, recipient: str) -> dict[Account, str]:
    """Return what is offered to one party by name and lies in no round, with that party."""
    live = RoundLot.objects.filter(round__state__in=Round.LIVE).values("offer")
    offered: Iterable[Account] = (
        goods.filter(of_party(sender, "offer__donor"), stage="offered")  # type: ignore[attr-defined]  # rows of accounts
        .exclude(offer__meant_for="")
        .exclude(offer__meant_for__contains=";")
        .exclude(offer__in=live)[:MOST]
    )
    meant = {one: one.offer.meant_for for one in offered}
    if not meant:
        return {}
    groups = set(Group.objects.filter(pk__in=meant.values()).values_list("key", flat=True))
    keys = {one: name.removeprefix(PARTY) for one, name in meant.items() if name not in groups}
    own = set(
        Account.objects.filter(reach.over("offer__donor"), pk__in=[one.pk for one in keys]).values_list("pk", flat=True)
    )
    over = arranged.over("pk") if arranged.members else NONE
    reached = set(Party.objects.filter(over, pk__in=keys.values()).values_list("key", flat=True))
    below = set(Party.objects.filter(of_party(recipient, "pk"), pk__in=keys.values()).values_list("key", flat=True))
    return {one: key for one, key in keys.items() if key in below and (one.pk in own or key in reached)}


def _row(one: Account, planned: int, named: str, names: dict[str, str]) -> Unsent:
    onward, offer = one.stage == "received", one.offer
    recipient = "" if onward else named or one.holder
    pack, size = pack_of(one.resource, offer.unit, offer.pack_size)
    return Unsent(
        account=one.key, stage=one.stage, offer=offer.ref, donor=offer.donor_id, donor_name=offer.donor.name,
        sender=one.holder if onward else offer.donor_id,
        sender_name=names.get(one.holder, one.holder) if onward else offer.donor.name,
        recipient=recipient, recipient_name=names.get(recipient, recipient), resource=one.resource_id,
        resource_name=one.resource.name, base_unit=one.resource.base_unit, pack=pack, pack_size=size,
        quantity=one.balance - planned, expires=offer.expires, programme=offer.programme_id or "",
    )  # fmt: skip


def pack_of(resource: Resource, unit: str, pack_size: int) -> tuple[str, int]:
    """Return the pack that units of an offer travel in, and its size: the one shared out in, else as typed, else base units."""
    packs = {str(name): int(size) for name, size in resource.packs.items()}
    for name, size in packs.items():
        if size == pack_size and size > 1:
            return name, size
    return (unit, packs[unit]) if unit in packs else (resource.base_unit, 1)
