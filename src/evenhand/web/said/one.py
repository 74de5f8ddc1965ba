"""The page of one statement: its words, who said them, where they stand, what they were linked to and what came of that.

What came of a linked offer is read from the book, beside the words and never in their place.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.lookups.allowed import list_allowed
from evenhand.lookups.following import Followed, follow
from evenhand.lookups.gifts import read_whole_units
from evenhand.lookups.merges import merges_of
from evenhand.lookups.needs import Need, needs_among
from evenhand.lookups.offers import Offer, told_as_they_stand
from evenhand.lookups.reviewing import alike_to
from evenhand.lookups.statements import StatementInFull, get_statement
from evenhand.web.evidence.views import kind_of
from evenhand.web.frame.pages import public_page, show, viewer_of, wanted
from evenhand.web.frame.tables import Table
from evenhand.web.promises.shown import Shown, shown_of
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
    ("statement split", gettext_lazy("Take it out again"), ("merged",)),
)
"""Action, what its button says, and the states of a statement in which there is anything to do."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Hold what a statement is linked to, besides offers; and the need, where it is one."""

    ref: str
    kind: str
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """Hold what came of linked offers that can be added up: step by step, of what is for the receivers that the words name.

    Attributes
    ----------
    offers
        Each with how much it is in all, and in which unit.
    """

    shown: Shown
    offers: Sequence[tuple[Offer, Fraction, str]]


@public_page
def statement(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one statement and what stands around it."""
    viewer = viewer_of(request)
    row = get_statement(viewer, ref)
    table = Table(ref, _("This statement, with what it replaced"), STATEMENTS, [row, *row.history, *row.reports])
    if wanted(request) != "html":
        return show(request, "said/statement.html", table=table)
    merges = merges_of(viewer, [row.ref, *(one.ref for one in row.history)])
    followed, came = came_of(viewer, row)
    context = {
        "one": row, "quoted": quote([row])[0], "came": came, "followed": followed,
        "linked": linked_to(viewer, row.links, {offer.ref for one in came for offer, _amount, _unit in one.offers}),
        "growth": growing(row.mates) if len(row.mates) > 1 else None,
        "history": quote(row.history), "reports": quote(row.reports), "sure": sure_of(row.confidence),
        "topics": [(topic_name(key), key, words) for key, words in topics_of([row])],
        "merges": merges, "may_split": viewer.has(*RIGHTS["statement split"]),
        "steps": steps_now(viewer, row), "may_answer": may_answer(viewer, row),
        "alike": alike_to(viewer, row, merges) if row.state == "proposed" else [],
    }  # fmt: skip
    return show(request, "said/statement.html", context, table=table)


def came_of(viewer: Viewer, row: StatementInFull) -> tuple[Followed, list[Came]]:
    """Return what followed a statement, as `/promises` tells it, and the same to be shown: of several things each offer alone."""
    (followed,) = follow([row])
    offers = told_as_they_stand(viewer, {ref: {} for ref in followed.offers})
    whole = read_whole_units(viewer) if offers else {}
    alone = followed.rests_on == "several things"
    parts = follow([replace(row, links=(ref,)) for ref in followed.offers[:MOST_LINKED]]) if alone else [followed]
    return followed, [
        Came(shown_of(part, whole), [_in_all(offers[ref], whole) for ref in part.offers if ref in offers])
        for part in parts
        if part.offers
    ]


def _in_all(offer: Offer, whole: dict[str, int]) -> tuple[Offer, Fraction, str]:
    per = whole.get(offer.resource, 0)
    return offer, Fraction(offer.quantity, per or 1), offer.resource if per else offer.base_unit


def linked_to(viewer: Viewer, refs: Sequence[str], told: Container[str]) -> list[Linked]:
    """Return what a statement is linked to, without the offers that are told of already."""
    kinds = {ref: kind_of(ref) for ref in refs if ref not in told}
    asked = [ref for ref, kind in kinds.items() if kind == "need"]
    needs = needs_among(viewer, asked) if asked else {}
    return [Linked(ref, kind or "entry", needs.get(ref)) for ref, kind in kinds.items()]


def steps_now(viewer: Viewer, row: StatementInFull) -> list[tuple[str, Any]]:
    """Return what a viewer may do with a statement now, as (verb, words)."""
    return [
        (action.partition(" ")[2], said)
        for action, said, states in REVIEWING
        if row.state in states and viewer.has(*RIGHTS[action])
    ]


def may_answer(viewer: Viewer, row: StatementInFull) -> str:
    """Return the party for which a viewer may answer a statement by it or about it, "" for none."""
    if not viewer.public_id or row.state != "accepted":
        return ""
    parties = (row.party, row.giver, *row.receivers)
    return next((key for key in parties if key and list_allowed(viewer, ["statement answer"], key)), "")
