"""Pages that were rendered once and are handed out again: the newest, up to 64 MB a process.

Used by `frame.pages` alone. A page is kept under its address with the version of the records that it shows. It is handed
out while that is the newest version; and, where records change faster than pages can be rendered, for `FRESH` more, or
while another thread renders it anew for at most `WAIT`, or to a crowd as `lookups.renewing` has it. So a crowd of readers
never asks for the same page twice at once.
"""

from __future__ import annotations

import gzip
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

import brotli
from django.http import HttpResponse

from evenhand.lookups.renewing import RENEWALS

MOST_BYTES: Final = 64 * 2**20
HEADERS = ("Content-Type", "Content-Disposition", "Content-Language", "Link", "Last-Modified")

FRESH = 1.0
"""Seconds for which a page may be older than the newest record."""

WAIT = 5 * FRESH
"""Seconds for which an older one is handed out while it is rendered anew."""


@dataclass(slots=True)
class Kept:
    """Hold one answer: of which version, its body, plain and (once asked for) compressed, and its own headers."""

    version: int
    body: bytes
    headers: dict[str, str]
    packed: dict[str, bytes] = field(default_factory=dict)
    made: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, response: HttpResponse, version: int) -> Kept:
        """Return what is kept of an answer."""
        return cls(version, response.content, {name: response[name] for name in HEADERS if name in response})

    @property
    def size(self) -> int:
        """Return about how many bytes it takes, its compressed forms included."""
        return 2 * (len(self.body) + 1000)


class KeptPages:
    """Keep the answers that were asked for last."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._size = 0
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._rendering: dict[str, float] = {}
        self._lock = Lock()

    def find(self, address: str, version: int) -> Kept | None:
        """Return the answer of an address that may be handed out now; None where the caller is to render it."""
        now = time.monotonic()
        with self._lock:
            found = self._pages.get(address)
            if found is not None:
                self._pages.move_to_end(address)
                if found.version == version or now - found.made < FRESH:
                    return found
                begun = self._rendering.get(address, -WAIT)
                if now - begun < WAIT and now - found.made < WAIT:
                    return found
                if RENEWALS.may_wait(now - found.made):
                    return found
            self._rendering[address] = now
            RENEWALS.begin(address)
            return None

    def keep(self, address: str, kept: Kept) -> None:
        """Keep an answer, and let go of those that were not asked for longest."""
        with self._lock:
            self._rendering.pop(address, None)
            before = self._pages.pop(address, None)
            self._size -= before.size if before else 0
            if kept.size > self._most // 8:
                return
            self._pages[address] = kept
            self._size += kept.size
            while self._size > self._most:
                _, gone = self._pages.popitem(last=False)
                self._size -= gone.size

    def leave(self, address: str) -> None:
        """Say that nobody renders an answer any more, whether it was kept or not."""
        with self._lock:
            self._rendering.pop(address, None)
        RENEWALS.end(address)

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._pages.clear()
            self._rendering.clear()
            self._size = 0


KEPT = KeptPages()

SMALL = 400
"""Bytes below which compressing costs more than it saves."""


def encoded(kept: Kept, accepted: str) -> HttpResponse:
    """Return a kept answer in the shortest form that the reader takes."""
    coding = "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""
    body = kept.body
    if coding and len(body) > SMALL:
        if coding not in kept.packed:
            kept.packed[coding] = (
                brotli.compress(body, quality=6) if coding == "br" else gzip.compress(body, 6, mtime=0)
            )
        body = kept.packed[coding]
    else:
        coding = ""
    response = HttpResponse(body, headers=kept.headers)
    if coding:
        response["Content-Encoding"] = coding
    return response
