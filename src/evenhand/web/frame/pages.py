"""How a page is answered: public ones marked with what they depend on, private ones never stored anywhere.

`public_page` and `private_page` wrap every view; `show` renders its template in the frame. A public page is a function of
the version of the records, the day and its address, so one answer serves everybody who is not signed in until a record
changes (`server.front`). Must never mark so what only some may see.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import cache, wraps
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from evenhand import __version__
from evenhand.access.viewers import PUBLIC, Viewer
from evenhand.errors import NotAllowed
from evenhand.lookups.reach import today
from evenhand.lookups.snapshot import version_shown
from evenhand.lookups.version import VERSION_HEADER, at_one_version, read_version
from evenhand.web.frame.tables import Table, answer_table

View = Callable[..., HttpResponse]
Answering = Callable[..., HttpResponseBase]

LANGUAGES: Final = {
    "ar": "العربية", "zh": "中文", "en": "English", "fr": "Français", "ru": "Русский", "es": "Español",
}  # fmt: skip
"""Language → its own name, in the order of the United Nations."""

FROM_RIGHT_TO_LEFT = frozenset({"ar"})
TOKEN: Final = b'name="csrfmiddlewaretoken"'
DEMO = "demo."
"""How the name of a demo's stock book begins; its pages say that it is one."""


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who asks; the public where nobody is signed in."""
    viewer: Viewer = getattr(request, "viewer", PUBLIC)
    return viewer


def wanted(request: HttpRequest) -> str:
    """Return the form in which a page is asked for: html, csv, xlsx or json."""
    return str(getattr(request, "wants", "html"))


def public_page(view: View) -> Answering:
    """Make a view a page that everybody may read: kept while nothing changes, `304` where the reader has it already."""

    @require_safe
    @wraps(view)
    @at_one_version()
    def shown(request: HttpRequest, *arguments: Any, format: str = "html", **named: Any) -> HttpResponseBase:
        request.wants = format  # type: ignore[attr-defined]
        if viewer_of(request).public_id or _is_told_something(request):
            response = view(request, *arguments, **named)
            response.setdefault("Cache-Control", "private, no-cache")
            patch_vary_headers(response, ["Cookie"])
            return response
        version = read_version(PUBLIC)
        mark = _mark_of(request, version)
        if mark in parse_etags(request.headers.get("If-None-Match", "")):
            return _public(HttpResponseNotModified(), mark, version)
        response = view(request, *arguments, **named)
        if response.status_code != 200 or response.streaming:
            return response
        if TOKEN in response.content:  # a form's token is its reader's alone
            response.setdefault("Cache-Control", "private, no-store")
            return response
        version = version_shown(version)
        return _public(response, _mark_of(request, version), version)

    return shown


def private_page(*roles: str) -> Callable[[View], Answering]:
    """Make a view a page for whoever is signed in, with one of the roles where any are named; nothing of it is stored."""

    def decorate(view: View) -> Answering:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def shown(request: HttpRequest, *arguments: Any, format: str = "html", **named: Any) -> HttpResponseBase:
            request.wants = format  # type: ignore[attr-defined]
            viewer = viewer_of(request)
            if not viewer.public_id:
                return ask_to_sign_in(request)
            if roles and not viewer.has(*roles):
                raise NotAllowed(f"{viewer.name} holds none of the roles that this page is for: {', '.join(roles)}")
            with nullcontext() if request.method == "POST" else at_one_version():
                response = view(request, *arguments, **named)
            response["Cache-Control"] = "no-store"
            return response

        return shown

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send whoever is not signed in to the page where one signs in, and back here afterwards; what was typed is kept."""
    from evenhand.web.frame.typed import keep_typed

    if request.method == "POST":
        return keep_typed(request)
    response = redirect("account_login")
    response["Location"] += f"?next={_quoted(request.get_full_path())}"
    return response


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    table: Table | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page in its frame; or hand out its table, where the address asks for data.

    Parameters
    ----------
    template
        Its template, "needs/needs.html", which extends "frame/page.html".
    table
        The table that its address with `.csv`, `.xlsx` or `.json` is; in the template it is `table`.
    """
    if table is not None and wanted(request) != "html":
        return answer_table(request, table, wanted(request))
    return render(request, template, {"table": table, **(context or {})}, status=status)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template what its frame needs (a context processor)."""
    language = get_language() or "en"
    path = request.get_full_path()
    _, _, rest = path.lstrip("/").partition("/")
    return {
        "language": language,
        "direction": "rtl" if language in FROM_RIGHT_TO_LEFT else "ltr",
        "languages": [
            {"code": code, "name": name, "address": f"/{code}/{rest}", "here": code == language}
            for code, name in LANGUAGES.items()
        ],
        "viewer": viewer_of(request),
        "demo": settings.EVENHAND["name"].startswith(DEMO),
        "group": settings.EVENHAND["group"],
        "book_name": settings.EVENHAND["name"],
        "licence": settings.EVENHAND["data_licence"],
        "today": today(),
    }


def _is_told_something(request: HttpRequest) -> bool:
    """Say whether a message waits for this visitor ("You are signed out."): a page that tells it is nobody else's."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and len(get_messages(request)) > 0


def _public(response: HttpResponse, mark: str, version: int) -> HttpResponse:
    response["ETag"] = mark
    response["Cache-Control"] = "public, no-cache"
    response[VERSION_HEADER] = str(version)
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    return response


def _mark_of(request: HttpRequest, version: int) -> str:
    """Return the mark of all that a public answer depends on: the records, the pages themselves, the day, the address."""
    said = f"{version}|{release()}|{today()}|{request.get_host()}|{request.get_full_path()}"
    return f'W/"{hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


@cache
def release() -> str:
    """Return what changes when the pages themselves do: the version of Evenhand, and of its templates and assets."""
    folder = Path(str(files("evenhand.web")))
    found = sorted(
        f"{file.relative_to(folder)}:{file.stat().st_mtime_ns}" for file in folder.rglob("*") if file.is_file()
    )
    return hashlib.sha256("\n".join((__version__, *found)).encode()).hexdigest()[:12]


def _quoted(address: str) -> str:
    from urllib.parse import quote

    return quote(address, safe="/")
