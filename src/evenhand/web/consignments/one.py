"""Consignments (being written)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from evenhand.web.frame.pages import public_page, show


@public_page
def consignment(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one."""
    return show(request, "desk/desk.html")
