"""Needs and gaps: the page, its filters and its data say the same; two to four members compared; one need's own page."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from django.utils.html import escape
from evenhand_places import EVERYBODY, HOSTILE, Reader, queries_of, rows_of, text_of
from evenhand_round_pages import RoundsNow

from evenhand.access.viewers import PUBLIC
from evenhand.actions.needs import draft_need, submit_need
from evenhand.lookups.gaps import list_gaps
from evenhand.lookups.needs import list_needs

pytestmark = pytest.mark.django_db
VIEWS = ("need", "member", "resource", "region", "month")


def test_everybody_reads_every_way_to_list_them(book: RoundsNow, reader: Reader) -> None:
    (ref, *_others) = [one.ref for one in list_needs(PUBLIC, party="TCD")]
    paths = [f"needs?by={by}" for by in VIEWS] + [f"needs/{ref}", "needs?by=member&resource=measles-vaccination"]
    for who in EVERYBODY:
        for path in paths:
            text = text_of(reader(who), f"/en/{path}")
            assert text.count("<h1") == 1, (who, path)
            assert "<script>alert" not in text
    assert 'dir="rtl"' in text_of(reader(""), "/ar/needs")


@pytest.mark.parametrize("by", VIEWS)
def test_the_data_are_the_lookups_rows(book: RoundsNow, reader: Reader, by: str) -> None:
    rows = rows_of(reader(""), f"/en/needs.csv?by={by}")
    found = list_gaps(PUBLIC, by=by)
    assert [(Fraction(row["needed"]), Fraction(row["there"]), Fraction(row["coming"]), Fraction(row["gap"])) for row in rows] == [
        (one.needed, one.there, one.coming, one.gap) for one in found
    ]  # fmt: skip


def test_a_filter_holds_for_the_page_and_for_its_data(book: RoundsNow, reader: Reader) -> None:
    client = reader("")
    for query, parties in (("party=TCD", {"TCD"}), ("resource=mask-surgical", {"LBN"}), ("group=EU", set())):
        assert {row["party"] for row in rows_of(client, f"/en/needs.csv?{query}")} == parties
        text = text_of(client, f"/en/needs?{query}")
        table = text[text.index('id="table"') : text.index('id="h-compare"')]
        assert {key for key in ("TCD", "KEN", "LBN") if f"/en/parties/{key}" in table} == parties
    assert "No need fits." in text_of(client, "/en/needs?group=EU")
    for ending in ("xlsx", "json"):
        assert client.get(f"/en/needs.{ending}?party=TCD").status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [("by=size", 404), ("order=merit", 404), ("resource=nothing", 404), ("party=' OR 1=1", 404), ("after=%00x", 404)],
)
def test_what_cannot_be_listed_is_refused(cast: Any, reader: Reader, query: str, status: int) -> None:
    assert reader("").get(f"/en/needs?{query}").status_code in (400, status, 422)


def test_members_are_compared_side_by_side(book: RoundsNow, reader: Reader) -> None:
    text = text_of(reader(""), "/en/needs?compare=tcd;KEN")
    assert "Share met, side by side" in text


@pytest.mark.parametrize("typed", ["TCD", "TCD; XXX", f"TCD; {HOSTILE}", "TCD; \u202eKEN", "TCD; " + "x" * 60])
def test_a_comparison_that_cannot_be_made_is_said_and_stays_as_typed(
    book: RoundsNow, reader: Reader, typed: str
) -> None:
    response = reader("").get("/en/needs", {"compare": typed})
    text = response.content.decode()
    assert response.status_code == 422
    assert 'href="#f-compare"' in text
    assert f'value="{escape(typed[:80])}"' in text
    assert "<script>alert" not in text


def test_a_draft_is_for_its_own_party_alone(cast: Any, reader: Reader) -> None:
    ref = draft_need(cast("focal-tcd"), party="TCD", resource="vaccine-measles", quantity="77", why=HOSTILE).ref
    for who, status in (("", 404), ("focal-ken", 404), ("donor-ind", 404), ("focal-tcd", 200), ("auditor", 200)):
        response = reader(who).get(f"/en/needs/{ref}")
        assert response.status_code == status, who
        assert b"<script>alert" not in response.content
    assert f"/en/act/need/submit?need={ref}" in text_of(reader("focal-tcd"), f"/en/needs/{ref}")
    assert "/en/act/need/" not in text_of(reader("auditor"), f"/en/needs/{ref}")
    submit_need(cast("focal-tcd"), need=ref)
    assert f"/en/act/need/approve?need={ref}" in text_of(reader("task-force"), f"/en/needs/{ref}")


def test_so_many_questions_are_enough(book: RoundsNow, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    for by in VIEWS:
        assert queries_of(reader(""), f"/en/needs?by={by}", monkeypatch=monkeypatch) <= 8
        assert queries_of(reader("focal-tcd"), f"/en/needs?by={by}", monkeypatch=monkeypatch) <= 11
