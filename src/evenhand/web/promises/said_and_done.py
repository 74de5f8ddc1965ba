"""Statement by statement: the words, who said them and where, and what followed in the stock book; and what was kept in all.

Called by the page of promises. Must never say in our own voice what somebody claimed, rank anybody, or add a statement to a
total: a share names the promises that it rests on and those that it leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evenhand.lookups.followed import count_followed, list_followed
from evenhand.lookups.following import Followed
from evenhand.lookups.gifts import read_group_keys, read_whole_units
from evenhand.lookups.kept_words import KeptWords, list_kept_words
from evenhand.lookups.programmes import list_programmes
from evenhand.web.frame.here import with_query
from evenhand.web.frame.pages import show, viewer_of, wanted
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.languages import formats, vocabulary
from evenhand.web.languages.vocabulary import WORDS
from evenhand.web.promises.shown import read, shown_of

FILTERS: Final = ("donor", "receiver", "group", "resource", "programme", "kind", "search")
OF: Final = (
    ("donor", gettext_lazy("By donor")),
    ("receiver", gettext_lazy("By receiver")),
    ("programme", gettext_lazy("By programme")),
)
PAGE: Final = 20
"""Statements on one page; each takes more room than a row."""
MOST_KEPT: Final = 60
"""Rows of what was kept on the page; all of them are in the data."""
NEWEST: Final = "-said_on"

FOLLOWED: Final = (
    Column("statement", gettext_lazy("Statement"), "code", link=lambda row: reverse("statement", args=[row.statement])),
    Column("said_on", gettext_lazy("Said on"), "day", order="said_on"),
    Column("speaker", gettext_lazy("Speaker")),
    Column("kind", gettext_lazy("Kind"), "state", of="kind of claim"),
    Column("firmness", gettext_lazy("How firm"), "state", of="how firm the words are"),
    Column("giver", gettext_lazy("Giver"), "named", of="party", order="giver"),
    Column("giver_name", gettext_lazy("Giver, as written")),
    Column("receivers", gettext_lazy("Receivers"), value=lambda row: "; ".join(row.receivers)),
    Column("receiver_names", gettext_lazy("Receivers, as written"), value=lambda row: "; ".join(row.receiver_names)),
    Column("words", gettext_lazy("Words")),
    Column("resource_words", gettext_lazy("What, as written")),
    Column("quantity", gettext_lazy("How much, as said"), "amount", gettext_lazy("empty: the speaker named no amount")),
    Column("said_unit", gettext_lazy("Unit, as said"), value=lambda row: row.unit),
    Column("deadline", gettext_lazy("By when"), "day", order="deadline"),
    Column("document", gettext_lazy("Document"), "code"),
    Column("publisher", gettext_lazy("Published by")),
    Column("offers", gettext_lazy("Linked offers"), value=lambda row: "; ".join(row.offers)),
    Column("programmes", gettext_lazy("Programmes"), value=lambda row: "; ".join(row.programmes)),
    Column("rests_on", gettext_lazy("What the comparison rests on"), "state", of="what a comparison rests on"),
    Column("family", gettext_lazy("What"), "named", of="resource"),
    Column("unit", gettext_lazy("Unit"), value=lambda row: row.base_unit),
    Column("said", gettext_lazy("Said"), "amount", gettext_lazy("in the unit of the offers; in no total")),
    Column("pledged", gettext_lazy("Pledged"), "amount"),
    Column("committed", gettext_lazy("Committed"), "amount"),
    Column("allocated", gettext_lazy("Allocated"), "amount"),
    Column("dispatched", gettext_lazy("Dispatched"), "amount"),
    Column("received", gettext_lazy("Received"), "amount"),
    Column("used", gettext_lazy("Used"), "amount"),
    Column("first_dispatched", gettext_lazy("First dispatched"), "day", value=lambda row: day_of(row, "dispatched", last=False)),
    Column("last_received", gettext_lazy("Last received"), "day", value=lambda row: day_of(row, "received", last=True)),
    Column("late_since", gettext_lazy("Late since"), "day"),
    Column("days", gettext_lazy("Days late"), "number"),
)  # fmt: skip
KEPT: Final = (
    Column("key", gettext_lazy("Key"), "text"),
    Column("name", gettext_lazy("As written"), "text"),
    Column("family", gettext_lazy("What"), "named", of="resource"),
    Column("unit", gettext_lazy("Unit"), value=lambda row: row.base_unit),
    Column("statements", gettext_lazy("Statements"), "number"),
    Column("promises", gettext_lazy("Promises"), "number", gettext_lazy("statements of one thread, or about one offer, are one")),
    Column("compared", gettext_lazy("Compared"), "number", gettext_lazy("with an amount and a linked offer in one unit")),
    Column("no_link", gettext_lazy("No offer linked"), "number"),
    Column("no_amount", gettext_lazy("No amount said"), "number"),
    Column("no_unit", gettext_lazy("Another unit"), "number"),
    Column("said", gettext_lazy("Said"), "amount", gettext_lazy("of those compared; in no total")),
    Column("received", gettext_lazy("Received"), "amount"),
    Column("share", gettext_lazy("Share kept"), "share", gettext_lazy("received of what was said, of those compared")),
    Column("overdue", gettext_lazy("Overdue"), "number"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold what was kept as it is shown: amounts in the unit that people read, and a sentence on what the share rests on."""

    row: KeptWords
    said: Fraction
    received: Fraction
    unit: str
    rests_on: str


