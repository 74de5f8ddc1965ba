"""The headline figures: needed, promised, where it is now, and who is worst served.

Every figure of the book is a sum of entries: units stand in exactly one stage, so rows and stages add up, and a past
day is the book as far as it was recorded by then. "Needed" is the sum of the approved needs that have not lapsed.
Statements, and pledges of money, stand beside the totals and never in them. All of it is public. See
docs/mechanisms/who-sees-what.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated

from django.db.models import Exists, Min, OuterRef, Q

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import one_of
from evenhand.lookups.money import Money, money_of
from evenhand.lookups.reach import today
from evenhand.lookups.snapshot import read_book
from evenhand.lookups.standings import (
    CLAIMED,
    PLEDGED,
    Amount,
    AsOf,
    Book,
    DonorChoice,
    FamilyChoice,
    MembersChoice,
    RecipientChoice,
    chosen_cells,
    expect_choice,
    holder_choice,
    tidy,
)
from evenhand.lookups.worth import Valued
from evenhand.stockbook.models import Account, Consignment, Entry
from evenhand.stockbook.travelling import IN_TRANSIT

BY = ("family", "resource", "recipient", "holder", "donor", "group")
NOT_TAKEN_BACK = ~Exists(Entry.objects.filter(~Q(reverses=""), reverses=OuterRef("entering__entry")))
"""The condition that no later entry has taken back the one that came into an account."""

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
    origin_name: str
    destination: str
    destination_name: str
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
    expect_choice(party, group, donor, resource)
    book = read_book(as_of)
    asked = (by, party, group, donor, resource)
    return list(book.kept(("figures", *asked), lambda book: _figures(book, *asked)))


def _figures(book: Book, by: str, party: str, group: str, donor: str, resource: str) -> tuple[Figure, ...]:
    counted = {one for one in book.family_of(resource) if book.kind(one) != "money"}
    units: dict[tuple[str, str], dict[str, int]] = {}
    for subject, what, column, quantity in _counts(book, counted, by, party, group, donor):
        cells = units.setdefault((subject or what, what), {})
        cells[column] = cells.get(column, 0) + quantity
    rows: dict[tuple[str, str], dict[str, Amount]] = {}
    for (subject, what), cells in units.items():
        family, size = (what, 1) if by == "resource" else (book.family(what), book.family_size(what))
        sums = rows.setdefault((family if by == "family" else subject, family), {})
        for column, quantity in cells.items():
            sums[column] = sums.get(column, 0) + quantity * size
    if by not in ("resource", "donor") and not donor:
        chosen = holder_choice(book, party, group)
        for served in book.served:
            if served.resource in counted and chosen(served.holder):
                for subject in _subjects(book, by, served.holder):
                    sums = rows.setdefault((subject or served.resource, served.resource), {})
                    sums["covered"] = sums.get("covered", 0) + served.covered
                    sums["gap"] = sums.get("gap", 0) + served.gap
    names = _names(book, by)
    return tuple(
        Figure(
            subject, names.get(subject, subject), family, book.resources[family].base_unit,
            **{column: tidy(amount) for column, amount in sums.items()},
        )
        for (subject, family), sums in sorted(rows.items())
        if any(sums.values())
    )  # fmt: skip


def _counts(
    book: Book, counted: set[str], by: str, party: str, group: str, donor: str
) -> Iterator[tuple[str, str, str, int]]:
    """Return every count with the subject it belongs to ("" for the resource itself): subject, resource, column, units."""
    for one, what, stage, units in chosen_cells(book, party, group, donor, of="donor" if by == "donor" else "holder"):
        if what not in counted:
            continue
        for subject in _subjects(book, by, one):
            yield subject, what, COLUMNS[stage], units
            if stage in IN_THE_BOOK:
                yield subject, what, "promised", units
    if by != "donor" and not donor:
        for need in (need for need in book.needs_of(party, group) if need.resource in counted):
            for subject in _subjects(book, by, need.holder):
                yield subject, need.resource, "needed", need.quantity


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
    expect_choice(group=group, resource=resource)
    return list(_worst(read_book(as_of), group, resource)[:most])


def _worst(book: Book, group: str, resource: str) -> tuple[Figure, ...]:
    asked = ("recipient", "", group, "", resource)

    def in_order(book: Book) -> tuple[Figure, ...]:
        needing = [one for one in book.kept(("figures", *asked), lambda book: _figures(book, *asked)) if one.needed]
        return tuple(sorted(needing, key=lambda one: (one.coverage, -one.needed, one.key, one.family)))

    return book.kept(("worst served", group, resource), in_order)


def list_waiting(viewer: Viewer, *, most: Annotated[int, "how many to list"] = LISTED) -> list[Waiting]:
    """Return the consignments that left and have not wholly arrived, the one that left first at the top."""
    road = Account.objects.filter(stage=IN_TRANSIT, balance__gt=0)
    dispatched = Q(NOT_TAKEN_BACK, entering__verb="dispatch")
    left = road.values_list("holder").annotate(left=Min("entering__happened", filter=dispatched))
    days = dict(left.order_by("left", "holder")[:most])
    sums: dict[str, dict[str, int]] = {ref: {} for ref in days}
    for ref, offer, units in (
        road.filter(holder__in=list(days)).order_by("key").values_list("holder", "offer", "balance")
    ):
        sums[ref][offer] = units
    rows = Consignment.objects.filter(pk__in=list(days)).select_related("origin", "destination").in_bulk()
    return [
        Waiting(
            ref, rows[ref].origin_id, rows[ref].origin.name, rows[ref].destination_id, rows[ref].destination.name, day,
            rows[ref].due_on, (today() - date.fromisoformat(day)).days, sums[ref],
        )
        for ref, day in days.items()
    ]  # fmt: skip


def read_headline(viewer: Viewer, *, group: MembersChoice = "", as_of: AsOf = None) -> Headline:
    """Return the figures that stand first on a page. Raises NameUnknown."""
    expect_choice(group=group)
    book = read_book(as_of)
    asked = ("family", "", group, "", "")
    return Headline(
        book.kept(("figures", *asked), lambda book: _figures(book, *asked)),
        money_of(book, group=group),
        book.values,
        _worst(book, group, "")[:LISTED],
        tuple(list_waiting(viewer)),
    )


COLUMNS = {
    "offered": "still_open", "committed": "still_open", "allocated": "allocated", "in-transit": "in_transit",
    "received": "received", "used": "used", "damaged": "damaged", "missing": "missing", "expired": "expired",
    "returned": "returned", "withdrawn": "withdrawn", CLAIMED: "claimed", PLEDGED: "claimed",
}  # fmt: skip
"""Stage → the column of a figure that counts it."""

IN_THE_BOOK = frozenset(COLUMNS) - {"withdrawn", CLAIMED, PLEDGED}


def _subjects(book: Book, by: str, one: str) -> tuple[str, ...]:
    """Return the keys of the rows in which what a party holds, needs or gave counts; "" for the resource itself."""
    if by in ("family", "resource"):
        return ("",)
    if not one or by in ("donor", "holder"):
        return (one,) if one else ()
    return book.groups(one) if by == "group" else (book.above(one)[-1],)


def _names(book: Book, by: str) -> Mapping[str, str]:
    if by in ("family", "resource"):
        return {key: row.name for key, row in book.resources.items()}
    return book.group_names if by == "group" else book.party_names
