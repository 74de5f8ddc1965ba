"""What stands where in the book on a day, and what is needed then: the sums that every figure is made of.

Used by `lookups.figures` and `lookups.money` alone. Limited to nobody, so it holds only what everybody may see: entries, claims, and needs
that were approved. A past day is the book as far as it was recorded by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Annotated

from django.db.models import Sum
from django.db.models.functions import Substr

from evenhand.access.models import ActionLine
from evenhand.lookups.choosing import expect
from evenhand.lookups.groups import stands
from evenhand.lookups.offers import counts
from evenhand.lookups.reach import today
from evenhand.lookups.stock import balances_on
from evenhand.records.models import Membership, Need, Offer, Party, Resource
from evenhand.records.tree import COUNTED
from evenhand.stockbook.models import Account, Consignment, Entry

ARRIVED = ("received", "used")
COMING = ("allocated", "in-transit")
CLAIMED, PLEDGED = "claimed", "pledged"
"""What is said and not firm enough to count: it stands nowhere in the book."""


RecipientChoice = Annotated[str, "only what went to this party, or one below it"]
MembersChoice = Annotated[str, "only what went to members of this group, on the day, or below them"]
DonorChoice = Annotated[str, "only what this party gave, or one below it"]
FamilyChoice = Annotated[str, "only of this resource, with its family"]
AsOf = Annotated[date | None, "as the book stood at the end of this day; now where not said"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold so many base units in one stage: whose they were, and whose they are or are to be ("" where nobody's yet)."""

    stage: str
    donor: str
    holder: str
    resource: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold one need that stands: what its party has of it by its own word, and since when that is so."""

    holder: str
    resource: str
    quantity: int
    held: int
    since: str
    donor: str = ""


@dataclass(frozen=True, slots=True)
class Served:
    """Hold how far the needs of one party for one family are met, in the family's base units."""

    holder: str
    resource: str
    covered: Fraction
    gap: Fraction
    donor: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """Hold everything that figures are made of, as of one day."""

    day: date
    standings: tuple[Standing, ...]
    wanted: tuple[Wanted, ...]
    resources: dict[str, Resource]
    parents: dict[str, str]
    memberships: tuple[tuple[str, str], ...]
    _above: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def kind(self, resource: str) -> str:
        """Return the kind of a resource."""
        return self.resources[resource].kind

    def family(self, resource: str) -> str:
        """Return the family of a resource, itself where it has none."""
        return self.resources[resource].family_id or resource

    def family_size(self, resource: str) -> Fraction:
        """Return how many base units of its family one base unit of a resource makes."""
        own, family = self.resources[resource], self.resources[self.family(resource)]
        return Fraction(family.per_person) / Fraction(own.per_person)

    def above(self, party: str) -> tuple[str, ...]:
        """Return a party and everything above it, nearest first."""
        if party not in self._above:
            line = [party]
            while (parent := self.parents.get(line[-1])) and parent not in line:
                line.append(parent)
            self._above[party] = tuple(line)
        return self._above[party]

    def groups(self, party: str) -> tuple[str, ...]:
        """Return the groups that a party, or one above it, belongs to on the day."""
        line = self.above(party)
        return tuple(sorted({group for group, member in self.memberships if member in line}))

    def served(self) -> list[Served]:
        """Return how far the needs are met, by party and family.

        A unit counts for the nearest party at or above its holder that needs its family, and for no other, so that
        nothing is counted twice. What a party had when it said so is its `held`; units that reached it before that day
        are part of it and do not count again. What is still to come cannot be, whenever it was decided.
        """
        needs: dict[tuple[str, str], list[Wanted]] = {}
        for one in self.wanted:
            needs.setdefault((one.holder, self.family(one.resource)), []).append(one)
        since = {key: min(one.since for one in ones) for key, ones in needs.items()}
        arrived = dict.fromkeys(needs, Fraction(0))
        coming = dict.fromkeys(needs, Fraction(0))

        def count(stage: str, holder: str, resource: str, quantity: int, *, before: str = "") -> None:
            family = self.family(resource)
            key = next(((party, family) for party in self.above(holder) if (party, family) in needs), None)
            if key is not None and stage in (*ARRIVED, *COMING) and (not before or before < since[key]):
                sums = arrived if stage in ARRIVED else coming
                sums[key] += quantity * self.family_size(resource)

        for standing in self.standings:
            if standing.holder:
                count(standing.stage, standing.holder, standing.resource, standing.quantity)
        if since:
            for day, stage, holder, resource, moved in _moved_before(max(since.values())):
                count(stage, holder, resource, -moved, before=day)
        return [
            _served(key, sum((one.quantity * self.family_size(one.resource) for one in ones), Fraction(0)),
                    sum((one.held * self.family_size(one.resource) for one in ones), Fraction(0)) + arrived[key],
                    coming[key])
            for key, ones in sorted(needs.items())
        ]  # fmt: skip


