"""Consignments: what travels from whom to whom, how far it is, what was damaged or missing and why.

Everybody sees that. The papers (carrier, waybill, codes on the boxes) and what people wrote about a loss are for those
who send, give, receive or arrange it, because a lorry whose papers are known can be met on its way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, NamedTuple

from django.db.models import BooleanField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from evenhand.access.viewers import Viewer
from evenhand.ledger.entries import AccountKey
from evenhand.lookups.choosing import (
    DayChoice,
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
from evenhand.lookups.reach import reach_of
from evenhand.lookups.searching import search as matching
from evenhand.lookups.searching import words_of
from evenhand.lookups.snapshot import read_book
from evenhand.records.models import FAR
from evenhand.stockbook import models as stockbook
from evenhand.stockbook.models import Account, Entry
from evenhand.stockbook.travelling import (
    IN_TRANSIT,
    NOT_REVERSED,
    LineState,
    find_lines,
    on_roads,
    state_of,
    states_of_lines,
    transit_of,
)

STATES = ("planned", "sent", "part received", "closed", "cancelled")
NOT_IN_GOOD_ORDER = ("damaged", "missing", "expired", "returned")
"""Stages into which what left in a consignment comes if it does not arrive in good order."""

AT_ONCE = 2000
"""So many consignments are looked into with one set of questions; a page has fewer, all of them at once would be too many."""

ORDERS = Orders(
    {
        "ref": By("ref"),
        "origin": By("origin_id", "origin"),
        "destination": By("destination_id", "destination"),
        "leaves_on": By("leaves_on", kind=date, empty=FAR),
        "due_on": By("due_on", kind=date, empty=FAR),
        "made_at": By("made_at", kind=datetime),
    },
    default="ref",
    key=By("ref"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of a consignment and what became of it, in base units.

    Attributes
    ----------
    planned
        What the line says; `typed` and `unit` as it was typed.
    good, damaged, missing, aside
        What was found on receipt; what expired or went back on the way.
    on_the_way
        What left and has not been found yet.
    mark
        The batch or lot number on the goods; None where the viewer may not read the papers.
    """

    number: int
    offer: str
    donor: str
    donor_name: str
    resource: str
    resource_name: str
    base_unit: str
    planned: int
    typed: str
    unit: str
    good_until: date | None
    mark: str | None
    state: str
    sent: int
    good: int
    damaged: int
    missing: int
    aside: int
    on_the_way: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold one finding: so many base units that left and did not arrive in good order, why, and when.

    Attributes
    ----------
    what
        damaged, missing, expired or returned.
    note
        What people wrote about it; None where the viewer may not read the papers.
    """

    entry: str
    offer: str
    resource: str
    what: str
    quantity: int
    happened: str
    cause: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Consignment:
    """Hold one consignment as a viewer may see it.

    Attributes
    ----------
    carrier, waybill, code
        None where the viewer may not read the papers.
    state
        planned, sent, part received, closed or cancelled.
    dispatched_on, last_received_on
        ISO dates from its entries, "" where there are none.
    """

    ref: str
    kind: str
    origin: str
    origin_name: str
    destination: str
    destination_name: str
    carrier: str | None
    waybill: str | None
    code: str | None
    leaves_on: date | None
    due_on: date | None
    programme: str
    state: str
    dispatched_on: str
    last_received_on: str
    made_at: datetime
    lines: tuple[Line, ...]
    differences: tuple[Difference, ...]

    orders: ClassVar[Orders] = ORDERS


def list_consignments(
    viewer: Viewer,
    *,
    party: Annotated[str, "only from or to this party, or one below it"] = "",
    origin: Annotated[str, "only from this party, or one below it"] = "",
    destination: Annotated[str, "only to this party, or one below it"] = "",
    late_on: Annotated[date | None, "only those that were due before this day and have not wholly arrived"] = None,
    group: Annotated[str, "only to members of this group, on the day, and everything below them"] = "",
    donor: Annotated[str, "only with units given by this party, or one below it"] = "",
    offer: Annotated[str, "only with units of this offer, OF-..."] = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    state: Annotated[str, "planned, sent, part received, closed or cancelled"] = "",
    day: DayChoice = None,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Consignment]:
    """Return the consignments, by ref or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such party, group, donor, resource or programme.
    OptionRefused
        There is no such state or order; the cursor is of another list.
    """
    chosen = _chosen(party, group, donor, offer, resource, programme, state, day, search)
    chosen = chosen.filter(_between(origin, destination), _late(late_on))
    return consignments_of(viewer, page_of_rows(chosen, ORDERS, order, after, most))


def count_consignments(
    viewer: Viewer,
    *,
    party: str = "",
    origin: str = "",
    destination: str = "",
    late_on: date | None = None,
    group: str = "",
    donor: str = "",
    offer: str = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    state: str = "",
    day: DayChoice = None,
    search: SearchChoice = "",
) -> int:
    """Return how many consignments `list_consignments` would list; refuses what that refuses."""
    chosen = _chosen(party, group, donor, offer, resource, programme, state, day, search)
    narrowed = party or origin or destination or late_on or group or donor or offer or resource or programme
    if state and not narrowed and not words_of(search):  # counted once for a book: it means looking at every one
        return read_book(None).kept(("consignments", state), lambda _: chosen.count())
    return chosen.filter(_between(origin, destination), _late(late_on)).count()


def _chosen(
    party: str,
    group: str,
    donor: str,
    offer: str,
    resource: str,
    programme: str,
    state: str,
    day: date | None,
    search: str,
) -> QuerySet[stockbook.Consignment]:
    one_of("state of a consignment", state, STATES)
    chosen = stockbook.Consignment.objects.filter(
        of_party(party, "origin", "destination"), of_group(group, day, "destination"), of_programme(programme)
    )
    carried = of_party(donor, "offer__donor") & of_resource(resource, "offer__resource")
    if offer:
        carried &= Q(offer=offer)
    if carried:
        chosen = chosen.filter(Exists(stockbook.ConsignmentLine.objects.filter(carried, consignment=OuterRef("pk"))))
    if state:
        chosen = chosen.filter(in_state(state))
    return chosen.filter(matching(search, ["ref"], parties=["origin", "destination"]))


def _between(origin: str, destination: str) -> Q:
    return of_party(origin, "origin") & of_party(destination, "destination")


def _late(day: date | None) -> Q:
    if day is None:
        return Q()
    return Q(due_on__lt=day) & (in_state("planned") | in_state("sent") | in_state("part received"))


def in_state(state: str, *, few: bool = False) -> Q:
    """Return the condition that a consignment is in a state: what `state_of` says, asked of the database.

    Whether something of it is on its way, and whether it ever left, stands in its accounts; only where a line never left, or
    a dispatch was taken back, are entries asked. A reversal takes back the whole of an entry.

    Parameters
    ----------
    few
        Only a few rows are asked about: each is looked into by itself, and no list is made of all that there are.
    """
    if state == "cancelled":
        return Q(cancelled=True)
    # Only what travels is held by a consignment, so its ref says enough: a stage beside it would mislead the database's planner.
    road = Account.objects.filter(stage=IN_TRANSIT)
    own = Account.objects.filter(holder=OuterRef("pk"))
    on_its_way = Q(pk__in=road.filter(balance__gt=0).values("holder"))
    if few:
        on_its_way = Q(Exists(own.filter(pk__startswith=f"{IN_TRANSIT}/", balance__gt=0)))
    found = Q(Exists(Entry.objects.filter(NOT_REVERSED, source__holder=OuterRef("pk")).exclude(verb="reverse")))
    if state == "sent":
        return Q(cancelled=False) & on_its_way & ~found
    left = Q(Exists(own))
    taken_back = Q(pk__in=Entry.objects.exclude(reverses="").values("source__holder"))
    if few:
        taken_back = Q(Exists(Entry.objects.exclude(reverses="").filter(source__holder=OuterRef("pk"))))
    sent = Q(Exists(Entry.objects.filter(NOT_REVERSED, verb="dispatch", target__holder=OuterRef("pk"))))
    if state == "planned":
        return Q(cancelled=False) & (~left | taken_back & ~sent)
    lines = stockbook.ConsignmentLine.objects.alias(
        road=Concat(Value(f"{IN_TRANSIT}/"), F("offer"), Value("/"), F("consignment"), output_field=CharField())
    )
    # Of a consignment with one line alone, that line has a road wherever anything left: only the others are looked into.
    several = stockbook.ConsignmentLine.objects.filter(number__gt=1).values("consignment")
    roadless = lines.filter(~Exists(Account.objects.filter(pk=OuterRef("road"))), consignment__in=several)
    no_road = Q(pk__in=roadless.values("consignment"))
    if few:
        no_road = Q(
            Exists(lines.filter(~Exists(Account.objects.filter(pk=OuterRef("road"))), consignment=OuterRef("pk")))
        )
    dispatched = Entry.objects.filter(NOT_REVERSED, verb="dispatch", target=OuterRef("road"))
    unsent = Q(Exists(lines.filter(~Exists(dispatched), consignment=OuterRef("pk"))))
    odd = no_road | taken_back
    if state == "part received":
        return Q(cancelled=False) & (on_its_way | odd & sent & unsent) & found
    return Q(cancelled=False) & left & ~on_its_way & (~odd | sent & found & ~unsent)


def get_consignment(viewer: Viewer, ref: Annotated[str, "the consignment's ref, CN-..."]) -> Consignment:
    """Return a consignment. Raises NameUnknown."""
    found = find_consignment(viewer, ref)
    if found is None:
        raise refuse_unknown("consignment", ref)
    return found


def find_consignment(viewer: Viewer, ref: str) -> Consignment | None:
    """Return a consignment, or None."""
    return next(iter(consignments_of(viewer, stockbook.Consignment.objects.filter(pk=ref))), None)


def consignments_of(viewer: Viewer, rows: QuerySet[stockbook.Consignment]) -> list[Consignment]:
    """Return these rows as a viewer may see them, with what became of each line."""
    reach = reach_of(viewer, "see papers")
    given = stockbook.ConsignmentLine.objects.filter(reach.over("offer__donor"), consignment=OuterRef("pk"))
    part = When(reach.over("origin", "destination") | Q(Exists(given)), then=Value(True))
    found = list(
        rows.select_related("origin", "destination").annotate(
            part=Case(part, default=Value(False), output_field=BooleanField())
        )
    )
    return [one for start in range(0, len(found), AT_ONCE) for one in _with_lines(found[start : start + AT_ONCE])]


def _with_lines(found: list[Any]) -> Iterable[Consignment]:
    """Return these rows with what became of them, in the same number of questions however many they are."""
    refs = [row.ref for row in found]
    packed = list(find_lines(refs))
    moves = _moves([transit_of(line) for line in packed])
    lines = states_of_lines(refs, packed, [(one.source, one.target, one.verb, one.quantity) for one in moves])
    standing = [one for one in moves if not one.taken_back]
    differences, days = _differences(standing), _days(standing)
    return [
        Consignment(
            ref=row.ref,
            kind=row.kind,
            origin=row.origin_id,
            origin_name=row.origin.name,
            destination=row.destination_id,
            destination_name=row.destination.name,
            carrier=row.carrier if row.part else None,
            waybill=row.waybill if row.part else None,
            code=row.code if row.part else None,
            leaves_on=row.leaves_on,
            due_on=row.due_on,
            programme=row.programme_id or "",
            state=state_of(row, lines[row.ref]),
            dispatched_on=days.get((row.ref, "dispatch"), ""),
            last_received_on=days.get((row.ref, "receive"), ""),
            made_at=row.made_at,
            lines=tuple(_line(one, papers=row.part) for one in lines[row.ref]),
            differences=tuple(one if row.part else replace(one, note=None) for one in differences.get(row.ref, ())),
        )
        for row in found
    ]


def _line(state: LineState, *, papers: bool) -> Line:
    row = state.line
    return Line(
        number=row.number,
        offer=row.offer_id,
        donor=row.offer.donor_id,
        donor_name=row.offer.donor.name,
        resource=row.offer.resource_id,
        resource_name=row.offer.resource.name,
        base_unit=row.offer.resource.base_unit,
        planned=state.planned,
        typed=row.typed,
        unit=row.unit,
        good_until=row.good_until,
        mark=row.mark if papers else None,
        state=state.state,
        sent=state.sent,
        good=state.good,
        damaged=state.damaged,
        missing=state.missing,
        aside=state.aside,
        on_the_way=state.on_the_way,
    )


class _Move(NamedTuple):
    """Hold one entry on the road of a line, and whether a later one has taken it back."""

    entry: str
    verb: str
    source: str
    target: str
    resource: str
    quantity: int
    happened: str
    cause: str
    note: str
    taken_back: bool


def _moves(roads: list[str]) -> list[_Move]:
    """Return every entry on these roads in the order of the book, in one question.

    No word of verbs to the database: it finds the entries of these roads by their accounts, and they are few. What takes an
    entry back moves between the same two accounts, so it is among them.
    """
    columns = (
        "entry", "verb", "source_id", "target_id", "resource_id", "quantity", "happened", "remark__cause", "remark__note",
        "reverses",
    )  # fmt: skip
    rows = list(Entry.objects.filter(on_roads(roads)).order_by("seq").values_list(*columns))
    taken_back = {row[-1] for row in rows} - {""}
    return [
        _Move(entry, verb, source, target, resource, int(quantity), day, cause or "", note or "", entry in taken_back)
        for entry, verb, source, target, resource, quantity, day, cause, note, _ in rows
    ]


def _differences(moves: Iterable[_Move]) -> dict[str, list[Difference]]:
    """Return what left in these consignments and did not arrive in good order, with every note."""
    found: dict[str, list[Difference]] = {}
    for row in moves:
        source, target = AccountKey.read(row.source), AccountKey.read(row.target)
        if source.stage == IN_TRANSIT and target.stage in NOT_IN_GOOD_ORDER and row.verb != "reverse":
            found.setdefault(source.holder, []).append(
                Difference(
                    row.entry, source.offer, row.resource, target.stage, row.quantity, row.happened, row.cause, row.note
                )
            )
    return found


def _days(moves: Iterable[_Move]) -> dict[tuple[str, str], str]:
    """Return the first day of dispatch and the last of receipt, by consignment and verb."""
    found: dict[tuple[str, str], str] = {}
    for row in moves:
        if row.verb not in ("dispatch", "receive"):
            continue
        ref = AccountKey.read(row.target if row.verb == "dispatch" else row.source).holder
        better = min if row.verb == "dispatch" else max
        found[ref, row.verb] = better(found.get((ref, row.verb), row.happened), row.happened)
    return found
