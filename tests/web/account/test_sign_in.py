"""Signing in by name and password: who gets in, where one goes on to, how often one may try."""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as installed
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone
from evenhand_cast import Cast
from evenhand_people import PASSWORD, SIGN_IN, give_password, send_sign_in, who

from evenhand.web.account.locks import address_of, may_hash, name_tried

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chad(cast: Cast) -> None:
    give_password("focal-tcd")


def test_a_name_and_a_password_sign_in_and_lead_to_ones_own_work(browser: Client) -> None:
    answer = send_sign_in(browser, "focal-tcd")
    assert (answer.status_code, answer["Location"]) == (302, "/en/desk")
    assert who(browser) == "focal-tcd"


@pytest.mark.parametrize(("name", "password"), [("focal-tcd", "wrong"), ("nobody", PASSWORD), ("focal-ken", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(browser: Client, name: str, password: str) -> None:
    page = send_sign_in(browser, name, password).content.decode()
    assert "The name or the password is not right" in page
    assert who(browser) == ""


def test_whoever_is_switched_off_does_not_get_in(browser: Client, django_user_model: Any) -> None:
    django_user_model.objects.filter(name="focal-tcd").update(is_active=False)
    send_sign_in(browser, "focal-tcd")
    assert who(browser) == ""


def test_a_session_ends_when_its_user_is_switched_off(browser: Client, django_user_model: Any) -> None:
    send_sign_in(browser, "focal-tcd")
    django_user_model.objects.filter(name="focal-tcd").update(is_active=False)
    assert who(browser) == ""


def test_a_session_gets_another_id_at_sign_in(browser: Client) -> None:
    browser.get(SIGN_IN)
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    browser.cookies[installed.SESSION_COOKIE_NAME] = before
    send_sign_in(browser, "focal-tcd")
    assert browser.session.session_key not in (before, None)
    assert not type(session)().exists(before)


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/en/needs?party=TCD", "/en/needs?party=TCD"),
        ("/en/act/need/draft?typed=abc", "/en/act/need/draft?typed=abc"),
        ("https://evil.example/", "/en/desk"),
        ("//evil.example/", "/en/desk"),
        ("/\\evil.example/", "/en/desk"),
        ("http:evil.example", "/en/desk"),
        ("javascript:alert(1)", "/en/desk"),
        ("https://localhost/en/needs", "/en/desk"),
    ],
)
def test_one_goes_on_to_a_page_of_this_server_and_nowhere_else(browser: Client, asked: str, led_to: str) -> None:
    assert send_sign_in(browser, "focal-tcd", next=asked)["Location"] == led_to


def test_five_failures_lock_a_name_at_an_address_for_fifteen_minutes(browser: Client) -> None:
    answers = [send_sign_in(browser, "focal-tcd", f"wrong {n}") for n in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "locked for 15 minutes" in answers[-1].content.decode()
    cache.clear()  # so that nothing but the lock is in the way
    assert send_sign_in(browser, "focal-tcd").status_code == 429
    assert send_sign_in(browser, "Focal-TCD ").status_code == 429
    assert who(browser) == ""


def test_a_locked_name_still_works_from_another_address(browser: Client) -> None:
    for n in range(5):
        send_sign_in(browser, "focal-tcd", f"wrong {n}")
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert send_sign_in(elsewhere, "focal-tcd").status_code == 302


def test_a_lock_opens_after_fifteen_minutes_and_not_before(browser: Client) -> None:
    from axes.models import AccessAttempt

    for n in range(5):
        send_sign_in(browser, "focal-tcd", f"wrong {n}")
    for minutes, status in ((14, 429), (16, 302)):
        cache.clear()
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=minutes))
        assert send_sign_in(browser, "focal-tcd").status_code == status


def test_capital_letters_do_not_buy_more_tries(browser: Client) -> None:
    tried = [
        send_sign_in(browser, name, "wrong").status_code
        for name in ("focal-tcd", "FOCAL-TCD", "Focal-tcd", "focal-Tcd", "focal-tcD")
    ]
    assert tried == [200, 200, 200, 200, 429]


def test_no_password_and_no_name_lies_in_the_table_of_failures(browser: Client) -> None:
    from axes.models import AccessAttempt

    send_sign_in(browser, "focal-tcd", "my secret")
    row = AccessAttempt.objects.get()
    assert "my secret" not in f"{row.post_data} {row.get_data}"


def test_an_address_gets_five_hashes_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now[0])

    def ask(address: str) -> bool:
        return may_hash(RequestFactory().post(SIGN_IN, REMOTE_ADDR=address))

    assert [ask("203.0.113.1") for _ in range(7)] == [True] * 5 + [False] * 2
    assert ask("203.0.113.2")
    now[0] += 1.1
    assert ask("203.0.113.1")


