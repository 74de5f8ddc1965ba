"""Assistance that a text says was given, promised or needed: one claim for each mention.

Called by `reader`. A sentence is cut into clauses; a clause with a verb of giving and something given, an aid noun with its giver or its
receiver, or an appeal makes a claim; several counted things in a row make one each. What was refused or has not arrived is no claim; what the
same sentence says was promised or asked for is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from evenhand.statements.aid import Aid, read_aid
from evenhand.statements.aid_words import TWO_WORDS
from evenhand.statements.attributed import Attribution
from evenhand.statements.claim_amounts import head_of
from evenhand.statements.claim_clauses import cut_clauses
from evenhand.statements.claim_deeds import TOLD_BY_NOUN, claim_by_deed
from evenhand.statements.claim_details import finish_claim
from evenhand.statements.claim_draft import AID_KIND, MADE_OF, PARTS_OF, Draft
from evenhand.statements.claim_lists import (
    LISTED,
    LISTING,
    ONE_MORE_THING,
    UNCOUNTED_AHEAD,
    claim_by_parts,
    counted_from,
    counts_one,
    gapped_pledges,
    is_thing,
    mixed_parts,
    one_more,
    sums_included,
    uncounted_behind,
)
from evenhand.statements.claim_needs import claim_by_need, claim_by_promise
from evenhand.statements.claim_nouns import claim_by_noun
from evenhand.statements.claim_objects import kind_of
from evenhand.statements.claim_spans import find_stop, goes_on_to_do
from evenhand.statements.claim_verbs import claim_by_verb
from evenhand.statements.document import Claim, Sentence
from evenhand.statements.gazetteer import Entry
from evenhand.statements.references import Cast
from evenhand.statements.tokens import Tokens

SUBJECT = re.compile(r"(?P<who>[PNGSRA])(?P<rest>(?:[w'&,tPNGSACLo()]){0,8}?)(?P<aux>[wZabhuM]*)$")


NEEDED_AFTER = re.compile(r"J(?:[^.;:Vk]{0,12}?)$")


ANYTHING = re.compile(r"[EeULDJ]")


CONTRACT = re.compile(
    r"\b(?:contract|tender)\b.{0,80}\b(?:signed|awarded|concluded|placed)\b|\b(?:signed|awarded|concluded) (?:a|the) contract\b"
    r"|\b(?:signed|signing|exchanged|inked|concluded)\b.{0,60}\b(?:agreement|memorandum|notes|deal|MoU)\b(?=.{0,90}\b(?:to|for|worth|under which)\b)"
)
"""What is signed for is promised until it has come."""
ITEM = re.compile(r"\"?2w?[EU]")
FINITE = re.compile(r"[hubV]")
"""An item of a list below a colon, "to provide two tents": what was decided, by whoever was told of before."""
MOST_IN_A_SENTENCE = 12


def find_claims(
    row: Tokens,
    spans: list[tuple[int, int]],
    said: list[Attribution],
    sentences: list[Sentence],
    cast: Cast,
    day: date | None,
) -> Iterator[Claim]:
    """Yield the claims of a text, in its order."""
    cast.last_receivers = _named_above(row, spans, cast)
    for span, one, sentence in zip(spans, said, sentences, strict=True):
        first, last = row.between(*span)
        aid = read_aid(row, first, last, one)
        if aid is None or not ANYTHING.search(aid.letters):
            continue
        made: list[tuple[Claim, Draft]] = []
        for start, end in cut_clauses(aid.letters, aid.words):
            if len(made) >= MOST_IN_A_SENTENCE:
                break
            for draft in _drafts(aid, start, end, cast, made[-1][1] if made else None):
                if made and draft.giver is None and _goes_on(aid, start, draft):
                    draft.giver = made[-1][0].giver
                claim = finish_claim(aid, draft, sentence, cast, day)
                if (
                    claim is not None
                    and not claim.receiver
                    and made
                    and aid.letters[draft.first] == "M"
                    and made[-1][0].giver == claim.giver
                ):
                    claim = replace(claim, receiver=made[-1][0].receiver)
                if claim is not None and not any(
                    claim.start < other.end and other.start < claim.end for other, _ in made
                ):
                    made.append((claim, draft))
        yield from sorted((claim for claim, _ in made[:MOST_IN_A_SENTENCE]), key=lambda claim: claim.start)


def _named_above(row: Tokens, spans: list[tuple[int, int]], cast: Cast) -> tuple[str, ...]:
    """Return the state that a headline names as receiver: "Government provides assistance to Venezuela"."""
    until = row.between(*spans[0])[0] if spans else 0
    for at in range(until - 1, 0, -1):
        ref = row.refs[at]
        if isinstance(ref, Entry) and ref.kind == "state" and row.words[at - 1].lower() in ("to", "for"):
            return (ref.state,) if ref.state != cast.home else ()
    return ()


def _goes_on(aid: Aid, start: int, draft: Draft) -> bool:
    """Say whether a claim shares the giver of the one before: "sent 20 tents and gave $2 million", "of which $8 million would go to"."""
    before = aid.letters[max(0, start - 3) : draft.first]
    if ONE_MORE_THING in draft.reasons:
        return True
    return not re.search(r"[SGPNATR]", before) and (re.search(r"oi|&$|Q?_*,$", before) is not None)


def _drafts(aid: Aid, start: int, end: int, cast: Cast, made: Draft | None) -> Iterator[Draft]:
    """Yield what a clause says was given, promised or needed."""
    letters = aid.letters[start:end]
    if not ANYTHING.search(letters):
        return
    counted = [
        match
        for match in (LISTED.finditer(letters) if "Q" in letters else ())
        if is_thing(aid, start + match.start("noun"), start) and counts_one(aid, start + match.start())
    ]
    if not any(letters[match.start()] == "Q" for match in counted):
        counted = []
    counted = [
        match
        for number, match in enumerate(counted)
        if not number or LISTING.search(letters[counted[number - 1].end() : match.start()])
    ]
    money = [
        place
        for place in range(start, end)
        if place in aid.amounts
        and aid.amounts[place][1].currency
        and not (place and aid.words[place - 1] in ("worth", "costing", "(", "approximately"))
        and aid.words[max(0, place - 2) : place]
        not in (["(", "about"], ["(", "some"], ["(", "around"], ["(", "over"], ["(", "nearly"])
    ]
    base = one_more(aid, start, end, made) if made is not None and aid.letters[start - 1 : start] == "&" else None
    if base is None:
        base = _base(aid, start, end, cast)
    sums = sums_included(aid, start, end, money, cast) if len(money) >= 2 else []
    if sums:
        yield from sums
        return
    if base is None:
        base = claim_by_parts(aid, start, end, counted)
    if base is None:
        return
    made_of = MADE_OF.search(aid.row.plain, aid.start(start), aid.end(end - 1)) if len(counted) >= 2 else None
    if made_of and PARTS_OF not in base.reasons:
        base.reasons.append(PARTS_OF)
    if start == 0 and ITEM.match(letters) and not FINITE.search(letters):
        base.kind, base.giver = "promised" if base.kind == "given" else base.kind, base.giver or cast.last_giver
    if base.kind == "given" and CONTRACT.search(aid.row.plain, aid.start(0), aid.end(len(aid.letters) - 1)):
        base.kind = "promised"
    if made_of:
        counted = [match for match in counted if aid.start(start + match.start()) >= made_of.end()]
    elif base.verb >= 0 and base.kind != "needed":
        until = end
        if len(counted) >= 2 and not base.passive:
            until = next((at for at in range(base.verb + 3, end) if goes_on_to_do(aid, at, base.verb, end)), end)
        counted = [
            match
            for match in counted
            if (start + match.start() < base.verb) == base.passive and start + match.start() < until
        ]
    mixed = (
        mixed_parts(aid, start, counted, money)
        if counted and money and base.kind != "needed" and base.verb >= 0
        else []
    )
    if mixed:
        for begin, stop, at in mixed:
            parts = [*base.reasons, "one of several counted things"]
            yield Draft(
                begin,
                stop,
                base.kind,
                base.verb,
                stop - 1,
                base.giver,
                next(aid.amounts[place][1] for place in range(begin, stop) if place in aid.amounts),
                at,
                base.passive,
                base.thanked,
                parts,
            )
        return
    if counted and base.verb >= 0 and not base.passive and base.kind != "needed":
        begin = counted_from(aid, start + counted[0].start(), start)
        ahead = UNCOUNTED_AHEAD.search(aid.letters, max(start, base.verb), begin)
        if ahead and ahead.start("noun") <= base.noun <= ahead.end("noun") and kind_of(aid, base.noun) != AID_KIND:
            yield replace(base, last=ahead.end("noun"))
            if len(counted) == 1:
                noun = start + counted[0].end("noun")
                parts = [*base.reasons, "one of several counted things"]
                yield replace(
                    base,
                    first=begin,
                    last=noun,
                    noun=noun - 1,
                    counted=noun - 1,
                    amount=aid.amounts.get(start + counted[0].start(), (0, None))[1],
                    reasons=parts,
                )
                return
    if len(counted) >= 2 and not (base.kind == "needed" and money):
        for match in counted:
            begin, stop = (
                start + match.start(),
                start
                + (
                    match.end("noun") + 1
                    if " ".join(aid.words[start + match.end("noun") - 1 : start + match.end("noun") + 1]) in TWO_WORDS
                    else match.end("what")
                    if match.group("what") and letters[match.start("what")] == "L"
                    else head_of(aid, start + match.end("noun") - 1) - start + 1
                ),
            )
            yield Draft(
                counted_from(aid, begin, start),
                stop,
                base.kind,
                base.verb,
                stop - 1,
                base.giver,
                aid.amounts[begin][1] if begin in aid.amounts else None,
                start + match.end("noun") - 1 if match.group("what") else stop - 1,
                base.passive,
                base.thanked,
                [*base.reasons, "one of several counted things"],
            )
        yield from uncounted_behind(aid, base, start + counted[-1].end("noun"), end)
        return
    if (
        len(counted) == 1
        and base.verb >= 0
        and not base.passive
        and base.kind != "needed"
        and letters[counted[0].start()] == "Q"
        and counted[0].group("noun")[0] == "L"
        and start + counted[0].start() <= base.noun < start + counted[0].end("noun")
    ):
        noun = start + counted[0].end("noun")
        behind = list(uncounted_behind(aid, base, noun, end))
        if behind:
            begin = start + counted[0].start()
            parts = [*base.reasons, "one of several counted things"]
            yield replace(
                base,
                first=counted_from(aid, begin, start),
                last=noun,
                noun=noun - 1,
                counted=noun - 1,
                amount=aid.amounts[begin][1],
                reasons=parts,
            )
            yield from behind
            return
    gapped = gapped_pledges(aid, base, money, cast) if base.verb >= 0 and len(money) >= 2 else []
    if gapped:
        yield replace(base, last=min(base.last, gapped[0].first - 1))
        yield from gapped
        return
    second = next(
        (
            place
            for place in money[1:]
            if re.search(r"[&,][wt]{0,3}$", letters[: place - start])
            and aid.words[place - 1] not in ("or", "about")
            and "or" not in aid.words[place - 2 : place]
        ),
        None,
    )
    if second is not None and base.first < second < base.last and base.verb >= 0:
        second_from = counted_from(aid, second, base.verb + 1)
        yield replace(base, last=find_stop(aid, base.verb, second_from))
        yield Draft(
            second_from,
            base.last,
            base.kind,
            base.verb,
            second,
            base.giver,
            aid.amounts[second][1],
            -1,
            base.passive,
            base.thanked,
            [*base.reasons, "the second sum"],
        )
        return
    yield base


PURPOSE = re.compile(r"L[^EUVki;]*(?:2w?|pw?|fw?)$")


def _is_purpose(aid: Aid, start: int, verb: int) -> bool:
    """Say whether a verb tells what aid is for: "Japan's assistance in building a bridge", "contributions by donors to support"."""
    found = PURPOSE.search(aid.letters, start, verb) if verb > start else None
    return found is not None and any(
        kind_of(aid, at) == AID_KIND for at in range(found.start(), verb) if aid.letters[at] == "L"
    )


def _base(aid: Aid, start: int, end: int, cast: Cast) -> Draft | None:
    """Return the claim of a clause by the first pattern that fits; a pattern whose letter is not there is passed over."""
    letters = aid.letters[start:end]
    found = claim_by_verb(aid, start, end, cast) if "E" in letters or "e" in letters or "U" in letters else None
    if found is not None and _is_purpose(aid, start, found.verb):
        asked = "J" in letters or "D" in letters
        named = (claim_by_need(aid, start, end, cast) if asked else None) or claim_by_noun(aid, start, found.verb, cast)
        if named is not None:
            named.last = max(named.last, found.last)
            return named
    if found is None and ("D" in letters or "J" in letters or "what" in aid.words[start:end]):
        found = claim_by_need(aid, start, end, cast)
    if found is None and "L" in letters:
        found = claim_by_noun(aid, start, end, cast)
    if found is None and "O" in letters:
        found = claim_by_promise(aid, start, end, cast)
    if found is None and not TOLD_BY_NOUN.isdisjoint(aid.words[start:end]):
        found = claim_by_deed(aid, start, end, cast)
    return found
