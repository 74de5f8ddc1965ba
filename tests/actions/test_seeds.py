"""The shipped lists are planted once, add what is missing, and touch nothing that people changed."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

import pytest
from action_grid import refused, snapshot
from evenhand_cast import NOW, Cast, make_cast

from evenhand.access.models import ActionLine, RoleHeld, User
from evenhand.access.viewers import viewer_of
from evenhand.actions import seeds
from evenhand.actions.action import Acting
from evenhand.actions.groups import leave_group
from evenhand.actions.parties import retire_party
from evenhand.actions.resources import register_resource
from evenhand.actions.seeds import plant_seeds, read_seeds
from evenhand.actions.typed import KEY, UNIT
from evenhand.errors import NotAllowed
from evenhand.records.models import Code, Group, Membership, Office, Party, Place, Resource
from evenhand.records.quantities import read_quantity
from evenhand.records.tree import members_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(db: None) -> Acting:
    """The operator of an empty installation."""
    user = User.objects.create_user("operator", public_id="u-operator", made_at=NOW)
    RoleHeld.objects.create(user=user, role="operator", since=NOW.date())
    return Acting(viewer_of(user, on=NOW.date()), reason="the shipped lists", at=NOW)


def test_an_empty_installation_gets_every_row(operator: Acting) -> None:
    facts = plant_seeds(operator).facts
    for name, model in (
        ("countries", Place),
        ("countries", Party),
        ("groups", Group),
        ("memberships", Membership),
        ("offices", Office),
    ):
        assert model._default_manager.count() == len(read_seeds(name)), name
    assert Resource.objects.count() == len(read_seeds("currencies")) + len(read_seeds("resources"))
    assert {name: facts[name] for name in ("places", "parties", "groups")} == {
        "places": 249,
        "parties": 249,
        "groups": 6,
    }
    assert facts["memberships"] == Membership.objects.count()
    assert facts["codes"] == Code.objects.count() > 2 * 249 * 2


def test_the_groups_have_their_members_of_a_day(operator: Acting) -> None:
    plant_seeds(operator)
    assert len(members_of(frozenset({"NAM"}), date(2026, 3, 2))) == 121
    assert len(members_of(frozenset({"UN"}), date(2026, 3, 2))) == 193


def test_money_and_relief_can_be_counted(operator: Acting) -> None:
    plant_seeds(operator)
    for key, typed, base_units in (
        ("USD", "12.50 USD", 1250), ("JPY", "12 JPY", 12), ("KWD", "1.234 KWD", 1234), ("rice", "1.5 tonne", 1_500_000),
        ("vaccine-pfizer", "2 tray", 2340),
    ):  # fmt: skip
        assert read_quantity(Resource.objects.get(pk=key), typed).base_units == base_units
    ration = Resource.objects.get(pk="food-ration")
    assert ration.parts["rice"] == 400
    assert Resource.objects.get(pk="vaccine-az").family_id == "covid-vaccine"


def test_every_key_and_unit_of_the_lists_is_one_that_people_could_have_registered(operator: Acting) -> None:
    plant_seeds(operator)
    keys = [
        key for model in (Party, Place, Group, Resource) for key in model._default_manager.values_list("pk", flat=True)
    ]
    assert [key for key in keys if not KEY.fullmatch(key)] == []
    units = [unit for row in Resource.objects.all() for unit in (row.base_unit, *row.packs)]
    assert [unit for unit in units if not UNIT.fullmatch(unit)] == []
    parties = set(Party.objects.values_list("key", flat=True))
    assert parties & set(Group.objects.values_list("key", flat=True)) == {"NAM"}  # Namibia; see records.earmarks


def test_the_lists_pass_the_rules_of_registering_one_by_one(operator: Acting) -> None:
    """What is planted, registered again by its own action, is there already, just the same."""
    plant_seeds(operator)
    for row in read_seeds("resources"):
        given: dict[str, Any] = {
            name: row[name]
            for name in (
                "key",
                "name",
                "name_fr",
                "kind",
                "family",
                "base_unit",
                "packs",
                "parts",
                "per_person",
                "requires",
                "codes",
                "note",
            )
        }
        assert register_resource(operator, **given).facts == {"there_already": True}, row["key"]


def test_planting_again_adds_nothing(operator: Acting) -> None:
    plant_seeds(operator)
    said_of_the_action = {"ActionLine", "Version"}
    before = {name: rows for name, rows in snapshot().items() if name not in said_of_the_action}
    assert set(plant_seeds(operator).facts.values()) == {0}
    assert {name: rows for name, rows in snapshot().items() if name not in said_of_the_action} == before


def test_planting_takes_no_longer_than_a_person_waits(operator: Acting) -> None:
    started = time.perf_counter()
    plant_seeds(operator)
    assert time.perf_counter() - started < 5


def test_what_people_registered_stays_theirs() -> None:
    cast = make_cast()
    Resource.objects.filter(pk="vaccine-measles").update(name="ours")
    before = {row.pk: (row.name, row.base_unit, row.packs) for row in Resource.objects.all()}
    plant_seeds(cast("operator"))
    after = {row.pk: (row.name, row.base_unit, row.packs) for row in Resource.objects.filter(pk__in=before)}
    assert after == before
    assert Party.objects.get(pk="TCD").place_id is None
    assert Membership.objects.get(group="NAM", party="TCD").since == "2020"
    assert Group.objects.get(pk="NAM").name == "NAM"
    assert not Code.objects.filter(of="party", key="TCD").exists()
    assert Membership.objects.filter(group="NAM").count() > 100


def test_what_people_ended_is_not_begun_again(operator: Acting) -> None:
    plant_seeds(operator)
    leave_group(operator, group="NAM", party="TCD", until="2026-03-01")
    retire_party(operator, party="ABW")
    plant_seeds(operator)
    assert [row.until for row in Membership.objects.filter(group="NAM", party="TCD")] == ["2026-03-01"]
    assert Party.objects.get(pk="ABW").retired_on == NOW.date()


def test_a_later_edition_adds_what_is_new_alone(operator: Acting, monkeypatch: pytest.MonkeyPatch) -> None:
    plant_seeds(operator)
    later = {
        "countries": [{"key": "XAA", "name": "Newland", "name_fr": "Terre-Nouvelle", "alpha2": "XA", "m49": "004"}]
    }
    monkeypatch.setattr(seeds, "read_seeds", lambda name: read_seeds(name) + later.get(name, []))
    facts = plant_seeds(operator).facts
    assert {name: count for name, count in facts.items() if count} == {
        "places": 1, "parties": 1, "codes": 2, "translations": 2,
    }  # fmt: skip
    assert not Code.objects.filter(key="XAA", scheme="m49").exists()  # 004 names Afghanistan already


def test_a_group_named_like_a_party_is_left_out_and_so_are_its_members(cast: Cast) -> None:
    Party.objects.create(key="OIC", name="a company", kind="company")
    plant_seeds(cast("operator"))
    assert not Group.objects.filter(pk="OIC").exists()
    assert not Membership.objects.filter(group="OIC").exists()


def test_planting_is_one_action_and_says_what_was_added(operator: Acting) -> None:
    done = plant_seeds(operator)
    line = ActionLine.objects.get()
    assert (line.pk, line.name, line.reason, line.given) == (done.action, "seed plant", "the shipped lists", {})
    assert json.loads(json.dumps(line.answer))["facts"] == dict(done.facts)


def test_only_an_operator_plants(cast: Cast) -> None:
    for who in ("task-force", "auditor", "focal-tcd", "public"):
        with refused(NotAllowed, "operator"):
            plant_seeds(cast(who))


def test_a_failure_halfway_plants_nothing(operator: Acting, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr(seeds, "_plant_offices", fail)
    with pytest.raises(OSError, match="full"):
        plant_seeds(operator)
    assert not Party.objects.exists()
    assert not Resource.objects.exists()
