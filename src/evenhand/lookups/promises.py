"""Promised beside delivered: what donors said, what entered the book, and what became of it; by donor, month and offer.

Each number is a sum of claims or of entries, reversals taken off, so all of it is public. What was said counts where it is
not firm; what is firm counts as it entered the book. "Received" is what recipients confirmed. A month is that in which it
was said, or in which it happened. By donor and month it comes from the book that `lookups.snapshot` keeps.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Annotated, ClassVar, NamedTuple

from django.db.models import QuerySet, Sum

from evenhand.access.viewers import Viewer
from evenhand.errors import OptionRefused
from evenhand.ledger.stages import REVERSE
from evenhand.lookups.choosing import (
    ProgrammeChoice,
    expect,
    of_group,
    of_party,
    of_programme,
    of_resource,
    one_of,
)
from evenhand.lookups.moves import Way, read_ways
from evenhand.lookups.offers import counts
from evenhand.lookups.paging import (
    AfterChoice,
    By,
    MostChoice,
    OrderChoice,
    Orders,
    SearchChoice,
    in_order,
    page_of,
    page_of_rows,
)
from evenhand.lookups.promised import OPEN, Given, list_given
from evenhand.lookups.reach import today
from evenhand.lookups.searching import search as matching
from evenhand.lookups.searching import words_of
from evenhand.lookups.snapshot import read_book
from evenhand.lookups.standings import Amount, Book, FamilyChoice, expect_choice, tidy
from evenhand.records.models import Offer
from evenhand.stockbook.models import Account, Entry

BY = ("donor", "month", "offer")
ByChoice = Annotated[str, "donor, month or offer"]
GiverChoice = Annotated[str, "only what this party gives, or one below it"]
GiversChoice = Annotated[str, "only what members of this group give, or those below them"]
SinceChoice = Annotated[str, "only what was said or happened in this month, such as 2026-03, or later"]
UntilChoice = Annotated[str, "only what was said or happened in this month, such as 2026-03, or before"]
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
NEVER = date(1, 1, 1)
AMOUNTS = ("said", "pledged", "committed", "allocated", "dispatched", "received", "used", "lost", "returned", "overdue")

ORDERS = Orders(
    {
        "key": By("", "key"),
        "name": By("", "name"),
        "family": By("", "family"),
        "first": By("", "first", date, NEVER),
        "last": By("", "last", date, NEVER),
        **{amount: By("", amount, Fraction) for amount in AMOUNTS},
    },
    default="key",
    key=By("", "id"),
)
OFFER_ORDERS = Orders(
    {
        "key": By("ref", "key"),
        "first": By("said_on", "first", date),
        "last": By("said_on", "last", date),
        "donor": By("donor_id", "donor"),
    },
    default="key",
    key=By("ref", "key"),
)
"""By offer the database sorts: there are too many offers to add all of them up for one page."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Hold what was promised of one family and what became of it, in the family's unit.

    Attributes
    ----------
    key, name
        The donor, month or offer.
    said
        Statements: nothing stands in the book for them.
    pledged, committed
        Pledges (of money, claims; of all else, as they entered the book) and commitments, less what was withdrawn.
    allocated, dispatched, received, used, lost, returned
        What was ever decided for somebody, left its donor, was confirmed by its recipient, was handed out, was damaged,
        missing or expired, went back. Money that was paid counts as dispatched and received.
    overdue, overdue_offers
        What has not left although the donor's window has passed, and of how many offers.
    first, last
        The first and last day on which any of it was said; None where nothing was.
    """

    key: str
    name: str
    donor: str
    donor_name: str
    family: str
    family_name: str
    unit: str
    said: Amount = 0
    pledged: Amount = 0
    committed: Amount = 0
    allocated: Amount = 0
    dispatched: Amount = 0
    received: Amount = 0
    used: Amount = 0
    lost: Amount = 0
    returned: Amount = 0
    overdue: Amount = 0
    overdue_offers: int = 0
    first: date | None = None
    last: date | None = None

    orders: ClassVar[Orders] = ORDERS

    @property
    def id(self) -> str:
        """Return what tells the row from all others of its list."""
        return f"{self.key}/{self.family}"


@dataclass(frozen=True, slots=True)
class OfferPromise(Promise):
    """Hold the same of one offer."""

    orders: ClassVar[Orders] = OFFER_ORDERS


def list_promises(
    viewer: Viewer,
    *,
    by: ByChoice = "donor",
    donor: GiverChoice = "",
    group: GiversChoice = "",
    resource: FamilyChoice = "",
    programme: ProgrammeChoice = "",
    since: SinceChoice = "",
    until: UntilChoice = "",
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Promise]:
    """Return what was promised beside what became of it, by key and family or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such donor, group, resource or programme.
    OptionRefused
        It cannot be had by that, or in that order; a month is none; the cursor is of another list.
    """
    one_of("way to list promises", by, BY)
    asked = _Asked(by or "donor", donor, group, resource, programme, since, until)
    if by == "offer":
        rows = page_of_rows(_offers(asked, search), OFFER_ORDERS, order, after, most)
        return list(_by_offer(list(rows.select_related("donor", "resource", "resource__family"))))
    return page_of(_rows(asked, search, order), ORDERS, order, after, most)


def count_promises(
    viewer: Viewer,
    *,
    by: ByChoice = "donor",
    donor: GiverChoice = "",
    group: GiversChoice = "",
    resource: FamilyChoice = "",
    programme: ProgrammeChoice = "",
    since: SinceChoice = "",
    until: UntilChoice = "",
    search: SearchChoice = "",
) -> int:
    """Return how many rows `list_promises` would list; refuses what that refuses."""
    one_of("way to list promises", by, BY)
    asked = _Asked(by or "donor", donor, group, resource, programme, since, until)
    if by == "offer":
        return _offers(asked, search).count()
    return len(_rows(asked, search, None))


class _Asked(NamedTuple):
    """Hold what is asked for."""

    by: str
    donor: str
    group: str
    resource: str
    programme: str
    since: str
    until: str

    def in_time(self, month: str) -> bool:
        """Say whether a month lies in the time that is asked for."""
        return (not self.since or month >= self.since) and (not self.until or month <= self.until)


def _offers(asked: _Asked, search: str) -> QuerySet[Offer]:
    _expect_months(asked)
    chosen = Offer.objects.filter(
        of_party(asked.donor, "donor"), of_group(asked.group, None, "donor"), of_resource(asked.resource),
        of_programme(asked.programme),
    )  # fmt: skip
    if asked.since:
        chosen = chosen.filter(said_on__gte=date.fromisoformat(f"{asked.since}-01"))
    if asked.until:
        year, month = divmod(int(asked.until[:4]) * 12 + int(asked.until[5:]), 12)  # the month after it, from 0
        chosen = chosen.filter(said_on__lt=date(year, month + 1, 1)) if year <= date.max.year else chosen
    return chosen.filter(matching(search, ["ref"], parties=["donor"], resources=["resource"]))


def _expect_months(asked: _Asked) -> None:
    for name, month in (("since", asked.since), ("until", asked.until)):
        if month and (not MONTH.fullmatch(month) or month < "0001"):
            raise OptionRefused(f"'{month[:20]}' is no month for {name}; write year and month, such as 2026-03")


def _rows(asked: _Asked, search: str, order: str | None) -> list[Promise]:
    """Return the rows that are asked for; in no order where that is None."""
    expect_choice(group=asked.group, donor=asked.donor, resource=asked.resource)
    _expect_months(asked)
    ORDERS.chosen(order or "")
    book = read_book(None)
    if asked.programme:
        expect("programme", asked.programme)
        given = list(list_given(today(), asked.programme))
        entries = Entry.objects.filter(source__offer__programme=asked.programme)
        ways = _summed(read_ways(entries))
        rows = list(_told(book, asked.by, _added_up(book, asked, given, ways.items())))
        rows = rows if order is None else in_order(rows, ORDERS, order)
    elif order is None:
        rows = _found(book, asked)
    else:

        def sorted_rows(book: Book) -> list[Promise]:
            return in_order(_found(book, asked), ORDERS, order)

        rows = book.kept(("promises in order", *asked, order or ORDERS.default), sorted_rows)
    for word in words_of(search):
        rows = [
            row
            for row in rows
            if any(word.casefold() in text.casefold() for text in (row.key, row.name, row.family, row.family_name))
        ]
    return rows


def _found(book: Book, asked: _Asked) -> list[Promise]:
    """Return the rows that are asked for, where there is no programme; by donor they are at hand already."""
    bound = bool(asked.donor or asked.group)
    whole = not asked.resource or (asked.resource in book.resources and book.family(asked.resource) == asked.resource)
    if asked.by == "donor" and whole and not asked.since and not asked.until:
        told = book.index(_told_by_donor)
        givers: Iterable[str] = book.reached(asked.donor, asked.group) if bound else told
        rows = (row for giver in givers for row in told.get(giver, ()))
        return [row for row in rows if row.family == asked.resource] if asked.resource else list(rows)
    return book.kept(("promises", *asked), lambda book: list(_told(book, asked.by, _sums_of(book, asked))))


def _told_by_donor(book: Book) -> dict[str, list[Promise]]:
    told: dict[str, list[Promise]] = {}
    everything = _Asked("donor", "", "", "", "", "", "")
    for row in _told(book, "donor", _sums_of(book, everything)):
        told.setdefault(row.key, []).append(row)
    return told


def _summed(ways: Iterable[tuple[Way, int]]) -> dict[Way, int]:
    sums: dict[Way, int] = {}
    for way, moved in ways:
        sums[way] = sums.get(way, 0) + moved
    return sums


@dataclass(slots=True)
class _Sum:
    """Hold what adds up to one row: its columns in some unit, and the first and last day on which it was said."""

    cells: dict[str, Amount] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    def add(self, other: _Sum, size: Amount) -> None:
        """Add another, whose units are each so many of this one's; offers are counted as they are."""
        cells = self.cells
        for column, units in other.cells.items():
            cells[column] = cells.get(column, 0) + (units if column == "overdue_offers" else units * size)
        self.said(other.first, other.last)

    def said(self, first: date | None, last: date | None) -> None:
        """Add days."""
        if first is not None and (self.first is None or first < self.first):
            self.first = first
        if last is not None and (self.last is None or last > self.last):
            self.last = last


