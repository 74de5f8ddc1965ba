"""Places: countries, districts and sites. A public list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from django.db.models import QuerySet

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import codes_by_key, expect, refuse_unknown
from evenhand.lookups.paging import (
    AfterChoice,
    By,
    MostChoice,
    OrderChoice,
    Orders,
    SearchChoice,
    page_of_rows,
)
from evenhand.lookups.searching import coded, holds, words_of
from evenhand.records import models as records

ORDERS = Orders(
    {"key": By("key"), "name": By("name"), "country": By("country"), "level": By("level", kind=int)},
    default="key",
    key=By("key"),
)

FEW = 500
"""So many rows have their codes looked up by key; for more, all codes are read in one go."""


@dataclass(frozen=True, slots=True)
class Place:
    """Hold one place.

    Attributes
    ----------
    level
        0 for a country, 1 for what it is divided into, and so on.
    """

    key: str
    name: str
    country: str
    level: int
    parent: str
    codes: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    valid_from: date | None

    orders: ClassVar[Orders] = ORDERS


def list_places(
    viewer: Viewer,
    *,
    country: Annotated[str, "only in this country, by ISO 3166 alpha-3"] = "",
    parent: Annotated[str, "only right below this place"] = "",
    level: Annotated[int | None, "0 for countries, 1 for what they are divided into, and so on"] = None,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Place]:
    """Return the places, by key or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such country or parent.
    OptionRefused
        There is no such order; the cursor is of another list.
    """
    chosen = _chosen(country, parent, level, search)
    return _places(page_of_rows(chosen, ORDERS, order, after, most))


def count_places(
    viewer: Viewer, *, country: str = "", parent: str = "", level: int | None = None, search: SearchChoice = ""
) -> int:
    """Return how many places `list_places` would list; refuses what that refuses."""
    return _chosen(country, parent, level, search).count()


def _chosen(country: str, parent: str, level: int | None, search: str) -> QuerySet[records.Place]:
    chosen = records.Place.objects.all()
    if country:
        expect("place", country)
        chosen = chosen.filter(country=country)
    if parent:
        expect("place", parent)
        chosen = chosen.filter(parent=parent)
    if level is not None:
        chosen = chosen.filter(level=level)
    for word in words_of(search):
        chosen = chosen.filter(holds(word, "key", "name") | coded("place", word))
    return chosen


def get_place(viewer: Viewer, key: Annotated[str, "ISO 3166 alpha-3 or a p-code"]) -> Place:
    """Return a place. Raises NameUnknown, with the nearest key."""
    found = find_place(viewer, key)
    if found is None:
        raise refuse_unknown("place", key)
    return found


def find_place(viewer: Viewer, key: str) -> Place | None:
    """Return a place, or None."""
    return next(iter(_places(records.Place.objects.filter(pk=key))), None)


def _places(rows: QuerySet[records.Place]) -> list[Place]:
    found = list(rows)
    codes = codes_by_key("place", [row.key for row in found] if len(found) <= FEW else None)
    return [
        Place(
            row.key, row.name, row.country, row.level, row.parent_id or "", codes.get(row.key, ()), row.latitude,
            row.longitude, row.valid_from,
        )
        for row in found
    ]  # fmt: skip
