"""Offers: what donors promise, firm or not; what became of each is the sum of its entries.

Everybody sees an offer but its conditions. One that does not count yet (a statement; a pledge of money) is told as its
speaker's claim and stands in no total.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.db.models import BooleanField, Case, Q, QuerySet, Sum, Value, When

from evenhand.access.viewers import Viewer
from evenhand.ledger.stages import KINDS, STAGE_NAMES, counted_from, entered_stage
from evenhand.lookups.choosing import (
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
    split,
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
from evenhand.lookups.reach import reach_of
from evenhand.lookups.searching import search as matching
from evenhand.records import models as records
from evenhand.stockbook.models import Account

STATES = ("claimed", "open", "closed", "withdrawn")
ORDERS = Orders(
    {
        "ref": By("ref"),
        "donor": By("donor_id", "donor"),
        "resource": By("resource_id", "resource"),
        "quantity": By("quantity", kind=int),
        "firmness": By("firmness"),
        "said_on": By("said_on", kind=date),
        "window_until": By("window_until", kind=date, empty=records.FAR),
        "expires": By("expires", kind=date, empty=records.FAR),
        "made_at": By("made_at", kind=datetime),
    },
    default="ref",
    key=By("ref"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """Hold one offer as a viewer may see it. Quantities count base units.

    Attributes
    ----------
    counted
        Firm enough to stand in the book and in totals.
    state
        claimed (not counted), open (some of it is still to be shared out), closed, or withdrawn.
    conditions
        None where the viewer may not read them, "" where there are none.
    stages
        Stage of the book → base units of this offer that stand there now.
    """

    ref: str
    donor: str
    donor_name: str
    resource: str
    resource_name: str
    kind: str
    base_unit: str
    quantity: int
    typed: str
    unit: str
    pack_size: int
    min_packs: int
    firmness: str
    counted: bool
    state: str
    said_on: date
    window_from: date | None
    window_until: date | None
    meant_for: tuple[str, ...]
    not_for: tuple[str, ...]
    conditions: str | None
    expires: date | None
    unit_value: str
    currency: str
    valued_on: date | None
    programme: str
    made_at: datetime
    stages: Mapping[str, int]

    orders: ClassVar[Orders] = ORDERS

    @property
    def claim(self) -> str:
        """Return what is offered as a sentence about who said it and when, never as Evenhand's own."""
        return f"{self.donor_name} ({self.firmness} of {self.said_on}): {self.typed} {self.unit} of {self.resource}"


def list_offers(
    viewer: Viewer,
    *,
    party: PartyChoice = "",
    group: GroupChoice = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    firmness: Annotated[str, "statement, pledge or commitment"] = "",
    state: Annotated[str, "claimed, open, closed or withdrawn"] = "",
    day: Annotated[date | None, "only what had been said by this day"] = None,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Offer]:
    """Return the offers, by ref or in the order asked for.

    Parameters
    ----------
    party, group
        Whose offers: the donor is meant.

    Raises
    ------
    NameUnknown
        There is no such party, group, resource or programme.
    OptionRefused
        There is no such firmness, state or order; the cursor is of another list.
    """
    chosen = _chosen(party, group, resource, programme, firmness, state, day, search)
    return _offers(viewer, page_of_rows(chosen, ORDERS, order, after, most), few=most is not None)


def count_offers(
    viewer: Viewer,
    *,
    party: PartyChoice = "",
    group: GroupChoice = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    firmness: str = "",
    state: str = "",
    day: date | None = None,
    search: SearchChoice = "",
) -> int:
    """Return how many offers `list_offers` would list; refuses what that refuses."""
    return _chosen(party, group, resource, programme, firmness, state, day, search).count()


def _chosen(
    party: str, group: str, resource: str, programme: str, firmness: str, state: str, day: date | None, search: str
) -> QuerySet[records.Offer]:
    one_of("firmness", firmness, records.Offer.FIRMNESS)
    one_of("state of an offer", state, STATES)
    chosen = records.Offer.objects.filter(
        of_party(party, "donor"), of_group(group, day, "donor"), of_resource(resource), of_programme(programme)
    )
    if firmness:
        chosen = chosen.filter(firmness=firmness)
    if day is not None:
        chosen = chosen.filter(said_on__lte=day)
    if state:
        chosen = chosen.filter(_in_state(state))
    return chosen.filter(matching(search, ["ref"], parties=["donor"], resources=["resource"]))


