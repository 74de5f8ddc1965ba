"""Pages of long lists: an order that a list declares, and a cursor that says after which row the next page begins.

Used by every `list_...` that takes `order`, `after` and `most`. A page is asked for by key (`value, key > last value, last
key`), never by counting rows off, so the thousandth page costs what the first does, and a row that comes in between is
neither shown twice nor pushes another one out. A reader asks for one row more than it shows, to know whether there are
more. Must never tell anything that the row itself does not: a cursor holds the row's own value and key.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import groupby
from typing import Annotated, Any, ClassVar, Protocol, TypeVar

from django.db.models import DateField, Model, Q, QuerySet
from django.db.models import Value as Constant
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from evenhand.errors import OptionRefused
from evenhand.lookups.choosing import one_of

SearchChoice = Annotated[str, "only where every one of these words stands in a name, key, ref or text"]
OrderChoice = Annotated[str, "in this order; with '-' before it the other way round"]
AfterChoice = Annotated[str, "only what comes after the row with this cursor"]
MostChoice = Annotated[int | None, "so many rows at most"]

LONGEST = 600
"""A cursor is never longer: the longest name, its key and what stands around them."""

SMALLEST, LARGEST = -(2**63), 2**63 - 1
Value = str | int | Fraction | date | datetime
FRACTION = re.compile(r"-?[0-9]{1,60}(/[1-9][0-9]{0,59})?")
_Row = TypeVar("_Row", bound=Model)
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class By:
    """Declare one order of a list.

    Attributes
    ----------
    column
        What the database sorts by; for a list that is sorted in Python, nothing.
    attribute
        The field of the row that holds the same value, the column's name where nothing is said.
    kind
        What that value is.
    empty
        What stands for a value that is missing, so that such rows have a place too; None where none can be.
    """

    column: str = ""
    attribute: str = ""
    kind: type[Value] = str
    empty: Value | None = None

    def of(self, row: Any) -> Value:
        """Return the value by which a row stands where it stands."""
        value: Value | None = getattr(row, self.attribute or self.column)
        if value is None:
            value = self.empty
        if value is None:
            raise TypeError(f"{self.attribute or self.column} is missing, and nothing stands for it")
        return value


@dataclass(frozen=True, slots=True)
class Orders:
    """Declare the orders of a list: their names, which comes where none is asked for, and the key that breaks ties."""

    by: Mapping[str, By]
    default: str
    key: By

    def chosen(self, order: str) -> tuple[str, By, bool]:
        """Return the full name of an order, what it sorts by, and whether it runs backwards. Raises OptionRefused."""
        name = order or self.default
        one_of("order", name.removeprefix("-"), self.by)
        return name, self.by[name.removeprefix("-")], name.startswith("-")


class Paged(Protocol):
    """Be a row of a list that comes in pages."""

    orders: ClassVar[Orders]


def cursor(row: Paged, order: str = "") -> str:
    """Return the cursor of a row in an order of its list: what `after` takes. Raises OptionRefused.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> orders = Orders({"key": By("key")}, "key", By("key"))
    >>> cursor(SimpleNamespace(key="TCD", orders=orders))
    'WyJrZXkiLCJUQ0QiLCJUQ0QiXQ'
    """
    name, by, _ = row.orders.chosen(order)
    said = json.dumps([name, _written(by.of(row)), _written(row.orders.key.of(row))], separators=(",", ":"))
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def page_of_rows(chosen: QuerySet[_Row], orders: Orders, order: str, after: str, most: int | None) -> QuerySet[_Row]:
    """Return rows in an order, from a cursor on, so many at most. Raises OptionRefused."""
    rows: Any = chosen
    name, by, backwards = orders.chosen(order)
    column, key = by.column, orders.key.column
    if by.empty is not None:
        rows = rows.alias(sorted_by=Coalesce(column, _literal(by.empty)))
        column = "sorted_by"
    if after:
        value, last = place_in(orders, name, after)
        way = "lt" if backwards else "gt"
        beyond = Q(**{f"{key}__{way}": last})
        if column != key:  # the first condition is one that an index can use
            beyond = Q(**{f"{column}__{way}e": value}) & (Q(**{f"{column}__{way}": value}) | beyond)
        rows = rows.filter(beyond)
    sign = "-" if backwards else ""
    rows = rows.order_by(*dict.fromkeys((f"{sign}{column}", f"{sign}{key}")))
    page: QuerySet[_Row] = rows if most is None else rows[: expect_most(most)]
    return page


def _literal(value: Value) -> Any:
    """Return a value as a query holds it; a day in full, because SQLite knows an index on an expression by its letters."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return RawSQL(f"'{value.isoformat()}'", (), output_field=DateField())  # noqa: S611 -- a day of our own
    return Constant(value)


