"""A server that is warm before anybody asks: the book of now is read, and the first pages were rendered once.

Called by `server.wsgi` in each process that serves. A thread asks for the pages as a visitor would; and, while the process
lives, it has the book read again soon after a record changed, so that no visitor waits for it. Must never act, nor sign in.
"""

from __future__ import annotations

import gc
import logging
import sys
from threading import Event, Thread
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

log = logging.getLogger("evenhand.server")


def begin(application: WSGIHandler) -> None:
    """Set this process up to serve, and warm it in a thread."""
    sys.setswitchinterval(SWITCH)
    gc.set_threshold(*COLLECT)
    Thread(target=_run, args=(application,), name="evenhand-warming", daemon=True).start()


def _run(application: WSGIHandler) -> None:
    try:
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
    keep_warm(Event())


def _visit(application: WSGIHandler) -> None:
    host = next((one for one in settings.ALLOWED_HOSTS if "*" not in one), "localhost").lstrip(".")
    ask = RequestFactory(headers={"host": host})
    languages = [code for code, _ in settings.LANGUAGES]
    for address in [f"/{code}/" for code in languages] + [f"/en/{page}" for page in PAGES[1:]]:
        response = application.get_response(ask.get(address, secure=settings.HTTPS))
        response.close()
