"""The cast with its rounds, for the tests of the actions on rounds."""

from __future__ import annotations

import pytest
from evenhand_cast import Cast
from evenhand_rounds import Rounds


@pytest.fixture
def rounds(cast: Cast) -> Rounds:
    """Makes needs, offers and rounds."""
    return Rounds(cast)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Make every action fail in its last step; `undo()` takes it back."""
    from evenhand.access.models import ActionLine

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(ActionLine.objects, "create", fail)
    return monkeypatch
