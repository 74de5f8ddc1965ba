"""Columns of numbers as people write them: 1,234 and 1 234 and 1.234,5; the whole column says which is meant.

Called by `columns`. What the strict reader of a round's tables refuses cell by cell is read here where the column leaves
no doubt, and asked about where it does. Never guesses between 1.234 and 1234, and never uses a float.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evenhand.exchange.imports.asking import Asking
from evenhand.exchange.tables.amiss import or_leave_empty, say_not_a_number
from evenhand.exchange.tables.keys import as_text
from evenhand.exchange.tables.numbers import AMOUNT, NUMBER, as_number
from evenhand.exchange.tables.sheet import quoted
from evenhand.supply.columns import AMOUNT_DECIMALS, LARGEST_AMOUNT, Column

AROUND = " \t\r\n\u00a0\u2007\u2009\u202f"
SPACE = "[ \u00a0\u2007\u2009\u202f'’_]"
DIGITS = {chr(start + digit): str(digit) for start in (0x660, 0x6F0, 0x966, 0x9E6) for digit in range(10)}
"""Arabic-Indic, Persian, Devanagari and Bengali digits."""

SIGNS = {"\u2212": "-", "\u066c": ",", "\u066b": "."}
"""The minus sign of typographers, and the separators that go with Arabic digits."""

ONE_COMMA = r"^[+-]?[1-9]\d{0,2},\d{3}$"
ONE_POINT = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
SPACED = rf"^[+-]?\d{{1,3}}(?:{SPACE}\d{{3}})+$"
POINTED = (
    r"^[+-]?\d{1,3}(?:,\d{3}){2,}$",
    r"^[+-]?\d{1,3}(?:,\d{3})+\.\d+$",
    r"^[+-]?\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$",
    rf"^[+-]?\d{{1,3}}(?:{SPACE}\d{{3}})+\.\d+$",
)
"""Numbers that only a writer of decimal points writes; the third is how India groups."""

COMMAED = (
    r"^[+-]?\d{1,3}(?:\.\d{3}){2,}$",
    r"^[+-]?\d{1,3}(?:\.\d{3})+,\d+$",
    rf"^[+-]?\d{{1,3}}(?:{SPACE}\d{{3}})+,\d+$",
    r"^[+-]?(?:0|\d*),\d+$",
)
"""Numbers that only a writer of decimal commas writes; the last unless it is also `ONE_COMMA`."""

WITH_UNIT = rf"^([+-]?[\d][\d.,'’_ \u00a0\u2009\u202f]*?){SPACE}*([^\W\d_][^\d]*)$"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Hold the numbers of a column and, for quantities, the unit that stood behind each."""

    values: pl.Series
    units: pl.Series | None = None


def read_numbers(raw: pl.Series, column: Column, name: str, asking: Asking) -> Numbers:
    """Return a column as exact numbers; what is wrong or doubtful goes to `asking`, and its value becomes null."""
    text = tidy_digits(as_text(raw) if not raw.dtype.is_float() else raw.cast(pl.String))
    given = text.is_not_null()
    plain = text.str.contains(NUMBER).fill_null(value=False)
    units = None
    odd = given & ~plain
    if odd.any():
        if column.kind == "quantity":
            text, units = _without_unit(text, odd)
        text = _with_points(text, column, name, asking)
    elif raw.dtype == pl.String and column.kind in ("quantity", "count"):
        text = _with_points(text, column, name, asking)
    values = _exact(text, column, name, asking)
    return Numbers(_within_bounds(values, column, name, asking).alias(name), units)


def tidy_digits(text: pl.Series) -> pl.Series:
    """Return text trimmed, with the digits and signs of other scripts as ASCII, and null where nothing is left."""
    if text.str.contains(r"^\s|\s$").any():
        text = text.str.strip_chars(AROUND)
    empty = (text == "").fill_null(value=False)
    text = text.set(empty, None) if empty.any() else text
    foreign = text.str.contains(r"[^\x00-\x7f]").fill_null(value=False)
    if foreign.any():
        plain = text.filter(foreign).str.replace_many(DIGITS | SIGNS)
        text = text.scatter(foreign.arg_true(), plain)
    return text


