"""What every answer carries, asked of every address there is: the crawl is made from the addresses themselves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from evenhand_cast import Cast

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "connect-src 'self'", "worker-src 'self'",
    "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip
FILLED = {
    "int": "1", "slug": "x", "str": "x", "path": "x", "format": "json", "uuid": "00000000-0000-0000-0000-000000000000",
}  # fmt: skip
PRIVATE = re.compile(r"^/(\w\w/(account|desk|act|import|receive)|admin)(/|$)")


def walk(patterns: Any, before: str = "") -> Iterator[str]:
    """Give an example of every address: its variables filled with something that is not there."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from walk(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            plain = re.sub(r"<(?:(\w+):)?\w+>", lambda found: FILLED.get(found[1] or "str", "x"), route)
            plain = re.sub(r"\(\?P<\w+>[^)]*\)", "x", plain)
            yield "/" + re.sub(r"\(\?:.*|[\^$?\\]|\\Z", "", plain).lstrip("/")


def addresses() -> list[str]:
    from django.utils import translation

    with translation.override("en"):
        return sorted(
            {
                *walk(get_resolver().url_patterns),
                "/",
                "/nowhere",
                "/en/nowhere",
                "/assets/portal.css",
                "/assets/none.css",
            }
        )


def let_go(answer: Any) -> None:
    """Close an answer's file; `close` would also end the request, and with it the test's own connection."""
    for close in answer._resource_closers:
        close()


def check_headers(answer: Any, where: str) -> None:
    policy = {part.strip() for part in answer["Content-Security-Policy"].split(";")}
    assert policy == POLICY, where
    assert answer["X-Content-Type-Options"] == "nosniff", where
    assert answer["Referrer-Policy"] == "same-origin", where
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert answer["X-Frame-Options"] == "DENY", where
    assert "camera=()" in answer["Permissions-Policy"], where


def test_every_address_answers_with_its_headers_and_no_failure(cast: Cast) -> None:
    browser = Client(raise_request_exception=False)
    found = addresses()
    assert len(found) > 40
    for where in found:
        answer = browser.get(where)
        let_go(answer)
        check_headers(answer, where)
        assert answer.status_code < 500, where


def test_what_is_private_is_stored_by_nobody(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    """Of whoever is signed in, every page says how it may be kept, and a private one says: not at all."""
    browser = signed_in("focal-tcd")
    browser.raise_request_exception = False
    seen = 0
    for where in addresses():
        if "sign-out" in where or where.startswith("/assets/"):
            continue
        answer = browser.get(where)
        let_go(answer)
        check_headers(answer, where)
        if PRIVATE.match(where):
            seen += 1
            assert "no-store" in answer.get("Cache-Control", ""), where
        elif answer.get("Content-Type", "").startswith("text/html"):
            assert "public" not in answer.get("Cache-Control", ""), where
    assert seen > 20


def test_what_only_a_signed_in_person_sees_is_not_kept_for_the_public(
    cast: Cast, signed_in: Callable[[str], Client]
) -> None:
    browser = signed_in("focal-tcd")
    for where in ("/en/", "/en/needs"):
        answer = browser.get(where)
        if answer.status_code == 200:
            assert "public" not in answer["Cache-Control"]
            assert "Cookie" in answer["Vary"]


def test_no_page_of_the_account_holds_what_the_policy_blocks(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    browser = signed_in("focal-tcd")
    for where in (
        "/en/account",
        "/en/account/second-step",
        "/en/account/second-step/app",
        "/en/account/passkeys/add",
        "/en/account/sessions",
        "/en/account/password",
    ):
        page = browser.get(where).content.decode()
        assert not re.search(r"\sstyle=|<style|\son\w+=|src=\"https?:|href=\"javascript:", page), where
        scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
        assert all('type="application/json"' in one for one in scripts), where


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_other_methods_change_nothing_and_fail_nothing(cast: Cast, method: str) -> None:
    browser = Client(raise_request_exception=False)
    for where in ("/en/account/sign-in", "/health", "/en/needs"):
        answer = browser.generic(method, where)
        assert answer.status_code in (403, 405), (method, where)
        check_headers(answer, where)


def ask_server(tmp_path: Path, script: str, **settings: str) -> str:
    """Run a script in a process with settings of its own."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("EVENHAND", "DJANGO"))}
    environment |= {f"EVENHAND_{key}": value for key, value in settings.items()}
    environment |= {"EVENHAND_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "evenhand.server.settings"}
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{script}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


SECRET = "a-secret-of-at-least-fifty-letters-for-the-check-0123456789-abcdefghijk"
LOOK = """
from django.test import Client
from django.core.management import call_command
call_command("migrate", verbosity=0)
answer = Client().get("/en/account/sign-in", secure=SECURE, headers=HEADERS)
print(answer.status_code, answer.get("Location", ""))
print(answer.get("Strict-Transport-Security", "none"))
for cookie in answer.cookies.values():
    print(cookie.key, cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"] or "-")
"""


def look(tmp_path: Path, secure: bool, headers: dict[str, str] | None = None, **settings: str) -> list[str]:
    script = LOOK.replace("SECURE", str(secure)).replace("HEADERS", repr(headers or {}))
    return ask_server(tmp_path, script, SECRET_KEY=SECRET, HOSTS="testserver", **settings).splitlines()


@pytest.mark.slow
def test_over_https_cookies_belong_to_this_host_alone_and_browsers_are_told_to_stay(tmp_path: Path) -> None:
    status, hsts, *cookies = look(tmp_path, secure=True)
    assert status.strip() == "200"
    assert hsts == "max-age=31536000; includeSubDomains; preload"
    assert cookies == ["__Host-csrf True True Lax / -"]


@pytest.mark.slow
def test_http_is_led_to_https(tmp_path: Path) -> None:
    assert look(tmp_path, secure=False)[0] == "301 https://testserver/en/account/sign-in"


@pytest.mark.slow
def test_without_https_names_are_plain_and_browsers_are_told_nothing(tmp_path: Path) -> None:
    status, hsts, *cookies = look(tmp_path, secure=False, HTTPS="no")
    assert (status.strip(), hsts) == ("200", "none")
    assert cookies == ["csrf  True Lax / -"]


@pytest.mark.slow
def test_a_forwarded_protocol_counts_only_where_a_proxy_is_set(tmp_path: Path) -> None:
    forwarded = {"X-Forwarded-Proto": "https"}
    assert look(tmp_path, secure=False, headers=forwarded)[0].startswith("301")
    assert look(tmp_path, secure=False, headers=forwarded, PROXY="yes")[0].strip() == "200"


@pytest.mark.slow
def test_djangos_own_check_of_a_deployment_finds_nothing(tmp_path: Path) -> None:
    said = ask_server(
        tmp_path,
        "from django.core.management import call_command; call_command('check', '--deploy', '--fail-level', 'WARNING')",
        SECRET_KEY=SECRET, HOSTS="book.example.org",
    )  # fmt: skip
    assert "no issues" in said


@pytest.mark.parametrize(
    ("proxy", "forwarded", "taken"),
    [
        (False, "203.0.113.9", "127.0.0.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "203.0.113.9, unknown", "127.0.0.1"),
        (True, "", "127.0.0.1"),
        (True, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_an_address_is_taken_from_the_last_hop_of_a_trusted_proxy(
    settings: Any, proxy: bool, forwarded: str, taken: str
) -> None:
    settings.PROXY = proxy
    answer = Client(headers={"X-Forwarded-For": forwarded}).get("/health")
    assert answer.wsgi_request.META["REMOTE_ADDR"] == taken
