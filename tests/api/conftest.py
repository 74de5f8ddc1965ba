"""The API asked from within: the cast with a key each, its world and its day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

import pytest
from evenhand_cast import NOW, TODAY, Cast, approved_need, cast, let_it_be
from evenhand_key import signing
from evenhand_seen import World, make_world

__all__ = ["approved_need", "cast", "signing"]


class Clock(datetime):
    """Be the moment of the cast, whoever asks what time it is."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return NOW.astimezone(tz)


@pytest.fixture(autouse=True)
def as_on_the_day(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """Let it be the day of the cast, and the API answer by itself, with nothing kept."""
    from evenhand.api import limits

    let_it_be(monkeypatch, TODAY)
    for module in ("evenhand.actions.action", "evenhand.actions.bulk.importing", "evenhand.actions.keys"):
        monkeypatch.setattr(f"{module}.datetime", Clock)
    settings.ROOT_URLCONF = "evenhand.api.addresses"
    settings.SECURE_SSL_REDIRECT = False
    yield
    limits.KEYS.clear()
    limits.ADDRESSES.clear()


@pytest.fixture
def world(cast: Cast) -> World:
    """Records of every kind, with a canary in every field that somebody may not see."""
    return make_world(cast)


@dataclass
class Asker:
    """Ask the API as somebody."""

    client: Any
    headers: dict[str, str]

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=self.headers | headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        data = json.dumps({} if body is None else body)
        return self.client.post(
            f"/api/v1/{path}", data=data, content_type="application/json", headers=self.headers | headers
        )

    def data(self, path: str, **headers: str) -> Any:
        response = self.get(path, **headers)
        assert response.status_code == 200, response.content
        return response.json()["data"]


def add_key(name: str, scopes: tuple[str, ...], **columns: Any) -> str:
    """Write a key of somebody of the cast; return the key itself."""
    from evenhand.access.models import ApiKey, User
    from evenhand.lookups.keys import digest_of

    number = ApiKey.objects.count() + 1
    secret = f"evh_{hashlib.sha256(f'{name} {scopes} {number}'.encode()).hexdigest()}"
    given = {"until": TODAY + timedelta(days=30), "last_used": TODAY} | columns
    ApiKey.objects.create(
        ref=f"KY-{number:010}", user=User.objects.get(name=name), name=f"of {name}", digest=digest_of(secret),
        scopes=list(scopes), made_at=NOW, **given,
    )  # fmt: skip
    return secret


@pytest.fixture
def ask() -> Callable[..., Asker]:
    """Make somebody who asks: ask("focal-tcd"), ask("focal-tcd", "read"), ask() for the public."""
    from django.test import Client

    from evenhand.actions.keys import SCOPES

    def make(name: str = "", *scopes: str) -> Asker:
        client = Client(raise_request_exception=False)
        if not name:
            return Asker(client, {})
        return Asker(client, {"Authorization": f"Bearer {add_key(name, scopes or SCOPES)}"})

    return make
