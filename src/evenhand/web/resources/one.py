"""One resource: how much of it is needed, promised and received, who needs it, who gives it to whom, and how it is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from evenhand.errors import OptionRefused
from evenhand.figures.flow import Flow as Ribbon
from evenhand.figures.flow import draw_flow
from evenhand.lookups.figures import Figure, list_figures
from evenhand.lookups.flows import Flow, list_flows
from evenhand.lookups.gaps import list_gaps
from evenhand.lookups.money import list_money
from evenhand.lookups.promises import list_promises
from evenhand.lookups.resources import Resource, get_resource, list_resources
from evenhand.lookups.rounds import list_rounds
from evenhand.web.frame.pages import FROM_RIGHT_TO_LEFT, public_page, show, viewer_of, wanted
from evenhand.web.frame.tables import Column, Table
from evenhand.web.home.lines import lines_of, scale_of
from evenhand.web.languages.speaking import names_here
from evenhand.web.languages.vocabulary import unit as unit_words
from evenhand.web.needs.views import columns_by
from evenhand.web.parties.donors import COLUMNS as OF_DONORS
from evenhand.web.parties.donors import in_currency

TABLES: Final = ("needs", "gifts", "donors")
GIFTS: Final = (
    Column("donor", gettext_lazy("From"), "named", of="party"),
    Column("recipient", gettext_lazy("To"), "named", of="party"),
    Column("amount", gettext_lazy("Given"), "amount", gettext_lazy("decided for the recipient, whatever has become of it")),
    Column("arrived", gettext_lazy("Received"), "amount", gettext_lazy("confirmed by the recipient")),
    Column("unit", gettext_lazy("Unit"), of="unit"),
)  # fmt: skip
MOST: Final = 15
"""So many of who needs it stand on the page; all stand in the data."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Hold a pack: its name, and how many base units are in it."""

    name: str
    units: int


@public_page
def resource(request: HttpRequest, key: str) -> HttpResponse:
    """Show one resource; as data, who needs it, or the table that the address names."""
    viewer = viewer_of(request)
    known = list_resources(viewer)
    row = next((one for one in known if one.key == key), None) or get_resource(viewer, key)
    family = row.family or row.key
    money = [one for one in list_money(viewer) if one.currency == key] if row.kind == "money" else []
    gaps = [] if row.kind == "money" else list_gaps(viewer, by="member", resource=key)
    flows = [] if row.kind == "money" else list_flows(viewer, resource=key)
    given = in_currency(viewer, list_promises(viewer, by="donor", order="name", resource=key))
    asked = request.GET.get("table", "") or "needs"
    tables: dict[str, tuple[Any, Sequence[Any], str]] = {
        "needs": (columns_by("member"), gaps, _("Who needs it, the least served first")),
        "gifts": (GIFTS, flows, _("Who gave it to whom")),
        "donors": (OF_DONORS, given, _("Who gives it, in the order of the alphabet")),
    }
    if asked not in tables:
        raise OptionRefused(f"there is no table '{asked[:40]}' of a resource; there are {', '.join(TABLES)}")
    columns, rows, caption = tables[asked]
    table = Table(f"{key}-{asked}", caption, columns, rows)
    if wanted(request) != "html":
        return show(request, "resources/resource.html", table=table)
    figure = figure_of(list_figures(viewer, by="resource" if row.family else "family"), key)
    members = [one for one in known if family in (one.key, one.family) and one.key != key]
    context = {
        "resource": row, "family": family, "figure": figure, "lines": lines_of(figure) if figure else [],
        "whole": scale_of(figure) if figure else 0, "money": money, "gaps": gaps[:MOST], "more": max(0, len(gaps) - MOST),
        "missing": sum(bool(one.gap) for one in gaps), "given": given, "flow": picture_of(row, flows),
        "packs": [Pack(*one) for one in sorted(row.packs.items(), key=lambda one: (one[1], one[0]))], "parts": sorted(row.parts.items()),
        "codes": [code.partition(":")[::2] for code in row.codes], "members": members,
        "rounds": list_rounds(viewer, resource=key, order="-made_at", most=10), "here": reverse("resource", args=[key]),
    }  # fmt: skip
    return show(request, "resources/resource.html", context, table=table)


def figure_of(figures: Sequence[Figure], key: str) -> Figure | None:
    """Return the figures of one resource; None where nothing of it is needed or given."""
    return next((one for one in figures if one.key == key), None)


def picture_of(row: Resource, flows: Sequence[Flow]) -> str:
    """Draw who gave how much to whom; "" where nobody did."""
    if not flows:
        return ""
    known = names_here()

    def name(key: str, stored: str) -> str:
        return known.name_of("party", key, stored).text

    ribbons = [
        Ribbon(one.donor, name(one.donor, one.donor_name), one.recipient, name(one.recipient, one.recipient_name), float(one.amount))
        for one in flows
    ]  # fmt: skip
    rtl = (get_language() or "en") in FROM_RIGHT_TO_LEFT
    direction: Any = "rtl" if rtl else "ltr"
    return str(
        draw_flow(
            ribbons, unit=unit_words(flows[0].unit, 100), name=known.name_of("resource", row.key, row.name).text,
            direction=direction,
        )
    )  # fmt: skip
