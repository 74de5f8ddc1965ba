"""Said and done: each statement with its words, its source and what followed; what was kept, and what that rests on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from evenhand_cast import NOW
from evenhand_giving import Trail

from evenhand.access.viewers import PUBLIC
from evenhand.lookups.followed import list_followed
from evenhand.lookups.kept_words import list_kept_words
from evenhand.lookups.reach import today
from evenhand.records.models import Evidence
from evenhand.said.models import Reading, Statement, StatementLink

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
WORDS = "India will send 800 <i>doses</i> to Chad"


@pytest.fixture
def spoken(trail: Trail) -> Trail:
    """India promised Chad 800 doses, linked to its offer; a company promised tents by a day that has passed, linked to nothing."""
    Evidence.objects.create(ref="EV-SAID000001", title="A <b>readout</b>", kind="readout", public=True, made_at=NOW)
    Reading.objects.create(
        evidence_id="EV-SAID000001", text=WORDS, text_sha256="x", made_by="u-1", made_at=NOW, reader="r"
    )
    one = Statement.objects.create(
        ref="ST-SAID000001", evidence_id="EV-SAID000001", start=0, end=len(WORDS), words=WORDS, state="accepted", speaker="A minister",
        kind="promised", firmness="pledge", giver_id="IND", resource_id="vaccine-measles", resource_words="doses", quantity=Decimal(800),
        unit="dose", said_on=date(2026, 1, 5), made_at=NOW, accepted_at=NOW,
    )  # fmt: skip
    one.receivers.set(["TCD"])
    StatementLink.objects.create(statement=one, about=trail.offer)
    Statement.objects.create(
        ref="ST-SAID000002", evidence_id="EV-SAID000001", start=0, end=5, words=WORDS[:5], state="accepted", speaker="narrator",
        kind="promised", giver_name="A <u>company</u>", receiver_names=["the islanders"], resource_words="tents", made_at=NOW,
        accepted_at=NOW, deadline=today() - timedelta(3),
    )  # fmt: skip
    return trail


def text_of(client: Client, path: str) -> str:
    """Return a page without the marks that isolate numbers."""
    response = client.get(path)
    assert response.status_code == 200, response.content.decode()[-2000:]
    return re.sub("[\u2066-\u2069]|</?bdi>", "", str(response.content.decode()))


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).content.decode("utf-8-sig"))))


@pytest.mark.parametrize("who", ["", "focal-tcd", "donor-ind", "task-force", "auditor"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_everybody_reads_it(spoken: Trail, reader: Reader, who: str, language: str) -> None:
    text = text_of(reader(who), f"/{language}/promises?by=said")
    assert text.count("<h1") == 1
    assert "&lt;i&gt;doses&lt;/i&gt;" in text
    assert "&lt;u&gt;company&lt;/u&gt;" in text
    assert "SECRETWORDS" not in text


def test_a_linked_statement_stands_beside_each_step_with_its_days(spoken: Trail, reader: Reader) -> None:
    text = text_of(reader(""), "/en/promises?by=said")
    own = text.partition('id="d-ST-SAID000001"')[2].partition("</article>")[0]
    steps = re.findall(r"<li><span>(\w+)</span>", own)
    assert steps == ["Said", "Pledged", "Committed", "Allocated", "Dispatched", "Received", "Used"]
    assert "no record on file" in own.partition("Allocated")[2].partition("</li>")[0]
    assert 'class="src"' in own.partition("Received")[2].partition("</li>")[0]
    assert f"/en/offers/{spoken.offer}" in own
    assert "A minister" in own


def test_a_statement_alone_shows_with_its_day_and_says_that_nothing_is_linked(spoken: Trail, reader: Reader) -> None:
    text = text_of(reader(""), "/en/promises?by=said")
    own = text.partition('id="d-ST-SAID000002"')[2].partition("</article>")[0]
    assert "amount unspecified" in own
    assert "3 days late" in own
    assert "No offer is linked to these words." in own
    assert "<ol" not in own


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_of_a_statement_tells_the_same_figures(spoken: Trail, reader: Reader, language: str) -> None:
    Statement.objects.get(pk="ST-SAID000001").receivers.set(["KEN"])
    beside = text_of(reader(""), f"/{language}/promises?by=said").partition('id="d-ST-SAID000001"')[2]
    alone = text_of(reader(""), f"/{language}/statements/ST-SAID000001")
    steps = [text.partition('<ol class="steps">')[2].partition("</ol>")[0] for text in (beside, alone)]
    assert steps[0] == steps[1]
    assert steps[0].count("<li>") == 7
    if language == "en":
        assert "1,000 doses in all" in alone
        assert "the offers in all" in steps[0].partition("Committed")[2].partition("</li>")[0]
        assert "no record on file" in steps[0].partition("Received")[2].partition("</li>")[0]
        assert "counted for the receivers that the words name" in alone


def test_offers_of_several_things_stand_one_by_one_on_the_page_of_a_statement(spoken: Trail, reader: Reader) -> None:
    StatementLink.objects.create(statement_id="ST-SAID000001", about=spoken.money)
    text = text_of(reader(""), "/en/statements/ST-SAID000001")
    assert text.count('<ol class="steps">') == 2
    assert "70,000 USD in all" in text


@pytest.mark.parametrize(("quantity", "whole"), [(500, True), (501, False)])
def test_a_promise_that_arrived_whole_is_not_told_as_one_whose_day_has_passed(
    spoken: Trail, reader: Reader, quantity: int, whole: bool
) -> None:
    Statement.objects.create(
        ref="ST-SAID000003", evidence_id="EV-SAID000001", start=0, end=5, words=WORDS[:5], state="accepted", speaker="narrator",
        kind="promised", giver_id="IND", resource_words="doses", quantity=quantity, unit="dose", made_at=NOW, accepted_at=NOW,
        deadline=today() - timedelta(1),
    )  # fmt: skip
    StatementLink.objects.create(statement_id="ST-SAID000003", about=spoken.offer)
    alone = text_of(reader(""), "/en/statements/ST-SAID000003")
    beside = text_of(reader(""), "/en/promises?by=said").partition('id="d-ST-SAID000003"')[2].partition("</article>")[0]
    assert ["arrived in full</span>" in text for text in (alone, beside)] == [whole, whole]
    assert ("the day has passed" in alone, "1 day late" in beside) == (not whole, not whole)


def test_the_share_kept_says_what_it_rests_on(spoken: Trail, reader: Reader) -> None:
    text = text_of(reader(""), "/en/promises?by=said")
    assert "1 of 1 promise." in text
    assert "0 of 1 promise. 1 has no offer linked." in text
    assert list_kept_words(PUBLIC, donor="IND")[0].share is not None


def test_the_way_by_donor_says_what_its_percents_rest_on_and_how_many_statements_stand_beside_them(
    spoken: Trail, reader: Reader
) -> None:
    text = text_of(reader(""), "/en/promises")
    assert "rests on the pledges and commitments that entered the stock book" in text
    assert "1 public statement is linked to an offer" in text
    assert "1 statement has no offer linked" in text
    assert 'href="/en/promises?by=said">What was kept of what was said' in text
    assert "rests on the pledges" not in text_of(reader(""), "/en/promises?by=month")
    StatementLink.objects.all().delete()
    assert "No public statement is linked to an offer." in text_of(reader(""), "/en/promises")


def test_words_alone_are_pointed_to_from_the_other_ways(spoken: Trail, reader: Reader) -> None:
    text = text_of(reader(""), "/en/promises")
    assert "by=said" in text
    assert "Said and done" in text
    assert "1 statement has no offer linked" in text


def test_the_data_are_what_the_lookups_say(spoken: Trail, reader: Reader) -> None:
    rows = rows_of(reader(""), "/en/promises.csv?by=said")
    found = {one.statement: one for one in list_followed(PUBLIC)}
    assert {row["statement"] for row in rows} == set(found)
    for row in rows:
        one = found[row["statement"]]
        assert (row["rests_on"], row["offers"], row["giver"]) == (one.rests_on, "; ".join(one.offers), one.giver)
        assert Decimal(row["received"] or 0) == (one.received or 0)
    kept = rows_of(reader(""), "/en/promises.csv?by=said&table=kept&of=receiver")
    assert [row["key"] or row["name"] for row in kept] == [
        one.key or one.name for one in list_kept_words(PUBLIC, by="receiver")
    ]
    told = json.loads(reader("").get("/en/promises.json?by=said").content)
    assert len(json.dumps(told)) > 100


@pytest.mark.parametrize(
    ("query", "statements"),
    [("donor=IND", ["ST-SAID000001"]), ("receiver=TCD", ["ST-SAID000001"]), ("late=1", ["ST-SAID000002"]),
     ("kind=given", []), ("search=minister", ["ST-SAID000001"]), ("programme=HERS", ["ST-SAID000001"])],
)  # fmt: skip
def test_filters_choose(spoken: Trail, reader: Reader, query: str, statements: list[str]) -> None:
    query = query.replace("HERS", spoken.programme)
    assert [row["statement"] for row in rows_of(reader(""), f"/en/promises.csv?by=said&{query}")] == statements
    text = text_of(reader(""), f"/en/promises?by=said&{query}")
    assert all(one in text for one in statements)


@pytest.mark.parametrize("query", ["donor=NOBODY", "kind=needed", "of=month", "order=nothing", "after=junk"])
def test_what_names_nothing_is_refused(spoken: Trail, reader: Reader, query: str) -> None:
    assert reader("").get(f"/en/promises?by=said&{query}").status_code in (400, 404)


def test_more_statements_ask_no_more_questions(spoken: Trail, kept_in_use: None, reader: Reader) -> None:
    client = reader("")
    client.get("/en/promises?by=said")

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/en/promises?by=said")
        return len(asked)

    before = questions()
    one = Statement.objects.get(pk="ST-SAID000001")
    for number in range(3, 9):
        one.pk = f"ST-SAID00000{number}"
        one._state.adding = True
        one.save(force_insert=True)
        StatementLink.objects.create(statement_id=one.pk, about=spoken.offer)
    assert questions() <= before
