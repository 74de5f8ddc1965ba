"""Which statements, meetings and people of the register may be one, with the reasons: rows put to `statements.alike`.

Used by the review and by the actions that read a document. Proposes and never decides; must compare a row only with rows
that could fit at all, because there are many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from evenhand.statements.alike import (
    Alike,
    ClaimFacts,
    MeetingFacts,
    PersonFacts,
    same_claim,
    same_meeting,
    same_person,
)

if TYPE_CHECKING:
    from evenhand.lookups.meetings import Meeting
    from evenhand.lookups.statements import Statement

MOST_COMPARED = 400
"""With so many rows at most one row is compared, the newest first."""


def claim_facts(one: Statement) -> ClaimFacts:
    """Return what one statement says of assistance, as `statements.alike` compares it."""
    return ClaimFacts(
        one.kind, one.giver or one.giver_name, one.receivers or one.receiver_names, one.resource_words, one.quantity,
        one.unit, one.place, one.when_words, one.speaker, one.said_on or one.published, one.words,
    )  # fmt: skip


def meeting_facts(one: Meeting) -> MeetingFacts:
    """Return what is known of one meeting, as `statements.alike` compares it."""
    people = tuple(PersonFacts(who.name, who.office, who.party or who.party_name, who.side) for who in one.participants)
    return MeetingFacts(one.day, one.place, one.kind, people)


def compare_claims(
    asked: Sequence[Statement], among: Iterable[Statement]
) -> Iterator[tuple[Statement, Statement, Alike]]:
    """Return each statement asked about with those it may be one with: they share a giver or a receiver."""
    held: dict[str, list[Statement]] = {}
    for one in sorted(among, key=lambda one: (one.made_at, one.ref), reverse=True):
        for name in _names(one):
            held.setdefault(name, []).append(one)
    for one in asked:
        near = {other.ref: other for name in _names(one) for other in held.get(name, ())[:MOST_COMPARED]}
        for other in near.values():
            if other.ref != one.ref and (found := same_claim(claim_facts(one), claim_facts(other))):
                yield one, other, found


def compare_meetings(asked: Sequence[Meeting], among: Iterable[Meeting]) -> Iterator[tuple[Meeting, Meeting, Alike]]:
    """Return each meeting asked about with those it may be one with: within a day, or one of the two undated."""
    held: dict[date | None, list[Meeting]] = {}
    for one in sorted(among, key=lambda one: (one.made_at, one.ref), reverse=True):
        held.setdefault(one.day, []).append(one)
    for one in asked:
        days = [None, *(one.day + timedelta(days=step) for step in (-1, 0, 1))] if one.day else list(held)
        near = [other for day in days for other in held.get(day, ())[:MOST_COMPARED]]
        for other in near[: MOST_COMPARED * 2]:
            if other.ref != one.ref and (found := same_meeting(meeting_facts(one), meeting_facts(other))):
                yield one, other, found


def compare_people(
    asked: Mapping[str, PersonFacts], among: Mapping[str, PersonFacts]
) -> Iterator[tuple[str, str, Alike]]:
    """Return the refs of people in office who may be one: their names share a word, or its beginning."""
    held: dict[str, list[str]] = {}
    for ref, one in sorted(among.items()):
        for part in _parts(one.name):
            held.setdefault(part, []).append(ref)
    for ref, one in sorted(asked.items()):
        near = dict.fromkeys(other for part in _parts(one.name) for other in held.get(part, ())[:MOST_COMPARED])
        for other in near:
            if other != ref and (found := same_person(one, among[other])):
                yield ref, other, found


def _names(one: Statement) -> set[str]:
    facts = claim_facts(one)
    return {name.casefold() for name in (facts.giver, *facts.receivers) if name}


def _parts(name: str) -> set[str]:
    return {part.casefold()[:4] for part in name.split() if len(part) > 2}
