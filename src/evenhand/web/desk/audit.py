"""What is looked at afterwards: the lines of actions, the verdict on the stock book, and stock that runs out.

Everybody sees the lines of its own actions, an auditor all of them; the lookup says so. Verifying reads the whole book, so it is
done when it is asked for and never by opening a page.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.actions.catalogue import ACTIONS
from evenhand.lookups.actions import count_actions, list_actions
from evenhand.lookups.checkpoints import find_latest_checkpoint
from evenhand.lookups.lapsing import count_expiring, list_expiring
from evenhand.stockbook.auditing import audit_book
from evenhand.web.forms.sayings import SAYINGS
from evenhand.web.frame.pages import private_page, show, viewer_of
from evenhand.web.frame.records import address_of
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of

FILTERS: Final = ("name", "by", "party", "about", "search")
DAYS: Final = ("since", "until")
WITHIN: Final = 60

LINES: Final = (
    Column("at", gettext_lazy("When"), "moment", order="at"),
    Column("name", gettext_lazy("What was done"), "text", value=lambda row: title_of(row.name), order="name"),
    Column("by", gettext_lazy("By"), "code", gettext_lazy("the public id of who did it")),
    Column("for_party", gettext_lazy("For"), "named", of="party"),
    Column("about", gettext_lazy("About"), "code", link=lambda row: address_of(row.about) if "-" in row.about else None),
    Column("reason", gettext_lazy("Reason"), "text"),
    Column("origin", gettext_lazy("From where"), "code"),
    Column("id", gettext_lazy("Id"), "code", shown=False),
)  # fmt: skip

EXPIRING: Final = (
    Column("expires", gettext_lazy("Expires"), "day", order="expires"),
    Column("resource", gettext_lazy("What"), "named", of="resource", order="resource"),
    Column("quantity", gettext_lazy("How much"), "amount", gettext_lazy("in base units"), order="quantity"),
    Column("base_unit", gettext_lazy("Unit"), "text"),
    Column("stage", gettext_lazy("Where it stands"), "state", of="stage"),
    Column("holder", gettext_lazy("Held by, or for"), "named", of="party"),
    Column("donor", gettext_lazy("Given by"), "named", of="party", order="donor"),
    Column("consignment", gettext_lazy("Consignment"), "code", link=lambda row: address_of(row.consignment) if row.consignment else None),
    Column("offer", gettext_lazy("Offer"), "code", link=lambda row: address_of(row.offer)),
    Column("days", gettext_lazy("Days left"), "number"),
)  # fmt: skip


def title_of(action: str) -> str:
    """Return what an action is called on its form."""
    saying = SAYINGS.get(action)
    return str(saying.title) if saying else action


@private_page()
def actions(request: HttpRequest) -> HttpResponse:
    """List the lines of actions that the viewer may see."""
    viewer = viewer_of(request)
    chosen: dict[str, Any] = chosen_of(request, FILTERS)
    days, wrong = _days(request.GET)
    chosen |= days
    found = rows_of(request, list_actions, viewer, count=count_actions, order="-at", **chosen)
    all_of_them = viewer.has("auditor")
    table = Table(
        "actions", _("All actions, the latest first") if all_of_them else _("What I did, the latest first"), LINES, found.rows,
        found.next, found.total, order=request.GET.get("order", "-at"), query=chosen,
        empty=_("No action fits. Leave out a filter to see more."),
    )  # fmt: skip
    names = sorted(((name, title_of(name)) for name in ACTIONS), key=lambda one: one[1])
    return show(request, "desk/actions.html", {
        "table": table, "chosen": chosen | {name: request.GET.get(name, "") for name in DAYS}, "names": names,
        "all": all_of_them, "wrong": wrong,
    })  # fmt: skip


def _days(given: Mapping[str, str]) -> tuple[dict[str, date], list[tuple[str, str]]]:
    """Return the days of the filter, and what of them is no day, by the id of its field."""
    read: dict[str, date] = {}
    wrong = []
    for name in DAYS:
        text = given.get(name, "").strip()
        if not text:
            continue
        try:
            read[name] = date.fromisoformat(text)
        except ValueError:
            wrong.append(
                (
                    f"f-{name}",
                    _("“{text}” is no date. Write it as year-month-day, such as 2026-03-02.").format(text=text[:40]),
                )
            )
    return read, wrong


@private_page("auditor", "operator")
def audit(request: HttpRequest) -> HttpResponse:
    """Show the latest checkpoint; verify the whole book when that is asked for, and show the verdict."""
    context: dict[str, Any] = {"section": {"checkpoint": find_latest_checkpoint(viewer_of(request))}}
    status = 200
    if request.method == "POST":
        began = time.monotonic()
        verdict = audit_book()
        context |= {"verdict": verdict, "seconds": f"{time.monotonic() - began:.1f}"}
    return show(request, "desk/audit.html", context, status=status)


@private_page()
def expiring(request: HttpRequest) -> HttpResponse:
    """List units that expire soon and were not used, the first at the top."""
    viewer = viewer_of(request)
    chosen = chosen_of(request, ("party", "donor", "group", "resource", "search"))
    found = rows_of(request, list_expiring, viewer, count=count_expiring, within_days=WITHIN, **chosen)
    table = Table(
        "expiring", _("What expires within 60 days, or has, and was not used"), EXPIRING, found.rows, found.next, found.total,
        order=request.GET.get("order", "expires"), query=chosen, empty=_("Nothing expires within 60 days."),
    )  # fmt: skip
    return show(request, "desk/expiring.html", table=table)
