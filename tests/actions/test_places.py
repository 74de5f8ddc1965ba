"""Places form a tree inside one country, each a level below."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from action_grid import refused
from evenhand_cast import Cast

from evenhand.actions.places import register_place
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed
from evenhand.records.models import Code, Party, Place

pytestmark = pytest.mark.django_db
DISTRICT: dict[str, Any] = {
    "key": "TD10", "name": "Mandoul", "country": "TCD", "level": 1, "parent": "TCD", "latitude": "8.9", "longitude": "17.5",
    "valid_from": date(2022, 1, 1), "codes": "iso-3166-2:TD-MA",
}  # fmt: skip


@pytest.fixture
def chad(cast: Cast) -> Cast:
    register_place(cast("task-force"), key="TCD", name="Chad", country="TCD")
    register_place(cast("task-force-eu"), key="FRA", name="France", country="FRA")
    return cast


def test_a_district_is_in_its_country(chad: Cast) -> None:
    register_place(chad("task-force"), **DISTRICT)
    place = Place.objects.get(pk="TD10")
    assert (place.parent_id, place.level, place.latitude, place.valid_from) == ("TCD", 1, 8.9, date(2022, 1, 1))
    assert Code.objects.get(of="place").key == "TD10"


def test_the_same_again_changes_nothing_and_another_is_refused(chad: Cast) -> None:
    register_place(chad("task-force"), **DISTRICT)
    assert register_place(chad("task-force"), **DISTRICT).facts == {"there_already": True}
    with refused(ActionRefused, "with name 'Mandoul', not 'Moyen-Chari'"):
        register_place(chad("task-force"), **DISTRICT | {"name": "Moyen-Chari"})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"level": 6}, "there is no level 6"),
        ({"level": -1}, "there is no level -1"),
        ({"level": 0}, "TD10 at level 0 is a country"),
        ({"key": "TCD", "level": 0, "parent": "FRA"}, "is in no other place"),
        ({"key": "tcd", "country": "tcd", "level": 0, "parent": ""}, "cannot be told from 'TCD'"),
        ({"parent": "FRA"}, "cannot be in FRA (level 0 in FRA)"),
        ({"key": "TD10/1"}, "is not a key of a place"),
        ({"name": ""}, "the name of the place is empty"),
        ({"longitude": "190"}, "from -180 to 180"),
    ],
)
def test_a_place_where_it_cannot_be_is_refused(chad: Cast, wrong: dict[str, Any], sentence: str) -> None:
    with refused(ActionRefused, sentence):
        register_place(chad("operator"), **DISTRICT | wrong)


def test_a_place_is_higher_up_than_what_is_in_it(chad: Cast) -> None:
    register_place(chad("task-force"), **DISTRICT)
    with refused(ActionRefused, "name a place of the same country, higher up"):
        register_place(chad("task-force"), **DISTRICT | {"key": "TD11", "parent": "TD10", "codes": ""})
    register_place(chad("task-force"), **DISTRICT | {"key": "TD1001", "parent": "TD10", "level": 2, "codes": ""})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"parent": "TCDD"}, "no place 'TCDD'; did you mean 'TCD'?"),
        ({"country": "TDC", "parent": ""}, "no place 'TDC'; did you mean 'TCD'?"),
    ],
)
def test_the_country_and_the_parent_must_exist(chad: Cast, wrong: dict[str, Any], sentence: str) -> None:
    with refused(NameUnknown, sentence):
        register_place(chad("operator"), **DISTRICT | wrong)


def test_a_secretariat_registers_places_of_its_own_members_and_of_no_party(chad: Cast) -> None:
    with refused(NotAllowed):
        register_place(chad("task-force-eu"), **DISTRICT)
    assert not Party.objects.filter(pk="ATA").exists()
    register_place(chad("task-force-eu"), key="ATA", name="Antarctica", country="ATA")
