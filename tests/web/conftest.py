"""The cast of the pages, the key that signs their book, and nothing kept from one test to the next."""

import pytest
from evenhand_cast import TODAY, approved_need, cast
from evenhand_key import signing

__all__ = ["approved_need", "cast", "signing"]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every page be of now: tests undo what they did, so that a version may come twice."""
    from evenhand.web.frame import kept

    monkeypatch.setattr(kept, "FRESH", 0.0)
    monkeypatch.setattr(kept, "WAIT", 0.0)
    kept.KEPT.forget()


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the day of the cast for whoever asks for today."""
    import sys

    from evenhand.lookups import reach

    asked = reach.today
    for name, module in list(sys.modules.items()):
        if name.startswith("evenhand.") and getattr(module, "today", None) is asked:
            monkeypatch.setattr(module, "today", lambda: TODAY)
