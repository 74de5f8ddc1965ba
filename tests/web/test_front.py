"""The front page: the figures for everybody, in plain HTML that runs nothing and tells nothing it should not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from evenhand_cast import NOW, TODAY, Cast

from evenhand.actions.checkpoints import make_checkpoint
from evenhand.actions.consignments import dispatch_consignment, plan_consignment
from evenhand.actions.needs import draft_need
from evenhand.actions.offers import make_offer
from evenhand.actions.receipts import receive_consignment
from evenhand.ledger.checkpoint import check_note, parse_note

pytestmark = pytest.mark.django_db
EMPTY = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "rect", "path")


@pytest.fixture(autouse=True)
def the_day_is_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("lookups.figures", "lookups.standings", "lookups.reach", "web.front"):
        monkeypatch.setattr(f"evenhand.{module}.today", lambda: TODAY + timedelta(days=20))


class Page(HTMLParser):
    """Read a page: its text, its elements, and whether every element that opens closes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def read(path: str = "/") -> Page:
    response = Client().get(path)
    assert response.status_code == 200
    return Page(response.content.decode())


def a_late_journey(cast: Cast, approved_need: Callable[..., str]) -> str:
    """Let Chad need 3,000 doses, India give and send 1,000 that come late and in part; return the consignment."""
    approved_need("TCD", "vaccine-measles", "3,000")
    gift = make_offer(
        cast("donor-ind"),
        donor="IND",
        resource="vaccine-measles",
        quantity="10 box",
        firmness="commitment",
        meant_for="TCD",
    ).ref
    ref = plan_consignment(
        cast("donor-ind"), origin="IND", destination="TCD", lines=f"{gift}=10 box", due_on=TODAY + timedelta(days=6)
    ).ref
    dispatch_consignment(cast("donor-ind"), consignment=ref)
    receive_consignment(cast("focal-tcd", at=NOW + timedelta(days=9)), consignment=ref, line=1, good="4 box")
    return str(ref)


def test_an_empty_book_says_so() -> None:
    page = read()
    assert "Nothing is needed, promised or received yet." in page.text
    assert "Nothing was signed yet." in page.text


def test_everybody_reads_what_is_needed_promised_on_the_way_and_late(
    cast: Cast, approved_need: Callable[..., str], signing: Any
) -> None:
    ref = a_late_journey(cast, approved_need)
    make_checkpoint(cast("task-force"))
    page = read()
    assert (
        "Needed 1,500 Promised 500 Not shared out yet 0 Allocated 0 On the way 300 Received 200 Used 0 Lost 0"
        in page.text
    )
    assert "Chad measles-vaccination 1,500 200 13.3 %" in page.text
    assert f"Chad {ref} India 2026-03-02 2026-03-08 14" in page.text
    assert signing.verifier.name in page.text


def test_bars_are_as_long_as_what_they_stand_for(cast: Cast, approved_need: Callable[..., str]) -> None:
    a_late_journey(cast, approved_need)
    bars = {str(one["class"]): (one["x"], one["width"]) for one in read().all("rect")}
    assert bars == {
        "needed": ("0", "1000"), "promised": ("0", "333"), "received": ("0", "133"), "in-transit": ("133", "200"),
    }  # fmt: skip


def test_nothing_that_only_some_may_see_is_on_it(cast: Cast) -> None:
    draft_need(cast("focal-tcd"), party="TCD", resource="vaccine-measles", quantity="77", why="CANARY")
    make_offer(
        cast("donor-ind"),
        donor="IND",
        resource="vaccine-measles",
        quantity="10 box",
        firmness="commitment",
        conditions="CANARY",
    )
    text = Client().get("/").content.decode()
    assert "CANARY" not in text
    assert "77" not in read().text
    assert "focal-tcd" not in text


def test_a_name_is_text_and_never_markup(cast: Cast, approved_need: Callable[..., str]) -> None:
    from evenhand.actions.parties import change_party

    change_party(cast("task-force", reason="a test"), party="TCD", name="<script>alert(1)</script>")
    a_late_journey(cast, approved_need)
    page = read()
    assert page.all("script") == []
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize(
    ("query", "direction"), [("", "ltr"), ("?language=ar", "rtl"), ("?language=fr", "ltr"), ("?language=<x>", "ltr")]
)
def test_a_page_runs_from_right_to_left_where_that_is_asked_for(query: str, direction: str) -> None:
    (root,) = read("/" + query).all("html")
    assert (root["dir"], root["lang"]) == (direction, "en")


def test_the_style_mirrors_itself_and_reaches_nobody_else() -> None:
    style = Client().get("/pages.css").content.decode()
    assert re.findall(r"\b(left|right)\b", style) == []
    assert "http" not in style
    assert "@import" not in style


def test_a_page_can_be_read_without_seeing_it(cast: Cast, approved_need: Callable[..., str]) -> None:
    a_late_journey(cast, approved_need)
    page = read()
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    assert len(page.all("caption")) == len(page.all("table")) > 0
    assert all(one["aria-hidden"] == "true" for one in page.all("svg"))
    assert all(one.get("scope") in ("row", "col") for one in page.all("th"))
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    labelled = {one["aria-labelledby"] for one in page.all("section")}
    assert labelled == {one["id"] for one in page.all("h2")}


@pytest.mark.parametrize("path", ["/", "/pages.css", "/health", "/checkpoint", "/no-such-page"])
def test_no_page_may_be_framed_guessed_at_or_run_anything(path: str) -> None:
    response = Client().get(path)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


def test_the_page_holds_no_style_and_no_script_of_its_own(cast: Cast, approved_need: Callable[..., str]) -> None:
    a_late_journey(cast, approved_need)
    page = read()
    assert page.all("script") == page.all("style") == []
    assert all("style" not in attributes and "onclick" not in attributes for _, attributes in page.found)


@pytest.mark.parametrize("path", ["/", "/checkpoint", "/health", "/pages.css"])
def test_pages_only_show(path: str) -> None:
    assert Client().post(path).status_code == 405


def test_the_checkpoint_is_the_note_as_it_was_signed(cast: Cast, signing: Any) -> None:
    assert Client().get("/checkpoint").status_code == 404
    make_offer(cast("donor-ind"), donor="IND", resource="vaccine-measles", quantity="10 box", firmness="commitment")
    make_checkpoint(cast("task-force"))
    response = Client().get("/checkpoint")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert check_note(parse_note(response.content.decode()), [signing.verifier]) != ()


def test_the_server_says_that_it_lives_and_when_its_database_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/health").json() == {"status": "ok", "signed": 0}

    def gone(viewer: object) -> None:
        raise OperationalError("secret inside")

    monkeypatch.setattr("evenhand.web.front.find_latest_checkpoint", gone)
    response = Client().get("/health")
    assert response.status_code == 503
    assert "secret" not in response.content.decode()


def test_a_failure_shows_nothing_of_the_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("evenhand.web.front.read_headline", fail)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert response.content.decode() == "The server failed; its keepers find out why in its log.\n"


def test_a_page_that_is_not_there_says_where_the_figures_are() -> None:
    response = Client().get("/admin/")
    assert (response.status_code, response.content.decode()) == (404, "There is no such page. The figures are at /\n")


def test_a_strange_host_is_refused() -> None:
    assert Client().get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(("name", "said"), [("demo.evenhand.example/stock-book", True), ("nam.example/book", False)])
def test_a_demo_says_that_it_is_one(settings: Any, name: str, said: bool) -> None:
    settings.EVENHAND = replace(settings.EVENHAND, values={**settings.EVENHAND.values, "name": name})
    assert ("The round never took place" in read().text) is said
