"""The secretariat's queue of what a machine read: accept, reject, merge many at once, without a script and by keyboard alone.

Each thing stands in its own words beside what was understood and what it may be the same as. Ticking and pressing once does
one action for each, see `desk.several`; what is refused stops nothing else.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evenhand.access.viewers import Viewer
from evenhand.actions.catalogue import ACTIONS
from evenhand.lookups.meetings import Meeting
from evenhand.lookups.reviewing import ToReview, all_to_review
from evenhand.web.desk.several import Went, do_each
from evenhand.web.forms.fields import Words
from evenhand.web.frame.pages import private_page, show, viewer_of
from evenhand.web.frame.typed import forget_typed, typed_before
from evenhand.web.said.telling import Quoted, quote, sure_of

MOST: Final = 60
"""So many of each kind stand on the page; the others come when these are done."""

STEPS: Final = {
    "accept": {"ST": ("statement accept", "statement"), "MT": ("meeting confirm", "meeting")},
    "reject": {"ST": ("statement reject", "statement"), "MT": ("meeting reject", "meeting")},
    "merge": {
        "ST": ("statement merge", "statement"),
        "MT": ("meeting merge", "meeting"),
        "HO": ("official merge", "official"),
    },
}
"""What is pressed → prefix of a ref → the action, and the name of its parameter."""


class Reviewing(forms.Form):
    """Take why."""

    use_required_attribute = False
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=36)
    reason = Words(
        label=gettext_lazy("Reason"), required=False, max_length=2000,
        help_text=gettext_lazy("Needed to reject and to merge. Everybody who sees the record can read it."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one thing that waits, with what is shown of it."""

    waiting: ToReview
    quoted: Quoted | None
    meeting: Meeting | None
    sure: str
    ticked: bool
    refused: str


@private_page("secretariat", "auditor")
def review(request: HttpRequest) -> HttpResponse:
    """Show what waits; do what was pressed."""
    viewer = viewer_of(request)
    form = Reviewing(initial={"request_id": str(uuid.uuid4())} | typed_before(request))
    refused: Mapping[str, str] = {}
    ticked: Sequence[str] = ()
    status = 200
    if request.method == "POST" and viewer.has("secretariat"):
        form, ticked = Reviewing(request.POST), request.POST.getlist("tick")
        step, _space, pair = request.POST.get("step", "").partition(" ")
        chosen = [pair] if step == "merge" else list(ticked)
        if form.is_valid() and not any(prefix_of(one) in STEPS.get(step, {}) for one in chosen):
            form.add_error(None, _("Tick at least one statement or meeting."))
        if form.is_valid():
            went = do_step(request, step, chosen, form.cleaned_data)
            tell_went(request, step, went)
            forget_typed(request)
            if not went.refused:
                return redirect("review")
            refused, ticked = went.refused, list(went.refused)
            form = Reviewing({**request.POST.dict(), "request_id": str(uuid.uuid4())})
        status = 422
    rows = rows_of(viewer, ticked, refused)
    context = {
        "form": form, "rows": rows, "meetings": [one for one in rows if one.meeting], "refused": refused,
        "statements": [one for one in rows if one.quoted], "officials": [one for one in rows if one.waiting.kind == "official"],
        "may_decide": viewer.has("secretariat"),
    }  # fmt: skip
    return show(request, "said/review.html", context, status=status)


def prefix_of(ref: str) -> str:
    """Return the prefix of a ref."""
    return ref.partition("-")[0]


def do_step(request: HttpRequest, step: str, chosen: Sequence[str], given: Mapping[str, Any]) -> Went:
    """Do what was pressed for everything that was ticked; a merge is pressed on a pair."""
    went = Went()
    into = ""
    if step == "merge":
        first, _space, into = chosen[0].partition(" ")
        chosen = [first]
    for prefix, (name, parameter) in STEPS[step].items():
        refs = [one for one in chosen if prefix_of(one) == prefix]
        more = {"into": into} if into else {}
        did = do_each(
            request, ACTIONS[name], refs, lambda ref, named=parameter, also=more: {named: ref, **also},  # type: ignore[misc]
            request_id=given["request_id"], reason=given["reason"],
        )  # fmt: skip
        went.done += did.done
        went.repeated += did.repeated
        went.refused |= did.refused
    return went


def tell_went(request: HttpRequest, step: str, went: Went) -> None:
    """Say what was done."""
    number = len(went.done)
    said = {
        "accept": ngettext("{number} is accepted. Everybody sees it now.", "{number} are accepted. Everybody sees them now.", number),
        "reject": ngettext("{number} is rejected.", "{number} are rejected.", number),
        "merge": ngettext("{number} is merged.", "{number} are merged.", number),
    }  # fmt: skip
    if number:
        messages.success(request, said[step].format(number=number))
    if went.repeated:
        messages.info(request, _("This was sent before, and nothing was done again."))


def rows_of(viewer: Viewer, ticked: Sequence[str], refused: Mapping[str, str]) -> list[Row]:
    """Return what waits, with the words of each statement and the people of each meeting."""
    return [
        Row(
            one.what, quote([one.statement])[0] if one.statement else None, one.meeting, sure_of(one.what.confidence),
            one.what.ref in ticked, refused.get(one.what.ref, ""),
        )
        for one in all_to_review(viewer, MOST)
    ]  # fmt: skip
