"""What was given out in a distribution: for devices what became of their scans, for registrars what needs a look, for all counts.

Cards go to devices as hashes with an amount, so that a device which is lost tells nobody who is registered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from evenhand.access.rights import RIGHTS, may, require
from evenhand.access.viewers import Target, Viewer
from evenhand.errors import NameUnknown, shown
from evenhand.lookups.people.counts import suppressed
from evenhand.lookups.people.shares import shares_by_household
from evenhand.lookups.reach import today
from evenhand.people.cards import card_code
from evenhand.people.models import Distribution, Gift, Household, Scan, SharePlan
from evenhand.people.opening import sealer
from evenhand.records.models import Party
from evenhand.records.tree import target_of

GIVE = "people give"
PLANS = "see share plans"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what became of one scan: given, or again, with the scan that counts; `doubled` where it was handed out twice."""

    scan: str
    outcome: str
    doubled: bool
    first_device: str
    first_at: datetime


@dataclass(frozen=True, slots=True)
class Doubled:
    """Hold a household that was handed the same share more than once, by devices without a line: for a person to look at."""

    household: str
    quantity: int
    scans: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class OnList:
    """Hold one household of a device's list: the hash of its card's code, and its share in base units; no name, no ref."""

    card: str
    quantity: int


@dataclass(frozen=True, slots=True)
class GivenOut:
    """Hold what a distribution gave, for everybody; None where fewer than ten households had it."""

    distribution: str
    site: str
    resource: str
    households: int | None
    quantity: int | None


def list_outcomes(viewer: Viewer, distribution: str, device: str) -> list[Outcome]:
    """Return what became of a device's scans, as things stand now. Raises NameUnknown, NotAllowed."""
    row = _reach(viewer, distribution)
    return _outcomes(Scan.objects.filter(distribution=row, device=device))


def list_doubled(viewer: Viewer, distribution: str) -> list[Doubled]:
    """Return the households that were handed their share more than once. Raises NameUnknown, NotAllowed."""
    row = _reach(viewer, distribution)
    twice = (
        Scan.objects.filter(distribution=row, handed_out=True)
        .values("household")
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
        .values_list("household", flat=True)
    )
    gifts = {
        one.household_id: one for one in Gift.objects.filter(distribution=row, state="given", household__in=list(twice))
    }
    found: dict[str, list[Outcome]] = {ref: [] for ref in gifts}
    scans = Scan.objects.filter(distribution=row, household__in=list(gifts), handed_out=True)
    by_id = dict(scans.values_list("pk", "household"))
    for one in _outcomes(scans):
        found[by_id[one.scan]].append(one)
    return [Doubled(ref, gifts[ref].quantity, tuple(found[ref])) for ref in sorted(found)]


def list_cards(viewer: Viewer, distribution: str) -> list[OnList]:
    """Return the list that a device takes along to work without a line. Raises NameUnknown, NotAllowed."""
    row = _reach(viewer, distribution)
    there = Household.objects.filter(registration=row.entitlement.registration_id, site=row.site, state="present")
    shares, keys = shares_by_household(row.entitlement, there, row.first_day), sealer().keys
    listed = [
        OnList(hashed(card_code(keys, ref, number), row.salt), shares[ref].quantity)
        for ref, number in there.values_list("pk", "card")
        if ref in shares and shares[ref].quantity
    ]
    return sorted(listed, key=lambda one: one.card)


def hashed(code: str, salt: str) -> str:
    """Return a card's code as a device's list has it; the list carries the salt of its distribution."""
    return hashlib.sha256(f"{salt}/{code}".encode()).hexdigest()


def read_plan(viewer: Viewer, distribution: str) -> bytes:
    """Return how a distribution's stock was shared out, as a zip that `evenhand check` proves once unpacked: amounts, no household.

    Raises
    ------
    NameUnknown
        There is no such distribution within reach, or its stock reached for everybody.
    NotAllowed
        The viewer holds no role that sees such plans.
    """
    row = _reach(viewer, distribution, PLANS)
    plan = SharePlan.objects.filter(distribution=row).first()
    if plan is None:
        raise NameUnknown("plan of the distribution", shown(distribution), ())
    return bytes(plan.archive)


def count_gifts(viewer: Viewer) -> list[GivenOut]:
    """Return what every distribution gave; the same for whoever asks."""
    given = Q(gifts__state="given")
    rows = Distribution.objects.select_related("entitlement").annotate(
        number=Count("gifts", filter=given), total=Sum("gifts__quantity", filter=given)
    )
    return [
        GivenOut(
            row.ref, row.site, row.entitlement.resource, suppressed(row.number),
            int(row.total or 0) if suppressed(row.number) is not None else None,
        )
        for row in rows.order_by("pk")
    ]  # fmt: skip


def _outcomes(scans: Iterable[Scan]) -> list[Outcome]:
    rows = sorted(scans, key=lambda one: (one.at, one.pk))
    pairs = {(one.distribution_id, one.household_id) for one in rows}
    gifts = {
        (one.distribution_id, one.household_id): one.scan
        for one in Gift.objects.filter(state="given", household__in={household for _, household in pairs})
        if (one.distribution_id, one.household_id) in pairs
    }
    firsts = Scan.objects.in_bulk(list(gifts.values()))
    found = []
    for one in rows:
        first = firsts.get(gifts.get((one.distribution_id, one.household_id), ""))
        if first is None:  # taken back
            found.append(Outcome(one.pk, "taken-back", False, "", one.at))
        else:
            counts = first.pk == one.pk
            found.append(
                Outcome(one.pk, "given" if counts else "again", one.handed_out and not counts, first.device, first.at)
            )
    return found


def _reach(viewer: Viewer, ref: str, right: str = GIVE) -> Distribution:
    row = Distribution.objects.select_related("entitlement__registration").filter(pk=ref).first()
    if row is not None:
        party = Party.objects.filter(pk=row.site).first()
        if party is not None and may(viewer, right, target_of(party, today())):
            return row
    if not viewer.has(*RIGHTS[right]):
        require(viewer, right, Target())
    raise NameUnknown("distribution", shown(ref), ())