def _served(key: tuple[str, str], target: Fraction, there: Fraction, coming: Fraction) -> Served:
    covered = max(Fraction(0), min(target, there))
    return Served(*key, covered, max(Fraction(0), target - max(Fraction(0), there + coming)))


def chooser(
    book: Book, party: str, group: str, donor: str, resource: str
) -> Callable[[Standing | Wanted | Served], bool]:
    """Return the test whether a standing or a need is among what was asked for."""
    for kind, name in (("party", party), ("group", group), ("party", donor), ("resource", resource)):
        if name:
            expect(kind, name)

    def chosen(one: Standing | Wanted | Served) -> bool:
        return (
            (not party or (bool(one.holder) and party in book.above(one.holder)))
            and (not group or (bool(one.holder) and group in book.groups(one.holder)))
            and (not donor or (bool(one.donor) and donor in book.above(one.donor)))
            and (not resource or resource in (one.resource, book.family(one.resource)))
        )

    return chosen


def read_book(as_of: date | None) -> Book:
    """Return everything that figures are made of: now, or as the book stood at the end of a day."""
    day = as_of or today()
    destinations = dict(Consignment.objects.values_list("ref", "destination"))
    past = None if as_of is None else balances_on(as_of)
    columns = ("key", "stage", "offer__donor", "holder", "resource", "balance")
    standings = [
        Standing(
            stage, donor, destinations.get(holder, holder), resource, balance if past is None else past.get(key, 0)
        )
        for key, stage, donor, holder, resource, balance in Account.objects.exclude(stage="outside")
        .order_by("key")
        .values_list(*columns)
    ]
    resources = {row.key: row for row in Resource.objects.all()}
    members = Membership.objects.filter(status__in=COUNTED).values_list("group", "party", "since", "until")
    return Book(
        day,
        (*(one for one in standings if one.quantity), *_claims(day, resources)),
        tuple(_wanted(day)),
        resources,
        {key: parent for key, parent in Party.objects.values_list("key", "parent") if parent},
        tuple((group, party) for group, party, since, until in members if stands(since, until, day)),
    )


def _claims(day: date, resources: dict[str, Resource]) -> Iterable[Standing]:
    rows = Offer.objects.filter(withdrawn=False, said_on__lte=day).order_by("ref")
    for donor, resource, quantity, firmness in rows.values_list("donor", "resource", "quantity", "firmness"):
        if not counts(resources[resource].kind, firmness):
            yield Standing(CLAIMED if firmness == "statement" else PLEDGED, donor, "", resource, quantity)


def _wanted(day: date) -> Iterable[Wanted]:
    """Return the needs that were approved and neither withdrawn, corrected nor lapsed on a day."""
    rows = {row.ref: row for row in Need.objects.order_by("ref")}
    replaced = {row.replaces_id: row for row in rows.values() if row.replaces_id and row.approved_at}
    withdrawn = dict(ActionLine.objects.filter(name="need withdraw").values_list("about", "at"))
    for row in rows.values():
        approved = row.approved_at
        if approved is None or approved.astimezone(UTC).date() > day or row.valid_until < day:
            continue
        if row.state == "withdrawn" and _day(withdrawn.get(row.ref)) <= day:
            continue
        if row.state == "corrected" and _day(replaced[row.ref].approved_at if row.ref in replaced else None) <= day:
            continue
        first = row  # `held` was stated when the need was made, or when a correction last changed it
        while first.replaces_id and rows[first.replaces_id].held == row.held:
            first = rows[first.replaces_id]
        since = first.made_at.astimezone(UTC).date().isoformat()
        yield Wanted(row.party_id, row.resource_id, row.quantity, row.held, since)


def _day(moment: datetime | None) -> date:
    return date.min if moment is None else moment.astimezone(UTC).date()


def _moved_before(day: str) -> Iterable[tuple[str, str, str, str, int]]:
    """Return what had come into the hands of parties before a day: day, stage, holder, resource, moved."""
    entries = Entry.objects.filter(recorded__lt=day).annotate(recorded_on=Substr("recorded", 1, 10))
    for side, sign in (("source", -1), ("target", 1)):
        rows = (
            entries.filter(**{f"{side}__stage__in": ARRIVED})
            .values_list("recorded_on", f"{side}__stage", f"{side}__holder", "resource")
            .annotate(moved=Sum("quantity"))
            .order_by()
        )
        for recorded_on, stage, holder, resource, moved in rows:
            yield recorded_on, stage, holder, resource, sign * int(moved)
