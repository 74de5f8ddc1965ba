"""Pairs of records that may be one person, for whoever decides: refs, chance and reasons; the records are opened one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from evenhand.access.rights import RIGHTS, may, require
from evenhand.access.viewers import Target, Viewer
from evenhand.errors import NameUnknown, shown
from evenhand.lookups.reach import today
from evenhand.people.models import Duplicate, Registration
from evenhand.records.models import Party
from evenhand.records.tree import target_of

DECIDE = "people merge"


@dataclass(frozen=True, slots=True)
class MayBeOne:
    """Hold two records that may be one person, with their households; reasons say what agrees, never what it is."""

    number: int
    person: str
    household: str
    other: str
    other_household: str
    chance: float
    reasons: str
    made_at: datetime


def list_duplicates(
    viewer: Viewer, registration: Annotated[str, "the registration's ref, RG-..."], most: int = 100
) -> list[MayBeOne]:
    """Return the pairs that wait for a decision and whose records are both within the viewer's reach, the likeliest first.

    Raises
    ------
    NameUnknown
        There is no such registration.
    NotAllowed
        The viewer decides about no records.
    """
    if not viewer.has(*RIGHTS[DECIDE]):
        require(viewer, DECIDE, Target())
    keeper = Registration.objects.filter(pk=registration).values_list("party", flat=True).first()
    if keeper is None:
        raise NameUnknown("registration", shown(registration), ())
    rows = (
        Duplicate.objects.filter(registration=registration, state="proposed")
        .exclude(person__state__in=("merged", "erased"))
        .exclude(other__state__in=("merged", "erased"))
        .select_related("person__household", "other__household")
        .order_by("-chance", "pk")
    )
    reached: dict[str, bool] = {}

    def reaches(site: str) -> bool:
        if site not in reached:
            party = Party.objects.filter(pk=site).first()
            target = target_of(party, today()) if party is not None else None
            reached[site] = target is not None and keeper in target.parties and may(viewer, DECIDE, target)
        return reached[site]

    found = []
    for row in rows.iterator():
        if reaches(row.person.household.site) and reaches(row.other.household.site):
            found.append(
                MayBeOne(
                    row.pk, row.person_id, row.person.household_id, row.other_id, row.other.household_id, row.chance, row.reasons,
                    row.made_at,
                )
            )  # fmt: skip
            if len(found) == most:
                break
    return found
