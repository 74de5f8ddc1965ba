"""What `attribution` asks about a sentence's letters: is this inside a relative clause, a visit, a quotation; whom is it about.

Called by `attribution` alone. Each answer is about one sentence; who speaks is decided there.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from evenhand.statements.clauses import Clause
from evenhand.statements.person import Person
from evenhand.statements.tokens import Tokens


def mask_quotations(row: Tokens, clause: Clause, span: tuple[int, int], quotations: list[tuple[int, int]]) -> str:
    """Return a sentence's letters with what stands in quotation marks taken out, unless all of it is quoted speech about speech."""
    letters = list(clause.letters)
    for start, end in quotations:
        if end <= span[0] or start >= span[1]:
            continue
        first = bisect_right(row.starts, start, clause.first, clause.first + len(letters))
        last = bisect_left(row.starts, end - 1, first, clause.first + len(letters))
        for place in range(first - clause.first, last - clause.first):
            if letters[place] != '"':
                letters[place] = "q"
    return "".join(letters)


def is_visit(row: Tokens, clause: Clause, place: int) -> bool:
    """Say whether "called on" is a visit: somebody follows, and nothing that he is asked to do."""
    at = clause.first + place
    if clause.verbs.get(place) != "call" or row.words[at + 1 : at + 2] not in (["on"], ["upon"]):
        return False
    after = clause.letters[place + 2 :]
    words = row.words[at + 2 : clause.first + len(clause.letters)]
    return re.match(r"t?[PN]", after) is not None and "to" not in words and "for" not in words[:8]


def in_relative(letters: str, place: int) -> bool:
    """Say whether a subject stands inside a clause with "which" or "who" that is still open."""
    before = letters[:place]
    opened = before.rfind("i")
    return opened >= 0 and "," not in before[opened:] and len(before) - opened <= 8


def verb_is_finite(letters: str, match: re.Match[str]) -> bool:
    """Say whether the verb found is the main clause's, not one inside the aside before it."""
    aside = match.group("aside")
    return not (aside and "i" in aside and "V" in aside)


def find_subject(row: Tokens, clause: Clause) -> Person | None:
    """Return the person whom a sentence of the narrator is about: the first one named in it."""
    for place, letter in enumerate(clause.letters[:12]):
        ref = row.refs[clause.first + place]
        if letter == "P" and isinstance(ref, Person):
            return ref
        if letter in "PNR":
            return None
    return None
