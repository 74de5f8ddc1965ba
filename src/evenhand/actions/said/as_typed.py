"""Reading what a person typed of a statement into its row: parties by key or name, amounts, places in the text.

Used where a statement is entered by hand and where one is corrected. What is typed as a name that is no party stays a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from evenhand.actions.action import Doing
from evenhand.actions.finding import get_evidence, get_resource
from evenhand.actions.said.finding import MEETING_STANDS, expect, get_meeting, get_official
from evenhand.actions.said.resolving import find_resource
from evenhand.actions.typed import read_choice, read_line, read_number, read_text, refuse_future, shown
from evenhand.errors import ActionRefused
from evenhand.lookups.called import Parties
from evenhand.records.models import Party
from evenhand.said.models import Statement

MOST_RECEIVERS = 250
EMPTIED = (
    "official", "office", "party", "giver", "receivers", "resource", "quantity", "unit", "place", "when", "deadline",
    "firmness", "said_on", "meeting", "translation", "second_source",
)  # fmt: skip
"""Fields that may be empty."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Hold what was typed of a statement; "" or None for what was not."""

    speaker: str = ""
    kind: str = ""
    resource_words: str = ""
    official: str = ""
    office: str = ""
    party: str = ""
    giver: str = ""
    receivers: str = ""
    resource: str = ""
    quantity: str = ""
    unit: str = ""
    place: str = ""
    when: str = ""
    deadline: date | None = None
    firmness: str = ""
    said_on: date | None = None
    meeting: str = ""
    translation: str = ""
    second_source: str = ""

    def any(self) -> bool:
        """Say whether anything was typed."""
        return any(getattr(self, one.name) not in ("", None) for one in fields(self))


def read_span(text: str, words: str, at: int) -> tuple[int, int]:
    """Return where words stand in a text.

    Raises
    ------
    ActionRefused
        They do not stand there, or more than once and it was not said which is meant.
    """
    if not words.strip():
        raise ActionRefused("the words are empty; copy them out of the document's text")
    places: list[int] = []
    found = text.find(words)
    while found >= 0 and len(places) < 20:
        places.append(found)
        found = text.find(words, found + 1)
    if at >= 0 and text.startswith(words, at):
        return at, at + len(words)
    if not places:
        raise ActionRefused(
            f"'{shown(words)}' does not stand in the document's text; copy the words exactly as they are"
        )
    if at >= 0 or len(places) > 1:
        raise ActionRefused(
            f"'{shown(words)}' stands in the text at {', '.join(map(str, places))}; say which is meant: at"
        )
    return places[0], places[0] + len(words)


def fill(row: Statement, doing: Doing, typed: Typed, *, unset: Sequence[str]) -> list[Party] | None:
    """Write what was typed into a row, and its health anew; return its receivers, None where they stay as they are."""
    _empty(row, unset)
    _fill_speaker(row, typed)
    _fill_claim(row, typed)
    _fill_amount(row, typed)
    receiving = _fill_parties(row, typed, unset)
    if typed.said_on:
        refuse_future(doing.today, "said_on", typed.said_on)
        row.said_on = typed.said_on
    if typed.second_source:
        other = get_evidence(typed.second_source)
        if other.pk == row.evidence_id:
            raise ActionRefused(f"{other.ref} is the document itself; a second source is another one")
        row.second_source = other
    row.health = _health(row, [] if receiving is None else receiving)
    return receiving


def _empty(row: Statement, unset: Sequence[str]) -> None:
    """Empty the fields that should be."""
    for name in unset:
        read_choice("field to empty", name, EMPTIED)
    links = {"official", "party", "giver", "resource", "meeting", "second_source"}
    for name in unset:
        if name in links or name in ("quantity", "deadline", "said_on"):
            setattr(row, name, None)
        elif name != "receivers":
            setattr(row, "when_words" if name == "when" else name, "")
    for name in {"party", "giver"} & set(unset):
        setattr(row, f"{name}_name", "")


