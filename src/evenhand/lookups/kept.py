"""Answers kept in memory while they are true: the least used go first when there is no more room.

For the pages and the API, whose public answers follow from (version, day, address) alone. Each process has its own. Must
never hold what only some may see, nor anything made inside a transaction, which may yet be rolled back: the callers see
to both.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

Value = TypeVar("Value")
USUAL_BYTES: Final = 64 * 2**20
LARGEST_PART: Final = 8
"""One answer takes at most an eighth of the room; a larger one is made anew each time."""


class Kept(Generic[Value]):
    """Keep values under keys, up to so many bytes in all.

    Examples
    --------
    >>> kept = Kept[str](most_bytes=80)
    >>> for key in "abcdefghi":
    ...     kept.put(key, key.upper(), 10)
    >>> kept.get("a"), kept.get("i"), kept.bytes
    (None, 'I', 80)
    """

    def __init__(self, most_bytes: int = USUAL_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        """Return what is kept under a key, None where nothing is."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Keep a value of so many bytes, and let go of the least used until it fits; one too large is not kept."""
        if size * LARGEST_PART > self.most_bytes:
            return
        with self._lock:
            self._bytes_of_replaced(key)
            self._values[key] = (value, size)
            self.bytes += size
            while self.bytes > self.most_bytes:
                _, (_, gone) = self._values.popitem(last=False)
                self.bytes -= gone

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self.bytes = 0

    def _bytes_of_replaced(self, key: Hashable) -> None:
        before = self._values.pop(key, None)
        if before is not None:
            self.bytes -= before[1]
