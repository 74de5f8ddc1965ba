"""Sending a spreadsheet: the list of kinds, the template, the form, the preview, doing it.

A file is looked at before anything changes, as often as one likes; what is then done is done with the very bytes that were
looked at, and under an id that comes from them, so that doing it twice changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evenhand.access.rights import RIGHTS
from evenhand.actions.action import Acting
from evenhand.actions.bulk.importing import dry_run, import_file
from evenhand.errors import EvenhandError, NotAllowed
from evenhand.exchange.templates import write_template
from evenhand.lookups.exporting import list_names
from evenhand.supply.meanings import LANGUAGES
from evenhand.web.forms.acts import acting_of
from evenhand.web.frame.pages import FROM_RIGHT_TO_LEFT, private_page, show, viewer_of
from evenhand.web.imports.forms import Answers, Upload
from evenhand.web.imports.kept import Kept, change, find, forget, keep
from evenhand.web.imports.registers import Register, registers_of
from evenhand.web.imports.seeing import see
from evenhand.web.languages.sentences import in_language, in_plain_text

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READ: Final = ("layout", "sheet", "constants", "days", "decimal", "identical", "approved")


@private_page()
def imports(request: HttpRequest) -> HttpResponse:
    """List what one may send in."""
    return show(request, "imports/imports.html", {"registers": list(registers_of(viewer_of(request)).values())})


@private_page()
def template(request: HttpRequest, register: str) -> HttpResponse:
    """Hand out the workbook to fill in: headings, lists of what there is, every column explained."""
    _expect(request, register)
    here = (get_language() or "en").partition("-")[0]
    spoken = [one for one in (here, "en") if one in LANGUAGES] or ["en"]
    body = write_template(
        register, languages=list(dict.fromkeys(spoken)), lists=dict(list_names(viewer_of(request))),
        right_to_left=here in FROM_RIGHT_TO_LEFT,
    )  # fmt: skip
    response = HttpResponse(body, content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="evenhand-{register}.xlsx"'
    return response


@private_page()
def send(request: HttpRequest, register: str) -> HttpResponse:
    """Take a file, and lead to what it would do."""
    declared = _expect(request, register)
    may_approve = viewer_of(request).has(*RIGHTS["need approve"])
    if request.method != "POST":
        form = Upload(register=register, may_approve=may_approve, initial=request.GET.dict())
        return _form(request, declared, form)
    form = Upload(request.POST, request.FILES, register=register, may_approve=may_approve)
    if form.is_valid():
        file = form.cleaned_data["file"]
        kept = Kept(
            register,
            _plain_name(file.name),
            **{name: form.cleaned_data[name] for name in READ if name in form.cleaned_data},
        )
        body = file.read()
        try:
            dry_run(_acting(request), kept.sent(body))
        except EvenhandError as error:
            form.add_error(_field_of(error), in_plain_text(error.sentence))
        else:
            return redirect("import_preview", register, keep(request, kept, body))
    return _form(request, declared, form, status=422)


@private_page()
def preview(request: HttpRequest, register: str, token: str) -> HttpResponse:
    """Show what a file would do; take answers about it; do it."""
    declared = _expect(request, register)
    held = find(request, register, token)
    if held is None:
        messages.warning(
            request,
            _(
                "That file is not kept any more: it was done, or an hour has passed. Nothing was changed by looking at it. Send it again."
            ),
        )
        return redirect("import", register)
    kept, file = held
    status = 200
    form = Answers(initial={"days": kept.days, "decimal": kept.decimal, "identical": kept.identical})
    if request.method == "POST" and request.POST.get("step") == "give-up":
        forget(request, token)
        messages.info(request, _("Nothing was changed."))
        return redirect("import", register)
    if request.method == "POST" and request.POST.get("step") == "answer":
        form = Answers(request.POST)
        if form.is_valid():
            change(request, token, replace(kept, **form.cleaned_data))
            return redirect(request.path)
        status = 422
    refused: list[str] = []
    if request.method == "POST" and request.POST.get("step") == "do":
        try:
            done = import_file(_acting(request, request.POST.get("reason", "")[:2000]), kept.sent(file))
        except EvenhandError as error:
            refused, status = [in_language(error.sentence)], 422
        else:
            forget(request, token)
            _say(request, done.facts, repeated=done.repeated)
            return redirect("desk")
    try:
        found = dry_run(_acting(request), kept.sent(file))
    except EvenhandError as error:
        messages.error(request, in_plain_text(error.sentence))
        return redirect("import", register)
    context = {
        "register": declared, "kept": kept, "token": token, "found": found, "seen": see(kept, file, found), "form": form,
        "notes": [in_language(note) for note in found.notes], "refused": refused,
        "questions": [in_language(one.text) for one in found.questions],
        "asks": {one.option for one in found.questions},
    }  # fmt: skip
    return show(request, "imports/preview.html", context, status=status)


@private_page()
def problems(request: HttpRequest, register: str, token: str) -> HttpResponse:
    """Hand out everything that is wrong with a file, cell by cell, as a table to work through."""
    _expect(request, register)
    held = find(request, register, token)
    if held is None:
        raise Http404
    kept, file = held
    found = dry_run(_acting(request), kept.sent(file))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["row", "column", "problem"])
    for one in found.problems:
        writer.writerow([one.row or "", _safe(one.column), _safe(in_plain_text(one.text))])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{register}-problems.csv"'
    return response


def _expect(request: HttpRequest, register: str) -> Register:
    """Return a register that the viewer may send. Raises Http404 where there is none, NotAllowed where it may not."""
    viewer = viewer_of(request)
    found = registers_of(viewer).get(register)
    if found is not None:
        return found
    from evenhand.web.imports.registers import REGISTERS

    if register not in {one.name for one in REGISTERS}:
        raise Http404
    raise NotAllowed(f"{viewer.name} may not send in {register}; that takes the right of the single action")


def _form(request: HttpRequest, declared: Register, form: Upload, status: int = 200) -> HttpResponse:
    more = [
        form[name]
        for name in ("layout", "sheet", "constants", "days", "decimal", "identical", "approved")
        if name in form.fields
    ]
    opened = any(bound.errors for bound in more)
    return show(
        request,
        "imports/send.html",
        {"register": declared, "form": form, "more": more, "opened": opened},
        status=status,
    )


def _acting(request: HttpRequest, reason: str = "") -> Acting:
    return acting_of(request, "", reason)


def _field_of(error: EvenhandError) -> str | None:
    """Return the field that a refusal of the whole file is about."""
    words = {"no sheet": "sheet", "no layout": "layout", "sets no column": "constants", "no column of": "constants"}
    return next((name for said, name in words.items() if said in error.sentence), "file")


def _say(request: HttpRequest, facts: Mapping[str, Any], *, repeated: bool) -> None:
    if repeated:
        messages.success(request, _("This very file was done before, and was not done again."))
        return
    parts = [
        ngettext("{number} new row", "{number} new rows", facts["added"]).format(number=facts["added"]),
        ngettext("{number} changed", "{number} changed", facts["changed"]).format(number=facts["changed"]),
        ngettext("{number} as it was", "{number} as they were", facts["same"]).format(number=facts["same"]),
    ]
    messages.success(
        request, _("The file is in: {new}, {changed}, {same}.").format(new=parts[0], changed=parts[1], same=parts[2])
    )


def _plain_name(name: str | None) -> str:
    """Return a file's name without folders and what is no letter."""
    text = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in text if letter.isprintable())[:120] or "file"


def _safe(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
