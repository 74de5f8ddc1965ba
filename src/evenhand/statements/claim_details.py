"""What a claim says beside its verb: receiver, place, time and inner speaker, from its words and their context.

Called by `claims`, which hands over the draft and keeps the finished claim.
"""

from __future__ import annotations

import re
from datetime import date

from evenhand.statements.aid import Aid
from evenhand.statements.aid_verbs import PAYING
from evenhand.statements.claim_amounts import find_quantity
from evenhand.statements.claim_draft import PARTS_OF, THANKING, UNCOUNTED, Draft
from evenhand.statements.claim_parties import find_receivers, last_listed, other_side, party_of, speakers_party
from evenhand.statements.claim_places import find_place, is_region, state_of_place
from evenhand.statements.claim_things import find_resource
from evenhand.statements.days import find_when
from evenhand.statements.document import Claim, Sentence
from evenhand.statements.gazetteer import Entry
from evenhand.statements.national_money import money_of
from evenhand.statements.references import Cast, who_is
from evenhand.statements.wordlists import rows_by

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
UNCOUNTED_RECEIVERS = frozenset(
    ["countries", "states", "nations", "members", "continents", "world", "worldwide", "globe"]
)

ALREADY_TOLD = re.compile(
    r"(?:(?:some|most|all|part|half|many) of )?(?:these|those|this|such)\b|the (?:first|second|third|last|latest) (?:batch|shipment|consignment|load|tranche|instalment)\b"
)
CONTINENTS = frozenset(
    {
        "africa",
        "african",
        "asia",
        "asian",
        "europe",
        "european",
        "oceania",
        "americas",
        "caribbean",
        "latin",
        "sahel",
        "sahelian",
    }
)


def _goes_to_nobody(aid: Aid, first: int, last: int) -> bool:
    """Say whether those who get it are only counted or called by a continent: "to 127 countries", "to the African side"."""
    for at in range(first, last):
        if aid.letters[at] not in "2f":
            continue
        for behind in range(at + 1, min(last, at + 9)):
            if aid.letters[behind] not in "twAQ_CW&,":
                break
            if aid.words[behind] in UNCOUNTED_RECEIVERS or (
                aid.letters[behind] == "C" and aid.words[behind] in CONTINENTS
            ):
                return True
    return False


