"""What every request of the API passes first: who asks, how often, and whether anything has changed since it last did.

Wraps every view of `addresses`. Whoever brings no key and no session is the public, whose answers follow from (version,
day, address) and say so, for whoever hands them out again. Must never let others read what only some may see.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import unquote

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja.utils import check_csrf

from evenhand.access.viewers import PUBLIC, Viewer
from evenhand.actions.keys import READ, note_use
from evenhand.api.faults import fault, no_database
from evenhand.api.limits import ADDRESSES, KEYS, Limits, Standing, neighbourhood
from evenhand.errors import NotAllowed
from evenhand.lookups.keys import open_by_key
from evenhand.lookups.reach import today
from evenhand.lookups.version import VERSION_HEADER, read_version

View = Callable[..., HttpResponseBase]
BEARER: Final = "Bearer "
SAFE: Final = ("GET", "HEAD")
ACT_COST: Final = 5
"""Tokens that an action costs: it takes the write lock, which everybody shares."""

EVERYBODY: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Evenhand-Version, Link, Last-Modified, Retry-After, RateLimit-Limit, "
    "RateLimit-Remaining, RateLimit-Reset, X-Request-Id",
}
"""Pages of others may read what everybody may."""

log = logging.getLogger("evenhand.security")


@dataclass(frozen=True, slots=True)
class Asking:
    """Hold who asks: as whom, by which key, within which scopes; and whether a browser's session says so."""

    viewer: Viewer = PUBLIC
    key: str = ""
    scopes: tuple[str, ...] = ()
    session: bool = False
    address: str = ""

    @property
    def reads_as(self) -> Viewer:
        """Return as whom it reads: a key without that scope reads what everybody may."""
        return PUBLIC if self.key and READ not in self.scopes else self.viewer

    @property
    def counted_as(self) -> str:
        """Return under what it is counted how often it asks."""
        return self.key or self.viewer.public_id or neighbourhood(self.address)

    @property
    def origin(self) -> str:
        """Return from where it asks, for the line of an action."""
        return f"{self.address} by {self.key}" if self.key else self.address

    def expect_scope(self, action: str) -> None:
        """Refuse an action that the key is not for.

        Raises
        ------
        NotAllowed
            The key has no such scope.
        """
        word = action.partition(" ")[0]
        if self.key and word not in self.scopes:
            held = ", ".join(self.scopes)
            raise NotAllowed(
                f"the key {self.key} may not '{action}'; it has the scopes {held}. Make one with the scope {word}"
            )


@dataclass(frozen=True, slots=True)
class Door:
    """Be the door of one address.

    Attributes
    ----------
    steady
        What it answers changes with the version, the day and who asks alone; else nothing is kept and no ETag given.
    cost
        Tokens that it costs to read.
    """

    view: View
    steady: bool = True
    cost: float = 1
    csrf_exempt: bool = True  # a key is no cookie; a session is asked for its token below

    def __call__(self, request: HttpRequest, **named: Any) -> HttpResponseBase:
        """Answer one request."""
        request.api_request = uuid.uuid4().hex  # type: ignore[attr-defined]  # one of ours
        head = request.method == "HEAD"
        try:
            response = self._answer(request, named)
        except (DatabaseError, InterfaceError) as error:
            response = no_database(request, error)
        response["X-Request-Id"] = request.api_request  # type: ignore[attr-defined]
        if head and isinstance(response, HttpResponse) and response.status_code != 304:
            length = len(response.content)
            response.content = b""
            response["Content-Length"] = str(length)
        return response

    def _answer(self, request: HttpRequest, named: Mapping[str, Any]) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _preflight()
        if "\0" in unquote(request.get_full_path()):
            return fault(
                request, 400, "request-unreadable", "The address holds a NUL, which is no letter; leave it out."
            )
        asking = who_asks(request)
        if asking is None:
            standing = ADDRESSES.take(neighbourhood(str(request.META.get("REMOTE_ADDR", ""))))
            if not standing.allowed:
                return _too_often(request, standing)
            return fault(
                request, 401, "key-refused",
                "This key opens nothing: it was made up, revoked or is over; make one with the action 'key make'.",
                headers={"WWW-Authenticate": 'Bearer realm="Evenhand"'} | _private(),
            )  # fmt: skip
        request.asking = asking  # type: ignore[attr-defined]
        limits = KEYS if asking.viewer.public_id else ADDRESSES
        if request.method in SAFE:
            response, standing = self._read(request, named, asking, limits)
        else:
            response, standing = self._act(request, named, asking, limits)
        for name, value in standing.headers().items():
            response[name] = value
        if asking.reads_as == PUBLIC and request.method in SAFE:
            for name, value in EVERYBODY.items():
                response[name] = value
        return response

    def _read(
        self, request: HttpRequest, named: Mapping[str, Any], asking: Asking, limits: Limits
    ) -> tuple[HttpResponseBase, Standing]:
        viewer = asking.reads_as
        public = viewer == PUBLIC
        about, version = (today(), request.get_full_path(), wanted_form(request)), 0
        if self.steady:
            version = read_version(viewer)
            mark = etag_of(version, *about, viewer)
            if _has(request, mark):
                return _unchanged(mark, version, public=public), limits.take(asking.counted_as, 0)
        standing = limits.take(asking.counted_as, self.cost)
        if not standing.allowed:
            return _too_often(request, standing), standing
        request.method = "GET"
        found = self._view(request, named)
        if found.status_code != 200 or not self.steady:
            found["Cache-Control"] = "private, no-store"
            return found, standing
        version = getattr(request, "api_version", version)  # of the figures that it was made from
        _mark(found, etag_of(version, *about, viewer), version, public=public)
        return found, standing

    def _act(
        self, request: HttpRequest, named: Mapping[str, Any], asking: Asking, limits: Limits
    ) -> tuple[HttpResponseBase, Standing]:
        standing = limits.take(asking.counted_as, ACT_COST)
        if not standing.allowed:
            return _too_often(request, standing), standing
        if asking.session and check_csrf(request, _checked) is not None:
            response: HttpResponseBase = fault(
                request, 403, "form-expired",
                "A browser that is signed in sends its token in the header X-CSRFToken; nothing was done. A program uses a key.",
            )  # fmt: skip
        else:
            response = self._view(request, named)
        for name, value in _private().items():
            response[name] = value
        return response, standing

    def _view(self, request: HttpRequest, named: Mapping[str, Any]) -> HttpResponseBase:
        response = self.view(request, **named)
        if response.status_code == 405:
            allowed = [one for one in response.get("Allow", "").replace(" ", "").split(",") if one]
            allowed = [*allowed, *(["HEAD"] if "GET" in allowed else []), "OPTIONS"]
            return fault(
                request, 405, "method-refused",
                f"{request.method} is not done at this address; it takes {', '.join(allowed)}.",
                headers={"Allow": ", ".join(allowed)},
            )  # fmt: skip
        return response


