"""One person, one record: proposed with reasons, decided by a person, never proposed again, never merged by itself."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_register import DATABASES, MEMBERS, Register, nothing_changes, open_one, people_rows

from evenhand.actions.people.duplicates import decide_duplicate, propose_duplicates
from evenhand.actions.people.households import erase_record
from evenhand.errors import ActionRefused, EvenhandError, NameUnknown, NotAllowed, OptionRefused
from evenhand.lookups.people.clear import clear_table
from evenhand.lookups.people.duplicates import list_duplicates
from evenhand.people.models import Duplicate, Household, LearnedModel, Person, ReadLine

pytestmark = [pytest.mark.django_db(databases=DATABASES), pytest.mark.slow]  # learning takes seconds
OTHERS = (
    ("Halima", "Abdoulaye Hassan", "1975", "female"), ("Youssouf", "Brahim Ali", "1990", "male"), ("Rosa", "Diaz", "1971", "female"),
    ("Fatimé", "Oumar Djibrine", "1983", "female"), ("Adoum", "Moussa Khalil", "1965", "male"), ("Khadija", "Idriss Nour", "1999", "female"),
)  # fmt: skip


@pytest.fixture
def twice(register: Register) -> tuple[str, str]:
    """Zenaba registered twice, the second time as another officer heard it, among others; the refs of both records."""
    for given, family, year, sex in OTHERS:
        register.household(
            {"given_name": given, "family_name": family, "birth_year": year, "sex": sex, "relation": "head"}
        )
    first = register.household().facts["persons"][0]
    again = {**MEMBERS[0], "given_name": "Zeinaba", "family_name": "Mahamat Salih", "phone": "66123456"}
    second = register.household(again, site="TCD-mandoul").facts["persons"][0]
    return str(first), str(second)


def propose(register: Register, **given: Any) -> Any:
    return propose_duplicates(register(), registration=register.registration, **given)


def test_one_person_heard_twice_is_proposed_with_reasons_and_nothing_is_merged(
    register: Register, twice: tuple[str, str]
) -> None:
    before = people_rows("Duplicate", "LearnedModel", "PeopleLine", "Reason")
    done = propose(register)
    assert people_rows("Duplicate", "LearnedModel", "PeopleLine", "Reason") == before
    (found,) = list_duplicates(register.cast.viewers["registrar-tcd"], register.registration)
    assert {found.person, found.other} == set(twice)
    assert (done.facts["records"], done.facts["waiting"]) == (9, 1)
    assert found.chance > 0.5
    assert "given name sounds alike" in found.reasons
    kept = repr(list(Duplicate.objects.values_list())) + LearnedModel.objects.get().text
    for word in ("Zenaba", "Zeinaba", "Mahamat", "66123456", "zenab", "mahamat"):
        assert word not in kept
    assert ReadLine.objects.count() == 0  # nobody was shown to anybody


def test_the_same_is_proposed_once_and_what_was_learned_is_used_again(
    register: Register, twice: tuple[str, str]
) -> None:
    propose(register)
    model = LearnedModel.objects.get().text
    again = propose(register)
    assert (again.facts["proposed"], again.facts["waiting"]) == (0, 1)
    assert LearnedModel.objects.get().text == model  # the same records teach the same


def test_the_same_person_is_kept_once_and_the_other_points_to_it(register: Register, twice: tuple[str, str]) -> None:
    propose(register)
    number, (kept, gone) = Duplicate.objects.get().pk, twice
    with nothing_changes(ActionRefused, "say which record stays"):
        decide_duplicate(register(), duplicate=number, decision="same")
    decide_duplicate(register(reason="same card, same face"), duplicate=number, decision="same", keep=kept)
    assert (Person.objects.get(pk=gone).merged_into_id, Household.objects.get(persons=gone).state) == (kept, "merged")
    assert list_duplicates(register.cast.viewers["registrar-tcd"], register.registration) == []
    with nothing_changes(ActionRefused, "decided already: same"):
        decide_duplicate(register(), duplicate=number, decision="different")
    assert propose(register).facts["proposed"] == 0


def test_two_persons_who_are_two_are_never_proposed_again(register: Register, twice: tuple[str, str]) -> None:
    propose(register)
    decide_duplicate(
        register(reason="cousins; both were here"), duplicate=Duplicate.objects.get().pk, decision="different"
    )
    assert {one.state for one in Person.objects.filter(pk__in=twice)} == {"present"}
    assert "cousins" not in repr(people_rows())
    assert (
        propose(register, learn=True).facts["proposed"],
        list_duplicates(register.cast.viewers["registrar-tcd"], register.registration),
    ) == (0, [])


def test_who_may_not_decide_sees_and_changes_nothing(register: Register, twice: tuple[str, str]) -> None:
    propose(register)
    number = Duplicate.objects.get().pk
    for who in ("focal-tcd", "nurse-tcd", "auditor", "operator", "donor-ind", "public"):
        with nothing_changes(NotAllowed):
            propose_duplicates(register(who), registration=register.registration)
        with nothing_changes((NotAllowed, NameUnknown)):  # type: ignore[arg-type]  # either will do
            decide_duplicate(register(who), duplicate=number, decision="different")
        if who != "public":
            with pytest.raises(NotAllowed):
                list_duplicates(register.cast.viewers[who], register.registration)
    assert list_duplicates(register.cast.viewers["registrar-ken"], register.registration) == []
    assert (
        list_duplicates(register.cast.viewers["registrar-moissala"], register.registration) == []
    )  # one of the two is elsewhere
    with nothing_changes(NameUnknown):
        decide_duplicate(register("registrar-moissala"), duplicate=number, decision="different")


def test_decisions_that_make_no_sense_are_refused(register: Register, twice: tuple[str, str]) -> None:
    propose(register)
    number = Duplicate.objects.get().pk
    refusals: list[tuple[dict[str, Any], type[EvenhandError], str]] = [
        ({"decision": "maybe"}, OptionRefused, "none of same"), ({"duplicate": 0}, NameUnknown, "proposal"),
        ({"decision": "same", "keep": "PN-0000000000"}, ActionRefused, "say which record stays"),
    ]  # fmt: skip
    for wrong, error, sentence in refusals:
        with nothing_changes(error, sentence):
            decide_duplicate(register(), **{"duplicate": number, "decision": "different", **wrong})
    with nothing_changes(ActionRefused, "needs a reason"):
        decide_duplicate(register(reason=""), duplicate=number, decision="different")
    with nothing_changes(NameUnknown, "registration"):
        propose_duplicates(register(), registration="RG-0000000000")


def test_what_was_erased_is_compared_with_nobody(register: Register, twice: tuple[str, str]) -> None:
    propose(register)
    erase_record(register(), record=Person.objects.get(pk=twice[1]).household_id)
    assert list_duplicates(register.cast.viewers["registrar-tcd"], register.registration) == []
    with nothing_changes(ActionRefused, "is erased already"):
        decide_duplicate(register(), duplicate=Duplicate.objects.get().pk, decision="different")
    assert clear_table(register.registration).height == 8


def test_health_is_compared_with_nobodys(register: Register) -> None:
    register.household()
    assert set(clear_table(register.registration).columns) <= {
        "record", "household", "place", "given_name", "family_name", "birth_year", "birth_date", "sex", "phone", "document",
    }  # fmt: skip


def test_an_empty_register_has_nobody_twice(register: Register) -> None:
    few = open_one(register.cast, fields={"given_name": "to call people by", "relation": "to serve households"})
    done = propose_duplicates(register(), registration=few)
    assert (done.facts["records"], done.facts["proposed"]) == (0, 0)
