"""The machine's clock is wrong: sessions end or stay, nothing lapses or opens that should not, and no page fails.

A clock that jumps ahead signs people out; one that jumps back never makes anything last longer than it was said to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from evenhand_cast import TODAY, Cast, approved_need, cast, let_it_be
from evenhand_matrix import browser_of, fields_of, form_of, records
from evenhand_people import give_password, send_sign_in, swift_and_alone
from evenhand_recipes import RECIPES

__all__ = ["approved_need", "cast", "swift_and_alone"]
pytestmark = pytest.mark.django_db
Turn = Callable[[timedelta], None]


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Turn the clock of sessions, of sign-in and of the day, by so much from now."""

    def turned(by: timedelta) -> None:
        now = datetime.now(UTC) + by
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        monkeypatch.setattr("evenhand.web.frame.signed_in.time", SimpleNamespace(time=now.timestamp))
        let_it_be(monkeypatch, now.date())

    return turned


@pytest.mark.parametrize(
    ("by", "stays"),
    [
        (timedelta(hours=11), True), (timedelta(hours=13), False), (timedelta(days=8), False), (timedelta(days=36500), False),
        (timedelta(hours=-11), True), (timedelta(days=-8), True), (timedelta(days=-3650), True),
    ],
)  # fmt: skip
def test_a_session_ends_by_the_clock_and_never_by_a_clock_that_goes_back(
    cast: Cast, turn: Turn, by: timedelta, stays: bool
) -> None:
    browser = browser_of("own")
    turn(by)
    answer = browser.get("/en/account")
    assert answer.status_code == (200 if stays else 302)
    if not stays:
        assert "/account/sign-in" in answer["Location"]


def test_a_clock_that_went_back_and_comes_right_makes_no_session_longer(cast: Cast, turn: Turn) -> None:
    """Begun with the right time, noted again under a wrong one: seven days from the beginning it is over all the same."""
    browser = browser_of("own")
    turn(timedelta(days=-30))
    assert browser.get("/en/account").status_code == 200
    turn(timedelta(days=8))
    assert browser.get("/en/account").status_code == 302


def test_a_form_that_was_open_while_the_clock_was_turned_is_done_or_kept(cast: Cast, turn: Turn) -> None:
    """The token of a form holds no time; only the session does, and what was typed outlives that."""
    browser, before = browser_of("own"), records()
    sent = fields_of(RECIPES["need draft"].made("TCD"))
    turn(timedelta(hours=13))
    away = browser.post(form_of("need draft"), sent)
    assert away.status_code == 302
    assert "/account/sign-in" in away["Location"]
    assert "typed" in away["Location"]
    assert records() == before


@pytest.mark.parametrize("days", [-36500, -400, -1, 1, 400, 36500])
def test_no_page_fails_on_a_wrong_day(
    cast: Cast, approved_need: Any, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    approved_need("TCD", "vaccine-measles", "1000")
    let_it_be(monkeypatch, TODAY + timedelta(days=days))
    for path in (
        "/en/",
        "/en/needs",
        "/ar/needs",
        "/en/members",
        "/en/parties/TCD",
        "/en/book",
        "/en/promises",
        "/health",
    ):
        assert Client(raise_request_exception=False).get(path).status_code == 200, path


def test_a_lock_of_sign_in_is_not_opened_by_setting_the_clock_back(cast: Cast, turn: Turn) -> None:
    from django.core.cache import cache

    give_password("focal-tcd")
    browser = Client()
    for number in range(5):
        send_sign_in(browser, "focal-tcd", f"wrong {number}")
    turn(timedelta(hours=-1))
    cache.clear()
    assert send_sign_in(browser, "focal-tcd").status_code == 429
