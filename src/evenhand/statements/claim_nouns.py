"""Claims of nouns: "the WHO's support for Azerbaijan", "an appeal for $14 million", "thanked Japan for its gift".

Called by `claims` where a clause has no verb of giving.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import AID_KIND, MADE_OF, THANKING, Draft, ruling_verb
from evenhand.statements.claim_objects import ANOTHER_OBJECT
from evenhand.statements.claim_parties import other_side, party_of, speakers_party
from evenhand.statements.claim_spans import find_stop, phrase_start
from evenhand.statements.references import Cast
from evenhand.statements.wordlists import rows_by, word_list

GRATEFUL = frozenset({"grateful", "thankful", "gratitude", "thanks", "appreciation", "indebted"})
NEEDING = frozenset({"short", "need", "needs", "require", "requires", "lack", "lacks", "lacked"})
ASKED_FOR = frozenset(
    {"short", "urged", "called", "asked", "appealed", "pleaded", "urges", "calls", "asks", "appeals", "pleads", "needs", "need", "requested", "requests",
     "sought", "seeks", "requires", "require", "appealing", "calling", "asking", "requesting", "seeking", "lack", "lacks", "lacked"}
)  # fmt: skip


NEEDED_NEXT = re.compile(r"D(?:[ofp][twA]{0,3}(?:[QLGTe]|S(?!'w))|2w?[EU])")
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
POLITICAL = frozenset(
    word_list("""sovereignty territorial integrity candidature candidacy candidate bid membership independence unity principle policy position stance cause
    statehood accession election presidency mandate resolution ceasefire truce peace dialogue negotiations mediation sanctions
    initiative initiatives proposal vote reunification normalisation normalization legitimacy interests sovereign""")
)
"""What support is given to where it is no assistance."""


def is_political(aid: Aid, first: int, last: int) -> bool:
    """Say whether a stretch tells of support for a cause, a claim or a candidate, and of no relief."""
    words = aid.words[first:last]
    return bool(POLITICAL.intersection(words)) and not RELIEF.intersection(words) and "Q" not in aid.letters[first:last]


RELIEF = frozenset(word_list("humanitarian relief medical food emergency refugees displaced financial million"))


OWN_MEANS = frozenset({"budget", "fund", "funds", "finance", "resources", "amount", "sum", "credit"})
"""What belongs to whoever stands behind "of", rather than comes from them."""


def _is_owned(aid: Aid, start: int, place: int) -> bool:
    """Say whether somebody's word stands before an aid noun: in "its support of the agency" the agency gets it."""
    return any(
        aid.words[at] in ("its", "his", "her", "their", "your", "our") for at in range(max(start, place - 4), place)
    )


def _is_money_next(aid: Aid, place: int) -> bool:
    """Say whether a sum stands behind an aid noun: "a contribution of 40 million kroner"."""
    return any(at in aid.amounts and aid.amounts[at][1].currency for at in range(place + 1, place + 5))


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
                was_asked = re.search(r"(?P<who>t?[SGPNT])bw{0,2}$", letters[start:place])
                if was_asked and aid.words[place] in ("asked", "urged", "requested"):
                    draft.first, draft.passive = start + was_asked.start("who"), True
                    draft.giver = party_of(aid, start + was_asked.end("who") - 1, cast)
                elif asked_of:
                    draft.giver = party_of(aid, asked_of.start("who"), cast)
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


