"""Needs and gaps: what is needed, what of it is there, what is coming and what is missing, by need, member, resource and time.

From the book that `lookups.snapshot` keeps, so all of it is public. A row is the sum of the needs it is about. Where a party
has several needs of one family, what is there and coming fills them in the order in which they were stated: the book does
not know which of them a box was for. Money is told by `lookups.money`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, ClassVar

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import expect, one_of
from evenhand.lookups.paging import (
    AfterChoice,
    By,
    MostChoice,
    OrderChoice,
    Orders,
    SearchChoice,
    in_order,
    page_of,
)
from evenhand.lookups.searching import words_of
from evenhand.lookups.snapshot import read_book
from evenhand.lookups.standings import (
    Amount,
    Book,
    FamilyChoice,
    MembersChoice,
    RecipientChoice,
    Wanted,
    expect_choice,
    holder_choice,
    tidy,
)

BY = ("need", "member", "resource", "region", "group", "month")
REGION = "region"
"""Groups whose kind holds this word are regions; which there are, an installation says."""

FAR = date(9999, 12, 31)
ByChoice = Annotated[str, "need, member (state), resource (family), region, group or month (by when it is needed)"]
PlaceChoice = Annotated[str, "only needs of this place"]

ORDERS = Orders(
    {
        "key": By("", "key"),
        "name": By("", "name"),
        "party": By("", "party"),
        "family": By("", "family"),
        "needed": By("", "needed", Fraction),
        "there": By("", "there", Fraction),
        "coming": By("", "coming", Fraction),
        "gap": By("", "gap", Fraction),
        "share": By("", "share", Fraction),
        "lapses_on": By("", "lapses_on", date),
        "needed_by": By("", "needed_by", date, FAR),
    },
    default="share",
    key=By("", "id"),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Hold what is needed of one family, and how far that is met, in the family's unit.

    Attributes
    ----------
    key, name
        The need, party, resource, group or month it is about.
    party, party_name
        Whose need it is, "" where of several.
    needs
        How many needs it adds up.
    there
        Of what is needed: held when the need was stated, and received since.
    coming
        Of what is needed and not there: allocated or on its way.
    gap
        What is left.
    lapses_on, needed_by
        The first day on which one of the needs lapses, or is to be met.
    """

    key: str
    name: str
    party: str
    party_name: str
    family: str
    family_name: str
    unit: str
    needs: int
    needed: Amount
    there: Amount
    coming: Amount
    gap: Amount
    lapses_on: date
    needed_by: date | None

    orders: ClassVar[Orders] = ORDERS

    @property
    def id(self) -> str:
        """Return what tells the row from all others of its list."""
        return f"{self.key}/{self.family}"

    @property
    def share(self) -> Fraction:
        """Return the share of what is needed that is there, 0 to 1."""
        return Fraction(self.there, self.needed)


def list_gaps(
    viewer: Viewer,
    *,
    by: ByChoice = "need",
    group: MembersChoice = "",
    party: RecipientChoice = "",
    resource: FamilyChoice = "",
    place: PlaceChoice = "",
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Gap]:
    """Return what is needed and missing, the least served first or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such group, party, resource or place.
    OptionRefused
        It cannot be had by that, or in that order; the cursor is of another list.
    """
    rows = _rows(by, group, party, resource, place, search, order)
    return page_of(rows, ORDERS, order, after, most)


def count_gaps(
    viewer: Viewer,
    *,
    by: ByChoice = "need",
    group: MembersChoice = "",
    party: RecipientChoice = "",
    resource: FamilyChoice = "",
    place: PlaceChoice = "",
    search: SearchChoice = "",
) -> int:
    """Return how many rows `list_gaps` would list; refuses what that refuses."""
    return len(_rows(by, group, party, resource, place, search, None))


def _rows(by: str, group: str, party: str, resource: str, place: str, search: str, order: str | None) -> list[Gap]:
    """Return the rows that are asked for; in no order where that is None."""
    one_of("way to list needs", by, BY)
    expect_choice(party, group, resource=resource)
    if place:
        expect("place", place)
    ORDERS.chosen(order or "")
    book = read_book(None)
    asked = (by or "need", group, party, resource, place)

    def found_rows(book: Book) -> list[Gap]:
        return book.kept(("gaps", *asked), lambda book: list(_gaps(book, *asked)))

    def sorted_rows(book: Book) -> list[Gap]:
        return in_order(found_rows(book), ORDERS, order or "")

    rows = (
        found_rows(book)
        if order is None
        else book.kept(("gaps in order", *asked, order or ORDERS.default), sorted_rows)
    )
    for word in words_of(search):
        rows = _with(book, word.casefold(), rows)
    return rows


