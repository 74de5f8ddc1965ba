"""How many are waiting, travelling, treated and home again, for everybody: counts alone, and none under ten.

By stage and by service of each registration; who is erased stays counted, as somebody whose evacuation ended, of a service that
nobody knows any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Sum

from evenhand.access.viewers import Viewer
from evenhand.lookups.people.asked import asked_of
from evenhand.lookups.people.counts import suppress_breakdowns
from evenhand.people.evacuation import SERVICES
from evenhand.people.models import EvacuationNeed, HospitalOffer, Registration

ERASED = "erased"
"""Stands among the services for those of whom none is known any more, so that the parts make up the total."""


@dataclass(frozen=True, slots=True)
class EvacuationsCounted:
    """Hold how many evacuations one registration has: all, by stage, by service; None where too few to tell."""

    registration: str
    title: str
    party: str
    evacuations: int | None
    by_stage: Mapping[str, int | None]
    by_service: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class PlacesCounted:
    """Hold how many places hospitals offer for one service. What is free would tell of single patients, so it is not here."""

    service: str
    hospitals: int
    places: int


def count_evacuations(viewer: Viewer) -> list[EvacuationsCounted]:
    """Return the counts of every registration; the same for whoever asks."""
    stages: dict[str, Counter[str]] = {}
    services: dict[str, Counter[str]] = {}
    for need in EvacuationNeed.objects.select_related("person__household").only(
        "state", "boxes", "person__household__registration"
    ):
        registration = need.person.household.registration_id
        stages.setdefault(registration, Counter())[need.state] += 1
        services.setdefault(registration, Counter())[asked_of(need, "service")["service"] or ERASED] += 1
    counted = []
    for row in Registration.objects.order_by("pk"):
        total, (by_stage, by_service) = suppress_breakdowns(
            _in_order(stages.get(row.ref, {}), EvacuationNeed.STATES),
            _in_order(services.get(row.ref, {}), (*SERVICES, ERASED)),
        )
        counted.append(EvacuationsCounted(row.ref, row.title, row.party, total, by_stage, by_service))
    return counted


def count_places(viewer: Viewer) -> list[PlacesCounted]:
    """Return how many places are offered, by service; the same for whoever asks."""
    rows = HospitalOffer.objects.filter(state="open").values("service").order_by("service")
    return [
        PlacesCounted(row["service"], row["hospitals"], row["all"])
        for row in rows.annotate(hospitals=Count("party", distinct=True), all=Sum("places"))
    ]


def _in_order(parts: Mapping[str, int], order: tuple[str, ...]) -> dict[str, int]:
    return {name: parts[name] for name in order if name in parts}
