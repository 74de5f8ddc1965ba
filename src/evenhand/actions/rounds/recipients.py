"""Who stands above the recipients of a round, and what they hold already: two readings of many rows at once.

Used by opening and freezing. Reads only; a round of a hundred thousand clinics must not cost a query each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Sum

from evenhand.records.models import Party, Resource
from evenhand.records.tree import DEEPEST
from evenhand.stockbook.models import Consignment, Entry

WAITING = ("allocated", "in-transit", "received", "paid")
"""Stages of what a party has, or is about to have, and has not used yet."""

SERVED = (*WAITING, "used", "spent")
"""Stages that count as served."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Hold what the stock book shows for a recipient, in service units: served in all, and of that not used yet."""

    served: Fraction = Fraction(0)
    waiting: Fraction = Fraction(0)


def chains(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return each party's own key and those of every party above it, nearest first."""
    parents: dict[str, str | None] = {}
    edge = set(keys)
    asked = list(edge)
    for _ in range(DEEPEST):
        if not edge:
            break
        parents.update(_parents(edge))
        edge = {parent for parent in parents.values() if parent and parent not in parents}
    found: dict[str, tuple[str, ...]] = {}
    for key in asked:
        chain: list[str] = []
        one: str | None = key
        while one and len(chain) < DEEPEST:
            chain.append(one)
            one = parents.get(one)
        found[key] = tuple(chain)
    return found


def _parents(keys: set[str]) -> dict[str, str | None]:
    ordered = sorted(keys)
    found: dict[str, str | None] = {}
    for start in range(0, len(ordered), 5000):
        found.update(Party.objects.filter(pk__in=ordered[start : start + 5000]).values_list("key", "parent"))
    return found


def count_held(since: Mapping[str, date], family: Mapping[str, Resource]) -> dict[str, Counted]:
    """Return what the book shows each recipient got of a family of resources since its day.

    What a party below it got counts for the nearest recipient above; what is on its way counts for where it goes. Only
    the sums of entries are read, so what was declared as held when the need was made is not counted twice.

    Parameters
    ----------
    since
        Recipient → the day its need was made.
    """
    moved = _moved(min(since.values()), family)
    if not moved:
        return {}
    aims = dict(
        Consignment.objects.filter(
            pk__in={holder for stage, holder, _, _ in moved if stage == "in-transit"}
        ).values_list("ref", "destination")
    )

    def party_of(stage: str, holder: str) -> str:
        return aims.get(holder, "") if stage == "in-transit" else holder

    above = chains({party_of(stage, holder) for stage, holder, _, _ in moved} - {""})
    sums: dict[str, list[Fraction]] = {}
    for (stage, holder, resource, day), quantity in moved.items():
        recipient = next((key for key in above.get(party_of(stage, holder), ()) if key in since), None)
        if recipient is None or day < since[recipient].isoformat():
            continue
        units = quantity / Fraction(family[resource].per_person)
        served = sums.setdefault(recipient, [Fraction(0), Fraction(0)])
        served[0] += units
        if stage in WAITING:
            served[1] += units
    return {recipient: Counted(served, waiting) for recipient, (served, waiting) in sums.items()}


def _moved(since: date, family: Mapping[str, Resource]) -> dict[tuple[str, str, str, str], int]:
    """Return (stage, holder, resource, day) → base units that came, less those that went."""
    moved: dict[tuple[str, str, str, str], int] = {}
    for side, sign in (("target", 1), ("source", -1)):
        rows = (
            Entry.objects.filter(
                **{f"{side}__stage__in": SERVED, f"{side}__resource__in": list(family)}, happened__gte=since.isoformat()
            )
            .order_by()
            .values_list(f"{side}__stage", f"{side}__holder", "resource_id", "happened")
            .annotate(Sum("quantity"))
        )
        for stage, holder, resource, day, quantity in rows:
            key = (stage, holder, resource, day)
            moved[key] = moved.get(key, 0) + sign * int(quantity)
    return moved
