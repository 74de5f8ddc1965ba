"""Whose the units are, where they are, and the whole path of an offer, on figures small enough to add up by hand."""

from __future__ import annotations

import pytest
from evenhand_cast import Cast
from evenhand_stock import everything_held, make_gift

from evenhand.actions.consignments import dispatch_consignment, plan_consignment
from evenhand.actions.money import pay_money, spend_money
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.reversals import reverse_entry
from evenhand.actions.stock import distribute_stock, expire_stock, lose_stock, return_stock
from evenhand.records.models import Offer
from evenhand.stockbook.models import Consignment, Entry
from evenhand.stockbook.tracing import Share, list_holdings, trace_consignment, trace_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def gift(cast: Cast) -> str:
    """India gives 4,000 doses; 1,500 are allocated to Chad, 500 to Kenya."""
    return make_gift("IND", "vaccine-measles", 4000, allocated={"TCD": 1500, "KEN": 500})


def send(cast: Cast, gift: str, who: str, origin: str, destination: str, quantity: str) -> str:
    ref = plan_consignment(cast(who), origin=origin, destination=destination, lines=f"{gift}={quantity}").ref
    return dispatch_consignment(cast(who), consignment=ref).ref


def story(cast: Cast, gift: str) -> tuple[str, str]:
    """To Chad 1,200: 1,000 good, 100 damaged, 50 missing, 50 on the way. On to the clinic 300; it uses 250, loses 20."""
    first = send(cast, gift, "donor-ind", "IND", "TCD", "12 box")
    receive_consignment(
        cast("focal-tcd"), consignment=first, good="1000 dose", damaged="100 dose", missing="50 dose", cause="wet",
        note="rain at the airport",
    )  # fmt: skip
    second = send(cast, gift, "focal-tcd", "TCD", "TCD-moissala", "3 box")
    receive_consignment(cast("nurse-moissala"), consignment=second)
    nurse = cast("nurse-moissala")
    distribute_stock(nurse, party="TCD-moissala", offer=gift, quantity="250")
    lose_stock(cast("nurse-moissala"), party="TCD-moissala", offer=gift, quantity="20", cause="theft")
    return_stock(cast("focal-tcd"), party="TCD", offer=gift, quantity="60")
    expire_stock(cast("focal-tcd", reason="label"), offer=gift, stage="received", holder="TCD", quantity="40")
    return first, second


def test_the_path_of_an_offer_leads_to_the_last_hand(cast: Cast, gift: str) -> None:
    story(cast, gift)
    path = trace_offer(Offer.objects.get(pk=gift))
    assert (path.donor, path.resource, path.entered) == ("IND", "vaccine-measles", 4000)
    assert path.stages == {
        "offered": 2000, "allocated": 800, "in-transit": 50, "received": 610, "used": 250, "damaged": 100,
        "missing": 70, "expired": 40, "returned": 60,
    } | {"received": 4000 - 2000 - 800 - 50 - 250 - 100 - 70 - 40 - 60}  # fmt: skip
    assert path.shares == (
        Share("KEN", allocated=500),
        Share(
            "TCD", allocated=1500, sent=1200, received=1000, passed_on=300, damaged=100, missing=50, expired=40,
            returned=60, held=600,
        ),
        Share("TCD-moissala", sent=300, received=300, used=250, missing=20, held=30),
    )  # fmt: skip


def test_the_stages_of_a_path_are_the_kept_balances(cast: Cast, gift: str) -> None:
    story(cast, gift)
    kept: dict[str, int] = {}
    for key, balance in everything_held().items():
        stage = key.split("/")[0]
        kept[stage] = kept.get(stage, 0) + balance
    assert kept.pop("outside") == -4000
    assert trace_offer(Offer.objects.get(pk=gift)).stages == kept


def test_a_reversal_is_taken_off_the_path(cast: Cast, gift: str) -> None:
    before = trace_offer(Offer.objects.get(pk=gift))
    ref = send(cast, gift, "donor-ind", "IND", "TCD", "12 box")
    receive_consignment(cast("focal-tcd"), consignment=ref)
    for who, verb in (("focal-tcd", "receive"), ("donor-ind", "dispatch")):
        reverse_entry(cast(who, reason="the plane turned round"), entry=Entry.objects.get(verb=verb).entry)
    assert trace_offer(Offer.objects.get(pk=gift)) == before


def test_the_donor_of_every_unit_in_a_partys_hands_is_known(cast: Cast, gift: str) -> None:
    other = make_gift("UNICEF", "vaccine-measles", 100, allocated={"TCD": 100})
    receive_consignment(cast("focal-tcd"), consignment=send(cast, gift, "donor-ind", "IND", "TCD", "3"))
    receive_consignment(cast("focal-tcd"), consignment=send(cast, other, "donor-unicef", "UNICEF", "TCD", "5"))
    held = list_holdings(parties=["TCD"], stages=["received"])
    assert {(one.donor, one.quantity) for one in held} == {("IND", 3), ("UNICEF", 5)}


def test_sender_and_donor_see_the_difference_and_its_cause(cast: Cast, gift: str) -> None:
    first, second = story(cast, gift)
    path = trace_consignment(Consignment.objects.get(pk=first))
    (line,) = path.differences
    assert (path.state, line.donor) == ("part received", "IND")
    assert (line.line.sent, line.line.good, line.line.damaged, line.line.missing, line.line.on_the_way) == (
        1200, 1000, 100, 50, 50,
    )  # fmt: skip
    assert [(one.stage, one.quantity, one.cause, one.note) for one in line.causes] == [
        ("damaged", 100, "wet", "rain at the airport"),
        ("missing", 50, "wet", "rain at the airport"),
    ]
    assert trace_consignment(Consignment.objects.get(pk=second)).state == "closed"


def test_a_reversed_finding_is_no_difference(cast: Cast, gift: str) -> None:
    first, _ = story(cast, gift)
    reverse_entry(cast("focal-tcd", reason="found behind the crates"), entry=Entry.objects.filter(verb="miss")[0].entry)
    (line,) = trace_consignment(Consignment.objects.get(pk=first)).differences
    assert [one.stage for one in line.causes] == ["damaged"]
    assert (line.line.missing, line.line.on_the_way) == (0, 100)


def test_money_is_followed_like_goods(cast: Cast) -> None:
    money = make_gift("UNICEF", "USD", 500_000, meant_for="TCD")
    pay_money(cast("donor-unicef"), offer=money, to="TCD", quantity="1500 USD")
    spend_money(cast("focal-tcd"), party="TCD", offer=money, quantity="400 USD")
    path = trace_offer(Offer.objects.get(pk=money))
    assert path.stages == {"committed": 350_000, "paid": 110_000, "spent": 40_000}
    assert path.shares == (Share("TCD", received=150_000, used=40_000, held=110_000),)


def test_what_never_entered_the_book_has_no_path(cast: Cast, gift: str) -> None:
    row = Offer.objects.get(pk=gift)
    row.pk = "OF-STATEMENT0"
    row.save(force_insert=True)
    path = trace_offer(Offer.objects.get(pk="OF-STATEMENT0"))
    assert (path.entered, path.stages, path.shares, path.flows) == (0, {}, (), ())
