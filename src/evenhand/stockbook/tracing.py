"""Following units: whose they are, where they are, and the whole path of an offer to the last hand.

The donor of every unit stands in its account's key, so provenance is read and never worked out. Used by the lookups, which
say who may see it, and by the actions, which say where units are that somebody looks for in the wrong place. Reads only;
every figure is a sum of entries, reversals taken off again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Sum

from evenhand.ledger.entries import AccountKey
from evenhand.ledger.stages import REVERSE, STAGE_NAMES
from evenhand.records.models import Offer
from evenhand.stockbook.models import Account, Consignment, Entry, EntryNote
from evenhand.stockbook.travelling import IN_TRANSIT, NOT_REVERSED, LineState, lines_of, state_of


@dataclass(frozen=True, slots=True)
class Holding:
    """Hold so many base units of one donor's offer in one account."""

    account: AccountKey
    donor: str
    resource: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Hold what moved in all from one account to another, reversals taken off."""

    source: AccountKey
    target: AccountKey
    quantity: int


@dataclass(frozen=True, slots=True)
class Share:
    """Hold what one party got of an offer, in base units.

    Attributes
    ----------
    allocated
        Decided for it, whatever has become of it since.
    sent
        Dispatched to it in consignments.
    received
        Arrived in good order, or paid to it.
    used
        Handed to people, or spent.
    passed_on
        Dispatched by it to somebody else.
    damaged, missing, expired, returned
        Lost on the way to it or in its hands.
    held
        What it holds now.
    """

    party: str
    allocated: int = 0
    sent: int = 0
    received: int = 0
    used: int = 0
    passed_on: int = 0
    damaged: int = 0
    missing: int = 0
    expired: int = 0
    returned: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class OfferPath:
    """Hold what became of every unit of an offer.

    Attributes
    ----------
    entered
        Base units that entered the book, and were not taken out of it by a reversal.
    stages
        Stage → base units that are there now; they add up to `entered`.
    shares
        For each party that was allocated, sent or paid any: what it got, sorted by party.
    flows
        Every way between two accounts and how much took it, in the order of the stages.
    """

    offer: str
    donor: str
    resource: str
    entered: int
    stages: dict[str, int]
    shares: tuple[Share, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """Hold one finding on receipt: so many base units damaged or missing, why, when, and in whose words."""

    entry: str
    stage: str
    quantity: int
    happened: str
    cause: str
    note: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold one line of a consignment as its sender and its donor see it: what left, what was found, and why."""

    line: LineState
    donor: str
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsignmentPath:
    """Hold a consignment, how far it is, and the difference between sent and received on each line."""

    consignment: Consignment
    state: str
    differences: tuple[Difference, ...] = field(default=())


def list_holdings(
    *, parties: Iterable[str] | None = None, offers: Iterable[str] | None = None, stages: Iterable[str] = STAGE_NAMES
) -> list[Holding]:
    """Return who gave what is in the accounts of these parties or offers, `outside` left out, sorted by account."""
    rows = Account.objects.filter(balance__gt=0, stage__in=list(stages)).exclude(stage="outside")
    if parties is not None:
        rows = rows.filter(holder__in=list(parties))
    if offers is not None:
        rows = rows.filter(offer__in=list(offers))
    found = rows.values_list("key", "offer__donor", "resource", "balance").order_by("key")
    return [Holding(AccountKey.read(key), donor, resource, balance) for key, donor, resource, balance in found]


def trace_offer(offer: Offer) -> OfferPath:
    """Return the whole path of an offer, from the donor to the last hand."""
    flows = _flows(offer)
    stages = dict.fromkeys(STAGE_NAMES, 0)
    for flow in flows:
        stages[flow.source.stage] -= flow.quantity
        stages[flow.target.stage] += flow.quantity
    entered = -stages.pop("outside")
    return OfferPath(
        offer.ref,
        offer.donor_id,
        offer.resource_id,
        entered,
        {stage: quantity for stage, quantity in stages.items() if quantity},
        _shares(flows),
        tuple(flow for flow in flows if flow.quantity),
    )


