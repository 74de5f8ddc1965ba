"""The forms of giving: what is sound is done once; what is not is told at its field, and what was typed stays."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from evenhand_cast import Cast
from evenhand_giving import Trail

from evenhand.lookups.reach import today
from evenhand.records.models import Evidence, Offer, Party
from evenhand.web.forms.letters import refuse_unseen

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


MAKE = "/en/act/offer/make?kind=goods"


def lines(text: str, name: str) -> list[str]:
    """Return what stands in the lines of a field, the empty ones left out."""
    found = re.findall(rf'<input type="text" name="{name}(?:-\d+)?"[^>]* value="([^"]*)"', text)
    return [html.unescape(one) for one in found if one]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"meant_for": "NAM", "meant_for-2": "KEN"}, {"NAM", "KEN"}),
        ({"meant_for": "Non-Aligned Movement (NAM)", "meant_for-2": "Kenya (KEN)"}, {"NAM", "KEN"}),
        ({"meant_for": "nam; kenya;", "meant_for-2": "Kenya"}, {"NAM", "KEN"}),
        ({"meant_for-3": "KEN; NAM"}, {"NAM", "KEN"}),
        ({"meant_for": "TCD-moissala"}, {"TCD-moissala"}),
        ({}, {""}),
    ],
)
def test_groups_and_members_are_named_by_code_or_by_name(
    cast: Cast, reader: Reader, written: dict[str, str], read: set[str]
) -> None:
    response = send(reader("donor-ind"), MAKE, **SOUND, **written, not_for="lbn")
    assert response.status_code == 302, response.content.decode()[-1500:]
    offer = Offer.objects.get()
    assert (set(offer.meant_for.split(";")), offer.not_for) == (read, "LBN")


def test_a_member_is_known_by_its_name_in_the_readers_language_and_in_english(cast: Cast, reader: Reader) -> None:
    Party.objects.create(key="HKG", name="Hong Kong", kind="state")  # in no group, so it is not suggested
    for written, code in (
        ("تشاد", "TCD"),
        ("Chad", "TCD"),
        ("تشاد (TCD)", "TCD"),
        ("TCD", "TCD"),
        ("Hong Kong", "HKG"),
    ):
        response = send(reader("donor-ind"), MAKE.replace("/en/", "/ar/"), **SOUND, meant_for=written)
        assert response.status_code == 302, written
        assert Offer.objects.latest("made_at").meant_for == code, written


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Chaad", "Did you mean “Chad (TCD)”?"), ("TDC", "Did you mean"), ("Quite somewhere else", "or write its code"),
        ("Kenya; Chaad", "“Chaad”"), ("x" * 9000, "or write its code"), ("Kenya (KNE)", "Did you mean “Kenya (KEN)”?"),
        ("party:XXXXXXX", "No group or member"), ("KEN\u202e", "unseen character"),
    ],
)  # fmt: skip
def test_a_name_that_nobody_has_is_asked_back_and_stays_as_it_was_typed(
    cast: Cast, reader: Reader, written: str, said: str
) -> None:
    response = send(reader("donor-ind"), MAKE, **SOUND, meant_for=written, not_for="Lebanon")
    text = response.content.decode()
    assert response.status_code == 422
    summary = html.unescape(text.partition('class="errors"')[2].partition("</div>")[0])
    assert said in summary
    assert "#id_meant_for" in summary
    assert "&;".join(lines(text, "meant_for")).replace("&;", "; ").startswith(written.replace("KEN;", "")[:400])
    assert lines(text, "not_for") == ["Lebanon"]


def test_what_two_are_called_is_asked_back(cast: Cast, reader: Reader) -> None:
    Party.objects.filter(pk="TCD-moissala").update(name="Twin")
    Party.objects.filter(pk="TCD-mandoul").update(name="Twin")
    text = send(reader("donor-ind"), MAKE, **SOUND, meant_for="twin").content.decode()
    assert "More than one is called “twin”" in text


def test_names_stay_where_something_else_is_wrong_and_lie_open(reader: Reader) -> None:
    response = send(
        reader("donor-ind"), MAKE, **(SOUND | {"quantity": "many"}), **{"meant_for": "NAM", "meant_for-2": "kenya"}
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert lines(text, "meant_for") == ["NAM", "kenya"]
    opened = reader("donor-ind").get(f"{MAKE}&meant_for=NAM;KEN;IND;LBN").content.decode()
    assert lines(opened, "meant_for") == [
        "NAM", "Kenya (KEN)", "India (IND)", "Lebanon (LBN)",
    ]  # fmt: skip
    assert 'name="meant_for-5"' in opened, "one line is empty, to go on in"
    assert (
        "<details"
        not in opened.partition('name="meant_for"')[0].rpartition("<summary>")[0].rpartition("</fieldset>")[2]
    )
    assert opened.count("<datalist") == 1
    assert opened.count('<option value="Chad">') == 1


def test_names_are_found_again_after_a_sign_in_that_had_expired(cast: Cast, reader: Reader) -> None:
    sent = {**SOUND, "request_id": "lost-2", "meant_for": "NAM", "meant_for-2": "Kenya", "not_for": "LBN"}
    public = Client()
    onward = parse_qs(urlsplit(public.post(MAKE, sent)["Location"]).query)["next"][0]
    browser = reader("donor-ind")
    session = browser.session
    session["typed"] = public.session["typed"]
    session.save()
    text = browser.get(onward).content.decode()
    assert lines(text, "meant_for") == ["NAM", "Kenya"]
    assert lines(text, "not_for") == ["Lebanon (LBN)"]


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
def test_every_suggestion_is_taken_as_it_stands(reader: Reader, language: str) -> None:
    """No name holds a character that the field itself refuses, and each leads back to one of its own."""
    text = reader("donor-ind").get(MAKE.replace("/en/", f"/{language}/")).content.decode()
    suggested = [html.unescape(one) for one in re.findall(r'<option value="([^"]*)">', text.partition("<datalist")[2])]
    assert len(suggested) > 5
    for one in suggested:
        assert refuse_unseen(one) == one
        assert ";" not in one
    response = send(
        reader("donor-ind"),
        MAKE.replace("/en/", f"/{language}/"),
        **SOUND,
        meant_for="; ".join(dict.fromkeys(suggested)),
    )
    assert response.status_code == 302
    assert len(Offer.objects.get().meant_for.split(";")) == len(suggested)


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
