"""A gift followed to the last hand: what became of an offer, by recipient, consignment and round, and what proves it.

Called by the pages of offers and promises. One question about the entries answers all of it, however many there are.
Everybody sees all of it, as the book itself; who wrote an entry and what was noted beside it are `lookups.stock`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value

from evenhand.access.viewers import Target, Viewer
from evenhand.ledger.entries import AccountKey
from evenhand.ledger.stages import MOVES, REVERSE, STAGE_NAMES
from evenhand.lookups.choosing import of_resource, refuse_unknown
from evenhand.lookups.documents import seen_documents
from evenhand.lookups.evidence import seen_evidence
from evenhand.lookups.offers import Offer as OfferTold
from evenhand.lookups.offers import told_as_they_stand
from evenhand.lookups.snapshot import read_book
from evenhand.lookups.standings import FamilyChoice
from evenhand.records.earmarks import PARTY
from evenhand.records.models import EvidenceLink, Offer
from evenhand.rounds.models import Round
from evenhand.stockbook.models import Consignment, Entry
from evenhand.stockbook.tracing import Flow, Share, share_out, travelling_in
from evenhand.stockbook.travelling import IN_TRANSIT

LOST = ("damaged", "missing", "expired")


@dataclass(frozen=True, slots=True)
class Hand:
    """Hold what one party got of a gift, in base units, and where it stands among those that got some.

    Attributes
    ----------
    above
        The nearest party above it that got some too, "" where none did.
    depth
        How many such parties stand above it.
    rounds
        The rounds that decided it.
    share
        What it got, and what became of that.
    """

    party: str
    above: str
    depth: int
    rounds: tuple[str, ...]
    share: Share

    @property
    def lost(self) -> int:
        """Return what was damaged, is missing or expired on the way to it or in its hands."""
        return self.share.damaged + self.share.missing + self.share.expired

    @property
    def coming(self) -> int:
        """Return what was sent to it and has not been found yet."""
        share = self.share
        arrived = share.received + self.lost + share.returned
        return max(0, share.sent - arrived) if share.sent else 0


@dataclass(frozen=True, slots=True)
class Travel:
    """Hold what of a gift travelled in one consignment, in base units."""

    consignment: str
    kind: str
    origin: str
    destination: str
    sent: int
    received: int
    lost: int
    on_the_way: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Decided:
    """Hold what one round gave away of a gift."""

    round: str
    title: str
    quantity: int
    parties: int


@dataclass(frozen=True, slots=True)
class Step:
    """Hold what moved between two accounts for the sake of one thing; `seq` is the newest of its entries.

    Attributes
    ----------
    verb
        What happened, "receive"; "reverse" where all of it was taken back.
    holder
        Who has it then, "" where that is the donor.
    """

    verb: str
    holder: str
    concerns: str
    quantity: int
    first: str
    last: str
    seq: int


@dataclass(frozen=True, slots=True)
class Gift:
    """Hold what became of an offer.

    Attributes
    ----------
    entered
        Base units that entered the book.
    allocated, dispatched, received, used, lost, returned, withdrawn
        What has come at least so far: passed on counts where it ends, paid money as dispatched and received.
    hands
        Who got what, each below the one above it.
    steps
        What happened, in the order of the book.
    """

    offer: OfferTold
    entered: int = 0
    allocated: int = 0
    dispatched: int = 0
    received: int = 0
    used: int = 0
    lost: int = 0
    returned: int = 0
    withdrawn: int = 0
    entries: int = 0
    hands: tuple[Hand, ...] = ()
    travels: tuple[Travel, ...] = ()
    rounds: tuple[Decided, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(slots=True)
class _Way:
    source: AccountKey
    target: AccountKey
    concerns: str
    quantity: int = 0
    first: str = ""
    last: str = ""
    seq: int = 0


def read_gift(viewer: Viewer, offer: Annotated[str, "the offer's ref, OF-..."]) -> Gift:
    """Return an offer and what became of it. Raises NameUnknown."""
    found = gifts_of(viewer, [offer]).get(offer)
    if found is None:
        raise refuse_unknown("offer", offer)
    return found


def gifts_of(viewer: Viewer, offers: Iterable[str]) -> dict[str, Gift]:
    """Return offers and what became of each, by ref, without those that there are not: as many questions as for one."""
    moved = {offer: _moved(ways, entries) for offer, (ways, entries) in _ways(list(offers)).items()}
    named = _named(
        {ref for one in moved.values() for ref in one.travelling},
        {way.concerns for one in moved.values() for way in one.decided if way.concerns},
    )
    told = told_as_they_stand(viewer, {offer: one.stages for offer, one in moved.items()})
    return {offer: _gift(moved[offer], row, named) for offer, row in told.items()}


@dataclass(frozen=True, slots=True)
class _Moved:
    """Hold what moved of one offer, and the base units that stand at each stage."""

    ways: list[_Way]
    entries: int
    flows: list[Flow]
    stages: Mapping[str, int]

    @property
    def travelling(self) -> Iterable[str]:
        """Return the refs of its consignments."""
        return travelling_in(self.flows)

    @property
    def decided(self) -> list[_Way]:
        """Return what was allocated of it."""
        return [way for way in self.ways if way.target.stage == "allocated" and way.quantity > 0]


def _moved(ways: list[_Way], entries: int) -> _Moved:
    order = {stage: place for place, stage in enumerate(STAGE_NAMES)}
    sums: dict[tuple[str, str], int] = {}
    stages: dict[str, int] = {}
    for way in ways:
        between = (str(way.source), str(way.target))
        sums[between] = sums.get(between, 0) + way.quantity
        for side, sign in ((way.source.stage, -1), (way.target.stage, 1)):
            stages[side] = stages.get(side, 0) + sign * way.quantity
    flows = [Flow(AccountKey.read(source), AccountKey.read(target), moved) for (source, target), moved in sums.items()]
    flows.sort(key=lambda one: (order[one.source.stage], str(one.source), order[one.target.stage], str(one.target)))
    return _Moved(
        ways, entries, flows, {stage: units for stage, units in stages.items() if units and stage != "outside"}
    )


def _named(consignments: set[str], rounds: set[str]) -> dict[str, tuple[str, str, str]]:
    """Return the kind, origin and destination of each consignment, and the title of each round, all asked at once."""
    asked: list[QuerySet[Any]] = []
    if consignments:
        rows: Any = Consignment.objects.filter(pk__in=consignments)
        rows = rows.annotate(what=F("kind"), left=F("origin_id"), to=F("destination_id"))
        asked.append(rows.values_list("ref", "what", "left", "to"))
    if rounds:
        rows = Round.objects.filter(pk__in=rounds).annotate(what=F("title"), left=Value(""), to=Value(""))
        asked.append(rows.values_list("ref", "what", "left", "to"))
    found: Any = asked[0].union(*asked[1:], all=True) if asked else ()
    return {ref: (what, left, to) for ref, what, left, to in found}


def _gift(moved: _Moved, offer: OfferTold, named: Mapping[str, tuple[str, str, str]]) -> Gift:
    consignments = {ref: named[ref] for ref in moved.travelling if ref in named}
    shares = share_out(moved.flows, {ref: destination for ref, (_, _, destination) in consignments.items()})
    return Gift(
        offer,
        **_totals(moved.flows),
        entries=moved.entries,
        hands=_hands(shares, moved.decided),
        travels=_travels(moved.ways, consignments),
        rounds=_rounds(moved.decided, named),
        steps=tuple(_steps(moved.ways, consignments)),
    )


def _steps(ways: list[_Way], consignments: Mapping[str, tuple[str, str, str]]) -> Iterator[Step]:
    verbs = {(source, move.target): move.verb for move in MOVES for source in move.sources}
    for way in sorted(ways, key=lambda one: one.seq):
        holder = way.target.holder
        holder = consignments[holder][2] if holder in consignments else holder
        verb = verbs.get((way.source.stage, way.target.stage), REVERSE) if way.quantity else REVERSE
        yield Step(verb, holder, way.concerns, way.quantity, way.first, way.last, way.seq)


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what somebody said in public about an offer, or another thing that proves it.

    Attributes
    ----------
    sha256
        Of its file, "" where it has none.
    read
        Its text was read, and the viewer may see what was understood: the document of the same ref.
    """

    evidence: str
    offer: str
    donor: str
    title: str
    kind: str
    source: str
    dated: date | None
    language: str
    public: bool
    sha256: str
    read: bool


