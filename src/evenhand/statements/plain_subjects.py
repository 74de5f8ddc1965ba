"""Whoever no list holds as the subject of a verb of saying: "Lake Motors Ltd said", "police said", "a spokesman pointed out".

Called by `attribution` for a sentence that its patterns give to nobody, and for a spokesman without a name. The subject is found by grammar:
the words in front of the verb, without adverbs and asides; what it is, by its last word. People without a name and a body ("bankers said")
are nobody: such a sentence stays with the narrator.
"""

from __future__ import annotations

import re

from evenhand.statements.clauses import Clause
from evenhand.statements.gazetteer import Entry, state_names
from evenhand.statements.references import NARRATOR, Cast, Speaker, who_is
from evenhand.statements.speech_checks import in_relative, is_visit
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import word_list

BODIES = frozenset(
    word_list(
        "company firm bank fund agency group union party committee court council commission board charity society federation association organisation "
        "organization network institute ministry department embassy government authorities police army military navy coalition alliance bloc cabinet "
        "parliament assembly senate utility airline hospital university centre center mission office team delegation administration secretariat "
        "presidency junta consortium foundation trust programme service bureau directorate consulate legation corporation cooperative tribunal panel "
        "chamber executive watchdog regulator inquiry taskforce camp opposition regime secretariat customs municipality city county province region club"
    )
)
"""Nouns in the singular that name many people who speak as one."""
SPEAKS_FOR = frozenset(
    word_list(
        "spokesman spokeswoman spokesperson spokesmen spokespeople source sources official officials statement communique communiqué release report letter "
        "note message executive executives representative representatives delegate delegates adviser advisers advisor advisors diplomat diplomats "
        "staff authorities member members minister ministers leader leaders consultant lawyer lawyers commander"
    )
)
"""Nouns behind the name of a body: whoever they are, it speaks through them."""
NAMED = re.compile(r"(?:[CFgASGTI](?:-(?=[A-Z])|')?|&(?=[CFgA])|[of]t?(?=[CFgASG])|w(?=[CF]))*[CFgGI]$")
"""The run of capitalised words that ends where the subject ends."""
CORPORATE = frozenset(word_list("co corp inc ltd plc ag sa nv spa llc gmbh oy ab as pty bhd limited"))
NOBODY = frozenset(word_list("one many some several most few others people both all another none each"))
MOST_OF_ASIDE = 40
LONGEST_NAME = 16
"""Tokens of a body's name at most."""
BEFORE = frozenset({"in", "at", "across", "throughout", "near", "inside", "around"})
"""Prepositions of place: whoever is there is the subject, not the place."""


def find_plain_subject(letters: str, clause: Clause, row: Tokens, cast: Cast) -> tuple[Speaker, int, bool] | None:
    """Return who says a sentence by the words in front of its verb, the verb's place, and whether what is said stands before it; else None."""
    verbs = [place for place, letter in enumerate(letters) if letter == "V"]
    for place in [*reversed(verbs), *verbs] if verbs else []:
        end = _subject_end(letters, place)
        behind = letters[place + 1 :].strip('aw."') == ""
        if end is None or is_visit(row, clause, place) or (behind and in_relative(letters, end)):
            continue
        found = _subject(letters, clause, row, cast, end)
        if found is None:
            continue
        who, start = found
        before = letters[:start].rstrip("t")
        after_words = before[-1:] in ("", ",", '"', ".", "?")
        if behind and after_words and before:
            return who, place, True
        if place in verbs[:1] and not letters[:place].count("c") and _is_main(letters, clause, row, start):
            return who, place, False
    return _inverted(letters, clause, row, cast)


def _is_main(letters: str, clause: Clause, row: Tokens, start: int) -> bool:
    """Say whether the words before a subject leave it that of the main clause: nothing, a phrase that a comma closes, "but"."""
    before = letters[:start].rstrip("ta")
    if before in ("", "k", "&", '"', '"k'):
        return before != "k" or row.words[clause.first].lower() in ("but", "so", "while", "although")
    return before[-1:] in (",", ":") and "k" not in before and "i" not in before


