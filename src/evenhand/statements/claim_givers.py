"""Who gives, where a verb says so: its subject, its agent, or whoever the sentence is about.

Called by `claim_verbs`. Nobody is guessed where a passive names nobody and the speaker speaks for nobody.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import THANKING, ruling_verb
from evenhand.statements.claim_parties import meant_by, party_of, speakers_party
from evenhand.statements.person import SPOKESMAN
from evenhand.statements.references import Cast


def find_giver(aid: Aid, start: int, verb: int, stop: int, cast: Cast, *, passive: bool) -> str | None:
    """Return who gives: the subject of an active verb, the agent of a passive one, or whoever the sentence is about."""
    letters = aid.letters
    own = speakers_party(aid, cast)
    agent = re.compile(r"y[tw]{0,2}(?P<who>[PNGSA])").search(letters, verb, stop)
    if agent and passive:
        return party_of(aid, agent.start("who"), cast)
    if passive:
        owner = re.compile(r"[k]?[tw]{0,2}(?P<who>[SGA])'?[w]*L").search(letters, verb, stop + 1)
        if owner and letters[owner.end() - 1] == "L":
            return party_of(aid, owner.start("who"), cast)
        gift_of = re.compile(r"Lo[tw]{0,2}(?P<who>[GSPN])").search(letters, verb, stop)
        if gift_of and aid.words[gift_of.start()] in ("contribution", "gift", "donation"):
            return party_of(aid, gift_of.start("who"), cast)
        source = re.compile(r"(?<!W)F[tw]{0,2}(?P<who>[SGPN])").search(letters, start, stop)
        if source:
            return party_of(aid, source.start("who"), cast)
        ahead = re.search(r"ub[wZ]*$", letters[start:verb]) is not None and "J" not in letters[start:verb]
        official = own if own and (ahead or (len(own) == 3 and own.isupper())) else None
        return (
            official if re.search(r"b[wZ]*$", letters[start:verb]) and re.search(r"h|b", letters[start:verb]) else None
        )
    thanked = re.compile(r"(?P<who>[PNGSA])[^PNGSA]{0,8}f$").search(letters, 0, verb) if letters[verb] == "e" else None
    if thanked and ruling_verb(aid, verb) in THANKING:
        return party_of(aid, thanked.start("who"), cast)  # "thanked Japan for sending"
    relative = max(letters.rfind("i", start, verb), letters.rfind("c", start, verb))
    begin = relative + 1 if relative >= 0 and letters[relative - 1 : relative] == "L" else start
    for place in range(begin, verb):
        letter = letters[place]
        previous = letters[:place].rstrip("tw")[-1:] if place else ""
        if letter in "PNGSAR" and (
            (place > begin and previous and previous in "pf2oFyx" and letters[place - 1] in "tpf2oFyx")
            or aid.words[place - 1 if place else 0] in ("through", "via", "under")
        ):
            continue
        if letter in "PNGSA":
            return party_of(aid, place, cast)
        if letter == "R":
            before = next(
                (party_of(aid, other, cast) for other in range(place - 1, -1, -1) if letters[other] in "GS"), None
            )
            return meant_by(aid, place, cast, before)
        meant = meant_by(aid, place, cast, None) if letter in "wC" else None
        if meant:
            return meant
    if aid.one.speaker.person is not None and aid.one.speaker.person.rank != SPOKESMAN:
        return own
    outer = [party_of(aid, other, cast) for other in range(start - 1, -1, -1) if letters[other] in "GS"]
    return own or (outer[0] if outer else None)
