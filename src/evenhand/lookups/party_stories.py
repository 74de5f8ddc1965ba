"""One party as its page tells it: where it stands, what it belongs to, what reached it, its rounds, what travels.

Called by the page of a party. Bounded: so many questions to the database however many clinics a state has, and however
many consignments. What it needs and gives is in the book that `lookups.snapshot` keeps. All of it is public but the rounds,
which a viewer sees as `lookups.rounds` says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Final

from django.db.models import Case, CharField, Max, Q, Sum, Value, When

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import refuse_unknown, split
from evenhand.lookups.consignments import in_state
from evenhand.lookups.gaps import Gap, list_gaps
from evenhand.lookups.groups import Belonging
from evenhand.lookups.parties import Party
from evenhand.lookups.reach import below
from evenhand.lookups.rounds import seen_rounds
from evenhand.lookups.snapshot import read_book
from evenhand.lookups.standings import Amount, Book, tidy
from evenhand.lookups.version import names_known
from evenhand.records import models as records
from evenhand.stockbook.models import Consignment, ConsignmentLine, Entry
from evenhand.stockbook.travelling import NOT_REVERSED

MOST_BELOW: Final = 400
"""So many parties below one are told of by name; how many there are is said."""

MOST_JOURNEYS: Final = 10
STATES: Final = ("cancelled", "planned", "sent", "part received")


@dataclass(frozen=True, slots=True)
class Below:
    """Hold one party below another: how far below, where it is, and how far the least met of its own needs is met."""

    key: str
    name: str
    kind: str
    parent: str
    depth: int
    latitude: float | None
    longitude: float | None
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class Stock:
    """Hold how far the need of a party for one family is met, in the family's unit, each unit counted once."""

    family: str
    name: str
    unit: str
    needed: Amount
    held: Amount
    received: Amount
    on_the_way: Amount
    allocated: Amount
    gap: Amount

    @property
    def there(self) -> Amount:
        """Return what is there."""
        return self.held + self.received


@dataclass(frozen=True, slots=True)
class InRound:
    """Hold one round that chose a need of a party, and what the book shows that it was given there."""

    ref: str
    title: str
    resource: str
    state: str
    day: date
    told: bool
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Journey:
    """Hold one consignment to or from a party; `lines` are resource, base unit and base units."""

    ref: str
    origin: str
    destination: str
    state: str
    leaves_on: date | None
    due_on: date | None
    lines: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class PartyStory:
    """Hold one party as its page tells it.

    Attributes
    ----------
    above
        The parties above it, nearest first.
    below
        Those below it, each after the one above it, at most `MOST_BELOW` of `below_count`.
    groups, offices
        All memberships and offices it ever had, as `Belonging`s whose `party` is the group.
    """

    party: Party
    above: tuple[str, ...]
    below: tuple[Below, ...]
    below_count: int
    groups: tuple[Belonging, ...]
    offices: tuple[Belonging, ...]
    needs: tuple[Gap, ...]
    stocks: tuple[Stock, ...]
    rounds: tuple[InRound, ...]
    journeys: tuple[Journey, ...]


def get_party_story(viewer: Viewer, key: Annotated[str, "the party's key, such as TCD"]) -> PartyStory:
    """Return a party as its page tells it. Raises NameUnknown, with the nearest key."""
    near = Q(pk=key) | Q(parent=key) | Q(parent__parent=key) | Q(parent__parent__parent=key)
    found = list(records.Party.objects.filter(near).order_by("key")[: MOST_BELOW + 1])
    row = next((one for one in found if one.key == key), None)
    if row is None:
        row = records.Party.objects.filter(pk=key).first()
    if row is None:
        raise refuse_unknown("party", key)
    names_known().add(("party", key))
    book = read_book(None)
    codes, groups, offices = _facts(key)
    party = Party(
        row.key, row.name, row.kind, row.parent_id or "", row.place_id or "", split(row.handles), codes, row.latitude,
        row.longitude, row.retired_on,
    )  # fmt: skip
    needs = list_gaps(viewer, by="need", party=key)
    return PartyStory(
        party, _above(book, row), tuple(_below(book, row, found, needs)),
        sum(key in book.above(one)[1:] for one in book.parents), groups, offices, tuple(needs),
        tuple(_stocks(viewer, book, key)), tuple(_rounds(viewer, key)), tuple(_journeys(key)),
    )  # fmt: skip


def _above(book: Book, row: records.Party) -> tuple[str, ...]:
    return book.above(row.parent_id) if row.parent_id else ()


