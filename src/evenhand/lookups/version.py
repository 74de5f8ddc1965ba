"""The version of everything that is kept: a number that every action raises.

Asked by the pages, the API and the snapshots before anything else: what everybody may see is a function of the version,
the day and the address, so whatever was made from one version need not be made again. The public's version is that of the
last action that changed anything which everybody may see. Must never be more than one tiny query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

from evenhand.access.models import ActionLine, Version
from evenhand.access.viewers import PUBLIC, Viewer

VERSION_HEADER: Final = "Evenhand-Version"
"""The header that says of which version a public answer is."""


@dataclass(slots=True)
class Held:
    """Hold what need not be asked twice for one page: its version, the names known to exist, members of groups, what was read."""

    versions: tuple[int, int] | None = None
    known: set[tuple[str, str]] = field(default_factory=set)
    members: dict[tuple[frozenset[str], date], frozenset[str]] = field(default_factory=dict)
    read: dict[tuple[Any, ...], Any] = field(default_factory=dict)


_Value = TypeVar("_Value")
_KEPT: dict[tuple[str, str, Viewer], tuple[tuple[int, date | None], Any]] = {}
"""Database, what is kept of it, and for whom → its version and day, and the value."""

MOST_KEPT: Final = 1_000
"""So much is kept before all is dropped; what everybody may see is far less."""

_HELD: ContextVar[Held | None] = ContextVar("held", default=None)


@contextmanager
def at_one_version() -> Iterator[None]:
    """Answer one page from one version: it is asked for once, however many lookups the page takes. For reading alone."""
    token = _HELD.set(Held())
    try:
        yield
    finally:
        _HELD.reset(token)


def names_known() -> set[tuple[str, str]]:
    """Return the (kind, key) pairs that are known to exist while one page is answered; a set of its own elsewhere."""
    held = _HELD.get()
    return held.known if held is not None else set()


def members_known() -> dict[tuple[frozenset[str], date], frozenset[str]]:
    """Return who is a member of which groups on which day, as far as it was asked for one page; nothing elsewhere."""
    held = _HELD.get()
    return held.members if held is not None else {}


def read_once(what: tuple[Any, ...], read: Callable[[], _Value]) -> _Value:
    """Return what is read once while one page is answered; elsewhere each time."""
    held = _HELD.get()
    if held is None:
        return read()
    if what not in held.read:
        held.read[what] = read()
    found: _Value = held.read[what]
    return found


def read_version(viewer: Viewer) -> int:
    """Return the version, ≥ 0: that of everything; for the public, of what everybody may see. It says nothing else."""
    held = _HELD.get()
    if held is not None and held.versions is not None:
        number, public = held.versions
    else:
        number, public = Version.objects.filter(pk=1).values_list("number", "public").first() or (0, 0)
    if held is not None:
        held.versions = number, public
    return number if viewer.public_id else public


def of_this_version(
    what: str, read: Callable[[], _Value], day: date | None = None, *, viewer: Viewer = PUBLIC
) -> _Value:
    """Return what only an action changes: read once for each version, and kept in the process.

    Inside a transaction, which may see what nobody else does, it is kept for one page at most. Whoever gets it must not change it.

    Parameters
    ----------
    what
        Its name; one for each kind of thing.
    day
        The day that it is of, where it also changes from day to day.
    viewer
        For whom it was read, where not everybody may see it; then it is of the version of everything.
    """
    if _in_transaction():
        return read_once((what, day, viewer), read)
    place = (str(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]), what, viewer)
    mark = (read_version(viewer), day)
    kept = _KEPT.get(place)
    if kept is None or kept[0] != mark:
        kept = (mark, read())
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[place] = kept
    found: _Value = kept[1]
    return found


def _in_transaction() -> bool:
    return connections[DEFAULT_DB_ALIAS].in_atomic_block


def find_last_done(viewer: Viewer) -> datetime | None:
    """Return when the last action was done, None where nothing was; it says nothing but that something was done."""
    return ActionLine.objects.order_by("-at").values_list("at", flat=True).first()
