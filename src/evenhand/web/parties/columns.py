"""The columns of a party's tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy

from evenhand.web.frame.tables import Column
from evenhand.web.needs.views import NUMBERS
from evenhand.web.parties.donors import COLUMNS as OF_DONORS

NEEDS: Final = (
    Column("family", gettext_lazy("What"), "named", of="resource"),
    Column("party", gettext_lazy("Who"), "named", of="party", shown=False),
    Column("key", gettext_lazy("Need"), "code", link=lambda row: reverse("need", args=[row.key])),
    *(replace(column, order="") for column in NUMBERS),
)
GIVEN: Final = tuple(replace(column, order="") for column in OF_DONORS)
ROUNDS: Final = (
    Column("title", gettext_lazy("Round"), link=lambda row: reverse("round", args=[row.ref])),
    Column("ref", gettext_lazy("Ref"), "code"),
    Column("resource", gettext_lazy("What"), "named", of="resource"),
    Column("state", gettext_lazy("State"), "state", of="state of a round"),
    Column("day", gettext_lazy("Day of the round"), "day"),
    Column("amount", gettext_lazy("Allocated to it"), "amount"),
    Column("unit", gettext_lazy("Unit"), of="unit"),
)
BELOW: Final = (
    Column("key", gettext_lazy("Party"), "named", of="party"),
    Column("kind", gettext_lazy("Kind"), "state", of="kind of party"),
    Column("parent", gettext_lazy("Belongs to"), "named", of="party"),
    Column("latitude", gettext_lazy("Latitude"), "number"),
    Column("longitude", gettext_lazy("Longitude"), "number"),
    Column("share", gettext_lazy("Share met"), "share", gettext_lazy("of the least met of its own needs")),
)
