"""A person's name across its spellings: "Brahim" and "Ibrahim", "Abdul Rahman Saleh" and "Abdulrahman Salih".

Called by `alike`. A name is cut into words, titles left out, and each word folded to the sounds that Latin spellings of Arabic,
Turkic, Slavic and African names agree on. Must never decide: it returns how near two names are, and which words were taken
for one another, so that a person can.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES: Final = _words(
    "mr mrs ms miss dr prof professor sir dame lord lady hh hrh hm excellency highness majesty sheikh sheikha shaikh shaykh "
    "sheik emir amir prince princess king queen sultan imam haji hajj hajji general gen colonel col major lieutenant admiral "
    "captain ambassador minister president hon honourable honorable the madam madame mme mlle monsieur engineer eng"
)
"""Words before a name that are no part of it."""
JOINED: Final = _words("abd abdul abdel abdal abdol abdur abdus abu abou")
"""Beginnings that are written apart or as one word with what follows."""
ARTICLES: Final = _words(
    "al el ul ur as ar bin ibn ben bint de da do dos das del della der den van von la le du of and y e"
)
"""Words within a name that one text writes and another leaves out."""
SOUNDS: Final = (
    ("dsch", "j"), ("sch", "s"), ("tch", "c"), ("dzh", "j"), ("dj", "j"), ("kh", "k"), ("gh", "g"), ("sh", "s"), ("zh", "j"),
    ("ch", "c"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ei", "e"), ("ai", "e"),
    ("ay", "e"), ("ey", "e"), ("ck", "k"), ("q", "k"), ("x", "ks"), ("w", "v"),
)  # fmt: skip
OUTLYING: Final = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "s", "æ": "e", "œ": "e", "ə": "a", "þ": "t", "ð": "d", "ħ": "h"}
)
VOWELS: Final = {"a": "a", "e": "i", "i": "i", "o": "u", "u": "u"}
_HYPHEN: Final = re.compile(r"(?<![Aa]l)(?<![EeUu]l)-(?=\w)")
"""A hyphen within a name, "Min-jun", that is left out elsewhere; not that of an article."""
EXCELLENCY: Final = re.compile(r"\bH\.\s?(?:R\.\s?H|[EM])\.\s*|\bH\.H\.\s*|\bHE\s")
MOST_WORDS: Final = 10
"""So many words of a name are compared; no name that people bear is longer, and a hostile one costs no more."""
NEAR: Final = 0.8
"""How near two words of a name must be to be taken for one another."""


class Fit(NamedTuple):
    """Say how near two names are, from 0 to 1, and which of their words differ in spelling, or stand in one name only."""

    score: float
    spelled: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    turned: bool = False


def fit_names(one: str, other: str) -> Fit:
    """Return how well two names fit one person.

    Every word of the shorter name must fit a word of the longer one; one word alone never names a person as surely as two.

    Examples
    --------
    >>> fit_names("Abdul Rahman Saleh", "Abdulrahman Salih").score >= 0.9
    True
    >>> fit_names("Hissein Brahim Taha", "Dr. Hissein Ibrahim Taha").spelled
    (('Brahim', 'Ibrahim'),)
    >>> fit_names("Abdul Rahman Saleh", "Abdul Karim Saleh").score
    0.0
    """
    if one > other:
        turned_round = fit_names(other, one)
        return turned_round._replace(spelled=tuple((right, left) for left, right in turned_round.spelled))
    apart = _fit_words(words_of_name(one), words_of_name(other))
    if apart.score or not ("-" in one or "-" in other):
        return apart
    return _fit_words(words_of_name(_HYPHEN.sub("", one)), words_of_name(_HYPHEN.sub("", other)))


def _fit_words(mine: tuple[str, ...], yours: tuple[str, ...]) -> Fit:
    """Return how well the words of two names fit, each taken once, the nearest pairs first."""
    if not mine or not yours:
        return Fit(0.0)
    pairs = sorted(
        (
            (_word_fit(left, right), -abs(at - beside), -at, -beside)
            for at, left in enumerate(mine)
            for beside, right in enumerate(yours)
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    total = 0.0
    for score, _, at, beside in pairs:
        if score >= NEAR and -at not in taken and -beside not in taken.values():
            taken[-at] = -beside
            total += score
    fewest = min(len(mine), len(yours))
    if len(taken) < fewest:
        return Fit(0.0)
    order = [taken[at] for at in sorted(taken)]
    turned = order != sorted(order)
    left_out = [word for at, word in enumerate(mine) if at not in taken]
    left_out += [word for at, word in enumerate(yours) if at not in taken.values()]
    spelled = tuple((mine[at], yours[taken[at]]) for at in sorted(taken) if _bare(mine[at]) != _bare(yours[taken[at]]))
    score = total / fewest - 0.05 * len(left_out) - 0.05 * turned - (0.3 if fewest == 1 and left_out else 0)
    return Fit(round(max(score, 0.0), 3), spelled, tuple(left_out), turned)


@lru_cache(maxsize=8192)
def words_of_name(name: str) -> tuple[str, ...]:
    """Return the words that make up a name, without titles and articles; "Abdul Rahman" is one.

    Examples
    --------
    >>> words_of_name("Sheikh Yousef Al-Badr Al-Khaled")
    ('Yousef', 'Badr', 'Khaled')
    """
    found: list[str] = []
    before = ""
    for word in re.split(
        r"[\s\-‐–—,.]+", EXCELLENCY.sub("", name).translate({ord(mark): None for mark in "'’‘`´ʻʼ\"“”"})
    ):
        bare = _bare(word)
        if not bare or bare in ARTICLES or (not found and not before and bare in TITLES):
            continue
        if bare in JOINED:
            before += word
            continue
        found.append(before + word.lower() if before else word)
        before = ""
    return (*found, before)[:MOST_WORDS] if before else tuple(found[:MOST_WORDS])


@lru_cache(maxsize=8192)
def _bare(word: str) -> str:
    """Return a word's letters in lower case, without marks."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(OUTLYING))
    return "".join(letter for letter in plain if letter.isalnum())


