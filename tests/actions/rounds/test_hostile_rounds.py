"""What would serve somebody twice, or not at all, or share out what is not there: tried against rounds that are under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from action_grid import refused
from evenhand_cast import NOW, TODAY, Cast
from evenhand_rounds import Rounds, balances

from evenhand.access.viewers import PUBLIC
from evenhand.actions.consignments import dispatch_consignment, plan_consignment
from evenhand.actions.needs import approve_need, correct_need, withdraw_need
from evenhand.actions.offers import change_offer, make_offer, withdraw_offer
from evenhand.actions.parties import retire_party
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.reversals import reverse_entry
from evenhand.actions.rounds.opening import cancel_round, open_round
from evenhand.actions.rounds.posting import post_round
from evenhand.actions.stock import expire_stock
from evenhand.errors import ActionRefused
from evenhand.lookups.figures import list_figures
from evenhand.records.models import Offer, Party, Resource
from evenhand.rounds.models import FrozenTable
from evenhand.stockbook.models import Entry

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=5)
AGAIN: dict[str, Any] = {"title": "Second", "group": "NAM", "resource": "vaccine-measles"}


def held(ref: str, party: str = "TCD") -> str:
    """Return what a frozen table of needs says that a party holds, in persons."""
    import csv
    import io

    body = bytes(FrozenTable.objects.get(round=ref, name="needs").body).decode()
    return next(row["held"] for row in csv.DictReader(io.StringIO(body)) if row["recipient"] == party)


def corrected(rounds: Rounds, need: str) -> str:
    new = correct_need(rounds.cast("focal-tcd", reason="recounted"), need=need, why="children under five").ref
    approve_need(rounds.cast("task-force"), need=new)
    return new


def corrected_twice(rounds: Rounds, need: str) -> str:
    return corrected(rounds, corrected(rounds, need))


def drafted_anew(rounds: Rounds, need: str) -> str:
    withdraw_need(rounds.cast("focal-tcd", reason="no longer"), need=need)
    return rounds.need("TCD", "1000")


@pytest.mark.parametrize("change", [corrected, corrected_twice, drafted_anew])
def test_a_need_under_a_new_ref_is_not_taken_by_a_second_round_while_the_first_is_under_way(
    cast: Cast, rounds: Rounds, change: Callable[[Rounds, str], str]
) -> None:
    need, _, _ = rounds.usual()
    first = rounds.at("published", made=True)
    new = change(rounds, need)
    rounds.offer()
    with refused(ActionRefused, f"the round {first}"):
        open_round(cast("task-force"), **AGAIN, needs=new)
    cancel_round(cast("task-force", reason="the need is another"), round=first)
    assert open_round(cast("task-force"), **AGAIN, needs=new).facts["needs"] == 1


def test_what_was_allocated_before_a_need_was_drafted_anew_still_counts(cast: Cast, rounds: Rounds) -> None:
    """10 boxes serve all 500 persons; nobody has them in hand yet, so the new need truly declares nothing as held."""
    need = rounds.need("TCD", "1000")
    offer = rounds.offer("10 box")
    rounds.at("posted", made=True)
    withdraw_need(cast("focal-tcd", reason="a new plan", at=LATER), need=need)
    rounds.need("TCD", "1000", at=LATER)
    rounds.offer("10 box")
    first = rounds.at("frozen", made=True, when=LATER)
    assert held(first) == "500"
    cancel_round(cast("task-force", reason="tried", at=LATER), round=first)
    sent = plan_consignment(cast("donor-ind", at=LATER), origin="IND", destination="TCD", lines=f"{offer}=10 box").ref
    dispatch_consignment(cast("donor-ind", at=LATER), consignment=sent)
    receive_consignment(cast("focal-tcd", at=LATER + timedelta(days=1)), consignment=sent)
    assert held(rounds.at("frozen", made=True, when=LATER + timedelta(days=1))) == "500"


def test_nobody_is_covered_and_short_of_the_same_units(cast: Cast, rounds: Rounds) -> None:
    need = rounds.need("TCD", "1000")
    offer = rounds.offer("10 box")
    rounds.at("posted", made=True)
    withdraw_need(cast("focal-tcd", reason="a new plan", at=LATER), need=need)
    rounds.need("TCD", "1000", at=LATER)

    def figures(days: int) -> tuple[Any, Any]:
        (row,) = list_figures(PUBLIC, by="recipient", as_of=(LATER + timedelta(days=days)).date())
        return row.covered, row.gap

    assert figures(0) == (0, 0)  # allocated: neither there nor wanting
    sent = plan_consignment(cast("donor-ind", at=LATER), origin="IND", destination="TCD", lines=f"{offer}=10 box").ref
    dispatch_consignment(cast("donor-ind", at=LATER), consignment=sent)
    receive_consignment(cast("focal-tcd", at=LATER + timedelta(days=1)), consignment=sent)
    assert figures(1) == (500, 0)


def test_what_one_need_of_a_party_got_is_not_taken_from_its_other_need(cast: Cast, rounds: Rounds) -> None:
    first, second = rounds.need("TCD", "1000"), rounds.need("TCD", "1000", "vaccine-cold")
    rounds.need("KEN", "600")
    rounds.offer("13 box")
    Party.objects.filter(pk="TCD").update(handles="ultra-cold")
    rounds.at("posted", made=True)
    rounds.offer("10 tray", "vaccine-cold")
    ref = rounds.at("frozen", made=True, resource="vaccine-cold")
    assert held(ref) == "0"
    cancel_round(cast("task-force", reason="tried"), round=ref)
    # Of the same need again it counts, and also once the first need no longer stands.
    rounds.offer("10 box")
    again = rounds.at("frozen", made=True, needs=first)
    assert held(again) not in ("", "0")
    cancel_round(cast("task-force", reason="tried"), round=again)
    withdraw_need(cast("focal-tcd", reason="no longer"), need=first)
    assert held(rounds.at("frozen", made=True, resource="vaccine-cold", needs=second)) not in ("", "0")


def test_a_lot_under_decision_does_not_expire_away(cast: Cast, rounds: Rounds) -> None:
    _, _, offer = rounds.usual()
    ref = rounds.at("decided", made=True)
    with refused(ActionRefused, f"is a lot of the round {ref}"):
        expire_stock(cast("donor-ind", reason="sold"), offer=offer, stage="offered")
    post_round(cast("task-force"), round=ref)
    expire_stock(cast("donor-ind", reason="the freezer broke"), offer=offer, stage="allocated", holder="TCD")
    assert balances("expired") == {f"{offer}/TCD": 500}


def test_what_has_expired_since_it_was_frozen_is_not_shared_out(cast: Cast, rounds: Rounds) -> None:
    rounds.need("TCD", "1000")
    offer = rounds.offer(expires=TODAY + timedelta(days=30))
    ref = rounds.at("decided", made=True)
    late = NOW + timedelta(days=31)
    with refused(ActionRefused, f"past their last day of use since the round was frozen: {offer}"):
        post_round(cast("task-force", at=late), round=ref)
    assert post_round(cast("task-force", at=late - timedelta(days=1)), round=ref).facts["entries"] == 1


def test_a_party_that_a_round_still_serves_is_not_retired(cast: Cast, rounds: Rounds) -> None:
    Party.objects.exclude(parent=None).update(parent="UGA")
    need, _, _ = rounds.usual()
    ref = rounds.at("published", made=True)
    withdraw_need(cast("focal-tcd", reason="no longer"), need=need)
    with refused(ActionRefused, f"it is served by the round {ref}"):
        retire_party(cast("task-force", reason="it is no more"), party="TCD")
    cancel_round(cast("task-force", reason="it is no more"), round=ref)
    retire_party(cast("task-force", reason="it is no more"), party="TCD")


def test_units_that_come_back_to_a_withdrawn_offer_can_be_taken_back_too(cast: Cast, rounds: Rounds) -> None:
    _, _, offer = rounds.usual()
    rounds.at("posted", made=True)
    change_offer(cast("donor-ind", reason="one more"), offer=offer, quantity="9 box")
    withdraw_offer(cast("donor-ind", reason="needed at home"), offer=offer)
    with refused(ActionRefused, "was withdrawn and stays so"):
        withdraw_offer(cast("donor-ind", reason="needed at home"), offer=offer)
    allocated = Entry.objects.get(verb="allocate", target__holder="TCD").entry
    reverse_entry(cast("focal-tcd", reason="not needed"), entry=allocated)
    assert balances("offered") == {offer: 500}
    withdraw_offer(cast("donor-ind", reason="needed at home"), offer=offer)
    assert (balances("offered"), balances("withdrawn")) == ({}, {offer: 600})
    with refused(ActionRefused, "was withdrawn and stays so"):
        change_offer(cast("donor-ind", reason="after all"), offer=offer, quantity="20 box")


def test_a_statement_is_in_no_sum_and_in_no_round(cast: Cast, rounds: Rounds) -> None:
    rounds.need("TCD", "1000")
    said = make_offer(
        cast("donor-ind"), donor="IND", resource="vaccine-measles", quantity="8 box", firmness="statement"
    ).ref
    with refused(ActionRefused, f"{said} is a statement"):
        open_round(cast("task-force"), **AGAIN, offers=said)
    (row,) = list_figures(PUBLIC, as_of=TODAY)
    assert (row.claimed, row.promised, row.still_open, row.covered) == (400, 0, 0, 0)


def test_a_pack_with_two_names_is_called_the_same_on_both_databases(cast: Cast, rounds: Rounds) -> None:
    """The name becomes part of a leaf, and PostgreSQL does not keep the order in which packs were written."""
    Resource.objects.filter(pk="vaccine-measles").update(packs={"vial": 10, "carton": 100, "box": 100})
    rounds.usual()
    rounds.at("posted", made=True)
    assert set(Entry.objects.filter(verb="allocate").values_list("unit", flat=True)) == {"box"}
    assert Offer.objects.get().pack_size == 100
