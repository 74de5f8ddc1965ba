"""Keeping a document that was tried: the very bytes that were looked at are put on file and read once more.

Whoever may put documents in comes here from the page where a text is tried. The file waits for an hour, for its sender alone;
what was read of it then waits for the secretariat. Must never keep anything that its sender did not say to keep.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.actions.catalogue import ACTIONS
from evenhand.errors import EvenhandError
from evenhand.web.forms.acts import acting_of
from evenhand.web.forms.fields import Words
from evenhand.web.frame.pages import private_page, show, viewer_of
from evenhand.web.imports.kept import find, forget
from evenhand.web.languages.sentences import in_plain_text
from evenhand.web.said.telling import name_of
from evenhand.web.said.trying import KEPT

ACTION: Final = "document read"
TITLE: Final = 200


class Keeping(forms.Form):
    """Take what is known of a document beside its text."""

    use_required_attribute = False
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=36)
    title = Words(
        label=gettext_lazy("What it is"), max_length=TITLE, help_text=gettext_lazy("In a line, such as its headline.")
    )
    publisher = Words(
        label=gettext_lazy("Who published it"), required=False, max_length=300,
        help_text=gettext_lazy("Such as a ministry or a news agency."),
    )  # fmt: skip
    source = Words(
        label=gettext_lazy("Where it was published"), required=False, max_length=2000,
        help_text=gettext_lazy("Such as its address. It is written down and never fetched."),
    )  # fmt: skip
    dated = forms.DateField(
        label=gettext_lazy("When it was published"), required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), help_text=gettext_lazy("Where the text does not say."),
        error_messages={"invalid": gettext_lazy("This is no date. Write it as year-month-day, such as 2026-03-02.")},
    )  # fmt: skip
    party = forms.ChoiceField(label=gettext_lazy("For whom it is put in"), required=False)
    public = forms.BooleanField(
        label=gettext_lazy("Everybody may see it once something in it is accepted"), required=False, initial=True
    )

    def __init__(self, *given: Any, viewer: Viewer, **named: Any) -> None:
        named.setdefault("label_suffix", "")
        super().__init__(*given, **named)
        own = sorted(viewer.parties(*RIGHTS[ACTION]))
        field: Any = self.fields["party"]
        field.choices = [(key, name_of("party", key)) for key in own]
        if not viewer.has("secretariat") and len(own) == 1:
            field.initial = own[0]
            field.widget = forms.HiddenInput()
        elif viewer.has("secretariat"):
            field.choices = [("", _("nobody in particular")), *field.choices]
        if not own:
            del self.fields["party"]


@private_page(*RIGHTS[ACTION])
def keep_text(request: HttpRequest, token: str) -> HttpResponse:
    """Ask what is known of the document; put it on file."""
    viewer = viewer_of(request)
    held = find(request, KEPT, token)
    if held is None:
        messages.warning(
            request, _("That text is not kept any more: it was put on file, or an hour has passed. Try it again.")
        )
        return redirect("try-text")
    kept, body = held
    initial = {
        "request_id": str(uuid.uuid4()),
        "title": first_line(body),
        "source": request.GET.get("source", "")[:2000],
    }
    form = Keeping(initial=initial, viewer=viewer)
    status = 200
    if request.method == "POST":
        form = Keeping(request.POST, viewer=viewer)
        status = 422
        if form.is_valid():
            given = {
                name: value
                for name, value in form.cleaned_data.items()
                if name != "request_id" and value not in ("", None)
            }
            try:
                done = ACTIONS[ACTION](
                    acting_of(request, form.cleaned_data["request_id"]), file=body, filename=kept.filename, **given
                )
            except EvenhandError as error:
                form.add_error(None, in_plain_text(error.sentence))
            else:
                forget(request, token)
                messages.success(request, _("The document is on file. What was read in it waits to be checked."))
                return redirect(
                    "review" if viewer.has("secretariat") else "document",
                    *(() if viewer.has("secretariat") else (done.ref,)),
                )
    return show(request, "said/keep.html", {"form": form, "kept": kept}, status=status)


def first_line(body: bytes) -> str:
    r"""Return the first line of a text, for its title; "" of a file that is no plain text.

    Examples
    --------
    >>> first_line(b"\n  A readout \nof a meeting"), first_line(b"%PDF-1.7"), first_line(b"<!doctype html>")
    ('A readout', '', '')
    """
    try:
        text = body[:4096].decode()
    except UnicodeDecodeError:
        return ""
    line = next((one.strip() for one in text.splitlines() if one.strip()), "")
    return "" if line.startswith(("%PDF", "<", "PK")) else line[:TITLE]
