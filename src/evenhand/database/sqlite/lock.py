"""The one write lock of a SQLite file: a kernel lock on the file beside it, ``<database>.lock``.

For the backend (``base.py``) alone, which decides when the lock is needed. The lock file is opened anew for each
acquisition, so that two connections of one process exclude each other as two processes do. The kernel frees the lock
when its holder dies, however it dies. The file is never removed: a writer that waits on a removed file and a writer
that makes a new one would both believe themselves alone.
"""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path

_OPEN: set[int] = set()
"""Descriptors of this process's lock files, held or waited for."""


def _close_what_the_parent_holds() -> None:
    """Let go of the parent's locks in a forked child, without unlocking them.

    A child that kept the descriptor would keep the lock alive after its parent's death.
    """
    for descriptor in tuple(_OPEN):
        with suppress(OSError):
            os.close(descriptor)
    _OPEN.clear()


os.register_at_fork(after_in_child=_close_what_the_parent_holds)


class WriteLock:
    """Hold the write lock of one database file, for one connection.

    Parameters
    ----------
    path
        The lock file; made when it does not exist.

    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._process = 0

    @property
    def held(self) -> bool:
        """Say whether this object holds the lock, in this process."""
        return self._descriptor is not None and self._process == os.getpid()

    def acquire(self, seconds: float) -> bool:
        """Wait at most `seconds` for the lock, and say whether it is held; 0 asks once and does not wait."""
        if self.held:
            return True
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        _OPEN.add(descriptor)
        try:
            got = _lock_now(descriptor)
            if not got and seconds > 0:
                waited_on, descriptor = descriptor, -1  # the waiting thread closes it unless it hands the lock over
                got = _lock_within(waited_on, seconds)
                descriptor = waited_on if got else -1
            if got:
                os.pwrite(descriptor, b"%-19d\n" % os.getpid(), 0)
                self._descriptor, descriptor, self._process = descriptor, -1, os.getpid()
            return got
        finally:
            if descriptor >= 0:
                _close(descriptor)

    def release(self) -> None:
        """Let the next writer in; nothing happens where the lock is not held."""
        descriptor, held = self._descriptor, self.held
        self._descriptor = None
        if descriptor is not None and held:
            _close(descriptor)

    def holder(self) -> str:
        """Return the process id that the last holder wrote down, for a message; "" where none stands there."""
        with suppress(OSError):
            return self.path.read_text(encoding="ascii", errors="replace").strip()
        return ""

    def __del__(self) -> None:
        self.release()


def _close(descriptor: int) -> None:
    _OPEN.discard(descriptor)
    os.close(descriptor)


def _lock_now(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_within(descriptor: int, seconds: float) -> bool:
    """Wait in the kernel's queue, which is fair as polling is not, in a thread of its own, because the queue knows no timeout.

    Whoever comes second settles what becomes of the descriptor: a thread that gets the lock after nobody waits any
    longer closes it at once.
    """
    settle = threading.Lock()
    answered = threading.Event()
    state = "waiting"

    def wait() -> None:
        nonlocal state
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            got = True
        except OSError:
            got = False
        with settle:
            if state == "waiting" and got:
                state = "got"
            else:
                state = "closed"
                _close(descriptor)
        answered.set()

    threading.Thread(target=wait, name="evenhand write lock", daemon=True).start()
    taken = False
    try:
        answered.wait(seconds)
        taken = True
    finally:
        # Ctrl-C comes this way too: the lock is never left with a thread, or with a number, that nobody waits for.
        with settle:
            got, state = state == "got", "given up" if state == "waiting" else state
            if got and not taken:
                _close(descriptor)
    return got
