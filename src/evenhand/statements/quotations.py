"""Which stretches of a text stand in quotation marks, broken marks included.

Called by `attribution`. A mark that opens and never closes runs to the end of its paragraph; the next paragraph starts anew, as newspapers do.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from evenhand.statements.cleaning import Block

MARK = re.compile(r'"')
BEHIND = re.compile(
    r",\s+(?:(?:the\s+)?[\w.'-]+(?:\s[\w.'-]+){0,5}\s(?:said|added|noted|stressed|concluded|continued|stated|explained|recalled)|"
    r"(?:said|added)\s[\w.' -]{2,60})\.$"
)
"""The attribution behind a quotation whose closing mark is missing."""


def find_quotations(plain: str, blocks: tuple[Block, ...]) -> list[tuple[int, int]]:
    """Return the quoted stretches of the prose, marks included, in order.

    Examples
    --------
    >>> text = 'He said: "We help. "We stay," she added.'
    >>> [text[start:end] for start, end in find_quotations(text, (Block(0, len(text)),))]
    ['"We help. "We stay,"']
    """
    found: list[tuple[int, int]] = []
    for block in blocks:
        opened: int | None = None
        for mark in MARK.finditer(plain, block.start, block.end):
            at = mark.start()
            before = plain[at - 1] if at > block.start else " "
            after = plain[at + 1] if at + 1 < block.end else " "
            opens = (before.isspace() or before in "([-–—") and not after.isspace()
            if opened is None:
                opened = at
            elif not opens:
                found.append((opened, at + 1))
                opened = None
        if opened is not None:
            behind = BEHIND.search(plain, opened, block.end)
            found.append((opened, behind.start() + 1 if behind else block.end))
    return found


def quoted_share(span: tuple[int, int], quotations: list[tuple[int, int]]) -> float:
    """Return how much of a stretch is quoted, 0 to 1."""
    first = max(0, bisect_left(quotations, (span[0], 0)) - 1)
    inside = 0
    for place in range(first, len(quotations)):
        start, end = quotations[place]
        if start >= span[1]:
            break
        inside += max(0, min(span[1], end) - max(span[0], start))
    return inside / max(1, span[1] - span[0])
