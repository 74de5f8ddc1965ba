"""Amounts in English texts: digits in every grouping, words, scales, money in its currency, counted things with their unit.

Called by `claims`. "more than", "about" and "up to" drop out; of a range or of two currencies the first counts; "thousands of" is no number.
Codes of currencies are ISO 4217 (from Babel's CLDR list); what a sign or a word stands for is a table here ("$" alone is the
United States dollar, as news agencies use it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from evenhand.statements.wordlists import read_table, rows_by

SCALES = {
    "hundred": 10**2, "thousand": 10**3, "k": 10**3, "lakh": 10**5, "million": 10**6, "millions": 10**6, "mln": 10**6, "mn": 10**6, "m": 10**6,
    "crore": 10**7, "billion": 10**9, "bn": 10**9, "bln": 10**9, "trillion": 10**12, "trn": 10**12, "tn": 10**12, "dozen": 12,
    "mil": 10**6, "mio": 10**6,
}  # fmt: skip
ONES = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_WORD = "|".join(sorted((*ONES, *TENS, "hundred", "dozen"), key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:,\s?\d{3})+(?:\.\d+)?|\d{1,3}(?:[ .]\d{3})+(?![\d])(?:,\d+)?|\d+(?:\.\d+)?"
HUNDREDS = re.compile(
    rf",?\s?(?:and )?(?P<more>(?:{_WORD})(?:[\s-]+(?:and\s+)?(?:{_WORD}))*)\b(?!\s+(?:thousand|million|and \w+ (?:thousand|million)))",
    re.I,
)
THOUSANDS = re.compile(rf",?\s?(?:and )?(?P<more>(?:{_WORD})(?:[\s-]+(?:and\s+)?(?:{_WORD}))*)\s+thousand\b", re.I)
DIGIT = re.compile(r"\d")
MAY_COUNT = re.compile(
    rf"(?=(?i:[aotfsenzhd]))(?:\ba (?:thousand|million|billion|dozen|hundred)\b|(?i:\b(?:{_WORD})\b))"
)
_SCALE = (
    r"(?:\s*-?\s*(?P<scale>(?i:thousand|million|mln|mio|mil(?=\.)|billion|bln|trillion|trn|dozen|lakh|crore|hundred)s?)\b\.?"
    r"|\s?(?P<short>bn|mn|tn|[mkM])\b)?"
)


_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
MONTH_NEXT = re.compile(rf"(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTHS}\b")
DAYS_TO = re.compile(rf"\s?(?:to|and|-|–)\s?\d{{1,2}}\s+{_MONTHS}\b")
MONTH_BEFORE = re.compile(rf"\b{_MONTHS}\s*$")


NUMBER_WORDS = frozenset({*ONES, *TENS, "hundred", "dozen", "thousand", "million", "billion"})
"""Words without which, and without a digit, nothing is counted."""
NUMBERED = re.compile(
    r"\b(?:Section|Article|Chapter|Resolution|Law|Act|Decree|Room|Route|Highway|Flight|Page|Line|Phase|Part|Item|Paragraph|Annex|Goal|No\.|Nos\.)\s$"
)
"""What a number behind it only names: "Section 419"."""
SHARE = re.compile(r"\s?-?\s?(?:per ?cent|pct\b|percentage)|[\s-](?:thirds|quarters|fifths|halves|tenths)\b")
BETWEEN = re.compile(r"\bbetween $", re.I)
RANGE = re.compile(r"\s?(?:to|and|-|–|or)\s?$")
"""What stands between the two numbers of "between 8 and 10 million dollars"; the first counts."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Hold an amount with its place in the text.

    Attributes
    ----------
    currency
        ISO 4217, or "" for a number without money.
    sign
        The sign or the name that says so, as the text has it.
    """

    start: int
    end: int
    value: int | float
    currency: str
    sign: str = ""


@cache
def _named_money() -> dict[str, str]:
    """Return each currency's names (CLDR): "Rwandan francs", and its last word alone where no other has it: "pula"."""
    from babel import Locale
    from babel.numbers import get_currency_name

    names: dict[str, str] = {}
    short: dict[str, set[str]] = {}
    for code in sorted(str(one) for one in Locale("en").currencies):
        if not CURRENT_CODE.fullmatch(code):
            continue
        for count in (1, 2):
            name = get_currency_name(code, count=count, locale="en")
            if "(" not in name and name[-1].islower():
                names[name] = code
                short.setdefault(name.split()[-1], set()).add(code)
    return names | {
        word: min(codes) for word, codes in short.items() if len(codes) == 1 and word.islower() and word not in NO_MONEY
    }


