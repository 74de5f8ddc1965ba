"""Who asks: a user with the roles held that day, or the public.

Made once per request or command and handed to every action and lookup. Reads `RoleHeld`; knows nothing of records.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from evenhand.access.models import RoleHeld, User
from evenhand.access.roles import ROLES
from evenhand.errors import NotAllowed

BOUND_TO = {role.name: role.bound_to for role in ROLES}
"""A role that was bound to nothing by mistake reaches nothing, unless it is one of those that reach everything."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Hold one role and what it is bound to."""

    role: str
    party: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Say what a right is asked about: its party with everything above it, and the groups any of these belongs to."""

    parties: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


ANYTHING = Target()
"""What has no party and no group: the seed lists, the installation itself."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Hold who is asking. `public_id` is "" for the public, which holds no role."""

    public_id: str = ""
    name: str = ""
    roles: tuple[Binding, ...] = ()

    def holds(self, role: str, target: Target) -> bool:
        """Say whether this viewer holds a role that reaches the target."""
        bound_to = BOUND_TO.get(role, "party")
        return any(
            binding.role == role
            and (
                bound_to == "nothing"
                or (bound_to == "party" and binding.party in target.parties)
                or (bound_to == "group" and binding.group in target.groups)
            )
            for binding in self.roles
        )

    def parties(self, *roles: str) -> frozenset[str]:
        """Return the parties for which one of these roles is held directly."""
        return frozenset(one.party for one in self.roles if one.role in roles and one.party and not one.group)

    def groups(self, *roles: str) -> frozenset[str]:
        """Return the groups for which one of these roles is held."""
        return frozenset(one.group for one in self.roles if one.role in roles and one.group)

    def has(self, *roles: str) -> bool:
        """Say whether one of these roles is held, for whatever party or group."""
        return any(one.role in roles for one in self.roles)


PUBLIC = Viewer()


def viewer_of(user: User, *, on: date) -> Viewer:
    """Return the viewer that a user is on a day.

    Raises
    ------
    NotAllowed
        The user was switched off.
    """
    if not user.is_active:
        raise NotAllowed(f"the user '{user.name}' is switched off; an operator can switch it on again")
    held = RoleHeld.objects.filter(Q(until=None) | Q(until__gte=on), user=user, since__lte=on).order_by("pk")
    return Viewer(user.public_id, user.name, tuple(Binding(one.role, one.party, one.group) for one in held))


def viewer_still(viewer: Viewer, *, on: date) -> Viewer:
    """Return a viewer with those of its roles that it still holds, asked by every action under the write lock.

    Between signing in and acting a role may have been revoked, or the user switched off; solving a round takes minutes.

    Raises
    ------
    NotAllowed
        The user was switched off, or holds nothing any more.
    """
    if not viewer.roles:
        return viewer
    rows = RoleHeld.objects.filter(
        Q(until=None) | Q(until__gte=on), user__public_id=viewer.public_id, user__is_active=True
    )
    held = set(rows.values_list("role", "party", "group"))
    if not held:
        raise NotAllowed(
            f"the user '{viewer.name}' is switched off, or holds no role any more; an operator can change that"
        )
    return replace(viewer, roles=tuple(one for one in viewer.roles if (one.role, one.party, one.group) in held))