def test_nothing_is_hashed_when_an_address_asks_too_fast(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr("evenhand.access.models.User.check_password", lambda self, raw: hashed.append(raw) or False)
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: 1000.0)
    pages = [send_sign_in(browser, f"name-{n}", "x").content.decode() for n in range(4)]
    hashed.clear()
    pages += [send_sign_in(browser, "focal-tcd", f"x{n}").content.decode() for n in range(3)]
    assert len(hashed) == 1
    assert "Too many tries at once" in pages[-1]


def test_threads_together_get_no_more_hashes_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: 1000.0)
    given: list[bool] = []

    def ask() -> None:
        given.append(may_hash(RequestFactory().post(SIGN_IN, REMOTE_ADDR="203.0.113.7")))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(given) == 5


def test_a_network_of_ipv6_counts_as_one_address() -> None:
    def address(text: str) -> str:
        return address_of(RequestFactory().get("/", REMOTE_ADDR=text))

    assert address("2001:db8:1:2::1") == address("2001:db8:1:2:ffff::9") != address("2001:db8:1:3::1")
    assert address("203.0.113.5") == "203.0.113.5"


@pytest.mark.parametrize("name", ["", "\0", "x" * 5000, "' OR 1=1 --", "<script>", "\u202efocal-tcd", "😀"])
def test_no_name_breaks_the_page(browser: Client, name: str) -> None:
    answer = send_sign_in(browser, name, "x")
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace('<script src="', "").replace("<script data-", "")
    assert len(name_tried(RequestFactory().post("/", {"login": name}))) <= 255


def test_nobody_signs_up_and_nobody_adds_an_address() -> None:
    for path in ("sign-up", "e-mail", "e-mail/sent", "password"):
        assert Client().get(f"/en/account/closed/{path}").status_code == 404


def test_without_mail_the_page_says_who_can_help(browser: Client) -> None:
    page = browser.get("/en/account/recover").content.decode()
    assert "evenhand user password" in page
    assert 'type="email"' not in page
    assert browser.post("/en/account/recover", {"email": "a@b.example"}).status_code == 200


def test_a_letter_leads_to_a_new_password_once(browser: Client, settings: Any, django_user_model: Any) -> None:
    """From the page to the letter, by the address in it to the form, and in with the new password; the second time it is used up."""
    from django.core import mail

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mailing = {"mail": "smtps://mail.example", "mail_from": "evenhand@example.org"}
    settings.EVENHAND = replace(settings.EVENHAND, values={**settings.EVENHAND.values, **mailing})
    django_user_model.objects.filter(name="focal-tcd").update(email="tcd@health.example")
    asked = browser.post("/en/account/recover", {"email": "tcd@health.example"})
    assert asked["Location"].endswith("/recover/sent")
    (letter,) = mail.outbox
    assert letter.to == ["tcd@health.example"]
    (address,) = re.findall(r"http://testserver(/\S+)", letter.body)
    form = browser.get(address, follow=True)
    new = "a new and long enough one"
    done = browser.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done["Location"].endswith("/recover/done"), done.content.decode()[-3000:]
    assert send_sign_in(Client(), "focal-tcd", new)["Location"]
    again = Client().get(address, follow=True)
    assert 'name="password1"' not in again.content.decode()
    assert browser.post("/en/account/recover", {"email": "nobody@health.example"})["Location"].endswith("/recover/sent")
    assert len(mail.outbox) == 1, "whether an address is known is told to nobody"


def test_the_log_says_who_by_public_id_and_never_by_name_or_address(
    browser: Client, caplog: pytest.LogCaptureFixture, django_user_model: Any
) -> None:
    known = django_user_model.objects.get(name="focal-tcd").public_id
    django_user_model.objects.filter(name="focal-tcd").update(public_id="u-0123456789abcdef", email="tcd@example.org")
    assert known
    with caplog.at_level(logging.INFO, "evenhand.security"):
        send_sign_in(browser, "focal-tcd", "wrong secret")
        send_sign_in(browser, "somebody-typed-a-password-here", "x")
        send_sign_in(browser, "focal-tcd")
        browser.post("/en/account/sign-out")
    lines = [record.getMessage() for record in caplog.records if record.name == "evenhand.security"]
    assert [line.split(" from=")[0] for line in lines] == [
        "sign-in failed who=u-0123456789abcdef", "sign-in failed who=nobody",
        "signed in who=u-0123456789abcdef", "signed out who=u-0123456789abcdef",
    ]  # fmt: skip
    written = "\n".join(record.getMessage() for record in caplog.records)
    for secret in ("focal-tcd", "127.0.0.1", "tcd@example.org", "wrong secret", "somebody-typed"):
        assert secret not in written
