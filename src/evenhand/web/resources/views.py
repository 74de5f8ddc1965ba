"""The list of resources, one kind at a time: what each is counted in, and how far what is needed of it is met."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import may, shared_list
from evenhand.lookups.figures import list_figures
from evenhand.lookups.resources import count_resources, list_resources
from evenhand.web.frame.here import with_query
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.languages.vocabulary import WORDS

KINDS: Final = ("goods", "service", "capacity", "structure", "money")
FIRST: Final = "goods"
ALL: Final = "all"


def columns_with(figures: dict[str, Any]) -> tuple[Column, ...]:
    """Return the columns, some of which come from the figures by resource or family."""

    def figure(name: str) -> Any:
        return lambda row: getattr(figures.get(row.key), name, None)

    return (
        Column("key", gettext_lazy("Resource"), "named", of="resource", order="name"),
        Column("kind", gettext_lazy("Kind"), "state", of="kind of resource", order="kind"),
        Column("family", gettext_lazy("Family"), "named", of="resource", order="family"),
        Column("base_unit", gettext_lazy("Counted in"), of="unit"),
        Column("codes", gettext_lazy("Codes"), value=lambda row: "; ".join(row.codes), shown=False),
        Column("needed", gettext_lazy("Needed"), "amount", value=figure("needed")),
        Column("promised", gettext_lazy("Promised"), "amount", value=figure("promised")),
        Column("received", gettext_lazy("Received"), "amount", gettext_lazy("in hand now; what was handed out is not counted"), value=figure("received")),
    )  # fmt: skip


@public_page
def resources(request: HttpRequest) -> HttpResponse:
    """List the resources of one kind, or all that a search finds."""
    viewer, chosen = viewer_of(request), chosen_of(request, ("search",))
    kind = request.GET.get("kind", "") or (ALL if chosen else FIRST)
    filters = chosen | ({} if kind == ALL else {"kind": kind})
    found = rows_of(request, list_resources, viewer, count=count_resources, order="name", **filters)
    figures = {one.key: one for one in (*list_figures(viewer, by="resource"), *list_figures(viewer))}
    table = Table(
        "resources", _("Resources"), columns_with(figures), found.rows, found.next, found.total,
        request.GET.get("order", "name"),
        _("Nothing of this kind is on file. The lists that come with Evenhand hold some hundreds of resources."), chosen,
    )  # fmt: skip
    names = [(one, WORDS["kind of resource"][one]) for one in KINDS] + [(ALL, _("All"))]
    context = {
        "chosen": chosen, "kind": kind,
        "views": [(with_query(request, kind="" if one == FIRST and not chosen else one, after=""), said, one == kind) for one, said in names],
        "may_register": may(viewer, "resource register", shared_list(viewer)),
    }  # fmt: skip
    return show(request, "resources/resources.html", context, table=table)
