"""What was typed outlives an expired sign-in: kept without secrets, bounded, found again by its own session alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.utils import translation
from evenhand_people import give_password, send_sign_in
from hypothesis import given
from hypothesis import strategies as st

from evenhand.web.frame.typed import MOST_BYTES, MOST_FORMS, TYPED, forget_typed, hold_typed, keep_typed, typed_before

FORM = "/en/act/need/draft"
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200)


def post(fields: Any, session: Any, path: str = FORM, **more: Any) -> Any:
    request = RequestFactory().post(path, fields, **more)
    request.session = session
    return request


def get(path: str, session: Any) -> Any:
    request = RequestFactory().get(path)
    request.session = session
    return request


@given(fields=st.dictionaries(st.sampled_from(["why", "quantity", "party", "by_when", "tiers"]), TEXT, min_size=1))
def test_what_was_typed_comes_back_as_it_was(fields: dict[str, str]) -> None:
    session: Any = {}
    request = post("", session, content_type="application/x-www-form-urlencoded")
    request.POST = QueryDict(mutable=True)
    request.POST.update(fields)
    key = hold_typed(request)
    assert typed_before(get(f"{FORM}?typed={key}", session)) == fields


def test_one_is_led_to_the_sign_in_and_back_to_the_form() -> None:
    session: Any = {}
    with translation.override("en"):
        answer = keep_typed(post({"why": "measles"}, session, f"{FORM}?party=TCD"))
    parts = urlsplit(answer["Location"])
    assert parts.path == "/en/account/sign-in"
    onward = parse_qs(parts.query)["next"][0]
    assert onward.startswith(f"{FORM}?party=TCD&typed=")
    assert typed_before(get(onward, session)) == {"why": "measles"}


def test_no_secret_and_no_file_is_kept() -> None:
    session: Any = {}
    fields = {
        "why": "x", "password": "p", "oldpassword": "p", "new_password1": "p", "code": "123456", "credential": "{}", "token": "t",
        "csrfmiddlewaretoken": "t", "api_key": "k", "file": SimpleUploadedFile("a.csv", b"a"),
    }  # fmt: skip
    key = hold_typed(post(fields, session))
    assert typed_before(get(f"{FORM}?typed={key}", session)) == {"why": "x"}


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 10 * MOST_BYTES])
def test_what_is_too_much_is_not_kept_and_one_still_signs_in(size: int) -> None:
    session: Any = {}
    answer = keep_typed(post({"why": "x" * size}, session))
    assert "typed" not in answer["Location"]
    assert session == {}


@given(sizes=st.lists(st.integers(1, MOST_BYTES // 2), min_size=1, max_size=12))
def test_a_session_never_keeps_more_than_it_may(sizes: list[int]) -> None:
    session: Any = {}
    for size in sizes:
        key = hold_typed(post({"why": "x" * size}, session))
        held = session[TYPED]
        assert len(held) <= MOST_FORMS
        assert sum(len("".join(values)) for fields in held.values() for values in fields.values()) <= MOST_BYTES
        assert len(typed_before(get(f"{FORM}?typed={key}", session))["why"]) == size


def test_a_form_that_was_sent_is_forgotten_and_others_are_not() -> None:
    session: Any = {}
    first, second = (hold_typed(post({"why": word}, session)) for word in ("one", "two"))
    forget_typed(get(f"{FORM}?typed={first}", session))
    assert typed_before(get(f"{FORM}?typed={first}", session)) == {}
    assert typed_before(get(f"{FORM}?typed={second}", session)) == {"why": "two"}


@pytest.mark.parametrize("key", ["", "nothing", "../../x", "\0", "x" * 5000])
def test_a_key_that_is_not_ones_own_finds_nothing(key: str) -> None:
    mine: Any = {}
    hold_typed(post({"why": "mine"}, mine))
    assert typed_before(get(FORM, mine) if not key else post({}, mine, FORM)) == {}


@pytest.mark.django_db
def test_it_survives_the_change_of_the_sessions_id_at_sign_in(cast: Any, settings: Any) -> None:
    give_password("focal-tcd")
    browser = Client()
    session = SessionStore()
    key = hold_typed(post({"why": "typed before"}, session))
    session.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    answer = send_sign_in(browser, "focal-tcd", next=f"{FORM}?typed={key}")
    assert answer["Location"] == f"{FORM}?typed={key}"
    assert browser.session[TYPED][key] == {"why": ["typed before"]}
