"""Actions on meetings and people in office: confirm, correct, merge, reject; take two spellings for one person.

The same meeting in several documents is one, and two spellings may be one person: the machine proposes, a person decides.
What was different before stands among a meeting's reasons.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.db.models import QuerySet

from evenhand.access.rights import shared_list
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.said.finding import MEETING_STANDS, expect, get_meeting, get_official, needs_reason, own_meeting
from evenhand.actions.said.merges import (
    DECIDED,
    PERSON,
    brought,
    decided_before,
    give_documents,
    give_people,
    keep_merge,
    new_to,
)
from evenhand.actions.typed import read_choice, read_line, refuse_future
from evenhand.errors import ActionRefused, NameUnknown
from evenhand.lookups.called import Parties
from evenhand.said.models import Meeting, Participant, Spoken, Statement

Ref = Annotated[str, "the meeting's ref, MT-..."]


@action("meeting confirm")
def confirm_meeting(doing: Doing, *, meeting: Ref) -> Done:
    """Confirm a meeting as it was read: from now on everybody sees it, with its documents and what each side said."""
    row = own_meeting(doing, meeting, "proposed", "rejected")
    _decide(doing, row, "confirmed")
    row.save(update_fields=DECIDED)
    return doing.done(row.ref)


@action("meeting reject")
def reject_meeting(doing: Doing, *, meeting: Ref) -> Done:
    """Reject what was taken for a meeting and is none; it stays on record with the reason."""
    row = own_meeting(doing, meeting, *MEETING_STANDS)
    needs_reason(doing, "rejecting a meeting")
    _decide(doing, row, "rejected")
    row.save(update_fields=DECIDED)
    return doing.done(row.ref)


@action("meeting correct")
def correct_meeting(
    doing: Doing,
    *,
    meeting: Ref,
    title: Annotated[str, "who met whom, in a line"] = "",
    date: Annotated[dt.date | None, "the day it took place"] = None,
    place: Annotated[str, "where it took place"] = "",
    kind: Annotated[str, "how it took place, such as received, met, phone call, conference"] = "",
    official: Annotated[str, "the ref of a participant to correct, HO-..."] = "",
    office: Annotated[str, "that participant's office"] = "",
    party: Annotated[str, "for whom that participant was there: the key of a party, or a name"] = "",
    side: Annotated[str, "that participant's side: host or guest"] = "",
    absent: Annotated[bool, "that participant was not there"] = False,
) -> Done:
    """Correct what is recorded of a meeting; what was recorded before stays among its reasons."""
    row = own_meeting(doing, meeting, *MEETING_STANDS)
    refuse_future(doing.today, "date", date)
    typed: dict[str, str | dt.date | None] = {
        "title": read_line("title", title, most=300, needed=False),
        "date": date,
        "place": read_line("place", place, most=300, needed=False),
        "kind": read_line("kind", kind, most=20, needed=False),
    }
    changes = [
        (name, getattr(row, name), value) for name, value in typed.items() if value and value != getattr(row, name)
    ]
    if not changes and not official:
        raise ActionRefused(
            "nothing to correct was given; say which of title, date, place, kind or participant differs"
        )
    why = f": {doing.reason.strip()}" if doing.reason.strip() else ""
    for name, was, value in changes:
        row.reasons = [
            *row.reasons,
            f"On {doing.today} the {name} was corrected from '{was or 'unknown'}' to '{value}'{why}",
        ]
        setattr(row, name, value)
    if official:
        said = _correct_participant(row, official, office, party, side, absent)
        row.reasons = [*row.reasons, f"On {doing.today} {said}{why}"]
    row.save(update_fields=["title", "date", "place", "kind", "reasons"])
    return doing.done(row.ref, changed=[name for name, _, _ in changes])


def _correct_participant(row: Meeting, official: str, office: str, party: str, side: str, absent: bool) -> str:
    """Correct one participant; return what changed, in words."""
    found = row.participants.filter(official=get_official(official)).first()
    if found is None:
        raise NameUnknown("participant of the meeting", official, ())
    if absent:
        found.delete()
        return f"{found.name} was taken off the participants"
    if not (office or party or side):
        raise ActionRefused(f"nothing to correct of {found.name} was given; say office, party, side or absent")
    changes = []
    if office:
        changes.append(f"office '{found.office or 'unknown'}' to '{office}'")
        found.office = read_line("office", office, most=300)
    if party:
        known, why = Parties().find(party)
        if known is None and "several" in why:
            raise ActionRefused(f"{why.rstrip('.')}; give the key of the party that is meant")
        name = known.name if known else read_line("party", party, most=300)
        changes.append(f"party '{found.party_name or 'unknown'}' to '{name}'")
        found.party, found.party_name = known, name
    if side:
        changes.append(f"side '{found.side}' to '{side}'")
        found.side = read_choice("side", side, Participant.SIDES)
    found.save(update_fields=["office", "party", "party_name", "side"])
    return f"{found.name} was corrected: {', '.join(changes)}"


@action("meeting merge")
def merge_meeting(
    doing: Doing, *, meeting: Ref, into: Annotated[str, "the ref of the meeting that stays, MT-..."]
) -> Done:
    """Merge two reports of one meeting: its documents, people and statements go over to the one that stays."""
    row = own_meeting(doing, meeting, *MEETING_STANDS)
    kept = get_meeting(into)
    expect(kept, *MEETING_STANDS)
    if kept.pk == row.pk:
        raise ActionRefused(f"{row.ref} cannot be merged into itself; name the meeting that stays")
    statements = list(Statement.objects.filter(meeting=row).order_by("ref").values_list("ref", flat=True))
    meetings = list(Meeting.objects.filter(merged_into=row).order_by("ref").values_list("ref", flat=True))
    moved = {"before": decided_before(row), "statements": statements, "meetings": meetings, **_new_to(row, kept)}
    give_documents(row, kept)
    give_people(row, kept)
    Statement.objects.filter(pk__in=statements).update(meeting=kept)
    kept.date, kept.place = kept.date or row.date, kept.place or row.place
    kept.reasons = list(dict.fromkeys([*kept.reasons, *row.reasons]))
    kept.save(update_fields=["date", "place", "reasons"])
    _decide(doing, row, "merged")
    row.merged_into = kept
    row.save(update_fields=[*DECIDED, "merged_into"])
    Meeting.objects.filter(pk__in=meetings).update(merged_into=kept)
    keep_merge(doing, row.ref, kept.ref, moved)
    return doing.done(row.ref, into=kept.ref)


def _new_to(row: Meeting, kept: Meeting) -> dict[str, Any]:
    """Return what a meeting has that is not another's own."""
    there = {
        "documents": [
            list(one.documents.order_by("evidence").values_list("evidence", flat=True)) for one in (row, kept)
        ],
        "people": [
            list(one.participants.order_by("official").values_list("official", flat=True)) for one in (row, kept)
        ],
        "reasons": [row.reasons, kept.reasons],
        "date": [[one.date.isoformat()] if one.date else [] for one in (row, kept)],
        "place": [[one.place] if one.place else [] for one in (row, kept)],
    }
    new: dict[str, Any] = {}
    for name, (has, had) in there.items():
        came = brought([kept.ref], name)
        if name in ("date", "place"):
            new[name] = "" if set(had) - came else next(iter(has), "")
        else:
            new[name] = new_to(has, had, came)
    return new


