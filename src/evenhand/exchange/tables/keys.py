"""Columns of text: keys, free text, and names separated by ';'.

Called by `columns`. A clean column of a million keys is recognised by looking once through all of it as one piece of
text; only a column with something odd in it is taken apart.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import polars as pl

from evenhand.exchange.tables.sheet import Findings, Sheet, quoted

SEPARATOR = ";"
SPREADSHEET_ERROR = r"^#(?i:N/A|DIV/0!|REF!|NAME\?|NULL!|NUM!|VALUE!|GETTING_DATA|SPILL!|CALC!)$"
COMPOSED: Literal["NFC"] = "NFC"
SAMPLE = 10_000
LONGEST_LOOK = 2**30
"""Bytes; a column with more text than this is not looked through as one piece."""

UNSEEN = r"[\p{Cc}\u{200B}\u{2028}\u{2029}\u{202A}-\u{202E}\u{2060}\u{2066}-\u{2069}\u{FEFF}]"
"""Control characters and those that hide or turn text; joiners that some scripts need are not among them."""


def as_text(raw: pl.Series) -> pl.Series:
    """Return any column as text: whole floats without ".0", dates as ISO, lists joined by ';'."""
    dtype = raw.dtype
    if dtype == pl.String:
        return raw
    if dtype.is_float():
        if raw.is_finite().fill_null(value=True).all() and (raw.floor() == raw).all() and (raw.abs() < 2**53).all():
            return raw.cast(pl.Int64).cast(pl.String)
        return raw.cast(pl.String)
    if dtype.is_decimal():
        text = raw.cast(pl.String)
        return text if dtype.scale == 0 else text.str.strip_chars_end("0").str.strip_chars_end(".")  # type: ignore[attr-defined]
    if isinstance(dtype, pl.Datetime):
        return raw.dt.to_string("iso:strict").str.replace(r"T00:00:00(\.0*)?$", "")
    if dtype.is_integer() or dtype in (pl.Date, pl.Null, pl.Boolean) or isinstance(dtype, pl.Categorical | pl.Enum):
        return raw.cast(pl.String)
    if isinstance(dtype, pl.List) and dtype.inner in (pl.String, pl.Null):
        return raw.cast(pl.List(pl.String)).list.join(SEPARATOR)
    return pl.Series(raw.name, [text_of(value) for value in raw.to_list()], dtype=pl.String)


def text_of(value: object) -> str | None:
    """Return any single value as text; None and NaN are missing."""
    if value is None or value != value:  # a NaN is the one value that is not itself
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time().isoformat() == "00:00:00":
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, list | tuple | set | frozenset):
        return SEPARATOR.join(str(part) for part in (sorted(value, key=str) if isinstance(value, set) else value))
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8")


def read_keys(raw: pl.Series, name: str, sheet: Sheet, findings: Findings, *, required: bool) -> pl.Series:
    """Return a column of keys, trimmed; what is missing, hidden or ambiguous goes to `findings` and becomes null."""
    keys = as_text(raw).alias(name)
    if _all_clean(keys):
        return keys
    keys = _trimmed(keys)
    if required:
        findings.add_rows(sheet, name, keys.is_null(), lambda _: f"{name} is missing; every row needs one")
    joined = keys.str.contains(SEPARATOR, literal=True).fill_null(value=False)
    findings.add_rows(
        sheet, name, joined, lambda i: f"{name} is {quoted(keys[i])}; ';' separates names, so leave it out of a name"
    )
    return _without_odd(keys.set(joined, None), name, sheet, findings)


def read_text(raw: pl.Series, name: str, sheet: Sheet, findings: Findings) -> pl.Series:
    """Return a column of free text on one line each, trimmed; hidden characters are refused."""
    text = as_text(raw).alias(name)
    if _all_clean(text):
        return text
    return _without_odd(_trimmed(text.str.replace_all(r"[\t\r\n]+", " ")), name, sheet, findings)


def read_unknown(raw: pl.Series, name: str, sheet: Sheet, findings: Findings) -> pl.Series:
    """Return a column that Evenhand does not know as text, as it came but for line breaks; an empty cell is null."""
    text = as_text(raw).alias(name)
    if text.str.contains(r"[\r\x00]").any():
        # These two are not the same after writing and reading a file.
        text = text.str.replace_all(r"\r\n?", "\n")
        findings.add_rows(
            sheet, name, text.str.contains("\x00", literal=True).fill_null(value=False),
            lambda i: f"the cell is {quoted(text[i])}, with a character that no text has; type it again",
        )  # fmt: skip
    return text.set((text == "").fill_null(value=False), None)


def read_names(raw: pl.Series, name: str, sheet: Sheet, findings: Findings) -> pl.Series:
    """Return a column of names as "a;b": each trimmed, none empty, none twice; null where there is none."""
    text = as_text(raw).alias(name)
    if not all(value is None or _plain(value) for value in text.unique().to_list()):
        text = _without_odd(_trimmed(text), name, sheet, findings)
    several = text.filter(text.str.contains(SEPARATOR, literal=True).fill_null(value=False)).unique()
    if several.is_empty():
        return text
    tidy = [SEPARATOR.join(dict.fromkeys(split_names(value))) or None for value in several.to_list()]
    return text.replace(several, pl.Series(tidy, dtype=pl.String))


def _plain(value: str) -> bool:
    """Return whether a value needs no tidying: there is something, in ASCII, without spaces or what a formula leaves."""
    return bool(value) and value.isascii() and value.isprintable() and " " not in value and "#" not in value


def _all_clean(text: pl.Series) -> bool:
    """Return whether every value is there, plain and trimmed: one look through the whole column as one text."""
    if text.null_count() or text.is_empty() or int(text.str.len_bytes().sum()) > LONGEST_LOOK:
        return text.is_empty()
    if text.head(SAMPLE).n_unique() < SAMPLE // 10:
        # Names of groups and the like repeat: it is enough to look at each once.
        text = text.unique()
    whole: str = text.str.join(SEPARATOR).item()
    if whole.count(SEPARATOR) != len(text) - 1 or not whole.isprintable() or "#" in whole:
        return False
    if not whole.isascii() and not unicodedata.is_normalized(COMPOSED, whole):
        return False
    whole = f"{SEPARATOR}{whole}{SEPARATOR}"
    return ";;" not in whole and not (" " in whole and (" ;" in whole or "; " in whole))


def _trimmed(text: pl.Series) -> pl.Series:
    """Return text without space around it, in Unicode's composed form, and null where nothing is left."""
    # A Mac writes 'ô' as two characters, Windows as one: the same name must be the same key.
    text = text.str.strip_chars().str.normalize(COMPOSED)
    return text.set((text == "").fill_null(value=False), None)


def _without_odd(text: pl.Series, name: str, sheet: Sheet, findings: Findings) -> pl.Series:
    """Return text with null for what was reported: hidden characters, and what a broken formula leaves."""
    hidden = text.str.contains(UNSEEN).fill_null(value=False)
    findings.add_rows(
        sheet, name, hidden,
        lambda i: f"{name} is {quoted(text[i])}, with a character that cannot be seen; type it again",
    )  # fmt: skip
    broken = text.str.contains(SPREADSHEET_ERROR).fill_null(value=False)
    findings.add_rows(sheet, name, broken, lambda i: f"{name} holds the spreadsheet error {text[i]}; mend the formula")
    return text.set(hidden | broken, None) if hidden.any() or broken.any() else text


def split_names(value: str) -> list[str]:
    """Return the names in a cell.

    Examples
    --------
    >>> split_names(" ultra-cold; ;licence;")
    ['ultra-cold', 'licence']
    """
    return [part.strip() for part in value.split(SEPARATOR) if part.strip()]