def who_asks(request: HttpRequest) -> Asking | None:
    """Return who asks; None where a key was sent that opens nothing."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    sent = request.headers.get("Authorization", "")
    if not sent:
        viewer = getattr(request, "viewer", PUBLIC)
        return Asking(viewer if viewer.public_id else PUBLIC, session=bool(viewer.public_id), address=address)
    opened = open_by_key(sent.removeprefix(BEARER).strip()) if sent.startswith(BEARER) else None
    if opened is None:
        log.warning("a key that opens nothing was sent to the API")
        return None
    if opened.last_used != today():
        with suppress(DatabaseError):  # whoever asks is answered all the same
            note_use(opened.ref)
    return Asking(opened.viewer, opened.ref, opened.scopes, address=address)


def etag_of(version: int, day: date, path: str, form: str, viewer: Viewer) -> str:
    """Return the mark of an answer: it changes with what was done, the day, the address and who asks."""
    said = repr((version, day.isoformat(), path, form, viewer.public_id, viewer.roles))
    return f'W/"{hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:24]}"'


def wanted_form(request: HttpRequest) -> str:
    """Return the form in which an answer is asked for: json, or csv for a list."""
    found = request.get_preferred_type(["application/json", "text/csv"]) if request.headers.get("Accept") else None
    return "csv" if found == "text/csv" else "json"


def _has(request: HttpRequest, mark: str) -> bool:
    sent = request.headers.get("If-None-Match", "")
    return bool(sent) and mark.removeprefix("W/") in [one.strip().removeprefix("W/") for one in sent.split(",")]


def _mark(response: HttpResponseBase, mark: str, version: int, *, public: bool) -> None:
    response["ETag"] = mark
    response["Cache-Control"] = "public, no-cache" if public else "private, no-store"
    response["Vary"] = "Authorization, Cookie, Accept, Accept-Encoding"
    if public:
        response[VERSION_HEADER] = str(version)


def _unchanged(mark: str, version: int, *, public: bool) -> HttpResponse:
    response = HttpResponse(status=304)
    _mark(response, mark, version, public=public)
    return response


def _private() -> dict[str, str]:
    return {"Cache-Control": "private, no-store"}


def _preflight() -> HttpResponse:
    return HttpResponse(
        status=204,
        headers=EVERYBODY
        | {
            "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
            "Access-Control-Allow-Headers": "Accept, If-None-Match",
            "Access-Control-Max-Age": "86400",
            "Allow": "GET, HEAD, POST, OPTIONS",
        },
    )


def _too_often(request: HttpRequest, standing: Standing) -> HttpResponse:
    return fault(
        request, 429, "too-often",
        f"That was asked more often than {standing.limit} times at once; nothing was done. Wait {standing.wait} s.",
        headers=standing.headers() | {"Cache-Control": "no-store"},
    )  # fmt: skip


def _checked() -> None:
    """Stand for a view that wants its token."""
