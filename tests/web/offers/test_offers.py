"""Offers: the list, one followed to the last hand, a donor's own; the right numbers for everybody, conditions for few."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from evenhand_cast import Cast
from evenhand_giving import Trail

from evenhand.access.models import RoleHeld, User
from evenhand.access.viewers import PUBLIC
from evenhand.lookups.gifts import read_gift
from evenhand.lookups.offers import list_offers
from evenhand.lookups.stock import trace_offer

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
WHO = ("", "focal-tcd", "donor-ind", "donor-unicef", "task-force", "board-uga", "auditor", "operator")
ENOUGH = 8


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[-2000:]
    return str(response.content.decode())


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).content.decode("utf-8-sig"))))


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_everybody_follows_a_gift_to_the_last_hand(trail: Trail, reader: Reader, who: str, language: str) -> None:
    text = text_of(reader(who), f"/{language}/offers/{trail.offer}")
    assert text.count("<h1") == 1
    for number in ("1,000", "600", "500", "200", "100"):
        assert number in text
    for party in ("TCD", "TCD-moissala"):
        assert f"/{language}/parties/{party}" in text
    assert f"/{language}/consignments/{trail.consignment}" in text
    assert "/book/entries/" in text
    assert ("SECRETWORDS" in text) == (who in ("donor-ind", "task-force", "auditor"))
    assert "the roof leaked" not in text


def test_what_became_of_a_gift_is_what_the_book_traces(trail: Trail) -> None:
    gift, path = read_gift(PUBLIC, trail.offer), trace_offer(PUBLIC, trail.offer)
    assert {hand.party: hand.share for hand in gift.hands} == {share.party: share for share in path.shares}
    assert gift.offer.stages == path.stages
    assert (gift.entered, gift.dispatched, gift.received, gift.used, gift.lost) == (1000, 600, 500, 200, 100)
    assert gift.entries == len(path.history)
    assert [(hand.party, hand.above, hand.depth) for hand in gift.hands] == [("TCD", "", 0), ("TCD-moissala", "TCD", 1)]
    assert sum(travel.sent for travel in gift.travels) == 700
    assert gift.offer.conditions is None


def test_the_data_of_an_offer_are_its_recipients(trail: Trail, reader: Reader) -> None:
    rows = rows_of(reader(""), f"/en/offers/{trail.offer}.csv")
    assert [(row["party"], row["above"], row["received"], row["passed_on"], row["held"]) for row in rows] == [
        ("TCD", "", "500", "100", "200"), ("TCD-moissala", "TCD", "100", "0", "100"),
    ]  # fmt: skip


def test_a_statement_is_told_as_words_and_offers_no_numbers_of_the_book(trail: Trail, reader: Reader) -> None:
    text = text_of(reader(""), f"/en/offers/{trail.statement}")
    assert "It stands in no total until it is firm." in text
    assert "Nobody has got any of it yet" in text


def test_money_is_told_in_whole_units_of_its_currency(trail: Trail, reader: Reader) -> None:
    text = text_of(reader(""), f"/en/offers/{trail.money}")
    assert "70,000" in text
    assert "7,000,000" not in text


@pytest.mark.parametrize(("query", "refs"), [
    ("", "all"), ("party=IND", ["offer"]), ("resource=USD", ["money"]), ("firmness=statement", ["statement"]),
    ("state=claimed", ["statement"]), ("search=unicef", ["statement", "money"]), ("party=FRA", []),
])  # fmt: skip
def test_the_list_and_its_data_have_what_the_filter_finds(
    trail: Trail, reader: Reader, query: str, refs: object
) -> None:
    wanted = (
        {getattr(trail, name) for name in ("offer", "statement", "money")}
        if refs == "all"
        else {getattr(trail, name) for name in refs}
    )  # type: ignore[attr-defined]
    client = reader("")
    text = text_of(client, f"/en/offers?{query}")
    rows = rows_of(client, f"/en/offers.csv?{query}")
    assert {row["ref"] for row in rows} == wanted
    assert {one.ref for one in list_offers(PUBLIC) if one.ref in text} == wanted
    assert {row["ref"]: row["stage_received"] for row in rows}.get(trail.offer, "300") == "300"


@pytest.mark.parametrize(
    "query", ["party=NOBODY", "firmness=iron", "state=x", "order=x", "after=%00", "resource=%E2%80%AE"]
)
def test_a_filter_that_is_none_is_refused_in_a_sentence(trail: Trail, reader: Reader, query: str) -> None:
    assert reader("").get(f"/en/offers?{query}").status_code in (400, 404)


@pytest.mark.parametrize("who", ["", "donor-ind", "task-force"])
def test_pages_of_offers_ask_few_questions(trail: Trail, reader: Reader, who: str, kept_in_use: None) -> None:
    client = reader(who)
    # the session, the user, its roles; and for a role in a group, its members, once for each right that is asked for
    of_the_session = {"": 0, "donor-ind": 3, "task-force": 5}[who]
    for path in ("offers", f"offers/{trail.offer}"):
        client.get(f"/en/{path}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/en/{path}?x=1").status_code == 200
        assert len(asked) <= ENOUGH + of_the_session, path + "\n" + "\n".join(one["sql"][:160] for one in asked)


@pytest.mark.parametrize(("who", "steps"), [
    ("", []), ("focal-tcd", []), ("donor-unicef", []), ("auditor", []), ("task-force", ["evidence/attach"]),
    ("donor-ind", ["offer/change", "offer/withdraw", "evidence/attach"]),
])  # fmt: skip
def test_a_page_shows_only_what_its_reader_may_do_with_the_offer(
    trail: Trail, reader: Reader, who: str, steps: list[str]
) -> None:
    text = text_of(reader(who), f"/en/offers/{trail.offer}")
    found = [
        step
        for step in ("offer/firm", "offer/change", "offer/withdraw", "money/pay", "evidence/attach")
        if f"/en/act/{step}?" in text
    ]
    assert sorted(found) == sorted(steps)


def test_my_gifts_are_mine_and_nobody_elses(trail: Trail, reader: Reader) -> None:
    text = text_of(reader("donor-ind"), "/en/desk/gifts")
    assert trail.offer in text
    assert trail.statement not in text
    assert trail.statement not in text_of(reader("donor-ind"), "/en/desk/gifts?party=UNICEF")
    assert [row["ref"] for row in rows_of(reader("donor-ind"), "/en/desk/gifts.csv")] == [trail.offer]
    assert reader("focal-tcd").get("/en/desk/gifts").status_code == 403
    assert reader("").get("/en/desk/gifts").status_code == 302


def test_a_reader_for_a_donor_follows_and_changes_nothing(trail: Trail, cast: Cast, reader: Reader) -> None:
    RoleHeld.objects.filter(user=User.objects.get(name="donor-ind")).update(role="donor-reader")
    client = reader("donor-ind")
    text = text_of(client, f"/en/offers/{trail.offer}")
    assert "SECRETWORDS" in text
    assert "/en/act/" not in text
    assert trail.receipt in text
    assert trail.offer in text_of(client, "/en/desk/gifts")
    assert "/en/act/offer/make" not in text_of(client, "/en/desk/gifts/new")
    for action in ("offer/make", "offer/change", "offer/withdraw", "evidence/attach", "money/pay"):
        assert client.get(f"/en/act/{action}").status_code == 403


@pytest.mark.parametrize("kind", ["goods", "money", "capacity", "service", "structure"])
def test_the_door_to_a_new_offer_leads_to_a_form_of_its_kind(reader: Reader, kind: str) -> None:
    client = reader("donor-ind")
    assert f"/en/act/offer/make?kind={kind}" in text_of(client, "/en/desk/gifts/new")
    form = text_of(client, f"/en/act/offer/make?kind={kind}")
    assert ('name="expires"' in form) == (kind in ("goods", "service"))
    assert ('name="pack"' in form) == (kind == "goods")
    assert ('name="unit_value"' in form) == (kind != "money")
    assert ('value="USD"' in form.partition('name="resource"')[2].partition("</select>")[0]) == (kind == "money")
