"""The cast of the pages, its day, and the key that signs their book."""

import pytest
from evenhand_cast import TODAY, approved_need, cast, let_it_be
from evenhand_key import signing

__all__ = ["approved_need", "cast", "signing"]


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the day of the cast for whoever asks for today."""
    let_it_be(monkeypatch, TODAY)
