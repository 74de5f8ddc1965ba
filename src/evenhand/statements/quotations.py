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
            if opened is None and not opens and found and _only_closes(plain, block, at, found[-1]):
                found.append((block.start, at + 1))  # it opened in a paragraph above
            elif opened is None:
                opened = at
            elif not opens:
                found.append((opened, at + 1))
                opened = None
        if opened is not None:
            behind = BEHIND.search(plain, opened, block.end)
            found.append((opened, behind.start() + 1 if behind else block.end))
    return found


def _only_closes(plain: str, block: Block, at: int, before: tuple[int, int]) -> bool:
    """Say whether a paragraph's first mark closes a quotation that was opened in a paragraph above: a sentence ends at it."""
    first = before[1] <= block.start
    behind = plain[at + 1 : at + 2] if at + 1 < block.end else " "
    return first and at > block.start and plain[at - 1] in ".,!?" and (behind.isspace() or behind in ",;)")


def join_quoted(
    paragraphs: list[int], plain: str, blocks: tuple[Block, ...], quotations: list[tuple[int, int]]
) -> list[int]:
    """Return the paragraphs of sentences with those counted as one between which a quotation runs on without being closed."""
    joined = dict(zip(range(len(blocks)), range(len(blocks)), strict=True))
    ends = {end for start, end in quotations if plain[end - 1] != '"'}
    starts = {start for start, _ in quotations}
    for place in range(1, len(blocks)):
        if blocks[place - 1].end in ends and blocks[place].start in starts:
            joined[place] = joined[place - 1]
    return [joined[one] for one in paragraphs]


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
