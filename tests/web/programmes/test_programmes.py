"""Programmes: the list, and one from need to receipt."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from evenhand_cast import Cast
from evenhand_giving import Trail, now

from evenhand.access.viewers import PUBLIC
from evenhand.actions.needs import approve_need, draft_need, submit_need
from evenhand.lookups.programme_stories import read_programme_story
from evenhand.records.models import Programme

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
ENOUGH = 8


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).content.decode("utf-8-sig"))))


@pytest.mark.parametrize("who", ["", "focal-tcd", "donor-ind", "task-force", "auditor"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_everybody_reads_a_programme_from_need_to_receipt(
    trail: Trail, reader: Reader, who: str, language: str
) -> None:
    for path in ("programmes", f"programmes/{trail.programme}"):
        response = reader(who).get(f"/{language}/{path}")
        text = response.content.decode()
        assert response.status_code == 200
        assert text.count("<h1") == 1
        assert "Measles, &lt;b&gt;Mandoul&lt;/b&gt;" in text
        assert "<b>Mandoul</b>" not in text


def test_it_adds_up_needs_promises_and_receipts_by_family(trail: Trail, cast: Cast) -> None:
    def who(name: str) -> object:
        return cast(name, request=str(uuid.uuid4()), at=now())

    given = {"party": "TCD", "resource": "vaccine-measles", "why": "an outbreak", "programme": trail.programme}
    for quantity in ("800", "4000"):  # the second stays a draft, which nobody else sees
        need = draft_need(who("focal-tcd"), quantity=quantity, **given).ref  # type: ignore[arg-type]
        if quantity == "800":
            submit_need(who("focal-tcd"), need=need)  # type: ignore[arg-type]
            approve_need(who("task-force"), need=need)  # type: ignore[arg-type]
    for viewer, needs in ((PUBLIC, 1), (cast.viewers["focal-tcd"], 2), (cast.viewers["focal-ken"], 1)):
        story = read_programme_story(viewer, trail.programme)
        sums = {one.family: one for one in story.sums}
        doses, money = sums["measles-vaccination"], sums["USD"]
        assert (doses.needed, doses.promised, doses.dispatched, doses.received, doses.used, doses.lost) == (
            400,
            500,
            300,
            250,
            100,
            50,
        )
        assert (money.promised, money.received) == (7_000_000, 0)
        assert len(story.of("need")) == needs
        assert {part.ref for part in story.of("offer")} == {trail.offer, trail.money}


def test_its_data_are_all_that_belongs_to_it(trail: Trail, reader: Reader) -> None:
    rows = rows_of(reader(""), f"/en/programmes/{trail.programme}.csv")
    assert {(row["kind"], row["ref"]) for row in rows} == {("offer", trail.offer), ("offer", trail.money)}
    assert [row["ref"] for row in rows_of(reader(""), "/en/programmes.csv")] == [trail.programme]
    assert rows_of(reader(""), "/en/programmes.csv?party=FRA") == []


@pytest.mark.parametrize("path", ["programmes/PG-0000000000", "programmes/%3Cscript%3E", "programmes?group=x"])
def test_what_is_none_is_said_in_a_sentence(reader: Reader, path: str) -> None:
    response = reader("").get(f"/en/{path}")
    assert response.status_code == 404
    assert b"<script>" not in response.content.partition(b"<main")[2]


@pytest.mark.parametrize("who", ["", "donor-ind"])
def test_pages_of_programmes_ask_few_questions(trail: Trail, reader: Reader, who: str, kept_in_use: None) -> None:
    client = reader(who)
    for path in ("programmes", f"programmes/{trail.programme}"):
        client.get(f"/en/{path}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/en/{path}?x=1").status_code == 200
        assert len(asked) <= ENOUGH + (3 if who else 0), path + "\n" + "\n".join(one["sql"][:160] for one in asked)


@pytest.mark.parametrize(("name", "value"), [
    ("title", ""), ("title", "x" * 300), ("kind", "war"), ("lead", "FRA"), ("starts", "soon"), ("ends", "2020-01-01"),
    ("sdg_targets", "99.9"), ("title", "\u202eabc"), ("sdg_targets", "'; DROP TABLE"),
])  # fmt: skip
def test_what_is_wrong_with_a_new_programme_is_told(reader: Reader, name: str, value: str) -> None:
    sound = {
        "title": "Floods 😀",
        "kind": "aid",
        "lead": "IND",
        "starts": "2026-01-01",
        "request_id": str(uuid.uuid4()),
    }
    response = reader("donor-ind").post("/en/act/programme/start", sound | {name: value})
    assert response.status_code == 422
    assert 'class="errors"' in response.content.decode()
    assert not Programme.objects.exists()
    done = [reader("donor-ind").post("/en/act/programme/start", sound).status_code for _ in range(2)]
    assert (done, Programme.objects.count()) == ([302, 302], 1)
