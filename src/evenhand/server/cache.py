"""What all processes of the server remember together for a while: how often somebody tried, which code was used.

Files in the data folder, so that it needs no server of its own. Django's own file cache answers `add` in two steps, and two
processes could both be the first; here the second waits. For limits alone: it is no store, and may be emptied at any time.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache


class SharedCache(FileBasedCache):
    """Keep things in files, and let exactly one process be the first to add one."""

    def add(self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a thing unless there is one of that key, and say whether it was kept."""
        with self._alone():
            return bool(super().add(key, value, timeout, version))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = Path(self._dir)  # type: ignore[attr-defined]  # the stubs leave it out
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
