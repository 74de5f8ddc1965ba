"""Members: every member of a group, by how far its need for one family of resources is met; also those that need none of it.

From the book that `lookups.snapshot` keeps, so all of it is public. Called by the page of members. Must never rank by
anything but need.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from evenhand.access.viewers import Viewer
from evenhand.lookups.gaps import list_gaps
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
from evenhand.lookups.standings import Amount, Book, FamilyChoice, MembersChoice, expect_choice

LAST = Fraction(10**30)
"""Where members stand that need nothing of it: after all others."""

ORDERS = Orders(
    {
        "key": By("", "key"),
        "name": By("", "name"),
        "needed": By("", "needed", Fraction, Fraction(-1)),
        "there": By("", "there", Fraction, Fraction(-1)),
        "coming": By("", "coming", Fraction, Fraction(-1)),
        "gap": By("", "gap", Fraction, Fraction(-1)),
        "share": By("", "share", Fraction, LAST),
        "needs": By("", "needs", int),
    },
    default="share",
    key=By("", "key"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """Hold one member: how many needs it has on file, and how far its need for one family is met, in the family's unit.

    Attributes
    ----------
    needed, there, coming, gap
        None where it needs nothing of the family.
    """

    key: str
    name: str
    needs: int
    family: str
    unit: str
    needed: Amount | None = None
    there: Amount | None = None
    coming: Amount | None = None
    gap: Amount | None = None

    orders: ClassVar[Orders] = ORDERS

    @property
    def share(self) -> Fraction | None:
        """Return the share of what it needs that is there; None where it needs nothing of it."""
        return Fraction(self.there or 0) / Fraction(self.needed) if self.needed else None


def list_members_met(
    viewer: Viewer,
    *,
    group: MembersChoice = "",
    resource: FamilyChoice = "",
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Member]:
    """Return the members of a group, of all groups where none is named; the least served first or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such group or resource.
    OptionRefused
        There is no such order; the cursor is of another list.
    """
    rows = in_order(_members(viewer, group, resource, search), ORDERS, order)
    return page_of(rows, ORDERS, order, after, most)


def count_members_met(
    viewer: Viewer, *, group: MembersChoice = "", resource: FamilyChoice = "", search: SearchChoice = ""
) -> int:
    """Return how many members `list_members_met` would list; refuses what that refuses."""
    return len(_members(viewer, group, resource, search))


def _members(viewer: Viewer, group: str, resource: str, search: str) -> list[Member]:
    expect_choice(group=group, resource=resource)
    book = read_book(None)
    family = book.family(resource) if resource in book.resources else resource
    gaps = list_gaps(viewer, by="member", group=group)
    of_it = {one.key: one for one in gaps if one.family == family}
    needs: dict[str, int] = {}
    for one in gaps:
        needs[one.key] = needs.get(one.key, 0) + one.needs
    keys = {member for named, member in book.memberships if not group or named == group} | set(needs)
    unit = book.resources[family].base_unit if family in book.resources else ""
    rows = []
    for key in sorted(keys):
        gap, name = of_it.get(key), book.party_names.get(key, key)
        if _has(book, key, name, search):
            amounts = (gap.needed, gap.there, gap.coming, gap.gap) if gap else (None, None, None, None)
            rows.append(Member(key, name, needs.get(key, 0), family, unit, *amounts))
    return rows


def _has(book: Book, key: str, name: str, search: str) -> bool:
    return all(word.casefold() in key.casefold() or word.casefold() in name.casefold() for word in words_of(search))
