"""Find where a sentence says that a state holds an office of a group: its chair, or a seat in its council.

Called by the list of suggestions for a group's offices. A suggestion names its words and reasons and is confirmed by a person;
must never record anything, and never takes a candidate, a deputy or a committee's chair for the group's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

CHAIR: Final = re.compile(
    r"\b(?:chair(?:man|woman|person)?(?:ship)?|chairs|chaired|chairing|rotating presidency|presidency)\b", re.IGNORECASE
)
COUNCIL: Final = re.compile(
    r"\b(?:(?:Executive|Governing|Security|Supreme|Permanent)\s+(?:Council|Board|Committee)|Human Rights Council|Economic and Social Council)\b"
)
SEATED: Final = re.compile(r"\b(?:re-?)?elect(?:ed|ion)\b|\bseat\b|\bmember(?:ship)?\b|\bterm\b", re.IGNORECASE)
NOT_HELD: Final = re.compile(
    r"\b(?:vice|deputy|co)[\s-]?$|\b(?:candida\w+|candidature|bid|run|runs|running|nominat\w+|will|would|to|upcoming|incoming|next)\b[^.;]{0,25}$",
    re.IGNORECASE,
)
"""Words before an office that say that it is another, or is not held yet."""
OVER: Final = re.compile(
    r"\b(?:former|outgoing|ex|previous|past|handed over|had been|was|were)\b[^.;]{0,40}$", re.IGNORECASE
)
ANOTHER_BODY: Final = re.compile(
    r"[.;:]|\b(?:committee|commission|board|council|working group|party|parliament|network)\b", re.IGNORECASE
)
YEARS: Final = re.compile(r"\b((?:19|20)\d\d)\s*(?:[-–—/]|to|until|till)\s*((?:19|20)\d\d)\b")
SINCE: Final = re.compile(r"\b(?:since|from)\s+(?:\w+\s+)?((?:19|20)\d\d)\b", re.IGNORECASE)
UNTIL: Final = re.compile(r"\buntil\s+(?:\w+\s+)?((?:19|20)\d\d)\b", re.IGNORECASE)
TERM: Final = re.compile(r"\b(\w+)[\s-]year(?:[\s-]long)?\s+(?:term|mandate|period)\b", re.IGNORECASE)
APART: Final = 40
"""How many characters may stand between an office and its group."""
BEFORE: Final = 160
"""How far before an office its holder may be named."""


@dataclass(frozen=True, slots=True)
class OfficeNamed:
    """Say that a sentence gives a party an office of a group.

    Attributes
    ----------
    office
        "chair" or "council-seat".
    since, until
        Years, where the sentence names them; else empty.
    start, end
        Where the words of office and group stand in the sentence, half-open.
    reasons
        Why, and what a person must look at, in sentences.
    """

    group: str
    party: str
    office: str
    since: str
    until: str
    start: int
    end: int
    reasons: tuple[str, ...]


class Spellings:
    """Hold names of groups or parties by their spellings, found in a text as whole words, the longest first."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        """Take a key by each spelling; capitals count, since "NAM" is a group and "Nam" is not."""
        self._keys = {spelling: key for spelling, key in keys.items() if len(spelling) > 1}
        ordered = sorted(self._keys, key=lambda spelling: (-len(spelling), spelling))
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered)) or '(?!)'})(?!\w)")

    def found(self, text: str) -> list[tuple[int, int, str]]:
        """Return where which key is named."""
        return [(match.start(), match.end(), self._keys[match.group()]) for match in self._pattern.finditer(text)]


def find_offices(
    sentence: str, *, groups: Spellings, parties: Spellings, said_on: date | None = None, speaks_for: str = ""
) -> tuple[OfficeNamed, ...]:
    """Return the offices that a sentence gives to parties, each once.

    Parameters
    ----------
    speaks_for
        The group that the speaker speaks for; it is meant where the sentence names a council and no group.

    Examples
    --------
    >>> groups, parties = Spellings({"Non-Aligned Movement": "NAM"}), Spellings({"Azerbaijan": "AZE"})
    >>> told = find_offices("Azerbaijan, as the chair of the Non-Aligned Movement since 2019, did so.", groups=groups, parties=parties)
    >>> [(one.group, one.party, one.office, one.since) for one in told]
    [('NAM', 'AZE', 'chair', '2019')]
    >>> find_offices("Azerbaijan is a candidate for the chair of the Non-Aligned Movement.", groups=groups, parties=parties)
    ()
    """
    found: dict[tuple[str, str, str], OfficeNamed] = {}
    named, holders = groups.found(sentence), parties.found(sentence)
    for pattern, office in ((CHAIR, "chair"), (COUNCIL, "council-seat")):
        for match in pattern.finditer(sentence):
            if NOT_HELD.search(sentence[: match.start()]) or (office == "council-seat" and not SEATED.search(sentence)):
                continue
            of = _group_of(sentence, match, named, office, speaks_for)
            if of is None:
                continue
            group, start, end, how = of
            holder = _holder(holders, match.start(), [(first, last) for first, last, _ in named])
            if holder is None:
                continue
            since, until, told = _time(sentence, said_on)
            over = ["the words before it say that it may be over"] if OVER.search(sentence[: match.start()]) else []
            reasons = (f"'{sentence[start:end]}' names the office", *how, *told, *over)
            found.setdefault(
                (group, holder, office), OfficeNamed(group, holder, office, since, until, start, end, reasons)
            )
    return tuple(found.values())


def _group_of(
    sentence: str, office: re.Match[str], named: list[tuple[int, int, str]], kind: str, speaks_for: str
) -> tuple[str, int, int, list[str]] | None:
    """Return the group that an office is of, the words of both, and what a person should know."""
    near: list[tuple[int, int, int, str]] = []
    for start, end, key in named:
        between = sentence[office.end() : start] if start >= office.end() else sentence[end : office.start()]
        if (
            len(between) <= APART
            and not ANOTHER_BODY.search(between)
            and not (start < office.end() and end > office.start())
        ):
            near.append((len(between), min(start, office.start()), max(end, office.end()), key))
    if near:
        _, first, last, key = min(near)
        return key, first, last, []
    if kind == "council-seat" and speaks_for and not named:
        return speaks_for, office.start(), office.end(), [f"no group is named; the speaker speaks for {speaks_for}"]
    return None


def _holder(holders: list[tuple[int, int, str]], office: int, groups: list[tuple[int, int]]) -> str | None:
    """Return the party named last before an office, or right after it; one inside a group's name is none."""
    own = [one for one in holders if not any(first <= one[0] < last for first, last in groups)]
    before = [key for _, end, key in own if end <= office and office - end <= BEFORE]
    after = [key for start, _, key in own if 0 <= start - office <= BEFORE // 2]
    return before[-1] if before else after[0] if after else None


def _time(sentence: str, said_on: date | None) -> tuple[str, str, list[str]]:
    """Return since when and until when, where years are named, and what is not said."""
    years, since, until = YEARS.search(sentence), SINCE.search(sentence), UNTIL.search(sentence)
    if years:
        return years.group(1), years.group(2), [f"'{years.group()}' names its years"]
    if since or until:
        said = [match.group() for match in (since, until) if match]
        return (
            since.group(1) if since else "",
            until.group(1) if until else "",
            [f"'{words}' says when" for words in said],
        )
    if said_on and re.search(r"\bthis year\b", sentence, re.IGNORECASE):
        return str(said_on.year), str(said_on.year), [f"'this year' was {said_on.year}"]
    term = TERM.search(sentence)
    when = f" when it was said, on {said_on.isoformat()}" if said_on else ""
    return (
        "",
        "",
        [f"it was held{when}; since when is not said", *([f"'{term.group()}' names its length"] if term else [])],
    )
