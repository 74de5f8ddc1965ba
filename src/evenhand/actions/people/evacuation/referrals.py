"""Actions on referrals: name a patient to a hospital, which accepts or declines; withdraw.

Nobody is named to a hospital without consent, and a place is held from the day on which somebody is.
"""

from __future__ import annotations

from typing import Annotated

from evenhand.actions.action import Doing, Done
from evenhand.actions.finding import get_party
from evenhand.actions.people.action import people_action
from evenhand.actions.people.evacuation.asking import WAITING
from evenhand.actions.people.evacuation.events import standing, take_back, write_event
from evenhand.actions.people.evacuation.finding import SENDS, TAKES_IN, expect_here, reach_need, reach_referral
from evenhand.actions.people.evacuation.holding import end_referral, hold_place
from evenhand.actions.people.evacuation.typed import is_guarded
from evenhand.actions.people.sealed import seal_values
from evenhand.errors import ActionRefused, NameUnknown, shown
from evenhand.lookups.people.agreed import expect_agreed
from evenhand.lookups.people.asked import asked_of, places_of, proposed_of
from evenhand.people.evacuation import fits, handles_of, requires_of
from evenhand.people.models import EvacuationNeed, HospitalOffer, HospitalReferral, MatchProposal, Person, Transfer

ReferralRef = Annotated[str, "the ref of the referral, RH-..."]


@people_action(SENDS)
def refer_person(
    doing: Doing,
    *,
    need: Annotated[str, "the ref of the need, EN-..."],
    offer: Annotated[str, "the ref of the hospital's places, HP-..."],
    proposal: Annotated[int, "the number of the proposal that is followed; 0 where none is"] = 0,
) -> Done:
    """Name a patient to a hospital and hold a place; the hospital reads of them from now on, and accepts or declines."""
    row = reach_need(doing, need)
    patient = expect_here(row)
    if row.state not in WAITING:
        raise ActionRefused(f"{row.ref} is {row.state}; only who waits is referred")
    places = HospitalOffer.objects.filter(pk=offer).first()
    if places is None:
        raise NameUnknown("places of a hospital", shown(offer), ())
    _expect_fitting(row, patient, places, doing)
    expect_agreed(row, get_party(places.party), doing.today)
    followed = _proposal(proposal, row, places)
    hold_place(places.ref)
    ref = doing.ref("RH")
    made = HospitalReferral.objects.create(
        ref=ref, need=row, boxes=seal_values(ref, {"offer": places.ref}), proposal=followed, asked_by=doing.viewer.public_id,
        asked_at=doing.at,
    )  # fmt: skip
    row.state = "referred"
    row.save(update_fields=["state"])
    return doing.done(made.ref, need=row.ref)


@people_action(SENDS)
def withdraw_referral(doing: Doing, *, referral: ReferralRef) -> Done:
    """Take a referral back before the patient has left; the place is free again."""
    row = reach_referral(doing, referral, SENDS)
    _take_back(doing, row, "withdrawn")
    return doing.done(row.ref, need=row.need_id)


@people_action(TAKES_IN)
def accept_referral(doing: Doing, *, referral: ReferralRef) -> Done:
    """Accept a patient: from now on they may travel."""
    row = reach_referral(doing, referral, TAKES_IN)
    if row.state != "asked":
        raise ActionRefused(f"{row.ref} is {row.state} already")
    patient = expect_here(row.need)
    expect_agreed(row.need, get_party(places_of(row).party), doing.today)
    row.state, row.answered_by, row.answered_at = "accepted", doing.viewer.public_id, doing.at
    row.save()
    made = Transfer.objects.create(
        ref=doing.ref("TR"), referral=row, way="out", companions=row.need.companions, made_at=doing.at
    )
    write_event(doing, made, "accepted", doing.today)
    return doing.done(row.ref, need=row.need_id, transfer=made.ref, person=patient.ref)


@people_action(TAKES_IN)
def decline_referral(doing: Doing, *, referral: ReferralRef) -> Done:
    """Decline a patient, also one who was accepted and has not left; the place is free again."""
    row = reach_referral(doing, referral, TAKES_IN)
    row.answered_by, row.answered_at = doing.viewer.public_id, doing.at
    _take_back(doing, row, "declined")
    return doing.done(row.ref, need=row.need_id)


def _take_back(doing: Doing, row: HospitalReferral, state: str) -> None:
    if row.state not in HospitalReferral.LIVE:
        raise ActionRefused(f"{row.ref} is {row.state} already")
    if not doing.reason.strip():
        raise ActionRefused("a referral that comes to nothing needs a reason, for those who go on looking")
    transfer = row.transfers.filter(way="out").first()
    if transfer is not None:
        events = standing(transfer)
        if len(events) != 1:
            raise ActionRefused(f"{transfer.ref} has {events[-1].stage} already; it is too late to be {state}")
        take_back(doing, transfer, events[-1])
    end_referral(row, state)
    need = EvacuationNeed.objects.get(pk=row.need_id)
    need.state = "asked"
    need.save(update_fields=["state"])


def _expect_fitting(need: EvacuationNeed, patient: Person, places: HospitalOffer, doing: Doing) -> None:
    if places.state != "open" or not places.since <= doing.today <= places.until:
        raise ActionRefused(f"{places.ref} takes nobody in now ({places.state}, {places.since} to {places.until})")
    held = asked_of(need, "service", "fitness")
    handles = handles_of(held["service"], held["fitness"], guarded=is_guarded(need, patient, doing.today))
    if fits(handles, requires_of(places.service, tuple(places.fitness), companions=places.companions)):
        return
    if places.service != held["service"]:
        raise ActionRefused(f"{places.ref} are places for {places.service}; {need.ref} needs {held['service']}")
    if held["fitness"] not in places.fitness:
        raise ActionRefused(
            f"{places.party} takes nobody in who arrives as the patient of {need.ref} must; choose another hospital"
        )
    raise ActionRefused(f"nobody of the family can stay at {places.party}, and the patient is a child with a guardian")


def _proposal(number: int, need: EvacuationNeed, places: HospitalOffer) -> MatchProposal | None:
    if not number:
        return None
    row = MatchProposal.objects.filter(pk=number).first()
    if row is not None and need.ref in row.named and not row.boxes:
        raise ActionRefused(
            f"somebody of proposal {number} was erased, and its choices with them; leave it out, or propose anew"
        )
    choices = proposed_of(row).choices if row is not None and need.ref in row.named else []
    if not any(one["need"] == need.ref for one in choices):
        raise ActionRefused(f"no proposal {number} has a place for {need.ref}; leave it out")
    if not any((one["need"], one["offer"]) == (need.ref, places.ref) for one in choices):
        raise ActionRefused(f"proposal {number} has another hospital for {need.ref}; follow it, or leave it out")
    return row
