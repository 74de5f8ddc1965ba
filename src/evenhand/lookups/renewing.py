"""When an answer that is kept is made anew, and when an older one is handed out instead: for the pages and the API.

Where few ask, everybody gets the newest. Where a crowd asks, and records change all the while, rendering anew what was just
rendered would take the processor from everybody: then an answer may be older, one at a time is made anew, and between two of
them the others get their turn. One `RENEWALS` for the whole process, because its threads share one processor. Must never be
asked about what only some may see.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock
from time import monotonic
from typing import Final, ParamSpec, TypeVar

_P = ParamSpec("_P")
_Response = TypeVar("_Response")

CROWD: Final = 4
"""So many requests at work at once in one process are a crowd."""

OLDEST: Final = 60.0
"""Seconds: nothing older than this is handed out to a crowd, either."""

REST: Final = 1.0
"""So many times as long as making an answer took, a crowd is answered from what there is before the next is made anew."""

LOOKED: Final = 0.1
"""Seconds for which a crowd does without asking the database for the version again."""


@dataclass(slots=True)
class Renewals:
    """Keep count of the requests at work, and of the answers that are being made anew.

    Examples
    --------
    >>> renewals = Renewals()
    >>> renewals.begin("/en/needs")
    >>> renewals.may_wait(20.0)
    False
    >>> with renewals.at_work(), renewals.at_work(), renewals.at_work(), renewals.at_work():
    ...     renewals.may_wait(20.0), renewals.may_wait(500.0)
    (True, False)
    """

    working: int = 0
    making: dict[Hashable, float] = field(default_factory=dict)
    rests_until: float = 0.0
    version: int = 0
    looked: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count one request while it is answered."""
        with self._lock:
            self.working += 1
        try:
            yield
        finally:
            with self._lock:
                self.working -= 1

    @property
    def crowded(self) -> bool:
        """Say whether a crowd asks."""
        return self.working >= CROWD

    def counted(self, view: Callable[_P, _Response]) -> Callable[_P, _Response]:
        """Make a view one that is counted while it answers."""

        @wraps(view)
        def counted(*arguments: _P.args, **named: _P.kwargs) -> _Response:
            with self.at_work():
                return view(*arguments, **named)

        return counted

    def may_wait(self, age: float) -> bool:
        """Say whether an answer that is so many seconds old will do for now."""
        if not self.crowded or age > OLDEST:
            return False
        with self._lock:
            return bool(self.making) or monotonic() < self.rests_until

    def begin(self, address: Hashable) -> None:
        """Note that an answer is being made."""
        with self._lock:
            self.making[address] = monotonic()

    def end(self, address: Hashable) -> None:
        """Note that it was made, or not."""
        with self._lock:
            begun = self.making.pop(address, None)
            if begun is not None:
                now = monotonic()
                self.rests_until = now + REST * (now - begun)

    def version_now(self, read: Callable[[], int]) -> int:
        """Return the version; to a crowd, of a moment ago."""
        now = monotonic()
        if not self.crowded or now - self.looked > LOOKED:
            self.version, self.looked = read(), now
        return self.version


RENEWALS: Final = Renewals()
