"""The lines that actions leave: everybody's own, all of them for auditors.

What was given to an action on a need or on evidence that its reader may not see is left out of the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from evenhand.access.models import ActionLine
from evenhand.access.rights import may
from evenhand.access.viewers import ANYTHING, Viewer
from evenhand.lookups.choosing import of_party, refuse_unknown
from evenhand.lookups.evidence import seen_evidence
from evenhand.lookups.needs import seen as seen_need
from evenhand.lookups.paging import (
    AfterChoice,
    By,
    MostChoice,
    OrderChoice,
    Orders,
    SearchChoice,
    page_of_rows,
)
from evenhand.lookups.searching import search as matching
from evenhand.records import models as records

ORDERS = Orders({"at": By("at", kind=datetime), "name": By("name")}, default="at", key=By("id"))


@dataclass(frozen=True, slots=True)
class Line:
    """Hold the line of one action.

    Attributes
    ----------
    by
        The public id of who acted.
    for_party, about
        For whom; the ref or key of what it was about.
    given, answer
        What the action was given and what it answered; None where it is about what the reader may not see.
    """

    id: str
    name: str
    by: str
    for_party: str
    about: str
    reason: str | None
    at: datetime
    origin: str
    given: Mapping[str, Any] | None
    answer: Mapping[str, Any] | None

    orders: ClassVar[Orders] = ORDERS


def list_actions(
    viewer: Viewer,
    *,
    name: Annotated[str, "only this action, such as 'need submit'"] = "",
    by: Annotated[str, "only by the user with this public id"] = "",
    party: Annotated[str, "only for this party or one below it"] = "",
    about: Annotated[str, "only about this ref or key"] = "",
    since: Annotated[date | None, "only from this day on"] = None,
    until: Annotated[date | None, "only until this day"] = None,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Line]:
    """Return the lines of actions that a viewer may see, as they were done or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such party.
    OptionRefused
        There is no such order; the cursor is of another list.
    """
    chosen = _chosen(viewer, name, by, party, about, since, until, search)
    return _lines(viewer, page_of_rows(chosen, ORDERS, order, after, most), few=most is not None)


def count_actions(
    viewer: Viewer,
    *,
    name: str = "",
    by: str = "",
    party: str = "",
    about: str = "",
    since: date | None = None,
    until: date | None = None,
    search: SearchChoice = "",
) -> int:
    """Return how many lines `list_actions` would list; refuses what that refuses."""
    return _chosen(viewer, name, by, party, about, since, until, search).count()


def _chosen(
    viewer: Viewer, name: str, by: str, party: str, about: str, since: date | None, until: date | None, search: str
) -> QuerySet[ActionLine]:
    chosen = _seen(viewer).filter(of_party(party, "for_party"))
    for field, value in (
        ("name", name),
        ("by", by),
        ("about", about),
        ("at__date__gte", since),
        ("at__date__lte", until),
    ):
        if value:
            chosen = chosen.filter(**{field: value})
    return chosen.filter(matching(search, ("name", "about", "by", "id"), parties=["for_party"]))


def get_action(viewer: Viewer, id: Annotated[str, "the action's id"]) -> Line:
    """Return the line of an action. Raises NameUnknown where there is none that the viewer may see."""
    found = find_action(viewer, id)
    if found is None:
        raise refuse_unknown("action", id)
    return found


def find_action(viewer: Viewer, id: str) -> Line | None:
    """Return the line of an action, or None where there is none that the viewer may see."""
    return next(iter(_lines(viewer, _seen(viewer).filter(pk=id))), None)


def _seen(viewer: Viewer) -> QuerySet[ActionLine]:
    if may(viewer, "see audit lines", ANYTHING):
        return ActionLine.objects.all()
    return ActionLine.objects.filter(by=viewer.public_id) if viewer.public_id else ActionLine.objects.none()


def _lines(viewer: Viewer, rows: QuerySet[ActionLine], *, few: bool = True) -> list[Line]:
    found = list(rows)
    needs = records.Need.objects.exclude(seen_need(viewer))
    evidence = records.Evidence.objects.exclude(pk__in=seen_evidence(viewer).values("pk"))
    closed = Q(Exists(needs.filter(pk=OuterRef("about")))) | Q(about__in=evidence.values("pk"))
    those: Any = ActionLine.objects.filter(pk__in=[row.pk for row in found]) if few else rows.order_by()
    hidden = set(those.filter(closed).exclude(by=viewer.public_id).values_list("pk", flat=True))
    return [
        Line(
            id=row.id,
            name=row.name,
            by=row.by,
            for_party=row.for_party,
            about=row.about,
            reason=None if row.pk in hidden else row.reason,
            at=row.at,
            origin=row.origin,
            given=None if row.pk in hidden else dict(row.given),
            answer=None if row.pk in hidden else dict(row.answer),
        )
        for row in found
    ]
