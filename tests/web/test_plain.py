"""What has no language and no frame: the checkpoint as it was signed, whether the server lives, notes for robots and phones."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from evenhand_cast import Cast

from evenhand.actions.checkpoints import make_checkpoint
from evenhand.actions.offers import make_offer
from evenhand.ledger.checkpoint import check_note, parse_note

pytestmark = pytest.mark.django_db
PLAIN = ("/checkpoint", "/health", "/manifest.webmanifest", "/robots.txt")


def test_the_checkpoint_is_the_note_as_it_was_signed(cast: Cast, signing: Any) -> None:
    assert Client().get("/checkpoint").status_code == 404
    make_offer(cast("donor-ind"), donor="IND", resource="vaccine-measles", quantity="10 box", firmness="commitment")
    make_checkpoint(cast("task-force"))
    response = Client().get("/checkpoint")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert check_note(parse_note(response.content.decode()), [signing.verifier]) != ()


def test_the_server_says_that_it_lives_and_when_its_database_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/health").json() == {"status": "ok", "signed": 0}

    def gone(viewer: object) -> None:
        raise OperationalError("secret inside")

    monkeypatch.setattr("evenhand.web.plain.find_latest_checkpoint", gone)
    response = Client().get("/health")
    assert response.status_code == 503
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("path", PLAIN)
def test_they_only_show(path: str) -> None:
    assert Client().post(path).status_code == 405


def test_a_phone_is_told_a_name_a_beginning_and_marks_that_are_there() -> None:
    said = Client().get("/manifest.webmanifest").json()
    assert (said["name"], said["start_url"], said["scope"]) == ("Evenhand", "/", "/")
    assert {one["sizes"] for one in said["icons"]} == {"192x192", "512x512"}


def test_robots_are_kept_away_from_what_is_no_page() -> None:
    said = Client().get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /api/", "Disallow: /admin/", "Disallow: /*/act/", "Disallow: /*/account/"} <= set(said)


def test_a_strange_host_is_refused() -> None:
    assert Client().get("/health", headers={"host": "evil.example"}).status_code == 400
