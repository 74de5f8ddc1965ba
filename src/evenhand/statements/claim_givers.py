"""Who gives, where a verb says so: its subject, its agent, or whoever the sentence is about.

Called by `claim_verbs`. Nobody is guessed where a passive names nobody and the speaker speaks for nobody.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import AID_KIND, THANKING, ruling_verb
from evenhand.statements.claim_parties import meant_by, party_of, speakers_party
from evenhand.statements.person import SPOKESMAN
from evenhand.statements.references import Cast
from evenhand.statements.wordlists import rows_by, word_list

CAPITAL_GIVES = re.compile(r"T[w]?[uhE]")
UNNAMED = frozenset(
    word_list(
        "donors donor partners countries states nations friends governments community others benefactors benefactor contributors "
        "well-wishers companies businesses businessmen individuals philanthropists sponsors"
    )
)
"""Givers of whom none is singled out."""
BUYING = frozenset({"purchase", "distribution", "construction", "procurement", "implementation", "delivery"})
"""What "by" may belong to behind a passive: "provided for the purchase of wheat by the Reserve"."""
LEFT_HOME = frozenset(
    word_list(
        "displaced uprooted evacuated fleeing fled returned returning expelled deported driven repatriated escaped arriving coming away suffering recovering"
    )
)
"""What "from" belongs to where it tells whence people come: "people displaced from Mozambique"."""
BODIES_OF = frozenset({"agencies", "bodies", "organisations", "organizations", "funds", "programmes", "entities"})
"""What a body's name before it does not single out: "United Nations agencies"."""
BY_WHOM = re.compile(r"y(?:[tw]{0,2}|[tw]{1,3},|[twW&]{1,4}ot?)(?P<who>[PNGSA])")
"""The agent of a passive: "by Japan", "by the people of Japan"."""
ANTECEDENT = re.compile(r"(?P<who>[SGPN])(?:\(.\))?(?:ot?[S])?,?(?P<how>i)(?:,[RPN]V,)?[wuhb]{0,4}$")
ON_BEHALF = re.compile(r"wot?w?(?P<who>[SGA])")
WITH_HELP = re.compile(r"[xw2]t?(?P<who>[SGA])'?w{0,2}L")
TOLD_OF = re.compile(r"(?P<who>[SGPN])(?:\(.\))?,i[^,]*,$")
"""Who is told of in passing, before a further deed of the same."""
UNLISTED_NAME = re.compile(r"[VJ]t?(?P<who>[AS]?C{1,4})w{0,2}f\w?$")
"""A body that no list knows, where it is thanked."""
MEMBER_OF = re.compile(r"[GSA]w{1,2}[SGP]")
"""A party with what it belongs to before it."""
SUM_DOES = re.compile(r"[tw]{0,3}(?P<sum>Q)_*[hwub]{0,3}")
OWNED = re.compile(r"(?P<who>[SGA])'?[wCLQ_]{0,4}L")


