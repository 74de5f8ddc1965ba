"""Reading households of the register: one with its members, those that a search finds, and what a household sees of itself.

What is shown is what the registration lets the reader's role read, within the reader's places, for one of the registration's
purposes; a search shows no more than whom to open. Each reading is on record before anything is returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from evenhand.access.rights import RIGHTS, may, require
from evenhand.access.viewers import Target, Viewer
from evenhand.errors import NameUnknown, OptionRefused, shown
from evenhand.lookups.people.reading import (
    FIND,
    Reader,
    Told,
    expect_kept,
    expect_purpose,
    note_reading,
    readings_of,
)
from evenhand.lookups.reach import today
from evenhand.people.folding import folded
from evenhand.people.models import BlindIndex, Consent, Correction, Household, Person, Registration
from evenhand.people.opening import sealer
from evenhand.people.parts import in_parts
from evenhand.records.models import Party
from evenhand.records.tree import target_of

SEE: Final = "see people"
MOST_FOUND: Final = 20
"""So many households a search shows; whoever finds more says more of whom they look for."""

SHORT: Final = ("given_name", "family_name", "birth_year")
"""What a search shows of a head: enough to choose whom to open."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """Hold what a household said last to a purpose, and to a recipient of its data."""

    purpose: str
    recipient: str
    said: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonTold:
    """Hold one person, as far as the reader may see: field → value."""

    ref: str
    is_head: bool
    state: str
    since: date | None
    merged_into: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HouseholdTold:
    """Hold a household with its members, as far as the reader may see."""

    ref: str
    registration: str
    site: str
    state: str
    merged_into: str
    number: int
    fields: Mapping[str, str]
    persons: tuple[PersonTold, ...]
    consents: tuple[Agreed, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """Hold one household that a search found: its head, as far as the reader may see, and how many live in it."""

    ref: str
    site: str
    state: str
    size: int
    head: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Was:
    """Hold what a field was before it was corrected."""

    record: str
    field: str
    value: str
    reason: str
    at: datetime


def read_household(
    viewer: Viewer,
    household: Annotated[str, "the household's ref, HH-..."],
    purpose: Annotated[str, "for which of the registration's purposes it is read"],
    why: Annotated[str, "in the reader's own words"] = "",
) -> HouseholdTold:
    """Return a household with its members; the reading is on record and shown to them.

    Raises
    ------
    NameUnknown
        There is none, or it is out of the viewer's reach.
    NotAllowed
        The viewer holds no role that reads people.
    ActionRefused
        The registration was not opened for that purpose, or its last day has passed.
    """
    row = Household.objects.select_related("registration").filter(pk=household).first()
    role = _role_over(viewer, row.site, row.registration) if row is not None else ""
    if row is None or not role:
        if not viewer.has(*RIGHTS[SEE]):
            require(viewer, SEE, Target())
        raise NameUnknown("household", shown(household), ())
    expect_kept(row.registration, today())
    expect_purpose(row.registration, purpose)
    seen = _readable(row.registration, role)
    told = _told(row, seen)
    note_reading(
        Reader(viewer, role, purpose, why),
        [(row.ref, "", tuple(told.fields)), *((row.ref, one.ref, tuple(one.fields)) for one in told.persons)],
    )
    return told


def find_households(
    viewer: Viewer,
    registration: Annotated[str, "the registration's ref, RG-..."],
    *,
    name: Annotated[str, "given and family names, in any order, in one script"] = "",
    phone: Annotated[str, "a number, with or without the state's prefix"] = "",
    outside: Annotated[str, "the reference of another register"] = "",
    why: Annotated[str, "in the reader's own words"] = "",
) -> list[Found]:
    """Return the households within the viewer's reach that somebody of all these belongs to; each is on record as found.

    Raises
    ------
    NotAllowed
        The viewer holds no role that reads people.
    OptionRefused
        Nothing was said to search for, or nothing of it has letters.
    ActionRefused
        The registration's last day has passed.
    """
    if not viewer.has(*RIGHTS[SEE]):
        require(viewer, SEE, Target())
    row = Registration.objects.filter(pk=registration).first()
    if row is None:
        raise NameUnknown("registration", shown(registration), ())
    expect_kept(row, today())
    sought = folded({"given_name": name, "phone": phone, "outside": outside})
    wide = {"other": sought["name"]} if "name" in sought else {}
    if not sought:
        raise OptionRefused("say whom to search for: a whole name, a number or the reference of another register")
    found = _persons_with(row.ref, sought, wide)
    roles: dict[str, str] = {}
    shown_rows: list[tuple[Household, str]] = []
    for part in in_parts(sorted(found)):
        for one in Household.objects.filter(pk__in=part).exclude(state="erased").order_by("pk"):
            if one.site not in roles:
                roles[one.site] = _role_over(viewer, one.site, row)
            if roles[one.site]:
                shown_rows.append((one, roles[one.site]))
    answer, heads = [], []
    for one, role in shown_rows[:MOST_FOUND]:
        head = one.persons.filter(is_head=True).first()
        answer.append(_found(one, head, row, role))
        heads.append(head.ref if head is not None else "")
    for role in sorted({role for _, role in shown_rows}):
        lines = [
            (one.ref, head, tuple(told.head))
            for told, head, (one, as_role) in zip(answer, heads, shown_rows, strict=False)
            if as_role == role
        ]
        if lines:
            note_reading(Reader(viewer, role, FIND, why), lines)
    return answer


def read_history(viewer: Viewer, household: str, purpose: str, why: str = "") -> list[Was]:
    """Return what fields of a household and its members were before they were corrected; on record like any reading."""
    told = read_household(viewer, household, purpose, why)
    row = Household.objects.select_related("registration").get(pk=household)
    role = _role_over(viewer, row.site, row.registration)
    found = _history([told.ref, *(one.ref for one in told.persons)], _readable(row.registration, role))
    fields: dict[str, set[str]] = {}
    for one in found:
        fields.setdefault(one.record, set()).add(one.field)
    if fields:
        note_reading(
            Reader(viewer, role, purpose, why),
            [(row.ref, "" if record == row.ref else record, tuple(names)) for record, names in fields.items()],
        )
    return found


def read_readings(
    viewer: Viewer,
    household: str,
    purpose: str,
    *,
    after: Annotated[int, "the number of the last reading of the page before; 0 for the first page"] = 0,
) -> list[Told]:
    """Return a page of who read a household's records; whoever asks is the first of them."""
    read_household(viewer, household, purpose)
    return readings_of(household, after=after)


