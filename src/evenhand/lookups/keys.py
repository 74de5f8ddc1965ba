"""Keys of programs: one's own for everybody, all of them for who keeps or audits the installation; never the key itself.

Also the door for a program: from the key it sends to the viewer behind it. Must never tell a wrong key from one that was
revoked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from django.db.models import QuerySet

from evenhand.access.models import ApiKey
from evenhand.access.rights import may
from evenhand.access.viewers import ANYTHING, Viewer, viewer_of
from evenhand.errors import NotAllowed
from evenhand.lookups.choosing import refuse_unknown
from evenhand.lookups.reach import today

PREFIX: Final = "evh_"
"""How every key begins, so that scanners of leaked secrets know one when they see it."""


@dataclass(frozen=True, slots=True)
class Key:
    """Hold one key as its user may see it.

    Attributes
    ----------
    user
        The public id of the user as whom it acts.
    scopes
        What it may do: read, or the actions of a group.
    state
        open, over (its last day has passed) or revoked.
    last_used
        The last day on which it opened something, None where it never did.
    """

    ref: str
    user: str
    name: str
    scopes: tuple[str, ...]
    state: str
    made_at: datetime
    until: date
    last_used: date | None


@dataclass(frozen=True, slots=True)
class Opened:
    """Hold what a key opened: which key, as whom, how far, and the last day on which it was used before."""

    ref: str
    viewer: Viewer
    scopes: tuple[str, ...]
    last_used: date | None


def list_keys(viewer: Viewer) -> list[Key]:
    """Return the keys that a viewer may see, the newest first."""
    return _keys(seen_keys(viewer))


def get_key(viewer: Viewer, ref: Annotated[str, "the key's ref, KY-..."]) -> Key:
    """Return a key. Raises NameUnknown where there is none that the viewer may see."""
    found = next(iter(_keys(seen_keys(viewer).filter(pk=ref))), None)
    if found is None:
        raise refuse_unknown("key", ref)
    return found


def seen_keys(viewer: Viewer) -> QuerySet[ApiKey]:
    """Return the rows of the keys that a viewer may see, for the actions on them."""
    if may(viewer, "see keys", ANYTHING):
        return ApiKey.objects.all()
    return ApiKey.objects.filter(user__public_id=viewer.public_id) if viewer.public_id else ApiKey.objects.none()


def open_by_key(secret: str) -> Opened | None:
    """Return who a key stands for today, None where it opens nothing: made up, revoked, over, or its user switched off."""
    if not secret.startswith(PREFIX) or not secret.isascii():
        return None
    row = ApiKey.objects.select_related("user").filter(digest=digest_of(secret), revoked_at=None).first()
    day = today()
    if row is None or row.until < day:
        return None
    try:
        return Opened(row.ref, viewer_of(row.user, on=day), tuple(row.scopes), row.last_used)
    except NotAllowed:
        return None


def digest_of(secret: str) -> str:
    """Return the hash under which a key is kept.

    A plain SHA-256: the key is 256 random bits, so nobody finds it by trying, and the door may look it up in one query.

    Examples
    --------
    >>> digest_of("evh_an example, and no key")[:8]
    '528f55d6'
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def _keys(rows: QuerySet[ApiKey]) -> list[Key]:
    day = today()
    return [
        Key(
            row.ref, row.user.public_id, row.name, tuple(row.scopes),
            "revoked" if row.revoked_at else "over" if row.until < day else "open", row.made_at, row.until, row.last_used,
        )
        for row in rows.select_related("user").order_by("-made_at", "ref")
    ]  # fmt: skip
