"""What goes when somebody is erased: every record that was taken for them, every household that is left with nobody.

Called by the actions on households, under the write lock. It keeps rows and refs, and nothing behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evenhand.actions.people.evacuation.holding import forget_evacuations
from evenhand.actions.people.sealed import forget
from evenhand.lookups.people.merged import with_merged
from evenhand.people.models import Household, Person
from evenhand.people.parts import in_parts


def erase_with_all(persons: Iterable[str], households: Iterable[str]) -> tuple[list[str], list[str]]:
    """Erase persons and households with whatever was merged into them; return the refs of both that were erased.

    A household in which nobody else is held goes with its last person. One in which others are held is counted on.
    """
    persons = with_merged(Person, persons)
    asked = list(households)
    erase_refs(persons, ())  # first, so that it shows who is left
    left = list(_households_of(persons, asked))
    empty = [one.ref for one in left if one.state == "erased"]
    erased = with_merged(Household, [*asked, *empty])
    erase_refs((), erased)
    for one in left:
        if one.ref not in erased:
            one.number += 1
            one.save()
    return persons, erased


def erase_refs(persons: Sequence[str], households: Sequence[str]) -> None:
    """Empty the boxes of these records, and delete what finds them and what their fields were."""
    for part in in_parts(persons):
        Person.objects.filter(pk__in=part).update(boxes={}, state="erased")
    for part in in_parts(households):
        Household.objects.filter(pk__in=part).update(boxes={}, state="erased", merged_into=None)
    forget([*persons, *households])
    forget_evacuations(persons)


def _state_without(household: Household) -> str:
    """Return the state of a household some of whose persons were erased.

    One that was merged leads to the one that stays, as long as a record of it is held.
    """
    states = set(household.persons.values_list("state", flat=True))
    if "present" in states:
        return "present"
    if states - {"merged", "erased"}:
        return "departed"
    return "merged" if household.state == "merged" and "merged" in states else "erased"


def _households_of(persons: Iterable[str], asked: Sequence[str]) -> Iterable[Household]:
    """Return the households of persons who were erased, beside those that are erased anyway, each with its new state."""
    refs: set[str] = set()
    for part in in_parts(persons):
        refs |= set(Person.objects.filter(pk__in=part).values_list("household_id", flat=True))
    for part in in_parts(sorted(refs - set(asked))):
        for one in Household.objects.filter(pk__in=part).exclude(state="erased"):
            one.state = _state_without(one)
            one.merged_into = one.merged_into if one.state == "merged" else None
            yield one
