"""Who holds the press conference, gives the briefing or the interview of which a text is the transcript, as its headline says.

Called by `reader` for a text whose lines bear labels. Whoever holds it gives the answers ("A:"), and is the host of what is stated.
"""

from __future__ import annotations

import re

from evenhand.statements.references import Speaker

OCCASION = r"(?:[Pp]ress|[Nn]ews|[Mm]edia|[Nn]oon|[Dd]aily|[Ww]eekly|[Rr]egular|PRESS|NEWS|MEDIA)"
HOLDS = (
    re.compile(
        rf"(?P<who>[A-Z][^|>\n]{{4,160}}?)'s? (?:(?!{OCCASION})\w+ ){{0,3}}(?:{OCCASION} )*(?:[Cc]onference|[Bb]riefing|[Ii]nterview|[Aa]vailability|Q&A)\b"
    ),
    re.compile(
        r"\b(?:[Cc]onference|CONFERENCE|[Bb]riefing|BRIEFING|[Ii]nterview|INTERVIEW|[Rr]emarks [Tt]o (?:[Tt]he )?(?:[Pp]ress|[Mm]edia)|[Aa]vailability|Q&A) (?:(?:[Hh]eld|[Gg]iven) )?(?:by|of|with|BY|OF|WITH)\b(?P<who>[^|>\n]{4,160})"
    ),
    re.compile(
        r"(?P<who>[A-Z][^|>\n]{4,160}?) (?:holds|held|gives|gave|hosts|hosted|(?:takes|took|answers|answered) questions)\b[^|>\n]{0,60}\b(?:conference|briefing|interview|questions)\b",
        re.I,
    ),
)
"""How a headline says who answers: "Ada Obi's Regular Press Conference", "Press briefing by Ada Obi", "Interview with Ada Obi"."""
LONGEST_HEADLINE = 400
"""Characters of a line from which on it is none."""
ANSWERS = frozenset({"A", "Answer", "ANSWER"})
"""Labels of whoever answers without a name."""
YOU_SAID = re.compile(
    r"\b[Yy]ou (?:\w+ly )?(?:said|told|mentioned|announced|noted|stated|stressed|promised|pledged|confirmed)\b"
)
"""How a question reminds whoever answers of words of his own."""


def find_holder(above: tuple[tuple[int, int], ...], plain: str) -> tuple[int, int] | None:
    """Return where a headline names who holds the occasion, as offsets.

    Examples
    --------
    >>> line = "Spokesperson Ada Obi's Regular Press Conference on 2 May"
    >>> start, end = find_holder(((0, len(line)),), line)
    >>> line[start:end]
    'Spokesperson Ada Obi'
    """
    for pattern in HOLDS:
        for start, end in above:
            match = pattern.search(plain, start, end) if end - start < LONGEST_HEADLINE else None
            if match is not None:
                return match.span("who")
    return None


def answering(words: str, sentence: str, holder: Speaker | None, *, asks: bool) -> Speaker | None:
    """Return who gives an answer, or is reminded in a question of what he said; None where the label says nothing of it."""
    if words in ANSWERS or (asks and YOU_SAID.search(sentence)):
        return holder
    return None
