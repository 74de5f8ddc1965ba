"""Merges: which records were taken for one, why, and which of them were taken apart again.

A viewer sees those of which both records are seen. Reads only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce

from evenhand.access.viewers import Viewer
from evenhand.lookups.documents import seen_meetings, seen_statements
from evenhand.lookups.officials import seen_officials_ever
from evenhand.lookups.paging import AfterChoice, By, MostChoice, OrderChoice, Orders, page_of_rows
from evenhand.lookups.rounds import tells_names
from evenhand.said import models as said

KINDS: Mapping[str, Callable[[Viewer], QuerySet[Any]]] = {
    "ST": seen_statements,
    "MT": seen_meetings,
    "HO": seen_officials_ever,
}
"""Prefix of a ref → those that a viewer may see."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Hold one merge of two statements, meetings or people in office.

    Attributes
    ----------
    id
        The id of the action that merged them.
    merged, into
        The refs of the record that was merged, and of the one that stayed.
    title
        What the merged one is called: its words, its title, its name.
    by, split_by
        Who merged them and who took them apart, by public id, for auditors; "" for everybody else.
    split_at, split_reason
        When and why they were taken apart again; None and "" while they are one.
    """

    id: str
    merged: str
    into: str
    title: str
    reason: str
    by: str
    made_at: datetime
    split_by: str
    split_at: datetime | None
    split_reason: str

    orders: ClassVar[Orders] = Orders(
        {"made_at": By("made_at", kind=datetime), "id": By("action", "id")}, default="made_at", key=By("action", "id")
    )


def list_merges(
    viewer: Viewer,
    *,
    about: Annotated[str, "only of this statement, meeting or person in office: ST-..., MT-..., HO-..."] = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Merge]:
    """Return the merges of records that a viewer may see, the oldest first or in the order asked for."""
    rows = seen_merges(viewer)
    chosen = rows.filter(Q(merged=about) | Q(into=about)) if about else rows
    return _tell(viewer, page_of_rows(chosen, Merge.orders, order, after, most))


def merges_of(viewer: Viewer, refs: Iterable[str]) -> list[Merge]:
    """Return the merges of some records, the oldest first."""
    asked = list(refs)
    rows = seen_merges(viewer, {ref[:2] for ref in asked}).filter(Q(merged__in=asked) | Q(into__in=asked))
    return _tell(viewer, rows.order_by("made_at", "action"))


def seen_merges(viewer: Viewer, prefixes: Collection[str] = ()) -> QuerySet[said.Merge]:
    """Return the rows of the merges that a viewer may see, for other lookups; where prefixes of refs are given, only theirs."""
    seen: Any = Q(pk__in=())
    for prefix, rows in KINDS.items():
        if not prefixes or prefix in prefixes:
            refs = rows(viewer).values("pk")
            seen |= Q(merged__in=refs, into__in=refs)
    return said.Merge.objects.filter(seen)


def _tell(viewer: Viewer, rows: QuerySet[said.Merge]) -> list[Merge]:
    called = [
        Subquery(model._default_manager.filter(pk=OuterRef("merged")).values(column))
        for model, column in ((said.Statement, "words"), (said.Meeting, "title"), (said.Official, "name"))
    ]
    names = tells_names(viewer)
    found: QuerySet[Any] = rows.defer("moved").annotate(called=Coalesce(*called, output_field=TextField()))
    return [
        Merge(
            id=row.action, merged=row.merged, into=row.into, title=row.called or "", reason=row.reason,
            by=row.made_by if names else "", made_at=row.made_at, split_by=row.split_by if names else "",
            split_at=row.split_at, split_reason=row.split_reason,
        )
        for row in found
    ]  # fmt: skip