def read_evidence_on(viewer: Viewer, offer: Annotated[str, "the offer's ref, OF-..."]) -> list[Said]:
    """Return the evidence about an offer that a viewer may see, the oldest first."""
    return _said(viewer, Q(about=offer))


def read_words(viewer: Viewer, *, resource: FamilyChoice = "", most: int = 300) -> list[Said]:
    """Return what was said in public about offers of a family: readouts, the oldest first."""
    offers = Offer.objects.filter(of_resource(resource)).values("pk")
    return _said(viewer, Q(about__in=offers, evidence__kind="readout"))[:most]


def _said(viewer: Viewer, which: Q) -> list[Said]:
    links = EvidenceLink.objects.filter(which, evidence__in=seen_evidence(viewer).values("pk"))
    donor = Subquery(Offer.objects.filter(pk=OuterRef("about")).values("donor")[:1])
    columns = ("evidence", "about", "donor", "evidence__title", "evidence__kind", "evidence__source", "evidence__dated",
               "evidence__language", "evidence__public", "evidence__file", "was_read")  # fmt: skip
    was_read = Exists(seen_documents(viewer).filter(pk=OuterRef("evidence")))
    rows: Any = (
        links.annotate(donor=donor, was_read=was_read).order_by("evidence__dated", "evidence").values_list(*columns)
    )
    return [Said(*values) for values in ((*row[:-2], row[-2] or "", row[-1]) for row in rows)]


