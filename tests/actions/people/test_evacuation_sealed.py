"""What is wrong with somebody stands sealed in the register alone, in no column, no line and no proof; and is gone once they are erased."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from evenhand_evacuation import Sending
from evenhand_register import DATABASES, MEMBERS, nothing_changes, people_rows

import evenhand
from evenhand.actions.people.evacuation import asking, matching, transfers
from evenhand.actions.people.households import erase_expired, erase_record, merge_persons
from evenhand.actions.people.rekeying import rekey_register
from evenhand.errors import ActionRefused
from evenhand.lookups.people.asked import asked_of, offer_of, proposed_of
from evenhand.lookups.people.evacuations import read_evacuation
from evenhand.lookups.people.proposals import read_proposal
from evenhand.people.evacuation import FITNESS, SERVICES, URGENCIES, classes_of, handles_of, mark_of
from evenhand.people.models import EvacuationNeed, HospitalReferral, MatchProposal, PeopleLine, Registration
from evenhand.people.opening import sealer
from evenhand.rounds.plan_files import unpack_files, write_files

pytestmark = pytest.mark.django_db(databases=DATABASES)


def patient(sending: Sending, **given: Any) -> tuple[str, str]:
    """Return the person and the need of somebody who waits."""
    person = sending.household(MEMBERS[0]).facts["persons"][0]
    return person, sending.ask(person, **given)


def propose(sending: Sending) -> MatchProposal:
    done = matching.propose_matches(sending(), registration=sending.register.registration)
    return MatchProposal.objects.get(pk=done.facts["proposal"])


def files_of(row: MatchProposal) -> str:
    return "\n".join(file.decode() for file in unpack_files(bytes(row.folder)).values())


def test_health_stands_in_no_column_and_in_no_line(sending: Sending) -> None:
    _, first = patient(sending, service="psychiatric", urgency="planned", fitness="ventilated")
    patient(sending, service="oncology", urgency="urgent", fitness="lying")
    sending.offer(service="psychiatric", fitness="ventilated;lying")
    asking.change_evacuation(sending(), need=first, urgency="immediate", fitness="lying")
    propose(sending)
    rows = repr(people_rows("HospitalOffer"))  # what a hospital offers is no secret
    for word in ("psychiatric", "oncology", *URGENCIES, *FITNESS, "kilometres", "left_behind"):
        assert word not in rows, word
    row = EvacuationNeed.objects.get(pk=first)
    assert asked_of(row, "service", "urgency") == {"service": "psychiatric", "urgency": "immediate"}


def test_to_which_places_somebody_was_named_tells_nobody_what_they_are_treated_for(sending: Sending) -> None:
    person, need = patient(sending, service="psychiatric")
    offer = sending.offer(service="psychiatric")
    referral = sending.refer(need, offer)
    sending.accept(referral)
    assert offer not in repr(
        people_rows("HospitalOffer", "PeopleLine", "Reason")
    )  # whose lines about the offer itself name it
    assert not [one.pk for one in PeopleLine.objects.exclude(about=offer) if offer in f"{one.about} {one.answer}"]
    assert offer_of(HospitalReferral.objects.get()) == offer
    erase_record(sending.register(), record=person)
    assert HospitalReferral.objects.get().boxes == {}


def test_a_proof_names_nobody_and_nothing_to_whoever_has_not_its_salt(sending: Sending) -> None:
    needs = [patient(sending, service="psychiatric")[1], patient(sending, service="oncology", fitness="lying")[1]]
    offer = sending.offer(service="psychiatric", companions=0)
    row, again = propose(sending), propose(sending)
    for one in (row, again):
        text = files_of(one)
        for word in (*SERVICES, *FITNESS, "guardian", *needs, offer, "TCD", sending.register.registration):
            assert word not in text, word
        held = proposed_of(one)
        assert held.salt not in repr(people_rows())
        marks = {mark_of(held.salt, ref) for ref in (*needs, offer)}
        assert all(mark in text for mark in marks)
        assert set(held.classes) == {"psychiatric", "oncology", "no-guardian", *(f"no-{one}" for one in FITNESS)}
        assert sorted(held.classes.values()) == [f"c{number}" for number in range(1, 9)]
    assert not any(mark_of(proposed_of(again).salt, ref) in files_of(row) for ref in (*needs, offer))


def test_a_class_says_nothing_of_its_word() -> None:
    words = handles_of("burns", "lying", guarded=True)
    numberings = {tuple(classes_of(str(salt), words)[word] for word in words) for salt in range(50)}
    assert len(numberings) > 20


def test_who_sends_reads_what_the_marks_and_classes_mean(sending: Sending) -> None:
    _, need = patient(sending, service="psychiatric")
    sending.offer(service="psychiatric")
    told = read_proposal(sending.register.cast.viewers["worker-tcd"], propose(sending).pk)
    assert [one["need"] for one in told.choices] == [need]
    lines = [line for line in files_of(MatchProposal.objects.get()).splitlines() if mark_of(told.salt, need) in line]
    assert any(told.classes["psychiatric"] in line for line in lines)


def test_who_is_erased_leaves_no_health_anywhere_and_the_proof_can_still_be_checked(
    sending: Sending, tmp_path: Path
) -> None:
    person, need = patient(sending, service="psychiatric", urgency="immediate")
    _, other = patient(sending, service="psychiatric")
    offer = sending.offer(service="psychiatric")
    row = propose(sending)
    _, later = patient(sending, service="oncology")
    sending.offer(service="oncology")
    erased_before = hashlib.sha256(bytes(row.folder)).hexdigest()
    erase_record(sending.register(), record=person)
    kept = propose(sending)
    assert EvacuationNeed.objects.get(pk=need).boxes == {}
    row = MatchProposal.objects.get(pk=row.pk)
    assert (row.boxes, proposed_of(row).choices, proposed_of(row).salt) == ({}, [], "")
    assert hashlib.sha256(bytes(row.folder)).hexdigest() == erased_before
    write_files(unpack_files(bytes(row.folder)), tmp_path)
    assert evenhand.check(tmp_path).holds
    told = read_proposal(sending.register.cast.viewers["worker-tcd"], row.pk)
    assert (told.choices, told.waiting, told.salt, dict(told.classes)) == ((), (), "", {})
    assert {one["need"] for one in proposed_of(kept).choices} == {other, later}  # one that never named them stays
    with nothing_changes(ActionRefused, "was erased"):
        sending.refer(other, offer, proposal=row.pk)
    sending.refer(other, offer, proposal=kept.pk)


def test_why_a_stage_was_taken_back_stands_in_no_column_and_is_erased_too(sending: Sending) -> None:
    person = sending.household(MEMBERS[0]).facts["persons"][0]
    need, _, transfer = sending.accepted(person)
    sending.reach(transfer, "left")
    transfers.reverse_stage(sending(reason="Canaryreason: bleeding"), transfer=transfer)
    viewer = sending.register.cast.viewers["worker-tcd"]
    assert "Canaryreason" not in repr(people_rows())
    assert read_evacuation(viewer, need).transfers[0].events[-1].reason == "Canaryreason: bleeding"
    erase_record(sending.register(), record=person)
    assert {one.reason for one in read_evacuation(viewer, need).transfers[0].events} == {""}


def test_a_record_that_was_taken_for_somebody_is_forgotten_with_them(sending: Sending) -> None:
    person, need = patient(sending, service="psychiatric")
    kept = sending.household(MEMBERS[0])
    sending.offer(service="psychiatric")
    row = propose(sending)
    merge_persons(sending.register(), person=person, into=kept.facts["persons"][0])
    erase_record(sending.register(), record=kept.ref)
    assert EvacuationNeed.objects.get(pk=need).boxes == {}
    assert MatchProposal.objects.get(pk=row.pk).boxes == {}


def test_after_the_last_day_nothing_is_left_of_anybodys_health(sending: Sending) -> None:
    from datetime import UTC, datetime, timedelta

    patient(sending, service="psychiatric")
    sending.offer(service="psychiatric")
    propose(sending)
    until = Registration.objects.get(pk=sending.register.registration).retain_until
    at = datetime.combine(until + timedelta(1), datetime.min.time(), UTC)
    erase_expired(sending.register(at=at), registration=sending.register.registration)
    assert EvacuationNeed.objects.get().boxes == MatchProposal.objects.get().boxes == {}


def test_what_is_sealed_of_needs_and_proposals_opens_with_the_newest_key_alone(sending: Sending) -> None:
    from django.conf import settings

    _, need = patient(sending, service="psychiatric")
    sending.offer(service="psychiatric")
    before = proposed_of(propose(sending))
    file = settings.EVENHAND.people_keys_file
    file.write_text(sealer().keys.with_new_seal().text(), encoding="ascii")
    rekey_register(sending("operator"))
    row, proposal = EvacuationNeed.objects.get(pk=need), MatchProposal.objects.get()
    assert all(sealer().is_newest(box) for one in (row, proposal) for box in one.boxes.values())
    assert asked_of(row, "service")["service"] == "psychiatric"
    assert proposed_of(proposal) == before
