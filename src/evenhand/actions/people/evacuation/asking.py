"""Actions on the need itself: ask for an evacuation, say anew how urgent or fit somebody is, end it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from evenhand.actions.action import Doing, Done
from evenhand.actions.people.action import people_action
from evenhand.actions.people.evacuation.finding import SENDS, expect_here, live_needs, reach_need
from evenhand.actions.people.evacuation.holding import end_need
from evenhand.actions.people.evacuation.typed import expect_guardian, read_companions, read_languages, read_word
from evenhand.actions.people.finding import reach_person
from evenhand.actions.people.sealed import seal_values
from evenhand.actions.typed import read_text
from evenhand.errors import ActionRefused, suggest
from evenhand.lookups.people.asked import asked_of
from evenhand.people.evacuation import ENDS, FITNESS, OVER, SERVICES, URGENCIES
from evenhand.people.models import EvacuationNeed
from evenhand.people.opening import sealer

NeedRef = Annotated[str, "the ref of the need, EN-..."]
Fitness = Annotated[str, f"how the patient can travel: {', '.join(FITNESS)}"]
Companions = Annotated[Sequence[str], "who of the household travels along, PN-..."]
Alone = Annotated[str, "why a child travels without a grown-up of the household; sealed"]
Note = Annotated[str, "what the hospital must know; sealed, and read by it once a referral names it"]

WAITING = ("asked", "matched")
"""The states in which nothing of a need has been promised to anybody yet."""


@people_action(SENDS)
def ask_evacuation(
    doing: Doing,
    *,
    person: Annotated[str, "the ref of the patient, PN-..."],
    purpose: Annotated[str, "one of the registration's purposes, to which the household consents"],
    service: Annotated[str, f"what is needed: {', '.join(SERVICES)}"],
    urgency: Annotated[str, ", ".join(URGENCIES)],
    fitness: Fitness,
    languages: Annotated[str, "codes of the languages that the patient speaks, separated by ';'"] = "",
    companions: Companions = (),
    alone: Alone = "",
    note: Note = "",
) -> Done:
    """Ask for somebody to be treated where they are not."""
    patient = reach_person(doing, person, SENDS)
    if patient.state != "present":
        raise ActionRefused(f"{patient.ref} is {patient.state}; only who is present is sent anywhere")
    purposes = patient.household.registration.purposes
    if purpose not in purposes:
        raise ActionRefused(
            f"the registration names no purpose '{purpose[:60]}'{suggest(purpose, list(purposes))}; "
            f"it names {', '.join(sorted(purposes))}"
        )
    row = EvacuationNeed(
        ref=doing.ref("EN"), person=patient, purpose=purpose, asked_by=doing.viewer.public_id, asked_at=doing.at
    )
    word = read_word("service", service, tuple(SERVICES))
    other = next((one for one in live_needs(patient) if asked_of(one, "service")["service"] == word), None)
    if other is not None:
        raise ActionRefused(f"{word} is asked for {patient.ref} already, as {other.ref}; change or end that one")
    along = read_companions(patient, companions)
    doubts = expect_guardian(patient, along, alone, doing.today)
    row.companions = [one.ref for one in along]
    row.boxes = _sealed(row.ref, word, urgency, fitness, languages, alone, note)
    row.save(force_insert=True)
    return doing.done(row.ref, person=patient.ref, doubts=doubts)


@people_action(SENDS)
def change_evacuation(
    doing: Doing,
    *,
    need: NeedRef,
    urgency: Annotated[str, f"{', '.join(URGENCIES)}; as it is where not said"] = "",
    fitness: Annotated[str, f"{', '.join(FITNESS)}; as it is where not said"] = "",
    languages: Annotated[str | None, "codes separated by ';'; as they are where not said"] = None,
    companions: Annotated[Sequence[str] | None, "who travels along, PN-...; as they are where not said"] = None,
    alone: Annotated[str | None, "why a child travels without a grown-up; as it is where not said"] = None,
    note: Annotated[str | None, "what the hospital must know; as it is where not said"] = None,
) -> Done:
    """Say anew how urgent it is, how the patient can travel or who goes along, until the patient leaves."""
    row = reach_need(doing, need)
    patient = expect_here(row)
    if row.state not in (*WAITING, "referred", "accepted"):
        raise ActionRefused(f"{row.ref} is {row.state}; what is needed is changed before the patient leaves")
    if row.state == "accepted" and (fitness or companions is not None):
        raise ActionRefused(
            "the hospital has accepted the patient as they were; withdraw the referral and ask anew, so that it can look again"
        )
    held = sealer().open_all(row.ref, row.boxes)
    along = read_companions(patient, row.companions if companions is None else companions)
    alone = held.get("alone", "") if alone is None else alone
    doubts = expect_guardian(patient, along, alone, doing.today)
    row.companions = [one.ref for one in along]
    row.boxes = _sealed(
        row.ref,
        held["service"],
        urgency or held["urgency"],
        fitness or held["fitness"],
        held.get("languages", "") if languages is None else languages,
        alone,
        held.get("note", "") if note is None else note,
    )
    row.save()
    return doing.done(row.ref, companions=row.companions, doubts=doubts)


@people_action(SENDS)
def end_evacuation(
    doing: Doing,
    *,
    need: NeedRef,
    why: Annotated[str, f"{', '.join(ENDS)}; stays is who settles where they were treated"],
) -> Done:
    """End an evacuation that will not end at home; whatever place was held is free again."""
    row = reach_need(doing, need)
    word = read_word("end", why, ENDS)
    if row.state in OVER:
        raise ActionRefused(f"{row.ref} is {row.state} already")
    if not doing.reason.strip():
        raise ActionRefused("ending an evacuation needs a reason; say how it is known")
    if word == "stays" and row.state not in ("admitted", "discharged"):
        raise ActionRefused(f"{row.ref} is {row.state}; who stays at the hospital's place has arrived there")
    if word == "not-needed" and row.state == "travelling":
        raise ActionRefused(f"{row.ref} is travelling; take the stage back with a reason, then end it")
    end_need(row, word)
    return doing.done(row.ref, why=word, person=row.person_id)


def _sealed(
    ref: str, service: str, urgency: str, fitness: str, languages: str, alone: str, note: str
) -> dict[str, str]:
    values = {
        "service": service,
        "urgency": read_word("urgency", urgency, URGENCIES),
        "fitness": read_word("fitness", fitness, FITNESS),
        "languages": ";".join(read_languages(languages)),
        "alone": read_text("why the child travels alone", alone, most=500),
        "note": read_text("note", note, most=4000),
    }
    return seal_values(ref, {field: value for field, value in values.items() if value})
