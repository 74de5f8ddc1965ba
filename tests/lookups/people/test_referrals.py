"""What a hospital reads of who is named to it: no name before it accepts, the least of who comes along, and its case workers alone."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_evacuation import LAST, NOTE, Sending
from evenhand_register import DATABASES, MEMBERS, nothing_changes, people_rows

from evenhand.actions.people.evacuation import hospitals, referrals, transfers
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed
from evenhand.lookups.people.reading import readings_of
from evenhand.lookups.people.referrals import list_referrals, read_referral
from evenhand.people.models import Person, ReadLine, Registration

pytestmark = pytest.mark.django_db(databases=DATABASES)
CASE = {"service": "dialysis", "urgency": "urgent", "fitness": "seated", "languages": "ar", "note": NOTE}
COMPANION = {
    **MEMBERS[1], "birth_date": "2014-05-01", "phone": "+235 66 99 99 99", "condition": "disabled", "health_note": "Canarynote of the boy",
    "other_name": "Issa",
}  # fmt: skip


def viewer(sending: Sending, name: str) -> Any:
    return sending.register.cast.viewers[name]


def named(sending: Sending) -> tuple[Any, str]:
    """Return a household of which one is referred, with a companion, and the referral."""
    done = sending.household(MEMBERS[0], COMPANION)
    zenaba, idriss = done.facts["persons"]
    return done, sending.refer(sending.ask(zenaba, companions=[idriss], languages="ar"), sending.offer())


def test_before_it_accepts_a_hospital_reads_no_name(sending: Sending) -> None:
    done, referral = named(sending)
    told = read_referral(viewer(sending, "doctor-tcd"), referral, "can we take her?")
    assert (dict(told.case), told.age, told.companions) == (CASE, 38, 1)
    assert (told.patient, told.along, told.transfers) == (None, (), ())
    for word in (
        "Zenaba",
        "Idriss",
        "Mahamat",
        "1988",
        "66",
        "pregnant",
        "Canarynote of",
        *done.facts["persons"],
        done.ref,
    ):
        assert word not in repr(told), word
    (line,) = readings_of(done.ref)
    assert (set(line.fields), line.role, line.why) == ({"age", *CASE}, "case-worker", "can we take her?")


def test_once_it_has_accepted_it_reads_the_patient_and_the_least_of_who_comes_along(sending: Sending) -> None:
    done, referral = named(sending)
    transfer = sending.accept(referral)
    told = read_referral(viewer(sending, "doctor-tcd"), referral)
    assert told.patient is not None
    assert (told.patient.fields, dict(told.case)) == (MEMBERS[0], CASE)
    (along,) = told.along
    assert along.fields == {
        "given_name": "Idriss", "family_name": "Mahamat Saleh", "birth_year": "2014", "birth_date": "2014-05-01",
    }  # fmt: skip
    assert [one.ref for one in told.transfers] == [transfer]
    lines = {one.person: set(one.fields) for one in readings_of(done.ref)}
    assert lines[done.facts["persons"][1]] == set(along.fields)
    assert {"condition", "note", "service"} <= lines[done.facts["persons"][0]]


def test_who_does_not_come_along_after_all_is_not_read(sending: Sending) -> None:
    _, referral = named(sending)
    transfer = sending.accept(referral)
    transfers.plan_transfer(sending(), transfer=transfer, leaves_on=LAST, companions=[])
    told = read_referral(viewer(sending, "doctor-tcd"), referral)
    assert (told.companions, told.along) == (0, ())


def test_an_age_that_case_workers_may_not_read_is_told_to_no_hospital(sending: Sending) -> None:
    row = Registration.objects.get(pk=sending.register.registration)
    for field in ("birth_year", "birth_date"):
        row.fields[field]["readers"] = ["registrar"]
    row.save()
    _, referral = named(sending)
    assert read_referral(viewer(sending, "doctor-tcd"), referral).age is None
    assert "age" not in ReadLine.objects.get().fields
    sending.accept(referral)
    assert "2014" not in repr(read_referral(viewer(sending, "doctor-tcd"), referral).along)


@pytest.mark.parametrize("state", ["dead", "departed", "withdrawn"])
def test_who_is_not_there_any_more_is_read_by_no_hospital(sending: Sending, state: str) -> None:
    done, referral = named(sending)
    transfer = sending.accept(referral)
    sending.plan(transfer)
    sending.reach(transfer, "left")
    Person.objects.filter(pk=done.facts["persons"][0]).update(state=state)
    before = people_rows()
    with pytest.raises(ActionRefused, match=f"is {state}"):
        read_referral(viewer(sending, "doctor-tcd"), referral)
    assert people_rows() == before


def test_who_has_a_role_for_places_alone_reads_and_takes_in_nobody(sending: Sending) -> None:
    """A state's focal point, above its hospital, and one of the hospital itself."""
    from evenhand_cast import NOW, TODAY

    from evenhand.access.models import RoleHeld, User
    from evenhand.access.viewers import viewer_of

    user = User.objects.create_user("desk-tcd", public_id="u-desk-tcd", made_at=NOW)
    RoleHeld.objects.create(user=user, role="focal-point", party="TCD-hospital", since=TODAY)
    sending.register.cast.viewers["desk-tcd"] = viewer_of(user, on=TODAY)
    _, referral = named(sending)
    other = sending.accepted()[2]
    sending.reach(other, "left", "crossed")
    for who in ("focal-tcd", "desk-tcd"):
        for look in (read_referral, lambda one, _: list_referrals(one, "TCD-hospital")):
            before = people_rows()
            with pytest.raises(NotAllowed):
                look(viewer(sending, who), referral)
            assert people_rows() == before
        for act, given in (
            (referrals.accept_referral, {"referral": referral}),
            (referrals.decline_referral, {"referral": referral}),
            (transfers.record_treatment, {"transfer": other, "stage": "admitted"}),
            (transfers.reverse_treatment, {"transfer": other}),
        ):
            with nothing_changes(NotAllowed):
                act(sending(who), **given)
        offer = hospitals.offer_places(
            sending(who), party="TCD-hospital", service="burns", places=1, until=LAST, fitness="lying"
        ).ref
        hospitals.change_places(sending(who), offer=offer, places=2)
        hospitals.withdraw_places(sending(who), offer=offer)


def test_a_case_worker_of_another_hospital_reads_as_if_there_were_none(sending: Sending) -> None:
    _, referral = named(sending)
    for one in (referral, "RH-0000000000"):
        with pytest.raises(NameUnknown):
            read_referral(viewer(sending, "doctor-ken"), one)
