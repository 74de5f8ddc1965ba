"""The grid of turning a consignment back: works; wrong role; someone else's; missing; twice; failing halfway; in a hurry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from action_grid import Case, check_halfway, check_roles, check_twice, refused
from evenhand_cast import TODAY, Cast
from evenhand_stock import held, make_gift
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.access.viewers import PUBLIC
from evenhand.actions.consignments import cancel_consignment, dispatch_consignment, plan_consignment
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.reversals import reverse_entry
from evenhand.actions.turning_back import return_consignment
from evenhand.errors import ActionRefused, EvenhandError, InputRefused, NameUnknown, NotAllowed
from evenhand.lookups.consignments import get_consignment
from evenhand.stockbook.models import Consignment, EntryNote
from evenhand.stockbook.travelling import lines_of, state_of

pytestmark = pytest.mark.django_db
SENDERS = ("donor-ind", "task-force")


def gift(allocated: int = 4000, resource: str = "vaccine-measles") -> str:
    return make_gift("IND", resource, allocated, allocated={"TCD": allocated})


def planned(cast: Cast, lines: str) -> str:
    return plan_consignment(cast("donor-ind"), origin="IND", destination="TCD", lines=lines).ref


def sent(cast: Cast, lines: str, **when: Any) -> str:
    return dispatch_consignment(cast("donor-ind"), consignment=planned(cast, lines), **when).ref


def turn_back(cast: Cast, ref: str, who: str = "donor-ind", reason: str = "", **said: Any) -> Any:
    return return_consignment(cast(who, reason=reason), **({"consignment": ref, "cause": "customs"} | said))


def state(ref: str) -> str:
    row = Consignment.objects.get(pk=ref)
    return state_of(row, lines_of(row))


def case(cast: Cast) -> dict[str, str]:
    return {"consignment": sent(cast, f"{gift()}=40 box")}


GRID = Case(return_consignment, "donor-ind", {"cause": "customs"}, SENDERS, {"quantity": "1 box"}, case)
"""`task-force-2` is of the same secretariat; nobody else of the cast sends or arranges India's gifts to Chad."""


def test_only_those_who_send_it_turn_it_back(cast: Cast) -> None:
    check_roles(GRID, cast)
    for who in SENDERS:
        assert turn_back(cast, sent(cast, f"{gift()}=1 box"), who).facts["returned"] == 100


def test_the_same_id_twice_is_once(cast: Cast) -> None:
    check_twice(GRID, cast)


def test_failing_halfway_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    check_halfway(GRID, cast, monkeypatch)


def test_what_is_still_on_the_way_goes_back_and_closes_it(cast: Cast) -> None:
    offer = gift()
    ref = sent(cast, f"{offer}=40 box")
    done = turn_back(cast, ref, note="no import permit")
    assert (done.ref, done.facts["returned"], done.facts["still_on_the_way"]) == (ref, 4000, 0)
    assert [held("in-transit", offer, ref), held("returned", offer, ref)] == [0, 4000]
    assert state(ref) == "closed"
    assert list(EntryNote.objects.values_list("entry__verb", "cause", "note")) == [
        ("return", "customs", "no import permit")
    ]


def test_good_damaged_missing_and_returned_make_what_was_sent(cast: Cast) -> None:
    offer = gift()
    ref = sent(cast, f"{offer}=40 box")
    receive_consignment(
        cast("focal-tcd"), consignment=ref, good="20", damaged="1", missing="2", cause="broken", note="crushed"
    )
    assert turn_back(cast, ref, quantity="7").facts["still_on_the_way"] == 1000
    assert state(ref) == "part received"
    receive_consignment(cast("focal-tcd"), consignment=ref)
    parts = {"received": held("received", offer, "TCD")} | {
        stage: held(stage, offer, ref) for stage in ("damaged", "missing", "returned")
    }
    assert parts == {"received": 3000, "damaged": 100, "missing": 200, "returned": 700}
    line = get_consignment(PUBLIC, ref).lines[0]
    assert (line.good, line.damaged, line.missing, line.aside, line.sent) == (3000, 100, 200, 700, 4000)


def test_who_may_see_the_consignment_sees_what_was_turned_back_and_why(cast: Cast) -> None:
    ref = sent(cast, f"{gift()}=40 box")
    turn_back(cast, ref, quantity="5 box", note="the road is closed", on=TODAY)
    for viewer, note in ((cast.viewers["focal-tcd"], "the road is closed"), (PUBLIC, None)):
        found = get_consignment(viewer, ref).differences
        assert [(one.what, one.quantity, one.cause, one.note, one.happened) for one in found] == [
            ("returned", 500, "customs", note, TODAY.isoformat())
        ]


def test_several_lines_are_turned_back_together_or_each_by_itself(cast: Cast) -> None:
    doses, masks = gift(), gift(1000, "mask-surgical")
    ref = sent(cast, f"{doses}=10 box;{masks}=500")
    with refused(ActionRefused, "has lines 1, 2 on the way; say which line this quantity is of"):
        turn_back(cast, ref, quantity="1")
    turn_back(cast, ref, line=2, quantity="100 piece")
    assert turn_back(cast, ref).facts["returned"] == 1000 + 400
    assert [held("returned", doses, ref), held("returned", masks, ref)] == [1000, 500]


