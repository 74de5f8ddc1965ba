"""What is on its way to those for whom a viewer may say what came, the nearest first: what a field officer opens first.

Asked by the page of receipts and by the desk. What is listed is public, as every consignment is.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from evenhand.access.viewers import Viewer
from evenhand.lookups.consignments import Consignment, consignments_of, in_state
from evenhand.lookups.paging import MostChoice, expect_most
from evenhand.lookups.reach import reach_of, today
from evenhand.records.models import FAR
from evenhand.stockbook import models as stockbook
from evenhand.stockbook.models import Account
from evenhand.stockbook.travelling import IN_TRANSIT


def list_awaited(viewer: Viewer, *, most: MostChoice = 50) -> list[Consignment]:
    """Return the consignments that left for a party of the viewer's, or one below it, and have not wholly arrived."""
    road = Account.objects.filter(stage=IN_TRANSIT, balance__gt=0).values("holder")
    return _first(viewer, Q(pk__in=road), most)


def list_coming(viewer: Viewer, *, most: MostChoice = 50) -> list[Consignment]:
    """Return the consignments that are planned for a party of the viewer's, or one below it, and have not left yet."""
    return _first(viewer, in_state("planned"), most)


def count_awaited(viewer: Viewer) -> int:
    """Return how many consignments `list_awaited` would list."""
    road = Account.objects.filter(stage=IN_TRANSIT, balance__gt=0).values("holder")
    return _mine(viewer).filter(pk__in=road).count()


def days_late(one: Consignment, on: Annotated[date | None, "today where not said"] = None) -> int:
    """Return by how many days something that has not wholly arrived is late; 0 where it is not."""
    if one.due_on is None or one.state in ("closed", "cancelled"):
        return 0
    return max(0, ((on or today()) - one.due_on).days)


def _first(viewer: Viewer, which: Q, most: int | None) -> list[Consignment]:
    rows = _mine(viewer).filter(which).order_by(Coalesce("due_on", Value(FAR)), "ref")
    return consignments_of(viewer, rows if most is None else rows[: expect_most(most)])


def _mine(viewer: Viewer) -> QuerySet[stockbook.Consignment]:
    return stockbook.Consignment.objects.filter(reach_of(viewer, "consignment receive").over("destination"))
