"""Sessions: twelve hours without a request, seven days at most, seen and ended by whom they belong to."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as installed
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from evenhand_people import SIGN_IN, send_sign_in, who

pytestmark = pytest.mark.django_db
SESSIONS = "/en/account/sessions"
HOUR, DAY = 3600, 86400


def test_a_session_lasts_twelve_hours_without_a_request(signed_in: Callable[[str], Client]) -> None:
    signed_in("focal-tcd")
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(hours=11, minutes=59) < left <= timedelta(hours=12)


def test_a_request_makes_it_last_longer_and_not_every_request_is_a_write(
    signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    browser = signed_in("focal-tcd")
    row = Session.objects.get()
    Session.objects.update(expire_date=row.expire_date - timedelta(hours=2))
    before = Session.objects.get().expire_date
    browser.get(SIGN_IN)
    assert Session.objects.get().expire_date == before
    now = time.time()
    monkeypatch.setattr("evenhand.web.frame.signed_in.time.time", lambda: now + 601)
    browser.get(SIGN_IN)
    assert Session.objects.get().expire_date > before + timedelta(hours=1)


@pytest.mark.parametrize(("days", "there"), [(6.9, "focal-tcd"), (7.1, "")])
def test_a_session_ends_after_seven_days_however_busy_it_is(
    signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, days: float, there: str
) -> None:
    browser = signed_in("focal-tcd")
    now = time.time()
    monkeypatch.setattr("evenhand.web.frame.signed_in.time.time", lambda: now + days * DAY)
    assert who(browser) == there


def test_one_sees_ones_own_sessions_and_ends_one_of_them(signed_in: Callable[[str], Client]) -> None:
    here, there = signed_in("focal-tcd"), Client(HTTP_USER_AGENT="A telephone that was lost")
    send_sign_in(there, "focal-tcd")
    page = here.get(SESSIONS)
    assert "A telephone that was lost" in page.content.decode()
    lost = next(one.pk for one in page.context["sessions"] if one.session_key != here.session.session_key)
    assert here.post(f"{SESSIONS}/{lost}/end").status_code == 302
    assert (who(here), who(there)) == ("focal-tcd", "")


def test_one_ends_all_others_at_once(signed_in: Callable[[str], Client]) -> None:
    here, others = signed_in("focal-tcd"), [Client() for _ in range(3)]
    for other in others:
        send_sign_in(other, "focal-tcd")
    here.post(SESSIONS)
    assert [who(one) for one in (here, *others)] == ["focal-tcd", "", "", ""]


def test_nobody_ends_somebody_elses_session(signed_in: Callable[[str], Client]) -> None:
    chad, kenya = signed_in("focal-tcd"), signed_in("focal-ken")
    number = kenya.get(SESSIONS).context["sessions"][0].pk
    assert chad.post(f"{SESSIONS}/{number}/end").status_code == 404
    assert Client().post(f"{SESSIONS}/{number}/end").status_code == 302
    assert who(kenya) == "focal-ken"


def test_a_session_is_not_ended_by_a_link(signed_in: Callable[[str], Client]) -> None:
    browser = signed_in("focal-tcd")
    number = browser.get(SESSIONS).context["sessions"][0].pk
    assert browser.get(f"{SESSIONS}/{number}/end").status_code == 405
    assert browser.get("/en/account/sign-out").status_code == 200
    assert who(browser) == "focal-tcd"


def test_signing_out_leaves_nothing_of_the_session(signed_in: Callable[[str], Client]) -> None:
    browser = signed_in("focal-tcd")
    key = browser.cookies[installed.SESSION_COOKIE_NAME].value
    browser.post("/en/account/sign-out")
    assert not Session.objects.filter(session_key=key).exists()
    assert who(browser) == ""


def test_the_account_says_who_one_is(signed_in: Callable[[str], Client]) -> None:
    page = signed_in("focal-tcd").get("/en/account").content.decode()
    assert "focal-tcd" in page
    assert "u-focal-tcd" in page


def test_the_account_is_for_whoever_is_signed_in(browser: Client) -> None:
    for path in ("", "/password", "/sessions", "/second-step", "/passkeys", "/second-step/codes"):
        answer = browser.get(f"/en/account{path}")
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/en/account/"), path
        assert answer["Location"].split("?")[0] in ("/en/account/sign-in", "/en/account/again"), path
