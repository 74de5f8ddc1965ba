"""Who stands above the recipients of a round, and what they hold already: two readings of many rows at once.

Used by opening and freezing. Reads only; a round of a hundred thousand clinics must not cost a query each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Q, Sum

from evenhand.records.models import Need, Party, Resource
from evenhand.records.tree import DEEPEST
from evenhand.rounds.models import RoundNeed
from evenhand.stockbook.models import Consignment, Entry
from evenhand.stockbook.travelling import NOT_REVERSED

COMING = ("allocated", "in-transit")
"""Stages of what a party is about to have: nobody can have declared that as held, so it counts whenever it was decided."""

WAITING = (*COMING, "received", "paid")
"""Stages of what a party has, or is about to have, and has not used yet."""

SERVED = (*WAITING, "used", "spent")
"""Stages that count as served."""


AT_ONCE = 5000
"""Keys asked for in one statement."""


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
    for start in range(0, len(ordered), AT_ONCE):
        found.update(Party.objects.filter(pk__in=ordered[start : start + AT_ONCE]).values_list("key", "parent"))
    return found


def count_held(
    since: Mapping[str, date], family: Mapping[str, Resource], elsewhere: Mapping[tuple[str, str], int]
) -> dict[str, Counted]:
    """Return what the book shows each recipient got of a family of resources since its day, or is about to get.

    What a party below it got counts for the nearest recipient above; what is on its way counts for where it goes. Only
    the sums of entries are read, so what was declared as held when the need was made is not counted twice.

    Parameters
    ----------
    since
        Recipient → the day its need was made.
    elsewhere
        (recipient, offer) → base units that serve another need of it, from `count_elsewhere`: they do not count here.
    """
    moved = _moved(min(since.values()), family)
    if not moved:
        return {}
    aims = dict(
        Consignment.objects.filter(pk__in={holder for stage, holder, *_ in moved if stage == "in-transit"}).values_list(
            "ref", "destination"
        )
    )

    def party_of(stage: str, holder: str) -> str:
        return aims.get(holder, "") if stage == "in-transit" else holder

    above = chains({party_of(stage, holder) for stage, holder, *_ in moved} - {""})
    sums: dict[tuple[str, str, str], list[int]] = {}
    for (stage, holder, resource, offer, day), quantity in moved.items():
        recipient = next((key for key in above.get(party_of(stage, holder), ()) if key in since), None)
        if recipient is None or (stage not in COMING and day < since[recipient].isoformat()):
            continue
        base_units = sums.setdefault((recipient, resource, offer), [0, 0])
        base_units[0] += quantity
        if stage in WAITING:
            base_units[1] += quantity
    found: dict[str, Counted] = {}
    for (recipient, resource, offer), (served, waiting) in sums.items():
        served -= min(elsewhere.get((recipient, offer), 0), max(served, 0))
        before, size = found.get(recipient, Counted()), Fraction(family[resource].per_person)
        found[recipient] = Counted(before.served + served / size, before.waiting + waiting / size)
    return found


def count_elsewhere(needs: Iterable[Need], today: date) -> dict[tuple[str, str], int]:
    """Return (party, offer) → base units that other rounds allocated to the party for other needs that still stand.

    What serves one need of a party is not taken from another. A need and its corrections are one.
    """
    mine: dict[str, set[str]] = {}
    for need in needs:
        mine.setdefault(need.party_id, set()).add(need.ref)
    links: dict[str, tuple[str | None, bool]] = {}
    posted: list[tuple[str, str, str]] = []
    parties = sorted(mine)
    for start in range(0, len(parties), AT_ONCE):
        some = parties[start : start + AT_ONCE]
        approved = Need.objects.filter(party__in=some).exclude(approved_at=None)
        for ref, before, state, until in approved.values_list("ref", "replaces", "state", "valid_until"):
            links[ref] = before, state == "approved" and until >= today
        taken = RoundNeed.objects.filter(round__state="posted", need__party__in=some)
        posted += taken.values_list("round", "need__party", "need")

    def first(ref: str) -> str:
        while (before := links[ref][0]) in links:
            ref = str(before)
        return ref

    standing = {first(ref) for ref, (_, stands) in links.items() if stands}
    here = {first(ref) for refs in mine.values() for ref in refs if ref in links}
    served: dict[tuple[str, str], set[str]] = {}
    for round_ref, party, ref in posted:
        if ref in links:
            served.setdefault((round_ref, party), set()).add(first(ref))
    rounds = {key for key, firsts in served.items() if not firsts & here and firsts & standing}
    given: dict[tuple[str, str], int] = {}
    if not rounds:
        return given
    rows = Entry.objects.filter(NOT_REVERSED, verb="allocate", concerns__in={round_ref for round_ref, _ in rounds})
    for concerns, party, offer, quantity in rows.values_list("concerns", "target__holder", "target__offer", "quantity"):
        if (concerns, party) in rounds:
            given[party, offer] = given.get((party, offer), 0) + quantity
    return given


def _moved(since: date, family: Mapping[str, Resource]) -> dict[tuple[str, str, str, str, str], int]:
    """Return (stage, holder, resource, offer, day) → base units that came, less those that went.

    Since a day; of what is still to come, ever.
    """
    moved: dict[tuple[str, str, str, str, str], int] = {}
    for side, sign in (("target", 1), ("source", -1)):
        rows = (
            Entry.objects.filter(
                Q(happened__gte=since.isoformat()) | Q(**{f"{side}__stage__in": COMING}),
                **{f"{side}__stage__in": SERVED, f"{side}__resource__in": list(family)},
            )
            .order_by()
            .values_list(f"{side}__stage", f"{side}__holder", "resource_id", f"{side}__offer", "happened")
            .annotate(Sum("quantity"))
        )
        for *key_parts, quantity in rows:
            key = tuple(key_parts)
            moved[key] = moved.get(key, 0) + sign * int(quantity)
    return moved