NEVER_AHEAD = frozenset({"won", "real", "reals", "reais", "lei", "lari", "som", "soms", "sums", "rand"})
"""Names that are other words before a number: "Won 5 medals"."""
CURRENT_CODE = re.compile(r"(?!X[AB-EPQRSTUX])[A-Z]{3}")
NO_MONEY = frozenset({"real", "reals", "rand", "rands", "unit", "units", "certificate", "certificates", "ruble", "mark", "marks", "crown", "crowns", "sols", "sol",
    "intis", "sucre", "won", "leone", "leones", "dong", "kip", "kips", "lek", "leu", "lev", "lat", "lats", "lit", "lits", "punt", "austral", "australs", "bolivar"})  # fmt: skip


BEFORE_ONLY = {"N": "NGN", "R": "ZAR", "K": "ZMW"}
"""Letters that are money only right before a number with its scale: "N3 billion"."""


@cache
def _currencies() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return what each sign, code and word of money stands for, and the pattern of an amount."""
    from babel import Locale

    signs = _named_money() | {row["sign"]: row["code"] for row in read_table("currencies")}
    codes = {str(code) for code in Locale("en").currencies if len(str(code)) == 3 and str(code).isupper()} - {
        "ALL",
        "TOP",
        "SOS",
        "XXX",
        "MOP",
        "GEL",
        "CUP",
        "TRY",
    }
    signs |= {code: code for code in sorted(codes) if code not in signs}
    signs |= {"TRY": "TRY", "GEL": "GEL", "SOS": "SOS"}
    ahead = {
        spelled: code
        for sign, code in signs.items()
        if sign[-1].islower() and sign.lower() not in NEVER_AHEAD
        for spelled in (sign, sign.title(), sign[0].upper() + sign[1:])
        if spelled[0].isupper()
    }
    before = _joined({sign for sign in signs if not sign[-1].islower()} | set(ahead))
    signs = {name.title(): code for name, code in signs.items() if name[-1].islower()} | ahead | signs
    after = _joined(signs)
    pattern = re.compile(
        rf"(?<![\w.,-])(?=[^\s(\"'bcgijklmpqruvwxy])(?P<before>(?=[^a-z0-9\s(\"'])(?:{before}|[NRK](?=\d))\s?(?:[$€£¥]\s?)?)?"
        rf"(?P<number>\d+,\d{{1,2}}(?=\s(?:million|billion))|{_DIGITS}|(?i:(?:a(?=[\s-]+(?:thousand|million|billion|trillion|dozen|hundred)\b)|half a|{_WORD})(?:[\s-]+(?:and\s+)?(?:{_WORD}))*)\b(?=\s|-|[.,;)]))"
        rf"(?P<half> and a half(?= [mbt]))?{_SCALE}(?P<too> and a half\b)?(?P<after>(?:\s|-)?(?:{after})(?![\w]))?",
    )
    return signs, pattern


def _joined(signs: Iterable[str]) -> str:
    """Return the branches of a pattern, the longest first, by their first letter: one look passes over all that begin with another."""
    by_first: dict[str, list[str]] = {}
    for sign in sorted(signs, key=len, reverse=True):
        by_first.setdefault(sign[0], []).append(re.escape(sign[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items())


def find_amounts(text: str, start: int, end: int) -> list[Amount]:
    """Return the amounts in a stretch of text, in order.

    Examples
    --------
    >>> [(one.value, one.currency) for one in find_amounts("US $318, 450.00 and 21 500 masks, $418.7 mln, USD85million", 0, 58)]
    [(318450, 'USD'), (21500, ''), (418700000, 'USD'), (85000000, 'USD')]
    >>> [one.value for one in find_amounts("ten wells, twenty-five tents, half a million doses, 2.5bn euros", 0, 62)]
    [10, 25, 500000, 2500000000]
    """
    if not DIGIT.search(text, start, end) and not MAY_COUNT.search(text, start, end):
        return []
    signs, pattern = _currencies()
    found: list[Amount] = []
    skipped = start
    open_range: tuple[int, int, float | int, str] | None = None
    for match in pattern.finditer(text, start, end):
        if match.start() < skipped:
            continue
        words = match.group("number").lower()
        scale = (match.group("scale") or match.group("short") or "").strip().lower().rstrip("s.")
        sign = (match.group("before") or match.group("after") or "").strip(" -\n\t\xa0")
        if sign in BEFORE_ONLY and not scale:
            continue  # "N3 billion", but not the road "N3"
        if words == "a" and scale not in ("million", "billion", "thousand", "dozen", "hundred"):
            continue
        if match.group("short") in ("m", "k", "M") and not sign:
            continue
        value = _value(words)
        if value is None:
            continue
        value = (value + (0.5 if match.group("half") or match.group("too") else 0)) * SCALES.get(scale, 1)
        stop = match.start() + len(match.group().rstrip())
        more = THOUSANDS.match(text, match.end()) if scale in ("million", "billion") and not sign else None
        if more:  # "one million two hundred thousand"
            value += 1000 * (_value(more.group("more").lower()) or 0)
            stop = skipped = more.end()
        rest = (
            HUNDREDS.match(text, match.end()) if scale == "thousand" and not sign and not words[0].isdigit() else None
        )
        if rest:  # "one thousand and five hundred"
            value += _value(rest.group("more").lower()) or 0
            stop = skipped = rest.end()
        number = _whole(value)
        begin = match.start()
        if (
            open_range
            and _is_range(text, start, open_range, match, scale or sign)
            and open_range[2] < value / SCALES.get(scale, 1)
        ):
            if found and found[-1].start == open_range[0]:
                found.pop()
            begin, number, sign = open_range[0], _whole(open_range[2] * SCALES.get(scale, 1)), sign or open_range[3]
        open_range = (match.start(), match.end(), value, sign) if not scale and not match.group("after") else None
        currency = (
            BEFORE_ONLY.get(sign)
            or signs.get(sign)
            or signs.get(sign.rstrip("$€£¥ ").strip())
            or signs.get(sign[-1:] or " ", "")
        )
        if not sign and _is_other(text, match, words):
            continue
        found.append(Amount(begin, stop, number, currency if sign else "", sign if currency else ""))
    return found


def _is_other(text: str, match: re.Match[str], words: str) -> bool:
    """Say whether digits are a year, a day, an ordinal or part of a name rather than an amount."""
    following = text[match.end() : match.end() + 2]
    if words.isdigit() and NUMBERED.search(text, max(0, match.start() - 14), match.start()):
        return True
    if words.isdigit() and DAYS_TO.match(text, match.end()):
        return True
    if (MONTH_NEXT.match(text, match.end()) and words.isdigit()) or MONTH_BEFORE.search(
        text, max(0, match.start() - 12), match.start()
    ):
        return True
    if words.isdigit() and len(words) == 4 and words[:2] in ("19", "20") and not match.group("scale"):
        return True
    if following[:2] in ("st", "nd", "rd", "th") or following[:1] in ("%", "/") or SHARE.match(text, match.end()):
        return True
    return words == "one" and not match.group("scale")


def _is_range(
    text: str, start: int, first: tuple[int, int, float | int, str], match: re.Match[str], scaled: str
) -> bool:
    """Say whether two numbers are the ends of one range: "8 to 10 million", "between 60 and 80"."""
    begin = match.start()
    if first[1] > begin or not RANGE.fullmatch(text, first[1], begin):
        return False
    between = BETWEEN.search(text, max(start, first[0] - 8), first[0]) is not None
    return between or (bool(scaled) and text[first[1] : begin].strip() not in ("and", "or"))


def _whole(value: float) -> float | int:
    """Return a number without the noise of floats, whole where it is."""
    rounded = round(value, 6)
    return int(rounded) if float(rounded).is_integer() else rounded


def _value(words: str) -> float | int | None:
    if words[0].isdigit():
        compact = words.replace(" ", "")
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", compact):
            compact = compact.replace(",", "")
        elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", compact) or (
            re.fullmatch(r"\d{1,3}\.\d{3}", compact) and not compact.startswith("0")
        ):
            compact = compact.replace(".", "")
        compact = compact.replace(",", ".")
        return float(compact) if "." in compact else int(compact)
    if words == "half a":
        return 0.5
    total = 0
    for word in re.split(r"[\s-]+", words):
        if word in ("a", "and"):
            continue
        if word == "hundred":
            total = max(total, 1) * 100
        elif word == "dozen":
            total = max(total, 1) * 12
        else:
            total += ONES.get(word) or TENS.get(word, 0)
    if words == "a":
        return 1
    return total or None


def singular(word: str) -> str:
    """Return the singular of a counted thing.

    Examples
    --------
    >>> singular("lorries"), singular("boxes"), singular("tents"), singular("people")
    ('lorry', 'box', 'tent', 'person')
    """
    row = rows_by("resources", "word").get(word)
    if row and row["unit"]:
        return row["unit"]
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
