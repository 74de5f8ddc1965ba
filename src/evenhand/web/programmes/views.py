"""The list of programmes: what aid belongs together, who leads it, and when."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.lookups.gifts import read_group_keys
from evenhand.lookups.programmes import list_programmes
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table, chosen_of

FILTERS: Final = ("party", "group")
COLUMNS: Final = (
    Column("title", gettext_lazy("Programme"), link=lambda row: reverse("programme", args=[row.ref])),
    Column("ref", gettext_lazy("Ref"), "code", shown=False),
    Column("kind", gettext_lazy("Kind"), "state", of="kind of programme"),
    Column("lead", gettext_lazy("Led by"), "named", of="party"),
    Column("group", gettext_lazy("Group"), "named", of="group"),
    Column("starts", gettext_lazy("Begins"), "day"),
    Column("ends", gettext_lazy("Ends"), "day"),
    Column("sdg_targets", gettext_lazy("SDG targets"), value=lambda row: "; ".join(row.sdg_targets)),
)


@public_page
def programmes(request: HttpRequest) -> HttpResponse:
    """List the programmes."""
    viewer, chosen = viewer_of(request), chosen_of(request, FILTERS)
    rows = list_programmes(viewer, **chosen)
    table = Table(
        "programmes", _("Programmes"), COLUMNS, rows, total=len(rows), query=chosen,
        empty=_("No programme yet. A donor or the secretariat starts one; needs, offers and consignments can then belong to it."),
    )  # fmt: skip
    context = {"chosen": chosen, "groups": read_group_keys(viewer), "may_start": viewer.has(*RIGHTS["programme start"])}
    return show(request, "programmes/programmes.html", context, table=table)
