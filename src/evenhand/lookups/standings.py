"""What stands where in the book on a day, and what is needed then: the sums that every figure is made of.

Read by `lookups.snapshot`, used by the lookups of figures, money, gaps and promises. Limited to nobody, so it holds only
what everybody may see: entries, claims, and needs that were approved. A past day is the book as far as it was recorded by
then. Units are added up as whole numbers; only the last sums are put into the units of families.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from time import monotonic
from typing import Annotated, Any, NamedTuple, TypeVar

from django.db.models import Q

from evenhand.access.models import ActionLine
from evenhand.lookups.choosing import expect
from evenhand.lookups.groups import stands
from evenhand.lookups.moves import ARRIVED, Moves, Way
from evenhand.lookups.offers import counts
from evenhand.lookups.promised import Given, list_given
from evenhand.lookups.reach import today
from evenhand.lookups.stock import balances_on
from evenhand.lookups.worth import Valued, value_book
from evenhand.records.models import Group, Membership, Need, Offer, Party, Resource
from evenhand.records.tree import COUNTED
from evenhand.stockbook.models import Account, Consignment

COMING = ("allocated", "in-transit")
CLAIMED, PLEDGED = "claimed", "pledged"
"""What is said and not firm enough to count: it stands nowhere in the book."""

KEPT = 400
"""So many answers are kept beside a book; when there are more, the half that nobody asked for lately is let go."""

ASKED_AGAIN = 3600.0
"""Seconds after which a question that nobody asked any more is not answered ahead for the next book."""

RecipientChoice = Annotated[str, "only what went to this party, or one below it"]
MembersChoice = Annotated[str, "only what went to members of this group, on the day, or below them"]
DonorChoice = Annotated[str, "only what this party gave, or one below it"]
FamilyChoice = Annotated[str, "only of this resource, with its family"]
AsOf = Annotated[date | None, "as the book stood at the end of this day; now where not said"]

Amount = int | Fraction
"""A count: whole, or an exact share where base units do not make whole service units."""

_Answer = TypeVar("_Answer")
_Index = TypeVar("_Index")


class Standing(NamedTuple):
    """Hold so many base units in one stage: whose they were, and whose they are or are to be ("" where nobody's yet)."""

    stage: str
    donor: str
    holder: str
    resource: str
    quantity: int


class Wanted(NamedTuple):
    """Hold one need that stands: what its party has of it by its own word, and since when that is so."""

    ref: str
    holder: str
    resource: str
    quantity: int
    held: int
    since: str
    made_at: datetime
    valid_until: date
    by_when: date | None
    place: str


class Served(NamedTuple):
    """Hold how far the needs of one party for one family are met, in the family's base units.

    Attributes
    ----------
    needed, there, coming
        The target; what the party had and received; what is allocated to it or on its way. Of what was given back
        since, `there` and `coming` may be below zero.
    """

    holder: str
    resource: str
    needed: Amount
    there: Amount
    coming: Amount

    @property
    def covered(self) -> Amount:
        """Return how much of the target is there."""
        return max(0, min(self.needed, self.there))

    @property
    def gap(self) -> Amount:
        """Return how much of the target is neither there nor coming."""
        return max(0, self.needed - max(0, self.there + self.coming))


@dataclass(slots=True)
class _Kept:
    """Hold one answer of a book, how it was worked out, and when it was asked for last."""

    given: Any
    answer: Callable[[Book], Any]
    asked: float = 0.0


@dataclass(slots=True)
class Book:
    """Hold everything that figures are made of, as of one day.

    Attributes
    ----------
    by_holder, by_donor
        Holder, or donor, → resource and stage → base units: what most figures are added up from.
    served
        How far the needs of each party for each family are met.
    given, ways
        What was promised by whom, and what took which way since; of the book as it is now alone.
    values
        What units are worth, by currency.
    """

    day: date
    standings: tuple[Standing, ...]
    wanted: tuple[Wanted, ...]
    resources: dict[str, Resource]
    parents: dict[str, str]
    memberships: tuple[tuple[str, str], ...]
    party_names: dict[str, str]
    group_names: dict[str, str]
    group_kinds: dict[str, str]
    values: tuple[Valued, ...] = ()
    given: tuple[Given, ...] = ()
    ways: dict[Way, int] = field(default_factory=dict)
    served: tuple[Served, ...] = ()
    by_holder: dict[str, dict[tuple[str, str], int]] = field(default_factory=dict)
    by_donor: dict[str, dict[tuple[str, str], int]] = field(default_factory=dict)
    _above: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _sizes: dict[str, Amount] = field(default_factory=dict)
    _kept: dict[Any, _Kept] = field(default_factory=dict)
    _indexes: dict[Callable[[Book], Any], Any] = field(default_factory=dict)

    def kind(self, resource: str) -> str:
        """Return the kind of a resource."""
        return self.resources[resource].kind

    def family(self, resource: str) -> str:
        """Return the family of a resource, itself where it has none."""
        return self.resources[resource].family_id or resource

    def family_size(self, resource: str) -> Amount:
        """Return how many base units of its family one base unit of a resource makes."""
        if resource not in self._sizes:
            own, family = self.resources[resource], self.resources[self.family(resource)]
            self._sizes[resource] = tidy(Fraction(family.per_person) / Fraction(own.per_person))
        return self._sizes[resource]

    def family_of(self, resource: str) -> frozenset[str]:
        """Return a resource and all of its family, every resource where none is named."""
        return frozenset(one for one in self.resources if not resource or resource in (one, self.family(one)))

    def above(self, party: str) -> tuple[str, ...]:
        """Return a party and everything above it, nearest first."""
        if party not in self._above:
            line = [party]
            while (parent := self.parents.get(line[-1])) and parent not in line:
                line.append(parent)
            self._above[party] = tuple(line)
        return self._above[party]

    def groups(self, party: str) -> tuple[str, ...]:
        """Return the groups that a party, or one above it, belongs to on the day."""
        if party not in self._groups:
            joined = self.index(_groups_joined)
            groups = {group for one in self.above(party) for group in joined.get(one, ())}
            self._groups[party] = tuple(sorted(groups))
        return self._groups[party]

    def below(self, party: str) -> frozenset[str]:
        """Return a party and everything below it that is on file."""
        return self.index(_lines_below).get(party, frozenset((party,)))

    def reached(self, party: str, group: str) -> frozenset[str]:
        """Return the parties at or below a party, of those the ones that belong to a group; either may be ""."""
        if not group:
            return self.below(party)
        members = self.index(_members_of_groups).get(group, frozenset())
        return members & self.below(party) if party else members

    def index(self, make: Callable[[Book], _Index]) -> _Index:
        """Return what is looked things up by in this book: made once, by a function that takes the book, and never let go."""
        found: _Index | None = self._indexes.get(make)
        if found is None:
            found = self._indexes[make] = make(self)
        return found

    def kept(self, question: Any, answer: Callable[[Book], _Answer]) -> _Answer:
        """Return the answer to a question about this book, worked out once. It is worked out from the book given alone."""
        found = self._kept.get(question)
        if found is None:
            if len(self._kept) >= KEPT:
                self._let_go()
            found = self._kept[question] = _Kept(answer(self), answer)
        found.asked = monotonic()
        given: _Answer = found.given
        return given

    def _let_go(self) -> None:
        """Let go of the half of the answers that was asked for least lately."""
        held = sorted(self._kept.copy().items(), key=lambda one: one[1].asked)
        for question, _ in held[: len(held) // 2]:
            self._kept.pop(question, None)

    def answer_ahead(self, before: Book, seconds: float) -> None:
        """Work out what was asked of an earlier book lately, for so many seconds at most, before anybody asks this one."""
        now = monotonic()
        for make in before._indexes.copy():
            self.index(make)
        asked = sorted(before._kept.copy().items(), key=lambda one: one[1].asked, reverse=True)
        for question, one in asked:
            if now - one.asked > ASKED_AGAIN or monotonic() - now > seconds:
                break
            self.kept(question, one.answer)
            self._kept[question].asked = one.asked

    def needs_of(self, party: str, group: str) -> Iterator[Wanted]:
        """Return the needs of a party or a group's members, and of everything below them."""
        if not party and not group:
            return iter(self.wanted)
        wanted = self.index(_wanted_by_holder)
        return (need for holder in self.reached(party, group) for need in wanted.get(holder, ()))

    def add_up(self) -> None:
        """Add what stands up by holder and by donor."""
        for stage, donor, holder, resource, quantity in self.standings:
            for cells in (self.by_holder.setdefault(holder, {}), self.by_donor.setdefault(donor, {})):
                cells[resource, stage] = cells.get((resource, stage), 0) + quantity

    def serve(self, moves: Moves) -> None:
        """Work out how far the needs are met, by party and family.

        A unit counts for the nearest party at or above its holder that needs its family, and for no other, so that
        nothing is counted twice. What a party had when it said so is its `held`; units that reached it before that day
        are part of it and do not count again. What is still to come cannot be, whenever it was decided.
        """
        needs: dict[tuple[str, str], list[Wanted]] = {}
        for one in self.wanted:
            needs.setdefault((one.holder, self.family(one.resource)), []).append(one)
        since = {key: min(one.since for one in ones) for key, ones in needs.items()}
        arrived: dict[tuple[str, str], Amount] = dict.fromkeys(needs, 0)
        coming: dict[tuple[str, str], Amount] = dict.fromkeys(needs, 0)

        def nearest(holder: str, resource: str) -> tuple[str, str] | None:
            family = self.family(resource)
            return next(((party, family) for party in self.above(holder) if (party, family) in needs), None)

        for holder, cells in self.by_holder.items():
            for (resource, stage), quantity in cells.items():
                if holder and stage in (*ARRIVED, *COMING) and (key := nearest(holder, resource)) is not None:
                    sums = arrived if stage in ARRIVED else coming
                    sums[key] += quantity * self.family_size(resource)
        for (holder, resource), days in moves.arrivals.items():
            if (key := nearest(holder, resource)) is not None:
                before = sum(moved for day, moved in days.items() if day < since[key])
                if before:
                    arrived[key] -= before * self.family_size(resource)
        self.served = tuple(
            Served(
                *key, sum(one.quantity * self.family_size(one.resource) for one in ones),
                sum(one.held * self.family_size(one.resource) for one in ones) + arrived[key], coming[key],
            )
            for key, ones in sorted(needs.items())
        )  # fmt: skip


def tidy(amount: Amount) -> Amount:
    """Return a whole amount as an int.

    Examples
    --------
    >>> tidy(Fraction(4)), tidy(Fraction(1, 2))
    (4, Fraction(1, 2))
    """
    return amount.numerator if amount.denominator == 1 else amount


def expect_choice(party: str = "", group: str = "", donor: str = "", resource: str = "") -> None:
    """Refuse what names nothing. Raises NameUnknown."""
    for kind, name in (("party", party), ("group", group), ("party", donor), ("resource", resource)):
        if name:
            expect(kind, name)


def holder_choice(book: Book, party: str, group: str) -> Callable[[str], bool]:
    """Return the test whether what a party holds or needs is among what was asked for."""
    if not party and not group:
        return lambda _: True
    return book.reached(party, group).__contains__


def chosen_cells(
    book: Book, party: str, group: str, donor: str, *, of: str = "holder"
) -> Iterator[tuple[str, str, str, int]]:
    """Return what stands where among what was asked for: holder (or donor), resource, stage, base units."""
    bound = bool(party or group)
    if of == "holder" and not donor:
        sums, chosen = book.by_holder, book.reached(party, group) if bound else None
    elif of == "donor" and not bound:
        sums, chosen = book.by_donor, book.below(donor) if donor else None
    else:
        held, standing = holder_choice(book, party, group), book.index(_standings_by_donor)
        for giver in book.below(donor) if donor else standing:
            for stage, _, holder, resource, units in standing.get(giver, ()):
                if held(holder):
                    yield (holder if of == "holder" else giver), resource, stage, units
        return
    for one in sums if chosen is None else chosen:
        for (resource, stage), units in sums.get(one, {}).items():
            yield one, resource, stage, units


def _groups_joined(book: Book) -> dict[str, list[str]]:
    """Return the groups that each party belongs to by itself."""
    joined: dict[str, list[str]] = {}
    for group, member in book.memberships:
        joined.setdefault(member, []).append(group)
    return joined


def _on_file(book: Book) -> set[str]:
    """Return every party that is on file, or holds, gives or needs anything."""
    return {*book.party_names, *book.by_holder, *book.by_donor, *(need.holder for need in book.wanted)} - {""}


def _lines_below(book: Book) -> dict[str, frozenset[str]]:
    """Return each party with everything below it."""
    lines: dict[str, list[str]] = {}
    for party in _on_file(book):
        for one in book.above(party):
            lines.setdefault(one, []).append(party)
    return {party: frozenset(below) for party, below in lines.items()}


def _members_of_groups(book: Book) -> dict[str, frozenset[str]]:
    """Return who belongs to each group, by itself or through what is above it."""
    members: dict[str, list[str]] = {}
    for party in _on_file(book):
        for group in book.groups(party):
            members.setdefault(group, []).append(party)
    return {group: frozenset(parties) for group, parties in members.items()}


def _wanted_by_holder(book: Book) -> dict[str, list[Wanted]]:
    wanted: dict[str, list[Wanted]] = {}
    for need in book.wanted:
        wanted.setdefault(need.holder, []).append(need)
    return wanted


def _standings_by_donor(book: Book) -> dict[str, list[Standing]]:
    standing: dict[str, list[Standing]] = {}
    for one in book.standings:
        standing.setdefault(one.donor, []).append(one)
    return standing


def read_afresh(as_of: date | None, moves: Moves) -> Book:
    """Return everything that figures are made of: now, or as the book stood at the end of a day.

    Parameters
    ----------
    moves
        The entries added up, as far as the book goes now.
    """
    day = as_of or today()
    resources = {row.key: row for row in Resource.objects.all()}
    members = Membership.objects.filter(status__in=COUNTED).values_list("group", "party", "since", "until")
    parties = list(Party.objects.values_list("key", "name", "parent"))
    groups = list(Group.objects.values_list("key", "name", "kind"))
    book = Book(
        day,
        (*_standings(as_of), *_claims(day, resources)),
        tuple(_wanted(day)),
        resources,
        {key: parent for key, _, parent in parties if parent},
        tuple((group, party) for group, party, since, until in members if stands(since, until, day)),
        {key: name for key, name, _ in parties},
        {key: name for key, name, _ in groups},
        {key: kind for key, _, kind in groups},
        value_book(as_of),
        tuple(list_given(day)) if as_of is None else (),
        dict(moves.ways) if as_of is None else {},
    )
    book.add_up()
    book.serve(moves)
    return book


def _standings(as_of: date | None) -> Iterator[Standing]:
    """Return what stands where, what travels under who is to have it."""
    if as_of is not None:
        destinations = dict(Consignment.objects.values_list("ref", "destination"))
        past = balances_on(as_of)
        rows = Account.objects.exclude(stage="outside").order_by("key")
        for key, stage, donor, holder, resource in rows.values_list(
            "key", "stage", "offer__donor", "holder", "resource"
        ):
            if past.get(key):
                yield Standing(stage, donor, destinations.get(holder, holder), resource, past[key])
        return
    # Added up here and not by the database: plain rows of plain columns come four times as fast as sums over joins.
    rows = Account.objects.filter(balance__gt=0).exclude(stage="outside").order_by()
    travelling = rows.filter(holder__startswith="CN-").values("holder")
    destinations = dict(Consignment.objects.filter(pk__in=travelling).values_list("ref", "destination"))
    donors = dict(Offer.objects.values_list("ref", "donor"))
    sums: dict[tuple[str, str, str, str], int] = {}
    for stage, offer, holder, resource, balance in rows.values_list("stage", "offer", "holder", "resource", "balance"):
        one = (stage, donors[offer], destinations.get(holder, holder), resource)
        sums[one] = sums.get(one, 0) + balance
    for one, quantity in sums.items():
        yield Standing(*one, quantity)


def _claims(day: date, resources: dict[str, Resource]) -> Iterable[Standing]:
    rows = Offer.objects.filter(withdrawn=False, said_on__lte=day).order_by("ref")
    for donor, resource, quantity, firmness in rows.values_list("donor", "resource", "quantity", "firmness"):
        if not counts(resources[resource].kind, firmness):
            yield Standing(CLAIMED if firmness == "statement" else PLEDGED, donor, "", resource, quantity)


def _wanted(day: date) -> Iterable[Wanted]:
    """Return the needs that were approved and neither withdrawn, corrected nor lapsed on a day, by ref."""
    columns = (
        "ref", "party", "resource", "quantity", "held", "made_at", "valid_until", "by_when", "place", "state", "replaces",
        "approved_at",
    )  # fmt: skip
    # What lapsed or was never approved counts for nothing, unless a correction leads back to it.
    correcting = Need.objects.exclude(replaces="")
    standing = Q(approved_at__isnull=False, valid_until__gte=day)
    asked = Need.objects.filter(standing | ~Q(replaces="") | Q(pk__in=correcting.values("replaces")))
    rows = {row.ref: row for row in asked.order_by("ref").values_list(*columns, named=True)}
    replaced = {row.replaces: row for row in rows.values() if row.replaces and row.approved_at}
    withdrawn = dict(ActionLine.objects.filter(name="need withdraw").values_list("about", "at"))
    for row in rows.values():
        approved = row.approved_at
        if approved is None or approved.astimezone(UTC).date() > day or row.valid_until < day:
            continue
        if row.state == "withdrawn" and _day(withdrawn.get(row.ref)) <= day:
            continue
        if row.state == "corrected" and _day(replaced[row.ref].approved_at if row.ref in replaced else None) <= day:
            continue
        first = row  # `held` was stated when the need was made, or when a correction last changed it
        while first.replaces and rows[first.replaces].held == row.held:
            first = rows[first.replaces]
        since = first.made_at.astimezone(UTC).date().isoformat()
        yield Wanted(
            row.ref, row.party, row.resource, row.quantity, row.held, since, row.made_at, row.valid_until, row.by_when,
            row.place or "",
        )  # fmt: skip


def _day(moment: datetime | None) -> date:
    return date.min if moment is None else moment.astimezone(UTC).date()
