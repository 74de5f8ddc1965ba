"""What is handed out again: one answer for everybody while nothing changes, never an older one where few ask, nothing private."""

from __future__ import annotations

import gzip
import io
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.auth import get_user_model
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError
from django.test import Client
from evenhand_cast import Cast, approved_need, make_cast

from evenhand.server import front as fronts
from evenhand.server.front import CROWD, Front, place_of
from evenhand.server.shelf import Answer, Shelf

Approve = Callable[..., str]
__all__ = ["approved_need"]
pytestmark = pytest.mark.usefixtures("on_the_day")


@dataclass
class Got:
    """Hold an answer as it left."""

    status: str
    headers: dict[str, str]
    body: bytes


class Reader:
    """Ask a front, and count what it had to ask behind it."""

    def __init__(self, folder: Path) -> None:
        self.behind = 0
        application = get_wsgi_application()

        def counted(environ: dict[str, Any], start_response: Any) -> Any:
            self.behind += 1
            return application(environ, start_response)

        self.front = Front(counted, folder)

    def get(self, path: str = "/en/needs", method: str = "GET", **environ: str) -> Got:
        """Ask for an address."""
        path, _, query = path.partition("?")
        asked: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "testserver", "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "SERVER_NAME": "testserver", "SERVER_PORT": "80", "REMOTE_ADDR": "192.0.2.1",
        }  # fmt: skip
        told: list[Any] = []
        body = self.front(asked | environ, lambda status, headers, _=None: told.extend((status, dict(headers))))
        content = b"".join(body)
        if hasattr(body, "closed") and hasattr(body, "_resource_closers"):
            for close in body._resource_closers:  # not `close`, which would end the test's own connection
                close()
        return Got(told[0], {name.lower(): value for name, value in told[1].items()}, content)


@pytest.fixture
def cast(fresh_database: Any) -> Iterator[Cast]:
    """The cast, committed: what is kept is of what everybody sees."""
    with fresh_database.here():
        yield make_cast()


@pytest.fixture
def reader(approved_need: Approve, settings: Any, tmp_path: Path) -> Reader:
    """Somebody who reads."""
    settings.ALLOWED_HOSTS = ["testserver", "one.example"]
    approved_need("TCD", "mask-surgical", "40 box")
    return Reader(tmp_path / "answers")


def test_what_was_made_once_is_handed_out_until_a_record_changes(reader: Reader, approved_need: Approve) -> None:
    first, again = reader.get(), reader.get()
    assert (first.status, again.status, reader.behind) == ("200 OK", "200 OK", 1)
    assert (again.body, again.headers["etag"]) == (first.body, first.headers["etag"])
    approved_need("KEN", "mask-surgical", "10 box")
    changed = reader.get()
    assert reader.behind == 2
    assert b"/en/parties/KEN" in changed.body
    assert changed.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("path", ["/en/needs", "/en/needs.csv", "/api/v1/needs", "/api/v1/needs?most=2"])
def test_who_has_it_already_gets_no_body(reader: Reader, path: str) -> None:
    first = reader.get(path)
    assert first.status == "200 OK"
    again = reader.get(path, HTTP_IF_NONE_MATCH=first.headers["etag"])
    assert (again.status, again.body, reader.behind) == ("304 Not Modified", b"", 1)
    assert "content-type" not in again.headers
    assert again.headers["etag"] == first.headers["etag"]
    assert reader.get(path, HTTP_IF_NONE_MATCH='W/"another"').status == "200 OK"


def test_it_carries_every_header_of_safety(reader: Reader) -> None:
    """As the middlewares put them on, and nothing that is about one asker."""
    first, again = reader.get("/api/v1/needs"), reader.get("/api/v1/needs")
    assert {"content-security-policy", "x-content-type-options", "evenhand-version"} <= again.headers.keys()
    assert first.headers.keys() - again.headers.keys() <= fronts.OF_ONE_ANSWER
    assert "x-request-id" not in again.headers


def test_addresses_codings_hosts_and_forms_are_kept_apart(reader: Reader) -> None:
    bodies = [
        reader.get().body, reader.get(HTTP_ACCEPT_ENCODING="gzip").body, reader.get(HTTP_ACCEPT_ENCODING="br, gzip").body,
        reader.get(HTTP_HOST="one.example").body, reader.get("/ar/needs").body, reader.get("/en/needs?party=TCD").body,
        reader.get("/api/v1/needs").body, reader.get("/api/v1/needs", HTTP_ACCEPT="text/csv").body,
    ]  # fmt: skip
    assert reader.behind == len(bodies)
    assert gzip.decompress(bodies[1]) == bodies[0] == brotli.decompress(bodies[2])
    assert len(bodies[2]) <= len(bodies[1]) < len(bodies[0]) / 2


