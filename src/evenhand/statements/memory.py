"""What the next sentence's pronouns need: who spoke, who was spoken to, which body was named, who is a man or a woman.

Called by `attribution` after each sentence; `references` reads it from the cast. It must never say who speaks.
"""

from __future__ import annotations

import re

from evenhand.statements.attributed import Attribution
from evenhand.statements.person import SPOKESMAN
from evenhand.statements.references import BOTH, NARRATOR, Cast, who_is
from evenhand.statements.speech_checks import find_body, spoken_to
from evenhand.statements.tokens import Tokens

CARRIED = re.compile(
    r",\"? [^,.]{0,40}\b(?:news agency|press agency|press service|press office|state media|state television|radio)\b[^,.]{0,30} (?:said|says|reported|reports)(?: \w+)?\.?$",
    re.I,
)
"""A press agency at the end of a sentence, that carries what somebody else said."""
HOLDER_FIRST = re.compile(r"[ta]{0,2}N(?!')")
"""An office at the head of a sentence: who holds it is whom the next pronoun means."""
SURE = 0.9
CARRIERS = ("gency", "ress", "edia", "elevision", "adio")
CARRIED_WITHIN = 110
"""Letters of a sentence's end in which an agency that carries it is named."""
OWN_WORDS = re.compile(
    r"^\W*(he|she)\b|\b(?=[ifod])(?:in|for|on|during) (his|her)\b(?: \w+)? (?:part|turn|side|message|remarks|speech|address|statement|words|comments)\b",
    re.I,
)
"""Words that say whether the speaker of their sentence is a man or a woman."""


def remember(one: Attribution, cast: Cast, row: Tokens, words: str, *, pending: bool) -> None:
    """Keep who spoke, who was spoken to and what body was named, for the pronouns of the next sentence."""
    cast.reporter = one.reporter
    person = one.speaker.person
    if person is not None and not pending and person.rank != SPOKESMAN:
        cast.last = person
    elif one.subject is not None:
        cast.last = one.subject
    elif person is not None:
        cast.last = person
    elif one.speaker.name == "narrator" and (held := HOLDER_FIRST.match(one.clause.letters)) is not None:
        at = one.clause.first + held.end() - 1
        who = who_is(row.refs[at], row.words[at], cast)
        if who is not None and who.person is not None and who.confidence >= SURE:
            cast.last = who.person  # "The ambassador handed over the gift."
    if one.speaker.name not in ("narrator", BOTH):
        cast.last_speaker = one.speaker
        if person is None:
            cast.last_body = one.speaker
    body = find_body(row, one.clause) if one.speaker.name == "narrator" else None
    if body is not None:
        cast.last_body = body
    tail = words[-CARRIED_WITHIN:]
    if any(stem in tail for stem in CARRIERS) and CARRIED.search(tail):
        cast.last_body = NARRATOR  # "it added" behind an agency's own words is the agency
    cast.addressed = spoken_to(row, one.clause, one.place) or _beside(one, row) or cast.addressed
    possessive = OWN_WORDS.search(words) if person is not None and not person.sex else None
    if person is not None and possessive:
        person.sex = "f" if (possessive.group(1) or possessive.group(2)).lower() in ("she", "her") else "m"


def _beside(one: Attribution, row: Tokens) -> tuple[object, str] | None:
    """Return whom a sentence of the narrator names last beside its subject: "the envoy called on the Minister, Ada Obi"."""
    if one.speaker.name != "narrator" or one.subject is None:
        return None
    at = one.clause.first + one.clause.letters.rfind("P")
    return (row.refs[at], row.words[at]) if at >= one.clause.first and row.refs[at] is not one.subject else None
