"""What followed one statement: the sums of entries of the offers it is linked to, for the receivers that it names, with days.

Asked by `lookups.followed` for statements that the viewer may see. Each amount is a sum of entries, reversals taken off, so
it is public. A statement adds nothing to any total, and a comparison says what it rests on.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Final, NamedTuple

from django.db.models import Max, Min, Sum

from evenhand.ledger.stages import REVERSE
from evenhand.lookups.claimed import claimed
from evenhand.lookups.paging import By, Orders
from evenhand.lookups.reach import today
from evenhand.lookups.snapshot import read_book
from evenhand.lookups.standings import Amount, tidy
from evenhand.lookups.statements import NEVER, Statement
from evenhand.records.earmarks import PARTY, earmark_names
from evenhand.records.models import Offer, Resource
from evenhand.stockbook.models import Consignment, Entry

STEPS: Final = ("pledged", "committed", "allocated", "dispatched", "received", "used")
INTO: Final[Mapping[str, str]] = {
    "allocated": "allocated", "in-transit": "dispatched", "received": "received", "paid": "received", "used": "used", "spent": "used",
}  # fmt: skip
"""The stage that units come into → the step that it is; money that is paid is dispatched too."""

ORDERS = Orders(
    {
        "said_on": By("said_on", kind=date, empty=NEVER),
        "statement": By("ref", "statement"),
        "giver": By("giver_id", "giver", empty=""),
        "deadline": By("deadline", kind=date, empty=NEVER),
    },
    default="said_on",
    key=By("ref", "statement"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one step of what followed.

    Attributes
    ----------
    step
        pledged, committed, allocated, dispatched, received or used.
    amount
        In base units of the family; None where no record says anything.
    first, last
        The first and the last day on which it happened, where a record says so.
    """

    step: str
    amount: Amount | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """Hold what of one linked offer arrived with the receivers that the statement names, in base units of the family."""

    offer: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Followed:
    """Hold one statement and what followed it.

    Attributes
    ----------
    quantity, unit
        As it was said; None where no amount was.
    offers
        The refs of the offers that it is linked to, or whose entries it is linked to.
    programmes
        The programmes of those offers, and those that it is linked to itself.
    family, base_unit
        What the offers are of; "" where there is none, or where they are of several things.
    said
        What was said, in base units of the family; None where it cannot be compared.
    pledged, committed, allocated, dispatched, received, used
        As in the steps; None where nothing is on record.
    rests_on
        "offers": amounts beside amounts; "no amount": none was said; "no unit": it was said in a unit that the resource does
        not have; "several things": the offers are of more than one; "no link": no offer is linked.
    late_since
        The day that has passed, of a promise that has not wholly arrived; None for all others.
    days
        For how many days it has been late.
    steps, arrived
        The steps with their days; of `received`, which offer brought what.
    in_all
        Pledged and committed are of the whole offers, in which others than the receivers named may have a part.
    """

    statement: str
    said_on: date | None
    kind: str
    firmness: str
    giver: str
    giver_name: str
    receivers: tuple[str, ...]
    receiver_names: tuple[str, ...]
    speaker: str
    words: str
    document: str
    publisher: str
    thread: str
    resource_words: str
    quantity: Decimal | None
    unit: str
    deadline: date | None
    offers: tuple[str, ...]
    programmes: tuple[str, ...]
    family: str
    base_unit: str
    said: Amount | None
    pledged: Amount | None
    committed: Amount | None
    allocated: Amount | None
    dispatched: Amount | None
    received: Amount | None
    used: Amount | None
    rests_on: str
    late_since: date | None
    days: int | None
    steps: tuple[Step, ...]
    arrived: tuple[Arrived, ...]
    in_all: bool

    orders: ClassVar[Orders] = ORDERS

    @property
    def arrived_whole(self) -> bool:
        """Say whether all that was promised has arrived; never where it cannot be compared."""
        return self.kind == "promised" and bool(self.said) and (self.received or 0) >= (self.said or 0)

    @property
    def arrived_on(self) -> date | None:
        """Return the last day on which something arrived."""
        return next((one.last for one in self.steps if one.step == "received"), None)


