"""Members: everybody of a group by how far its need is met, as a list and as a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.figures.world.maps import disclaimer, draw_map, key_to_map
from evenhand.lookups.figures import Figure, list_figures
from evenhand.lookups.groups import Group, list_groups
from evenhand.lookups.members import Member, count_members_met, list_members_met
from evenhand.web.frame.pages import public_page, show, viewer_of, wanted
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.languages.speaking import names_here

FILTERS: Final = ("search",)
COLUMNS: Final = (
    Column("key", gettext_lazy("Member"), "named", of="party", order="name"),
    Column("family", gettext_lazy("What"), "named", of="resource", shown=False),
    Column("unit", gettext_lazy("Unit"), of="unit", shown=False),
    Column("needed", gettext_lazy("Needed"), "amount", order="needed"),
    Column("there", gettext_lazy("There"), "amount", gettext_lazy("held when the need was stated, and received since"), order="there"),
    Column("coming", gettext_lazy("Coming"), "amount", gettext_lazy("allocated or on the way"), order="coming"),
    Column("gap", gettext_lazy("Missing"), "amount", order="gap"),
    Column("share", gettext_lazy("Share met"), "share", order="share"),
    Column("needs", gettext_lazy("Needs on file"), "number", gettext_lazy("needs of every kind"), order="needs"),
)  # fmt: skip


@public_page
def members(request: HttpRequest) -> HttpResponse:
    """List the members of a group, the least served first, and draw them on a map."""
    viewer = viewer_of(request)
    groups, families = list_groups(viewer), [one for one in list_figures(viewer) if one.needed]
    group = request.GET.get("group", default_group(groups)).strip()
    resource = request.GET.get("resource", "").strip() or most_needed(families)
    chosen: dict[str, Any] = chosen_of(request, FILTERS) | {"group": group, "resource": resource}
    found = rows_of(request, list_members_met, viewer, count=count_members_met, most=250, **chosen)
    table = Table(
        "members", _("Members by share of their need that is met, the least served first"), COLUMNS, found.rows,
        found.next, found.total, request.GET.get("order", "share"),
        _("No member is on file here. A group has members once somebody records that they joined."),
        {name: value for name, value in chosen.items() if request.GET.get(name)},
    )  # fmt: skip
    if wanted(request) != "html":
        return show(request, "parties/members.html", table=table)
    needing = [one for one in found.rows if one.share is not None]
    context = {
        "group_chosen": group, "resource": resource, "chosen": chosen, "groups": groups, "families": families,
        "needing": len(needing), "met": sum(one.share >= 1 for one in needing), "unit": next((one.unit for one in needing), ""),
        "map": map_of(needing), "map_key": key_to_map(), "disclaimer": disclaimer(),
    }  # fmt: skip
    return show(request, "parties/members.html", context, table=table)


def default_group(groups: Sequence[Group]) -> str:
    """Return the group that this installation serves; every group where it names none that there is."""
    own = str(settings.EVENHAND["group"] or "")
    return own if own in {one.key for one in groups} else ""


def most_needed(families: Sequence[Figure]) -> str:
    """Return the family that most is needed of; "" where nothing is."""
    found = max(families, key=lambda one: one.needed, default=None)
    return found.key if found else ""


def map_of(members: Sequence[Member]) -> str:
    """Return the map of members that need something, "" where nobody does."""
    if not members:
        return ""
    known = names_here()
    return str(
        draw_map(
            {one.key: None if one.share is None else float(one.share) for one in members},
            {one.key: known.name_of("party", one.key, one.name).text for one in members},
            links={one.key: reverse("party", args=[one.key]) for one in members},
            title=_("World map of members by share of need met"),
        )
    )
