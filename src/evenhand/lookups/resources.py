"""Resources: what can be needed or given, with units, packs, parts and family. A public list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from django.db.models import Q, QuerySet

from evenhand.access.viewers import Viewer
from evenhand.ledger.stages import KINDS
from evenhand.lookups.choosing import ResourceChoice, codes_by_key, expect, one_of, refuse_unknown, split
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
from evenhand.lookups.version import of_this_version
from evenhand.records import models as records

ORDERS = Orders(
    {"key": By("key"), "name": By("name"), "kind": By("kind"), "family": By("family_id", "family", empty="")},
    default="key",
    key=By("key"),
)
FEW = 500
"""So many rows have their codes looked up by key; for more, all codes are read in one go."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Hold one resource.

    Attributes
    ----------
    packs
        Name of the pack → base units in it.
    parts
        For a kit: key of a resource → base units of it in one kit.
    per_person
        Base units that make one service unit, as decimal text.
    """

    key: str
    name: str
    name_fr: str
    kind: str
    family: str
    base_unit: str
    packs: Mapping[str, int]
    parts: Mapping[str, int]
    per_person: str
    requires: tuple[str, ...]
    codes: tuple[str, ...]
    note: str

    orders: ClassVar[Orders] = ORDERS


def list_resources(
    viewer: Viewer,
    *,
    resource: ResourceChoice = "",
    kind: Annotated[str, "goods, money, service, capacity or structure"] = "",
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Resource]:
    """Return the resources, by key or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such resource.
    OptionRefused
        There is no such kind or order; the cursor is of another list.
    """
    chosen = _chosen(resource, kind, search)
    if not (resource or kind or search or order or after) and most is None:
        return list(of_this_version("resources", lambda: _resources(page_of_rows(chosen, ORDERS, "", "", None))))
    return _resources(page_of_rows(chosen, ORDERS, order, after, most))


def count_resources(viewer: Viewer, *, resource: ResourceChoice = "", kind: str = "", search: SearchChoice = "") -> int:
    """Return how many resources `list_resources` would list; refuses what that refuses."""
    return _chosen(resource, kind, search).count()


def _chosen(resource: str, kind: str, search: str) -> QuerySet[records.Resource]:
    one_of("kind of resource", kind, KINDS)
    chosen = records.Resource.objects.all()
    if resource:
        expect("resource", resource)
        chosen = chosen.filter(Q(pk=resource) | Q(family=resource))
    for word in words_of(search):
        chosen = chosen.filter(holds(word, "key", "name", "name_fr") | coded("resource", word))
    return chosen.filter(kind=kind) if kind else chosen


def get_resource(viewer: Viewer, key: Annotated[str, "the resource's key"]) -> Resource:
    """Return a resource. Raises NameUnknown, with the nearest key."""
    found = find_resource(viewer, key)
    if found is None:
        raise refuse_unknown("resource", key)
    return found


def find_resource(viewer: Viewer, key: str) -> Resource | None:
    """Return a resource, or None."""
    return next(iter(_resources(records.Resource.objects.filter(pk=key))), None)


def _resources(rows: QuerySet[records.Resource]) -> list[Resource]:
    found = list(rows)
    codes = codes_by_key("resource", [row.key for row in found] if len(found) <= FEW else None)
    return [
        Resource(
            row.key, row.name, row.name_fr, row.kind, row.family_id or "", row.base_unit, dict(row.packs),
            dict(row.parts), row.per_person, split(row.requires), codes.get(row.key, ()), row.note,
        )
        for row in found
    ]  # fmt: skip
