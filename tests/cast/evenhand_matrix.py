"""Every address of the server, with examples of what stands in it, and everybody who may ask for it.

The addresses come from the URL conf itself: one that is not known here fails the matrix, and so gets a rule before it gets a
reader. `tests/web/security/test_matrix*.py` ask them; who asks is somebody of the cast, seen from Chad.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from evenhand_cast import NOW
from evenhand_seen import World

ASKERS: dict[str, tuple[str, str]] = {
    # what stands in the golden file → (who of the cast, in which state)
    "public": ("", ""),
    "off": ("focal-tcd", "switched off"),
    "nostep": ("auditor", "without second step"),
    "own": ("focal-tcd", ""),
    "below": ("nurse-moissala", ""),
    "same": ("focal-ken", ""),
    "other": ("focal-fra", ""),
    "donor": ("donor-unicef", ""),
    "donor2": ("donor-ind", ""),
    "regist": ("registrar-tcd", ""),
    "secr": ("task-force", ""),
    "secreu": ("task-force-eu", ""),
    "board": ("board-aze", ""),
    "audit": ("auditor", ""),
    "oper": ("operator", ""),
}
"""Seen from Chad: its own focal point, a clinic's below it, another member's, one of another group; and the other roles."""


@dataclass(frozen=True, slots=True)
class Address:
    """One example of one address.

    Attributes
    ----------
    name
        The name of its pattern, or its route where it has none.
    route
        The pattern, as the URL conf writes it.
    what
        Which example: "draft", "nowhere"; "" where nothing stands in it.
    path
        The whole path.
    """

    name: str
    route: str
    what: str
    path: str


def walk(patterns: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Give the route and the name of every pattern."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from walk(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route, one.name or route


def routes() -> list[tuple[str, str]]:
    """Return every route of the server, those under a language in English."""
    from django.utils import translation

    with translation.override("en"):
        return list(walk(get_resolver().url_patterns))


NOWHERE: Mapping[str, str] = {
    "ref": "ND-0000000000", "key": "NOWHERE", "int": "999", "slug": "nowhere", "str": "nowhere", "path": "nowhere",
    "format": "csv", "seq": "999", "size": "999", "id": "nowhere", "name": "nowhere", "entry": "nowhere", "offer": "OF-0000000000",
}  # fmt: skip
VARIABLE = re.compile(r"<(?:(\w+):)?(\w+)>")


def examples(world: World, route: str, name: str) -> Iterator[Address]:
    """Give the examples of one route: what there is of its kind, and what there is not."""
    variables = VARIABLE.findall(route)
    if not variables:
        plain = re.sub(r"\(\?:.*|\(\?P.*|[\^$\\]|\\Z", "", route)
        yield Address(name, route, "", "/" + plain)
        return
    for what, filled in things(world, route, name):
        path = VARIABLE.sub(lambda found: _fill(found, filled), route)  # noqa: B023 -- used at once
        yield Address(name, route, what, "/" + path)


def _fill(found: re.Match[str], filled: Mapping[str, str]) -> str:
    kind, variable = found[1] or "", found[2]
    if variable in filled:
        return filled[variable]
    return NOWHERE.get(kind) or NOWHERE.get(variable) or "nowhere"


def things(world: World, route: str, name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Give what can stand in a route: (what it is called in the golden file, variable → value)."""
    from evenhand.actions.catalogue import ACTIONS

    if name == "act":
        for action in ACTIONS:
            group, _, verb = action.partition(" ")
            yield action, {"group": group, "verb": verb.replace(" ", "-")}
        yield "nowhere", {"group": "no", "verb": "such-action"}
        return
    if [variable for _, variable in VARIABLE.findall(route)] == ["format"]:
        yield "csv", {}
        return
    found = subject_of(route)
    for what, value in found(world).items() if found else ():
        if "/book/consistency" in route:
            continue
        variable = VARIABLE.findall(route)[0 if not route.startswith("admin/r/") else 1][1]
        more = {"key": "TCD", "name": "check.py"} if "rounds/<ref>/" in route and variable == "ref" else {}
        yield what, {**more, variable: value}
    yield "nowhere", {}


def _refs(*names: str) -> Any:
    return lambda world: {name: world[name] for name in names}


def _fixed(**named: str) -> Any:
    return lambda world: named


def _lines(world: World) -> dict[str, str]:
    from evenhand.access.models import ActionLine

    found = ActionLine.objects.all()
    return {f"line about the {name}": found.filter(about=world[name])[0].pk for name in ("draft", "approved")}


def _objections(world: World) -> dict[str, str]:
    from evenhand.rounds.models import Objection

    return {f"of the {name}": Objection.objects.get(round=world[name]).pk for name in ("unpublished", "published")}


