"""What waits for a secretariat: needs to check, objections to answer, rounds to take further, what is overdue or not firm.

Asked by its own page. Whoever holds no such role has an empty queue; what is in it is limited as in the lists it links to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from evenhand.access.viewers import Viewer
from evenhand.ledger.stages import KINDS
from evenhand.lookups.offers import counts
from evenhand.lookups.paging import MostChoice, expect_most
from evenhand.lookups.reach import reach_of, today
from evenhand.records.models import Need, Offer
from evenhand.rounds.models import Objection, Round
from evenhand.stockbook.models import Account, Consignment
from evenhand.stockbook.travelling import IN_TRANSIT

NEXT = {"open": "freeze", "frozen": "propose", "proposed": "publish", "decided": "post"}
"""State of a round → what its secretariat does next; what is published waits for the board."""

KINDS_OF_WORK = ("need", "objection", "round", "consignment", "offer")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Hold one thing that waits.

    Attributes
    ----------
    kind
        need, objection, round, consignment or offer.
    what
        What is to be done: check, answer, freeze, propose, publish, post, chase, firm up.
    ref, about
        Its ref; for an objection, the round it is about.
    party, party_name
        Whose it is: who needs, objects, is to receive, or gives.
    since, due
        Since when it waits, and by when it was to be done.
    """

    kind: str
    what: str
    ref: str
    about: str
    title: str
    party: str
    party_name: str
    since: date
    due: date | None


def list_queue(viewer: Viewer, *, most: MostChoice = 20) -> list[Waiting]:
    """Return what waits for the secretariat that asks, kind by kind, of each the first so many that have waited longest.

    Raises
    ------
    OptionRefused
        The number is below zero.
    """
    if most is not None:
        expect_most(most)
    waiting = _waiting(viewer)
    if waiting is None:
        return []
    needs, objections, rounds, consignments, offers = waiting
    return [
        *_needs(needs.select_related("party", "resource").order_by("made_at", "ref")[:most]),
        *_objections(objections.select_related("party", "round").order_by("made_at", "ref")[:most]),
        *_rounds(rounds.order_by("date", "ref")[:most]),
        *_consignments(consignments.select_related("destination").order_by("due_on", "ref")[:most]),
        *_offers(offers.select_related("donor", "resource").order_by("said_on", "ref")[:most]),
    ]


def count_queue(viewer: Viewer) -> dict[str, int]:
    """Return how many of each kind wait."""
    waiting = _waiting(viewer)
    counted = (0,) * len(KINDS_OF_WORK) if waiting is None else tuple(rows.count() for rows in waiting)
    return dict(zip(KINDS_OF_WORK, counted, strict=True))


_Waiting = tuple[
    QuerySet[Need], QuerySet[Objection], QuerySet[Round], QuerySet[Consignment], QuerySet[Offer],
]  # fmt: skip


def _waiting(viewer: Viewer) -> _Waiting | None:
    """Return the rows that wait for a secretariat, None for whoever is none."""
    if not viewer.has("secretariat"):
        return None
    checks, works = reach_of(viewer, "need approve"), reach_of(viewer, "round propose")
    on_the_road = Account.objects.filter(stage=IN_TRANSIT, balance__gt=0)
    not_firm = Q()
    for kind in KINDS:
        not_firm |= Q(resource__kind=kind, firmness__in=[one for one in Offer.FIRMNESS if not counts(kind, one)])
    return (
        Need.objects.filter(checks.over("party"), state="submitted"),
        Objection.objects.filter(works.over_group("round__group"), answer="", round__state="published"),
        Round.objects.filter(works.over_group("group"), state__in=list(NEXT)),
        Consignment.objects.filter(
            checks.over("destination"), pk__in=on_the_road.values("holder"), cancelled=False, due_on__lt=today()
        ),
        Offer.objects.filter(not_firm, withdrawn=False),
    )


def _needs(rows: QuerySet[Need]) -> Iterator[Waiting]:
    for row in rows:
        yield Waiting(
            "need", "check", row.ref, "", row.resource.name, row.party_id, row.party.name, row.made_at.date(), None
        )


def _objections(rows: QuerySet[Objection]) -> Iterator[Waiting]:
    for row in rows:
        yield Waiting(
            "objection", "answer", row.ref, row.round_id, row.round.title, row.party_id, row.party.name,
            row.made_at.date(), row.round.objections_until,
        )  # fmt: skip


def _rounds(rows: QuerySet[Round]) -> Iterator[Waiting]:
    for row in rows:
        yield Waiting("round", NEXT[row.state], row.ref, "", row.title, "", "", row.date, None)


def _consignments(rows: QuerySet[Consignment]) -> Iterator[Waiting]:
    for row in rows:
        since = row.leaves_on or row.made_at.date()
        to = row.destination
        yield Waiting("consignment", "chase", row.ref, "", "", to.key, to.name, since, row.due_on)


def _offers(rows: QuerySet[Offer]) -> Iterator[Waiting]:
    for row in rows:
        yield Waiting(
            "offer",
            "firm up",
            row.ref,
            "",
            row.resource.name,
            row.donor_id,
            row.donor.name,
            row.said_on,
            row.window_until,
        )
