"""An offer enters the stock book when it counts, and what left it is never taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from action_grid import refused
from django.db import transaction
from evenhand_cast import NOW, TODAY, Cast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.actions.offers import change_offer, firm_offer, make_offer, withdraw_offer
from evenhand.actions.programmes import start_programme
from evenhand.errors import ActionRefused, InputRefused, NameUnknown, NotAllowed
from evenhand.ledger.entries import AccountKey
from evenhand.records.earmarks import only_party
from evenhand.records.models import Offer, Party, Resource
from evenhand.rounds.models import Round, RoundLot
from evenhand.stockbook.models import Account, Entry
from evenhand.stockbook.posting import Posting, post

pytestmark = pytest.mark.django_db
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
GIVEN: dict[str, Any] = {"donor": "IND", "resource": "vaccine-measles", "quantity": "40 box"}
MONEY: dict[str, Any] = {"donor": "IND", "resource": "USD", "quantity": "2500.50 USD"}


def make(cast: Cast, **given: Any) -> str:
    return make_offer(cast("donor-ind"), **GIVEN | given).ref


def make_money(cast: Cast, **given: Any) -> str:
    return make_offer(cast("donor-ind"), **MONEY | given).ref


def change(cast: Cast, offer: str, **given: Any) -> Any:
    return change_offer(cast("donor-ind", reason="the factory wrote"), offer=offer, **given)


def withdraw(cast: Cast, offer: str) -> Any:
    return withdraw_offer(cast("donor-ind", reason="spoiled"), offer=offer)


def firm(cast: Cast, offer: str, firmness: str) -> Any:
    return firm_offer(cast("donor-ind"), offer=offer, firmness=firmness)


def book(offer: str) -> dict[str, int]:
    """Return the balances of an offer's accounts that are not empty."""
    rows = Account.objects.filter(offer=offer).exclude(balance=0)
    return {row.key.replace(f"/{offer}", ""): row.balance for row in rows}


def allocate(offer: str, quantity: int, stage: str = "offered") -> None:
    """Write what a decided round writes."""
    row = Offer.objects.get(pk=offer)
    source, target = AccountKey(stage, offer), AccountKey("allocated", offer, "TCD")
    post(
        [Posting(f"al-{offer}", "allocate", source, target, row.resource_id, quantity, TODAY)],
        action="a",
        by="u",
        recorded=NOW,
    )


@pytest.mark.parametrize(
    ("resource", "quantity", "firmness", "expected"),
    [
        ("vaccine-measles", "40 box", "statement", {}),
        ("vaccine-measles", "40 box", "pledge", {"outside": -4000, "offered": 4000}),
        ("vaccine-measles", "40 box", "commitment", {"outside": -4000, "offered": 4000}),
        ("team-medical", "3", "pledge", {"outside": -3, "offered": 3}),
        ("house", "3", "pledge", {"outside": -3, "offered": 3}),
        ("dialysis", "3", "pledge", {"outside": -3, "offered": 3}),
        ("USD", "10 USD", "statement", {}),
        ("USD", "10 USD", "pledge", {}),
        ("USD", "10 USD", "commitment", {"outside": -1000, "committed": 1000}),
    ],
)
def test_goods_count_from_a_pledge_and_money_from_a_commitment(
    cast: Cast, resource: str, quantity: str, firmness: str, expected: dict[str, int]
) -> None:
    ref = make(cast, resource=resource, quantity=quantity, firmness=firmness)
    assert book(ref) == expected
    assert Offer.objects.get(pk=ref).firmness == firmness


def test_the_entry_keeps_what_was_typed_and_when_it_was_said_and_its_value(cast: Cast) -> None:
    ref = make(cast, said_on=date(2026, 2, 1), unit_value="2.150", currency="USD", valued_on=date(2026, 1, 31))
    entry = Entry.objects.get()
    assert (entry.verb, entry.quantity, entry.typed, entry.unit, entry.happened) == (
        "offer",
        4000,
        "40",
        "box",
        "2026-02-01",
    )
    assert (entry.value, entry.currency, entry.valued_on, entry.concerns) == ("8600", "USD", "2026-01-31", ref)
    assert Offer.objects.get(pk=ref).unit_value == "2.15"