def page_of(rows: Sequence[_Found], orders: Orders, order: str, after: str, most: int | None) -> list[_Found]:
    """Return the same of rows that stand in that order already. Raises OptionRefused."""
    name, by, backwards = orders.chosen(order)
    start = 0
    if after:
        place = place_in(orders, name, after)

        def passed(row: _Found) -> bool:
            stands = (by.of(row), orders.key.of(row))
            return bool(stands < place) if backwards else bool(stands > place)

        start = bisect_right(rows, False, key=passed)
    return list(rows[start:] if most is None else rows[start : start + expect_most(most)])


def in_order(rows: Sequence[_Found], orders: Orders, order: str) -> list[_Found]:
    """Return rows in an order of their list. Raises OptionRefused."""
    _, by, backwards = orders.chosen(order)
    if by.kind is Fraction:
        return _by_amount(rows, by, orders.key, backwards=backwards)
    return sorted(rows, key=lambda row: (by.of(row), orders.key.of(row)), reverse=backwards)


def _by_amount(rows: Sequence[_Found], by: By, key: By, *, backwards: bool) -> list[_Found]:
    """Return rows in the order of an amount. Comparing fractions is slow, so they are compared only where their floats are equal.

    That is exact: a float is the nearest one to the fraction, so no fraction that is less has one that is more.
    """
    amounts: list[Any] = [by.of(row) for row in rows]
    floats = [float(amount) for amount in amounts]
    found: list[_Found] = []
    for _, alike in groupby(sorted(range(len(rows)), key=floats.__getitem__, reverse=backwards), floats.__getitem__):
        places = list(alike)
        if len(places) > 1:
            first = amounts[places[0]]
            if any(amounts[place] != first for place in places):
                places.sort(key=lambda place: (amounts[place], key.of(rows[place])), reverse=backwards)
            else:
                places.sort(key=lambda place: key.of(rows[place]), reverse=backwards)
        found.extend([rows[place] for place in places])
    return found


def expect_most(most: int) -> int:
    """Refuse a number of rows that is none. Raises OptionRefused."""
    if not 0 <= most <= LARGEST:
        raise OptionRefused(f"{most} rows cannot be listed; ask for 0 or more")
    return most


def place_in(orders: Orders, name: str, text: str) -> tuple[Any, Any]:
    """Return the value and the key that a cursor of an order holds. Raises OptionRefused."""
    _, by, _ = orders.chosen(name)
    try:
        if len(text) > LONGEST:
            raise ValueError("too long")
        said = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        order, value, key = said
        if order != name:
            raise ValueError("of another order")
        return _read(by.kind, value), _read(orders.key.kind, key)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise OptionRefused(
            f"the cursor '{text[:40]}' does not belong to this list in the order '{name}'; begin at the first page"
        ) from None


def _written(value: Value) -> str | int:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Fraction):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _read(kind: type[Value], said: object) -> Value:
    """Return a value as it was written. Raises ValueError where it is none of its kind."""
    if kind is int:
        if isinstance(said, int) and not isinstance(said, bool) and SMALLEST <= said <= LARGEST:
            return said
        raise ValueError("no number")
    if kind is Fraction:
        if FRACTION.fullmatch(str(said)):
            return Fraction(str(said))
        raise ValueError("no amount")
    if not isinstance(said, str) or any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in said):
        raise ValueError("no text")
    if kind is datetime:
        moment = datetime.fromisoformat(said)
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        return moment
    return date.fromisoformat(said) if kind is date else said
