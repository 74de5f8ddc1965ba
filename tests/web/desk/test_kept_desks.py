"""A desk that was read once for a version is nobody else's, and shows what was done since."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from evenhand_cast import Cast

from evenhand.actions.needs import draft_need, submit_need
from evenhand.actions.users import grant_role, revoke_role
from evenhand.lookups import version

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]
WHO = ("focal-tcd", "donor-ind", "task-force", "board-aze", "auditor", "operator", "registrar-tcd")


@pytest.fixture(autouse=True)
def in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep things between requests, as a server does; in a test's transaction nothing is kept otherwise."""
    monkeypatch.setattr(version, "_in_transaction", lambda: False)
    monkeypatch.setattr(version, "_KEPT", {})


def shown(reader: Reader, who: str) -> str:
    text = reader(who).get("/en/desk").content.decode()
    return text[text.index("<main") : text.index("</main>")]


def drafted(cast: Cast, quantity: str) -> str:
    given = {"party": "TCD", "resource": "vaccine-measles", "quantity": quantity, "why": "an outbreak"}
    return draft_need(cast("focal-tcd"), **given).ref


def test_every_desk_is_the_same_whether_it_was_kept_or_not(cast: Cast, reader: Reader) -> None:
    submit_need(cast("focal-tcd"), need=drafted(cast, "5000"))
    drafted(cast, "7000")
    kept = [(shown(reader, who), shown(reader, who)) for who in WHO]
    for who, (first, again) in zip(WHO, kept, strict=True):
        version._KEPT.clear()
        assert first == again == shown(reader, who)
    assert len({first for first, _again in kept}) > len(WHO) / 2, "the desks do not differ, so this shows nothing"


def test_what_is_done_is_there_at_once_for_whom_it_concerns_and_for_nobody_else(cast: Cast, reader: Reader) -> None:
    before = {who: shown(reader, who) for who in WHO}
    drafted(cast, "7000")  # which leaves the public's version as it was
    after = {who: shown(reader, who) for who in WHO}
    assert {who for who in WHO if after[who] != before[who]} - {"auditor", "operator"} == {"focal-tcd"}
    submit_need(cast("focal-tcd"), need=drafted(cast, "9000"))
    assert shown(reader, "task-force") != after["task-force"]
    assert shown(reader, "donor-ind") == before["donor-ind"]


def test_a_role_that_was_taken_away_takes_its_desk_along(cast: Cast, reader: Reader) -> None:
    ref = drafted(cast, "7000")
    assert ref in shown(reader, "focal-tcd")
    revoke_role(cast("operator"), user="focal-tcd", role="focal-point", party="TCD")
    assert ref not in shown(reader, "focal-tcd")
    grant_role(cast("operator"), user="focal-tcd", role="focal-point", party="TCD")
    assert ref in shown(reader, "focal-tcd")


def test_a_desk_that_was_read_already_asks_for_the_session_the_user_and_the_version_alone(reader: Reader) -> None:
    for who in ("focal-tcd", "donor-ind", "task-force", "board-aze"):
        client = reader(who)
        client.get("/en/desk")
        with CaptureQueriesContext(connection) as asked:
            client.get("/en/desk")
        assert len(asked) <= 4, [one["sql"][:120] for one in asked.captured_queries]