def test_everything_that_was_said_is_kept(cast: Cast) -> None:
    programme = start_programme(cast("donor-ind"), title="Measles", kind="aid", lead="IND").ref
    ref = make(
        cast, pack="vial", min_packs=5, window_from=TODAY, window_until=TOMORROW, meant_for="NAM; TCD;NAM", not_for="EU",
        conditions="for children\nunder five", expires=TOMORROW, programme=programme,
    )  # fmt: skip
    offer = Offer.objects.get(pk=ref)
    assert (offer.typed, offer.unit, offer.quantity, offer.pack_size, offer.min_packs) == ("40", "box", 4000, 10, 5)
    assert (offer.meant_for, offer.not_for, offer.conditions) == ("NAM;TCD", "EU", "for children\nunder five")
    assert (offer.window_from, offer.window_until, offer.expires, offer.programme_id) == (
        TODAY,
        TOMORROW,
        TOMORROW,
        programme,
    )


def test_it_is_shared_out_in_the_unit_it_was_typed_in(cast: Cast) -> None:
    assert Offer.objects.get(pk=make(cast)).pack_size == 100
    assert Offer.objects.get(pk=make(cast, quantity="400")).pack_size == 1
    done = make_offer(cast("donor-ind"), **GIVEN | {"quantity": "425", "pack": "box"})
    assert done.facts["left_over"] == 25


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"firmness": "comitment"}, "did you mean 'commitment'?"),
        ({"said_on": TOMORROW}, "said_on is 2026-03-03, which has not come yet"),
        ({"pack": "crate"}, "vaccine-measles has no pack 'crate'; it has dose, vial, box"),
        ({"min_packs": 0}, "min_packs is 0; at least 1 pack"),
        ({"min_packs": 41}, "4,000 dose are fewer than 41 packs of 100"),
        ({"quantity": "99", "pack": "box"}, "99 dose are fewer than 1 packs of 100"),
        (
            {"window_from": TOMORROW, "window_until": TODAY},
            "the window ends on 2026-03-02, before it begins on 2026-03-03",
        ),
        ({"window_until": YESTERDAY}, "window_until is 2026-03-01, which is past"),
        ({"expires": YESTERDAY}, "expires is 2026-03-01, which is past"),
        ({"window_from": TOMORROW, "expires": TODAY}, "it expires on 2026-03-02, before it can be had"),
        ({"meant_for": "TCD", "not_for": "KEN;TCD"}, "TCD stands both in meant_for and in not_for"),
        ({"meant_for": "every body"}, "meant_for holds 'every body', which is not a name"),
        ({"unit_value": "2.15"}, "a value needs its currency and the day"),
        ({"unit_value": "2.15", "currency": "USD"}, "a value needs its currency and the day"),
        ({"currency": "USD"}, "without the value"),
        ({"valued_on": TODAY}, "without the value"),
        ({"unit_value": "-2", "currency": "USD", "valued_on": TODAY}, "unit_value is '-2'; write a number above 0"),
        ({"unit_value": "2,15", "currency": "USD", "valued_on": TODAY}, "unit_value is '2,15'"),
        ({"unit_value": "1e9", "currency": "USD", "valued_on": TODAY}, "unit_value is '1e9'"),
        ({"unit_value": "2.1234567890123", "currency": "USD", "valued_on": TODAY}, "at most 12 digits"),
        ({"unit_value": "2", "currency": "house", "valued_on": TODAY}, "house is structure, not a currency"),
        (
            {"unit_value": "2", "currency": "USD", "valued_on": TOMORROW},
            "valued_on is 2026-03-03, which has not come yet",
        ),
        ({"conditions": "c" * 10_001}, "at most 10,000"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused(cast: Cast, wrong: dict[str, Any], sentence: str) -> None:
    with refused(ActionRefused, sentence):
        make(cast, **wrong)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"donor": "IDN"}, "no party 'IDN'; did you mean 'IND'?"),
        ({"resource": "vaccine-mesles"}, "did you mean 'vaccine-measles'?"),
        ({"meant_for": "NAN"}, "no group or party 'NAN'; did you mean 'NAM'?"),
        ({"not_for": "FRA;TDC"}, "no group or party 'TDC'; did you mean 'TCD'?"),
        ({"unit_value": "2", "currency": "USB", "valued_on": TODAY}, "did you mean 'USD'?"),
        ({"programme": "PG-0000000000"}, "no programme 'PG-0000000000'"),
    ],
)
def test_what_it_names_must_exist(cast: Cast, wrong: dict[str, Any], sentence: str) -> None:
    with refused(NameUnknown, sentence):
        make(cast, **wrong)


@pytest.mark.parametrize("quantity", ["0", "-5", "half", "1.5", "2 crate", "1" + "0" * 16])
def test_a_quantity_that_cannot_be_counted_is_refused(cast: Cast, quantity: str) -> None:
    with refused(InputRefused):
        make(cast, quantity=quantity)


