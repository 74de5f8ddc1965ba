"""Reading evacuations: who waits, one need with its ways, what a hospital may read of who was named to it, proposals, places.

Lists show refs and stages alone. What tells who somebody is, or what is wrong with them, is shown to who sends and, once a referral
names the patient and as long as it lives, to that hospital; each reading is on record before anything is returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final

from evenhand.access.rights import RIGHTS, may, require
from evenhand.access.viewers import Target, Viewer
from evenhand.errors import ActionRefused, NameUnknown, shown
from evenhand.lookups.people.agreed import expect_agreed, whom
from evenhand.lookups.people.reading import Reader, note_reading
from evenhand.lookups.reach import today
from evenhand.people.models import (
    EvacuationNeed,
    HospitalOffer,
    HospitalReferral,
    MatchProposal,
    Person,
    Registration,
    Transfer,
)
from evenhand.people.opening import sealer
from evenhand.records.models import Party
from evenhand.records.tree import parties_below, target_of

SENDS: Final = "people evacuate"
HOSTS: Final = "people host"
READS: Final = "case-worker"
"""The role whose fields are shown, of who sends and of the hospital: what the registration lets a case worker read."""


@dataclass(frozen=True, slots=True)
class EventTold:
    """Hold one event of a transfer; `reverses` is the number of the one that it takes back, 0 where it takes none."""

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
    """Hold a referral as a list shows it."""

    ref: str
    need: str
    offer: str
    hospital: str
    service: str
    urgency: str
    state: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class PlacesTold:
    """Hold places of a hospital, for those who send and those who host."""

    ref: str
    party: str
    service: str
    places: int
    taken: int
    languages: tuple[str, ...]
    fitness: tuple[str, ...]
    companions: int
    since: date
    until: date
    state: str


@dataclass(frozen=True, slots=True)
class ProposalTold:
    """Hold a proposal: who would get which place at what cost, who waits on, and the proof, which names refs alone."""

    number: int
    registration: str
    party: str
    claim: str
    certificate_sha256: str
    choices: tuple[Mapping[str, Any], ...]
    waiting: tuple[str, ...]
    folder: bytes
    at: datetime


def list_evacuations(
    viewer: Viewer, party: Annotated[str, "the key of the party whose patients are listed, with all below it"]
) -> list[NeedListed]:
    """Return the needs of a party's patients, the most urgent and longest waiting first. Raises NotAllowed."""
    sites = _sites(viewer, party)
    rows = EvacuationNeed.objects.select_related("person__household").filter(person__household__site__in=sites)
    order = {"immediate": 0, "urgent": 1, "planned": 2}
    listed = [
        NeedListed(
            row.ref, row.person.household.registration_id, row.person.household.site, row.service, row.urgency, row.state,
            row.asked_at,
        )
        for row in rows.order_by("asked_at", "pk")
    ]  # fmt: skip
    return sorted(listed, key=lambda one: order[one.urgency])


def list_referrals(viewer: Viewer, hospital: Annotated[str, "the key of the hospital"]) -> list[ReferralListed]:
    """Return who was named to a hospital, by ref alone. Raises NotAllowed."""
    row = Party.objects.filter(pk=hospital).first()
    require(viewer, HOSTS, target_of(row, today()) if row else Target())
    below = parties_below(frozenset({hospital}))
    found = HospitalReferral.objects.select_related("need", "offer").filter(offer__party__in=below)
    return [_listed(one) for one in found.order_by("-asked_at", "pk")]


def list_places(viewer: Viewer, service: str = "") -> list[PlacesTold]:
    """Return the places that are open, for whoever sends or hosts. Raises NotAllowed."""
    if not viewer.has(*RIGHTS[SENDS], *RIGHTS[HOSTS]):
        require(viewer, HOSTS, Target())
    rows = HospitalOffer.objects.filter(state="open").order_by("service", "party", "pk")
    return [
        PlacesTold(
            row.ref, row.party, row.service, row.places, row.taken, tuple(row.languages), tuple(row.fitness), row.companions,
            row.since, row.until, row.state,
        )
        for row in (rows.filter(service=service) if service else rows)
    ]  # fmt: skip


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
    if row is None or not _may(viewer, SENDS, whom(row).household.site):
        if not viewer.has(*RIGHTS[SENDS]):
            require(viewer, SENDS, Target())
        raise NameUnknown("evacuation", shown(need), ())
    return _told(Reader(viewer, READS, row.purpose, why), row)