def _without_unit(text: pl.Series, odd: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return "500 boxes" as "500" and "boxes"."""
    parts = text.set(~odd, None).str.extract_groups(WITH_UNIT).struct.unnest()
    numbers, units = parts.get_columns()
    return numbers.fill_null(text), units.str.strip_chars(AROUND).alias("unit")


def _any(text: pl.Series, patterns: tuple[str, ...]) -> pl.Series:
    found = text.str.contains(patterns[0])
    for pattern in patterns[1:]:
        found = found | text.str.contains(pattern)
    return found.fill_null(value=False)


def _with_points(text: pl.Series, column: Column, name: str, asking: Asking) -> pl.Series:
    """Return numbers with a decimal point and nothing between thousands, where the column leaves no doubt."""
    numbers = text.filter(text.str.contains(r"[.,'’_ \u00a0\u2007\u2009\u202f]").fill_null(value=False)).unique()
    if numbers.is_empty():
        return text
    one_comma = _any(numbers, (ONE_COMMA,))
    one_point = _any(numbers, (ONE_POINT,))
    commaed = _any(numbers, COMMAED) & ~one_comma
    pointed = _any(numbers, POINTED) | (_any(numbers, (NUMBER,)) & ~one_point & numbers.str.contains(".", literal=True))
    mark = asking.decimal
    if mark is None and commaed.any() and pointed.any():
        there = f"{numbers.filter(pointed)[0]} and {numbers.filter(commaed)[0]}"
        asking.ask(
            name, f"numbers are written both ways, such as {there}: say decimal, or write them one way", "decimal"
        )
        return text.set(text.is_not_null(), None)
    doubtful = column.kind in ("quantity", "count") and one_point.any()
    if mark is None:
        mark = "," if commaed.any() else "."
        decided = bool(
            commaed.any() or pointed.any() or (one_comma.any() and not one_point.any() and not asking.semicolons)
        )
        if not decided and (doubtful or one_comma.any()):
            shown = numbers.filter(one_point | one_comma).sort()[0]
            whole, part = shown.replace(",", "").replace(".", ""), shown.replace(",", ".")
            asking.ask(name, f"numbers such as {shown} can mean {whole} or {part}: say decimal", "decimal")
            return text.set(text.is_not_null(), None)
        if one_comma.any() and mark == "." and not pointed.any():
            shown = numbers.filter(one_comma).sort()[0]
            asking.findings.notes.append(
                f"{asking.label}, column {name}: {shown} and the like were read as {shown.replace(',', '')}"
            )
    return _rewritten(text, mark)


def _rewritten(text: pl.Series, mark: str) -> pl.Series:
    if mark == ".":
        shaped = _any(text, (*POINTED, ONE_COMMA, SPACED))
        plain = text.str.replace_all(rf",|{SPACE}", "")
    else:
        shaped = _any(text, (*COMMAED, ONE_COMMA, ONE_POINT, SPACED))
        plain = text.str.replace_all(rf"\.|{SPACE}", "").str.replace(",", ".", literal=True)
    if not shaped.any():
        return text
    return text.scatter(shaped.arg_true(), plain.filter(shaped))


def _exact(text: pl.Series, column: Column, name: str, asking: Asking) -> pl.Series:
    plain = text.str.contains(NUMBER).fill_null(value=False)
    wrong = text.is_not_null() & ~plain
    asking.add_rows(name, wrong, lambda i: _say_wrong(name, text[i], column))
    text = text.set(wrong, None)
    values = text.cast(AMOUNT, strict=False)
    huge = values.is_null() & text.is_not_null()
    asking.add_rows(name, huge, lambda i: _say_large(name, text[i]))
    finer = text.str.contains(r"\.[0-9]{6}[0-9]*[1-9]").fill_null(value=False)
    if (rounded := int(finer.sum())) and column.kind != "degrees":
        had = "1 number had" if rounded == 1 else f"{rounded:,} numbers had"
        asking.findings.notes.append(
            f"{asking.label}, column {name}: {had} more than {AMOUNT_DECIMALS} decimals, of which {AMOUNT_DECIMALS} are kept"
        )
    return values


def _within_bounds(values: pl.Series, column: Column, name: str, asking: Asking) -> pl.Series:
    above_zero = column.kind in ("positive", "quantity")
    small = ((values <= 0) if above_zero else (values < column.least)).fill_null(value=False)
    works = _what_works(column)
    asking.add_rows(name, small, lambda i: f"{name} is {as_number(values[i])}; {works}")
    most = LARGEST_AMOUNT if column.most is None else column.most
    large = (values > most).fill_null(value=False)
    asking.add_rows(
        name,
        large,
        lambda i: _say_large(name, values[i]) if column.most is None else f"{name} is {as_number(values[i])}; {works}",
    )
    wrong = small | large
    values = values.set(wrong, None) if wrong.any() else values
    if column.kind != "count":
        return values
    whole = values.cast(pl.Int64)
    broken = (whole != values).fill_null(value=False)
    asking.add_rows(name, broken, lambda i: f"{name} is {as_number(values[i])}; write a whole number")
    return whole.set(broken, None)


def _what_works(column: Column) -> str:
    number = "a whole number" if column.kind == "count" else "a number"
    if column.kind in ("positive", "quantity"):
        return "write a number above 0"
    if column.most is not None:
        return f"write {number} from {column.least} to {column.most}"
    return f"write {number}, {column.least} or more"


def _say_wrong(name: str, value: str, column: Column) -> str:
    if column.kind in ("quantity", "positive"):
        return say_not_a_number(name, value, column)
    if column.most is None:
        return say_not_a_number(name, value, column)
    return f"{name} is {quoted(value)}, which is not a number; {_what_works(column)}{or_leave_empty(column)}"


def _say_large(name: str, value: object) -> str:
    return f"{name} is {quoted(value)}; numbers above {LARGEST_AMOUNT} are taken for typing errors"