def _with(book: Book, word: str, rows: list[Gap]) -> list[Gap]:
    """Return the rows in whose key or names a word stands; names are looked through once and not for every row."""
    parties = {key for key, name in book.party_names.items() if word in key.casefold() or word in name.casefold()}
    families = {
        key
        for key, one in book.resources.items()
        if word in key.casefold() or word in one.name.casefold() or word in one.name_fr.casefold()
    }
    return [
        row
        for row in rows
        if row.party in parties
        or row.family in families
        or word in row.key.casefold()
        or (not row.party and word in row.name.casefold())
    ]


@dataclass(slots=True)
class _Part:
    """Hold one need and what of it is there and coming."""

    need: Wanted
    family: str
    needed: Amount
    there: Amount
    coming: Amount
    gap: Gap | None = None


def _parts(book: Book) -> list[_Part]:
    """Return what is there and coming, need by need."""
    left = {(one.holder, one.resource): (max(0, one.there), max(0, one.there + one.coming)) for one in book.served}
    parts = []
    for need in sorted(book.wanted, key=lambda one: (one.made_at, one.ref)):
        if book.kind(need.resource) == "money":
            continue
        key = (need.holder, book.family(need.resource))
        there, all_of_it = left[key]
        needed = need.quantity * book.family_size(need.resource)
        here, met = min(needed, there), min(needed, all_of_it)
        left[key] = there - here, all_of_it - met
        parts.append(_Part(need, key[1], needed, here, max(0, met - here)))
    return parts


def _parts_by_holder(book: Book) -> dict[str, list[_Part]]:
    parts: dict[str, list[_Part]] = {}
    for part in book.index(_parts):
        parts.setdefault(part.need.holder, []).append(part)
    return parts


def _parts_by_family(book: Book) -> dict[str, list[_Part]]:
    parts: dict[str, list[_Part]] = {}
    for part in book.index(_parts):
        parts.setdefault(part.family, []).append(part)
    return parts


def _chosen_parts(book: Book, group: str, party: str, resource: str, place: str) -> Iterator[_Part]:
    """Return the needs that are asked about, looked up by what leaves the fewest."""
    chosen, family = holder_choice(book, party, group), book.family_of(resource)
    what = book.family(resource) if resource in book.resources else resource
    found: Iterable[_Part]
    if party:
        held = book.index(_parts_by_holder)
        found = (part for holder in sorted(book.reached(party, group)) for part in held.get(holder, ()))
    else:
        found = book.index(_parts_by_family).get(what, ()) if resource else book.index(_parts)
    for part in found:
        need = part.need
        if chosen(need.holder) and (not resource or need.resource in family) and (not place or need.place == place):
            yield part


def _gap_of(book: Book, part: _Part) -> Gap:
    """Return the row of one need; it is the same whatever else is asked for, and made once."""
    if part.gap is None:
        (part.gap,) = _rows_of(book, "need", {(part.need.ref, part.family): [part]})
    return part.gap


def _gaps(book: Book, by: str, group: str, party: str, resource: str, place: str) -> Iterable[Gap]:
    found = _chosen_parts(book, group, party, resource, place)
    if by == "need":
        return (_gap_of(book, part) for part in found)
    sums: dict[tuple[str, str], list[_Part]] = {}
    for part in found:
        for subject in _subjects(book, by, part):
            sums.setdefault((subject, part.family), []).append(part)
    return _rows_of(book, by, sums)


def _rows_of(book: Book, by: str, sums: Mapping[tuple[str, str], list[_Part]]) -> Iterator[Gap]:
    for (subject, what), parts in sums.items():
        own = subject if by == "member" else parts[0].need.holder if by == "need" else ""
        needed, there, coming = (
            tidy(sum(amounts)) for amounts in zip(*((one.needed, one.there, one.coming) for one in parts), strict=True)
        )
        yield Gap(
            key=subject,
            name=_name(book, by, subject, parts[0]),
            party=own,
            party_name=book.party_names.get(own, ""),
            family=what,
            family_name=book.resources[what].name,
            unit=book.resources[what].base_unit,
            needs=len(parts),
            needed=needed,
            there=there,
            coming=coming,
            gap=needed - there - coming,
            lapses_on=min(part.need.valid_until for part in parts),
            needed_by=min((part.need.by_when for part in parts if part.need.by_when), default=None),
        )


def _subjects(book: Book, by: str, part: _Part) -> tuple[str, ...]:
    """Return the keys of the rows in which a need counts."""
    need = part.need
    if by == "member":
        return (book.above(need.holder)[-1],)
    if by in ("region", "group"):
        groups = book.groups(need.holder)
        return groups if by == "group" else tuple(one for one in groups if REGION in book.group_kinds[one].lower())
    if by == "month":
        return ((need.by_when or need.valid_until).isoformat()[:7],)
    return (need.ref,) if by == "need" else (part.family,)


def _name(book: Book, by: str, subject: str, part: _Part) -> str:
    if by == "need":
        return book.resources[part.need.resource].name
    if by == "resource":
        return book.resources[subject].name
    return {"member": book.party_names, "region": book.group_names, "group": book.group_names}.get(by, {}).get(
        subject, subject
    )