def test_what_was_sent_on_is_turned_back_by_who_sent_it_on(cast: Cast) -> None:
    offer = gift()
    receive_consignment(cast("focal-tcd"), consignment=sent(cast, f"{offer}=40 box"))
    ref = plan_consignment(
        cast("focal-tcd"), origin="TCD", destination="TCD-moissala", lines=f"{offer}=5 box"
    ).ref  # fmt: skip
    dispatch_consignment(cast("focal-tcd"), consignment=ref)
    for who in ("donor-ind", "nurse-moissala"):
        with refused(NotAllowed):
            turn_back(cast, ref, who)
    turn_back(cast, ref, "focal-tcd")
    assert held("returned", offer, ref) == 500


@pytest.mark.parametrize(
    ("wrong", "error", "sentence"),
    [
        ({"quantity": "41"}, ActionRefused, "has 4,000 dose on the way, so 4,100 cannot be turned back"),
        ({"quantity": "0"}, InputRefused, "give at least 1"),
        ({"quantity": "5 crate"}, InputRefused, "has no unit 'crate'"),
        ({"line": 2}, ActionRefused, "has no line 2; its lines are 1"),
        ({"line": -1}, ActionRefused, "has no line -1"),
        ({"cause": ""}, ActionRefused, "units that were turned back need a cause"),
        ({"cause": "custom"}, (ActionRefused, NameUnknown), "customs"),
        ({"cause": "other"}, ActionRefused, "say in the note"),
        ({"on": TODAY + timedelta(1)}, ActionRefused, "has not come yet"),
        ({"on": TODAY - timedelta(9)}, ActionRefused, "so it was not turned back on"),
        ({"consignment": "CN-0000000000"}, NameUnknown, "no consignment 'CN-0000000000'"),
    ],
)
def test_what_cannot_be_is_refused(
    cast: Cast, wrong: dict[str, Any], error: type[EvenhandError] | tuple[type[EvenhandError], ...], sentence: str
) -> None:
    ref = sent(cast, f"{gift()}=40 box", on=TODAY - timedelta(2))
    with refused(error, sentence):
        turn_back(cast, **({"ref": ref} | wrong))


def test_what_has_not_left_or_is_not_on_the_way_any_more_is_not_turned_back(cast: Cast) -> None:
    ref = planned(cast, f"{gift()}=1 box")
    with refused(ActionRefused, "has not left yet"):
        turn_back(cast, ref)
    cancel_consignment(cast("donor-ind", reason="a mistake"), consignment=ref)
    with refused(ActionRefused, "was cancelled and never left; nothing of it can be turned back"):
        turn_back(cast, ref)
    ref = sent(cast, f"{gift()}=1 box")
    turn_back(cast, ref)
    with refused(
        ActionRefused, "all of it is accounted for already (line 1: 0 good, 0 damaged, 0 missing, 100 expired or"
    ):
        turn_back(cast, ref)
    with refused(ActionRefused, "100 expired or turned back"):
        receive_consignment(cast("focal-tcd"), consignment=ref)
    ref = sent(cast, f"{gift()}=1 box")
    receive_consignment(cast("focal-tcd"), consignment=ref)
    with refused(ActionRefused, "all of it was received already"):
        turn_back(cast, ref)


def test_who_turned_it_back_by_mistake_reverses_it_and_nobody_else(cast: Cast) -> None:
    offer = gift()
    ref = sent(cast, f"{offer}=40 box")
    entry = turn_back(cast, ref, quantity="10 box").facts["entries"][0]
    for who in ("focal-tcd", "donor-unicef", "auditor"):
        with refused(NotAllowed):
            reverse_entry(cast(who, reason="it did come"), entry=entry)
    reverse_entry(cast("donor-ind", reason="it went on after all"), entry=entry)
    assert [held("in-transit", offer, ref), held("returned", offer, ref)] == [4000, 0]
    assert lines_of(Consignment.objects.get(pk=ref))[0].on_the_way == 4000
    assert get_consignment(PUBLIC, ref).differences == ()


@given(st.lists(st.tuples(st.sampled_from(["receive", "turn back"]), st.integers(1, 900)), max_size=8))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_it_goes_nothing_is_lost_on_the_way(cast: Cast, steps: list[tuple[str, int]]) -> None:
    offer = gift()
    ref = sent(cast, f"{offer}=4000")
    for step, quantity in steps:
        try:
            if step == "receive":
                receive_consignment(
                    cast("focal-tcd"), consignment=ref, good=str(quantity), missing=str(quantity // 3), cause="theft"
                )
            else:
                turn_back(cast, ref, quantity=f"{quantity} dose")
        except ActionRefused:
            pass  # more than is left, or nothing missing to give a cause for
        line = lines_of(Consignment.objects.get(pk=ref))[0]
        assert line.good + line.damaged + line.missing + line.aside + line.on_the_way == line.sent == 4000
        assert line.on_the_way == held("in-transit", offer, ref)
        assert line.aside == held("returned", offer, ref)
