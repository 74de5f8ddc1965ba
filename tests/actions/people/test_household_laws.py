"""The laws of households, after whatever was done to them in whatever order."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from evenhand_cast import NOW
from evenhand_register import DATABASES, MEMBERS, Register

from evenhand.actions.people import households as acts
from evenhand.actions.people.consents import record_consent
from evenhand.errors import EvenhandError
from evenhand.people.models import BlindIndex, Correction, Household, Person
from evenhand.people.opening import sealer

pytestmark = pytest.mark.django_db(databases=DATABASES)
STEPS = 60
NOBODY = {"merged", "erased"}


def some_act(chance: Random, who: Any) -> None:
    """Do anything to anybody; most of it is refused, in a sentence."""
    home, other = chance.choices(list(Household.objects.values_list("pk", flat=True)), k=2)
    person, second = chance.choices(list(Person.objects.values_list("pk", flat=True)), k=2)
    inside = [*Person.objects.filter(household=home).values_list("pk", flat=True)]
    acting: list[Any] = [
        lambda: acts.add_member(
            who, household=home, member=MEMBERS[1] | {"relation": chance.choice(["head", "child"])}
        ),
        lambda: acts.follow_person(
            who, person=person, state=chance.choice(["present", "departed", "dead", "withdrawn"])
        ),
        lambda: acts.follow_person(who, person=person, state="departed", new_head=second),
        lambda: acts.merge_persons(who, person=person, into=second),
        lambda: acts.merge_households(who, household=home, into=other),
        lambda: acts.split_household(who, household=home, persons=inside[-1:], head="".join(inside[-1:])),
        lambda: acts.erase_record(who, record=chance.choice([home, person])),
        lambda: record_consent(who, household=home, purpose="food", said="given"),
    ]
    chance.choice(acting)()


def expect_laws() -> None:
    for home in Household.objects.all():
        states = set(home.persons.values_list("state", flat=True))
        assert (home.state == "present") == ("present" in states)
        assert (home.state in NOBODY) == (states <= NOBODY)
        if home.state == "present":
            heads = set(home.persons.filter(is_head=True).values_list("pk", flat=True))
            there = home.persons.filter(state="present")
            assert len(heads) == 1
            assert heads == {
                one.ref for one in there if sealer().open(one.ref, "relation", one.boxes["relation"]) == "head"
            }
    for model in (Household, Person):
        gone = [row.ref for row in model.objects.filter(state="erased", boxes={})]
        assert len(gone) == model.objects.filter(state="erased").count()
        assert not BlindIndex.objects.filter(record__in=gone).exists()
        assert not Correction.objects.filter(record__in=gone).exists()
        assert not model.objects.filter(state="merged", merged_into__state="erased").exists()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_a_household_has_a_head_and_nothing_stays_behind_who_is_erased(
    register: Register, seed: int
) -> None:
    chance, ended = Random(seed), Counter[bool]()
    for _ in range(6):
        register.household(household={"address": "Block 4", "contact_phone": "66 00 11 22"})
    for step in range(STEPS):
        try:
            some_act(chance, register(at=NOW + timedelta(minutes=step)))
            ended[True] += 1
        except EvenhandError:
            ended[False] += 1
        expect_laws()
    assert ended[True] > STEPS // 10
