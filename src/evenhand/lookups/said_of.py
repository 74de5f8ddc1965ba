"""How much of what was said concerns one party: a number of statements and of meetings, in one question.

Asked by a party's own page, which leads on to the lists. Counts what those lists would list, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import of_party
from evenhand.lookups.documents import seen_meetings, seen_statements
from evenhand.records.models import Party
from evenhand.said import models as said


@dataclass(frozen=True, slots=True)
class SaidOf:
    """Count accepted statements by, from or for a party, and confirmed meetings in which somebody of it took part."""

    statements: int
    meetings: int


def count_said(viewer: Viewer, party: Annotated[str, "the party's key; those below it are counted with it"]) -> SaidOf:
    """Return how many statements and meetings concern a party."""
    receiving = said.Statement.receivers.through.objects.filter(of_party(party, "party"), statement=OuterRef("pk"))
    statements = seen_statements(viewer).filter(
        of_party(party, "party", "giver") | Q(Exists(receiving)), state="accepted"
    )
    there = said.Participant.objects.filter(of_party(party, "party"), meeting=OuterRef("pk"))
    meetings = seen_meetings(viewer).filter(Exists(there), state="confirmed")
    found = Party.objects.filter(pk=party).values_list(_number_of(statements), _number_of(meetings)).first()
    return SaidOf(*(found or (0, 0)))


def _number_of(rows: QuerySet[Any]) -> Subquery:
    """Return the number of some rows as part of another question."""
    counted = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(counted=counted).values("counted"))
