"""Columns of days as people write them: 2 March 2021, 02/03/2021, Feb 2022, 44257; the whole column says which is meant.

Called by `columns`. A column that could be read day first or month first is asked about, never guessed; a month alone
becomes its first day, and that is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from evenhand.exchange.imports.asking import Asking
from evenhand.exchange.imports.separators import tidy_digits
from evenhand.exchange.tables.amiss import DAY_ONE_OF_EXCEL, NOTHING_KNOWN, or_leave_empty
from evenhand.exchange.tables.dates import EARLIEST, LATEST
from evenhand.exchange.tables.keys import as_text
from evenhand.exchange.tables.sheet import quoted
from evenhand.supply.columns import Column

MONTHS = {
    month: number
    for number, months in enumerate(
        (
            "january jan janvier janv enero ene", "february feb fevrier fevr fev febrero", "march mar mars marzo",
            "april apr avril avr abril abr", "may mai mayo", "june jun juin junio", "july jul juillet juil julio",
            "august aug aout agosto ago", "september sep sept septembre septiembre set", "october oct octobre octubre",
            "november nov novembre noviembre", "december dec decembre diciembre dic",
        ),
        start=1,
    )
    for month in months.split()
}  # fmt: skip
"""Months in English, French and Spanish, without accents."""

ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}:\d{2}.*))?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
NUMERIC = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ]+(\d{1,2}:\d{2}.*))?")
DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|º)?(?: de)?[-/. ]+([^\W\d_]+)\.?(?: de)?,?[-/. ]+(\d{4}|\d{2})")
MONTH_DAY = re.compile(r"([^\W\d_]+)\.?[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[, /.-]+(\d{4})")
MONTH_YEAR = re.compile(r"([^\W\d_]+)\.?(?: de)?[-/., ]*(\d{4})|(\d{1,2})[-/.](\d{4})|(\d{4})[-/.](\d{1,2})")
YEAR = re.compile(r"(?:19|20)\d{2}")
SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
"""Days since 1899-12-30, as a spreadsheet keeps a date whose format was lost: from 1954 to 2119."""


@dataclass(slots=True)
class _Seen:
    """Keep what the texts of a column had in them that a person should know, each with an example."""

    days: dict[str, date] = field(default_factory=dict)
    slashed: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)

    def keep(self, text: str, day: date, remark: str = "") -> None:
        self.days[text] = day
        if remark:
            self.remarks.setdefault(remark, f"{text} as {day.isoformat()}")


def read_days(raw: pl.Series, column: Column, name: str, asking: Asking) -> pl.Series:
    """Return a column of dates; what is wrong or doubtful goes to `asking`, and its value becomes null."""
    if raw.dtype == pl.Date:
        return _within(raw, name, asking)
    if isinstance(raw.dtype, pl.Datetime):
        if (raw.dt.truncate("1d") != raw).any():
            asking.findings.notes.append(f"{asking.label}, column {name}: the time of the day was left out")
        return _within(raw.dt.date().alias(name), name, asking)
    text = tidy_digits(as_text(raw))
    bare = text
    if text.str.contains(" 00:00|T00:00").any():
        bare = text.str.replace(r"[T ]00:00(:00(\.0+)?)?(Z|\+00:00)?$", "")
    iso = bare.str.contains(r"^\d{4}-\d{2}-\d{2}$").fill_null(value=True)
    days = (bare if iso.all() else bare.set(~iso, None)).str.to_date("%Y-%m-%d", strict=False)
    odd = days.is_null() & bare.is_not_null()
    if odd.any():
        seen = _look(bare.filter(odd).unique().sort().to_list())
        _settle_order(seen, name, asking)
        for remark, example in seen.remarks.items():
            asking.findings.notes.append(f"{asking.label}, column {name}: {remark}: {example}")
        known = pl.Series(list(seen.days), dtype=pl.String)
        read = bare.filter(odd).replace_strict(known, pl.Series(list(seen.days.values()), dtype=pl.Date), default=None)
        days = days.scatter(odd.arg_true(), read.cast(pl.Date))
        doubtful = pl.Series([shown for shown in seen.slashed if shown not in seen.days], dtype=pl.String)
        wrong = odd & days.is_null() & ~bare.is_in(doubtful.implode()).fill_null(value=False)
        asking.add_rows(name, wrong, lambda i: _say_wrong(name, text[i], column))
    return _within(days.alias(name), name, asking)


def _look(texts: Iterable[str]) -> _Seen:
    seen = _Seen()
    for text in texts:
        try:
            _look_at(text, seen)
        except (ValueError, OverflowError):
            # The 31st of a month that has none, or a month 13: it stays unread, and is reported with its row.
            continue
    return seen


def _look_at(text: str, seen: _Seen) -> None:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    if found := ISO.fullmatch(text):
        seen.keep(text, date(int(found[1]), int(found[2]), int(found[3])), _timed(found[4]))
    elif found := NUMERIC.fullmatch(text):
        seen.slashed[text] = int(found[1]), int(found[2]), _year(found[3])
    elif (found := DAY_MONTH.fullmatch(plain)) and found[2] in MONTHS:
        seen.keep(text, date(_year(found[3]), MONTHS[found[2]], int(found[1])))
    elif (found := MONTH_DAY.fullmatch(plain)) and found[1] in MONTHS:
        seen.keep(text, date(int(found[3]), MONTHS[found[1]], int(found[2])))
    elif found := YEAR.fullmatch(text):
        seen.keep(text, date(int(text), 1, 1), "a year alone was read as its first day")
    elif SERIAL.fullmatch(text):
        day = DAY_ONE_OF_EXCEL + timedelta(days=int(float(text)))
        seen.keep(text, day, "a number was read as the day that a spreadsheet means by it")
    elif found := COMPACT.fullmatch(text):
        seen.keep(text, date(int(found[1]), int(found[2]), int(found[3])))
    elif found := MONTH_YEAR.fullmatch(plain):
        month = MONTHS.get(found[1], 0) if found[1] else int(found[3] or found[6])
        seen.keep(
            text, date(int(found[2] or found[4] or found[5]), month, 1), "a month alone was read as its first day"
        )


def _timed(time: str | None) -> str:
    return "the time of the day was left out" if time and not re.match(r"0?0:00(:00(\.0+)?)?Z?$", time) else ""


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _settle_order(seen: _Seen, name: str, asking: Asking) -> None:
    """Read 03/04/2021 in the order that the whole column shows, or as the caller said; else ask."""
    if not seen.slashed:
        return
    day_led = [text for text, (first, second, _) in seen.slashed.items() if first > 12 >= second]
    month_led = [text for text, (first, second, _) in seen.slashed.items() if second > 12 >= first]
    same = all(first == second for first, second, _ in seen.slashed.values())
    day_first = asking.day_first
    if day_first is None:
        if day_led and month_led:
            text = f"dates are written in both orders, such as {day_led[0]} and {month_led[0]}: write them one way, best 2021-03-02"
            asking.ask(name, text, "day_first")
            return
        if not (day_led or month_led or same):
            shown = min(text for text, (first, second, _) in seen.slashed.items() if first != second)
            asking.ask(name, f"dates such as {shown} can mean two days: say day_first", "day_first")
            return
        day_first = not month_led
        if day_led or month_led:
            order = "day first" if day_first else "month first"
            shown = (day_led or month_led)[0]
            asking.findings.notes.append(f"{asking.label}, column {name}: dates were read {order}, as {shown} shows")
    for text, (first, second, year) in seen.slashed.items():
        day, month = (first, second) if day_first else (second, first)
        try:
            seen.days[text] = date(year, month, day)
        except ValueError:
            seen.remarks.setdefault("a date does not fit the order of the column", text)
    seen.slashed.clear()


def _within(days: pl.Series, name: str, asking: Asking) -> pl.Series:
    odd = ((days < EARLIEST) | (days > LATEST)).fill_null(value=False)
    if not odd.any():
        return days.alias(name)
    asking.add_rows(
        name, odd, lambda i: f"{name} is {days[i]}; dates before {EARLIEST.year} or after {LATEST.year} are taken for typing errors"
    )  # fmt: skip
    return days.set(odd, None).alias(name)


def _say_wrong(name: str, value: str, column: Column) -> str:
    if value.casefold() in NOTHING_KNOWN:
        return f"{name} is missing ({quoted(value)}); write a date such as 2021-03-02{or_leave_empty(column)}"
    return f"{name} is {quoted(value)}, which is not a date; write a date such as 2021-03-02{or_leave_empty(column)}"
