"""What the forms of stock say: handed out, given back, lost, expired, taken back, counted anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evenhand.access.viewers import Viewer
from evenhand.actions.action import Done
from evenhand.errors import NameUnknown
from evenhand.lookups.holding import Held, list_held
from evenhand.lookups.stock import find_entry
from evenhand.web.forms.saying import Group, Saying
from evenhand.web.forms.sayings.consignments import causes, party_name
from evenhand.web.languages.formats import amount
from evenhand.web.languages.speaking import names_here
from evenhand.web.languages.vocabulary import unit, word

Words = str | Promise
Choices = list[tuple[str, Words]]
Given = Mapping[str, str]
EXPIRES_AT: Final = ("offered", "allocated", "in-transit", "received")


def held_offers(viewer: Viewer, given: Given) -> Any:
    """Return the offers of which the party of the form has units; None where it has none, to write it."""
    try:
        rows = list_held(viewer, party=given.get("party", "") or given.get("holder", ""))
    except NameUnknown:
        rows = []
    found = {one.offer: _described(one) for one in rows}
    asked = given.get("offer", "")
    if asked and asked not in found:
        found[asked] = asked
    return list(found.items()) or None


def offers_that_expire(viewer: Viewer, given: Given) -> Any:
    """Return the offer that the form was opened with, described; None to write it."""
    asked = given.get("offer", "")
    return held_offers(viewer, given) if asked and given.get("stage") == "received" else None


def _described(one: Held) -> str:
    what = names_here().name_of("resource", one.resource, one.resource_name).text
    return f"{what}, {amount(one.quantity)} {unit(one.base_unit, one.quantity)}, {party_name(one.donor)} ({one.offer})"


def stages(viewer: Viewer, given: Given) -> Choices:
    """Return where units can be when they expire."""
    return [(one, word("stage", one)) for one in EXPIRES_AT]


def ways_to_lose(viewer: Viewer, given: Given) -> Choices:
    """Return how units can be lost."""
    return [("missing", _("missing: they are not there")), ("damaged", _("damaged: they are there and cannot be used"))]


def to_stock(done: Done, given: Mapping[str, Any]) -> str:
    """Return the address of the page of stock."""
    return reverse("stock")


def to_entry(done: Done, given: Mapping[str, Any]) -> str:
    """Return the address of the book."""
    return reverse("entries")


def entry_asked(viewer: Viewer, given: Given) -> Mapping[str, Any]:
    """Return the entry that is to be taken back, for the page to show it."""
    return {"entry": find_entry(viewer, given.get("entry", ""))}


OF: Final[dict[str, Words]] = {
    "party": _("Who holds it"),
    "offer": _("What"),
    "on": _("Day"),
    "note": _("Note"),
    "cause": _("Why"),
}
HINTS: Final[dict[str, Words]] = {"on": _("Today where you leave it empty."), "offer": "", "party": "", "cause": ""}

SAYINGS: Final[dict[str, Saying]] = {
    "stock distribute": Saying(
        title=_("Handed out"),
        button=_("Record what was handed out"),
        lead=_("Units that reached the people they are meant for; of a team, that so many did their work. No names are written here."),
        groups=(Group("", ("party", "offer", "quantity", "on")), Group(_("More"), ("unit",), folded=True)),
        labels=OF,
        hints=HINTS,
        choices={"offer": held_offers},
        done=_("Recorded: {base_units} handed out; {left} are left."),
        onward=to_stock,
    ),
    "stock return": Saying(
        title=_("Give back to the donor"),
        button=_("Record what was given back"),
        lead=_("Goods that are not needed, a team that goes home, money that was not spent."),
        groups=(Group("", ("party", "offer", "quantity", "cause", "note", "on")), Group(_("More"), ("unit",), folded=True)),
        labels=OF,
        hints=HINTS | {"note": _("For the donor to read.")},
        choices={"offer": held_offers, "cause": causes},
        danger=_("Units that were given back count as returned to their donor, and no longer as yours."),
        done=_("Recorded: {base_units} given back; {left} are left."),
        onward=to_stock,
    ),
    "stock lose": Saying(
        title=_("Lost or damaged"),
        button=_("Record the loss"),
        lead=_("Units in your hands that are not there any more, or are there and cannot be used. The donor sees how many, and why."),
        groups=(Group("", ("party", "offer", "quantity", "what", "cause", "note", "on")), Group(_("More"), ("unit",), folded=True)),
        labels=OF | {"what": _("What happened to them")},
        hints=HINTS | {"note": _("For the donor to read."), "what": ""},
        choices={"offer": held_offers, "cause": causes, "what": ways_to_lose},
        danger=_("A loss is public, with its cause. A mistake is taken back by a new entry with a reason."),
        done=_("Recorded: {base_units} lost; {left} are left."),
        onward=to_stock,
    ),
    "stock expire": Saying(
        title=_("Past their last day"),
        button=_("Record them as expired"),
        lead=_("Units that have passed their last day of use and must not be used any more."),
        groups=(Group("", ("offer", "stage", "holder", "quantity", "on")),),
        labels=OF | {"stage": _("Where they are"), "holder": _("Who has them")},
        hints={
            "quantity": _("All that is there, where you leave it empty."), "holder": _("The key of the party, or the consignment; empty where the donor has them."),
            "on": _("Today where you leave it empty."), "offer": "", "stage": "",
        },
        choices={"stage": stages, "offer": offers_that_expire},
        danger=_("Expired units are counted as lost, in public."),
        done=_("Recorded: {base_units} expired; {left} are left."),
        onward=to_stock,
    ),
    "stock reverse": Saying(
        title=_("Take an entry back"),
        button=pgettext_lazy("an entry", "Take it back"),
        lead=_("Nothing in the stock book is ever changed or deleted. A new entry moves the units back, with your reason; then record what did happen."),
        groups=(Group("", ("entry", "reason")),),
        labels={"entry": _("The entry that is wrong")},
        hints={"entry": ""},
        reason="needed",
        danger=_("Both entries stay in the book for everybody to see."),
        done=_("The entry is taken back."),
        onward=to_entry,
        template="consignments/reverse.html",
        context=entry_asked,
    ),
    "stock rebuild": Saying(
        title=_("Count all balances anew"),
        button=_("Count anew"),
        lead=_("Adds up every entry again and puts right what differs. Balances follow from entries, so nothing should differ."),
        reason="asked",
        done=_("All balances are counted anew."),
        onward=to_entry,
    ),
}  # fmt: skip
