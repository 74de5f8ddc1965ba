"""A programme from need to receipt: its needs, offers, rounds and consignments, and what they add up to by family.

Called by the page of a programme. Six questions answer all of it, however much belongs to it. Shows a viewer only the needs
and rounds that it may see; sums of needs count approved ones alone, as every other page does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Any

from django.db.models import Sum

from evenhand.access.viewers import Viewer
from evenhand.ledger.stages import REVERSE
from evenhand.lookups.needs import seen_needs
from evenhand.lookups.offers import counts
from evenhand.lookups.programmes import Programme, get_programme
from evenhand.lookups.reach import today
from evenhand.lookups.rounds import seen_rounds
from evenhand.lookups.snapshot import read_book
from evenhand.records.models import Offer
from evenhand.stockbook.models import Consignment, Entry
from evenhand.stockbook.travelling import IN_TRANSIT


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one need, offer, round or consignment of a programme in few words.

    Attributes
    ----------
    party, other
        Whose it is; for a consignment from whom and to whom, for a round its group.
    quantity
        In base units; None for a round or consignment.
    """

    kind: str
    ref: str
    title: str
    party: str
    other: str
    resource: str
    base_unit: str
    quantity: int | None
    state: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Sums:
    """Hold what a programme needs and got of one family, in the family's base unit; `words` stand in no total."""

    family: str
    unit: str
    needed: Fraction = Fraction(0)
    words: Fraction = Fraction(0)
    promised: Fraction = Fraction(0)
    allocated: Fraction = Fraction(0)
    dispatched: Fraction = Fraction(0)
    received: Fraction = Fraction(0)
    used: Fraction = Fraction(0)
    lost: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class ProgrammeStory:
    """Hold a programme and all that belongs to it."""

    programme: Programme
    sums: tuple[Sums, ...]
    parts: tuple[Part, ...]

    def of(self, kind: str) -> list[Part]:
        """Return the parts of one kind."""
        return [part for part in self.parts if part.kind == kind]


def read_programme_story(viewer: Viewer, ref: Annotated[str, "the programme's ref, PG-..."]) -> ProgrammeStory:
    """Return a programme from need to receipt. Raises NameUnknown."""
    programme = get_programme(viewer, ref)
    book = read_book(None)
    cells: dict[str, dict[str, Fraction]] = {}
    parts: list[Part] = []

    def add(resource: str, column: str, units: int) -> None:
        own = cells.setdefault(book.family(resource), {})
        own[column] = own.get(column, Fraction(0)) + units * Fraction(book.family_size(resource))

    needs: Any = seen_needs(viewer).filter(programme=ref).select_related("resource").order_by("-made_at", "ref")
    for need in needs:
        lapsed = need.state == "approved" and need.valid_until < today()
        if need.state == "approved" and not lapsed:
            add(need.resource_id, "needed", need.quantity)
        parts.append(
            Part("need", need.ref, "", need.party_id, "", need.resource_id, need.resource.base_unit, need.quantity,
                 "lapsed" if lapsed else need.state, need.by_when)
        )  # fmt: skip
    offers: Any = Offer.objects.filter(programme=ref).select_related("resource").order_by("-said_on", "ref")
    for offer in offers:
        if not offer.withdrawn and not counts(offer.resource.kind, offer.firmness):
            add(offer.resource_id, "words", offer.quantity)
        parts.append(
            Part("offer", offer.ref, "", offer.donor_id, "", offer.resource_id, offer.resource.base_unit, offer.quantity,
                 "withdrawn" if offer.withdrawn else offer.firmness, offer.said_on)
        )  # fmt: skip
    _add_moves(ref, add)
    parts.extend(
        Part("round", one.ref, one.title, "", one.group_id, one.resource_id, "", None, one.state, one.date)
        for one in seen_rounds(viewer).filter(programme=ref).order_by("-made_at", "ref")
    )
    travels: Any = Consignment.objects.filter(programme=ref).order_by("-made_at", "ref")
    parts.extend(
        Part("consignment", one.ref, "", one.origin_id, one.destination_id, "", "", None, one.kind, one.leaves_on)
        for one in travels
    )
    sums = tuple(
        Sums(family, book.resources[family].base_unit, **own)
        for family, own in sorted(cells.items())
        if any(own.values())
    )
    return ProgrammeStory(programme, sums, tuple(parts))


def _add_moves(ref: str, add: Any) -> None:
    """Add what the entries of a programme's offers say, reversals taken off."""
    rows = Entry.objects.filter(source__offer__programme=ref).values_list(
        "resource", "source__stage", "target__stage", "verb"
    )
    for resource, left, came, verb, quantity in rows.annotate(Sum("quantity")).order_by():
        source, target, units = (came, left, -int(quantity)) if verb == REVERSE else (left, came, int(quantity))
        if source == "outside":
            add(resource, "promised", units)
        elif target == "withdrawn":
            add(resource, "promised", -units)
        if target == "allocated":
            add(resource, "allocated", units)
        if target == "paid" or (target == IN_TRANSIT and source != "received"):
            add(resource, "dispatched", units)
        if target in ("received", "paid"):
            add(resource, "received", units)
        if (source, target) == ("received", IN_TRANSIT):
            add(resource, "received", -units)
        if target in ("used", "spent"):
            add(resource, "used", units)
        if target in ("damaged", "missing", "expired"):
            add(resource, "lost", units)