@action("official merge")
def merge_official(
    doing: Doing,
    *,
    official: Annotated[str, "the ref of the person whose spelling goes over to the other, HO-..."],
    into: Annotated[str, "the ref of the person that stays, HO-..."],
) -> Done:
    """Take two spellings for one person in office, with a reason; every document keeps the name as it has it."""
    doing.require(shared_list(doing.viewer))
    needs_reason(doing, "taking two names for one person")
    row, kept = get_official(official), get_official(into)
    if row.pk == kept.pk:
        raise ActionRefused(f"{official} and {into} are one person already")
    both = Participant.objects.filter(official=row, meeting__participants__official=kept)
    moved = {
        "spellings": new_to(row.spellings, kept.spellings, brought([kept.ref], "spellings")),
        "gone": [{"meeting": who.meeting_id} | {name: getattr(who, name) for name in PERSON} for who in both],
        "meetings": _refs(row.took_part.exclude(pk__in=both.values("pk")), "meeting"),
        "sentences": _refs(row.sentences.all(), "pk"),
        "statements": _refs(row.statements.all(), "pk"),
        "officials": _refs(row.merged.all(), "pk"),
    }
    kept.spellings = list(dict.fromkeys([*kept.spellings, *row.spellings]))
    kept.save(update_fields=["spellings"])
    both.delete()
    for table in (Participant, Spoken, Statement):
        table._default_manager.filter(official=row).update(official=kept)
    row.merged_into = kept
    row.save(update_fields=["merged_into"])
    row.merged.update(merged_into=kept)
    keep_merge(doing, row.ref, kept.ref, moved)
    return doing.done(row.ref, into=kept.ref)


def _refs(rows: QuerySet[Any], name: str) -> list[str]:
    return sorted(rows.values_list(name, flat=True))


def _decide(doing: Doing, row: Meeting, state: str) -> None:
    """Write who decided, when and why."""
    row.state, row.decided_by, row.decided_at, row.decision = state, doing.viewer.public_id, doing.at, doing.reason
