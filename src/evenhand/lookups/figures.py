"""The headline figures: needed, promised, where it is now, and who is worst served.

Every figure of the book is a sum of entries: units stand in exactly one stage, so rows and stages add up, and a past
day is the book as far as it was recorded by then. "Needed" is the sum of the approved needs that have not lapsed.
Statements, and pledges of money, stand beside the totals and never in them. All of it is public. See
docs/mechanisms/who-sees-what.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import one_of
from evenhand.lookups.consignments import list_consignments
from evenhand.lookups.money import Money, Valued, list_money, list_values
from evenhand.lookups.reach import today
from evenhand.lookups.standings import (
    CLAIMED,
    PLEDGED,
    AsOf,
    Book,
    DonorChoice,
    FamilyChoice,
    MembersChoice,
    RecipientChoice,
    Served,
    Standing,
    Wanted,
    chooser,
    read_book,
)
from evenhand.records.models import Group, Party, Resource

Amount = int | Fraction
"""A count: whole, or an exact share where base units do not make whole service units."""

BY = ("family", "resource", "recipient", "holder", "donor", "group")
LISTED = 5
"""So many of the worst served and of the oldest consignments stand among the headline figures."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold the figures of one subject and one family of resources, in that family's unit.

    Attributes
    ----------
    key, name
        The resource, party or group it is about.
    family, unit
        What is counted: the family of the resource (or the resource itself, where it has none), and its unit.
    needed
        Approved and not lapsed.
    claimed
        Said and not firm enough to count; beside everything else.
    promised
        Everything that entered the book and was not withdrawn, whatever has become of it: the sum of the stages below.
    still_open
        Promised and not yet shared out.
    allocated, in_transit, received, used, damaged, missing, expired, returned
        Where it stands now: with the donor, on the way, in the hands of a party, handed to people, or lost.
    withdrawn
        Taken back by the donor.
    covered
        Of what is needed, what is there: held by the party when it said so, and received since.
    gap
        Of what is needed, what is neither there nor allocated nor on the way. Both None where nothing is needed, and
        by resource, because a need for a family is met by any of it.
    """

    key: str
    name: str
    family: str
    unit: str
    needed: Amount = 0
    claimed: Amount = 0
    promised: Amount = 0
    still_open: Amount = 0
    allocated: Amount = 0
    in_transit: Amount = 0
    received: Amount = 0
    used: Amount = 0
    damaged: Amount = 0
    missing: Amount = 0
    expired: Amount = 0
    returned: Amount = 0
    withdrawn: Amount = 0
    covered: Amount | None = None
    gap: Amount | None = None

    @property
    def coverage(self) -> Fraction | None:
        """Return the share of what is needed that is there, 0 to 1; None where nothing is needed."""
        return Fraction(self.covered) / Fraction(self.needed) if self.needed and self.covered is not None else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Hold one consignment that left and has not wholly arrived."""

    consignment: str
    origin: str
    destination: str
    dispatched_on: str
    due_on: date | None
    days: int
    on_the_way: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Headline:
    """Hold the figures that stand first on a page: by family, in money, who is worst served, what waits longest."""

    families: tuple[Figure, ...]
    money: tuple[Money, ...]
    values: tuple[Valued, ...]
    worst_served: tuple[Figure, ...]
    waiting: tuple[Waiting, ...]


def list_figures(
    viewer: Viewer,
    *,
    by: Annotated[str, "family, resource, recipient (state), holder (each party by itself), donor or group"] = "family",
    party: RecipientChoice = "",
    group: MembersChoice = "",
    donor: DonorChoice = "",
    resource: FamilyChoice = "",
    as_of: AsOf = None,
) -> list[Figure]:
    """Return the figures of goods, services, capacities and structures, by key and family.

    With a party or a group, what has no recipient yet (open offers, claims) is left out; with a donor, so are needs.

    Raises
    ------
    NameUnknown
        There is no such party, group, donor or resource.
    OptionRefused
        The figures cannot be had by that.
    """
    one_of("way to sum up", by, BY)
    book = read_book(as_of)
    chosen = chooser(book, party, group, donor, resource)
    counted = _itself if by == "resource" else book.family
    rows: dict[tuple[str, str], dict[str, Fraction]] = {}

    def add(one: Standing | Wanted | Served, column: str, amount: Fraction) -> None:
        if chosen(one) and book.kind(one.resource) != "money":
            for subject in _subjects(book, by, one):
                cells = rows.setdefault((subject, counted(one.resource)), {})
                cells[column] = cells.get(column, Fraction(0)) + amount

    for one in (one for one in book.standings if book.kind(one.resource) != "money"):
        size = Fraction(1) if by == "resource" else book.family_size(one.resource)
        add(one, COLUMNS[one.stage], one.quantity * size)
        if one.stage in IN_THE_BOOK:
            add(one, "promised", one.quantity * size)
    for need in (need for need in book.wanted if book.kind(need.resource) != "money"):
        add(need, "needed", need.quantity * (Fraction(1) if by == "resource" else book.family_size(need.resource)))
    for served in book.served() if by != "resource" else ():
        if book.kind(served.resource) != "money":
            add(served, "covered", served.covered)
            add(served, "gap", served.gap)
    names = _names(by)
    return [
        Figure(
            subject, names.get(subject, subject), family, book.resources[family].base_unit,
            **{column: tidy(amount) for column, amount in cells.items()},
        )
        for (subject, family), cells in sorted(rows.items())
        if any(cells.values())
    ]  # fmt: skip


