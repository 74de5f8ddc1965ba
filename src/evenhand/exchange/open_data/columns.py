"""The columns of open data: what each holds, declared once, whatever the format it is written in.

Called by the writers beside it, by the pages for their data twins, and by `evenhand.lookups.open_data`. Holds no rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any, Literal, TypeAlias

Kind = Literal["key", "text", "names", "whole", "amount", "flag", "day", "moment"]
"""What a column holds.

key     the key or ref of a record
text    what people wrote
names   several keys or words, separated by ';' where a cell holds text alone
whole   a whole number
amount  a number; an exact fraction is rounded to six decimals
flag    yes or no
day     an ISO date; as exactly as it is known (1961, 1961-09) where it is kept as text
moment  a time of UTC
"""

DECIMALS = 6
Cell: TypeAlias = str | int | Decimal | bool | date | datetime | tuple[str, ...] | None
Row: TypeAlias = Sequence[Any] | Mapping[str, Any] | object
"""A bare tuple or list in the order of the columns, a mapping by their keys, or a record with an attribute for each."""


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """Declare one column of a table of open data.

    Attributes
    ----------
    key
        Its name in every format and for ever: small letters, digits and _.
    title
        Its heading for people, in English.
    meaning
        What it says, as half a sentence.
    unit
        What a number counts.
    hxl
        Its hashtag of HXL 1.1, "" for none.
    of
        The attribute of a record that it is read from, where that is not `key`; dots lead on: resource.name.
    """

    key: str
    title: str
    meaning: str
    kind: Kind = "text"
    unit: str = ""
    hxl: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """Declare one table of open data: its name, its title, what a row is, its columns, those that tell rows apart."""

    name: str
    title: str
    row: str
    columns: tuple[OpenColumn, ...]
    unique: tuple[str, ...] = ()


def cells_of(columns: Sequence[OpenColumn], rows: Iterable[Row]) -> Iterator[list[Cell]]:
    """Return the cells of each row in the order of the columns, as plain values of each column's kind.

    Examples
    --------
    >>> columns = [OpenColumn("party", "Party", "who", "key"), OpenColumn("share", "Share", "how much", "amount")]
    >>> list(cells_of(columns, [{"party": "TCD", "share": Fraction(1, 3)}, ("KEN", None)]))
    [['TCD', Decimal('0.333333')], ['KEN', None]]
    """
    makers = [PLAIN[column.kind] for column in columns]
    keys = [column.key for column in columns]
    read: list[Callable[[Any], Any]] = [attrgetter(column.of or column.key) for column in columns]
    for row in rows:
        if type(row) in (tuple, list):
            values: Iterable[Any] = row  # type: ignore[assignment]  # which `type` does not tell the checker
        elif isinstance(row, Mapping):
            values = [row.get(key) for key in keys]
        else:
            values = [one(row) for one in read]
        yield [None if value is None else make(value) for make, value in zip(makers, values, strict=True)]


def exact(amount: float | Fraction | Decimal | str) -> Decimal | int:
    """Return a number with at most six decimals and no idle zeros.

    Examples
    --------
    >>> exact(Fraction(2, 3)), exact("2.50"), exact(4), exact(Fraction(8, 2))
    (Decimal('0.666667'), Decimal('2.5'), 4, 4)
    """
    if isinstance(amount, int):
        return int(amount)
    whole = Fraction(str(amount) if isinstance(amount, float) else amount)
    if whole.denominator == 1:
        return whole.numerator
    scaled = round(whole * 10**DECIMALS)
    if scaled % 10**DECIMALS == 0:
        return int(scaled // 10**DECIMALS)
    return Decimal(f"{scaled}e-{DECIMALS}").normalize()


def _text(value: Any) -> str:
    text = value if type(value) is str else str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")  # half a character is none


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    if isinstance(value, Mapping):
        return tuple(f"{_text(key)}={_text(one)}" for key, one in value.items())
    return tuple(_text(one) for one in value)


def _amount(value: Any) -> Decimal | int | None:
    if type(value) is int:  # most are
        return value
    return None if value == "" else exact(value)


def _day(value: Any) -> date | str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).date()
    if isinstance(value, date):
        return value
    text = _text(value)
    try:
        return date.fromisoformat(text) if len(text) == 10 else text or None
    except ValueError:
        return text


def _moment(value: Any) -> datetime | str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC) if value else None
    except ValueError:
        return _text(value)


PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "key": _text, "text": _text, "names": _names, "whole": int, "amount": _amount, "flag": bool, "day": _day,
    "moment": _moment,
}  # fmt: skip
"""Kind → what makes a value of a record one of it."""


def as_text(cell: Cell) -> str:
    """Return a cell as the text that says it exactly: ISO 8601 for times, yes or no, names with ';' between them.

    Examples
    --------
    >>> as_text(True), as_text(("TCD", "KEN")), as_text(Decimal("0.000001")), as_text(None)
    ('yes', 'TCD;KEN', '0.000001', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, tuple):
        return ";".join(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="microseconds" if cell.microsecond else "seconds").replace("+00:00", "Z")
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
