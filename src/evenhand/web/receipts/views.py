"""Receipts (being written)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from evenhand.web.frame.pages import private_page, show


@private_page()
def receipts(request: HttpRequest) -> HttpResponse:
    """List."""
    return show(request, "desk/desk.html")


@private_page()
def receipt(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one."""
    return show(request, "desk/desk.html")
