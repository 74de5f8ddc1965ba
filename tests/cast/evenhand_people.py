"""People of the cast with passwords, browsers for them, and the codes that their telephones would show."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from evenhand_cast import Cast

PASSWORD = "a sentence that nobody guesses"
SIGN_IN, SECOND_STEP, SET_UP = "/en/account/sign-in", "/en/account/sign-in/second-step", "/en/account/second-step"
APP = f"{SET_UP}/app"


@pytest.fixture(autouse=True)
def swift_and_alone(settings: Any) -> Iterator[None]:
    """Hash passwords swiftly, and forget who tried how often."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield
    cache.clear()


def give_password(name: str, password: str = PASSWORD) -> None:
    """Let a user of the cast sign in."""
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.get(name=name)
    user.set_password(password)
    user.save()


def send_sign_in(browser: Client, name: str, password: str = PASSWORD, **more: str) -> Any:
    """Send the form of the page where one signs in."""
    return browser.post(SIGN_IN, {"login": name, "password": password, **more})


def who(browser: Client) -> str:
    """Return who a browser is signed in as, "" for nobody."""
    user = browser.get(SIGN_IN).wsgi_request.user
    return user.name if user.is_authenticated else ""


def code_for(secret: str, at: float | None = None) -> str:
    """Return what an authenticator app shows: RFC 6238, six digits, half a minute, SHA-1."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def set_up_app(browser: Client) -> str:
    """Set an authenticator app up in a browser that is signed in; return its secret."""
    page = browser.get(APP).content.decode()
    found = re.search(r"<code dir=\"ltr\">([A-Z2-7]+)</code>", page)
    assert found, page
    answer = browser.post(APP, {"code": code_for(found[1])})
    assert answer.status_code == 302, answer.content.decode()
    return found[1]


@pytest.fixture
def browser() -> Client:
    return Client()


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[str], Client]:
    """Return a function that gives a browser in which a user of the cast has signed in with a password."""

    def sign_in(name: str) -> Client:
        give_password(name)
        browser = Client()
        assert send_sign_in(browser, name).status_code == 302
        return browser

    return sign_in
