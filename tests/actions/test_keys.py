"""A key acts as its user, for a while, within its scopes; its own user or an operator ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from action_grid import Case, check_halfway, check_twice, refused
from evenhand_cast import TODAY, Cast

from evenhand.access.models import ApiKey
from evenhand.actions.keys import SCOPES, make_key, record_key, revoke_key
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed, OptionRefused
from evenhand.lookups.keys import digest_of, get_key, list_keys, open_by_key

pytestmark = pytest.mark.django_db
DIGEST = "a" * 64
GIVEN: dict[str, Any] = {"name": "a report", "digest": DIGEST, "scopes": "need;read"}
MAKE = Case(record_key, "focal-tcd", GIVEN, (), {"name": "another report"})
REVOKE = Case(
    revoke_key, "focal-tcd", {}, (), {"key": "KY-0000000000"},
    made=lambda cast: {"key": record_key(cast("focal-tcd"), **GIVEN).ref},
)  # fmt: skip


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.lookups.keys.today", lambda: TODAY)


def test_a_key_is_recorded_by_its_hash(cast: Cast) -> None:
    done = record_key(cast("focal-tcd"), **GIVEN)
    row = ApiKey.objects.get(pk=done.ref)
    assert (row.user.name, row.digest, row.scopes) == ("focal-tcd", DIGEST, ["read", "need"])
    assert row.until == TODAY + timedelta(days=90)


@pytest.mark.parametrize("case", [MAKE, REVOKE], ids=str)
def test_sent_twice_it_is_done_once(cast: Cast, case: Case) -> None:
    if case is MAKE:
        check_twice(case, cast)
        return
    given = case.made(cast)
    first = revoke_key(cast("focal-tcd", request="r-1"), **given)
    again = revoke_key(cast("focal-tcd", request="r-1"), **given)
    assert (again.ref, again.repeated) == (first.ref, True)


@pytest.mark.parametrize("case", [MAKE, REVOKE], ids=str)
def test_failing_halfway_leaves_nothing(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    check_halfway(case, cast, monkeypatch)


@pytest.mark.parametrize(
    ("wrong", "error", "sentence"),
    [
        ({"name": " "}, ActionRefused, "the name of the key is empty"),
        ({"name": "x" * 81}, ActionRefused, "at most 80"),
        ({"digest": "evh_the-key-itself"}, OptionRefused, "64 hexadecimal digits"),
        ({"digest": DIGEST.upper()}, OptionRefused, "64 hexadecimal digits"),
        ({"scopes": "needs"}, OptionRefused, "no scope of a key 'needs'; write some of read"),
        ({"scopes": "user"}, OptionRefused, "no scope"),
        ({"scopes": "key"}, OptionRefused, "no scope"),
        ({"scopes": ";"}, OptionRefused, "opens nothing"),
        ({"until": TODAY - timedelta(days=1)}, ActionRefused, "is over"),
        ({"until": TODAY + timedelta(days=367)}, ActionRefused, "366 days at most"),
    ],
)
def test_what_makes_no_key_is_refused(
    cast: Cast, wrong: dict[str, Any], error: type[ActionRefused | OptionRefused], sentence: str
) -> None:
    with refused(error, sentence):
        record_key(cast("focal-tcd"), **GIVEN | wrong)


@pytest.mark.parametrize("who", ["task-force", "board-aze", "auditor", "operator"])
def test_staff_say_why_and_for_ninety_days_at_most(cast: Cast, who: str) -> None:
    with refused(ActionRefused, "needs a reason"):
        record_key(cast(who), **GIVEN)
    with refused(ActionRefused, "90 days at most"):
        record_key(cast(who, reason="a nightly report"), **GIVEN, until=TODAY + timedelta(days=91))
    assert record_key(cast(who, reason="a nightly report"), **GIVEN, until=TODAY + timedelta(days=90)).ref


def test_the_same_key_is_not_recorded_twice(cast: Cast) -> None:
    record_key(cast("focal-tcd"), **GIVEN)
    with refused(ActionRefused, "recorded before"):
        record_key(cast("focal-ken"), **GIVEN)


def test_a_key_is_seen_and_ended_by_its_own_user_and_by_operators(cast: Cast) -> None:
    ref = record_key(cast("focal-tcd"), **GIVEN).ref
    assert [one.ref for one in list_keys(cast.viewers["focal-tcd"])] == [ref]
    assert list_keys(cast.viewers["focal-ken"]) == []
    with refused(NameUnknown, "no key"):
        revoke_key(cast("focal-ken"), key=ref)
    with refused(NotAllowed):
        revoke_key(cast("auditor"), key=ref)
    revoke_key(cast("operator"), key=ref)
    assert get_key(cast.viewers["focal-tcd"], ref).state == "revoked"
    with refused(ActionRefused, "already"):
        revoke_key(cast("focal-tcd"), key=ref)


def test_the_public_makes_no_key(cast: Cast) -> None:
    with refused(NotAllowed):
        record_key(cast("public"), **GIVEN)


def test_what_a_key_opens_is_its_user_of_today(cast: Cast) -> None:
    made = make_key(cast("focal-tcd"), name="a report", scopes=";".join(SCOPES))
    opened = open_by_key(made.secret)
    assert opened is not None
    assert (opened.viewer, opened.scopes) == (cast.viewers["focal-tcd"], SCOPES)
    assert len(made.secret) > 40
    assert ApiKey.objects.get().digest == digest_of(made.secret)
    assert open_by_key(made.secret + "x") is None
    assert open_by_key(made.secret.removeprefix("evh_")) is None