def read_referral(
    viewer: Viewer, referral: Annotated[str, "the ref of the referral, RH-..."], why: str = ""
) -> EvacuationTold:
    """Return who was named to a hospital, for that hospital; on record, and shown to the household.

    Raises
    ------
    NameUnknown
        There is none, or it names nobody to a hospital of the viewer's.
    NotAllowed
        The viewer speaks for no hospital.
    ActionRefused
        The referral is over, or the household consents no longer.
    """
    related = ("need__person__household__registration", "offer")
    row = HospitalReferral.objects.select_related(*related).filter(pk=referral).first()
    if row is None or not _may(viewer, HOSTS, row.offer.party):
        if not viewer.has(*RIGHTS[HOSTS]):
            require(viewer, HOSTS, Target())
        raise NameUnknown("referral", shown(referral), ())
    if row.state not in HospitalReferral.LIVE:
        raise ActionRefused(f"{row.ref} is {row.state}; the hospital reads nothing more of the patient")
    hospital = Party.objects.get(pk=row.offer.party)
    expect_agreed(row.need, hospital, today())
    role = next(one for one in RIGHTS[HOSTS] if viewer.holds(one, target_of(hospital, today())))
    return _told(Reader(viewer, role, row.need.purpose, why), row.need, only=row)


def read_proposal(viewer: Viewer, number: Annotated[int, "the number of the proposal"]) -> ProposalTold:
    """Return a proposal, for who sends of its party. Raises NameUnknown, NotAllowed."""
    row = MatchProposal.objects.filter(pk=number).first()
    if row is None or not _may(viewer, SENDS, row.party):
        if not viewer.has(*RIGHTS[SENDS]):
            require(viewer, SENDS, Target())
        raise NameUnknown("proposal", str(number), ())
    return ProposalTold(
        row.pk, row.registration_id, row.party, row.claim, row.certificate_sha256, tuple(row.choices), tuple(row.waiting),
        bytes(row.folder), row.at,
    )  # fmt: skip


def told_of(row: Transfer) -> TransferTold:
    """Return a way with its events, none of which names anybody."""
    events = list(row.events.order_by("number"))
    numbers = {one.pk: one.number for one in events}
    taken_back = {one.reverses_id for one in events if one.reverses_id}
    standing = [one.stage for one in events if not one.reverses_id and one.pk not in taken_back]
    return TransferTold(
        row.ref, row.way, row.leaves_on, row.checkpoint, row.intermediary, tuple(row.companions),
        standing[-1] if standing else "",
        tuple(
            EventTold(
                one.number, one.stage, one.day, one.checkpoint, one.intermediary, numbers.get(one.reverses_id or 0, 0),
                one.reason, one.by,
            )
            for one in events
        ),
    )  # fmt: skip


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


def _told(reader: Reader, row: EvacuationNeed, only: HospitalReferral | None = None) -> EvacuationTold:
    patient = whom(row)
    seen = readable(patient.household.registration)
    sealed = sealer().open_all(row.ref, row.boxes)
    along = list(Person.objects.filter(pk__in=row.companions, household=patient.household_id).order_by("pk"))
    people = [(one, opened(one, seen)) for one in (patient, *along)]
    note_patients(reader, [(patient, [*people[0][1], *sealed]), *people[1:]])
    referrals = [only] if only is not None else list(row.referrals.select_related("need", "offer").order_by("asked_at"))
    transfers = Transfer.objects.filter(referral__in=[one.pk for one in referrals]).order_by("made_at", "-way")
    return EvacuationTold(
        row.ref, row.service, row.urgency, row.state, row.ended_why, PatientTold(patient.ref, people[0][1]),
        tuple(PatientTold(one.ref, fields) for one, fields in people[1:]), sealed, tuple(map(_listed, referrals)),
        tuple(map(told_of, transfers)),
    )  # fmt: skip


def _listed(row: HospitalReferral) -> ReferralListed:
    return ReferralListed(
        row.ref, row.need_id, row.offer_id, row.offer.party, row.need.service, row.need.urgency, row.state, row.asked_at
    )


def _sites(viewer: Viewer, party: str) -> frozenset[str]:
    row = Party.objects.filter(pk=party).first()
    require(viewer, SENDS, target_of(row, today()) if row else Target())
    return parties_below(frozenset({party}))


def _may(viewer: Viewer, right: str, key: str) -> bool:
    party = Party.objects.filter(pk=key).first()
    return party is not None and may(viewer, right, target_of(party, today()))
