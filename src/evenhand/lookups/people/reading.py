"""Writing down who reads whom, before anything is shown; and telling it to the person.

Used by the lookups of the people register alone. A reading that cannot be written down shows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Q

from evenhand.access.viewers import Viewer
from evenhand.database.writing import run_written
from evenhand.errors import ActionRefused
from evenhand.lookups.people.merged import with_merged
from evenhand.people.models import Household, Person, ReadLine, Registration
from evenhand.people.reasons import keep_reasons, line_of_reading, reasons_of
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
    """Hold one reading, as the person is told of it: who by public id and role, what, why, when; by its number the next page begins."""

    person: str
    fields: tuple[str, ...]
    by: str
    role: str
    purpose: str
    why: str
    at: datetime
    number: int


def expect_purpose(registration: Registration, purpose: str) -> None:
    """Refuse a reading for what the registration was not opened for. Raises ActionRefused."""
    if purpose not in registration.purposes:
        raise ActionRefused(
            f"{registration.ref} was not opened for '{purpose[:60]}'; say for which of its purposes you read: "
            f"{', '.join(sorted(registration.purposes))}"
        )


def expect_kept(registration: Registration, on: date) -> None:
    """Refuse whatever is not erasing after a registration's last day. Raises ActionRefused."""
    if on > registration.retain_until:
        raise ActionRefused(
            f"{registration.ref} kept its data until {registration.retain_until}; nobody is read or changed in it any more, and "
            "what it holds is to be erased"
        )


def note_reading(reader: Reader, read: Sequence[tuple[str, str, Sequence[str]]]) -> None:
    """Write down what is about to be shown: (household, person or "", fields), all in one line each."""
    now = datetime.now(UTC)
    lines = [
        ReadLine(
            household=household, person=person, fields=sorted(fields), by=reader.viewer.public_id, role=reader.role,
            purpose=reader.purpose, at=now,
        )
        for household, person, fields in read
    ]  # fmt: skip
    why = reader.why[:LONGEST_WHY]

    def write() -> None:
        made = ReadLine.objects.bulk_create(lines)
        keep_reasons((one.person or one.household, line_of_reading(one.pk), why) for one in made)

    run_written(write, using=PEOPLE)


def readings_of(household: str, *, after: int = 0, most: int = 200) -> list[Told]:
    """Return who read a household and those who are in it now, the latest first; `after` is the number of the last one told.

    Readings go with the person: whoever moved here brings along who read them elsewhere, also under a record that was taken for
    theirs, and whoever left has taken theirs along. What was read of a household that was merged into this one is told here too.
    """
    stay = Person.objects.filter(household=household, merged_into=None).values_list("pk", flat=True)
    own = Q(household__in=with_merged(Household, [household]), person="")
    rows = ReadLine.objects.filter(own | Q(person__in=with_merged(Person, stay))).order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=after)
    page = list(rows[:most])
    why = reasons_of(line_of_reading(row.pk) for row in page)
    return [
        Told(
            row.person, tuple(row.fields), row.by, row.role, row.purpose, why.get(line_of_reading(row.pk), ""), row.at, row.pk
        )
        for row in page
    ]  # fmt: skip
