"""Which seal key is the newest that this register was sealed with; no process seals with an older one.

Keys are read by each process for itself, so that one may still hold the older keys when another has sealed everything anew with a
newer one. What it sealed then, nobody could open once the older key is thrown away. So the register itself remembers the newest key's
id, and whoever sealed without knowing that key is refused before anything is committed. Called by `people.opening`, and by whatever
writes the register, inside its transaction, when it is done.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime

from evenhand.errors import ActionRefused
from evenhand.people.keyring import Keyring
from evenhand.people.models import KeyEpoch


class _Sealed(threading.local):
    """Hold the keyrings that this thread has sealed with since `forget_seals`, by the id of the key that sealed."""

    def __init__(self) -> None:
        self.by: dict[str, Keyring] = {}


_sealed = _Sealed()


def note_seal(keys: Keyring) -> None:
    """Note that this thread has sealed something with the newest of these keys."""
    _sealed.by[keys.seals] = keys


def forget_seals() -> None:
    """Begin anew: what this thread sealed before was committed, or never will be."""
    _sealed.by.clear()


def refuse_older_seals() -> None:
    """Refuse what this thread has sealed since `forget_seals`, where a keyring of it is too old. Raises ActionRefused."""
    refuse_older(_sealed.by.values())


def refuse_older(keyrings: Iterable[Keyring]) -> None:
    """Refuse to have sealed with keys that do not hold the one with which another process sealed everything. Raises ActionRefused."""
    sealed = list(keyrings)
    newest = newest_seal() if sealed else ""
    older = [keys.seals for keys in sealed if newest and newest not in keys.seal]
    if older:
        raise ActionRefused(
            f"another process sealed with seal.{newest} already, and this one still with seal.{older[0]}; nothing was done. Wait a minute "
            "until it asks for the keys again, or restart it; the keys that it is given must hold the newer one"
        )


def newest_seal() -> str:
    """Return the id of the key that everything was last sealed anew with, "" where that was never done."""
    return KeyEpoch.objects.order_by("-pk").values_list("seal", flat=True).first() or ""


def begin_epoch(seal: str, at: datetime) -> None:
    """Remember that everything was sealed anew with a key."""
    if newest_seal() != seal:
        KeyEpoch.objects.create(seal=seal, at=at)
