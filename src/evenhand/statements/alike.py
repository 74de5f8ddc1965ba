"""Say of two people, meetings or claims that they may be one, how surely, and why, in sentences.

Called by whoever keeps the register of what was said. The facts come from the reader's documents (`facts_of_meeting`,
`facts_of_claims`) or from rows of tables; a score is from 0 to 1. Must never decide: a person does. Two meetings whose days
are known and lie more than a day apart are never proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from rapidfuzz import fuzz

from evenhand.statements.document import Claim, Document
from evenhand.statements.same_claims import ClaimFacts, compare_claims
from evenhand.statements.spellings import fit_names

__all__ = [
    "Alike", "ClaimFacts", "MeetingFacts", "PersonFacts", "facts_of_claims", "facts_of_meeting", "same_claim", "same_meeting", "same_person",
]  # fmt: skip

SURE_ENOUGH: Final = 0.6
"""From this score on something is proposed."""
JOINED_BY_MANY: Final = frozenset({"conference"})
"""Kinds of meetings of which each report names its own side alone."""
REPORTED_WITHIN: Final = 3
"""How many days may lie between the reports of one meeting, or between its day and a report that states none."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Say that two things may be one.

    Attributes
    ----------
    score
        How surely, from 0 to 1.
    reasons
        Why, and what speaks against it, in sentences.
    way
        "same": one and the same; "thread": of claims, the same claim again, or grown.
    """

    score: float
    reasons: tuple[str, ...]
    way: Literal["same", "thread"] = "same"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Hold what a text says of a person in office.

    Attributes
    ----------
    party
        A state's code or an organisation's name; empty where it is not said.
    side
        "host", "guest" or empty.
    """

    name: str
    office: str = ""
    party: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """Hold what one report says of a meeting.

    Attributes
    ----------
    day, published
        The meeting's day, and the report's.
    words
        The report's text, or as much of it as is at hand.
    """

    day: date | None = None
    place: str = ""
    kind: str = ""
    people: tuple[PersonFacts, ...] = ()
    published: date | None = None
    words: str = ""


def facts_of_meeting(document: Document) -> MeetingFacts:
    """Return what a document says of its meeting."""
    meeting = document.meeting
    people = tuple(
        PersonFacts(one.name, one.office or "", one.party or one.party_name or "", one.side)
        for one in meeting.participants
    )
    return MeetingFacts(
        _day(meeting.date), meeting.place or "", meeting.kind, people, _day(document.published), document.text.text
    )


def facts_of_claims(document: Document) -> tuple[ClaimFacts, ...]:
    """Return the claims of a document, each with its words and the day it was said on."""
    said_on = _day(document.meeting.date) or _day(document.published)

    def facts(claim: Claim) -> ClaimFacts:
        return ClaimFacts(
            claim.kind, claim.giver or "", tuple(claim.receiver), claim.resource, claim.quantity, claim.unit or "",
            claim.place or "", claim.when or "", claim.speaker, said_on, document.text.text[claim.start : claim.end],
        )  # fmt: skip

    return tuple(facts(claim) for claim in document.claims)


def same_person(one: PersonFacts, other: PersonFacts) -> Alike | None:
    """Return why two names may be one person in office, or None.

    Examples
    --------
    >>> same_person(PersonFacts("Adoum Brahim Kosso", party="TCD"), PersonFacts("Adoum Ibrahim Kosso", party="TCD")).reasons
    ("'Brahim' and 'Ibrahim' are spellings of one name", 'both speak for TCD')
    >>> same_person(PersonFacts("Abdul Rahman Saleh"), PersonFacts("Abdul Karim Saleh")) is None
    True
    """
    one, other = sorted((one, other), key=repr)
    fit = fit_names(one.name, other.name)
    reasons = [f"'{mine}' and '{yours}' are spellings of one name" for mine, yours in fit.spelled]
    if fit.score and not reasons and not fit.left_out:
        reasons.append(
            f"both are called '{one.name}'"
            if one.name == other.name
            else f"'{one.name}' and '{other.name}' are one name"
        )
    if fit.turned:
        reasons.append("the words of the name stand in another order")
    if fit.left_out:
        reasons.append(f"only one of the two names has {_listed(fit.left_out)}")
    score = fit.score - (0.15 if len(min(one.name.split(), other.name.split(), key=len)) == 1 else 0)
    if one.party and other.party:
        if one.party.casefold() == other.party.casefold():
            score += 0.05
            reasons.append(f"both speak for {one.party}")
        else:
            score -= 0.25
            reasons.append(f"one speaks for {one.party}, the other for {other.party}")
    if one.office and other.office:
        office = fuzz.token_set_ratio(one.office.casefold(), other.office.casefold()) / 100
        if office >= 0.8:
            score += 0.05
            reasons.append(
                f"both hold the office '{min(one.office, other.office, key=lambda words: (len(words), words))}'"
            )
        else:
            score -= 0.03
            reasons.append(f"the office is '{one.office}' in one, '{other.office}' in the other")
    return _proposed(score if fit.score else 0.0, reasons, at_least=0.7)