def read_standing(viewer: Viewer, party: str) -> Target:
    """Return what a right over a party is asked about, as of the last version: what a page shows buttons for."""
    book = read_book(None)
    return Target(book.above(party), book.groups(party))


def read_earmark(viewer: Viewer, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the kind and key of each name of an earmark: a group where one has that key, else a party."""
    groups = read_book(None).group_names
    return [("group", name) if name in groups else ("party", name.removeprefix(PARTY)) for name in names]


def read_group_keys(viewer: Viewer) -> list[str]:
    """Return the keys of the groups, for a page to choose from."""
    return sorted(read_book(None).group_names)


def read_whole_units(viewer: Viewer) -> dict[str, int]:
    """Return how many base units make one of each currency: what an amount of money is divided by to be read."""
    resources = read_book(None).resources.values()
    return {one.key: int(one.packs.get(one.key, 1)) for one in resources if one.kind == "money"}


def _ways(offers: list[str]) -> dict[str, tuple[list[_Way], int]]:
    """Return by offer what took which way for the sake of what, reversals taken off, and of how many entries that is."""
    rows = (
        Entry.objects.filter(source__offer__in=offers)
        .values_list("source__offer", "source_id", "target_id", "verb", "concerns")
        .annotate(Sum("quantity"), Min("happened"), Max("happened"), Max("pk"), Count("pk"))
        .order_by()
    )
    found: dict[str, dict[tuple[str, str, str], _Way]] = {offer: {} for offer in offers}
    entries = dict.fromkeys(offers, 0)
    for offer, source, target, verb, concerns, quantity, first, last, newest, number in rows:
        entries[offer] += number
        back = verb == REVERSE
        key = (target, source, concerns) if back else (source, target, concerns)
        way = found[offer].setdefault(key, _Way(AccountKey.read(key[0]), AccountKey.read(key[1]), concerns))
        way.quantity += -int(quantity) if back else int(quantity)
        way.seq = max(way.seq, newest)
        if not back:
            way.first, way.last = min(way.first or first, first), max(way.last, last)
    return {offer: (list(ways.values()), entries[offer]) for offer, ways in found.items()}


def _totals(flows: list[Flow]) -> dict[str, int]:
    totals = dict.fromkeys(
        ("entered", "allocated", "dispatched", "received", "used", "lost", "returned", "withdrawn"), 0
    )
    for flow in flows:
        source, target, moved = flow.source.stage, flow.target.stage, flow.quantity
        if source == "outside":
            totals["entered"] += moved
        if target == "allocated":
            totals["allocated"] += moved
        if target == "paid" or (target == IN_TRANSIT and source != "received"):
            totals["dispatched"] += moved
        if target in ("received", "paid"):
            totals["received"] += moved
        if (source, target) == ("received", IN_TRANSIT):
            totals["received"] -= moved
        if target in ("used", "spent"):
            totals["used"] += moved
        if target in LOST:
            totals["lost"] += moved
        if target in ("returned", "withdrawn"):
            totals[target] += moved
    return totals


def _hands(shares: tuple[Share, ...], decided: list[_Way]) -> tuple[Hand, ...]:
    """Return the recipients as a list that a tree is read from: each right after the one above it, its brothers by key."""
    by_party = {share.party: share for share in shares}
    book = read_book(None)
    above = {
        party: next((one for one in book.above(party)[1:] if one in by_party), "") for party in by_party
    }  # nearest that got some too
    below: dict[str, list[str]] = {}
    for party in sorted(by_party):
        below.setdefault(above[party], []).append(party)
    hands: list[Hand] = []

    def walk(parent: str, depth: int) -> None:
        for party in below.get(parent, ()):
            rounds = sorted({way.concerns for way in decided if way.target.holder == party and way.concerns})
            hands.append(Hand(party, parent, depth, tuple(rounds), by_party[party]))
            walk(party, depth + 1)

    walk("", 0)
    return tuple(hands)


def _travels(ways: list[_Way], consignments: Mapping[str, tuple[str, str, str]]) -> tuple[Travel, ...]:
    found: dict[str, dict[str, int]] = {}
    days: dict[str, list[str]] = {}
    for way in ways:
        if way.target.stage == IN_TRANSIT:
            cells = found.setdefault(way.target.holder, {})
            cells["sent"] = cells.get("sent", 0) + way.quantity
            days.setdefault(way.target.holder, []).extend(filter(None, (way.first, way.last)))
        if way.source.stage == IN_TRANSIT:
            cells = found.setdefault(way.source.holder, {})
            column = "received" if way.target.stage == "received" else "lost" if way.target.stage in LOST else "aside"
            cells[column] = cells.get(column, 0) + way.quantity
            days.setdefault(way.source.holder, []).extend(filter(None, (way.first, way.last)))
    return tuple(
        Travel(
            ref, *consignments.get(ref, ("", "", "")), cells.get("sent", 0), cells.get("received", 0),
            cells.get("lost", 0), cells.get("sent", 0) - sum(cells.get(one, 0) for one in ("received", "lost", "aside")),
            min(days.get(ref, [""]), default=""), max(days.get(ref, [""]), default=""),
        )
        for ref, cells in sorted(found.items(), key=lambda one: (min(days.get(one[0]) or [""]), one[0]))
        if any(cells.values())
    )  # fmt: skip


def _rounds(decided: list[_Way], named: Mapping[str, tuple[str, str, str]]) -> tuple[Decided, ...]:
    sums: dict[str, tuple[int, set[str]]] = {}
    for way in (one for one in decided if one.concerns):  # what was allocated by hand names no round
        quantity, parties = sums.get(way.concerns, (0, set()))
        sums[way.concerns] = (quantity + way.quantity, parties | {way.target.holder})
    return tuple(
        Decided(ref, named[ref][0] if ref in named else ref, quantity, len(parties))
        for ref, (quantity, parties) in sorted(sums.items())
    )
