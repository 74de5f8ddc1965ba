"""Columns of numbers: exact, and refused with what would work where they are not numbers.

Called by `columns`. A column comes out as Int64 where every value is whole, else Decimal(38, 6); a float never leaves
this module. Clean integer columns pass in one comparison; everything slow happens only to what is wrong.
"""

from __future__ import annotations

import math
from decimal import Decimal, DecimalException
from fractions import Fraction

import polars as pl

from evenhand.exchange.tables.amiss import say_not_a_number, what_works
from evenhand.exchange.tables.keys import as_text
from evenhand.exchange.tables.sheet import LONGEST_SHOWN, Findings, Sheet, quoted
from evenhand.supply.columns import AMOUNT_DECIMALS, LARGEST_AMOUNT, Column

AMOUNT = pl.Decimal(38, AMOUNT_DECIMALS)
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
FRACTION = r"^[0-9]{1,18}/[0-9]{1,18}$"
WHOLE_IN_FLOAT = 2**53
"""Above this a float no longer holds every whole number."""


def read_numbers(raw: pl.Series, column: Column, name: str, sheet: Sheet, findings: Findings) -> pl.Series:
    """Return a column of counts or amounts; what is wrong goes to `findings`, and its value becomes null.

    Parameters
    ----------
    raw
        The column as it came: whole numbers, floats, decimals or text.
    column, name
        Its declaration, and its name (they differ for numbered columns).
    sheet, findings
        Where it stands, and where problems and the note about rounding go.
    """
    if raw.dtype.is_integer():
        numbers = raw.cast(pl.Int64, strict=False)
        if numbers.null_count() > raw.null_count():
            huge = numbers.is_null() & raw.is_not_null()
            findings.add_rows(sheet, name, huge, lambda i: _say_too_large(name, raw[i]))
        rounded = None
    else:
        text = _plain_text(raw)
        numbers, rounded = _from_text(text, column, name, sheet, findings)
    numbers = _within_range(numbers, column, name, sheet, findings, shown=raw)
    if rounded is not None and (changed := int(rounded.sum())):
        findings.notes.append(
            f"{sheet.table.name}, column {name}: {_numbers(changed)} more than {AMOUNT_DECIMALS} decimals"
            f" and {'was' if changed == 1 else 'were'} rounded"
        )
    return numbers.alias(name)


def _plain_text(raw: pl.Series) -> pl.Series:
    """Return floats and decimals as the shortest text that means the same, text as it is."""
    if raw.dtype.is_float() and raw.dtype != pl.Float64:
        # The shortest text of a 32-bit float is its own: 0.1, not 0.10000000149.
        return raw.cast(pl.String)
    return raw if raw.dtype == pl.String or raw.dtype.is_float() else as_text(raw)


def _from_text(
    raw: pl.Series, column: Column, name: str, sheet: Sheet, findings: Findings
) -> tuple[pl.Series, pl.Series | None]:
    """Return the numbers and, unless all are whole, which of them were rounded."""
    if raw.dtype.is_float():
        if _all_whole(raw):
            return raw.cast(pl.Int64), None
        raw = raw.cast(pl.String)
    numbers = raw.cast(pl.Int64, strict=False)
    if numbers.null_count() == raw.null_count():
        return numbers, None
    text = raw.str.strip_chars()
    given = text.is_not_null() & (text != "")
    plain = text.str.contains(NUMBER)
    if sheet.table.name == "actual" and (fractions := text.str.contains(FRACTION)).any():
        # A plan of divisible goods writes exact fractions, and a plan may be compared as if it had happened.
        text, plain = _fractions_as_decimals(text, fractions), plain | fractions
    wrong = given & ~plain
    above = sheet.row(0) if sheet.height > 1 else 0
    findings.add_rows(
        sheet, name, wrong, lambda i: say_not_a_number(name, raw[i], column, heading_row=0 if i else above)
    )
    text = text.set(~(given & plain).fill_null(value=False), None)
    exact = text.cast(AMOUNT, strict=False)
    huge = exact.is_null() & text.is_not_null()
    findings.add_rows(sheet, name, huge, lambda i: _say_too_large(name, raw[i]))
    _note_three_decimals(text, name, sheet, findings)
    rounded = _more_decimals(text)
    vanished = rounded & (exact == 0).fill_null(value=False)
    findings.add_rows(sheet, name, vanished, lambda i: _say_vanished(name, raw[i]))
    return exact.set(vanished, None), rounded & ~vanished