def said_and_done(request: HttpRequest, views: Sequence[Any]) -> HttpResponse:
    """Show statements with what followed them, and what was kept in all."""
    viewer, chosen = viewer_of(request), chosen_of(request, FILTERS)
    late, of = request.GET.get("late") == "1", request.GET.get("of", "") or "donor"
    asked: dict[str, Any] = {**chosen, **({"late": True} if late else {})}
    kept_by = {name: value for name, value in chosen.items() if name not in ("kind", "search")}
    if request.GET.get("table") == "kept":
        rows = list_kept_words(viewer, by=of, **kept_by)
        table = Table(
            f"kept-by-{of}", _("What was kept of what was promised in words"), KEPT, rows, total=len(rows), query=chosen
        )
        if wanted(request) != "html":
            return show(request, "promises/said_and_done.html", table=table)
    found = rows_of(request, list_followed, viewer, count=count_followed, order=NEWEST, most=PAGE, **asked)
    table = Table(
        "said-and-done", _("What was said, and what followed"), FOLLOWED, found.rows, found.next, found.total,
        request.GET.get("order", "") or NEWEST, _("No statement fits. Leave out a filter to see more."), chosen,
    )  # fmt: skip
    if wanted(request) != "html":
        return show(request, "promises/said_and_done.html", table=table)
    whole = read_whole_units(viewer)
    kept = list_kept_words(viewer, by=of, **kept_by)
    context = {
        "views": views, "chosen": chosen, "late": late, "of": of, "whole": whole,
        "shown": [shown_of(one, whole) for one in found.rows],
        "kept": [kept_of(one, whole) for one in kept[:MOST_KEPT]], "more_kept": max(0, len(kept) - MOST_KEPT),
        "ofs": [(with_query(request, of="" if name == "donor" else name, after=""), said, name == of) for name, said in OF],
        "kept_data": f"{reverse('promises')}?{urlencode({'by': 'said', 'table': 'kept', 'of': of, **kept_by})}",
        "kinds": [(kind, words) for kind, words in WORDS["kind of claim"].items() if kind != "needed"],
        "groups": read_group_keys(viewer), "programmes": list_programmes(viewer),
    }  # fmt: skip
    return show(request, "promises/said_and_done.html", context, table=table)


def day_of(row: Followed, step: str, *, last: bool) -> date | None:
    """Return the first or the last day of a step."""
    return next(((one.last if last else one.first) for one in row.steps if one.step == step), None)


def kept_of(row: KeptWords, whole: Mapping[str, int]) -> Kept:
    """Return what was kept as it is shown."""
    per = whole.get(row.family, 1)
    unit = row.family if row.family in whole else vocabulary.unit(row.base_unit) if row.base_unit else ""
    return Kept(row, read(row.said, per) or Fraction(0), read(row.received, per) or Fraction(0), unit, rests_on_of(row))


def rests_on_of(row: KeptWords) -> str:
    """Return how many promises a share rests on, and why the others are left out, in whole sentences."""
    said = [
        ngettext("{compared} of {count} promise.", "{compared} of {count} promises.", row.promises).format(
            compared=formats.amount(row.compared), count=formats.amount(row.promises)
        )
    ]
    left = (
        (row.no_link, ngettext("{count} has no offer linked.", "{count} have no offer linked.", row.no_link)),
        (row.no_amount, ngettext("{count} names no amount.", "{count} name no amount.", row.no_amount)),
        (row.no_unit, ngettext("{count} is in another unit.", "{count} are in another unit.", row.no_unit)),
    )
    said += [words.format(count=formats.amount(number)) for number, words in left if number]
    return " ".join(said)
