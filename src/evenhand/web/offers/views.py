"""The list of offers: who gives what, how firmly, and how much of it has arrived."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.lookups.gifts import read_whole_units
from evenhand.lookups.offers import Offer, count_offers, list_offers
from evenhand.lookups.programmes import list_programmes
from evenhand.lookups.resources import list_resources
from evenhand.web.frame.pages import public_page, show, viewer_of, wanted
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.languages import formats, vocabulary

FILTERS: Final = ("party", "group", "resource", "programme", "firmness", "state", "search")
NEWEST: Final = "-said_on"
ARRIVED: Final = ("received", "used", "paid", "spent")
"""Stages in which units are with a recipient, or were."""


def arrived(row: Offer) -> Fraction | None:
    """Return the share of an offer that is with a recipient or was used; None where none of it stands in the book."""
    if not row.counted or not row.quantity:
        return None
    return Fraction(sum(row.stages.get(stage, 0) for stage in ARRIVED), row.quantity)


DATA: Final = (
    Column("ref", gettext_lazy("Offer"), "code", gettext_lazy("the offer’s ref"), link=lambda row: reverse("offer", args=[row.ref])),
    Column("donor", gettext_lazy("Who gives"), "named", of="party", order="donor"),
    Column("resource", gettext_lazy("What"), "named", of="resource", order="resource"),
    Column("quantity", gettext_lazy("How much"), "amount", gettext_lazy("in base units of the resource"), "base units"),
    Column("base_unit", gettext_lazy("Unit")),
    Column("typed", gettext_lazy("As typed")),
    Column("unit", gettext_lazy("Unit as typed")),
    Column("firmness", gettext_lazy("How firm"), "state", of="firmness", order="firmness"),
    Column("state", gettext_lazy("State"), "state", gettext_lazy("claimed: said, and in no total"), of="state of an offer"),
    Column("arrived", gettext_lazy("Arrived"), "share", gettext_lazy("with a recipient or used, as a share of the offer"), value=arrived),
    Column("said_on", gettext_lazy("Said"), "day", order="said_on"),
    Column("window_from", gettext_lazy("From"), "day", gettext_lazy("the first day it can be had")),
    Column("window_until", gettext_lazy("Until"), "day", gettext_lazy("the last day it can be had"), order="window_until"),
    Column("meant_for", gettext_lazy("Meant for"), value=lambda row: "; ".join(row.meant_for)),
    Column("not_for", gettext_lazy("Not for"), value=lambda row: "; ".join(row.not_for)),
    Column("expires", gettext_lazy("Usable until"), "day", order="expires"),
    Column("unit_value", gettext_lazy("Value of a unit")),
    Column("currency", gettext_lazy("Currency")),
    Column("programme", gettext_lazy("Programme"), "named", of="programme"),
    Column("made_at", gettext_lazy("Recorded"), "moment", order="made_at"),
)  # fmt: skip
"""What the data holds; stages stand there as far as they are known, one column each."""

STAGES: Final = (
    "offered", "committed", "allocated", "in-transit", "received", "paid", "used", "spent", "damaged", "missing", "expired",
    "returned", "withdrawn",
)  # fmt: skip


def in_stage(stage: str) -> Callable[[Offer], int]:
    """Return what says how much of an offer stands in a stage now."""
    return lambda row: row.stages.get(stage, 0)


def columns_of(request: HttpRequest, whole: dict[str, int]) -> tuple[Column, ...]:
    """Return the columns of the page, or of its data."""
    if wanted(request) != "html":
        return DATA + tuple(
            Column(f"stage_{one.replace('-', '_')}", vocabulary.WORDS["stage"][one], "amount", unit="base units", value=in_stage(one))
            for one in STAGES
        )  # fmt: skip
    by_key = {column.key: column for column in DATA}
    much = Column(
        "quantity",
        gettext_lazy("How much"),
        "text",
        value=lambda row: in_words(row.quantity, row.resource, row.base_unit, whole),
    )
    return tuple(
        much if key == "quantity" else by_key[key]
        for key in ("donor", "resource", "ref", "quantity", "firmness", "state", "arrived", "said_on", "window_until")
    )  # fmt: skip


def in_words(units: int, resource: str, base_unit: str, whole: dict[str, int]) -> str:
    """Return an amount with its unit; money in whole units of its currency."""
    per = whole.get(resource)
    amount = Fraction(units, per or 1)
    unit = resource if per else vocabulary.unit(base_unit, amount)
    return _("{amount} {unit}").format(amount=formats.amount(amount), unit=unit)


@public_page
def offers(request: HttpRequest) -> HttpResponse:
    """List the offers."""
    viewer, chosen = viewer_of(request), chosen_of(request, FILTERS)
    found = rows_of(request, list_offers, viewer, count=count_offers, order=NEWEST, **chosen)
    table = Table(
        "offers", _("Offers, the latest said first"), columns_of(request, read_whole_units(viewer)), found.rows, found.next,
        found.total, request.GET.get("order", "") or NEWEST,
        _("No offer fits. Leave out a filter to see more. Donors offer goods, money, teams and services on their desk."), chosen,
    )  # fmt: skip
    context: dict[str, Any] = {
        "chosen": chosen,
        "resources": list_resources(viewer),
        "programmes": list_programmes(viewer),
        "firmness": vocabulary.WORDS["firmness"].items(),
        "states": vocabulary.WORDS["state of an offer"].items(),
        "may_offer": viewer.has(*RIGHTS["offer make"]),
    }
    return show(request, "offers/offers.html", context, table=table)
