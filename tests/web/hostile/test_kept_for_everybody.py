"""A public page is kept and handed to everybody: nothing of anybody's own may ever be in it, whoever asked first."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from evenhand_cast import Cast
from evenhand_matrix import ASKERS, addresses, browser_of, let_go
from evenhand_people import give_password, send_sign_in
from evenhand_seen import World

pytestmark = pytest.mark.django_db
OWN = re.compile(r"csrfmiddlewaretoken|u-focal-tcd|focal-tcd|You are signed out|Sign out|data-who")


def test_the_page_after_signing_out_is_nobody_elses(cast: Cast) -> None:
    give_password("focal-tcd")
    browser = Client()
    send_sign_in(browser, "focal-tcd")
    left = browser.post("/en/account/sign-out")
    told = browser.get(left["Location"])
    assert "You are signed out" in told.content.decode()
    assert "public" not in told["Cache-Control"]
    assert "ETag" not in told
    stranger = Client().get(left["Location"])
    assert not OWN.search(stranger.content.decode())
    assert "You are signed out" not in browser.get(left["Location"]).content.decode(), "it is said once"


@pytest.mark.parametrize("asker", ["own", "secr", "oper"])
def test_what_somebody_read_is_not_what_the_public_is_given(world: World, asker: str) -> None:
    """Everybody reads everything; then the public's page is the same as had nobody been there."""
    name = ASKERS[asker][0]
    browser = browser_of(asker)
    for path in (
        "/en/",
        "/en/needs",
        "/en/rounds",
        "/en/changes",
        "/en/parties/TCD",
        f"/en/needs/{world['approved']}",
        "/en/needs.json",
    ):
        own = browser.get(path)
        stranger = Client().get(path)
        assert "public" not in own.get("Cache-Control", ""), path
        assert "public" in stranger["Cache-Control"], path
        text = stranger.content.decode()
        assert name not in text, path
        assert not OWN.search(text), path
        assert "Cookie" in stranger["Vary"], path
        again = browser.get(path)
        assert again.content != stranger.content or path.endswith("json"), (
            f"{path}: signed in, and shown the public's page"
        )


@pytest.mark.slow
def test_no_page_that_is_kept_sets_a_cookie_or_holds_a_token(world: World) -> None:
    browser = Client(raise_request_exception=False)
    seen = 0
    for one in addresses(world):
        if not one.path.startswith("/en/"):
            continue
        answer = browser.get(one.path)
        if "public" in answer.get("Cache-Control", "") and not answer.streaming:
            seen += 1
            assert not answer.cookies, one.path
            assert not OWN.search(answer.content.decode("utf-8", "replace")), one.path
        let_go(answer)
    assert seen > 40


def test_a_mark_changes_with_the_reader_and_the_record_and_tells_neither(cast: Cast, approved_need: Any) -> None:
    first = Client().get("/en/needs")
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', first["ETag"])
    assert "ETag" not in browser_of("own").get("/en/needs")
    assert Client().get("/en/needs", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert browser_of("own").get("/en/needs", headers={"If-None-Match": first["ETag"]}).status_code == 200
    approved_need("TCD", "vaccine-measles", "1000")
    assert Client().get("/en/needs", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert Client().get("/en/needs?search=vaccine")["ETag"] != Client().get("/en/needs")["ETag"]


def test_an_address_is_kept_under_its_host_and_its_whole_query(cast: Cast, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    assert "other.example" in Client().get("/en/needs", headers={"Host": "other.example"}).content.decode()
    assert "other.example" not in Client().get("/en/needs").content.decode()
    assert "search-one" in Client().get("/en/needs?search=search-one").content.decode()
    assert "search-one" not in Client().get("/en/needs?search=search-two").content.decode()


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
def test_the_reader_of_one_language_is_not_given_anothers(cast: Cast, language: str) -> None:
    for accept in ("ar", "en", "fr"):
        page = Client().get(f"/{language}/needs", headers={"Accept-Language": accept}).content.decode()
        assert f'<html lang="{language}"' in page


def test_what_is_private_is_stored_by_nobody(world: World) -> None:
    browser = browser_of("own")
    for path in ("/en/desk", "/en/act/need/draft", "/en/account", "/en/receipts", "/en/desk/import"):
        answer = browser.get(path)
        assert "no-store" in answer["Cache-Control"], path
        assert not answer.has_header("ETag"), path
    assert (
        "no-store" in browser.get(f"/en/needs/{world['draft']}")["Cache-Control"]
        or "private" in browser.get(f"/en/needs/{world['draft']}")["Cache-Control"]
    )
    assert "private" in browser.get(f"/api/v1/needs/{world['draft']}")["Cache-Control"]
