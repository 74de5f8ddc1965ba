"""What the code on a box says: `/c/CN-...`, without a language, leads to the consignment in the reader's own.

Whoever may say what came of it comes to the form for that.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from evenhand.lookups.consignments import get_consignment
from evenhand.lookups.sending import may_receive
from evenhand.web.frame.pages import viewer_of


@require_safe
def code(request: HttpRequest, ref: str) -> HttpResponse:
    """Lead to a consignment, or to its receipt."""
    found = get_consignment(viewer_of(request), ref.strip().upper())
    here = viewer_of(request).public_id and any(one.on_the_way for one in found.lines)
    name = "receipt" if here and may_receive(viewer_of(request), found.ref) else "consignment"
    with translation.override(translation.get_language_from_request(request)):
        response = redirect(reverse(name, args=[found.ref]))
    response["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
