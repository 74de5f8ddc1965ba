"""A programme has a title, a kind, and perhaps who leads it, for which group, when, and for which goals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from action_grid import refused
from evenhand_cast import TODAY, Cast

from evenhand.actions.programmes import SDG_TARGETS, start_programme
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed
from evenhand.records.models import Party, Programme

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {
    "title": "Measles  in the Sahel", "kind": "aid", "lead": "IND", "group": "NAM", "starts": date(2026, 4, 1),
    "ends": date(2026, 12, 31), "sdg_targets": "3.8; 3.B;3.8;17.19",
}  # fmt: skip


def test_a_programme_is_started(cast: Cast) -> None:
    ref = start_programme(cast("task-force"), **GIVEN).ref
    programme = Programme.objects.get(pk=ref)
    assert (programme.title, programme.lead_id, programme.group_id) == ("Measles in the Sahel", "IND", "NAM")
    assert programme.sdg_targets == "3.8;3.b;17.19"


def test_the_goals_have_169_targets() -> None:
    counts = [(int(last.rstrip("abcd")), last.lstrip("0123456789")) for last in SDG_TARGETS.values()]
    assert sum(number + (" abcd".index(letter) if letter else 0) for number, letter in counts) == 169


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": " "}, "the title is empty"),
        ({"title": "t" * 201}, "at most 200"),
        ({"kind": "exercize"}, "did you mean 'exercise'?"),
        ({"ends": date(2026, 3, 31)}, "it would end on 2026-03-31, before it starts"),
        ({"sdg_targets": "18.1"}, "'18.1' is not a target"),
        ({"sdg_targets": "3.10"}, "'3.10' is not a target"),
        ({"sdg_targets": "3.e"}, "'3.e' is not a target"),
        ({"sdg_targets": "17.a"}, "'17.a' is not a target"),
        ({"sdg_targets": "3"}, "'3' is not a target"),
        ({"sdg_targets": "3.0"}, "'3.0' is not a target"),
        ({"sdg_targets": "٣.٨"}, "is not a target"),
        ({"sdg_targets": ";".join(f"{goal}.{number}" for goal in range(1, 18) for number in (1, 2, 3))}, "too many"),
    ],
)
def test_what_makes_no_programme_is_refused(cast: Cast, wrong: dict[str, Any], sentence: str) -> None:
    with refused(ActionRefused, sentence):
        start_programme(cast("task-force"), **GIVEN | wrong)


def test_what_it_names_must_exist_and_not_be_retired(cast: Cast) -> None:
    with refused(NameUnknown, "did you mean 'IND'?"):
        start_programme(cast("task-force"), **GIVEN | {"lead": "IDN"})
    with refused(NameUnknown, "no group 'NIM'; did you mean 'NAM'?"):
        start_programme(cast("task-force"), **GIVEN | {"group": "NIM"})
    Party.objects.filter(pk="IND").update(retired_on=TODAY)
    with refused(ActionRefused, "takes part in nothing new"):
        start_programme(cast("task-force"), **GIVEN)


@pytest.mark.parametrize(
    ("who", "lead", "group"),
    [
        ("donor-ind", "UNICEF", ""),  # somebody else's
        ("donor-ind", "", "NAM"),  # a group's own, by a donor
        ("task-force-eu", "IND", "NAM"),
        ("task-force-eu", "FRA", "NAM"),  # its own member would not make it the other group's
        ("task-force", "FRA", ""),
        ("donor-ind", "", ""),
    ],
)
def test_nobody_starts_what_is_another_partys_or_groups(cast: Cast, who: str, lead: str, group: str) -> None:
    with refused(NotAllowed):
        start_programme(cast(who), **GIVEN | {"lead": lead, "group": group})


@pytest.mark.parametrize(
    ("who", "lead", "group"),
    [
        ("donor-unicef", "UNICEF", "NAM"),
        ("task-force", "UNICEF", "NAM"),
        ("task-force-eu", "", ""),
        ("task-force-eu", "FRA", ""),
    ],
)
def test_who_leads_or_keeps_the_group_starts_it(cast: Cast, who: str, lead: str, group: str) -> None:
    assert Programme.objects.filter(
        pk=start_programme(cast(who), **GIVEN | {"lead": lead, "group": group}).ref
    ).exists()
