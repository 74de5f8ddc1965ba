"""A text with its speakers and claims marked: cut into turns, each the words of one speaker in one paragraph.

Used by the page of a document and by the page where a text is tried. Every letter of the text comes out once and in order;
what belongs to no sentence (a menu, a stamp) is a turn without a speaker. Must never say anything about the words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

BREAK: Final = re.compile(r"\n\s*\n")

NARRATOR, BOTH = "narrator", "both"
"""Whom the reader names where nobody is named: the report itself, and the sides together."""


class Spoken(Protocol):
    """Be a sentence with whose words it holds: one that was just read, or one on file."""

    @property
    def start(self) -> int:
        """Return its first letter."""

    @property
    def end(self) -> int:
        """Return the letter after its last."""

    @property
    def speaker(self) -> str:
        """Return whose words it reports."""

    @property
    def acts(self) -> Sequence[str]:
        """Return what was done with them."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """Hold a stretch in which something is given, promised or needed.

    Attributes
    ----------
    number
        The number under which it is explained.
    address
        Where it is explained.
    ref
        Of the statement on file, "" where there is none.
    """

    start: int
    end: int
    kind: str
    number: int
    address: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold some words, and the claim that they are part of.

    Attributes
    ----------
    kind
        "given", "promised" or "needed"; "" for words that claim nothing.
    ends
        The claims that end with these words.
    ref
        The statement that begins with these words, "" where none does.
    """

    words: str
    kind: str = ""
    ends: tuple[Claimed, ...] = ()
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Hold the words of one speaker in one paragraph.

    Attributes
    ----------
    speaker
        A name, "narrator", "both"; "" for what is no sentence.
    side
        "host", "guest", "both", "narrator", or "".
    first
        Whether the speaker is another than in the turn before.
    """

    speaker: str
    side: str
    office: str
    acts: tuple[str, ...]
    pieces: tuple[Piece, ...]
    first: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Hold what is shown beside a speaker's name: the side and the office."""

    side: str = ""
    office: str = ""


def mark_text(
    text: str, spoken: Iterable[Spoken], claims: Iterable[Claimed], people: dict[str, Person] | None = None
) -> list[Turn]:
    r"""Return a text as turns.

    Parameters
    ----------
    people
        Speaker → side and office.

    Examples
    --------
    >>> from evenhand.statements.document import Sentence
    >>> turns = mark_text("Home\n\nHe gave bread.", [Sentence(6, 20, "Ali", ("inform",))], [Claimed(9, 19, "given", 1, "#c1")])
    >>> [(one.speaker, [piece.words for piece in one.pieces]) for one in turns]
    [('', ['Home']), ('Ali', ['He ', 'gave bread', '.'])]
    """
    marked = sorted(claims, key=lambda one: (one.start, one.end))
    known, turns, before = people or {}, [], None
    for start, end, speaker, acts in _stretches(text, spoken):
        pieces = tuple(_pieces(text, start, end, marked))
        if not any(piece.words.strip() for piece in pieces):
            continue
        person = known.get(speaker, Person())
        side = speaker if speaker in (NARRATOR, BOTH) else person.side
        turns.append(Turn(speaker, side, person.office, acts, pieces, speaker != before))
        before = speaker
    return turns


def direction_of(text: str) -> str:
    """Return the direction of a text, that of its first letter: it is its own, not the page's.

    Examples
    --------
    >>> direction_of("2 tents"), direction_of("٢ خيام"), direction_of("")
    ('ltr', 'rtl', 'ltr')
    """
    strong = (found for letter in text if (found := unicodedata.bidirectional(letter)) in ("L", "R", "AL"))
    return "ltr" if next(strong, "L") == "L" else "rtl"


def _stretches(text: str, spoken: Iterable[Spoken]) -> Iterable[tuple[int, int, str, tuple[str, ...]]]:
    """Give the stretches of a text by speaker and paragraph, without the blanks around them."""
    at = 0
    held: tuple[int, int, str, tuple[str, ...]] | None = None
    for one in sorted(spoken, key=lambda one: (one.start, one.end)):
        if one.start < at or one.end > len(text):
            continue  # two sentences do not share words
        between = text[at : one.start]
        if held and (held[2] != one.speaker or BREAK.search(between) or between.strip()):
            yield held
            held = None
        if held is None:
            yield from _outside(text, at, one.start)
        acts = tuple(dict.fromkeys((*(held[3] if held else ()), *one.acts)))
        held = (held[0] if held else one.start, one.end, one.speaker, acts)
        at = one.end
    if held:
        yield held
    yield from _outside(text, at, len(text))


def _outside(text: str, start: int, end: int) -> Iterable[tuple[int, int, str, tuple[str, ...]]]:
    """Give what is no sentence, paragraph by paragraph."""
    for part in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text[start:end]):
        yield start + part.start(), start + part.end(), "", ()


def _pieces(text: str, start: int, end: int, marked: Sequence[Claimed]) -> Iterable[Piece]:
    """Give the words of a stretch, cut wherever a claim begins or ends; of two that overlap, the shorter one is shown."""
    here = [one for one in marked if one.start < end and one.end > start]
    cuts = sorted({start, end, *(min(max(at, start), end) for one in here for at in (one.start, one.end))})
    for first, last in pairwise(cuts):
        over = [one for one in here if one.start <= first and one.end >= last]
        inner = min(over, key=lambda one: one.end - one.start, default=None)
        ends = tuple(one for one in here if one.end == last or (one.end > end and last == end))
        begins = inner.ref if inner and max(inner.start, start) == first else ""
        yield Piece(text[first:last], inner.kind if inner else "", ends, begins)
