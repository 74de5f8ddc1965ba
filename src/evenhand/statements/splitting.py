"""From paragraphs to sentences, as offsets.

Called by `reader`. A sentence runs from its first word to its last mark; the line break, the bullet and the dateline are
not part of it. Quotations are split too: what belongs to whom is decided in `attribution`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from evenhand.statements.cleaning import FINITE, Block
from evenhand.statements.wordlists import word_list

END = re.compile(
    r"""[.!?…]+["')\]]*(?=\s+(?:[※*†‡•►▪■◆●]+\s*)?["'(\[]*[$€£¥]?[A-Z0-9À-Þ])|(?<=[a-z]{3})\.(?=(?:[A-ZÀ-Þ][a-zà-ÿ]{3,}|The|It|He|She|In|On|At|We|This|They),? [a-zA-Z]{2})"""
)
"""Where a sentence may end: before a capital, a sign of a note between them, or no space: "of the Republic.Welcoming the guests"."""
MARK_OF_NOTE = re.compile(r"[※*†‡•►▪■◆●]+\s*")
ABBREVIATED = frozenset(
    word_list(
        "rs brig adm cdr amb dept gov hh sen mr mrs ms dr prof h.e st gen col lt maj sgt capt rev hon sr jr no vol art fig vs u.s u.n e.u u.k a.m p.m approx "
        "jan feb mar apr jun jul aug sep sept oct nov dec inc ltd co corp eng messrs hrh "
        "pvt pte plc bros mt ft ph.d esq sgts maj lieut supt insp cpl cmdr cmdt adj atty asst assn dist univ govs sens reps drs profs mme mlle sra mgr msgr"
    )
)
MONEY = frozenset({"rs", "tk", "sh", "shs", "kes", "ksh", "le", "fr", "dh", "dhs", "rp", "af"})
"""Short forms of currencies that stand before their sum: "Rs. 5.5 crore"."""
STYLE_BEFORE = re.compile(r", [A-Z][a-z]{1,2}$")
"""A short form of a style between an office and a name: "the Defence Minister, Uz. Mariyam Didi"."""
LAST_WORD = re.compile(r"([A-Za-zÀ-ÿ][\w.]*)$")


def split_sentences(plain: str, blocks: tuple[Block, ...]) -> list[tuple[int, int]]:
    """Return the sentences of paragraphs.

    Examples
    --------
    >>> text = 'Mr. A. Khan said so. "We help." He left in Nov. 2020'
    >>> [text[start:end] for start, end in split_sentences(text, (Block(0, len(text), cut=True),))]
    ['Mr. A. Khan said so.', '"We help."', 'He left in Nov. 2020']
    """
    found: list[tuple[int, int]] = []
    for block in blocks:
        start, block = block.start, _without_open_quotation(plain, block)
        for mark in END.finditer(plain, block.start, block.end):
            if not _ends(plain, start, mark):
                continue
            found.append((start, mark.end()))
            start = mark.end()
            while plain[start].isspace():
                start += 1
            note = MARK_OF_NOTE.match(plain, start, block.end)
            start = note.end() if note and note.end() < block.end else start
        if start < block.end and _counts(plain, start, block):
            found.append((start, block.end))
    return found


def _ends(plain: str, start: int, mark: re.Match[str]) -> bool:
    if mark.group()[0] != ".":
        return True
    word = LAST_WORD.search(plain, max(start, mark.start() - 14), mark.start())
    if not word:
        return True
    last = word.group(1)
    if len(last) == 1 and last.isupper() and last != "I":
        return False
    if last.lower() in MONEY:
        return not plain[mark.end() :].lstrip()[:1].isdigit()
    if last.lower() == "no":
        return not plain[mark.end() :].lstrip()[:1].isdigit()
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", last) and last.lower() not in ("u.s", "u.n", "a.m", "p.m"):
        return False  # H.H. Sheikh, N.B. Musa
    if STYLE_BEFORE.search(plain, start, mark.start()):
        return False
    return last.lower() not in ABBREVIATED or last.islower()


def _without_open_quotation(plain: str, block: Block) -> Block:
    """Return a cut-off paragraph without the quotation at its end whose speaker was cut off with it."""
    words = plain[block.start : block.end]
    if not block.cut or words.count('"') % 2 == 0 or re.search(r"""[.!?]["')\]]*$""", words):
        return block
    opening = words.rindex('"')
    before = words[:opening].rstrip()
    return replace(block, end=block.start + len(before)) if not before or before[-1] in ".!?" else block


def _counts(plain: str, start: int, block: Block) -> bool:
    """Say whether the rest of a paragraph is a sentence: finished, or cut off after its main verb."""
    words = plain[start : block.end]
    if re.search(r"""[.!?…:]["')\]]*$""", words):
        return True
    return FINITE.search(words) is not None and len(words.split()) >= 4
