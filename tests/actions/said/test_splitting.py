"""A merge is taken back: both records stand as before, what came since goes where it belongs, and it stays on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from action_grid import refused, snapshot
from django.db import DatabaseError, transaction
from evenhand_cast import NOW, TODAY, Cast
from evenhand_said import TEXT, add_meeting, add_official, add_reading, add_sentences, add_statement
from evenhand_stock import make_gift

from evenhand.access.viewers import PUBLIC
from evenhand.actions.said.documents import read_in
from evenhand.actions.said.meetings import correct_meeting, merge_meeting, merge_official
from evenhand.actions.said.reviewing import correct_statement, enter_statement, merge_statement
from evenhand.actions.said.splitting import split_meeting, split_official, split_statement
from evenhand.actions.said.threads import link_statement
from evenhand.errors import ActionRefused
from evenhand.lookups.meetings import get_meeting
from evenhand.lookups.merges import list_merges
from evenhand.lookups.officials import find_official, get_official
from evenhand.lookups.statements import get_statement, list_statements
from evenhand.said.models import Meeting, Merge, Official, Participant, Spoken, Statement

pytestmark = pytest.mark.django_db
WRITTEN_ALWAYS = {"ActionLine", "Version", "Merge"}
NUMBERED = {"StatementLink", "MeetingDocument", "Participant"}
"""Tables whose rows have a running number, which a row that was made anew has not."""


def state() -> dict[str, Any]:
    """Every row of every table but those that each action writes, without running numbers."""
    return {
        name: sorted((row[1:] if name in NUMBERED else row for row in rows), key=repr)
        for name, rows in snapshot().items()
        if name not in WRITTEN_ALWAYS
    }


def without_reasons(rows: dict[str, Any]) -> dict[str, Any]:
    places = [field.name for field in Meeting._meta.concrete_fields].index("reasons")
    return rows | {"Meeting": [row[:places] + row[places + 1 :] for row in rows["Meeting"]]}


def met(guest: str = "Adoum Brahim Kosso", **given: Any) -> tuple[str, str, str, str]:
    """A meeting, its host, its guest and its document."""
    document = add_reading()
    host, other = add_official("Elvin Mammadov"), add_official(guest)
    add_sentences(document, host, "AZE")
    return add_meeting(document, {host: "AZE"}, {other: "TCD"}, **given), host, other, document


def test_a_statement_taken_out_again_leaves_everything_as_it_was(cast: Cast) -> None:
    kept, other, report = add_statement(), add_statement(), add_statement()
    for ref, offer in (
        (other, make_gift("IND", "vaccine-measles", 4000)),
        (kept, make_gift("AZE", "mask-surgical", 4000)),
    ):
        link_statement(cast("task-force"), statement=ref, about=offer)
    merge_statement(cast("task-force"), statement=report, into=other)
    before = state()
    merge_statement(cast("task-force", reason="one speech"), statement=other, into=kept)
    assert state() != before
    split_statement(cast("task-force", reason="two speeches"), statement=other)
    assert state() == before
    assert {one.ref for one in list_statements(PUBLIC)} == {kept, other}
    told = {one.merged: one for one in list_merges(PUBLIC)}
    first, second = told[report], told[other]
    assert (first.merged, first.into, first.split_at) == (report, other, None)
    assert (second.merged, second.into, second.reason, second.split_reason) == (
        other,
        kept,
        "one speech",
        "two speeches",
    )
    assert (second.by, {one.split_by for one in list_merges(cast.viewers["auditor"], about=kept)}) == (
        "",
        {"u-task-force"},
    )


def test_what_another_report_brought_too_stays(cast: Cast) -> None:
    kept, one, other = add_statement(), add_statement(), add_statement()
    gift = make_gift("IND", "vaccine-measles", 4000)
    for ref in (one, other):
        link_statement(cast("task-force"), statement=ref, about=gift)
        merge_statement(cast("task-force"), statement=ref, into=kept)
    split_statement(cast("task-force", reason="another speech"), statement=one)
    told = get_statement(PUBLIC, kept)
    assert (told.links, told.second_source) == ((gift,), Statement.objects.get(pk=other).evidence_id)
    assert [report.ref for report in told.reports] == [other]
    assert get_statement(PUBLIC, one).links == (gift,)
    split_statement(cast("task-force", reason="another speech"), statement=other)
    told = get_statement(PUBLIC, kept)
    assert (told.links, told.second_source) == ((), "")


def test_a_second_source_that_a_person_named_stays(cast: Cast) -> None:
    other = add_statement()
    source = Statement.objects.get(pk=other).evidence_id
    kept = add_statement(second_source_id=source)
    merge_statement(cast("task-force"), statement=other, into=kept)
    split_statement(cast("task-force", reason="another speech"), statement=other)
    assert get_statement(PUBLIC, kept).second_source == source


def test_a_statement_is_taken_out_of_what_replaced_the_one_it_was_merged_into(cast: Cast) -> None:
    kept, other = add_statement(), add_statement()
    gift = make_gift("IND", "vaccine-measles", 4000)
    link_statement(cast("task-force"), statement=other, about=gift)
    merge_statement(cast("task-force"), statement=other, into=kept)
    new = correct_statement(cast("task-force"), statement=kept, quantity="950").ref
    done = split_statement(cast("task-force", reason="another speech"), statement=other)
    told = get_statement(PUBLIC, new)
    assert (done.facts["was_in"], told.links, told.second_source, told.reports) == (new, (), "", ())
    assert get_statement(PUBLIC, other).state == "accepted"


def test_it_takes_a_reason_and_a_record_that_is_part_of_another(cast: Cast) -> None:
    kept, other, third = add_statement(), add_statement(), add_statement()
    person = add_official("Elvin Mammadov")
    add_meeting(add_reading(), {person: "AZE"}, {})
    with refused(ActionRefused, "takes one that is merged"):
        split_statement(cast("task-force", reason="x"), statement=kept)
    with refused(ActionRefused, "stands by itself"):
        split_official(cast("task-force", reason="x"), official=person)
    merge_statement(cast("task-force"), statement=other, into=kept)
    with refused(ActionRefused, "needs a reason"):
        split_statement(cast("task-force", reason=" "), statement=other)
    merge_statement(cast("task-force"), statement=kept, into=third)
    with refused(ActionRefused, f"{kept}, which was merged into {third} since; take {kept} out of that first"):
        split_statement(cast("task-force", reason="x"), statement=other)
    for ref in (kept, other):
        split_statement(cast("task-force", reason="x"), statement=ref)
    assert {one.ref for one in list_statements(PUBLIC)} == {kept, other, third}
    Statement.objects.filter(pk=other).update(state="merged", merged_into=kept)
    with refused(ActionRefused, "before it was kept what goes over"):
        split_statement(cast("task-force", reason="x"), statement=other)


def test_what_a_merge_moved_is_never_changed_or_deleted(cast: Cast) -> None:
    kept, other = add_statement(), add_statement()
    merge_statement(cast("task-force"), statement=other, into=kept)
    for harm in (lambda: Merge.objects.update(moved={}), lambda: Merge.objects.all().delete()):
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            harm()


def test_a_meeting_taken_out_again_leaves_everything_as_it_was_but_says_so(cast: Cast) -> None:
    kept = met(date=None, place="", reasons=["received"])[0]
    other, _, _, document = met("Somebody Else", reasons=["met"], state="proposed")
    earlier = met()[0]
    add_statement(document, meeting_id=other)
    merge_meeting(cast("task-force"), meeting=earlier, into=other)
    before = state()
    merge_meeting(cast("task-force"), meeting=other, into=kept)
    assert get_meeting(PUBLIC, kept).day == TODAY
    split_meeting(cast("task-force", reason="another day"), meeting=other)
    assert without_reasons(state()) == without_reasons(before)
    assert Meeting.objects.get(pk=kept).reasons == [
        "received", f"On {TODAY} {other} was taken out of it again: another day",
    ]  # fmt: skip
    assert Meeting.objects.get(pk=other).reasons == ["met", f"On {TODAY} it was taken out of {kept} again: another day"]


def test_what_two_reports_of_a_meeting_brought_stays_when_one_is_taken_out(cast: Cast) -> None:
    kept, _, _, document = met(place="")
    guest = add_official("Somebody Else")
    one, other = (add_meeting(document, {}, {guest: "KEN"}) for _ in range(2))
    for ref in (one, other):
        merge_meeting(cast("task-force"), meeting=ref, into=kept)
    split_meeting(cast("task-force", reason="another day"), meeting=one)
    told = get_meeting(PUBLIC, kept)
    assert (told.place, told.documents) == ("Baku", (document,))
    assert guest in {who.official for who in told.participants}
    split_meeting(cast("task-force", reason="another day"), meeting=other)
    told = get_meeting(PUBLIC, kept)
    assert (told.place, told.documents) == ("", (document,))
    assert guest not in {who.official for who in told.participants}


def test_statements_of_a_meetings_own_documents_go_back_with_it_also_later_ones(cast: Cast) -> None:
    (kept, *_), (other, _, _, document) = met(), met()
    early = add_statement(document, meeting_id=other)
    own = add_statement(meeting_id=kept)
    merge_meeting(cast("task-force"), meeting=other, into=kept)
    corrected = correct_statement(cast("task-force"), statement=early, quantity="950").ref
    later = enter_statement(
        cast("task-force", at=NOW + timedelta(hours=1)), document=document, words="send 900 tents", kind="promised",
        speaker="Elvin Mammadov", resource_words="tents", meeting=kept,
    ).ref  # fmt: skip
    split_meeting(cast("task-force", reason="another day"), meeting=other)
    told = {one.ref for one in get_meeting(PUBLIC, other).statements}
    assert told == {corrected, later}
    assert Statement.objects.get(pk=early).meeting_id == other
    assert [one.ref for one in get_meeting(PUBLIC, kept).statements] == [own]


def test_a_meeting_is_not_taken_out_where_somebody_who_came_with_it_was_corrected(cast: Cast) -> None:
    (kept, *_), (other, _, guest, _) = met(), met("Somebody Else")
    merge_meeting(cast("task-force"), meeting=other, into=kept)
    correct_meeting(cast("task-force"), meeting=kept, official=guest, office="President")
    with refused(ActionRefused, f"Somebody Else was corrected in {kept} since"):
        split_meeting(cast("task-force", reason="another day"), meeting=other)
    correct_meeting(cast("task-force"), meeting=kept, official=guest, absent=True)
    split_meeting(cast("task-force", reason="another day"), meeting=other)
    assert [who.office for who in Participant.objects.filter(meeting=other, official=guest)] == ["Minister"]


def test_a_person_taken_out_again_leaves_everything_as_it_was(cast: Cast) -> None:
    _, _, kept, _ = met()
    meeting, _, other, document = met("Adoum Ibrahim Kosso")
    third = met("A. Kosso")[2]
    Participant.objects.create(meeting_id=meeting, official_id=kept, name="Adoum Brahim Kosso", side="guest")
    add_statement(document, official_id=other)
    Spoken.objects.filter(evidence=document).update(official=other)
    merge_official(cast("task-force", reason="initials"), official=third, into=other)
    before = state()
    merge_official(cast("task-force", reason="one minister"), official=other, into=kept)
    assert find_official(PUBLIC, third).ref == kept  # type: ignore[union-attr]
    with refused(ActionRefused, "are one person already"):
        merge_official(cast("task-force", reason="again"), official=other, into=kept)
    split_official(cast("task-force", reason="brothers"), official=other)
    assert state() == before
    assert {get_official(PUBLIC, ref).ref for ref in (kept, other, third)} == {kept, other}


def test_what_was_read_since_goes_to_whom_its_spelling_names(cast: Cast) -> None:
    _, _, kept, _ = met()
    _, _, other, _ = met("Adoum Ibrahim Kosso")
    merge_official(cast("task-force", reason="one minister"), official=other, into=kept)
    later = NOW + timedelta(hours=1)
    for name in ("Adoum Brahim Kosso", "Adoum Ibrahim Kosso"):
        body = TEXT.replace("Adoum Brahim Kosso", name).encode()
        read_in(cast("task-force", at=later), file=body, filename="a.txt", publisher=name)
    assert Official.objects.filter(merged_into__isnull=True, name__contains="Kosso").count() == 1
    assert Participant.objects.filter(official=kept).count() == 4
    split_official(cast("task-force", reason="brothers", at=later), official=other)
    for ref, name in ((kept, "Adoum Brahim Kosso"), (other, "Adoum Ibrahim Kosso")):
        assert set(Participant.objects.filter(official=ref).values_list("name", flat=True)) == {name}
        assert Participant.objects.filter(official=ref).count() == 2
        said = Spoken.objects.filter(official=ref).values_list("speaker", flat=True)
        assert set(said) == {name}
        assert Official.objects.get(pk=ref).spellings == [name]


def test_what_was_merged_in_between_is_taken_apart_first(cast: Cast) -> None:
    """A meeting in which both took part holds one of them after they were taken for one."""
    (kept, _, one, _), (other, _, _, _) = met(), met()
    second = add_official("Adoum Ibrahim Kosso")
    Participant.objects.create(meeting_id=other, official_id=second, name="Adoum Ibrahim Kosso", side="guest")
    merge_meeting(cast("task-force"), meeting=other, into=kept)
    merge_official(cast("task-force", reason="one minister"), official=second, into=one)
    with refused(ActionRefused, f"take {second} out of {one} first"):
        split_meeting(cast("task-force", reason="another day"), meeting=other)
    third = met()[0]
    merge_meeting(cast("task-force"), meeting=kept, into=third)
    with refused(ActionRefused, f"both took part in {kept}, which was merged into {third} since"):
        split_official(cast("task-force", reason="brothers"), official=second)
    with refused(ActionRefused, f"{other} went into {kept}, which was merged into {third} since"):
        split_meeting(cast("task-force", reason="another day"), meeting=other)
    split_meeting(cast("task-force", reason="another day"), meeting=kept)
    split_official(cast("task-force", reason="brothers"), official=second)
    split_meeting(cast("task-force", reason="another day"), meeting=other)
    assert {who.official for who in get_meeting(PUBLIC, other).participants} >= {second}
    assert second not in {who.official for who in get_meeting(PUBLIC, kept).participants}


def test_who_was_taken_for_a_third_person_is_taken_out_of_that_first(cast: Cast) -> None:
    one, other, third = (met(name)[2] for name in ("A. Kosso", "Adoum Ibrahim Kosso", "Adoum Brahim Kosso"))
    merge_official(cast("task-force", reason="one"), official=one, into=other)
    merge_official(cast("task-force", reason="one"), official=other, into=third)
    with refused(ActionRefused, f"take {other} out of that first"):
        split_official(cast("task-force", reason="two"), official=one)
    split_official(cast("task-force", reason="two"), official=other)
    assert get_official(PUBLIC, one).ref == other