def trace_consignment(consignment: Consignment) -> ConsignmentPath:
    """Return how far a consignment is, with every difference and its cause."""
    lines = lines_of(consignment)
    transit = {str(AccountKey(IN_TRANSIT, one.line.offer_id, consignment.ref)): one.line.offer_id for one in lines}
    found = list(
        Entry.objects.filter(NOT_REVERSED, source__in=transit)
        .exclude(verb__in=("receive", REVERSE))
        .order_by("seq")
        .values_list("entry", "source_id", "target_id", "quantity", "happened")
    )
    remarks = EntryNote.objects.filter(entry__in=[row[0] for row in found]).values_list("entry__entry", "cause", "note")
    notes = {entry: (cause, note) for entry, cause, note in remarks}
    causes: dict[str, list[Cause]] = {}
    for entry, source, target, quantity, happened in found:
        cause = Cause(entry, AccountKey.read(target).stage, quantity, happened, *notes.get(entry, ("", "")))
        causes.setdefault(transit[source], []).append(cause)
    return ConsignmentPath(
        consignment,
        state_of(consignment, lines),
        tuple(Difference(one, one.line.offer.donor_id, tuple(causes.get(one.line.offer_id, ()))) for one in lines),
    )


def _flows(offer: Offer) -> list[Flow]:
    """Return what moved between each two accounts of an offer; a reversal is taken off the way that it undoes."""
    rows = (
        Entry.objects.filter(source__offer=offer)
        .values_list("source_id", "target_id", "verb")
        .annotate(Sum("quantity"))
        .order_by()
    )
    sums: dict[tuple[str, str], int] = {}
    for source, target, verb, quantity in rows:
        way, sign = ((target, source), -1) if verb == REVERSE else ((source, target), 1)
        sums[way] = sums.get(way, 0) + sign * int(quantity)
    order = {stage: place for place, stage in enumerate(STAGE_NAMES)}
    flows = [Flow(AccountKey.read(source), AccountKey.read(target), moved) for (source, target), moved in sums.items()]
    return sorted(
        flows, key=lambda flow: (order[flow.source.stage], str(flow.source), order[flow.target.stage], str(flow.target))
    )


def _shares(flows: Iterable[Flow]) -> tuple[Share, ...]:
    """Return what each party got, from the ways that lead to it and away from it."""
    flows = list(flows)
    goes_to = Consignment.objects.filter(pk__in=travelling_in(flows)).values_list("ref", "destination")
    return share_out(flows, dict(goes_to))


def travelling_in(flows: Iterable[Flow]) -> set[str]:
    """Return the consignments that units left for or came from."""
    sides = (side for flow in flows for side in (flow.source, flow.target))
    return {side.holder for side in sides if side.stage == IN_TRANSIT}


def share_out(flows: Iterable[Flow], goes_to: Mapping[str, str]) -> tuple[Share, ...]:
    """Return what each party got, where it is known to whom each consignment goes."""
    got: dict[str, dict[str, int]] = {}

    def add(party: str, column: str, quantity: int) -> None:
        columns = got.setdefault(party, {})
        columns[column] = columns.get(column, 0) + quantity

    for flow in flows:
        source, target, moved = flow.source, flow.target, flow.quantity
        if target.stage == "allocated":
            add(target.holder, "allocated", moved)
        elif target.stage == IN_TRANSIT:
            add(goes_to[target.holder], "sent", moved)
            if source.stage == "received":
                add(source.holder, "passed_on", moved)
                add(source.holder, "held", -moved)
        elif target.stage in ("received", "paid"):
            add(target.holder, "received", moved)
            add(target.holder, "held", moved)
        elif target.stage in ("used", "spent", "damaged", "missing", "expired", "returned"):
            column = {"spent": "used"}.get(target.stage, target.stage)
            if source.stage == IN_TRANSIT:
                add(goes_to[source.holder], column, moved)
            elif source.holder:
                add(source.holder, column, moved)
            if source.stage in ("received", "paid"):
                add(source.holder, "held", -moved)
    return tuple(Share(party, **columns) for party, columns in sorted(got.items()) if any(columns.values()))
