"""What the forms of consignments say: plan, dispatch, receive, turn back, cancel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.actions.action import Done
from evenhand.errors import NameUnknown
from evenhand.lookups.consignments import Consignment, find_consignment, list_consignments
from evenhand.lookups.parties import list_parties
from evenhand.stockbook.causes import CAUSES
from evenhand.web.forms.saying import Group, Saying
from evenhand.web.languages.speaking import names_here
from evenhand.web.languages.vocabulary import word

Words = str | Promise
Choices = list[tuple[str, Words]]
Given = Mapping[str, str]
MOST: Final = 100
MOST_BELOW: Final = 200


def party_name(key: str) -> str:
    """Return a party's name in the reader's language, as bare text."""
    return names_here().name_of("party", key, "").text


def causes(viewer: Viewer, given: Given) -> Choices:
    """Return the causes in the reader's language."""
    return [(code, word("cause", code)) for code in CAUSES]


def in_states(verb: str, *states: str) -> Callable[[Viewer, Given], Choices]:
    """Return what lists the consignments in these states that lie within a viewer's roles; the one given first."""

    def found(viewer: Viewer, given: Given) -> Choices:
        asked = given.get("consignment", "")
        one = find_consignment(viewer, asked) if asked else None
        if asked:
            return [(asked, _described(one) if one else asked)]
        roles = RIGHTS[f"consignment {verb}"]
        rows: dict[str, Consignment] = {}
        for state in states:
            for key in sorted(viewer.parties(*roles)):
                rows |= {row.ref: row for row in list_consignments(viewer, party=key, state=state, most=MOST)}
            for group in sorted(viewer.groups(*roles)):
                rows |= {row.ref: row for row in list_consignments(viewer, group=group, state=state, most=MOST)}
        return [(row.ref, _described(row)) for row in rows.values()]

    return found


def destinations(viewer: Viewer, given: Given) -> Any:
    """Return whom a consignment can go to: the recipient and those below it, else those below its sender; None to write it."""
    top = given.get("destination", "") or given.get("origin", "")
    if not top:
        return None
    try:
        found = list_parties(viewer, party=top, most=MOST_BELOW)
    except NameUnknown:
        return None
    listed = [(one.key, f"{party_name(one.key)} ({one.key})") for one in found]
    if not given.get("destination"):
        listed = [one for one in listed if one[0] != given.get("origin")]
    return listed or None


def lines(viewer: Viewer, given: Given) -> Choices:
    """Return the lines of the consignment that are on their way, and all of them together."""
    one = find_consignment(viewer, given.get("consignment", ""))
    listed: Choices = [("0", _("everything that is still on the way"))]
    for line in one.lines if one else ():
        if line.on_the_way:
            what = names_here().name_of("resource", line.resource, line.resource_name).text
            listed.append((str(line.number), f"{line.number}: {what}, {line.on_the_way:,} {line.base_unit}"))
    return listed


KINDS: Final = ("shipment", "deployment", "transfer")


def kinds(viewer: Viewer, given: Given) -> Choices:
    """Return the kinds of consignments."""
    return [(one, word("kind of consignment", one)) for one in KINDS]


def to_consignment(done: Done, given: Mapping[str, Any]) -> str:
    """Return the address of the consignment that an action was about."""
    return reverse("consignment", args=[done.ref])


def _described(row: Consignment) -> str:
    return f"{row.ref}: {party_name(row.origin)} → {party_name(row.destination)}"


