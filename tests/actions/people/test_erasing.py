"""Erasing: whatever was merged before, nothing of who is erased stays behind, and it is always possible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from evenhand_register import DATABASES, MEMBERS, Register

from evenhand.actions.people import households as acts
from evenhand.actions.people.sealed import forget
from evenhand.people.models import BlindIndex, Correction, Household, Person

pytestmark = pytest.mark.django_db(databases=DATABASES)
HELD = {"address": "Block 4, tent 17", "contact_phone": "66 00 11 22", "note": "the well"}


def nothing_is_held(*refs: str) -> None:
    """Expect that nothing stands behind these refs."""
    for ref in refs:
        row: Any = (Household if ref.startswith("HH") else Person).objects.get(pk=ref)
        assert (row.state, row.boxes) == ("erased", {}), ref
    assert not BlindIndex.objects.filter(record__in=refs).exists()
    assert not Correction.objects.filter(record__in=refs).exists()


def test_a_household_that_was_merged_into_the_erased_one_is_erased_with_it(register: Register) -> None:
    first, second, third, other = (register.household(household=HELD) for _ in range(4))
    acts.correct_record(register(), record=first.ref, fields={"address": "Block 5"})
    acts.merge_households(register(), household=first.ref, into=second.ref)
    acts.merge_households(register(), household=second.ref, into=third.ref)
    acts.erase_record(register(), record=third.ref)
    nothing_is_held(first.ref, second.ref, third.ref, *first.facts["persons"], *third.facts["persons"])
    assert Household.objects.get(pk=other.ref).boxes.keys() == HELD.keys()


def test_a_household_whose_last_person_is_erased_is_erased(register: Register) -> None:
    done, before = register.household(household=HELD), register.household(household=HELD)
    zenaba, idriss = done.facts["persons"]
    acts.merge_households(register(), household=before.ref, into=done.ref)
    for ref in (idriss, *before.facts["persons"]):
        acts.erase_record(register(), record=ref)
    assert Household.objects.get(pk=done.ref).boxes.keys() == HELD.keys()
    acts.erase_record(register(), record=zenaba)
    nothing_is_held(done.ref, before.ref, zenaba)


def test_a_household_in_which_somebody_else_is_held_keeps_what_is_theirs(register: Register) -> None:
    done = register.household(household=HELD)
    zenaba, idriss = done.facts["persons"]
    acts.follow_person(register(), person=idriss, state="departed")
    acts.erase_record(register(), record=zenaba)
    row = Household.objects.get()
    assert (row.state, row.boxes.keys()) == ("departed", HELD.keys())


def test_who_is_left_with_merged_records_alone_is_erased_with_the_household(register: Register) -> None:
    done, other = register.household(household=HELD), register.household()
    zenaba, idriss = done.facts["persons"]
    acts.merge_persons(register(), person=idriss, into=other.facts["persons"][1])
    acts.erase_record(register(), record=zenaba)
    nothing_is_held(done.ref, zenaba)
    acts.erase_record(register(), record=other.facts["persons"][1])
    nothing_is_held(idriss)


@pytest.mark.parametrize("which", ["merged", "kept", "household that was merged", "household that stays"])
def test_a_record_that_was_merged_can_be_erased(register: Register, which: str) -> None:
    one, two = register.household(MEMBERS[0], household=HELD), register.household(household=HELD)
    (gone,), (zenaba, idriss) = one.facts["persons"], two.facts["persons"]
    acts.merge_persons(register(), person=gone, into=idriss)
    record = {"merged": gone, "kept": idriss, "household that was merged": one.ref}.get(which, two.ref)
    acts.erase_record(register(), record=record)
    nothing_is_held(one.ref, gone)
    assert Household.objects.get(pk=one.ref).merged_into is None
    assert Person.objects.get(pk=zenaba).state == ("erased" if record == two.ref else "present")


def test_a_merged_household_still_leads_to_the_one_that_stays_while_others_of_it_are_held(register: Register) -> None:
    one, two = register.household(), register.household()
    for gone, kept in zip(reversed(one.facts["persons"]), reversed(two.facts["persons"]), strict=True):
        acts.merge_persons(register(), person=gone, into=kept)
    acts.erase_record(register(), record=two.facts["persons"][1])
    row = Household.objects.get(pk=one.ref)
    assert (row.state, row.merged_into_id) == ("merged", two.ref)
    nothing_is_held(one.facts["persons"][1])


def test_everything_of_a_registration_goes_whatever_was_merged(register: Register) -> None:
    one, two, three = (register.household(household=HELD) for _ in range(3))
    acts.merge_households(register(), household=one.ref, into=two.ref)
    acts.merge_persons(register(), person=three.facts["persons"][1], into=two.facts["persons"][0])
    later = register(at=datetime(2027, 3, 2, tzinfo=UTC))
    done = acts.erase_expired(later, registration=register.registration)
    assert (done.facts["households"], done.facts["persons"]) == (3, 6)
    nothing_is_held(*(ref for one in (one, two, three) for ref in (one.ref, *one.facts["persons"])))


def test_however_many_are_erased_no_question_to_the_database_names_more_than_some(register: Register) -> None:
    from django.db import connections

    asked: list[int] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(len(params or ()))
        return execute(sql, params, many, context)

    with connections["people"].execute_wrapper(count):
        forget(f"PN-{number:010}" for number in range(1_201))
    assert sum(asked) >= 2 * 1_201
    assert max(asked) <= 1_000  # one question names a part twice
