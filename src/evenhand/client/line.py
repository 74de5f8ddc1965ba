"""One question to a server and its answer, over a line that may drop: asked again where that is safe.

Standard library alone. A key goes to no other host than the one it was given for, and never unencrypted over a network. Used
by `client.server`.
"""

from __future__ import annotations

import gzip
import http.client
import json
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from evenhand.errors import OptionRefused, Problem, ServerRefused, ServerUnreachable

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
AGAIN: Final = frozenset({429, 502, 503, 504})
"""Statuses after which the same question may be asked again: nothing was done, or it is done once under its id."""

LONGEST_WAIT: Final = 60.0
FIRST_WAIT: Final = 0.5
LARGEST_ANSWER: Final = 2**31


class _NoRedirects(HTTPRedirectHandler):
    """Follow nobody elsewhere: the key would go along."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        """Refuse."""


@dataclass(frozen=True)
class Answer:
    """Hold what a server answered: status, headers, body."""

    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON.

        Raises
        ------
        ServerRefused
            It is something else, as of a server that is no Evenhand.
        """
        try:
            return json.loads(self.body)
        except ValueError:
            raise ServerRefused(
                "the server answered with something that is not JSON; is it one of Evenhand?", self.status
            ) from None


@dataclass
class Line:
    """Be the line to one server.

    Attributes
    ----------
    address
        Of the server, without the path of the API.
    attempts, seconds
        How often a question is asked at most, and how long each time it is waited for.
    """

    address: str
    key: str | None = field(default=None, repr=False)
    attempts: int = 5
    seconds: float = 60.0
    _opener: OpenerDirector = field(default_factory=lambda: build_opener(_NoRedirects), repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise OptionRefused(
                f"'{self.address}' is not the address of a server; write such as https://book.example.org"
            )
        if self.key and parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise OptionRefused(f"a key is not sent to {self.address}, where anybody on the way reads it; use https")
        self.address = self.address.rstrip("/")

    def ask(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """Ask once, and where the line drops or the server is busy, again.

        Raises
        ------
        ServerRefused
            The server refused; the sentence is its own.
        ServerUnreachable
            No answer came, however often it was asked.
        """
        asked = f"?{urlencode(query)}" if query else ""
        sent = {"Accept": "application/json", "Accept-Encoding": "gzip", **(headers or {})}
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        why = ""
        for attempt in range(1, self.attempts + 1):
            wait = FIRST_WAIT * 2 ** (attempt - 1)
            try:
                answer = self._once(Request(self.address + path + asked, data=body, headers=sent, method=method))  # noqa: S310 -- http or https, see above
            except (URLError, http.client.HTTPException, OSError, EOFError, zlib.error) as error:
                why = str(getattr(error, "reason", "") or error) or type(error).__name__
            else:
                if answer.status < 300 or answer.status == 304:
                    return answer
                if answer.status not in AGAIN or attempt == self.attempts:
                    raise _refused(answer)
                why = f"status {answer.status}"
                wait = max(wait, _seconds(answer.headers.get("Retry-After", "")))
            if attempt < self.attempts:
                time.sleep(min(wait, LONGEST_WAIT))
        raise ServerUnreachable(
            f"{self.address} did not answer in {self.attempts} attempts ({why}); look at the address and the line, then ask again"
        )

    def _once(self, request: Request) -> Answer:
        try:
            with self._opener.open(request, timeout=self.seconds) as found:
                return Answer(found.status, found.headers, _unpacked(found.read(LARGEST_ANSWER), found.headers))
        except HTTPError as error:
            with error:
                return Answer(error.code, error.headers, _unpacked(error.read(), error.headers))


def _unpacked(body: bytes, headers: Message) -> bytes:
    return gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() and len(text) < 6 else 0.0


def _refused(answer: Answer) -> ServerRefused:
    """Return the refusal as the server told it, or what little another server said."""
    try:
        told = json.loads(answer.body)["error"]
        problems = tuple(
            Problem(one["table"], one["row"], one["column"] or one["field"], one["text"]) for one in told["problems"]
        )
        return ServerRefused(str(told["sentence"]), answer.status, str(told["code"]), problems, str(told["request"]))
    except (ValueError, KeyError, TypeError):
        return ServerRefused(
            f"the server answered with status {answer.status}, and not as Evenhand does", answer.status
        )
