"""Say what a sentence is about: sectors of the OECD's DAC and Sustainable Development Goals, each with the words that say so.

Called by whoever keeps the register of what was said, sentence by sentence. A topic rests on a phrase that stands in the
tables, so it can be shown in the text; a sentence without one has none. Better few than wrong: a word that is part of the name
of an office or a body ("Ministry of Health", "World Food Programme") is no topic.

Source: the DAC and CRS code lists of the OECD (three-digit sectors and five-digit purposes), names as IATI replicates them
(IATI-Codelists-NonEmbedded, `Sector.xml` and `SectorCategory.xml`, June 2026); the goals of resolution A/RES/70/1 of the
General Assembly of the United Nations, by their short titles. Which phrase means which code was decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NamedTuple

from evenhand.statements.wordlists import read_table

Scheme = Literal["dac", "sdg"]
WORD: Final = re.compile(r"[^\W_]+(?:['’](?!s\b)[^\W_]+)?")
LINKS: Final = frozenset({"of", "for", "and", "the", "in", "on", "to", "against"})
"""Small words within a name."""
BODIES: Final = frozenset(
    {
        "minister", "ministers", "ministry", "ministries", "department", "directorate", "director", "secretary", "secretariat", "commission",
        "commissioner", "committee", "agency", "fund", "bank", "organization", "organisation", "programme", "program", "office", "council",
        "institute", "foundation", "authority", "union", "society", "board", "centre", "center", "service", "assembly", "representative",
        "coordinator", "ambassador", "chairman", "head", "president", "university", "hospital",
    }
)  # fmt: skip
"""Words that make a row of capitalised words the name of an office or a body."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Name one topic of a sentence and the words that say so.

    Attributes
    ----------
    scheme, code
        "dac" with three digits (a sector) or five (a purpose), "sdg" with 1 to 17.
    start, end
        Where the words stand, half-open, counted like the sentence's own offsets.
    """

    scheme: Scheme
    code: str
    name: str
    words: str
    start: int
    end: int


class _Meaning(NamedTuple):
    scheme: Scheme
    code: str
    name: str


def find_topics(sentence: str, at: int = 0) -> tuple[Topic, ...]:
    """Return the topics of a sentence in the order of its words, each once, at the first words that say so.

    Parameters
    ----------
    at
        Where the sentence begins in its text; added to every offset.

    Examples
    --------
    >>> [(one.scheme, one.code, one.words) for one in find_topics("He asked for clean water and 900 family tents.")]
    [('dac', '140', 'clean water'), ('dac', '14031', 'clean water'), ('sdg', '6', 'clean water'), ('dac', '720', 'tents'), ('dac', '72010', 'tents')]
    >>> find_topics("The Ministry of Health told our correspondent.")
    ()
    """
    phrases, longest = _phrases()
    spans = [(match.start(), match.end()) for match in WORD.finditer(sentence)]
    folded = [_folded(sentence[start:end]) for start, end in spans]
    found: dict[tuple[str, str], Topic] = {}
    free = 0
    for first, word in enumerate(folded):
        if first < free or word not in longest:
            continue
        for length in range(min(longest[word], len(folded) - first), 0, -1):
            meant = phrases.get(tuple(folded[first : first + length]))
            if meant is None or _is_named(sentence, spans, first, first + length):
                continue
            start, end = spans[first][0], spans[first + length - 1][1]
            for scheme, code, name in meant:
                found.setdefault((scheme, code), Topic(scheme, code, name, sentence[start:end], start + at, end + at))
            free = first + length
            break
    return tuple(found.values())


def name_of_topic(scheme: str, code: str) -> str:
    """Return the name of a sector, purpose or goal as its list gives it; empty where there is none.

    Examples
    --------
    >>> name_of_topic("dac", "12250"), name_of_topic("sdg", "3"), name_of_topic("sdg", "18")
    ('Infectious disease control', 'Good health and well-being', '')
    """
    return _names().get((scheme, code), "")


@cache
def _names() -> dict[tuple[str, str], str]:
    return {(scheme, row["code"]): row["name"] for scheme, table in TABLES for row in read_table(table) if row["code"]}


TABLES: Final[tuple[tuple[Scheme, str], ...]] = (("dac", "sectors"), ("sdg", "sdgs"))


@cache
def _phrases() -> tuple[dict[tuple[str, ...], list[_Meaning]], dict[str, int]]:
    """Return the meanings of every phrase, and how many words the longest has that begins with a word.

    A phrase that stands for a purpose stands for the purpose's sector too; one of a row without a code means nothing, and
    keeps its words from meaning something.
    """
    phrases: dict[tuple[str, ...], list[_Meaning]] = {}
    longest: dict[str, int] = {}
    names = _names()
    for scheme, table in TABLES:
        for row in read_table(table):
            own = [_Meaning(scheme, row["code"], row["name"])] if row["code"] else []
            sector = row["code"][:3]
            above = [_Meaning(scheme, sector, names.get((scheme, sector), ""))] if len(row["code"]) == 5 else []
            for text in filter(None, row["words"].split(";")):
                key = tuple(_folded(word) for word in WORD.findall(text))
                longest[key[0]] = max(len(key), longest.get(key[0], 0))
                meant = phrases.setdefault(key, [])
                meant += [one for one in (*above, *own) if one not in meant]
    return phrases, longest


def _folded(word: str) -> str:
    """Return a word in lower case and, by its spelling, in the singular."""
    word = word.casefold().replace("’", "'")
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _is_named(sentence: str, spans: list[tuple[int, int]], first: int, last: int) -> bool:
    """Say whether words are part of a name of an office or a body: a row of capitalised words with such a word in it."""
    if not sentence[spans[first][0]].isupper():
        return False
    for step, at in ((-1, first - 1), (1, last)):
        linked = False
        while 0 <= at < len(spans):
            start, end = spans[at]
            word = sentence[start:end]
            gap = sentence[end : spans[at + 1][0]] if step < 0 else sentence[spans[at - 1][1] : start]
            if word.casefold() in BODIES and (word[0].isupper() or not (linked or gap.strip(" -"))):
                return not gap.strip(" ,\n'’s-")
            linked = word in LINKS
            if gap.strip(" ,\n'’s-") or not (linked or word[0].isupper()):
                break
            at += step
    return False
