"""What followed what was said: statements with the offers that they are linked to, step by step; who sees a statement sees it.

Asked by the page of promises. A statement adds nothing to any total: without a link it stands alone, and says so. What is
told of each stands in `lookups.following`; what was kept in all is told by `lookups.kept_words`.
"""

from __future__ import annotations

from typing import Annotated, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import ProgrammeChoice, ResourceChoice, expect, of_group, of_party, of_resource, one_of
from evenhand.lookups.documents import seen_statements
from evenhand.lookups.following import ORDERS, Followed, follow
from evenhand.lookups.paging import AfterChoice, MostChoice, OrderChoice, SearchChoice, page_of_rows
from evenhand.lookups.reach import today
from evenhand.lookups.searching import search as matching
from evenhand.lookups.statements import SEARCHED, tell
from evenhand.records.models import Offer
from evenhand.said import models as said
from evenhand.stockbook.models import Entry

KINDS: Final = ("promised", "given")
"""Statements that something can follow; what is needed is asked, not promised."""
OFFERED: Final = Q(about__in=Offer.objects.values("pk")) | Q(about__in=Entry.objects.values("entry"))
"""The condition that a link is to an offer or to an entry."""
GiverChoice = Annotated[str, "only where this party, or one below it, is said to give"]
ReceiverChoice = Annotated[str, "only where this party, or one below it, is said to receive"]
GiversChoice = Annotated[str, "only where a member of this group, or one below it, is said to give"]
KindChoice = Annotated[str, "promised or given; both where not said"]
LinkedChoice = Annotated[bool | None, "only with an offer, or an entry of one, linked to it, or only without"]
LateChoice = Annotated[bool, "only promises whose day has passed and that have not wholly arrived"]


def list_followed(
    viewer: Viewer,
    *,
    donor: GiverChoice = "",
    receiver: ReceiverChoice = "",
    group: GiversChoice = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    kind: KindChoice = "",
    late: LateChoice = False,
    linked: LinkedChoice = None,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Followed]:
    """Return statements with what followed them, by the day on which they were said or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such party, group, resource or programme.
    OptionRefused
        There is no such kind or order; the cursor is of another list.
    """
    rows = _chosen(viewer, donor, receiver, group, resource, programme, kind, late, linked, search)
    return follow(tell(viewer, page_of_rows(rows, ORDERS, order, after, most)))


def count_followed(
    viewer: Viewer,
    *,
    donor: GiverChoice = "",
    receiver: ReceiverChoice = "",
    group: GiversChoice = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    kind: KindChoice = "",
    late: LateChoice = False,
    linked: LinkedChoice = None,
    search: SearchChoice = "",
) -> int:
    """Return how many rows `list_followed` would list; refuses what that refuses."""
    return _chosen(viewer, donor, receiver, group, resource, programme, kind, late, linked, search).count()


def count_linked(
    viewer: Viewer,
    *,
    donor: GiverChoice = "",
    group: GiversChoice = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
) -> tuple[int, int]:
    """Return how many statements have an offer, or an entry of one, linked to them, and how many have none."""
    rows = _chosen(viewer, donor, "", group, resource, programme, "", False, None, "")
    linked = Exists(said.StatementLink.objects.filter(OFFERED, statement=OuterRef("pk")))
    counted = rows.aggregate(linked=Count("pk", filter=linked), every=Count("pk"))
    return counted["linked"], counted["every"] - counted["linked"]


def _chosen(
    viewer: Viewer,
    donor: str,
    receiver: str,
    group: str,
    resource: str,
    programme: str,
    kind: str,
    late: bool,
    linked: bool | None,
    search: str,
) -> QuerySet[said.Statement]:
    one_of("kind of statement", kind, KINDS)
    rows = seen_statements(viewer).filter(
        of_party(donor, "giver"), of_group(group, None, "giver"), of_resource(resource), state="accepted",
        kind__in=[kind] if kind else KINDS,
    )  # fmt: skip
    if receiver:
        receiving = said.Statement.receivers.through.objects.filter(
            of_party(receiver, "party"), statement=OuterRef("pk")
        )
        rows = rows.filter(Exists(receiving))
    if programme:
        expect("programme", programme)
        links = said.StatementLink.objects.filter(statement=OuterRef("pk"))
        offers = Offer.objects.filter(programme=programme).values("pk")
        rows = rows.filter(Exists(links.filter(Q(about=programme) | Q(about__in=offers))))
    if linked is not None:
        to_offers = Exists(said.StatementLink.objects.filter(OFFERED, statement=OuterRef("pk")))
        rows = rows.filter(to_offers if linked else ~to_offers)
    if late:
        rows = rows.filter(pk__in=_late(viewer, rows))
    return rows.filter(matching(search, SEARCHED, parties=["giver"], resources=["resource"]))


def _late(viewer: Viewer, rows: QuerySet[said.Statement]) -> list[str]:
    """Return the refs of the promises that are late: few have a day, and only theirs are looked up."""
    due = rows.filter(kind="promised", deadline__lt=today())
    return [one.statement for one in follow(tell(viewer, due)) if one.late_since]
