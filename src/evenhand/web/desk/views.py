"""The desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from evenhand.web.frame.pages import private_page, show


@private_page()
def desk(request: HttpRequest) -> HttpResponse:
    """Show the work that waits."""
    return show(request, "desk/desk.html")
