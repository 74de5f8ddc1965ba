"""The stock book as it may be read: balances, the history of entries, the path of an offer to the last hand.

Everybody reads all of it, because every figure must be checkable; the public id of who wrote an entry is for auditors,
and what people wrote about a loss for those who have a part in it. Balances of a past day are rebuilt from entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When

from evenhand.access.viewers import Viewer
from evenhand.ledger.stages import STAGE_NAMES, VERBS
from evenhand.lookups.choosing import (
    GroupChoice,
    ResourceChoice,
    of_group,
    of_party,
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
from evenhand.lookups.reach import reach_of
from evenhand.lookups.rounds import tells_names
from evenhand.lookups.searching import parties_with, resources_with, words_of
from evenhand.records.models import Offer
from evenhand.stockbook import models as stockbook
from evenhand.stockbook import tracing

ORDERS = Orders({"seq": By("seq", kind=int)}, default="seq", key=By("seq", kind=int))
"""The order of the book; "-seq" has the newest first."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Hold what stands in one account.

    Attributes
    ----------
    account
        Its key: stage, offer, and who holds the units (or the consignment they travel in).
    donor
        Who gave them.
    base_units
        How many; below zero for `outside` alone.
    """

    account: str
    stage: str
    offer: str
    donor: str
    holder: str
    resource: str
    base_unit: str
    base_units: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one entry as a viewer may see it; the fields of `evenhand.ledger.entries.Entry` and what was noted beside it.

    Attributes
    ----------
    by
        The public id of who wrote it, "" where the viewer may not read audit lines.
    cause, note
        Why units were lost or the entry reversed; `note` is None where the viewer has no part in it.
    reversed_by
        The entry that took it back, "" where none did.
    """

    seq: int
    entry: str
    action: str
    by: str
    verb: str
    source: str
    target: str
    donor: str
    donor_name: str
    resource: str
    resource_name: str
    base_unit: str
    quantity: int
    typed: str
    unit: str
    value: str
    currency: str
    valued_on: str
    happened: str
    recorded: str
    concerns: str
    reverses: str
    reversed_by: str
    cause: str
    note: str | None

    orders: ClassVar[Orders] = ORDERS


@dataclass(frozen=True, slots=True)
class Path:
    """Hold what became of every unit of an offer, to the last hand: what its donor follows.

    Attributes
    ----------
    entered
        Base units that entered the book.
    stages
        Stage → base units that are there now; they add up to `entered`.
    shares
        What each party got of it and what became of that, by party.
    history
        Every entry, in order.
    """

    offer: str
    donor: str
    resource: str
    entered: int
    stages: dict[str, int]
    shares: tuple[tracing.Share, ...]
    history: tuple[Entry, ...]


def list_balances(
    viewer: Viewer,
    *,
    party: Annotated[str, "only what this party holds, or one below it"] = "",
    group: GroupChoice = "",
    donor: Annotated[str, "only what this party gave, or one below it"] = "",
    resource: ResourceChoice = "",
    offer: Annotated[str, "only of this offer, OF-..."] = "",
    stage: Annotated[str, "only in this stage, such as received"] = "",
    day: Annotated[date | None, "as the book stood at the end of this day; now where not said"] = None,
) -> list[Balance]:
    """Return the accounts that hold something, by account; `outside` only where it is asked for.

    Raises
    ------
    NameUnknown
        There is no such party, group, donor or resource.
    OptionRefused
        There is no such stage.
    """
    one_of("stage", stage, STAGE_NAMES)
    chosen = stockbook.Account.objects.filter(
        of_party(party, "holder"),
        of_group(group, day, "holder"),
        of_party(donor, "offer__donor"),
        of_resource(resource),
    )
    chosen = chosen.filter(offer=offer) if offer else chosen
    chosen = chosen.filter(stage=stage) if stage else chosen.exclude(stage="outside")
    past = None if day is None else balances_on(day)
    rows = chosen.select_related("offer", "resource").order_by("key")
    balances = ((row, row.balance if past is None else past.get(row.key, 0)) for row in rows)
    return [
        Balance(
            row.key, row.stage, row.offer_id, row.offer.donor_id, row.holder, row.resource_id, row.resource.base_unit,
            balance,
        )
        for row, balance in balances
        if balance
    ]  # fmt: skip


