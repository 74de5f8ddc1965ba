"""Deeds told by a noun: "the delivery of 40 tonnes of rice to Mali", "Japan's provision of ten ambulances".

Called by `claims` where a clause has no verb of giving and no aid noun. A deed that is only talked about ("discussed the delivery of aid") is no claim.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import Draft, ruling_verb
from evenhand.statements.claim_parties import party_of, speakers_party
from evenhand.statements.claim_spans import find_stop, phrase_start
from evenhand.statements.document import ClaimKind
from evenhand.statements.references import Cast
from evenhand.statements.wordlists import word_list

DEEDS = frozenset(
    word_list(
        "delivery deliveries dispatch despatch provision distribution allocation shipment airlift construction building deployment disbursement "
        "handover transfer release arrival installation rehabilitation reconstruction drilling supply supplies sending donation donations participation"
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
OF_THING = re.compile(r"o[twAC'S]{0,4}(?P<thing>Q|L)")
TO_WHOM = re.compile(r"[2fp][twAC'o]{0,4}(?P<who>[SGTCW])")


def claim_by_deed(aid: Aid, start: int, end: int, cast: Cast) -> Draft | None:
    """Return the claim of a noun that tells of giving something."""
    letters = aid.letters
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
        theirs = re.compile(r"o(?P<who>A)[wC]{0,3}L").match(letters, place + 1)
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
