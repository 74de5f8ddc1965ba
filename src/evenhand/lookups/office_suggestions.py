"""Offices of groups that official texts name and that are not on record: suggestions for who keeps a group's offices.

Seen by those who may record an office of the group; to everybody else there are none. Proposes with the words, their source
and reasons; nothing is recorded until a person does it with `group office`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from django.db.models import Q

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import expect
from evenhand.lookups.documents import seen_documents
from evenhand.lookups.reach import reach_of
from evenhand.records.models import Group, Office, Party
from evenhand.said.models import Spoken
from evenhand.statements.offices_named import OfficeNamed, Spellings, find_offices
from evenhand.statements.wordlists import read_table

RIGHT = "group office"
NAMED = ("chair", "presidency", "council", "board", "committee")
"""Words without which no sentence names an office; the database looks for them first."""
MOST_WORDS = 3
"""So many sentences stand beside one suggestion, the oldest first."""


@dataclass(frozen=True, slots=True)
class OfficeWords:
    """Hold one sentence that names the office: who said it, when, in which document."""

    document: str
    number: int
    words: str
    speaker: str
    said_on: date | None


@dataclass(frozen=True, slots=True)
class OfficeSuggestion:
    """Suggest that a party holds, or held, an office of a group.

    Attributes
    ----------
    office
        "chair" or "council-seat".
    since, until
        Years where a sentence names them; empty where none does: a person must find out.
    said
        The sentences that say so; `sentences` counts them all.
    """

    group: str
    party: str
    office: str
    since: str
    until: str
    reasons: tuple[str, ...]
    said: tuple[OfficeWords, ...]
    sentences: int


def list_office_suggestions(
    viewer: Viewer, *, group: Annotated[str, "only offices of this group"] = ""
) -> list[OfficeSuggestion]:
    """Return the offices that read documents name and that the records do not hold, by group, office and party.

    Raises
    ------
    NameUnknown
        There is no such group.
    """
    if group:
        expect("group", group)
    reach = reach_of(viewer, RIGHT)
    keys = [
        (key, name)
        for key, name in Group.objects.order_by("key").values_list("key", "name")
        if (reach.everything or key in reach.groups) and group in ("", key)
    ]
    if not keys:
        return []
    groups, speaking_for = (
        _groups(keys),
        {spelling.casefold(): key for key, name in keys for spelling in _spellings(key, name)},
    )
    parties = _parties()
    known = set(Office.objects.values_list("group", "party", "office"))
    found: dict[tuple[str, str, str], list[tuple[OfficeNamed, OfficeWords]]] = {}
    for row in _sentences(viewer):
        speaks_for = next((speaking_for[name.casefold()] for name in row.bodies if name.casefold() in speaking_for), "")
        told = find_offices(
            row.words.words, groups=groups, parties=parties, said_on=row.words.said_on, speaks_for=speaks_for
        )
        for one in told:
            key = (one.group, one.party, one.office)
            if key not in known and one.group != one.party:
                found.setdefault(key, []).append((one, row.words))
    return [_suggestion(key, rows) for key, rows in sorted(found.items())]


@dataclass(frozen=True, slots=True)
class _Row:
    """Hold a sentence and the bodies that its speaker may speak for."""

    words: OfficeWords
    bodies: tuple[str, ...]


def _sentences(viewer: Viewer) -> Iterable[_Row]:
    """Return the sentences that may name an office, the oldest first."""
    named = Q()
    for word in NAMED:
        named |= Q(words__icontains=word)
    rows = (
        Spoken.objects.filter(named, evidence__in=seen_documents(viewer).values("pk"))
        .order_by("evidence__reading__published", "evidence_id", "number")
        .values_list(
            "evidence_id", "number", "words", "speaker", "evidence__reading__published", "evidence__meetings__meeting__date",
            "party__name", "official__took_part__party_name",
        )
    )  # fmt: skip
    told: dict[tuple[str, int], _Row] = {}
    for document, number, words, speaker, published, met, party, body in rows:
        said = OfficeWords(document, number, words, speaker, met or published)
        one = told.setdefault((document, number), _Row(said, ()))
        bodies = tuple(sorted({*one.bodies, *filter(None, (party, body))}))
        told[document, number] = _Row(one.words, bodies)
    return told.values()


def _suggestion(key: tuple[str, str, str], rows: list[tuple[OfficeNamed, OfficeWords]]) -> OfficeSuggestion:
    dated = next((one for one, _ in rows if one.since or one.until), rows[0][0])
    said = tuple(words for _, words in rows[:MOST_WORDS])
    return OfficeSuggestion(*key, dated.since, dated.until, dated.reasons, said, len(rows))


def _groups(keys: Iterable[tuple[str, str]]) -> Spellings:
    return Spellings({spelling: key for key, name in keys for spelling in _spellings(key, name)})


def _spellings(key: str, name: str) -> set[str]:
    """Return how texts call a group: its name, its key where that is an acronym, and what the reader knows besides."""
    own = {name, *([key] if key.isupper() and len(key) > 1 else [])}
    for row in read_table("organisations"):
        spellings = {row["name"], *filter(None, row["other spellings"].split(";"))}
        if own & spellings:
            own |= spellings
    return own


def _parties() -> Spellings:
    """Return how texts call the states on record: by name and by adjective."""
    names: dict[str, str] = {
        name: key for key, name in Party.objects.filter(kind="state", retired_on=None).values_list("key", "name")
    }
    states: Mapping[str, dict[str, str]] = {row["code"]: row for row in read_table("states")}
    for key in set(names.values()):
        row = states.get(key, {})
        for column in ("adjectives", "other names"):
            for spelling in filter(None, row.get(column, "").split(";")):
                names.setdefault(spelling, key)
    return Spellings(names)