def _facts(key: str) -> tuple[tuple[str, ...], tuple[Belonging, ...], tuple[Belonging, ...]]:
    """Return the codes, memberships and offices of a party, in one question."""
    nothing = Value("", CharField())

    def asked(rows: Any, kind: str, *columns: str) -> Any:
        named: dict[str, Any] = {
            f"c{place}": Case(default=column, output_field=CharField()) for place, column in enumerate(columns)
        }
        named |= {f"c{place}": nothing for place in range(len(columns), 6)}
        return rows.order_by().annotate(what_=Value(kind, CharField()), **named).values_list("what_", *sorted(named))

    rows = asked(records.Code.objects.filter(of="party", key=key), "code", "scheme", "code").union(
        asked(records.Membership.objects.filter(party=key), "member", "group_id", "group__name", "status", "since", "until", "source"),
        asked(records.Office.objects.filter(party=key), "office", "group_id", "group__name", "office", "since", "until", "source"),
        all=True,
    )  # fmt: skip
    found = sorted(tuple(map(str, row)) for row in rows)
    return (
        tuple(f"{row[1]}:{row[2]}" for row in found if row[0] == "code"),
        tuple(Belonging(*row[1:]) for row in found if row[0] == "member"),
        tuple(Belonging(*row[1:]) for row in found if row[0] == "office"),
    )


def _below(book: Book, row: records.Party, found: Iterable[records.Party], needs: Iterable[Gap]) -> Iterable[Below]:
    """Return the parties below one, each after its parent."""
    children: dict[str, list[records.Party]] = {}
    for one in found:
        children.setdefault(one.parent_id or "", []).append(one)
    sums: dict[str, list[Fraction]] = {}
    for gap in needs:
        sums.setdefault(gap.party, []).append(gap.share)

    def walk(parent: str, depth: int) -> Iterable[Below]:
        for one in children.get(parent, ()):
            share = min(sums.get(one.key, ()), default=None)
            yield Below(one.key, one.name, one.kind, parent, depth, one.latitude, one.longitude, share)
            if depth < 4:
                yield from walk(one.key, depth + 1)

    return walk(row.key, 1)


def _stocks(viewer: Viewer, book: Book, key: str) -> Iterable[Stock]:
    """Return how far each family's need is met: what is there, parted into held and received; what is coming, likewise."""
    held: dict[str, Amount] = {}
    for need in book.needs_of(key, ""):
        family = book.family(need.resource)
        held[family] = held.get(family, 0) + need.held * book.family_size(need.resource)
    moving: dict[str, Amount] = {}
    for holder, cells in book.by_holder.items():
        if holder and key in book.above(holder):
            for (resource, stage), units in cells.items():
                if stage == "in-transit":
                    family = book.family(resource)
                    moving[family] = moving.get(family, 0) + units * book.family_size(resource)
    for gap in list_gaps(viewer, by="resource", party=key):
        own = min(gap.there, held.get(gap.family, 0))
        on_the_way = min(gap.coming, moving.get(gap.family, 0))
        yield Stock(
            gap.family, gap.family_name, gap.unit, gap.needed, own, tidy(gap.there - own), tidy(on_the_way),
            tidy(gap.coming - on_the_way), gap.gap,
        )  # fmt: skip


def _rounds(viewer: Viewer, key: str) -> Iterable[InRound]:
    """Return the rounds that chose a need of the party, the newest first, with what was allocated to it in each."""
    chosen = seen_rounds(viewer).filter(needs__need__party=key).distinct().order_by("-made_at", "ref")
    rows = list(chosen[:20])
    entries = Entry.objects.filter(
        NOT_REVERSED, verb="allocate", target__holder=key, concerns__in=[row.ref for row in rows]
    )
    sums: dict[str, tuple[int, str]] = {
        concerns: (int(units), unit)
        for concerns, unit, units in entries.values_list("concerns")
        .annotate(unit=Max("resource__base_unit"), units=Sum("quantity"))
        .order_by()
    } if rows else {}  # fmt: skip
    for row in rows:
        amount, unit = sums.get(row.ref, (0, ""))
        yield InRound(
            row.ref, row.title, row.resource_id, row.state, row.date, row.published > 0 and row.state != "cancelled",
            amount, unit,
        )  # fmt: skip


def _journeys(key: str) -> Iterable[Journey]:
    """Return the newest consignments to and from a party or those below it."""
    state = Case(
        *(When(in_state(name, few=True), then=Value(name)) for name in STATES),
        default=Value("closed"),
        output_field=CharField(),
    )
    chosen = Q(origin__in=below([key])) | Q(destination__in=below([key]))
    newest = Consignment.objects.filter(chosen).order_by("-made_at", "ref")[:MOST_JOURNEYS]
    rows = list(
        Consignment.objects.filter(pk__in=newest.values("pk")).annotate(state_=state).order_by("-made_at", "ref")
    )
    lines: dict[str, list[tuple[str, str, int]]] = {}
    packed = ConsignmentLine.objects.filter(consignment__in=[row.ref for row in rows])
    for ref, resource, unit, units in packed.values_list(
        "consignment", "offer__resource", "offer__resource__base_unit"
    ).annotate(Sum("quantity")).order_by("consignment", "offer__resource"):  # fmt: skip
        lines.setdefault(ref, []).append((resource, unit, int(units)))
    for row in rows:
        yield Journey(
            row.ref, row.origin_id, row.destination_id, row.state_, row.leaves_on, row.due_on,
            tuple(lines.get(row.ref, ())),
        )  # fmt: skip
