"""Actions that take a merge back: what was taken for one statement, meeting or person stands as two again.

Each gives back just what its merge moved; what others brought stays. Both records keep their refs, nothing is deleted that a
document says, and it stays on record that they were one, why, and why no longer. Refused where something builds on it.
"""

from __future__ import annotations

from typing import Annotated, Any

from evenhand.access.rights import shared_list
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import get_row
from evenhand.actions.said.finding import own_meeting, own_statement
from evenhand.actions.said.merges import (
    DECIDED,
    PERSON,
    decide_as_before,
    end_merge,
    give_documents,
    give_links,
    give_people,
    refuse_further,
)
from evenhand.errors import ActionRefused
from evenhand.said.models import Meeting, Merge, Official, Participant, Spoken, Statement


@action("statement split")
def split_statement(
    doing: Doing, *, statement: Annotated[str, "the ref of the statement that was merged, ST-..."]
) -> Done:
    """Take a statement out of the one it was merged into: both stand again, each with its own source and links."""
    row = own_statement(doing, statement, "merged")
    merge = end_merge(doing, row)
    kept = Statement.objects.get(pk=merge.into)
    while kept.state == "replaced" and kept.pk != row.merged_into_id:  # corrected since
        kept = Statement.objects.get(replaces=kept)
    refuse_further(row, kept)
    moved = merge.moved
    decide_as_before(row, moved["before"])
    row.save(update_fields=[*DECIDED, "merged_into"])
    Statement.objects.filter(pk__in=moved["reports"], merged_into=kept).update(merged_into=row)
    others = list(Statement.objects.filter(merged_into=kept).order_by("made_at", "ref"))
    kept.links.filter(about__in=moved["links"]).delete()
    for other in others:
        give_links(other, kept, moved["links"])
    if moved["second_source"] and kept.second_source_id == moved["second_source"]:
        sources = (other.evidence_id for other in others if other.evidence_id != kept.evidence_id)
        kept.second_source_id = next(sources, None)
        kept.save(update_fields=["second_source"])
    return doing.done(row.ref, was_in=kept.ref)


@action("meeting split")
def split_meeting(doing: Doing, *, meeting: Annotated[str, "the ref of the meeting that was merged, MT-..."]) -> Done:
    """Take a meeting out of the one it was merged into: each has its own documents, people and statements again."""
    row = own_meeting(doing, meeting, "merged")
    merge = end_merge(doing, row)
    kept = Meeting.objects.get(pk=merge.into)
    refuse_further(row, kept)
    moved = merge.moved
    came = _who_came(row, kept, moved["people"])
    decide_as_before(row, moved["before"])
    row.reasons = [*row.reasons, f"On {doing.today} it was taken out of {kept.ref} again: {doing.reason.strip()}"]
    row.save(update_fields=[*DECIDED, "merged_into", "reasons"])
    Meeting.objects.filter(pk__in=moved["meetings"], merged_into=kept).update(merged_into=row)
    others = list(Meeting.objects.filter(merged_into=kept).order_by("made_at", "ref"))
    kept.documents.filter(evidence__in=moved["documents"]).delete()
    kept.participants.filter(official__in=came).delete()
    for other in others:
        give_documents(other, kept, moved["documents"])
        give_people(other, kept, came)
    _give_statements_back(row, kept, merge)
    _unsay(kept, moved, others)
    said = f"On {doing.today} {row.ref} was taken out of it again: {doing.reason.strip()}"
    kept.reasons = [*kept.reasons, said]
    kept.save(update_fields=["date", "place", "reasons"])
    return doing.done(row.ref, was_in=kept.ref)


def _who_came(row: Meeting, kept: Meeting, people: list[str]) -> list[str]:
    """Return who took part in a meeting only because another was merged into it, by the refs they have now.

    Raises
    ------
    ActionRefused
        Somebody was corrected there since, or taken for one person with somebody who took part too.
    """
    now = {one.pk: one.merged_into_id or one.pk for one in Official.objects.filter(pk__in=people)}
    for one in Merge.objects.filter(merged__in=people, split_at__isnull=True):
        if any(gone["meeting"] == kept.pk for gone in one.moved["gone"]):
            raise ActionRefused(
                f"{one.merged} and {one.into}, who both took part in {kept.ref}, were taken for one person since; take "
                f"{one.merged} out of {now[one.merged]} first"
            )
    own = {who.official_id: who for who in row.participants.all()}
    for who in kept.participants.filter(official__in=now.values()):
        was = own.get(who.official_id)
        if was is None or any(getattr(who, name) != getattr(was, name) for name in PERSON):
            raise ActionRefused(
                f"{who.name} was corrected in {kept.ref} since {row.ref} was merged into it; take {who.official_id} off its "
                "participants first (meeting correct, absent), or correct it back"
            )
    return sorted(now.values())


