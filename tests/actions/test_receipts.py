"""The grid of receiving: works; wrong role; someone else's; missing; twice; failing halfway; and counting in a hurry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from evenhand_cast import TODAY, Cast
from evenhand_stock import entries_written, everything_held, held, make_gift

from evenhand.access.models import ActionLine
from evenhand.actions.consignments import cancel_consignment, dispatch_consignment, plan_consignment
from evenhand.actions.receipts import receive_consignment
from evenhand.errors import ActionRefused, InputRefused, NameUnknown, NotAllowed, RepeatDiffers
from evenhand.stockbook.models import Consignment, EntryNote
from evenhand.stockbook.travelling import lines_of, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def gift(cast: Cast) -> str:
    """4,000 doses allocated to Chad."""
    return make_gift("IND", "vaccine-measles", 4000, allocated={"TCD": 4000})


@pytest.fixture
def masks(cast: Cast) -> str:
    """1,000 masks allocated to Chad."""
    return make_gift("IND", "mask-surgical", 1000, allocated={"TCD": 1000})


def planned(cast: Cast, lines: str, destination: str = "TCD") -> str:
    return plan_consignment(cast("donor-ind"), origin="IND", destination=destination, lines=lines).ref


def sent(cast: Cast, lines: str, destination: str = "TCD") -> str:
    return dispatch_consignment(cast("donor-ind"), consignment=planned(cast, lines, destination)).ref


def receive(cast: Cast, ref: str, who: str = "focal-tcd", request: str = "", **given: Any) -> Any:
    return receive_consignment(cast(who, request=request), consignment=ref, **given)


def test_good_and_damaged_and_missing_make_what_was_sent(cast: Cast, gift: str) -> None:
    ref = sent(cast, f"{gift}=40 box")
    done = receive(cast, ref, damaged="1 box", missing="2 box", cause="broken", note="crushed in the hold")
    assert (done.facts["good"], done.facts["damaged"], done.facts["missing"]) == (3700, 100, 200)
    assert [held("received", gift, "TCD"), held("damaged", gift, ref), held("missing", gift, ref)] == [3700, 100, 200]
    assert held("in-transit", gift, ref) == 0
    row = Consignment.objects.get(pk=ref)
    assert state_of(row, lines_of(row)) == "closed"


def test_why_units_were_lost_is_kept_beside_their_entries(cast: Cast, gift: str) -> None:
    receive(cast, sent(cast, f"{gift}=40 box"), damaged="1 box", missing="1 box", cause="theft", note="at the depot")
    notes = EntryNote.objects.order_by("pk").values_list("entry__verb", "cause", "note")
    assert list(notes) == [("damage", "theft", "at the depot"), ("miss", "theft", "at the depot")]


def test_a_bare_number_counts_in_the_unit_of_the_line(cast: Cast, gift: str) -> None:
    ref = sent(cast, f"{gift}=40 box")
    receive(cast, ref, good="39", missing="1", cause="left-behind")
    assert [held("received", gift, "TCD"), held("missing", gift, ref)] == [3900, 100]


def test_another_unit_can_be_said(cast: Cast, gift: str) -> None:
    ref = sent(cast, f"{gift}=40 box")
    receive(cast, ref, good="3,990 dose", damaged="1 vial", cause="broken")
    assert [held("received", gift, "TCD"), held("damaged", gift, ref), held("in-transit", gift, ref)] == [3990, 10, 0]


def test_a_receipt_in_parts_leaves_the_rest_on_the_way(cast: Cast, gift: str) -> None:
    ref = sent(cast, f"{gift}=40 box")
    assert receive(cast, ref, good="10").facts["still_on_the_way"] == 3000
    row = Consignment.objects.get(pk=ref)
    assert state_of(row, lines_of(row)) == "part received"
    receive(cast, ref, good="20")
    assert receive(cast, ref).facts["good"] == 1000
    assert held("received", gift, "TCD") == 4000
    with pytest.raises(ActionRefused, match="all of it was received already"):
        receive(cast, ref)


def test_every_line_is_received_at_once_or_each_by_itself(cast: Cast, gift: str, masks: str) -> None:
    ref = sent(cast, f"{gift}=10 box;{masks}=500")
    with pytest.raises(ActionRefused, match="lines 1, 2 on the way; say which line"):
        receive(cast, ref, damaged="1", cause="wet")
    receive(cast, ref, line=2, damaged="5 piece", cause="wet")
    receive(cast, ref)
    assert [held("received", gift, "TCD"), held("received", masks, "TCD")] == [1000, 495]
    with pytest.raises(ActionRefused, match="line 2: 495 good, 5 damaged, 0 missing"):
        receive(cast, ref, line=2)
    with pytest.raises(ActionRefused, match="no line 3; its lines are 1, 2"):
        receive(cast, ref, line=3)


def test_the_donor_stays_on_every_unit(cast: Cast, gift: str) -> None:
    other = make_gift("UNICEF", "vaccine-measles", 100, allocated={"TCD": 100})
    receive(cast, sent(cast, f"{gift}=1 box"))
    ref = plan_consignment(cast("donor-unicef"), origin="UNICEF", destination="TCD", lines=f"{other}=100").ref
    dispatch_consignment(cast("donor-unicef"), consignment=ref)
    receive(cast, ref)
    assert [held("received", gift, "TCD"), held("received", other, "TCD")] == [100, 100]


@pytest.mark.parametrize(
    "who",
    [
        "donor-ind",
        "donor-unicef",
        "focal-ken",
        "nurse-moissala",
        "task-force",
        "board-aze",
        "auditor",
        "operator",
        "public",
    ],
)
def test_nobody_but_the_recipient_says_what_it_received(cast: Cast, gift: str, who: str) -> None:
    ref = sent(cast, f"{gift}=40 box")
    with pytest.raises(NotAllowed, match="focal-point for TCD"):
        receive(cast, ref, who)
    assert held("received", gift, "TCD") == 0


def test_the_state_receives_for_its_clinic_and_the_clinic_for_itself(cast: Cast, gift: str) -> None:
    ref = sent(cast, f"{gift}=2 box", "TCD-moissala")
    receive(cast, ref, "nurse-moissala", good="1")
    receive(cast, ref, "focal-tcd")
    assert held("received", gift, "TCD-moissala") == 200


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"good": "41"}, "4,100 good . 0 damaged . 0 missing are 4,100"),
        ({"good": "40", "missing": "1", "cause": "theft"}, "count again"),
        ({"damaged": "41", "cause": "wet"}, "count again"),
        ({"good": "0"}, "nothing good, damaged or missing"),
        ({"damaged": "1"}, "need a cause; it is one of broken"),
        ({"damaged": "1", "cause": "brocken"}, "no cause 'brocken'.*did you mean 'broken'"),
        ({"damaged": "1", "cause": "other"}, "says nothing by itself"),
        ({"cause": "broken"}, "nothing damaged or missing; say how much"),
        ({"on": TODAY + timedelta(1)}, "has not come yet"),
        ({"on": TODAY - timedelta(1)}, "left on 2026-03-02, so it did not arrive on 2026-03-01"),
    ],
)
def test_what_does_not_add_up_is_refused(cast: Cast, gift: str, given: dict[str, Any], sentence: str) -> None:
    ref = sent(cast, f"{gift}=40 box")
    with pytest.raises(ActionRefused, match=sentence):
        receive(cast, ref, **given)
    assert held("in-transit", gift, ref) == 4000


@pytest.mark.parametrize("typed", ["-1", "many", "1e3", "0x10", "1 pallet", "½"])
def test_a_quantity_that_cannot_be_counted_is_refused(cast: Cast, gift: str, typed: str) -> None:
    with pytest.raises(InputRefused):
        receive(cast, sent(cast, f"{gift}=40 box"), good=typed)


def test_what_has_not_left_cannot_arrive(cast: Cast, gift: str) -> None:
    ref = planned(cast, f"{gift}=40 box")
    with pytest.raises(ActionRefused, match="has not left yet"):
        receive(cast, ref)
    cancel_consignment(cast("donor-ind", reason="no flight"), consignment=ref)
    with pytest.raises(ActionRefused, match="was cancelled and never left"):
        receive(cast, ref)


def test_a_consignment_that_does_not_exist_is_refused(cast: Cast) -> None:
    with pytest.raises(NameUnknown, match="no consignment"):
        receive(cast, "CN-0000000000")


def test_the_same_receipt_twice_counts_once(cast: Cast, gift: str) -> None:
    ref = sent(cast, f"{gift}=40 box")
    receive(cast, ref, request="w-1182", good="10")
    assert receive(cast, ref, request="w-1182", good="10").repeated
    assert held("received", gift, "TCD") == 1000
    with pytest.raises(RepeatDiffers, match="another good"):
        receive(cast, ref, request="w-1182", good="11")


def test_a_receipt_that_fails_halfway_leaves_nothing(cast: Cast, gift: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = sent(cast, f"{gift}=40 box")
    before, entries = everything_held(), entries_written()

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(ActionLine.objects, "create", fail)
    with pytest.raises(OSError, match="full"):
        receive(cast, ref, damaged="1", cause="wet")
    assert (everything_held(), entries_written(), EntryNote.objects.count()) == (before, entries, 0)
