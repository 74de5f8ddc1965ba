"""Needs: drafts for their own party, what is submitted for who checks it, what was approved for everybody.

Whether an approved need has lapsed follows from the day asked about. Must never tell that a draft exists.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar

from django.db.models import OuterRef, Q, QuerySet, Subquery

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import (
    DayChoice,
    GroupChoice,
    PartyChoice,
    ProgrammeChoice,
    ResourceChoice,
    of_group,
    of_party,
    of_programme,
    of_resource,
    one_of,
    refuse_unknown,
)
from evenhand.lookups.paging import (
    AfterChoice,
    By,
    MostChoice,
    OrderChoice,
    Orders,
    SearchChoice,
    page_of_rows,
)
from evenhand.lookups.reach import reach_of, today
from evenhand.lookups.searching import search as matching
from evenhand.records import models as records

STATES = (*records.Need.STATES, "lapsed")
ORDERS = Orders(
    {
        "ref": By("ref"),
        "party": By("party_id", "party"),
        "resource": By("resource_id", "resource"),
        "quantity": By("quantity", kind=int),
        "by_when": By("by_when", kind=date, empty=records.FAR),
        "valid_until": By("valid_until", kind=date),
        "priority": By("priority"),
        "made_at": By("made_at", kind=datetime),
    },
    default="ref",
    key=By("ref"),
)


@dataclass(frozen=True, slots=True)
class Need:
    """Hold one need as a viewer may see it. Quantities count base units.

    Attributes
    ----------
    state
        draft, submitted, approved, lapsed, corrected or withdrawn, on the day asked about.
    typed, unit
        The quantity as it was typed.
    replaces, replaced_by
        The need that this one corrects, and the one that corrects it, where the viewer may see them.
    """

    ref: str
    party: str
    party_name: str
    place: str
    resource: str
    resource_name: str
    kind: str
    base_unit: str
    quantity: int
    typed: str
    unit: str
    by_when: date | None
    why: str
    priority: str
    valid_until: date
    held: int
    capacity: int | None
    weight: str
    weight_source: str
    tiers: tuple[int, ...]
    per_week: int | None
    programme: str
    state: str
    replaces: str
    replaced_by: str
    made_at: datetime
    approved_at: datetime | None

    orders: ClassVar[Orders] = ORDERS


def list_needs(
    viewer: Viewer,
    *,
    party: PartyChoice = "",
    group: GroupChoice = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    state: Annotated[str, "draft, submitted, approved, lapsed, corrected or withdrawn"] = "",
    day: DayChoice = None,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Need]:
    """Return the needs that a viewer may see, by ref or in the order asked for.

    Parameters
    ----------
    day
        The day on which a need is approved or lapsed, and a party a member of the group.

    Raises
    ------
    NameUnknown
        There is no such party, group, resource or programme.
    OptionRefused
        There is no such state or order; the cursor is of another list.
    """
    chosen = _chosen(viewer, party, group, resource, programme, state, day, search)
    return _needs(viewer, page_of_rows(chosen, ORDERS, order, after, most), day)


def count_needs(
    viewer: Viewer,
    *,
    party: PartyChoice = "",
    group: GroupChoice = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    state: str = "",
    day: DayChoice = None,
    search: SearchChoice = "",
) -> int:
    """Return how many needs `list_needs` would list; refuses what that refuses."""
    return _chosen(viewer, party, group, resource, programme, state, day, search).count()


def _chosen(
    viewer: Viewer, party: str, group: str, resource: str, programme: str, state: str, day: date | None, search: str
) -> QuerySet[records.Need]:
    one_of("state of a need", state, STATES)
    chosen = seen_needs(viewer).filter(
        of_party(party, "party"), of_group(group, day, "party"), of_resource(resource), of_programme(programme)
    )
    if state in ("approved", "lapsed"):
        valid = Q(valid_until__gte=day or today())
        chosen = chosen.filter(valid if state == "approved" else ~valid, state="approved")
    elif state:
        chosen = chosen.filter(state=state)
    return chosen.filter(matching(search, ("ref", "why"), parties=["party"], resources=["resource"]))


@dataclass(frozen=True, slots=True)
class Lapsing:
    """Hold a choice of needs, to be counted or read in pages."""

    viewer: Viewer
    rows: QuerySet[records.Need]

    def count(self) -> int:
        """Return how many there are."""
        return self.rows.count()

    def page(self, order: str, after: str, most: int | None) -> list[Need]:
        """Return some of them. Raises OptionRefused."""
        return _needs(self.viewer, page_of_rows(self.rows, ORDERS, order, after, most), None)


def needs_lapsing(viewer: Viewer, until: date, party: str, group: str, resource: str, search: str) -> Lapsing:
    """Return the approved needs that lapse from today until a day, for `lookups.lapsing`. Raises NameUnknown."""
    chosen = _chosen(viewer, party, group, resource, "", "approved", None, search)
    return Lapsing(viewer, chosen.filter(valid_until__lte=until))


def get_need(viewer: Viewer, ref: Annotated[str, "the need's ref, ND-..."], *, day: DayChoice = None) -> Need:
    """Return a need. Raises NameUnknown where there is none that the viewer may see."""
    found = find_need(viewer, ref, day=day)
    if found is None:
        raise refuse_unknown("need", ref)
    return found


def find_need(viewer: Viewer, ref: str, *, day: DayChoice = None) -> Need | None:
    """Return a need, or None where there is none that the viewer may see."""
    return next(iter(_needs(viewer, seen_needs(viewer).filter(pk=ref), day)), None)


def needs_among(viewer: Viewer, refs: Iterable[str]) -> dict[str, Need]:
    """Return the needs of these refs that a viewer may see, by ref, as they are today."""
    return {one.ref: one for one in _needs(viewer, seen_needs(viewer).filter(pk__in=list(refs)), None)}


def seen_needs(viewer: Viewer) -> QuerySet[records.Need]:
    """Return the rows of the needs that a viewer may see, for other lookups.

    What was withdrawn or corrected before anybody approved it stays with its own party.
    """
    return records.Need.objects.filter(seen(viewer))


def seen(viewer: Viewer) -> Q:
    """Return the condition that a viewer may see a need; its contrary is true of every other."""
    public = Q(state="approved") | Q(approved_at__isnull=False)
    submitted = Q(state="submitted") & reach_of(viewer, "see submitted").over("party")
    return public | submitted | reach_of(viewer, "see drafts").over("party")


def _needs(viewer: Viewer, rows: QuerySet[records.Need], day: date | None) -> list[Need]:
    others = seen_needs(viewer)
    rows = rows.select_related("party", "resource").annotate(
        seen_replaced=Subquery(others.filter(pk=OuterRef("replaces")).values("ref")[:1]),
        seen_replacing=Subquery(others.filter(replaces=OuterRef("pk")).values("ref")[:1]),
    )
    on = day or today()
    return [
        Need(
            ref=row.ref,
            party=row.party_id,
            party_name=row.party.name,
            place=row.place_id or "",
            resource=row.resource_id,
            resource_name=row.resource.name,
            kind=row.resource.kind,
            base_unit=row.resource.base_unit,
            quantity=row.quantity,
            typed=row.typed,
            unit=row.unit,
            by_when=row.by_when,
            why=row.why,
            priority=row.priority,
            valid_until=row.valid_until,
            held=row.held,
            capacity=row.capacity,
            weight=row.weight,
            weight_source=row.weight_source,
            tiers=tuple(row.tiers),
            per_week=row.per_week,
            programme=row.programme_id or "",
            state="lapsed" if row.state == "approved" and row.valid_until < on else row.state,
            replaces=row.seen_replaced or "",
            replaced_by=row.seen_replacing or "",
            made_at=row.made_at,
            approved_at=row.approved_at,
        )
        for row in rows
    ]