def same_meeting(one: MeetingFacts, other: MeetingFacts) -> Alike | None:
    """Return why two reports may be of one meeting, or None.

    The people of both sides must fit, or one person and the other's party; of a conference, of which every report names its
    own side, the day and the place and words.
    """
    one, other = sorted((one, other), key=repr)
    if one.day and other.day and abs((one.day - other.day).days) > 1:
        return None
    score, reasons = _days(one, other)
    if score < 0:
        return None
    met, met_reasons = _people(one, other)
    many = JOINED_BY_MANY & {one.kind, other.kind}
    words = _words_shared(one.words, other.words)
    if many and not met:
        if not (one.day and other.day and one.kind == other.kind and words >= 0.25):
            return None
        met, met_reasons = 0.2, [f"both report a {one.kind}, of which a report may name its own side alone"]
    if not met:
        return None
    score += met
    reasons += met_reasons
    if one.place and other.place:
        if fuzz.token_set_ratio(one.place.casefold(), other.place.casefold()) >= 85:
            score += 0.15
            reasons.append(f"both were in {min(one.place, other.place, key=lambda words: (len(words), words))}")
        else:
            score -= 0.1
            reasons.append(f"one places it in {one.place}, the other in {other.place}")
    if words >= 0.15:
        score += min(0.25, words / 2)
        reasons.append(f"{words:.0%} of the telling words of the shorter report stand in the other")
    return _proposed(score, reasons)


def same_claim(one: ClaimFacts, other: ClaimFacts) -> Alike | None:
    """Return why two claims may be one, or one that was said again or has grown (a thread), or None.

    Examples
    --------
    >>> before = ClaimFacts("given", "AZE", (), "assistance", 30, "country", said_on=date(2021, 3, 2))
    >>> later = ClaimFacts("given", "AZE", (), "support", 80, "country", said_on=date(2023, 10, 6))
    >>> found = same_claim(later, before)
    >>> found.way, found.reasons[-1]
    ('thread', 'the number grew: 30 country (2021-03-02) → 80 country (2023-10-06)')
    """
    compared = compare_claims(*sorted((one, other), key=lambda claim: (claim.said_on or date.max, repr(claim))))
    if compared is None:
        return None
    score, reasons, way = compared
    if way == "same" and one.speaker and other.speaker and one.speaker != other.speaker:
        if fit_names(one.speaker, other.speaker).score >= 0.75:
            reasons.append(
                f"'{min(one.speaker, other.speaker)}' and '{max(one.speaker, other.speaker)}' may be one speaker"
            )
        else:
            way = "thread"
            reasons.append(f"said by {min(one.speaker, other.speaker)} and by {max(one.speaker, other.speaker)}")
    found = _proposed(score, reasons)
    return Alike(found.score, found.reasons, "thread" if way == "thread" else "same") if found else None


def _proposed(score: float, reasons: Iterable[str], at_least: float = SURE_ENOUGH) -> Alike | None:
    return Alike(round(min(score, 0.99), 2), tuple(reasons)) if score >= at_least else None


def _days(one: MeetingFacts, other: MeetingFacts) -> tuple[float, list[str]]:
    """Return what the days of two reports say for one meeting; below 0 where they speak against it."""
    if one.day and other.day:
        if one.day == other.day:
            return 0.3, [f"both on {one.day.isoformat()}"]
        first, last = sorted((one.day, other.day))
        return 0.15, [f"on {first.isoformat()} and on {last.isoformat()}, a day apart"]
    first_known, other_known = one.day or one.published, other.day or other.published
    if first_known and other_known:
        apart = abs((first_known - other_known).days)
        if apart > REPORTED_WITHIN:
            return -1.0, []
        return 0.15, [f"the reports are {apart} days apart; not both state the meeting's own day"]
    return 0.0, ["not both reports state a day"]


def _people(one: MeetingFacts, other: MeetingFacts) -> tuple[float, list[str]]:
    """Return what the people of two reports say for one meeting: 0 where they do not fit."""
    mine, yours = list(one.people), list(other.people)
    pairs = [(mine_at, yours_at) for mine_at in mine for yours_at in yours if same_person(mine_at, yours_at)]
    met = {id(left) for left, _ in pairs}, {id(right) for _, right in pairs}
    if not pairs:
        return 0.0, []
    reasons = [
        f"{left.name} is named in both" if left.name == right.name else f"{left.name} may be {right.name}"
        for left, right in pairs[:3]
    ]
    left = {person.party.casefold() for person in mine if id(person) not in met[0]}
    right = {person.party.casefold() for person in yours if id(person) not in met[1]}
    both_sides = (
        len({person.side for person, _ in pairs if person.side}) > 1 or len({person.party for person, _ in pairs}) > 1
    )
    if both_sides:
        return 0.5, [*reasons, "people of both sides fit"]
    if left and right:
        if left & right - {""}:
            return 0.3, [
                *reasons,
                f"for {_listed(sorted(party.upper() if len(party) == 3 else party for party in left & right - {''}))} each names somebody else",
            ]
        return 0.0, []
    return 0.25, [*reasons, "only one report names somebody of the other side"]


def _words_shared(one: str, other: str) -> float:
    """Return the share of the telling words of the shorter report that the other has too."""
    mine, yours = _telling(one), _telling(other)
    fewest = min(len(mine), len(yours))
    return len(mine & yours) / fewest if fewest >= 8 else 0.0


def _telling(words: str) -> frozenset[str]:
    """Return a report's names, numbers and long words: what two reports of one meeting share, and others seldom."""
    return frozenset(
        word.casefold()
        for word in re.findall(r"[^\W_]+", words)
        if len(word) >= 8 or word[0].isupper() or word.isdigit()
    )


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
