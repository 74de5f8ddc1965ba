"""A resource has one base unit, packs that are whole numbers of it, and is never changed."""

from __future__ import annotations

from typing import Any

import pytest
from action_grid import refused
from evenhand_cast import Cast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.actions.resources import read_sizes, register_resource
from evenhand.errors import ActionRefused, NameUnknown
from evenhand.ledger.entries import PLAIN
from evenhand.records.models import Code, Resource
from evenhand.records.quantities import read_quantity

pytestmark = pytest.mark.django_db
VACCINE: dict[str, Any] = {
    "key": "vaccine-mr", "name": "Measles and rubella vaccine", "name_fr": "Vaccin rougeole-rubéole", "kind": "goods",
    "base_unit": "dose", "packs": "vial=10;box=100", "family": "measles-vaccination", "per_person": "2.0",
    "requires": "cold-chain", "codes": "atc:J07BD53", "note": "with its own diluent",
}  # fmt: skip


def register(cast: Cast, **wrong: Any) -> Any:
    return register_resource(cast("task-force"), **VACCINE | wrong)


def test_a_resource_is_counted_in_its_units(cast: Cast) -> None:
    register(cast)
    resource = Resource.objects.get(pk="vaccine-mr")
    assert (resource.packs, resource.per_person, resource.family_id) == (
        {"vial": 10, "box": 100},
        "2",
        "measles-vaccination",
    )
    assert read_quantity(resource, "12 box").base_units == 1200
    assert Code.objects.get(of="resource").code == "J07BD53"


def test_a_kit_holds_things_that_exist(cast: Cast) -> None:
    register(
        cast, key="kit", base_unit="kit", packs="", parts="vaccine-measles=100;mask-surgical=50", family="", codes=""
    )
    assert Resource.objects.get(pk="kit").parts == {"vaccine-measles": 100, "mask-surgical": 50}


def test_a_currency_is_a_pack_of_its_smallest_unit(cast: Cast) -> None:
    register_resource(cast("operator"), key="EUR", name="Euro", kind="money", base_unit="cent", packs="EUR=100")
    register_resource(cast("operator"), key="JPY", name="Yen", kind="money", base_unit="JPY")
    assert read_quantity(Resource.objects.get(pk="EUR"), "12.50 EUR").base_units == 1250


def test_the_same_again_changes_nothing_and_another_is_refused(cast: Cast) -> None:
    register(cast)
    assert register(cast, per_person="2").facts == {"there_already": True}
    with refused(ActionRefused, "with packs 'box=100;vial=10', not 'box=100;vial=5'"):
        register(cast, packs="vial=5;box=100")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"key": "vaccine mr"}, "is not a key of a resource"),
        ({"key": "Vaccine-Measles"}, "cannot be told from 'vaccine-measles'"),
        ({"key": "OF-7K2M9QX4PD"}, "looks like the ref"),
        ({"name": ""}, "the name of the resource is empty"),
        ({"kind": "good"}, "did you mean 'goods'?"),
        ({"base_unit": ""}, "the base unit '' cannot stand behind a number"),
        ({"base_unit": "5ml"}, "begin with a letter"),
        ({"base_unit": "big box"}, "without spaces"),
        ({"base_unit": "dose,"}, "cannot stand behind a number"),
        ({"base_unit": "d" * 41}, "at most 40"),
        ({"packs": "box"}, "packs holds 'box'; write such as box=100"),
        ({"packs": "box=0"}, "a whole size above 0"),
        ({"packs": "box=1.5"}, "a whole size above 0"),
        ({"packs": "box=-5"}, "a whole size above 0"),
        ({"packs": "box=" + "9" * 5000}, "a whole size above 0"),
        ({"packs": "100=box"}, "begins with a letter"),
        ({"packs": "box=10;box=12"}, "packs names 'box' twice"),
        ({"packs": "dose=10"}, "'dose' is the base unit and cannot be a pack of 10"),
        ({"parts": "vaccine-mr=1", "family": ""}, "'vaccine-mr' cannot be a part of vaccine-mr"),
        ({"parts": "USD=1", "family": ""}, "'USD' cannot be a part"),
        ({"per_person": "0"}, "per_person is '0'; write a number above 0"),
        ({"per_person": "1e5"}, "per_person is '1e5'"),
        ({"per_person": "two"}, "per_person is 'two'"),
        ({"per_person": "0.1234567890123"}, "per_person is"),
        ({"requires": "cold chain"}, "requires holds 'cold chain'"),
        ({"family": "vaccine-measles"}, "a family is a general resource that is in none itself"),
        ({"family": "dialysis"}, "dialysis is service and vaccine-mr goods"),
        ({"kind": "money", "family": ""}, "money is named by its ISO 4217 code"),
        ({"kind": "money", "family": "", "key": "EUR", "packs": ""}, "'EUR' has not"),
        ({"codes": "atc"}, "'atc' is not a code"),
        ({"note": "a\u202eb"}, "an unseen character"),
    ],
)  # fmt: skip
def test_a_resource_that_could_not_be_counted_is_refused(cast: Cast, wrong: dict[str, str], sentence: str) -> None:
    with refused(ActionRefused, sentence):
        register(cast, **wrong)


def test_the_family_and_the_parts_must_exist(cast: Cast) -> None:
    with refused(NameUnknown, "did you mean 'measles-vaccination'?"):
        register(cast, family="measles-vacination")
    with refused(NameUnknown, "did you mean 'mask-surgical'?"):
        register(cast, parts="mask-surgicla=50")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.from_regex(r"[a-z]{1,3}=[0-9]{1,4};[a-z]{1,3}=[0-9]{1,4}", fullmatch=True))
def test_whatever_is_typed_as_packs_is_read_or_refused(text: str) -> None:
    """What is read can stand in an entry and is a size that counts."""
    try:
        sizes = read_sizes("packs", text)
    except ActionRefused:
        return
    assert all(PLAIN.fullmatch(name) and name and size > 0 for name, size in sizes.items())
    assert read_sizes("packs", ";".join(f"{name}={size}" for name, size in sizes.items())) == sizes
