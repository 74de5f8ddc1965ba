"""A person decides what was read: accepts, corrects, rejects, merges, threads, links; parties answer. Words never change."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from action_grid import refused
from evenhand_cast import TODAY, Cast
from evenhand_said import (
    CLAIM,
    TEXT,
    add_meeting,
    add_official,
    add_reading,
    add_sentences,
    add_statement,
    add_thread,
)
from evenhand_seen import add_need
from evenhand_stock import make_gift

from evenhand.access.viewers import PUBLIC
from evenhand.actions.said.meetings import correct_meeting, merge_meeting, merge_official, reject_meeting
from evenhand.actions.said.replying import answer_statement
from evenhand.actions.said.reviewing import (
    accept_statement,
    correct_statement,
    enter_statement,
    merge_statement,
    reject_statement,
)
from evenhand.actions.said.threads import link_statement, thread_statement, unlink_statement
from evenhand.errors import ActionRefused, InputRefused, NameUnknown, NotAllowed
from evenhand.lookups.meetings import get_meeting
from evenhand.lookups.money import list_money
from evenhand.lookups.officials import get_official
from evenhand.lookups.promises import list_promises
from evenhand.lookups.statements import find_statement, get_statement, list_statements
from evenhand.records.models import Party
from evenhand.said.models import Meeting, Participant, Statement
from evenhand.stockbook.models import Entry

pytestmark = pytest.mark.django_db


def test_an_accepted_statement_is_seen_by_everybody_in_its_speakers_words(cast: Cast) -> None:
    ref = add_statement(state="proposed")
    assert find_statement(PUBLIC, ref) is None
    accept_statement(cast("task-force"), statement=ref)
    told = get_statement(PUBLIC, ref)
    assert told.claim == f"Elvin Mammadov said, on {TODAY}, in State news agency: “{CLAIM}”"
    assert (told.decided_by, told.quantity, told.unit) == ("", Decimal(900), "tent")
    assert get_statement(cast.viewers["auditor"], ref).decided_by == "u-task-force"


def test_what_the_narrator_and_both_sides_say_is_not_put_into_a_mouth(cast: Cast) -> None:
    assert get_statement(PUBLIC, add_statement(speaker="narrator")).claim.startswith("State news agency wrote, on ")
    assert get_statement(PUBLIC, add_statement(speaker="both")).claim.startswith("Both sides said, on ")


def test_a_statement_adds_nothing_to_any_total_whatever_it_is_linked_to(cast: Cast) -> None:
    gift = make_gift("IND", "USD", 100_000, allocated={"TCD": 100_000})
    before = (list_money(PUBLIC), list_promises(PUBLIC), Entry.objects.count())
    ref = add_statement(resource_id="USD", quantity=5_000_000, unit="USD", state="proposed", receivers=("TCD",))
    accept_statement(cast("task-force"), statement=ref)
    link_statement(cast("task-force"), statement=ref, about=gift)
    assert (list_money(PUBLIC), Entry.objects.count()) == (before[0], before[2])
    counted = [
        [(one.promised, one.allocated) for one in rows if hasattr(one, "promised")]
        for rows in (before[1], list_promises(PUBLIC))
    ]
    assert counted[0] == counted[1]


def test_a_correction_is_a_new_record_and_the_old_one_stays(cast: Cast) -> None:
    gift, thread = make_gift("AZE", "mask-surgical", 4000), add_thread()
    old = add_statement(receivers=("TCD",), thread_id=thread)
    link_statement(cast("task-force"), statement=old, about=gift)
    new = correct_statement(
        cast("task-force", reason="heard again"), statement=old, quantity="950", receivers="KEN; Nowhere"
    ).ref
    told = get_statement(PUBLIC, new)
    assert (told.quantity, told.receivers, told.receiver_names, told.links, told.thread) == (
        Decimal(950), ("KEN",), ("Kenya", "Nowhere"), (gift,), thread,
    )  # fmt: skip
    (before,) = told.history
    assert (before.ref, before.quantity, before.state, before.receivers) == (old, Decimal(900), "replaced", ("TCD",))
    assert get_statement(PUBLIC, old).replaced_by == new
    assert [one.ref for one in list_statements(PUBLIC)] == [new]
    with refused(ActionRefused, f"{new} replaces it, so name that"):
        correct_statement(cast("task-force"), statement=old, quantity="1")


def test_what_was_proposed_and_corrected_before_anybody_saw_it_stays_with_reviewers(cast: Cast) -> None:
    old = add_statement(state="proposed")
    new = correct_statement(cast("task-force"), statement=old, quantity="950").ref
    assert get_statement(PUBLIC, new).history == ()
    assert [one.ref for one in get_statement(cast.viewers["task-force"], new).history] == [old]


def test_a_field_can_be_emptied_and_the_health_says_what_is_missing(cast: Cast) -> None:
    ref = correct_statement(cast("task-force"), statement=add_statement(), unset="quantity; giver;deadline").ref
    told = get_statement(PUBLIC, ref)
    assert (told.quantity, told.giver, told.giver_name) == (None, "", "")
    assert {"No amount is named.", "Who gives is not said."} <= set(told.health)


def test_words_can_be_corrected_to_others_of_the_same_document_alone(cast: Cast) -> None:
    ref = add_statement()
    new = correct_statement(cast("task-force"), statement=ref, words="900 tents to Chad by April 2026").ref
    row = Statement.objects.get(pk=new)
    assert TEXT[row.start : row.end] == row.words == "900 tents to Chad by April 2026"
    with refused(ActionRefused, "does not stand in the document's text"):
        correct_statement(cast("task-force"), statement=new, words="1000 houses")


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ({}, ActionRefused, "nothing to correct was given"),
        ({"unset": "speaker"}, ActionRefused, "no field to empty 'speaker'"),
        ({"kind": "pledged"}, ActionRefused, "given, promised, needed"),
        ({"kind": "given", "firmness": "pledge"}, ActionRefused, "only a promise has a firmness"),
        ({"quantity": "-5"}, ActionRefused, "quantity is '-5'"),
        ({"quantity": "9" * 30}, ActionRefused, "quantity is"),
        ({"resource": "tent"}, NameUnknown, "no resource 'tent'"),
        ({"official": "HO-0000000000"}, NameUnknown, "no official"),
        ({"meeting": "MT-0000000000"}, NameUnknown, "no meeting"),
        ({"said_on": TODAY + timedelta(days=1)}, ActionRefused, "has not come yet"),
        ({"speaker": "x" * 400}, ActionRefused, "at most 300"),
        ({"giver": "a\u202eb"}, ActionRefused, "unseen character"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_in_words(
    cast: Cast, given: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    ref = add_statement()
    with refused((ActionRefused, NameUnknown, InputRefused), sentence) as caught:
        correct_statement(cast("task-force"), statement=ref, **given)
    assert isinstance(caught.value, error)


def test_a_name_that_two_parties_have_is_refused_until_the_key_is_given(cast: Cast) -> None:
    for key in ("A1", "A2"):
        Party.objects.create(key=key, name="Red Crescent", kind="organisation")
    ref = add_statement()
    with refused(ActionRefused, "give the key of the giver"):
        correct_statement(cast("task-force"), statement=ref, giver="Red Crescent")
    assert get_statement(PUBLIC, correct_statement(cast("task-force"), statement=ref, giver="A2").ref).giver == "A2"


def test_words_that_stand_twice_need_their_place(cast: Cast) -> None:
    document = add_reading("They sent tents. They sent tents.")
    given: dict[str, Any] = {
        "document": document, "words": "sent tents", "kind": "given", "speaker": "A", "resource_words": "tents",
    }  # fmt: skip
    with refused(ActionRefused, "stands in the text at 5, 22"):
        enter_statement(cast("task-force"), **given)
    row = Statement.objects.get(pk=enter_statement(cast("task-force"), **given, at=22).ref)
    assert (row.start, row.end, row.words, row.state) == (22, 32, "sent tents", "accepted")
    with refused(ActionRefused, "say which is meant"):
        enter_statement(cast("task-force"), **given, at=7)


def test_rejecting_takes_a_reason_and_can_be_taken_back(cast: Cast) -> None:
    ref = add_statement(state="proposed")
    with refused(ActionRefused, "needs a reason"):
        reject_statement(cast("task-force"), statement=ref)
    reject_statement(cast("task-force", reason="it was denied"), statement=ref)
    assert find_statement(PUBLIC, ref) is None
    assert get_statement(cast.viewers["task-force"], ref).decision == "it was denied"
    accept_statement(cast("task-force"), statement=ref)
    assert find_statement(PUBLIC, ref) is not None


def test_a_duplicate_is_merged_and_becomes_the_second_source(cast: Cast) -> None:
    kept, other = add_statement(), add_statement()
    merge_statement(cast("task-force"), statement=other, into=kept)
    told = get_statement(PUBLIC, kept)
    assert told.second_source == Statement.objects.get(pk=other).evidence_id
    assert [one.ref for one in told.reports] == [other]
    assert [one.ref for one in list_statements(PUBLIC)] == [kept]
    for statement, into, why in (
        (kept, other, f"merged into {kept}"),
        (other, kept, "merged into"),
        (kept, kept, "into itself"),
    ):
        with refused(ActionRefused, why):
            merge_statement(cast("task-force"), statement=statement, into=into)


def test_a_thread_tells_the_growing_number_day_by_day(cast: Cast) -> None:
    first = add_statement(quantity=30, said_on=TODAY - timedelta(days=700))
    later = add_statement(quantity=80)
    thread = thread_statement(cast("task-force"), statement=later, title="Countries helped").facts["thread"]
    thread_statement(cast("task-force"), statement=first, thread=thread)
    told = get_statement(PUBLIC, first)
    assert [(one.ref, one.quantity) for one in told.mates] == [(first, 30), (later, 80)]
    thread_statement(cast("task-force"), statement=first)
    assert get_statement(PUBLIC, first).mates == ()
    with refused(ActionRefused, "is in no thread"):
        thread_statement(cast("task-force"), statement=first)
    with refused(ActionRefused, "or give a title"):
        thread_statement(cast("task-force"), statement=first, thread=thread, title="x")


def test_a_link_is_seen_only_where_what_it_names_is_seen(cast: Cast) -> None:
    ref, draft = add_statement(), add_need("TCD", "submitted", "x")
    link_statement(cast("task-force"), statement=ref, about=draft)
    assert get_statement(PUBLIC, ref).links == ()
    assert list_statements(PUBLIC, about=draft) == []
    assert get_statement(cast.viewers["task-force"], ref).links == (draft,)
    with refused(ActionRefused, "linked to"):
        link_statement(cast("task-force"), statement=ref, about=draft)
    with refused(NameUnknown, "no offer, need, programme, round or entry 'x'"):
        link_statement(cast("task-force"), statement=ref, about="x")
    unlink_statement(cast("task-force"), statement=ref, about=draft)
    with refused(ActionRefused, "is not linked"):
        unlink_statement(cast("task-force"), statement=ref, about=draft)


def test_a_party_answers_what_is_by_it_or_about_it_and_nothing_else(cast: Cast) -> None:
    ref = add_statement(receivers=("TCD",), giver_id="IND")
    answer_statement(cast("focal-tcd"), statement=ref, party="TCD", text="400 came")
    answer_statement(cast("donor-ind"), statement=ref, party="IND", text="the rest is on its way")
    replies = get_statement(PUBLIC, ref).replies
    assert {(one.party, one.text, one.by) for one in replies} == {
        ("TCD", "400 came", ""),
        ("IND", "the rest is on its way", ""),
    }
    with refused(ActionRefused, "neither by KEN nor about it"):
        answer_statement(cast("focal-ken"), statement=ref, party="KEN", text="x")
    with refused(NotAllowed):
        answer_statement(cast("focal-ken"), statement=ref, party="TCD", text="x")
    with refused(ActionRefused, "says something"):
        answer_statement(cast("focal-tcd"), statement=ref, party="TCD", text=" ")


def test_answers_stay_with_what_replaced_the_statement(cast: Cast) -> None:
    ref = add_statement(receivers=("TCD",))
    answer_statement(cast("focal-tcd"), statement=ref, party="TCD", text="400 came")
    new = correct_statement(cast("task-force"), statement=ref, quantity="400").ref
    assert [one.text for one in get_statement(PUBLIC, new).replies] == ["400 came"]


def met(**given: Any) -> tuple[str, str, str]:
    document = add_reading()
    host, guest = add_official("Elvin Mammadov"), add_official("Adoum Brahim Kosso")
    add_sentences(document, host, "AZE")
    return add_meeting(document, {host: "AZE"}, {guest: "TCD"}, **given), host, guest


def test_what_was_recorded_of_a_meeting_before_stays_among_its_reasons(cast: Cast) -> None:
    ref, host, _ = met()
    correct_meeting(
        cast("task-force", reason="the ministry wrote"), meeting=ref, place="Ganja", official=host, office="President"
    )
    told = get_meeting(PUBLIC, ref)
    assert (told.place, told.participants[0].office) == ("Ganja", "President")
    assert "the place was corrected from 'Baku' to 'Ganja': the ministry wrote" in told.reasons[0]
    assert "office 'Minister' to 'President'" in told.reasons[1]
    with refused(ActionRefused, "nothing to correct"):
        correct_meeting(cast("task-force"), meeting=ref, place="Ganja")
    elsewhere = met()[1]
    with refused(NameUnknown, "no participant"):
        correct_meeting(cast("task-force"), meeting=ref, official=elsewhere, absent=True)


def test_two_reports_of_a_meeting_become_one_with_both_documents(cast: Cast) -> None:
    one, other = met(place="")[0], met()[0]
    statement = add_statement(meeting_id=other)
    merge_meeting(cast("task-force"), meeting=other, into=one)
    told = get_meeting(PUBLIC, one)
    assert (len(told.documents), len(told.sentences), told.place) == (2, 2, "Baku")
    assert [row.ref for row in told.statements] == [statement]
    assert get_meeting(PUBLIC, other).ref == one
    with refused(ActionRefused, f"merged into {one}"):
        reject_meeting(cast("task-force", reason="x"), meeting=other)


def test_two_spellings_become_one_person_and_documents_keep_theirs(cast: Cast) -> None:
    first, _, one = met()
    second, _, other = met()
    Participant.objects.filter(official=other).update(name="Adoum Ibrahim Kosso")
    with refused(ActionRefused, "needs a reason"):
        merge_official(cast("task-force"), official=other, into=one)
    merge_official(cast("task-force", reason="one minister"), official=other, into=one)
    told = get_official(PUBLIC, one)
    assert sorted(row.ref for row in told.met) == sorted((first, second))
    assert get_official(PUBLIC, other).ref == one
    assert {who.name for row in told.met for who in row.participants if who.side == "guest"} == {
        "Adoum Brahim Kosso", "Adoum Ibrahim Kosso",
    }  # fmt: skip
    with refused((ActionRefused, NameUnknown)):
        merge_official(cast("task-force", reason="again"), official=other, into=one)


def test_a_rejected_meeting_takes_a_reason_and_is_seen_by_nobody_outside(cast: Cast) -> None:
    ref = met()[0]
    with refused(ActionRefused, "needs a reason"):
        reject_meeting(cast("task-force"), meeting=ref)
    reject_meeting(cast("task-force", reason="a statement only"), meeting=ref)
    assert Meeting.objects.get(pk=ref).decision == "a statement only"
    with pytest.raises(NameUnknown):
        get_meeting(PUBLIC, ref)
