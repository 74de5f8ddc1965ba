"""The grid of the actions on needs: works; wrong role; someone else's; missing; twice; failing halfway."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from evenhand_cast import TODAY, Cast

from evenhand.access.models import ActionLine
from evenhand.actions.needs import approve_need, correct_need, draft_need, renew_need, submit_need, withdraw_need
from evenhand.errors import ActionRefused, InputRefused, NameUnknown, NotAllowed, RepeatDiffers
from evenhand.records.models import Need

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {
    "party": "TCD",
    "resource": "vaccine-measles",
    "quantity": "40 box",
    "why": "an outbreak in Mandoul",
}


def drafted(cast: Cast) -> str:
    return draft_need(cast("focal-tcd"), **GIVEN).ref


def test_a_draft_keeps_what_was_typed_beside_whole_base_units(cast: Cast) -> None:
    done = draft_need(cast("focal-tcd"), **GIVEN)
    need = Need.objects.get(pk=done.ref)
    assert (need.quantity, need.typed, need.unit, need.state) == (4000, "40", "box", "draft")
    assert need.valid_until == TODAY + timedelta(days=90)


def test_the_line_of_an_action_says_who_for_whom_why_and_when(cast: Cast) -> None:
    done = draft_need(cast("focal-tcd", reason="call of 1 March"), **GIVEN)
    line = ActionLine.objects.get(pk=done.action)
    assert (line.name, line.by, line.for_party, line.about, line.reason) == (
        "need draft", "u-focal-tcd", "TCD", done.ref, "call of 1 March",
    )  # fmt: skip


@pytest.mark.parametrize("who", ["donor-ind", "task-force", "board-aze", "auditor", "operator", "public"])
def test_no_other_role_drafts_a_need(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed, match="focal-point for TCD"):
        draft_need(cast(who), **GIVEN)
    assert not Need.objects.exists()


def test_nobody_drafts_for_somebody_else(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        draft_need(cast("focal-ken"), **GIVEN)


def test_a_state_drafts_for_its_clinic_but_not_the_clinic_for_its_state(cast: Cast) -> None:
    draft_need(cast("focal-tcd"), **GIVEN | {"party": "TCD-moissala"})
    with pytest.raises(NotAllowed):
        draft_need(cast("nurse-moissala"), **GIVEN)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"party": "TDC"}, "no party 'TDC'; did you mean 'TCD'?"),
        ({"resource": "vaccine-meesles"}, "did you mean 'vaccine-measles'?"),
        ({"place": "TD99"}, "no place 'TD99'"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest_that_does(
    cast: Cast, wrong: dict[str, str], sentence: str
) -> None:
    with pytest.raises(NameUnknown) as refused:
        draft_need(cast("focal-tcd"), **GIVEN | wrong)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("forty", "'forty' is not a number with a unit"),
        ("-4", "'-4' is not a number"),
        ("0", "give at least 1"),
        ("1,20,0", "grouped unevenly"),
        ("2 crate", "no unit 'crate'"),
        ("1.5", "only whole ones can be counted"),
    ],
)
def test_a_quantity_that_cannot_be_counted_is_refused(cast: Cast, typed: str, sentence: str) -> None:
    with pytest.raises(InputRefused, match=sentence):
        draft_need(cast("focal-tcd"), **GIVEN | {"quantity": typed})


def test_the_same_id_twice_drafts_one_need(cast: Cast) -> None:
    first = draft_need(cast("focal-tcd", request="r-1"), **GIVEN)
    again = draft_need(cast("focal-tcd", request="r-1"), **GIVEN)
    assert (first.ref, first.repeated) == (again.ref, False)
    assert again.repeated
    assert Need.objects.count() == 1


def test_the_same_id_for_something_else_is_refused_and_says_what_differs(cast: Cast) -> None:
    draft_need(cast("focal-tcd", request="r-1"), **GIVEN)
    with pytest.raises(RepeatDiffers, match="another quantity"):
        draft_need(cast("focal-tcd", request="r-1"), **GIVEN | {"quantity": "41 box"})
    with pytest.raises(RepeatDiffers, match="by somebody else"):
        draft_need(cast("focal-ken", request="r-1"), **GIVEN)


def test_failing_halfway_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(ActionLine.objects, "create", fail)
    with pytest.raises(OSError, match="full"):
        draft_need(cast("focal-tcd"), **GIVEN)
    assert not Need.objects.exists()


def test_a_need_goes_from_draft_to_approved(cast: Cast) -> None:
    ref = drafted(cast)
    submit_need(cast("focal-tcd"), need=ref)
    approve_need(cast("task-force"), need=ref)
    assert Need.objects.get(pk=ref).state == "approved"


def test_only_the_secretariat_of_its_group_approves(cast: Cast) -> None:
    ref = drafted(cast)
    submit_need(cast("focal-tcd"), need=ref)
    for who in ("focal-tcd", "task-force-eu", "board-aze", "auditor"):
        with pytest.raises((NotAllowed, NameUnknown)):  # who may not see it is not told that it is there
            approve_need(cast(who), need=ref)


def test_a_draft_is_not_approved(cast: Cast) -> None:
    ref = drafted(cast)
    with pytest.raises(NameUnknown, match=f"no need '{ref}'$"):  # only its own party is told that it exists
        approve_need(cast("task-force"), need=ref)


def test_renewing_gives_a_later_day_and_no_earlier_one(cast: Cast) -> None:
    ref = drafted(cast)
    renew_need(cast("focal-tcd"), need=ref, valid_until=TODAY + timedelta(days=180))
    assert Need.objects.get(pk=ref).valid_until == TODAY + timedelta(days=180)
    with pytest.raises(ActionRefused, match="valid until"):
        renew_need(cast("focal-tcd"), need=ref, valid_until=TODAY + timedelta(days=100))
    with pytest.raises(ActionRefused, match="renew it later"):
        renew_need(cast("focal-tcd"), need=ref, valid_until=TODAY + timedelta(days=400))


def test_a_correction_replaces_and_keeps_the_old(cast: Cast, approved_need: Any) -> None:
    old = approved_need("TCD", "vaccine-measles", "1000")
    new = correct_need(cast("focal-tcd", reason="counted twice"), need=old, quantity="800").ref
    assert Need.objects.get(pk=old).state == "approved"  # it stands until the correction is approved
    approve_need(cast("task-force"), need=new)
    assert [Need.objects.get(pk=ref).state for ref in (old, new)] == ["corrected", "approved"]
    assert Need.objects.get(pk=old).quantity == 1000


def test_a_correction_needs_a_reason_and_something_to_correct(cast: Cast, approved_need: Any) -> None:
    ref = approved_need("TCD", "vaccine-measles", "1000")
    with pytest.raises(ActionRefused, match="needs a reason"):
        correct_need(cast("focal-tcd"), need=ref, quantity="800")
    with pytest.raises(ActionRefused, match="nothing to correct"):
        correct_need(cast("focal-tcd", reason="counted twice"), need=ref)


def test_a_withdrawn_need_stays_withdrawn(cast: Cast, approved_need: Any) -> None:
    ref = approved_need("TCD", "vaccine-measles", "1000")
    withdraw_need(cast("focal-tcd", reason="the outbreak is over"), need=ref)
    with pytest.raises(ActionRefused, match="stays so"):
        renew_need(cast("focal-tcd"), need=ref)


@pytest.mark.parametrize("wrong", [{"quantity": "2500"}, {"held": "50"}, {"capacity": "50"}, {"tiers": "10;20"}])
def test_a_need_of_money_says_its_unit_everywhere(cast: Cast, wrong: dict[str, str]) -> None:
    given = {"party": "TCD", "resource": "USD", "quantity": "2500 USD", "why": "cash for shelter"}
    with pytest.raises(InputRefused, match="Money is counted with its unit"):
        draft_need(cast("focal-tcd"), **(given | wrong))
    assert draft_need(cast("focal-tcd"), **given).facts["base_units"] == 250_000
