"""What `attribution` asks about a sentence's letters: is this inside a relative clause, a visit, a quotation; whom is it about.

Called by `attribution` alone. Each answer is about one sentence; who speaks is decided there.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from evenhand.statements.clauses import Clause
from evenhand.statements.gazetteer import Entry
from evenhand.statements.person import Person
from evenhand.statements.tokens import Tokens

WHERE = frozenset({"in", "at", "across", "throughout", "near", "inside"})
ADDRESSED = re.compile(r"[Vv][tw]?(?P<who>[PN])")
BODY_FIRST = re.compile(r"[twa]{0,2}([GS])")


def mask_quotations(row: Tokens, clause: Clause, span: tuple[int, int], quotations: list[tuple[int, int]]) -> str:
    """Return a sentence's letters with what stands in quotation marks taken out, unless all of it is quoted speech about speech."""
    letters = list(clause.letters)
    for at in range(max(0, bisect_left(quotations, (span[0], 0)) - 1), len(quotations)):
        start, end = quotations[at]
        if start >= span[1]:
            break
        if end <= span[0]:
            continue
        first = bisect_right(row.starts, start, clause.first, clause.first + len(letters))
        last = bisect_left(row.starts, end - 1, first, clause.first + len(letters))
        for place in range(first - clause.first, last - clause.first):
            if letters[place] != '"':
                letters[place] = "q"
    return "".join(letters)


def is_visit(row: Tokens, clause: Clause, place: int) -> bool:
    """Say whether "called on" is a visit, and "welcomed" a deed: somebody follows, and nothing that he is asked to do."""
    at = clause.first + place
    if clause.verbs.get(place) == "welcome":
        inside = (
            row.words[at + 1].lower() in ("in", "at", "on", "today", "yesterday") if at + 1 < len(row.words) else False
        )
        somebody = r"[wat]{1,8}[PN](?!')" if inside else r"t?[PN](?!')"
        return re.match(somebody, clause.letters[place + 1 :]) is not None
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


def is_deed(row: Tokens, clause: Clause, subject: str, place: int) -> bool:
    """Say whether a verb tells of a deed rather than of words: one party "agreed to lend", a state "extended a grant"."""
    verb, at = clause.verbs.get(place, ""), clause.first + place
    behind = [word.lower() for word in row.words[at + 1 : at + 7]]
    if verb in ("agree", "consent", "decide"):
        ours = subject == "S" or row.words[at - 1 - clause.letters[:place][::-1].find(subject)].startswith("Government")
        return subject in "GS" and ours and behind[:1] == ["to"]
    return verb == "extend" and bool(MONEY_GIVEN.intersection(behind))


MONEY_GIVEN = frozenset(
    {"grant", "grants", "loan", "loans", "credit", "credits", "aid", "assistance", "package", "million", "billion"}
)


def follows_conjunction(row: Tokens, letters: str, first: int, place: int) -> bool:
    """Say whether a subject stands in a clause behind the main one: "the calls came after a review said"."""
    start = max(letters.rfind(mark, 0, place) for mark in ',;:"') + 1
    opened = letters.rfind("k", start, place)
    return (
        opened > max(start, 1)
        and "V" not in letters[opened:place]
        and row.words[first + opened].lower() in CONJUNCTIONS
        and not set("VXKc") & set(letters[start:opened])
    )


CONJUNCTIONS = frozenset({"after", "before", "because", "since", "when", "until", "unless", "as", "if"})


def head_of_pair(letters: str, place: int) -> int:
    """Return the place of whom two names beside one another are about: the second, in "fellow OPEC member Venezuela"."""
    pair = PAIR.match(letters, place)
    return pair.end() - 1 if pair else place


PAIR = re.compile(r"(?:[GS]w{1,2}t?|G(?=G))[GS](?=(?:\([GCF]\))?[ahub]*V)")


def is_place(row: Tokens, letters: str, first: int, place: int) -> bool:
    """Say whether a state is only where the subject is: "bankers in Kenya said"."""
    before = first + place - 1
    return letters[place] == "S" and place > 1 and row.words[before].lower() in WHERE


def is_partners(row: Tokens, letters: str, first: int, place: int) -> bool:
    """Say whether the subject is "partners": at a meeting they are the sides, else nobody."""
    return letters[place] == "J" and row.words[first + place].lower() == "partners"


def is_subordinate(letters: str, place: int) -> bool:
    """Say whether a place is in the clause that opens a sentence before its main one: "While Chad welcomed this, ..."."""
    comma = letters.find(",")
    return letters[:1] == "k" and 0 <= place < comma


def find_subject(row: Tokens, clause: Clause) -> Person | None:
    """Return the person whom a sentence of the narrator is about: the first one named in it."""
    for place, letter in enumerate(clause.letters[:12]):
        ref = row.refs[clause.first + place]
        if letter == "P" and isinstance(ref, Person):
            return ref
        if letter in "PNR":
            return None
    return None


def find_body(row: Tokens, clause: Clause) -> Entry | None:
    """Return the body or the state that a sentence of the narrator begins with, whom a later "it" means."""
    opening = BODY_FIRST.match(clause.letters)
    ref = row.refs[clause.first + opening.end() - 1] if opening else None
    return ref if isinstance(ref, Entry) else None


def spoken_to(row: Tokens, clause: Clause, verb: int) -> tuple[object, str] | None:
    """Return what names the person to whom a verb of saying is addressed: "told the minister"."""
    found = ADDRESSED.match(clause.letters, verb) if verb >= 0 else None
    if found is None:
        return None
    at = clause.first + found.start("who")
    return row.refs[at], row.words[at]