def list_entries(
    viewer: Viewer,
    *,
    party: Annotated[str, "only to or from what this party holds, or one below it"] = "",
    donor: Annotated[str, "only units that this party gave, or one below it"] = "",
    resource: ResourceChoice = "",
    offer: Annotated[str, "only of this offer, OF-..."] = "",
    account: Annotated[str, "only to or from this account, such as received/OF-.../TCD"] = "",
    concerns: Annotated[str, "only about this round, consignment or offer"] = "",
    verb: Annotated[str, "only such moves, such as receive"] = "",
    since: Annotated[date | None, "only recorded on this day or later"] = None,
    until: Annotated[date | None, "only recorded on this day or before"] = None,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Entry]:
    """Return the entries, in the order of the book, or the newest first for "-seq".

    Parameters
    ----------
    search
        A ref or id is found where it is typed in full; names are found by a part.

    Raises
    ------
    NameUnknown
        There is no such party, donor or resource.
    OptionRefused
        There is no such verb or order; the cursor is of another list.
    """
    chosen = _chosen(party, donor, resource, offer, account, concerns, verb, since, until, search)
    return _entries(viewer, page_of_rows(chosen, ORDERS, order, after, most), few=most is not None)


def count_entries(
    viewer: Viewer,
    *,
    party: str = "",
    donor: str = "",
    resource: ResourceChoice = "",
    offer: str = "",
    account: str = "",
    concerns: str = "",
    verb: str = "",
    since: date | None = None,
    until: date | None = None,
    search: SearchChoice = "",
) -> int:
    """Return how many entries `list_entries` would list; refuses what that refuses.

    All of them are counted by the tree's size, because the sequence has no gaps.
    """
    if not any((party, donor, resource, offer, account, concerns, verb, since, until, search)):
        return stockbook.Head.objects.values_list("size", flat=True).get(pk=1)
    return _chosen(party, donor, resource, offer, account, concerns, verb, since, until, search).count()


def _chosen(
    party: str,
    donor: str,
    resource: str,
    offer: str,
    account: str,
    concerns: str,
    verb: str,
    since: date | None,
    until: date | None,
    search: str,
) -> QuerySet[stockbook.Entry]:
    one_of("verb", verb, VERBS)
    chosen = stockbook.Entry.objects.filter(of_party(donor, "source__offer__donor"), of_resource(resource))
    if party:
        held = stockbook.Account.objects.filter(of_party(party, "holder")).values("pk")
        chosen = chosen.filter(Q(source__in=held) | Q(target__in=held))
    if account:
        chosen = chosen.filter(Q(source=account) | Q(target=account))
    for field, value in (("source__offer", offer), ("concerns", concerns), ("verb", verb)):
        if value:
            chosen = chosen.filter(**{field: value})
    if since is not None:
        chosen = chosen.filter(recorded__gte=since.isoformat())
    if until is not None:
        chosen = chosen.filter(recorded__lt=after_day(until))
    for word in words_of(search):
        chosen = chosen.filter(_with(word))
    return chosen


def _with(word: str) -> Q:
    """Return the condition that a word is an entry's id, ref or verb, or stands in the name of who or what it is about.

    Parts of refs are not looked for: among a million entries only a whole one can be found at once.
    """
    ref = word.upper()
    given = Offer.objects.filter(donor__in=parties_with(word)).values("pk")
    accounts = stockbook.Account.objects.filter(
        Q(offer=ref) | Q(holder=ref) | Q(holder__in=parties_with(word)) | Q(offer__in=given)
    ).values("pk")
    return (
        Q(entry=word)
        | Q(action=word)
        | Q(concerns=ref)
        | Q(verb=word.lower())
        | Q(resource__in=resources_with(word))
        | Q(source__in=accounts)
        | Q(target__in=accounts)
    )


def get_entry(viewer: Viewer, entry: Annotated[str, "the entry's id"]) -> Entry:
    """Return an entry. Raises NameUnknown."""
    found = find_entry(viewer, entry)
    if found is None:
        raise refuse_unknown("entry", entry)
    return found


