"""Which records were taken for one of these. Asked before erasing, and when people are told who read them. Reads only."""

from __future__ import annotations

from collections.abc import Iterable

from evenhand.people.models import Household, Person
from evenhand.people.parts import in_parts


def with_merged(model: type[Household | Person], refs: Iterable[str]) -> list[str]:
    """Return records with those that were merged into one of these, and into one of those."""
    found = dict.fromkeys(refs)
    edge = list(found)
    while edge:
        rows = [model._default_manager.filter(merged_into__in=part).order_by("pk") for part in in_parts(edge)]
        edge = [ref for some in rows for ref in some.values_list("pk", flat=True) if ref not in found]
        found |= dict.fromkeys(edge)
    return list(found)