def _in_state(state: str) -> Q:
    """Return the condition that an offer is in a state: what `_offer` says, asked of the database."""
    if state == "withdrawn":
        return Q(withdrawn=True)
    counted = Q()
    for kind in KINDS:
        firm = [firmness for firmness in records.Offer.FIRMNESS if counts(kind, firmness)]
        counted |= Q(resource__kind=kind, firmness__in=firm)
    # Units enter by one stage alone, which it is being a matter of the kind.
    entered = Q(
        pk__in=Account.objects.filter(stage__in={entered_stage(kind) for kind in KINDS}, balance__gt=0).values("offer")
    )
    if state == "claimed":
        return Q(withdrawn=False) & ~counted
    return Q(withdrawn=False) & counted & (entered if state == "open" else ~entered)


def get_offer(viewer: Viewer, ref: Annotated[str, "the offer's ref, OF-..."]) -> Offer:
    """Return an offer. Raises NameUnknown."""
    found = find_offer(viewer, ref)
    if found is None:
        raise refuse_unknown("offer", ref)
    return found


def find_offer(viewer: Viewer, ref: str) -> Offer | None:
    """Return an offer, or None."""
    return next(iter(_offers(viewer, records.Offer.objects.filter(pk=ref))), None)


def told_as_they_stand(viewer: Viewer, stages: Mapping[str, Mapping[str, int]]) -> dict[str, Offer]:
    """Return offers by ref, those that there are, whose stages the caller has added up already."""
    rows: Any = _told(viewer, records.Offer.objects.filter(pk__in=stages))
    return {row.ref: _offer(row, row.readable, stages[row.ref]) for row in rows}


def counts(kind: str, firmness: str) -> bool:
    """Say whether an offer of a kind of resource is firm enough to count.

    Examples
    --------
    >>> counts("goods", "pledge"), counts("money", "pledge"), counts("goods", "statement")
    (True, False, False)
    """
    order = records.Offer.FIRMNESS
    return order.index(firmness) >= order.index(counted_from(kind))


def _told(viewer: Viewer, rows: QuerySet[records.Offer]) -> QuerySet[records.Offer]:
    """Return rows with what an offer is told from, and whether the viewer may read its conditions."""
    readable = When(reach_of(viewer, "see offer conditions").over("donor"), then=Value(True))
    return rows.select_related("donor", "resource").annotate(
        readable=Case(readable, default=Value(False), output_field=BooleanField())
    )


def _offers(viewer: Viewer, rows: QuerySet[records.Offer], *, few: bool = True) -> list[Offer]:
    rows = _told(viewer, rows)
    found: list[Any] = list(rows)
    stages: dict[str, dict[str, int]] = {}
    those: Any = [row.ref for row in found] if few else rows.order_by().values("pk")
    kept = Account.objects.filter(offer__in=those).exclude(stage="outside")
    for ref, stage, total in kept.values_list("offer", "stage").annotate(total=Sum("balance")):
        if total:
            stages.setdefault(ref, {})[stage] = int(total)
    return [_offer(row, row.readable, stages.get(row.ref, {})) for row in found]


def _offer(row: records.Offer, readable: bool, stages: Mapping[str, int]) -> Offer:
    kind = row.resource.kind
    counted = counts(kind, row.firmness)
    if row.withdrawn:
        state = "withdrawn"
    elif not counted:
        state = "claimed"
    else:
        state = "open" if stages.get(entered_stage(kind)) else "closed"
    return Offer(
        ref=row.ref,
        donor=row.donor_id,
        donor_name=row.donor.name,
        resource=row.resource_id,
        resource_name=row.resource.name,
        kind=kind,
        base_unit=row.resource.base_unit,
        quantity=row.quantity,
        typed=row.typed,
        unit=row.unit,
        pack_size=row.pack_size,
        min_packs=row.min_packs,
        firmness=row.firmness,
        counted=counted,
        state=state,
        said_on=row.said_on,
        window_from=row.window_from,
        window_until=row.window_until,
        meant_for=split(row.meant_for),
        not_for=split(row.not_for),
        conditions=row.conditions if readable else None,
        expires=row.expires,
        unit_value=row.unit_value,
        currency=row.currency,
        valued_on=row.valued_on,
        programme=row.programme_id or "",
        made_at=row.made_at,
        stages={stage: stages[stage] for stage in STAGE_NAMES if stage in stages},
    )