def finish_claim(aid: Aid, draft: Draft, sentence: Sentence, cast: Cast, day: date | None) -> Claim | None:
    """Return a claim with its parts, or None where too little is left of it."""
    while draft.first < draft.last and (
        aid.letters[draft.first] in ".,)-;:&'\"" or aid.words[draft.first] in ("-", "–", "—")
    ):
        draft.first += 1
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
    if draft.giver is None and draft.passive and draft.kind != "needed" and sentence.speaker != "both":
        begins = " ".join(aid.words[first : first + 4])
        if ALREADY_TOLD.match(begins):
            draft.giver = cast.last_giver  # "some of these materials have been delivered"
    if draft.giver is None and PARTS_OF in draft.reasons:
        draft.giver = next(iter(cast.givers)) if len(cast.givers) == 1 else None
    if (
        draft.giver is None
        and draft.passive
        and draft.kind != "needed"
        and aid.one.speaker.person is None
        and len(cast.givers) == 1
    ):
        draft.giver = next(iter(cast.givers))  # the one giver that the text has told of
    if _is_bare(aid, draft) or (draft.giver is None and UNCOUNTED in draft.reasons):
        return None
    if (
        draft.giver is None
        and draft.passive
        and aid.words[draft.first : draft.first + 2] != []
        and {"further", "another", "additional"} & set(aid.words[draft.first : draft.first + 2])
    ):
        draft.giver = cast.last_giver  # "A further $600,000 will be provided"
    receivers = draft.receivers
    if not receivers and listed and draft.verb > 0 and not draft.passive and draft.kind != "needed":
        beyond = NEXT_DEED.search(aid.letters, last)
        receivers, _ = find_receivers(
            aid, draft.verb, beyond.start() if beyond else len(aid.letters), cast, draft.giver
        )
    if not receivers:
        receivers, _ = find_receivers(aid, *scope, cast, draft.giver, needed=draft.kind == "needed")
    if not receivers and draft.giver and draft.verb >= 0 and not draft.passive and draft.kind != "needed":
        named = any(
            party_of(aid, at, cast) == draft.giver for at in range(first, draft.verb) if aid.letters[at] in "SAG"
        )
        handed = (
            find_receivers(aid, draft.verb, last, cast, None)[0]
            if not named and HANDED_TO.search(aid.letters, draft.verb, last)
            else ()
        )
        if handed == (draft.giver,) and "we" not in aid.words[first : draft.verb]:
            draft.giver, receivers = None, handed  # who gets it is named, who gives it is not
    receivers = receivers or _indirect(aid, draft, cast)
    if (
        not receivers
        and draft.verb >= 0
        and aid.letters[draft.verb] == "U"
        and THEM.intersection(aid.words[draft.verb : last])
    ):
        receivers = tuple(one for one in last_listed(aid) if one != draft.giver)  # "in their disaster relief efforts"
    if receivers:
        cast.last_receivers = receivers
    if (
        receivers == (draft.giver,)
        and draft.kind == "given"
        and cast.second
        and cast.second != draft.giver
        and not OWN_PEOPLE.intersection(aid.words[first:last])
    ):
        receivers = (cast.second,) if "2" in aid.letters[first:last] else receivers
    resource, noun = find_resource(aid, draft)
    amount, unit = find_quantity(aid, draft, noun)
    dollar = DOLLARS.get(draft.giver or "")
    if dollar is None and "USA" not in cast.givers and len(draft.giver or "") != 3:
        dollars = {DOLLARS[one] for one in cast.givers if one in DOLLARS}
        dollar = dollars.pop() if len(dollars) == 1 else None
    if unit == "USD" and dollar and amount is not None and aid.row.plain[amount.start] == "$":
        unit = dollar  # "$5 million" of Canada's are Canadian
    if amount is not None and amount.currency and unit == amount.currency:
        unit = money_of(amount.sign, draft.giver, (*receivers, cast.own, cast.home, cast.second)) or unit
    behind = (
        min(at for at in (draft.verb, draft.noun, last) if at >= first)
        if not listed and draft.kind != "needed"
        else first
    )
    place, where = find_place(aid, behind, last, receivers)
    if place is None and listed and draft.verb >= 0 and not draft.passive:
        beyond = NEXT_DEED.search(aid.letters, last)
        place, where = find_place(
            aid, last, beyond.start() if beyond else len(aid.letters), receivers
        )  # "99 rescuers and a field hospital to Derna"
    nobody = not receivers and draft.kind != "needed" and not listed and _goes_to_nobody(aid, behind, last)
    capital = None if nobody or is_region(place) else state_of_place(aid, where)
    if not receivers and capital and capital != draft.giver:
        receivers = cast.last_receivers = (capital,)
    if not receivers:
        inside = {at for found in IN_A_TOWN.finditer(aid.letters, first, last) for at in range(*found.span("town"))}
        there = None if nobody else state_of_place(aid, inside)
        receivers = (there,) if there and there != draft.giver else ()
    if (
        not receivers
        and PARTS_OF in draft.reasons
        and all(len(one) == 3 and one != draft.giver for one in cast.last_receivers)
    ):
        receivers = cast.last_receivers  # what the shipment holds goes where the shipment goes
    if not is_region(place) and not nobody:
        receivers = receivers or _context(aid, draft, cast, place)
    if not receivers and capital and draft.kind == "given":
        receivers = (capital,)  # the state's own place: it serves its own people
    if place is None:
        place, _ = find_place(aid, behind, last, receivers)
    if draft.giver is None and _needs_giver(aid, draft):
        return None
    if draft.giver is None and not receivers and draft.verb >= 0 and _needs_parties(aid, draft):
        return None
    worked = aid.verbs.get(draft.verb) if draft.giver is None and not draft.passive and draft.kind == "given" else None
    if worked is not None and worked.verb in ("implement", "carry out", "run", "operate"):
        return None  # activities that implement programmes
    cast.last_giver = draft.giver or cast.last_giver
    cast.givers |= {draft.giver} if draft.giver else set()
    speaker = _inner_speaker(aid, draft, cast) or sentence.speaker
    start, end = aid.start(first), aid.end(last - 1)
    while end > start + 1 and aid.row.plain[end - 1] in ".,;:'\"":
        end -= 1
    when = find_when(aid.row.plain, start, end, day, ahead=draft.kind == "promised")
    if amount is not None and when and amount.start <= when[0] < amount.end:
        when = None
    confidence = 0.8 - (0.2 if draft.giver is None else 0) - (0.1 if not receivers else 0)
    return Claim(
        start, end, speaker, draft.kind, draft.giver, receivers, resource,
        amount.value if amount else None, unit, place, when[2] if when else None, round(confidence, 2), ", ".join(draft.reasons),
    )  # fmt: skip


THEM = frozenset({"their", "them"})
HANDED_TO = re.compile(r"2t?[NG]")
NEXT_DEED = re.compile(r"[VEeUJi;]")
IN_A_TOWN = re.compile(r"[p2]t?w?(?P<town>C{1,4})")
ONE_MORE = re.compile(r"[,&]+t?(?P<who>[SG])")
BARE = frozenset({"package", "contingent", "load", "donation", "donations", "gift", "gifts", "aid", "assistance", "help", "support", "supply", "supplies", "contribution", "contributions",
    "items", "goods", "consignment", "shipment", "materials", "relief", "funds", "money", "grant", "equipment", "food", "cargo"})  # fmt: skip