TOTALLED = re.compile(r"(?:[pf2][twC]{0,3}[SGCWw])*h?w{1,3}(?:2|p)?[tw]{0,2}Q")
RECEIVER_THEN = re.compile(r"[2f][twC]{0,3}[SGW]w")
FINITE = frozenset(
    word_list(
        "came comes stood stands reached totalled totaled amounted exceeded remained remains went goes made makes grew rose fell "
        "began begins continued included covers covered forms formed"
    )
)
NO_VERBS = frozenset(word_list("thus always besides towards overseas afterwards across sometimes perhaps"))


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
        if "can" in aid.words[start:place] and re.search(r"u[EU][^VEi]*$", before):
            continue  # what somebody is able to send is not sent
        if re.search(r"Z[^,;]{0,5}$", before) or "whether" in aid.words[max(0, start - 1) : place]:
            continue
        owner = re.search(r"(?P<who>[SGPNA])'?[w]{0,3}$", before)
        source = re.match(r"[^,.;]{0,12}?[Fy][tw]{0,2}(?P<who>[SGPN])", after)
        source = source or (
            re.match(r"ot?(?P<who>[SGPN])(?!')", after)
            if kind == AID_KIND and aid.words[place] not in OWN_MEANS and not _is_owned(aid, start, place)
            else None
        )
        to = re.match(r"(?:[w])?[2f][twC]{0,3}(?P<who>[SGPN](?!')|A?[tw]{0,2}W|Q_*[w]{0,1}W)", after)
        thanked = (
            (verb in THANKING or GRATEFUL & set(aid.words[start:place]))
            and re.search(r"[PNGSwA][^.;]{0,40}f[twA&SG'Q_L]{0,6}$", before)
            and (
                kind in (AID_KIND, "goods")
                or (
                    kind in ("people", "structure")
                    and not re.match(r"L*['wVv]", after)
                    and re.search(r"[PNGSAT]", before)
                )
            )
        )
        had = re.search(r"[GSPN]w{0,2}h$", before) and source
        of_goods = re.match(r"(?:&w)?o[twA]{0,3}L", after) and aid.words[place] in (
            "gift",
            "donation",
            "grant",
            "contribution",
        )
        total = TOTALLED.match(after) if kind == AID_KIND and (owner or to) else None
        of_sum = kind == AID_KIND and re.match(r"ow{0,2}Q", after) and _is_money_next(aid, place)
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
        if kind == AID_KIND and is_political(aid, place + 1, min(end, place + 9)):
            continue
        if kind != AID_KIND and not (thanked or cost or (counted and (to or source))):
            continue
        if not (
            (owner and to)
            or (of_sum and (owner or to or MADE_OF.search(" ".join(aid.words[max(start, place - 12) : place]))))
            or source
            or of_goods
            or total
            or thanked
            or cost
            or had
            or (to and re.search(r"O(?:ot?[GSPNA])?[wtcf2eEv_]{0,5}[w&]*$", before))
            or (to and "Q" in before)
            or (counted and to)
            or (owner and re.search(r"O2[wL&]*$", before))
            or (to and kind == AID_KIND and MADE_OF.search(" ".join(aid.words[max(start, place - 12) : place])))
        ):
            continue
        verbal = None if total else re.compile(r"[bhu]").search(letters, place + 1, end)
        ends = find_stop(aid, place, end if verbal is None or cost else max(place + 1, verbal.start()))
        for behind in RECEIVER_THEN.finditer(letters, place, ends):
            if total:
                break
            word = aid.words[behind.end() - 1]
            if word in FINITE or (
                word.endswith("s")
                and aid.letters[behind.end() : behind.end() + 1] in ("t", "w")
                and word not in NO_VERBS
            ):
                ends = behind.end() - 1
                break
        paid = re.search(r"(?P<sum>Q)_*p[w]{0,2}L*$", before)
        begins = phrase_start(aid, start + paid.start("sum") if paid else place, start)
        draft = Draft(begins, ends, "given", noun=place, reasons=[f'"{aid.words[place]}"'])
        if verb in ("hope", "call", "ask", "appeal", "request", "seek", "urge"):
            draft.kind = "needed"
        if owner:
            draft.giver = party_of(aid, start + owner.start("who"), cast)
        if total and owner:
            draft.first = phrase_start(aid, start + owner.start("who"), start)
        if source:
            draft.giver = party_of(aid, place + 1 + source.start("who"), cast)
        if thanked:
            draft.thanked = True
            ruled = max(
                [at for at in aid.one.clause.verbs if start <= at < place and letters[at] in "VJ"], default=start - 1
            )
            felt = max((at for at in range(start, place) if aid.words[at] in GRATEFUL), default=-1)
            since = max(ruled, felt) + 1 - start
            whom = re.compile(r"2t?(?P<who>[PNGSTA])[^f]{0,12}f[^f]*$").search(before, since) or re.compile(
                r"(?P<who>[PNGSA])"
            ).search(before, since)
            draft.giver = draft.giver or (party_of(aid, start + whom.start("who"), cast) if whom else None)
            you = next((at for at in range(max(ruled, felt) + 1, place) if aid.words[at] == "you"), None)
            if whom is None and you is not None:
                draft.giver, draft.first = draft.giver or other_side(speakers_party(aid, cast), cast), you
            if whom and "&f" not in letters[start + whom.start("who") : place]:
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
