"""The forms of giving: what is sound is done once; what is not is told at its field, and what was typed stays."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from evenhand_giving import Trail

from evenhand.lookups.reach import today
from evenhand.records.models import Evidence, Offer

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
YESTERDAY = (today() - timedelta(days=1)).isoformat()
SOUND = {"donor": "IND", "resource": "vaccine-measles", "quantity": "40 box", "firmness": "pledge"}


def send(client: Client, path: str, **given: Any) -> Any:
    return client.post(path, {"request_id": str(uuid.uuid4()), **given})


def test_a_sound_offer_is_made_once_however_often_it_is_sent(reader: Reader) -> None:
    client, once = reader("donor-ind"), str(uuid.uuid4())
    for _ in range(3):
        response = client.post("/en/act/offer/make?kind=goods", {"request_id": once, **SOUND})
        assert response.status_code == 302, response.content.decode()[-1500:]
    offer = Offer.objects.get()
    assert (offer.donor_id, offer.quantity, offer.firmness) == ("IND", 4000, "pledge")
    assert response["Location"].endswith(f"/en/offers/{offer.ref}")


def test_groups_and_members_that_were_ticked_are_the_earmark(reader: Reader) -> None:
    response = send(
        reader("donor-ind"), "/en/act/offer/make?kind=goods", **SOUND, meant_for=["NAM", "KEN"], not_for=["LBN"]
    )
    assert response.status_code == 302, response.content.decode()[-1500:]
    offer = Offer.objects.get()
    assert (set(offer.meant_for.split(";")), offer.not_for) == ({"NAM", "KEN"}, "LBN")


def test_ticks_stay_where_something_else_is_wrong(reader: Reader) -> None:
    response = send(
        reader("donor-ind"), "/en/act/offer/make?kind=goods", **(SOUND | {"quantity": "many"}), meant_for=["NAM", "KEN"]
    )
    text = response.content.decode()
    assert response.status_code == 422
    for name in ("NAM", "KEN"):
        assert "checked" in text.partition(f'name="meant_for" value="{name}"')[2].partition(">")[0]
    opened = reader("donor-ind").get("/en/act/offer/make?kind=goods&meant_for=NAM;KEN").content.decode()
    assert "checked" in opened.partition('name="meant_for" value="KEN"')[2].partition(">")[0]


HOSTILE = (
    ("donor", "FRA"), ("donor", "' OR 1=1 --"), ("resource", ""), ("resource", "<script>alert(1)</script>"), ("resource", "USD"),
    ("quantity", ""), ("quantity", "-5"), ("quantity", "0"), ("quantity", "many"), ("quantity", "9" * 60), ("quantity", "40 bag"),
    ("quantity", "\u202e40"), ("quantity", "4\x000"), ("firmness", "iron"), ("firmness", "😀"), ("window_until", YESTERDAY),
    ("window_until", "31/12/2030"), ("expires", YESTERDAY), ("min_packs", "0"), ("min_packs", "x"), ("pack", "bag"),
    ("meant_for", "NOBODY"), ("not_for", "NOBODY"), ("unit_value", "2.5"), ("conditions", "x" * 10_001),
    ("conditions", "\u202eabc"), ("programme", "PG-0000000000"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value"), HOSTILE)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(reader: Reader, name: str, value: str) -> None:
    given = SOUND | {"quantity": "40 box", "conditions": "kept words", name: value}
    response = send(reader("donor-ind"), "/en/act/offer/make?kind=goods", **given)
    text = response.content.decode()
    assert response.status_code == 422, (name, value)
    assert 'class="errors"' in text
    assert "<script>alert" not in text
    summary = text.partition('class="errors"')[2].partition("</div>")[0]
    assert f"#id_{name}" in summary or name == "unit_value", summary
    if name != "conditions":
        assert "kept words" in text
    assert not Offer.objects.exists()


@pytest.mark.parametrize(("action", "given", "done"), [
    ("offer/change", {"quantity": "900", "reason": "fewer came from the plant"}, True),
    ("offer/change", {"quantity": "900"}, False),
    ("offer/change", {"reason": "nothing else"}, False),
    ("offer/change", {"quantity": "100", "reason": "600 were sent already"}, False),
    ("offer/withdraw", {"reason": "the plant closed"}, True),
    ("offer/withdraw", {}, False),
    ("offer/firm", {"firmness": "pledge"}, False),
])  # fmt: skip
def test_an_offer_is_changed_and_withdrawn_with_a_reason(
    trail: Trail, reader: Reader, action: str, given: dict[str, str], done: bool
) -> None:
    response = send(reader("donor-ind"), f"/en/act/{action}?offer={trail.offer}", offer=trail.offer, **given)
    assert response.status_code == (302 if done else 422), response.content.decode()[-1500:]
    assert ('class="errors"' in response.content.decode()) != done


def test_nobody_changes_the_offer_of_another(trail: Trail, reader: Reader) -> None:
    response = send(reader("donor-ind"), "/en/act/offer/change", offer=trail.money, quantity="1 USD", reason="a test")
    assert response.status_code == 422
    assert Offer.objects.get(pk=trail.money).quantity == 7_000_000
    assert send(reader("focal-tcd"), "/en/act/offer/make", **SOUND).status_code == 403


def test_money_is_paid_to_whom_it_is_meant_for(trail: Trail, reader: Reader) -> None:
    client, path = reader("donor-unicef"), f"/en/act/money/pay?offer={trail.money}"
    form = client.get(path).content.decode()
    choices = form.partition('name="to"')[2].partition("</select>")[0]
    assert 'value="TCD"' in choices
    assert 'value="KEN"' not in choices
    assert send(client, path, offer=trail.money, to="KEN", quantity="5 USD").status_code == 422
    assert send(client, path, offer=trail.money, to="TCD", quantity="80000 USD").status_code == 422
    assert send(client, path, offer=trail.money, to="TCD", quantity="30000 USD").status_code == 302
    text = reader("").get(f"/en/offers/{trail.money}").content.decode()
    assert "30,000" in text
    spending = reader("focal-tcd").get("/en/act/money/spend").content.decode()
    assert trail.money in spending.partition('name="offer"')[2].partition("</select>")[0]


def test_evidence_is_attached_with_its_file(trail: Trail, reader: Reader) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, path = reader("donor-ind"), f"/en/act/evidence/attach?about={trail.offer}"
    given = {"about": trail.offer, "kind": "document", "title": "Waybill 1182"}
    for body, status in ((b"<html><script>alert(1)</script>", 422), (b"MZ\x90\0", 422), (b"%PDF-1.7 fine", 302)):
        response = send(client, path, **given, file=SimpleUploadedFile("waybill.pdf", body, "application/pdf"))
        assert response.status_code == status, response.content.decode()[-1500:]
    row = Evidence.objects.get(title="Waybill 1182")
    assert (row.public, row.given_by_id) == (False, "IND")
    assert send(client, path, **(given | {"about": trail.money})).status_code == 422
    assert send(client, path, **(given | {"kind": "link", "source": "javascript:alert(1)"})).status_code == 422
