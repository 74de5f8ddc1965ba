"""The grid of reversing an entry: works; wrong role; someone else's; missing; twice; failing halfway."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_cast import Cast
from evenhand_stock import entries_written, everything_held, held, make_gift

from evenhand.access.models import ActionLine
from evenhand.actions.consignments import dispatch_consignment, plan_consignment
from evenhand.actions.money import pay_money, spend_money
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.reversals import reverse_entry
from evenhand.actions.stock import distribute_stock, expire_stock, lose_stock, return_stock
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed, RepeatDiffers
from evenhand.stockbook.models import Entry, EntryNote

pytestmark = pytest.mark.django_db


@pytest.fixture
def gift(cast: Cast) -> str:
    """4,000 doses, 1,500 allocated to Chad."""
    return make_gift("IND", "vaccine-measles", 4000, allocated={"TCD": 1500})


@pytest.fixture
def sent(cast: Cast, gift: str) -> str:
    """A consignment of 1,000 of them on its way."""
    ref = plan_consignment(cast("donor-ind"), origin="IND", destination="TCD", lines=f"{gift}=10 box").ref
    return dispatch_consignment(cast("donor-ind"), consignment=ref).ref


def entry(verb: str) -> str:
    """Return the id of the newest entry of a verb."""
    return str(Entry.objects.filter(verb=verb).order_by("-seq").values_list("entry", flat=True)[0])


def reverse(cast: Cast, who: str, name: str, reason: str = "counted twice", request: str = "") -> Any:
    return reverse_entry(cast(who, reason=reason, request=request), entry=name)


def test_a_reversed_receipt_is_on_the_way_again_and_can_be_received_anew(cast: Cast, gift: str, sent: str) -> None:
    before = everything_held()
    receive_consignment(cast("focal-tcd"), consignment=sent)
    done = reverse(cast, "focal-tcd", entry("receive"))
    assert everything_held() == before
    row = Entry.objects.get(entry=done.ref)
    assert (row.verb, row.reverses, row.quantity) == ("reverse", entry("receive"), 1000)
    receive_consignment(cast("focal-tcd"), consignment=sent, missing="1", cause="miscount")
    assert (held("received", gift, "TCD"), held("missing", gift, sent)) == (900, 100)


def test_the_reason_is_kept_for_the_sender_and_the_donor(cast: Cast, sent: str) -> None:
    receive_consignment(cast("focal-tcd"), consignment=sent)
    reverse(cast, "focal-tcd", entry("receive"), reason="one box was another consignment's")
    assert EntryNote.objects.get().note == "one box was another consignment's"


def test_a_reversed_dispatch_is_a_plan_again(cast: Cast, gift: str, sent: str) -> None:
    reverse(cast, "donor-ind", entry("dispatch"), reason="the plane turned round")
    assert (held("allocated", gift, "TCD"), held("in-transit", gift, sent)) == (1500, 0)
    dispatch_consignment(cast("donor-ind"), consignment=sent)
    assert held("in-transit", gift, sent) == 1000


def everything_recorded(cast: Cast, gift: str, sent: str) -> str:
    """Record one entry of every verb that a reversal may undo; return the offer of money."""
    receive_consignment(cast("focal-tcd"), consignment=sent, damaged="1", missing="1", cause="wet")
    for action, more in ((distribute_stock, {}), (return_stock, {}), (lose_stock, {"cause": "theft"})):
        action(cast("focal-tcd"), party="TCD", offer=gift, quantity="50", **more)
    expire_stock(cast("focal-tcd", reason="label"), offer=gift, stage="received", holder="TCD", quantity="50")
    money = make_gift("UNICEF", "USD", 500_000, meant_for="TCD")
    pay_money(cast("donor-unicef"), offer=money, to="TCD", quantity="100 USD")
    spend_money(cast("focal-tcd"), party="TCD", offer=money, quantity="50 USD")
    return money


RECIPIENT = {"focal-tcd"}
MAY = {
    "dispatch": {"donor-ind", "task-force", "task-force-2"},
    "allocate": RECIPIENT,  # a recipient gives up what was decided for it; nobody takes it away
    "receive": RECIPIENT,
    "damage": RECIPIENT,
    "miss": RECIPIENT,
    "distribute": RECIPIENT,
    "return": RECIPIENT,
    "expire": RECIPIENT,
    "pay": {"donor-unicef"},
    "spend": RECIPIENT,
}


def is_refused_the_right(cast: Cast, who: str, name: str) -> bool:
    """Say whether somebody has no right to reverse an entry; that it has moved on, or is reversed, is another matter."""
    try:
        reverse(cast, who, name)
    except NotAllowed:
        return True
    except ActionRefused as refused:
        if "Reverse first" not in refused.sentence and "was reversed already" not in refused.sentence:
            raise
    return False


@pytest.mark.parametrize("verb", MAY)
def test_who_may_record_a_thing_may_take_it_back_and_nobody_else(cast: Cast, gift: str, sent: str, verb: str) -> None:
    everything_recorded(cast, gift, sent)
    name = entry(verb)
    may = {who for who in cast.viewers if not is_refused_the_right(cast, who, name)}
    assert may == MAY[verb]


def test_the_donor_never_changes_what_was_received(cast: Cast, gift: str, sent: str) -> None:
    receive_consignment(cast("focal-tcd"), consignment=sent, damaged="1", cause="wet")
    for verb in ("receive", "damage"):
        with pytest.raises(NotAllowed):
            reverse(cast, "donor-ind", entry(verb))
    with pytest.raises(ActionRefused, match=r"Reverse first what took them: .*\(damage 100\), .*\(receive 900\)"):
        reverse(cast, "donor-ind", entry("dispatch"))
    assert held("received", gift, "TCD") == 900


def test_what_has_moved_on_is_reversed_from_the_end(cast: Cast, gift: str, sent: str) -> None:
    before = everything_held()
    receive_consignment(cast("focal-tcd"), consignment=sent)
    distribute_stock(cast("focal-tcd"), party="TCD", offer=gift, quantity="300")
    with pytest.raises(
        ActionRefused, match=rf"holds 700 now.*Reverse first .*{entry('distribute')} \(distribute 300\)"
    ):
        reverse(cast, "focal-tcd", entry("receive"))
    for verb in ("distribute", "receive"):
        reverse(cast, "focal-tcd", entry(verb))
    assert everything_held() == before


def test_what_was_reversed_is_not_named_as_what_took_the_units(cast: Cast, gift: str, sent: str) -> None:
    receive_consignment(cast("focal-tcd"), consignment=sent)
    distribute_stock(cast("focal-tcd"), party="TCD", offer=gift, quantity="300")
    undone = entry("distribute")
    reverse(cast, "focal-tcd", undone)
    distribute_stock(cast("focal-tcd"), party="TCD", offer=gift, quantity="200")
    with pytest.raises(ActionRefused) as refused:
        reverse(cast, "focal-tcd", entry("receive"))
    assert undone not in str(refused.value)


def test_an_entry_is_reversed_once(cast: Cast, sent: str) -> None:
    receive_consignment(cast("focal-tcd"), consignment=sent)
    name = entry("receive")
    done = reverse(cast, "focal-tcd", name)
    with pytest.raises(ActionRefused, match=f"was reversed already, by {done.ref}"):
        reverse(cast, "focal-tcd", name)


def test_a_reversal_is_not_reversed(cast: Cast, sent: str) -> None:
    receive_consignment(cast("focal-tcd"), consignment=sent)
    done = reverse(cast, "focal-tcd", entry("receive"))
    with pytest.raises(ActionRefused, match=r"is a reversal .*record anew"):
        reverse(cast, "focal-tcd", done.ref)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reversal_needs_a_reason(cast: Cast, sent: str, reason: str) -> None:
    receive_consignment(cast("focal-tcd"), consignment=sent)
    with pytest.raises(ActionRefused, match="needs a reason"):
        reverse(cast, "focal-tcd", entry("receive"), reason=reason)


def test_what_an_offer_brought_in_is_taken_out_by_the_offer(cast: Cast, gift: str) -> None:
    with pytest.raises(ActionRefused, match="offer change, offer withdraw"):
        reverse(cast, "donor-ind", entry("offer"))


def test_an_entry_that_does_not_exist_is_refused(cast: Cast) -> None:
    with pytest.raises(NameUnknown, match="no entry 'x:1'"):
        reverse(cast, "focal-tcd", "x:1")


def test_the_same_reversal_twice_is_one(cast: Cast, gift: str, sent: str) -> None:
    receive_consignment(cast("focal-tcd"), consignment=sent)
    distribute_stock(cast("focal-tcd"), party="TCD", offer=gift, quantity="300")
    name = entry("distribute")
    for repeated in (False, True):
        assert reverse(cast, "focal-tcd", name, request="v-1").repeated is repeated
    with pytest.raises(RepeatDiffers, match="another entry"):
        reverse(cast, "focal-tcd", entry("receive"), request="v-1")
    assert held("received", gift, "TCD") == 1000


def test_a_reversal_that_fails_halfway_leaves_nothing(cast: Cast, sent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    receive_consignment(cast("focal-tcd"), consignment=sent)
    before, entries = everything_held(), entries_written()

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(ActionLine.objects, "create", fail)
    with pytest.raises(OSError, match="full"):
        reverse(cast, "focal-tcd", entry("receive"))
    assert (everything_held(), entries_written(), EntryNote.objects.count()) == (before, entries, 0)
