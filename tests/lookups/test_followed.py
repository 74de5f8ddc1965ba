"""What followed what was said: steps with their days, shares that say what they rest on, and no statement in any total."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from evenhand_cast import NOW, Cast
from evenhand_giving import Trail, now, trail

from evenhand.access.viewers import PUBLIC
from evenhand.errors import NameUnknown, OptionRefused
from evenhand.lookups.followed import count_followed, list_followed
from evenhand.lookups.kept_words import KeptWords, list_kept_words
from evenhand.lookups.promises import list_promises
from evenhand.lookups.reach import today
from evenhand.records.models import Evidence, Resource
from evenhand.said.models import Reading, Statement, StatementLink, Thread

__all__ = ["trail"]
pytestmark = pytest.mark.django_db

WORDS = "India will send 800 doses to Chad"


@pytest.fixture
def document(cast: Cast) -> None:
    """A public readout that statements can stand in."""
    Evidence.objects.create(ref="EV-SAID000001", title="A readout", kind="readout", public=True, made_at=NOW)
    Reading.objects.create(
        evidence_id="EV-SAID000001", text=WORDS, text_sha256="x", made_by="u-1", made_at=NOW, reader="r", publisher="The Daily"
    )  # fmt: skip


def say(number: int, *links: str, receivers: tuple[str, ...] = (), state: str = "accepted", **given: Any) -> str:
    """Keep a statement, as accepting one would."""
    ref = f"ST-SAID00000{number}"
    values: dict[str, Any] = {
        "speaker": "A minister", "kind": "promised", "giver_id": "IND", "resource_words": "doses", "resource_id": "vaccine-measles",
        "quantity": Decimal(800), "unit": "dose", "said_on": date(2026, 1, number),
    }  # fmt: skip
    one = Statement.objects.create(
        ref=ref, evidence_id="EV-SAID000001", start=0, end=len(WORDS), words=WORDS, state=state, made_at=NOW, accepted_at=NOW,
        **values | given,
    )  # fmt: skip
    one.receivers.set(receivers)
    for about in links:
        StatementLink.objects.create(statement=one, about=about)
    return ref


def test_a_statement_is_followed_step_by_step_to_receipt_with_days(trail: Trail, document: None) -> None:
    say(1, trail.offer)
    (one,) = list_followed(PUBLIC)
    assert (one.giver, one.words, one.publisher, one.offers, one.programmes) == (
        "IND", WORDS, "The Daily", (trail.offer,), (trail.programme,),
    )  # fmt: skip
    family = next(row for row in list_promises(PUBLIC, by="offer", donor="IND") if row.key == trail.offer)
    assert (one.committed, one.allocated, one.dispatched, one.received, one.used) == (
        family.committed, None, family.dispatched, family.received, family.used,
    )  # fmt: skip
    steps = {step.step: step for step in one.steps}
    assert list(steps) == ["pledged", "committed", "allocated", "dispatched", "received", "used"]
    assert steps["dispatched"].first == steps["received"].last == now().date()
    assert steps["allocated"] == type(steps["allocated"])("allocated")
    assert one.rests_on == "offers"


def test_only_what_came_to_the_receivers_named_is_beside_the_words(trail: Trail, document: None) -> None:
    say(1, trail.offer, receivers=("TCD",))
    say(2, trail.offer, receivers=("TCD-moissala",))
    say(3, trail.offer, receivers=("KEN",))
    chad, clinic, kenya = list_followed(PUBLIC)
    assert chad.received
    assert clinic.received
    assert Fraction(clinic.received) / Fraction(chad.received) == Fraction(100, 500)
    assert (kenya.dispatched, kenya.received, kenya.rests_on) == (None, None, "offers")


def test_a_statement_alone_shows_and_is_in_no_total(trail: Trail, document: None) -> None:
    before = list_promises(PUBLIC)
    say(1, quantity=Decimal(10**9))
    (one,) = list_followed(PUBLIC)
    assert (one.rests_on, one.steps, one.said, one.received, one.family) == ("no link", (), None, None, "")
    assert list_promises(PUBLIC) == before
    (kept,) = list_kept_words(PUBLIC)
    assert (kept.promises, kept.compared, kept.no_link, kept.said, kept.share) == (1, 0, 1, 0, None)


@pytest.mark.parametrize(
    ("given", "rests_on"),
    [({"quantity": None}, "no amount"), ({"unit": "lorry"}, "no unit"), ({}, "offers")],
)
def test_a_comparison_says_what_it_rests_on(trail: Trail, document: None, given: dict[str, Any], rests_on: str) -> None:
    say(1, trail.offer, **given)
    assert list_followed(PUBLIC)[0].rests_on == rests_on
    (kept,) = list_kept_words(PUBLIC)
    assert kept.compared == (rests_on == "offers")
    assert (kept.share is None) == (rests_on != "offers")


def test_offers_of_several_things_are_not_added_up(trail: Trail, document: None) -> None:
    say(1, trail.offer, trail.money)
    (one,) = list_followed(PUBLIC)
    assert (one.rests_on, one.family, one.steps, one.received) == ("several things", "", (), None)


def test_a_promise_said_twice_is_one_and_its_newest_amount_counts(trail: Trail, document: None) -> None:
    Thread.objects.create(ref="TH-1", title="doses", made_at=NOW)
    say(1, trail.offer, thread_id="TH-1", quantity=Decimal(400))
    say(2, trail.offer, thread_id="TH-1", quantity=Decimal(1000))
    say(3, thread_id="TH-1", kind="given")
    (kept,) = list_kept_words(PUBLIC)
    assert (kept.statements, kept.promises, kept.compared) == (2, 1, 1)
    assert kept.share == Fraction(500, 1000)


def test_nothing_is_more_than_wholly_kept(trail: Trail, document: None) -> None:
    say(1, trail.offer, quantity=Decimal(10))
    assert list_kept_words(PUBLIC)[0].share == 1


def test_a_promise_whose_day_has_passed_is_late_until_it_has_wholly_arrived(trail: Trail, document: None) -> None:
    yesterday, tomorrow = today() - timedelta(1), today() + timedelta(1)
    late = [say(1, deadline=yesterday), say(2, trail.offer, deadline=yesterday, quantity=Decimal(600))]
    say(3, trail.offer, deadline=yesterday, quantity=Decimal(500))
    say(4, deadline=tomorrow)
    say(5, deadline=yesterday, kind="given")
    found = list_followed(PUBLIC, late=True)
    assert [one.statement for one in found] == late
    assert [(one.late_since, one.days) for one in found] == [(yesterday, 1)] * 2
    assert count_followed(PUBLIC, late=True) == 2


def test_a_promise_has_wholly_arrived_only_where_it_can_be_compared(trail: Trail, document: None) -> None:
    say(1, trail.offer, quantity=Decimal(500))
    for number, other in enumerate(
        ({"quantity": Decimal(501)}, {"quantity": None}, {"unit": "lorry"}, {"kind": "given"}), 2
    ):
        say(number, trail.offer, **{"quantity": Decimal(500), **other})
    say(6)
    found = list_followed(PUBLIC)
    assert [one.arrived_whole for one in found] == [True, False, False, False, False, False]
    assert (found[0].arrived_on, found[5].arrived_on) == (now().date(), None)


def test_what_is_pledged_is_the_receivers_where_it_is_meant_for_them_alone(trail: Trail, document: None) -> None:
    say(1, trail.offer)
    say(2, trail.offer, receivers=("TCD",))
    say(3, trail.offer, receivers=("TCD", "KEN"))
    say(4, trail.offer, receivers=("KEN",))
    say(5, trail.statement, receivers=("TCD",))
    assert [one.in_all for one in list_followed(PUBLIC)] == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("unit", "words", "said"),
    [
        ("mask", "masks", 500), ("piece", "masks", 500), ("box", "boxes of masks", 25_000), ("lorry", "lorries of masks", None),
        ("respirator", "respirators", 500), ("tent", "masks", None), ("", "masks", None),
    ],
)  # fmt: skip
def test_a_unit_that_is_the_thing_itself_counts_it_one_by_one(
    cast: Cast, document: None, unit: str, words: str, said: int | None
) -> None:
    from evenhand.actions.offers import make_offer

    Resource.objects.filter(pk="mask-surgical").update(name="Medical mask, type II or IIR")
    offer = make_offer(cast("donor-ind"), donor="IND", resource="mask-surgical", quantity="5000", firmness="commitment")
    say(1, offer.ref, quantity=Decimal(500), unit=unit, resource_words=words, resource_id="mask-surgical")
    (one,) = list_followed(PUBLIC)
    assert (one.said, one.rests_on) == (said, "offers" if said else "no unit")


def test_a_word_of_another_claim_is_no_unit_of_what_is_offered(cast: Cast, document: None) -> None:
    from evenhand.actions.offers import make_offer

    Resource.objects.filter(pk="mask-surgical").update(name="Medical mask, type II or IIR")
    offer = make_offer(cast("donor-ind"), donor="IND", resource="mask-surgical", quantity="5000", firmness="commitment")
    say(1, offer.ref, quantity=Decimal(500), unit="blanket", resource_words="blankets", resource_id=None)
    say(2, offer.ref, quantity=Decimal(500), unit="mask", resource_words="aid", resource_id=None)
    assert [one.rests_on for one in list_followed(PUBLIC)] == ["no unit", "offers"]


def test_money_that_was_paid_is_dispatched_and_received(cast: Cast, trail: Trail, document: None) -> None:
    from evenhand.actions.money import pay_money

    pay_money(cast("donor-unicef", request="pay-1"), offer=trail.money, to="TCD", quantity="20000 USD")
    say(1, trail.money, giver_id="UNICEF", resource_id="USD", quantity=Decimal(80000), unit="USD", receivers=("TCD",))
    (one,) = list_followed(PUBLIC)
    assert (one.said, one.committed, one.dispatched, one.received) == (8_000_000, 7_000_000, 2_000_000, 2_000_000)
    assert list_kept_words(PUBLIC, by="receiver")[0].share == Fraction(1, 4)


def test_rows_are_had_by_donor_receiver_and_programme(trail: Trail, document: None) -> None:
    say(1, trail.offer, receivers=("TCD", "KEN"))
    say(2, receivers=(), receiver_names=["the islanders"], giver_id=None, giver_name="A company")

    def keys(by: str) -> list[tuple[str, str]]:
        return [(row.key, row.name) for row in list_kept_words(PUBLIC, by=by)]

    assert keys("donor") == [("", "A company"), ("IND", "")]
    assert keys("receiver") == [("", "the islanders"), ("KEN", ""), ("TCD", "")]
    assert keys("programme") == [("", ""), (trail.programme, "")]
    assert isinstance(list_kept_words(PUBLIC)[0], KeptWords)


def test_choices_choose_and_what_names_nothing_is_refused(trail: Trail, document: None) -> None:
    linked, alone = say(1, trail.offer, receivers=("TCD-moissala",)), say(2, trail.programme, kind="given")

    def found(**asked: Any) -> list[str]:
        return [one.statement for one in list_followed(PUBLIC, **asked)]

    assert found(receiver="TCD") == [linked]
    assert found(kind="given") == [alone]
    assert found(programme=trail.programme) == [linked, alone]
    assert found(donor="UNICEF") == []
    assert found(group="NAM") == [linked, alone]
    assert found(order="-said_on", most=1) == [alone]
    with pytest.raises(NameUnknown):
        found(donor="INDD")
    with pytest.raises(OptionRefused):
        found(kind="needed")
    with pytest.raises(OptionRefused):
        list_kept_words(PUBLIC, by="month")


def test_what_is_only_proposed_nobody_reads_here(cast: Cast, trail: Trail, document: None) -> None:
    say(1, trail.offer, state="proposed")
    assert list_followed(PUBLIC) == list_followed(cast.viewers["task-force"]) == []
