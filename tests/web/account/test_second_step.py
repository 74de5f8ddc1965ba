"""The second step: staff has none of its roles without it, each session proves it for itself, its secrets are unreadable."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from evenhand_people import (
    APP,
    PASSWORD,
    SECOND_STEP,
    SET_UP,
    SIGN_IN,
    code_for,
    give_password,
    send_sign_in,
    set_up_app,
    who,
)

from evenhand.errors import OptionRefused
from evenhand.web.account.adapters import SecondStepAdapter

pytestmark = pytest.mark.django_db
STAFF = ("task-force", "board-aze", "auditor", "operator")
OTHERS = ("focal-tcd", "donor-ind", "registrar-tcd")
SignedIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do at once what waits for a commit: a test's own transaction never commits."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, **_: function())


def viewer(browser: Client) -> Any:
    return browser.get(SET_UP).wsgi_request.viewer  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", STAFF)
def test_staff_without_a_second_step_has_no_role_and_reaches_only_the_page_where_it_is_set_up(
    signed_in: SignedIn, name: str
) -> None:
    browser = signed_in(name)
    assert viewer(browser).public_id
    assert viewer(browser).roles == ()
    for path in ("/en/needs", "/en/desk", "/en/act/need/draft", "/admin/", "/fr/"):
        answer = browser.get(path)
        assert (answer.status_code, answer["Location"][3:]) == (302, "/account/second-step"), path
    assert "Your role needs a second step." in browser.get(SET_UP).content.decode()
    assert browser.get("/health").status_code == 200


@pytest.mark.parametrize("name", OTHERS)
def test_others_hold_their_roles_without_one(signed_in: SignedIn, name: str) -> None:
    assert viewer(signed_in(name)).roles != ()


@pytest.mark.parametrize("name", STAFF)
def test_staff_that_has_set_it_up_holds_its_roles_at_once(signed_in: SignedIn, name: str) -> None:
    browser = signed_in(name)
    set_up_app(browser)
    assert viewer(browser).roles != ()


def test_signing_in_then_asks_for_the_code_and_takes_each_code_once(signed_in: SignedIn) -> None:
    secret = set_up_app(signed_in("auditor"))
    cache.clear()  # the code of this half minute was used to set it up
    browser = Client()
    answer = send_sign_in(browser, "auditor")
    assert answer["Location"] == SECOND_STEP
    assert who(browser) == ""
    assert browser.get("/en/desk").status_code == 302
    code = code_for(secret)
    assert browser.post(SECOND_STEP, {"code": "000000" if code != "000000" else "000001"}).status_code == 200
    assert who(browser) == ""
    assert browser.post(SECOND_STEP, {"code": code}).status_code == 302
    assert who(browser) == "auditor"
    assert viewer(browser).roles != ()
    again = Client()
    send_sign_in(again, "auditor")
    assert "The code is not right" in again.post(SECOND_STEP, {"code": code}).content.decode()


def test_an_old_code_counts_for_nothing(signed_in: SignedIn) -> None:
    secret = set_up_app(signed_in("auditor"))
    cache.clear()
    browser = Client()
    send_sign_in(browser, "auditor")
    browser.post(SECOND_STEP, {"code": code_for(secret, time.time() - 120)})
    assert who(browser) == ""


def test_codes_cannot_be_guessed_through(signed_in: SignedIn) -> None:
    set_up_app(signed_in("auditor"))
    browser = Client()
    send_sign_in(browser, "auditor")
    pages = [browser.post(SECOND_STEP, {"code": f"{n:06d}"}).content.decode() for n in range(35)]
    assert "Too many tries" in pages[-1]


def test_a_recovery_code_opens_once_and_only_once(signed_in: SignedIn) -> None:
    first = signed_in("auditor")
    set_up_app(first)
    shown = first.get(f"{SET_UP}/codes").content.decode()
    codes = re.findall(r"<li><code dir=\"ltr\">(\d{8})</code>", shown)
    assert len(codes) == 10
    assert codes[0] not in first.get(f"{SET_UP}/codes").content.decode()
    for expected in ("auditor", ""):
        browser = Client()
        send_sign_in(browser, "auditor")
        browser.post(SECOND_STEP, {"code": codes[0]})
        assert who(browser) == expected


def test_somebody_elses_session_does_not_count_for_ones_own(signed_in: SignedIn) -> None:
    thief, owner = signed_in("auditor"), Client()
    assert viewer(thief).roles == ()
    send_sign_in(owner, "auditor")
    set_up_app(owner)
    assert who(thief) == ""


def test_staff_cannot_remove_its_last_second_step(signed_in: SignedIn) -> None:
    browser = signed_in("auditor")
    set_up_app(browser)
    assert "your role needs one" in browser.get(f"{APP}/remove").content.decode()
    assert browser.post(f"{APP}/remove").status_code == 200
    assert viewer(browser).roles != ()


def test_whoever_needs_none_may_remove_it(signed_in: SignedIn) -> None:
    browser = signed_in("focal-tcd")
    set_up_app(browser)
    assert browser.post(f"{APP}/remove").status_code == 302
    again = Client()
    assert send_sign_in(again, "focal-tcd")["Location"] == "/en/desk"


def test_what_is_sensitive_asks_again_who_it_is_after_five_minutes(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in("focal-tcd")
    assert browser.get(APP).status_code == 200
    later = time.time() + 301
    monkeypatch.setattr("evenhand.web.account.adapters.time.time", lambda: later)
    for path in (APP, "/en/account/passkeys/add"):
        answer = browser.get(path)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/en/account/again"), path
    assert "password is not right" in browser.post("/en/account/again", {"password": "wrong"}).content.decode()
    monkeypatch.undo()
    answer = browser.post(f"/en/account/again?next={APP}", {"password": PASSWORD})
    assert answer["Location"] == APP


def test_the_password_is_changed_with_the_old_one_and_other_sessions_end(signed_in: SignedIn) -> None:
    browser, other = signed_in("focal-tcd"), Client()
    send_sign_in(other, "focal-tcd")
    wrong = {"oldpassword": "wrong", "password1": "another long sentence", "password2": "another long sentence"}
    assert browser.post("/en/account/password", wrong).status_code == 200
    weak = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert browser.post("/en/account/password", weak).status_code == 200
    assert who(other) == "focal-tcd"
    assert browser.post("/en/account/password", wrong | {"oldpassword": PASSWORD}).status_code == 302
    assert (who(browser), who(other)) == ("focal-tcd", "")


def test_no_secret_of_a_second_step_lies_readable_in_the_database(signed_in: SignedIn) -> None:
    from allauth.mfa.models import Authenticator

    secret = set_up_app(signed_in("auditor"))
    stored = json.dumps([one.data for one in Authenticator.objects.all()])
    assert secret not in stored


def test_a_secret_reads_back_as_it_was_and_not_under_another_key(settings: Any) -> None:
    adapter = SecondStepAdapter()
    stored = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert stored != adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert adapter.decrypt(stored) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY = "quite another secret"
    with pytest.raises(OptionRefused, match=r"put keys/secret\.key back"):
        adapter.decrypt(stored)


def test_changes_of_a_second_step_are_logged(signed_in: SignedIn, caplog: pytest.LogCaptureFixture) -> None:
    browser = signed_in("focal-tcd")
    caplog.clear()
    with caplog.at_level(logging.INFO, "evenhand.security"):
        set_up_app(browser)
        browser.post(f"{APP}/remove")
    lines = [
        record.getMessage().partition(" who=")[0] for record in caplog.records if record.name == "evenhand.security"
    ]
    assert lines == ["second step added", "second step added", "second step removed", "second step removed"]


def test_the_picture_to_scan_obeys_the_content_policy(signed_in: SignedIn) -> None:
    page = signed_in("focal-tcd").get(APP).content.decode()
    picture = re.search(r"<svg[^>]*class=\"qr\".*?</svg>", page, re.DOTALL)
    assert picture
    assert "style=" not in picture[0]
    assert "focal-tcd" in page


def test_a_passkey_sign_in_offers_a_fresh_challenge_to_anybody(browser: Client) -> None:
    asked = [
        browser.get("/en/account/sign-in/passkey", headers={"Accept": "application/json"}).json() for _ in range(2)
    ]
    challenges = {one["request_options"]["publicKey"]["challenge"] for one in asked}
    assert len(challenges) == 2
    assert asked[0]["request_options"]["publicKey"]["userVerification"] == "required"
    for credential in ("", "{}", "null", "[]", '{"response": {"userHandle": 5}}', '{"id": "x", "response": {}}'):
        assert browser.post("/en/account/sign-in/passkey", {"credential": credential}).status_code == 302
    assert who(browser) == ""


def test_the_page_of_signing_in_is_there_in_all_languages(browser: Client) -> None:
    for language in ("ar", "zh", "en", "fr", "ru", "es"):
        answer = browser.get(SIGN_IN.replace("/en/", f"/{language}/"))
        assert answer.status_code == 200, language
        assert f'lang="{language}"' in answer.content.decode()[:200]


def test_a_session_that_passed_keeps_its_roles_from_page_to_page(signed_in: SignedIn) -> None:
    browser = signed_in("operator")
    set_up_app(browser)
    assert [len(viewer(browser).roles) for _ in range(3)] == [1, 1, 1]
    give_password("operator", "another password altogether")
    assert who(browser) == ""


def test_whoever_has_no_password_reads_how_one_is_had_instead_of_a_page_that_is_not_there(
    signed_in: SignedIn, django_user_model: Any
) -> None:
    browser = signed_in("focal-tcd")
    user = django_user_model.objects.get(name="focal-tcd")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    public = Client()
    public.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for answer in (
        public.get("/en/account/password"),
        public.post("/en/account/password", {"password1": "another long sentence"}),
    ):
        assert answer.status_code == 200
        assert "evenhand user password" in answer.content.decode()
        assert 'name="password1"' not in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert browser.get("/en/account/password").status_code == 302, (
        "the password that signed it in is gone, and so is it"
    )
