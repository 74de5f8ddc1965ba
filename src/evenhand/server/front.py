"""What stands before everything: public answers that were made once, handed out again as they are.

Wraps the application that `server.wsgi` serves. What everybody may see follows from the public version, the day and the
address alone; an answer says so itself (`Cache-Control: public`, an ETag, its version), and only such a one is kept. Where
few ask, everybody gets the newest. Where a crowd asks and records change all the while, an answer may be out of date for
at most `OLDEST`: it is handed out at once, and made anew by a thread beside. Whoever brings a session or a key passes by.
Must never keep what only some may see.
"""

from __future__ import annotations

import io
import logging
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Lock, Thread
from time import sleep, time
from typing import Any, Final, Protocol

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from evenhand.access.viewers import PUBLIC
from evenhand.lookups.kept import Kept
from evenhand.lookups.reach import today
from evenhand.lookups.version import VERSION_HEADER, read_version
from evenhand.server.packing import coding_of
from evenhand.server.shelf import Answer, Shelf
from evenhand.web.frame.pages import release

MOST_BYTES: Final = 128 * 2**20
"""In memory, for each process."""

CROWD: Final = 20
"""So many requests within one second, in one process, are a crowd."""

OLDEST: Final = 300.0
"""Seconds: nothing that has been out of date for longer is handed out, to a crowd either."""

LOOKED: Final = 0.1
"""Seconds for which a crowd does without asking the database for the version again."""

REST: Final = 4.0
"""So many times as long as making an answer anew took, the thread rests: requests that nobody has kept are to be answered."""

SEEN: Final = 2.0
"""Seconds for which an older answer is not looked for on disk again, to see whether another process made it anew."""

MOST_LOOKED: Final = 20_000

MOST_WAITING: Final = 2_000
"""So many answers at most wait to be made anew."""

OF_ONE_ANSWER: Final = frozenset(
    {"x-request-id", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "x-blur"}
)
"""Headers that are about one asker."""

UNCHANGED: Final = ("content-type", "content-length", "content-encoding", "content-language", "content-disposition")
"""Headers of a body, which a `304` has not."""

Environ = dict[str, Any]
log = logging.getLogger("evenhand.server")


class StartResponse(Protocol):
    """Take the status and the headers of an answer (PEP 3333)."""

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
        """Take them."""


class Application(Protocol):
    """Answer a request (PEP 3333)."""

    def __call__(self, environ: Environ, start_response: StartResponse, /) -> Iterable[bytes]:
        """Answer it."""


@dataclass(slots=True)
class Crowd:
    """Say whether many ask, and since when the newest version is known.

    Examples
    --------
    >>> crowd = Crowd()
    >>> [crowd.comes(at / 100) for at in range(CROWD + 1)][-2:]
    [False, True]
    >>> crowd.comes(60.0)
    False
    """

    arrivals: deque[float] = field(default_factory=lambda: deque([-1e9] * CROWD, CROWD))
    version: int = -1
    looked: float = -1e9
    raised: deque[tuple[int, float]] = field(default_factory=lambda: deque(maxlen=1_000))

    def comes(self, now: float) -> bool:
        """Count one request, and say whether it comes in a crowd."""
        first = self.arrivals[0]
        self.arrivals.append(now)
        return now - first < 1.0

    def version_now(self, now: float, *, crowded: bool) -> int:
        """Return the public version; to a crowd, that of a moment ago."""
        if not crowded or now - self.looked > LOOKED:
            version = read_version(PUBLIC)
            if version != self.version:
                self.raised.append((version, now))
            self.version, self.looked = version, now
        return self.version

    def out_of_date(self, answer: Answer, now: float) -> float:
        """Return for how many seconds an answer has been out of date: since the version that followed its own was seen."""
        since = next((at for version, at in self.raised if version > answer.version), answer.begun)
        return now - max(since, answer.begun)


