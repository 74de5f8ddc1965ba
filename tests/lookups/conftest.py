"""What the tests of lookups share: the cast, its day, and a world in which every kind of record is hidden somewhere."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_cast import TODAY, approved_need, cast
from evenhand_seen import World, make_world

__all__ = ["approved_need", "cast"]

ASKING = (
    "reach",
    "choosing",
    "needs",
    "parties",
    "groups",
    "standings",
    "figures",
    "snapshot",
    "lapsing",
    "promises",
    "queue",
)
"""The modules of lookups that ask for the day."""


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the day of the cast."""
    from importlib import import_module

    for module in ASKING:
        monkeypatch.setattr(import_module(f"evenhand.lookups.{module}"), "today", lambda: TODAY)


@pytest.fixture
def world(cast: Any) -> World:
    """Records of every kind, with a canary in every field that somebody may not see."""
    return make_world(cast)