def _fill_speaker(row: Statement, typed: Typed) -> None:
    if typed.speaker:
        row.speaker = read_line("speaker", typed.speaker, most=300)
    elif not row.speaker:
        raise ActionRefused("the speaker is empty; say who said it, as the text has it")
    if typed.official:
        row.official = get_official(typed.official)
    if typed.office:
        row.office = read_line("office", typed.office, most=300)
    if typed.meeting:
        meeting = get_meeting(typed.meeting)
        expect(meeting, *MEETING_STANDS)
        row.meeting = meeting
        row.said_on = row.said_on or meeting.date


def _fill_claim(row: Statement, typed: Typed) -> None:
    if typed.kind or not row.kind:
        row.kind = read_choice("kind of statement", typed.kind, Statement.KINDS)
    if typed.firmness:
        row.firmness = read_choice("firmness of a statement", typed.firmness, Statement.FIRMNESS)
    if row.kind != "promised":
        if typed.firmness:
            raise ActionRefused(f"only a promise has a firmness; what was {row.kind} has none")
        row.firmness = ""
    if typed.place:
        row.place = read_line("place", typed.place, most=300)
    if typed.when:
        row.when_words = read_line("time", typed.when, most=300)
    if typed.deadline:
        row.deadline = typed.deadline
    if typed.translation:
        row.translation = read_text("translation", typed.translation, most=5000)


def _fill_amount(row: Statement, typed: Typed) -> None:
    if typed.resource_words or not row.resource_words:
        row.resource_words = read_line("resource, in the speaker's words,", typed.resource_words, most=300)
    if typed.quantity:
        row.quantity = Decimal(read_number("quantity", typed.quantity, above=False))
    if typed.unit:
        row.unit = read_line("unit", typed.unit, most=80)
    if typed.resource:
        row.resource = get_resource(typed.resource)
    elif row.resource_id is None and (typed.resource_words or typed.unit):
        row.resource = find_resource(row.resource_words, row.unit)


def _fill_parties(row: Statement, typed: Typed, unset: Sequence[str]) -> list[Party] | None:
    """Write speaker's party, giver and receivers, by key or by name."""
    parties = Parties()
    if typed.party:
        row.party, row.party_name = _named(parties, "party", typed.party)
    if typed.giver:
        row.giver, row.giver_name = _named(parties, "giver", typed.giver)
    if typed.receivers:
        names = list(dict.fromkeys(filter(None, (part.strip() for part in typed.receivers.split(";")))))
        if len(names) > MOST_RECEIVERS:
            raise ActionRefused(f"{len(names)} receivers are named; at most {MOST_RECEIVERS} can be")
        found = [_named(parties, "receiver", name) for name in names]
        row.receiver_names = [name for _, name in found]
        return [party for party, _ in found if party is not None]
    if "receivers" in unset:
        row.receiver_names = []
        return []
    return None


def _named(parties: Parties, column: str, typed: str) -> tuple[Party | None, str]:
    """Return the party that was typed, by key or name, and what it is called; refuse a name that fits several."""
    party, why = parties.find(typed)
    if party is None and "several" in why:
        raise ActionRefused(f"{why.rstrip('.')}; give the key of the {column} that is meant")
    return party, party.name if party else read_line(column, typed, most=300)


def _health(row: Statement, receiving: list[Party]) -> list[str]:
    """Return what is missing of a statement that a person typed, in sentences."""
    missing = (
        (row.quantity is None, "No amount is named."),
        (not (row.giver_id or row.giver_name) and row.kind != "needed", "Who gives is not said."),
        (not (receiving or row.receiver_names), "Who receives is not said."),
        (row.said_on is None, "Neither the document nor the meeting bears a date."),
        (row.kind == "promised" and not (row.when_words or row.deadline), "By when is not said."),
    )
    return [sentence for missed, sentence in missing if missed]
