"""Reaching further than one's role: by a role that has ended, by one's own group, by what others hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from action_grid import refused
from evenhand_cast import NOW, TODAY, Cast
from evenhand_stock import held, make_gift

from evenhand.access.models import RoleHeld, User
from evenhand.access.viewers import viewer_of
from evenhand.actions.consignments import dispatch_consignment, plan_consignment
from evenhand.actions.groups import join_group, leave_group
from evenhand.actions.needs import draft_need
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.users import revoke_role, switch_off_user
from evenhand.errors import ActionRefused, NotAllowed

pytestmark = pytest.mark.django_db
NEED: dict[str, Any] = {"party": "TCD", "resource": "vaccine-measles", "quantity": "10", "why": "an outbreak"}


def revoked(cast: Cast) -> None:
    revoke_role(cast("operator"), user="focal-tcd", role="focal-point", party="TCD")


def switched_off(cast: Cast) -> None:
    switch_off_user(cast("operator"), user="focal-tcd")


def ended_yesterday(cast: Cast) -> None:
    RoleHeld.objects.filter(user__name="focal-tcd").update(until=TODAY - timedelta(days=1))


@pytest.mark.parametrize("end", [revoked, switched_off, ended_yesterday])
def test_who_signed_in_before_its_role_ended_does_nothing_with_it_after(
    cast: Cast, end: Callable[[Cast], None]
) -> None:
    acting = cast("focal-tcd")
    assert draft_need(acting, **NEED).ref
    end(cast)
    with refused(NotAllowed, "switched off, or holds no role any more"):
        draft_need(acting, **NEED)


def test_of_two_roles_the_one_that_stands_is_kept(cast: Cast) -> None:
    user = User.objects.get(name="focal-tcd")
    RoleHeld.objects.create(user=user, role="focal-point", party="KEN", since=TODAY)
    cast.viewers["focal-both"] = viewer_of(user, on=TODAY)
    revoked(cast)
    with refused(NotAllowed):
        draft_need(cast("focal-both"), **NEED)
    assert draft_need(cast("focal-both"), **NEED | {"party": "KEN"}).ref


def test_what_was_done_before_a_role_ended_is_answered_again(cast: Cast) -> None:
    """Whoever repeats a request because the line broke learns what it was answered, and changes nothing."""
    first = draft_need(cast("focal-tcd", request="once"), **NEED)
    revoked(cast)
    assert draft_need(cast("focal-tcd", request="once"), **NEED).ref == first.ref


@pytest.mark.parametrize("party", ["TCD", "TCD-moissala", "UNICEF"])
@pytest.mark.parametrize("status", ["member", "eligible"])
def test_a_secretariat_brings_nobody_under_its_own_hand(cast: Cast, party: str, status: str) -> None:
    given = {"group": "EU", "party": party, "since": "2026-01-01", "status": status, "source": "a letter"}
    with refused(NotAllowed, "an operator records who joins"):
        join_group(cast("task-force-eu"), **given)
    assert join_group(cast("operator"), **given).ref == "EU"


def test_a_secretariat_records_who_observes_and_what_it_reaches_already(cast: Cast) -> None:
    join_group(cast("task-force-eu"), group="EU", party="TCD", since="2026", status="observer", source="a letter")
    join_group(cast("task-force"), group="NAM", party="TCD-mandoul", since="2026", source="a letter")


def test_a_secretariat_that_lets_a_member_go_does_not_take_it_back_by_itself(cast: Cast) -> None:
    leave_group(cast("task-force"), group="NAM", party="LBN", until="2026-02-01")
    with refused(NotAllowed, "an operator records who joins"):
        join_group(cast("task-force"), group="NAM", party="LBN", since="2026-03-01", source="a letter")


def test_a_secretariat_disposes_of_nothing_that_a_member_has_received(cast: Cast) -> None:
    gift = make_gift("IND", "vaccine-measles", 1000, allocated={"TCD": 1000})
    sent = plan_consignment(cast("task-force"), origin="IND", destination="TCD", lines=f"{gift}=600").ref
    dispatch_consignment(cast("task-force"), consignment=sent)
    receive_consignment(cast("focal-tcd"), consignment=sent)
    for destination in ("KEN", "TCD-moissala"):
        with refused(NotAllowed):
            plan_consignment(cast("task-force"), origin="TCD", destination=destination, lines=f"{gift}=100")
    onward = plan_consignment(cast("focal-tcd"), origin="TCD", destination="KEN", lines=f"{gift}=100").ref
    with refused(NotAllowed):
        dispatch_consignment(cast("task-force"), consignment=onward)
    assert held("received", gift, "TCD") == 600


def test_nothing_is_backdated_or_told_of_days_to_come(cast: Cast) -> None:
    gift = make_gift("IND", "vaccine-measles", 1000, allocated={"TCD": 1000})
    sent = plan_consignment(cast("donor-ind"), origin="IND", destination="TCD", lines=f"{gift}=600").ref
    with refused(ActionRefused, "which has not come yet"):
        dispatch_consignment(cast("donor-ind"), consignment=sent, on=TODAY + timedelta(days=1))
    dispatch_consignment(cast("donor-ind", at=NOW), consignment=sent, on=TODAY)
    with refused(ActionRefused, f"left on {TODAY}, so it "):
        receive_consignment(cast("focal-tcd"), consignment=sent, on=TODAY - timedelta(days=1))
