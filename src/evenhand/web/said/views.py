"""The list of what was said, and the page of a thread: the same claim repeated or growing."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.lookups.statements import count_statements, get_thread, list_statements
from evenhand.web.frame.here import with_query
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Table, chosen_of, rows_of
from evenhand.web.languages.vocabulary import WORDS
from evenhand.web.said.columns import STATEMENTS
from evenhand.web.said.growing import growing
from evenhand.web.said.subjects import chosen_words, topics_to_choose
from evenhand.web.said.telling import quote, read_days

NEWEST: Final = "-said_on"
PAGE: Final = 25
"""Quotations on one page; each takes more room than a row."""

FILTERS: Final = (
    "search", "party", "giver", "receiver", "official", "kind", "firmness", "topic", "resource", "programme", "meeting",
    "document", "thread", "about", "place",
)  # fmt: skip
ORDERS: Final = (
    (NEWEST, gettext_lazy("The newest first")),
    ("said_on", gettext_lazy("The oldest first")),
    ("speaker", gettext_lazy("By speaker")),
    ("kind", gettext_lazy("By kind")),
)


@public_page
def statements(request: HttpRequest) -> HttpResponse:
    """List what was said."""
    viewer, problems = viewer_of(request), list[tuple[str, str]]()
    chosen: dict[str, Any] = chosen_of(request, FILTERS)
    days = read_days(request, problems)
    found = rows_of(request, list_statements, viewer, count=count_statements, order=NEWEST, most=PAGE, **chosen, **days)
    order = request.GET.get("order", "") or NEWEST
    table = Table(
        "statements", _("What was said about assistance, in the words of those who said it"), STATEMENTS, found.rows, found.next,
        found.total, order, _("Nothing that was said fits. Leave out a filter to see more."), chosen,
    )  # fmt: skip
    context = {
        "quotes": quote(found.rows), "chosen": chosen, "days": request.GET, "problems": problems,
        "words": chosen_words(chosen),
        "kinds": WORDS["kind of claim"].items(), "firm": WORDS["how firm the words are"].items(),
        "topics": topics_to_choose(),
        "orders": [
            (with_query(request, order="" if name == NEWEST else name, after=""), said, name == order)
            for name, said in ORDERS
        ],
        "may_put_in": viewer.has(*RIGHTS["document read"]),
    }  # fmt: skip
    return show(request, "said/statements.html", context, table=table, status=422 if problems else 200)


@public_page
def thread(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one thread: the same claim with each of its numbers, its words and its sources."""
    found = get_thread(viewer_of(request), ref)
    table = Table(f"{ref}", _("The same claim, each time that it was made"), STATEMENTS, found.statements)
    context = {"thread": found, "quotes": quote(found.statements), "growth": growing(found.statements)}
    return show(request, "said/thread.html", context, table=table)