def find_giver(aid: Aid, start: int, verb: int, stop: int, cast: Cast, *, passive: bool) -> str | None:
    """Return who gives: the subject of an active verb, the agent of a passive one, or whoever the sentence is about."""
    letters = aid.letters
    own = speakers_party(aid, cast)
    if "behalf" in aid.words[start:stop]:
        behalf = ON_BEHALF.search(letters, aid.words.index("behalf", start))
        if behalf:
            return party_of(aid, behalf.start("who"), cast)
    agent = BY_WHOM.search(letters, verb, stop)
    if passive and agent is None:
        agent = re.compile(r"Ey(?:[tw]{0,2}|[tw]{1,3},)(?P<who>[PNGSA])").search(letters, start, verb)
    if agent and passive and BODIES_OF.intersection(aid.words[agent.end() : agent.end() + 1]):
        return None
    if agent and passive and BUYING.isdisjoint(aid.words[verb : agent.start()]):
        return party_of(aid, agent.start("who"), cast)
    if passive and re.compile(r"y[t]?[wC]{0,2}[wWC](?![w_])").search(letters, verb, stop):
        by = re.compile(r"y[t]?(?P<words>[wCW]{1,3})").search(letters, verb, stop)
        if by and UNNAMED.intersection(aid.words[by.start("words") : by.end("words")]):
            return None
    vague = (
        re.compile(r"y(?P<det>t?)w{0,2}?(?P<who>[wL])(?=[pfFokbh.,2w]|$)").search(letters, verb, stop)
        if passive
        else None
    )
    if vague:
        meant = next(
            (party for at in range(vague.start() + 1, vague.end()) if (party := meant_by(aid, at, cast, None))), None
        )
        if meant:
            return meant
    if passive:
        owner = re.compile(r"[k]?[tw]{0,2}(?P<who>[SGA])'?[w]*L").search(letters, verb, stop + 1)
        if owner and letters[owner.end() - 1] == "L":
            return party_of(aid, owner.start("who"), cast)
        gift_of = re.compile(r"Lo[tw]{0,2}(?P<who>[GSPNA])").search(letters, start, stop)
        if gift_of and aid.words[gift_of.start()] in ("contribution", "gift", "donation"):
            return party_of(aid, gift_of.start("who"), cast)
        source = re.compile(r"(?<!W)F[twC,&Wo]{0,8}?(?P<who>[SGPN])").search(letters, start, stop)
        if (
            source
            and not LEFT_HOME.intersection(aid.words[max(0, source.start() - 2) : source.start()])
            and letters[source.start() - 1 : source.start()] != "V"
        ):
            return party_of(aid, source.start("who"), cast)
        means = WITH_HELP.search(letters, max(0, start - 12), stop)
        if means and aid.words[means.start()] in ("with", "under", "through", "to"):
            head = rows_by("resources", "word").get(aid.words[means.end() - 1], {})
            if head.get("kind") == AID_KIND:
                return party_of(aid, means.start("who"), cast)  # "with Swiss help, 30 wells have been drilled"
        if aid.verbs[verb].verb in ("leave", "depart"):
            left = re.compile(r"_*t?(?P<who>S)").match(letters, verb + 1, stop)
            if left:
                return party_of(aid, left.start("who"), cast)  # "a plane left Türkiye with tents"
        owned = _owner(aid, start, verb, cast)
        if owned:
            return owned
        speaker = aid.one.speaker.person
        if (
            rows_by("giving", "verb")[aid.verbs[verb].verb]["needs"] in ("arrived", "moved")
            and "u" in letters[start:verb]
            and own
            and speaker is not None
            and speaker.rank != SPOKESMAN
        ):
            return own  # "a second plane will land", says whoever sends it
        ahead = re.search(r"ub[wZ]*$", letters[start:verb]) is not None and "J" not in letters[start:verb]
        official = own if own and (ahead or (len(own) == 3 and own.isupper())) else None
        return (
            official if re.search(r"b[wZ]*$", letters[start:verb]) and re.search(r"h|b", letters[start:verb]) else None
        )
    thanked = re.compile(r"(?P<who>[PNGSA])[^PNGSA]{0,8}f$").search(letters, 0, verb) if letters[verb] == "e" else None
    if letters[verb] == "e" and ruling_verb(aid, verb) in THANKING:
        named = UNLISTED_NAME.search(letters, max(0, verb - 16), verb)
        if named:
            return aid.row.span(
                aid.first + named.start("who"), aid.first + named.end("who")
            )  # "praised Welsh Water for"
    if thanked and ruling_verb(aid, verb) in THANKING:
        return party_of(aid, thanked.start("who"), cast)  # "thanked Japan for sending"
    if thanked is None and ruling_verb(aid, verb) in THANKING and letters[verb - 1 : verb] == "2":
        work = re.compile(r"f(?:[tw]{0,2}(?P<who>[SGA])'?)?[tw]{1,5}2$").search(letters, start, verb)
        if work and work.group("who"):
            return party_of(aid, work.start("who"), cast)  # "thanked the agency for its work to deliver"
    if letters[start : start + 1] in ("u", "h") and letters[start - 1 : start] == "," and start:
        subject = TOLD_OF.search(letters, max(0, start - 60), start)
        if subject:
            return party_of(aid, subject.start("who"), cast)  # "Norway, which has given 20 tents, will send 30 more"
    antecedent = ANTECEDENT.search(letters, max(0, verb - 16), verb)
    if antecedent and aid.words[antecedent.start("how")] in ("which", "who"):
        return party_of(aid, antecedent.start("who"), cast)  # "the Government of Mali, which released"
    relative = max(letters.rfind("i", start, verb), letters.rfind("c", start, verb))
    begin = relative + 1 if relative >= 0 and letters[relative - 1 : relative] == "L" else start
    begins_with = letters[start : start + 1] == "x"  # "with the Egyptian teams providing care"
    for place in range(begin, verb):
        letter = letters[place]
        previous = letters[:place].rstrip("tw")[-1:] if place else ""
        if (
            letter in "PNGSARwCL"
            and not (begins_with and previous == "x")
            and (
                (place > begin and previous and previous in "pf2oFyx" and letters[place - 1] in "tpf2oFyx")
                or aid.words[place - 1 if place else 0] in ("through", "via", "under")
            )
        ):
            continue
        named = MEMBER_OF.match(letters, place, verb)
        if named:
            return party_of(aid, named.end() - 1, cast)  # "its OPEC partner Venezuela"
        if letter in "PNGSA" or (letter == "T" and CAPITAL_GIVES.match(letters, place)):
            return party_of(aid, place, cast)
        if letter in "wWCL" and aid.words[place] in UNNAMED:
            return None
        if letter == "R" and letters[place + 1] == ",":
            continue
        if letter == "R":
            before = next(
                (party_of(aid, other, cast) for other in range(place - 1, -1, -1) if letters[other] in "GS"), None
            )
            return meant_by(aid, place, cast, before)
        meant = meant_by(aid, place, cast, None) if letter in "wCL" else None
        if meant:
            return meant
    total = OWNED.search(letters, verb, stop) if aid.verbs[verb].verb == "bring" else None
    if total:
        return party_of(aid, total.start("who"), cast)  # "brings Norway's support to 210 million"
    paid = SUM_DOES.match(letters, begin)
    if paid and paid.end() == verb and aid.amounts[paid.start("sum")][1].currency and aid.one.speaker.person is None:
        return cast.last_giver  # "the remaining $1.25 million will support"
    belongs = re.compile(r"(?:[LCw]o|LF)t?(?P<who>[SG])").search(letters, begin, verb)
    if belongs:
        return party_of(aid, belongs.start("who"), cast)  # "a Hercules of the Air Force brought"
    if aid.one.speaker.person is not None and aid.one.speaker.person.rank != SPOKESMAN:
        return own
    outer = [
        party_of(aid, other, cast)
        for other in range(start)
        if letters[other] in "GS" and not re.search(r"[pf2oFyx]t?w?$", letters[max(0, other - 3) : other])
    ]
    return own or (outer[0] if outer else None)


def _owner(aid: Aid, start: int, verb: int, cast: Cast) -> str | None:
    """Return whose the thing of a passive is: "an Egyptian plane has arrived", "our aid will be delivered"."""
    found = OWNED.search(aid.letters, start, verb)
    if found:
        head = aid.words[found.end() - 1]
        kind = rows_by("resources", "word").get(head, {}).get("kind")
        if kind != "structure" and rows_by("giving", "verb")[aid.verbs[verb].verb]["needs"] != "structure":
            return party_of(aid, found.start("who"), cast)
    for place in range(start, verb):
        if aid.letters[place] == "L":
            return None
        if aid.words[place] in ("our", "its", "his", "her", "their") and aid.letters[place] == "t":
            return meant_by(aid, place, cast, None)
    return None
