"""The headline figures in money: what was pledged, committed, paid and spent; and what units are worth.

As in `lookups.figures`, each is a sum of entries, a past day is the book as far as it was recorded by then, and what is
not firm enough to count stands beside. Currencies are never added up or exchanged.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.access.viewers import Viewer
from evenhand.lookups.snapshot import read_book
from evenhand.lookups.standings import (
    AsOf,
    Book,
    DonorChoice,
    MembersChoice,
    RecipientChoice,
    chosen_cells,
    expect_choice,
    holder_choice,
)
from evenhand.lookups.worth import Valued


@dataclass(frozen=True, slots=True)
class Money:
    """Hold the figures of one currency, in its base unit (cents of USD).

    Attributes
    ----------
    per_unit
        Base units in one of the currency: 100 for USD.
    claimed, pledged
        Said, and promised without an agreement; beside the book.
    committed
        Bound by agreement and neither allocated nor paid.
    allocated, paid, spent, returned, withdrawn
        What became of the rest.
    """

    currency: str
    unit: str
    per_unit: int = 1
    needed: int = 0
    claimed: int = 0
    pledged: int = 0
    committed: int = 0
    allocated: int = 0
    paid: int = 0
    spent: int = 0
    returned: int = 0
    withdrawn: int = 0


def list_money(
    viewer: Viewer,
    *,
    party: RecipientChoice = "",
    group: MembersChoice = "",
    donor: DonorChoice = "",
    as_of: AsOf = None,
) -> list[Money]:
    """Return the figures of money, by currency. Raises NameUnknown."""
    expect_choice(party, group, donor)
    return list(money_of(read_book(as_of), party, group, donor))


def money_of(book: Book, party: str = "", group: str = "", donor: str = "") -> tuple[Money, ...]:
    """Return the figures of money in a book, by currency."""
    return book.kept(("money", party, group, donor), lambda book: _money(book, party, group, donor))


def _money(book: Book, party: str, group: str, donor: str) -> tuple[Money, ...]:
    rows: dict[str, dict[str, int]] = {}
    if donor:
        found = [
            (resource, stage, units)
            for _, resource, stage, units in chosen_cells(book, party, group, donor)
            if book.kind(resource) == "money"
        ]
    else:
        chosen = holder_choice(book, party, group)
        found = [(resource, column, units) for one, resource, column, units in book.index(_of_money) if chosen(one)]
    for resource, column, units in found:
        cells = rows.setdefault(resource, {})
        cells[column] = cells.get(column, 0) + units
    return tuple(
        Money(one.key, one.base_unit, int(one.packs.get(one.key, 1)), **cells)
        for one, cells in ((book.resources[currency], cells) for currency, cells in sorted(rows.items()))
    )


def _of_money(book: Book) -> list[tuple[str, str, str, int]]:
    """Return whatever stands or is needed in money: whose it is, currency, stage or "needed", base units."""
    standing = [
        (holder, resource, stage, units)
        for holder, cells in book.by_holder.items()
        for (resource, stage), units in cells.items()
        if book.kind(resource) == "money"
    ]
    needs = (need for need in book.wanted if book.kind(need.resource) == "money")
    return standing + [(need.holder, need.resource, "needed", need.quantity) for need in needs]


def list_values(viewer: Viewer, *, as_of: AsOf = None) -> list[Valued]:
    """Return what the units in the book are worth, by currency, at the prices with which their offers entered it."""
    return list(read_book(as_of).values)
