"""How many people are registered, for everybody: counts alone, and none under ten.

A count that is left out could be worked out from its total and from those beside it, so more are left out with it, and the total
too where it would tell. What is left out depends on the numbers alone, never on names: whoever sees the rest, and knows the rule, could
give the hidden numbers to the hidden names in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    sites = Person.objects.filter(present).values_list("household__registration", "household__site")
    for registration, site, number in sites.annotate(Count("pk")).order_by():
        persons.setdefault(registration, {})[site] = number
    counted = []
    for row in rows:
        total, (by_site,) = suppress_breakdowns(persons.get(row.ref, {}))
        own = suppressed(households.get(row.ref, 0))
        counted.append(Counted(row.ref, row.title, row.party, row.state, own, total, by_site))
    return counted


def suppressed(number: int) -> int | None:
    """Return a count, or None where it is too small to tell; nobody is told as nobody."""
    return number if number == 0 or number >= FEWEST else None


def suppress_parts(parts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts of a total's parts without the small ones, and without as many more, smallest first, as keep those hidden.

    The total is shown with them only where `suppress_breakdowns` shows it.

    Examples
    --------
    >>> suppress_parts({"north": 400, "south": 7, "west": 30})
    {'north': 400, 'south': None, 'west': None}
    >>> suppress_parts({"north": 400, "south": 40})
    {'north': 400, 'south': 40}
    """
    sizes = sorted(number for number in parts.values() if number)
    hidden = [number for number in sizes if number < FEWEST]
    while hidden and len(hidden) < len(sizes) and not _keeps(hidden):
        hidden = [number for number in sizes if number <= sizes[len(hidden)]]  # all of a size, or names would tell
    most = hidden[-1] if hidden else 0
    return {name: number if number == 0 or number > most else None for name, number in parts.items()}


def suppress_breakdowns(*breakdowns: Mapping[str, int]) -> tuple[int | None, list[dict[str, int | None]]]:
    """Return a total, and the counts of its parts by one breakdown or several, each without what would tell a small one.

    Where the total is hidden, every part is: it could be added up from any breakdown that is shown.

    Examples
    --------
    >>> suppress_breakdowns({"north": 9, "south": 9}, {"women": 10, "men": 8})
    (None, [{'north': None, 'south': None}, {'women': None, 'men': None}])
    """
    total = sum(breakdowns[0].values()) if breakdowns else 0
    told = [suppress_parts(parts) for parts in breakdowns]
    if total and (total < FEWEST or any(_total_tells(*both, total) for both in zip(breakdowns, told, strict=True))):
        return None, [{name: None if number else 0 for name, number in parts.items()} for parts in breakdowns]
    return total, told


def _total_tells(parts: Mapping[str, int], told: Mapping[str, int | None], total: int) -> bool:
    """Say whether a total would tell parts all of which are hidden."""
    there = [number for number in parts.values() if number]
    everything = not any(told.values())
    return everything and (total < 2 * FEWEST or not _keeps(there))


def _keeps(hidden: Sequence[int]) -> bool:
    """Say whether numbers stay hidden where their sum is known: two or more, ten or more together, not all ones and not all nines."""
    number, together = len(hidden), sum(hidden)
    return number >= 2 and together >= FEWEST and together not in (number, (FEWEST - 1) * number)
