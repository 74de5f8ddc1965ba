"""From a name at the door to the viewer behind it. For the doors alone (shell, sign-in), which have no viewer yet."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from evenhand.access.models import User
from evenhand.access.viewers import PUBLIC, Viewer, viewer_of
from evenhand.errors import NameUnknown


def get_viewer(name: str, *, on: date) -> Viewer:
    """Return who asks under a name, with the roles held on a day; the public for "".

    Raises
    ------
    NameUnknown
        There is no such user. The nearest names are said, because whoever types here is inside already.
    NotAllowed
        The user was switched off.
    """
    if not name:
        return PUBLIC
    user = User.objects.filter(name=name).first()
    if user is None:
        raise NameUnknown("user", name, list(User.objects.values_list("name", flat=True)))
    return viewer_of(user, on=on)


def find_operator(*, on: date) -> Viewer | None:
    """Return the operator who was there first, None where nobody holds that role: an installation not begun."""
    held = Q(roles__role="operator", roles__since__lte=on) & (Q(roles__until=None) | Q(roles__until__gte=on))
    user = User.objects.filter(held, is_active=True).order_by("pk").first()
    return None if user is None else viewer_of(user, on=on)