_Sums = dict[tuple[str, str], _Sum]
"""Donor or month, and resource or family → what was promised and what became of it."""


@dataclass(frozen=True, slots=True)
class _Summed:
    """Hold everything added up by donor, and by month, each with the resource, in its base units."""

    by_donor: dict[str, dict[str, _Sum]]
    by_month: dict[str, dict[str, _Sum]]


def _summed_up(book: Book) -> _Summed:
    """Return everything that was promised and what became of it, added up once for a book."""
    found = _Summed({}, {})
    cells_of = {way[3:]: tuple(_columns(*way[3:])) for way in book.ways}
    for one in book.given:
        column, units = _promised(book.kind(one.resource), one.firmness, one.claimed, one.entered)
        own = _Sum({column: units})
        if one.overdue_offers or one.overdue:
            own.cells |= {"overdue": one.overdue, "overdue_offers": one.overdue_offers}
        if one.first <= one.last:
            own.said(one.first, one.last)
        for rows, key in ((found.by_donor, one.donor), (found.by_month, one.month)):
            rows.setdefault(key, {}).setdefault(one.resource, _Sum()).add(own, 1)
    for (giver, what, month, source, target), units in book.ways.items():
        columns = cells_of[source, target]
        for rows, key in ((found.by_donor, giver), (found.by_month, month)):
            row = rows.setdefault(key, {})
            if what not in row:
                row[what] = _Sum()
            cells = row[what].cells
            for column, sign in columns:
                cells[column] = cells.get(column, 0) + sign * units
    return found


