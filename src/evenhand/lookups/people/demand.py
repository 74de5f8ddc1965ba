"""What a register's households need by an entitlement, site by site: numbers alone, for a member's needs and for everybody.

A site with fewer than ten persons, or with fewer than ten whom a term of the rule picks by age, sex or condition, is not told apart: what
it needs would say who they are. It is counted with the party that keeps the register, and where that too comes to fewer than ten,
nothing is told of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from evenhand.access.rights import require
from evenhand.access.viewers import Viewer
from evenhand.errors import NameUnknown, shown
from evenhand.lookups.people.counts import FEWEST
from evenhand.lookups.reach import today
from evenhand.people.entitlements import Term, needed_fields, read_terms, shares_of
from evenhand.people.models import Entitlement, Person
from evenhand.people.opening import sealer
from evenhand.records.models import Party, Resource
from evenhand.records.quantities import read_quantity
from evenhand.records.tree import target_of

ROLL_UP = "people entitle"


@dataclass(frozen=True, slots=True)
class Demand:
    """Hold what the persons of one site, or of all sites too small to tell, need: in base units of the resource."""

    party: str
    resource: str
    households: int
    persons: int
    quantity: int


def roll_up(viewer: Viewer, entitlement: Annotated[str, "the entitlement's ref, ET-..."]) -> list[Demand]:
    """Return what an entitlement comes to at each site, once for everybody present; no person is shown, and none is told apart.

    Raises
    ------
    NameUnknown
        There is no such entitlement.
    NotAllowed
        The viewer does not answer for the party that keeps the register.
    """
    row = Entitlement.objects.select_related("registration").filter(pk=entitlement).first()
    if row is None:
        raise NameUnknown("entitlement", shown(entitlement), ())
    keeper = row.registration.party
    require(viewer, ROLL_UP, target_of(Party.objects.get(pk=keeper), today()))
    sites = _by_site(row, today())
    told = {site: one for site, one in sites.items() if one.tells_nobody and site != keeper}
    rest = _Sum()
    for site, one in sites.items():
        if site not in told:
            rest.add(one)
    found = [*sorted(told.items()), *([(keeper, rest)] if rest.persons and rest.tells_nobody else [])]
    return [Demand(party, row.resource, one.households, one.persons, one.quantity) for party, one in found]


@dataclass(slots=True)
class _Sum:
    """Add up what households of some places need, and how many persons each term picks by what they are."""

    households: int = 0
    persons: int = 0
    quantity: int = 0
    picked: Counter[Term] = field(default_factory=Counter)

    @property
    def tells_nobody(self) -> bool:
        return self.persons >= FEWEST and all(number >= FEWEST for number in self.picked.values() if number)

    def add(self, other: _Sum) -> None:
        self.households += other.households
        self.persons += other.persons
        self.quantity += other.quantity
        self.picked.update(other.picked)


def _by_site(row: Entitlement, on: date) -> dict[str, _Sum]:
    lock, terms = sealer(), read_terms(row.terms)
    what, fields = Resource.objects.get(pk=row.resource), needed_fields(terms)
    amounts = {one: read_quantity(what, one.amount, one.unit).base_units for one in terms}
    there = Person.objects.filter(
        state="present", household__state="present", household__registration=row.registration_id
    )
    members: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    rows = there.values_list("ref", "household_id", "household__site", "boxes").iterator()
    for ref, household, site, boxes in rows:
        kept = {name: box for name, box in boxes.items() if name in fields}
        members.setdefault((site, household), []).append(lock.open_all(ref, kept))
    sums: dict[str, _Sum] = {}
    for (site, _), persons in members.items():
        shares = shares_of(terms, persons, on)
        quantity = sum(amounts[one.term] * one.times for one in shares)
        picked = Counter({one.term: one.times for one in shares if one.term.needs})
        sums.setdefault(site, _Sum()).add(_Sum(1, len(persons), quantity, picked))
    return sums
