"""Claims of nouns: "the WHO's support for Azerbaijan", "thanked Japan for its gift", "built under Japanese aid".

Called by `claims` where a clause has no verb of giving.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_begins import find_begin
from evenhand.statements.claim_causes import RELIEF, is_political
from evenhand.statements.claim_draft import AID_KIND, MADE_OF, THANKING, TRADED, Draft, ruling_verb
from evenhand.statements.claim_parties import other_side, party_of, speakers_party
from evenhand.statements.claim_spans import find_stop, phrase_start
from evenhand.statements.references import Cast
from evenhand.statements.wordlists import rows_by, word_list

UNNAMED = frozenset(
    word_list(
        "donors partners countries states nations friends governments community benefactors companies sponsors allies"
    )
)
GRATEFUL = frozenset({"grateful", "thankful", "gratitude", "thanks", "appreciation", "indebted"})

OWN_MEANS = frozenset({"budget", "fund", "funds", "finance", "resources", "amount", "sum", "credit"})
"""What belongs to whoever stands behind "of", rather than comes from them."""


IS_A_GIFT = re.compile(r"(?P<what>L)[^bhuVE;:&LQ]{0,8}[hu]?b{1,2}t?w{0,2}$")


def _is_owned(aid: Aid, start: int, place: int) -> bool:
    """Say whether somebody's word stands before an aid noun: in "its support of the agency" the agency gets it."""
    return any(
        aid.words[at] in ("its", "his", "her", "their", "your", "our") for at in range(max(start, place - 4), place)
    )


def _is_money_next(aid: Aid, place: int) -> bool:
    """Say whether a sum stands behind an aid noun: "a contribution of 40 million kroner"."""
    return any(at in aid.amounts and aid.amounts[at][1].currency for at in range(place + 1, place + 5))


TOTALLED = re.compile(r"L{0,2}(?:2[VEUw][tw]{0,4})?(?:[pf2][twC]{0,3}[SGCWw])*(?:h?w{1,3}(?:2|p)?|u?b)[tw]{0,3}Q")
RECEIVER_THEN = re.compile(r"[2f][twC]{0,3}[SGW]w")
FINITE = frozenset(
    word_list(
        "came comes stood stands reached totalled totaled amounted exceeded remained remains went goes made makes grew rose fell "
        "began begins continued included covers covered forms formed"
    )
)
NO_VERBS = frozenset(word_list("thus always besides towards overseas afterwards across sometimes perhaps"))


MEANS = re.compile(r"(?P<by>[wx])t?w{0,2}(?P<who>[SGA])'?w{0,2}$")
"""Whose aid something is done with: "under Japanese aid", "through Norway's support"."""
DONE = re.compile(r"[LCSGAb]")
PLAINLY_AID = frozenset(
    {
        "aid",
        "assistance",
        "help",
        "relief",
        "support",
        "donation",
        "donations",
        "contribution",
        "contributions",
        "grant",
        "grants",
        "gift",
        "funding",
    }
)
"""Nouns that with whose they are make a claim: "acknowledged Japan's support"."""
REAFFIRMING = frozenset({"reaffirm", "reiterate", "affirm", "assure", "pledge", "promise", "guarantee", "confirm"})
"""Verbs by which support that goes on is promised."""


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
                or (kind == "unit" and "Q" in before[-4:])
                or (kind == "service" and not RELIEF.isdisjoint(aid.words[max(start, place - 2) : place]))
                or (
                    kind in ("people", "structure")
                    and not re.match(r"L*['wVv]", after)
                    and re.search(r"[PNGSAT]", before)
                )
            )
        )
        had = re.search(r"[GSPN]w{0,2}h$", before) and source
        possessed = (
            kind == AID_KIND
            and aid.words[place] in PLAINLY_AID
            and re.search(r"[VJ](?:[wty]{0,3}|[^EUVJ;:]{0,24}(?:[of&]|,&)t?)[SG]'[w]{0,4}(?:&w)?$", before)
            and letters[place + 1 : place + 2] not in ("L", "w", "W", "V", "b", "h", "u", "E", "e", "'")
            and not (letters[place + 1 : place + 2] == "f" and not re.search(r"[SGWTAP]|^ft?C", after[:8]))
        )
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
            and TRADED.isdisjoint(aid.words[start:place])
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
            or possessed
            or (
                kind == AID_KIND
                and aid.words[place] in PLAINLY_AID
                and (by := MEANS.search(before))
                and aid.words[start + by.start("by")] in ("under", "with", "through")
                and DONE.search(before[: by.start("by")])
                and any(
                    aid.words[at].endswith(("ed", "ing")) or aid.words[at] == "built"
                    for at in range(start, start + by.start("by"))
                )
            )
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
        means = MEANS.search(before) if kind == AID_KIND and aid.words[place] in PLAINLY_AID else None
        if means and aid.words[start + means.start("by")] in ("under", "with", "through"):
            draft.first = find_begin(aid, start, start + means.start("by"), None, passive=False)
        if verb in REAFFIRMING and (owner or to):
            draft.kind = "promised"
        if verb in ("hope", "call", "ask", "appeal", "request", "seek", "urge"):
            draft.kind = "needed"
        if owner:
            draft.giver = party_of(aid, start + owner.start("who"), cast)
        if total and owner:
            draft.first = phrase_start(aid, start + owner.start("who"), start)
        if source and not (owner and letters[place + 1 + source.start("who") - 1] != "F" and "F" not in source.group()):
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
            vague = next((at for at in range(max(ruled, felt) + 1, place) if aid.words[at] in UNNAMED), None)
            if whom is None and you is None and vague is not None and "f" in letters[vague:place]:
                draft.first = phrase_start(
                    aid, vague, max(ruled, felt) + 1
                )  # "foreign governments for previous assistance"
            if whom and "&f" not in letters[start + whom.start("who") : place]:
                draft.first = (
                    start
                    + whom.start("who")
                    - (letters[start + whom.start("who") - 1 : start + whom.start("who")] == "t")
                )
        if had:
            draft.first = place
        was_given = (
            IS_A_GIFT.search(before) if aid.words[place] in ("gift", "donation", "present", "contribution") else None
        )
        if was_given:
            draft.noun = start + was_given.start("what")
            draft.first = phrase_start(aid, draft.noun, start)  # "the hospital in Dong Hoi was a gift of Cuba"
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
