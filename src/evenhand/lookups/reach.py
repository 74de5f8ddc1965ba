"""How far a right of a viewer reaches, as a condition of a query: everything, parties with all below them, groups.

The same answer as `access.rights.may` gives row by row (a test says so), in one statement for all rows. Used by every
lookup of what is not public.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Q
from django.db.models.expressions import RawSQL

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import BOUND_TO, Viewer
from evenhand.lookups.version import members_known
from evenhand.records.tree import members_of

NONE = Q(pk__in=())
"""The condition that no row meets."""

ALL = ~NONE
"""The condition that every row meets; an empty `Q()` would vanish beside an "or"."""


def today() -> date:
    """Return the day on which somebody asks, in UTC."""
    return datetime.now(UTC).date()


def below(parties: Iterable[str]) -> RawSQL:
    """Return a query for the keys given and those of every party below them, to stand behind `__in`.

    One statement however many clinics a state has: their keys never travel.
    """
    roots = sorted(parties)
    marks = ", ".join(["%s"] * len(roots))
    return RawSQL(  # noqa: S611 -- names of our own; the keys are parameters
        'WITH RECURSIVE below("key") AS ('  # noqa: S608 -- as above
        f'SELECT "key" FROM records_party WHERE "key" IN ({marks}) UNION '
        'SELECT p."key" FROM records_party p JOIN below b ON p.parent_id = b."key") SELECT "key" FROM below',
        roots,
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """Hold how far one right reaches.

    Attributes
    ----------
    everything
        It reaches whatever there is.
    parties
        The parties it is held for; it reaches all below them too.
    groups
        The groups it is held for.
    members
        The parties that are members of those groups today; it reaches all below them too.
    """

    everything: bool = False
    parties: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()

    def over(self, *fields: str) -> Q:
        """Return the condition that one of the fields names a party that the right reaches."""
        return self._over(self.parties | self.members, fields)

    def own(self, *fields: str) -> Q:
        """Return the same, leaving out what is reached only as a member of a group."""
        return self._over(self.parties, fields)

    def over_group(self, field: str) -> Q:
        """Return the condition that a field names a group that the right reaches."""
        if self.everything:
            return ALL
        return Q(**{f"{field}__in": sorted(self.groups)}) if self.groups else NONE

    def _over(self, roots: frozenset[str], fields: tuple[str, ...]) -> Q:
        if self.everything:
            return ALL
        if not roots:
            return NONE
        condition = Q()
        for field in fields:
            condition |= Q(**{f"{field}__in": below(roots)})
        return condition


def reach_of(viewer: Viewer, right: str) -> Reach:
    """Return how far a viewer's right reaches today; a right that nobody declared reaches nothing."""
    held = [(BOUND_TO.get(one.role, "party"), one) for one in viewer.roles if one.role in RIGHTS.get(right, ())]
    groups = frozenset(one.group for bound_to, one in held if bound_to == "group" and one.group)
    return Reach(
        any(bound_to == "nothing" for bound_to, _ in held),
        frozenset(one.party for bound_to, one in held if bound_to == "party" and one.party),
        groups,
        _members(groups, today()) if groups else frozenset(),
    )


def _members(groups: frozenset[str], on: date) -> frozenset[str]:
    """Return the members; a page asks for the same ones with every lookup that it takes."""
    known = members_known()
    if (groups, on) not in known:
        known[groups, on] = members_of(groups, on)
    return known[groups, on]
