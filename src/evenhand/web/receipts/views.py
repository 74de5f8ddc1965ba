"""Receipts: what is on its way to one's party, and the form that says what came of one consignment."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from evenhand.errors import NotAllowed
from evenhand.lookups.awaited import days_late, list_awaited, list_coming
from evenhand.lookups.consignments import Consignment, get_consignment
from evenhand.lookups.reach import today
from evenhand.lookups.sending import may_receive
from evenhand.web.frame.pages import private_page, show, viewer_of
from evenhand.web.frame.typed import forget_typed, typed_before
from evenhand.web.receipts.doing import Receipt, receive
from evenhand.web.receipts.form import DAMAGED, MISSING, line_forms

PLANNED_SHOWN = 20


@private_page()
def receipts(request: HttpRequest) -> HttpResponse:
    """List what is on its way to the viewer's party and those below it, the nearest first."""
    viewer = viewer_of(request)
    context = {
        "awaited": [(one, days_late(one)) for one in list_awaited(viewer)],
        "coming": list_coming(viewer, most=PLANNED_SHOWN),
    }
    return show(request, "receipts/receipts.html", context)


@private_page()
def receipt(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the form of one receipt, or do what it says."""
    viewer = viewer_of(request)
    found = get_consignment(viewer, ref.upper())
    if not may_receive(viewer, found.ref):
        raise NotAllowed(
            f"{viewer.name} may not say what came of {found.ref}; that takes the role focal-point for {found.destination}"
        )
    if request.method != "POST":
        before = typed_before(request)
        shown = Receipt(lines=line_forms(found, before))
        return _show(request, found, shown, before or {"request_id": str(uuid.uuid4())})
    given = {name: str(value) for name, value in request.POST.items()}
    origin = str(request.META.get("REMOTE_ADDR", ""))[:64]
    came = receive(viewer, found, given, request.FILES.get("photo"), origin)
    if _by_worker(request):
        state = "refused" if came.problems else "done"
        return JsonResponse({"state": state, "said": came.said, "problems": [said for _field, said in came.problems]})
    if came.problems:
        if came.said:  # what is done is done: the form shows what is left
            left = get_consignment(viewer, found.ref)
            problems = {one.number: one.problems for one in came.lines}
            came.lines = line_forms(left, given)
            for one in came.lines:
                one.problems = problems.get(one.number, {})
            found = left
        return _show(request, found, came, given, status=422)
    forget_typed(request)
    if not came.said:
        messages.info(request, _("Nothing was recorded: every line is said to be not here yet."))
    for said in came.said:
        messages.success(request, _("{ref}. {said}").format(ref=found.ref, said=said))
    return redirect("receipts")


def token(request: HttpRequest) -> HttpResponse:
    """Tell the worker who is signed in, and the token with which a receipt that was kept on a phone is sent."""
    response = JsonResponse({"who": viewer_of(request).public_id, "token": get_token(request)})
    response["Cache-Control"] = "no-store"
    return response


def _by_worker(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _show(
    request: HttpRequest, found: Consignment, shown: Receipt, given: dict[str, str], status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "consignment": found, "lines": shown.lines, "said": shown.said, "problems": shown.problems,
        "fields": dict(reversed(shown.problems)), "given": given, "late": days_late(found), "today": today(),
        "day": given.get("on") or today().isoformat(), "damaged_causes": DAMAGED, "missing_causes": MISSING,
        "donors": list(dict.fromkeys((one.donor, one.donor_name) for one in found.lines)),
        "units": sum(1 for one in found.lines if one.on_the_way),
    }  # fmt: skip
    return show(request, "receipts/receipt.html", context, status=status)
