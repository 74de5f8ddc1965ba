"""Users: themselves for everybody, all of them for who keeps or audits the installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from evenhand.access.models import RoleHeld
from evenhand.access.models import User as UserRow
from evenhand.access.rights import may
from evenhand.access.viewers import ANYTHING, Viewer
from evenhand.lookups.choosing import refuse_unknown


@dataclass(frozen=True, slots=True)
class Held:
    """Hold one role of a user, from a day until a day."""

    role: str
    party: str
    group: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class User:
    """Hold one user with every role ever held; never a password."""

    public_id: str
    name: str
    full_name: str
    email: str
    language: str
    active: bool
    made_at: datetime
    roles: tuple[Held, ...]


def list_users(viewer: Viewer) -> list[User]:
    """Return the users that a viewer may see, by name: itself at most, unless it keeps or audits the installation."""
    return _users(_seen(viewer))


def get_user(viewer: Viewer, name: str) -> User:
    """Return a user. Raises NameUnknown where there is none that the viewer may see."""
    found = find_user(viewer, name)
    if found is None:
        raise refuse_unknown("user", name)
    return found


def find_user(viewer: Viewer, name: str) -> User | None:
    """Return a user, or None where there is none that the viewer may see."""
    return next(iter(_users(_seen(viewer).filter(name=name))), None)


def _seen(viewer: Viewer) -> QuerySet[UserRow]:
    if may(viewer, "see users", ANYTHING):
        return UserRow.objects.all()
    return UserRow.objects.filter(public_id=viewer.public_id) if viewer.public_id else UserRow.objects.none()


def _users(rows: QuerySet[UserRow]) -> list[User]:
    roles: dict[int, list[Held]] = {}
    for held in RoleHeld.objects.filter(user__in=rows.values("pk")).order_by("role", "party", "group", "since", "pk"):
        roles.setdefault(held.user_id, []).append(Held(held.role, held.party, held.group, held.since, held.until))
    return [
        User(
            row.public_id, row.name, row.full_name, row.email, row.language, row.is_active, row.made_at,
            tuple(roles.get(row.pk, ())),
        )
        for row in rows.order_by("name")
    ]  # fmt: skip