def _subject_end(letters: str, verb: int) -> int | None:
    """Return the place of the subject's last word in front of a verb, adverbs and an aside between commas left out."""
    at = verb - 1
    while at >= 0 and letters[at] in "ahuz":
        at -= 1
    if at >= 0 and letters[at] in ",)":
        opening = letters.rfind("," if letters[at] == "," else "(", max(0, at - MOST_OF_ASIDE), at)
        if opening < 1 or set(letters[opening:at]) & set('Vc".;'):
            return None
        at = opening - 1
    return at if at >= 0 and letters[at] not in ',.;:"()-&' else None


def _subject(letters: str, clause: Clause, row: Tokens, cast: Cast, end: int) -> tuple[Speaker, int] | None:
    """Return who is meant by the words that end at a place, and where they begin; None for nobody."""
    at = clause.first + end
    word = row.words[at].lower()
    if letters[end] in "PNR":
        who = who_is(row.refs[at], row.words[at], cast)
        return (who, end) if who is not None else None
    if letters[end] in "ST" or (letters[end] == "G" and end and row.words[at - 1].lower() in BEFORE):
        return None
    if letters[end] == "w" and word in SPEAKS_FOR:
        return _spoken_for(letters, clause, row, cast, end)
    if letters[end] == "w" and (word in BODIES or word in CORPORATE) and row.codes[at] in "wbym":
        if row.codes[at - 1] in "CF" and end:
            return _named(clause, row, end)
        return _collective(clause, row, cast, end)
    if row.words[at] == "Government" and row.codes[at] == "g" and (not end or row.codes[at - 1] == "t"):
        return _collective(clause, row, cast, end)
    return _named(clause, row, end) if row.codes[at] in "CFgI" else None


def _named(clause: Clause, row: Tokens, end: int) -> tuple[Speaker, int] | None:
    """Return the body that a run of capitalised words names."""
    last = clause.first + end + 1
    opening = max(clause.first, last - LONGEST_NAME)
    tail = row.codes[opening:last]
    small = tail[-1:] not in "CFgGI"  # "Lake Motors Co ltd"
    run = NAMED.search(tail[: len(tail) - small])
    if run is None:
        return None
    first = opening + run.start()
    while row.codes[first] in "of&w'" or (row.codes[first] == "t"):
        first += 1
    words = row.span(first, last)
    article = first > clause.first and row.codes[first - 1] == "t"
    alone = last - first == 1
    if alone and not article and (first == clause.first or row.words[first][1:].islower()):
        return None  # "Farmers said": a common word that begins a sentence
    if any(row.codes[place] in "PN" for place in range(first, last)):
        return None
    return Speaker(words, None, 0.7, f'"{words}" speaks in its own name'), first - clause.first


def _collective(clause: Clause, row: Tokens, cast: Cast, end: int) -> tuple[Speaker, int] | None:
    """Return the body that "the company", "Iraqi police" or "the government" means."""
    at = clause.first + end
    word = row.words[at].lower()
    first = at
    while (
        first > clause.first
        and row.codes[first - 1] in "wmASbG&"
        and row.words[first - 1].lower() not in NOBODY
        and clause.letters[first - 1 - clause.first] not in "VvKahubck"
    ):
        first -= 1
    state = next((one.state for one in row.refs[first:at] if isinstance(one, Entry) and one.state), "")
    if word in ("government", "authorities", "regime", "administration"):
        code = state or cast.own or cast.home
        return (
            (Speaker(state_names().get(code, code), None, 0.6, f'"{word}" is that of {code}'), first - clause.first)
            if code
            else None
        )
    body = _same_kind(word, row, at, cast)
    if body is not None and not state:
        return Speaker(body, None, 0.6, f'"the {word}" is {body}'), first - clause.first
    if first == at and word not in ("police", "army", "military", "customs", "navy", "parliament", "cabinet"):
        return None
    words = row.span(first, at + 1)
    return Speaker(words, None, 0.5, f'"{words}" speaks in its own name'), first - clause.first