def list_worst_served(
    viewer: Viewer,
    *,
    group: MembersChoice = "",
    resource: FamilyChoice = "",
    as_of: AsOf = None,
    most: Annotated[int, "how many to list"] = LISTED,
) -> list[Figure]:
    """Return the parties whose approved needs are met least, the worst first, among equals the largest need.

    Raises NameUnknown.
    """
    needing = [
        one for one in list_figures(viewer, by="recipient", group=group, resource=resource, as_of=as_of) if one.needed
    ]
    return sorted(needing, key=lambda one: (one.coverage, -one.needed, one.key, one.family))[:most]


def list_waiting(viewer: Viewer, *, most: Annotated[int, "how many to list"] = LISTED) -> list[Waiting]:
    """Return the consignments that left and have not wholly arrived, the one that left first at the top."""
    left = [one for one in list_consignments(viewer) if one.state in ("sent", "part received")]
    return [
        Waiting(
            one.ref, one.origin, one.destination, one.dispatched_on, one.due_on,
            (today() - date.fromisoformat(one.dispatched_on)).days,
            {line.offer: line.on_the_way for line in one.lines if line.on_the_way},
        )
        for one in sorted(left, key=lambda one: (one.dispatched_on, one.ref))[:most]
    ]  # fmt: skip


def read_headline(viewer: Viewer, *, group: MembersChoice = "", as_of: AsOf = None) -> Headline:
    """Return the figures that stand first on a page. Raises NameUnknown."""
    return Headline(
        tuple(list_figures(viewer, group=group, as_of=as_of)),
        tuple(list_money(viewer, group=group, as_of=as_of)),
        tuple(list_values(viewer, as_of=as_of)),
        tuple(list_worst_served(viewer, group=group, as_of=as_of)),
        tuple(list_waiting(viewer)),
    )


def tidy(amount: Fraction) -> Amount:
    """Return a whole amount as an int.

    Examples
    --------
    >>> tidy(Fraction(4)), tidy(Fraction(1, 2))
    (4, Fraction(1, 2))
    """
    return amount.numerator if amount.denominator == 1 else amount


COLUMNS = {
    "offered": "still_open", "committed": "still_open", "allocated": "allocated", "in-transit": "in_transit",
    "received": "received", "used": "used", "damaged": "damaged", "missing": "missing", "expired": "expired",
    "returned": "returned", "withdrawn": "withdrawn", CLAIMED: "claimed", PLEDGED: "claimed",
}  # fmt: skip
"""Stage → the column of a figure that counts it."""

IN_THE_BOOK = frozenset(COLUMNS) - {"withdrawn", CLAIMED, PLEDGED}


def _itself(resource: str) -> str:
    return resource


def _subjects(book: Book, by: str, one: Standing | Wanted | Served) -> Iterable[str]:
    """Return the keys of the rows in which a standing or a need counts."""
    if by in ("family", "resource"):
        return (book.family(one.resource) if by == "family" else one.resource,)
    if by == "donor":
        return (one.donor,) if one.donor else ()
    if not one.holder:
        return ()
    if by == "group":
        return book.groups(one.holder)
    return (one.holder,) if by == "holder" else (book.above(one.holder)[-1],)


def _names(by: str) -> Mapping[str, str]:
    model = {"family": Resource, "resource": Resource, "group": Group}.get(by, Party)
    return dict(model._default_manager.values_list("key", "name"))
