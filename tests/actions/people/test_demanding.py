"""A register's need is told in numbers, none of fewer than ten persons, and drafted for each site once."""

from __future__ import annotations

import pytest
from evenhand_register import DATABASES, MEMBERS, Register

from evenhand.actions.people.demanding import draft_needs
from evenhand.actions.people.entitlements import make_entitlement
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed, OptionRefused
from evenhand.lookups.people.demand import roll_up
from evenhand.people.models import ReadLine
from evenhand.records.models import Need

pytestmark = pytest.mark.django_db(databases=DATABASES)


@pytest.fixture
def entitled(register: Register) -> str:
    """Masks: two a person, four more for children."""
    done = make_entitlement(
        register("focal-tcd"), registration=register.registration, title="Masks", service="kit", resource="mask-surgical",
        terms="2 piece per person; 4 piece per person under 15", purpose="food",
    )  # fmt: skip
    return str(done.ref)


def fill(register: Register, moissala: int, mandoul: int) -> None:
    for site, number in (("TCD-moissala", moissala), ("TCD-mandoul", mandoul)):
        for _ in range(number):
            register.household(site=site)


@pytest.mark.parametrize(("moissala", "mandoul", "told"), [
    (10, 0, [("TCD-moissala", 10, 20, 80)]),
    (10, 11, [("TCD-mandoul", 11, 22, 88), ("TCD-moissala", 10, 20, 80)]),
    (12, 4, [("TCD-moissala", 12, 24, 96)]),
    (12, 9, [("TCD-moissala", 12, 24, 96)]),  # 18 persons, but nine children
    (6, 6, [("TCD", 12, 24, 96)]), (9, 1, [("TCD", 10, 20, 80)]),
    (9, 0, []), (4, 5, []), (0, 0, []),
])  # fmt: skip
def test_small_sites_are_told_together_or_not_at_all(
    register: Register, entitled: str, moissala: int, mandoul: int, told: list[tuple[str, int, int, int]]
) -> None:
    fill(register, moissala, mandoul)
    found = roll_up(register.cast.viewers["focal-tcd"], entitled)
    assert [(one.party, one.households, one.persons, one.quantity) for one in found] == told
    assert ReadLine.objects.count() == 0  # nobody was shown to anybody


@pytest.mark.parametrize(("picked", "told"), [
    (0, [("TCD-moissala", 24, 0)]), (1, []), (9, []), (10, [("TCD-moissala", 24, 10)]),
])  # fmt: skip
def test_what_a_rule_picks_few_of_is_not_told_however_many_live_there(
    register: Register, picked: int, told: list[tuple[str, int, int]]
) -> None:
    rule = make_entitlement(
        register("focal-tcd"), registration=register.registration, title="Kits", service="kit", resource="mask-surgical",
        terms="1 piece per person survivor-of-violence", purpose="food",
    ).ref  # fmt: skip
    for number in range(12):
        condition = "survivor-of-violence" if number < picked else "pregnant"
        register.household({**MEMBERS[0], "condition": condition}, MEMBERS[1])
    found = roll_up(register.cast.viewers["focal-tcd"], rule)
    assert [(one.party, one.persons, one.quantity) for one in found] == told


def test_places_too_small_alone_are_told_together_where_the_rule_picks_enough(register: Register) -> None:
    rule = make_entitlement(
        register("focal-tcd"), registration=register.registration, title="Kits", service="kit", resource="mask-surgical",
        terms="1 piece per person; 1 piece per person pregnant; 1 piece per household", purpose="food",
    ).ref  # fmt: skip
    fill(register, 9, 3)
    found = roll_up(register.cast.viewers["focal-tcd"], rule)
    assert [(one.party, one.households, one.persons, one.quantity) for one in found] == [("TCD", 12, 24, 48)]


def test_needs_are_drafted_once_for_each_site(register: Register, entitled: str) -> None:
    fill(register, 10, 11)
    for _ in range(2):
        done = draft_needs(
            register("focal-tcd", request="march"), entitlement=entitled, why="masks until June", times=3
        )
    assert sorted(Need.objects.values_list("party", "quantity", "state")) == [
        ("TCD-mandoul", 264, "draft"), ("TCD-moissala", 240, "draft"),
    ]  # fmt: skip
    assert all(one.repeated for one in done)


def test_what_cannot_be_drafted_is_refused(register: Register, entitled: str) -> None:
    with pytest.raises(ActionRefused, match="nobody needs anything"):
        draft_needs(register("focal-tcd"), entitlement=entitled, why="x")
    register.household(*[MEMBERS[0], *[MEMBERS[1]] * 11])
    for times in (0, 13):
        with pytest.raises(OptionRefused, match="1 to 12"):
            draft_needs(register("focal-tcd"), entitlement=entitled, why="x", times=times)
    with pytest.raises(OptionRefused, match="longer than"):
        draft_needs(register("focal-tcd", request="x" * 31), entitlement=entitled, why="x")
    for who in ("registrar-tcd", "focal-ken", "donor-ind", "auditor", "public"):
        with pytest.raises(NotAllowed):
            draft_needs(register(who), entitlement=entitled, why="x")
    with pytest.raises(NameUnknown):
        draft_needs(register("focal-tcd"), entitlement="ET-0000000000", why="x")
    assert Need.objects.count() == 0