class _Moved(NamedTuple):
    """Hold what moved of one offer from one stage and holder into another, between two days; reversals move less than nothing."""

    source: str
    giver: str
    target: str
    holder: str
    units: int
    first: str
    last: str


@dataclass(slots=True)
class _Offers:
    """Hold the offers that statements are linked to, and what moved of them."""

    rows: Mapping[str, Offer]
    of_entry: Mapping[str, str]
    moved: Mapping[str, list[_Moved]]
    resources: Mapping[str, Resource]
    reached: Mapping[str, frozenset[str]]
    groups: Container[str]


def follow(statements: Sequence[Statement]) -> list[Followed]:
    """Return statements with what followed them, in a fixed number of questions however many there are."""
    offers = _read_offers(statements)
    return [_followed(one, offers) for one in statements]


def _read_offers(statements: Sequence[Statement]) -> _Offers:
    links = sorted({about for one in statements for about in one.links})
    entries = Entry.objects.filter(entry__in=[one for one in links if not one.startswith(("OF-", "PG-"))])
    of_entry = dict(entries.values_list("entry", "source__offer")) if links else {}
    of_entry |= dict(entries.values_list("entry", "target__offer").exclude(target__offer=None)) if links else {}
    wanted = {*links, *filter(None, of_entry.values())}
    rows = {one.ref: one for one in Offer.objects.filter(pk__in=wanted).select_related("resource", "resource__family")}
    moved: dict[str, list[_Moved]] = {}
    ways = (
        Entry.objects.filter(source__offer__in=list(rows))
        .values_list("source__offer", "source__stage", "source__holder", "target__stage", "target__holder", "verb")
        .annotate(Sum("quantity"), Min("happened"), Max("happened"))
        .order_by()
    )
    arriving = {row[4] for row in ways if row[3] == "in-transit"} | {row[2] for row in ways if row[1] == "in-transit"}
    destination = dict(Consignment.objects.filter(pk__in=arriving).values_list("pk", "destination"))
    for offer, source, source_holder, target, target_holder, verb, units, first, last in ways:
        back = verb == REVERSE
        if back:
            source, source_holder, target, target_holder = target, target_holder, source, source_holder
        holder, units = destination.get(target_holder, target_holder), -int(units) if back else int(units)
        moved.setdefault(offer, []).append(_Moved(source, source_holder, target, holder, units, first, last))
    keys = {one.resource for one in statements if one.resource}
    known = {one.key: one for one in Resource.objects.filter(pk__in=keys).select_related("family")}
    receivers = {key for one in statements for key in one.receivers} if rows else set()
    book = read_book(None) if receivers else None
    reached = {key: book.reached(key, "") for key in receivers} if book is not None else {}
    return _Offers(rows, of_entry, moved, known, reached, book.group_names if book is not None else ())


def _followed(one: Statement, offers: _Offers) -> Followed:
    refs = sorted({offers.of_entry.get(about, about) for about in one.links} & offers.rows.keys())
    linked = [offers.rows[ref] for ref in refs]
    programmes = {about for about in one.links if about.startswith("PG-")} | {
        row.programme_id for row in linked if row.programme_id
    }
    families = {(row.resource.family or row.resource).key: row.resource.family or row.resource for row in linked}
    family = next(iter(families.values())) if len(families) == 1 else None
    said, why = claimed(one, linked, family, offers.resources.get(one.resource))
    sums = _added_up(one, linked, offers) if family else _Sums()
    got = {step: tidy(amount) if amount else None for step, amount in sums.amounts.items()}
    late = one.kind == "promised" and one.deadline is not None and one.deadline < today()
    late = late and (said is None or (got.get("received") or 0) < said)
    return Followed(
        statement=one.ref, said_on=one.said_on, kind=one.kind, firmness=one.firmness, giver=one.giver, giver_name=one.giver_name,
        receivers=one.receivers, receiver_names=one.receiver_names, speaker=one.speaker, words=one.words, document=one.document,
        publisher=one.publisher or one.document_title, thread=one.thread, resource_words=one.resource_words, quantity=one.quantity,
        unit=one.unit, deadline=one.deadline, offers=tuple(refs), programmes=tuple(sorted(programmes)),
        family=family.key if family else "", base_unit=family.base_unit if family else "", said=said,
        pledged=got.get("pledged"), committed=got.get("committed"), allocated=got.get("allocated"), dispatched=got.get("dispatched"),
        received=got.get("received"), used=got.get("used"), rests_on=why, late_since=one.deadline if late else None,
        days=(today() - one.deadline).days if late and one.deadline else None,
        steps=tuple(Step(step, got.get(step), *_between(sums.days.get(step))) for step in STEPS) if family else (),
        arrived=tuple(Arrived(offer, tidy(amount)) for offer, amount in sorted(sums.arrived.items())),
        in_all=bool(one.receivers) and not all(_theirs(offer, one, offers) for offer in linked),
    )  # fmt: skip


