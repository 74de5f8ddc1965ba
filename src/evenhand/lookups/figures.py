"""The headline figures: needed, promised, where it is now, and who is worst served.

Every figure of the book is a sum of entries: units stand in exactly one stage, so rows and stages add up, and a past
day is the book as far as it was recorded by then. "Needed" is the sum of the approved needs that have not lapsed.
Statements, and pledges of money, stand beside the totals and never in them. All of it is public. See
docs/mechanisms/figures.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import expect, one_of
from evenhand.lookups.consignments import list_consignments
from evenhand.lookups.standings import Needed, Standing, Standings, read_standings
from evenhand.lookups.reach import today

Amount = int | Fraction
"""A count: whole, or an exact share where base units do not make whole service units."""

By = Literal["family", "resource", "recipient", "holder", "donor", "group"]
BY: tuple[By, ...] = ("family", "resource", "recipient", "holder", "donor", "group")
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
        Of what is needed, what is neither there nor allocated nor on the way.
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
    covered: Amount = 0
    gap: Amount = 0

    @property
    def coverage(self) -> Fraction | None:
        """Return the share of what is needed that is there, 0 to 1; None where nothing is needed."""
        return Fraction(self.covered) / Fraction(self.needed) if self.needed else None


@dataclass(frozen=True, slots=True)
class Money:
    """Hold the figures of one currency, in its base unit (cents of USD).

    Attributes
    ----------
    claimed, pledged
        Said, and promised without an agreement; beside the book.
    committed
        Bound by agreement and neither allocated nor paid.
    allocated, paid, spent, returned, withdrawn
        What became of the rest.
    """

    currency: str
    unit: str
    needed: int = 0
    claimed: int = 0
    pledged: int = 0
    committed: int = 0
    allocated: int = 0
    paid: int = 0
    spent: int = 0
    returned: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class Valued:
    """Hold what units are worth in one currency, at the prices their donors gave; prices of different days add up.

    Attributes
    ----------
    priced_from, priced_until
        The first and the last day of those prices or rates.
    """

    currency: str
    promised: Decimal
    allocated: Decimal
    in_transit: Decimal
    received: Decimal
    used: Decimal
    lost: Decimal
    priced_from: str
    priced_until: str


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


RecipientChoice = Annotated[str, "only what went to this party, or one below it"]
MembersChoice = Annotated[str, "only what went to members of this group, on the day, or below them"]
DonorChoice = Annotated[str, "only what this party gave, or one below it"]
FamilyChoice = Annotated[str, "only of this resource, with its family"]
AsOf = Annotated[date | None, "as the book stood at the end of this day; now where not said"]


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
    book = _read(as_of)
    rows: dict[tuple[str, str], dict[str, Fraction]] = {}

    def add(subjects: Iterable[str], family: str, column: str, amount: Fraction) -> None:
        for subject in subjects:
            cells = rows.setdefault((subject, family), {})
            cells[column] = cells.get(column, Fraction(0)) + amount

    wanted = _chooser(book, party, group, donor, resource)
    size = book.base_size if by == "resource" else book.family_size
    for one in filter(wanted, book.standings):
        if book.kind[one.resource] != "money":
            counted = one.resource if by == "resource" else book.family(one.resource)
            amount = one.quantity * size(one.resource)
            add(_subjects(book, by, one), counted, _COLUMNS[one.stage], amount)
    for one in filter(wanted, book.needs):
        if book.kind[one.resource] != "money":
            counted = one.resource if by == "resource" else book.family(one.resource)
            add(_subjects(book, by, one), counted, "needed", one.quantity * size(one.resource))
    if by != "resource":
        for served in book.served():
            if wanted(served.need):
                subjects = _subjects(book, by, served.need)
                add(subjects, served.family, "covered", served.covered)
                add(subjects, served.family, "gap", served.gap)
    return [_figure(book, by, *key, cells) for key, cells in sorted(rows.items()) if any(cells.values())]
