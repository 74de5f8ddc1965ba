"""The stock book as a whole: when it was last written. Public, like every entry."""

from __future__ import annotations

from datetime import datetime

from evenhand.stockbook.models import Entry


def find_last_recorded() -> datetime | None:
    """Return when the newest entry was recorded, None for an empty book."""
    last = Entry.objects.order_by("-seq").values_list("recorded", flat=True).first()
    return None if last is None else datetime.fromisoformat(last)
