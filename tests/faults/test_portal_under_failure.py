"""The pages while something under them breaks: a plain page says what happened and what is safe, and nothing is lost or done twice.

Real servers, real databases: PostgreSQL is stopped, the file taken away, the disk full, a process killed in the middle of a form,
a form sent eight times at the same moment.
"""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from database_harness import FreshDatabase
from django.core.management import call_command
from django.db import connection
from portal import FORM, Answer, Portal, kill, needs, served
from postgresql_server import PostgresqlServer, url

pytestmark = pytest.mark.slow
SAFE = "What is in the book is safe"
AGAIN = "it is done once"


def plain(answer: Answer) -> None:
    """Say that a page of a failure is one: for people, in the frame's style, kept by nobody, with nothing of the inside."""
    assert answer.status == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["retry-after"]) > 0
    assert "content-security-policy" in answer.headers
    if '<html lang="en"' in answer.page:
        assert "safe" in answer.page or "Nothing was done" in answer.page
    for inside in ("Traceback", "psycopg", "sqlite3", "OperationalError", "django.", "SELECT"):
        assert inside not in answer.page


@pytest.fixture
def mortal(fresh_database: FreshDatabase) -> Iterator[tuple[FreshDatabase, PostgresqlServer]]:
    """A database on a server of its own, which may be stopped."""
    server = PostgresqlServer()
    server.start()
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as session:
        session.execute("CREATE DATABASE evenhand")
    before = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = str(server.folder)
    environment = fresh_database.environment | {"EVENHAND_DATABASE": url(str(server.folder), "evenhand")}
    moved = FreshDatabase("postgresql", fresh_database.folder, "evenhand", environment, fresh_database.blocker)
    with moved.here():
        call_command("migrate", verbosity=0)
    try:
        yield moved, server
    finally:
        connection.settings_dict["HOST"] = before
        server.remove()


@pytest.mark.only("postgresql")
def test_postgresql_is_stopped_while_people_work(mortal: tuple[FreshDatabase, PostgresqlServer]) -> None:
    fresh, server = mortal
    with served(fresh, workers=1) as portal:
        sent = portal.form("while the database went away")
        assert portal.ask("GET", "/en/needs").status == 200
        server.stop("immediate")
        assert portal.ask("GET", "/health").status == 503
        for path in ("/en/needs", "/ar/needs", FORM, "/en/desk"):
            plain(portal.ask("GET", path))
        assert '<html lang="ar" dir="rtl"' in portal.ask("GET", "/ar/needs").page
        went = portal.ask("POST", FORM, sent)
        plain(went)
        assert AGAIN in went.page
        assert '"code"' in portal.ask("GET", "/api/v1/needs").page
        again = portal.again(went, sent)
        server.start()
        portal.wait_for(200)  # by itself
        assert portal.ask("POST", FORM, again).status == 302
        assert portal.ask("POST", FORM, again).status == 302
        assert needs(fresh, "while the database went away") == 1


@pytest.mark.only("sqlite")
def test_the_file_is_gone_and_comes_back(fresh_database: FreshDatabase) -> None:
    file = Path(fresh_database.name)
    with served(fresh_database, workers=1) as portal:
        sent = portal.form("while the file was gone")
        away = file.with_name("away")
        away.mkdir()
        parts = [one for one in file.parent.glob(f"{file.name}*") if not one.name.endswith(".lock")]
        for one in parts:
            one.rename(away / one.name)
        assert portal.ask("GET", "/health").status == 503
        plain(portal.ask("GET", "/en/needs?search=anything"))
        went = portal.ask("POST", FORM, sent)
        plain(went)
        again = portal.again(went, sent)
        assert not file.exists(), "an empty database was made where the real one was missed"
        for one in parts:
            (away / one.name).rename(one)
        portal.wait_for(200)
        assert portal.ask("POST", FORM, again).status == 302
        assert needs(fresh_database, "while the file was gone") == 1


@pytest.mark.only("sqlite")
def test_the_disk_is_full(fresh_database: FreshDatabase) -> None:
    """The kernel lets no file of the server's processes grow: nothing is written, what was typed is kept, and all is well afterwards.

    Reading may have to wait as well: SQLite wants a little room to open the log beside its file.
    """
    with served(fresh_database, workers=1) as portal:
        sent = portal.form("while the disk was full " + "x" * 5000)
        for worker in portal.workers():
            resource.prlimit(worker, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        went = portal.ask("POST", FORM, sent)
        plain(went)
        read = portal.ask("GET", "/en/needs?search=something+else")
        assert read.status == 200 or plain(read) is None
        again = portal.again(went, sent)
        assert needs(fresh_database, sent["why"]) == 0
        for worker in portal.workers():
            resource.prlimit(worker, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert portal.ask("POST", FORM, again).status == 302
        assert needs(fresh_database, sent["why"]) == 1


AT_ONCE = 6.0
"""Seconds within which the server counts two deaths of one process as a crash loop (granian has 5.5)."""


def test_a_process_is_killed_in_the_middle_of_a_form(fresh_database: FreshDatabase) -> None:
    """At five moments; the form is sent again until it is answered, and was done once each time. The server stays."""
    with served(fresh_database) as portal:
        for number in range(5):
            sent = portal.form(f"killed {number}")
            sender = threading.Thread(target=_send, args=(portal, sent))
            sender.start()
            time.sleep(number * 0.02)
            for worker in portal.workers():
                kill(worker)
            sender.join()
            portal.wait_for(200)
            begun = time.monotonic()
            assert _until_done(portal, sent).status == 302
            assert needs(fresh_database, f"killed {number}") == 1
            # Whoever dies again at once is taken for broken, and the whole server ends for its keeper to start it anew.
            time.sleep(max(0.0, AT_ONCE - (time.monotonic() - begun)))
        assert portal.process is not None
        assert portal.process.poll() is None


def _send(portal: Portal, sent: dict[str, str]) -> Answer | None:
    try:
        return portal.ask("POST", FORM, sent)
    except OSError:
        return None


def _until_done(portal: Portal, sent: dict[str, str]) -> Answer:
    for _ in range(200):
        answer = _send(portal, sent)
        if answer is not None and answer.status == 302:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"it was never done: {answer}")


def test_a_form_sent_eight_times_at_the_same_moment_is_done_once(fresh_database: FreshDatabase) -> None:
    with served(fresh_database) as portal:
        sent = portal.form("eight at once")
        answers: list[Answer | None] = []
        ready = threading.Barrier(8)

        def send() -> None:
            ready.wait()
            answers.append(_send(portal, sent))

        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [answer.status if answer else 0 for answer in answers] == [302] * 8
        assert needs(fresh_database, "eight at once") == 1
        told = "".join(portal.ask("GET", "/en/needs").page for _ in range(2))
        assert "not done again" in told


def test_somebody_holds_the_write_lock_for_too_long(fresh_database: FreshDatabase) -> None:
    """The turn does not come in time; the page says so, and the same button works when the other is done."""
    from evenhand.database.writing import writing

    with served(fresh_database, workers=1) as portal:
        sent = portal.form("while another wrote")
        with fresh_database.here(), writing():
            went = portal.ask("POST", FORM, sent)
            plain(went)
            assert "busy" in went.page
            assert portal.ask("GET", "/en/needs?search=reading+goes+on").status == 200
        assert portal.ask("POST", FORM, portal.again(went, sent)).status == 302
        assert needs(fresh_database, "while another wrote") == 1