def test_nobody_offers_in_somebody_elses_name(cast: Cast) -> None:
    for who in ("donor-unicef", "focal-tcd", "task-force"):
        with refused(NotAllowed, "donor for IND"):
            make_offer(cast(who), **GIVEN)
    ref = make(cast)
    for action, options in (
        (firm_offer, {"firmness": "commitment"}),
        (change_offer, {"quantity": "1"}),
        (withdraw_offer, {}),
    ):
        with refused(NotAllowed):
            action(cast("donor-unicef", reason="mine now"), offer=ref, **options)  # type: ignore[operator]


def test_a_retired_donor_offers_nothing_new(cast: Cast) -> None:
    Party.objects.filter(pk="IND").update(retired_on=TODAY)
    with refused(ActionRefused, "IND was retired on 2026-03-02"):
        make(cast)


@pytest.mark.parametrize(
    ("resource", "quantity", "steps", "counted"),
    [
        ("vaccine-measles", "40 box", ("statement", "pledge", "commitment"), (False, True, True)),
        ("vaccine-measles", "40 box", ("statement", "commitment"), (False, True)),
        ("USD", "10 USD", ("statement", "pledge", "commitment"), (False, False, True)),
        ("USD", "10 USD", ("pledge", "commitment"), (False, True)),
    ],
)
def test_an_offer_grows_firmer_and_enters_the_book_once(
    cast: Cast, resource: str, quantity: str, steps: tuple[str, ...], counted: tuple[bool, ...]
) -> None:
    ref = make(cast, resource=resource, quantity=quantity, firmness=steps[0])
    seen = [bool(book(ref))]
    for step in steps[1:]:
        firm(cast, ref, step)
        seen.append(bool(book(ref)))
    assert tuple(seen) == counted
    assert Entry.objects.count() == 1
    assert Entry.objects.get().typed == quantity.split()[0]


def test_an_offer_never_grows_less_firm(cast: Cast) -> None:
    ref = make(cast, firmness="commitment")
    for less in ("pledge", "statement"):
        with refused(
            ActionRefused, f"is a commitment and never becomes a {less} again; withdraw it and make a new offer"
        ):
            firm(cast, ref, less)
    with refused(ActionRefused, "is a commitment already"):
        firm(cast, ref, "commitment")
    with refused(ActionRefused, "there is no firmness 'promise'"):
        firm(cast, ref, "promise")
    with refused(NameUnknown):
        firm(cast, "OF-0000000000", "pledge")


def test_what_expired_meanwhile_is_made_no_firmer(cast: Cast) -> None:
    ref = make(cast, firmness="statement", expires=TODAY)
    with refused(ActionRefused, "expires is 2026-03-02, which is past"):
        firm_offer(cast("donor-ind", at=NOW + timedelta(days=1)), offer=ref, firmness="pledge")


def test_raising_and_lowering_are_entries(cast: Cast) -> None:
    ref = make(cast)
    change(cast, ref, quantity="50 box")
    change(cast, ref, quantity="3,000", unit="dose")
    offer = Offer.objects.get(pk=ref)
    assert (offer.quantity, offer.typed, offer.unit) == (3000, "3000", "dose")
    assert book(ref) == {"outside": -5000, "offered": 3000, "withdrawn": 2000}
    assert list(Entry.objects.order_by("seq").values_list("verb", "quantity", "typed", "unit")) == [
        ("offer", 4000, "40", "box"), ("offer", 1000, "1000", "dose"), ("withdraw", 2000, "2000", "dose"),
    ]  # fmt: skip


def test_an_offer_is_never_lowered_below_what_left(cast: Cast) -> None:
    ref = make(cast)
    allocate(ref, 3500)
    with refused(
        ActionRefused, "3,500 dose of " + ref + " were allocated, sent or taken off already and 500 are open; it"
    ):
        change(cast, ref, quantity="34 box")
    change(cast, ref, quantity="35 box")
    assert book(ref) == {"outside": -4000, "allocated/TCD": 3500, "withdrawn": 500}
    change(cast, ref, quantity="36 box")
    assert book(ref)["offered"] == 100


def test_a_statement_changes_without_the_book(cast: Cast) -> None:
    ref = make(cast, firmness="statement")
    change(cast, ref, quantity="1 box")
    assert (Offer.objects.get(pk=ref).quantity, Entry.objects.count()) == (100, 0)
    firm(cast, ref, "pledge")
    assert book(ref) == {"outside": -100, "offered": 100}


def test_money_is_never_counted_without_its_unit(cast: Cast) -> None:
    with refused(InputRefused, "write '2500 USD'"):
        make(cast, resource="USD", quantity="2500")


