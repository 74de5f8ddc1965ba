"""The list of rounds: how far each is, what it shared out, among how many; those still open first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.lookups.round_inputs import Size, read_sizes
from evenhand.lookups.rounds import Round, list_rounds
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.records import address_of
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.languages.vocabulary import WORDS

NEWEST: Final = "-made_at"
FILTERS: Final = ("group", "resource", "programme", "state", "search")
LIVE: Final = ("open", "frozen", "proposed", "published", "decided")


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one round of the list with its size."""

    round: Round
    size: Size

    def __getattr__(self, name: str) -> Any:
        return getattr(self.round, name)


COLUMNS: Final = (
    Column("title", gettext_lazy("Round"), link=lambda row: address_of(row.ref), order="title"),
    Column("ref", gettext_lazy("Ref"), "code", shown=False),
    Column("state", gettext_lazy("State"), "state", of="state of a round", order="state"),
    Column("resource", gettext_lazy("What is shared out"), "named", of="resource", order="resource"),
    Column("group", gettext_lazy("Group"), "named", of="group", order="group"),
    Column("rule", gettext_lazy("Rule"), "state", of="rule"),
    Column("recipients", gettext_lazy("Recipients"), "number", value=lambda row: row.size.recipients),
    Column("lots", gettext_lazy("Lots"), "number", value=lambda row: row.size.lots),
    Column(
        "units", gettext_lazy("Quantity in the lots"), "amount", gettext_lazy("in base units of what is shared out"),
        "base units", value=lambda row: row.size.units,
    ),
    Column("day", gettext_lazy("Day of the round"), "day", order="day"),
    Column("objections_until", gettext_lazy("Objections until"), "day"),
    Column("made_at", gettext_lazy("Opened"), "moment", order="made_at", shown=False),
)  # fmt: skip


@public_page
def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds."""
    viewer = viewer_of(request)
    chosen: dict[str, Any] = dict(chosen_of(request, FILTERS))
    found = rows_of(request, list_rounds, viewer, order=NEWEST, **chosen)
    sizes = read_sizes(viewer, tuple(one.ref for one in found.rows))
    rows = [Row(one, sizes.get(one.ref, Size(0, 0, 0))) for one in found.rows]
    if request.GET.get("order", "") in ("", NEWEST):
        rows.sort(key=lambda row: row.state not in LIVE)  # sorts what is still open first, and leaves the rest in order
    table = Table(
        "rounds", _("Rounds, those still open first"), COLUMNS, rows, found.next, found.total,
        request.GET.get("order", "") or NEWEST,
        _("No round has been published yet. Once members have needs and donors have offers, the secretariat opens one."),
        chosen,
    )  # fmt: skip
    context = {"chosen": chosen, "states": WORDS["state of a round"].items(), "may_open": may_open(viewer)}
    return show(request, "rounds/rounds.html", context, table=table)


def may_open(viewer: Viewer) -> bool:
    """Say whether a viewer may open a round, for whatever group."""
    return viewer.has(*RIGHTS["round open"])
