"""What every request of the API passes first: who asks, how often, and whether anything has changed since it last did.

Wraps every view of `addresses`. Whoever brings no key and no session is the public, whose answers are kept by (version,
day, address) and handed out again until a record changes. Must never keep or let others read what only some may see.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from time import monotonic
from typing import Any, Final
from urllib.parse import unquote

import brotli
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja.utils import check_csrf

from evenhand.access.viewers import PUBLIC, Viewer
from evenhand.actions.keys import READ, note_use
from evenhand.api.faults import fault, no_database
from evenhand.api.limits import ADDRESSES, KEYS, Limits, Standing, neighbourhood
from evenhand.errors import NotAllowed
from evenhand.lookups.kept import Kept
from evenhand.lookups.keys import open_by_key
from evenhand.lookups.reach import today
from evenhand.lookups.renewing import RENEWALS
from evenhand.lookups.version import read_version

View = Callable[..., HttpResponseBase]
BEARER: Final = "Bearer "
SAFE: Final = ("GET", "HEAD")
SMALLEST_PACKED: Final = 600
"""Bytes below which compressing an answer gains nothing."""

ACT_COST: Final = 5
"""Tokens that an action costs: it takes the write lock, which everybody shares."""

EVERYBODY: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Last-Modified, Retry-After, RateLimit-Limit, RateLimit-Remaining, "
    "RateLimit-Reset, X-Request-Id",
}
"""Pages of others may read what everybody may."""

KEPT_HEADERS: Final = ("Content-Type", "Content-Disposition", "Link", "Last-Modified")

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
class Body:
    """Hold one answer that is kept: of which version, its bytes as they are sent, its headers, and when it was made.

    Its version is None where it was made from figures that are being made anew: it is for a crowd alone, and has no mark.
    """

    version: int | None
    data: bytes
    headers: Mapping[str, str]
    made: float = field(default_factory=monotonic)


KEPT: Kept[Body] = Kept()


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
            with RENEWALS.at_work():
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
        mark, coding = "", _coding(request, asking)
        place: tuple[object, ...] | None = None
        about, version = (today(), request.get_full_path(), wanted_form(request)), 0
        if self.steady:
            version = RENEWALS.version_now(lambda: read_version(viewer)) if public else read_version(viewer)
            mark = etag_of(version, *about, viewer)
            if _has(request, mark):
                return _unchanged(mark, public=public), limits.take(asking.counted_as, 0)
            # Inside a transaction a version may be rolled back and given again to something else.
            if public and not connection.in_atomic_block:
                place = (str(connection.settings_dict["NAME"]), *about, coding)
                kept = KEPT.get(place)
                if kept is not None and (kept.version == version or RENEWALS.may_wait(monotonic() - kept.made)):
                    mark = "" if kept.version is None else etag_of(kept.version, *about, viewer)
                    return _handed_out(request, kept, mark), limits.take(asking.counted_as, 0)
        standing = limits.take(asking.counted_as, self.cost)
        if not standing.allowed:
            return _too_often(request, standing), standing
        request.method = "GET"
        if place is None:
            found = self._view(request, named)
        else:
            if RENEWALS.crowded:  # it was told the version of a moment ago
                version = read_version(viewer)
                mark = etag_of(version, *about, viewer)
            RENEWALS.begin(place)
            try:
                found = self._view(request, named)
            finally:
                RENEWALS.end(place)
        late = getattr(request, "api_late", False)  # made from figures that are being made anew
        if found.status_code != 200 or not self.steady:
            found["Cache-Control"] = "private, no-store"
            return found, standing
        if isinstance(found, HttpResponse):  # a file goes out as it is read, and is kept by nobody here
            _pack(found, coding)
            if place is not None:
                headers = {name: found[name] for name in (*KEPT_HEADERS, "Content-Encoding") if name in found}
                KEPT.put(place, Body(None if late else version, found.content, headers), len(found.content))
        if late:
            found["Cache-Control"] = "private, no-store"
        else:
            _mark(found, mark, public=public)
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


def _mark(response: HttpResponseBase, mark: str, *, public: bool) -> None:
    response["ETag"] = mark
    response["Cache-Control"] = "public, no-cache" if public else "private, no-store"
    response["Vary"] = "Authorization, Cookie, Accept, Accept-Encoding"


def _unchanged(mark: str, *, public: bool) -> HttpResponse:
    response = HttpResponse(status=304)
    _mark(response, mark, public=public)
    return response


def _handed_out(request: HttpRequest, kept: Body, mark: str) -> HttpResponse:
    """Return an answer that is kept; without a mark nobody else is to keep it."""
    if mark and _has(request, mark):
        return _unchanged(mark, public=True)
    response = HttpResponse(kept.data, headers=dict(kept.headers))
    if mark:
        _mark(response, mark, public=True)
    else:
        response["Cache-Control"] = "private, no-store"
    return response


def _private() -> dict[str, str]:
    return {"Cache-Control": "private, no-store"}


def _coding(request: HttpRequest, asking: Asking) -> str:
    """Return how the answer is packed: not at all for a session, whose answers beside a secret could tell by their length."""
    if asking.session:
        return ""
    taken = {
        one.partition(";")[0].strip(): one.replace(" ", "").partition(";q=")[2]
        for one in request.headers.get("Accept-Encoding", "").lower().split(",")
    }
    return next((one for one in ("br", "gzip") if one in taken and taken[one] not in ("0", "0.0", "0.00", "0.000")), "")


def _pack(response: HttpResponse, coding: str) -> None:
    if not coding or len(response.content) < SMALLEST_PACKED or response["Content-Type"] == "application/zip":
        return
    body = response.content
    response.content = brotli.compress(body, quality=5) if coding == "br" else gzip.compress(body, 6, mtime=0)
    response["Content-Encoding"] = coding


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
