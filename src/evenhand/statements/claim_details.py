"""What a claim says beside its verb: receiver, place, time and inner speaker, from its words and their context.

Called by `claims`, which hands over the draft and keeps the finished claim.
"""

from __future__ import annotations

import re
from datetime import date

from evenhand.statements.aid import Aid
from evenhand.statements.claim_amounts import find_quantity, find_resource
from evenhand.statements.claim_draft import MADE_OF, THANKING, Draft
from evenhand.statements.claim_parties import find_place, find_receivers, party_of, speakers_party, state_of_place
from evenhand.statements.days import find_when
from evenhand.statements.document import Claim, Sentence
from evenhand.statements.references import Cast, who_is

DOLLARS = {
    "CAN": "CAD",
    "AUS": "AUD",
    "NZL": "NZD",
    "SGP": "SGD",
    "TWN": "TWD",
    "HKG": "HKD",
    "TTO": "TTD",
    "JAM": "JMD",
    "FJI": "FJD",
    "GUY": "GYD",
}
"""Whose own money "$" is in their own texts."""
UNCOUNTED_RECEIVERS = frozenset(["countries", "states", "nations", "members", "continents"])


def finish_claim(aid: Aid, draft: Draft, sentence: Sentence, cast: Cast, day: date | None) -> Claim | None:
    """Return a claim with its parts, or None where too little is left of it."""
    first, last = draft.first, draft.last
    listed = draft.counted >= 0
    if last <= first:
        return None
    scope = (0, len(aid.letters)) if listed else (first, last)
    definite = (
        draft.passive
        and draft.noun >= 0
        and aid.words[draft.noun] in ("money", "funds", "sum", "amount", "funding")
        and aid.words[draft.first] in ("the", "this", "these", "that")
    )
    if draft.giver is None and definite and sentence.speaker == "narrator" and cast.last_giver:
        draft.giver = cast.last_giver
    if (
        draft.giver is None
        and len(cast.givers) == 1
        and draft.passive
        and draft.noun >= 0
        and any(MADE_OF.fullmatch(reason.strip('"')) for reason in draft.reasons)
    ):
        draft.giver = next(iter(cast.givers))
    receivers, _ = find_receivers(aid, *scope, cast, draft.giver, needed=draft.kind == "needed")
    receivers = receivers or _indirect(aid, draft, cast)
    resource, noun = find_resource(aid, draft)
    amount, unit = find_quantity(aid, draft, noun)
    dollar = DOLLARS.get(draft.giver or "")
    if unit == "USD" and dollar and amount is not None and aid.row.plain[amount.start] == "$":
        unit = dollar  # "$5 million" of Canada's are Canadian
    behind = min(at for at in (draft.verb, draft.noun, last) if at >= first) if not listed else first
    place, where = find_place(aid, behind, last, receivers)
    capital = state_of_place(aid, where)
    if not receivers and capital and capital != draft.giver:
        receivers = (capital,)
    receivers = receivers or _context(aid, draft, cast, place)
    if place is None:
        place, _ = find_place(aid, behind, last, receivers)
    cast.last_giver = draft.giver or cast.last_giver
    cast.givers |= {draft.giver} if draft.giver else set()
    speaker = _inner_speaker(aid, draft, cast) or sentence.speaker
    start, end = aid.start(first), aid.end(last - 1)
    when = find_when(aid.row.plain, start, end, day, ahead=draft.kind == "promised")
    if amount is not None and when and amount.start <= when[0] < amount.end:
        when = None
    confidence = 0.8 - (0.2 if draft.giver is None else 0) - (0.1 if not receivers else 0)
    return Claim(
        start, end, speaker, draft.kind, draft.giver, receivers, resource,
        amount.value if amount else None, unit, place, when[2] if when else None, round(confidence, 2), ", ".join(draft.reasons),
    )  # fmt: skip


def _indirect(aid: Aid, draft: Draft, cast: Cast) -> tuple[str, ...]:
    """Return the receiver that stands between verb and gift: "hand Egypt 6 million doses", or has the gift: "PAHO had funds"."""
    if draft.verb >= 0 and not draft.passive:
        own = speakers_party(aid, cast)
        if aid.words[draft.verb + 1 : draft.verb + 2] == ["us"] and own and own != draft.giver:
            return (own,)
        direct = re.compile(r"(?P<who>[SGPN])(?=[twA]{0,3}[QL])").match(aid.letters, draft.verb + 1)
        if (
            direct
            or aid.letters[draft.verb] == "U"
            or (
                aid.verbs.get(draft.verb) and aid.verbs[draft.verb].verb in ("support", "help", "assist", "back", "aid")
            )
        ):
            helped = direct or re.compile(r"t?[w]{0,2}(?P<who>[SGPN])").match(aid.letters, draft.verb + 1)
            party = party_of(aid, helped.start("who"), cast) if helped else None
            return (party,) if party and party != draft.giver else ()
    had = re.compile(r"(?P<who>[GSPN])w{0,2}h$").search(aid.letters[: draft.first])
    party = party_of(aid, had.start("who"), cast) if had and draft.verb < 0 else None
    return (party,) if party and party != draft.giver else ()


def _inner_speaker(aid: Aid, draft: Draft, cast: Cast) -> str | None:
    """Return who says a clause inside a sentence of others: "as the minister hoped that the agency helps"."""
    inner = re.compile(r"k[t]?(?P<who>[PN])w?[VJ]c$").search(aid.letters[: draft.first]) or re.compile(
        r"k[t]?(?P<who>[PN])w?[VJ]c"
    ).search(aid.letters[: max(draft.verb, draft.first)])
    if inner is None:
        return None
    who = who_is(aid.row.refs[aid.first + inner.start("who")], aid.words[inner.start("who")], cast)
    return who.name if who else None


def _context(aid: Aid, draft: Draft, cast: Cast, place: str | None) -> tuple[str, ...]:
    """Return the receiver that the context names: who thanks, who asks, the state whose people are served."""
    own, first = speakers_party(aid, cast), draft.first
    if draft.kind == "needed":
        if own and not (len(own) == 3 and own.isupper()) and cast.home and "W" in aid.letters[first : draft.verb]:
            return (cast.home,)  # a society that speaks for people in need: those of the state
        return (
            (own,)
            if own and own != draft.giver
            else ((cast.home,) if cast.home and aid.one.speaker.name == "narrator" else ())
        )
    if draft.thanked and "W" in aid.letters[first : draft.last] and draft.giver and draft.giver == cast.home:
        return (cast.home,)  # "the Government for the land given to displaced families"
    if draft.thanked or (aid.one.verb in THANKING and draft.kind == "given"):
        return (own,) if own and own != draft.giver else ()
    named = [
        party_of(aid, match.end() - 1, cast) for match in re.finditer(r"f[tw]{0,2}S(?!')", aid.letters[: draft.first])
    ]
    if draft.verb >= 0 and draft.giver and named and named[-1] and named[-1] != draft.giver:
        return (named[-1],)
    words = set(aid.words[draft.first : draft.last])
    if {"own", "people"} <= words and draft.giver:
        return (draft.giver,)
    if words & UNCOUNTED_RECEIVERS or not cast.home:
        return ()
    if draft.giver == cast.home:
        own_people = (
            place
            or words & {"population", "residents", "injured", "wounded", "ground", "citizens", "daily"}
            or draft.passive
        )
        return (cast.home,) if own_people and draft.kind == "given" else ()
    if _inner_speaker(aid, draft, cast) or draft.giver or draft.kind == "given":
        return (cast.home,)
    return ()