def _note_three_decimals(text: pl.Series, name: str, sheet: Sheet, findings: Findings) -> None:
    """Note a column in which 1.200 may have been meant as 1200: all its broken numbers have three decimals."""
    broken = text.filter(text.str.contains(".", literal=True).fill_null(value=False))
    if len(broken) and broken.str.contains(r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$").all():
        odd = broken.filter(broken.str.ends_with("0"))
        if len(odd):
            read = as_number(odd[0])
            findings.notes.append(
                f"{sheet.table.name}, column {name}: {odd[0]} was read as {read}, not as {odd[0].replace('.', '')}"
            )


def _all_whole(raw: pl.Series) -> bool:
    if raw.null_count() == len(raw):
        return True
    low, high = raw.min(), raw.max()
    if not isinstance(low, float) or not isinstance(high, float) or raw.is_nan().any():
        return False
    within = low >= -WHOLE_IN_FLOAT and high <= WHOLE_IN_FLOAT
    return within and bool((raw.floor() == raw).all())


def _more_decimals(text: pl.Series) -> pl.Series:
    """Return where a number has more decimals than are kept."""
    more = text.str.contains(r"\.[0-9]{6}[0-9]*[1-9]")
    powers = text.str.contains("[eE]")
    if powers.any():
        more = more.set(powers.fill_null(value=False), False)
        finer = [_is_finer(value) for value in text.filter(powers).to_list()]
        at = powers.arg_true()
        more = more.scatter(at, finer)
    return more.fill_null(value=False)


def _is_finer(value: str) -> bool:
    exponent = Decimal(value).normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent < -AMOUNT_DECIMALS


def _fractions_as_decimals(text: pl.Series, fractions: pl.Series) -> pl.Series:
    """Return text in which "12/7" stands as a decimal of enough places to be rounded rightly."""
    written = []
    for value in text.filter(fractions).to_list():
        above, _, below = value.partition("/")
        if int(below) == 0:
            written.append(value)
            continue
        tens = Fraction(int(above), int(below)) * 10**9
        written.append(str(Decimal(math.floor(tens)).scaleb(-9)))
    return text.scatter(fractions.arg_true(), written)


def _within_range(
    numbers: pl.Series, column: Column, name: str, sheet: Sheet, findings: Findings, *, shown: pl.Series
) -> pl.Series:
    """Return whole columns as Int64, having reported what is too small, too large, or not whole in a count."""
    low, high = numbers.min(), numbers.max()
    least = column.least
    if low is None or high is None:
        return numbers.cast(pl.Int64)
    if low < least or (low <= 0 and column.kind == "positive"):  # type: ignore[operator]  # of int or Decimal
        small = (numbers <= 0) if column.kind == "positive" else (numbers < least)
        small = small.fill_null(value=False)
        findings.add_rows(sheet, name, small, lambda i: f"{name} is {as_number(numbers[i])}; {what_works(column)}")
    if high > LARGEST_AMOUNT:  # type: ignore[operator]  # of int or Decimal
        large = (numbers > LARGEST_AMOUNT).fill_null(value=False)
        findings.add_rows(sheet, name, large, lambda i: _say_too_large(name, shown[i]))
        numbers = numbers.set(large, None)
    if not numbers.dtype.is_decimal():
        return numbers
    whole = numbers.cast(pl.Int64)
    broken = (whole != numbers).fill_null(value=False)
    if not broken.any():
        return whole
    if column.kind != "count":
        return numbers
    unit = column.unit or "counts"
    findings.add_rows(sheet, name, broken, lambda i: f"{name} is {as_number(numbers[i])}; {unit} are whole")
    return whole.set(broken, None)


def as_number(value: object) -> str:
    """Return a number as a person writes it: no trailing zeros, no exponent.

    Examples
    --------
    >>> as_number(Decimal("2.500000"))
    '2.5'
    """
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _say_too_large(name: str, raw: object) -> str:
    return f"{name} is {_shown(raw)}; numbers above {LARGEST_AMOUNT} are taken for typing errors"


def _say_vanished(name: str, raw: object) -> str:
    return f"{name} is {_shown(raw)}; numbers are kept to {AMOUNT_DECIMALS} decimals, so this would become 0"


def _shown(raw: object) -> str:
    text = str(raw).strip()
    try:
        Decimal(text)
    except DecimalException:
        return quoted(text)
    return text if len(text) <= LONGEST_SHOWN else quoted(text)


def _numbers(count: int) -> str:
    return "1 number had" if count == 1 else f"{count:,} numbers had"
