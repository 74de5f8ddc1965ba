"""Writing down who reads whom, before anything is shown; and telling it to the person.

Used by the lookups of the people register alone. A reading that cannot be written down shows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from evenhand.access.viewers import Viewer
from evenhand.database.writing import run_written
from evenhand.errors import ActionRefused
from evenhand.people.models import ReadLine, Registration
from evenhand.people.router import PEOPLE

LONGEST_WHY = 300
FIND = "find"
"""The purpose of a search, beside those that a registration names: it shows no more than whom to open."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Say who reads, as which role, and for which of the registration's purposes.

    Attributes
    ----------
    viewer
        Who reads; the household itself where it holds no public id.
    role
        registrar, case-worker, or "" for the household itself.
    why
        In the reader's own words; shown to the person.
    """

    viewer: Viewer
    role: str
    purpose: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Hold one reading, as the person is told of it: who by public id and role, what, why, when."""

    person: str
    fields: tuple[str, ...]
    by: str
    role: str
    purpose: str
    why: str
    at: datetime


def expect_purpose(registration: Registration, purpose: str) -> None:
    """Refuse a reading for what the registration was not opened for. Raises ActionRefused."""
    if purpose not in registration.purposes:
        raise ActionRefused(
            f"{registration.ref} was not opened for '{purpose[:60]}'; say for which of its purposes you read: "
            f"{', '.join(sorted(registration.purposes))}"
        )


def note_reading(reader: Reader, read: Sequence[tuple[str, str, Sequence[str]]]) -> None:
    """Write down what is about to be shown: (household, person or "", fields), all in one line each."""
    now = datetime.now(UTC)
    lines = [
        ReadLine(
            household=household, person=person, fields=sorted(fields), by=reader.viewer.public_id, role=reader.role,
            purpose=reader.purpose, why=reader.why[:LONGEST_WHY], at=now,
        )
        for household, person, fields in read
    ]  # fmt: skip
    run_written(lambda: ReadLine.objects.bulk_create(lines), using=PEOPLE)


def readings_of(household: str, most: int = 200) -> list[Told]:
    """Return who read a household's records, the latest first."""
    rows = ReadLine.objects.filter(household=household).order_by("-pk")[:most]
    return [Told(row.person, tuple(row.fields), row.by, row.role, row.purpose, row.why, row.at) for row in rows]
