"""Promised beside delivered: by donor (by name, never ranked), month by month, offer by offer; and what is overdue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.errors import OptionRefused
from evenhand.lookups.followed import count_linked
from evenhand.lookups.gifts import read_group_keys, read_whole_units, read_words
from evenhand.lookups.overdue import count_overdue, list_overdue
from evenhand.lookups.programmes import list_programmes
from evenhand.lookups.promises import Promise, count_promises, list_promises
from evenhand.web.frame.here import with_query
from evenhand.web.frame.pages import public_page, show, viewer_of, wanted
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.languages import vocabulary
from evenhand.web.promises.said_and_done import said_and_done
from evenhand.web.promises.telling import deeds_of, families_of, months_of

FILTERS: Final = ("donor", "group", "resource", "programme", "since", "until", "search")
SAID: Final = ("donor", "group", "resource", "programme")
OVERDUE: Final = ("donor", "group", "resource", "programme", "search")
VIEWS: Final = (
    ("donor", gettext_lazy("By donor")),
    ("month", gettext_lazy("Month by month")),
    ("offer", gettext_lazy("Offer by offer")),
    ("overdue", gettext_lazy("Overdue")),
    ("said", gettext_lazy("Said and done")),
)

AMOUNTS: Final = (
    Column("unit", gettext_lazy("Unit")),
    Column("said", gettext_lazy("Said"), "amount", gettext_lazy("statements: words, in no total")),
    Column("pledged", gettext_lazy("Pledged"), "amount", gettext_lazy("pledges; of money, words in no total")),
    Column("committed", gettext_lazy("Committed"), "amount", gettext_lazy("bound by a commitment")),
    Column("allocated", gettext_lazy("Allocated"), "amount", gettext_lazy("decided for a recipient by a round")),
    Column("dispatched", gettext_lazy("Dispatched"), "amount", gettext_lazy("left the donor; of money, paid")),
    Column("received", gettext_lazy("Received"), "amount", gettext_lazy("confirmed by the recipient")),
    Column("used", gettext_lazy("Used"), "amount", gettext_lazy("handed out, or spent")),
    Column("lost", gettext_lazy("Lost"), "amount", gettext_lazy("damaged, missing or expired")),
    Column("returned", gettext_lazy("Returned"), "amount"),
    Column("overdue", gettext_lazy("Overdue"), "amount", gettext_lazy("has not left although the donor’s last day has passed")),
    Column("overdue_offers", gettext_lazy("Offers overdue"), "number", shown=False),
    Column("first", gettext_lazy("First said"), "day", shown=False),
    Column("last", gettext_lazy("Last said"), "day", shown=False),
)  # fmt: skip
KEYS: Final = {
    "donor": Column("key", gettext_lazy("Donor"), "named", of="party"),
    "month": Column("key", gettext_lazy("Month"), "text", order="key"),
    "offer": Column("key", gettext_lazy("Offer"), "code", link=lambda row: reverse("offer", args=[row.key])),
}
DONOR: Final = Column("donor", gettext_lazy("Donor"), "named", of="party", order="donor")
FAMILY: Final = Column("family", gettext_lazy("What"), "named", of="resource")
LATE: Final = (
    Column("donor", gettext_lazy("Donor"), "named", of="party", order="donor"),
    Column("resource", gettext_lazy("What"), "named", of="resource", order="resource"),
    Column("offer", gettext_lazy("Offer"), "code", link=lambda row: reverse("offer", args=[row.offer]), order="offer"),
    Column("quantity", gettext_lazy("Has not left"), "amount", unit="base units"),
    Column("base_unit", gettext_lazy("Unit")),
    Column("promised", gettext_lazy("Promised"), "amount", unit="base units", shown=False),
    Column("firmness", gettext_lazy("How firm"), "state", of="firmness"),
    Column("window_until", gettext_lazy("Was to leave by"), "day", order="window_until"),
    Column("days", gettext_lazy("Days late"), "number"),
)


LEFT_OUT: Final = frozenset({"allocated", "used", "returned"})
"""What a page leaves to the data, so that its table can be read."""


def columns_to_read(
    columns: Sequence[Column], whole: Mapping[str, int], left_out: frozenset[str]
) -> tuple[Column, ...]:
    """Return columns whose amounts stand in units that people read, money in whole units of its currency."""

    def read(key: str) -> Callable[[Any], Fraction | None]:
        def value(row: Any) -> Fraction | None:
            units = Fraction(getattr(row, key)) / whole.get(getattr(row, "family", "") or row.resource, 1)
            return units or None

        return value

    def unit(row: Any) -> str:
        what = getattr(row, "family", "") or row.resource
        return what if what in whole else vocabulary.unit(getattr(row, "unit", "") or row.base_unit)

    return tuple(
        replace(one, value=unit) if one.key in ("unit", "base_unit") else
        replace(one, value=read(one.key)) if one.kind == "amount" else one
        for one in columns if one.key not in left_out
    )  # fmt: skip


@public_page
def promises(request: HttpRequest) -> HttpResponse:
    """Show promises beside deliveries, in one of several ways."""
    viewer, by = viewer_of(request), request.GET.get("by", "") or "donor"
    if by not in dict(VIEWS):
        raise OptionRefused(f"promises are not listed by '{by[:40]}'; ask by donor, month, offer, overdue or said")
    if by == "said":
        return said_and_done(request, _views(request, by))
    chosen = chosen_of(request, FILTERS)
    late = {("party" if name == "donor" else name): value for name, value in chosen.items() if name in OVERDUE}
    read = by in ("donor", "month") and wanted(request) == "html"
    everything: list[Promise] = list_promises(viewer, by=by, **chosen) if read else []
    if by == "overdue":
        found = rows_of(request, list_overdue, viewer, count=count_overdue, **late)
        columns: Any = LATE
    elif by == "offer":
        found = rows_of(request, list_promises, viewer, count=count_promises, order="-first", by=by, **chosen)
        columns = (KEYS["offer"], DONOR, FAMILY, *AMOUNTS)
    else:
        found = rows_of(request, list_promises, viewer, count=count_promises, order="family", by=by, **chosen)
        columns = (KEYS[by], FAMILY, *AMOUNTS)
    whole = read_whole_units(viewer)
    if wanted(request) == "html":
        columns = columns_to_read(columns, whole, LEFT_OUT | frozenset({"dispatched"} if by == "offer" else ()))
    table = Table(
        f"promises-by-{by}", CAPTIONS[by], columns, found.rows, found.next, found.total,
        request.GET.get("order", "") or {"offer": "-first", "overdue": "window_until"}.get(by, ""),
        _("Nothing is overdue.") if by == "overdue" else _("No promise fits. Leave out a filter to see more."), chosen,
    )  # fmt: skip
    if wanted(request) != "html":
        return show(request, "promises/promises.html", table=table)
    families = families_of(found.rows, everything, whole) if by == "donor" else []
    shown = chosen.get("resource", "") or _most_promised(everything)
    linked, alone = count_linked(viewer, **{name: value for name, value in chosen.items() if name in SAID})
    context: dict[str, Any] = {
        "by": by, "chosen": chosen, "families": families, "groups": read_group_keys(viewer), "programmes": list_programmes(viewer),
        "views": _views(request, by),
        "resources": sorted({one.family: one for one in list_promises(viewer)}.values(), key=lambda one: one.family_name),
        "late": count_overdue(viewer, **late),
        "linked": linked, "alone": alone,
        "whole": whole,
    }  # fmt: skip
    if by == "donor" and not request.GET.get("after"):
        context["deeds"] = deeds_of(
            [one for one in everything if one.family == shown],
            read_words(viewer, resource=shown) if shown else [],
            whole,
        )
        context["shown"] = shown
    if by == "month":
        context["months"] = months_of(everything, shown, whole)
    return show(request, "promises/promises.html", context, table=table)


def _views(request: HttpRequest, by: str) -> list[tuple[str, Any, bool]]:
    """Return the ways to list promises: address, words, and whether it is this one."""
    return [
        (with_query(request, by="" if name == "donor" else name, after="", order="", of="", table=""), said, name == by)
        for name, said in VIEWS
    ]


CAPTIONS: Final = {
    "donor": gettext_lazy("Promised beside delivered, by donor"),
    "month": gettext_lazy("Promised beside delivered, month by month"),
    "offer": gettext_lazy("Promised beside delivered, offer by offer"),
    "overdue": gettext_lazy("Overdue promises, the longest overdue first"),
}


def _most_promised(rows: list[Promise]) -> str:
    """Return the family that most donors, or most months, have a promise of."""
    counted: dict[str, int] = {}
    for row in rows:
        counted[row.family] = counted.get(row.family, 0) + 1
    return max(sorted(counted), key=lambda family: counted[family], default="")
