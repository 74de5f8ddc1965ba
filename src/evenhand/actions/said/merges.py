"""What a merge moved, kept when it is done, so that the two records can be taken apart again.

Used by the actions that merge, and by those of `splitting`. Names everything by ref, so that it holds in another database too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from evenhand.actions.action import Doing
from evenhand.actions.said.finding import needs_reason
from evenhand.errors import ActionRefused
from evenhand.said.models import Meeting, MeetingDocument, Merge, Official, Participant, Statement, StatementLink

DECIDED = ("state", "decided_by", "decided_at", "decision")
PERSON = ("name", "office", "party_id", "party_name", "side", "reason")
"""What is recorded of somebody who took part."""


def decided_before(row: Statement | Meeting) -> dict[str, Any]:
    """Return what was decided of a record before it is merged."""
    return {name: getattr(row, name) for name in DECIDED} | {
        "decided_at": row.decided_at.isoformat() if row.decided_at else None
    }


def decide_as_before(row: Statement | Meeting, before: Mapping[str, Any]) -> None:
    """Let a record stand as it was decided before it was merged."""
    row.state, row.decided_by, row.decision = before["state"], before["decided_by"], before["decision"]
    row.decided_at = datetime.fromisoformat(before["decided_at"]) if before["decided_at"] else None
    row.merged_into = None


def keep_merge(doing: Doing, merged: str, into: str, moved: Mapping[str, Any]) -> None:
    """Write down what went over."""
    Merge.objects.create(
        action=doing.id, merged=merged, into=into, moved=dict(moved), reason=doing.reason.strip(),
        made_by=doing.viewer.public_id, made_at=doing.at,
    )  # fmt: skip


def end_merge(doing: Doing, row: Statement | Meeting | Official) -> Merge:
    """Return the merge by which a record is part of another, written down as taken apart now.

    Raises
    ------
    ActionRefused
        No reason was given; the record is part of none.
    """
    merge = Merge.objects.filter(merged=row.pk, split_at__isnull=True).first()
    if merge is None:
        if row.merged_into_id is None:
            raise ActionRefused(f"{row.pk} stands by itself, and this takes one that was merged into another")
        raise ActionRefused(
            f"{row.pk} was merged into {row.merged_into_id} before it was kept what goes over; correct what is wrong by hand"
        )
    needs_reason(doing, "taking two records apart")
    merge.split_by, merge.split_at, merge.split_reason = doing.viewer.public_id, doing.at, doing.reason.strip()
    merge.save(update_fields=["split_by", "split_at", "split_reason"])
    return merge


def refuse_further(row: Statement | Meeting | Official, at: Statement | Meeting | Official) -> None:
    """Refuse to take a record out of one that is itself part of another by now."""
    if row.merged_into_id != at.pk:
        raise ActionRefused(
            f"{row.pk} went into {at.pk}, which was merged into {at.merged_into_id} since; take {at.pk} out of that first"
        )


def brought(into: Iterable[str], name: str) -> set[Any]:
    """Return what a record has only because others were merged into it: what was moved under a name.

    Parameters
    ----------
    into
        The record's ref, and those of what it replaced.
    """
    found: set[Any] = set()
    for moved in Merge.objects.filter(into__in=list(into), split_at__isnull=True).values_list("moved", flat=True):
        found |= set(moved[name] if isinstance(moved[name], list) else [moved[name]])
    return found


def give_links(row: Statement, kept: Statement, among: Iterable[str] | None = None) -> None:
    """Link a statement to what another is linked to. `among`: to nothing else."""
    known = set(kept.links.values_list("about", flat=True))
    new = [about for about in row.links.order_by("about").values_list("about", flat=True) if about not in known]
    StatementLink.objects.bulk_create(
        StatementLink(statement=kept, about=about) for about in new if among is None or about in among
    )


def give_documents(row: Meeting, kept: Meeting, among: Iterable[str] | None = None) -> None:
    """Let a meeting be reported by another's documents too. `among`: by no others."""
    known = set(kept.documents.values_list("evidence", flat=True))
    new = [one for one in row.documents.order_by("evidence").values_list("evidence", flat=True) if one not in known]
    MeetingDocument.objects.bulk_create(
        MeetingDocument(meeting=kept, evidence_id=one) for one in new if among is None or one in among
    )


def give_people(row: Meeting, kept: Meeting, among: Iterable[str] | None = None) -> None:
    """Let those who took part in a meeting have taken part in another. `among`: nobody else."""
    known = set(kept.participants.values_list("official", flat=True))
    new = [who for who in row.participants.order_by("official") if who.official_id not in known]
    Participant.objects.bulk_create(
        Participant(meeting=kept, official_id=who.official_id, **{name: getattr(who, name) for name in PERSON})
        for who in new
        if among is None or who.official_id in among
    )


def new_to(there: Iterable[str], own: Iterable[str], came: set[str]) -> list[str]:
    """Return what is not a record's own: it has it not, or has it only by another merge.

    Examples
    --------
    >>> new_to(["a", "b", "c"], ["a", "b"], {"b"})
    ['b', 'c']
    """
    had = set(own) - came
    return [one for one in dict.fromkeys(there) if one not in had]