def _same_kind(word: str, row: Tokens, at: int, cast: Cast) -> str | None:
    """Return the body last named before whose name says that it is of a kind; else the one that spoke or acted last."""
    for place in range(at - 1, -1, -1):
        ref = row.refs[place]
        if isinstance(ref, Entry) and ref.kind == "organisation" and word[:6] in f"{ref.key} {ref.spelling}".lower():
            return cast.organisation_name(ref)
    last = cast.last_body
    if not isinstance(last, Speaker) or last.person is not None or last.name == NARRATOR.name:
        return None
    return last.name if word in GENERIC or word in last.name.lower().split() else None


GENERIC = frozenset(word_list("company firm group agency charity body organisation organization utility airline"))
"""Nouns for any body: the one told of last."""


def _spoken_for(letters: str, clause: Clause, row: Tokens, cast: Cast, end: int) -> tuple[Speaker, int] | None:
    """Return the body in front of "source", "spokesman", "statement"."""
    before = end - 1
    if before < 0:
        return None
    at = clause.first + before
    if letters[before] == "G":
        who = who_is(row.refs[at], row.words[at], cast)
        return (who, before) if who is not None else None
    if row.codes[at] in "wbym" and row.words[at].lower() in BODIES:
        return _collective(clause, row, cast, before)
    return None


def _inverted(letters: str, clause: Clause, row: Tokens, cast: Cast) -> tuple[Speaker, int, bool] | None:
    """Return who stands behind the verb, behind what is said: "..., said Lake Motors Ltd."."""
    for match in INVERTED.finditer(letters):
        run = BEHIND.match(row.codes, clause.first + match.end(), clause.first + len(letters))
        if run is None:
            continue
        last = run.end() - 1
        while row.codes[last] == "w" and row.words[last].lower() not in BODIES | CORPORATE | SPEAKS_FOR:
            last -= 1
        if last < run.start() or last == clause.first + match.start():
            continue
        found = _subject(letters, clause, row, cast, last - clause.first)
        if found is not None:
            return found[0], match.start("verb"), True
    return None


INVERTED = re.compile(r"[,\"?]a?(?P<verb>V)a?")
BEHIND = re.compile(r"t?(?:[CFgGASIwbym&]|[of]t?(?=[CFGgA])){1,8}")


SPEAKS_FOR_BODY = re.compile(r"[foq]t?(?P<body>(?:G|[CFg](?:[CFg]|'(?=[CFg])|[of&](?=[CF]))*))(?![CFgGO'PN])")


def speaks_through(row: Tokens, at: int, first: int, cast: Cast) -> Speaker | None:
    """Return the body for which a spokesman or an official without a name speaks: the one in front of the word, else the last that spoke.

    Parameters
    ----------
    at, first
        The token of the spokesman and the first one of the sentence.
    """
    behind = SPEAKS_FOR_BODY.match(row.codes, at + 1)
    if behind is not None:
        body = row.refs[behind.end("body") - 1]
        if isinstance(body, Entry):
            return who_is(body, row.words[behind.end("body") - 1], cast)
        words = row.span(*behind.span("body"))
        return Speaker(words, None, 0.7, f'"{words}" speaks through somebody')
    if at > first and row.codes[at - 1] in "CF" and row.words[at - 1].lower() != "chief":
        words = row.words[at - 1]
        return Speaker(words, None, 0.6, f'"{words}" speaks through somebody')
    if at > first and row.codes[at - 1] in "wbym" and row.words[at - 1].lower() in BODIES:
        clause = Clause("w" * (at - first), {}, first)
        found = _collective(clause, row, cast, at - 1 - first)
        return found[0] if found else None
    last = cast.last_body
    if isinstance(last, Entry):
        return who_is(last, last.spelling, cast)
    return last
