"""Who gave how much of a family of resources to whom, whatever has become of it since.

From the book that `lookups.snapshot` keeps, so all of it is public. Called by the page of a resource.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.access.viewers import Viewer
from evenhand.lookups.snapshot import read_book
from evenhand.lookups.standings import Amount, Book, FamilyChoice, Standing, expect_choice, tidy

DECIDED = frozenset({"allocated", "in-transit", "received", "used", "damaged", "missing", "expired", "paid", "spent"})
"""Where units stand that somebody is to have, or had."""

ARRIVED = frozenset({"received", "used", "paid", "spent"})


@dataclass(frozen=True, slots=True)
class Flow:
    """Hold what one donor gave to one recipient (its state, for whoever stands below one), in the family's unit.

    Attributes
    ----------
    amount
        Decided for the recipient, whatever has become of it.
    arrived
        Of that, what the recipient confirmed.
    """

    donor: str
    donor_name: str
    recipient: str
    recipient_name: str
    family: str
    unit: str
    amount: Amount
    arrived: Amount


def list_flows(viewer: Viewer, *, resource: FamilyChoice = "") -> list[Flow]:
    """Return who gave to whom, by donor, recipient and family. Raises NameUnknown."""
    expect_choice(resource=resource)
    book = read_book(None)
    decided = book.index(_decided)
    sums: dict[tuple[str, str, str], list[Amount]] = {}
    for stage, donor, holder, what, units in (
        one for each in book.family_of(resource) for one in decided.get(each, ())
    ):
        cell = sums.setdefault((donor, book.above(holder)[-1], book.family(what)), [0, 0])
        amount = units * book.family_size(what)
        cell[0] += amount
        cell[1] += amount if stage in ARRIVED else 0
    names = book.party_names
    return [
        Flow(donor, names.get(donor, donor), holder, names.get(holder, holder), family, book.resources[family].base_unit, *map(tidy, cell))
        for (donor, holder, family), cell in sorted(sums.items())
    ]  # fmt: skip


def _decided(book: Book) -> dict[str, list[Standing]]:
    """Return what somebody is to have or had, by resource."""
    found: dict[str, list[Standing]] = {}
    for one in book.standings:
        if one.stage in DECIDED and one.holder and one.holder in book.party_names:
            found.setdefault(one.resource, []).append(one)
    return found