def _given_by_donor(book: Book) -> dict[str, list[Given]]:
    given: dict[str, list[Given]] = {}
    for one in book.given:
        given.setdefault(one.donor, []).append(one)
    return given


def _ways_by_donor(book: Book) -> dict[str, list[Way]]:
    ways: dict[str, list[Way]] = {}
    for way in book.ways:
        ways.setdefault(way[0], []).append(way)
    return ways


def _sums_of(book: Book, asked: _Asked) -> _Sums:
    """Return the sums that are asked for, looked up by what leaves the fewest: by donor or month they are added up already."""
    chosen = book.reached(asked.donor, asked.group) if asked.donor or asked.group else None
    timed = bool(asked.since or asked.until)
    if asked.by == "donor" and not timed:
        rows = book.index(_summed_up).by_donor
        return _of_families(book, asked, rows if chosen is None else {one: rows[one] for one in chosen if one in rows})
    if asked.by == "month" and chosen is None:
        months = book.index(_summed_up).by_month
        return _of_families(book, asked, {month: row for month, row in months.items() if asked.in_time(month)})
    given, ways, moved = book.index(_given_by_donor), book.index(_ways_by_donor), book.ways
    givers = {*given, *ways} if chosen is None else chosen
    return _added_up(
        book, asked, (one for giver in givers for one in given.get(giver, ())),
        ((way, moved[way]) for giver in givers for way in ways.get(giver, ())),
    )  # fmt: skip


def _of_families(book: Book, asked: _Asked, rows: Mapping[str, Mapping[str, _Sum]]) -> _Sums:
    """Return sums by resource as sums by family, of the resources that are asked for."""
    family, sums = book.family_of(asked.resource), _Sums()
    for subject, cells in rows.items():
        for what, own in cells.items():
            if what in family:
                key = (subject, book.family(what))
                if key not in sums:
                    sums[key] = _Sum()
                sums[key].add(own, book.family_size(what))
    return sums