def test_money_is_raised_and_lowered_too(cast: Cast) -> None:
    ref = make_money(cast, firmness="commitment")
    assert book(ref) == {"outside": -250050, "committed": 250050}
    change(cast, ref, quantity="3000 USD")
    change(cast, ref, quantity="1000 USD")
    assert book(ref) == {"outside": -300000, "committed": 100000, "withdrawn": 200000}
    with refused(InputRefused, "is that 500 USD, or 500 cent of USD?"):
        change(cast, ref, quantity="500")


def test_what_is_not_said_stays(cast: Cast) -> None:
    ref = make(cast, conditions="for children", window_until=TOMORROW)
    done = change(cast, ref, window_from=TODAY, expires=TOMORROW)
    offer = Offer.objects.get(pk=ref)
    assert done.facts["changed"] == ["window_from", "expires"]
    assert (offer.conditions, offer.window_from, offer.window_until, offer.expires, offer.quantity) == (
        "for children", TODAY, TOMORROW, TOMORROW, 4000,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "nothing of "),
        ({"quantity": "4000 dose"}, "would change; say which"),
        ({"window_from": TOMORROW, "window_until": TODAY}, "before it begins"),
        ({"expires": YESTERDAY}, "which is past"),
        ({"quantity": "99 dose"}, "99 dose are fewer than 1 packs of 100"),
        ({"conditions": "a\u202eb"}, "an unseen character"),
    ],
)
def test_a_change_that_changes_nothing_or_makes_no_sense_is_refused(
    cast: Cast, given: dict[str, Any], sentence: str
) -> None:
    ref = make(cast)
    with refused(ActionRefused, sentence):
        change(cast, ref, **given)


def test_a_unit_alone_is_no_quantity(cast: Cast) -> None:
    ref = make(cast)
    with refused(InputRefused, "'' is not a number"):
        change(cast, ref, unit="vial")


def test_changing_and_withdrawing_need_a_reason(cast: Cast) -> None:
    ref = make(cast)
    with refused(ActionRefused, "changing an offer needs a reason"):
        change_offer(cast("donor-ind"), offer=ref, quantity="50 box")
    with refused(ActionRefused, "a withdrawal needs a reason"):
        withdraw_offer(cast("donor-ind"), offer=ref)


def test_an_offer_whose_window_closed_can_still_be_changed(cast: Cast) -> None:
    ref = make(cast, window_until=TODAY)
    later = cast("donor-ind", reason="longer", at=NOW + timedelta(days=3))
    change_offer(later, offer=ref, window_until=TODAY + timedelta(days=30))
    assert Offer.objects.get(pk=ref).window_until == TODAY + timedelta(days=30)


def test_withdrawing_takes_back_what_is_open_and_nothing_else(cast: Cast) -> None:
    ref = make(cast)
    allocate(ref, 1500)
    assert withdraw(cast, ref).facts == {"taken_back": 2500}
    assert book(ref) == {"outside": -4000, "allocated/TCD": 1500, "withdrawn": 2500}
    assert Offer.objects.get(pk=ref).withdrawn


def test_a_withdrawn_offer_stays_withdrawn(cast: Cast) -> None:
    ref = make(cast, firmness="statement")
    assert withdraw(cast, ref).facts == {"taken_back": 0}
    steps: tuple[Callable[[], Any], ...] = (
        lambda: withdraw(cast, ref), lambda: change(cast, ref, quantity="1 box"), lambda: firm(cast, ref, "pledge"),
    )  # fmt: skip
    for step in steps:
        with refused(ActionRefused, "was withdrawn and stays so"):
            step()


def test_withdrawing_with_nothing_open_is_refused(cast: Cast) -> None:
    ref = make(cast)
    allocate(ref, 4000)
    with refused(ActionRefused, f"nothing of {ref} is open: all 4,000 dose were allocated"):
        withdraw(cast, ref)


@pytest.mark.parametrize("state", Round.STATES)
def test_a_lot_of_a_live_round_is_neither_changed_nor_withdrawn(cast: Cast, state: str) -> None:
    ref = make(cast)
    row = Round.objects.create(
        ref="RD-0000000000", title="March", group_id="NAM", resource_id="measles-vaccination", rule="equal-coverage",
        date=TODAY, state=state, opened_by="u", made_at=NOW,
    )  # fmt: skip
    RoundLot.objects.create(round=row, offer_id=ref, packs=40, pack_size=100)
    steps: tuple[Callable[[], Any], ...] = (lambda: change(cast, ref, conditions="new"), lambda: withdraw(cast, ref))
    for step in steps:
        if state in Round.LIVE:
            with refused(ActionRefused, f"is a lot of the round RD-0000000000, which is {state}; it can be changed"):
                step()
        else:
            step()
    assert Offer.objects.get(pk=ref).withdrawn is (state not in Round.LIVE)


