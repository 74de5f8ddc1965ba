"""How many people are registered, for everybody: counts alone, and none under ten.

A count that is left out could be worked out from its total where it is the only one, so a second one is left out with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q

from evenhand.access.viewers import Viewer
from evenhand.people.models import Household, Person, Registration

FEWEST: Final = 10
"""A count below this is not shown."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Hold how many households and persons of one registration are present, by site; None where too few to tell."""

    registration: str
    title: str
    party: str
    state: str
    households: int | None
    persons: int | None
    by_site: Mapping[str, int | None]


def count_people(viewer: Viewer) -> list[Counted]:
    """Return the counts of every registration; the same for whoever asks."""
    rows = Registration.objects.order_by("pk")
    present = Q(state="present")
    households = dict(Household.objects.filter(present).values_list("registration").annotate(Count("pk")).order_by())
    persons: dict[str, dict[str, int]] = {}
    counted = Person.objects.filter(present).values_list("household__registration", "household__site")
    for registration, site, number in counted.annotate(Count("pk")).order_by():
        persons.setdefault(registration, {})[site] = number
    return [
        Counted(
            row.ref, row.title, row.party, row.state, suppressed(households.get(row.ref, 0)),
            suppressed(sum(persons.get(row.ref, {}).values())), suppress_parts(persons.get(row.ref, {})),
        )
        for row in rows
    ]  # fmt: skip


def suppressed(number: int) -> int | None:
    """Return a count, or None where it is too small to tell; nobody is told as nobody."""
    return number if number == 0 or number >= FEWEST else None


def suppress_parts(parts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts of a total's parts without the small ones, and without one more where just one would be missing.

    Examples
    --------
    >>> suppress_parts({"north": 400, "south": 7, "west": 30})
    {'north': 400, 'south': None, 'west': None}
    >>> suppress_parts({"north": 400, "south": 40})
    {'north': 400, 'south': 40}
    """
    told = {name: suppressed(number) for name, number in parts.items()}
    hidden = [name for name, number in told.items() if number is None]
    left = sorted((number, name) for name, number in parts.items() if told[name])
    if len(hidden) == 1 and left:
        told[left[0][1]] = None
    return told
