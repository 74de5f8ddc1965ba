"""The manifest of a transfer: what a checkpoint must know of who crosses, and no more; on record like any reading.

No service, no illness, no address: a name, a year of birth and how the patient travels, as far as the registration asks for them
and lets a case worker read them.
"""

from __future__ import annotations

from typing import Annotated, Final

from evenhand.access.rights import RIGHTS, may, require
from evenhand.access.viewers import Target, Viewer
from evenhand.errors import ActionRefused, NameUnknown, shown
from evenhand.exchange.papers.travellers import TransferManifest, Traveller
from evenhand.lookups.people.agreed import expect_agreed, whom
from evenhand.lookups.people.asked import asked_of, places_of
from evenhand.lookups.people.evacuations import READS, SENDS, note_patients, opened, readable, told_of
from evenhand.lookups.people.reading import Reader
from evenhand.lookups.reach import today
from evenhand.people.models import Person, Transfer
from evenhand.records.models import Party
from evenhand.records.tree import target_of

LEAST: Final = ("given_name", "family_name", "birth_year")
"""The fields that stand on a manifest."""

MOVING: Final = ("accepted", "left", "crossed")
"""The stages at which somebody may have to be let through."""


def read_manifest(
    viewer: Viewer, transfer: Annotated[str, "the ref of the transfer, TR-..."], why: str = ""
) -> TransferManifest:
    """Return what stands on the paper of a transfer, for who sends; on record, and shown to the household.

    Raises
    ------
    NameUnknown
        There is none, or it is out of the viewer's reach.
    NotAllowed
        The viewer sends nobody anywhere.
    ActionRefused
        It is not planned, it is over, or the household consents no longer.
    """
    related = ("referral__need__person__household__registration",)
    row = Transfer.objects.select_related(*related).filter(pk=transfer).first()
    patient = whom(row.referral.need) if row else None
    if row is None or patient is None or not _sends(viewer, patient.household.site):
        if not viewer.has(*RIGHTS[SENDS]):
            require(viewer, SENDS, Target())
        raise NameUnknown("transfer", shown(transfer), ())
    need, stage = row.referral.need, told_of(row).stage
    if need.state in ("returned", "ended") or stage not in MOVING:
        raise ActionRefused(
            f"{row.ref} is {stage or 'not accepted'}, {need.ref} is {need.state}; nobody crosses with it now"
        )
    if row.leaves_on is None:
        raise ActionRefused(f"the way of {row.ref} is not planned; say the day and the checkpoint first")
    hospital = Party.objects.get(pk=places_of(row.referral).party)
    if row.way == "out":
        expect_agreed(need, hospital, today())
    seen = readable(patient.household.registration) & frozenset(LEAST)
    along = Person.objects.filter(pk__in=row.companions, household=patient.household_id, state="present").order_by("pk")
    people = [(one, opened(one, seen)) for one in (patient, *along)]
    fitness = asked_of(need, "fitness")["fitness"]
    reader = Reader(viewer, READS, need.purpose, why or f"the manifest of {row.ref}")
    note_patients(reader, [(patient, [*people[0][1], "fitness"]), *people[1:]])
    home, away = patient.household.site, hospital.key
    return TransferManifest(
        row.ref, row.way, home if row.way == "out" else away, away if row.way == "out" else home, row.leaves_on,
        row.checkpoint, row.intermediary, Traveller(patient.ref, people[0][1], fitness),
        tuple(Traveller(one.ref, fields) for one, fields in people[1:]), row.made_at,
    )  # fmt: skip


def _sends(viewer: Viewer, site: str) -> bool:
    party = Party.objects.filter(pk=site).first()
    return party is not None and may(viewer, SENDS, target_of(party, today()))
