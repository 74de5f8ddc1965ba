"""A small book that the pages of places, parties, resources and groups are read from, with hostile names in it, and readers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from evenhand_cast import Cast
from evenhand_round_pages import RoundsNow, nothing_is_kept, reader

__all__ = ["HOSTILE", "book", "nothing_is_kept", "queries_of", "reader", "rows_of", "text_of"]

HOSTILE = '<script>alert("x")</script>evil & \' {{ 7*7 }} 💉'
EVERYBODY = ("", "focal-tcd", "donor-ind", "task-force", "board-uga", "auditor", "operator")


@pytest.fixture
def book(cast: Cast, signing: Any) -> RoundsNow:
    """A posted round of measles vaccine: TCD needs 1,000 doses and gets 5 boxes, KEN 600 and gets 3; India gave 8 boxes.

    Beside it UNICEF has said that it gives 100 vials, and committed 240 US dollars; Lebanon is named by somebody hostile.
    """
    from evenhand.actions.offers import make_offer
    from evenhand.actions.parties import change_party

    change_party(cast("task-force", reason="a test"), party="LBN", name=HOSTILE[:200])
    rounds = RoundsNow(cast)
    rounds.usual()
    rounds.need("LBN", "40", "mask-surgical")
    make_offer(
        cast("donor-unicef"), donor="UNICEF", resource="vaccine-measles", quantity="100 vial", firmness="statement"
    )
    make_offer(cast("donor-unicef"), donor="UNICEF", resource="USD", quantity="240 USD", firmness="commitment")
    rounds.at("posted", made=True, title=HOSTILE[:120])
    return rounds


def text_of(client: Any, path: str, status: int = 200) -> str:
    """Return a page's text."""
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[-1500:]
    return str(response.content.decode())


def rows_of(client: Any, path: str) -> list[dict[str, str]]:
    """Return the rows of a data twin."""
    response = client.get(path)
    assert response.status_code == 200, response.content.decode()[-1500:]
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def queries_of(client: Any, path: str, *, monkeypatch: Any) -> int:
    """Return how many queries a page takes once its book was read: as a server does, which keeps the book of a version."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from evenhand.lookups import snapshot, version

    monkeypatch.setattr(snapshot, "_unkept", lambda: False)
    monkeypatch.setattr(snapshot, "_shelves", {})
    monkeypatch.setattr(version, "_in_transaction", lambda: False)
    monkeypatch.setattr(version, "_KEPT", {})
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


Reader = Callable[[str], Any]