SAYINGS: Final[dict[str, Saying]] = {
    "consignment plan": Saying(
        title=_("Plan a consignment"),
        button=_("Plan the consignment"),
        lead=_("Say what is to travel from whom to whom. Nothing moves until it has left. It is easier from the page of what waits to be sent."),
        groups=(
            Group(_("From whom, to whom"), ("origin", "destination")),
            Group(_("What travels"), ("lines",)),
            Group(_("The journey"), ("leaves_on", "due_on", "carrier", "waybill", "code")),
        ),
        labels={
            "origin": _("From"), "destination": _("To"), "lines": _("What it carries"), "carrier": _("Carrier"), "waybill": _("Waybill"),
            "code": _("Code on the boxes"), "leaves_on": _("Day it is to leave"), "due_on": _("Day it is to arrive"), "kind": _("Kind"),
        },
        hints={
            "lines": _("Offers and how much of each, separated by a semicolon: OF-7K2M9QX4PD=40 box; OF-0DX2GFHSW8=100"),
            "carrier": _("Who carries it, and with what."), "waybill": _("Its number, as it stands on the paper."),
            "code": _("An SSCC or another code, where the boxes bear one."),
            "due_on": _("From the day after, it counts as late."), "leaves_on": "", "kind": "", "programme": "",
            "origin": _("Who gives it, or who holds it."), "destination": _("Who is to receive it, and says what came."),
        },
        choices={"destination": destinations, "kind": kinds},
        done=_("{ref} is planned. Print its papers, and say so when it has left."),
        onward=to_consignment,
    ),
    "consignment dispatch": Saying(
        title=_("It has left"),
        button=_("Record that it left"),
        lead=_("Its units are then on the way, and whoever is to receive it sees it coming."),
        labels={"on": _("Day it left")},
        hints={"on": _("Today where you leave it empty.")},
        groups=(Group("", ("consignment", "on")),),
        choices={"consignment": in_states("dispatch", "planned")},
        done=_("{ref} is on its way."),
        onward=to_consignment,
    ),
    "consignment receive": Saying(
        title=_("Receive a part of a consignment"),
        button=_("Record what came"),
        lead=_("For a line that comes in several parts: what you do not count stays on the way. For everything else the page of its receipt is quicker."),
        groups=(
            Group(_("What came"), ("consignment", "line", "good", "damaged", "missing", "unit", "on")),
            Group(_("What was wrong with it"), ("cause", "note")),
        ),
        labels={
            "line": _("Line"), "good": _("Good"), "damaged": _("Damaged"), "missing": _("Missing"), "cause": _("Why damaged or missing"),
            "note": _("Note"), "on": _("Day it arrived"),
        },
        hints={
            "line": _("Quantities can be given for one line at a time."),
            "good": _("How much came in good order; empty means all the rest."),
            "damaged": _("How much came and cannot be used."), "missing": _("How much was sent and will not come."),
            "note": _("For the sender and the donor to read."), "on": _("Today where you leave it empty."),
            "cause": _("Needed where something is damaged or missing."),
        },
        choices={"consignment": in_states("receive", "sent", "part received"), "line": lines, "cause": causes},
        done=_("What came of {ref} is recorded: {good} good, {damaged} damaged, {missing} missing."),
        onward=to_consignment,
    ),
    "consignment return": Saying(
        title=_("It was turned back on its way"),
        button=_("Record that it was turned back"),
        lead=_("For what will never arrive: it goes back to its donor. What did arrive is given back from the stock instead."),
        groups=(Group("", ("consignment", "line", "quantity", "cause", "note", "on")), Group(_("More"), ("unit",), folded=True)),
        labels={"line": _("Line"), "cause": _("Why"), "note": _("Note"), "on": _("Day it was turned back")},
        hints={
            "quantity": _("Everything that is still on the way, where you leave it empty."),
            "line": _("A quantity can be given for one line at a time."),
            "cause": "", "note": _("For the recipient and the donor to read."), "on": _("Today where you leave it empty."),
        },
        choices={"consignment": in_states("return", "sent", "part received"), "line": lines, "cause": causes},
        danger=_("Units that were turned back count as returned to their donor. A mistake is taken back by a new entry with a reason."),
        done=_("It is recorded that {ref} was turned back."),
        onward=to_consignment,
    ),
    "consignment cancel": Saying(
        title=_("Cancel a consignment"),
        button=_("Cancel the consignment"),
        lead=_("Only what has not left can be cancelled. What it was to carry can be planned anew."),
        groups=(Group("", ("consignment", "reason")),),
        choices={"consignment": in_states("cancel", "planned")},
        danger=_("A cancelled consignment stays in the record and cannot be taken up again."),
        reason="needed",
        done=_("{ref} is cancelled."),
        onward=to_consignment,
    ),
}  # fmt: skip