OWN_NEED = frozenset({"we", "our", "us", "its", "agency", "it", "i", "organisation", "organization", "million"})
PLAIN_ADJECTIVES = frozenset({"emergency", "humanitarian", "relief", "aid", "assistance", "donated", "same"})


def _needs_giver(aid: Aid, draft: Draft) -> bool:
    """Say whether a deed is aid only of somebody who is known: a club pays for training, a company writes off debt."""
    form = aid.verbs.get(draft.verb)
    if form is None or draft.kind == "needed":
        return False
    needs = rows_by("giving", "verb")[form.verb]["needs"]
    described = (
        needs == "receiver" and aid.letters[draft.verb] == "e" and "Q" not in aid.letters[draft.first : draft.last]
    )  # "supporting operations", of nobody
    return needs in ("service", "debt") or form.verb in PAYING - {"decide on"} or described


def _needs_parties(aid: Aid, draft: Draft) -> bool:
    """Say whether a deed is aid only if somebody gives or gets it: a school is opened, a ship carries fuel."""
    form = aid.verbs.get(draft.verb)
    if form is None or draft.kind == "needed":
        return False
    helps = form.verb.startswith("come to the ")
    return (
        helps
        or rows_by("giving", "verb")[form.verb]["needs"] == "structure"
        or form.verb
        in (
            "carry",
            "transport",
            "haul",
            "convey",
            "pay",
            "approve",
        )
    )


def _is_bare(aid: Aid, draft: Draft) -> bool:
    """Say whether a claim is only "he presented the donation", with no giver, receiver, amount or place in its words."""
    if draft.noun < 1 or draft.kind == "needed" or draft.thanked:
        return False
    words = aid.words[draft.first : draft.last]
    through = min(
        (words.index(word) for word in ("through", "via", "under", "with") if word in words), default=len(words)
    )
    if re.search(r"[SGPNATQWC]", aid.letters[draft.first : draft.first + through]):
        return False
    noun = draft.noun
    while noun + 1 < draft.last and aid.letters[noun + 1] == "L":
        noun += 1
    at = draft.noun - 1
    while at > draft.first and aid.words[at] in PLAIN_ADJECTIVES:
        at -= 1
    head = aid.words[at] if aid.letters[at] == "t" else ""
    return aid.words[noun] in BARE and head in ("the", "this", "that", "these", "those")


def _indirect(aid: Aid, draft: Draft, cast: Cast) -> tuple[str, ...]:
    """Return the receiver that stands between verb and gift: "hand Egypt 6 million doses", or has the gift: "PAHO had funds"."""
    if draft.verb >= 0 and not draft.passive:
        own = speakers_party(aid, cast)
        behind = aid.words[draft.verb + 1 : draft.last]
        if ("us" in behind or "our" in behind) and own and own != draft.giver:
            return (own,)
        if "you" in behind or "your" in behind:
            other = other_side(own, cast)
            return (other,) if other and other != draft.giver else ()
        direct = re.compile(r"(?:t?w?Lot?)?(?P<who>[SGPN])(?=[twA]{0,3}[QL]|xt?[twA]{0,3}[QL])").match(
            aid.letters, draft.verb + 1
        )
        if (
            direct
            or aid.letters[draft.verb] == "U"
            or (
                aid.verbs.get(draft.verb) and aid.verbs[draft.verb].verb in ("support", "help", "assist", "back", "aid")
            )
        ):
            helped = direct or re.compile(r"_*t?[w]{0,2}(?P<who>[SGPN])").match(aid.letters, draft.verb + 1)
            if helped is None:
                return ()
            parties = [party_of(aid, helped.start("who"), cast)]
            more = ONE_MORE.match(aid.letters, helped.end(), draft.last)
            while more:
                parties.append(party_of(aid, more.start("who"), cast))
                more = ONE_MORE.match(aid.letters, more.end(), draft.last)
            return tuple(dict.fromkeys(one for one in parties if one and one != draft.giver))
    had = re.compile(r"(?P<who>[GSPN])w{0,2}h$").search(aid.letters[: draft.first])
    party = party_of(aid, had.start("who"), cast) if had and draft.verb < 0 else None
    return (party,) if party and party != draft.giver else ()


TO_PEOPLE = re.compile(r"[2f][tw]{0,2}W")
OWN_PEOPLE = frozenset({"population", "residents", "injured", "wounded", "ground", "citizens", "daily"})


