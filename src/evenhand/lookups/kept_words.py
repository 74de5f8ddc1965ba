"""What was kept of what was promised in words: by donor, receiver or programme, and what the share rests on.

Statements of one thread, or about one offer, are one promise: its newest amount counts, and each linked offer once. Promises
without an amount, a link or a common unit are counted and stay out of the share. A statement adds nothing to any total of
what was given. Asked by the page of promises; follows `lookups.followed`, which says what each statement rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Final

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import ProgrammeChoice, ResourceChoice, one_of
from evenhand.lookups.followed import GiverChoice, GiversChoice, ReceiverChoice, list_followed
from evenhand.lookups.following import Followed
from evenhand.lookups.paging import By, OrderChoice, Orders, in_order
from evenhand.lookups.reach import today
from evenhand.lookups.standings import Amount, tidy
from evenhand.lookups.statements import NEVER
from evenhand.lookups.version import of_this_version

BY: Final = ("donor", "receiver", "programme")
ORDERS = Orders(
    {"key": By("", "key"), "statements": By("", "statements", int), "overdue": By("", "overdue", int)},
    default="key",
    key=By("", "id"),
)


@dataclass(frozen=True, slots=True)
class KeptWords:
    """Hold what was promised in words by one donor, to one receiver or under one programme, of one family of resources.

    Attributes
    ----------
    key, name
        The party or programme; where it is not known as a party, its name as the texts have it.
    family, base_unit
        "" for promises that are linked to no offer, or to offers of several things.
    statements, promises
        How many statements, and how many promises they make: those of one thread or about one offer are one.
    compared
        On how many promises the share rests: those with an amount and a linked offer in a common unit.
    no_link, no_amount, no_unit
        How many promises stay out of it, and why.
    said, received
        Of the compared ones, in base units of the family.
    share
        received / said, at most 1; None where nothing can be compared.
    overdue
        How many promises have a day that has passed and have not wholly arrived.
    """

    key: str
    name: str
    family: str
    base_unit: str
    statements: int
    promises: int
    compared: int
    no_link: int
    no_amount: int
    no_unit: int
    said: Amount
    received: Amount
    share: Fraction | None
    overdue: int

    orders: ClassVar[Orders] = ORDERS

    @property
    def id(self) -> str:
        """Return what tells the row from all others of its list."""
        return f"{self.key}/{self.name}/{self.family}"


def list_kept_words(
    viewer: Viewer,
    *,
    by: Annotated[str, "donor, receiver or programme"] = "donor",
    donor: GiverChoice = "",
    receiver: ReceiverChoice = "",
    group: GiversChoice = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    order: OrderChoice = "",
) -> list[KeptWords]:
    """Return what was kept of what was promised in words, by key and family or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such party, group, resource or programme.
    OptionRefused
        It cannot be had by that, or in that order.
    """
    one_of("way to list what was kept", by, BY)
    by = by or "donor"
    chosen = {"donor": donor, "receiver": receiver, "group": group, "resource": resource, "programme": programme}
    chosen = {name: value for name, value in chosen.items() if value}
    if viewer.public_id or chosen:
        rows = _listed(viewer, by, chosen)
    else:
        rows = of_this_version(f"kept words by {by}", lambda: _listed(viewer, by, {}), today())
    return in_order(list(rows), ORDERS, order)


def _listed(viewer: Viewer, by: str, chosen: Mapping[str, Any]) -> list[KeptWords]:
    sorted_by: dict[tuple[str, str, str], list[Followed]] = {}
    for one in list_followed(viewer, kind="promised", **chosen):
        for key, name in _subjects(one, by):
            sorted_by.setdefault((key, name, one.family), []).append(one)
    return [_kept(*key, rows) for key, rows in sorted_by.items()]


def _subjects(one: Followed, by: str) -> Iterable[tuple[str, str]]:
    """Return whom or what a statement is listed under: key, or a name where no party is known."""
    if by == "donor":
        return [(one.giver, "" if one.giver else one.giver_name)]
    if by == "programme":
        return [(programme, "") for programme in one.programmes] or [("", "")]
    return [(key, "") for key in one.receivers] or [("", name) for name in one.receiver_names] or [("", "")]


def _kept(key: str, name: str, family: str, rows: Sequence[Followed]) -> KeptWords:
    promises = one_promise_each(rows)
    newest = [
        max(promise, key=lambda one: (one.said is not None, one.said_on or NEVER, one.statement))
        for promise in promises
    ]
    compared = [(one, promise) for one, promise in zip(newest, promises, strict=True) if one.said]
    said = sum((Fraction(one.said or 0) for one, _ in compared), Fraction(0))
    received = sum((_received(promise) for _, promise in compared), Fraction(0))
    why = [one.rests_on for one in newest]
    return KeptWords(
        key, name, family, rows[0].base_unit, len(rows), len(promises), len(compared), why.count("no link"), why.count("no amount"),
        why.count("no unit") + why.count("several things"), tidy(said), tidy(received), min(Fraction(1), received / said) if said else None,
        sum(any(one.late_since for one in promise) for promise in promises),
    )  # fmt: skip


def _received(promise: Sequence[Followed]) -> Fraction:
    """Return what arrived for a promise: each offer once, as far as the widest of its statements looks."""
    brought: dict[str, Fraction] = {}
    for one in promise:
        for arrived in one.arrived:
            brought[arrived.offer] = max(brought.get(arrived.offer, Fraction(0)), Fraction(arrived.amount))
    return sum(brought.values(), Fraction(0))


def one_promise_each(rows: Sequence[Followed]) -> list[list[Followed]]:
    """Return statements by promise: those of one thread or about one offer together, in their own order."""
    groups: list[list[Followed]] = []
    marks: list[set[str]] = []
    for one in rows:
        own = {*one.offers, *([one.thread] if one.thread else [])} or {one.statement}
        joined = [place for place, marked in enumerate(marks) if marked & own]
        if not joined:
            groups.append([one])
            marks.append(own)
            continue
        first, *others = joined
        groups[first].append(one)
        marks[first] |= own
        for place in reversed(others):
            groups[first] += groups.pop(place)
            marks[first] |= marks.pop(place)
    return groups
