"""Consignments (being written)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from evenhand.web.frame.pages import public_page, show


@public_page
def consignments(request: HttpRequest) -> HttpResponse:
    """List consignments."""
    return show(request, "desk/desk.html")