@lru_cache(maxsize=8192)
def _sound(word: str) -> str:
    """Return how a word sounds, with one letter for what transliterations write in several ways."""
    sound = _bare(word)
    for written, heard in SOUNDS:
        sound = sound.replace(written, heard)
    sound = re.sub(r"(?<=.)y", "i", re.sub(r"^vu", "u", sound))
    sound = re.sub(r"c(?=[ei])", "s", sound)
    sound = re.sub(r"^(abd)(?:[aeou][lrsn]?)?(?=[bdfghjklmnprstvz])", r"\1", sound)
    sound = re.sub(r"(.)\1+", r"\1", sound)
    return re.sub(r"(?<=a)h$", "", sound)


@lru_cache(maxsize=65536)
def _word_fit(one: str, other: str) -> float:
    """Return how near two words of a name are, from 0 to 1."""
    mine, yours = _sound(one), _sound(other)
    if _bare(one) == _bare(other):
        return 1.0
    if mine == yours:
        return 0.97
    if min(len(mine), len(yours)) == 1:
        return 0.85 if mine[:1] == yours[:1] and len(one) != len(other) else 0.0
    if _by_one_ending(mine, yours):
        return 0.0
    near: float = Indel.normalized_similarity(mine, yours)
    bones, other_bones = _bones(mine), _bones(yours)
    if bones == other_bones and len(bones) >= 3:
        differing = _vowels_apart(mine, yours)
        return 0.93 if differing == 0 else 0.88 if differing == 1 else 0.0
    if bones == other_bones or len(mine) < 5 or len(yours) < 5 or mine[0] != yours[0]:
        return 0.0
    return near if near >= 0.88 else 0.0


def _bones(sound: str) -> str:
    return re.sub(r"[aeiou]", "", sound)


def _vowels_apart(one: str, other: str) -> int:
    """Return in how many places two words with the same consonants have vowels of another kind."""
    gaps, other_gaps = re.split(r"[^aeiou]", one), re.split(r"[^aeiou]", other)
    kinds = ["".join(VOWELS[vowel] for vowel in gap) for gap in gaps]
    other_kinds = ["".join(VOWELS[vowel] for vowel in gap) for gap in other_gaps]
    first = bool(kinds[0]) != bool(other_kinds[0])  # "Brahim", "Ibrahim": a vowel in front comes and goes
    return sum(a[-1:] != b[-1:] for a, b in zip(kinds[first:], other_kinds[first:], strict=True))


def _by_one_ending(one: str, other: str) -> bool:
    """Say whether two words differ by the ending that tells a woman's name from a man's: Aliyev, Aliyeva; Maria, Mario."""
    short, long = sorted((one, other), key=len)
    if long == f"{short}a" and len(short) >= 3:
        return True
    return (
        len(one) == len(other)
        and one[:-1] == other[:-1]
        and {one[-1], other[-1]} in ({"a", "o"}, {"a", "u"}, {"a", "e"}, {"i", "a"})
    )
