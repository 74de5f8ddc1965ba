"""Columns of words: plain keys, texts, choices, codes of other lists, and names with a number each.

Called by `columns`. Distinct values are looked at once each, so a column of a million keys costs what its keys cost.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import cache

import polars as pl

from evenhand.errors import suggest
from evenhand.exchange.imports.asking import Asking
from evenhand.exchange.tables.amiss import or_leave_empty
from evenhand.exchange.tables.keys import SPREADSHEET_ERROR, UNSEEN, as_text, split_names
from evenhand.exchange.tables.numbers import as_number
from evenhand.exchange.tables.sheet import quoted
from evenhand.supply.columns import AMOUNT_DECIMALS, LARGEST_AMOUNT, Column
from evenhand.supply.meanings import read_french

PLAIN_KEY = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
LONGEST = 5_000
"""Characters of a text; what is longer is a document, and belongs into evidence."""

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*:[A-Za-z0-9._/+-]+")


def read_plain_keys(raw: pl.Series, column: Column, name: str, asking: Asking) -> pl.Series:
    """Return a column of keys that can stand in an account: letters, digits and . _ - alone."""
    text = trimmed(as_text(raw)).alias(name)
    wrong = ~text.str.contains(PLAIN_KEY).fill_null(value=True)
    if wrong.any():
        asking.add_rows(name, wrong, lambda i: _say_key(name, text[i], column))
        text = text.set(wrong, None)
    return text


def read_texts(raw: pl.Series, name: str, asking: Asking) -> pl.Series:
    """Return a column of free text on one line each; characters that hide or turn text are refused."""
    text = as_text(raw)
    if text.str.contains(r"[\t\r\n]").any():
        text = text.str.replace_all(r"[\t\r\n]+", " ")
    text = trimmed(text).alias(name)
    hidden = text.str.contains(UNSEEN).fill_null(value=False)
    if hidden.any():
        asking.add_rows(
            name, hidden, lambda i: f"{name} is {quoted(text[i])}, with a character that cannot be seen; type it again"
        )
        text = text.set(hidden, None)
    long = (text.str.len_chars() > LONGEST).fill_null(value=False)
    if long.any():
        asking.add_rows(
            name,
            long,
            lambda i: f"{name} has {len(text[i]):,} characters; write at most {LONGEST:,} and attach the rest",
        )
        text = text.set(long, None)
    broken = text.str.contains(SPREADSHEET_ERROR).fill_null(value=False)
    if broken.any():
        asking.add_rows(name, broken, lambda i: f"{name} holds the spreadsheet error {text[i]}; mend the formula")
        text = text.set(broken, None)
    return text


def read_choices(raw: pl.Series, column: Column, name: str, asking: Asking) -> pl.Series:
    """Return a column of choices in the register's own words, French ones and capitals understood."""
    others = french_choices()

    def read(value: str) -> str | None:
        folded = value.casefold().replace("_", "-")
        if folded in column.choices:
            return folded
        meant = others.get(unaccented(folded))
        return meant if meant in column.choices else None

    def say(value: str) -> str:
        words = ", ".join(column.choices)
        near = suggest(value, column.choices)
        return f"{name} is {quoted(value)}; write one of {words}{or_leave_empty(column)}{near}"

    return _each(raw, name, asking, read, say)


def read_codes(raw: pl.Series, column: Column, name: str, asking: Asking) -> pl.Series:
    """Return a column of codes, scheme:code, separated by ';'; none twice."""

    def read(value: str) -> str | None:
        parts = split_names(value)
        return ";".join(dict.fromkeys(parts)) if all(CODE.fullmatch(part) for part in parts) else None

    def say(value: str) -> str:
        return f"{name} is {quoted(value)}; write scheme:code, several separated by ';', such as unspsc:51201600"

    return _each(raw, name, asking, read, say)


def read_measures(raw: pl.Series, column: Column, name: str, asking: Asking) -> pl.Series:
    """Return a column of names with a number each, box=100;carton=1000; none twice."""

    def read(value: str) -> str | None:
        measures: dict[str, str] = {}
        for part in split_names(value):
            key, equals, number = (piece.strip() for piece in part.partition("="))
            exact = _measure(number)
            if (
                not equals
                or not key
                or key in measures
                or exact is None
                or not re.match(PLAIN_KEY, key.replace(" ", "-"))
            ):
                return None
            measures[key] = exact
        return ";".join(f"{key}={number}" for key, number in measures.items())

    def say(value: str) -> str:
        return f"{name} is {quoted(value)}; write each name once with a number above 0, such as box=100;carton=1000"

    return _each(raw, name, asking, read, say)


def _measure(number: str) -> str | None:
    try:
        exact = Decimal(number) if re.fullmatch(r"[0-9]{1,13}(\.[0-9]{1,6})?", number) else Decimal(0)
    except InvalidOperation:  # pragma: no cover - the pattern lets nothing else through
        return None
    return as_number(exact) if 0 < exact <= LARGEST_AMOUNT and _decimals(exact) <= AMOUNT_DECIMALS else None


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _each(
    raw: pl.Series, name: str, asking: Asking, read: Callable[[str], str | None], say: Callable[[str], str]
) -> pl.Series:
    """Return a column in which each distinct text was read once; what could not be read is reported by row."""
    text = trimmed(as_text(raw)).alias(name)
    distinct = text.drop_nulls().unique().to_list()
    read_as = {value: read(value) for value in distinct}
    if all(value == meant for value, meant in read_as.items()):
        return text
    values = text.replace_strict(
        pl.Series(list(read_as), dtype=pl.String), pl.Series(list(read_as.values()), dtype=pl.String), default=None
    )
    wrong = (
        values.is_null()
        & text.is_not_null()
        & text.is_in(pl.Series([value for value, meant in read_as.items() if meant is None], dtype=pl.String).implode())
    )
    asking.add_rows(name, wrong, lambda i: say(text[i]))
    return values.alias(name)


def trimmed(text: pl.Series) -> pl.Series:
    """Return text without space around it, composed, and null where nothing is left."""
    # A million long texts are not copied where nothing is to be cut off.
    if text.str.contains(r"^\s|\s$").any():
        text = text.str.strip_chars()
    if text.str.contains(r"[^\x00-\x7f]").any():
        text = text.str.normalize("NFC")
    empty = (text == "").fill_null(value=False)
    return text.set(empty, None) if empty.any() else text


def unaccented(text: str) -> str:
    """Return lower-case text without accents.

    Examples
    --------
    >>> unaccented("État")
    'etat'
    """
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


@cache
def french_choices() -> dict[str, str]:
    """Return the words of choices by their French ones, without accents."""
    return {unaccented(french): word for word, french in read_french()["choices"].items()}


def _say_key(name: str, value: str, column: Column) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", unaccented(value) if not value.isascii() else value).strip("-._")[:64]
    instead = f" such as {plain}" if plain else ""
    return (
        f"{name} is {quoted(value)}; write letters, digits, . _ and - only, at most 64{instead}{or_leave_empty(column)}"
    )