def get_numbered_entry(viewer: Viewer, seq: Annotated[int, "its number in the book, counted from 1"]) -> Entry:
    """Return the entry with a number. Raises NameUnknown."""
    found = next(iter(_entries(viewer, stockbook.Entry.objects.filter(seq=min(seq, 2**62)))), None)
    if found is None:
        raise refuse_unknown("entry", str(seq))
    return found


def find_entry(viewer: Viewer, entry: str) -> Entry | None:
    """Return an entry, or None."""
    return next(iter(_entries(viewer, stockbook.Entry.objects.filter(entry=entry))), None)


def trace_offer(viewer: Viewer, offer: Annotated[str, "the offer's ref, OF-..."]) -> Path:
    """Return the path of an offer's units to the last hand. Raises NameUnknown."""
    row = Offer.objects.filter(pk=offer).first()
    if row is None:
        raise refuse_unknown("offer", offer)
    path = tracing.trace_offer(row)
    history = _entries(viewer, stockbook.Entry.objects.filter(source__offer=row).order_by("seq"), few=False)
    return Path(path.offer, path.donor, path.resource, path.entered, path.stages, path.shares, tuple(history))


def balances_on(day: date) -> dict[str, int]:
    """Return every account's balance as the book stood at the end of a day, as the sum of its entries."""
    entries = stockbook.Entry.objects.filter(recorded__lt=after_day(day))
    sums: dict[str, int] = {}
    for side, sign in (("source", -1), ("target", 1)):
        for key, total in entries.values_list(side).annotate(total=Sum("quantity")).order_by():
            sums[key] = sums.get(key, 0) + sign * int(total)
    return sums


def after_day(day: date) -> str:
    """Return the text that every time of recording on a day, or before it, is below."""
    return (day + timedelta(days=1)).isoformat()


def _entries(viewer: Viewer, rows: QuerySet[stockbook.Entry], *, few: bool = True) -> list[Entry]:
    names = tells_names(viewer)
    reach = reach_of(viewer, "see papers")
    travels = stockbook.Consignment.objects.filter(reach.over("origin", "destination")).values("pk")
    own = reach.over("source__holder", "target__holder", "source__offer__donor")
    own |= Q(source__holder__in=travels) | Q(target__holder__in=travels)
    part = When(own, then=Value(True))
    annotated = rows.annotate(
        part=Case(part, default=Value(False), output_field=BooleanField()),
        donor=F("source__offer__donor"),
        donor_name=F("source__offer__donor__name"),
        resource_name=F("resource__name"),
        base_unit=F("resource__base_unit"),
        cause=F("remark__cause"),
        note=F("remark__note"),
    )
    reversals = stockbook.Entry.objects.exclude(reverses="")
    if few:  # each is looked up by itself, in the same question
        own_reversal = reversals.filter(reverses=OuterRef("entry")).values("entry")[:1]
        annotated = annotated.annotate(reversing=Subquery(own_reversal))
    found: list[Any] = list(annotated.defer("leaf"))
    if few:
        reversed_by = {row.entry: row.reversing for row in found if row.reversing}
    else:
        those = rows.order_by().values("entry")
        reversed_by = dict(reversals.filter(reverses__in=those).values_list("reverses", "entry"))
    return [
        Entry(
            seq=row.seq,
            entry=row.entry,
            action=row.action,
            by=row.by if names else "",
            verb=row.verb,
            source=row.source_id,
            target=row.target_id,
            donor=row.donor,
            donor_name=row.donor_name,
            resource=row.resource_id,
            resource_name=row.resource_name,
            base_unit=row.base_unit,
            quantity=row.quantity,
            typed=row.typed,
            unit=row.unit,
            value=row.value,
            currency=row.currency,
            valued_on=row.valued_on,
            happened=row.happened,
            recorded=row.recorded,
            concerns=row.concerns,
            reverses=row.reverses,
            reversed_by=reversed_by.get(row.entry, ""),
            cause=row.cause or "",
            note=(row.note or "") if row.part else None,
        )
        for row in found
    ]
