"""The feed is well-formed whatever it holds, says the newest first, and keeps its ids."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as Tree

from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.exchange.feeds.atom import ATOM, Feed, News, tag, write_feed

A = f"{{{ATOM}}}"
FIRST = News(
    tag("book.example/relief", "RD-1/decided"), "Decided", "https://b/en/rounds/RD-1", datetime(2026, 3, 1, tzinfo=UTC)
)
SECOND = News(
    tag("book.example/relief", "CN-1/receive"), "Received", "https://b/en/consignments/CN-1",
    datetime(2026, 3, 2, 9, tzinfo=UTC), "Chad received 400 of 600.", "receipt",
)  # fmt: skip
FEED = Feed(
    "tag:book.example,2026-01-01:relief/feed", "Relief", "en", "https://b/en/feed.atom", "https://b/en/changes",
    (FIRST, SECOND), "book.example", rights="CC-BY-4.0", other_languages={"en": "https://b/en/feed.atom", "ar": "https://b/ar/feed.atom"},
)  # fmt: skip


def test_the_newest_stands_first_and_dates_the_feed() -> None:
    root = Tree.fromstring(write_feed(FEED))
    assert [entry.findtext(f"{A}id") for entry in root.findall(f"{A}entry")] == [SECOND.id, FIRST.id]
    assert root.findtext(f"{A}updated") == "2026-03-02T09:00:00Z"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_a_feed_links_to_itself_its_page_and_its_other_languages() -> None:
    links = [
        (link.get("rel"), link.get("hreflang"), link.get("href"))
        for link in Tree.fromstring(write_feed(FEED)).findall(f"{A}link")
    ]
    assert links == [
        ("self", None, "https://b/en/feed.atom"), ("alternate", "en", "https://b/en/changes"),
        ("alternate", "ar", "https://b/ar/feed.atom"),
    ]  # fmt: skip


def test_every_entry_has_what_the_standard_asks_for() -> None:
    for entry in Tree.fromstring(write_feed(FEED)).findall(f"{A}entry"):
        assert all(entry.findtext(f"{A}{name}") for name in ("id", "title", "updated"))
        assert entry.find(f"{A}link") is not None


def test_a_feed_without_news_is_still_a_feed() -> None:
    root = Tree.fromstring(write_feed(replace(FEED, news=())))
    assert root.findtext(f"{A}updated")
    assert root.findall(f"{A}entry") == []


def test_the_order_of_the_records_changes_nothing() -> None:
    assert write_feed(FEED) == write_feed(replace(FEED, news=(SECOND, FIRST)))


@settings(max_examples=80)
@given(st.text(max_size=40), st.text(max_size=20))
def test_whatever_people_wrote_the_feed_is_well_formed(text: str, about: str) -> None:
    news = replace(FIRST, title=text, summary=text, kind=text, id=tag("book.example/relief", about))
    root = Tree.fromstring(write_feed(replace(FEED, news=(news,), title=text)))
    assert len(root.findall(f"{A}entry")) == 1
    assert " " not in str(root.findtext(f"{A}entry/{A}id"))
