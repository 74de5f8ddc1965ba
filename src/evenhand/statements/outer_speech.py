"""The attribution around a sentence: "according to", or a verb of saying behind or inside what is said, or before a colon.

Called by `attribution`, which goes on to the speech inside where the outer speaker only passes it on.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from evenhand.statements.attributed import Attribution
from evenhand.statements.clauses import Clause
from evenhand.statements.plain_subjects import BODIES
from evenhand.statements.references import NARRATOR, Speaker
from evenhand.statements.speech_checks import in_relative
from evenhand.statements.speech_patterns import (
    ACCORDING,
    ACTIVE,
    BEFORE_COLON,
    BEHIND_WORDS,
    INVERTED,
    INVERTED_THING,
    MIDDLE,
    PASSERS_ON,
    TRAILING,
    TRAILING_ANY,
    UNNAMED_MEDIA,
)
from evenhand.statements.tokens import Tokens

ACCORDING_TO = re.compile(r"lw(?P<body>[^.,;:\"()]{2,14})(?=[.,;:(]|$)")


def _according(letters: str, clause: Clause, row: Tokens) -> Speaker | None:
    """Return the body behind "according to" that no list knows: a noun of a body with a name behind it, or a name of its own."""
    match = ACCORDING_TO.search(letters) if "l" in letters else None
    if match is None or row.words[clause.first + match.start()].lower() != "according":
        return None
    first, last = (clause.first + at for at in match.span("body"))
    if row.codes[first] == "t":
        first += 1
    kinds = [place for place in range(first, last) if row.words[place].lower() in BODIES]
    named = any(code in "CFg" for code in row.codes[first:last]) and row.codes[last - 1] in "CFgSAT"
    words = row.span(first, last)
    if not kinds or not named or UNNAMED_MEDIA.search(words) or set("PN") & set(letters[slice(*match.span("body"))]):
        return None
    return Speaker(words, None, 0.7, f'according to "{words}"')


NEEDED = {ACCORDING: "l", INVERTED: "V", TRAILING: "V", MIDDLE: "V", TRAILING_ANY: ".", BEFORE_COLON: ':"'}
"""A letter without which a pattern cannot match: quicker than asking it."""


def find_outer(
    letters: str,
    clause: Clause,
    row: Tokens,
    speaker: Callable[[int], Speaker | None],
    made: Callable[[Speaker, int], Attribution],
) -> Attribution | None:
    """Return the attribution around a sentence: "according to", or behind or inside what is said."""
    for pattern in (ACCORDING, INVERTED, TRAILING, MIDDLE, TRAILING_ANY, BEFORE_COLON):
        match = pattern.search(letters) if NEEDED[pattern] in letters else None
        if match is None:
            continue
        place = match.end("subject") - 1
        behind = row.codes[clause.first + place + 1 : clause.first + place + 2]
        if pattern is ACCORDING and letters[place] == "S" and behind in ("C", "F"):
            continue  # a newspaper: "according to the Samoa Observer"
        if pattern is INVERTED and clause.verbs.get(match.start("verb"), "") not in BEHIND_WORDS:
            continue
        if pattern in (TRAILING, MIDDLE, TRAILING_ANY) and in_relative(letters, match.start("subject")):
            continue
        if (
            pattern is MIDDLE
            and letters[place] == "R"
            and re.search("[PN]", letters[:place])
            and ACTIVE.search(letters, 0, place)
        ):
            continue  # "Ada Obi praised the aid which, she stressed, was timely"
        who = speaker(place)
        if who is None:
            continue
        if pattern is BEFORE_COLON and (clause.verbs or letters[0] in '"q'):
            continue
        verb = match.start("verb") if "verb" in pattern.groupindex else place
        one: Attribution = made(who, verb)
        if pattern in (ACCORDING, TRAILING_ANY, BEFORE_COLON):
            one.verb = "say"
        one.content = row.starts[clause.first]
        if pattern is ACCORDING:
            one.content = row.ends[clause.first + place]
        if (
            "press" in row.words[clause.first + place].lower()
            or "agency reports" in row.plain[row.starts[clause.first + place] : row.ends[clause.first + verb]]
        ):
            continue
        return one
    body = _according(letters, clause, row)
    if body is not None:
        one = made(body, 0)
        one.verb, one.content = "say", row.starts[clause.first]
        return one
    thing = INVERTED_THING.search(letters)
    if thing and PASSERS_ON.search(" ".join(row.words[clause.first + thing.end() : clause.first + thing.end() + 3])):
        one = made(NARRATOR, thing.start("verb"))
        one.content = row.starts[clause.first]
        return one
    return None
