"""The page of one consignment: where it is, what was sent, received, damaged and missing, why, and the entries that say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.figures.journey import Stage, draw_stages
from evenhand.figures.qr import draw_qr
from evenhand.lookups.awaited import days_late
from evenhand.lookups.consignments import Consignment, Line, get_consignment
from evenhand.lookups.evidence import list_evidence
from evenhand.lookups.sending import may_receive, may_send
from evenhand.lookups.stock import Entry, list_entries
from evenhand.web.frame.here import own_site
from evenhand.web.frame.pages import public_page, show, viewer_of, wanted
from evenhand.web.frame.tables import Column, Table
from evenhand.web.languages.formats import language_of
from evenhand.web.languages.vocabulary import unit

RIGHT_TO_LEFT: Final = "ar"
BY_RECEIVER: Final = frozenset({"receive", "damage", "miss"})
BY_SENDER: Final = frozenset({"dispatch", "return", "expire"})
MOST_ENTRIES: Final = 200
MOST_EVIDENCE: Final = 50

COLUMNS: Final = (
    Column("number", gettext_lazy("Line"), "code"),
    Column("resource", gettext_lazy("What"), "named", of="resource"),
    Column("donor", gettext_lazy("Given by"), "named", of="party"),
    Column("offer", gettext_lazy("From the offer"), "code", link=lambda row: reverse("offer", args=[row.offer])),
    Column("planned", gettext_lazy("Planned"), "amount", gettext_lazy("in base units")),
    Column("sent", gettext_lazy("Sent"), "amount", gettext_lazy("in base units")),
    Column("good", gettext_lazy("Good"), "amount", gettext_lazy("received in good order")),
    Column("damaged", gettext_lazy("Damaged"), "amount", gettext_lazy("found damaged on receipt")),
    Column("missing", gettext_lazy("Missing"), "amount", gettext_lazy("sent and not there on receipt")),
    Column("aside", gettext_lazy("Turned back or expired"), "amount", gettext_lazy("before anybody received it"), shown=False),
    Column("on_the_way", gettext_lazy("On the way"), "amount", gettext_lazy("left, and not counted yet")),
    Column("base_unit", gettext_lazy("Unit"), "text", shown=False),
    Column("typed", gettext_lazy("As typed"), "text", shown=False),
    Column("unit", gettext_lazy("Unit as typed"), "text", shown=False),
    Column("good_until", gettext_lazy("Good until"), "day", shown=False),
    Column("state", gettext_lazy("How far"), "state", of="state of a consignment", shown=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recorded:
    """Hold an entry as the page lists it, and whether the viewer may take it back."""

    row: Entry
    may_reverse: bool


@public_page
def consignment(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one consignment."""
    viewer = viewer_of(request)
    found = get_consignment(viewer, ref)
    table = Table("consignment", _("What was sent, line by line"), COLUMNS, found.lines)
    if wanted(request) != "html":
        return show(request, "consignments/consignment.html", table=table)
    entries = list_entries(viewer, concerns=found.ref, most=MOST_ENTRIES)
    sends = receives = False
    if viewer.public_id:
        sends, receives = may_send(viewer, found.ref), may_receive(viewer, found.ref)
    seqs = {one.entry: one.seq for one in entries}
    made = _stages(found)
    context = {
        "consignment": found,
        "late": days_late(found),
        "stages": draw_stages(made, name=found.ref, direction="rtl" if language_of() == RIGHT_TO_LEFT else "ltr"),
        "steps_made": made,
        "differences": [(one, seqs.get(one.entry), _unit_of(found.lines, one.offer, one.quantity)) for one in found.differences],
        "entries": [Recorded(one, _may_reverse(one, sends, receives)) for one in entries],
        "evidence": list_evidence(viewer, about=found.ref, most=MOST_EVIDENCE),
        "qr": draw_qr(f"{own_site(request)}/c/{found.ref}"),
        "address": f"{own_site(request)}/c/{found.ref}",
        "steps": _steps(found, sends, receives),
        "papers": found.carrier is not None and bool(viewer.public_id),
        "took_part": receives or sends,
    }  # fmt: skip
    return show(request, "consignments/consignment.html", context, table=table)


def _steps(found: Consignment, sends: bool, receives: bool) -> list[tuple[str, Any, str]]:
    """Return what a viewer may do with it now: address, words, class of the button."""
    way = any(one.on_the_way for one in found.lines)
    steps: list[tuple[str, Any, str]] = []
    if receives and way:
        steps.append((reverse("receipt", args=[found.ref]), _("Confirm what arrived"), ""))
    if sends and found.state == "planned":
        steps.append((_act("dispatch", found.ref), _("It has left"), ""))
        steps.append((_act("cancel", found.ref), _("Cancel it"), "plain"))
    if sends and way:
        steps.append((_act("return", found.ref), _("It was turned back"), "plain"))
    return steps


def _act(verb: str, ref: str) -> str:
    here = reverse("consignment", args=[ref])
    return f"{reverse('act', args=['consignment', verb])}?consignment={ref}&next={here}"


def _may_reverse(entry: Entry, sends: bool, receives: bool) -> bool:
    """Say whether an entry can be taken back, and by who asks: who may record a thing may take it back."""
    if entry.reverses or entry.reversed_by:
        return False
    return (receives and entry.verb in BY_RECEIVER) or (sends and entry.verb in BY_SENDER)


def _stages(found: Consignment) -> list[Stage]:
    """Return its stages, with the days that are on record."""
    left, came = _day(found.dispatched_on), _day(found.last_received_on)
    state = found.state
    gone, arrived = state in ("sent", "part received", "closed"), state == "closed"
    stages = [
        Stage(_("planned"), found.made_at.date(), done=True, current=state in ("planned", "cancelled")),
        Stage(_("left"), left or (None if gone else found.leaves_on), done=gone, current=state == "sent"),
        Stage(_("due"), found.due_on, done=arrived),
        Stage(_("received"), came, done=arrived, current=state in ("part received", "closed")),
    ]
    if found.due_on is None or (came and arrived and came < found.due_on):
        stages.pop(2)
    if left and left < found.made_at.date():  # it was written down after it had left
        stages.pop(0)
    return stages


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _unit_of(lines: tuple[Line, ...], offer: str, quantity: int) -> str:
    return next((unit(one.base_unit, quantity) for one in lines if one.offer == offer), "")
