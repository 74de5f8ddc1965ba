"""How often one key or one address of the network may ask: a bucket of tokens that fills again with time.

Kept in this process alone, so an installation of several processes lets as many times as much through; it is there so that
one program's mistake does not take the server from everybody else, not to keep an enemy out. What costs the server nothing (an
answer that is kept, one that has not changed) costs no token. Asked by `door` alone.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from threading import Lock
from typing import Final

MOST_BUCKETS: Final = 20_000
HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that one customer of a network has to himself are those after these."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Say how a bucket stands: whether what was asked for may be done, what it holds, what is left, seconds until full."""

    allowed: bool
    limit: int
    remaining: int
    reset: int
    wait: int

    def headers(self) -> dict[str, str]:
        """Return the headers that tell it."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return told if self.allowed else told | {"Retry-After": str(self.wait)}


class Limits:
    """Keep a bucket for each of those who ask, of so many tokens that fill at so many a second.

    Examples
    --------
    >>> seconds = iter([0.0, 0.0, 0.0, 2.0])
    >>> limits = Limits(holds=2, per_second=1, clock=lambda: next(seconds))
    >>> [limits.take("somebody").allowed for _ in range(4)]
    [True, True, False, True]
    """

    def __init__(self, *, holds: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.holds = holds
        self.per_second = per_second
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, who: str, cost: float = 1) -> Standing:
        """Take tokens out of somebody's bucket, if it holds as many; with a cost of 0 only look."""
        with self._lock:
            now = self._clock()
            held, since = self._buckets.pop(who, (float(self.holds), now))
            held = min(float(self.holds), held + (now - since) * self.per_second)
            allowed = held >= max(cost, 1)
            left = held - cost if allowed else held
            self._buckets[who] = (left, now)
            while len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        return Standing(
            allowed, self.holds, int(left), math.ceil((self.holds - left) / self.per_second),
            max(1, math.ceil((max(cost, 1) - left) / self.per_second)),
        )  # fmt: skip

    def clear(self) -> None:
        """Fill every bucket."""
        with self._lock:
            self._buckets.clear()


KEYS: Final = Limits(holds=600, per_second=60)
"""For each key, and each user that is signed in."""

ADDRESSES: Final = Limits(holds=300, per_second=20)
"""For each address without a key; a ministry behind one router shares one."""


def neighbourhood(address: str) -> str:
    """Return what of an address of the network counts as one: an IPv6 customer has 2^64 of them.

    Examples
    --------
    >>> neighbourhood("2001:db8::1") == neighbourhood("2001:db8::2"), neighbourhood("203.0.113.9")
    (True, '203.0.113.9')
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "elsewhere"
    return str(int(found) >> HOUSEHOLD) if isinstance(found, IPv6Address) else str(found)
