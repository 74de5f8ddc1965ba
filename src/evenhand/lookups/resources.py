"""Resources: what can be needed or given, with units, packs, parts and family. A public list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from django.db.models import Q, QuerySet

from evenhand.access.viewers import Viewer
from evenhand.ledger.stages import KINDS
from evenhand.lookups.choosing import ResourceChoice, codes_by_key, expect, one_of, refuse_unknown, split
from evenhand.records import models as records


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


def list_resources(
    viewer: Viewer,
    *,
    resource: ResourceChoice = "",
    kind: Annotated[str, "goods, money, service, capacity or structure"] = "",
) -> list[Resource]:
    """Return the resources, by key.

    Raises
    ------
    NameUnknown
        There is no such resource.
    OptionRefused
        There is no such kind.
    """
    one_of("kind of resource", kind, KINDS)
    chosen = records.Resource.objects.all()
    if resource:
        expect("resource", resource)
        chosen = chosen.filter(Q(pk=resource) | Q(family=resource))
    return _resources(chosen.filter(kind=kind) if kind else chosen, codes_by_key("resource", None))


def get_resource(viewer: Viewer, key: Annotated[str, "the resource's key"]) -> Resource:
    """Return a resource. Raises NameUnknown, with the nearest key."""
    found = find_resource(viewer, key)
    if found is None:
        raise refuse_unknown("resource", key)
    return found


def find_resource(viewer: Viewer, key: str) -> Resource | None:
    """Return a resource, or None."""
    return next(iter(_resources(records.Resource.objects.filter(pk=key), codes_by_key("resource", [key]))), None)


def _resources(rows: QuerySet[records.Resource], codes: dict[str, tuple[str, ...]]) -> list[Resource]:
    return [
        Resource(
            row.key, row.name, row.name_fr, row.kind, row.family_id or "", row.base_unit, dict(row.packs),
            dict(row.parts), row.per_person, split(row.requires), codes.get(row.key, ()), row.note,
        )
        for row in rows.order_by("key")
    ]  # fmt: skip
