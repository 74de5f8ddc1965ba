"""The grid of distribute, expire, return and lose: works; wrong role; someone else's; missing; twice; failing halfway."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from evenhand_cast import TODAY, Cast
from evenhand_stock import entries_written, everything_held, held, make_gift

from evenhand.access.models import ActionLine
from evenhand.actions.consignments import dispatch_consignment, plan_consignment
from evenhand.actions.money import pay_money
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.stock import distribute_stock, expire_stock, lose_stock, return_stock
from evenhand.errors import ActionRefused, InputRefused, NameUnknown, NotAllowed, RepeatDiffers, StockShort
from evenhand.stockbook.models import Entry, EntryNote

pytestmark = pytest.mark.django_db

GRID: dict[str, tuple[Callable[..., Any], dict[str, Any], str]] = {
    "distribute": (distribute_stock, {}, "used"),
    "return": (return_stock, {"cause": "not-needed"}, "returned"),
    "lose": (lose_stock, {"cause": "theft"}, "missing"),
    "damage": (lose_stock, {"cause": "wet", "what": "damaged"}, "damaged"),
}
EVERY_ONE = pytest.mark.parametrize("name", GRID)


@pytest.fixture
def gift(cast: Cast) -> str:
    """Of India's 4,000 doses, Chad has 1,000 in hand and 500 allocated."""
    ref = make_gift("IND", "vaccine-measles", 4000, allocated={"TCD": 1500})
    consignment = plan_consignment(cast("donor-ind"), origin="IND", destination="TCD", lines=f"{ref}=10 box").ref
    dispatch_consignment(cast("donor-ind"), consignment=consignment)
    receive_consignment(cast("focal-tcd"), consignment=consignment)
    return ref


def do(name: str, acting: Any, gift: str, **given: Any) -> Any:
    action, extra, _ = GRID[name]
    return action(acting, **{"party": "TCD", "offer": gift, "quantity": "3 box"} | extra | given)


@EVERY_ONE
def test_units_leave_their_holder_and_are_still_counted(cast: Cast, gift: str, name: str) -> None:
    done = do(name, cast("focal-tcd"), gift)
    assert (held("received", gift, "TCD"), held(GRID[name][2], gift, "TCD")) == (700, 300)
    assert done.facts["left"] == 700
    assert Entry.objects.get(entry=done.facts["entries"][0]).typed == "3"


@EVERY_ONE
@pytest.mark.parametrize(
    "who",
    [
        "donor-ind",
        "task-force",
        "board-aze",
        "auditor",
        "operator",
        "registrar-tcd",
        "focal-ken",
        "nurse-moissala",
        "public",
    ],
)
def test_nobody_else_says_what_becomes_of_them(cast: Cast, gift: str, name: str, who: str) -> None:
    with pytest.raises(NotAllowed, match="focal-point for TCD"):
        do(name, cast(who), gift)
    assert held("received", gift, "TCD") == 1000


@EVERY_ONE
def test_no_more_leaves_than_is_held(cast: Cast, gift: str, name: str) -> None:
    with pytest.raises(StockShort, match="holds 1,000 base units; 1,001 cannot be taken"):
        do(name, cast("focal-tcd"), gift, quantity="1001")


@EVERY_ONE
def test_who_holds_nothing_is_told_where_the_units_are(cast: Cast, gift: str, name: str) -> None:
    with pytest.raises(ActionRefused, match=r"500 allocated \(TCD\), 2,500 offered, 1,000 received \(TCD\)"):
        do(name, cast("focal-ken"), gift, party="KEN")


@EVERY_ONE
@pytest.mark.parametrize(
    ("wrong", "error", "sentence"),
    [
        ({"party": "TDC"}, NameUnknown, "no party 'TDC'; did you mean 'TCD'?"),
        ({"offer": "OF-1"}, NameUnknown, "no offer 'OF-1'"),
        ({"quantity": "a few"}, InputRefused, "'a few' is not a number"),
        ({"quantity": "0"}, InputRefused, "give at least 1"),
        ({"on": TODAY + timedelta(1)}, ActionRefused, "has not come yet"),
    ],
)
def test_what_does_not_exist_is_refused(
    cast: Cast, gift: str, name: str, wrong: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error) as refused:
        do(name, cast("focal-tcd"), gift, **wrong)
    assert sentence in str(refused.value)


