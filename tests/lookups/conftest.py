"""What the tests of lookups share: the cast, its day, and a world in which every kind of record is hidden somewhere."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_cast import TODAY, approved_need, cast, let_it_be
from evenhand_seen import World, make_world

__all__ = ["approved_need", "cast"]


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the day of the cast."""
    let_it_be(monkeypatch, TODAY)


@pytest.fixture
def world(cast: Any) -> World:
    """Records of every kind, with a canary in every field that somebody may not see."""
    return make_world(cast)
