"""Texts that say by a label or in the first person who speaks: transcripts ("Ada Obi: Thank you."), and joint statements ("We, the Ministers").

Called by `reader` before sentences are attributed. A label at the head of a line is no part of what is said.
"""

from __future__ import annotations

import re

from evenhand.statements.references import BOTH, Cast, Speaker
from evenhand.statements.tokens import Tokens

LABEL = re.compile(r"(?m)^[ \t]*(?P<who>[A-ZÀ-Þ][^.!?:;\n|\"]{2,110}?)[ \t]*(?:\([^()\n]{1,40}\))?[ \t]*:(?=\s)")
NAMED = re.compile(r"(?:^|[^-&])(?:[HCID]\.?){2,}$|^t?(?:H\.?)?O[oftpCFSAGg&,-]*$|^H\.?C$|[SFGO]C{2,}$")
"""What the letters of a label look like: a full name at its end, or an office alone."""
LEAST_LABELS = 2
"""How many labels make a transcript: one alone can be a headline or a list."""
JOINT = re.compile(
    r"\bjoint (?:\w+ )?(?:statement|communiqu\w+|declaration|press release)\b|\bchair'?s? statement\b", re.I
)
WE_ARE = re.compile(
    r"^\W*(?:\d+\W+)?we,\s+(?:the\s+)?(?:\w+\s+){0,3}(?:ministers|heads|leaders|presidents|representatives|participants|members|governments|states)\b",
    re.I,
)
FIRST_PERSON = re.compile(r"^\W*(?:\d+\W+)?(?:[A-Z]\w+ [\w ]{2,40}, )?(?:we|our)\b", re.I)


def find_labels(text: str, row: Tokens) -> list[tuple[int, int, int]]:
    """Return the labels of a transcript as offsets of who is named, up to where the words begin; none where it is no transcript."""
    found: list[tuple[int, int, int]] = []
    for match in LABEL.finditer(text):
        first, last = row.between(*match.span("who"))
        if last > first and NAMED.search(row.codes[first:last]):
            found.append((match.start("who"), match.end("who"), match.end()))
    return found if len(found) >= LEAST_LABELS else []


def follow_labels(
    labels: list[tuple[int, int, int]], spans: list[tuple[int, int]], plain: str, cast: Cast
) -> list[Speaker | None]:
    """Return who a label puts in charge of each sentence, and move the sentences behind their labels.

    Parameters
    ----------
    spans
        The sentences; those that begin with a label are shortened in place.
    """
    found: list[Speaker | None] = []
    for place, (start, end) in enumerate(spans):
        before = [label for label in labels if label[0] < end and label[2] < end]
        if not before:
            found.append(None)
            continue
        label = before[-1]
        if start < label[2]:
            begin = label[2]
            while begin < end and plain[begin].isspace():
                begin += 1
            spans[place] = (begin, end)
        words = plain[label[0] : label[1]]
        person = next((one for one in cast.persons if words.endswith(one.name)), None)
        person = person or next(
            (one for one in cast.persons if any(words.endswith(name) for name in one.spellings)), None
        )
        name = person.name if person else words
        found.append(Speaker(name, person, 0.95 if person else 0.7, f"a label before the words names {name}"))
    return found


def find_joint(plain: str, spans: list[tuple[int, int]], above: tuple[tuple[int, int], ...]) -> list[Speaker | None]:
    """Return the sides together for every sentence of a joint statement that says "we"."""
    headlines = " ".join(plain[start:end] for start, end in above)
    if not (JOINT.search(headlines) or any(WE_ARE.match(plain[start:end]) for start, end in spans[:2])):
        return [None] * len(spans)
    both = Speaker(BOTH, None, 0.85, '"we" in a joint statement are the sides')
    return [both if FIRST_PERSON.match(plain[start:end]) else None for start, end in spans]
