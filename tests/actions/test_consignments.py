"""The grid of the actions on consignments: works; wrong role; someone else's; missing; twice; failing halfway."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from evenhand_cast import TODAY, Cast
from evenhand_stock import entries_written, everything_held, held, make_gift

from evenhand.access.models import ActionLine
from evenhand.actions.consignments import cancel_consignment, dispatch_consignment, plan_consignment
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.stock import distribute_stock
from evenhand.errors import (
    ActionRefused,
    InputRefused,
    NameUnknown,
    NotAllowed,
    OptionRefused,
    RepeatDiffers,
    StockShort,
)
from evenhand.records.models import Party
from evenhand.rounds.models import Round, RoundLot
from evenhand.stockbook.models import Consignment, ConsignmentLine, Entry

pytestmark = pytest.mark.django_db
PLANNED: dict[str, Any] = {"origin": "IND", "destination": "TCD"}


@pytest.fixture
def gift(cast: Cast) -> str:
    """India gives 4,000 doses; 1,000 are allocated to Chad, 500 to Kenya."""
    return make_gift("IND", "vaccine-measles", 4000, allocated={"TCD": 1000, "KEN": 500})


def planned(cast: Cast, gift: str, quantity: str = "6 box", who: str = "donor-ind", **given: Any) -> str:
    return plan_consignment(cast(who), **PLANNED | {"lines": f"{gift}={quantity}"} | given).ref


def sent(cast: Cast, gift: str, quantity: str = "6 box") -> str:
    return dispatch_consignment(cast("donor-ind"), consignment=planned(cast, gift, quantity)).ref


# --- plan ----------------------------------------------------------------------------------------------------------


def test_a_plan_says_from_which_account_and_moves_nothing(cast: Cast, gift: str) -> None:
    before = everything_held()
    done = plan_consignment(
        cast("donor-ind"), **PLANNED, lines=f"{gift}=6 box", waybill="AWB 1182", carrier="Air India"
    )
    line = ConsignmentLine.objects.get(consignment=done.ref)
    assert (line.number, line.source, line.quantity, line.typed, line.unit) == (
        1, f"allocated/{gift}/TCD", 600, "6", "box",
    )  # fmt: skip
    assert done.facts == {"lines": 1, "taken_from": [f"allocated/{gift}/TCD"]}
    assert everything_held() == before


@pytest.mark.parametrize("who", ["donor-ind", "task-force"])
def test_the_donor_and_the_secretariat_of_the_recipient_plan_it(cast: Cast, gift: str, who: str) -> None:
    assert planned(cast, gift, who=who)


@pytest.mark.parametrize(
    "who",
    [
        "focal-tcd",
        "focal-ken",
        "donor-unicef",
        "task-force-eu",
        "board-aze",
        "auditor",
        "operator",
        "registrar-tcd",
        "public",
    ],
)
def test_nobody_else_sends_what_the_donor_still_has(cast: Cast, gift: str, who: str) -> None:
    with pytest.raises(NotAllowed):
        planned(cast, gift, who=who)
    assert not Consignment.objects.exists()


def test_a_party_below_the_recipient_may_be_sent_to_directly(cast: Cast, gift: str) -> None:
    ref = planned(cast, gift, destination="TCD-moissala")
    assert ConsignmentLine.objects.get(consignment=ref).source == f"allocated/{gift}/TCD"


def test_what_is_allocated_to_the_clinic_itself_goes_first(cast: Cast) -> None:
    gift = make_gift("IND", "vaccine-measles", 900, allocated={"TCD": 400, "TCD-moissala": 500})
    ref = planned(cast, gift, "500", destination="TCD-moissala")
    assert ConsignmentLine.objects.get(consignment=ref).source == f"allocated/{gift}/TCD-moissala"


def test_a_gift_by_name_needs_no_round(cast: Cast) -> None:
    gift = make_gift("UNICEF", "mask-surgical", 5000, meant_for="TCD")
    ref = planned(cast, gift, "100 box", origin="UNICEF", who="donor-unicef")
    assert ConsignmentLine.objects.get(consignment=ref).source == f"offered/{gift}"


@pytest.mark.parametrize("meant_for", ["", "NAM", "KEN", "TCD;KEN"])
def test_what_is_meant_for_more_than_one_waits_for_a_round(cast: Cast, meant_for: str) -> None:
    gift = make_gift("UNICEF", "mask-surgical", 5000, meant_for=meant_for)
    with pytest.raises(ActionRefused, match="a round allocates them, or the donor gives them to TCD by name"):
        planned(cast, gift, "100", origin="UNICEF", who="donor-unicef")


def test_a_lot_of_a_live_round_is_not_given_away_beside_it(cast: Cast) -> None:
    gift = make_gift("UNICEF", "mask-surgical", 5000, meant_for="TCD")
    row = Round.objects.create(
        ref="RD-0000000001", title="masks", group_id="NAM", resource_id="mask-surgical", rule="equal-coverage",
        date=TODAY, state="frozen", opened_by="u-task-force", made_at=cast("task-force").at,
    )  # fmt: skip
    RoundLot.objects.create(round=row, offer_id=gift, packs=100, pack_size=50)
    with pytest.raises(ActionRefused, match="a lot of the round RD-0000000001"):
        planned(cast, gift, "100", origin="UNICEF", who="donor-unicef")


def test_two_plans_together_send_no_more_than_there_is(cast: Cast, gift: str) -> None:
    first = planned(cast, gift)
    with pytest.raises(ActionRefused, match=r"holds 1,000, of which other consignments mean to take 600"):
        planned(cast, gift)
    cancel_consignment(cast("donor-ind", reason="no flight"), consignment=first)
    assert planned(cast, gift)


def test_a_dispatched_plan_counts_no_longer_as_a_plan(cast: Cast, gift: str) -> None:
    sent(cast, gift, "600")
    assert planned(cast, gift, "400")
    with pytest.raises(ActionRefused, match="mean to take 400"):
        planned(cast, gift, "1")


def test_only_what_was_received_is_sent_on(cast: Cast, gift: str) -> None:
    with pytest.raises(ActionRefused, match=r"TCD has no units of .* to send to TCD-moissala. Its units are"):
        planned(cast, gift, who="focal-tcd", origin="TCD", destination="TCD-moissala")


def test_the_state_sends_on_to_its_district_and_the_district_to_its_clinic(cast: Cast, gift: str) -> None:
    receive_consignment(cast("focal-tcd"), consignment=sent(cast, gift))
    for origin, destination, quantity in (("TCD", "TCD-mandoul", "300"), ("TCD-mandoul", "TCD-moissala", "100")):
        ref = planned(cast, gift, quantity, who="focal-tcd", origin=origin, destination=destination)
        dispatch_consignment(cast("focal-tcd"), consignment=ref)
        receive_consignment(cast("focal-tcd"), consignment=ref)
    assert [held("received", gift, party) for party in ("TCD", "TCD-mandoul", "TCD-moissala")] == [300, 200, 100]


@pytest.mark.parametrize("who", ["donor-ind", "nurse-moissala", "focal-ken", "task-force-eu"])
def test_nobody_disposes_of_what_somebody_else_received(cast: Cast, gift: str, who: str) -> None:
    receive_consignment(cast("focal-tcd"), consignment=sent(cast, gift))
    with pytest.raises(NotAllowed):
        planned(cast, gift, "100", who=who, origin="TCD", destination="FRA")
    assert Consignment.objects.count() == 1


def test_a_clinic_does_not_give_away_what_its_own_state_gives(cast: Cast) -> None:
    gift = make_gift("TCD", "vaccine-measles", 900, meant_for="KEN")
    with pytest.raises(NotAllowed):
        planned(cast, gift, "100", who="nurse-moissala", origin="TCD-moissala", destination="KEN")
    assert planned(cast, gift, "100", who="focal-tcd", origin="TCD-moissala", destination="KEN")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"origin": "IDN"}, "no party 'IDN'; did you mean 'IND'?"),
        ({"destination": "TDC"}, "no party 'TDC'; did you mean 'TCD'?"),
        ({"programme": "PG-1"}, "no programme 'PG-1'"),
    ],
)
def test_names_that_do_not_exist_are_refused(cast: Cast, gift: str, wrong: dict[str, str], sentence: str) -> None:
    with pytest.raises(NameUnknown) as refused:
        planned(cast, gift, **wrong)
    assert sentence in str(refused.value)


def test_every_problem_of_the_lines_is_said_at_once(cast: Cast, gift: str) -> None:
    money = make_gift("IND", "USD", 5000)
    with pytest.raises(InputRefused) as refused:
        planned(cast, gift, f"6 crate;OF-1=5;{gift};{money}=10 USD;{gift}=0")
    said = str(refused.value)
    for sentence in (
        "no unit 'crate'",
        "no offer 'OF-1'",
        "is not a number with a unit",
        "is money (USD)",
        "give at least 1",
    ):
        assert sentence in said
    assert refused.value.total == 5


@pytest.mark.parametrize("lines", ["", ";;", " "])
def test_a_consignment_of_nothing_is_refused(cast: Cast, gift: str, lines: str) -> None:
    with pytest.raises(InputRefused, match="not nothing"):
        plan_consignment(cast("donor-ind"), **PLANNED, lines=lines)


def test_an_offer_stands_in_one_line(cast: Cast, gift: str) -> None:
    with pytest.raises(InputRefused, match="stands in two lines"):
        planned(cast, gift, f"100;{gift}=200")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"destination": "IND"}, "would send to itself"),
        ({"kind": "parcel"}, "no kind of consignment 'parcel'"),
        ({"leaves_on": TODAY, "due_on": TODAY - timedelta(1)}, "cannot arrive on"),
        ({"waybill": "w" * 81}, "81 characters"),
        ({"carrier": "Air\u202eIndia"}, "unseen character"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, gift: str, wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ActionRefused, match=sentence):
        planned(cast, gift, **wrong)


def test_what_would_arrive_after_its_last_day_is_not_planned(cast: Cast) -> None:
    gift = make_gift("IND", "vaccine-measles", 500, allocated={"TCD": 500}, expires=TODAY + timedelta(7))
    with pytest.raises(ActionRefused, match="expires on 2026-03-09"):
        planned(cast, gift, "5 box", due_on=TODAY + timedelta(8))
    assert planned(cast, gift, "5 box", due_on=TODAY + timedelta(7))


def test_a_retired_party_receives_nothing_new(cast: Cast, gift: str) -> None:
    Party.objects.filter(pk="TCD-moissala").update(retired_on=TODAY)
    with pytest.raises(ActionRefused, match="was retired on"):
        planned(cast, gift, destination="TCD-moissala")


def test_a_statement_has_nothing_to_send(cast: Cast, gift: str) -> None:
    from evenhand.records.models import Offer

    row = Offer.objects.get(pk=gift)
    row.pk, row.firmness = "OF-STATEMENT0", "statement"
    row.save(force_insert=True)
    with pytest.raises(ActionRefused, match="it is a statement, and counts from pledge on"):
        planned(cast, "OF-STATEMENT0")


def test_a_team_is_deployed_like_goods_are_shipped(cast: Cast) -> None:
    team = make_gift("IND", "team-medical", 2, allocated={"TCD": 2})
    ref = planned(cast, team, "1 team", kind="deployment")
    dispatch_consignment(cast("donor-ind"), consignment=ref)
    receive_consignment(cast("focal-tcd"), consignment=ref)
    assert held("received", team, "TCD") == 1


def test_the_same_plan_twice_is_one_consignment(cast: Cast, gift: str) -> None:
    given = PLANNED | {"lines": f"{gift}=6 box"}
    first = plan_consignment(cast("donor-ind", request="p-1"), **given)
    again = plan_consignment(cast("donor-ind", request="p-1"), **given)
    assert (again.ref, again.repeated, Consignment.objects.count()) == (first.ref, True, 1)
    with pytest.raises(RepeatDiffers, match="another destination"):
        plan_consignment(cast("donor-ind", request="p-1"), **given | {"destination": "KEN"})


def test_a_plan_that_fails_halfway_leaves_nothing(cast: Cast, gift: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActionLine.objects, "create", _fail)
    with pytest.raises(OSError, match="full"):
        planned(cast, gift)
    assert not Consignment.objects.exists()
    assert not ConsignmentLine.objects.exists()


def _fail(*_: object, **__: object) -> None:
    raise OSError("the disk is full")


# --- dispatch ------------------------------------------------------------------------------------------------------


def test_dispatch_puts_the_units_on_the_way(cast: Cast, gift: str) -> None:
    ref = sent(cast, gift)
    assert held("allocated", gift, "TCD") == 400
    assert held("in-transit", gift, ref) == 600
    entry = Entry.objects.get(concerns=ref)
    assert (entry.verb, entry.typed, entry.unit, entry.quantity) == ("dispatch", "6", "box", 600)


def test_an_entry_carries_the_money_value_the_donor_gave(cast: Cast) -> None:
    gift = make_gift(
        "IND", "vaccine-measles", 500, allocated={"TCD": 500}, unit_value="2.15", currency="USD", valued_on=TODAY
    )
    entry = Entry.objects.get(concerns=sent(cast, gift, "5 box"))
    assert (entry.value, entry.currency, entry.valued_on) == ("1075", "USD", TODAY.isoformat())


@pytest.mark.parametrize("who", ["focal-tcd", "focal-ken", "donor-unicef", "task-force-eu", "auditor", "public"])
def test_only_who_sends_it_dispatches_it(cast: Cast, gift: str, who: str) -> None:
    ref = planned(cast, gift)
    with pytest.raises(NotAllowed):
        dispatch_consignment(cast(who), consignment=ref)
    with pytest.raises(NotAllowed):
        cancel_consignment(cast(who, reason="mine now"), consignment=ref)
    assert held("in-transit", gift, ref) == 0


def test_a_consignment_leaves_once(cast: Cast, gift: str) -> None:
    ref = sent(cast, gift)
    with pytest.raises(ActionRefused, match="has left already"):
        dispatch_consignment(cast("donor-ind"), consignment=ref)
    assert held("in-transit", gift, ref) == 600


def test_the_same_dispatch_twice_moves_once(cast: Cast, gift: str) -> None:
    ref = planned(cast, gift)
    dispatch_consignment(cast("donor-ind", request="d-1"), consignment=ref)
    assert dispatch_consignment(cast("donor-ind", request="d-1"), consignment=ref).repeated
    assert held("in-transit", gift, ref) == 600
    with pytest.raises(RepeatDiffers):
        dispatch_consignment(cast("donor-ind", request="d-1"), consignment=ref, on=TODAY)


def test_nothing_leaves_on_a_day_that_has_not_come(cast: Cast, gift: str) -> None:
    with pytest.raises(ActionRefused, match="has not come yet"):
        dispatch_consignment(cast("donor-ind"), consignment=planned(cast, gift), on=TODAY + timedelta(1))


def test_what_was_taken_meanwhile_is_not_sent(cast: Cast, gift: str) -> None:
    receive_consignment(cast("focal-tcd"), consignment=sent(cast, gift))
    ref = planned(cast, gift, "600", who="focal-tcd", origin="TCD", destination="TCD-mandoul")
    distribute_stock(cast("focal-tcd"), party="TCD", offer=gift, quantity="1")
    with pytest.raises(StockShort, match="holds 599 base units"):
        dispatch_consignment(cast("focal-tcd"), consignment=ref)
    distribute_stock(cast("focal-tcd"), party="TCD", offer=gift, quantity="599")
    with pytest.raises(ActionRefused, match="nothing is left in received"):
        dispatch_consignment(cast("focal-tcd"), consignment=ref)


def test_a_consignment_that_does_not_exist_is_refused(cast: Cast, gift: str) -> None:
    with pytest.raises(NameUnknown, match="no consignment"):
        dispatch_consignment(cast("donor-ind"), consignment="CN-0000000000")


def test_a_dispatch_that_fails_halfway_leaves_nothing(cast: Cast, gift: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ref, before, entries = planned(cast, gift), everything_held(), entries_written()
    monkeypatch.setattr(ActionLine.objects, "create", _fail)
    with pytest.raises(OSError, match="full"):
        dispatch_consignment(cast("donor-ind"), consignment=ref)
    assert (everything_held(), entries_written()) == (before, entries)


def test_one_line_that_falls_short_stops_the_whole_dispatch(cast: Cast, gift: str) -> None:
    masks = make_gift("IND", "mask-surgical", 5000, allocated={"TCD": 5000})
    ref = planned(cast, gift, f"600;{masks}=5000")
    ConsignmentLine.objects.filter(offer=masks).update(quantity=5001)
    before = everything_held()
    with pytest.raises(StockShort):
        dispatch_consignment(cast("donor-ind"), consignment=ref)
    assert everything_held() == before


# --- cancel --------------------------------------------------------------------------------------------------------


def test_a_cancelled_consignment_never_leaves(cast: Cast, gift: str) -> None:
    ref = planned(cast, gift)
    cancel_consignment(cast("task-force", reason="the airport is closed"), consignment=ref)
    with pytest.raises(ActionRefused, match="was cancelled"):
        dispatch_consignment(cast("donor-ind"), consignment=ref)
    with pytest.raises(ActionRefused, match="cancelled already"):
        cancel_consignment(cast("donor-ind", reason="again"), consignment=ref)


def test_a_cancellation_needs_a_reason(cast: Cast, gift: str) -> None:
    with pytest.raises(ActionRefused, match="needs a reason"):
        cancel_consignment(cast("donor-ind"), consignment=planned(cast, gift))


def test_what_has_left_is_not_cancelled(cast: Cast, gift: str) -> None:
    with pytest.raises(ActionRefused, match="has left, so it can no longer be cancelled"):
        cancel_consignment(cast("donor-ind", reason="a mistake"), consignment=sent(cast, gift))


def test_the_same_cancellation_twice_is_one(cast: Cast, gift: str) -> None:
    ref = planned(cast, gift)
    for repeated in (False, True):
        done = cancel_consignment(cast("donor-ind", reason="no flight", request="c-1"), consignment=ref)
        assert done.repeated is repeated
    with pytest.raises(OptionRefused):
        cancel_consignment(cast("donor-ind", reason="no flight", request="x" * 37), consignment=ref)


def test_a_cancellation_that_fails_halfway_leaves_the_plan(
    cast: Cast, gift: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = planned(cast, gift)
    monkeypatch.setattr(ActionLine.objects, "create", _fail)
    with pytest.raises(OSError, match="full"):
        cancel_consignment(cast("donor-ind", reason="no flight"), consignment=ref)
    assert not Consignment.objects.get(pk=ref).cancelled
