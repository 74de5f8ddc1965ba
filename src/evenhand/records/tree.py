"""Who stands above whom, and who belongs to which group on a day.

Used by actions and lookups to say what a right reaches. Reads only.
"""

from __future__ import annotations

from datetime import date

from evenhand.access.viewers import Target
from evenhand.records.models import Membership, Party

DEEPEST = 16
"""No tree of parties is deeper; a longer way up would be a circle."""

STATUSES = ("member", "observer", "eligible", "suspended")
"""What a party can be in a group."""

COUNTED = ("member", "eligible")
"""The statuses that make a party one of the group; an observer's or a suspended member's affairs are not the group's."""


def parties_above(party: Party) -> tuple[str, ...]:
    """Return the key of a party and of every party above it, nearest first."""
    keys: list[str] = []
    one: Party | None = party
    while one is not None and len(keys) < DEEPEST:
        keys.append(one.key)
        one = one.parent
    return tuple(keys)


def groups_of(parties: tuple[str, ...], on: date) -> tuple[str, ...]:
    """Return the groups to which one of these parties belongs on a day, sorted."""
    rows = Membership.objects.filter(party__in=parties, status__in=COUNTED).values_list("group", "since", "until")
    day = on.isoformat()
    return tuple(
        sorted(
            {group for group, since, until in rows if since[:10] <= day and (not until or until >= day[: len(until)])}
        )
    )


def target_of(party: Party, on: date) -> Target:
    """Return what a right over a party is asked about."""
    parties = parties_above(party)
    return Target(parties, groups_of(parties, on))


def parties_below(keys: frozenset[str]) -> frozenset[str]:
    """Return the keys given and those of every party below them."""
    found = set(keys)
    edge = set(keys)
    while edge:
        edge = set(Party.objects.filter(parent__in=edge).values_list("key", flat=True)) - found
        found |= edge
    return frozenset(found)


def members_of(groups: frozenset[str], on: date) -> frozenset[str]:
    """Return the keys of the parties that belong to one of these groups on a day."""
    rows = Membership.objects.filter(group__in=groups, status__in=COUNTED).values_list("party", "since", "until")
    day = on.isoformat()
    return frozenset(
        party for party, since, until in rows if since[:10] <= day and (not until or until >= day[: len(until)])
    )
