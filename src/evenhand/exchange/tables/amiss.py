"""What to say about a cell that does not hold what its column should: what it seems to be, and what would work.

Called by `numbers` and `dates` for cells already known to be wrong, so it may take its time. Reads nothing, decides
nothing.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from evenhand.exchange.tables.sheet import quoted
from evenhand.supply.columns import Column

NOTHING_KNOWN = frozenset(
    ("n/a", "na", "n.a.", "#n/a", "nan", "null", "none", "nil", "-", "--", "?", "..", "...", "tbd", "tbc", "unknown",
     "missing")
)  # fmt: skip
"""What people write into a cell when they do not know; always refused, since 0 and "not known" are not the same."""

INFINITE = frozenset({"inf", "infinity", "-inf", "-infinity", "+inf", "+infinity", "∞", "-∞"})
EXCEL_ERROR = re.compile(r"#(N/A|DIV/0!|REF!|NAME\?|NULL!|NUM!|VALUE!|GETTING_DATA|SPILL!|CALC!)", re.IGNORECASE)
GROUPED = re.compile(r"[+-]?\d{1,3}([,'’. \u00a0\u2009\u202f_]\d{3})+([.,]\d+)?$")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+$")
PERCENT = re.compile(r"[+-]?\d+([.,]\d+)?\s*%$")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY_ONE_OF_EXCEL = date(1899, 12, 30)


def what_works(column: Column) -> str:
    """Return what a number column takes, as the second half of a sentence.

    Examples
    --------
    >>> from evenhand.supply.columns import LOTS
    >>> what_works(LOTS.column("packs"))
    'write a whole number, 0 or more'
    """
    if column.kind == "count":
        return f"write a whole number, {column.least} or more"
    if column.kind in ("positive", "quantity"):
        return "write a number above 0"
    return f"write a number, {column.least} or more"


def or_leave_empty(column: Column) -> str:
    """Return " or leave the cell empty, which means ..." for a column that may be empty, else ""."""
    if column.required:
        return ""
    return ", or leave the cell empty" + (f", which means {column.default}" if column.default else "")


def say_not_a_number(name: str, value: str, column: Column, heading_row: int = 0) -> str:
    """Return the sentence for text where a number should stand.

    Parameters
    ----------
    heading_row
        The row's number where it could be a second heading, else 0.
    """
    text = value.strip()
    works = what_works(column) + or_leave_empty(column)
    if text.casefold() in INFINITE:
        return f"{name} is infinite ({quoted(text)}); {works}"
    if EXCEL_ERROR.fullmatch(text):
        return f"{name} holds the spreadsheet error {text}; mend the formula, or {works}"
    if text.casefold() in NOTHING_KNOWN:
        return f"{name} is missing ({quoted(text)}); {works}"
    grouped = _ungrouped(text)
    if grouped:
        return f"{name} is {quoted(text)}; {grouped}"
    if PERCENT.fullmatch(text):
        return f"{name} is {quoted(text)}, a percentage; write the number of {column.unit or 'times'} meant"
    unit = re.fullmatch(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*[^\W\d_][^\d]*", text)
    if unit:
        return f"{name} is {quoted(text)}; write {unit.group(1)}, the number alone"
    delete = f"; if row {heading_row} is a second heading, delete it" if heading_row and _is_words(text) else ""
    return f"{name} is {quoted(text)}, which is not a number; {works}{delete}"


def _is_words(text: str) -> bool:
    return not any(character.isdigit() for character in text)


def _ungrouped(text: str) -> str:
    """Return what to write instead of a number with separators, or "" where it is none."""
    if DECIMAL_COMMA.fullmatch(text) and not GROUPED.fullmatch(text):
        return f"write {text.replace(',', '.')}, with a point"
    if not GROUPED.fullmatch(text):
        return ""
    digits = re.sub(r"[^\d+-]", "", text)
    separators = re.findall(r"[^\d+-]", text)
    if len(separators) == 1 and separators[0] in ",.":
        point = text.replace(",", ".").rstrip("0").rstrip(".")
        return f"write {digits}, or {point} if that is meant"
    if len(separators) > 1 and separators[-1] in ",." and separators[-1] != separators[0]:
        whole, _, rest = text.rpartition(separators[-1])
        return f"write {re.sub(r'[^0-9+-]', '', whole)}.{rest}"
    return f"write {digits}, without separators"


def say_not_a_date(name: str, value: str, column: Column) -> str:
    """Return the sentence for text where an ISO date should stand."""
    text = value.strip()
    if text.casefold() in NOTHING_KNOWN or EXCEL_ERROR.fullmatch(text):
        return f"{name} is missing ({quoted(text)}); write a date such as 2021-03-02{or_leave_empty(column)}"
    meant = _dates_meant(text)
    if len(meant) > 1:
        return f"{name} is {quoted(text)}, which could be two dates; write {meant[0]} or {meant[1]}"
    if meant:
        return f"{name} is {quoted(text)}; write {meant[0]}"
    return f"{name} is {quoted(text)}, which is not a date; write a date such as 2021-03-02{or_leave_empty(column)}"


def _dates_meant(text: str) -> list[str]:
    """Return the ISO dates that a text could mean, day before month first."""
    if re.fullmatch(r"\d{5}(\.0+)?", text):
        return [(DAY_ONE_OF_EXCEL + timedelta(days=int(text[:5]))).isoformat()]
    found = re.fullmatch(r"(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})(?:[T ].*)?", text)
    if found:
        return _existing([(found[1], found[2], found[3])])
    found = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ].*)?", text)
    if found:
        year = found[3] if len(found[3]) > 2 else f"20{found[3]}"  # a year of two digits
        return _existing([(year, found[2], found[1]), (year, found[1], found[2])])
    words = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([A-Za-z]{3,9})\.?[-/., ]+(\d{4})", text)
    if words and words[2][:3].lower() in MONTHS:
        return _existing([(words[3], str(MONTHS.index(words[2][:3].lower()) + 1), words[1])])
    words = re.fullmatch(r"([A-Za-z]{3,9})\.?[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4})", text)
    if words and words[1][:3].lower() in MONTHS:
        return _existing([(words[3], str(MONTHS.index(words[1][:3].lower()) + 1), words[2])])
    return []


def _existing(candidates: list[tuple[str, str, str]]) -> list[str]:
    dates: list[str] = []
    for year, month, day in candidates:
        try:
            written = date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue
        if written not in dates:
            dates.append(written)
    return dates
