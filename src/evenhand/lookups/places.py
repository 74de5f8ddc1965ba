"""Places: countries, districts and sites. A public list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from django.db.models import QuerySet

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import codes_by_key, expect, refuse_unknown
from evenhand.records import models as records


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


def list_places(
    viewer: Viewer,
    *,
    country: Annotated[str, "only in this country, by ISO 3166 alpha-3"] = "",
    parent: Annotated[str, "only right below this place"] = "",
    level: Annotated[int | None, "0 for countries, 1 for what they are divided into, and so on"] = None,
) -> list[Place]:
    """Return the places, by key.

    Raises
    ------
    NameUnknown
        There is no such country or parent.
    """
    chosen = records.Place.objects.all()
    if country:
        expect("place", country)
        chosen = chosen.filter(country=country)
    if parent:
        expect("place", parent)
        chosen = chosen.filter(parent=parent)
    if level is not None:
        chosen = chosen.filter(level=level)
    return _places(chosen, codes_by_key("place", None))


def get_place(viewer: Viewer, key: Annotated[str, "ISO 3166 alpha-3 or a p-code"]) -> Place:
    """Return a place. Raises NameUnknown, with the nearest key."""
    found = find_place(viewer, key)
    if found is None:
        raise refuse_unknown("place", key)
    return found


def find_place(viewer: Viewer, key: str) -> Place | None:
    """Return a place, or None."""
    return next(iter(_places(records.Place.objects.filter(pk=key), codes_by_key("place", [key]))), None)


def _places(rows: QuerySet[records.Place], codes: dict[str, tuple[str, ...]]) -> list[Place]:
    return [
        Place(
            row.key, row.name, row.country, row.level, row.parent_id or "", codes.get(row.key, ()), row.latitude,
            row.longitude, row.valid_from,
        )
        for row in rows.order_by("key")
    ]  # fmt: skip