def _persons_with(registration: str, sought: Mapping[str, str], wide: Mapping[str, str]) -> set[str]:
    """Return the refs of households in which one record, or the household itself, has all that is sought."""
    lock = sealer()
    left: set[str] | None = None
    for kind, value in sought.items():
        kinds = {kind: value} | ({"other": wide["other"]} if kind == "name" and wide else {})
        records: set[str] = set()
        for one, folded_value in kinds.items():
            digests = lock.indexes(registration, one, folded_value)
            records |= set(BlindIndex.objects.filter(digest__in=digests, kind=one).values_list("record", flat=True))
        households = {ref for ref in records if ref.startswith("HH-")}
        for part in in_parts(records):
            households |= set(Person.objects.filter(pk__in=part).values_list("household_id", flat=True))
        left = households if left is None else left & households
    return left or set()


def _found(row: Household, head: Person | None, registration: Registration, role: str) -> Found:
    seen = _readable(registration, role)
    values = (
        sealer().open_all(head.ref, {f: b for f, b in head.boxes.items() if f in SHORT and f in seen}) if head else {}
    )
    return Found(row.ref, row.site, row.state, row.persons.filter(state="present").count(), values)


def _told(row: Household, seen: Iterable[str]) -> HouseholdTold:
    lock, seen = sealer(), frozenset(seen)

    def opened(ref: str, boxes: Mapping[str, str]) -> dict[str, str]:
        return lock.open_all(ref, {field: box for field, box in boxes.items() if field in seen})

    persons = tuple(
        PersonTold(one.ref, one.is_head, one.state, one.since, one.merged_into_id or "", opened(one.ref, one.boxes))
        for one in row.persons.order_by("-is_head", "made_at", "pk")
    )
    return HouseholdTold(
        row.ref, row.registration_id, row.site, row.state, row.merged_into_id or "", row.number, opened(row.ref, row.boxes),
        persons, tuple(_agreed(row.ref)), row.made_at,
    )  # fmt: skip


def _agreed(household: str) -> list[Agreed]:
    newest: dict[tuple[str, str], Agreed] = {}
    for one in Consent.objects.filter(household=household).order_by("pk"):
        newest[one.purpose, one.recipient] = Agreed(one.purpose, one.recipient, one.said, one.at)
    return list(newest.values())


def _history(refs: list[str], seen: frozenset[str]) -> list[Was]:
    lock = sealer()
    return [
        Was(one.record, one.field, lock.open(one.record, one.field, one.box) if one.box else "", one.reason, one.at)
        for one in Correction.objects.filter(record__in=refs, field__in=seen).order_by("-pk")
    ]


def _readable(registration: Registration, role: str) -> frozenset[str]:
    return frozenset(name for name, asked in registration.fields.items() if role in asked["readers"])


def _role_over(viewer: Viewer, site: str, registration: Registration) -> str:
    """Return the role by which a viewer reads people of a site, "" where none does, or the registration's party is not above it."""
    party = Party.objects.filter(pk=site).first()
    if party is None:
        return ""
    target = target_of(party, today())
    if registration.party not in target.parties or not may(viewer, SEE, target):
        return ""
    return next(role for role in RIGHTS[SEE] if viewer.holds(role, target))
