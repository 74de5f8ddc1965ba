"""A text as a row of tokens, and the same row as a string of letters, one a token, on which rules are regular expressions.

spaCy cuts the words and its phrase matcher joins the known names; each token then gets a letter for what it is. A rule such
as "an office, a comma, a name" becomes a short pattern over the letters, which is quick and can be read. Called by
`organisations`, `people` and `attribution`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from evenhand.statements.days import MONTHS, WEEKDAYS
from evenhand.statements.gazetteer import Entry, load_gazetteer, organisation_heads
from evenhand.statements.wordlists import portfolio_words, word_list

if TYPE_CHECKING:
    from spacy.language import Language

CODES = """
S a state            A an adjective of one     T a capital          G an organisation      O an office
C capitalised word   F capitalised word of titles, m the same in lower case                I initial (R.)
H Mr., Sir, H.E.     D particle of a name      M month or weekday   g Ministry, Agency     y government, authorities   b ministry, bank, commission
r region             t the, a             o of   f for   p in, at, to    q from, by, with, on    & and    , ( ) - . " : as they are
' possessive         n a number                w any other word
P a person           N an office without its name (both made later by `people`)
"""
"""What each letter stands for."""
STATE, ADJECTIVE, CAPITAL, ORGANISATION, OFFICE = "SATGO"
_BY_KIND = {"state": "S", "adjective": "A", "capital": "T", "organisation": "G", "office": "O", "airport": "C"}
_FIXED = {
    "the": "t", "a": "t", "an": "t", "of": "o", "for": "f", "in": "p", "at": "p", "to": "p", "from": "q", "by": "q", "with": "q",
    "on": "q", "and": "&", "&": "&", ",": ",", "(": "(", ")": ")", "-": "-", "–": "-", ".": ".", "!": ".", "?": ".", '"': '"',
    ":": ":", ";": ":", "ministry": "b", "commission": "b", "organization": "b", "organisation": "b", "bank": "b", "embassy": "b",
    "presidency": "b", "foundation": "b", "society": "b", "secretariat": "b", "committee": "b", "mission": "b", "agency": "b", "department": "b", "delegation": "w", "directorate": "b", "council": "b","'s": "'", "'": "'", "government": "y", "authorities": "y", "governments": "y",
    "region": "r", "al": "D", "bin": "D", "ibn": "D", "bint": "D", "de": "D", "da": "D", "dos": "D", "del": "D", "della": "D", "di": "D",
    "van": "D", "von": "D", "der": "D", "den": "D", "el": "D", "ould": "D", "ul": "D", "ur": "D", "ter": "D", "zu": "D", "du": "D",
}  # fmt: skip
_HONORIFICS = frozenset(
    word_list(
        "comrade cde cde. uz uz. mgr msgr mgr. msgr. ing. tuan hon afioga rt rt. engr engr. atty atty. barr barr. alhaji hajia shri smt smt. lyonpo dasho hon'ble rev rev. eng eng. sgt sgt. cdr cdr. cmdr cmdr. hajji haji h.h. h.m. h.r.h. hrh lt lt. gen gen. col col. maj maj. brig brig. capt capt. adm adm. amb amb. datuk dato mr mr. mrs mrs. ms ms. miss dr dr. h.e. h.e prof prof. professor sir dame lord hon. honourable honorable madam excellency "
        "highness majesty holiness eminence"
    )
)
_NEVER_A_NAME = frozenset(
    word_list("""the a an in on at by for with from to of and or but as if when while where who which that this these those it its he she
    they we i you his her their our my there here then thus also however moreover furthermore meanwhile besides finally
    additionally particular special according speaking noting stressing emphasizing emphasising touching during following
    after before since until under over between among within without despite regarding concerning about against
    both each all many most some several other another no not nor now today yesterday tomorrow earlier later recently
    opinions views issues talks discussions negotiations cooperation relations attention instead indeed yes joint local
    speaking opening closing welcoming thanking addressing responding answering asked such so yet still only even just one two
    three four five six seven eight nine ten first second last next new more further above for what how why is are was were
    be been being protective past total separately likewise similarly
    accordingly therefore overall together because although though once upon through throughout per via amid given
    humanitarian assistance aid support relief help donations exchange particular please note read home news""")
)
_MODIFIERS = frozenset(word.lower() for word in portfolio_words()) - {
    "first", "second", "third", "under", "state", "change", "action", "land", "water", "high", "public", "relief", "food", "supply",
    "home", "support", "security", "development", "response", "risk", "sport", "sports", "works", "women", "children", "youth", "family",
    "great", "relations", "oil", "private", "personal", "information", "management", "planning", "research", "science", "law", "lead", "joint",
    "housing", "refugees", "donor", "operations", "social", "gender", "transport", "recovery", "protection", "local", "population",
}  # fmt: skip
_CALENDAR = frozenset(word.capitalize() for word in (*MONTHS, *WEEKDAYS)) | frozenset(
    word[:3].capitalize() + "." for word in MONTHS
)


@dataclass(slots=True)
class Tokens:
    """Hold a text's tokens as parallel lists.

    Attributes
    ----------
    codes
        One letter a token, see `CODES`.
    refs
        What a token stands for: an `Entry`, a person, or None.
    """

    plain: str
    starts: list[int]
    ends: list[int]
    words: list[str]
    codes: str
    refs: list[Any] = field(default_factory=list)

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return the first token at or after one offset and the first at or after another."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def span(self, first: int, last: int) -> str:
        """Return the words from one token up to, not including, another."""
        return self.plain[self.starts[first] : self.ends[last - 1]] if last > first else ""

    def merged(self, spans: list[tuple[int, int, str, Any]]) -> Tokens:
        """Return the row with stretches of tokens joined into one each.

        Parameters
        ----------
        spans
            First token, token after the last, letter and reference; in order and without overlaps.
        """
        if not spans:
            return self
        made = Tokens(self.plain, [], [], [], "", [])
        codes: list[str] = []
        at = 0
        for first, last, code, ref in [*spans, (len(self.starts), len(self.starts), "", None)]:
            made.starts += self.starts[at:first]
            made.ends += self.ends[at:first]
            made.words += self.words[at:first]
            made.refs += self.refs[at:first]
            codes.append(self.codes[at:first])
            if code:
                made.starts.append(self.starts[first])
                made.ends.append(self.ends[last - 1])
                made.words.append(self.plain[self.starts[first] : self.ends[last - 1]])
                made.refs.append(ref)
                codes.append(code)
            at = last
        return replace(made, codes="".join(codes))


def tokenise(plain: str) -> Tokens:
    """Return the tokens of a text, with every known name as one.

    Examples
    --------
    >>> row = tokenise("The Prime Minister of Chad met Mr. Kluge.")
    >>> row.codes, row.words[1]
    ('tOoSwHC.', 'Prime Minister')
    """
    gazetteer = load_gazetteer()
    _learn_words(gazetteer.pipeline, plain)
    doc = gazetteer.pipeline.make_doc(plain)
    table = doc.to_array(["ORTH", "IDX"])
    strings = gazetteer.pipeline.vocab.strings
    words = [_WORD_OF.get(orth) or _word(orth, strings[orth]) for orth in table[:, 0].tolist()]
    starts = table[:, 1].tolist()
    matches = sorted(gazetteer.matcher(doc), key=lambda match: (match[1] - match[2], match[1]))
    taken = bytearray(len(words))
    entries: dict[int, tuple[int, Entry]] = {}
    for _, first, last in matches:
        if any(taken[first:last]):
            continue
        spelling = plain[starts[first] : starts[last - 1] + len(words[last - 1])]
        entry = gazetteer.entries.get(spelling)
        if entry is not None:
            taken[first:last] = b"\1" * (last - first)
            entries[first] = (last, entry)
    row = Tokens(plain, [], [], [], "", [])
    add_start, add_end, add_word, add_ref = row.starts.append, row.ends.append, row.words.append, row.refs.append
    codes: list[str] = []
    at, many = 0, len(words)
    while at < many:
        found = entries.get(at)
        if found:
            last, ref = found
            add_start(starts[at])
            add_end(starts[last - 1] + len(words[last - 1]))
            add_word(ref.spelling)
            add_ref(ref)
            codes.append(_BY_KIND[ref.kind])
            at = last
            continue
        word = words[at]
        code = _CODE_OF.get(word) or _code(word)
        if code != " ":
            add_start(starts[at])
            add_end(starts[at] + len(word))
            add_word(word)
            add_ref(None)
            codes.append(code)
        at += 1
    letters = "".join(codes)
    if "Jr" in plain or "Sr." in plain:
        letters = JUNIOR.sub("II", letters)
    row.codes = NO_NAME.sub(lambda run: "w" * len(run.group()), letters)
    return row


JUNIOR = re.compile(r"(?<=[CI]),I(?![C-])")
"""The comma of "Joseph R. Biden, Jr." belongs to the name."""
NO_NAME = re.compile(r"[A-Z&'-]{40,}")
"""A run of capitalised words that no name is; left to the patterns of names, it would take them the square of its length."""

SMALL_PARTICLE = re.compile(r"(?:d|l|dell|dall|al|n|t|ul)'[A-ZÀ-Þ]")
"""A name that begins with a small particle and an apostrophe."""

_CODE_OF: dict[str, str] = {}
_WORD_OF: dict[int, str] = {}
MOST_REMEMBERED = 50_000
"""How many words keep their letter, so that memory stays the same over any number of documents."""


_LEARNT: set[str] = set()


def _learn_words(pipeline: Language, plain: str) -> None:
    """Let the tokeniser cut each new word once by itself: in a text it remembers none behind the first "Mr." or "isn't"."""
    if len(_LEARNT) < MOST_REMEMBERED:
        for word in set(plain.split()) - _LEARNT:
            pipeline.make_doc(word)
            _LEARNT.add(word)


def _word(orth: int, word: str) -> str:
    if len(_WORD_OF) >= MOST_REMEMBERED:
        _WORD_OF.clear()
    _WORD_OF[orth] = word
    return word


def _code(word: str) -> str:
    if len(_CODE_OF) >= MOST_REMEMBERED:
        _CODE_OF.clear()
    code = _CODE_OF[word] = _letter(word)
    return code


def _letter(word: str) -> str:
    if word.isspace():
        return " "
    lower = word.lower()
    if word in ("HE", "HH", "HRH", "HM") or (lower in _HONORIFICS and word[0].isupper() and word != "He"):
        return "H"
    if word == "Delegation":
        return "F"  # Head of the EU Delegation
    if lower in _FIXED and (
        word[0].islower() or lower not in ("al", "el", "bin", "ibn", "ould", "ul", "van", "von", "de", "di", "da", "du")
    ):
        return "g" if _FIXED[lower] in "by" and word[0].isupper() else _FIXED[lower]
    if word[0].isdigit():
        return "n"
    if not word[0].isupper():
        if SMALL_PARTICLE.match(word):
            return "C"  # d'Aubrac
        return "m" if lower in _MODIFIERS else "w"
    if (len(word) == 2 and word[1] == ".") or word in ("Jr.", "Sr.", "Jr"):
        return "I"
    if word in _CALENDAR:
        return "M"
    if word in organisation_heads():
        return "g"
    if word in portfolio_words():
        return "F"
    return "w" if lower in _NEVER_A_NAME or word == "I" else "C"
