"""What rounds were made from: how large they are, what they chose, and their frozen tables byte for byte.

The same as `lookups.rounds` shows, to the same viewers, in one or two questions each. Called by the pages of rounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from evenhand.access.rights import RIGHTS, may
from evenhand.access.viewers import ANYTHING, Viewer
from evenhand.lookups.reach import ALL
from evenhand.lookups.round_stories import row_of
from evenhand.rounds import models as rounds


@dataclass(frozen=True, slots=True)
class Size:
    """Hold how large a round is: its recipients, its lots, and what these hold in base units of its resource."""

    recipients: int
    lots: int
    units: int


def read_sizes(viewer: Viewer, refs: tuple[str, ...] = ()) -> Mapping[str, Size]:
    """Return how large rounds are that a viewer has been shown: one question for a whole page of them.

    Parameters
    ----------
    refs
        Refs from `lookups.rounds.list_rounds` for the same viewer; others are left out of the answer.
    """
    own = Q(published__gt=0) | Q(group__in=sorted(viewer.groups(*RIGHTS["see proposals"])))
    chosen = rounds.Round.objects.filter(ALL if may(viewer, "see proposals", ANYTHING) else own, pk__in=refs)
    needs = rounds.RoundNeed.objects.filter(round=OuterRef("pk")).order_by().values("round")
    lots = rounds.RoundLot.objects.filter(round=OuterRef("pk")).order_by().values("round")
    rows = chosen.order_by().annotate(
        people=Subquery(needs.annotate(n=Count("need__party", distinct=True)).values("n")),
        lot_count=Subquery(lots.annotate(n=Count("*")).values("n")),
        units=Subquery(lots.annotate(n=Sum(F("packs") * F("pack_size"))).values("n")),
    )
    found = rows.values_list("pk", "people", "lot_count", "units")
    return {ref: Size(people or 0, number or 0, int(units or 0)) for ref, people, number, units in found}


@dataclass(frozen=True, slots=True)
class ChosenNeed:
    """Hold one need that a round chose, as the round's group published it."""

    ref: str
    party: str
    party_name: str
    resource: str
    quantity: int
    base_unit: str
    by_when: Any


@dataclass(frozen=True, slots=True)
class ChosenLot:
    """Hold one lot that a round chose; `pack_size` in base units."""

    offer: str
    donor: str
    donor_name: str
    resource: str
    base_unit: str
    packs: int
    pack_size: int
    expires: Any


def read_chosen(viewer: Viewer, ref: str) -> tuple[tuple[ChosenNeed, ...], tuple[ChosenLot, ...]]:
    """Return the needs and lots that a round chose, before there is a plan. Raises NameUnknown."""
    row = row_of(viewer, ref)
    needs = row.needs.select_related("need__party", "need__resource").order_by("need__party", "need")
    lots = row.lots.select_related("offer__donor", "offer__resource").order_by("offer__donor", "offer")
    return (
        tuple(
            ChosenNeed(
                one.need_id, one.need.party_id, one.need.party.name, one.need.resource_id, one.need.quantity,
                one.need.resource.base_unit, one.need.by_when,
            )
            for one in needs
        ),
        tuple(
            ChosenLot(
                one.offer_id, one.offer.donor_id, one.offer.donor.name, one.offer.resource_id,
                one.offer.resource.base_unit, one.packs, one.pack_size, one.offer.expires,
            )
            for one in lots
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FrozenRound:
    """Hold a round's terms and its frozen tables by name; none before it is frozen."""

    ref: str
    title: str
    resource_kind: str
    base_unit: str
    per_person: str
    rule: str
    floor: str
    max_lots: int | None
    day: Any
    frozen_digest: str
    tables: Mapping[str, bytes]


def get_frozen(viewer: Viewer, ref: str) -> FrozenRound:
    """Return a round's terms and frozen tables. Raises NameUnknown."""
    row = row_of(viewer, ref)
    return FrozenRound(
        row.ref, row.title, row.resource.kind, row.resource.base_unit, row.resource.per_person, row.rule, row.floor,
        row.max_lots, row.date, row.frozen_digest,
        {table.name: bytes(table.body) for table in row.tables.order_by("name")},
    )  # fmt: skip
