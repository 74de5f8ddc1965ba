"""Planning from what waits to be sent, and what becomes of stock: ticked, in packs, done once, refused in words."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from evenhand_stock import held, make_gift
from evenhand_travel import Travel

from evenhand.access.viewers import PUBLIC
from evenhand.actions.receipts import receive_consignment
from evenhand.lookups.consignments import list_consignments
from evenhand.lookups.sending import list_unsent

pytestmark = pytest.mark.django_db
PLAN = "/en/consignments/plan"


def request_id(page: str) -> str:
    found = re.search(r'name="request_id" value="([^"]+)"', page)
    assert found, page
    return found[1]


def waiting(travel: Travel, name: str) -> set[tuple[str, str, int]]:
    return {(one.sender, one.recipient, one.quantity) for one in list_unsent(travel.cast.viewers[name])}


def test_what_waits_is_what_is_allocated_and_in_no_plan(planned: Travel) -> None:
    expected = {("UNICEF", "TCD", 400)}  # 1000 doses less 600 planned; of the masks nothing is left
    assert waiting(planned, "donor-unicef") == waiting(planned, "task-force") == expected
    for name in ("donor-ind", "focal-tcd", "focal-ken", "task-force-eu", "auditor", "board-aze"):
        assert waiting(planned, name) == set(), name


def test_a_gift_by_name_waits_and_one_for_a_group_does_not(planned: Travel) -> None:
    make_gift("IND", "mask-surgical", 50, meant_for="KEN")
    make_gift("IND", "mask-surgical", 70, meant_for="NAM")
    make_gift("IND", "mask-surgical", 90)
    assert waiting(planned, "donor-ind") == {("IND", "KEN", 50)}
    assert ("IND", "KEN", 50) in waiting(planned, "task-force")


def test_what_was_received_can_be_sent_on_by_who_holds_it(travel: Travel) -> None:
    receive_consignment(travel.cast("focal-tcd"), consignment=travel.ref)
    assert waiting(travel, "focal-tcd") == {("TCD", "", 600), ("TCD", "", 200)}
    assert ("TCD", "", 600) not in waiting(travel, "task-force")


def test_a_tick_and_packs_make_a_consignment_once(planned: Travel, reader: Any) -> None:
    client = reader("donor-unicef")
    assert "Chad" in client.get(PLAN).content.decode()
    address = f"{PLAN}?origin=UNICEF&destination=TCD"
    page = client.get(address).content.decode()
    form = {
        "request_id": request_id(page), "destination": "TCD", "origin": "UNICEF", f"take-{planned.vaccine}": "yes",
        f"much-{planned.vaccine}": "4", "kind": "shipment", "carrier": "A boat",
    }  # fmt: skip
    before = len(list_consignments(PUBLIC))
    first = client.post(address, form)
    assert first.status_code == 302
    client.post(address, form)
    found = list_consignments(PUBLIC)
    assert len(found) == before + 1
    (made,) = [one for one in found if one.ref != planned.ref]
    assert [(one.planned, one.typed, one.unit) for one in made.lines] == [(400, "4", "box")]


@pytest.mark.parametrize(
    "much", ["99999", "-3", "four", "1;OF-0000000000=3", "<script>", "\u202e4", "0", "9" * 60, "4 elephant"]
)
def test_a_quantity_that_cannot_be_planned_is_said_at_the_lines(planned: Travel, reader: Any, much: str) -> None:
    client = reader("donor-unicef")
    address = f"{PLAN}?origin=UNICEF&destination=TCD"
    form = {
        "request_id": request_id(client.get(address).content.decode()), "destination": "TCD", "kind": "shipment",
        f"take-{planned.vaccine}": "yes", f"much-{planned.vaccine}": much,
    }  # fmt: skip
    answer = client.post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="errors"' in page
    assert "<script>4" not in page
    assert html.escape(much[:40].strip()) in page
    assert len(list_consignments(PUBLIC)) == 1


def test_a_plan_without_a_tick_asks_for_one(planned: Travel, reader: Any) -> None:
    client = reader("donor-unicef")
    address = f"{PLAN}?origin=UNICEF&destination=TCD"
    form = {"request_id": request_id(client.get(address).content.decode()), "destination": "TCD", "kind": "shipment"}
    answer = client.post(address, form | {"carrier": "A boat"})
    assert answer.status_code == 422
    assert "Tick at least one line" in answer.content.decode()
    assert "A boat" in answer.content.decode()


def test_nobody_plans_what_is_not_theirs(planned: Travel, reader: Any) -> None:
    assert reader("auditor").get(PLAN).status_code == 403
    client = reader("donor-ind")
    address = f"{PLAN}?origin=UNICEF&destination=TCD"
    page = client.get(address).content.decode()
    assert planned.vaccine not in page
    form = {"request_id": request_id(page), "destination": "TCD", "kind": "shipment", f"take-{planned.vaccine}": "yes"}
    assert client.post(address, form).status_code == 422
    assert len(list_consignments(PUBLIC)) == 1


def test_stock_in_hand_has_its_buttons_and_they_work(travel: Travel, reader: Any) -> None:
    receive_consignment(travel.cast("focal-tcd"), consignment=travel.ref)
    client = reader("focal-tcd")
    page = html.unescape(client.get("/en/desk/stock").content.decode())
    address = f"/en/act/stock/distribute?party=TCD&offer={travel.vaccine}"
    assert address in page
    form = {
        "party": "TCD",
        "offer": travel.vaccine,
        "quantity": "2 box",
        "request_id": request_id(client.get(address).content.decode()),
    }
    for _again in range(2):
        assert client.post(address, form).status_code == 302
    assert held("received", travel.vaccine, "TCD") == 400
    other = html.unescape(reader("focal-ken").get("/en/desk/stock?party=TCD").content.decode())
    assert travel.vaccine in other
    assert "/en/act/stock/distribute" not in other


ACTS = (
    ("donor-unicef", "consignment dispatch"), ("donor-unicef", "consignment cancel"), ("donor-unicef", "consignment return"),
    ("donor-unicef", "consignment plan"), ("focal-tcd", "consignment receive"), ("focal-tcd", "stock distribute"),
    ("focal-tcd", "stock return"), ("focal-tcd", "stock lose"), ("focal-tcd", "stock expire"), ("focal-tcd", "stock reverse"),
    ("operator", "stock rebuild"),
)  # fmt: skip
JUNK = [
    "",
    "x" * 500,
    "\u202eabc",
    "😀",
    "'; DROP TABLE entry; --",
    "<img src=x onerror=alert(1)>",
    "CN-0000000000",
    "-1",
    "1900-01-01",
]


@pytest.mark.parametrize(("name", "act"), ACTS, ids=[act for _name, act in ACTS])
def test_junk_in_any_form_is_answered_with_words(planned: Travel, reader: Any, name: str, act: str) -> None:
    client = reader(name)
    address = f"/en/act/{act.replace(' ', '/')}?consignment={planned.ref}&offer={planned.vaccine}&party=TCD"
    page = client.get(address)
    assert page.status_code == 200
    names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([\w-]+)"', page.content.decode()))
    names -= {"csrfmiddlewaretoken", "request_id", "q"}
    for junk in JUNK[: 1 if act == "stock rebuild" else None]:
        given = dict.fromkeys(names, junk) | {"request_id": request_id(page.content.decode())}
        answer = client.post(address, given)
        if act != "stock rebuild":
            assert answer.status_code == 422, (junk, answer.status_code)
            assert 'class="errors"' in answer.content.decode()
            assert "<img src=x" not in answer.content.decode()
