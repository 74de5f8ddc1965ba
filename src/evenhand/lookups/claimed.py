"""How much a statement said, in base units of what the offers beside it are of; and why it cannot be told where it cannot.

Asked by `lookups.following`. A number is compared only where its unit is one of the resource's, or the resource itself:
"2,000 tents" are 2,000 pieces of tents. Never guesses what a box or a lorry holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from evenhand.lookups.standings import Amount, tidy
from evenhand.lookups.statements import Statement
from evenhand.records.models import Offer, Resource
from evenhand.records.quantities import unit_size
from evenhand.statements.quantities import singular

ONE_BY_ONE: Final = frozenset({"piece", "unit", "item"})
"""Base units that say only that the thing itself is counted."""

HOLDING: Final = re.compile(
    r"bag|bale|barrel|batch|bottle|box|bundle|can|carton|case|consignment|container|crate|drum|jar|lorry|pack|package"
    r"|packet|pair|pallet|parcel|roll|sack|set|shipment|truck|tube|vial"
)
"""Words for what holds a thing: a number of them says nothing about how many there are of it."""

ASIDE: Final = re.compile(r"[,(:;]|\s(?:for|of|with|in|to|per|from)\s")
"""What ends the part of a name that says what the thing is: "Oxygen concentrator, 10 litres a minute"."""


def claimed(
    one: Statement, linked: Sequence[Offer], family: Resource | None, named: Resource | None
) -> tuple[Amount | None, str]:
    """Return what was said in base units of the offers' family, and what a comparison rests on.

    Parameters
    ----------
    family
        What the offers are of; None where they are of several things.
    named
        The resource that the statement itself is about, where that is known.
    """
    if not linked:
        return None, "no link"
    if family is None:
        return None, "several things"
    if one.quantity is None:
        return None, "no amount"
    known = [named] if named is not None and (named.family or named).key == family.key else []
    for resource in (*known, *(row.resource for row in linked), family):
        size = unit_size(resource, one.unit) or unit_size(resource, one.unit.upper())
        if not size and counts_itself(resource, one.unit, one.resource_words if resource in known else ""):
            size = 1
        if size:
            base = Fraction(one.quantity) * size
            return tidy(base * Fraction(family.per_person) / Fraction(resource.per_person)), "offers"
    return None, "no unit"


def counts_itself(resource: Resource, unit: str, words: str = "") -> bool:
    """Say whether the unit of a claim is the resource itself, counted one by one.

    Parameters
    ----------
    words
        What the claim calls the thing, where it is known to be about this resource.

    Examples
    --------
    >>> tent = Resource(key="tent-family", name="Family tent, 16 square metres", base_unit="piece")
    >>> counts_itself(tent, "tent"), counts_itself(tent, "metre"), counts_itself(tent, "shelter", "family shelters")
    (True, False, True)
    """
    if resource.base_unit not in ONE_BY_ONE or not unit.split():
        return False
    thing = singular(unit.split()[-1].casefold())
    if thing == _head(resource.name):
        return True
    return not HOLDING.fullmatch(thing) and thing in {
        singular(word) for word in re.findall(r"[^\W_]+", words.casefold())
    }


def _head(name: str) -> str:
    """Return the word of a name that says what the thing is: the last before what is said aside."""
    words = [word for word in ASIDE.split(name, maxsplit=1)[0].casefold().split() if word.isalpha() or "-" in word]
    return singular(words[-1]) if words else ""
