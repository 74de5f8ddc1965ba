"""Parties: who needs, gives and carries. A public list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from django.db.models import Q, QuerySet

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import (
    DayChoice,
    GroupChoice,
    PartyChoice,
    codes_by_key,
    expect,
    of_group,
    of_party,
    one_of,
    refuse_unknown,
    split,
)
from evenhand.lookups.paging import (
    AfterChoice,
    By,
    MostChoice,
    OrderChoice,
    Orders,
    SearchChoice,
    page_of_rows,
)
from evenhand.lookups.reach import today
from evenhand.lookups.searching import coded, holds, words_of
from evenhand.records import models as records
from evenhand.records.tree import groups_of, parties_above

STATES = ("active", "retired")
FEW = 500
"""So many rows have their codes looked up by key; for more, all codes are read in one go."""

ORDERS = Orders(
    {"key": By("key"), "name": By("name"), "kind": By("kind"), "place": By("place_id", "place", empty="")},
    default="key",
    key=By("key"),
)


@dataclass(frozen=True, slots=True)
class Party:
    """Hold one party.

    Attributes
    ----------
    parent
        The key of the party above it, "" where there is none.
    handles
        What it can handle, such as "ultra-cold".
    codes
        `scheme:code` for each code that somebody's list gives it.
    """

    key: str
    name: str
    kind: str
    parent: str
    place: str
    handles: tuple[str, ...]
    codes: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    retired_on: date | None

    orders: ClassVar[Orders] = ORDERS


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold where a party stands: the parties above it, nearest first, those right below, and its groups on a day."""

    above: tuple[str, ...]
    below: tuple[str, ...]
    groups: tuple[str, ...]


def list_parties(
    viewer: Viewer,
    *,
    party: PartyChoice = "",
    group: GroupChoice = "",
    kind: Annotated[str, "state, organisation, facility, team or company"] = "",
    place: Annotated[str, "only at this place"] = "",
    state: Annotated[str, "active or retired, on the day"] = "",
    day: DayChoice = None,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Party]:
    """Return the parties, by key or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such party, group or place.
    OptionRefused
        There is no such kind, state or order; the cursor is of another list.
    """
    chosen = _chosen(party, group, kind, place, state, day, search)
    return _parties(page_of_rows(chosen, ORDERS, order, after, most))


def count_parties(
    viewer: Viewer,
    *,
    party: PartyChoice = "",
    group: GroupChoice = "",
    kind: str = "",
    place: str = "",
    state: str = "",
    day: DayChoice = None,
    search: SearchChoice = "",
) -> int:
    """Return how many parties `list_parties` would list; refuses what that refuses."""
    return _chosen(party, group, kind, place, state, day, search).count()


def _chosen(
    party: str, group: str, kind: str, place: str, state: str, day: date | None, search: str
) -> QuerySet[records.Party]:
    one_of("kind of party", kind, records.Party.KINDS)
    one_of("state of a party", state, STATES)
    chosen = records.Party.objects.filter(of_party(party, "key"), of_group(group, day, "key"))
    if kind:
        chosen = chosen.filter(kind=kind)
    if place:
        expect("place", place)
        chosen = chosen.filter(place=place)
    if state:
        retired = Q(retired_on__lte=day or today())
        chosen = chosen.filter(retired if state == "retired" else ~retired | Q(retired_on=None))
    for word in words_of(search):
        chosen = chosen.filter(holds(word, "key", "name") | coded("party", word))
    return chosen


def get_party(viewer: Viewer, key: Annotated[str, "the party's key, such as TCD"]) -> Party:
    """Return a party. Raises NameUnknown, with the nearest key."""
    found = find_party(viewer, key)
    if found is None:
        raise refuse_unknown("party", key)
    return found


def find_party(viewer: Viewer, key: str) -> Party | None:
    """Return a party, or None."""
    return next(iter(_parties(records.Party.objects.filter(pk=key))), None)


def get_standing(viewer: Viewer, key: str, *, day: DayChoice = None) -> Standing:
    """Return where a party stands on a day. Raises NameUnknown."""
    row = records.Party.objects.filter(pk=key).first()
    if row is None:
        raise refuse_unknown("party", key)
    line = parties_above(row)
    children = records.Party.objects.filter(parent=key).order_by("key").values_list("key", flat=True)
    return Standing(line[1:], tuple(children), groups_of(line, day or today()))


def _parties(rows: QuerySet[records.Party]) -> list[Party]:
    found = list(rows)
    codes = codes_by_key("party", [row.key for row in found] if len(found) <= FEW else None)
    return [
        Party(
            row.key, row.name, row.kind, row.parent_id or "", row.place_id or "", split(row.handles),
            codes.get(row.key, ()), row.latitude, row.longitude, row.retired_on,
        )
        for row in found
    ]  # fmt: skip