def _place_before(aid: Aid, first: int) -> str | None:
    """Return the state of a place with which the sentence begins: "In Aleppo, where ..., the agency has given"."""
    led = re.compile(r"p(?:t?[Cw]{1,4}|T|t?(?P<state>S))(?=[,w])").match(aid.letters, 0, first)
    where = re.compile(r"(?:C{1,3}|T|(?P<state>S)),?i$").search(aid.letters[:first].rstrip("t"))
    for found in (where, led):
        if found and found is where and aid.words[found.end() - 1] != "where":
            continue
        if found and found.group("state"):
            ref = aid.row.refs[aid.first + found.start("state")]
            return ref.state if isinstance(ref, Entry) else None
        if found and (state := state_of_place(aid, set(range(*found.span())))):
            return state
    return None


def _names_others(aid: Aid, cast: Cast) -> bool:
    """Say whether a text names another state than the one it is most about: if none, that state serves its own people."""
    row = aid.row
    return any(
        isinstance(ref, Entry) and ref.state not in ("", cast.home) and not row.words[at + 1].startswith("dollar")
        for at, ref in enumerate(row.refs[:-1])
    )


def _others(aid: Aid, draft: Draft, cast: Cast) -> tuple[str, ...]:
    """Return who gets what the text's own state gives: those named before, the other side, the second state."""
    if cast.last_receivers and draft.giver not in cast.last_receivers:
        return cast.last_receivers
    ours = {"we", "our"} & set(aid.words[max(0, draft.first - 4) : draft.last])
    abroad = speakers_party(aid, cast) == draft.giver != cast.own
    other = other_side(draft.giver, cast) if (ours or abroad) and aid.one.speaker.person is not None else None
    if other and len(other) == 3 and other.isupper():
        return (other,)
    return ()


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
        itself = re.compile(r"t?G[J]").match(aid.letters, first)
        if itself and aid.words[itself.end() - 1] in ("needs", "need", "requires", "lacks"):
            society = party_of(aid, itself.end() - 2, cast)
            return (society,) if society else ()
        body = own is not None and not (len(own) == 3 and own.isupper())
        served = "W" in aid.letters[first : max(first, draft.verb)]
        if (
            body
            and cast.home
            and (
                served
                or not ("D" in aid.letters[first : draft.last] or OWN_NEED.intersection(aid.words[first : draft.last]))
            )
        ):
            return (cast.home,)  # a society that speaks for people in need: those of the state
        if draft.giver and "those" in aid.words[first : draft.last]:
            return ()  # "the agency to help those still held": not the speaker's own
        if own and own != draft.giver:
            return (own,)
        return (cast.home,) if cast.home and cast.home != draft.giver else ()
    if draft.thanked and "W" in aid.letters[first : draft.last] and draft.giver and draft.giver == cast.home:
        return (cast.home,)  # "the Government for the land given to displaced families"
    if draft.thanked or (aid.one.verb in THANKING and draft.kind == "given"):
        if own is None:
            head = re.match(r"t?[wA]{0,2}(?P<who>[PNSG])[^V,;]{0,3}[VE]", aid.letters[:first])
            thanking = party_of(aid, head.start("who"), cast) if head else None
            own = thanking if thanking != draft.giver else None
        if own and own != draft.giver:
            return (own,)
        return (cast.home,) if own is None and cast.home and cast.home != draft.giver else ()
    named = [
        party_of(aid, match.end() - 1, cast) for match in re.finditer(r"f[tw]{0,2}S(?!')", aid.letters[: draft.first])
    ]
    if draft.verb >= 0 and draft.giver and named and named[-1] and named[-1] != draft.giver:
        return (named[-1],)
    if draft.verb >= 0 and aid.letters[draft.verb] == "U":
        told = {party_of(aid, at, cast) for at in range(first) if aid.letters[at] == "S"} - {draft.giver, None}
        if len(told) == 1:
            return tuple(
                one for one in told if one
            )  # "as Cambodia is facing a daunting task, China will do its utmost to help"
    words = set(aid.words[draft.first : draft.last])
    if {"own", "people"} <= words and draft.giver:
        return (draft.giver,)
    if words & UNCOUNTED_RECEIVERS or not cast.home:
        return ()
    there = _place_before(aid, first)
    if there and there != draft.giver:
        return (there,)
    if draft.giver == cast.home:
        other = _others(aid, draft, cast)
        if other and not words & OWN_PEOPLE:
            return other
        own_people = (
            place
            or words & OWN_PEOPLE
            or (draft.passive and PARTS_OF not in draft.reasons and "y" not in aid.letters[first : draft.last])
            or TO_PEOPLE.search(aid.letters, first, draft.last)
        )
        form = aid.verbs.get(draft.verb)
        shared_out = form is not None and form.verb in ("deliver", "disburse", "release", "distribute")
        at_home = shared_out and "2" not in aid.letters[draft.verb : draft.last]
        if draft.kind != "given":
            return ()
        return (cast.home,) if own_people or at_home or not _names_others(aid, cast) else ()
    return (cast.home,)
