"""The overview: what is needed, what was promised, what arrived, who is worst served, the open round, what happened lately."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.viewers import PUBLIC
from evenhand.figures.world.maps import disclaimer, draw_map, key_to_map
from evenhand.lookups.changes import list_changes
from evenhand.lookups.checkpoints import find_latest_checkpoint
from evenhand.lookups.figures import Figure, Waiting, list_figures, list_waiting
from evenhand.lookups.gaps import Gap, list_gaps
from evenhand.lookups.money import list_money
from evenhand.lookups.reach import today
from evenhand.lookups.round_stories import get_story
from evenhand.lookups.rounds import list_rounds
from evenhand.lookups.version import of_this_version
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table
from evenhand.web.home.lines import lines_of, scale_of
from evenhand.web.languages.speaking import names_here
from evenhand.web.reading.lately import sentence_of
from evenhand.web.rounds.one import draw, tell_in_language
from evenhand.web.rounds.told import try_tell

WORST: Final = 10
LATE: Final = 5
LATELY: Final = 8
LIVE: Final = ("published", "proposed", "frozen", "open", "decided")
"""States of a round that is under way, the one to show first."""

COLUMNS: Final = (
    Column("key", gettext_lazy("Member"), "named", of="party"),
    Column("family", gettext_lazy("What"), "named", of="resource"),
    Column("unit", gettext_lazy("Unit"), of="unit"),
    Column("needed", gettext_lazy("Needed"), "amount"),
    Column("there", gettext_lazy("There"), "amount", gettext_lazy("held when the need was stated, and received since")),
    Column("coming", gettext_lazy("Coming"), "amount", gettext_lazy("allocated or on the way")),
    Column("gap", gettext_lazy("Missing"), "amount"),
    Column("share", gettext_lazy("Share met"), "share"),
)  # fmt: skip


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the overview, for one family of resources."""
    viewer = viewer_of(request)
    families = list_figures(viewer)
    chosen = _choose(families, request.GET.get("resource", ""))
    gaps = [one for one in list_gaps(viewer, by="member") if one.family == chosen.key] if chosen else []
    missing = [one for one in gaps if one.gap]
    waiting = of_this_version("waiting longest", lambda: list_waiting(PUBLIC, most=LATE), today())
    lately = of_this_version("done lately", lambda: list_changes(PUBLIC, most=LATELY))
    table = Table("members", _("Members by share of need met"), COLUMNS, gaps)
    context = {
        "figure": chosen,
        "lines": lines_of(chosen) if chosen else [],
        "whole": scale_of(chosen) if chosen else 0,
        "others": [one for one in families if chosen and one.key != chosen.key and (one.needed or one.promised)],
        "money": [one for one in list_money(viewer) if one.committed or one.pledged],
        "map": _map(gaps) if gaps else "",
        "map_key": key_to_map(),
        "disclaimer": disclaimer(),
        "worst": missing[:WORST],
        **_round_told(viewer),
        "lately": [(sentence_of(one), one) for one in lately],
        "late": [(one, _days_late(one)) for one in waiting if _days_late(one) > 0],
        "latest": find_latest_checkpoint(viewer),
    }
    return show(request, "home/home.html", context, table=table)


def _choose(families: Sequence[Figure], asked: str) -> Figure | None:
    """Return the family that was asked for, else the one that most is needed of."""
    known = {one.key: one for one in families}
    return known.get(asked) or max(families, key=lambda one: (one.needed > 0, one.needed, one.promised), default=None)


def _map(gaps: Sequence[Gap]) -> str:
    known = names_here()
    names = {one.key: known.name_of("party", one.key, one.name).text for one in gaps}
    links = {one.key: reverse("party", args=[one.key]) for one in gaps}
    return str(
        draw_map(
            {one.key: float(one.share) for one in gaps},
            names,
            links=links,
            title=_("World map of members by share of need met"),
        )
    )


def _round_told(viewer: Any) -> dict[str, Any]:
    """Return the round to show and, once it has a plan, its waterline picture."""
    row = _round(viewer)
    if row is None:
        return {"round": None}
    until = row.objections_until
    found = {"round": row, "objecting": row.state == "published" and until is not None and until >= today()}
    story = get_story(viewer, row.ref, short=True)
    told, _damaged = try_tell(story.folder) if story.shown is not None and not story.shown.override else (None, "")
    if told is None:
        return found
    return found | {"waterline": str(draw("waterline", tell_in_language(story, told), told).picture)}


def _round(viewer: Any) -> Any:
    """Return the round to show: one under way, else the newest."""
    found = list_rounds(viewer)
    under_way = [one for one in found if one.state in LIVE]
    return min(under_way, key=lambda one: (LIVE.index(one.state), -one.made_at.timestamp()), default=None) or max(
        (one for one in found if one.state == "posted"), key=lambda one: one.made_at, default=None
    )


def _days_late(waiting: Waiting) -> int:
    return (today() - waiting.due_on).days if waiting.due_on else 0
