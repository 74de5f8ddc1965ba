"""The page of one need: who needs what and why, how far it is met, what it corrects, which rounds chose it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.viewers import Viewer
from evenhand.lookups.allowed import list_allowed
from evenhand.lookups.gaps import list_gaps
from evenhand.lookups.needs import Need, get_need
from evenhand.lookups.rounds import list_rounds
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table

COLUMNS: Final = (
    Column("ref", gettext_lazy("Need"), "code"),
    Column("party", gettext_lazy("Who"), "named", of="party"),
    Column("place", gettext_lazy("Where"), "text"),
    Column("resource", gettext_lazy("What"), "named", of="resource"),
    Column("quantity", gettext_lazy("How much"), "amount"),
    Column("base_unit", gettext_lazy("Unit"), "text"),
    Column("typed", gettext_lazy("As typed"), "text"),
    Column("unit", gettext_lazy("Unit as typed"), "text"),
    Column("held", gettext_lazy("Held"), "amount"),
    Column("why", gettext_lazy("Why"), "text"),
    Column("priority", gettext_lazy("How pressing"), "state", of="priority"),
    Column("by_when", gettext_lazy("Needed by"), "day"),
    Column("valid_until", gettext_lazy("Valid until"), "day"),
    Column("state", gettext_lazy("State"), "state", of="state of a need"),
    Column("replaces", gettext_lazy("Corrects"), "code"),
    Column("replaced_by", gettext_lazy("Corrected by"), "code"),
)

STEPS: Final[dict[str, tuple[tuple[str, Any], ...]]] = {
    "draft": (("need submit", gettext_lazy("Submit it")), ("need correct", gettext_lazy("Correct it")), ("need withdraw", gettext_lazy("Withdraw it"))),
    "submitted": (("need approve", gettext_lazy("Approve it")), ("need correct", gettext_lazy("Correct it")), ("need withdraw", gettext_lazy("Withdraw it"))),
    "approved": (("need renew", gettext_lazy("Renew it")), ("need correct", gettext_lazy("Correct it")), ("need withdraw", gettext_lazy("Withdraw it"))),
    "lapsed": (("need renew", gettext_lazy("Renew it")), ("need correct", gettext_lazy("Correct it")), ("need withdraw", gettext_lazy("Withdraw it"))),
}  # fmt: skip
"""State → what can be done with a need in it, as (action, words)."""


@public_page
def need(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one need and what became of it."""
    viewer = viewer_of(request)
    row = get_need(viewer, ref)
    counted = [
        one for one in list_gaps(viewer, by="need", party=row.party, resource=row.resource) if one.key == row.ref
    ]
    context = {
        "need": row,
        "gap": counted[0] if counted else None,
        "rounds": list_rounds(viewer, party=row.party, resource=row.resource),
        "steps": steps_of(viewer, row),
    }
    return show(request, "needs/need.html", context, table=Table("need", _("This need"), COLUMNS, [row]))


def steps_of(viewer: Viewer, row: Need) -> list[tuple[str, Any]]:
    """Return what a viewer may do with a need now, as (verb, words)."""
    if not viewer.public_id or row.state not in STEPS:
        return []
    allowed = list_allowed(viewer, [name for name, _said in STEPS[row.state]], row.party)
    return [(name.partition(" ")[2], said) for name, said in STEPS[row.state] if name in allowed]
