"""From what a lookup returns to what is sent: JSON values, chosen fields, CSV.

A quantity is an integer. An exact share is a number and beside it, under the name with `_exact`, the exact text. Called by
`reading` and `acting`; knows nothing of requests.
"""

from __future__ import annotations

import csv
import dataclasses
import inspect
import io
import json
import math
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from evenhand.errors import OptionRefused, suggest

Chosen = Mapping[str, frozenset[str] | None]
"""The fields asked for: name → the fields within it, None for all of it."""

EXACT = "_exact"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run; text only, numbers stay numbers."""


@dataclass(frozen=True, slots=True)
class Part:
    """Declare one field of a record as it is sent: its name, its type, and whether an exact text stands beside it."""

    name: str
    hint: Any
    exact: bool


@cache
def parts_of(kind: type) -> tuple[Part, ...]:
    """Return the fields of a record, its own first and then what is worked out from them."""
    hints = get_type_hints(kind)
    found = [(field.name, hints[field.name]) for field in dataclasses.fields(kind)]
    for name, value in inspect.getmembers(kind, lambda one: isinstance(one, property)):
        if not name.startswith("_"):
            found.append((name, get_type_hints(value.fget)["return"]))
    return tuple(Part(name, hint, is_exact(hint)) for name, hint in found)


def is_exact(hint: Any) -> bool:
    """Say whether a type can hold a share or an amount that no float holds exactly."""
    return bool({Fraction, Decimal} & set(alternatives(hint)))


def alternatives(hint: Any) -> tuple[Any, ...]:
    """Return what a type may be, one by one."""
    if get_origin(hint) is Annotated:
        return alternatives(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(one for part in get_args(hint) for one in alternatives(part))
    return (hint,)


def record_in(hint: Any) -> type | None:
    """Return the kind of record that a field holds, itself or many of them; None where it holds none."""
    for one in alternatives(hint):
        if isinstance(one, type) and dataclasses.is_dataclass(one):
            return one
        if get_origin(one) in (tuple, list, Sequence):
            return next((found for part in get_args(one) if (found := record_in(part)) is not None), None)
    return None


def plain(value: Any, chosen: Chosen | None = None) -> Any:
    """Return a value as JSON can hold it; of a record only the chosen fields, where some were.

    Examples
    --------
    >>> plain({"share": Fraction(1, 3), "day": date(2026, 3, 2)})
    {'share': '1/3', 'day': '2026-03-02'}
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _record(value, chosen)
    if isinstance(value, str) or value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items() if chosen is None or str(key) in chosen}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one, chosen) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return exact_text(value)


def _record(value: Any, chosen: Chosen | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in parts_of(value.__class__):
        exactly = part.exact and (chosen is None or part.name + EXACT in chosen)
        if chosen is not None and part.name not in chosen and not exactly:
            continue
        held = getattr(value, part.name)
        if chosen is None or part.name in chosen:
            within = None if chosen is None else chosen[part.name]
            found[part.name] = (
                as_number(held) if part.exact else plain(held, None if within is None else dict.fromkeys(within))
            )
        if exactly:
            found[part.name + EXACT] = None if held is None else exact_text(held)
    return found


def as_number(value: Any) -> int | float | None:
    """Return an exact amount as a number: an integer where it is whole.

    Examples
    --------
    >>> as_number(Fraction(4)), as_number(Fraction(1, 4)), as_number(Decimal("2.50")), as_number(None)
    (4, 0.25, 2.5, None)
    """
    if value is None or isinstance(value, int):
        return value
    whole = Fraction(value)
    return whole.numerator if whole.denominator == 1 else float(whole)


def exact_text(value: Any) -> str:
    """Return an exact amount as text: "1/3", "4", "2.50"."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def read_fields(text: str, kind: type) -> Chosen | None:
    """Return the fields that a text asks for, None where it asks for all: "ref,party,lines.offer".

    Raises
    ------
    OptionRefused
        The record has no such field.
    """
    asked = [one.strip() for one in text.split(",") if one.strip()]
    if not asked:
        return None
    parts = {part.name: part for part in parts_of(kind)}
    known = [*parts, *(part.name + EXACT for part in parts.values() if part.exact)]
    chosen: dict[str, frozenset[str] | None] = {}
    for one in asked:
        name, dot, within = one.partition(".")
        if name not in known:
            raise OptionRefused(
                f"there is no field '{name[:60]}'{suggest(name, known) or '.'} There are {', '.join(known)}"
            )
        if not dot:
            chosen[name] = None
            continue
        _expect_within(parts.get(name), name, within)
        before = chosen.get(name, frozenset())
        chosen[name] = None if before is None else before | {within}
    return chosen


def _expect_within(part: Part | None, name: str, within: str) -> None:
    """Refuse a field of a field where there is none."""
    held = None if part is None else record_in(part.hint)
    if held is not None:
        inner = [one.name + end for one in parts_of(held) for end in (("", EXACT) if one.exact else ("",))]
        if within not in inner:
            raise OptionRefused(
                f"there is no field '{within[:60]}' in {name}{suggest(within, inner) or '.'} There are {', '.join(inner)}"
            )
    elif part is None or not any(get_origin(one) is not None and _is_mapping(one) for one in alternatives(part.hint)):
        raise OptionRefused(f"the field {name} holds nothing that could be chosen from; write {name} alone")


def _is_mapping(hint: Any) -> bool:
    origin = get_origin(hint)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def to_json(value: Any) -> bytes:
    """Return JSON, short and in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def to_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    r"""Return rows as CSV, safe to open in a spreadsheet; what is nested stands in its cell as JSON.

    Examples
    --------
    >>> to_csv([{"name": "=1+1", "quantity": -4, "packs": {"box": 50}}], ["name", "quantity", "packs"]).decode()
    'name,quantity,packs\r\n\'=1+1,-4,"{""box"":50}"\r\n'
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return to_json(value).decode()
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def columns_of(kind: type, chosen: Chosen | None) -> list[str]:
    """Return the columns of a table of such records."""
    names = [part.name + end for part in parts_of(kind) for end in (("", EXACT) if part.exact else ("",))]
    return [name for name in names if chosen is None or name in chosen]
