"""The page of one statement: its words, who said them, where they stand, what they were linked to and what came of that.

What came of a linked offer is read from the book, beside the words and never in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.viewers import Viewer
from evenhand.lookups.allowed import list_allowed
from evenhand.lookups.gifts import Gift, gifts_of, read_whole_units
from evenhand.lookups.needs import Need, needs_among
from evenhand.lookups.reach import today
from evenhand.lookups.reviewing import alike_to
from evenhand.lookups.statements import StatementInFull, get_statement
from evenhand.web.evidence.views import kind_of
from evenhand.web.frame.pages import public_page, show, viewer_of, wanted
from evenhand.web.frame.tables import Table
from evenhand.web.offers.one import Step, steps_of
from evenhand.web.said.columns import STATEMENTS
from evenhand.web.said.growing import growing
from evenhand.web.said.subjects import topic_name
from evenhand.web.said.telling import quote, sure_of, topics_of

MOST_LINKED: Final = 5
"""Of so many linked offers the stages are shown; all are named."""

REVIEWING: Final = (
    ("statement accept", gettext_lazy("Accept it"), ("proposed",)),
    ("statement correct", gettext_lazy("Correct it"), ("proposed", "accepted")),
    ("statement merge", gettext_lazy("Merge it with another"), ("proposed", "accepted")),
    ("statement thread", gettext_lazy("Put it in a thread"), ("accepted",)),
    ("statement link", gettext_lazy("Link it"), ("accepted",)),
    ("statement unlink", gettext_lazy("Take a link away"), ("accepted",)),
    ("statement reject", gettext_lazy("Reject it"), ("proposed", "accepted")),
)
"""Action, what its button says, and the states of a statement in which there is anything to do."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Hold what a statement is linked to.

    Attributes
    ----------
    gift, steps, scale
        What came of an offer, stage by stage, in the unit that people read.
    need
        The need, where it is one.
    """

    ref: str
    kind: str
    gift: Gift | None = None
    steps: Sequence[Step] = ()
    scale: Fraction = Fraction(0)
    unit: str = ""
    need: Need | None = None


@public_page
def statement(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one statement and what stands around it."""
    viewer = viewer_of(request)
    row = get_statement(viewer, ref)
    table = Table(ref, _("This statement, with what it replaced"), STATEMENTS, [row, *row.history, *row.reports])
    if wanted(request) != "html":
        return show(request, "said/statement.html", table=table)
    context = {
        "one": row, "quoted": quote([row])[0], "linked": linked_to(viewer, row.links),
        "growth": growing(row.mates) if len(row.mates) > 1 else None,
        "history": quote(row.history), "reports": quote(row.reports), "sure": sure_of(row.confidence),
        "topics": [(topic_name(key), key, words) for key, words in topics_of([row])],
        "steps": steps_now(viewer, row), "may_answer": may_answer(viewer, row),
        "alike": alike_to(viewer, row) if row.state == "proposed" else [],
        "overdue": row.kind == "promised" and row.deadline is not None and row.deadline < today(),
    }  # fmt: skip
    return show(request, "said/statement.html", context, table=table)


def linked_to(viewer: Viewer, refs: Sequence[str]) -> list[Linked]:
    """Return what a statement is linked to, with what came of offers."""
    kinds = {ref: kind_of(ref) for ref in refs}
    offers = [ref for ref in refs if kinds[ref] == "offer"][:MOST_LINKED]
    gifts = gifts_of(viewer, offers) if offers else {}
    whole = read_whole_units(viewer) if offers else {}
    asked = [ref for ref in refs if kinds[ref] == "need"]
    needs = needs_among(viewer, asked) if asked else {}
    return [
        _offer(gifts[ref], whole) if ref in gifts else Linked(ref, kinds[ref] or "entry", need=needs.get(ref)) for ref in refs
    ]  # fmt: skip


def _offer(gift: Gift, whole: dict[str, int]) -> Linked:
    per = whole.get(gift.offer.resource, 0)
    unit = gift.offer.resource if per else gift.offer.base_unit
    return Linked(
        gift.offer.ref, "offer", gift, steps_of(gift, per or 1), Fraction(gift.offer.quantity, per or 1), unit
    )


def steps_now(viewer: Viewer, row: StatementInFull) -> list[tuple[str, Any]]:
    """Return what a viewer may do with a statement now, as (verb, words)."""
    if not viewer.public_id:
        return []
    fitting = [(action, said) for action, said, states in REVIEWING if row.state in states]
    allowed = list_allowed(viewer, [action for action, _said in fitting])
    return [(action.partition(" ")[2], said) for action, said in fitting if action in allowed]


def may_answer(viewer: Viewer, row: StatementInFull) -> str:
    """Return the party for which a viewer may answer a statement by it or about it, "" for none."""
    if not viewer.public_id or row.state != "accepted":
        return ""
    parties = (row.party, row.giver, *row.receivers)
    return next((key for key in parties if key and list_allowed(viewer, ["statement answer"], key)), "")
