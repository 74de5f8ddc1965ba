"""Kept pages: one answer for everybody while nothing changes, never an older one afterwards, nothing private among them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from evenhand.web.frame import kept
from evenhand.web.frame.kept import Kept, KeptPages

pytestmark = pytest.mark.usefixtures("on_the_day")


def test_the_same_page_is_answered_with_304_until_a_record_changes(
    client: Client, approved_need: Callable[..., str]
) -> None:
    approved_need("TCD", "mask-surgical", "40 box")
    first = client.get("/en/needs")
    assert first.status_code == 200
    again = client.get("/en/needs", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    approved_need("KEN", "mask-surgical", "10 box")
    changed = client.get("/en/needs", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert b"/en/parties/KEN" in changed.content


def test_a_kept_page_is_the_page_in_every_encoding(client: Client, approved_need: Callable[..., str]) -> None:
    import gzip

    import brotli

    approved_need("TCD", "mask-surgical", "40 box")
    plain = client.get("/en/needs", headers={"Accept-Encoding": "identity"})
    zipped = client.get("/en/needs", headers={"Accept-Encoding": "gzip"})
    shorter = client.get("/en/needs", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain
    assert (zipped["Content-Encoding"], shorter["Content-Encoding"]) == ("gzip", "br")
    assert gzip.decompress(zipped.content) == plain.content == brotli.decompress(shorter.content)
    assert len(shorter.content) <= len(zipped.content) < len(plain.content) / 2


def test_who_is_signed_in_neither_fills_nor_reads_what_is_kept(
    client: Client, cast: Any, approved_need: Callable[..., str]
) -> None:
    approved_need("TCD", "mask-surgical", "40 box")
    signed_in = Client()
    signed_in.force_login(
        get_user_model().objects.get(name="focal-tcd"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    own = signed_in.get("/en/needs")
    assert own["Cache-Control"].startswith("private")
    assert "ETag" not in own
    public = client.get("/en/needs")
    assert public["Cache-Control"] == "public, no-cache"
    assert b"u-focal-tcd" in own.content
    assert b"u-focal-tcd" not in public.content


def test_addresses_with_another_filter_language_or_host_are_kept_apart(
    client: Client, approved_need: Callable[..., str], settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "two.example", "testserver"]
    approved_need("TCD", "mask-surgical", "40 box")
    marks = {
        client.get(address, headers={"Host": host})["ETag"]
        for address in ("/en/needs", "/ar/needs", "/en/needs?party=TCD", "/en/needs?party=KEN")
        for host in ("one.example", "two.example")
    }
    assert len(marks) == 8


@given(sizes=some.lists(some.integers(0, 4000), max_size=60))
def test_what_is_kept_never_outgrows_its_room(sizes: list[int]) -> None:
    room = KeptPages(most=60_000)
    for number, size in enumerate(sizes):
        room.keep(str(number % 9), Kept(1, b"x" * size, {}))
        assert room._size == sum(page.size for page in room._pages.values()) <= 60_000


def test_one_thread_renders_anew_while_others_get_the_older_page_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "WAIT", 60.0)
    room = KeptPages()
    assert room.find("a", 1) is None
    room.keep("a", Kept(1, b"old", {}))
    assert room.find("a", 2) is None, "the first to ask renders it"
    older = room.find("a", 2)
    assert older is not None
    assert older.body == b"old", "the next one does not wait"
    room.leave("a")
    assert room.find("a", 2) is None, "rendering failed: somebody else tries"
    monkeypatch.setattr(kept, "WAIT", 0.0)
    time.sleep(0.001)
    assert room.find("a", 2) is None
