"""Answers packed for the way: pages, forms and desks come over bad lines too.

A middleware. Length can betray what a secret is where a page shows it beside what an asker typed (BREACH): the one secret
on pages, the token of forms, is masked anew in every answer, and a header of random length blurs the length of each that
is not everybody's.
"""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

KINDS: Final = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
SMALL: Final = 400
"""Bytes below which packing costs more than it saves."""

BLUR: Final = 64
"""At most so many letters are added to an answer."""


PACK: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "br": partial(brotli.compress, quality=5), "gzip": partial(gzip.compress, compresslevel=5, mtime=0),
}  # fmt: skip
"""Coding → how it is packed, the shortest first."""


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
        coding = coding_of(request.headers.get("Accept-Encoding", ""))
        if not coding:
            return response
        public = response.get("Cache-Control", "").startswith("public")
        response.content = PACK[coding](response.content)
        response["Content-Encoding"] = coding
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))
        if not public:
            response["X-Blur"] = "x" * (1 + secrets.randbelow(BLUR))
        return response


def coding_of(accepted: str) -> str:
    """Return the shortest coding that a reader takes, by the header with which it says so; "" where it takes none of ours.

    Examples
    --------
    >>> coding_of("gzip, br"), coding_of("br;q=0, gzip;q=0.5"), coding_of("identity")
    ('br', 'gzip', '')
    """
    taken = {
        one.partition(";")[0].strip(): one.replace(" ", "").partition(";q=")[2] for one in accepted.lower().split(",")
    }
    return next((one for one in PACK if one in taken and taken[one] not in ("0", "0.0", "0.00", "0.000")), "")
