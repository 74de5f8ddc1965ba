"""What a reader sees of a household: their fields, their places, their purpose; and that it is on record before it is shown."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_register import DATABASES, MEMBERS, Register, people_rows

from evenhand.access.viewers import PUBLIC
from evenhand.actions.people.households import correct_record, erase_record
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed, OptionRefused
from evenhand.lookups.people.counts import count_people, suppress_parts
from evenhand.lookups.people.households import find_households, read_history, read_household, read_readings
from evenhand.people.models import ReadLine
from evenhand.people.reasons import line_of_reading, reasons_of

pytestmark = pytest.mark.django_db(databases=DATABASES)
OTHERS = ("focal-tcd", "donor-ind", "auditor", "operator", "task-force", "board-aze")


def test_a_reader_sees_the_fields_of_the_role_and_is_on_record(register: Register) -> None:
    done = register.household(household={"address": "Block 4"})
    told = read_household(register.cast.viewers["registrar-tcd"], done.ref, "food", "ration card")
    assert told.fields == {"address": "Block 4"}
    assert told.persons[0].fields == {key: value for key, value in MEMBERS[0].items() if key != "condition"}
    assert [one.is_head for one in told.persons] == [True, False]
    worker = read_household(register.cast.viewers["nurse-tcd"], done.ref, "care")
    assert worker.persons[0].fields["condition"] == "pregnant"
    lines = list(ReadLine.objects.order_by("pk"))
    assert [(one.by, one.role, one.purpose, one.why) for one in lines[:1]] == [
        ("u-registrar-tcd", "registrar", "food", "")  # why stands sealed beside it
    ]
    assert reasons_of([line_of_reading(lines[0].pk)]) == {line_of_reading(lines[0].pk): "ration card"}
    assert {one.person for one in lines} == {"", *done.facts["persons"]}
    assert all("condition" not in one.fields for one in lines if one.role == "registrar")


def test_a_person_is_told_who_looked_at_what_and_why(register: Register) -> None:
    done = register.household()
    read_household(register.cast.viewers["nurse-tcd"], done.ref, "care", "vaccination")
    find_households(register.cast.viewers["registrar-tcd"], register.registration, phone="66123456", why="lost card")
    told = read_readings(register.cast.viewers["registrar-tcd"], done.ref, "food")
    assert {(one.by, one.purpose, one.why) for one in told} >= {
        ("u-nurse-tcd", "care", "vaccination"),
        ("u-registrar-tcd", "find", "lost card"),
    }
    assert told == sorted(told, key=lambda one: one.at, reverse=True)


def test_what_is_out_of_reach_is_as_if_it_were_not(register: Register) -> None:
    done = register.household()
    before = people_rows()
    sentences = set()
    for who, ref in (
        ("registrar-ken", done.ref),
        ("registrar-ken", "HH-0000000000"),
        ("registrar-tcd", "HH-0000000000"),
    ):
        with pytest.raises(NameUnknown) as caught:
            read_household(register.cast.viewers[who], ref, "food")
        sentences.add(str(caught.value).replace(ref, "?"))
    assert len(sentences) == 1
    assert find_households(register.cast.viewers["registrar-ken"], register.registration, phone="66123456") == []
    for who in OTHERS:
        for ref in (done.ref, "HH-0000000000"):
            with pytest.raises(NotAllowed):
                read_household(register.cast.viewers[who], ref, "food")
        with pytest.raises(NotAllowed):
            find_households(register.cast.viewers[who], register.registration, phone="66123456")
    with pytest.raises(NotAllowed):
        read_household(PUBLIC, done.ref, "food")
    assert people_rows() == before


def test_nobody_reads_for_what_the_registration_was_not_opened_for(register: Register) -> None:
    done = register.household()
    before = people_rows()
    for purpose in ("", "find", "war"):
        with pytest.raises(ActionRefused, match="care, food"):
            read_household(register.cast.viewers["registrar-tcd"], done.ref, purpose)
    assert people_rows() == before


def test_what_cannot_be_put_on_record_is_not_shown(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    done = register.household()

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(ReadLine.objects, "bulk_create", fail)
    for look in (
        lambda: read_household(register.cast.viewers["registrar-tcd"], done.ref, "food"),
        lambda: find_households(register.cast.viewers["registrar-tcd"], register.registration, phone="66123456"),
        lambda: read_history(register.cast.viewers["registrar-tcd"], done.ref, "food"),
    ):
        with pytest.raises(OSError, match="full"):
            look()


@pytest.mark.parametrize("sought", [
    {"name": "zenaba MAHAMAT  saleh"}, {"name": "Saleh Mahamat Zenaba"}, {"phone": "66123456"}, {"phone": "00235 66 12 34 56"},
    {"name": "Zenaba Mahamat Saleh", "phone": "66123456"}, {"name": "Idriss Mahamat Saleh"}, {"outside": "unhcr 12-345"},
])  # fmt: skip
def test_a_household_is_found_by_what_is_known_of_anybody_in_it(register: Register, sought: dict[str, str]) -> None:
    done = register.household({**MEMBERS[0], "outside": "UNHCR-12345"}, MEMBERS[1])
    register.household({**MEMBERS[0], "given_name": "Halima", "phone": "66999999"})
    (found,) = find_households(register.cast.viewers["registrar-tcd"], register.registration, **sought)
    assert (found.ref, found.size, found.head["given_name"]) == (done.ref, 2, "Zenaba")
    assert set(found.head) <= {"given_name", "family_name", "birth_year"}


def test_a_name_in_another_script_finds_too(register: Register) -> None:
    done = register.household({**MEMBERS[0], "other_name": "زينبة محمد صالح"})
    (found,) = find_households(register.cast.viewers["registrar-tcd"], register.registration, name="زَينبه محمّد صالح")
    assert found.ref == done.ref


@pytest.mark.parametrize("sought", [{}, {"name": " "}, {"name": "!?"}, {"phone": "x"}])
def test_a_search_for_nothing_is_refused(register: Register, sought: dict[str, str]) -> None:
    with pytest.raises(OptionRefused, match="say whom"):
        find_households(register.cast.viewers["registrar-tcd"], register.registration, **sought)


def test_history_is_read_like_anything_else_and_goes_with_the_record(register: Register) -> None:
    done = register.household()
    zenaba = done.facts["persons"][0]
    viewer = register.cast.viewers["registrar-tcd"]
    correct_record(register(reason="a new number"), record=zenaba, fields={"phone": "66 00 00 00", "condition": ""})
    assert [(one.field, one.value, one.reason) for one in read_history(viewer, done.ref, "food")] == [
        ("phone", "+235 66 12 34 56", "a new number")
    ]
    assert {one.field for one in read_history(register.cast.viewers["nurse-tcd"], done.ref, "care")} == {
        "phone",
        "condition",
    }
    erase_record(register(), record=done.ref)
    assert read_history(viewer, done.ref, "food") == []
    assert [one.fields for one in read_household(viewer, done.ref, "food").persons] == [{}, {}]
    assert find_households(viewer, register.registration, phone="66000000") == []


def test_counts_are_for_everybody_and_none_is_under_ten(register: Register) -> None:
    for _ in range(6):
        register.household()
    for _ in range(3):
        register.household(site="TCD-mandoul")
    for viewer in (PUBLIC, register.cast.viewers["donor-ind"]):
        (told,) = count_people(viewer)
        assert (told.households, told.persons) == (None, None)  # 18 of two sites would tell
        assert told.by_site == {"TCD-moissala": None, "TCD-mandoul": None}
    assert ReadLine.objects.count() == 0


@pytest.mark.parametrize(("parts", "told"), [
    ({}, {}), ({"a": 9}, {"a": None}), ({"a": 0, "b": 10}, {"a": 0, "b": 10}),
    ({"a": 50, "b": 3, "c": 20}, {"a": 50, "b": None, "c": None}), ({"a": 50, "b": 3, "c": 4}, {"a": None, "b": None, "c": None}),
])  # fmt: skip
def test_a_hidden_count_cannot_be_worked_out_from_its_total(parts: dict[str, int], told: dict[str, Any]) -> None:
    assert suppress_parts(parts) == told
