"""Dates in English texts: stamps, weekdays, "today", periods; each with its place in the text.

Called by `cleaning` (stamps), `meeting` and `claims`. A date is only given as one when the text fixes it: a day and month without a year counts
only beside a stamp that has one. It must never look at a clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from evenhand.statements.wordlists import word_list

MONTHS = word_list("january february march april may june july august september october november december")
WEEKDAYS = word_list("monday tuesday wednesday thursday friday saturday sunday")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?|JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|"
    r"SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)\b\.?"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
DATE = re.compile(
    r"(?=[0-9JFMASONDWTtYy])(?:"
    rf"(?P<iso>\b(?P<y1>(?:19|20)\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)\b)"
    rf"|(?P<short>\b(?P<d5>{_DAY})/(?P<m5>1[0-2]|0[1-9])/(?P<y5>[0-3]\d)\b(?!/))"
    rf"|(?P<dotted>\b(?P<d2>{_DAY})[./](?P<m2>1[0-2]|0?[1-9])[./](?P<y2>(?:19|20)\d\d)\b)"
    rf"|(?P<dmy>\b(?P<d3>{_DAY})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+(?P<m3>{_MONTH})(?:,?[\s-]*(?P<y3>(?:19|20)\d\d)\b)?)"
    rf"|(?P<mdy>\b(?P<m4>{_MONTH})\s*(?P<d4>{_DAY})(?:st|nd|rd|th)?\b(?![.,]\d{{3}})(?:,?\s*(?P<y4>(?:19|20)\d\d)\b)?)"
    rf"|(?P<weekday>\b{_WEEKDAY}\b)"
    r"|(?P<today>\b(?:[Tt]oday|[Yy]esterday|[Tt]his (?:morning|afternoon|evening)|[Tt]onight)\b))"
)
"""Every day that a text names; a number of day and month alone ("15/5") is left to its reader. Each branch begins with one of the letters
that are looked at first."""
MAY_BE_DATED = re.compile(r"\d|day\b|his (?:morning|afternoon|evening)|onight")
"""What every date has: a digit, "day" at the end of a word, or a part of this day."""
PERIOD = re.compile(
    r"(?=[12SsBbUuJFMAONDtln])(?:"
    r"(?P<span>\b(?P<from>(?:19|20)\d\d)\s?[-–]\s?(?P<to>(?:19|20)?\d\d)\b)"
    rf"|(?P<month>\b(?P<since>[Ss]ince\s+|[Bb]y\s+(?:the\s+end\s+of\s+)?|[Uu]ntil\s+)?(?P<name>{_MONTH})(?:\s+(?:of\s+)?(?P<year>(?:19|20)\d\d))?)"
    r"|(?P<alone>\b(?P<open>[Ss]ince\s+|[Bb]y\s+(?:the\s+end\s+of\s+)?|[Uu]ntil\s+)?(?P<only>(?:19|20)\d\d)\b)"
    r"|(?P<this>\b(?P<which>this|last|next)\s+year\b))"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Hold one date of a text: where it stands, and as much of it as the words say.

    Attributes
    ----------
    weekday
        0 for Monday; a weekday alone has no day.
    ahead
        Days from the stamp of the text: "yesterday" is -1.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    ahead: int | None = None

    @property
    def full(self) -> date | None:
        """Return the day, if its words name day, month and year and such a day exists."""
        return _day(self.year, self.month, self.day)

    def beside(self, published: date | None) -> date | None:
        """Return the day that these words mean next to a stamp: the last such day up to it, or just after.

        Parameters
        ----------
        published
            The day of the text's stamp, None where it has none.

        Examples
        --------
        >>> find_days("on Saturday")[0].beside(date(2021, 8, 22)).isoformat()
        '2021-08-21'
        >>> find_days("on April 21")[0].beside(None)
        """
        if self.full or published is None:
            return self.full
        if self.ahead is not None:
            return published + timedelta(days=self.ahead)
        if self.month and self.day:
            near = [_day(published.year + off, self.month, self.day) for off in (-1, 0, 1)]
            return min((one for one in near if one), key=lambda one: abs((one - published).days), default=None)
        if self.weekday is not None:
            return published - timedelta(days=(published.weekday() - self.weekday) % 7)
        return None


def _day(year: int | None, month: int | None, day: int | None) -> date | None:
    if not (year and month and day):
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_number(name: str) -> int:
    """Return 1 to 12 for a month's name or its first three letters."""
    return [month[:3] for month in MONTHS].index(name[:3].lower()) + 1


