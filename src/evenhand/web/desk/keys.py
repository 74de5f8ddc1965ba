"""Keys for programs: one's own, with a form that makes one and shows it a single time.

Making a key takes a fresh proof of who asks. The key stands in the answer to the very POST that made it and nowhere else: not in
a message, a session or an address.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.actions.keys import READ, SCOPES, STAFF, make_key
from evenhand.errors import EvenhandError, RepeatDiffers
from evenhand.lookups.keys import list_keys
from evenhand.web.forms.acts import acting_of, prove_again
from evenhand.web.forms.fields import Words
from evenhand.web.frame.pages import private_page, show, viewer_of
from evenhand.web.frame.typed import typed_before
from evenhand.web.languages.sentences import in_plain_text

MEANS: Final[dict[str, str | Promise]] = {
    "read": _("read what I may read"), "need": _("needs"), "offer": _("offers"), "evidence": _("evidence"), "round": _("rounds"),
    "consignment": _("consignments and receipts"), "stock": _("stock"), "money": _("money"), "import": _("spreadsheets"),
    "party": _("parties"), "place": _("places"), "resource": _("resources"), "group": _("groups"), "programme": _("programmes"),
    "translation": _("translations"), "checkpoint": _("checkpoints"), "seed": _("the shipped lists"),
}  # fmt: skip
"""Scope → what it lets a program do."""


class NewKey(forms.Form):
    """Take what a key is for, what it may do and until when."""

    use_required_attribute = False
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=36)
    name = Words(label=_("What it is for"), help_text=_("Such as: stock report of the ministry."), max_length=80)
    scopes = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)
    until = forms.DateField(
        label=_("Until"), help_text=_("The last day on which it opens anything. Left empty: 90 days."), required=False,
        input_formats=["%Y-%m-%d"], widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is no date. Write it as year-month-day, such as 2026-03-02.")},
    )  # fmt: skip
    reason = Words(
        label=_("Reason"), help_text=_("What program has it, and who keeps it."), required=False, max_length=2000
    )

    def __init__(self, viewer: Viewer, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        staff = any(one.role in STAFF for one in viewer.roles)
        self.fields["reason"].required = staff
        choices = [(one, MEANS.get(one, one)) for one in scopes_of(viewer)]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]
        self.label_suffix = ""


def scopes_of(viewer: Viewer) -> list[str]:
    """Return the scopes that would open anything to a viewer: reading, and groups of actions that its roles have."""
    own = {right.partition(" ")[0] for right, roles in RIGHTS.items() if viewer.has(*roles)}
    return [one for one in SCOPES if one == READ or one in own]


@private_page()
def keys(request: HttpRequest) -> HttpResponse:
    """List one's own keys; make one, and show it this once."""
    viewer = viewer_of(request)
    made, status = None, 200
    fresh = {"request_id": str(uuid.uuid4()), "scopes": [READ]}
    form = NewKey(viewer, initial=fresh | typed_before(request))
    if request.method == "POST":
        if (asked := prove_again(request)) is not None:
            return asked
        form = NewKey(viewer, request.POST)
        if form.is_valid():
            given = form.cleaned_data
            until: date | None = given["until"]
            try:
                made = make_key(
                    acting_of(request, given["request_id"], given["reason"]), name=given["name"],
                    scopes=";".join(given["scopes"]), until=until,
                )  # fmt: skip
                form = NewKey(viewer, initial=fresh)
            except RepeatDiffers:
                form.add_error(None, _("This form was sent before. The key was shown then, and is never shown again."))
            except EvenhandError as error:
                form.add_error(_field_of(error), in_plain_text(error.sentence))
        status = 200 if made else 422
    own = [one for one in list_keys(viewer) if one.user == viewer.public_id]
    context = {"form": form, "keys": own, "made": made, "may_make": viewer.has(*RIGHTS["key make"])}
    return show(request, "desk/keys.html", context, status=status)


def _field_of(error: EvenhandError) -> str | None:
    """Return the field that a refusal is about."""
    found = (
        ("reason", "needs a reason"),
        ("until", "too far"),
        ("until", "is over"),
        ("scopes", "scope"),
        ("name", "name of the key"),
    )
    return next((name for name, said in found if said in error.sentence), None)
