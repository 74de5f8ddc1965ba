"""Numbers and lists as a person would say them: Western digits, no false precision.

Used by every figure and chapter. Never by a check: what is rounded here proves nothing.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

MINUS = "\u2212"
FIRST_STRONG, END_ISOLATE = "\u2068", "\u2069"
ISOLATES = "\u2066\u2067\u2068\u2069"
SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def amount(value: float | Fraction) -> str:
    """Write a quantity in full, with at most two decimals.

    Examples
    --------
    >>> amount(119125000), amount(12.5), amount(Fraction(12, 7))
    ('119,125,000', '12.5', '1.71')
    """
    if isinstance(value, int):
        return f"{value:,}"
    number = float(value)
    if not math.isfinite(number):
        return "unlimited"
    text = f"{number:,.2f}"
    return text.rstrip("0").rstrip(".").replace("-", MINUS) or "0"


def short(value: float | Fraction) -> str:
    """Write a quantity in few digits.

    Examples
    --------
    >>> short(119125000), short(1348159054), short(26300), short(8.4)
    ('119 million', '1.35 billion', '26,300', '8.4')
    """
    number = float(value)
    for size, word in SCALES:
        if abs(number) >= size * 0.9995:
            return f"{three_digits(number / size)} {word}"
    if abs(number) >= 1000:
        return f"{round(number):,}"
    return three_digits(number)


def three_digits(number: float) -> str:
    """Write a number below 1,000 with three digits that count.

    Examples
    --------
    >>> three_digits(6.0), three_digits(23.76), three_digits(1.348), three_digits(0.0456)
    ('6', '23.8', '1.35', '0.05')
    """
    size = abs(number)
    decimals = 0 if size >= 99.95 else 1 if size >= 9.995 else 2
    text = f"{number:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float, *, unit: str = "%") -> str:
    """Write a share as percent with one decimal; never round up to 100 what falls short of it, nor down to 0.

    Examples
    --------
    >>> percent(0.2373812), percent(0.99999), percent(0.0001), percent(1)
    ('23.7%', '99.9%', '0.01%', '100%')
    """
    value = share * 100
    if 0 < value < 0.05:
        return f"{value:.2f}{unit}" if value >= 0.005 else f"under 0.01{unit}"
    text = f"{value:,.1f}"
    if share < 1 and text == "100.0":
        text = "99.9"
    return text.removesuffix(".0") + unit if share == 1 or share == 0 else text + unit


def count(number: int, noun: str) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> count(1, "recipient"), count(3200, "recipient"), count(2, "country|countries")
    ('1 recipient', '3,200 recipients', '2 countries')
    """
    singular, _, plural = noun.partition("|")
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(names: Sequence[str], *, most: int = 4) -> str:
    """Join names as in a sentence, and count those left out.

    Examples
    --------
    >>> listed(["Chad"]), listed(["Chad", "Mali", "Niger"]), listed(list("abcdef"), most=3)
    ('Chad', 'Chad, Mali and Niger', 'a, b, c and 3 more')
    """
    shown = list(names[:most])
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most:,} more"
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def breadth(text: str) -> float:
    """Estimate how wide a text is, in widths of a Latin letter: Chinese, Japanese and Korean signs count for 1.7.

    Examples
    --------
    >>> breadth("Chad"), breadth("乍得")
    (4.0, 3.4)
    """
    return sum(
        0.0 if unicodedata.combining(sign) else 1.7 if unicodedata.east_asian_width(sign) in "WF" else 1.0
        for sign in text
    )


def cut(text: str, most: float) -> str:
    """Shorten a text to a breadth, with an ellipsis; the whole stands in the table.

    Examples
    --------
    >>> cut("Bolivia (Plurinational State of)", 12)
    'Bolivia (Pl…'
    """
    text = " ".join(text.split())
    if breadth(text) <= most:
        return text
    kept, room = "", most - 1
    for sign in text:
        room -= breadth(sign)
        if room < 0:
            break
        kept += sign
    return kept.rstrip() + "…"


def isolate(name: str) -> str:
    """Return a name that runs from right to left so wrapped that the sentence around it keeps its order.

    Examples
    --------
    >>> isolate("Chad"), len(isolate("تشاد"))
    ('Chad', 6)
    """
    bare = "".join(sign for sign in name if sign not in ISOLATES)
    if any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in bare):
        return f"{FIRST_STRONG}{bare}{END_ISOLATE}"
    return bare


def day(iso: str) -> str:
    """Write an ISO date as people do; anything else stays as it is.

    Examples
    --------
    >>> day("2026-03-02"), day("soon")
    ('2 March 2026', 'soon')
    """
    parts = iso.split("-")
    if len(parts) == 3 and all(part.isdecimal() for part in parts) and 1 <= int(parts[1]) <= 12:
        return f"{int(parts[2])} {MONTHS[int(parts[1]) - 1]} {int(parts[0])}"
    return iso


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
