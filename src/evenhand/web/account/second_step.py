"""The second step of signing in: whom it is asked of, and whether this session has passed it.

Asked with every request by `frame.signed_in`. A session passed it when a code, a recovery code or a passkey was used in it,
or when the step was set up in it; that somebody else's session did so counts for nothing.
"""

from __future__ import annotations

from typing import Final

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest

from evenhand.access.viewers import Viewer

ROLES: Final = ("secretariat", "board", "auditor", "operator")
"""Who must have one. Others may."""

SET_UP: Final = "second_step_set_up"
"""In the session in which it was set up: it has proved that it holds the device."""

OPEN_DOOR: Final = "open_door"
"""In a session of a demo's open door, where nobody has proved anything."""


def is_needed(viewer: Viewer) -> bool:
    """Say whether a viewer must have a second step."""
    return viewer.has(*ROLES)


def was_passed(request: HttpRequest) -> bool:
    """Say whether this session passed a second step."""
    session = request.session
    if session.get(SET_UP) or (settings.OPEN_DOORS and session.get(OPEN_DOOR)):
        return True
    methods = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return any(isinstance(one, dict) and one.get("method") == "mfa" for one in methods)


def has_one(user: AbstractBaseUser) -> bool:
    """Say whether a user has set one up."""
    return _steps(user).exists()


def is_the_last(authenticator: Authenticator) -> bool:
    """Say whether a user would have no second step without this one."""
    return not _steps(authenticator.user).exclude(pk=authenticator.pk).exists()


def _steps(user: AbstractBaseUser) -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk)
    return found.exclude(type=Authenticator.Type.RECOVERY_CODES)
