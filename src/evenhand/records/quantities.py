"""Quantities: from what was typed to whole base units, and back to words.

Used by every action that takes a quantity. Keeps what was typed; never rounds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from evenhand.errors import InputRefused, Problem, suggest
from evenhand.ledger.entries import LARGEST_QUANTITY
from evenhand.records.models import Resource

TYPED = re.compile(r"\s*([0-9][0-9 ,'\u00a0\u202f]*(?:\.[0-9]+)?)\s*(\S*)\s*")
GROUPS = re.compile(r"[0-9]{1,3}(?P<mark>[ ,'\u00a0\u202f])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:\.[0-9]+)?")

LONGEST = 40
"""Characters of a number as typed, as many as an entry and its column hold."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Hold a quantity of one resource: whole base units, and the number and unit as typed."""

    base_units: int
    typed: str
    unit: str


def read_quantity(
    resource: Resource, typed: str, unit: str = "", *, least: int = 1, column: str = "quantity"
) -> Quantity:
    """Return the quantity that somebody typed: `1200`, `1,200`, `12 box`, `12.5` with unit `kg`.

    Parameters
    ----------
    unit
        The unit where it stands by itself. Where neither it nor the text says one it is the base unit; of money it must be
        said, because 2500 could be dollars or cents. Nothing is nothing in any unit.
    least
        The smallest number of base units that makes sense.

    Raises
    ------
    InputRefused
        It is not a number, money without its unit, the resource has no such unit, or it makes no whole number of base
        units.
    """

    def refuse(text: str) -> InputRefused:
        return InputRefused([Problem("", 0, column, text)])

    found = TYPED.fullmatch(typed)
    if not found:
        raise refuse(f"'{typed}' is not a number with a unit; write such as '1200' or '12 {_a_unit(resource)}'")
    digits = found[1].strip()
    if not digits.replace(".", "", 1).isdigit() and not GROUPS.fullmatch(digits):
        raise refuse(f"'{digits}' is grouped unevenly; write {re.sub('[^0-9.]', '', digits)}")
    number = Decimal(re.sub(r"[^0-9.]", "", digits))
    if number and resource.kind == "money" and resource.packs and not (found[2] or unit):
        units = units_of(resource)
        meant = resource.key if resource.key in units else units[-1]
        raise refuse(
            f"is that {digits} {meant}, or {digits} {resource.base_unit} of {resource.key}? Money is counted with its unit; "
            f"write '{digits} {meant}'"
        )
    named = found[2] or unit or resource.base_unit
    if found[2] and unit and found[2] != unit:
        raise refuse(f"the unit is '{found[2]}' in the quantity and '{unit}' beside it; say it once")
    size = unit_size(resource, named)
    if size is None:
        raise refuse(
            f"{resource.key} has no unit '{named}'{suggest(named, units_of(resource))}. It has {_words(resource)}"
        )
    if len(plain_number(number)) > LONGEST:
        raise refuse(f"'{digits[:LONGEST]}…' has more digits than can be kept; write at most {LONGEST}")
    base = Fraction(number) * size  # a Decimal would round what has many digits
    if base.denominator != 1:
        raise refuse(
            f"{number} {named} of {resource.key} is {number * size} {resource.base_unit}; only whole ones can be counted"
        )
    if not least <= base <= LARGEST_QUANTITY:
        raise refuse(f"{number} {named} is out of range; give at least {least:,} and at most {LARGEST_QUANTITY:,}")
    return Quantity(int(base), plain_number(number), named)


def plain_number(number: Decimal) -> str:
    """Return a number without exponent, grouping or needless zeros.

    Examples
    --------
    >>> plain_number(Decimal("1200.50"))
    '1200.5'
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_size(resource: Resource, unit: str) -> int | None:
    """Return how many base units one of a unit is, or None where the resource has no such unit."""
    if unit == resource.base_unit:
        return 1
    size = resource.packs.get(unit)
    return int(size) if size is not None else None


def units_of(resource: Resource) -> list[str]:
    """Return the names of a resource's units, the base unit first, then its packs from the smallest.

    PostgreSQL does not keep the order in which packs were written.
    """
    return [resource.base_unit, *sorted(resource.packs, key=lambda name: (int(resource.packs[name]), name))]


def value_of(unit_value: str, base_units: int) -> str:
    """Return the money value of base units as decimal text, "" where none is known.

    Examples
    --------
    >>> value_of("2.15", 1000), value_of("", 5)
    ('2150', '')
    """
    if not unit_value:
        return ""
    try:
        return plain_number(Decimal(unit_value) * base_units)
    except InvalidOperation:
        return ""


def _a_unit(resource: Resource) -> str:
    return units_of(resource)[min(1, len(resource.packs))]


def _words(resource: Resource) -> str:
    packs = [f"{name} (of {resource.packs[name]:,})" for name in units_of(resource)[1:]]
    return ", ".join([resource.base_unit, *packs])
