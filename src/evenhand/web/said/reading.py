"""What anybody may have read: a pasted text or a file, under a limit of size, of time and of how often.

Nothing is kept. One text is read at a time in each process, so that a crowd of them cannot take the server from those who
read its pages. Must never touch the database, and never ask another server for anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from threading import BoundedSemaphore
from typing import Final

from django.utils.translation import gettext as _

from evenhand.errors import EvenhandError
from evenhand.statements.document import Document
from evenhand.statements.resolving import KnownParty
from evenhand.web.languages.sentences import in_language
from evenhand.web.rounds.trying import Refusal, Turns

MOST_LETTERS: Final = 100_000
"""Of a pasted text: some forty pages, read in a second or two."""

MOST_BYTES: Final = 2 * 2**20
"""Of a file."""

SECONDS: Final = 10.0
WAITING: Final = 4
TURNS = Turns(30, 300.0)
_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")
_ROOM = BoundedSemaphore(WAITING)


def read_out(body: bytes, name: str, address: str, known: Sequence[KnownParty] = ()) -> Document | Refusal:
    """Return what is understood of a text, or why it was not read.

    Parameters
    ----------
    name
        The name of its file: its ending says what kind of file it is.
    address
        Of whoever asks, to count its turns; "" for whoever is signed in.
    known
        The parties of the records, against which names are resolved.
    """
    if address and not TURNS.take(address):
        return Refusal(
            _("Many texts were tried from your address in a short time. Wait five minutes, and try again."), 429
        )
    if not _ROOM.acquire(blocking=False):
        return Refusal(_("Others are trying texts at this moment. Try again in half a minute."), 503)

    def worked() -> Document:
        try:
            return _read(body, name, known)
        finally:
            _ROOM.release()

    doing: Future[Document] = _WORKER.submit(worked)
    try:
        found = doing.result(timeout=SECONDS)
    except EvenhandError as error:
        return Refusal(str(in_language(error.sentence)), 422)
    except TooLong:
        return Refusal(_("This text takes longer to read than a page can wait. Try a part of it."), 503)
    if len(found.text.text) > 4 * MOST_LETTERS:
        return Refusal(_("This text is too long to be shown on a page. Try a part of it."), 422)
    return found


def _read(body: bytes, name: str, known: Sequence[KnownParty]) -> Document:
    """Read a text; loaded only now, because the tables of names take most of a second."""
    from evenhand.statements import read_document

    return read_document(body, name, known)
