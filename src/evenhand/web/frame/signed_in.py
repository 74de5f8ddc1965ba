"""Who asks, with every request: `request.viewer`, the public where nobody is signed in.

A middleware. It also keeps the promises about sessions: seven days at most, twelve hours without a request, no role before
the second step, nothing private in anybody's cache. Never signs anybody in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from evenhand.access.viewers import PUBLIC, Viewer, viewer_of
from evenhand.lookups.reach import today
from evenhand.web.account.second_step import is_needed, was_passed

BEGAN: Final = "began"
"""In the session: when it began, in seconds; set at sign-in, by `account.log`."""

SEEN: Final = "seen"
"""In the session: when a request was last noted in it."""

NOTED_EVERY: Final = 600
"""Seconds after which a request is noted again: every note is a write."""

WITHOUT_SECOND_STEP: Final = frozenset({"health", "checkpoint-note", "manifest", "robots", "worker"})
"""Names of the addresses that stay open to whoever still lacks its second step, beside those of the account."""


class SignedIn:
    """Say who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request, as its viewer."""
        request.viewer = PUBLIC  # type: ignore[attr-defined]
        request.lacks_second_step = False  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            _find_viewer(request)
        response = self.get_response(request)
        if request.viewer.public_id or _is_of_account(request):  # type: ignore[attr-defined]
            # Whatever forgot to say how it may be kept is kept by nobody.
            response.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, view: Any, arguments: Any, named: Any) -> HttpResponseBase | None:
        """Lead whoever lacks its second step to the page where it is set up, from everywhere but there."""
        match = request.resolver_match
        if not request.lacks_second_step or match is None:  # type: ignore[attr-defined]
            return None
        if _is_of_account(request) or match.url_name in WITHOUT_SECOND_STEP or request.path.startswith("/api/"):
            return None
        return redirect("mfa_index")


def _find_viewer(request: HttpRequest) -> None:
    user = request.user
    if not isinstance(user, AbstractBaseUser):
        return
    now = time.time()
    if now - request.session.get(BEGAN, now) > settings.LONGEST_SESSION.total_seconds():
        logout(request)
        return
    viewer: Viewer = viewer_of(user, on=today())
    if is_needed(viewer) and not was_passed(request):
        viewer = replace(viewer, roles=())
        request.lacks_second_step = True  # type: ignore[attr-defined]
    request.viewer = viewer  # type: ignore[attr-defined]
    if now - request.session.get(SEEN, 0) > NOTED_EVERY:
        request.session[SEEN] = now  # saved, it lasts another twelve hours
        request.session.setdefault(BEGAN, now)
        UserSession.objects.filter(session_key=request.session.session_key).update(
            last_seen_at=datetime.fromtimestamp(now, UTC)
        )


def _is_of_account(request: HttpRequest) -> bool:
    _, _, rest = request.path_info.lstrip("/").partition("/")
    return rest == "account" or rest.startswith("account/")