def test_a_raise_that_fails_halfway_leaves_the_book_and_the_offer_as_they_were(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = make(cast)

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Offer, "save", fail)
    with pytest.raises(OSError, match="full"):
        change(cast, ref, quantity="50 box")
    assert (book(ref), Entry.objects.count()) == ({"outside": -4000, "offered": 4000}, 1)


steps = st.lists(
    st.tuples(st.sampled_from(["change", "firm", "withdraw", "allocate"]), st.integers(1, 60)), min_size=1, max_size=8
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["vaccine-measles", "USD"]), st.sampled_from(Offer.FIRMNESS), st.integers(1, 60), steps)
def test_whatever_is_done_the_book_says_what_is_open(
    cast: Cast, resource: str, firmness: str, first: int, steps: list[tuple[str, int]]
) -> None:
    """open + allocated = quantity while it stands; what entered = open + allocated + withdrawn; nothing below zero."""
    unit = "USD" if resource == "USD" else "box"
    stage = "committed" if resource == "USD" else "offered"
    with transaction.atomic():
        ref = make(cast, resource=resource, quantity=f"{first} {unit}", firmness=firmness)
        allocated = 0
        for step, number in steps:
            try:
                if step == "change":
                    change(cast, ref, quantity=f"{number} {unit}")
                elif step == "firm":
                    firm(cast, ref, Offer.FIRMNESS[number % 3])
                elif step == "withdraw" and number % 4 == 0:
                    withdraw(cast, ref)
                elif step == "allocate" and not allocated and book(ref).get(stage, 0) >= 100 * number:
                    allocate(ref, 100 * number, stage)
                    allocated = 100 * number
            except ActionRefused:
                continue
            offer, held = Offer.objects.get(pk=ref), book(ref)
            inside = held.get(stage, 0) + allocated
            assert -held.get("outside", 0) == inside + held.get("withdrawn", 0)
            assert all(balance > 0 for key, balance in held.items() if key != "outside")
            if held and not offer.withdrawn:
                assert inside == offer.quantity
            assert not (offer.withdrawn and held.get(stage, 0))
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 10**12 - 1), st.integers(0, 12), st.integers(1, 10**15))
def test_a_value_is_exact_however_large(cast: Cast, digits: int, point: int, units: int) -> None:
    text = f"{digits:013d}"
    price = (f"{text[: 13 - point]}.{text[13 - point :]}" if point else text).lstrip("0") or "0"
    price = f"0{price}" if price.startswith(".") else price
    with transaction.atomic():
        ref = make(cast, quantity=str(units), unit_value=price, currency="USD", valued_on=TODAY)
        assert Fraction(Entry.objects.get(concerns=ref).value) == Fraction(digits, 10**point) * units
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("typed", "kept", "only"),
    [
        ("NAM", "NAM", ""),
        ("party:NAM", "party:NAM", "NAM"),
        ("party:NAM; NAM", "NAM;party:NAM", ""),
        ("party:TCD", "TCD", "TCD"),
        ("TCD;KEN;TCD", "TCD;KEN", ""),
        ("TCD;TCD", "TCD", "TCD"),
        ("", "", ""),
    ],
)
def test_a_name_that_is_a_group_and_a_party_means_the_group(cast: Cast, typed: str, kept: str, only: str) -> None:
    """NAM is ISO's code of Namibia: a gift to all of the movement must never become a gift to one of its members."""
    Party.objects.create(key="NAM", name="Namibia", kind="state")
    offer = Offer.objects.get(pk=make(cast, meant_for=typed))
    assert (offer.meant_for, only_party(offer.meant_for)) == (kept, only)


def test_an_earmark_that_names_nobody_is_refused(cast: Cast) -> None:
    for wrong in ("party:", "party:NAM", "group:NAM", "NAM,TCD"):
        with pytest.raises((ActionRefused, NameUnknown)):
            make(cast, meant_for=wrong)


def test_currencies_without_a_smaller_unit_need_no_unit_said(cast: Cast) -> None:
    Resource.objects.create(key="JPY", name="Yen", kind="money", base_unit="JPY")
    ref = make_money(cast, resource="JPY", quantity="5000", firmness="commitment")
    assert book(ref)["committed"] == 5000
