"""What the lookups tell, told as JSON: every one of them, page by page, field by field, and to nobody more than it may see."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from evenhand_cast import USERS, Cast
from evenhand_seen import World, add_need
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.api.answers import parts_of, plain
from evenhand.api.reading import listed
from evenhand.api.readings import NOT_READ, READINGS

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


def test_every_lookup_is_told_or_said_not_to_be() -> None:
    """One that is forgotten would be missing from the API in silence."""
    import inspect
    import pkgutil
    from importlib import import_module

    import evenhand.lookups

    there = set()
    for module in pkgutil.iter_modules(evenhand.lookups.__path__):
        loaded = import_module(f"evenhand.lookups.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == loaded.__name__
            first = next(iter(inspect.signature(function).parameters), "")
            if own and first == "viewer" and name.startswith(("list_", "get_", "read_", "trace_", "prove_", "search_")):
                there.add(f"{module.name}.{name}")
    told = {one.lookup for one in READINGS}
    assert sorted(there - told - set(NOT_READ)) == []
    assert sorted(told - there) == []


def test_a_list_holds_what_the_lookup_returns(world: World, ask: Ask) -> None:
    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups.needs import list_needs

    assert ask().data("needs") == json.loads(json.dumps([plain(one) for one in list_needs(PUBLIC)]))


def test_one_record_is_the_row_of_the_list(world: World, ask: Ask) -> None:
    (row,) = [one for one in ask().data("needs") if one["ref"] == world["approved"]]
    assert ask().data(f"needs/{world['approved']}") == row


@pytest.mark.parametrize("who", ["", *(user[0] for user in USERS)])
def test_nobody_meets_what_it_may_not_see(world: World, ask: Ask, who: str) -> None:
    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups.needs import list_needs

    asker = ask(who) if who else ask()
    everything = []
    for reading in READINGS:
        if "{" not in reading.path and "consistency" not in reading.path:
            response = asker.get(f"{reading.path}?q=canary" if reading.path == "search" else reading.path)
            assert response.status_code == 200, (reading.path, response.content)
            everything.append(response.content.decode())
    viewer = world.cast.viewers[who] if who else PUBLIC
    wanted = {one.why for one in list_needs(viewer) if "CANARY" in one.why}
    text = "".join(everything)
    for why in (
        "CANARYdraft",
        "CANARYclinic",
        "CANARYsubmitted",
        "CANARYcorrection",
        "CANARYabandoned",
        "CANARYfrench",
    ):
        assert (why in text) is (why in wanted), why
    if not who:
        assert "canary" not in text.lower()


def test_a_strangers_draft_is_told_like_what_was_made_up(world: World, ask: Ask) -> None:
    for who in ("", "focal-ken", "donor-ind"):
        answers = [ask(who).get(f"needs/{ref}").json()["error"] for ref in (world["draft"], "ND-0000000000")]
        assert [one["code"] for one in answers] == ["name-unknown"] * 2
        assert answers[0]["sentence"].replace(world["draft"], "?") == answers[1]["sentence"].replace(
            "ND-0000000000", "?"
        )


def test_an_exact_share_stands_beside_its_number(world: World, ask: Ask) -> None:
    rows = [one for one in ask().data("figures?by=recipient") if one["needed"]]
    assert rows
    for row in rows:
        assert Fraction(row["covered_exact"]) / Fraction(row["needed_exact"]) == Fraction(row["coverage_exact"])
        assert row["coverage"] == float(Fraction(row["coverage_exact"]))


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def walk(asker: Any, path: str) -> list[dict[str, Any]]:
    """Every row, page by page, by the address that each page gives for the next."""
    rows: list[dict[str, Any]] = []
    for _ in range(200):
        response = asker.get(path)
        assert response.status_code == 200, response.content
        answer = response.json()
        rows += answer["data"]
        assert ("Link" in response) == bool(answer["next"])
        if not answer["next"]:
            return rows
        assert response["Link"] == f'<{answer["next"]}>; rel="next"'
        path = answer["next"].removeprefix("/api/v1/")
    raise AssertionError("the pages never end")


PAGED = [
    "needs",
    "parties",
    "resources",
    "groups",
    "book/entries",
    "book/balances",
    "offers",
    "evidence",
    "figures?by=holder",
]


@pytest.mark.parametrize("path", PAGED)
@pytest.mark.parametrize("most", [1, 2, 7])
def test_page_by_page_every_row_comes_once(world: World, ask: Ask, path: str, most: int) -> None:
    add_need("KEN", "approved", "an outbreak")
    mark = "&" if "?" in path else "?"
    auditor = ask("auditor")
    whole = auditor.data(f"{path}{mark}most=1000")
    assert len(whole) > 1
    assert walk(auditor, f"{path}{mark}most={most}") == whole


def test_a_row_that_comes_in_between_is_shown_once_or_not(world: World, ask: Ask) -> None:
    """A need whose ref sorts before the cursor must not push the next row out, nor show one twice."""
    for _ in range(6):
        add_need("KEN", "approved", "an outbreak")
    before = [one["ref"] for one in ask().data("needs?most=1000")]
    first = ask().get("needs?most=3").json()
    for _ in range(6):
        add_need("KEN", "approved", "another")
    rest = walk(ask(), first["next"].removeprefix("/api/v1/"))
    seen = [one["ref"] for one in (*first["data"], *rest)]
    assert len(seen) == len(set(seen))
    assert set(before) <= set(seen)


@pytest.mark.parametrize("path", ["needs?after=nonsense", "groups?after=nonsense", "needs?after=e30"])
def test_a_cursor_of_no_list_is_refused(world: World, ask: Ask, path: str) -> None:
    response = ask().get(path)
    assert response.status_code == 400
    assert "begin at the first page" in response.json()["error"]["sentence"]


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_chosen_fields_are_those_of_the_whole_and_no_others(world: World, ask: Ask, data: st.DataObject) -> None:
    reading = data.draw(st.sampled_from([one for one in READINGS if one.path in ("needs", "consignments", "figures")]))
    kind = listed(reading).kind
    names = [part.name + end for part in parts_of(kind) for end in (("", "_exact") if part.exact else ("",))]
    chosen = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=6))
    whole = ask().data(reading.path)
    sparse = ask().data(f"{reading.path}?fields={','.join(chosen)}")
    assert sparse == [{key: value for key, value in row.items() if key in chosen} for row in whole]
    assert whole


def test_fields_are_chosen_within_a_field(world: World, ask: Ask) -> None:
    (whole,) = ask().data("consignments")
    (sparse,) = ask().data("consignments?fields=ref,lines.offer,lines.good")
    assert sparse == {
        "ref": whole["ref"], "lines": [{"offer": one["offer"], "good": one["good"]} for one in whole["lines"]],
    }  # fmt: skip
    (offer,) = [one for one in ask().data("offers?fields=ref,stages.received") if one["stages"]]
    assert offer["stages"] == {"received": 400}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("needs?fields=quanity", "no field 'quanity'; did you mean 'quantity'?"),
        ("consignments?fields=lines.ofer", "no field 'ofer' in lines; did you mean 'offer'?"),
        ("needs?fields=ref.x", "holds nothing that could be chosen from"),
    ],
)
def test_a_field_that_there_is_not_is_refused(world: World, ask: Ask, path: str, said: str) -> None:
    response = ask().get(path)
    assert response.status_code == 400
    assert said in response.json()["error"]["sentence"]


# ── parameters ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("needs?pary=TCD", 422, "pary is no parameter here; did you mean 'party'?"),
        ("needs?party=TCD&party=KEN", 422, "more than once"),
        ("needs?party=TDC", 404, "did you mean 'TCD'?"),
        ("needs?state=aproved", 400, "did you mean 'approved'?"),
        ("needs?day=yesterday", 422, "is not a date; write it as year-month-day"),
        ("needs?most=0", 422, "most is less than 1"),
        ("needs?most=1001", 422, "most is more than 1000"),
        ("needs?most=many", 422, "most is not a whole number"),
        ("places?level=99999999999999999999", 422, "level is more than"),
        ("needs?order=weight", 400, "order"),
        ("book/consistency?from=1", 422, "to is missing"),
        ("needs/%00", 400, "NUL"),
        ("needs?party=%00", 400, "NUL"),
        ("needs?search=%ED%A0%80", 200, ""),
        ("nothing/at/all", 404, "There is nothing at /api/v1/nothing/at/all"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_would_work(
    world: World, ask: Ask, path: str, status: int, said: str
) -> None:
    response = ask().get(path)
    assert response.status_code == status, response.content
    if status != 200:
        error = response.json()["error"]
        assert set(error) == {"code", "sentence", "problems", "request"}
        assert said in error["sentence"]
        assert error["request"] == response["X-Request-Id"]


@pytest.mark.parametrize(
    ("method", "path"), [("delete", "needs"), ("post", "needs"), ("put", "me"), ("get", "need/submit")]
)
def test_what_is_not_done_at_an_address_is_told_with_what_is(ask: Ask, method: str, path: str) -> None:
    response = getattr(ask().client, method)(f"/api/v1/{path}")
    assert response.status_code == 405
    assert response.json()["error"]["code"] == "method-refused"
    assert "OPTIONS" in response["Allow"]


def test_a_list_as_csv_runs_nothing_in_a_spreadsheet(world: World, ask: Ask) -> None:
    add_need("KEN", "approved", "=cmd|' /C calc'!A0")
    response = ask().get("needs?fields=ref,party,why,quantity", Accept="text/csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    whole = ask().data("needs")
    assert [row["ref"] for row in rows] == [one["ref"] for one in whole]
    assert [row["why"] for row in rows if row["party"] == "KEN"] == ["'=cmd|' /C calc'!A0"]


def test_a_browser_reads_what_everybody_may_from_any_page(world: World, ask: Ask) -> None:
    assert ask().get("needs")["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in ask("focal-tcd").get("needs")
    asked = ask().client.options("/api/v1/needs", headers={"Origin": "https://example.org"})
    assert asked.status_code == 204
    assert "POST" not in asked["Access-Control-Allow-Methods"]


def test_the_database_gone_is_said_in_the_one_body(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def gone(*_: object) -> None:
        raise OperationalError("unable to open database file /secret/place")

    monkeypatch.setattr("evenhand.api.door.read_version", gone)
    response = ask().get("needs")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "secret" not in response.content.decode()


def test_what_nobody_foresaw_is_told_without_its_inside(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr("evenhand.api.files.find_latest_checkpoint", broken)
    response = ask().get("checkpoint")
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "server-failed"
    assert "secret" not in response.content.decode()


def test_a_head_is_the_get_without_its_body(world: World, ask: Ask) -> None:
    got, head = ask().get("needs"), ask().client.head("/api/v1/needs")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == got["Content-Length"]
    assert head["ETag"] == got["ETag"]


def test_who_asks_is_told_who_it_is(cast: Cast, ask: Ask) -> None:
    assert ask().data("me")["roles"] == []
    told = ask("focal-tcd", "read").data("me")
    assert told["roles"] == [{"role": "focal-point", "party": "TCD", "group": ""}]
    assert (told["public_id"], told["scopes"]) == ("u-focal-tcd", ["read"])
