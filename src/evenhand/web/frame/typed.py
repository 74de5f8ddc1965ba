"""What was typed outlives an expired sign-in: kept in the session, found again by the form.

`keep_typed` answers the POST of whoever is not signed in any more; `typed_before` gives the form its words back. Never keeps
a password, a code or a file.
"""

from __future__ import annotations

import re
import secrets
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

TYPED: Final = "typed"
"""The name in the session, and of the parameter in the form's address."""

MOST_BYTES: Final = 64 * 1024
"""Of all that one session keeps. More would make every request of it slow."""

MOST_FORMS: Final = 5
SECRET: Final = re.compile(r"passw|secret|token|credential|otp|(^|_)(code|pin|key)$", re.IGNORECASE)
"""Names of fields that are never kept."""


def keep_typed(request: HttpRequest) -> HttpResponse:
    """Keep what a form sent, and lead to the page where one signs in; from there one comes back to the form.

    What is too much is not kept; the form is then empty, and the page before it is one step back in the browser.
    """
    key = hold_typed(request)
    form = request.path
    asked = [(name, value) for name, value in request.GET.items() if name != TYPED]
    if key:
        asked.append((TYPED, key))
    onward = f"{form}?{urlencode(asked)}" if asked else form
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': onward})}")


def hold_typed(request: HttpRequest) -> str:
    """Keep the fields of a POST in the session, and return the key under which they are found; "" where they are too many."""
    fields = fields_of(request)
    size = _size(fields)
    if not fields or size > MOST_BYTES:
        return ""
    held: dict[str, dict[str, list[str]]] = dict(request.session.get(TYPED, {}))
    while held and (len(held) >= MOST_FORMS or sum(map(_size, held.values())) + size > MOST_BYTES):
        held.pop(next(iter(held)))  # the oldest goes
    key = secrets.token_urlsafe(9)
    request.session[TYPED] = held | {key: fields}
    return key


def typed_before(request: HttpRequest) -> dict[str, str]:
    """Return what was typed into this form before signing in; the last of several values of one name.

    They stay kept until the form was sent, so that reading the page twice loses nothing.
    """
    key = request.GET.get(TYPED, "")
    found = request.session.get(TYPED, {}).get(key, {}) if key else {}
    return {name: values[-1] for name, values in found.items() if values}


def forget_typed(request: HttpRequest) -> None:
    """Let go of what was kept for this form, once it was sent."""
    key = request.GET.get(TYPED, "")
    held = request.session.get(TYPED, {}) if key else {}
    if key in held:
        request.session[TYPED] = {other: fields for other, fields in held.items() if other != key}


def fields_of(request: HttpRequest) -> dict[str, list[str]]:
    """Return the fields of a POST that may be kept or shown again: no file, no secret."""
    return {
        name: [str(value) for value in request.POST.getlist(name)]
        for name in request.POST
        if name != "csrfmiddlewaretoken" and not SECRET.search(name)
    }


def _size(fields: dict[str, list[str]]) -> int:
    return sum(len(name.encode()) + sum(len(value.encode()) for value in values) for name, values in fields.items())
