"""The overview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from evenhand.lookups.figures import read_headline
from evenhand.web.frame.pages import public_page, show, viewer_of


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the overview."""
    return show(request, "home/home.html", {"headline": read_headline(viewer_of(request))})
