"""Reading evacuations, for who sends: who waits, and one need with its ways. What a hospital reads is in `referrals`.

Lists show refs, stages and what is needed. Who somebody is, is shown in one reading, on record before anything is returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from evenhand.access.rights import RIGHTS, may, require
from evenhand.access.viewers import Target, Viewer
from evenhand.errors import NameUnknown, shown
from evenhand.lookups.people.agreed import whom
from evenhand.lookups.people.asked import asked_of, find_places
from evenhand.lookups.people.reading import Reader, note_reading
from evenhand.lookups.reach import today
from evenhand.people.evacuation import URGENCIES
from evenhand.people.models import (
    EvacuationNeed,
    HospitalReferral,
    Person,
    Registration,
    Transfer,
)
from evenhand.people.opening import sealer
from evenhand.people.reasons import reasons_of
from evenhand.records.models import Party
from evenhand.records.tree import parties_below, target_of

SENDS: Final = "people evacuate"
READS: Final = "case-worker"
"""The role whose fields are shown, of who sends and of the hospital: what the registration lets a case worker read."""


@dataclass(frozen=True, slots=True)
class EventTold:
    """Hold one event of a transfer; `reverses` is the number of the one that it takes back, for a reason, 0 where it takes none."""

    number: int
    stage: str
    day: date
    checkpoint: str
    intermediary: str
    reverses: int
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class TransferTold:
    """Hold one way, out or back, with everything that was written of it."""

    ref: str
    way: str
    leaves_on: date | None
    checkpoint: str
    intermediary: str
    companions: tuple[str, ...]
    stage: str
    events: tuple[EventTold, ...]


@dataclass(frozen=True, slots=True)
class NeedListed:
    """Hold a need as a list shows it: nothing of who it is."""

    ref: str
    registration: str
    site: str
    service: str
    urgency: str
    state: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class PatientTold:
    """Hold one person, as far as the reader may see."""

    ref: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EvacuationTold:
    """Hold a need with the patient, the companions, what is sealed, and its ways."""

    ref: str
    service: str
    urgency: str
    state: str
    ended_why: str
    patient: PatientTold
    companions: tuple[PatientTold, ...]
    sealed: Mapping[str, str]
    referrals: tuple[ReferralListed, ...]
    transfers: tuple[TransferTold, ...]


@dataclass(frozen=True, slots=True)
class ReferralListed:
    """Hold a referral as a list shows it; of who was erased, without the hospital."""

    ref: str
    need: str
    offer: str
    hospital: str
    service: str
    urgency: str
    state: str
    asked_at: datetime


def list_evacuations(
    viewer: Viewer, party: Annotated[str, "the key of the party whose patients are listed, with all below it"]
) -> list[NeedListed]:
    """Return the needs of a party's patients, the most urgent and longest waiting first. Raises NotAllowed."""
    sites = _sites(viewer, party)
    rows = EvacuationNeed.objects.select_related("person__household").filter(person__household__site__in=sites)
    listed = [
        NeedListed(
            row.ref, row.person.household.registration_id, row.person.household.site, **asked_of(row, "service", "urgency"),
            state=row.state, asked_at=row.asked_at,
        )
        for row in rows.order_by("asked_at", "pk")
    ]  # fmt: skip
    order = {urgency: number for number, urgency in enumerate(URGENCIES)}
    return sorted(listed, key=lambda one: order.get(one.urgency, len(order)))


def read_evacuation(
    viewer: Viewer, need: Annotated[str, "the ref of the need, EN-..."], why: str = ""
) -> EvacuationTold:
    """Return a need with its patient, for who sends; on record, and shown to the household.

    Raises
    ------
    NameUnknown
        There is none, or it is out of the viewer's reach.
    NotAllowed
        The viewer sends nobody anywhere.
    """
    row = EvacuationNeed.objects.select_related("person__household__registration").filter(pk=need).first()
    if row is None or not reaches(viewer, SENDS, whom(row).household.site):
        if not viewer.has(*RIGHTS[SENDS]):
            require(viewer, SENDS, Target())
        raise NameUnknown("evacuation", shown(need), ())
    return _told(Reader(viewer, READS, row.purpose, why), row)


def told_of(row: Transfer) -> TransferTold:
    """Return a way with its events, none of which names anybody."""
    events = list(row.events.order_by("number"))
    numbers = {one.pk: one.number for one in events}
    taken_back = {one.reverses_id for one in events if one.reverses_id}
    reasons = reasons_of([one.line for one in events if one.reverses_id])
    standing = [one.stage for one in events if not one.reverses_id and one.pk not in taken_back]
    return TransferTold(
        row.ref, row.way, row.leaves_on, row.checkpoint, row.intermediary, tuple(row.companions),
        standing[-1] if standing else "",
        tuple(
            EventTold(
                one.number, one.stage, one.day, one.checkpoint, one.intermediary, numbers.get(one.reverses_id or 0, 0),
                reasons.get(one.line, "") if one.reverses_id else "", one.by,
            )
            for one in events
        ),
    )  # fmt: skip


def listed_of(row: HospitalReferral) -> ReferralListed:
    """Return a referral as a list shows it."""
    asked, places = asked_of(row.need, "service", "urgency"), find_places(row)
    return ReferralListed(
        row.ref,
        row.need_id,
        places.ref if places else "",
        places.party if places else "",
        **asked,
        state=row.state,
        asked_at=row.asked_at,
    )


def opened(row: Person, seen: Iterable[str]) -> dict[str, str]:
    """Return the fields of a person that a reader may see."""
    seen = frozenset(seen)
    return sealer().open_all(row.ref, {field: box for field, box in row.boxes.items() if field in seen})


def readable(registration: Registration) -> frozenset[str]:
    """Return the fields that a registration lets a case worker read."""
    return frozenset(name for name, asked in registration.fields.items() if READS in asked["readers"])


def note_patients(reader: Reader, people: Sequence[tuple[Person, Iterable[str]]]) -> None:
    """Write down that these fields of these persons are about to be shown."""
    note_reading(reader, [(one.household_id, one.ref, tuple(fields)) for one, fields in people])


def _told(reader: Reader, row: EvacuationNeed) -> EvacuationTold:
    patient = whom(row)
    seen = readable(patient.household.registration)
    sealed = sealer().open_all(row.ref, row.boxes)
    along = list(Person.objects.filter(pk__in=row.companions, household=patient.household_id).order_by("pk"))
    people = [(one, opened(one, seen)) for one in (patient, *along)]
    note_patients(reader, [(patient, [*people[0][1], *sealed]), *people[1:]])
    referrals = row.referrals.select_related("need").order_by("asked_at")
    transfers = Transfer.objects.filter(referral__need=row).order_by("made_at", "-way")
    asked = {field: sealed.pop(field, "") for field in ("service", "urgency")}
    return EvacuationTold(
        row.ref, asked["service"], asked["urgency"], row.state, row.ended_why, PatientTold(patient.ref, people[0][1]),
        tuple(PatientTold(one.ref, fields) for one, fields in people[1:]), sealed, tuple(map(listed_of, referrals)),
        tuple(map(told_of, transfers)),
    )  # fmt: skip


def _sites(viewer: Viewer, party: str) -> frozenset[str]:
    row = Party.objects.filter(pk=party).first()
    require(viewer, SENDS, target_of(row, today()) if row else Target())
    return parties_below(frozenset({party}))


def reaches(viewer: Viewer, right: str, key: str) -> bool:
    """Say whether a viewer has a right over a party."""
    party = Party.objects.filter(pk=key).first()
    return party is not None and may(viewer, right, target_of(party, today()))
