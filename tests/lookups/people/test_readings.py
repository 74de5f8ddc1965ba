"""Who read whom: it goes with the person, whatever becomes of the household, and nothing that is shown stays unwritten."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from evenhand_cast import let_it_be
from evenhand_register import DATABASES, MEMBERS, Register, people_rows

from evenhand.actions.people.households import (
    correct_record,
    erase_record,
    merge_households,
    merge_persons,
    split_household,
)
from evenhand.errors import ActionRefused, NameUnknown
from evenhand.lookups.people.households import find_households, read_history, read_household, read_readings
from evenhand.lookups.people.reading import readings_of
from evenhand.people.models import Household, ReadLine, Reason
from evenhand.people.reasons import line_of_reading, reasons_of

pytestmark = pytest.mark.django_db(databases=DATABASES)


def look(register: Register, household: str, why: str, who: str = "registrar-tcd") -> None:
    read_household(register.cast.viewers[who], household, "food", why)


def whys(household: str, person: str | None = None) -> set[str]:
    return {one.why for one in readings_of(household) if person is None or one.person == person}


def test_who_moved_to_another_household_sees_who_read_them_before(register: Register) -> None:
    one, two = register.household(), register.household()
    look(register, one.ref, "before")
    merge_households(register(), household=one.ref, into=two.ref)
    assert whys(two.ref, one.facts["persons"][0]) == {"before"}
    assert whys(two.ref, "") == {"before"}  # the household that they were is theirs too


def test_who_left_takes_along_who_read_them(register: Register) -> None:
    done = register.household()
    zenaba, idriss = done.facts["persons"]
    look(register, done.ref, "together")
    apart = split_household(register(), household=done.ref, persons=[idriss], head=idriss)
    look(register, apart.ref, "a shelter")
    assert whys(done.ref) == {"together"}
    assert {one.person for one in readings_of(done.ref)} == {"", zenaba}
    assert whys(apart.ref, idriss) == {"together", "a shelter"}


def test_who_read_a_record_that_was_taken_for_another_is_told_to_who_stays(register: Register) -> None:
    one, two = register.household(), register.household()
    gone, kept = one.facts["persons"][1], two.facts["persons"][1]
    look(register, one.ref, "the twin")
    merge_persons(register(), person=gone, into=kept)
    assert whys(two.ref, gone) == {"the twin"}
    assert gone not in {line.person for line in readings_of(one.ref)}


def test_what_a_search_showed_of_a_head_goes_with_them(register: Register) -> None:
    one, two = register.household(), register.household(MEMBERS[1] | {"relation": "head"})
    find_households(register.cast.viewers["registrar-tcd"], register.registration, phone="66123456", why="lost card")
    merge_households(register(), household=one.ref, into=two.ref)
    assert whys(two.ref, one.facts["persons"][0]) == {"lost card"}


def test_readings_are_told_page_by_page(register: Register) -> None:
    done = register.household(MEMBERS[0])
    for number in range(4):
        look(register, done.ref, f"look {number}")
    everything = readings_of(done.ref)
    pages, after = [], 0
    while page := readings_of(done.ref, after=after, most=3):
        pages += page
        after = page[-1].number
    assert pages == everything
    assert len(everything) == 8
    viewer = register.cast.viewers["registrar-tcd"]
    assert read_readings(viewer, done.ref, "food", after=everything[3].number) == everything[4:]


def test_what_a_field_was_is_on_record_before_it_is_shown(register: Register) -> None:
    done = register.household(household={"address": "Block 4"})
    zenaba = done.facts["persons"][0]
    correct_record(register(), record=zenaba, fields={"phone": ""})
    correct_record(register(), record=done.ref, fields={"address": ""})
    read_history(register.cast.viewers["registrar-tcd"], done.ref, "food", "what was it")
    why = reasons_of(line_of_reading(one.pk) for one in ReadLine.objects.all())
    lines = {
        (one.person, tuple(one.fields))
        for one in ReadLine.objects.all()
        if why.get(line_of_reading(one.pk)) == "what was it"
    }
    assert (zenaba, ("phone",)) in lines
    assert ("", ("address",)) in lines


def test_a_history_that_cannot_be_put_on_record_is_not_shown(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = register.household()
    correct_record(register(), record=done.facts["persons"][0], fields={"phone": ""})
    real, said = ReadLine.objects.bulk_create, []

    def fail_later(rows: Any, *given: Any, **more: Any) -> Any:
        said.append(rows)
        if len(said) > 1:
            raise OSError("the disk is full")
        return real(rows, *given, **more)

    monkeypatch.setattr(ReadLine.objects, "bulk_create", fail_later)
    with pytest.raises(OSError, match="full"):
        read_history(register.cast.viewers["registrar-tcd"], done.ref, "food")


def test_nobody_is_read_after_the_last_day(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    done = register.household()
    viewer = register.cast.viewers["registrar-tcd"]
    let_it_be(monkeypatch, date(2027, 3, 1))
    assert read_household(viewer, done.ref, "food").ref == done.ref
    let_it_be(monkeypatch, date(2027, 3, 2))
    before = people_rows()
    for look_at in (
        lambda: read_household(viewer, done.ref, "food"),
        lambda: read_history(viewer, done.ref, "food"),
        lambda: read_readings(viewer, done.ref, "food"),
        lambda: find_households(viewer, register.registration, phone="66123456"),
    ):
        with pytest.raises(ActionRefused, match=r"2027-03-01.*erased"):
            look_at()
    assert people_rows() == before


def test_a_site_of_another_state_reads_nobody(register: Register) -> None:
    done = register.household()
    Household.objects.filter(pk=done.ref).update(site="KEN")  # whatever put it there
    viewer = register.cast.viewers["registrar-ken"]
    with pytest.raises(NameUnknown):
        read_household(viewer, done.ref, "food")
    assert find_households(viewer, register.registration, phone="66123456") == []


def test_why_somebody_read_stands_in_no_column_in_clear_and_goes_with_the_person(register: Register) -> None:
    done = register.household()
    zenaba = done.facts["persons"][0]
    look(register, done.ref, "Canaryname asked us")
    assert "Canaryname" not in repr(people_rows())
    assert {one.why for one in readings_of(done.ref)} == {"Canaryname asked us"}
    erase_record(register(), record=done.ref)
    assert not Reason.objects.filter(record=zenaba).exists()
    assert {one.why for one in readings_of(done.ref)} == {""}
