"""Aid told from the side of who gets it: "the ministry received 20 ambulances from Japan", "took delivery of the tents".

Called by `claim_verbs` where the verb is one of receiving. Its subject is the receiver; the giver stands behind "from" or before the thing.
What names neither a giver nor an amount is no claim.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import Draft
from evenhand.statements.claim_givers import find_giver
from evenhand.statements.claim_kinds import read_kind
from evenhand.statements.claim_parties import party_of, speakers_party
from evenhand.statements.claim_spans import find_stop, phrase_start
from evenhand.statements.references import Cast
from evenhand.statements.wordlists import rows_by

THING_BEHIND = re.compile(r"[wC]{0,2}L")
GOT = re.compile(r"_*[twACSG'FoQ_]{0,10}?(?P<thing>[LQ])")
FROM_WHOM = re.compile(r"F[twC]{0,3}(?P<who>[SGPNA])")
AS_A_GIFT = re.compile(r"[kw]t(?P<what>L)F[twC]{0,3}(?P<who>[SGPNA])")
"""Who gave it, told at the end: "as a contribution from the Japan Foundation"."""
WHOSE = re.compile(r"(?P<who>[SGA])'?[wCLQ_]{0,4}L")
SERVED = re.compile(r"(?P<who>[SGPNW])[hwu]{0,2}b{1,2}w?$")
BEHIND = re.compile(r"_*x?[twA]{0,2}(?P<thing>[QL])")
GIVEN_BY = re.compile(r"y(?:[tw]{0,2})(?P<who>[SGPN])")
DATIVE = frozenset(
    {"give", "grant", "award", "offer", "promise", "allocate", "allot", "assign", "lend", "loan", "send", "supply", "provide", "hand", "pay", "present", "furnish",
     "equip", "serve"}
)  # fmt: skip
"""Verbs whose receiver can be the subject of the passive (VerbNet 13.1, 13.3, 13.4): "Mali was granted 10 million dollars"."""
LIKE_A_GIFT = frozenset({"aid", "goods", "unit", "people"})


def claim_by_dative(aid: Aid, start: int, end: int, verb: int, begin: int, cast: Cast) -> Draft | None:
    """Return the claim of "Rwanda was granted 10 million dollars by the Bank": the subject gets it."""
    if aid.verbs[verb].verb not in DATIVE or "participle" not in aid.verbs[verb].tenses:
        return None
    served = SERVED.search(aid.letters, start, verb)
    thing = BEHIND.match(aid.letters, verb + 1, end)
    if served is None or thing is None or "Z" in aid.letters[start:verb]:
        return None
    stop = find_stop(aid, verb, end)
    agent = GIVEN_BY.search(aid.letters, verb, stop)
    receiver = party_of(aid, served.start("who"), cast) if served.group("who") != "W" else None
    kind = read_kind(aid, verb, aid.verbs[verb].verb, aid.letters[max(start, verb - 14) : verb], start)
    draft = Draft(begin, stop, kind, verb, thing.start("thing"))
    own = speakers_party(aid, cast)
    draft.giver = party_of(aid, agent.start("who"), cast) if agent else own if own != receiver else None
    draft.receivers = (receiver,) if receiver and receiver != draft.giver else ()
    draft.reasons.append(f'"{aid.words[verb]}"')
    return draft


def claim_by_receipt(aid: Aid, start: int, end: int, verb: int, begin: int, cast: Cast) -> Draft | None:
    """Return the claim of a verb of receiving, None where it tells of no gift.

    Parameters
    ----------
    begin
        The first token of the clause that belongs to the claim.
    """
    letters = aid.letters
    passive = re.search(r"b[w]*$", letters[start:verb]) is not None
    if letters[verb] == "e" and not re.search(r"b[wZ]*(?:p[tw]?[CTS]{1,2})?$", letters[start:verb]):
        return None  # "with each receiving eight tonnes"
    if "Z" in letters[max(start, verb - 6) : verb]:
        return None
    stop = find_stop(aid, verb, end)
    if passive:
        things = [place for place in range(start, verb) if letters[place] in "LQ"]
        thing = things[0] if things else -1
    else:
        got = GOT.match(letters, verb + 1, stop)
        thing = got.start("thing") if got else -1
    if thing < 0:
        return None
    after, amount = aid.amounts.get(thing, (thing, None))
    head = THING_BEHIND.match(letters, after)
    at = head.end() - 1 if head else after
    named = aid.words[at] if at < len(aid.words) else ""
    kind = rows_by("resources", "word").get(named, {}).get("kind", "")
    source = FROM_WHOM.search(letters, verb, stop)
    gift = AS_A_GIFT.search(letters, verb, end) if source is None and not passive else None
    if gift and aid.words[gift.start("what")] in ("contribution", "gift", "donation", "grant"):
        source, stop = gift, find_stop(aid, gift.start("who"), end)
    owner = WHOSE.search(letters, start if passive else verb, verb if passive else stop)
    counted = amount is not None and (amount.currency or kind in LIKE_A_GIFT)
    if not (counted or (kind in LIKE_A_GIFT and (source or owner))):
        return None
    giver = party_of(aid, (source or owner).start("who"), cast) if (source or owner) else None  # type: ignore[union-attr]
    receiver = None if passive else find_giver(aid, start, verb, stop, cast, passive=False)
    if giver is None and amount is not None and amount.currency and cast.last_giver != receiver:
        giver = cast.last_giver  # "the agency will receive $5 million": of what was told before
    if giver is None and aid.words[thing - 1] in ("the", "these", "those") and cast.last_giver != receiver:
        giver = cast.last_giver  # "when he received the 15 vehicles": those told of before
    if receiver and receiver == giver:
        receiver = None
    draft = Draft(
        begin, stop, read_kind(aid, verb, "receive", letters[max(start, verb - 14) : verb], start), verb, thing
    )
    if passive:
        draft.first, draft.passive = phrase_start(aid, thing, start), True
    draft.giver, draft.receivers = giver, (receiver,) if receiver else ()
    draft.reasons.append(f'"{aid.words[verb]}"')
    return draft
