"""Needs at a desk: all that want something done, the page that renews many at once, and the secretariat's queue to check.

Ticking rows and sending once does one action a row; see `several`. Must never offer a need that the viewer may not act on.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evenhand.actions.catalogue import ACTIONS
from evenhand.actions.needs import LONGEST, USUAL
from evenhand.lookups.reach import today
from evenhand.lookups.tending import Tended, list_tended, list_to_check
from evenhand.web.desk.several import MOST, do_each
from evenhand.web.forms.fields import Words
from evenhand.web.frame.pages import private_page, show, viewer_of
from evenhand.web.frame.typed import forget_typed, typed_before
from evenhand.web.languages import formats
from evenhand.web.languages.vocabulary import word


class Renewing(forms.Form):
    """Take which needs are renewed, and until when."""

    use_required_attribute = False
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=36)
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"), required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("This is no date. Write it as year-month-day, such as 2026-03-02.")},
    )  # fmt: skip
    reason = Words(label=gettext_lazy("Reason"), required=False, max_length=2000)

    def clean_valid_until(self) -> date | None:
        """Refuse a day on which no need could be valid, once for all of them."""
        day: date | None = self.cleaned_data["valid_until"]
        if day is not None and not today() <= day <= today() + LONGEST:
            raise forms.ValidationError(
                _("A need cannot be valid until {day}. Give a day from {first} to {last}.").format(
                    day=formats.day(day), first=formats.day(today()), last=formats.day(today() + LONGEST)
                )
            )
        return day


class Checking(forms.Form):
    """Take which needs are approved."""

    use_required_attribute = False
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=36)
    reason = Words(label=gettext_lazy("Reason"), required=False, max_length=2000)


NONE_TICKED: Final = gettext_lazy("Tick at least one need.")


@private_page("focal-point")
def my_needs(request: HttpRequest) -> HttpResponse:
    """List every need of one's own that wants something done."""
    tended = list_tended(viewer_of(request), most=MOST)
    return show(request, "desk/my_needs.html", {"section": {"tended": tended}})


@private_page("focal-point")
def renew_all(request: HttpRequest) -> HttpResponse:
    """Show the needs that lapse soon or have, ticked; renew those that stay ticked."""
    viewer = viewer_of(request)
    tended = list_tended(viewer, tasks="lapsed;lapsing", most=MOST)
    refused: dict[str, str] = {}
    status = 200
    form = Renewing(initial={"request_id": str(uuid.uuid4()), "valid_until": today() + USUAL} | typed_before(request))
    ticked = [one.ref for one in tended.needs]
    if request.method == "POST":
        form, ticked = Renewing(request.POST), request.POST.getlist("need")
        if form.is_valid() and not ticked:
            form.add_error(None, NONE_TICKED)
        if form.is_valid():
            until = form.cleaned_data["valid_until"]
            went = do_each(
                request, ACTIONS["need renew"], ticked,
                lambda ref: {"need": ref} | ({"valid_until": until} if until else {}),
                request_id=form.cleaned_data["request_id"], reason=form.cleaned_data["reason"],
            )  # fmt: skip
            _say(
                request,
                went.done,
                went.repeated,
                ngettext("{number} need is renewed.", "{number} needs are renewed.", len(went.done)),
            )
            forget_typed(request)
            if not went.refused:
                return redirect("desk")
            refused, ticked = went.refused, list(went.refused)
            tended = list_tended(viewer, tasks="lapsed;lapsing", most=MOST)
            form = Renewing({**request.POST.dict(), "request_id": str(uuid.uuid4())})
        status = 422
    context = {"tended": tended, "rows": _rows(tended.needs, ticked, refused), "form": form, "refused": refused}
    return show(request, "desk/renew_all.html", context, status=status)


@private_page("secretariat")
def check_needs(request: HttpRequest) -> HttpResponse:
    """Show what waits to be checked, with what each would change; approve what is ticked."""
    viewer = viewer_of(request)
    tended = list_to_check(viewer, most=MOST)
    refused: dict[str, str] = {}
    ticked: list[str] = []
    status = 200
    form = Checking(initial={"request_id": str(uuid.uuid4())} | typed_before(request))
    if request.method == "POST":
        form, ticked = Checking(request.POST), request.POST.getlist("need")
        if form.is_valid() and not ticked:
            form.add_error(None, NONE_TICKED)
        if form.is_valid():
            went = do_each(
                request, ACTIONS["need approve"], ticked, lambda ref: {"need": ref},
                request_id=form.cleaned_data["request_id"], reason=form.cleaned_data["reason"],
            )  # fmt: skip
            _say(
                request,
                went.done,
                went.repeated,
                ngettext(
                    "{number} need is approved. Everybody sees it now.",
                    "{number} needs are approved. Everybody sees them now.",
                    len(went.done),
                ),
            )
            forget_typed(request)
            if not went.refused:
                return redirect("check_needs")
            refused, ticked = went.refused, list(went.refused)
            tended = list_to_check(viewer, most=MOST)
            form = Checking({**request.POST.dict(), "request_id": str(uuid.uuid4())})
        status = 422
    context = {"tended": tended, "rows": _rows(tended.needs, ticked, refused), "form": form, "refused": refused}
    return show(request, "desk/check_needs.html", context, status=status)


def _say(request: HttpRequest, done: Sequence[str], repeated: Sequence[str], said: str) -> None:
    if done:
        messages.success(request, said.format(number=len(done)))
    if repeated:
        messages.info(request, _("This was sent before, and nothing was done again."))


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold one thing that a correction changes, as it was and as it would be."""

    title: str
    before: str
    after: str


def _rows(needs: Sequence[Tended], ticked: Sequence[str], refused: dict[str, str]) -> list[dict[str, Any]]:
    """Return each need with whether it is ticked, what was refused about it, and what it would change."""
    listed = [
        {"need": one, "ticked": one.ref in ticked, "refused": refused.get(one.ref, ""), "differences": differences(one)}
        for one in needs
    ]
    shown = {one.ref for one in needs}
    gone = [{"need": None, "ref": ref, "refused": said} for ref, said in refused.items() if ref not in shown]
    return [*listed, *gone]


def differences(need: Tended) -> list[Difference]:
    """Return what a correction changes of the need it would replace; nothing of one that is new."""
    before = need.before
    if before is None:
        return []
    pairs = (
        (_("How much"), f"{before.typed} {before.unit}", f"{need.typed} {need.unit}"),
        (_("Already there"), formats.amount(before.held), formats.amount(need.held)),
        (_("Needed by"), formats.day(before.by_when), formats.day(need.by_when)),
        (_("How pressing"), word("priority", before.priority), word("priority", need.priority)),
        (_("What for"), before.why, need.why),
        (_("Weight"), before.weight, need.weight),
        (_("Valid until"), formats.day(before.valid_until), formats.day(need.valid_until)),
    )
    return [Difference(title, was or "–", now or "–") for title, was, now in pairs if was != now]
