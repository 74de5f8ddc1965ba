"""What the forms of needs say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.viewers import Viewer
from evenhand.lookups.needs import Need, find_need, list_needs
from evenhand.lookups.tending import list_to_check
from evenhand.web.forms.saying import Group, Saying, Then
from evenhand.web.languages.speaking import names_here

Choices = list[tuple[str, str | Promise]]

MOST: Final = 200
"""Needs that a list offers; the one that a form was opened with is always among them."""

OPEN: Final = ("draft", "submitted", "approved", "lapsed")


def needs_in(*states: str) -> Callable[[Viewer, Mapping[str, str]], Choices]:
    """Return what offers the viewer's own needs in certain states, or the one that the form was opened with."""

    def choices(viewer: Viewer, given: Mapping[str, str]) -> Choices:
        found: list[Need] = []
        for party in sorted(viewer.parties("focal-point")):
            found += [one for state in states for one in list_needs(viewer, party=party, state=state, most=MOST)]
        for group in sorted(viewer.groups("secretariat")) if "submitted" in states else ():
            found += list_needs(viewer, group=group, state="submitted", most=MOST)
        listed = {one.ref: said(one) for one in found if one.state in states}
        asked = given.get("need", "")
        if asked and asked not in listed:
            one = find_need(viewer, asked)
            listed = {asked: said(one) if one else asked} | listed  # what is wrong with it is the action's to say
        return list(listed.items())

    return choices


def said(need: Need) -> str:
    """Return a need in few words: who, what, how much, which."""
    names = names_here()
    party = names.name_of("party", need.party, need.party_name).text
    resource = names.name_of("resource", need.resource, need.resource_name).text
    return f"{party}: {resource}, {need.typed} {need.unit} ({need.ref})"


FIELDS: Final = (
    Group(_("What is needed"), ("party", "resource", "quantity", "unit", "why")),
    Group(_("When and how pressing"), ("by_when", "valid_until", "priority")),
    Group(_("What is there already"), ("held", "capacity")),
    Group(_("More that the sharing-out can take into account"), ("per_week", "tiers", "weight", "weight_source", "place", "programme"), folded=True),
)  # fmt: skip
HINTS: Final = {
    "quantity": _("In all, what is already there included. As people say it: 1200, or 40 box."),
    "why": _("In a sentence. Everybody can read it once the need is approved."),
    "held": _("In the same unit as above."),
    "capacity": _("Leave it empty if all that is missing could be taken."),
    "valid_until": _("On this day the need lapses unless you renew it. Left empty: in 90 days."),
    "tiers": _("For the rule that serves one group of people before the next: their sizes in order, separated by “;”."),
    "weight": _("For the rules that serve higher risk faster. 1 is usual; every other weight needs a source."),
}


def opened_correction(viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, str]:
    """Return what stands in the need that a correction is opened for."""
    need = find_need(viewer, given.get("need", ""))
    if need is None:
        return {}
    return {
        "quantity": need.typed, "unit": need.unit, "why": need.why, "held": str(need.held),
        "by_when": need.by_when.isoformat() if need.by_when else "", "priority": need.priority,
    }  # fmt: skip


def what_it_changes(viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the need that is to be approved, and what it changes of the one that it corrects."""
    from evenhand.web.desk.needs import differences

    waiting = {one.ref: one for one in list_to_check(viewer, most=MOST).needs}
    need = waiting.get(given.get("need", ""))
    return {"need": need, "differences": differences(need) if need else []}


SAYINGS: Final[dict[str, Saying]] = {
    "need draft": Saying(
        _("Tell what you need"), _("Keep as a draft"),
        _("The secretariat checks what you submit; then everybody sees it. A draft is seen by your own party only."),
        groups=FIELDS, hints=HINTS, done=_("Draft kept: {ref}. Submit it when it is right."),
        then=Then(
            "need submit", _("Submit it to the secretariat"), lambda done: {"need": done.ref},
            _("Submitted: {ref}. The secretariat checks it now."),
        ),
    ),
    "need submit": Saying(
        _("Submit a need"), _("Submit it"), _("The secretariat checks it. Once approved, everybody sees it and rounds can serve it."),
        choices={"need": needs_in("draft")}, done=_("Submitted: {ref}. The secretariat checks it now."),
    ),
    "need approve": Saying(
        _("Approve a need"), _("Approve it"), _("From now on everybody sees it and rounds may serve it."),
        choices={"need": needs_in("submitted")}, done=_("Approved: {ref}. Everybody sees it now."),
        template="desk/approve.html", context=what_it_changes,
    ),
    "need renew": Saying(
        _("Renew a need"), _("Renew it"), _("It still stands, until a later day."),
        choices={"need": needs_in("approved", "lapsed")}, done=_("Renewed: {ref}."),
        hints={"valid_until": _("The new last day. Left empty: 90 days from today.")},
    ),
    "need correct": Saying(
        _("Correct a need"), _("Send the correction"),
        _("The correction is a new need that replaces the old one once it is approved. The old one stays readable. Change only what is different."),
        groups=(Group(_("Which need"), ("need",)), *(Group(one.title, tuple(name for name in one.names if name not in ("party", "resource")), one.folded) for one in FIELDS)),
        hints=HINTS | {"held": _("In the smallest unit, unless it says its own: 1200, or 40 box.")}, opens=opened_correction, must_differ=True,
        choices={"need": needs_in(*OPEN)}, reason="needed", done=_("Correction sent: {ref}."),
    ),
    "need withdraw": Saying(
        _("Withdraw a need"), _("Withdraw it"), _("It no longer stands and no round serves it any more. It stays readable."),
        choices={"need": needs_in(*OPEN)}, reason="needed",
        danger=_("A withdrawn need does not come back; you would enter a new one."), done=_("Withdrawn: {ref}."),
        onward=lambda done, given: reverse("desk"),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
