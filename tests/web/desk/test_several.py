"""Several needs at once: each ticked one is an action of its own, done once; what is refused stops nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from evenhand_cast import Cast
from evenhand_seen import add_need

from evenhand.access.models import ActionLine
from evenhand.lookups.reach import today
from evenhand.records.models import Need

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
RENEW, CHECK = "/en/desk/needs/renew", "/en/desk/needs/check"


def lapsing(party: str = "TCD", days: int = 3) -> str:
    return add_need(party, "approved", "an outbreak", valid_until=today() + timedelta(days=days))


def test_what_is_ticked_is_renewed_each_by_an_action_of_its_own(cast: Cast, reader: Reader) -> None:
    kept, left, until = lapsing(), lapsing(), today() + timedelta(days=60)
    page = reader("focal-tcd").get(RENEW).content.decode()
    assert f'value="{kept}" checked' in page
    answer = reader("focal-tcd").post(RENEW, {"request_id": "r-1", "need": [kept], "valid_until": until.isoformat()})
    assert (answer.status_code, answer["Location"]) == (302, "/en/desk")
    assert Need.objects.get(pk=kept).valid_until == until
    assert Need.objects.get(pk=left).valid_until == today() + timedelta(days=3)
    assert ActionLine.objects.filter(name="need renew").count() == 1


def test_sending_the_page_twice_renews_once(cast: Cast, reader: Reader) -> None:
    refs = [lapsing(), lapsing()]
    for _ in range(2):
        assert reader("focal-tcd").post(RENEW, {"request_id": "r-1", "need": refs}).status_code == 302
    assert ActionLine.objects.filter(name="need renew").count() == 2


def test_somebody_elses_need_is_refused_and_ones_own_is_renewed_all_the_same(cast: Cast, reader: Reader) -> None:
    own, other, draft = lapsing(), lapsing("KEN"), add_need("KEN", "draft", "CANARY")
    answer = reader("focal-tcd").post(RENEW, {"request_id": "r-1", "need": [other, own, draft, "nonsense"]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("<li>") > 2
    assert other in page
    assert "CANARY" not in page
    assert set(ActionLine.objects.filter(name="need renew").values_list("about", flat=True)) == {own}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Tick at least one need"),
        ({"valid_until": "soon"}, "This is no date"),
        ({"valid_until": "2019-01-01"}, "A need cannot be valid until"),
        ({"valid_until": "9999-12-31"}, "A need cannot be valid until"),
        ({"reason": "turn\u202eed"}, "turns the direction of writing"),
        ({"reason": "x" * 3000}, "at most 2000"),
    ],
)
def test_bad_input_is_said_and_nothing_is_renewed(cast: Cast, reader: Reader, given: dict[str, str], said: str) -> None:
    ref = lapsing()
    ticked = {} if not given else {"need": ref}
    answer = reader("focal-tcd").post(RENEW, {"request_id": "r-1", **ticked, **given})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'class="errors"' in page
    assert not ActionLine.objects.filter(name="need renew").exists()


def test_a_correction_stands_beside_what_it_would_change_and_takes_its_place(cast: Cast, reader: Reader) -> None:
    until = today() + timedelta(days=60)
    old = add_need("TCD", "approved", "an outbreak", valid_until=until)
    new = add_need(
        "TCD", "submitted", "<b>a larger</b> outbreak", replaces_id=old, quantity=2000, typed="20", valid_until=until
    )
    page = reader("task-force").get(CHECK).content.decode()
    assert "<del><bdi>10 box</bdi></del> <ins><bdi>20 box</bdi></ins>" in page
    assert "&lt;b&gt;a larger&lt;/b&gt; outbreak" in page
    assert "How pressing:" not in page, "what stays is not listed"
    assert "20 box" in reader("task-force").get(f"/en/act/need/approve?need={new}").content.decode()
    for _ in range(2):
        assert reader("task-force").post(CHECK, {"request_id": "c-1", "need": new}).status_code == 302
    states = dict(Need.objects.values_list("ref", "state"))
    assert states == {old: "corrected", new: "approved"}
    assert ActionLine.objects.filter(name="need approve").count() == 1


def test_a_secretariat_is_not_shown_and_cannot_approve_what_another_groups_members_sent(
    cast: Cast, reader: Reader
) -> None:
    ref = add_need("TCD", "submitted", "CANARY", valid_until=today() + timedelta(days=60))
    assert "CANARY" not in reader("task-force-eu").get(CHECK).content.decode()
    answer = reader("task-force-eu").post(CHECK, {"request_id": "c-1", "need": ref})
    assert answer.status_code == 422
    assert "CANARY" not in answer.content.decode()
    assert Need.objects.get(pk=ref).state == "submitted"


def test_a_need_is_drafted_and_submitted_in_one_go_and_once(cast: Cast, reader: Reader) -> None:
    given = {
        "request_id": "n-1",
        "party": "TCD",
        "resource": "vaccine-measles",
        "quantity": "40 box",
        "why": "an outbreak",
    }
    for _ in range(2):
        answer = reader("focal-tcd").post("/en/act/need/draft", given | {"then": "1"})
        assert answer.status_code == 302, answer.content.decode()
    assert list(Need.objects.values_list("state", flat=True)) == ["submitted"]
    assert sorted(ActionLine.objects.values_list("name", flat=True)) == ["need draft", "need submit"]


def test_a_correction_opens_with_what_stands_and_says_so_where_nothing_is_different(cast: Cast, reader: Reader) -> None:
    ref = add_need("TCD", "approved", "an outbreak", valid_until=today() + timedelta(days=60))
    address = f"/en/act/need/correct?need={ref}"
    page = reader("focal-tcd").get(address).content.decode()
    assert 'name="quantity" value="10"' in page
    stands = {"quantity": "10", "unit": "box", "why": "an outbreak", "held": "0", "priority": "normal", "by_when": ""}
    same = {"request_id": "k-1", "need": ref, "reason": "a slip", **stands}
    assert "nothing to correct was given" in reader("focal-tcd").post(address, same).content.decode()
    answer = reader("focal-tcd").post(address, same | {"request_id": "k-2", "quantity": "12"})
    assert answer.status_code == 302, answer.content.decode()
    new = Need.objects.exclude(pk=ref).get()
    assert (new.typed, new.unit, new.why, new.state) == ("12", "box", "an outbreak", "submitted")