def _added_up(book: Book, asked: _Asked, promised: Iterable[Given], ways: Iterable[tuple[Way, int]]) -> _Sums:
    by, family = asked.by, book.family_of(asked.resource)
    bound = bool(asked.donor or asked.group)
    givers: Container[str] = book.reached(asked.donor, asked.group) if bound else ()

    def chosen(giver: str, what: str, month: str) -> bool:
        return what in family and asked.in_time(month) and (not bound or giver in givers)

    sums = _Sums()
    for one in promised:
        if chosen(one.donor, one.resource, one.month):
            key = (one.month if by == "month" else one.donor, book.family(one.resource))
            size, row = book.family_size(one.resource), sums.setdefault(key, _Sum())
            column, units = _promised(book.kind(one.resource), one.firmness, one.claimed, one.entered)
            row.add(_Sum({column: units, "overdue": one.overdue, "overdue_offers": one.overdue_offers}), size)
            if one.first <= one.last:
                row.said(one.first, one.last)
    for (giver, what, month, source, target), units in ways:
        if chosen(giver, what, month):
            key = (month if by == "month" else giver, book.family(what))
            if key not in sums:
                sums[key] = _Sum()
            cells, size = sums[key].cells, book.family_size(what)
            for column, sign in _columns(source, target):
                cells[column] = cells.get(column, 0) + sign * units * size
    return sums


def _told(book: Book, by: str, sums: _Sums) -> Iterator[Promise]:
    """Return the rows of sums, without those in which nothing is left."""
    for (subject, what), row in sums.items():
        if any(row.cells.values()):
            own = subject if by == "donor" else ""
            yield Promise(
                subject, book.party_names.get(own, subject), own, book.party_names.get(own, ""), what,
                book.resources[what].name, book.resources[what].base_unit, first=row.first, last=row.last,
                **_fields(row.cells),
            )  # fmt: skip


def _promised(kind: str, firmness: str, claimed: int, entered: int) -> tuple[str, int]:
    """Return in which column a promise counts, and how much of it."""
    column = {"statement": "said", "pledge": "pledged", "commitment": "committed"}[firmness]
    return column, entered if counts(kind, firmness) else claimed


def _columns(source: str, target: str) -> Iterable[tuple[str, int]]:
    """Return which columns a way between two stages counts in; what is passed on has arrived only where it ends."""
    if target == "allocated":
        yield "allocated", 1
    if target == "paid" or (target == "in-transit" and source != "received"):
        yield "dispatched", 1
    if target in ("received", "paid"):
        yield "received", 1
    if (source, target) == ("received", "in-transit"):
        yield "received", -1
    if target in ("used", "spent"):
        yield "used", 1
    if target in ("damaged", "missing", "expired"):
        yield "lost", 1
    if target == "returned":
        yield "returned", 1


def _fields(cells: dict[str, Amount]) -> dict[str, int]:
    return {column: tidy(amount) for column, amount in cells.items()}  # type: ignore[misc]  # amounts, mostly whole


def _by_offer(offers: Sequence[Offer]) -> Iterator[Promise]:
    """Return the promises of a page of offers, from their own entries."""
    refs = [one.ref for one in offers]
    cells: dict[str, dict[str, Amount]] = {ref: {} for ref in refs}
    sizes = {one.ref: _size(one) for one in offers}
    ways = (
        Entry.objects.filter(source__offer__in=refs)
        .values_list("source__offer", "source__stage", "target__stage", "verb")
        .annotate(Sum("quantity"))
        .order_by()
    )
    for ref, source, target, verb, units in ways:
        way, back = ((target, source), -1) if verb == REVERSE else ((source, target), 1)
        for column, sign in _columns(*way):
            cells[ref][column] = cells[ref].get(column, 0) + sign * back * int(units) * sizes[ref]
    kept = Account.objects.filter(offer__in=refs).values_list("offer", "stage").annotate(Sum("balance")).order_by()
    stages: dict[str, dict[str, int]] = {}
    for ref, stage, units in kept:
        stages.setdefault(ref, {})[stage] = int(units)
    for one in offers:
        there, family = stages.get(one.ref, {}), one.resource.family or one.resource
        entered = -there.get("outside", 0) - there.get("withdrawn", 0)
        column, units = _promised(one.resource.kind, one.firmness, 0 if one.withdrawn else one.quantity, entered)
        late = one.window_until is not None and one.window_until < today()
        overdue = sum(there.get(stage, 0) for stage in OPEN) if late else 0
        found = cells[one.ref] | {column: units * sizes[one.ref], "overdue": overdue * sizes[one.ref]}
        yield OfferPromise(
            one.ref, one.resource.name, one.donor_id, one.donor.name, family.key, family.name, family.base_unit,
            first=one.said_on, last=one.said_on, overdue_offers=int(overdue > 0), **_fields(found),
        )  # fmt: skip


def _size(offer: Offer) -> Amount:
    """Return how many base units of its family one base unit of an offer's resource makes."""
    own, family = offer.resource, offer.resource.family or offer.resource
    return tidy(Fraction(family.per_person) / Fraction(own.per_person))