def _give_statements_back(row: Meeting, kept: Meeting, merge: Merge) -> None:
    """Give a meeting its statements, what replaced them, and what was read or entered since in documents of its own."""
    mine = _with_later(set(merge.moved["statements"]))
    own = set(row.documents.values_list("evidence", flat=True)) - set(kept.documents.values_list("evidence", flat=True))
    since = Statement.objects.filter(meeting=kept, evidence__in=own, made_at__gt=merge.made_at)
    mine.update(since.values_list("pk", flat=True))
    Statement.objects.filter(pk__in=mine, meeting=kept).update(meeting=row)


def _with_later(refs: set[str]) -> set[str]:
    """Return statements with all that replaced them."""
    found, newest = set(refs), set(refs)
    while newest:
        newest = set(Statement.objects.filter(replaces__in=newest).values_list("pk", flat=True)) - found
        found |= newest
    return found


def _unsay(kept: Meeting, moved: dict[str, Any], others: list[Meeting]) -> None:
    """Take day, place and reasons away that a meeting had from another alone; what a person changed since stays."""
    if moved["date"] and kept.date is not None and kept.date.isoformat() == moved["date"]:
        kept.date = next((one.date for one in others if one.date), None)
    if moved["place"] and kept.place == moved["place"]:
        kept.place = next((one.place for one in others if one.place), "")
    still = {reason for one in others for reason in one.reasons}
    kept.reasons = [one for one in kept.reasons if one not in moved["reasons"] or one in still]


@action("official split")
def split_official(
    doing: Doing, *, official: Annotated[str, "the ref of the person that was merged into another, HO-..."]
) -> Done:
    """Take two people apart who were taken for one: each has the meetings and words under the own spelling again."""
    doing.require(shared_list(doing.viewer))
    row = get_row(Official, "official", official)
    merge = end_merge(doing, row)
    kept = Official.objects.get(pk=merge.into)
    refuse_further(row, kept)
    moved = merge.moved
    for gone in moved["gone"]:
        _refuse_merged(Meeting.objects.get(pk=gone["meeting"]))
    row.merged_into = None
    row.save(update_fields=["merged_into"])
    kept.merged.filter(pk__in=moved["officials"]).update(merged_into=row)
    spelled = {name.casefold() for name in moved["spellings"]}
    _give_meetings_back(row, kept, merge, spelled)
    Spoken.objects.filter(pk__in=moved["sentences"], official=kept).update(official=row)
    statements = _with_later(set(moved["statements"]))
    later = Statement.objects.filter(official=kept, made_at__gt=merge.made_at).values_list("pk", "speaker")
    statements |= {ref for ref, speaker in later if speaker.casefold() in spelled}
    Statement.objects.filter(pk__in=statements, official=kept).update(official=row)
    read = Spoken.objects.filter(official=kept, evidence__reading__made_at__gt=merge.made_at)
    said = [key for key, speaker in read.values_list("key", "speaker") if speaker.casefold() in spelled]
    Spoken.objects.filter(pk__in=said).update(official=row)
    still = {name for one in kept.merged.all() for name in one.spellings}
    kept.spellings = [name for name in kept.spellings if name not in moved["spellings"] or name in still]
    kept.save(update_fields=["spellings"])
    return doing.done(row.ref, was_in=kept.ref)


def _refuse_merged(meeting: Meeting) -> None:
    """Refuse where both took part in a meeting that is part of another by now: it has one of them alone."""
    if meeting.merged_into_id:
        raise ActionRefused(
            f"both took part in {meeting.ref}, which was merged into {meeting.merged_into_id} since; take {meeting.ref} out of "
            "that first"
        )


def _give_meetings_back(row: Official, kept: Official, merge: Merge, spelled: set[str]) -> None:
    """Give a person the meetings that were moved, and under the person's own spelling those that came since."""
    for gone in merge.moved["gone"]:
        Participant.objects.get_or_create(
            meeting_id=gone["meeting"], official=row, defaults={name: gone[name] for name in PERSON}
        )
    kept.took_part.filter(meeting__in=merge.moved["meetings"]).update(official=row)
    there = set(row.took_part.values_list("meeting", flat=True))
    further = set(Meeting.objects.filter(pk__in=there, merged_into__isnull=False).values_list("merged_into", flat=True))
    for who in kept.took_part.select_related("meeting"):
        came = who.meeting_id in further or who.meeting.made_at > merge.made_at
        if came and who.meeting_id not in there and who.name.casefold() in spelled:
            who.official = row
            who.save(update_fields=["official"])
