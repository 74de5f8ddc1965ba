"""What the rule of an entitlement comes to for households: persons counted, base units added up; no field is shown to anybody.

Used by giving out, by the lists of devices and by the roll-up. Whoever shows what it reads of one household writes that down first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from evenhand.people.entitlements import needed_fields, picked, read_selectors, read_terms, shares_of
from evenhand.people.models import Distribution, Entitlement, GiftPerson, Household, Person
from evenhand.people.opening import sealer
from evenhand.records.models import Resource
from evenhand.records.quantities import read_quantity


@dataclass(frozen=True, slots=True)
class HouseholdShare:
    """Hold how many of a household are counted, the household's share in base units of the resource, and who they are, by ref."""

    persons: int
    quantity: int
    refs: tuple[str, ...]


def shares_by_household(
    entitlement: Entitlement,
    households: QuerySet[Household],
    on: date,
    only: str = "",
    covered: frozenset[str] = frozenset(),
) -> dict[str, HouseholdShare]:
    """Return the share of every household in which somebody is present, by ref; ages are those of a day.

    Parameters
    ----------
    only
        Whose share it is ("under 5; pregnant"); households in which nobody is picked are left out.
    covered
        For whom it was given already: they are not counted, nor is what their household has as such.
    """
    lock, terms = sealer(), read_terms(entitlement.terms)
    selectors = read_selectors(only) if only.strip() else []
    what, fields = Resource.objects.get(pk=entitlement.resource), needed_fields([*terms, *selectors])
    amounts = {one: read_quantity(what, one.amount, one.unit).base_units for one in terms}
    members: dict[str, dict[str, Mapping[str, str]]] = {}
    begun: set[str] = set()
    for person in Person.objects.filter(household__in=households, state="present").order_by("pk").iterator():
        if person.ref in covered:
            begun.add(person.household_id)
            continue
        boxes = {field: box for field, box in person.boxes.items() if field in fields}
        members.setdefault(person.household_id, {})[person.ref] = lock.open_all(person.ref, boxes)
    found = {}
    for ref, persons in members.items():
        counted = picked(selectors, list(persons.values()), on) if selectors else list(persons.values())
        if counted:
            mine = [one for one in terms if not (one.of_household and ref in begun)]
            total = sum(amounts[one.term] * one.times for one in shares_of(mine, counted, on))
            found[ref] = HouseholdShare(len(counted), total, tuple(persons))
    return found


def covered_persons(row: Distribution, household: Household | None = None) -> frozenset[str]:
    """Return for whom a distribution's entitlement was given already in its days, at any site; of one household, or of all.

    A record that was merged into another counts as that one.
    """
    given = GiftPerson.objects.filter(
        gift__state="given", gift__distribution__entitlement=row.entitlement_id,
        gift__distribution__first_day__lte=row.last_day, gift__distribution__last_day__gte=row.first_day,
    )  # fmt: skip
    if household is None:
        into = dict(
            Person.objects.filter(state="merged", household__registration=row.entitlement.registration_id).values_list(
                "pk", "merged_into"
            )
        )
        return frozenset(_last(ref, into) for ref in given.values_list("person", flat=True).iterator())
    into = {}
    edge = list(household.persons.filter(state="present").values_list("pk", flat=True))
    while edge:
        more = dict(Person.objects.filter(merged_into__in=edge).values_list("pk", "merged_into"))
        into |= more
        edge = list(more)
    refs = {*household.persons.values_list("pk", flat=True), *into}
    return frozenset(_last(ref, into) for ref in given.filter(person__in=refs).values_list("person", flat=True))


def _last(ref: str, into: Mapping[str, str | None]) -> str:
    seen = {ref}
    while (following := into.get(ref)) and following not in seen:
        ref = following
        seen.add(ref)
    return ref


def fields_read(entitlement: Entitlement) -> tuple[str, ...]:
    """Return the fields of persons that working out an entitlement reads."""
    return tuple(sorted(needed_fields(read_terms(entitlement.terms))))
