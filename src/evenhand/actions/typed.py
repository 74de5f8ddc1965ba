"""Reading what was typed into an action: keys, names, days, codes, numbers. Refused in words before a row is touched.

Used by the actions on lists, users, offers and evidence. What a column of the database could not hold, or what would make
two things look alike, is refused here, the same on both databases. Quantities are `records.quantities`' matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Model

from evenhand.errors import UNSEEN, ActionRefused, suggest
from evenhand.errors import shown as shown
from evenhand.records.models import Code
from evenhand.records.quantities import plain_number

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
REF = re.compile(r"(ND|OF|RD|CN|EV|PG|OB|HO|MT|ST|TH|RY)-[0-9A-Z]{10}", re.IGNORECASE)
UNIT = re.compile(r"[A-Za-z][A-Za-z0-9._/-]{0,39}")
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
DAY = re.compile(r"(1[89]|20|21)[0-9]{2}(-[0-9]{2}(-[0-9]{2})?)?")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
DIGITS = 12
"""A number has at most so many digits, so that its product with any quantity stays exact."""

JOINERS = frozenset("\u200c\u200d")
"""Unseen, but part of how Persian, Hindi and others are spelled."""


def read_key(kind: str, text: str, taken: Iterable[str] = ()) -> str:
    """Return a key that somebody chose, sound and not to be mistaken for another.

    Parameters
    ----------
    taken
        Keys that differ from it in small and capital letters alone, or name something else.

    Raises
    ------
    ActionRefused
        It is no key, looks like a ref, or is taken.
    """
    if not KEY.fullmatch(text):
        raise ActionRefused(
            f"'{shown(text)}' is not a key of a {kind}; use letters without accents, digits and . _ -, at most 64, "
            "the first a letter or digit"
        )
    if REF.fullmatch(text):
        raise ActionRefused(f"the key '{text}' looks like the ref of a record; choose another for the {kind}")
    for other in taken:
        raise ActionRefused(f"the key '{text}' cannot be told from '{other}', which there is already; choose another")
    return text


def read_line(column: str, text: str, *, most: int, needed: bool = True) -> str:
    """Return one line of text without needless spaces.

    Raises
    ------
    ActionRefused
        It is empty where it is needed, too long, or holds characters that nobody can see.
    """
    line = " ".join(text.split())
    if needed and not line:
        raise ActionRefused(f"the {column} is empty; say what it is")
    _refuse_unseen(column, line)
    return _short_enough(column, line, most)


def read_text(column: str, text: str, *, most: int = 10_000) -> str:
    """Return text of several lines, or ""."""
    _refuse_unseen(column, text.replace("\n", " ").replace("\r", " ").replace("\t", " "))
    return _short_enough(column, text.strip(), most)


def read_choice(column: str, text: str, choices: Sequence[str]) -> str:
    """Return one of the choices, or refuse with the nearest."""
    if text not in choices:
        raise ActionRefused(
            f"there is no {column} '{shown(text)}'; it is one of {', '.join(choices)}{suggest(text, choices)}"
        )
    return text


def read_names(column: str, text: str, *, most: int = 400) -> list[str]:
    """Return the names separated by ';', each once, in the order given."""
    names = list(dict.fromkeys(name for name in (part.strip() for part in text.split(";")) if name))
    for name in names:
        if not KEY.fullmatch(name):
            raise ActionRefused(
                f"{column} holds '{shown(name)}', which is not a name; use letters, digits and . _ -, separated by ';'"
            )
    _short_enough(column, ";".join(names), most)
    return names


def read_number(column: str, text: str, *, above: bool = True) -> str:
    """Return a decimal number as plain text, exact: `2.50` is "2.5"."""
    typed = text.strip()
    number = Decimal(typed) if NUMBER.fullmatch(typed) else None
    if number is None or len(number.normalize().as_tuple().digits) > DIGITS or (above and not number):
        raise ActionRefused(
            f"{column} is '{shown(text)}'; write a number above 0 with a point and at most {DIGITS} digits, such as 2.15"
        )
    return plain_number(number)


def read_degrees(latitude: str, longitude: str) -> tuple[float | None, float | None]:
    """Return where something is, in degrees, both or neither."""
    if not latitude.strip() and not longitude.strip():
        return None, None
    found: list[float] = []
    for column, text, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if not re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{1,15})?", text.strip()) or abs(float(text)) > most:
            raise ActionRefused(
                f"the {column} is '{shown(text)}'; write degrees from -{most} to {most} with a point, and give both "
                "latitude and longitude or neither"
            )
        found.append(float(text))
    return found[0], found[1]


def read_known_day(column: str, text: str) -> str:
    """Return a day as exactly as it is known: 1961, 1961-09 or 1961-09-01."""
    day = text.strip()
    try:
        if not DAY.fullmatch(day):
            raise ValueError(day)
        date.fromisoformat(earliest(day))
    except ValueError:
        raise ActionRefused(
            f"{column} is '{shown(text)}'; write a date as exactly as it is known: 1961, 1961-09 or 1961-09-01"
        ) from None
    return day


def earliest(day: str) -> str:
    """Return the first day that a day known by its year or month can be.

    Examples
    --------
    >>> earliest("1961"), latest("1961")
    ('1961-01-01', '1961-12-31')
    """
    return day + "0000-01-01"[len(day) :] if day else ""


def latest(day: str) -> str:
    """Return the last day that a day known by its year or month can be (of a month, the text that sorts last)."""
    return day + "0000-12-31"[len(day) :]


def refuse_future(doing_day: date, column: str, day: date | None) -> None:
    """Refuse a day on which something is said to have happened and that has not come."""
    if day is not None and day > doing_day:
        raise ActionRefused(f"{column} is {day}, which has not come yet; give today, {doing_day}, or an earlier day")


def read_codes(of: str, key: str, text: str) -> list[Code]:
    """Return the codes written as `scheme:code;...`, not yet written.

    Raises
    ------
    ActionRefused
        One is not a code, or names something else already.
    """
    codes: dict[tuple[str, str], Code] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        scheme, _, code = (half.strip() for half in part.partition(":"))
        if not CODE.fullmatch(scheme) or not 0 < len(code) <= 80 or not code.isprintable():
            raise ActionRefused(f"'{shown(part)}' is not a code; write scheme:code, such as glide:EQ-2023-000015-TUR")
        other = Code.objects.filter(of=of, scheme=scheme, code=code).exclude(key=key).first()
        if other is not None:
            raise ActionRefused(f"the code {scheme}:{code} names the {of} {other.key} already; only one can have it")
        codes[scheme, code] = Code(of=of, key=key, scheme=scheme, code=code)
    return list(codes.values())


def codes_of(of: str, key: str) -> list[str]:
    """Return the codes of one thing as `scheme:code`, sorted."""
    return sorted(
        f"{scheme}:{code}" for scheme, code in Code.objects.filter(of=of, key=key).values_list("scheme", "code")
    )


def stands_already(kind: str, row: Model | None, wanted: Model, codes: Sequence[Code] = ()) -> bool:
    """Say whether what is to be registered is there already, just the same.

    Raises
    ------
    ActionRefused
        It is there and differs; says in what.
    """
    if row is None:
        return False
    pairs: dict[str, tuple[object, object]] = {
        field.name: (getattr(row, field.attname), getattr(wanted, field.attname))
        for field in row._meta.concrete_fields
        if field.name != "retired_on"
    }
    pairs["codes"] = (codes_of(kind, str(row.pk)), sorted(f"{one.scheme}:{one.code}" for one in codes))
    differing = [f"{name} '{_said(was)}', not '{_said(now)}'" for name, (was, now) in pairs.items() if was != now]
    if differing:
        raise ActionRefused(
            f"there is a {kind} {row.pk} already, with {'; '.join(differing)}. Choose another key, or give the same"
        )
    return True


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        return ";".join(sorted(f"{name}={size}" for name, size in value.items()))  # JSON of PostgreSQL has no order
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return "" if value is None else shown(str(value))


def _refuse_unseen(column: str, text: str) -> None:
    for letter in text:
        if unicodedata.category(letter) in UNSEEN and letter not in JOINERS:
            raise ActionRefused(
                f"the {column} holds an unseen character (U+{ord(letter):04X}); type it anew without it"
            )


def _short_enough(column: str, text: str, most: int) -> str:
    if len(text) > most:
        raise ActionRefused(f"the {column} has {len(text):,} characters; at most {most:,} are kept, so shorten it")
    return text
