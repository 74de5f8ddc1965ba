"""Forged requests: every form wants its token, no address leads elsewhere, a session is never somebody else's, nothing is framed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as installed
from django.test import Client
from evenhand_cast import Cast
from evenhand_matrix import browser_of, fields_of, form_of, records, routes
from evenhand_people import SIGN_IN, give_password, send_sign_in, who
from evenhand_recipes import RECIPES

from evenhand.web.forms.acts import NOT_HERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_moment_of_the_cast")]
ELSEWHERE = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "http:evil.example", "javascript:alert(1)", "https:///evil.example",
    "data:text/html,x", "/\t/evil.example", "//evil.example@testserver/", "https://testserver@evil.example/", "\x00//evil.example", "///evil.example",
)  # fmt: skip


@pytest.mark.parametrize("action", sorted(set(RECIPES) - set(NOT_HERE)))
def test_no_form_is_done_without_its_token(cast: Cast, action: str) -> None:
    recipe = RECIPES[action]
    given, party = recipe.made("TCD"), sorted(recipe.may["TCD"])
    browser = browser_of(party[0] if party else "donor-ind", enforce_csrf_checks=True)
    before = records()
    for headers in (
        {},
        {"Origin": "https://evil.example"},
        {"Referer": "https://evil.example/"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert browser.post(form_of(action), fields_of(given), headers=headers).status_code == 403
    browser.cookies[installed.CSRF_COOKIE_NAME] = "a" * 32
    forged = fields_of(given) | {"csrfmiddlewaretoken": "b" * 32}
    assert browser.post(form_of(action), forged).status_code == 403
    assert records() == before


def test_a_form_of_another_site_is_refused_even_with_a_token(cast: Cast) -> None:
    """Its cookie is Lax and of this host alone; and the origin is looked at all the same."""
    browser = browser_of("own", enforce_csrf_checks=True)
    page = browser.get(form_of("need draft")).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    sent = fields_of(RECIPES["need draft"].made("TCD")) | {"csrfmiddlewaretoken": token[1]}
    assert browser.post(form_of("need draft"), sent, headers={"Origin": "https://evil.example"}).status_code == 403
    assert browser.post(form_of("need draft"), sent, headers={"Origin": "http://testserver"}).status_code == 302


def test_no_address_of_the_pages_is_exempt_from_the_token() -> None:
    """The API is: a key is no cookie, and a session is asked for its token there."""
    from django.urls import resolve
    from django.utils import translation

    with translation.override("en"):
        for route, _ in routes():
            if route.startswith(("api/", "^api")) or "<" in route or "(" in route:
                continue
            found = resolve("/" + route).func
            assert not getattr(found, "csrf_exempt", False), route


@pytest.mark.parametrize("onward", ELSEWHERE)
def test_nobody_is_led_to_another_site_after_a_form_or_a_sign_in(cast: Cast, onward: str) -> None:
    browser = browser_of("own")
    from urllib.parse import urlencode

    done = browser.post(
        f"{form_of('need draft')}?{urlencode({'next': onward})}", fields_of(RECIPES["need draft"].made("TCD"))
    )
    if "\0" in onward:  # no address holds one: it is refused before anything is done
        assert done.status_code == 400
    else:
        assert done.status_code == 302
        assert re.match(r"/(?![/\\])[!-~]*$", done["Location"]), done["Location"]
    give_password("focal-ken")
    stranger = Client()
    assert re.match(r"/(?![/\\])[!-~]*$", send_sign_in(stranger, "focal-ken", next=onward)["Location"])


def test_over_https_nobody_is_led_back_to_http(cast: Cast) -> None:
    browser = browser_of("own")
    sent = fields_of(RECIPES["need draft"].made("TCD"))
    done = browser.post(f"{form_of('need draft')}?next=http://testserver/en/needs", sent, secure=True)
    assert done["Location"].startswith("/")


def test_whoever_is_signed_out_keeps_nothing_of_the_session(cast: Cast) -> None:
    give_password("focal-tcd")
    browser = Client()
    send_sign_in(browser, "focal-tcd")
    stolen = browser.cookies[installed.SESSION_COOKIE_NAME].value
    browser.post("/en/account/sign-out")
    thief = Client()
    thief.cookies[installed.SESSION_COOKIE_NAME] = stolen
    assert who(thief) == ""
    assert thief.get("/en/desk").status_code == 302


def test_a_planted_session_is_not_the_one_that_is_signed_in(cast: Cast) -> None:
    give_password("focal-tcd")
    for planted in ("a" * 32, "x", "../../etc/passwd", "' OR 1=1"):
        browser = Client()
        browser.cookies[installed.SESSION_COOKIE_NAME] = planted
        send_sign_in(browser, "focal-tcd")
        assert browser.cookies[installed.SESSION_COOKIE_NAME].value != planted
        thief = Client()
        thief.cookies[installed.SESSION_COOKIE_NAME] = planted
        assert who(thief) == ""


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_nothing_changes_by_asking(cast: Cast, method: str) -> None:
    """A link or a picture on another page makes the browser ask; it must never be enough."""
    browser, before = browser_of("oper"), records()
    for action in ("user switch off", "user grant", "stock rebuild", "seed plant"):
        given = {name: str(value) for name, value in RECIPES[action].made("TCD").items()}
        getattr(browser, method)(form_of(action), given)
    getattr(browser, method)("/en/account/sign-out")
    assert browser.get("/en/desk").status_code == 200
    assert records() == before


def test_a_cookie_is_never_read_by_a_script_nor_sent_from_another_site(cast: Cast) -> None:
    give_password("focal-tcd")
    browser = Client()
    browser.get(SIGN_IN)
    send_sign_in(browser, "focal-tcd")
    assert set(browser.cookies) >= {installed.SESSION_COOKIE_NAME, installed.CSRF_COOKIE_NAME}
    for name, cookie in browser.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name


def test_a_secret_never_stands_in_an_address(cast: Cast, signed_in: Any) -> None:
    """Of what a form keeps over a sign-in, the address holds a key to the session and nothing that was typed."""
    browser = Client()
    answer = browser.post(
        form_of("user password"), {"user": "focal-tcd", "password": "a long secret phrase", "why": "typed words"}
    )
    assert answer.status_code == 302
    assert "secret" not in answer["Location"]
    assert "typed+words" not in answer["Location"]
    assert "secret" not in str(browser.session.items())
