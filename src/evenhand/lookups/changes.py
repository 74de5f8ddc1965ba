"""What was done lately that everybody may see: approved, offered, published, decided, sent, received, paid.

From the lines of actions, for the home page and the feed; never who did it, why, or anything about a draft. Every line stands
here under what became public by it, and only where that is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.db.models.lookups import In

from evenhand.access.models import ActionLine
from evenhand.access.viewers import Viewer
from evenhand.lookups.paging import AfterChoice, By, MostChoice, Orders, page_of_rows
from evenhand.records.models import Need, Offer
from evenhand.rounds.models import Round
from evenhand.stockbook.models import Consignment

PUBLIC: dict[str, tuple[str, str]] = {
    "need approve": ("need", "approved"),
    "offer make": ("offer", "made"),
    "offer firm": ("offer", "firmed up"),
    "offer withdraw": ("offer", "withdrawn"),
    "round publish": ("round", "published"),
    "round decide": ("round", "decided"),
    "consignment dispatch": ("consignment", "dispatched"),
    "consignment receive": ("consignment", "received"),
    "money pay": ("offer", "paid"),
}
"""Name of an action → what it is about, and what that has become."""

ORDERS = Orders({"at": By("at", kind=datetime)}, default="-at", key=By("id", "mark"))


@dataclass(frozen=True, slots=True)
class Change:
    """Hold one thing that was done.

    Attributes
    ----------
    mark
        What tells it from all others; stable, so that a feed can name it.
    kind, ref
        need, offer, round or consignment, and its ref.
    what
        approved, made, firmed up, withdrawn, published, decided, dispatched, received or paid.
    party, party_name
        Who needs or gives; of a consignment, who is to receive it. "" for a round.
    resource, resource_name, title
        Of what; a round's title.
    origin, origin_name
        Of a consignment, who sends it.
    """

    mark: str
    at: datetime
    day: date
    kind: str
    what: str
    ref: str
    party: str = ""
    party_name: str = ""
    resource: str = ""
    resource_name: str = ""
    title: str = ""
    origin: str = ""
    origin_name: str = ""

    orders: ClassVar[Orders] = ORDERS


def list_changes(viewer: Viewer, *, after: AfterChoice = "", most: MostChoice = 20) -> list[Change]:
    """Return what was done lately in public, the newest first.

    Raises
    ------
    OptionRefused
        The cursor is of another list.
    """
    lines = list(page_of_rows(_shown(), ORDERS, "", after, most).values_list("id", "at", "name", "about"))
    told: dict[str, dict[str, Any]] = {}
    for kind, tell in TOLD.items():
        refs = {about for _, _, name, about in lines if PUBLIC[name][0] == kind}
        told |= tell(refs) if refs else {}
    return [
        Change(mark, at, at.date(), *PUBLIC[name], about, **told[about])
        for mark, at, name, about in lines
        if about in told
    ]


def _shown() -> QuerySet[ActionLine]:
    """Return the lines whose subject everybody may see; a vote becomes public when it decides."""
    needs = Need.objects.filter(pk=OuterRef("about"), approved_at__isnull=False)
    rounds = Round.objects.filter(pk=OuterRef("about"), published__gt=0)
    of_rounds = [name for name, (kind, _) in PUBLIC.items() if kind == "round"]
    # The text put behind the name keeps the database on the index by time: it stops when the page is full.
    public = In(Concat(F("name"), Value(""), output_field=CharField()), list(PUBLIC))
    return ActionLine.objects.filter(
        Q(public),
        ~Q(name="need approve") | Q(Exists(needs)),
        ~Q(name__in=of_rounds) | Q(Exists(rounds)),
        ~Q(name="round decide") | Q(answer__facts__state="decided"),
    )


def _of_needs(refs: set[str]) -> dict[str, dict[str, Any]]:
    return {
        row.ref: {
            "party": row.party_id, "party_name": row.party.name, "resource": row.resource_id,
            "resource_name": row.resource.name,
        }
        for row in Need.objects.filter(pk__in=refs, approved_at__isnull=False).select_related("party", "resource")
    }  # fmt: skip


def _of_offers(refs: set[str]) -> dict[str, dict[str, Any]]:
    return {
        row.ref: {
            "party": row.donor_id, "party_name": row.donor.name, "resource": row.resource_id,
            "resource_name": row.resource.name,
        }
        for row in Offer.objects.filter(pk__in=refs).select_related("donor", "resource")
    }  # fmt: skip


def _of_rounds(refs: set[str]) -> dict[str, dict[str, Any]]:
    return {
        row.ref: {"title": row.title, "resource": row.resource_id, "resource_name": row.resource.name}
        for row in Round.objects.filter(pk__in=refs, published__gt=0).select_related("resource")
    }


def _of_consignments(refs: set[str]) -> dict[str, dict[str, Any]]:
    return {
        row.ref: {
            "party": row.destination_id, "party_name": row.destination.name, "origin": row.origin_id,
            "origin_name": row.origin.name,
        }
        for row in Consignment.objects.filter(pk__in=refs).select_related("origin", "destination")
    }  # fmt: skip


TOLD = {"need": _of_needs, "offer": _of_offers, "round": _of_rounds, "consignment": _of_consignments}
