"""Which of several things a viewer may do for a party now: what a page shows buttons for.

The action asks again, under the write lock; this only keeps pages from offering what would be refused.
"""

from __future__ import annotations

from collections.abc import Iterable

from evenhand.access.rights import RIGHTS, may
from evenhand.access.viewers import ANYTHING, Target, Viewer
from evenhand.lookups.snapshot import read_book


def list_allowed(viewer: Viewer, rights: Iterable[str], *parties: str) -> frozenset[str]:
    """Return those of the rights that a viewer has over one of the parties; over nothing in particular, where none is named."""
    asked = [right for right in rights if viewer.has(*RIGHTS.get(right, ()))]
    if not asked:
        return frozenset()
    targets: list[Target] = [ANYTHING]
    if parties:
        book = read_book(None)
        targets = [Target(book.above(one), book.groups(one)) for one in parties if one]
    return frozenset(right for right in asked if any(may(viewer, right, target) for target in targets))
