"""A server that is warm before anybody asks: the book of now is read, and the first pages were rendered once.

Called by `server.wsgi` in each process that serves. A thread asks for the pages as a visitor would; and, while the process
lives, it has the book read again soon after a record changed, so that no visitor waits for it. Must never act, nor sign in.
"""

from __future__ import annotations

import gc
import logging
import sys
from threading import Event, Thread, Timer
from typing import Final

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connections
from django.test import RequestFactory

from evenhand.errors import EvenhandError
from evenhand.lookups.snapshot import keep_warm, warm

PAGES: Final = (
    "", "needs", "members", "donors", "promises", "offers", "consignments", "rounds", "resources", "groups", "programmes",
    "book", "book/entries", "search?q=water", "changes", "help",
)  # fmt: skip
"""What is asked for, under every language the first, in English the others."""

SWITCH: Final = 0.001
"""Seconds after which Python lets another thread go on: who renders a page should not make those wait who only fetch one."""

COLLECT: Final = (50_000, 20, 50)
"""How seldom Python looks for garbage that refers to itself: a book of a million entries is walked through each time."""

SIZED_UP: Final = 6 * 3600.0
"""Seconds between two looks at how the tables are filled."""

LOOKED_AT: Final = 1_000
"""So many rows of each index are looked at."""

log = logging.getLogger("evenhand.server")


def begin(application: WSGIHandler) -> None:
    """Set this process up to serve, and warm it in a thread."""
    sys.setswitchinterval(SWITCH)
    gc.set_threshold(*COLLECT)
    Thread(target=_run, args=(application,), name="evenhand-warming", daemon=True).start()


def _run(application: WSGIHandler) -> None:
    try:
        size_up_tables()
        warm()
        _visit(application)
    except (
        DatabaseError,
        OSError,
        EvenhandError,
    ):  # a server that cannot be warmed serves all the same; whoever asks is told what is wrong
        log.warning("the pages could not be warmed", exc_info=True)
    finally:
        connections.close_all()
    gc.collect()
    gc.freeze()
    while True:
        over = Event()
        timer = Timer(SIZED_UP, over.set)
        timer.daemon = True
        timer.start()
        keep_warm(over)
        size_up_tables()


def size_up_tables() -> None:
    """Have SQLite note how its tables are filled; without that it searches many a row by the wrong index.

    It looks at some rows of each index alone and takes the write lock for a moment. PostgreSQL does so by itself.
    """
    for alias in connections:
        if connections[alias].vendor != "sqlite":
            continue
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
                cursor.execute("ANALYZE")
        except (
            DatabaseError,
            EvenhandError,
        ):  # a full disk, or a writer that takes long: pages are slower, and that is all
            log.warning("the tables of the database '%s' could not be sized up", alias, exc_info=True)


def _visit(application: WSGIHandler) -> None:
    host = next((one for one in settings.ALLOWED_HOSTS if "*" not in one), "localhost").lstrip(".")
    ask = RequestFactory(headers={"host": host})
    languages = [code for code, _ in settings.LANGUAGES]
    for address in [f"/{code}/" for code in languages] + [f"/en/{page}" for page in PAGES[1:]]:
        response = application.get_response(ask.get(address, secure=settings.HTTPS))
        response.close()
