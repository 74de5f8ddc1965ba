"""Promised beside delivered: the same numbers as the lookups, donors by name, claims apart, what is overdue with its day."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from evenhand_giving import Trail

from evenhand.access.viewers import PUBLIC
from evenhand.lookups.overdue import count_overdue, list_overdue
from evenhand.lookups.promises import list_promises
from evenhand.lookups.reach import today
from evenhand.records.models import Offer

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
WHO = ("", "focal-tcd", "donor-ind", "task-force", "board-uga", "auditor", "operator")
ENOUGH = 8
MONTH = today().isoformat()[:7]
BEFORE = (today().replace(day=1) - timedelta(days=1)).isoformat()[:7]


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.content.decode()[-2000:]
    return str(response.content.decode())


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).content.decode("utf-8-sig"))))


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("by", ["", "month", "offer", "overdue"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_everybody_reads_promises_in_every_way(trail: Trail, reader: Reader, who: str, by: str, language: str) -> None:
    text = text_of(reader(who), f"/{language}/promises?by={by}")
    assert text.count("<h1") == 1
    assert "SECRETWORDS" not in text
    assert "<b>Mandoul</b>" not in text


@pytest.mark.parametrize("query", [
    "", "donor=IND", "group=NAM", "group=EU", "resource=USD", "resource=measles-vaccination", "programme=HERS", f"since={MONTH}",
    f"until={BEFORE}", "by=month", f"by=month&since={MONTH}&resource=USD", "by=offer", "by=offer&donor=UNICEF", f"by=offer&until={MONTH}",
])  # fmt: skip
def test_data_are_what_the_lookup_says(trail: Trail, reader: Reader, query: str) -> None:
    query = query.replace("HERS", trail.programme)
    asked = dict(part.split("=") for part in query.split("&") if part)
    wanted = {
        (one.key, one.family, one.said, one.pledged, one.committed, one.received)
        for one in list_promises(PUBLIC, **asked)
    }
    rows = rows_of(reader(""), f"/en/promises.csv?{query}")
    names = ("said", "pledged", "committed", "received")
    assert {(row["key"], row["family"], *(int(row[name]) for name in names)) for row in rows} == wanted
    assert reader("").get(f"/en/promises?{query}").status_code == 200


def test_a_programme_and_a_month_keep_the_rest_out(trail: Trail) -> None:
    of_it = {
        (one.key, one.family, one.committed, one.received) for one in list_promises(PUBLIC, programme=trail.programme)
    }
    assert of_it == {("IND", "measles-vaccination", 500, 250), ("UNICEF", "USD", 7_000_000, 0)}
    assert {(one.key, one.family) for one in list_promises(PUBLIC)} > {(key, family) for key, family, _, _ in of_it}
    assert list_promises(PUBLIC, until=BEFORE) == []
    assert len(list_promises(PUBLIC, since=MONTH, until=MONTH)) == 3


def test_donors_stand_in_the_order_of_their_names_and_words_stand_apart(trail: Trail, reader: Reader) -> None:
    table = (
        text_of(reader(""), "/en/promises?resource=measles-vaccination")
        .partition('id="promised-c"')[2]
        .partition("</table>")[0]
    )
    assert table.index("India") < table.index("United Nations")
    india, unicef = (re.search(rf'parties/{key}".*?</tr>', table, re.DOTALL) for key in ("IND", "UNICEF"))
    assert india is not None
    assert unicef is not None
    assert re.findall(r"<bdi[^>]*>([\d.,%]+)</bdi>", india[0]) == ["500", "250", "50%"]
    assert re.findall(r"<bdi[^>]*>([\d.,%]+)</bdi>", unicef[0]) == ["2,500", "0", "0", "0%"]


def test_money_stands_by_itself_in_whole_units(trail: Trail, reader: Reader) -> None:
    text = text_of(reader(""), "/en/promises?resource=USD")
    assert "70,000" in text
    assert "7,000,000" not in text


def test_words_are_quoted_with_a_source_that_is_safe_to_follow(trail: Trail, reader: Reader) -> None:
    text = text_of(reader(""), "/en/promises?resource=measles-vaccination")
    assert "Said “&lt;i&gt;a thousand&lt;/i&gt;”" in text
    assert 'href="https://www.example.org/a?b=1&amp;c=2"' in text
    assert 'href="javascript' not in text


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_promise_is_overdue_from_the_day_after_its_last(trail: Trail, reader: Reader, days: int) -> None:
    last = today() + timedelta(days=days)
    Offer.objects.filter(pk=trail.offer).update(window_until=last)
    found = list_overdue(PUBLIC)
    assert [(one.offer, one.quantity, one.days) for one in found] == ([(trail.offer, 400, 1)] if days < 0 else [])
    assert count_overdue(PUBLIC) == len(found)
    rows = rows_of(reader(""), "/en/promises.csv?by=overdue&donor=IND")
    assert [(row["offer"], row["quantity"], row["window_until"]) for row in rows] == (
        [(trail.offer, "400", last.isoformat())] if days < 0 else []
    )
    assert (trail.offer in text_of(reader(""), "/en/promises?by=overdue")) == (days < 0)
    assert ("have not left" in text_of(reader(""), f"/en/offers/{trail.offer}")) == (days < 0)


@pytest.mark.parametrize("query", [
    "by=x", "since=2026-13", "until=yesterday", "since=%00", "donor=NOBODY", "group=%3Cscript%3E", "resource=x", "programme=x",
    "order=x", "after=x", "by=offer&since=0000-01",
])  # fmt: skip
def test_a_filter_that_is_none_is_refused_in_a_sentence(trail: Trail, reader: Reader, query: str) -> None:
    response = reader("").get(f"/en/promises?{query}")
    assert response.status_code in (400, 404)
    assert b"<script>" not in response.content.partition(b"<main")[2]


@pytest.mark.parametrize("who", ["", "donor-ind"])
def test_pages_of_promises_ask_few_questions(trail: Trail, reader: Reader, who: str, kept_in_use: None) -> None:
    client = reader(who)
    for query in ("", "by=month", "by=offer", "by=overdue"):
        client.get(f"/en/promises?{query}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/en/promises?{query}&x=1").status_code == 200
        assert len(asked) <= ENOUGH + (3 if who else 0), query + "\n" + "\n".join(one["sql"][:160] for one in asked)
