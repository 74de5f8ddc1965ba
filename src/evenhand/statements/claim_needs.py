"""Claims of needs: "an appeal for $14 million", "tents are needed in Aleppo", "oxygen is what our hospitals lack".

Called by `claims` where a clause has no verb of giving.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import Draft
from evenhand.statements.claim_objects import ANOTHER_OBJECT
from evenhand.statements.claim_parties import party_of
from evenhand.statements.claim_spans import find_stop, phrase_start
from evenhand.statements.references import Cast
from evenhand.statements.wordlists import rows_by, word_list

NEEDING = frozenset(word_list("needed required short need needs require requires lack lacks lacked"))
ASKED_FOR = frozenset(
    {"appeal", "urge", "request", "plead", "needed", "required", "short", "urged", "called", "asked", "appealed", "pleaded", "urges", "calls", "asks", "appeals", "pleads", "needs", "need", "requested", "requests",
     "pressed", "pressured", "exhorted", "entreated", "lobbied", "urging", "demanding", "demanded", "implored", "begged", "sought", "seeks", "requires", "require", "appealing", "calling", "asking", "requesting", "seeking", "lack", "lacks", "lacked"}
)  # fmt: skip


NEEDED_NEXT = re.compile(r"D(?:[ofp][twA]{0,3}(?:[QLGTe]|S(?!'w))|2w?[EU])")
SUFFERING = frozenset(
    word_list(
        "there face faces faced facing suffer suffers suffered suffering severe acute serious critical dire desperate"
    )
)
"""What stands before a shortage that is told as a need: "there is a shortage of water"."""
MET = frozenset(
    {
        "meet",
        "meets",
        "met",
        "meeting",
        "address",
        "addresses",
        "fill",
        "cover",
        "covered",
        "covers",
        "satisfy",
        "reduce",
    }
)


def _asks_to_give(aid: Aid, place: int, end: int) -> bool:
    """Say whether what is asked is to give or to help somebody, rather than "to provide access for aid workers"."""
    found = re.compile(r"2w{0,2}(?P<verb>[EU])|2w*[fL]").search(aid.letters, place + 1, end)
    if found is None:
        return False
    verb = found.start("verb") if found.group("verb") else -1
    form = aid.verbs.get(verb)
    if form is not None and rows_by("giving", "verb")[form.verb]["kind"] == "received":
        return False  # "seeking refugee status and their readiness to accept returnees"
    other = form is not None and rows_by("giving", "verb")[form.verb]["needs"] == "resource"
    return not (other and ANOTHER_OBJECT.match(aid.letters, verb + 1, end))


def _is_sum_before(aid: Aid, place: int) -> bool:
    """Say whether money stands before a need: "a $5 million appeal"."""
    for back in range(place - 1, max(-1, place - 6), -1):
        if back in aid.amounts:
            return bool(aid.amounts[back][1].currency)
        if aid.letters[back] not in "w_C":
            return False
    return False


def _passive_need(aid: Aid, place: int, start: int, end: int) -> Draft | None:
    """Return the claim of "shelter, seeds and medicines are needed in Pemba"."""
    if aid.words[place] not in ("needed", "required", "lacking"):
        return None
    head = re.search(r"(?P<thing>[QL][QL_wA,&]{0,24})[^LQ;:.]{0,6}[bu]{1,2}w{0,2}$", aid.letters[start:place])
    if head is None:
        return None
    first = phrase_start(aid, start + head.start("thing"), start)
    return Draft(
        first, find_stop(aid, place, end), "needed", noun=start + head.start("thing"), reasons=[f'"{aid.words[place]}"']
    )


CRIED_FOR = re.compile(
    r"(?:is|are|was|were) what (?:[^,;.]{1,60}?) (?:lack|need|want|require|miss|(?:are|were|is|was) (?:short of|crying out for|waiting for|asking for|begging for))\w{0,2}\b"
)


def _cleft_need(aid: Aid, start: int, end: int) -> Draft | None:
    """Return the claim of "oxygen is what our hospitals lack most"."""
    if "what" not in aid.words[start:end]:
        return None
    found = CRIED_FOR.search(aid.row.plain, aid.start(start), aid.end(end - 1))
    if found is None:
        return None
    at = next(place for place in range(start, end) if aid.start(place) >= found.start())
    things = [place for place in range(start, at) if aid.letters[place] in "LQ"]
    if not things or not re.search(r"[LQ][L_w&,]*$", aid.letters[start:at]):
        return None
    return Draft(
        phrase_start(aid, things[0], start),
        find_stop(aid, at, end),
        "needed",
        noun=things[0],
        reasons=['"is what ... lack"'],
    )


def claim_by_need(aid: Aid, start: int, end: int, cast: Cast) -> Draft | None:
    """Return the claim of an appeal, a need, or a call to contribute."""
    letters = aid.letters
    cleft = _cleft_need(aid, start, end)
    if cleft is not None:
        return cleft
    for place in range(start, end):
        if letters[place] == "D":
            after = letters[place : min(end, place + 16)]
            if not (NEEDED_NEXT.match(after) or _is_sum_before(aid, place)):
                continue
            if (
                aid.words[place] in ("gap", "shortfall", "shortage")
                and "Q" not in letters[max(start, place - 4) : min(end, place + 8)]
                and SUFFERING.isdisjoint(aid.words[max(start, place - 6) : place])
            ):
                continue
            if MET.intersection(aid.words[max(start, place - 6) : place]) and "J" not in letters[start:place]:
                continue
            if letters[max(start, place - 2) : place].lstrip("tw")[:1] == "Z":
                continue  # "no request for assistance was made"
            first = phrase_start(aid, place, start)
            if aid.words[place - 1 : place] == ["in"] or (
                aid.words[place - 2 : place - 1] == ["in"] and letters[place - 1] == "w"
            ):
                people = letters.rfind("W", max(start, place - 10), place)
                first = phrase_start(aid, people, start) if people >= 0 else first
            if letters[place - 1 : place] == "h" and aid.words[place] == "need":
                people = letters.rfind("W", start, place)
                first = phrase_start(aid, people, start) if people >= 0 else first  # "her pupils have need of desks"
            asked = letters.rfind("J", max(0, start - 1), place)
            if asked >= 0 and aid.words[asked] in ("called", "urged", "asked", "appealed"):
                first = asked + 1 + (aid.words[asked + 1] in ("on", "upon", "to", "for"))
            return Draft(first, find_stop(aid, place, end), "needed", noun=place, reasons=[f'"{aid.words[place]}"'])
        passive = _passive_need(aid, place, start, end) if letters[place] == "J" else None
        if passive is not None:
            return passive
        if letters[place] == "J" and aid.words[place] in ASKED_FOR:
            after = letters[place + 1 : end]
            if aid.words[place] in NEEDING and re.match(r"o?[twA]{0,3}[QL]", after):
                joined = letters.rfind("&", start, place)
                joined = joined if joined > start and re.search(r"[hbuVE]", letters[start:joined]) else -1
                said = max(
                    joined,
                    letters.rfind("V", start, place),
                    letters.rfind("k", start, place),
                    letters.rfind("c", start, place),
                    start - 1,
                )
                first = said + 1
                if letters[start - 1 : start] == "i" and "who" in aid.words[start - 1 : start]:
                    first = phrase_start(
                        aid, start - 2 if letters[start - 2 : start - 1] == "W" else start - 1, 0
                    )  # "people who have fled need shelter"
                while first < place and letters[first] in ',.&c"k:;':
                    first += 1
                return Draft(first, find_stop(aid, place, end), "needed", verb=place, reasons=[f'"{aid.words[place]}"'])
            if aid.words[place] in ("called", "calls") and aid.words[place + 1 : place + 2] not in (
                ["on"],
                ["upon"],
                ["for"],
            ):
                continue
            if (
                _asks_to_give(aid, place, end)
                or re.match(r"[w2SGPNt]{0,4}f[twA]{0,4}[QL]", after)
                or (
                    aid.words[place] in ("requested", "requests", "sought", "seeks", "requesting", "seeking")
                    and re.match(r"(?:t?[SGPN]')?[twA]{0,3}[QL]", after)
                )
            ):
                first = place + 1 + (place + 1 < end and aid.words[place + 1] in ("on", "upon", "to", "for"))
                draft = Draft(
                    first, find_stop(aid, place, end), "needed", verb=place, reasons=[f'"{aid.words[place]}"']
                )
                asked_of = re.compile(r"J(?:w(?=t?[SGPNT]))?t?(?P<who>[SGPNT])w?f").match(letters, place, end)
                was_asked = re.search(r"(?P<who>t?[SGPNT])(?:\(.\))?h?b{1,2}w{0,2}$", letters[start:place])
                if was_asked and aid.words[place] in ("asked", "urged", "requested"):
                    draft.first, draft.passive = start + was_asked.start("who"), True
                    draft.giver = party_of(aid, start + was_asked.end("who") - 1, cast)
                elif asked_of:
                    draft.giver = party_of(aid, asked_of.start("who"), cast)
                else:
                    theirs = re.compile(r"J[tw]{0,2}(?P<who>[SGPN])'[wA]{0,3}L").match(letters, place, draft.last)
                    source = theirs or re.compile(r"J[^J.;:Vk]{0,14}F[tw]{0,2}(?P<who>[SGPN])").match(
                        letters, place, draft.last
                    )
                    draft.giver = party_of(aid, source.start("who"), cast) if source else None
                return draft
    return None


PROMISED_IS = re.compile(r"O(?:ot?[GSPN])?b_*[twA]{0,3}(?P<thing>[QL])")


def claim_by_promise(aid: Aid, start: int, end: int, cast: Cast) -> Draft | None:
    """Return the claim of "the promise was 320 houses for Ngangu"."""
    found = PROMISED_IS.search(aid.letters, start, end)
    if found is None or aid.words[found.start()] not in ("promise", "pledge", "offer", "commitment"):
        return None
    thing = found.start("thing")
    return Draft(
        thing, find_stop(aid, thing, end), "promised", noun=thing, giver=None, reasons=[f'"{aid.words[found.start()]}"']
    )
