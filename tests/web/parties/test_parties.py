"""Members, donors and the page of one party: the right numbers for everybody, no ranking of donors, no name that acts."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from evenhand_places import EVERYBODY, HOSTILE, Reader, queries_of, rows_of, text_of
from evenhand_round_pages import RoundsNow

from evenhand.access.viewers import PUBLIC
from evenhand.lookups.gaps import list_gaps
from evenhand.lookups.party_stories import get_party_story
from evenhand.lookups.promises import list_promises

pytestmark = pytest.mark.django_db
PAGES = ("members", "donors", "parties/TCD", "parties/IND", "parties/UNICEF", "parties/TCD-moissala", "parties/LBN")


def test_everybody_reads_them_in_every_direction(book: RoundsNow, reader: Reader) -> None:
    for who, path, language in product(EVERYBODY, PAGES, ("en", "ar")):
        text = text_of(reader(who), f"/{language}/{path}")
        assert text.count("<h1") == 1, (who, path)
        assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text_of(reader(""), "/en/parties/LBN")


def test_an_empty_book_has_pages_that_say_what_would_fill_them(cast: Any, reader: Reader) -> None:
    for path in PAGES:
        assert text_of(reader(""), f"/en/{path}").count("<h1") == 1
    assert "No approved need is on file." in text_of(reader(""), "/en/parties/TCD")


def test_with_no_record_at_all_the_lists_still_stand(db: None, client: Any) -> None:
    assert "No member is on file here" in text_of(client, "/en/members")
    assert "Nobody has offered anything yet" in text_of(client, "/en/donors")
    assert client.get("/en/parties/TCD").status_code == 404


def test_members_are_listed_by_need_and_those_without_one_too(book: RoundsNow, reader: Reader) -> None:
    rows = {row["key"]: row for row in rows_of(reader(""), "/en/members.csv?group=NAM&resource=measles-vaccination")}
    assert set(rows) == {"TCD", "KEN", "LBN", "AZE", "UGA", "IND"}
    for gap in list_gaps(PUBLIC, by="member", resource="measles-vaccination"):
        told = rows[gap.key]
        assert [Fraction(told[name]) for name in ("needed", "there", "coming", "gap")] == [
            gap.needed, gap.there, gap.coming, gap.gap,
        ]  # fmt: skip
    assert (rows["TCD"]["needed"], rows["TCD"]["coming"], rows["TCD"]["gap"]) == ("500", "250", "250")
    assert (rows["UGA"]["needed"], rows["UGA"]["share"], rows["LBN"]["needs"]) == ("", "", "1")
    only = rows_of(reader(""), "/en/members.csv?group=NAM&resource=measles-vaccination&search=chad")
    assert [row["key"] for row in only] == ["TCD"]


def test_members_stand_in_the_order_asked_for(book: RoundsNow, reader: Reader) -> None:
    for order, first in (("share", "KEN"), ("-needed", "TCD"), ("name", "LBN"), ("-needs", "TCD")):
        rows = rows_of(reader(""), f"/en/members.csv?group=NAM&resource=measles-vaccination&order={order}")
        assert rows[0]["key"] == first, order


@pytest.mark.parametrize("order", ["received", "-said", "promised", "share", "key; drop table", HOSTILE])
def test_donors_are_never_ranked(cast: Any, reader: Reader, order: str) -> None:
    assert reader("").get("/en/donors", {"order": order}).status_code in (400, 404, 422)


def test_donors_stand_in_the_order_of_the_alphabet_with_money_in_whole_units(book: RoundsNow, reader: Reader) -> None:
    rows = rows_of(reader(""), "/en/donors.csv")
    assert [row["key"] for row in rows] == ["IND", "UNICEF", "UNICEF"]
    money = next(row for row in rows if row["family"] == "USD")
    assert (money["promised"], money["unit"]) == ("240", "USD")
    vaccine = {row["key"]: row for row in rows if row["family"] == "measles-vaccination"}
    assert (vaccine["IND"]["promised"], vaccine["IND"]["allocated"], vaccine["IND"]["received"]) == ("400", "400", "0")
    assert (vaccine["UNICEF"]["said"], vaccine["UNICEF"]["promised"]) == ("500", "0")


def test_the_story_of_a_party_counts_every_unit_once(book: RoundsNow) -> None:
    story = get_party_story(PUBLIC, "TCD")
    (stock,) = story.stocks
    assert (stock.needed, stock.held, stock.received, stock.on_the_way, stock.allocated, stock.gap) == (
        500,
        0,
        0,
        0,
        250,
        250,
    )
    assert [(one.title, one.amount, one.unit, one.state) for one in story.rounds] == [
        (HOSTILE[:120], 500, "dose", "posted")
    ]
    assert [one.key for one in story.below] == ["TCD-mandoul", "TCD-moissala"]
    assert [one.depth for one in story.below] == [1, 2]
    assert story.below_count == 2
    assert get_party_story(PUBLIC, "TCD-moissala").above == ("TCD-mandoul", "TCD")
    assert [(one.party, one.what) for one in story.groups] == [("NAM", "member")]


def test_a_party_says_what_it_was_given_and_leads_to_why(book: RoundsNow, reader: Reader) -> None:
    text = text_of(reader(""), "/en/parties/TCD")
    (one,) = get_party_story(PUBLIC, "TCD").rounds
    assert f"/en/rounds/{one.ref}/TCD" in text
    assert "Why this amount" in text
    assert "/en/parties/TCD-mandoul" in text
    assert "/en/groups/NAM" in text


def test_the_tables_of_a_party_are_its_data(book: RoundsNow, reader: Reader) -> None:
    client = reader("")
    needs = rows_of(client, "/en/parties/TCD.csv")
    assert [(row["family"], row["needed"], row["gap"]) for row in needs] == [("measles-vaccination", "500", "250")]
    given = rows_of(client, "/en/parties/IND.csv?table=given")
    assert [row["promised"] for row in given] == [str(one.committed) for one in list_promises(PUBLIC, donor="IND")]
    assert [row["amount"] for row in rows_of(client, "/en/parties/TCD.csv?table=rounds")] == ["500"]
    assert [row["key"] for row in rows_of(client, "/en/parties/TCD.csv?table=below")] == ["TCD-mandoul", "TCD-moissala"]
    for ending in ("xlsx", "json"):
        assert client.get(f"/en/parties/TCD.{ending}").status_code == 200
    assert client.get("/en/parties/TCD.csv?table=users").status_code in (400, 404, 422)


BUTTONS = (
    ("", "TCD", set()),
    ("focal-tcd", "TCD", {"need/draft", "consignment/plan", "evidence/attach"}),
    ("focal-tcd", "KEN", set()),
    ("donor-ind", "IND", {"offer/make", "consignment/plan", "evidence/attach"}),
    ("board-uga", "TCD", set()),
    ("auditor", "TCD", set()),
    ("task-force", "TCD", {"consignment/plan", "evidence/attach", "party/register", "party/change"}),
)


@pytest.mark.parametrize(("who", "key", "may"), BUTTONS)
def test_a_party_shows_the_buttons_of_what_one_may_do_and_no_other(
    cast: Any, reader: Reader, who: str, key: str, may: set[str]
) -> None:
    text = text_of(reader(who), f"/en/parties/{key}")
    asked = ("need/draft", "offer/make", "consignment/plan", "evidence/attach", "party/register", "party/change")
    assert {one for one in asked if f"/en/act/{one}?" in text} == may


@pytest.mark.parametrize("key", ["XXX", "%3Cscript%3E", "' OR 1=1 --", "\u202etcd", "💉", "x" * 300, "tcd"])
def test_what_names_nobody_is_not_found_and_nothing_fails(cast: Any, reader: Reader, key: str) -> None:
    response = reader("").get(f"/en/parties/{key}")
    assert response.status_code == 404
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("group", ["XXX", HOSTILE, "' OR 1=1 --"])
def test_a_group_that_nobody_registered_is_refused(cast: Any, reader: Reader, group: str) -> None:
    assert reader("").get("/en/members", {"group": group}).status_code == 404


ENOUGH = (("members", 6), ("donors", 2), ("parties/TCD", 8), ("parties/IND", 8))
"""Page and most questions to the database; whoever is signed in takes three more to be known, two for what they may do."""


def test_so_many_questions_are_enough_however_many_rows(
    book: RoundsNow, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evenhand.records.models import Party

    Party.objects.bulk_create(
        Party(key=f"TCD-clinic-{place}", name=f"Clinic {place}", kind="facility", parent_id="TCD")
        for place in range(60)
    )
    for path, most in ENOUGH:
        assert queries_of(reader(""), f"/en/{path}", monkeypatch=monkeypatch) <= most, path
        assert queries_of(reader("focal-tcd"), f"/en/{path}", monkeypatch=monkeypatch) <= most + 5, path


def test_districts_with_coordinates_stand_on_a_map(book: RoundsNow, reader: Reader) -> None:
    from evenhand.records.models import Party

    assert "Map of what stands below it" not in text_of(reader(""), "/en/parties/TCD")
    Party.objects.filter(key="TCD-moissala").update(latitude=8.34, longitude=17.76)
    text = text_of(reader(""), "/en/parties/TCD")
    assert "Map of what stands below it" in text
    assert 'href="/en/parties/TCD-moissala"' in text
