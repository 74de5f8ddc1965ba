"""The grid of the actions on lists, users, offers and evidence, one row each; their own rules are in their own files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from action_grid import Case, check_halfway, check_roles, check_twice
from django.db import transaction
from evenhand_cast import Cast

from evenhand.actions.evidence import attach_evidence
from evenhand.actions.groups import join_group, leave_group, record_office, register_group
from evenhand.actions.offers import change_offer, firm_offer, make_offer, withdraw_offer
from evenhand.actions.parties import change_party, register_party, retire_party
from evenhand.actions.places import register_place
from evenhand.actions.programmes import start_programme
from evenhand.actions.resources import register_resource
from evenhand.actions.seeds import plant_seeds
from evenhand.actions.users import add_user, grant_role, revoke_role, set_password, switch_off_user, switch_on_user
from evenhand.records.models import Party

pytestmark = pytest.mark.django_db


def an_offer(cast: Cast) -> Mapping[str, Any]:
    made = make_offer(cast("donor-ind"), donor="IND", resource="vaccine-measles", quantity="40 box")
    return {"offer": made.ref}


def a_user_switched_off(cast: Cast) -> Mapping[str, Any]:
    switch_off_user(cast("operator"), user="focal-fra")
    return {"user": "focal-fra"}


def a_newcomer(cast: Cast) -> Mapping[str, Any]:
    Party.objects.create(key="GHA", name="Ghana", kind="state")
    return {}


LISTS = ("operator", "task-force", "task-force-eu")
OWN_GROUP = ("operator", "task-force")

CASES = (
    Case(
        register_party, "task-force",
        {"key": "TCD-koumra", "name": "Koumra clinic", "kind": "facility", "parent": "TCD"}, OWN_GROUP,
        {"name": "another"},
    ),
    Case(register_party, "operator", {"key": "WFP", "name": "World Food Programme", "kind": "organisation"}, LISTS, {"key": "WHO"}),
    Case(change_party, "task-force", {"party": "TCD", "handles": "ultra-cold"}, OWN_GROUP, {"handles": "cold-chain"}),
    Case(retire_party, "task-force", {"party": "LBN"}, OWN_GROUP, {"party": "KEN"}),
    Case(register_place, "task-force", {"key": "TCD", "name": "Chad", "country": "TCD"}, OWN_GROUP, {"name": "another"}),
    Case(
        register_resource, "task-force", {"key": "soap", "name": "Soap", "kind": "goods", "base_unit": "piece"}, LISTS,
        {"base_unit": "bar"},
    ),
    Case(register_group, "operator", {"key": "OIC", "name": "Organisation of Islamic Cooperation"}, ("operator",), {"key": "AU"}),
    Case(
        join_group, "task-force",
        {"group": "NAM", "party": "GHA", "since": "1961", "source": "summit", "status": "observer"}, OWN_GROUP,
        {"since": "1962"}, a_newcomer,
    ),
    Case(leave_group, "task-force", {"group": "NAM", "party": "LBN", "until": "2025"}, OWN_GROUP, {"until": "2024"}),
    Case(
        record_office, "task-force", {"group": "NAM", "party": "UGA", "office": "chair", "since": "2024-01-19"}, OWN_GROUP,
        {"party": "KEN"},
    ),
    Case(
        start_programme, "task-force", {"title": "Measles 2026", "kind": "aid", "group": "NAM"}, ("task-force",),
        {"title": "another"},
    ),
    Case(start_programme, "donor-ind", {"title": "House", "kind": "aid", "lead": "IND"}, ("donor-ind", "task-force"), {"kind": "event"}),
    Case(add_user, "operator", {"name": "focal-uga"}, ("operator",), {"name": "somebody"}),
    Case(
        grant_role, "operator", {"user": "focal-fra", "role": "donor", "party": "FRA"}, ("operator",), {"user": "focal-ken"},
    ),
    Case(revoke_role, "operator", {"user": "focal-fra", "role": "focal-point", "party": "FRA"}, ("operator",), {"party": "KEN"}),
    Case(switch_off_user, "operator", {"user": "focal-fra"}, ("operator",), {"user": "focal-ken"}),
    Case(switch_on_user, "operator", {}, ("operator",), {"user": "focal-ken"}, a_user_switched_off),
    Case(
        set_password, "operator", {"user": "focal-fra", "password": "a long secret phrase"}, ("operator",),
        {"password": "another long secret"},
    ),
    Case(
        make_offer, "donor-ind", {"donor": "IND", "resource": "vaccine-measles", "quantity": "40 box"}, ("donor-ind",),
        {"quantity": "41 box"},
    ),
    Case(firm_offer, "donor-ind", {"firmness": "commitment"}, ("donor-ind",), {"firmness": "pledge"}, an_offer),
    Case(change_offer, "donor-ind", {"quantity": "50 box"}, ("donor-ind",), {"quantity": "60 box"}, an_offer),
    Case(withdraw_offer, "donor-ind", {}, ("donor-ind",), {"offer": "OF-0000000000"}, an_offer),
    Case(
        attach_evidence, "focal-tcd", {"about": "TCD", "title": "Letter", "kind": "document", "source": "the ministry"},
        ("focal-tcd", "task-force"), {"title": "another"},
    ),
    Case(
        attach_evidence, "donor-ind", {"title": "Letter", "kind": "document", "file": b"%PDF-1.7 ...", "about": "IND"},
        ("donor-ind", "task-force"), {"file": b"%PDF-1.6 ..."},
    ),
    Case(plant_seeds, "operator", {}, ("operator",), {"anything": 1}),
)  # fmt: skip
each = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case} by {case.who}")


@each
def test_who_has_not_the_right_is_refused_and_changes_nothing(cast: Cast, case: Case) -> None:
    check_roles(case, cast)


@each
def test_whoever_has_the_right_can_do_it(cast: Cast, case: Case) -> None:
    given = {**case.given, **case.made(cast)}
    for name in case.may:
        with transaction.atomic():
            assert not case.action(cast(name, reason="asked"), **given).repeated
            transaction.set_rollback(True)


@each
def test_the_same_id_does_it_once(cast: Cast, case: Case) -> None:
    check_twice(case, cast)


@each
def test_failing_halfway_leaves_nothing(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    check_halfway(case, cast, monkeypatch)
