"""Reading referrals, for the hospital: who was named to it, one of them, and which places are offered.

Until the hospital accepts, it reads what it must know to decide and no name. From then on, as long as the referral lives, it reads the
patient as a case worker does, and of who comes along whom to expect. Each reading is on record before anything is returned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from evenhand.access.rights import RIGHTS, require
from evenhand.access.viewers import Target, Viewer
from evenhand.errors import ActionRefused, NameUnknown, shown
from evenhand.lookups.people.agreed import expect_agreed, whom
from evenhand.lookups.people.asked import asked_of, find_places, offer_of
from evenhand.lookups.people.evacuations import (
    READS,
    SENDS,
    PatientTold,
    ReferralListed,
    TransferTold,
    listed_of,
    note_patients,
    opened,
    reaches,
    readable,
    told_of,
)
from evenhand.lookups.people.reading import Reader
from evenhand.lookups.reach import today
from evenhand.people.entitlements import age_of
from evenhand.people.models import HospitalOffer, HospitalReferral, Person
from evenhand.records.models import Party
from evenhand.records.tree import parties_below, target_of

HOSTS: Final = "people host"
TAKES_IN: Final = "people receive"
CASE: Final = ("service", "urgency", "fitness", "languages", "note")
"""What is sealed of a need that the hospital decides by."""

ALONG: Final = ("given_name", "family_name", "birth_year", "birth_date", "language")
"""The fields of who comes along that the hospital reads."""


@dataclass(frozen=True, slots=True)
class ReferralTold:
    """Hold a referral as the hospital reads it.

    Attributes
    ----------
    case
        service, urgency, fitness, languages, note.
    age
        In years; None where it is not known, or case workers may not read it.
    patient, along
        Who it is and who comes along; None and nobody until the hospital has accepted.
    """

    ref: str
    need: str
    offer: str
    hospital: str
    state: str
    case: Mapping[str, str]
    age: int | None
    companions: int
    patient: PatientTold | None
    along: tuple[PatientTold, ...]
    transfers: tuple[TransferTold, ...]


@dataclass(frozen=True, slots=True)
class PlacesTold:
    """Hold places of a hospital, for those who send and those who host; how many are taken for those who host there alone."""

    ref: str
    party: str
    service: str
    places: int
    taken: int | None
    languages: tuple[str, ...]
    fitness: tuple[str, ...]
    companions: int
    since: date
    until: date
    state: str


def list_referrals(viewer: Viewer, hospital: Annotated[str, "the key of the hospital"]) -> list[ReferralListed]:
    """Return who was named to a hospital, by ref alone. Raises NotAllowed."""
    row = Party.objects.filter(pk=hospital).first()
    require(viewer, TAKES_IN, target_of(row, today()) if row else Target())
    below = parties_below(frozenset({hospital}))
    offers = set(HospitalOffer.objects.filter(party__in=below).values_list("pk", flat=True))
    found = HospitalReferral.objects.select_related("need").order_by("-asked_at", "pk")
    return [listed_of(one) for one in found if offer_of(one) in offers]


def list_places(viewer: Viewer, service: str = "") -> list[PlacesTold]:
    """Return the places that are open, for whoever sends or hosts. Raises NotAllowed."""
    if not viewer.has(*RIGHTS[SENDS], *RIGHTS[HOSTS]):
        require(viewer, HOSTS, Target())
    rows = list(HospitalOffer.objects.filter(state="open").order_by("service", "party", "pk"))
    own = {party for party in {row.party for row in rows} if reaches(viewer, HOSTS, party)}
    return [
        PlacesTold(
            row.ref, row.party, row.service, row.places, row.taken if row.party in own else None, tuple(row.languages),
            tuple(row.fitness), row.companions, row.since, row.until, row.state,
        )
        for row in rows
        if service in ("", row.service)
    ]  # fmt: skip


def read_referral(
    viewer: Viewer, referral: Annotated[str, "the ref of the referral, RH-..."], why: str = ""
) -> ReferralTold:
    """Return who was named to a hospital, for its case workers; on record, and shown to the household.

    Raises
    ------
    NameUnknown
        There is none, or it names nobody to a hospital of the viewer's.
    NotAllowed
        The viewer follows patients at no hospital.
    ActionRefused
        The referral is over, the patient is not present any more, or the household consents no longer.
    """
    related = "need__person__household__registration"
    row = HospitalReferral.objects.select_related(related).filter(pk=referral).first()
    places = find_places(row) if row else None
    if row is None or places is None or not reaches(viewer, TAKES_IN, places.party):
        if not viewer.has(*RIGHTS[TAKES_IN]):
            require(viewer, TAKES_IN, Target())
        raise NameUnknown("referral", shown(referral), ())
    if row.state not in HospitalReferral.LIVE:
        raise ActionRefused(f"{row.ref} is {row.state}; the hospital reads nothing more of the patient")
    patient = whom(row.need)
    if patient.state != "present":
        raise ActionRefused(f"the patient of {row.ref} is {patient.state}; the hospital reads nothing more of them")
    expect_agreed(row.need, Party.objects.get(pk=places.party), today())
    reader = Reader(viewer, READS, row.need.purpose, why)
    return _told(reader, row, patient, places, named=row.state == "accepted")


def _told(
    reader: Reader, row: HospitalReferral, patient: Person, places: HospitalOffer, *, named: bool
) -> ReferralTold:
    seen = readable(patient.household.registration)
    case = {field: value for field, value in asked_of(row.need, *CASE).items() if value}
    fields = opened(patient, seen if named else seen & {"birth_year", "birth_date"})
    age = age_of(fields, today())
    transfers = list(row.transfers.order_by("made_at", "-way"))
    going = transfers[0].companions if transfers else row.need.companions
    along = []
    if named:
        rows = Person.objects.filter(pk__in=going, household=patient.household_id, state="present").order_by("pk")
        along = [(one, opened(one, seen & frozenset(ALONG))) for one in rows]
    shown_of = [*fields] if named else ["age"] if age is not None else []
    note_patients(reader, [(patient, [*shown_of, *case]), *along])
    return ReferralTold(
        row.ref, row.need_id, places.ref, places.party, row.state, case, age, len(going),
        PatientTold(patient.ref, fields) if named else None, tuple(PatientTold(one.ref, told) for one, told in along),
        tuple(map(told_of, transfers)) if named else (),
    )  # fmt: skip
