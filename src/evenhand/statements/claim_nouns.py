"""Claims of nouns: "the WHO's support for Azerbaijan", "an appeal for $14 million", "thanked Japan for its gift".

Called by `claims` where a clause has no verb of giving.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import AID_KIND, THANKING, Draft, ruling_verb
from evenhand.statements.claim_parties import party_of, speakers_party
from evenhand.statements.claim_spans import find_stop, phrase_start
from evenhand.statements.references import Cast
from evenhand.statements.wordlists import rows_by

GRATEFUL = frozenset({"grateful", "thankful", "gratitude", "thanks", "appreciation", "indebted"})
NEEDING = frozenset({"need", "needs", "require", "requires", "lack", "lacks"})
ASKED_FOR = frozenset(
    {"urged", "called", "asked", "appealed", "pleaded", "urges", "calls", "asks", "appeals", "pleads", "needs", "need", "requested", "requests",
     "sought", "seeks", "requires", "require", "appealing", "calling", "asking", "requesting", "seeking", "lack", "lacks"}
)  # fmt: skip


def _passive_need(aid: Aid, place: int, start: int, end: int) -> Draft | None:
    """Return the claim of "shelter, seeds and medicines are needed in Pemba"."""
    if aid.words[place] not in ("needed", "required"):
        return None
    head = re.search(r"(?P<thing>[QL][QL_wA,&]{0,24})[^LQ;:.]{0,6}[bu]{1,2}w{0,2}$", aid.letters[start:place])
    if head is None:
        return None
    first = phrase_start(aid, start + head.start("thing"), start)
    return Draft(
        first, find_stop(aid, place, end), "needed", noun=start + head.start("thing"), reasons=[f'"{aid.words[place]}"']
    )


def claim_by_need(aid: Aid, start: int, end: int, cast: Cast) -> Draft | None:
    """Return the claim of an appeal, a need, or a call to contribute."""
    letters = aid.letters
    for place in range(start, end):
        if letters[place] == "D":
            after = letters[place : min(end, place + 16)]
            before = letters[max(start, place - 4) : place]
            if not (re.match(r"D(?:[ofp2][twA]{0,3}[QLSGTe])", after) or "Q" in before or re.match(r"D2[wE]", after)):
                continue
            if (
                aid.words[place] in ("gap", "shortfall", "shortage")
                and "Q" not in letters[max(start, place - 4) : min(end, place + 8)]
            ):
                continue
            first = phrase_start(aid, place, start)
            asked = letters.rfind("J", max(0, start - 1), place)
            if asked >= 0 and aid.words[asked] in ("called", "urged", "asked", "appealed"):
                first = asked + 1 + (aid.words[asked + 1] in ("on", "upon", "to", "for"))
            return Draft(first, find_stop(aid, place, end), "needed", noun=place, reasons=[f'"{aid.words[place]}"'])
        passive = _passive_need(aid, place, start, end) if letters[place] == "J" else None
        if passive is not None:
            return passive
        if letters[place] == "J" and aid.words[place] in ASKED_FOR:
            after = letters[place + 1 : end]
            if aid.words[place] in NEEDING and re.match(r"[twA]{0,3}[QL]", after):
                first = start
                if letters[start - 1 : start] == "i" and "who" in aid.words[start - 1 : start]:
                    first = phrase_start(aid, start - 1, 0)  # "people who have fled need shelter"
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
                re.search(r"2w{0,2}[EU]|2w*[fL]", after)
                or re.match(r"[w2SGPNt]{0,4}f[twA]{0,4}[QL]", after)
                or (
                    aid.words[place] in ("requested", "requests", "sought", "seeks", "requesting", "seeking")
                    and re.match(r"[twA]{0,3}[QL]", after)
                )
            ):
                first = place + 1 + (place + 1 < end and aid.words[place + 1] in ("on", "upon", "to", "for"))
                return Draft(first, find_stop(aid, place, end), "needed", verb=place, reasons=[f'"{aid.words[place]}"'])
    return None


def claim_by_noun(aid: Aid, start: int, end: int, cast: Cast) -> Draft | None:
    """Return the claim of an aid noun with its giver, its receiver or its amount: "the WHO's support for Azerbaijan"."""
    letters = aid.letters
    for place in range(start, end):
        if letters[place] != "L":
            continue
        verb = ruling_verb(aid, place)
        row = rows_by("resources", "word").get(aid.words[place], {})
        kind = row.get("kind", "")
        before, after = letters[start:place], letters[place + 1 : min(end, place + 14)]
        if re.search(r"Z[^,;]{0,5}$", before):
            continue
        owner = re.search(r"(?P<who>[SGPNA])'?[w]{0,3}$", before)
        source = re.match(r"[^,.;]{0,12}?[Fy][tw]{0,2}(?P<who>[SGPN])", after)
        source = source or (re.match(r"ot?(?P<who>[SGPN])(?!')", after) if kind == AID_KIND else None)
        to = re.match(r"(?:[w])?[2f][twC]{0,3}(?P<who>[SGPN](?!')|A?[tw]{0,2}W|Q_*[w]{0,1}W)", after)
        thanked = (
            (verb in THANKING or GRATEFUL & set(aid.words[start:place]))
            and re.search(r"[PNGSwA][^.;]{0,40}f[twA&]{0,6}$", before)
            and kind in (AID_KIND, "goods")
        )
        had = re.search(r"[GSPN]w{0,2}h$", before) and source
        of_goods = re.match(r"(?:&w)?o[twA]{0,3}L", after) and aid.words[place] in (
            "gift",
            "donation",
            "grant",
            "contribution",
        )
        cost = (
            kind == "goods"
            and re.search(r"[w]{0,2}$", before)
            and re.match(r"[w]{0,2}Q", after)
            and aid.amounts.get(place + 1 + after.index("Q"), (0, None))[1] is not None
        )
        counted = re.search(r"Q_*[wC]{0,3}$", before) and kind != "aid"
        if aid.words[place] in ("contribution", "role", "gesture") and aid.words[place - 1] in (
            "valuable",
            "great",
            "significant",
            "important",
            "major",
            "huge",
            "personal",
            "immense",
            "constructive",
        ):
            continue
        if kind != AID_KIND and not (thanked or cost or (counted and (to or source))):
            continue
        if not (
            (owner and to)
            or source
            or of_goods
            or thanked
            or cost
            or had
            or (to and re.search(r"O(?:ot?[GSPNA])?[wtcf2eEv_]{0,5}[w&]*$", before))
            or (to and "Q" in before)
            or (counted and to)
            or (owner and re.search(r"O2[wL&]*$", before))
        ):
            continue
        verbal = re.compile(r"[bhu]").search(letters, place + 1, end)
        ends = find_stop(aid, place, end if verbal is None or cost else max(place + 1, verbal.start()))
        draft = Draft(phrase_start(aid, place, start), ends, "given", noun=place, reasons=[f'"{aid.words[place]}"'])
        if verb in ("hope", "call", "ask", "appeal", "request", "seek", "urge"):
            draft.kind = "needed"
        if owner:
            draft.giver = party_of(aid, start + owner.start("who"), cast)
        if source:
            draft.giver = party_of(aid, place + 1 + source.start("who"), cast)
        if thanked:
            draft.thanked = True
            ruled = max(
                [at for at in aid.one.clause.verbs if start <= at < place and letters[at] in "VJ"], default=start - 1
            )
            felt = max(
                (at for at in range(start, place) if aid.words[at] in ("grateful", "thankful", "indebted")), default=-1
            )
            whom = re.compile(r"(?P<who>[PNGSA])").search(before, max(ruled, felt) + 1 - start)
            draft.giver = draft.giver or (party_of(aid, start + whom.start("who"), cast) if whom else None)
            if whom:
                draft.first = (
                    start
                    + whom.start("who")
                    - (letters[start + whom.start("who") - 1 : start + whom.start("who")] == "t")
                )
        if had:
            draft.first = place
        promised = re.search(r"(?P<noun>O)(?:ot?[GSPNA])?[wtcf2eEv_]{0,5}[wL&]*$", before)
        if promised:
            draft.kind = "promised"
            draft.first = phrase_start(aid, start + promised.start("noun"), start)
            possessor = re.search(r"(?P<who>[SGPNA])'?[w]{0,3}O|Oot?(?P<of>[SGPNA])", before)
            draft.giver = (
                party_of(aid, start + possessor.start("who" if possessor.group("who") else "of"), cast)
                if possessor
                else speakers_party(aid, cast)
            )
        return draft
    return None
