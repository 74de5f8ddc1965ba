"""The worker of receipts, at the root: only from there may it answer for the pages of every language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the worker; a browser asks for it anew at every visit, because what it keeps must never be stuck."""
    return HttpResponse(_source(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@cache
def _source() -> bytes:
    return (files("evenhand.web") / "assets" / "sw.js").read_bytes()
