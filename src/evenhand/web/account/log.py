"""What is written to the log `evenhand.security`: who signed in and out, who failed, which second steps changed.

Connected by `web.apps`. A line says the user's public id and a keyed mark of the address, never a name, an e-mail address, a
network address or what was typed. Also notes in the session when it began, and ends sessions that a change makes stale.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any, Final

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from axes.signals import user_locked_out
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from evenhand.web.account.locks import address_of, name_tried
from evenhand.web.account.second_step import SET_UP, has_one, was_passed
from evenhand.web.frame.signed_in import BEGAN, SEEN

log: Final = logging.getLogger("evenhand.security")
NOBODY: Final = "nobody"


def connect() -> None:
    """Have each of these events written down."""
    for signal, receiver in (
        (user_logged_in, _signed_in), (user_logged_out, _signed_out), (user_login_failed, _failed), (user_locked_out, _locked),
        (password_changed, _password_changed), (password_reset, _password_reset), (authenticator_added, _step_added),
        (authenticator_removed, _step_removed), (authenticator_reset, _codes_made), (authentication_failed, _step_failed),
    ):  # fmt: skip
        signal.connect(receiver, dispatch_uid=f"evenhand.security {receiver.__name__}")


def mark_of(request: HttpRequest | None) -> str:
    """Return by what an address is known in the log: the same for the same one, and nobody reads the address from it."""
    address = "" if request is None else address_of(request)
    return salted_hmac("evenhand.security address", address, algorithm="sha256").hexdigest()[:12]


def _write(what: str, request: HttpRequest | None, who: str, level: int = logging.INFO, **facts: object) -> None:
    said = "".join(f" {name}={value}" for name, value in facts.items())
    log.log(level, "%s who=%s from=%s%s", what, who or NOBODY, mark_of(request), said)


def _id(user: AbstractBaseUser | None) -> str:
    return str(getattr(user, "public_id", ""))


def _signed_in(request: HttpRequest, user: AbstractBaseUser, **_more: Any) -> None:
    now = time.time()
    request.session[BEGAN], request.session[SEEN] = now, now
    _write("signed in", request, _id(user), second_step="yes" if was_passed(request) else "no")


def _signed_out(request: HttpRequest, user: AbstractBaseUser | None, **_more: Any) -> None:
    if user is not None:
        _write("signed out", request, _id(user))


def _failed(credentials: Mapping[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    name = name_tried(request, credentials) if request is not None else ""
    found = get_user_model().objects.filter(name__iexact=name).first() if name else None
    _write("sign-in failed", request, _id(found), logging.WARNING)


def _locked(request: HttpRequest, username: str, **_more: Any) -> None:
    found = get_user_model().objects.filter(name__iexact=username or "").first()
    _write("locked", request, _id(found), logging.WARNING)


def _password_changed(request: HttpRequest, user: AbstractBaseUser, **_more: Any) -> None:
    _write("password changed", request, _id(user))


def _password_reset(request: HttpRequest, user: AbstractBaseUser, **_more: Any) -> None:
    _write("password recovered by e-mail", request, _id(user), logging.WARNING)


def _step_added(request: HttpRequest, user: AbstractBaseUser, authenticator: Authenticator, **_more: Any) -> None:
    _write("second step added", request, _id(user), kind=authenticator.type)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    request.session[SET_UP] = True
    _end_others(request, user)


def _step_removed(request: HttpRequest, user: AbstractBaseUser, authenticator: Authenticator, **_more: Any) -> None:
    _write("second step removed", request, _id(user), logging.WARNING, kind=authenticator.type)
    if not has_one(user):
        request.session.pop(SET_UP, None)


def _codes_made(request: HttpRequest, user: AbstractBaseUser, authenticator: Authenticator, **_more: Any) -> None:
    _write("recovery codes made", request, _id(user), kind=authenticator.type)


def _step_failed(request: HttpRequest, user: AbstractBaseUser | None = None, **_more: Any) -> None:
    _write("second step failed", request, _id(user), logging.WARNING)


def _end_others(request: HttpRequest, user: AbstractBaseUser) -> None:
    """End the sessions that began before there was a second step: whoever sits in one has proved a password alone."""
    for session in UserSession.objects.filter(user_id=user.pk).exclude(session_key=request.session.session_key):
        session.end()
