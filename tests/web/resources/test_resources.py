"""Resources: the list by kind, and the page of one with the figures, who needs it and who gave it to whom."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from evenhand_places import EVERYBODY, HOSTILE, Reader, queries_of, rows_of, text_of
from evenhand_round_pages import RoundsNow

from evenhand.access.viewers import PUBLIC
from evenhand.lookups.figures import list_figures
from evenhand.lookups.flows import list_flows
from evenhand.lookups.gaps import list_gaps
from evenhand.web.home.lines import lines_of, scale_of

pytestmark = pytest.mark.django_db
PAGES = (
    "resources",
    "resources/measles-vaccination",
    "resources/vaccine-measles",
    "resources/USD",
    "resources/dialysis",
)


def test_everybody_reads_them(book: RoundsNow, reader: Reader) -> None:
    for who in EVERYBODY:
        for path in PAGES:
            for language in ("en", "ar"):
                text = text_of(reader(who), f"/{language}/{path}")
                assert text.count("<h1") == 1, (who, path)
                assert "<script>alert" not in text


def test_a_resource_nobody_needs_says_what_would_change_that(cast: Any, reader: Reader) -> None:
    assert "Nothing of it is needed, promised or received yet." in text_of(reader(""), "/en/resources/dialysis")


def test_the_list_holds_one_kind_and_a_search_all(book: RoundsNow, reader: Reader) -> None:
    client = reader("")
    goods = {row["key"] for row in rows_of(client, "/en/resources.csv")}
    assert goods == {"measles-vaccination", "vaccine-measles", "vaccine-cold", "mask-surgical"}
    assert {row["key"] for row in rows_of(client, "/en/resources.csv?kind=money")} == {"USD"}
    assert len(rows_of(client, "/en/resources.csv?kind=all")) == 8
    assert {row["key"] for row in rows_of(client, "/en/resources.csv?search=dial")} == {"dialysis"}
    assert client.get("/en/resources", {"kind": HOSTILE}).status_code in (400, 404, 422)
    row = next(one for one in rows_of(client, "/en/resources.csv") if one["key"] == "measles-vaccination")
    assert (row["needed"], row["promised"]) == ("800", "400")


def test_who_needs_it_and_who_gave_it_are_the_lookups_rows(book: RoundsNow, reader: Reader) -> None:
    client, path = reader(""), "/en/resources/measles-vaccination"
    needs = {row["key"]: row for row in rows_of(client, f"{path}.csv")}
    for gap in list_gaps(PUBLIC, by="member", resource="measles-vaccination"):
        assert (Fraction(needs[gap.key]["needed"]), Fraction(needs[gap.key]["gap"])) == (gap.needed, gap.gap)
    gifts = [
        (row["donor"], row["recipient"], row["amount"], row["arrived"])
        for row in rows_of(client, f"{path}.csv?table=gifts")
    ]
    assert gifts == [("IND", "KEN", "150", "0"), ("IND", "TCD", "250", "0")]
    assert [row["key"] for row in rows_of(client, f"{path}.csv?table=donors")] == ["IND", "UNICEF"]
    assert client.get(f"{path}.csv?table=users").status_code in (400, 404, 422)
    text = text_of(client, path)
    assert "Who gave it to whom" in text
    assert "/en/resources/vaccine-cold" in text


def test_flows_never_exceed_what_was_given(book: RoundsNow) -> None:
    figures = {one.key: one for one in list_figures(PUBLIC)}
    for family, figure in figures.items():
        given = sum(one.amount for one in list_flows(PUBLIC, resource=family))
        assert given <= figure.promised
        assert all(one.arrived <= one.amount for one in list_flows(PUBLIC, resource=family))
    assert sum(one.amount for one in list_flows(PUBLIC, resource="measles-vaccination")) == 400


def test_bars_stand_on_one_scale_and_add_up(book: RoundsNow) -> None:
    for figure in list_figures(PUBLIC):
        whole, lines = scale_of(figure), lines_of(figure)
        assert all(sum(Fraction(part) for part in line.parts.values()) <= whole for line in lines)
        needed, promised = lines[0], lines[1]
        assert sum(needed.parts.values()) == figure.needed
        assert sum(promised.parts.values()) == figure.promised + figure.claimed


def test_money_is_told_in_whole_units(book: RoundsNow, reader: Reader) -> None:
    text = text_of(reader(""), "/en/resources/USD")
    assert "<bdi>240</bdi>" in text
    assert "24,000" not in text


@pytest.mark.parametrize("key", ["XXX", "%3Cscript%3E", "' OR 1=1 --", "\u202ex", "x" * 300])
def test_what_names_nothing_is_not_found(cast: Any, reader: Reader, key: str) -> None:
    assert reader("").get(f"/en/resources/{key}").status_code == 404


def test_so_many_questions_are_enough(book: RoundsNow, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in PAGES:
        assert queries_of(reader(""), f"/en/{path}", monkeypatch=monkeypatch) <= 8, path
        assert queries_of(reader("task-force"), f"/en/{path}", monkeypatch=monkeypatch) <= 12, path


def test_the_button_that_registers_one_is_for_whoever_may(cast: Any, reader: Reader) -> None:
    for who, there in (("", False), ("focal-tcd", False), ("auditor", False), ("operator", True), ("task-force", True)):
        assert ("/en/act/resource/register" in text_of(reader(who), "/en/resources")) is there, who
