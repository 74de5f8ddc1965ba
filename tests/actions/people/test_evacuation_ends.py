"""Who is not there any more keeps no place from others; and one person under two records is asked for once."""

from __future__ import annotations

import pytest
from evenhand_cast import TODAY
from evenhand_evacuation import Sending
from evenhand_register import DATABASES, MEMBERS, nothing_changes

from evenhand.actions.people.evacuation import asking, matching, transfers
from evenhand.actions.people.households import follow_person, merge_persons
from evenhand.errors import ActionRefused
from evenhand.people.models import EvacuationNeed, HospitalOffer, HospitalReferral

pytestmark = pytest.mark.django_db(databases=DATABASES)
FAR = ("asked", "matched", "referred", "accepted", "travelling", "admitted", "discharged")


def one(sending: Sending) -> str:
    return str(sending.household(MEMBERS[0]).facts["persons"][0])


def walk(sending: Sending, person: str, state: str, offer: str = "", **given: str) -> str:
    """Ask for somebody and go on until the need is in a state; return it."""
    need: str = sending.ask(person, **given)
    places = offer or sending.offer(**given)
    if state == "matched":
        matching.propose_matches(sending(), registration=sending.register.registration)
    if FAR.index(state) >= FAR.index("referred"):
        referral = sending.refer(need, places)
        if state != "referred":
            transfer = sending.accept(referral)
            sending.plan(transfer)
            stages = {"travelling": 1, "admitted": 3, "discharged": 4}
            sending.reach(transfer, *("left", "crossed", "admitted", "discharged")[: stages.get(state, 0)])
    assert EvacuationNeed.objects.get(pk=need).state == state
    return need


def told(need: str) -> tuple[str, str]:
    row = EvacuationNeed.objects.get(pk=need)
    return row.state, row.ended_why


def taken() -> int:
    return sum(HospitalOffer.objects.values_list("taken", flat=True))


@pytest.mark.parametrize("state", FAR)
@pytest.mark.parametrize(("became", "why"), [("dead", "died"), ("withdrawn", "withdrawn"), ("departed", "departed")])
def test_who_is_gone_before_leaving_is_waited_for_no_more(sending: Sending, state: str, became: str, why: str) -> None:
    person = one(sending)
    need = walk(sending, person, state)
    held = taken()
    follow_person(sending.register(), person=person, state=became)
    if state in ("asked", "matched", "referred", "accepted"):
        assert (told(need), taken()) == (("ended", why), 0)
        assert not HospitalReferral.objects.filter(state__in=HospitalReferral.LIVE).exists()
    else:
        assert (told(need), taken()) == ((state, ""), held)  # who sends says how it ended
        asking.end_evacuation(sending(), need=need, why="died")
        assert taken() == 0


def test_who_comes_back_asks_anew(sending: Sending) -> None:
    person = one(sending)
    need = walk(sending, person, "referred")
    follow_person(sending.register(), person=person, state="departed")
    follow_person(sending.register(), person=person, state="present")
    assert told(need) == ("ended", "departed")
    assert walk(sending, person, "referred") != need


def test_others_of_the_household_go_on(sending: Sending) -> None:
    zenaba, idriss = sending.household().facts["persons"]
    need = walk(sending, zenaba, "referred")
    follow_person(sending.register(), person=idriss, state="departed")
    assert (told(need), taken()) == (("referred", ""), 1)


def test_what_was_asked_under_another_record_ends_with_the_one_that_stays(sending: Sending) -> None:
    first, second, third = (one(sending) for _ in range(3))
    need = walk(sending, first, "accepted")
    for person, into in ((first, second), (second, third)):
        merge_persons(sending.register(), person=person, into=into)
    assert told(need) == ("accepted", "")
    follow_person(sending.register(), person=third, state="dead")
    assert (told(need), taken()) == (("ended", "died"), 0)


@pytest.mark.parametrize(("state", "other", "stays"), [
    ("asked", "asked", "other"), ("referred", "referred", "other"), ("accepted", "referred", "row"), ("asked", "accepted", "other"),
    ("admitted", "asked", "row"), ("referred", "discharged", "other"),
])  # fmt: skip
def test_one_person_is_asked_for_once_and_what_has_come_farther_stays(
    sending: Sending, state: str, other: str, stays: str
) -> None:
    person, kept = one(sending), one(sending)
    needs = {"row": walk(sending, person, state), "other": walk(sending, kept, other)}
    merge_persons(sending.register(), person=person, into=kept)
    ends = needs.pop("other" if stays == "row" else "row")
    (stayed,) = needs.values()
    assert told(ends) == ("ended", "merged")
    assert told(stayed) == (state if stays == "row" else other, "")
    live = HospitalReferral.objects.filter(state__in=HospitalReferral.LIVE)
    assert taken() == live.count() == live.filter(need=stayed).count()


def test_of_two_records_each_service_stays_once_and_is_asked_for_no_second_time(sending: Sending) -> None:
    person, kept = one(sending), one(sending)
    burns = walk(sending, person, "referred", service="burns")
    dialysis = walk(sending, kept, "asked")
    merge_persons(sending.register(), person=person, into=kept)
    assert (told(burns), told(dialysis)) == (("referred", ""), ("asked", ""))
    with nothing_changes(ActionRefused, f"already, as {burns}"):
        sending.ask(kept, service="burns")


def test_records_merged_one_after_the_other_leave_one_need(sending: Sending) -> None:
    people = [one(sending) for _ in range(3)]
    needs = [walk(sending, person, "referred") for person in people]
    for person, into in ((people[0], people[1]), (people[1], people[2])):
        merge_persons(sending.register(), person=person, into=into)
    assert [told(need)[0] for need in needs] == ["ended", "ended", "referred"]
    assert taken() == 1


def test_a_return_is_not_taken_back_where_the_record_that_stays_is_asked_for_anew(sending: Sending) -> None:
    person, kept = one(sending), one(sending)
    need = walk(sending, person, "discharged")
    out = HospitalReferral.objects.get(need=need).transfers.get(way="out").ref
    back = transfers.plan_return(sending(), transfer=out, leaves_on=TODAY).ref
    sending.reach(back, "left", "returned-home")
    walk(sending, kept, "asked")
    merge_persons(sending.register(), person=person, into=kept)
    with nothing_changes(ActionRefused, "asked for the same person anew"):
        transfers.reverse_stage(sending(), transfer=back)
