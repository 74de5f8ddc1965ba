"""Each role finds its own work first, counted as the lookups count it, in few queries; nobody finds anybody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from evenhand_cast import Cast
from evenhand_recipes import _consignment
from evenhand_round_pages import RoundsNow, rounds
from evenhand_seen import add_need
from evenhand_stock import make_gift

from evenhand.lookups.reach import today
from evenhand.lookups.tending import list_tended, list_to_check
from evenhand.rounds.models import Objection

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
__all__ = ["rounds"]

PAGES = {
    # page → who of these may open it
    "desk": {"focal-tcd", "donor-ind", "task-force", "board-aze", "auditor", "operator", "registrar-tcd"},
    "desk/needs": {"focal-tcd"},
    "desk/needs/renew": {"focal-tcd"},
    "desk/needs/check": {"task-force"},
    "desk/expiring": {"focal-tcd", "donor-ind", "task-force", "board-aze", "auditor", "operator", "registrar-tcd"},
    "desk/actions": {"focal-tcd", "donor-ind", "task-force", "board-aze", "auditor", "operator", "registrar-tcd"},
    "desk/keys": {"focal-tcd", "donor-ind", "task-force", "board-aze", "auditor", "operator", "registrar-tcd"},
    "desk/audit": {"auditor", "operator"},
    "desk/users": {"auditor", "operator"},
    "desk/import": {"focal-tcd", "donor-ind", "task-force", "board-aze", "auditor", "operator", "registrar-tcd"},
    "desk/import/needs": {"focal-tcd", "task-force"},
    "desk/import/offers": {"donor-ind"},
    "desk/import/parties": {"task-force", "operator"},
}
ROLES = ("focal-tcd", "donor-ind", "task-force", "board-aze", "auditor", "operator", "registrar-tcd")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_desk_opens_to_whom_it_is_for_and_to_nobody_else(reader: Reader, page: str) -> None:
    went = {who: reader(who).get(f"/en/{page}").status_code for who in ROLES}
    assert went == {who: 200 if who in PAGES[page] else 403 for who in ROLES}
    asked = reader("").get(f"/en/{page}")
    assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, "/en/account/sign-in")


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_a_desk_is_stored_anywhere(reader: Reader, page: str) -> None:
    who = sorted(PAGES[page])[0]
    assert reader(who).get(f"/en/{page}")["Cache-Control"] == "no-store"


def soon(days: int) -> object:
    return today() + timedelta(days=days)


def fill(many: int) -> None:
    """Give everybody something to do."""
    for number in range(many):
        add_need("TCD", "draft", f"a draft {number}")
        add_need("TCD", "approved", f"lapses {number}", valid_until=soon(number % 20))
        add_need("TCD", "approved", f"lapsed {number}", valid_until=soon(-1 - number))
        add_need("KEN", "submitted", f"waits {number}", valid_until=soon(90))
        make_gift("IND", "vaccine-measles", 4000, allocated={"TCD": 1000})
        _consignment("TCD", sent=600)


@pytest.mark.parametrize("who", ["focal-tcd", "donor-ind", "task-force", "board-aze", "auditor", "operator"])
def test_a_desk_asks_few_queries_however_much_waits(cast: Cast, reader: Reader, who: str) -> None:
    from evenhand.actions.needs import draft_need

    asked = []
    draft_need(cast("focal-lbn"), party="LBN", resource="vaccine-measles", quantity="10", why="there is a version now")
    for many in (1, 12):
        fill(many)
        browser = reader(who)
        browser.get("/en/desk")  # names are read once for a version
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/en/desk").status_code == 200
        # Names are kept by version; but never inside a transaction, as a test is.
        counted = [
            one["sql"][:90] for one in queries if not re.search(r'records_translation|"key" AS "pk"', one["sql"])
        ]
        shown = "\n".join(counted)
        asked.append(len(counted))
    assert asked[1] <= asked[0], shown
    assert max(asked) <= 8, shown


def test_a_focal_point_finds_its_own_needs_counted_by_what_they_want(cast: Cast, reader: Reader) -> None:
    fill(3)
    add_need("KEN", "draft", "CANARY of Kenya")
    page = reader("focal-tcd").get("/en/desk").content.decode()
    counts = list_tended(cast.viewers["focal-tcd"]).counts
    assert counts == {"lapsed": 3, "lapsing": 3, "draft": 3, "submitted": 0}
    tiles = re.findall(r'<span class="num"><bdi>(\d+)</bdi></span>([A-Za-z0-9 ]+)</a>', page)
    assert {said: int(number) for number, said in tiles} == {
        "Lapsed": 3, "Lapse within 30 days": 3, "Drafts to submit": 3, "With the secretariat": 0,
    }  # fmt: skip
    assert page.count("/en/act/need/submit?need=") == 2  # the page lists the eight most pressing
    assert "Confirm receipt" in page
    assert "CANARY" not in page


def test_a_nurse_with_nothing_to_renew_finds_what_is_on_its_way_first(cast: Cast, reader: Reader) -> None:
    ref = _consignment("TCD-moissala", sent=600)
    page = reader("nurse-moissala").get("/en/desk").content.decode()
    assert page.index("On its way to you") < page.index("What you need")
    assert f"/en/receipts/{ref}" in page


def test_a_secretariat_finds_what_its_own_members_sent_and_no_other_group_does(cast: Cast, reader: Reader) -> None:
    fill(2)
    assert list_to_check(cast.viewers["task-force"]).total == 2
    assert re.search(r"<bdi>2</bdi></span>Needs to check", reader("task-force").get("/en/desk").content.decode())
    assert re.search(r"<bdi>0</bdi></span>Needs to check", reader("task-force-eu").get("/en/desk").content.decode())


def test_a_board_member_reads_who_has_voted_and_is_offered_a_vote_once(rounds: RoundsNow, reader: Reader) -> None:
    ref = rounds.at("published")
    before = reader("board-uga").get("/en/desk").content.decode()
    assert f"/en/act/round/decide?round={ref}" in before
    reader("board-uga").post("/en/act/round/decide", {"request_id": "vote-1", "round": ref, "approve": "on"})
    after = reader("board-uga").get("/en/desk").content.decode()
    assert f"/en/act/round/decide?round={ref}" not in after
    assert "approves" in after
    assert f"/en/act/round/decide?round={ref}" in reader("board-aze").get("/en/desk").content.decode()


def test_an_objection_stands_on_the_desk_with_its_words_escaped(rounds: RoundsNow, reader: Reader) -> None:
    ref = rounds.at("published")
    reader("focal-tcd").post(
        "/en/act/round/object",
        {"request_id": "o-1", "round": ref, "party": "TCD", "text": "<script>alert(1)</script> cold rooms"},
    )
    assert Objection.objects.count() == 1
    page = reader("task-force").get("/en/desk").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_donor_follows_its_gifts_and_sees_nobody_elses(cast: Cast, reader: Reader) -> None:
    own, other = make_gift("IND", "vaccine-measles", 4000), make_gift("UNICEF", "vaccine-measles", 4000)
    page = reader("donor-ind").get("/en/desk").content.decode()
    assert own in page
    assert other not in page


def test_actions_are_ones_own_and_all_of_them_for_an_auditor(cast: Cast, reader: Reader) -> None:
    from evenhand.actions.needs import draft_need

    for who, party in (("focal-tcd", "TCD"), ("focal-ken", "KEN")):
        draft_need(cast(who), party=party, resource="vaccine-measles", quantity="10", why="an outbreak")
    own = reader("focal-tcd").get("/en/desk/actions").content.decode()
    assert own.count("Tell what you need</") == 2  # the row and the filter's choice
    assert reader("auditor").get("/en/desk/actions").content.decode().count("Tell what you need</") == 3
    assert "is no date" in reader("auditor").get("/en/desk/actions?since=soon").content.decode()


def test_the_book_is_verified_when_that_is_asked_for_and_a_change_is_found(cast: Cast, reader: Reader) -> None:
    make_gift("IND", "vaccine-measles", 4000)
    assert "The book holds" not in reader("auditor").get("/en/desk/audit").content.decode()
    assert "The book holds" in reader("auditor").post("/en/desk/audit").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stockbook_account SET balance = balance + 1 WHERE stage = 'offered'")
    page = reader("auditor").post("/en/desk/audit").content.decode()
    assert "The book does not hold" in page
    assert "offered/" in page
    assert reader("focal-tcd").post("/en/desk/audit").status_code == 403