def test_who_is_signed_in_passes_by(reader: Reader, settings: Any) -> None:
    client = Client()
    client.force_login(
        get_user_model().objects.get(name="focal-tcd"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    public = reader.get()
    own = reader.get(HTTP_COOKIE=f"a=b; {cookie}")
    assert b"u-focal-tcd" in own.body
    assert own.headers["cache-control"].startswith("private")
    assert reader.get().body == public.body
    assert reader.behind == 2


@pytest.mark.parametrize(
    "path", ["/en/account/sign-in", "/en/needs/ND-0000000000", "/en/act/offer/make", "/en/", "/en/nothing"]
)
def test_only_what_says_that_it_is_everybodys_is_kept(reader: Reader, path: str) -> None:
    """A form with its token, a record that there is not, a page of work, and what is asked for with a key are each made anew."""
    answers = [reader.get(path) for _ in range(2)]
    kept = answers[0].status == "200 OK" and answers[0].headers["cache-control"].startswith("public")
    assert reader.behind == (1 if kept else 2)
    assert kept is (path == "/en/")
    before = reader.behind
    reader.get("/api/v1/needs", HTTP_AUTHORIZATION="Bearer evh_none")
    reader.get("/api/v1/needs", HTTP_AUTHORIZATION="Bearer evh_none")
    assert reader.behind == before + 2


def test_a_head_has_the_headers_and_no_body(reader: Reader) -> None:
    assert reader.get(method="HEAD").body == b""
    got = reader.get()
    head = reader.get(method="HEAD")
    assert (head.body, head.headers, reader.behind) == (b"", got.headers, 2)


def crowd_of(reader: Reader) -> None:
    for _ in range(CROWD + 1):
        reader.get()


def test_a_crowd_gets_what_there_is_while_a_thread_makes_it_anew(
    reader: Reader, approved_need: Approve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fronts, "LOOKED", 0.0)
    monkeypatch.setattr(Front, "_have_made", lambda self, place, environ: waiting.append((place, environ)))
    waiting: list[Any] = []
    crowd_of(reader)
    old = reader.get().body
    approved_need("KEN", "mask-surgical", "10 box")
    crowd_of(reader)
    assert reader.get().body == old
    place, environ = waiting[0]
    list(reader.front._make(place, fronts.asked_again(environ), fronts._ignore))
    assert b"/en/parties/KEN" in reader.get().body, "what the thread made is handed out"
    newer = reader.get().body
    monkeypatch.setattr(fronts, "OLDEST", 0.0)
    approved_need("TCD", "vaccine-measles", "10000")
    assert reader.get().body != newer, "nothing too old is handed out, to a crowd either"


@pytest.mark.slow
def test_the_thread_makes_what_a_crowd_asked_for(
    reader: Reader, approved_need: Approve, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    crowd_of(reader)
    approved_need("KEN", "mask-surgical", "10 box")
    made = set()
    for _ in range(400):
        crowd_of(reader)
        made.add(b"/en/parties/KEN" in reader.get().body)
        if True in made:
            break
        time.sleep(0.02)
    assert True in made


def test_what_one_process_made_the_others_hand_out(reader: Reader, approved_need: Approve, tmp_path: Path) -> None:
    other = Reader(tmp_path / "answers")
    first = reader.get()
    assert (other.get(), other.behind) == (first, 0)
    approved_need("KEN", "mask-surgical", "10 box")
    newer = other.get()
    assert newer.body != first.body
    assert (reader.get().body, reader.behind, other.behind) == (newer.body, 1, 1)


@pytest.mark.parametrize("harm", [b"", b"{", b'{"version": 1}\n', b"\xff\xfe"])
def test_what_was_harmed_on_disk_is_made_anew(reader: Reader, tmp_path: Path, harm: bytes) -> None:
    first = reader.get()
    for file in (tmp_path / "answers").iterdir():
        file.write_bytes(harm)
    other = Reader(tmp_path / "answers")
    assert (other.get().body, other.behind) == (first.body, 1)


def test_a_disk_that_takes_nothing_costs_time_and_nothing_else(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file where the folder should be")
    assert [reader.get().status, reader.get().status, reader.behind] == ["200 OK", "200 OK", 1]


def test_the_shelf_lets_go_of_what_is_old_and_of_what_is_too_much(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for number in range(10):
        shelf.put((str(number),), Answer(1, 0.0, "x", [], b"x" * 1000))
        moment = time.time() - 100 + number
        os.utime(shelf._file((str(number),)), (moment, moment))
    shelf.tidy(oldest=95.0)
    assert [shelf.get((str(number),)) is not None for number in range(10)] == [False] * 6 + [True] * 4
    shelf.tidy(most_bytes=2_500)
    assert [number for number in range(10) if shelf.get((str(number),)) is not None] == [8, 9]


def test_a_database_that_is_gone_is_told_by_what_stands_behind(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: object) -> int:
        raise OperationalError("unable to open database file")

    reader.get()
    monkeypatch.setattr(fronts, "read_version", gone)
    reader.get()
    assert reader.behind == 2


def test_a_request_of_another_day_is_another(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/en/"}
    first = place_of(asked)
    monkeypatch.setattr(fronts, "today", lambda: date(2031, 1, 1))
    assert place_of(asked) != first
    assert place_of(asked | {"REQUEST_METHOD": "POST"}) is None
