"""The list of consignments: from whom, to whom, what, how far, how late."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.lookups.awaited import days_late
from evenhand.lookups.consignments import STATES, Consignment, count_consignments, list_consignments
from evenhand.lookups.programmes import list_programmes
from evenhand.lookups.reach import today
from evenhand.lookups.resources import list_resources
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.languages.formats import amount
from evenhand.web.languages.speaking import names_here
from evenhand.web.languages.vocabulary import unit

FILTERS: Final = ("origin", "destination", "party", "donor", "resource", "programme", "state", "search")
NAMED_LINES: Final = 3
"""So many lines of a consignment are named in its row; its page has all."""


def contents(row: Consignment) -> str:
    """Return what a consignment carries, in words."""
    said = [
        _("{amount} {unit} {what}").format(
            amount=amount(one.planned), unit=unit(one.base_unit, one.planned),
            what=names_here().name_of("resource", one.resource, one.resource_name).text,
        )
        for one in row.lines[:NAMED_LINES]
    ]  # fmt: skip
    more = len(row.lines) - NAMED_LINES
    if more > 0:
        said.append(_("and {count} more").format(count=amount(more)))
    return "; ".join(said)


def carries(row: Consignment) -> str:
    """Return what a consignment carries, as data: the same in every language."""
    return ";".join(f"{one.resource}={one.planned}" for one in row.lines)


def _late(row: Consignment) -> int | None:
    return days_late(row) or None


COLUMNS: Final = (
    Column("ref", gettext_lazy("Consignment"), "code", order="ref", link=lambda row: reverse("consignment", args=[row.ref])),
    Column("origin", gettext_lazy("From"), "named", of="party", order="origin"),
    Column("destination", gettext_lazy("To"), "named", of="party", order="destination"),
    Column("contents", gettext_lazy("What"), "text", gettext_lazy("as planned, in base units"), value=contents),
    Column("state", gettext_lazy("How far"), "state", of="state of a consignment"),
    Column("dispatched_on", gettext_lazy("Left"), "day", gettext_lazy("the day it left")),
    Column("due_on", gettext_lazy("Due"), "day", order="due_on"),
    Column("days_late", gettext_lazy("Days late"), "number", gettext_lazy("since it was due, where it has not wholly arrived"), value=_late),
    Column("last_received_on", gettext_lazy("Received"), "day", gettext_lazy("the last day on which something of it was received")),
    Column("carries", gettext_lazy("What it carries"), "text", gettext_lazy("resource=planned, in base units, line by line"), value=carries, shown=False),
    Column("kind", gettext_lazy("Kind"), "state", of="kind of consignment", shown=False),
    Column("leaves_on", gettext_lazy("To leave"), "day", shown=False),
    Column("programme", gettext_lazy("Programme"), "code", shown=False),
    Column("lines", gettext_lazy("Lines"), "number", value=lambda row: len(row.lines), shown=False),
    Column("made_at", gettext_lazy("Planned"), "moment", order="made_at", shown=False),
)  # fmt: skip


@public_page
def consignments(request: HttpRequest) -> HttpResponse:
    """List consignments, the newest first."""
    viewer, chosen = viewer_of(request), chosen_of(request, FILTERS)
    late = bool(request.GET.get("late"))
    filters: dict[str, Any] = dict(chosen) | ({"late_on": today()} if late else {})
    order = "due_on" if late else "-made_at"
    found = rows_of(request, list_consignments, viewer, count=count_consignments, order=order, **filters)
    table = Table(
        "consignments", _("Consignments that have not wholly arrived, the latest first") if late else _("Consignments, the newest first"),
        COLUMNS, found.rows, found.next, found.total, order=request.GET.get("order", order),
        empty=_("No consignment fits. Leave out a filter to see more."), query=chosen | ({"late": "yes"} if late else {}),
    )  # fmt: skip
    context = {
        "chosen": chosen, "late": late, "states": STATES,
        "resources": [one for one in list_resources(viewer) if one.kind != "money"],
        "programmes": list_programmes(viewer),
        "may_plan": viewer.has(*RIGHTS["consignment plan"]),
    }  # fmt: skip
    return show(request, "consignments/consignments.html", context, table=table)