def find_days(text: str, start: int = 0, end: int | None = None) -> list[Stamp]:
    """Return every day that a stretch of text names, in the order of the words.

    Examples
    --------
    >>> [stamp.full.isoformat() for stamp in find_days("15.05.2025 | 18:35, September 25, 2019, 1st of May 2020")]
    ['2025-05-15', '2019-09-25', '2020-05-01']
    """
    if not MAY_BE_DATED.search(text, start, len(text) if end is None else end):
        return []
    return [_stamp(found) for found in DATE.finditer(text, start, len(text) if end is None else end)]


def _stamp(found: re.Match[str]) -> Stamp:
    start, end = found.span()
    group = found.group
    if group("iso"):
        return Stamp(start, end, int(group("y1")), int(group("m1")), int(group("d1")))
    if group("dotted"):
        return Stamp(start, end, int(group("y2")), int(group("m2")), int(group("d2")))
    if group("short"):
        return Stamp(start, end, 2000 + int(group("y5")), int(group("m5")), int(group("d5")))
    if group("dmy"):
        return Stamp(start, end, _number(group("y3")), month_number(group("m3")), int(group("d3")))
    if group("mdy"):
        return Stamp(start, end, _number(group("y4")), month_number(group("m4")), int(group("d4")))
    if group("weekday"):
        return Stamp(start, end, weekday=WEEKDAYS.index(group("weekday").lower()))
    return Stamp(start, end, ahead=-1 if group("today").lower() == "yesterday" else 0)


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def find_when(
    text: str, start: int, end: int, anchor: date | None, *, ahead: bool = False
) -> tuple[int, int, str] | None:
    """Return the first time that a stretch names: its offsets, and an ISO date, month, year or span of years.

    Parameters
    ----------
    ahead
        Whether the stretch speaks of what is to come: a month without a year is then the next one.

    Examples
    --------
    >>> text = "brought 3,400 tonnes since December"
    >>> find_when(text, 0, len(text), date(2025, 2, 12))
    (21, 35, 'since 2024-12')
    >>> find_when("the 2020-2021 plan", 0, 18, None)
    (4, 13, '2020-2021')
    """
    for stamp in find_days(text, start, end):
        day = stamp.beside(anchor)
        if day and (stamp.weekday is None or stamp.month):
            return stamp.start, stamp.end, day.isoformat()
    for found in PERIOD.finditer(text, start, end):
        when = _period(found, anchor, ahead=ahead)
        if when:
            return found.start(), found.end(), when
    return None


def _period(found: re.Match[str], anchor: date | None, *, ahead: bool) -> str | None:
    group = found.group
    if group("span"):
        last = group("to") if len(group("to")) == 4 else group("from")[:2] + group("to")
        return f"{group('from')}-{last}" if int(last) > int(group("from")) else None
    if group("alone"):
        before = (group("open") or "").split(" ", 1)[0].strip().lower()
        return f"{before} {group('only')}".strip()
    if group("this"):
        shift = {"this": 0, "last": -1, "next": 1}[group("which")]
        return str(anchor.year + shift) if anchor else None
    before = (group("since") or "").split(" ", 1)[0].strip().lower()
    month, year = month_number(group("name")), _number(group("year"))
    if year is None and anchor and (before or group("name") not in ("May", "March", "Mar")):
        ahead = ahead or before in ("by", "until")
        year = anchor.year if ahead or month <= anchor.month else anchor.year - 1
        if ahead and month < anchor.month:
            year = anchor.year + 1
    return f"{before} {year}-{month:02d}".strip() if year else None
