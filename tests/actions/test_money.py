"""The grid of paying and spending: works; wrong role; someone else's; missing; twice; failing halfway."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from evenhand_cast import TODAY, Cast
from evenhand_stock import entries_written, everything_held, held, make_gift

from evenhand.access.models import ActionLine
from evenhand.actions.money import pay_money, spend_money
from evenhand.errors import ActionRefused, InputRefused, NameUnknown, NotAllowed, RepeatDiffers, StockShort

pytestmark = pytest.mark.django_db


@pytest.fixture
def gift(cast: Cast) -> str:
    """UNICEF commits 5,000 dollars; a round has allocated 2,000 of them to Chad."""
    return make_gift("UNICEF", "USD", 500_000, allocated={"TCD": 200_000})


def pay(cast: Cast, gift: str, who: str = "donor-unicef", request: str = "", **given: Any) -> Any:
    return pay_money(cast(who, request=request), **{"offer": gift, "to": "TCD", "quantity": "1500 USD"} | given)


def spend(cast: Cast, gift: str, who: str = "focal-tcd", request: str = "", **given: Any) -> Any:
    return spend_money(cast(who, request=request), **{"party": "TCD", "offer": gift, "quantity": "400.50 USD"} | given)


def test_what_was_allocated_is_paid_and_what_was_paid_is_spent(cast: Cast, gift: str) -> None:
    assert pay(cast, gift).facts["taken_from"] == f"allocated/{gift}/TCD"
    assert spend(cast, gift).facts["left"] == 150_000 - 40_050
    assert everything_held() == {
        f"allocated/{gift}/TCD": 50_000, f"committed/{gift}": 300_000, f"outside/{gift}": -500_000,
        f"paid/{gift}/TCD": 109_950, f"spent/{gift}/TCD": 40_050,
    }  # fmt: skip


def test_money_committed_by_name_is_paid_without_a_round(cast: Cast) -> None:
    gift = make_gift("UNICEF", "USD", 500_000, meant_for="TCD")
    assert pay(cast, gift).facts["taken_from"] == f"committed/{gift}"
    assert pay(cast, gift, to="TCD-moissala").facts["left"] == 200_000


def test_money_allocated_to_the_state_may_be_paid_to_its_clinic(cast: Cast, gift: str) -> None:
    pay(cast, gift, to="TCD-moissala")
    assert held("paid", gift, "TCD-moissala") == 150_000
    spend(cast, gift, "nurse-moissala", party="TCD-moissala")


@pytest.mark.parametrize("who", ["focal-tcd", "donor-ind", "task-force", "board-aze", "auditor", "operator", "public"])
def test_only_the_donor_pays(cast: Cast, gift: str, who: str) -> None:
    with pytest.raises(NotAllowed, match="donor for UNICEF"):
        pay(cast, gift, who)


@pytest.mark.parametrize("who", ["donor-unicef", "focal-ken", "nurse-moissala", "task-force", "auditor", "public"])
def test_only_who_was_paid_spends(cast: Cast, gift: str, who: str) -> None:
    pay(cast, gift)
    with pytest.raises(NotAllowed, match="focal-point for TCD"):
        spend(cast, gift, who)


def test_nobody_is_paid_to_whom_nothing_was_allocated(cast: Cast, gift: str) -> None:
    with pytest.raises(
        ActionRefused, match=r"was allocated to KEN, or committed to it by name .*200,000 allocated \(TCD\)"
    ):
        pay(cast, gift, to="KEN")


def test_no_more_is_paid_or_spent_than_there_is(cast: Cast, gift: str) -> None:
    with pytest.raises(StockShort, match="holds 200,000 base units"):
        pay(cast, gift, quantity="2000.01 USD")
    with pytest.raises(ActionRefused, match="TCD has no units of"):
        spend(cast, gift)
    pay(cast, gift)
    with pytest.raises(StockShort, match="holds 150,000"):
        spend(cast, gift, quantity="1500.01 USD")


@pytest.mark.parametrize(
    ("wrong", "error", "sentence"),
    [
        ({"to": "TDC"}, NameUnknown, "did you mean 'TCD'"),
        ({"offer": "OF-1"}, NameUnknown, "no offer 'OF-1'"),
        ({"quantity": "1.005 USD"}, InputRefused, "only whole ones"),
        ({"quantity": "1,500"}, InputRefused, "is that 1,500 USD, or 1,500 cent of USD?"),
        ({"quantity": "5 EUR"}, InputRefused, "no unit 'EUR'"),
        ({"on": TODAY + timedelta(1)}, ActionRefused, "has not come yet"),
    ],
)
def test_what_does_not_exist_is_refused(
    cast: Cast, gift: str, wrong: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        pay(cast, gift, **wrong)


def test_goods_are_not_paid(cast: Cast) -> None:
    goods = make_gift("UNICEF", "mask-surgical", 100, meant_for="TCD")
    with pytest.raises(ActionRefused, match="not money"):
        pay(cast, goods, quantity="5")
    with pytest.raises(ActionRefused, match="not money"):
        spend(cast, goods, quantity="5")


def test_the_same_payment_twice_is_one(cast: Cast, gift: str) -> None:
    for action, request in ((pay, "m-1"), (spend, "m-2")):
        action(cast, gift, request=request)
        assert action(cast, gift, request=request).repeated
        with pytest.raises(RepeatDiffers, match="another quantity"):
            action(cast, gift, request=request, quantity="1 USD")
    assert (held("paid", gift, "TCD"), held("spent", gift, "TCD")) == (109_950, 40_050)


def test_failing_halfway_leaves_nothing(cast: Cast, gift: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pay(cast, gift)
    before, entries = everything_held(), entries_written()

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(ActionLine.objects, "create", fail)
    for action in (pay, spend):
        with pytest.raises(OSError, match="full"):
            action(cast, gift, quantity="1 USD")
    assert (everything_held(), entries_written()) == (before, entries)