SUBJECTS: tuple[tuple[str, Any], ...] = (
    ("/needs/<", _refs("draft", "clinic draft", "submitted", "abandoned", "approved", "correction", "french draft")),
    ("/offers/<", _refs("statement", "gift")),
    ("/evidence/<", _refs("on draft", "on need", "on offer", "on round", "public evidence")),
    ("/rounds/<", _refs("unpublished", "published")),
    ("/statements/threads/<", _refs("thread")),
    ("/statements/try/<", _fixed()),
    ("/statements/<", _refs("told", "proposed", "rejected", "private", "unread")),
    ("/threads/<", _refs("thread")),
    ("/documents/<", _refs("document", "unread document", "private document")),
    ("/meetings/<", _refs("met", "planned")),
    ("/officials/<", _refs("host", "hidden official")),
    ("/consignments/<", _refs("consignment")),
    ("/receipts/<", _refs("consignment")),
    ("c/<", _refs("consignment")),
    ("/parties/<", _fixed(chad="TCD", clinic="TCD-moissala", giver="UNICEF", france="FRA")),
    ("/groups/<", _fixed(nam="NAM", eu="EU")),
    ("/resources/<", _fixed(vaccine="vaccine-measles")),
    ("/places/<", _fixed(chad="TCD")),
    ("/book/entries/<int:seq>", _fixed(first="1")),
    ("/book/entries/<seq>", _fixed(first="1")),
    ("/book/entries/number/<seq>", _fixed(first="1")),
    ("/book/entries/<entry>", _fixed(third="cn:3")),
    ("/help/<", _fixed(book="book")),
    ("/data/<", _fixed(needs="needs", entries="entries")),
    ("/import/<", _fixed(needs="needs", offers="offers", entries="entries", parties="parties")),
    ("/desk/users/<", _fixed(chad="u-focal-tcd", auditor="u-auditor")),
    ("/users/<", _fixed(chad="focal-tcd", auditor="auditor")),
    ("/keys/<", _fixed(chad="KY-0000000001")),
    ("/actions/<", _lines),
    ("/objections/<", _objections),
)
"""Part of a route → what there is of it."""


def subject_of(route: str) -> Any:
    """Return what gives the examples of a route, None where there is nothing of its kind."""
    return next((found for part, found in SUBJECTS if part in route or route.startswith(part)), None)


def addresses(world: World) -> list[Address]:
    """Return every example of every address."""
    return [one for route, name in routes() for one in examples(world, route, name)]


def part_of(address: Address) -> str:
    """Return the part of the matrix in which an address stands."""
    first = address.path.lstrip("/").split("/")
    if first[0] in ("api", "admin"):
        return first[0]
    if len(first) > 1 and first[0] == "en" and first[1] in ("act", "account", "rounds"):
        return first[1]
    return "pages"


PARTS = ("pages", "rounds", "act", "account", "api", "admin")


def browser_of(asker: str, **more: Any) -> Client:
    """Return a browser in which somebody has signed in, with a second step where that is asked for."""
    from django.contrib.auth import get_user_model

    from evenhand.web.account.second_step import AUTHENTICATION_METHODS_SESSION_KEY as PROVED
    from evenhand.web.frame.signed_in import BEGAN, SEEN

    browser = Client(raise_request_exception=False, **more)
    name, state = ASKERS.get(asker, (asker, ""))
    if not name:
        return browser
    user = get_user_model().objects.get(name=name)
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    now = session[BEGAN] = session[SEEN] = time.time()
    methods = ["password"] if state == "without second step" else ["password", "mfa"]
    session[PROVED] = [{"method": method, "at": now} for method in methods]
    session.save()
    if state == "switched off":
        get_user_model().objects.filter(name=name).update(is_active=False)
    return browser


class Clock(datetime):
    """Be the moment of the cast, whoever asks what time it is."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return NOW.astimezone(tz)


@pytest.fixture
def at_the_moment_of_the_cast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let actions that people do through pages be done on the day of the cast."""
    for module in ("evenhand.actions.action", "evenhand.actions.bulk.importing", "evenhand.actions.keys"):
        monkeypatch.setattr(f"{module}.datetime", Clock)


def let_go(answer: Any) -> None:
    """Close an answer's file; `close` would also end the request, and with it the test's own connection."""
    for close in answer._resource_closers:
        close()


def form_of(action: str) -> str:
    """Return the address of an action's form."""
    group, _, verb = action.partition(" ")
    return f"/en/act/{group}/{verb.replace(' ', '-')}"


def fields_of(given: Mapping[str, Any], reason: str = "as the recipe says") -> dict[str, Any]:
    """Return what an action is given, as a form sends it, with an id of its own."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent: dict[str, Any] = {"request_id": str(uuid.uuid4()), "reason": reason}
    for name, value in given.items():
        if isinstance(value, bytes):
            sent[name] = SimpleUploadedFile("file.csv", value)
        elif isinstance(value, bool):
            sent |= {name: "on"} if value else {}
        else:
            sent[name] = str(value)
    return sent


def records() -> tuple[int, int, int]:
    """Return what every action changes: the version of the records, the lines of actions, the entries of the book."""
    from evenhand.access.models import ActionLine, Version
    from evenhand.stockbook.models import Entry

    return sum(Version.objects.values_list("number", flat=True)), ActionLine.objects.count(), Entry.objects.count()
