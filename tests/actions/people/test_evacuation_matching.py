"""Who gets a place, by urgency alone, with a proof that names nobody; and where, at the least cost; a proposal, never more."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from evenhand_cast import TODAY
from evenhand_evacuation import LAST, Sending, share
from evenhand_register import DATABASES, MEMBERS, nothing_changes, people_rows

import evenhand
from evenhand.actions.people.consents import record_consent
from evenhand.actions.people.evacuation import hospitals, referrals
from evenhand.actions.people.evacuation.matching import propose_matches
from evenhand.actions.people.households import erase_record, follow_person
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed, RepeatDiffers
from evenhand.lookups.people.asked import Proposed, proposed_of
from evenhand.people.evacuation import FITNESS, fits, handles_of, mark_of, requires_of
from evenhand.people.models import EvacuationNeed, HospitalOffer, MatchProposal, PeopleLine
from evenhand.rounds.plan_files import unpack_files, write_files

pytestmark = pytest.mark.django_db(databases=DATABASES)


def propose(sending: Sending, who: str = "worker-tcd", request: str = "", **given: Any) -> Any:
    return propose_matches(sending(who, request=request), **{"registration": sending.register.registration, **given})


def patient(sending: Sending, **given: Any) -> str:
    return sending.ask(sending.household(MEMBERS[0]).facts["persons"][0], **given)


def proposed() -> Proposed:
    """Return what is sealed of the newest proposal."""
    return proposed_of(MatchProposal.objects.latest("pk"))


def offered() -> dict[str, str]:
    """Return need → places of the newest proposal."""
    return {one["need"]: one["offer"] for one in proposed().choices}


def chosen() -> dict[str, str]:
    """Return need → hospital of the newest proposal."""
    return {one["need"]: one["party"] for one in proposed().choices}


def test_nobody_urgent_waits_behind_somebody_planned(sending: Sending) -> None:
    needs = {
        urgency: [patient(sending, urgency=urgency) for _ in range(3)] for urgency in ("planned", "urgent", "immediate")
    }
    offer = sending.offer(places=5)
    done = propose(sending)
    got = set(chosen())
    assert (done.facts["places"], done.facts["waiting"]) == (5, 4)
    assert set(needs["immediate"]) <= got
    assert len(got & set(needs["urgent"])) == 2
    assert not got & set(needs["planned"])
    hospitals.change_places(sending("doctor-tcd"), offer=offer, places=7)
    propose(sending)
    assert set(needs["immediate"] + needs["urgent"]) <= set(chosen())
    assert len(chosen()) == 7


def test_only_where_it_fits_and_the_few_that_fit_nowhere_else_come_first(sending: Sending) -> None:
    lying, seated = patient(sending, fitness="lying", urgency="planned"), patient(sending, urgency="immediate")
    burns, ventilated = patient(sending, service="burns"), patient(sending, fitness="ventilated", urgency="immediate")
    sending.offer(places=1, fitness="lying;seated")
    sending.offer(places=1, fitness="seated")
    propose(sending)
    assert set(chosen()) == {lying, seated}
    assert set(proposed().waiting) == {burns, ventilated}
    places = {one.ref: one for one in HospitalOffer.objects.all()}
    assert {one["need"]: places[one["offer"]].fitness for one in proposed().choices} == {
        lying: ["seated", "lying"],
        seated: ["seated"],
    }


@pytest.mark.parametrize("fitness", FITNESS)
def test_what_a_place_asks_for_lets_in_just_those_whom_it_takes(fitness: str) -> None:
    for taken in (("walking",), ("seated", "lying"), FITNESS):
        for companions in (0, 2):
            for guarded in (False, True):
                let_in = fits(
                    handles_of("burns", fitness, guarded=guarded), requires_of("burns", taken, companions=companions)
                )
                assert let_in == (fitness in taken and (companions > 0 or not guarded))
    assert not fits(handles_of("dialysis", fitness, guarded=False), requires_of("burns", FITNESS, companions=1))


def test_a_child_with_a_guardian_goes_where_one_can_stay(sending: Sending) -> None:
    zenaba, idriss = sending.household().facts["persons"]
    child = sending.ask(idriss, companions=[zenaba], urgency="immediate")
    grown = patient(sending)
    alone, together = sending.offer(places=1, companions=0), sending.offer(places=1, companions=1)
    propose(sending)
    assert offered() == {child: together, grown: alone}


def test_where_is_chosen_by_language_family_and_distance_without_changing_who(sending: Sending) -> None:
    share(sending)
    kenya = sending.offer("KEN-hospital", places=2, languages="en;sw", companions=2)
    home = sending.offer(places=2, languages="ar;fr", companions=0)
    swahili, arabic = patient(sending, languages="sw"), patient(sending, languages="ar")
    anything = patient(sending)
    zenaba, idriss = sending.household().facts["persons"]
    family = sending.ask(zenaba, companions=[idriss], languages="sw;ar", urgency="planned")
    propose(sending)
    by_need = {one["need"]: one for one in proposed().choices}
    assert {need: one["offer"] for need, one in by_need.items()} == {
        swahili: kenya, arabic: home, anything: home, family: kenya,
    }  # fmt: skip
    assert by_need[anything]["kilometres"] == by_need[anything]["cost"] < by_need[swahili]["kilometres"]
    assert (by_need[family]["speaks"], by_need[family]["left_behind"]) == (True, 0)
    assert 450 < by_need[arabic]["kilometres"] < 550  # Moissala to N'Djamena


def test_the_proof_checks_and_names_nobody(sending: Sending, tmp_path: Path) -> None:
    for urgency in ("planned", "urgent", "immediate", "urgent"):
        patient(sending, urgency=urgency, languages="ar")
    sending.offer(places=2)
    done = propose(sending)
    row = MatchProposal.objects.get()
    files = unpack_files(bytes(row.folder))
    write_files(files, tmp_path)
    verdict = evenhand.check(tmp_path)
    assert verdict.holds, verdict.problems
    assert evenhand.read_plan(tmp_path).certificate["rule"] == "tiers"
    assert row.claim == done.facts["claim"] == "proved best"
    persons = {ref for one in EvacuationNeed.objects.values_list("person", "person__household") for ref in one}
    text = "\n".join(file.decode() for file in files.values())
    refs = (*EvacuationNeed.objects.values_list("pk", flat=True), *HospitalOffer.objects.values_list("pk", flat=True))
    words = (
        "Zenaba",
        "Mahamat",
        "1988",
        "Canary",
        "kidneys",
        "Moissala",
        "moissala",
        "dialysis",
        "seated",
        "lying",
        "guardian",
    )
    for word in (*words, *persons, *refs):
        assert word not in text, word
    needs = list(csv.DictReader(io.StringIO(files["inputs/needs.csv"].decode())))
    marks = {mark_of(proposed().salt, one): one for one in EvacuationNeed.objects.values_list("pk", flat=True)}
    assert {one["recipient"] for one in needs} == set(marks)
    assert [one["recipient"] for one in needs] == sorted(marks)  # in an order that says nothing
    served = {one["recipient"] for one in csv.DictReader(io.StringIO(files["plan.csv"].decode()))}
    assert {marks[one] for one in served} == set(chosen())
    used = Counter(offered().values())
    assert all(number <= HospitalOffer.objects.get(pk=offer).places for offer, number in used.items())


def test_a_changed_plan_no_longer_checks(sending: Sending, tmp_path: Path) -> None:
    planned, immediate = patient(sending, urgency="planned"), patient(sending, urgency="immediate")
    sending.offer(places=1)
    propose(sending)
    files = unpack_files(bytes(MatchProposal.objects.get().folder))
    before = files["plan.csv"]
    files["plan.csv"] = files["plan.csv"].replace(
        *(mark_of(proposed().salt, one).encode() for one in (immediate, planned))
    )
    assert files["plan.csv"] != before
    write_files(files, tmp_path)
    assert not evenhand.check(tmp_path).holds


def test_a_proposal_applies_nothing_and_a_person_may_follow_it(sending: Sending) -> None:
    first, second = patient(sending, urgency="immediate"), patient(sending, urgency="planned")
    offer, other = sending.offer(places=1), sending.offer(places=1, service="burns")
    number = propose(sending).facts["proposal"]
    assert [EvacuationNeed.objects.get(pk=one).state for one in (first, second)] == ["matched", "asked"]
    assert HospitalOffer.objects.get(pk=offer).taken == 0
    for need, of, to in ((second, number, offer), (first, number + 1, offer), (first, -1, offer)):
        with nothing_changes(ActionRefused, "no proposal"):
            sending.refer(need, to, proposal=of)
    with nothing_changes(ActionRefused):
        sending.refer(first, other, proposal=number)
    referral = sending.refer(second, offer)  # the case worker knew better, and says so
    assert EvacuationNeed.objects.get(pk=second).state == "referred"
    referrals.withdraw_referral(sending(), referral=referral)
    sending.refer(first, offer, proposal=number)
    assert MatchProposal.objects.get().applied.get().need_id == first


def test_who_is_no_longer_in_a_newer_proposal_only_asks(sending: Sending) -> None:
    first = patient(sending, urgency="planned")
    sending.offer(places=1)
    propose(sending)
    second = patient(sending, urgency="immediate")
    propose(sending)
    assert [EvacuationNeed.objects.get(pk=one).state for one in (first, second)] == ["asked", "matched"]


def test_who_refused_was_declined_or_may_not_be_named_is_not_proposed(sending: Sending) -> None:
    refuses, declined, free = (sending.household(MEMBERS[0], to=()) for _ in range(3))
    needs = [sending.ask(one.facts["persons"][0]) for one in (refuses, declined, free)]
    offer = sending.offer(places=3)
    abroad = sending.offer("KEN-hospital", places=3)
    for one, said in ((refuses, "refused"), (declined, "given")):
        record_consent(sending.register(), household=one.ref, purpose="care", said=said)
    referrals.decline_referral(sending("doctor-tcd", reason="no bed for this"), referral=sending.refer(needs[1], offer))
    propose(sending)
    assert offered() == {needs[2]: offer}
    share(sending)
    propose(sending)
    assert offered() == {
        needs[0]: abroad, needs[1]: abroad, needs[2]: offer,
    }  # fmt: skip


def test_who_is_gone_or_elsewhere_is_not_proposed(sending: Sending) -> None:
    done, erased = sending.household(MEMBERS[0]), sending.household(MEMBERS[0])
    other = sending.household(MEMBERS[0], site="TCD-mandoul")
    needs = [sending.ask(one.facts["persons"][0]) for one in (done, erased, other)]
    sending.offer(places=5)
    follow_person(sending.register(), person=done.facts["persons"][0], state="departed")
    erase_record(sending.register(), record=erased.ref)
    propose(sending)
    assert set(chosen()) == {needs[2]}
    with nothing_changes(ActionRefused, "nobody of TCD-moissala waits"):
        propose(sending, "nurse-tcd", party="TCD-moissala")


def test_nothing_to_match_is_said(sending: Sending) -> None:
    with nothing_changes(ActionRefused, "nobody of TCD waits"):
        propose(sending)
    patient(sending)
    with nothing_changes(ActionRefused, "no hospital"):
        propose(sending)
    sending.offer(since=LAST)
    with nothing_changes(ActionRefused, "no hospital"):
        propose(sending)


def test_only_who_sends_there_proposes(sending: Sending) -> None:
    patient(sending)
    sending.offer()
    for who in (
        "focal-tcd", "donor-ind", "auditor", "operator", "task-force", "board-aze", "registrar-tcd", "public", "worker-ken",
        "doctor-tcd", "nurse-tcd",
    ):  # fmt: skip
        with nothing_changes(NotAllowed):
            propose(sending, who)
    with nothing_changes(ActionRefused, "not below TCD"):
        propose(sending, "worker-ken", party="KEN")
    with nothing_changes(NameUnknown):
        propose(sending, registration="RG-0000000000")
    assert propose(sending, "nurse-tcd", party="TCD-moissala").facts["places"] == 1


def test_sent_twice_it_is_proposed_once_and_halfway_nothing_stays(
    sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient(sending)
    sending.offer()
    before = people_rows()

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(PeopleLine.objects, "create", fail)
        with pytest.raises(OSError, match="full"):
            propose(sending, request="r-1")
    assert people_rows() == before
    first = propose(sending, request="r-1")
    after = people_rows()
    again = propose(sending, request="r-1")
    assert (again.ref, dict(again.facts), again.repeated) == (first.ref, dict(first.facts), True)
    assert people_rows() == after
    with nothing_changes(RepeatDiffers):
        propose(sending, request="r-1", party="TCD-moissala")


def test_what_changed_meanwhile_is_proposed_anew(sending: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    patient(sending)
    offer = sending.offer()
    from evenhand.actions.people.evacuation import matching

    solve = matching.solve_frozen

    def slowly(*given: Any) -> Any:
        HospitalOffer.objects.filter(pk=offer).update(taken=1)
        return solve(*given)

    monkeypatch.setattr(matching, "solve_frozen", slowly)
    with pytest.raises(ActionRefused, match="changed while"):
        propose(sending)
    assert MatchProposal.objects.count() == 0


def test_the_database_refuses_to_change_a_proposal(sending: Sending) -> None:
    from django.db import DatabaseError, transaction

    patient(sending)
    sending.offer(until=TODAY)
    propose(sending)
    row = MatchProposal.objects.get()
    for wrong in (
        lambda: MatchProposal.objects.update(folder=b""),
        lambda: MatchProposal.objects.update(named=[]),
        lambda: MatchProposal.objects.update(boxes={}, claim="proved best"),
        lambda: row.save(),
        lambda: MatchProposal.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(using="people"):
            wrong()
    MatchProposal.objects.update(boxes={})  # emptied when somebody is erased
