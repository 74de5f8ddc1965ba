"""Whether a name in a text can mean a person of it: the same words, a part of them, or another spelling.

Called by `people` and `bare_speakers`. It must never choose between two people whom a name fits.
"""

from __future__ import annotations

import re
import unicodedata

from evenhand.statements.name_words import GLUED
from evenhand.statements.person import Person

VOWELS = re.compile(r"[aeiouyøæœı'-]+")
DOUBLED = re.compile(r"(.)\1")
SHORTEST = 5
"""Letters of a surname from which on two spellings of it can be one name."""


def is_variant(mine: str, theirs: str) -> bool:
    """Say whether two surnames are one name in two transcriptions: the vowels differ, and nothing else.

    Examples
    --------
    >>> is_variant("Al-Mamouri", "Al-Mamoori"), is_variant("Karim", "Karimi"), is_variant("Bako", "Baku")
    (True, False, False)
    """
    if min(len(mine), len(theirs)) < SHORTEST or mine[0] != theirs[0] or not mine[0].isupper():
        return False
    if mine.islower() or mine.isupper() or abs(len(mine) - len(theirs)) > 2:
        return False
    mine, theirs = (_plain(one) for one in (mine, theirs))
    if bool(VOWELS.match(mine[-1])) != bool(VOWELS.match(theirs[-1])):
        return False
    mine, theirs = (DOUBLED.sub(r"\1", VOWELS.sub("", one)) for one in (mine, theirs))
    return mine == theirs and len(mine) >= 3


def _plain(name: str) -> str:
    """Return a name in small letters without accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(letter)
    )


def fits(name: str, person: Person) -> bool:
    """Say whether a name can mean a person: the same words, the surname, the first name, or a near spelling of both."""
    if name == person.name or name in person.spellings:
        return True
    mine, theirs = (GLUED.sub("", one).split() if "." in one else one.split() for one in (name, person.name))
    while len(mine) > 1 and len(mine[0]) == 2 and mine[0][1] == ".":
        del mine[0]  # "N. Sadykbekov"
    if len(mine) <= len(theirs):
        if mine == theirs[-len(mine) :] or (mine == theirs[: len(mine)] and len(name) >= 2):
            return True
        if len(mine) == 1 and len(name) >= 3 and name[0].isupper() and name in theirs:
            return True  # "Perez" of Orlando Perez Guillen
    elif theirs == mine[-len(theirs) :]:
        return True
    if len(mine) == 1 and is_variant(mine[0], theirs[-1]):
        return True
    if len(mine) >= 2 and len(theirs) >= 2:
        from rapidfuzz.fuzz import ratio

        return ratio(name, person.name) >= 88
    return False
