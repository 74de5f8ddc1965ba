"""How many are waiting, travelling, treated and home again, for everybody: counts alone, and none under ten.

By stage and by service of each registration; who is erased stays counted, as somebody whose evacuation ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Sum

from evenhand.access.viewers import Viewer
from evenhand.lookups.people.counts import suppress_parts, suppressed
from evenhand.people.evacuation import SERVICES
from evenhand.people.models import EvacuationNeed, HospitalOffer, Registration


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
    rows = EvacuationNeed.objects.values_list("person__household__registration", "state", "service")
    for registration, state, service, number in rows.annotate(Count("pk")).order_by():
        stages.setdefault(registration, Counter())[state] += number
        services.setdefault(registration, Counter())[service] += number
    return [
        EvacuationsCounted(
            row.ref,
            row.title,
            row.party,
            suppressed(stages.get(row.ref, Counter()).total()),
            _told(stages.get(row.ref, Counter()), EvacuationNeed.STATES),
            _told(services.get(row.ref, Counter()), tuple(SERVICES)),
        )
        for row in Registration.objects.order_by("pk")
    ]


def count_places(viewer: Viewer) -> list[PlacesCounted]:
    """Return how many places are offered, by service; the same for whoever asks."""
    rows = HospitalOffer.objects.filter(state="open").values("service").order_by("service")
    return [
        PlacesCounted(row["service"], row["hospitals"], row["all"])
        for row in rows.annotate(hospitals=Count("party", distinct=True), all=Sum("places"))
    ]


def _told(parts: Mapping[str, int], order: tuple[str, ...]) -> dict[str, int | None]:
    return suppress_parts({name: parts[name] for name in order if name in parts})
