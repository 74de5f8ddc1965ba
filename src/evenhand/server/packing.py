"""What only one person may read, packed for the way: forms and desks come over bad lines too.

A middleware. Public pages are packed once and kept so by `web.frame.kept`; this packs the rest. Length can betray what a
secret is where a page shows it beside what an asker typed (BREACH): the one secret on pages, the token of forms, is masked
anew in every answer, and a header of random length blurs the length of each.
"""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Callable
from typing import Final

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

KINDS: Final = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
SMALL: Final = 400
"""Bytes below which packing costs more than it saves."""

BLUR: Final = 64
"""At most so many letters are added to an answer."""


class Packing:
    """Pack answers that are not packed yet, in the shortest form that the reader takes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or response.has_header("Content-Encoding"):
            return response
        if len(response.content) < SMALL or not response.get("Content-Type", "").startswith(KINDS):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        accepted = request.headers.get("Accept-Encoding", "")
        if "br" in accepted:
            response.content, response["Content-Encoding"] = brotli.compress(response.content, quality=5), "br"
        elif "gzip" in accepted:
            response.content, response["Content-Encoding"] = gzip.compress(response.content, 5, mtime=0), "gzip"
        else:
            return response
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))
        response["X-Blur"] = "x" * (1 + secrets.randbelow(BLUR))
        return response
