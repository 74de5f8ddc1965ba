"""An evacuation from asking to home again; who is refused, what is refused, and that nothing of it names anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from evenhand_cast import TODAY
from evenhand_evacuation import LAST, NOTE, Sending, share
from evenhand_register import DATABASES, MEMBERS, nothing_changes, people_rows

from evenhand.actions.people.consents import record_consent
from evenhand.actions.people.evacuation import asking, hospitals, matching, referrals, transfers
from evenhand.actions.people.households import correct_record, erase_record, follow_person, merge_persons
from evenhand.actions.people.rekeying import rekey_register
from evenhand.errors import (
    ActionRefused,
    EvenhandError,
    NameUnknown,
    NotAllowed,
    OptionRefused,
    RepeatDiffers,
)
from evenhand.people.evacuation import NEXT, STAGES, WAYS
from evenhand.people.models import (
    EvacuationNeed,
    HospitalOffer,
    HospitalReferral,
    PeopleLine,
    Transfer,
    TransferEvent,
)
from evenhand.people.opening import sealer
from evenhand.people.reasons import reasons_of

pytestmark = pytest.mark.django_db(databases=DATABASES)
NEITHER = ("focal-tcd", "donor-ind", "auditor", "operator", "task-force", "board-aze", "registrar-tcd", "public")


def state(need: str) -> str:
    return EvacuationNeed.objects.get(pk=need).state


def taken(offer: str) -> int:
    return HospitalOffer.objects.get(pk=offer).taken


def test_somebody_is_asked_for_accepted_treated_and_home_again(sending: Sending) -> None:
    zenaba, idriss = sending.household().facts["persons"]
    need, offer = sending.ask(zenaba, companions=[idriss]), sending.offer()
    states = [state(need)]
    referral = sending.refer(need, offer)
    states.append(state(need))
    out = sending.accept(referral)
    states.append(state(need))
    sending.plan(out)
    for stage in ("left", "crossed", "admitted", "discharged"):
        sending.reach(out, stage)
        states.append(state(need))
    assert (taken(offer), HospitalReferral.objects.get().state) == (0, "over")
    back = transfers.plan_return(
        sending(), transfer=out, leaves_on=TODAY, checkpoint="gate-north", intermediary="ICRC"
    ).ref
    sending.reach(back, "left", "crossed", "returned-home")
    states.append(state(need))
    assert states == [
        "asked", "referred", "accepted", "travelling", "travelling", "admitted", "discharged", "returned",
    ]  # fmt: skip
    assert Transfer.objects.get(pk=back).companions == [idriss]
    crossed = TransferEvent.objects.filter(stage="crossed").order_by("pk")
    assert [(one.checkpoint, one.intermediary) for one in crossed] == [("gate-north", "ICRC")] * 2
    assert {one.by for one in TransferEvent.objects.filter(stage="admitted")} == {"u-doctor-tcd"}


def test_nothing_that_tells_who_it_is_stands_in_any_column(sending: Sending) -> None:
    zenaba, idriss = sending.household().facts["persons"]
    need = sending.ask(idriss, companions=[zenaba], languages="ar", fitness="lying")
    sending.ask(idriss, service="burns", alone="Canaryalone: the mother must stay with the twins")
    sending.offer()
    matching.propose_matches(sending(), registration=sending.register.registration)
    referral = sending.refer(need, HospitalOffer.objects.get().ref)
    sending.plan(sending.accept(referral))
    rows = repr(people_rows())
    for word in ("Zenaba", "Mahamat", "Idriss", "Canary", "kidneys", "twins", "'2014'", '"2014"'):
        assert word not in rows, word
    held = EvacuationNeed.objects.get(pk=need)
    assert sealer().open_all(need, held.boxes) == {
        "service": "dialysis", "urgency": "urgent", "fitness": "lying", "languages": "ar", "note": NOTE,
    }  # fmt: skip
    assert {line.given == {} for line in PeopleLine.objects.all()} == {True}


def every_act(sending: Sending, number: int) -> tuple[Any, str, dict[str, Any], str]:
    """Return one action in the state in which it works: it, who does it, with what, and a prefix of a ref to make up."""
    zenaba = sending.household().facts["persons"][0]
    fresh: list[Callable[[], tuple[Any, str, dict[str, Any], str]]] = [
        lambda: (
            asking.ask_evacuation, "worker-tcd",
            {"person": zenaba, "purpose": "care", "service": "burns", "urgency": "planned", "fitness": "lying"}, "person",
        ),
        lambda: (asking.change_evacuation, "worker-tcd", {"need": sending.ask(zenaba), "urgency": "immediate"}, "need"),
        lambda: (asking.end_evacuation, "worker-tcd", {"need": sending.ask(zenaba), "why": "died"}, "need"),
        lambda: (hospitals.change_places, "doctor-tcd", {"offer": sending.offer(), "places": 5}, "offer"),
        lambda: (hospitals.withdraw_places, "doctor-tcd", {"offer": sending.offer()}, "offer"),
        lambda: (
            referrals.refer_person, "worker-tcd", {"need": sending.ask(zenaba), "offer": sending.offer()}, "need",
        ),
        lambda: (
            referrals.withdraw_referral, "worker-tcd", {"referral": sending.refer(sending.ask(zenaba), sending.offer())},
            "referral",
        ),
        lambda: (
            referrals.accept_referral, "doctor-tcd", {"referral": sending.refer(sending.ask(zenaba), sending.offer())},
            "referral",
        ),
        lambda: (
            referrals.decline_referral, "doctor-tcd", {"referral": sending.refer(sending.ask(zenaba), sending.offer())},
            "referral",
        ),
        lambda: (
            transfers.plan_transfer, "worker-tcd", {"transfer": sending.accepted(zenaba)[2], "leaves_on": LAST},
            "transfer",
        ),
        lambda: (
            transfers.plan_return, "worker-tcd",
            {"transfer": _at(sending, zenaba, "left", "crossed", "admitted", "discharged"), "leaves_on": LAST}, "transfer",
        ),
        lambda: (
            transfers.record_stage, "worker-tcd", {"transfer": _at(sending, zenaba), "stage": "left"}, "transfer",
        ),
        lambda: (
            transfers.record_treatment, "doctor-tcd",
            {"transfer": _at(sending, zenaba, "left", "crossed"), "stage": "admitted"}, "transfer",
        ),
        lambda: (transfers.reverse_stage, "worker-tcd", {"transfer": _at(sending, zenaba, "left")}, "transfer"),
        lambda: (
            transfers.reverse_treatment, "doctor-tcd",
            {"transfer": _at(sending, zenaba, "left", "crossed", "admitted")}, "transfer",
        ),
    ]  # fmt: skip
    return fresh[number]()


ACTS = range(15)


def _at(sending: Sending, person: str, *stages: str) -> str:
    transfer = sending.accepted(person)[2]
    sending.reach(transfer, *stages)
    return transfer


@pytest.mark.parametrize("number", ACTS)
def test_who_may_not_is_refused_and_who_is_out_of_reach_learns_nothing(sending: Sending, number: int) -> None:
    act, who, given, named = every_act(sending, number)
    for other in (*NEITHER, *(("worker-ken", "desk-ken") if who == "doctor-tcd" else ())):
        if other != "focal-tcd" or named != "offer" or who == "worker-tcd":  # it speaks for its hospitals' places
            with nothing_changes((NotAllowed, NameUnknown)):  # type: ignore[arg-type]
                act(sending(other), **given)
    far = "doctor-ken" if who == "doctor-tcd" else "worker-ken"
    with nothing_changes(NameUnknown) as there:
        act(sending(far), **given)
    made_up = given[named][:3] + "0000000000"
    with nothing_changes(NameUnknown) as none:
        act(sending(far), **{**given, named: made_up})
    assert str(there.value).replace(given[named], "?") == str(none.value).replace(made_up, "?")


@pytest.mark.parametrize("number", ACTS)
def test_every_act_sent_twice_is_done_once_and_leaves_nothing_halfway(
    sending: Sending, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    act, who, given, _ = every_act(sending, number)
    before = people_rows()

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(PeopleLine.objects, "create", fail)
        with pytest.raises(OSError, match="full"):
            act(sending(who, request="r-1"), **given)
    assert people_rows() == before
    first = act(sending(who, request="r-1"), **given)
    after = people_rows()
    again = act(sending(who, request="r-1"), **given)
    assert (again.ref, dict(again.facts), again.repeated) == (first.ref, dict(first.facts), True)
    assert people_rows() == after != before
    with nothing_changes(RepeatDiffers):
        act(sending("doctor-tcd" if who == "worker-tcd" else "worker-tcd", request="r-1"), **given)


@pytest.mark.parametrize(("given", "error", "sentence"), [
    ({"service": "dialisys"}, OptionRefused, "did you mean 'dialysis'"), ({"urgency": "now"}, OptionRefused, "none of immediate"),
    ({"fitness": "well"}, OptionRefused, "none of walking"), ({"languages": "arabic"}, OptionRefused, "two or three letters"),
    ({"purpose": "war"}, ActionRefused, "no purpose 'war'"), ({"companions": ["PN-0000000000"]}, ActionRefused, "is not of HH-"),
    ({"note": "x" * 4001}, ActionRefused, "at most 4,000"), ({"note": "x\u202ey"}, ActionRefused, "unseen character"),
])  # fmt: skip
def test_what_makes_no_need_is_refused(
    sending: Sending, given: dict[str, Any], error: type[EvenhandError], sentence: str
) -> None:
    zenaba = sending.household().facts["persons"][0]
    with nothing_changes(error, sentence):
        sending.ask(zenaba, **given)


def test_companions_are_others_of_the_household_each_once_and_there(sending: Sending) -> None:
    zenaba, idriss = sending.household().facts["persons"]
    stranger = sending.household().facts["persons"][0]
    for companions in ([zenaba], [stranger], [idriss, idriss]):
        with nothing_changes(ActionRefused):
            sending.ask(zenaba, companions=companions)
    follow_person(sending.register(), person=idriss, state="departed")
    with nothing_changes(ActionRefused, "is departed"):
        sending.ask(zenaba, companions=[idriss])


def test_the_same_service_is_asked_for_once(sending: Sending) -> None:
    zenaba = sending.household().facts["persons"][0]
    need = sending.ask(zenaba)
    with nothing_changes(ActionRefused, f"already, as {need}"):
        sending.ask(zenaba)
    asking.end_evacuation(sending(), need=need, why="not-needed")
    assert sending.ask(zenaba) != need


def test_a_child_travels_with_a_grown_up_or_it_is_said_why_not(sending: Sending) -> None:
    zenaba, idriss, hawa = sending.household(
        *MEMBERS, {**MEMBERS[1], "given_name": "Hawa", "birth_year": "2008"}
    ).facts["persons"]
    for companions in ([], [hawa]):  # who was born in 2008 may still be 17
        with nothing_changes(ActionRefused, "under 18"):
            sending.ask(idriss, companions=companions)
    need = sending.ask(idriss, companions=[zenaba])
    with nothing_changes(ActionRefused, "under 18"):
        asking.change_evacuation(sending(), need=need, companions=[])
    alone = sending.offer(companions=0)
    with nothing_changes(ActionRefused, "nobody of the family can stay"):
        sending.refer(need, alone)


def test_a_child_whose_guardian_is_gone_does_not_leave(sending: Sending) -> None:
    done = sending.household(*MEMBERS, {**MEMBERS[0], "given_name": "Hawa", "relation": "sibling"})
    _, idriss, hawa = done.facts["persons"]
    _, _, transfer = sending.accepted(idriss, companions=[hawa])
    follow_person(sending.register(), person=hawa, state="departed")
    with nothing_changes(ActionRefused, "a companion is there to travel"):
        sending.reach(transfer, "left")
    with nothing_changes(ActionRefused, "under 18"):
        sending.plan(transfer, companions=[])
    sending.plan(transfer, companions=[done.facts["persons"][0]])
    sending.reach(transfer, "left")


def test_a_child_without_anybody_leaves_where_it_is_said_why(sending: Sending) -> None:
    alone = {"given_name": "Ali", "birth_year": "2015", "relation": "head"}
    need, _, transfer = sending.accepted(sending.household(alone).facts["persons"][0], alone="no family was found")
    sending.reach(transfer, "left")
    assert state(need) == "travelling"


def test_who_has_no_year_of_birth_is_doubted(sending: Sending) -> None:
    zenaba = sending.household({"given_name": "Zenaba", "relation": "head"}).facts["persons"][0]
    done = asking.ask_evacuation(
        sending(), person=zenaba, purpose="care", service="burns", urgency="planned", fitness="lying"
    )
    assert "no year of birth" in done.facts["doubts"][0]


@pytest.mark.parametrize(("given", "error", "sentence"), [
    ({"places": 0}, OptionRefused, "between 1"), ({"places": 10**9}, OptionRefused, "between 1"), ({"fitness": ""}, OptionRefused, "no fitness"),
    ({"service": "x"}, OptionRefused, "none of"), ({"until": date(2026, 3, 1)}, ActionRefused, "is before"),
    ({"until": date(2036, 3, 1)}, ActionRefused, "is after"), ({"companions": 9}, OptionRefused, "between 0"),
    ({"companions": -1}, OptionRefused, "between 0"), ({"languages": "français"}, OptionRefused, "two or three letters"),
])  # fmt: skip
def test_what_makes_no_places_is_refused(
    sending: Sending, given: dict[str, Any], error: type[EvenhandError], sentence: str
) -> None:
    with nothing_changes(error, sentence):
        sending.offer(**given)


def test_only_who_speaks_for_a_hospital_offers_its_places(sending: Sending) -> None:
    given = {"party": "KEN-hospital", "service": "burns", "places": 1, "until": LAST, "fitness": "lying"}
    for who in ("doctor-tcd", "worker-tcd", "registrar-tcd", "auditor", "task-force", "public"):
        with nothing_changes(NotAllowed):
            hospitals.offer_places(sending(who), **given)
    with nothing_changes(NameUnknown, "party"):
        hospitals.offer_places(sending("desk-ken"), **{**given, "party": "KEN-hopital"})
    assert hospitals.offer_places(sending("focal-ken"), **given).facts["places"] == 1


def test_places_are_never_fewer_than_are_promised_and_withdrawn_ones_take_nobody_new(sending: Sending) -> None:
    offer = sending.offer()
    referral = sending.refer(sending.ask(sending.household().facts["persons"][0]), offer)
    sending.refer(sending.ask(sending.household().facts["persons"][0]), offer)
    with nothing_changes(ActionRefused, "2 places are promised"):
        hospitals.change_places(sending("doctor-tcd"), offer=offer, places=1)
    third = sending.ask(sending.household().facts["persons"][0])
    with nothing_changes(ActionRefused, "no place left: 2 of 2"):
        sending.refer(third, offer)
    hospitals.withdraw_places(sending("doctor-tcd"), offer=offer)
    for act, given in ((hospitals.withdraw_places, {}), (hospitals.change_places, {"places": 9})):
        with nothing_changes(ActionRefused, "is withdrawn"):
            act(sending("doctor-tcd"), offer=offer, **given)
    with nothing_changes(ActionRefused, "takes nobody in now"):
        sending.refer(third, offer)
    sending.accept(referral)  # who was named before stays named


def test_a_place_that_does_not_fit_is_refused_in_its_own_sentence(sending: Sending) -> None:
    need = sending.ask(sending.household().facts["persons"][0], fitness="ventilated")
    for given, sentence in (
        ({"service": "burns"}, "are places for burns"),
        ({}, "takes nobody in who arrives"),
        ({"since": TODAY + timedelta(1)}, "takes nobody in now"),
    ):
        offer = sending.offer(**given)
        with nothing_changes(ActionRefused, sentence):
            sending.refer(need, offer)
    with nothing_changes(NameUnknown):
        sending.refer(need, "HP-0000000000")


def test_nobody_is_named_to_a_hospital_without_consent(sending: Sending) -> None:
    done = sending.household(to=())
    need, offer = sending.ask(done.facts["persons"][0]), sending.offer()
    with nothing_changes(ActionRefused, "has not consented to 'care'"):
        sending.refer(need, offer)
    _say(sending, done.ref, "given")
    referral = sending.refer(need, offer)
    _say(sending, done.ref, "withdrawn")
    with nothing_changes(ActionRefused, "it was withdrawn"):
        sending.accept(referral)
    _say(sending, done.ref, "given")
    transfer = sending.accept(referral)
    sending.plan(transfer)
    _say(sending, done.ref, "refused")
    with nothing_changes(ActionRefused, "it was refused"):
        sending.reach(transfer, "left")


def _say(sending: Sending, household: str, said: str, recipient: str = "") -> None:
    record_consent(sending.register(), household=household, purpose="care", recipient=recipient, said=said)


def test_another_states_hospital_takes_two_of_a_board_and_consent_to_it(sending: Sending) -> None:
    done = sending.household(to=("",))
    need, offer = sending.ask(done.facts["persons"][0]), sending.offer("KEN-hospital")
    with nothing_changes(ActionRefused, "sharing with KEN for 'care' is off"):
        sending.refer(need, offer)
    number = share(sending)
    with nothing_changes(ActionRefused, "has not consented to 'care' to KEN"):
        sending.refer(need, offer)
    _say(sending, done.ref, "given", "KEN")
    transfer = sending.accept(sending.refer(need, offer), "doctor-ken")
    sending.plan(transfer)
    from evenhand.actions.people.registrations import switch_sharing

    switch_sharing(sending("board-aze"), sharing=number, on=False)
    with nothing_changes(ActionRefused, "is off"):
        sending.reach(transfer, "left")


def test_a_hospital_that_the_registration_names_no_recipient_for_is_told_of_nobody(sending: Sending) -> None:
    from evenhand.records.models import Party

    need, offer = sending.ask(sending.household().facts["persons"][0]), sending.offer("KEN-hospital")
    Party.objects.filter(pk="KEN-hospital").update(parent_id="UGA")
    with nothing_changes(ActionRefused, "names no recipient"):
        sending.refer(need, offer)


def test_a_referral_that_comes_to_nothing_frees_its_place_and_the_patient_waits_again(sending: Sending) -> None:
    offer = sending.offer(places=1)
    need = sending.ask(sending.household().facts["persons"][0])
    for act, who in ((referrals.decline_referral, "doctor-tcd"), (referrals.withdraw_referral, "worker-tcd")):
        for accepted in (False, True):
            referral = sending.refer(need, offer)
            if accepted:
                sending.accept(referral)
            assert taken(offer) == 1
            with nothing_changes(ActionRefused, "needs a reason"):
                act(sending(who, reason=" "), referral=referral)
            act(sending(who), referral=referral)
            assert (taken(offer), state(need)) == (0, "asked")
            for again in (act, referrals.accept_referral):
                with nothing_changes(EvenhandError):
                    again(sending(who if again is act else "doctor-tcd"), referral=referral)
    back = TransferEvent.objects.exclude(reverses=None)
    assert [one.stage for one in back] == ["accepted"] * 2
    assert list(reasons_of(one.line for one in back).values()) == ["told at the gate"] * 2


def test_who_has_left_is_neither_declined_nor_withdrawn(sending: Sending) -> None:
    _, referral, transfer = sending.accepted()
    sending.reach(transfer, "left")
    for act, who in ((referrals.decline_referral, "doctor-tcd"), (referrals.withdraw_referral, "worker-tcd")):
        with nothing_changes(ActionRefused, "too late"):
            act(sending(who), referral=referral)


def test_nobody_is_referred_or_changed_out_of_turn(sending: Sending) -> None:
    need, _, transfer = sending.accepted()
    offer = sending.offer()
    with nothing_changes(ActionRefused, "only who waits is referred"):
        sending.refer(need, offer)
    with nothing_changes(ActionRefused, "accepted the patient as they were"):
        asking.change_evacuation(sending(), need=need, fitness="lying")
    sending.reach(transfer, "left")
    with nothing_changes(ActionRefused, "before the patient leaves"):
        asking.change_evacuation(sending(), need=need, urgency="planned")
    with nothing_changes(ActionRefused, "cannot be left now"):
        sending.plan(transfer)


def test_nobody_leaves_before_it_is_planned(sending: Sending) -> None:
    need = sending.ask(sending.household().facts["persons"][0])
    transfer = sending.accept(sending.refer(need, sending.offer()))
    with nothing_changes(ActionRefused, "is not planned"):
        sending.reach(transfer, "left")
    with nothing_changes(ActionRefused, "is past"):
        sending.plan(transfer, leaves_on=date(2026, 3, 1))
    for wrong in ({"checkpoint": "gate-norht"}, {"intermediary": "IRCC"}):
        with nothing_changes(NameUnknown):
            sending.plan(transfer, **wrong)


OUT = ("left", "crossed", "admitted", "discharged")
BACK = ("left", "crossed", "returned-home")


@pytest.mark.parametrize(("way", "reached"), [("out", n) for n in range(5)] + [("back", n) for n in range(4)])
def test_stages_in_any_other_order_are_refused(sending: Sending, way: str, reached: int) -> None:
    need, _, transfer = sending.accepted()
    sending.reach(transfer, *(OUT[:reached] if way == "out" else OUT))
    if way == "back":
        transfer = transfers.plan_return(sending(), transfer=transfer, leaves_on=TODAY, checkpoint="gate-north").ref
        sending.reach(transfer, *BACK[:reached])
    now = ("accepted", *(OUT if way == "out" else BACK))[reached]
    for stage in STAGES[1:]:
        if stage not in NEXT[way, now] or (stage == "crossed" and now == "crossed"):
            with nothing_changes(ActionRefused) as caught:
                sending.reach(transfer, stage)
            assert transfer in str(caught.value) or need in str(caught.value)
        elif now == "left" and stage != "crossed":
            with nothing_changes(ActionRefused, "goes through gate-north"):
                sending.reach(transfer, stage)
    for stage in ("accepted", "flew"):
        with nothing_changes(OptionRefused, "none of"):
            transfers.record_stage(sending(), transfer=transfer, stage=stage)


def test_every_way_ends_and_every_stage_has_a_turn() -> None:
    for way in WAYS:
        ends = [stage for (of, stage), turns in NEXT.items() if of == way and not turns]
        assert len(ends) == 1
        assert {turn for (of, _), turns in NEXT.items() if of == way for turn in turns} == {
            stage for of, stage in NEXT if of == way and stage
        }


def test_days_go_forwards_and_never_ahead(sending: Sending) -> None:
    _, _, transfer = sending.accepted()
    for on, sentence in ((TODAY + timedelta(1), "yet to come"), (TODAY - timedelta(1), "is before that")):
        with nothing_changes(ActionRefused, sentence):
            transfers.record_stage(sending(), transfer=transfer, stage="left", on=on)


def test_several_checkpoints_are_crossed_and_each_is_named(sending: Sending) -> None:
    _, _, transfer = sending.accepted()
    sending.plan(transfer, checkpoint="")
    sending.reach(transfer, "left")
    with nothing_changes(ActionRefused, "name the checkpoint"):
        sending.reach(transfer, "crossed")
    for gate in ("gate-south", "gate-north"):
        transfers.record_stage(sending(), transfer=transfer, stage="crossed", checkpoint=gate)
    with nothing_changes(ActionRefused, "has crossed at gate-south"):
        transfers.record_stage(sending(), transfer=transfer, stage="crossed", checkpoint="gate-south")
    sending.reach(transfer, "admitted")


def test_a_wrong_stage_is_taken_back_by_who_wrote_it_and_both_lines_stay(sending: Sending) -> None:
    need, _, transfer = sending.accepted()
    with nothing_changes(ActionRefused, "withdrawn or declined instead"):
        transfers.reverse_stage(sending(), transfer=transfer)
    sending.reach(transfer, "left")
    with nothing_changes(ActionRefused, "needs a reason"):
        transfers.reverse_stage(sending(reason=""), transfer=transfer)
    with nothing_changes(ActionRefused, "only admitted, discharged"):
        transfers.reverse_treatment(sending("doctor-tcd"), transfer=transfer)
    transfers.reverse_stage(sending(reason="turned back at the gate"), transfer=transfer)
    assert state(need) == "accepted"
    sending.reach(transfer, "left", "crossed", "admitted")
    with nothing_changes(ActionRefused, "can be taken back here"):
        transfers.reverse_stage(sending(), transfer=transfer)
    transfers.reverse_treatment(sending("doctor-tcd", reason="another ward"), transfer=transfer)
    assert state(need) == "travelling"
    told = [
        (one.number, one.stage, one.reverses and one.reverses.number)
        for one in TransferEvent.objects.order_by("number")
    ]
    assert told == [
        (1, "accepted", None), (2, "left", None), (3, "left", 2), (4, "left", None), (5, "crossed", None),
        (6, "admitted", None), (7, "admitted", 6),
    ]  # fmt: skip


def test_a_discharge_is_taken_back_only_while_its_place_is_free_and_nobody_is_on_the_way_home(sending: Sending) -> None:
    offer = sending.offer(places=1)
    need = sending.ask(sending.household().facts["persons"][0])
    transfer = sending.accept(sending.refer(need, offer))
    sending.plan(transfer)
    sending.reach(transfer, *OUT)
    back = transfers.plan_return(sending(), transfer=transfer, leaves_on=TODAY).ref
    with nothing_changes(ActionRefused, "the way home"):
        transfers.reverse_treatment(sending("doctor-tcd"), transfer=transfer)
    with nothing_changes(ActionRefused, "planned already"):
        transfers.plan_return(sending(), transfer=transfer, leaves_on=TODAY)
    transfers.reverse_stage(sending(), transfer=back)
    other = sending.refer(sending.ask(sending.household().facts["persons"][0]), offer)
    with nothing_changes(ActionRefused, "no place left"):
        transfers.reverse_treatment(sending("doctor-tcd"), transfer=transfer)
    referrals.withdraw_referral(sending(), referral=other)
    transfers.reverse_treatment(sending("doctor-tcd"), transfer=transfer)
    assert (state(need), taken(offer)) == ("admitted", 1)
    sending.reach(transfer, "discharged")
    again = transfers.plan_return(sending(), transfer=transfer, leaves_on=TODAY).ref
    assert again == back
    sending.reach(again, "left", "returned-home")
    sending.ask(EvacuationNeed.objects.get(pk=need).person_id)
    with nothing_changes(ActionRefused, "asked for the same person anew"):
        transfers.reverse_stage(sending(), transfer=again)


@pytest.mark.parametrize("reached", range(1, 5))
def test_who_dies_is_sent_nowhere_and_their_place_is_free(sending: Sending, reached: int) -> None:
    done = sending.household(MEMBERS[0])
    need, referral, transfer = sending.accepted(done.facts["persons"][0])
    sending.reach(transfer, *OUT[:reached])
    follow_person(sending.register(), person=done.facts["persons"][0], state="dead")
    for stage in STAGES[1:]:
        with nothing_changes(ActionRefused, "is dead"):
            sending.reach(transfer, stage)
    asking.end_evacuation(sending(), need=need, why="died")
    assert (state(need), taken(HospitalOffer.objects.get().ref)) == ("ended", 0)
    assert HospitalReferral.objects.get(pk=referral).state == "over"
    for act, given in (
        (asking.end_evacuation, {"need": need, "why": "died"}),
        (transfers.reverse_stage, {"transfer": transfer}),
        (asking.change_evacuation, {"need": need, "urgency": "planned"}),
    ):
        with nothing_changes(ActionRefused):
            act(sending(), **given)


@pytest.mark.parametrize(("reached", "why", "sentence"), [
    (0, "stays", "has arrived"), (1, "not-needed", "is travelling"), (0, "cured", "none of died"), (0, "", "none of died"),
])  # fmt: skip
def test_an_end_that_makes_no_sense_is_refused(sending: Sending, reached: int, why: str, sentence: str) -> None:
    need, _, transfer = sending.accepted()
    sending.reach(transfer, *OUT[:reached])
    with nothing_changes(EvenhandError, sentence):
        asking.end_evacuation(sending(), need=need, why=why)
    with nothing_changes(ActionRefused, "needs a reason"):
        asking.end_evacuation(sending(reason=""), need=need, why="died")


def test_who_is_erased_leaves_refs_stages_and_days(sending: Sending) -> None:
    done = sending.household()
    need, referral, transfer = sending.accepted(done.facts["persons"][0])
    home = sending.ask(done.facts["persons"][0], service="burns")
    sending.reach(transfer, "left", "crossed")
    erase_record(sending.register(reason="she asked for it"), record=done.ref)
    for ref in (need, home):
        row = EvacuationNeed.objects.get(pk=ref)
        assert (row.boxes, row.state, row.ended_why) == ({}, "ended", "erased")
    assert [one.stage for one in TransferEvent.objects.order_by("number")] == ["accepted", "left", "crossed"]
    assert (HospitalReferral.objects.get(pk=referral).state, HospitalOffer.objects.get().taken) == ("over", 0)
    assert HospitalReferral.objects.get(pk=referral).boxes == {}
    with nothing_changes(NameUnknown):
        sending.reach(transfer, "admitted")
    with nothing_changes(ActionRefused, "is ended"):
        sending.reach(transfer, "crossed")


def test_what_is_sealed_of_a_need_is_sealed_anew_with_the_others(sending: Sending) -> None:
    from django.conf import settings

    need = sending.ask(sending.household().facts["persons"][0])
    file = settings.EVENHAND.people_keys_file
    file.write_text(sealer().keys.with_new_seal().text(), encoding="ascii")
    rekey_register(sending("operator"))
    row = EvacuationNeed.objects.get(pk=need)
    assert all(sealer().is_newest(box) for box in row.boxes.values())
    assert sealer().open(need, "note", row.boxes["note"]) == NOTE


def test_who_was_taken_for_somebody_else_travels_as_the_record_that_stays(sending: Sending) -> None:
    one, two = sending.household(MEMBERS[0]), sending.household()
    need, _, transfer = sending.accepted(one.facts["persons"][0])
    merge_persons(sending.register(), person=one.facts["persons"][0], into=two.facts["persons"][0])
    sending.reach(transfer, *OUT)
    assert state(need) == "discharged"


def test_a_change_keeps_what_is_not_said(sending: Sending) -> None:
    zenaba, idriss = sending.household().facts["persons"]
    need = sending.ask(zenaba, languages="ar")
    done = asking.change_evacuation(sending(), need=need, urgency="immediate", companions=[idriss])
    assert done.facts["companions"] == [idriss]
    asking.change_evacuation(sending(), need=need, fitness="lying")
    row = EvacuationNeed.objects.get(pk=need)
    assert sealer().open_all(need, row.boxes) == {
        "service": "dialysis", "urgency": "immediate", "fitness": "lying", "languages": "ar", "note": NOTE,
    }  # fmt: skip
    assert row.companions == [idriss]
    correct_record(sending.register(), record=idriss, fields={"birth_year": "2013"})  # nothing of it stands in the need


def test_the_database_refuses_what_the_actions_never_do(sending: Sending) -> None:
    from django.db import DatabaseError, transaction

    need, referral, transfer = sending.accepted()
    sending.offer()
    for wrong in (
        lambda: TransferEvent.objects.update(day=LAST),
        lambda: TransferEvent.objects.all().delete(),
        lambda: Transfer.objects.filter(pk=transfer).delete(),
        lambda: HospitalReferral.objects.filter(pk=referral).delete(),
        lambda: EvacuationNeed.objects.filter(pk=need).delete(),
        lambda: HospitalOffer.objects.all().delete(),
        lambda: HospitalOffer.objects.update(taken=3),
        lambda: EvacuationNeed.objects.update(state="ended"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(using="people"):
            wrong()
