"""How far a consignment is, line by line: read from its entries, because no column says so.

Used by the actions on consignments and by the lookups. Sent, good, damaged and missing are sums of entries, reversals
taken off again; what is planned and not sent yet is the one thing that only the lines know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from evenhand.ledger.entries import AccountKey
from evenhand.stockbook.models import Consignment, ConsignmentLine, Entry

IN_TRANSIT = "in-transit"
NOT_REVERSED = ~Exists(Entry.objects.filter(~Q(reverses=""), reverses=OuterRef("entry")))
"""The condition that no later entry has taken this one back. `reverses <> ''` lets the database use its index."""


@dataclass(frozen=True, slots=True)
class LineState:
    """Hold one line of a consignment and what became of it, in base units.

    Attributes
    ----------
    planned
        What the line says.
    sent
        What left: 0 or the planned quantity.
    good, damaged, missing
        What was found on receipt.
    aside
        What expired or went back on the way.
    on_the_way
        What is still in transit: sent − good − damaged − missing − aside.
    """

    line: ConsignmentLine
    sent: int = 0
    good: int = 0
    damaged: int = 0
    missing: int = 0
    aside: int = 0

    @property
    def planned(self) -> int:
        """Return what the line says."""
        return self.line.quantity

    @property
    def on_the_way(self) -> int:
        """Return what is still in transit."""
        return self.sent - self.good - self.damaged - self.missing - self.aside

    @property
    def state(self) -> str:
        """Return planned, sent, part received or closed."""
        if not self.sent:
            return "planned"
        if not self.on_the_way:
            return "closed"
        return "sent" if self.on_the_way == self.sent else "part received"


def state_of(consignment: Consignment, lines: Iterable[LineState]) -> str:
    """Return planned, sent, part received, closed or cancelled."""
    if consignment.cancelled:
        return "cancelled"
    states = {line.state for line in lines}
    if len(states) == 1:
        return states.pop()
    return "part received" if states & {"part received", "closed"} else "sent"


def lines_of(consignment: Consignment) -> list[LineState]:
    """Return the lines of a consignment with what became of each, in order of their numbers."""
    return list(lines_of_many([consignment.ref])[consignment.ref])


def lines_of_many(refs: Iterable[str]) -> Mapping[str, tuple[LineState, ...]]:
    """Return the lines of several consignments with what became of each, in two questions to the database."""
    wanted = list(refs)
    lines = list(find_lines(wanted))
    roads = [transit_of(line) for line in lines]
    rows = Entry.objects.filter(on_roads(roads)).values_list("source_id", "target_id", "verb")
    moves = rows.annotate(Sum("quantity")).order_by()
    return states_of_lines(wanted, lines, [(source, target, verb, int(moved)) for source, target, verb, moved in moves])


def find_lines(refs: Iterable[str]) -> QuerySet[ConsignmentLine]:
    """Return the lines of consignments in order of their numbers, with what they are of."""
    return (
        ConsignmentLine.objects.filter(consignment__in=list(refs))
        .select_related("offer", "offer__donor", "offer__resource", "consignment")
        .order_by("consignment_id", "number")
    )


def on_roads(roads: Iterable[str]) -> Q:
    """Return the condition that an entry comes into one of these accounts or leaves it."""
    keys = list(roads)
    return Q(target__in=keys) | Q(source__in=keys)


def states_of_lines(
    refs: Iterable[str], lines: Iterable[ConsignmentLine], moves: Iterable[tuple[str, str, str, int]]
) -> Mapping[str, tuple[LineState, ...]]:
    """Return what became of each line of some consignments, from what moved on their roads: source, target, verb, quantity."""
    accounts = {transit_of(line): line for line in lines}
    moved: dict[str, dict[str, int]] = {key: {} for key in accounts}
    for source, target, verb, quantity in moves:
        # What came in from where things are sent is sent; a reversal of a receipt comes back in from `received`.
        if target in moved:
            name = AccountKey.read(source).stage if verb == "reverse" else "sent"
            moved[target][name] = moved[target].get(name, 0) + (quantity if name == "sent" else -quantity)
        if source in moved:
            name = "sent" if verb == "reverse" else AccountKey.read(target).stage
            moved[source][name] = moved[source].get(name, 0) + (-quantity if name == "sent" else quantity)
    found: dict[str, list[LineState]] = {ref: [] for ref in refs}
    for key, line in accounts.items():
        part = moved[key]
        found[line.consignment_id].append(
            LineState(
                line,
                sent=part.get("sent", 0),
                good=part.get("received", 0),
                damaged=part.get("damaged", 0),
                missing=part.get("missing", 0),
                aside=part.get("expired", 0) + part.get("returned", 0),
            )
        )
    return {ref: tuple(states) for ref, states in found.items()}


def transit_of(line: ConsignmentLine) -> str:
    """Return the key of the account in which a line travels."""
    return str(AccountKey(IN_TRANSIT, line.offer_id, line.consignment_id))


def open_plans(sources: Iterable[AccountKey]) -> dict[AccountKey, int]:
    """Return how much planned consignments that have not left mean to take from each of these accounts."""
    wanted = {str(source): source for source in sources}
    sent = Entry.objects.filter(
        NOT_REVERSED, concerns=OuterRef("consignment_id"), verb="dispatch", source_id=OuterRef("source")
    )
    rows = (
        ConsignmentLine.objects.filter(~Exists(sent), source__in=wanted, consignment__cancelled=False)
        .values_list("source")
        .annotate(Sum("quantity"))
    )
    planned = {source: int(quantity) for source, quantity in rows}
    return {source: planned.get(key, 0) for key, source in wanted.items()}