class Front:
    """Hand out what was kept, and let everything else through.

    Parameters
    ----------
    application
        What answers where nothing is kept.
    folder
        Where answers lie for the other processes of the server.
    """

    def __init__(self, application: Application, folder: Path) -> None:
        self.application = application
        self.shelf = Shelf(folder)
        self.kept: Kept[Answer] = Kept(MOST_BYTES)
        self.crowd = Crowd()
        self._looked: dict[tuple[str, ...], float] = {}
        self._waiting: dict[tuple[str, ...], Environ] = {}
        self._changed = Condition(Lock())
        self._maker: Thread | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        now = time()
        crowded = self.crowd.comes(now)
        place = place_of(environ)
        if place is None:
            return self.application(environ, start_response)
        try:
            version = self.crowd.version_now(now, crowded=crowded)
        except (DatabaseError, InterfaceError):  # what stands behind tells it as it should be told
            return self.application(environ, start_response)
        answer = self.kept.get(place)
        if answer is None or answer.version != version:
            answer = self._taken_from_shelf(place, answer, now if crowded else None)
        if answer is not None and answer.version != version:
            if crowded and self.crowd.out_of_date(answer, now) < OLDEST:
                self._have_made(place, environ)
            else:
                answer = None
        if answer is None:
            return self._make(place, environ, start_response)
        return _hand_out(answer, environ, start_response)

    def _make(self, place: tuple[str, ...], environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Have an answer made, and keep it where it is one for everybody."""
        begun, told = time(), _Told()
        body = self.application(environ, told)
        if not told.for_everybody() or not isinstance(getattr(body, "content", None), bytes):
            start_response(told.status, told.headers)  # a stream goes out as it is made
            return body
        whole = b"".join(body)
        _close(body)
        answer = told.answer(begun, whole)
        if environ["REQUEST_METHOD"] == "GET":
            self._keep(place, answer)
            self.shelf.put(place, answer)
        start_response(told.status, told.headers)
        return [whole if environ["REQUEST_METHOD"] == "GET" else b""]

    def _taken_from_shelf(self, place: tuple[str, ...], answer: Answer | None, now: float | None) -> Answer | None:
        """Return what another process made, where it is newer than what this one has; in a crowd it is not always looked for."""
        if now is not None:
            if answer is not None and now - self._looked.get(place, 0.0) < SEEN:
                return answer
            if len(self._looked) >= MOST_LOOKED:
                self._looked.clear()
            self._looked[place] = now
        found = self.shelf.get(place)
        if found is None or (answer is not None and found.version <= answer.version):
            return answer
        self._keep(place, found)
        return found

    def _keep(self, place: tuple[str, ...], answer: Answer) -> None:
        self.kept.put(place, answer, len(answer.body) + 2_000)

    def _have_made(self, place: tuple[str, ...], environ: Environ) -> None:
        """Have the thread make an answer anew, unless it is to already."""
        with self._changed:
            if place in self._waiting or len(self._waiting) >= MOST_WAITING:
                return
            self._waiting[place] = asked_again(environ)
            self._changed.notify()
            if self._maker is None or not self._maker.is_alive():
                self._maker = Thread(target=self._make_waiting, name="evenhand-front", daemon=True)
                self._maker.start()

    def _make_waiting(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                place, environ = next(iter(self._waiting.items()))
            begun = time()
            try:
                _close(self._make(place, environ, _ignore))
            except (DatabaseError, InterfaceError, OSError):  # whoever asks gets what there is, and is then told
                log.warning("an answer could not be made anew", exc_info=True)
            finally:
                with self._changed:
                    self._waiting.pop(place, None)
                connections.close_all()
            sleep(REST * (time() - begun))


def place_of(environ: Environ) -> tuple[str, ...] | None:
    """Return under what the answer to a request is kept; None where it is for whoever asks alone."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
        return None
    if f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", ""):
        return None
    path = environ.get("PATH_INFO", "")
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    return (
        release(), path, environ.get("QUERY_STRING", ""), environ.get("HTTP_HOST", ""), environ.get("wsgi.url_scheme", ""),
        environ.get("HTTP_X_FORWARDED_PROTO", ""), today().isoformat(),
        coding_of(accepted),
        environ.get("HTTP_ACCEPT", "") if path.startswith("/api/") else "",
    )  # fmt: skip


def asked_again(environ: Environ) -> Environ:
    """Return a request as the thread asks it: the same address, nobody's mark, nothing of who asked."""
    own = {name: value for name, value in environ.items() if name not in ("HTTP_IF_NONE_MATCH", "HTTP_COOKIE")}
    return own | {"REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO(), "CONTENT_LENGTH": ""}


class _Told:
    """Take the status and the headers of an answer before it leaves."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        self.status, self.headers = status, headers
        return lambda _: None

    def for_everybody(self) -> bool:
        """Say whether the answer says of itself that everybody may have it."""
        said = {name.lower(): value for name, value in self.headers}
        public = said.get("cache-control", "").startswith("public")
        wanted = {"etag", VERSION_HEADER.lower()}
        return self.status.startswith("200") and public and wanted <= said.keys() and "set-cookie" not in said

    def answer(self, begun: float, body: bytes) -> Answer:
        """Return what is kept of it."""
        said = {name.lower(): value for name, value in self.headers}
        headers = [(name, value) for name, value in self.headers if name.lower() not in OF_ONE_ANSWER]
        return Answer(int(said[VERSION_HEADER.lower()]), begun, said["etag"], headers, body)


def _hand_out(answer: Answer, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    sent = environ.get("HTTP_IF_NONE_MATCH", "")
    if sent and answer.mark.removeprefix("W/") in [one.strip().removeprefix("W/") for one in sent.split(",")]:
        start_response("304 Not Modified", [one for one in answer.headers if one[0].lower() not in UNCHANGED])
        return [b""]
    start_response("200 OK", answer.headers)
    return [answer.body if environ["REQUEST_METHOD"] == "GET" else b""]


def _ignore(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
    return lambda _: None


def _close(body: Iterable[bytes] | Iterator[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()
