"""The cast, its key, and files as people send them."""

from __future__ import annotations

from typing import Any

from evenhand_cast import approved_need, cast
from evenhand_key import signing

__all__ = ["approved_need", "cast", "sent_as", "signing"]


def sent_as(register: str, text: str, **said: Any) -> Any:
    """Return a CSV file as it was sent."""
    from evenhand.actions.bulk.sending import Sent

    return Sent(register, text.encode(), filename=f"{register}.csv", **said)
