"""The log tells its keepers what went wrong, and tells whoever reads it no secret, no name, and no line that somebody made up."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client
from evenhand_cast import Cast
from evenhand_matrix import browser_of, fields_of, form_of
from evenhand_people import PASSWORD, give_password, send_sign_in
from evenhand_recipes import RECIPES
from evenhand_seen import World

pytestmark = pytest.mark.django_db
SECRETS = ("a very secret phrase", PASSWORD, "focal-tcd", "CANARY", "canary-", "127.0.0.1", "sessionid")


def test_no_secret_and_no_name_is_written_down(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evenhand.access.models import User

    give_password("focal-tcd")
    User.objects.filter(name="focal-tcd").update(public_id="u-0123456789abcdef")
    browser = Client(raise_request_exception=False)
    with caplog.at_level(logging.DEBUG):
        send_sign_in(browser, "focal-tcd", "a very secret phrase")
        send_sign_in(browser, "focal-tcd")
        browser.get(f"/en/needs/{world['draft']}")
        browser.get("/en/act/round/open")
        browser.post(
            form_of("need draft"), fields_of(RECIPES["need draft"].made("TCD")) | {"why": "a very secret phrase"}
        )
        browser.get("/en/needs?search=a+very+secret+phrase")
        browser.get("/api/v1/needs", headers={"Authorization": "Bearer a very secret phrase"})
        monkeypatch.setattr("evenhand.web.needs.views.show", lambda *_, **__: 1 / 0)
        browser.get("/en/needs?search=x")
        browser.post("/en/account/sign-out")
    written = [
        record for record in caplog.records if not record.name.startswith(("django.db", "django.template", "faker"))
    ]
    assert any(record.name == "evenhand.security" for record in written)
    for record in written:
        if record.name.startswith(("evenhand", "axes", "allauth")):
            line = record.getMessage()
            assert not [secret for secret in SECRETS if secret in line], line


@pytest.mark.parametrize(
    "made_up",
    [
        "x\n2026-03-02T10:00:00.000Z INFO evenhand.security: signed in who=u-x",
        "x\r\nsigned in",
        "\x1b[2J",
        "\u2028line",
    ],
)
def test_nobody_writes_a_line_of_the_log(cast: Cast, caplog: pytest.LogCaptureFixture, made_up: str) -> None:
    browser = Client(raise_request_exception=False)
    with caplog.at_level(logging.INFO, "evenhand"):
        send_sign_in(browser, made_up, made_up)
        browser_of("own").post(
            form_of("need draft"), {"party": made_up, "quantity": made_up, "request_id": made_up[:30]}
        )
        browser.get("/en/needs", {"order": made_up})
    for record in caplog.records:
        if record.name.startswith("evenhand"):
            assert "\n" not in record.getMessage()
            assert "\x1b" not in record.getMessage()


def test_a_fault_is_told_to_the_log_and_not_to_the_reader(
    cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("an inside of the server")

    monkeypatch.setattr("evenhand.web.needs.views.show", broken)
    with caplog.at_level(logging.ERROR):
        answer = Client(raise_request_exception=False).get("/en/needs?search=z")
    assert answer.status_code == 500
    assert "inside of the server" not in answer.content.decode()
    assert "RuntimeError" not in answer.content.decode()
    assert "needs/views" not in answer.content.decode()
    assert any(record.exc_info and "inside of the server" in str(record.exc_info[1]) for record in caplog.records)
