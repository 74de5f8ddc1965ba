"""The sealer of this installation: what the keys that its settings name seal and open.

A file is read again where it changed. A program is asked again every minute, so that a process learns of a newer key, and so are
both where a box names a key that is not among those at hand. Where a program gives nothing for once, the keys that it gave last go on;
that none of them is too old to seal with is seen to by `people.epochs`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from evenhand.errors import OptionRefused
from evenhand.people.epochs import note_seal
from evenhand.people.keyring import PROGRAM, Keyring, file_of, read_keyring
from evenhand.people.sealing import Sealer

ASKED_EVERY: Final = 60.0
"""Seconds for which the keys that a program gave are taken for the newest."""

PAUSE: Final = 5.0
"""Seconds between two questions for a key that is not there: boxes that nobody can open must not keep a key service busy."""

NEVER: Final = float("-inf")
_ASKING = threading.Lock()


class RegisterSealer(Sealer):
    """Seal and open for this installation's register: note with which key was sealed, and ask again for a key that is not there."""

    def __init__(self, keys: Keyring, ask_again: Callable[[], Sealer]) -> None:
        super().__init__(keys)
        self._ask_again = ask_again

    def seal(self, record: str, field: str, value: str) -> str:
        """Return a value in a box, and note the key's id for the end of the transaction."""
        note_seal(self.keys)
        return super().seal(record, field, value)

    def cipher(self, name: str) -> AESGCM | None:
        """Return what opens the boxes of a key, None where it is nowhere."""
        found = super().cipher(name)
        return found if found is not None else self._ask_again().ciphers.get(name)


@dataclass(frozen=True, slots=True)
class _Held:
    """Hold the sealer at hand, where its keys came from, when they were asked for, and when last for the sake of one that was missing."""

    source: tuple[str, Path]
    changed: int
    sealer: RegisterSealer
    asked: float
    sought: float


_held: _Held | None = None


def sealer() -> Sealer:
    """Return what seals and opens. Raises OptionRefused where there are no keys."""
    return _newest()


def _newest(*, seeking: bool = False) -> RegisterSealer:
    """Return what is at hand; ask for the keys where they changed, may have changed, or lack one that is sought."""
    global _held  # one a process, as the keys are
    source = (settings.EVENHAND["people_keys"], settings.EVENHAND.people_keys_file)
    file, is_program = file_of(*source), source[0].startswith(PROGRAM)
    changed = file.stat().st_mtime_ns if file is not None and file.is_file() else 0
    with _ASKING:
        now, held = monotonic(), _held if _held and (_held.source, _held.changed) == (source, changed) else None
        if held is not None:
            due = now - held.sought >= PAUSE if seeking else is_program and now - held.asked >= ASKED_EVERY
            if not due:
                return held.sealer
        try:
            keys = read_keyring(*source)
        except OptionRefused:
            if held is None or not is_program:
                raise
            keys = held.sealer.keys
        same = held is not None and held.sealer.keys == keys
        lock = held.sealer if held is not None and same else RegisterSealer(keys, lambda: _newest(seeking=True))
        sought = now if seeking else held.sought if held is not None else NEVER
        _held = _Held(source, changed, lock, now, sought)
        return lock
