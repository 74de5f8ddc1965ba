"""The book of now, read once for each version and kept in the process; and the books of past days that were asked for.

Every figure on a page comes from here. While a page is asked for again and nothing was done, one tiny query is all that is
asked. When something was done, the book is read again at once where that is quick, else by a thread beside, and until then
the last one answers: never one that was out of date for more than a few seconds. Inside a transaction nothing is kept,
because nobody else sees what is written there. Must never hold anything that not everybody may see.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Event, Lock, Thread
from time import monotonic, thread_time
from typing import Final

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from evenhand.access.viewers import PUBLIC
from evenhand.database.writing import only_reads, reading
from evenhand.lookups.moves import Moves
from evenhand.lookups.reach import today
from evenhand.lookups.standings import Book, read_afresh
from evenhand.lookups.version import read_once, read_version

QUICK: Final = 0.2
"""Seconds of work for which a reader waits when the book is read again; where it took more the last time, a thread does it.

Seconds of the processor, so that a small book is of now on a busy machine too."""

STALE: Final = 4.0
"""Seconds for which a book may answer after it was last known to be of now; then readers wait."""

REST: Final = 5.0
"""So many times as long as reading the book took, no other reading begins: pages are to be rendered, too."""

LATEST: Final = 12.0
"""So many times as long as reading it took, a book may answer, where that is more than `STALE`: reading and resting are in it."""

AHEAD: Final = 5.0
"""Seconds that are spent at most on answering again what was asked of the last book."""

LOOKED: Final = 1.0
"""Seconds between two looks of `keep_warm` at the version."""

PAST_BOOKS: Final = 8


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Hold the book as it was at one version.

    Attributes
    ----------
    entries
        How many entries the book had.
    made_at
        When it was read.
    """

    version: int
    entries: int
    made_at: datetime
    book: Book


@dataclass(slots=True)
class _Shelf:
    """Keep the snapshots of one database."""

    moves: Moves = field(default_factory=Moves)
    now: Snapshot | None = None
    known: float = 0.0
    took: float = 0.0
    done: float = 0.0
    reader: Thread | None = None
    past: OrderedDict[tuple[int, date], Book] = field(default_factory=OrderedDict)
    reading: Lock = field(default_factory=Lock)


_shelves: dict[tuple[str, str], _Shelf] = {}
_making = Lock()


def read_book(as_of: date | None) -> Book:
    """Return the book of now, or as it stood at the end of a day."""
    if as_of is None:
        return read_snapshot().book
    if _unkept():
        return read_once(("book", as_of), lambda: read_afresh(as_of, _all_moves()))
    shelf, key = _shelf(), (read_version(PUBLIC), as_of)
    if key not in shelf.past:
        with reading():
            book = read_afresh(as_of, _all_moves())
        shelf.past[key] = book
        while len(shelf.past) > PAST_BOOKS:
            shelf.past.popitem(last=False)
    return shelf.past[key]


def read_snapshot() -> Snapshot:
    """Return the book of now with its version; of a few seconds ago where reading it takes long."""
    if _unkept():
        return read_once(("snapshot",), lambda: _read(_all_moves()))
    shelf, version, day = _shelf(), read_version(PUBLIC), today()
    if only_reads():
        return _of_this_reading(shelf, version, day)
    kept = shelf.now
    if kept is not None and (kept.version, kept.book.day) == (version, day):
        shelf.known = monotonic()
        return kept
    if kept is not None and shelf.took > QUICK and monotonic() - shelf.known < max(STALE, LATEST * shelf.took):
        if monotonic() - shelf.done > REST * shelf.took:
            _read_beside(shelf)
        return kept
    return _renew(shelf, version, day)


def version_shown(version: int) -> int:
    """Return the version that figures read just now may be of: an older one, while the book is being read beside."""
    kept = _shelf().now
    return min(version, kept.version) if kept is not None and _shelf().took > QUICK else version


def warm() -> Snapshot:
    """Read the book of now before anybody asks: for a server that starts."""
    return read_snapshot()


def keep_warm(stop: Event) -> None:
    """Have the book of now ready before anybody asks, until told to stop: for a thread of a server."""
    while not stop.wait(LOOKED):
        try:
            shelf = _shelf()
            if shelf.took > QUICK:  # a small one is read by whoever asks
                read_snapshot()
        except DatabaseError:  # whoever asks for a page is told
            connections.close_all()


def _unkept() -> bool:
    """Say whether this is inside a transaction which may see what nobody else does."""
    return connections[DEFAULT_DB_ALIAS].in_atomic_block and not only_reads()


def _shelf() -> _Shelf:
    connection = connections[DEFAULT_DB_ALIAS]
    key = (connection.alias, str(connection.settings_dict["NAME"]))
    with _making:
        return _shelves.setdefault(key, _Shelf())


def _of_this_reading(shelf: _Shelf, version: int, day: date) -> Snapshot:
    """Return the book exactly as a reading transaction sees it: the kept one is of another version, older or newer."""
    kept = shelf.now
    if kept is None or kept.version < version:
        kept = _renew(shelf, version, day)
    return kept if (kept.version, kept.book.day) == (version, day) else _read(_all_moves())


def _renew(shelf: _Shelf, version: int, day: date) -> Snapshot:
    """Read the book, unless somebody else did while this one waited."""
    with shelf.reading:
        kept = shelf.now
        if kept is not None and (kept.version, kept.book.day) == (version, day):
            return kept
        if kept is not None and only_reads() and kept.version > version:
            return kept  # what was added up goes further than this transaction sees
        begun, busy = monotonic(), thread_time()
        with reading():
            if not shelf.moves.belongs():  # another database, or an older copy of it
                shelf.moves = Moves()
            shelf.moves.read_on()
            found = _read(shelf.moves)
            if kept is not None:
                found.book.answer_ahead(kept.book, AHEAD)
        shelf.done = monotonic()
        shelf.took, shelf.known, shelf.now = thread_time() - busy, begun, found
        return found


def _read_beside(shelf: _Shelf) -> None:
    """Have a thread read the book, one at a time."""
    with _making:
        if shelf.reader is not None and shelf.reader.is_alive():
            return
        shelf.reader = Thread(target=_read_in_thread, args=(shelf,), name="evenhand-snapshot", daemon=True)
        shelf.reader.start()


def _read_in_thread(shelf: _Shelf) -> None:
    try:
        _renew(shelf, read_version(PUBLIC), today())
    finally:
        connections.close_all()  # the thread's own


def _read(moves: Moves) -> Snapshot:
    version = read_version(PUBLIC)
    return Snapshot(version, moves.size, datetime.now(UTC), read_afresh(None, moves))


def _all_moves() -> Moves:
    moves = Moves()
    moves.read_on()
    return moves
