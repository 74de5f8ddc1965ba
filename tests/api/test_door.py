"""The door: an answer that has not changed does not travel, nobody asks without end, a key opens what it is for."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from evenhand_cast import TODAY, Cast
from evenhand_seen import World

from evenhand.actions.keys import READ, SCOPES
from evenhand.api import door, limits
from evenhand.api.acting import acting_names, address_of
from evenhand.api.limits import Limits

Ask = Callable[..., Any]


# ── what has not changed ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_what_has_not_changed_costs_one_question_to_the_database(world: World, ask: Ask) -> None:
    mark = ask().get("needs")["ETag"]
    with CaptureQueriesContext(connection) as asked:
        response = ask().get("needs", **{"If-None-Match": mark})
    assert (response.status_code, response.content, len(asked)) == (304, b"", 1)
    assert response["ETag"] == mark


@pytest.mark.django_db
def test_an_answer_is_the_same_until_something_is_done_and_another_after(cast: Cast, ask: Ask) -> None:
    """304 if and only if nothing that everybody may see was done in between."""
    from evenhand.actions.needs import draft_need
    from evenhand.actions.parties import change_party

    mark = ask().get("needs")["ETag"]
    assert ask().get("needs", **{"If-None-Match": mark}).status_code == 304
    draft_need(cast("focal-tcd"), party="TCD", resource="vaccine-measles", quantity="9", why="an outbreak")
    assert ask().get("needs", **{"If-None-Match": mark}).status_code == 304, "nobody else sees a draft"
    change_party(cast("task-force", reason="its own name"), party="TCD", name="Tchad")
    after = ask().get("needs", **{"If-None-Match": mark})
    assert after.status_code == 200
    assert after["ETag"] != mark
    assert ask().get("needs", **{"If-None-Match": after["ETag"]}).status_code == 304


@pytest.mark.django_db
def test_a_mark_is_of_one_address_one_form_one_reader_and_one_day(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = {
        ask().get("needs")["ETag"], ask().get("needs?party=TCD")["ETag"], ask().get("offers")["ETag"],
        ask().get("needs", Accept="text/csv")["ETag"], ask("focal-tcd").get("needs")["ETag"],
        ask("focal-ken").get("needs")["ETag"],
    }  # fmt: skip
    assert len(marks) == 6
    monkeypatch.setattr("evenhand.api.door.today", lambda: TODAY + timedelta(days=1))
    assert ask().get("needs")["ETag"] not in marks
    assert ask("focal-tcd", "need").get("needs")["ETag"] == ask().get("needs")["ETag"], "it reads what everybody may"


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ['"{0}"', '"x", W/"{0}"', 'W/"{0}"'])
def test_a_mark_is_known_again_however_it_is_sent(cast: Cast, ask: Ask, sent: str) -> None:
    bare = ask().get("needs")["ETag"].removeprefix("W/").strip('"')
    assert ask().get("needs", **{"If-None-Match": sent.format(bare)}).status_code == 304


@pytest.mark.django_db
def test_what_only_some_may_see_says_so(cast: Cast, ask: Ask) -> None:
    from evenhand.actions.needs import draft_need

    draft_need(cast("focal-tcd"), party="TCD", resource="vaccine-measles", quantity="9", why="CANARY")
    own = ask("focal-tcd").get("needs")
    assert "CANARY" in own.content.decode()
    assert own["Cache-Control"] == "private, no-store"
    assert "Evenhand-Version" not in own
    assert "CANARY" not in ask().get("needs").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("br, gzip", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("", None, bytes),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress), ("identity", None, bytes),
    ],
)  # fmt: skip
def test_an_answer_is_packed_as_the_reader_takes_it(
    cast: Cast, ask: Ask, accepted: str, coding: str | None, unpack: Callable[[bytes], bytes]
) -> None:
    plain = ask().get("parties").content
    packed = ask().get("parties", **{"Accept-Encoding": accepted})
    assert packed.get("Content-Encoding") == coding
    assert unpack(packed.content) == plain
    assert "Accept-Encoding" in packed["Vary"]


# ── how often ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_who_asks_too_often_is_told_how_long_to_wait(cast: Cast, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(door, "ADDRESSES", Limits(holds=3, per_second=0.5, clock=lambda: now[0]))
    assert [ask().get(f"needs?most={most}").status_code for most in (1, 2, 3, 4)] == [200, 200, 200, 429]
    refused = ask().get("needs?most=5")
    assert refused.json()["error"]["code"] == "too-often"
    assert refused["Retry-After"] == "2"
    assert ask("focal-tcd").get("needs").status_code == 200, "a key has a bucket of its own"
    now[0] = float(refused["Retry-After"])
    assert ask().get("needs?most=5").status_code == 200


def test_a_bucket_never_holds_more_than_it_can_and_fills_again() -> None:
    now = [0.0]
    bucket = Limits(holds=2, per_second=1, clock=lambda: now[0])
    assert [bucket.take("a").allowed for _ in range(3)] == [True, True, False]
    now[0] = 1000.0
    assert [bucket.take("a").allowed for _ in range(3)] == [True, True, False]
    assert bucket.take("b").remaining == 1


def test_strangers_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BUCKETS", 10)
    bucket = Limits(holds=2, per_second=1)
    for number in range(100):
        bucket.take(str(number))
    assert len(bucket._buckets) == 10


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent", ["Bearer evh_made-up", "Bearer ", "Basic dXNlcjpwYXNz", "evh_x", "Bearer evh_\u00e9", "Bearer Evh_x"]
)
def test_what_is_no_key_opens_nothing_not_even_what_is_public(cast: Cast, ask: Ask, sent: str) -> None:
    response = ask().get("needs", Authorization=sent)
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["revoked", "over", "switched off"])
def test_a_key_that_was_ended_opens_nothing(cast: Cast, ask: Ask, how: str) -> None:
    from evenhand.access.models import ApiKey, User

    asker = ask("focal-tcd")
    assert asker.get("me").status_code == 200
    if how == "revoked":
        from evenhand.actions.keys import revoke_key

        revoke_key(cast("focal-tcd"), key=ApiKey.objects.get().ref)
    elif how == "over":
        ApiKey.objects.update(until=TODAY - timedelta(days=1))
    else:
        User.objects.filter(name="focal-tcd").update(is_active=False)
    assert asker.get("me").status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_does_what_its_scope_says_and_nothing_else(cast: Cast, ask: Ask, scope: str) -> None:
    """Every action × a key with one scope: what is outside is refused before the body is even read."""
    asker = ask("focal-tcd", scope)
    for name in acting_names():
        response = asker.post(address_of(name), {"no such parameter": 1})
        inside = name.partition(" ")[0] == scope
        assert response.status_code == (422 if inside else 403), (name, response.content)
        if not inside:
            assert f"may not '{name}'" in response.json()["error"]["sentence"]


@pytest.mark.django_db
def test_a_key_without_reading_reads_what_everybody_may(world: World, ask: Ask) -> None:
    assert ask("focal-tcd", "need").data("needs") == ask().data("needs")
    assert len(ask("focal-tcd", READ).data("needs")) > len(ask().data("needs"))


@pytest.mark.django_db
def test_no_key_makes_another_or_a_user(cast: Cast, ask: Ask) -> None:
    assert not {"key", "user"} & set(SCOPES)
    for name in ("key/make", "key/revoke", "user/add", "user/grant"):
        assert ask("operator").post(name, {}).status_code == 403


@pytest.mark.django_db
def test_the_day_of_a_keys_last_use_is_noted_once_and_is_no_action(cast: Cast, ask: Ask) -> None:
    from evenhand.access.models import ApiKey
    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups.version import read_version

    asker = ask("focal-tcd")
    ApiKey.objects.update(last_used=None)
    before = read_version(PUBLIC)
    for _ in range(2):
        asker.get("me")
    assert ApiKey.objects.get().last_used == TODAY
    assert read_version(PUBLIC) == before


# ── a browser's session ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_session_acts_only_with_its_token(cast: Cast, ask: Ask, rf: Any) -> None:
    from evenhand.api.addresses import urlpatterns
    from evenhand.api.door import Door

    resolved = next(
        one.callback for pattern in urlpatterns for one in getattr(pattern, "url_patterns", []) if str(one.pattern) == "need/draft"
    )  # fmt: skip
    assert isinstance(resolved, Door)
    request = rf.post("/api/v1/need/draft", data="{}", content_type="application/json")
    request.viewer = cast.viewers["focal-tcd"]
    refused = resolved(request)
    assert (refused.status_code, b"X-CSRFToken" in refused.content) == (403, True)
    token = "a" * 32
    request = rf.post("/api/v1/need/draft", data="{}", content_type="application/json", HTTP_X_CSRFTOKEN=token)
    from django.conf import settings

    request.COOKIES[settings.CSRF_COOKIE_NAME] = token
    request.viewer = cast.viewers["focal-tcd"]
    assert resolved(request).status_code == 422, "the token holds, and the body is read"
