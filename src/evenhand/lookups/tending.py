"""The needs that somebody has to tend: of whoever enters them, what to submit and renew; of a secretariat, what to check.

Asked by the desks and their pages. A need that waits to be checked comes with the one it would replace, so that a page can show
what would change. Each is one statement, however many needs there are; its counts stand beside its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When, Window

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import PartyChoice, of_party
from evenhand.lookups.lapsing import WithinDays
from evenhand.lookups.paging import MostChoice, expect_most
from evenhand.lookups.reach import reach_of, today
from evenhand.records.models import Need

TASKS = ("lapsed", "lapsing", "draft", "submitted")
"""What can be the matter with a need, the most pressing first; a draft is submitted, what is submitted is waited for."""

SOON: WithinDays = 30
"""Days before its end from which a need is said to lapse soon."""


@dataclass(frozen=True, slots=True)
class Tended:
    """Hold one need and what is the matter with it. Quantities count base units.

    Attributes
    ----------
    task
        lapsed, lapsing, draft or submitted.
    days
        Until its last day, below zero where that is over.
    before
        What it would replace, None where it is new.
    """

    ref: str
    party: str
    party_name: str
    resource: str
    resource_name: str
    base_unit: str
    quantity: int
    typed: str
    unit: str
    held: int
    by_when: date | None
    priority: str
    why: str
    weight: str
    weight_source: str
    valid_until: date
    made_at: datetime
    task: str
    days: int
    before: Tended | None


@dataclass(frozen=True, slots=True)
class Tending:
    """Hold the first of the needs that one has to tend, and how many there are of each task."""

    needs: tuple[Tended, ...]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """Return how many there are in all."""
        return sum(self.counts.values())


def list_tended(
    viewer: Viewer,
    *,
    party: PartyChoice = "",
    within_days: WithinDays = SOON,
    tasks: Annotated[str, "some of lapsed, lapsing, draft, submitted, separated by ';'; all where not said"] = "",
    most: MostChoice = 8,
) -> Tending:
    """Return the needs that a viewer enters and that want something done, the most pressing first.

    Raises
    ------
    NameUnknown
        There is no such party.
    """
    wanted = [one for one in TASKS if not tasks or one in tasks.split(";")]
    rows = Need.objects.filter(reach_of(viewer, "need renew").own("party"), of_party(party))
    return _tending(rows, wanted, within_days, most)


def list_to_check(viewer: Viewer, *, party: PartyChoice = "", most: MostChoice = 50) -> Tending:
    """Return the needs that wait for a secretariat that asks, those that have waited longest first.

    Raises
    ------
    NameUnknown
        There is no such party.
    """
    rows = Need.objects.filter(reach_of(viewer, "need approve").over("party"), of_party(party))
    return _tending(rows, ["submitted"], SOON, most)


def _tending(rows: QuerySet[Need], wanted: list[str], within_days: int, most: int | None) -> Tending:
    on = today()
    soon = on + timedelta(days=min(max(within_days, 0), 36_500))
    conditions = {
        "lapsed": Q(state="approved", valid_until__lt=on),
        "lapsing": Q(state="approved", valid_until__gte=on, valid_until__lte=soon),
        "draft": Q(state="draft"),
        "submitted": Q(state="submitted"),
    }
    which = Q(pk__in=())
    for task in wanted:
        which |= conditions[task]
    rank = Case(
        *(When(conditions[task], then=Value(place)) for place, task in enumerate(TASKS)),
        default=Value(len(TASKS)), output_field=IntegerField(),
    )  # fmt: skip
    counted: dict[str, Any] = {f"number_of_{task}": Window(Count("pk", filter=conditions[task])) for task in TASKS}
    found = (
        rows.filter(which)
        .select_related("party", "resource", "replaces")
        .annotate(rank=rank, **counted)
        .order_by("rank", "valid_until" if wanted != ["submitted"] else "made_at", "ref")
    )
    listed = list(found if most is None else found[: expect_most(most)])
    counts = {task: int(getattr(listed[0], f"number_of_{task}")) if listed else 0 for task in TASKS}
    return Tending(tuple(_tended(one, on, TASKS[one.rank]) for one in listed), counts)


def _tended(row: Need, on: date, task: str, *, with_before: bool = True) -> Tended:
    before = row.replaces if with_before else None
    if before is not None:  # a correction keeps the party and the resource
        before.resource, before.party = row.resource, row.party
    return Tended(
        row.ref, row.party_id, row.party.name, row.resource_id, row.resource.name, row.resource.base_unit, row.quantity,
        row.typed, row.unit, row.held, row.by_when, row.priority, row.why, row.weight, row.weight_source, row.valid_until,
        row.made_at, task, (row.valid_until - on).days, _tended(before, on, "", with_before=False) if before is not None else None,
    )  # fmt: skip
