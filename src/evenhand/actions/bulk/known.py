"""What an import compares its rows with: the keys, units and memberships there are, each loaded once and as columns.

Used by every register's check. Reads only, and only what is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl
from django.db import connection

from evenhand.access.viewers import Target
from evenhand.records.models import Group, Membership, Programme, Resource
from evenhand.records.tree import COUNTED, DEEPEST

AT_ONCE = 10_000
PARTY_COLUMNS = ("key", "name", "kind", "parent_id", "place_id", "handles", "latitude", "longitude", "retired_on")
PLACE_COLUMNS = ("key", "name", "country", "level", "parent_id", "latitude", "longitude", "valid_from")
TYPES: dict[str, Any] = {
    "latitude": pl.Float64, "longitude": pl.Float64, "level": pl.Int64, "quantity": pl.Int64, "balance": pl.Int64,
}  # fmt: skip


def load(table: str, columns: Iterable[str], where: str = "", given: Iterable[Any] = ()) -> pl.DataFrame:
    """Return columns of a table; everything that is no number is text."""
    names = list(columns)
    parts = []
    schema = {name: TYPES.get(name, pl.String) for name in names}
    quoted = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {table} {where}", list(given))  # noqa: S608 -- names of our own
        while rows := cursor.fetchmany(AT_ONCE):
            plain = [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in rows]
            parts.append(pl.DataFrame(plain, schema=schema, orient="row"))
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def in_chunks(values: Iterable[Any], size: int = 500) -> Iterator[list[Any]]:
    """Return values in lists that one statement can hold."""
    every = list(values)
    for start in range(0, len(every), size):
        yield every[start : start + size]


class Known:
    """Hold what there is on a day, loaded when first asked for."""

    def __init__(self, today: date) -> None:
        self.today = today

    @cached_property
    def parties(self) -> pl.DataFrame:
        """Return every party."""
        return load("records_party", PARTY_COLUMNS)

    @cached_property
    def places(self) -> pl.DataFrame:
        """Return every place."""
        return load("records_place", PLACE_COLUMNS)

    @cached_property
    def resources(self) -> dict[str, Resource]:
        """Return every resource by its key."""
        return Resource.objects.in_bulk()

    @cached_property
    def units(self) -> pl.DataFrame:
        """Return resource, unit, size in base units, for every unit there is."""
        rows = [
            (one.key, unit, int(size))
            for one in self.resources.values()
            for unit, size in {**one.packs, one.base_unit: 1}.items()
        ]
        return pl.DataFrame(rows, schema={"resource": pl.String, "unit": pl.String, "size": pl.Int64}, orient="row")

    @cached_property
    def groups(self) -> pl.Series:
        """Return the key of every group."""
        return pl.Series("group", list(Group.objects.values_list("key", flat=True)), dtype=pl.String)

    @cached_property
    def programmes(self) -> pl.Series:
        """Return the ref of every programme."""
        return pl.Series("programme", list(Programme.objects.values_list("ref", flat=True)), dtype=pl.String)

    @cached_property
    def resource_keys(self) -> pl.Series:
        """Return the key of every resource."""
        return pl.Series("resource", list(self.resources), dtype=pl.String)

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """Return party → the party above it."""
        return dict(zip(self.parties["key"].to_list(), self.parties["parent_id"].to_list(), strict=True))

    @cached_property
    def groups_by_party(self) -> dict[str, set[str]]:
        """Return party → the groups that it is one of today."""
        day = self.today.isoformat()
        found: dict[str, set[str]] = {}
        rows = Membership.objects.filter(status__in=COUNTED).values_list("party", "group", "since", "until")
        for party, group, since, until in rows:
            if since[:10] <= day and (not until or until >= day[: len(until)]):
                found.setdefault(party, set()).add(group)
        return found

    def target(self, party: str) -> Target:
        """Return what a right over a party is asked about, as `records.tree.target_of` does."""
        chain: list[str] = []
        one: str | None = party
        while one is not None and len(chain) < DEEPEST:
            chain.append(one)
            one = self.parents.get(one)
        groups = set().union(*(self.groups_by_party.get(key, set()) for key in chain))
        return Target(tuple(chain), tuple(sorted(groups)))