@EVERY_ONE
def test_the_same_id_twice_moves_once(cast: Cast, gift: str, name: str) -> None:
    do(name, cast("focal-tcd", request="s-1"), gift)
    assert do(name, cast("focal-tcd", request="s-1"), gift).repeated
    assert held("received", gift, "TCD") == 700
    with pytest.raises(RepeatDiffers, match="another quantity"):
        do(name, cast("focal-tcd", request="s-1"), gift, quantity="4 box")


@EVERY_ONE
def test_failing_halfway_leaves_nothing(cast: Cast, gift: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, entries = everything_held(), entries_written()
    monkeypatch.setattr(ActionLine.objects, "create", _fail)
    with pytest.raises(OSError, match="full"):
        do(name, cast("focal-tcd"), gift)
    assert (everything_held(), entries_written(), EntryNote.objects.count()) == (before, entries, 0)


def _fail(*_: object, **__: object) -> None:
    raise OSError("the disk is full")


def test_a_loss_needs_a_cause_from_the_list(cast: Cast, gift: str) -> None:
    for cause, sentence in (("", "missing units need a cause"), ("teft", "did you mean 'theft'")):
        with pytest.raises(ActionRefused, match=sentence):
            do("lose", cast("focal-tcd"), gift, cause=cause)
    with pytest.raises(ActionRefused, match="no way to lose units 'gone'"):
        do("lose", cast("focal-tcd"), gift, what="gone")


def test_a_return_says_why_where_it_is_known(cast: Cast, gift: str) -> None:
    do("return", cast("focal-tcd"), gift, cause="")
    do("return", cast("focal-tcd"), gift, cause="recall", note="lot 7731")
    assert list(EntryNote.objects.values_list("cause", "note")) == [("recall", "lot 7731")]


def test_money_is_not_handled_like_goods(cast: Cast) -> None:
    money = make_gift("IND", "USD", 10_000, meant_for="TCD")
    pay_money(cast("donor-ind"), offer=money, to="TCD", quantity="100 USD")
    for name in ("distribute", "lose"):
        with pytest.raises(ActionRefused, match="is money"):
            do(name, cast("focal-tcd"), money, quantity="10 USD")
    with pytest.raises(InputRefused, match="write '10 USD'"):
        do("return", cast("focal-tcd"), money, quantity="10", cause="refund")
    do("return", cast("focal-tcd"), money, quantity="10 USD", cause="refund")
    assert (held("paid", money, "TCD"), held("returned", money, "TCD")) == (9000, 1000)


# --- expire ----------------------------------------------------------------------------------------------------------


def expire(
    cast: Cast, who: str, gift: str, stage: str, holder: str = "", reason: str = "the label", **given: Any
) -> Any:
    return expire_stock(cast(who, reason=reason), offer=gift, stage=stage, holder=holder, **given)


@pytest.mark.parametrize(
    ("who", "stage", "holder", "all_of_it"),
    [
        ("focal-tcd", "received", "TCD", 1000),
        ("donor-ind", "allocated", "TCD", 500),
        ("donor-ind", "offered", "", 2500),
    ],
)
def test_who_has_the_units_says_that_they_expired(
    cast: Cast, gift: str, who: str, stage: str, holder: str, all_of_it: int
) -> None:
    expire(cast, who, gift, stage, holder, quantity="1 box")
    done = expire(cast, who, gift, stage, holder)
    assert done.facts == {"base_units": all_of_it - 100, "left": 0, "entries": done.facts["entries"]}
    assert held("expired", gift, holder) == all_of_it


@pytest.mark.parametrize(
    ("who", "stage", "holder"),
    [
        ("donor-ind", "received", "TCD"),  # the donor never changes what was received
        ("task-force", "received", "TCD"),
        ("focal-tcd", "allocated", "TCD"),
        ("focal-tcd", "offered", ""),
        ("task-force", "offered", ""),
        ("donor-unicef", "offered", ""),
        ("public", "offered", ""),
    ],
)
def test_nobody_else_says_so(cast: Cast, gift: str, who: str, stage: str, holder: str) -> None:
    with pytest.raises(NotAllowed):
        expire(cast, who, gift, stage, holder)
    assert held("expired", gift, holder) == 0


def test_a_donor_above_the_holder_does_not_speak_for_it_either(cast: Cast) -> None:
    from evenhand.records.models import Party

    Party.objects.create(key="IND-goa", name="Goa", kind="organisation", parent_id="IND")
    gift = make_gift("IND", "vaccine-measles", 100, meant_for="IND-goa")
    ref = plan_consignment(cast("donor-ind"), origin="IND", destination="IND-goa", lines=f"{gift}=100").ref
    dispatch_consignment(cast("donor-ind"), consignment=ref)
    with pytest.raises(NotAllowed):
        receive_consignment(cast("donor-ind"), consignment=ref)
    with pytest.raises(NotAllowed):
        expire(cast, "donor-ind", gift, "received", "IND-goa")


def test_units_on_the_way_expire_for_who_sent_them(cast: Cast, gift: str) -> None:
    ref = plan_consignment(cast("donor-ind"), origin="IND", destination="TCD", lines=f"{gift}=500").ref
    dispatch_consignment(cast("donor-ind"), consignment=ref)
    with pytest.raises(NotAllowed):
        expire(cast, "focal-tcd", gift, "in-transit", ref)
    expire(cast, "donor-ind", gift, "in-transit", ref, quantity="200")
    receive_consignment(cast("focal-tcd"), consignment=ref)
    assert (held("expired", gift, ref), held("received", gift, "TCD")) == (200, 1300)


def test_before_the_last_day_an_expiry_needs_a_reason(cast: Cast, gift: str) -> None:
    with pytest.raises(ActionRefused, match=r"has no last day of use; .* give a reason"):
        expire(cast, "focal-tcd", gift, "received", "TCD", reason="")
    dated = make_gift("IND", "vaccine-measles", 100, expires=TODAY)
    with pytest.raises(ActionRefused, match="is good until 2026-03-02"):
        expire(cast, "donor-ind", dated, "offered", reason="")
    past = make_gift("IND", "vaccine-measles", 100, expires=TODAY - timedelta(1))
    assert expire(cast, "donor-ind", past, "offered", reason="").facts["base_units"] == 100


@pytest.mark.parametrize(
    ("stage", "holder", "sentence"),
    [
        ("used", "TCD", "no stage in which units expire 'used'"),
        ("received", "", "say who holds them"),
        ("offered", "TCD", "leave the holder out"),
        ("allocated", "KEN", "KEN has no units of"),
    ],
)
def test_a_place_where_nothing_expires_is_refused(
    cast: Cast, gift: str, stage: str, holder: str, sentence: str
) -> None:
    with pytest.raises(ActionRefused, match=sentence):
        expire(cast, "donor-ind", gift, stage, holder)


def test_an_expiry_twice_is_one_and_halfway_is_none(cast: Cast, gift: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"offer": gift, "stage": "offered", "quantity": "100"}
    for repeated in (False, True):
        assert expire_stock(cast("donor-ind", reason="old", request="e-1"), **given).repeated is repeated
    with pytest.raises(NameUnknown, match="no consignment"):
        expire(cast, "donor-ind", gift, "in-transit", "CN-0000000000")
    monkeypatch.setattr(ActionLine.objects, "create", _fail)
    with pytest.raises(OSError, match="full"):
        expire_stock(cast("donor-ind", reason="old", request="e-2"), **given)
    assert held("expired", gift) == 100
