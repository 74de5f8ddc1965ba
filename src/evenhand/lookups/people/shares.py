"""What the rule of an entitlement comes to for households: persons counted, base units added up; no field is shown to anybody.

Used by giving out, by the lists of devices and by the roll-up. Whoever shows what it reads of one household writes that down first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from evenhand.people.entitlements import needed_fields, picked, read_selectors, read_terms, shares_of
from evenhand.people.models import Entitlement, Household, Person
from evenhand.people.opening import sealer
from evenhand.records.models import Resource
from evenhand.records.quantities import read_quantity


@dataclass(frozen=True, slots=True)
class HouseholdShare:
    """Hold how many of a household are present, and its share in base units of the resource."""

    persons: int
    quantity: int


def shares_by_household(
    entitlement: Entitlement, households: QuerySet[Household], on: date, only: str = ""
) -> dict[str, HouseholdShare]:
    """Return the share of every household in which somebody is present, by ref; ages are those of a day.

    `only` picks whose share it is ("under 5; pregnant"); those in which nobody is picked are left out.
    """
    lock, terms = sealer(), read_terms(entitlement.terms)
    selectors = read_selectors(only) if only.strip() else []
    what, fields = Resource.objects.get(pk=entitlement.resource), needed_fields([*terms, *selectors])
    amounts = {one: read_quantity(what, one.amount, one.unit).base_units for one in terms}
    members: dict[str, list[Mapping[str, str]]] = {}
    for person in Person.objects.filter(household__in=households, state="present").iterator():
        boxes = {field: box for field, box in person.boxes.items() if field in fields}
        members.setdefault(person.household_id, []).append(lock.open_all(person.ref, boxes))
    if selectors:
        members = {ref: some for ref, all_ in members.items() if (some := picked(selectors, all_, on))}
    return {
        ref: HouseholdShare(len(persons), sum(amounts[one.term] * one.times for one in shares_of(terms, persons, on)))
        for ref, persons in members.items()
    }


def fields_read(entitlement: Entitlement) -> tuple[str, ...]:
    """Return the fields of persons that working out an entitlement reads."""
    return tuple(sorted(needed_fields(read_terms(entitlement.terms))))
