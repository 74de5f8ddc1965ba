"""Rounds made today, and readers who are signed in: what the pages of rounds are tried with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from evenhand_cast import Cast
from evenhand_rounds import Rounds

Reader = Callable[[str], Any]


class RoundsNow(Rounds):
    """Make rounds as of now: what the pages do is done now, and a need of last spring would have lapsed."""

    def need(self, party: str, quantity: str, resource: str = "vaccine-measles", **given: Any) -> str:
        return super().need(party, quantity, resource, **({"at": datetime.now(UTC)} | given))

    def at(self, step: str, *, made: bool = False, when: datetime | None = None, **given: Any) -> str:
        return super().at(step, made=made, when=when or datetime.now(UTC), **given)


@pytest.fixture
def rounds(cast: Cast, signing: Any) -> RoundsNow:
    """Rounds as of now, in a book that is signed."""
    return RoundsNow(cast)


@pytest.fixture
def reader(cast: Cast) -> Reader:
    """A browser in which somebody is signed in, its second step passed: reader("board-uga"); reader("") is the public's."""
    from django.test import Client

    from evenhand.access.models import User
    from evenhand.web.account.second_step import SET_UP

    def signed_in(name: str) -> Any:
        client = Client()
        if name:
            backend = "allauth.account.auth_backends.AuthenticationBackend"
            client.force_login(User.objects.get(name=name), backend=backend)
            session = client.session
            session[SET_UP] = True
            session.save()
        return client

    return signed_in


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    """Let every test begin with empty hands."""
    from evenhand.web.rounds import told, trying

    told.PLANS.clear()
    told.MADE.clear()
    trying.TURNS.forget()
