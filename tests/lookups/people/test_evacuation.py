"""What is seen of an evacuation, by whom, when; each reading on record; a manifest of the least; counts that tell of nobody."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_cast import TODAY
from evenhand_evacuation import NOTE, Sending, share
from evenhand_register import DATABASES, MEMBERS, people_rows

from evenhand.access.viewers import PUBLIC, Viewer
from evenhand.actions.people.consents import record_consent
from evenhand.actions.people.evacuation import asking, matching, referrals, transfers
from evenhand.actions.people.households import erase_record, follow_person
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed
from evenhand.lookups.people.evacuation_counts import count_evacuations, count_places
from evenhand.lookups.people.evacuations import list_evacuations, read_evacuation
from evenhand.lookups.people.manifests import read_manifest
from evenhand.lookups.people.proposals import read_proposal
from evenhand.lookups.people.reading import readings_of
from evenhand.lookups.people.referrals import list_places, list_referrals, read_referral
from evenhand.people.models import HospitalOffer, HospitalReferral, ReadLine

pytestmark = pytest.mark.django_db(databases=DATABASES)
NEITHER = ("focal-fra", "donor-ind", "auditor", "operator", "task-force", "board-aze", "registrar-tcd", "public")


def viewer(sending: Sending, name: str) -> Viewer:
    return PUBLIC if name == "public" else sending.register.cast.viewers[name]


def test_a_case_worker_reads_all_of_it_and_is_on_record(sending: Sending) -> None:
    done = sending.household()
    zenaba, idriss = done.facts["persons"]
    need, _, transfer = sending.accepted(zenaba, companions=[idriss], languages="ar")
    told = read_evacuation(viewer(sending, "worker-tcd"), need, "the bus leaves tomorrow")
    assert told.patient.fields == MEMBERS[0]
    assert [one.ref for one in told.companions] == [idriss]
    assert (told.service, told.urgency) == ("dialysis", "urgent")
    assert told.sealed == {"fitness": "seated", "languages": "ar", "note": NOTE}
    assert [(one.ref, one.stage) for one in told.transfers] == [(transfer, "accepted")]
    patient, companion = sorted(readings_of(done.ref), key=lambda one: one.person != zenaba)
    assert (patient.by, patient.role, patient.purpose, patient.why) == (
        "u-worker-tcd", "case-worker", "care", "the bus leaves tomorrow",
    )  # fmt: skip
    assert {"note", "fitness", "service", "given_name"} <= set(patient.fields)
    assert "note" not in companion.fields


def test_a_hospital_reads_of_who_was_named_to_it_and_only_while_it_lasts(sending: Sending) -> None:
    done = sending.household()
    need = sending.ask(done.facts["persons"][0])
    offer = sending.offer()
    doctor = viewer(sending, "doctor-tcd")
    before = people_rows()
    with pytest.raises(NotAllowed):
        read_evacuation(viewer(sending, "desk-ken"), need)
    with pytest.raises(NameUnknown):
        read_evacuation(doctor, need)
    assert people_rows() == before
    referral = sending.refer(need, offer)
    told = read_referral(doctor, referral, "can we take her?")
    assert (told.ref, told.case["note"]) == (referral, NOTE)
    assert {(one.by, one.role, one.why) for one in readings_of(done.ref)} == {
        ("u-doctor-tcd", "case-worker", "can we take her?")
    }
    record_consent(sending.register(), household=done.ref, purpose="care", said="withdrawn")
    with pytest.raises(ActionRefused, match="has not consented"):
        read_referral(doctor, referral)
    record_consent(sending.register(), household=done.ref, purpose="care", said="given")
    referrals.decline_referral(sending("doctor-tcd"), referral=referral)
    again = sending.refer(need, sending.offer())
    with pytest.raises(ActionRefused, match="is declined"):
        read_referral(doctor, referral)
    assert read_referral(doctor, again).ref == again


def test_another_states_hospital_reads_as_what_it_is(sending: Sending) -> None:
    share(sending)
    need = sending.ask(sending.household().facts["persons"][0])
    referral = sending.refer(need, sending.offer("KEN-hospital"))
    assert read_referral(viewer(sending, "doctor-ken"), referral).case["note"] == NOTE
    assert {(one.by, one.role) for one in ReadLine.objects.all()} == {("u-doctor-ken", "case-worker")}
    with pytest.raises(NameUnknown):
        read_referral(viewer(sending, "doctor-tcd"), referral)


def test_a_field_that_case_workers_may_not_read_is_shown_to_no_hospital(sending: Sending) -> None:
    from evenhand.people.models import Registration

    row = Registration.objects.get(pk=sending.register.registration)
    row.fields["phone"]["readers"] = ["registrar"]
    row.save()
    _, referral, _ = sending.accepted()
    told = read_referral(viewer(sending, "doctor-tcd"), referral).patient
    assert told is not None
    assert "phone" not in told.fields
    assert "family_name" in told.fields


def every_look(sending: Sending) -> list[tuple[Any, str, str]]:
    """Return each reading of one thing: it, the ref, who may."""
    need, referral, transfer = sending.accepted()
    return [
        (read_evacuation, need, "worker-tcd"),
        (read_referral, referral, "doctor-tcd"),
        (read_manifest, transfer, "worker-tcd"),
    ]


def test_what_is_out_of_reach_is_as_if_it_were_not(sending: Sending) -> None:
    for look, ref, who in every_look(sending):
        look(viewer(sending, who), ref)
        before = people_rows()
        sentences = set()
        far = "doctor-ken" if look is read_referral else "worker-ken"
        for one in (ref, f"{ref[:3]}0000000000"):
            with pytest.raises(NameUnknown) as caught:
                look(viewer(sending, far), one)
            sentences.add(str(caught.value).replace(one, "?"))
            for other in NEITHER:
                with pytest.raises((NotAllowed, NameUnknown)):
                    look(viewer(sending, other), one)
        assert len(sentences) == 1
        assert people_rows() == before


def test_what_cannot_be_put_on_record_is_not_shown(sending: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = every_look(sending)

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(ReadLine.objects, "bulk_create", fail)
    for look, ref, who in looks:
        with pytest.raises(OSError, match="full"):
            look(viewer(sending, who), ref)


def test_lists_show_refs_and_stages_to_those_who_act_on_them(sending: Sending) -> None:
    first = sending.ask(sending.household().facts["persons"][0], urgency="planned")
    second = sending.ask(sending.household().facts["persons"][0], urgency="immediate")
    referral = sending.refer(first, sending.offer())
    listed = list_evacuations(viewer(sending, "worker-tcd"), "TCD")
    assert [(one.ref, one.state, one.site) for one in listed] == [
        (second, "asked", "TCD-moissala"),
        (first, "referred", "TCD-moissala"),
    ]
    assert list_evacuations(viewer(sending, "worker-ken"), "KEN") == []
    assert [one.ref for one in list_referrals(viewer(sending, "doctor-tcd"), "TCD-hospital")] == [referral]
    assert list_referrals(viewer(sending, "doctor-ken"), "KEN-hospital") == []
    for who, taken in (
        ("worker-tcd", 1),
        ("doctor-tcd", 1),
        ("focal-tcd", 1),
        ("nurse-tcd", None),
        ("doctor-ken", None),
    ):
        assert [(one.party, one.places, one.taken) for one in list_places(viewer(sending, who), "dialysis")] == [
            ("TCD-hospital", 2, taken)
        ]
    assert list_places(viewer(sending, "worker-tcd"), "burns") == []
    assert "Zenaba" not in repr(listed)
    assert ReadLine.objects.count() == 0
    for who in NEITHER:
        with pytest.raises(NotAllowed):
            list_evacuations(viewer(sending, who), "TCD")
        with pytest.raises(NotAllowed):
            list_referrals(viewer(sending, who), "TCD-hospital")
    for who in ("auditor", "donor-ind", "registrar-tcd", "public"):
        with pytest.raises(NotAllowed):
            list_places(viewer(sending, who))


def test_a_proposal_is_read_by_who_sends_there(sending: Sending) -> None:
    need = sending.ask(sending.household().facts["persons"][0])
    sending.offer()
    number = matching.propose_matches(
        sending("nurse-tcd"), registration=sending.register.registration, party="TCD-moissala"
    ).facts["proposal"]
    for who in ("worker-tcd", "nurse-tcd"):
        told = read_proposal(viewer(sending, who), number)
        assert ([one["need"] for one in told.choices], told.waiting, told.claim) == ([need], (), "proved best")
    for who in ("worker-ken", "doctor-tcd", "doctor-ken"):
        with pytest.raises(NameUnknown):
            read_proposal(viewer(sending, who), number)
    with pytest.raises(NotAllowed):
        read_proposal(viewer(sending, "desk-ken"), number)
    with pytest.raises(NameUnknown):
        read_proposal(viewer(sending, "worker-tcd"), number + 1)


def test_a_manifest_holds_the_least_and_is_on_record(sending: Sending) -> None:
    done = sending.household()
    zenaba, idriss = done.facts["persons"]
    _, _, transfer = sending.accepted(zenaba, companions=[idriss])
    told = read_manifest(viewer(sending, "worker-tcd"), transfer)
    assert (told.origin, told.destination, told.checkpoint, told.intermediary, told.leaves_on) == (
        "TCD-moissala", "TCD-hospital", "gate-north", "ICRC", TODAY,
    )  # fmt: skip
    least = {"given_name": "Zenaba", "family_name": "Mahamat Saleh", "birth_year": "1988"}
    assert (told.patient.fields, told.patient.fitness) == (least, "seated")
    assert [(one.ref, one.fields["given_name"], one.fitness) for one in told.companions] == [(idriss, "Idriss", "")]
    for word in ("dialysis", "pregnant", "kidneys", "66 12", "urgent"):
        assert word not in repr(told)
    lines = {one.person: one for one in readings_of(done.ref)}
    assert lines[zenaba].why == f"the manifest of {transfer}"
    assert set(lines[zenaba].fields) == {*least, "fitness"}
    sending.reach(transfer, "left", "crossed", "admitted", "discharged")
    with pytest.raises(ActionRefused, match="nobody crosses with it now"):
        read_manifest(viewer(sending, "worker-tcd"), transfer)
    back = transfers.plan_return(sending(), transfer=transfer, leaves_on=TODAY).ref
    home = read_manifest(viewer(sending, "worker-tcd"), back)
    assert (home.origin, home.destination) == ("TCD-hospital", "TCD-moissala")


def test_a_manifest_is_refused_before_it_is_planned_without_consent_and_after_the_end(sending: Sending) -> None:
    done = sending.household()
    need = sending.ask(done.facts["persons"][0])
    transfer = sending.accept(sending.refer(need, sending.offer()))
    worker = viewer(sending, "worker-tcd")
    with pytest.raises(ActionRefused, match="is not planned"):
        read_manifest(worker, transfer)
    sending.plan(transfer)
    record_consent(sending.register(), household=done.ref, purpose="care", said="withdrawn")
    with pytest.raises(ActionRefused, match="has not consented"):
        read_manifest(worker, transfer)
    record_consent(sending.register(), household=done.ref, purpose="care", said="given")
    follow_person(sending.register(), person=done.facts["persons"][1], state="departed")
    assert read_manifest(worker, transfer).companions == ()
    asking.end_evacuation(sending(), need=need, why="died")
    with pytest.raises(ActionRefused, match="is ended"):
        read_manifest(worker, transfer)


def test_who_is_erased_is_read_by_nobody_and_the_stages_stay(sending: Sending) -> None:
    done = sending.household()
    need, referral, transfer = sending.accepted(done.facts["persons"][0])
    sending.reach(transfer, "left")
    erase_record(sending.register(), record=done.ref)
    told = read_evacuation(viewer(sending, "worker-tcd"), need)
    assert (told.patient.fields, told.sealed, told.ended_why) == ({}, {}, "erased")
    assert [one.stage for one in told.transfers[0].events] == ["accepted", "left"]
    assert [(one.ref, one.offer, one.hospital, one.service) for one in told.referrals] == [(referral, "", "", "")]
    with pytest.raises(NameUnknown):
        read_referral(viewer(sending, "doctor-tcd"), referral)
    assert list_referrals(viewer(sending, "doctor-tcd"), "TCD-hospital") == []
    with pytest.raises(ActionRefused, match="is ended"):
        read_manifest(viewer(sending, "worker-tcd"), transfer)


def test_an_event_that_was_taken_back_shows_which_it_takes_back_and_why(sending: Sending) -> None:
    need, _, transfer = sending.accepted()
    sending.reach(transfer, "left")
    transfers.reverse_stage(sending(reason="turned back"), transfer=transfer)
    (told,) = read_evacuation(viewer(sending, "worker-tcd"), need).transfers
    assert told.stage == "accepted"
    assert [(one.stage, one.reverses, one.reason) for one in told.events] == [
        ("accepted", 0, ""), ("left", 0, ""), ("left", 2, "turned back"),
    ]  # fmt: skip


def test_counts_are_for_everybody_and_none_is_under_ten(sending: Sending) -> None:
    offer = sending.offer(places=40)
    for number in range(30):
        household = sending.household(MEMBERS[0])
        need = sending.ask(household.facts["persons"][0], service="dialysis" if number < 27 else "burns")
        if number < 12:
            sending.refer(need, offer)
        if number == 29:
            erase_record(sending.register(), record=household.ref)
    assert HospitalReferral.objects.count() == 12
    for name in ("donor-ind", "public"):
        told = next(
            one for one in count_evacuations(viewer(sending, name)) if one.registration == sending.register.registration
        )
        assert told.evacuations == 30
        assert told.by_stage == {"asked": 17, "referred": None, "ended": None}
        assert told.by_service == {"burns": None, "dialysis": None, "erased": None}
        (places,) = count_places(viewer(sending, name))
        assert (places.service, places.hospitals, places.places) == ("dialysis", 1, 40)
    assert HospitalOffer.objects.get().taken == 12
    assert ReadLine.objects.count() == 0


def test_nobody_counts_as_nobody(sending: Sending) -> None:
    for told in count_evacuations(PUBLIC):
        assert (told.evacuations, told.by_stage, told.by_service) == (0, {}, {})
    sending.ask(sending.household().facts["persons"][0])
    told = next(one for one in count_evacuations(PUBLIC) if one.registration == sending.register.registration)
    assert (told.evacuations, told.by_stage) == (None, {"asked": None})
