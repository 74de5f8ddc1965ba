"""Needs and gaps: one by one, by member, resource, region and month; compared; what lapses soon; and one need's own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.viewers import Viewer
from evenhand.errors import NameUnknown
from evenhand.figures.world.maps import disclaimer, draw_map, key_to_map
from evenhand.lookups.gaps import Gap, count_gaps, list_gaps
from evenhand.lookups.groups import list_groups
from evenhand.lookups.reach import today
from evenhand.lookups.resources import list_resources
from evenhand.web.frame.here import with_query
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.languages.sentences import in_language
from evenhand.web.languages.speaking import names_here

VIEWS: Final = (
    ("need", gettext_lazy("One by one")),
    ("member", gettext_lazy("By member")),
    ("resource", gettext_lazy("By resource")),
    ("region", gettext_lazy("By region")),
    ("month", gettext_lazy("By month needed")),
)
FILTERS: Final = ("group", "party", "resource", "search")
LONGEST: Final = 80
COMPARED: Final = 4
"""So many members stand side by side at most."""

OF: Final = {"need": "need", "member": "party", "resource": "resource", "region": "group", "month": ""}
"""Way to list → what a row's key names."""

NUMBERS: Final = (
    Column("unit", gettext_lazy("Unit"), "text", of="unit"),
    Column("needed", gettext_lazy("Needed"), "amount", gettext_lazy("approved and not lapsed"), order="needed"),
    Column("there", gettext_lazy("There"), "amount", gettext_lazy("held when the need was stated, and received since"), order="there"),
    Column("coming", gettext_lazy("Coming"), "amount", gettext_lazy("allocated or on the way"), order="coming"),
    Column("gap", gettext_lazy("Missing"), "amount", gettext_lazy("neither there nor coming"), order="gap"),
    Column("share", gettext_lazy("Share met"), "share", gettext_lazy("there, as a share of what is needed"), order="share"),
    Column("needed_by", gettext_lazy("Needed by"), "day", order="needed_by"),
    Column("lapses_on", gettext_lazy("Lapses"), "day", gettext_lazy("the first day on which one of the needs lapses"), order="lapses_on"),
)  # fmt: skip


def columns_by(by: str) -> Sequence[Column]:
    """Return the columns of one way to list needs."""
    party = Column("party", gettext_lazy("Who"), "named", of="party", order="party")
    family = Column("family", gettext_lazy("What"), "named", of="resource", order="family")
    if by == "need":
        ref = Column("key", gettext_lazy("Need"), "code", link=lambda row: reverse("need", args=[row.key]))
        return (party, family, ref, *NUMBERS)
    if by == "resource":
        return (family, *NUMBERS)
    if by == "month":
        return (Column("key", gettext_lazy("Month"), "text", order="key"), family, *NUMBERS)
    title = gettext_lazy("Member") if by == "member" else gettext_lazy("Region")
    return (Column("key", title, "named", of=OF[by], order="name"), family, *NUMBERS)


def without_empty(columns: Sequence[Column], rows: Sequence[Gap]) -> Sequence[Column]:
    """Return the columns, that of the day not shown where no row has one; the data always hold it."""
    if any(row.needed_by for row in rows):
        return columns
    return [replace(one, shown=False) if one.key == "needed_by" else one for one in columns]


@public_page
def needs(request: HttpRequest) -> HttpResponse:
    """List needs and gaps in one of several ways."""
    viewer, chosen = viewer_of(request), chosen_of(request, FILTERS)
    by = request.GET.get("by", "") or "need"
    found = rows_of(request, list_gaps, viewer, count=count_gaps, by=by, **chosen)
    table = Table(
        f"needs-by-{by}", _("Needs and how far they are met, the least served first"), without_empty(columns_by(by), found.rows) if by in OF else (),
        found.rows, found.next, found.total, order=request.GET.get("order", "share"), query=chosen,
        empty=_("No need fits. Leave out a filter to see more."),
    )  # fmt: skip
    problems: list[tuple[str, str]] = []
    compared = _compared(viewer, request.GET.getlist("compare"), chosen, problems)
    context = {
        "by": by, "chosen": chosen,
        "views": [(with_query(request, by="" if name == "need" else name, after="", order=""), said, name == by) for name, said in VIEWS],
        "resources": [one for one in list_resources(viewer) if not one.family],
        "groups": list_groups(viewer),
        "members": members_of(viewer), "compared": compared, "problems": problems,
        "typed": "; ".join(request.GET.getlist("compare"))[:LONGEST],
        "map": _map(viewer, chosen) if by == "member" and chosen.get("resource") else "",
        "map_key": key_to_map(), "disclaimer": disclaimer(), "today": today(),
    }  # fmt: skip
    return show(request, "needs/needs.html", context, table=table, status=422 if problems else 200)


def members_of(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the members that need something, as (key, name in the reader's language), in the order of their alphabet."""
    known = names_here()
    found = {one.key: known.name_of("party", one.key, one.name).text for one in list_gaps(viewer, by="member")}
    return sorted(found.items(), key=lambda one: (one[1].casefold(), one[0]))


def _compared(
    viewer: Viewer, members: Sequence[str], chosen: dict[str, Any], problems: list[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Return what several members need, side by side: a row for each family that one of them needs."""
    keys = list(dict.fromkeys(one.strip().upper() for member in members for one in member.split(";") if one.strip()))[
        :COMPARED
    ]
    if len(keys) < 2:
        if keys:
            problems.append(("f-compare", _("“{typed}” is one member. Choose two to four.").format(typed=keys[0][:40])))
        return []
    rows: dict[str, dict[str, Any]] = {}
    for key in keys:
        try:
            gaps = list_gaps(viewer, by="member", party=key, resource=chosen.get("resource", ""))
        except NameUnknown as error:
            problems.append(("f-compare", in_language(error.sentence)))
            continue
        for gap in gaps:
            row = rows.setdefault(
                gap.family,
                {"family": gap.family, "name": gap.family_name, "unit": gap.unit, "cells": dict.fromkeys(keys)},
            )
            row["cells"][key] = gap
    return [] if problems else [{**row, "cells": list(row["cells"].items())} for row in rows.values()]


def _map(viewer: Any, chosen: dict[str, Any]) -> str:
    gaps: list[Gap] = list_gaps(viewer, by="member", **chosen)
    known = names_here()
    names = {one.key: known.name_of("party", one.key, one.name).text for one in gaps}
    links = {one.key: reverse("party", args=[one.key]) for one in gaps}
    return str(
        draw_map(
            {one.key: float(one.share) for one in gaps},
            names,
            links=links,
            title=_("World map of members by share of need met"),
        )
    )
