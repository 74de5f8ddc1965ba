"""What was given out in a distribution: for devices what became of their scans, for registrars what needs a look, for all counts.

Cards go to devices as hashes with an amount, so that a device which is lost tells nobody who is registered.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from evenhand.access.rights import RIGHTS, may, require
from evenhand.access.viewers import Target, Viewer
from evenhand.errors import NameUnknown, shown
from evenhand.lookups.people.counts import suppressed
from evenhand.lookups.people.reading import Reader, expect_kept, note_reading
from evenhand.lookups.people.shares import covered_persons, fields_read, shares_by_household
from evenhand.lookups.reach import today
from evenhand.people.cards import card_code
from evenhand.people.models import Distribution, Gift, Household, Ration, Scan, SharePlan
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
    """Hold one card of a device's list: hashes of its code and of its household, and the share in base units; no name, no ref.

    Two cards of one household (two that became one) have the same `household`: it is given once.
    """

    card: str
    household: str
    quantity: int


@dataclass(frozen=True, slots=True)
class CardList:
    """Hold what a device takes along: the salt of its hashes, which is of no other use, and the cards."""

    salt: str
    cards: tuple[OnList, ...]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Hold a scan that was taken though something is odd about it: for a person to look at."""

    scan: str
    household: str
    device: str
    at: datetime
    doubts: tuple[str, ...]


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


def list_doubtful(viewer: Viewer, distribution: str) -> list[Doubtful]:
    """Return the scans that were taken though something is odd about them. Raises NameUnknown, NotAllowed."""
    row = _reach(viewer, distribution)
    return [
        Doubtful(one.pk, one.household_id, one.device, one.at, tuple(one.doubts.split(";")))
        for one in Scan.objects.filter(distribution=row).exclude(doubts="").order_by("at", "pk")
    ]


def list_cards(viewer: Viewer, distribution: str) -> CardList:
    """Return the list that a device takes along to work without a line, and note for every household on it that it was made.

    Raises
    ------
    NameUnknown
        There is no such distribution within reach.
    NotAllowed
        The viewer gives nothing out.
    """
    row = _reach(viewer, distribution)
    expect_kept(row.entitlement.registration, today())
    there = Household.objects.filter(registration=row.entitlement.registration_id, site=row.site, state="present")
    shares = shares_by_household(row.entitlement, there, row.first_day, covered=covered_persons(row))
    amounts = {ref: share.quantity for ref, share in shares.items()}
    if SharePlan.objects.filter(distribution=row).exists():
        planned = dict(Ration.objects.filter(distribution=row).values_list("household", "quantity"))
        amounts = {ref: min(amount, int(planned.get(ref, 0))) for ref, amount in amounts.items()}
    had = set(Gift.objects.filter(distribution=row, state="given").values_list("household", flat=True))
    amounts = {ref: amount for ref, amount in amounts.items() if amount and ref not in had}
    salt, keys = list_salt(row), sealer().keys
    cards = [
        OnList(hashed(card_code(keys, ref, number), salt), hashed(home, salt), amounts[home])
        for ref, number, home in _cards_of(amounts)
    ]
    reader = Reader(viewer, "registrar", row.entitlement.purpose, f"the list of a device, {row.ref}")
    note_reading(reader, [(ref, "", fields_read(row.entitlement)) for ref in amounts])
    return CardList(salt, tuple(sorted(cards, key=lambda one: one.card)))


def _cards_of(homes: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """Yield the cards of households, and those of households that became one with them: ref, number, household."""
    edge = {ref: ref for ref in homes}
    while edge:
        rows = Household.objects.filter(pk__in=list(edge)).values_list("pk", "card")
        yield from ((ref, number, edge[ref]) for ref, number in rows)
        merged = Household.objects.filter(merged_into__in=list(edge)).values_list("pk", "merged_into")
        edge = {ref: edge[into] for ref, into in merged if into is not None}


def list_salt(row: Distribution) -> str:
    """Return the salt of a distribution's card lists: it leads neither to the register's own salt nor to the stock book."""
    return hmac.new(row.salt.encode(), b"cards", "sha256").hexdigest()


def hashed(code: str, salt: str) -> str:
    """Return a card's code, or a household's ref, as a device's list has it."""
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
    taken = set(
        Gift.objects.filter(
            state="taken-back",
            distribution__in={distribution for distribution, _ in pairs},
            household__in={household for _, household in pairs},
        ).values_list("household", flat=True)
    )
    firsts = Scan.objects.in_bulk(list(gifts.values()))
    found = []
    for one in rows:
        first = firsts.get(gifts.get((one.distribution_id, one.household_id), ""))
        if first is None:  # taken back, or counted in another household's gift
            outcome = "taken-back" if one.household_id in taken else "again"
            found.append(Outcome(one.pk, outcome, one.handed_out and outcome == "again", "", one.at))
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
