"""The sealer of this installation, made once a process from the keys that its settings name."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from evenhand.people.keyring import file_of, read_keyring
from evenhand.people.sealing import Sealer


def sealer() -> Sealer:
    """Return what seals and opens; the keys are read again where the file or the setting changed. Raises OptionRefused."""
    said, usual = settings.EVENHAND["people_keys"], settings.EVENHAND.people_keys_file
    file = file_of(said, usual)
    return _made(said, usual, file.stat().st_mtime_ns if file is not None and file.is_file() else 0)


@lru_cache(maxsize=4)
def _made(said: str, file: Path, _changed: int) -> Sealer:
    return Sealer(read_keyring(said, file))
