"""One programme, from need to receipt: what it needs, who gives, how it was shared out and what arrived."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.lookups.gifts import read_whole_units
from evenhand.lookups.programme_stories import ProgrammeStory, Sums, read_programme_story
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.records import address_of
from evenhand.web.frame.tables import Column, Table
from evenhand.web.languages import vocabulary
from evenhand.web.offers.one import Step

SHOWN: Final = 50
"""Parts of one kind on the page; the data has all of them."""

COLUMNS: Final = (
    Column("kind", gettext_lazy("What"), "state", of="thing"),
    Column("ref", gettext_lazy("Ref"), "code", link=lambda row: address_of(row.ref)),
    Column("title", gettext_lazy("Title")),
    Column("party", gettext_lazy("Who"), "named", gettext_lazy("who needs, gives or sends"), of="party"),
    Column("other", gettext_lazy("To or for"), "text", gettext_lazy("who receives; of a round, its group")),
    Column("resource", gettext_lazy("Of what"), "named", of="resource"),
    Column("quantity", gettext_lazy("How much"), "amount", unit="base units"),
    Column("base_unit", gettext_lazy("Unit")),
    Column("state", gettext_lazy("State"), "text"),
    Column("day", gettext_lazy("Day"), "day"),
)


@public_page
def programme(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a programme and all that belongs to it."""
    viewer = viewer_of(request)
    story = read_programme_story(viewer, ref)
    whole = read_whole_units(viewer)
    kinds = ("need", "offer", "round", "consignment")
    context = {
        "programme": story.programme, "families": [_family(one, whole) for one in story.sums],
        "whole": whole, "shown": SHOWN, "counts": _counted(story),
        "goals": sorted({int(target.partition(".")[0]) for target in story.programme.sdg_targets}),
        **{f"{kind}s": [_told(one, whole) for one in story.of(kind)[:SHOWN]] for kind in kinds},
        "may_offer": viewer.has(*RIGHTS["offer make"]), "may_need": viewer.has(*RIGHTS["need draft"]),
    }  # fmt: skip
    table = Table("programme", _("All that belongs to this programme"), COLUMNS, story.parts)
    return show(request, "programmes/programme.html", context, table=table)


def _counted(story: ProgrammeStory) -> list[tuple[str, int]]:
    words = (("need", _("Needs")), ("offer", _("Offers")), ("round", _("Rounds")), ("consignment", _("Consignments")))
    return [(said, len(story.of(kind))) for kind, said in words]


def _told(part: Any, whole: dict[str, int]) -> dict[str, Any]:
    per = whole.get(part.resource, 0)
    amount = None if part.quantity is None else Fraction(part.quantity, per or 1)
    return {"part": part, "amount": amount, "unit": part.resource if per else part.base_unit}


def _family(sums: Sums, whole: dict[str, int]) -> dict[str, Any]:
    """Return the steps from need to receipt of one family, all on one scale."""
    per = whole.get(sums.family, 0)

    def step(words: str, part: str, units: Fraction, none: str) -> Step:
        return Step(words, part, units / (per or 1) or None, "" if units else none)

    nothing = _("nothing yet")
    steps = [
        step(_("Needed"), "missing", sums.needed, _("no approved need")),
        step(_("Words only"), "promised", sums.words, nothing) if sums.words else None,
        step(_("Promised"), "promised", sums.promised, nothing),
        step(_("Allocated"), "allocated", sums.allocated, _("by no round")),
        step(_("Paid") if per else _("Dispatched"), "in_transit", sums.dispatched, nothing),
        step(_("Received"), "received", sums.received, nothing),
        step(_("Spent") if per else _("Used"), "used", sums.used, nothing),
        step(_("Lost on the way"), "lost", sums.lost, nothing) if sums.lost else None,
    ]
    drawn = [one for one in steps if one is not None]
    scale = max((one.amount or Fraction(0) for one in drawn), default=Fraction(0))
    return {
        "key": sums.family,
        "unit": sums.family if per else vocabulary.unit(sums.unit),
        "steps": drawn,
        "scale": scale,
    }
