"""Planning a consignment from what waits to be sent: who sends what to whom, ticked line by line, in packs.

Shows nothing but what the viewer may plan; the action "consignment plan" decides. Where nothing is chosen yet, the page lists
pairs of sender and recipient.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from evenhand.access.rights import RIGHTS
from evenhand.actions.catalogue import ACTIONS
from evenhand.errors import EvenhandError, NotAllowed
from evenhand.lookups.sending import Unsent, list_unsent
from evenhand.web.forms.acts import add_refusal, do, go_on
from evenhand.web.forms.fields import make_form
from evenhand.web.forms.sayings import SAYINGS
from evenhand.web.frame.pages import private_page, show, viewer_of
from evenhand.web.frame.typed import forget_typed, typed_before
from evenhand.web.languages.speaking import names_here

NAME: Final = "consignment plan"
ACTION: Final = ACTIONS[NAME]
LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold what waits between one sender and one recipient ("" where the sender chooses)."""

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    rows: tuple[Unsent, ...]


@dataclass(frozen=True, slots=True)
class Take:
    """Hold one line as the form shows it: the units, whether it is ticked, how much, in which unit."""

    row: Unsent
    ticked: bool
    much: str
    unit: str
    whole: int


@private_page(*RIGHTS[NAME])
def plan(request: HttpRequest) -> HttpResponse:
    """List what waits to be sent; for one sender and recipient, the form that plans it."""
    sender, recipient = request.GET.get("origin", "").strip(), request.GET.get("destination", "").strip()
    found = list_unsent(viewer_of(request), sender=sender, recipient=recipient)
    if not sender:
        return show(request, "consignments/waiting.html", {"pairs": _pairs(found), "recipient": recipient})
    rows = list(
        {one.offer: one for one in found if one.sender == sender and bool(one.recipient) == bool(recipient)}.values()
    )
    given: Mapping[str, str] = {name: str(value) for name, value in request.POST.items()}
    opened = {"origin": sender, "destination": recipient} | dict(given)
    Form = make_form(ACTION, SAYINGS[NAME], viewer_of(request), opened)  # noqa: N806 -- it is a class
    if request.method != "POST":
        before = typed_before(request)
        programmes = {one.programme for one in rows}
        first = {"request_id": str(uuid.uuid4()), "origin": sender, "destination": recipient,
                 "programme": programmes.pop() if len(programmes) == 1 else ""} | before  # fmt: skip
        return _show(request, Form(initial=first), sender, recipient, _takes(rows, before or None))
    if not viewer_of(request).has(*RIGHTS[NAME]):
        raise NotAllowed(_("planning takes one of the roles {roles}").format(roles=", ".join(RIGHTS[NAME])))
    takes = _takes(rows, given)
    form = Form({**given, "origin": sender, "lines": lines_of(takes)})
    if not any(one.ticked for one in takes):
        form.errors.pop("lines", None)
        form.add_error("lines", _("Tick at least one line that is to travel."))
    if form.is_valid():
        try:
            done = do(request, ACTION, form)
        except EvenhandError as error:
            add_refusal(form, error)
        else:
            forget_typed(request)
            return go_on(request, SAYINGS[NAME], done, form.cleaned_data)
    return _show(request, form, sender, recipient, takes, status=422)


def lines_of(takes: list[Take]) -> str:
    """Return the ticked lines as the action reads them: OF-7K2M9QX4PD=40 box;..."""
    said = []
    for one in takes:
        if one.ticked:
            much = one.much if any(letter.isalpha() for letter in one.much) else f"{one.much} {one.unit}"
            said.append(f"{one.row.offer}={much.replace(';', ' ')}")
    return ";".join(said)


def _takes(rows: list[Unsent], given: Mapping[str, str] | None) -> list[Take]:
    takes = []
    for row in rows:
        unit, size = (row.pack, row.pack_size) if row.quantity >= row.pack_size else (row.base_unit, 1)
        whole = row.quantity // size
        if given is None:
            takes.append(Take(row, len(rows) == 1, str(whole), unit, whole))
        else:
            much = given.get(f"much-{row.offer}", "").strip()[:LONGEST] or str(whole)
            takes.append(Take(row, f"take-{row.offer}" in given, much, unit, whole))
    return takes


def _pairs(found: list[Unsent]) -> list[Pair]:
    """Return what waits, by sender and recipient; those that have waited for a round's gifts first, what can be sent on last."""
    pairs = []
    for (sender, recipient), group in groupby(found, key=lambda one: (one.sender, one.recipient)):
        rows = tuple(group)
        pairs.append(Pair(sender, rows[0].sender_name, recipient, rows[0].recipient_name, rows))
    return sorted(pairs, key=lambda one: (not one.recipient, _called(one.sender), _called(one.recipient)))


def _called(key: str) -> str:
    return names_here().name_of("party", key, "").text if key else ""


def _show(
    request: HttpRequest, form: Any, sender: str, recipient: str, takes: list[Take], status: int = 200
) -> HttpResponse:
    context = {
        "form": form, "sender": sender, "recipient": recipient, "takes": takes, "saying": SAYINGS[NAME],
        "facts": [form[name] for name in ("destination", "leaves_on", "due_on", "carrier", "waybill", "code") if name in form.fields],
        "more": [form[name] for name in ("kind", "programme", "reason") if name in form.fields],
        "back": reverse("plan-consignment"),
    }  # fmt: skip
    return show(request, "consignments/plan.html", context, status=status)
