"""The address of the page that is being read, changed in one thing: another language, order, page or form of the data.

Used by the frame's components. Addresses are pieced from what the contract of addresses fixes (`/en/needs`), so a link costs
no look-up; a page's own templates may use `{% url %}` as well.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

FOLDERS: Final = {
    "party": "parties", "resource": "resources", "group": "groups", "programme": "programmes", "need": "needs", "offer": "offers",
    "round": "rounds", "consignment": "consignments", "evidence": "evidence", "entry": "book/entries", "help": "help",
    "statement": "statements", "meeting": "meetings", "official": "officials", "thread": "statements/threads", "document": "documents",
}  # fmt: skip
"""Kind of a record → the folder that its page stands in."""

OF_ONE_PAGE: Final = ("after", "page", "typed")
"""What an address says about one page of a table, and its data does not have."""


def language_here() -> str:
    """Return the language of the request as it stands in addresses."""
    return (get_language() or "en").partition("-")[0]


def under_language(path: str) -> str:
    """Return the address of a page under the reader's language: "needs" is /en/needs."""
    return f"/{language_here()}/{path.lstrip('/')}"


def page_of(kind: str, key: str) -> str:
    """Return the address of a record's page, "" for a kind that has none."""
    folder = FOLDERS.get(kind, "")
    return under_language(f"{folder}/{quote(key, safe='')}") if folder and key else ""


def own_site(request: HttpRequest) -> str:
    """Return where people reach this installation: the setting `address`, else the address of this very request."""
    return str(settings.EVENHAND["address"]).rstrip("/") or request.build_absolute_uri("/").rstrip("/")


def with_query(request: HttpRequest, **changes: str) -> str:
    """Return this page's address with some of its query changed; "" takes a name away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    text = query.urlencode()
    return f"{request.path}?{text}" if text else request.path


def as_data(request: HttpRequest, form: str) -> str:
    """Return the address of this page's data: all that its filters find, as CSV, XLSX or JSON."""
    found = with_query(request, **dict.fromkeys(OF_ONE_PAGE, ""))
    path, mark, query = found.partition("?")
    return f"{path.rstrip('/')}.{form}{mark}{query}"
