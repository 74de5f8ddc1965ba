"""Needs as a hurried or hostile person types them: corrected again, out of proportion, longer than a column."""

from __future__ import annotations

from typing import Any

import pytest
from action_grid import refused
from evenhand_cast import Cast

from evenhand.actions.needs import approve_need, correct_need, draft_need, withdraw_need
from evenhand.actions.offers import change_offer
from evenhand.database.writing import writing
from evenhand.errors import ActionRefused, RepeatDiffers
from evenhand.ledger.entries import AccountKey
from evenhand.records.models import Need
from evenhand.stockbook.posting import Posting, post

pytestmark = pytest.mark.django_db
NEED: dict[str, Any] = {"party": "TCD", "resource": "vaccine-measles", "quantity": "10", "why": "an outbreak"}


def test_a_need_whose_correction_was_withdrawn_is_corrected_again(cast: Cast, approved_need: Any) -> None:
    need = approved_need("TCD", "vaccine-measles", "1000")
    first = correct_need(cast("focal-tcd", reason="too many"), need=need, quantity="900").ref
    withdraw_need(cast("focal-tcd", reason="wrong again"), need=first)
    second = correct_need(cast("focal-tcd", reason="now right"), need=need, quantity="800").ref
    approve_need(cast("task-force"), need=second)
    assert dict(Need.objects.values_list("ref", "state")) == {
        need: "corrected", first: "withdrawn", second: "approved",
    }  # fmt: skip
    assert Need.objects.get(pk=second).replaces_id == need


def test_a_need_that_was_withdrawn_stays_so_when_its_correction_is_approved(cast: Cast, approved_need: Any) -> None:
    need = approved_need("TCD", "vaccine-measles", "1000")
    new = correct_need(cast("focal-tcd", reason="too many"), need=need, quantity="900").ref
    withdraw_need(cast("focal-tcd", reason="the old one no longer stands"), need=need)
    approve_need(cast("task-force"), need=new)
    assert dict(Need.objects.values_list("ref", "state")) == {need: "withdrawn", new: "approved"}


def test_no_correction_makes_a_need_that_no_round_could_freeze(cast: Cast, approved_need: Any) -> None:
    need = approved_need("TCD", "vaccine-measles", "1000", tiers="400;600")
    with refused(ActionRefused, "the tiers add up to 1,000, more than the 900 needed in all"):
        correct_need(cast("focal-tcd", reason="too many"), need=need, quantity="900")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"weight": "1." + "0" * 30 + "1", "weight_source": "WHO"}, "in at most 24 characters"),
        ({"weight": "nan", "weight_source": "WHO"}, "is not usable"),
        ({"weight": "1e400", "weight_source": "WHO"}, "is not usable"),
        ({"why": "x" * 10_001}, "at most 10,000 are kept"),
        ({"why": "seen\u202eneesnu"}, "unseen character"),
        ({"why": "  "}, "say"),
    ],
)
def test_what_no_column_holds_is_refused_in_words(cast: Cast, given: dict[str, str], sentence: str) -> None:
    with refused(ActionRefused, sentence):
        draft_need(cast("focal-tcd"), **NEED | given)


def test_an_action_whose_entries_are_in_the_book_already_is_not_taken_as_done(cast: Cast) -> None:
    """Somebody imported an entry under the id that this action's entry would have: nothing moved, so nothing is done."""
    from evenhand.actions.offers import make_offer

    offer = make_offer(
        cast("donor-ind"), donor="IND", resource="vaccine-measles", quantity="10 box", firmness="commitment"
    ).ref
    source, target = AccountKey("offered", offer), AccountKey("withdrawn", offer)
    with writing():
        post(
            [Posting("X:1", "withdraw", source, target, "vaccine-measles", 500, cast("donor-ind").at.date())],
            action="an-import", by="u-task-force", recorded=cast("donor-ind").at,
        )  # fmt: skip
    with refused(RepeatDiffers, "the id 'X'"):
        change_offer(cast("donor-ind", reason="fewer", request="X"), offer=offer, quantity="5 box")
