"""Groups: who belonged on a day, two days compared, offices over time; a day that is none is said and stays as typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from evenhand_places import EVERYBODY, HOSTILE, Reader, queries_of, rows_of, text_of
from evenhand_round_pages import RoundsNow

from evenhand.access.viewers import PUBLIC
from evenhand.lookups.groups import get_group, list_groups
from evenhand.web.groups.one import compare, counts_of, first_day, last_day, on_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(cast: Any) -> None:
    """AZE left NAM in 2022, Yemen's like: a member since an unknown day; UGA chairs since 2024, AZE did from 2019-10-25."""
    from evenhand.records.models import Membership, Office, Party

    Membership.objects.filter(group="NAM", party="AZE").update(until="2022-06")
    Party.objects.create(key="ARG", name=HOSTILE, kind="state")
    Membership.objects.create(group_id="NAM", party_id="ARG", since="1973", until="1991", source=HOSTILE)
    Membership.objects.create(group_id="NAM", party_id="ARG", status="observer", since="", until="")
    Office.objects.create(group_id="NAM", party_id="AZE", office="chair", since="2019-10-25", until="2024-01-18")
    Office.objects.create(group_id="NAM", party_id="UGA", office="chair", since="2024-01-19", until="")


def test_everybody_reads_the_list_and_each_group(history: None, reader: Reader) -> None:
    for who in EVERYBODY:
        for path in ("en/groups", "ar/groups", "en/groups/NAM", "ar/groups/NAM", "en/groups/EU"):
            text = text_of(reader(who), f"/{path}")
            assert text.count("<h1") == 1
            assert "<script>alert" not in text


def test_the_list_counts_as_the_lookup_does(history: None, reader: Reader) -> None:
    rows = {row["key"]: row for row in rows_of(reader(""), "/en/groups.csv")}
    for group in list_groups(PUBLIC):
        assert int(rows[group.key]["members"]) == sum(one.what == "member" for one in group.members)
        assert int(rows[group.key]["offices"]) == len(group.offices)
    assert (rows["NAM"]["members"], rows["NAM"]["observers"], rows["NAM"]["offices"]) == ("5", "1", "1")


@pytest.mark.parametrize(
    ("on", "members"),
    [("1972-12-31", ["ARG"]), ("1973-01-01", ["ARG", "ARG"]), ("1991-12-31", ["ARG", "ARG"]), ("1992-01-01", ["ARG"]),
     ("2022-06-30", ["ARG", "AZE", "IND", "KEN", "LBN", "TCD", "UGA"]), ("2022-07-01", ["ARG", "IND", "KEN", "LBN", "TCD", "UGA"])],
)  # fmt: skip
def test_membership_is_that_of_the_day_asked_for(history: None, reader: Reader, on: str, members: list[str]) -> None:
    rows = rows_of(reader(""), f"/en/groups/NAM.csv?on={on}")
    assert sorted(row["party"] for row in rows) == members
    text = text_of(reader(""), f"/en/groups/NAM?on={on}")
    assert f'value="{on}"' in text


def test_two_days_compared_say_who_came_and_who_went_whichever_is_typed_first(history: None, reader: Reader) -> None:
    group = get_group(PUBLIC, "NAM", history=True)
    first, last = date(1980, 1, 1), date(2026, 1, 1)
    one = compare(group, first, last)
    assert one == compare(group, last, first)
    assert {row.party for row in one.joined} == {"TCD", "KEN", "LBN", "UGA", "IND"}
    assert [(row.party, row.what) for row in one.left] == [("ARG", "member")]
    assert one.both == 1
    assert len(one.joined) + one.both == len(on_day(group.members, last))
    assert "Only on the later day" in text_of(reader(""), "/en/groups/NAM?on=1980-01-01&with=2026-01-01")


@pytest.mark.parametrize(
    "typed", ["yesterday", "1979-13-01", "79", "9" * 500, HOSTILE, "\u202e1979", "' OR 1=1", "2026-02-30", "0000-01-01"]
)
@pytest.mark.parametrize("field", ["on", "with"])
def test_a_day_that_is_none_is_said_at_its_field_and_stays(
    history: None, reader: Reader, field: str, typed: str
) -> None:
    response = reader("").get("/en/groups/NAM", {field: typed})
    text = response.content.decode()
    assert response.status_code == 422
    assert f'href="#f-{field}"' in text
    assert "is no day. Write year, month and day" in text
    assert "<script>alert" not in text
    from django.utils.html import escape

    assert f'value="{escape(typed[:40])}"' in text


def test_offices_and_everybody_who_ever_belonged_are_data(history: None, reader: Reader) -> None:
    client = reader("")
    offices = rows_of(client, "/en/groups/NAM.csv?table=offices")
    assert {(row["party"], row["what"], row["since"]) for row in offices} == {
        ("AZE", "chair", "2019-10-25"), ("UGA", "chair", "2024-01-19"),
    }  # fmt: skip
    assert len(rows_of(client, "/en/groups/NAM.csv?table=all")) == 8
    assert client.get("/en/groups/NAM.xlsx").status_code == client.get("/en/groups/NAM.json").status_code == 200


def test_a_group_nobody_registered_is_not_found(cast: Any, reader: Reader) -> None:
    for key in ("XXX", "%3Cscript%3E", "' OR 1=1 --", "x" * 300):
        assert reader("").get(f"/en/groups/{key}").status_code == 404


def test_buttons_stand_for_whoever_keeps_the_list(cast: Any, reader: Reader) -> None:
    for who, number in (("", 0), ("focal-tcd", 0), ("auditor", 0), ("operator", 3), ("task-force", 3)):
        assert text_of(reader(who), "/en/groups/NAM").count("/en/act/group/") == number, who


def test_so_many_questions_are_enough(book: RoundsNow, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, most in (("groups", 4), ("groups/NAM", 6)):
        assert queries_of(reader(""), f"/en/{path}", monkeypatch=monkeypatch) <= most
        assert queries_of(reader("task-force"), f"/en/{path}", monkeypatch=monkeypatch) <= most + 5


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("1961", date(1961, 1, 1), date(1961, 12, 31)), ("2024-02", date(2024, 2, 1), date(2024, 2, 29)), ("", None, None),
     ("1992-12", date(1992, 12, 1), date(1992, 12, 31)), ("1979-09-01", date(1979, 9, 1), date(1979, 9, 1)), ("soon", None, None)],
)  # fmt: skip
def test_a_date_lasts_as_long_as_it_is_known(text: str, first: date | None, last: date | None) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


def test_counts_are_said_as_people_say_them(history: None) -> None:
    group = get_group(PUBLIC, "NAM", day=date(2026, 1, 1))
    assert counts_of(group.members) == "5 members and 1 observer"
    assert counts_of([]) == ""
