"""Numbers and lists as a person would say them: Western digits, no false precision.

Used by every figure and chapter. Never by a check: what is rounded here proves nothing.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from evenhand.wording import say

MINUS = "\u2212"
FIRST_STRONG, END_ISOLATE = "\u2068", "\u2069"
ISOLATES = "\u2066\u2067\u2068\u2069"


def in_signs(text: str) -> str:
    """Write a number that Python has written with the signs of the reader's language; its digits stay as they are.

    The translation of the sample carries both signs: "1\u202f234,5" in French, "1.234,5" in Spanish.

    Examples
    --------
    >>> from evenhand.wording import speaking
    >>> with speaking({"1,234.5": "1.234,5"}.__getitem__):
    ...     in_signs("12,345.67")
    '12.345,67'
    """
    sample = say("1,234.5")
    if sample == "1,234.5" or len(sample) < 6:
        return text
    return text.translate({ord(","): sample[1:-5], ord("."): sample[-2]})


def amount(value: float | Fraction) -> str:
    """Write a quantity in full, with at most two decimals.

    Examples
    --------
    >>> amount(119125000), amount(12.5), amount(Fraction(12, 7))
    ('119,125,000', '12.5', '1.71')
    """
    if isinstance(value, int):
        return in_signs(f"{value:,}")
    number = float(value)
    if not math.isfinite(number):
        return say("unlimited")
    text = f"{number:,.2f}"
    return in_signs(text.rstrip("0").rstrip(".").replace("-", MINUS) or "0")


def short(value: float | Fraction) -> str:
    """Write a quantity in few digits.

    Examples
    --------
    >>> short(119125000), short(1348159054), short(26300), short(8.4)
    ('119 million', '1.35 billion', '26,300', '8.4')
    """
    number = float(value)
    if abs(number) >= 0.9995e12:
        return say("{number} trillion").format(number=three_digits(number / 1e12))
    if abs(number) >= 0.9995e9:
        return say("{number} billion").format(number=three_digits(number / 1e9))
    if abs(number) >= 0.9995e6:
        return say("{number} million").format(number=three_digits(number / 1e6))
    if abs(number) >= 1000:
        return in_signs(f"{round(number):,}")
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
    return in_signs(text.rstrip("0").rstrip(".") if "." in text else text)


def percent(share: float, *, unit: str = "%") -> str:
    """Write a share as percent with one decimal; never round up to 100 what falls short of it, nor down to 0.

    Examples
    --------
    >>> percent(0.2373812), percent(0.99999), percent(0.0001), percent(1)
    ('23.7%', '99.9%', '0.01%', '100%')
    """
    value = share * 100
    sign = say("{number}%") if unit == "%" else "{number}" + unit
    if 0 < value < 0.05:
        text = sign.format(number=in_signs(f"{value:.2f}" if value >= 0.005 else "0.01"))
        return text if value >= 0.005 else say("under {share}").format(share=text)
    text = f"{value:,.1f}"
    if share < 1 and text == "100.0":
        text = "99.9"
    return sign.format(number=in_signs(text.removesuffix(".0") if share == 1 or share == 0 else text))


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
        return say("{names} and {count} more").format(names=say(", ").join(shown), count=amount(len(names) - most))
    if len(shown) < 2:
        return "".join(shown)
    return say("{names} and {last}").format(names=say(", ").join(shown[:-1]), last=shown[-1])


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


def apart(parts: Sequence[str], between: str) -> str:
    """Join parts so that none reorders its neighbours, whichever direction each runs in.

    Examples
    --------
    >>> apart(["held 3", "missing 4"], " · ")
    'held 3 · missing 4'
    """
    if any(unicodedata.bidirectional(sign) in ("R", "AL") for part in parts for sign in part):
        return between.join(f"{FIRST_STRONG}{part}{END_ISOLATE}" for part in parts)
    return between.join(parts)


def day(iso: str) -> str:
    """Write an ISO date as people do; anything else stays as it is.

    Examples
    --------
    >>> day("2026-03-02"), day("soon")
    ('2 March 2026', 'soon')
    """
    parts = iso.split("-")
    if len(parts) == 3 and all(part.isdecimal() for part in parts) and 1 <= int(parts[1]) <= 12:
        return _days()[int(parts[1]) - 1].format(day=int(parts[2]), year=int(parts[0]))
    return iso


def _days() -> tuple[str, ...]:
    """Return whole sentences, because months change their form beside a day in some languages."""
    return (
        say("{day} January {year}"),
        say("{day} February {year}"),
        say("{day} March {year}"),
        say("{day} April {year}"),
        say("{day} May {year}"),
        say("{day} June {year}"),
        say("{day} July {year}"),
        say("{day} August {year}"),
        say("{day} September {year}"),
        say("{day} October {year}"),
        say("{day} November {year}"),
        say("{day} December {year}"),
    )


def month_short(number: int) -> str:
    """Write a month, 1 to 12, in few letters, as an axis needs it.

    Examples
    --------
    >>> month_short(1), month_short(9)
    ('Jan', 'Sep')
    """
    return (
        say("Jan"),
        say("Feb"),
        say("Mar"),
        say("Apr"),
        say("May"),
        say("Jun"),
        say("Jul"),
        say("Aug"),
        say("Sep"),
        say("Oct"),
        say("Nov"),
        say("Dec"),
    )[number - 1]
