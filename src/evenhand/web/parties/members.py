"""Being written."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from evenhand.web.frame.pages import public_page, show


@public_page
def members(request: HttpRequest) -> HttpResponse:
    """Show it."""
    return show(request, "desk/desk.html")
