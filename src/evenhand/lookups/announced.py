"""What was accepted or confirmed lately of what was said: for feeds, which tell everything once and what changed of it.

A document is never cut: with one of its statements come all. Reads only; lists what the viewer's own lists list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from evenhand.access.viewers import Viewer
from evenhand.lookups.documents import seen_meetings, seen_statements
from evenhand.lookups.meetings import Meeting
from evenhand.lookups.meetings import tell as tell_meetings
from evenhand.lookups.paging import expect_most
from evenhand.lookups.statements import Statement
from evenhand.lookups.statements import tell as tell_statements
from evenhand.said import models as said

LARGEST = 1000
"""A feed never tells more."""

MostChoice = Annotated[int, "so many at least, where there are so many"]


@dataclass(frozen=True, slots=True)
class AnnouncedStatement:
    """Hold a statement that stands.

    Attributes
    ----------
    first
        The ref under which it was accepted first, whatever corrected it since: it stays the same.
    first_at, at
        When it was accepted first, and when it was decided as it stands.
    """

    statement: Statement
    first: str
    first_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class AnnouncedMeeting:
    """Hold a confirmed meeting, and when it was confirmed."""

    meeting: Meeting
    at: datetime


def list_announced(viewer: Viewer, *, most: MostChoice = 50) -> list[AnnouncedStatement]:
    """Return the statements that were accepted or corrected last, the newest first, with all others of their documents."""
    expect_most(most)
    standing = seen_statements(viewer).filter(state="accepted")
    newest: Any = standing.annotate(newest=Coalesce("decided_at", "made_at")).order_by("-newest", "ref")
    documents = dict.fromkeys(newest.values_list("evidence", flat=True)[:most])
    rows = standing.filter(evidence__in=list(documents)).order_by("-made_at", "ref")[:LARGEST]
    told = tell_statements(viewer, rows)
    before = dict(said.Statement.objects.filter(pk__in=[one.ref for one in told]).values_list("ref", "replaces"))
    accepted = _accepted_before(before)
    found = []
    for one in told:
        first, first_at = accepted.get(one.ref, (one.ref, one.decided_at or one.made_at))
        found.append(AnnouncedStatement(one, first, first_at, one.decided_at or one.made_at))
    return sorted(found, key=lambda one: (-one.at.timestamp(), one.statement.ref))


def _accepted_before(replaced: dict[str, str | None]) -> dict[str, tuple[str, datetime]]:
    """Return of statements that replaced others under which ref, and when, each was accepted first."""
    found: dict[str, tuple[str, datetime]] = {}
    asked = {old: ref for ref, old in replaced.items() if old}
    while asked:
        rows = said.Statement.objects.filter(pk__in=asked, accepted_at__isnull=False)
        further: dict[str, str] = {}
        for ref, old, accepted_at in rows.values_list("ref", "replaces", "accepted_at"):
            newest = asked[ref]
            if accepted_at is not None:
                found[newest] = (ref, accepted_at)
            if old:
                further[old] = newest
        asked = further
    return found


def list_announced_meetings(viewer: Viewer, *, most: MostChoice = 50) -> list[AnnouncedMeeting]:
    """Return the meetings that were confirmed last, the newest first."""
    expect_most(most)
    rows: QuerySet[Any] = seen_meetings(viewer).filter(state="confirmed")
    newest = rows.annotate(newest=Coalesce("decided_at", "made_at")).order_by("-newest", "ref")[:most]
    return [AnnouncedMeeting(one, one.decided_at or one.made_at) for one in tell_meetings(viewer, newest)]
