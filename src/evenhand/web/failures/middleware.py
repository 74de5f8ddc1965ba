"""Turns what a view raises into its page, and refuses what is too large before any of it is read.

Stands outside sessions and sign-in, so that it answers also when these cannot.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from evenhand.errors import NotAllowed
from evenhand.web.failures.views import answer_error, bad_request, in_language_of, too_large, wrong_method

WITH_FILES: Final = ("/act/", "/desk", "/api/", "/statements/try")
"""Where files are sent in; everywhere else a request is a few words."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""What reaches a view, which refuses most of them itself. TRACE would say back what only the server should see."""

FEW_WORDS: Final = 2**20
ROOM: Final = 1.4
"""A file in JSON, as base64, is a third larger than it is."""

security = logging.getLogger("evenhand.security")
faults = logging.getLogger("evenhand.faults")


class Failures:
    """Answer what went wrong."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request, unless it is too large to be read, or of a kind that nobody here knows."""
        if request.method not in METHODS:
            return wrong_method(request)
        # No address of ours holds one, and no database takes it; the API has a sentence of its own for it.
        holds_nul = "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")
        if holds_nul and not request.path_info.startswith("/api/"):
            return bad_request(request)
        most = FEW_WORDS
        if any(part in request.path_info for part in WITH_FILES):
            most = int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE * ROOM)
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        if size > most:
            return too_large(request, most)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Answer an error of a view that has a page of its own."""
        viewer = getattr(request, "viewer", None)
        with in_language_of(request):
            answer = answer_error(request, error)
        if answer is None:
            return None
        if isinstance(error, NotAllowed):
            view = getattr(request.resolver_match, "view_name", "")
            security.warning("refused who=%s page=%s", getattr(viewer, "public_id", "") or "public", view)
        elif answer.status_code >= 500:
            faults.error("%s: %s", type(error).__name__, error)
        return answer
