"""What the forms of needs say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.viewers import Viewer
from evenhand.lookups.needs import Need, list_needs
from evenhand.web.forms.saying import Group, Saying
from evenhand.web.languages.speaking import names_here

Choices = list[tuple[str, str | Promise]]

OPEN: Final = ("draft", "submitted", "approved", "lapsed")


def needs_in(*states: str) -> Callable[[Viewer, Mapping[str, str]], Choices]:
    """Return what offers the viewer's own needs in certain states, or the one that the form was opened with."""

    def choices(viewer: Viewer, given: Mapping[str, str]) -> Choices:
        parties = sorted(viewer.parties("focal-point"))
        groups = sorted(viewer.groups("secretariat"))
        found = [one for party in parties for one in list_needs(viewer, party=party)]
        found += [one for group in groups for one in list_needs(viewer, group=group, state="submitted")]
        return [(one.ref, said(one)) for one in dict.fromkeys(found) if one.state in states]

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

SAYINGS: Final[dict[str, Saying]] = {
    "need draft": Saying(
        _("Tell what you need"), _("Keep as a draft"),
        _("A draft is seen by your own party only. Submit it when it is right; the secretariat then checks it."),
        groups=FIELDS, hints=HINTS, done=_("Draft kept: {ref}. Submit it when it is right."),
    ),
    "need submit": Saying(
        _("Submit a need"), _("Submit it"), _("The secretariat checks it. Once approved, everybody sees it and rounds can serve it."),
        choices={"need": needs_in("draft")}, done=_("Submitted: {ref}. The secretariat checks it now."),
    ),
    "need approve": Saying(
        _("Approve a need"), _("Approve it"), _("From now on everybody sees it and rounds may serve it."),
        choices={"need": needs_in("submitted")}, done=_("Approved: {ref}. Everybody sees it now."),
    ),
    "need renew": Saying(
        _("Renew a need"), _("Renew it"), _("It still stands, until a later day."),
        choices={"need": needs_in("approved", "lapsed")}, done=_("Renewed: {ref}."),
        hints={"valid_until": _("The new last day. Left empty: 90 days from today.")},
    ),
    "need correct": Saying(
        _("Correct a need"), _("Send the correction"),
        _("The correction is a new need that replaces the old one once it is approved. The old one stays readable. Fill in only what is different."),
        groups=(Group(_("Which need"), ("need",)), *(Group(one.title, tuple(name for name in one.names if name not in ("party", "resource")), one.folded) for one in FIELDS)),
        hints=HINTS | {"quantity": _("Leave it empty if it stays as it is.")},
        choices={"need": needs_in(*OPEN)}, reason="needed", done=_("Correction sent: {ref}."),
    ),
    "need withdraw": Saying(
        _("Withdraw a need"), _("Withdraw it"), _("It no longer stands and no round serves it any more. It stays readable."),
        choices={"need": needs_in(*OPEN)}, reason="asked",
        danger=_("A withdrawn need does not come back; you would enter a new one."), done=_("Withdrawn: {ref}."),
        onward=lambda done, given: reverse("desk"),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""
