"""Actions on places: register one by its ISO 3166 code or p-code.

Thousands of places come by import; this is for the one that a list forgot.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from evenhand.access.rights import shared_list
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import get_place
from evenhand.actions.typed import read_codes, read_degrees, read_key, read_line, stands_already
from evenhand.errors import ActionRefused
from evenhand.records.models import Code, Party, Place
from evenhand.records.tree import target_of

DEEPEST_LEVEL = 5
"""Level 0 is a country; p-codes go down to 4, and 5 is a site."""


@action("place register")
def register_place(
    doing: Doing,
    *,
    key: Annotated[str, "ISO 3166 alpha-3 of a country, or the p-code"],
    name: Annotated[str, "its name"],
    country: Annotated[str, "the key of the country it is in, such as TCD; its own key for a country"],
    level: Annotated[int, "0 for a country, 1 to 4 for the levels below it, 5 for a site"] = 0,
    parent: Annotated[str, "the key of the place it is in, one or more levels up"] = "",
    codes: Annotated[str, "its codes in other lists, as scheme:code separated by ';'"] = "",
    latitude: Annotated[str, "degrees north, such as 8.57"] = "",
    longitude: Annotated[str, "degrees east, such as 17.92"] = "",
    valid_from: Annotated[date | None, "the day from which the list that names it is valid"] = None,
) -> Done:
    """Register a place. The same one again changes nothing; another one under the same key is refused."""
    state = Party.objects.filter(pk=country, kind="state").first()
    doing.require(target_of(state, doing.today) if state else shared_list(doing.viewer))
    above = get_place(parent) if parent else None
    alike = Place.objects.filter(key__iexact=key).exclude(key=key).values_list("key", flat=True)
    place = Place(
        key=read_key("place", key, alike),
        name=read_line("name of the place", name, most=200),
        country=country,
        level=level,
        parent=above,
        valid_from=valid_from,
    )
    place.latitude, place.longitude = read_degrees(latitude, longitude)
    _refuse_misplaced(place, above)
    known = read_codes("place", place.key, codes)
    if stands_already("place", Place.objects.filter(pk=place.key).first(), place, known):
        return doing.done(place.key, there_already=True)
    place.save(force_insert=True)
    Code.objects.bulk_create(known)
    return doing.done(place.key)


def _refuse_misplaced(place: Place, above: Place | None) -> None:
    if not 0 <= place.level <= DEEPEST_LEVEL:
        raise ActionRefused(f"there is no level {place.level}; a country is 0, the levels below it 1 to 4, a site 5")
    if place.level == 0:
        if place.country != place.key or len(place.key) != 3 or not place.key.isupper() or above is not None:
            raise ActionRefused(
                f"{place.key} at level 0 is a country: its key is its ISO 3166 alpha-3 code, such as TCD, its country "
                "is itself, and it is in no other place. Give the level of what is not a country"
            )
        return
    get_place(place.country)
    if above is not None and (above.country != place.country or above.level >= place.level):
        raise ActionRefused(
            f"{place.key} (level {place.level} in {place.country}) cannot be in {above.key} (level {above.level} in "
            f"{above.country}); name a place of the same country, higher up"
        )
