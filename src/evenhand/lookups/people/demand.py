"""What a register's households need by an entitlement, site by site: numbers alone, for a member's needs and for everybody.

A site with fewer than ten persons is not told apart: it is counted with the party that keeps the register, and where that too comes
to fewer than ten, nothing is told of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from evenhand.access.rights import require
from evenhand.access.viewers import Viewer
from evenhand.errors import NameUnknown, shown
from evenhand.lookups.people.counts import FEWEST
from evenhand.lookups.people.shares import shares_by_household
from evenhand.lookups.reach import today
from evenhand.people.models import Entitlement, Household
from evenhand.records.models import Party
from evenhand.records.tree import target_of

ROLL_UP = "people entitle"


@dataclass(frozen=True, slots=True)
class Demand:
    """Hold what the persons of one site, or of all sites too small to tell, need: in base units of the resource."""

    party: str
    resource: str
    households: int
    persons: int
    quantity: int


def roll_up(viewer: Viewer, entitlement: Annotated[str, "the entitlement's ref, ET-..."]) -> list[Demand]:
    """Return what an entitlement comes to at each site, once for everybody present; no person is shown, and none is told apart.

    Raises
    ------
    NameUnknown
        There is no such entitlement.
    NotAllowed
        The viewer does not answer for the party that keeps the register.
    """
    row = Entitlement.objects.select_related("registration").filter(pk=entitlement).first()
    if row is None:
        raise NameUnknown("entitlement", shown(entitlement), ())
    keeper = row.registration.party
    require(viewer, ROLL_UP, target_of(Party.objects.get(pk=keeper), today()))
    found = _by_site(row)
    told = [one for one in found if one.persons >= FEWEST and one.party != keeper]
    rest = [one for one in found if one not in told]
    small = Demand(
        keeper, row.resource, sum(one.households for one in rest), sum(one.persons for one in rest),
        sum(one.quantity for one in rest),
    )  # fmt: skip
    return [*told, *([small] if small.persons >= FEWEST else [])]


def _by_site(row: Entitlement) -> list[Demand]:
    there = Household.objects.filter(registration=row.registration_id, state="present")
    sites = dict(there.values_list("pk", "site"))
    sums: dict[str, list[int]] = {}
    for ref, share in shares_by_household(row, there, today()).items():
        total = sums.setdefault(sites[ref], [0, 0, 0])
        for place, number in enumerate((1, share.persons, share.quantity)):
            total[place] += number
    return [Demand(site, row.resource, *sums[site]) for site in sorted(sums)]
