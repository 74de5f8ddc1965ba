"""Cutting many refs into parts, none longer than one question to a database may name. Used by actions and lookups of the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

MOST: Final = 500
"""Refs in one question; SQLite refuses some ten thousand, and slows down long before."""


def in_parts(refs: Iterable[str]) -> Iterator[list[str]]:
    """Return refs in lists of at most `MOST`, in their order.

    Examples
    --------
    >>> [len(part) for part in in_parts(str(number) for number in range(1_001))]
    [500, 500, 1]
    >>> list(in_parts([]))
    []
    """
    left = iter(refs)
    while part := list(islice(left, MOST)):
        yield part