@dataclass(slots=True)
class _Sums:
    """Hold what is added up for one statement, by step; of what was received, by offer too."""

    amounts: dict[str, Fraction] = field(default_factory=dict)
    days: dict[str, list[str]] = field(default_factory=dict)
    arrived: dict[str, Fraction] = field(default_factory=dict)

    def add(self, step: str, amount: Fraction, *days: str) -> None:
        """Add an amount to a step, with the days on which it happened."""
        self.amounts[step] = self.amounts.get(step, Fraction(0)) + amount
        self.days.setdefault(step, []).extend(days)


def _added_up(one: Statement, linked: Sequence[Offer], offers: _Offers) -> _Sums:
    """Add up the steps of the linked offers, of what is for the receivers that the statement names."""
    sums, moved = _Sums(), offers.moved
    reached = frozenset(party for key in one.receivers for party in offers.reached[key]) if one.receivers else None
    for offer in linked:
        family = offer.resource.family or offer.resource
        size, entered = Fraction(family.per_person) / Fraction(offer.resource.per_person), Fraction(0)
        before = sums.amounts.get("received", Fraction(0))
        for way in moved.get(offer.ref, ()):
            entered += way.units if way.source == "outside" else -way.units if way.target == "withdrawn" else 0
            _add_way(sums, way, size, reached)
        sums.arrived[offer.ref] = sums.amounts.get("received", Fraction(0)) - before
        promised = entered or (
            Fraction(offer.quantity) if offer.firmness == "pledge" and not offer.withdrawn else Fraction(0)
        )
        if promised:
            sums.add("pledged", promised * size, offer.said_on.isoformat())
            if offer.firmness == "commitment":
                sums.add("committed", promised * size)
    return sums


def _add_way(sums: _Sums, way: _Moved, size: Fraction, reached: frozenset[str] | None) -> None:
    """Add what moved in one way; what its first receiver passes on has left the donor before and arrives where it ends."""
    if way.source == "received" and way.target == "in-transit":
        if reached is None or way.giver in reached:
            sums.add("received", -way.units * size)
    elif way.target in INTO and (reached is None or way.holder in reached):
        days = (way.first, way.last) if way.units > 0 else ()
        sums.add(INTO[way.target], way.units * size, *days)
        if way.target == "paid":
            sums.add("dispatched", way.units * size, *days)


def _theirs(offer: Offer, one: Statement, offers: _Offers) -> bool:
    """Say whether an offer is meant for the receivers that a statement names, and for nobody beside them."""
    names = earmark_names(offer.meant_for)
    reached = {party for key in one.receivers for party in offers.reached[key]}
    return bool(names) and all(
        name.removeprefix(PARTY) in reached and (name.startswith(PARTY) or name not in offers.groups) for name in names
    )


def _between(days: Sequence[str] | None) -> tuple[date | None, date | None]:
    """Return the first and the last of some days."""
    return (date.fromisoformat(min(days)), date.fromisoformat(max(days))) if days else (None, None)
