"""The pages served as people serve them, by `evenhand serve` in processes of its own, and a browser that only speaks HTTP.

For the tests that take something away from under them: the database, the disk, a process.
"""

from __future__ import annotations

import html
import http.client
import os
import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from database_harness import FreshDatabase

FORM = "/en/act/need/draft"
SECRET = "a-secret-of-at-least-fifty-letters-for-the-tests-0123456789-abcdefghijklm"
PATIENCE = 3
"""Seconds that a writer of these servers waits for its turn."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers in small letters, the page."""

    status: int
    headers: dict[str, str]
    page: str

    @property
    def words(self) -> dict[str, str]:
        """Return the fields that the page of a failure carries on."""
        found = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', self.page, re.DOTALL)
        return {html.unescape(name): html.unescape(value) for name, value in found}


class Portal:
    """Hold a server and somebody's session on it."""

    def __init__(self, fresh: FreshDatabase, **more: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = fresh.environment | {
            "EVENHAND_HTTPS": "no", "EVENHAND_SECRET_KEY": SECRET, "EVENHAND_LOCK_TIMEOUT": str(PATIENCE), **more,
            "DJANGO_SETTINGS_MODULE": "evenhand.server.settings",
        }  # fmt: skip
        self.log = Path(fresh.folder) / "serve.log"
        self.cookies: dict[str, str] = {}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, workers: int = 2) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "evenhand", "serve", "--port", str(self.port), "--workers", str(workers)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, process_group=0)
        self.wait_for(200, seconds=240)

    def stop(self) -> None:
        """Stop it, whatever is left of it."""
        if self.process is None:
            return
        for worker in self.workers():
            _kill(worker)
        self.process.kill()
        self.process.wait()

    def workers(self) -> list[int]:
        """Return the processes that serve."""
        assert self.process is not None
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [
            int(one) for one in found if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()
        ]  # fmt: skip

    def ask(self, method: str, path: str, fields: Mapping[str, str] | None = None, *, seconds: float = 120) -> Answer:
        """Ask for a page, or send a form as a browser does."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        try:
            line.request(method, path, body, headers)
            came = line.getresponse()
            text = came.read().decode()
        finally:
            line.close()
        for name, value in came.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(came.status, {name.lower(): value for name, value in came.getheaders()}, text)

    def wait_for(self, status: int, *, path: str = "/health", seconds: float = 120) -> Answer:
        """Ask until the answer has a status."""
        end, last = time.monotonic() + seconds, "nothing"
        while time.monotonic() < end:
            try:
                answer = self.ask("GET", path, seconds=5)
            except OSError as error:
                last = str(error)
            else:
                last = str(answer.status)
                if answer.status == status:
                    return answer
            time.sleep(0.1)
        raise AssertionError(f"{path} says {last} and not {status}; {self.log.read_text()[-3000:]}")

    def form(self, why: str) -> dict[str, str]:
        """Open the form of a need, and fill it in; its id is a fixed one, as it is in a browser that sends it again."""
        page = self.ask("GET", FORM)
        assert page.status == 200, page.page[:500]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.page)
        assert token
        return {
            "csrfmiddlewaretoken": token[1], "request_id": str(uuid.uuid4()), "party": "TCD", "resource": "vaccine-measles",
            "quantity": "40 box", "why": why, "reason": "",
        }  # fmt: skip

    def again(self, answer: Answer, sent: Mapping[str, str]) -> dict[str, str]:
        """Return the form that the page of a failure offers to send again; its words are those that were sent."""
        words = answer.words
        assert words == {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"}
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.page)
        assert token
        return words | {"csrfmiddlewaretoken": token[1]}


@contextmanager
def served(fresh: FreshDatabase, *, workers: int = 2, **more: str) -> Iterator[Portal]:
    """Serve a database with the cast in it, signed in as the focal point of Chad."""
    from django.test import override_settings
    from evenhand_cast import make_cast
    from evenhand_matrix import browser_of

    portal = Portal(fresh, **more)
    with fresh.here(), override_settings(SECRET_KEY=SECRET):
        make_cast()
        portal.cookies = {name: cookie.value for name, cookie in browser_of("own").cookies.items()}
    try:
        portal.start(workers)
        yield portal
    finally:
        portal.stop()


def needs(fresh: FreshDatabase, why: str) -> int:
    """Count the needs with these words."""
    from evenhand.records.models import Need

    with fresh.here():
        return int(Need.objects.filter(why=why).count())


def _kill(process: int) -> None:
    try:
        os.kill(process, 9)
    except ProcessLookupError:
        return


def kill(process: int) -> None:
    """Kill a process as the kernel does when memory runs out."""
    _kill(process)
