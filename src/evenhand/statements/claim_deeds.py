"""Deeds told by a noun: "the delivery of 40 tonnes of rice to Mali", "Japan's provision of ten ambulances".

Called by `claims` where a clause has no verb of giving and no aid noun. A deed that is only talked about ("discussed the delivery of aid") is no claim.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import AID_KIND, Draft, ruling_verb
from evenhand.statements.claim_objects import kind_of
from evenhand.statements.claim_parties import party_of, speakers_party
from evenhand.statements.claim_spans import find_stop, phrase_start
from evenhand.statements.document import ClaimKind
from evenhand.statements.references import Cast
from evenhand.statements.wordlists import word_list

DEEDS = frozenset(
    word_list(
        "delivery deliveries dispatch despatch provision distribution allocation shipment airlift construction building deployment disbursement "
        "entry granting handover transfer release arrival installation rehabilitation reconstruction drilling supply supplies sending donation donations participation"
    )
)
TALKED_OF = frozenset(
    word_list(
        "discuss discussed discussing facilitate facilitating facilitated coordinate coordinating coordinated ensure ensuring ease easing allow allowing "
        "impede impeding hamper hampering hampered monitor monitoring oversee overseeing speed accelerate continue access safe unhindered obstruct "
        "obstructing prevent preventing route corridor corridors modalities mechanism mechanisms challenges ways regarding concerning on about possible"
    )
)
"""What makes a deed a topic, a hope or a matter of logistics."""
DONORS = frozenset({"donor", "provider"})
AGREEMENTS = frozenset({"agreement", "agreements", "accord", "convention", "protocol", "memorandum"})
"""What is signed over a sum that one side gives the other."""
TOLD_BY_NOUN = DEEDS | DONORS | AGREEMENTS
"""Nouns without one of which nothing here is told."""
FIRST_OF_ALL = frozenset({"largest", "biggest", "leading", "main", "major", "top", "first", "second"})
RANKED = re.compile(r"(?P<who>[SGPR])[bhw]{1,3}[tw]{0,4}(?P<donor>[wL])o[twA]{0,3}(?P<thing>L)")
OF_THING = re.compile(r"o[twAC'S]{0,4}(?P<thing>Q|L)")
TO_WHOM = re.compile(r"[2fp][twAC'o]{0,4}(?P<who>[SGTCW])")


def claim_by_deed(aid: Aid, start: int, end: int, cast: Cast) -> Draft | None:
    """Return the claim of a noun that tells of giving something."""
    letters = aid.letters
    donor = _by_rank(aid, start, end, cast) or _by_agreement(aid, start, end, cast)
    if donor is not None:
        return donor
    for place in range(start, end):
        if letters[place] not in "wLE" or aid.words[place] not in DEEDS:
            continue
        thing = OF_THING.match(letters, place + 1, end)
        if thing is None or TALKED_OF.intersection(aid.words[max(start, place - 5) : place]):
            continue
        before = letters[start:place]
        if re.search(r"Z[^,;]{0,6}$", before):
            continue
        limit = re.compile(r"[bhuk]").search(letters, place + 1, end)
        stop = find_stop(aid, place, limit.start() if limit else end)
        owner = re.search(r"(?P<who>[SGA])'?w{0,3}$", before)
        theirs = re.compile(r"o(?:[tw]{0,3}Q_*w?L?o)?(?P<who>A)[wC]{0,3}L").match(letters, place + 1)
        agent = re.compile(r"[yF]t?w{0,2}(?P<who>[SGPN])").search(letters, place, stop)
        whom = TO_WHOM.search(letters, thing.start("thing"), stop)
        amount = aid.amounts.get(thing.start("thing"))
        if aid.words[place] == "participation" and not re.search(r"A[wC]{0,3}L", letters[place:stop]):
            continue
        if not (whom or ((owner or agent) and amount)):
            continue
        if amount is not None and not amount[1].currency and letters[amount[0] : amount[0] + 1] not in ("L", "w"):
            continue
        giver = None
        if agent or owner:
            giver = party_of(aid, (agent or owner).start("who") + (0 if agent else start), cast)  # type: ignore[union-attr]
        elif theirs:
            giver = party_of(aid, theirs.start("who"), cast)
        elif aid.one.speaker.person is not None:
            giver = speakers_party(aid, cast)
        elif aid.words[place - 1 : place] == ["the"]:
            giver = cast.last_giver  # "the handover of the kits": of what was told before
        first = phrase_start(aid, place, start)
        draft = Draft(first, stop, _kind(aid, start, place), noun=thing.start("thing"), giver=giver)
        if draft.kind == "given" and limit and limit.group() == "u":
            draft.kind = "promised"  # "the handover will be supervised"
        draft.reasons.append(f'"{aid.words[place]}" of something')
        return draft
    return None


SIGNED = re.compile(r"sign|conclu|initial|exchang")
ON_LOAN = frozenset(
    {"loans", "grants", "credits", "loan", "grant", "financing", "finance", "funding", "credit", "aid", "assistance"}
)
PARTY = re.compile(r"[SGPN]")


def _by_agreement(aid: Aid, start: int, end: int, cast: Cast) -> Draft | None:
    """Return the claim of "the Fund signed a loan agreement worth 20 million dollars with Mauritania"."""
    words = aid.words[start:end]
    if AGREEMENTS.isdisjoint(words) or ON_LOAN.isdisjoint(words) or not any(SIGNED.match(word) for word in words):
        return None
    at = next(place for place in range(start, end) if aid.words[place] in AGREEMENTS)
    sums = [place for place in range(start, end) if place in aid.amounts and aid.amounts[place][1].currency]
    if not sums or "Z" in aid.letters[start:at]:
        return None
    parties = [found.start() for found in PARTY.finditer(aid.letters, start, end)]
    bodies = [place for place in parties if aid.letters[place] == "G"]
    giver = party_of(aid, bodies[0], cast) if bodies else None
    states = [one for place in parties if (one := party_of(aid, place, cast)) and one != giver]
    if giver is None:
        giver = next((one for one in states if one != (cast.own or cast.home)), None)
    receivers = tuple(dict.fromkeys(one for one in states if one != giver))[:1]
    first = phrase_start(aid, parties[0] if parties and parties[0] < at else at, start)
    draft = Draft(first, find_stop(aid, sums[0], end), "promised", noun=sums[0], giver=giver, receivers=receivers)
    draft.reasons.append(f'"{aid.words[at]}" on a sum')
    return draft


def _by_rank(aid: Aid, start: int, end: int, cast: Cast) -> Draft | None:
    """Return the claim of "Norway remains the largest donor of food aid to Chad"."""
    if DONORS.isdisjoint(aid.words[start:end]):
        return None
    found = RANKED.search(aid.letters, start, end)
    if found is None or aid.words[found.start("donor")] not in DONORS:
        return None
    if FIRST_OF_ALL.isdisjoint(aid.words[found.end("who") : found.start("donor")]):
        return None
    who, thing = found.start("who"), found.start("thing")
    if aid.words[found.start("donor")] != "donor" and kind_of(aid, thing) != AID_KIND:
        return None  # a provider of oil sells it
    giver = speakers_party(aid, cast) if aid.letters[who] == "R" else party_of(aid, who, cast)
    if giver is None and aid.letters[who] == "R" and len(cast.givers) == 1:
        giver = next(iter(cast.givers))  # "and we remain": of the one that gives in this text
    if giver is None:
        return None
    first = who - (aid.letters[who - 1 : who] == "t")
    draft = Draft(first, find_stop(aid, thing, end), "given", noun=thing, giver=giver)
    draft.reasons.append(f'"{aid.words[found.start("donor")]}" of something')
    return draft


def _kind(aid: Aid, start: int, place: int) -> ClaimKind:
    """Return whether a deed was done, promised or asked for."""
    before = aid.letters[start:place]
    if "J" in before or ruling_verb(aid, place) in (
        "call",
        "urge",
        "ask",
        "appeal",
        "request",
        "seek",
        "hope",
        "demand",
    ):
        return "needed"
    said = ruling_verb(aid, place)
    if re.search(r"[uMO]", before) or said in ("pledge", "promise", "agree", "offer", "plan", "announce"):
        return "promised"
    contract = {"contract", "agreement", "memorandum", "tender"} & set(aid.words[start:place])
    return "promised" if contract else "given"
