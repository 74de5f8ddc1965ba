"""Actions on transfers: plan the way out and the way back, write down each stage, take a wrong one back.

Who sends says that somebody left, crossed and is home again; the hospital says who was admitted and discharged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from evenhand.actions.action import Doing, Done
from evenhand.actions.finding import get_party, get_place
from evenhand.actions.people.action import people_action
from evenhand.actions.people.evacuation.events import expect_turn, standing, take_back, write_event
from evenhand.actions.people.evacuation.finding import SENDS, TAKES_IN, expect_here, live_needs, reach_transfer
from evenhand.actions.people.evacuation.holding import end_referral, hold_place
from evenhand.actions.people.evacuation.typed import expect_guardian, is_child, read_companions, read_word
from evenhand.errors import ActionRefused
from evenhand.lookups.people.agreed import expect_agreed, whom
from evenhand.lookups.people.asked import asked_of, places_of
from evenhand.people.evacuation import HOSPITALS_STAGES, OVER, STAGES
from evenhand.people.models import EvacuationNeed, HospitalReferral, Transfer

TransferRef = Annotated[str, "the ref of the transfer, TR-..."]
Checkpoint = Annotated[str, "the key of the place where a border or a line is crossed"]
Intermediary = Annotated[str, "the key of the party that sees them across, such as the ICRC"]
On = Annotated[date | None, "the day; today where not said"]

SENDERS_STAGES = tuple(stage for stage in STAGES[1:] if stage not in HOSPITALS_STAGES)


@people_action(SENDS)
def plan_transfer(
    doing: Doing,
    *,
    transfer: TransferRef,
    leaves_on: Annotated[date, "the day on which they are to leave"],
    checkpoint: Checkpoint = "",
    intermediary: Intermediary = "",
    companions: Annotated[Sequence[str] | None, "who travels along, PN-...; as asked for where not said"] = None,
) -> Done:
    """Plan a way that was accepted and has not begun: the day, the checkpoint, who sees them across, who goes along."""
    row = reach_transfer(doing, transfer, SENDS)
    need = row.referral.need
    _expect_going(need)
    patient = expect_here(need)
    expect_turn(row, standing(row), "left")
    if leaves_on < doing.today:
        raise ActionRefused(f"{leaves_on} is past; plan today or a later day")
    along = read_companions(patient, row.companions if companions is None else companions)
    doubts = expect_guardian(patient, along, _alone(need), doing.today)
    hospital = places_of(row.referral)
    if row.way == "out" and along and not hospital.companions and is_child(patient, doing.today):
        raise ActionRefused(f"nobody of the family can stay at {hospital.party}, and the patient is a child")
    row.leaves_on, row.companions = leaves_on, [one.ref for one in along]
    row.checkpoint = get_place(checkpoint).key if checkpoint else ""
    row.intermediary = get_party(intermediary).key if intermediary else ""
    row.save()
    return doing.done(row.ref, leaves_on=leaves_on, doubts=doubts)


@people_action(SENDS)
def plan_return(
    doing: Doing,
    *,
    transfer: Annotated[str, "the ref of the way out, TR-..., after which the patient was discharged"],
    leaves_on: Annotated[date, "the day on which they are to leave for home"],
    checkpoint: Checkpoint = "",
    intermediary: Intermediary = "",
) -> Done:
    """Plan the way home of who was discharged, with those who went along."""
    out = reach_transfer(doing, transfer, SENDS)
    need = out.referral.need
    _expect_going(need)
    expect_here(need)
    if out.way != "out" or need.state != "discharged":
        raise ActionRefused(f"{need.ref} is {need.state}; the way home is planned once the patient is discharged")
    if leaves_on < doing.today:
        raise ActionRefused(f"{leaves_on} is past; plan today or a later day")
    back = out.referral.transfers.filter(way="back").first()
    if back is not None and standing(back):
        raise ActionRefused(f"the way home is planned already, as {back.ref}; change that one")
    if back is None:
        back = Transfer(ref=doing.ref("TR"), referral=out.referral, way="back", made_at=doing.at)
    back.leaves_on, back.companions = leaves_on, out.companions
    back.checkpoint = get_place(checkpoint).key if checkpoint else ""
    back.intermediary = get_party(intermediary).key if intermediary else ""
    back.save()
    write_event(doing, back, "accepted", doing.today)
    return doing.done(back.ref, need=need.ref, leaves_on=leaves_on)


@people_action(SENDS)
def record_stage(
    doing: Doing,
    *,
    transfer: TransferRef,
    stage: Annotated[str, ", ".join(SENDERS_STAGES)],
    on: On = None,
    checkpoint: Annotated[str, "the key of the place that was crossed; the planned one where not said"] = "",
    intermediary: Annotated[str, "the key of who saw them across; the planned one where not said"] = "",
) -> Done:
    """Write down that a patient left, crossed, or is home again. Nobody leaves without acceptance and consent."""
    row = reach_transfer(doing, transfer, SENDS)
    word = read_word("stage", stage, SENDERS_STAGES)
    need = row.referral.need
    _expect_going(need)
    patient = expect_here(need)
    expect_turn(row, standing(row), word)
    place, party = "", ""
    if word == "left":
        _expect_planned(row)
        if row.way == "out":
            expect_agreed(need, get_party(places_of(row.referral).party), doing.today)
            expect_guardian(patient, read_companions(patient, row.companions), _alone(need), doing.today)
    if word == "crossed":
        place = get_place(checkpoint).key if checkpoint else row.checkpoint
        party = get_party(intermediary).key if intermediary else row.intermediary
        if not place:
            raise ActionRefused("name the checkpoint that was crossed; none is planned")
        if any((one.stage, one.checkpoint) == ("crossed", place) for one in standing(row)):
            raise ActionRefused(f"{row.ref} has crossed at {place} already")
    write_event(doing, row, word, on or doing.today, place, party)
    return doing.done(row.ref, stage=word, state=_state(need))


@people_action(TAKES_IN)
def record_treatment(
    doing: Doing,
    *,
    transfer: TransferRef,
    stage: Annotated[str, ", ".join(HOSPITALS_STAGES)],
    on: On = None,
) -> Done:
    """Write down, as the hospital, that a patient was admitted or discharged; who is discharged leaves their place to others."""
    row = reach_transfer(doing, transfer, TAKES_IN)
    word = read_word("stage", stage, HOSPITALS_STAGES)
    _expect_going(row.referral.need)
    expect_here(row.referral.need)
    write_event(doing, row, word, on or doing.today)
    if word == "discharged":
        end_referral(row.referral, "over")
    return doing.done(row.ref, stage=word, state=_state(row.referral.need))


@people_action(SENDS)
def reverse_stage(doing: Doing, *, transfer: TransferRef) -> Done:
    """Take back the last stage that who sends wrote down: it was wrong, or they were turned back. The reason stays."""
    row = reach_transfer(doing, transfer, SENDS)
    return _reverse(doing, row, SENDERS_STAGES if row.way == "out" else (*SENDERS_STAGES, "accepted"))


@people_action(TAKES_IN)
def reverse_treatment(doing: Doing, *, transfer: TransferRef) -> Done:
    """Take back the last stage that the hospital wrote down. The reason stays."""
    return _reverse(doing, reach_transfer(doing, transfer, TAKES_IN), HOSPITALS_STAGES)


def _reverse(doing: Doing, row: Transfer, own: Sequence[str]) -> Done:
    events = standing(row)
    need = row.referral.need
    if need.state == "ended":
        raise ActionRefused(f"{need.ref} is ended; nothing of it is taken back any more")
    if not events or events[-1].stage not in own:
        last = events[-1].stage if events else "none"
        raise ActionRefused(
            f"the last stage of {row.ref} is {last}, and only {', '.join(own)} can be taken back here"
            + ("; a referral is withdrawn or declined instead" if last == "accepted" else "")
        )
    service = asked_of(need, "service")["service"]
    later = next((one for one in live_needs(whom(need)) if asked_of(one, "service")["service"] == service), None)
    if need.state == "returned" and later is not None:
        raise ActionRefused(f"{service} is asked for the same person anew, as {later.ref}; end that one first")
    back = row.referral.transfers.filter(way="back").first()
    if row.way == "out" and back is not None and standing(back):
        raise ActionRefused(f"the way home, {back.ref}, has begun; take back what was written of it first")
    last = events[-1].stage
    take_back(doing, row, events[-1])
    if last == "discharged":
        hold_place(places_of(row.referral).ref)
        HospitalReferral.objects.filter(pk=row.referral_id).update(state="accepted")
    return doing.done(row.ref, reversed=last, state=_state(need))


def _expect_going(need: EvacuationNeed) -> None:
    if need.state in OVER:
        raise ActionRefused(f"{need.ref} is {need.state}; nothing is written of it any more")


def _expect_planned(row: Transfer) -> None:
    if row.leaves_on is None:
        raise ActionRefused(f"the way of {row.ref} is not planned; say the day and the checkpoint first")


def _alone(need: EvacuationNeed) -> str:
    return asked_of(need, "alone")["alone"]


def _state(need: EvacuationNeed) -> str:
    return str(EvacuationNeed.objects.values_list("state", flat=True).get(pk=need.pk))
