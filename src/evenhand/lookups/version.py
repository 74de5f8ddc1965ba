"""The version of everything that is kept: a number that every action raises.

Asked by the pages, the API and the snapshots before anything else: what everybody may see is a function of the version,
the day and the address, so whatever was made from one version need not be made again. Must never be more than one tiny
query.
"""

from __future__ import annotations

from datetime import datetime

from evenhand.access.models import ActionLine, Version
from evenhand.access.viewers import Viewer


def read_version(viewer: Viewer) -> int:
    """Return the version, ≥ 0; whoever asks, it says nothing but that something was done."""
    return Version.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def find_last_done(viewer: Viewer) -> datetime | None:
    """Return when the last action was done, None where nothing was; it says nothing but that something was done."""
    return ActionLine.objects.order_by("-at").values_list("at", flat=True).first()
