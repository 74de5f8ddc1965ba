"""Assistance that a text says was given, promised or needed: one claim for each mention.

Called by `reader`. A sentence is cut into clauses; a clause with a verb of giving and something given, an aid noun with its giver or its
receiver, or an appeal makes a claim; several counted things in a row make one each. What was refused or has not arrived is no claim; what the
same sentence says was promised or asked for is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from evenhand.statements.aid import TWO_WORDS, Aid, read_aid
from evenhand.statements.attributed import Attribution
from evenhand.statements.claim_details import finish_claim
from evenhand.statements.claim_draft import MADE_OF, Draft
from evenhand.statements.claim_nouns import claim_by_need, claim_by_noun
from evenhand.statements.claim_parties import party_of
from evenhand.statements.claim_spans import find_stop
from evenhand.statements.claim_verbs import claim_by_verb
from evenhand.statements.document import Claim, ClaimKind, Sentence
from evenhand.statements.references import Cast
from evenhand.statements.tokens import Tokens

CUT = re.compile(
    r"(?P<that>(?<=[VwvE])c|(?<=[VvPNGSRw],)c|(?<=J)c)|(?P<but>,?k(?!t?[SAGRt]?'?w*L))|(?P<who>,?i)|(?P<adding>,(?=w?[vV]))|(?P<mark>[;:])|"
    r"(?P<and>,?&(?=w?[VJM]|(?:t?[wCAL']{0,2}[PNGSRL])[w,]{0,3}[bhuEU]|t?w{1,3}[bhu]|c)|,&(?=w?E))|(?P<joined>(?<![PNGS]),(?=t?[PNGSR]w?[bhuV]))"
)


GAPPED = re.compile(r"[,&]{1,2}k?w{0,2}t?(?P<who>[SG])[w,]{0,2}(?=Q)")
LISTED = re.compile(r"Q_*[twC'A]{0,3}(?P<noun>L+(?:[we]L)?|w)(?:o[twA]{0,3}(?P<what>L+|w))?")


SUBJECT = re.compile(r"(?P<who>[PNGSRA])(?P<rest>(?:[w'&,tPNGSACLo()]){0,8}?)(?P<aux>[wZabhuM]*)$")


NEEDED_AFTER = re.compile(r"J(?:[^.;:Vk]{0,12}?)$")


ANYTHING = re.compile(r"[EeULDJ]")


CONTRACT = re.compile(
    r"\b(?:contract|tender)\b.{0,80}\b(?:signed|awarded|concluded|placed)\b|\b(?:signed|awarded|concluded) (?:a|the) contract\b"
)
"""What is signed for is promised until it has come."""
LATER = re.compile(r"\b(?:will|would|shall|to be)\b")
LOADS = frozenset(
    {
        "load",
        "cooperation",
        "co-operation",
        "consignment",
        "offer",
        "response",
        "effort",
        "intervention",
        "handover",
        "delivery",
    }
)
"""Words for what a list of gifts makes up, which are no aid by themselves."""
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
    for span, one, sentence in zip(spans, said, sentences, strict=True):
        first, last = row.between(*span)
        aid = read_aid(row, first, last, one)
        if aid is None or not ANYTHING.search(aid.letters):
            continue
        made: list[tuple[Claim, Draft]] = []
        for start, end in _clauses(aid.letters, aid.words):
            for draft in _drafts(aid, start, end, cast):
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


def _clauses(letters: str, words: list[str]) -> list[tuple[int, int]]:
    """Return the clauses of a sentence as ranges of tokens."""
    cuts = [0]
    for match in CUT.finditer(letters):
        if (
            match.group("who")
            and re.match(r",?i(?:[wbhuaZ]{0,4}[JE]|t?[SGPNR](?:\([GC]\))?[hu]{0,2}E)", letters[match.start() :])
            and not letters[: match.start()].rstrip("w").endswith("V")
        ):
            continue  # "the bank, which was asked to pay": one clause with what it hangs on
        cuts.append(match.end())
    cuts += [
        place + 1
        for place, word in enumerate(words)
        if letters[place - 1 : place] == "," and word.endswith("ing") and letters[place] in "we"
    ]
    cuts += [match.start() for match in re.finditer(r"x(?=t?[wASGPCL']{1,6}e)", letters)]
    cuts = sorted({*cuts, len(letters)})
    return [(start, end) for start, end in itertools.pairwise(cuts) if end > start]


def _drafts(aid: Aid, start: int, end: int, cast: Cast) -> Iterator[Draft]:
    """Yield what a clause says was given, promised or needed."""
    letters = aid.letters[start:end]
    if not ANYTHING.search(letters):
        return
    counted = [
        match
        for match in (LISTED.finditer(letters) if "Q" in letters else ())
        if _is_thing(aid, start + match.start("noun"), start)
    ]
    money = [place for place in range(start, end) if place in aid.amounts and aid.amounts[place][1].currency]
    base = (
        claim_by_verb(aid, start, end, cast)
        or claim_by_need(aid, start, end, cast)
        or claim_by_noun(aid, start, end, cast)
    )
    if base is None:
        base = _made_of(aid, start, end, counted)
    if base is None:
        return
    made_of = MADE_OF.search(aid.row.plain, aid.start(start), aid.end(end - 1)) if len(counted) >= 2 else None
    if base.kind == "given" and CONTRACT.search(aid.row.plain, aid.start(0), aid.end(len(aid.letters) - 1)):
        base.kind = "promised"
    if made_of:
        counted = [match for match in counted if aid.start(start + match.start()) >= made_of.end()]
    elif base.verb >= 0 and base.kind != "needed":
        counted = [match for match in counted if (start + match.start() < base.verb) == base.passive]
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
                    else match.end("noun")
                ),
            )
            yield Draft(
                begin,
                stop,
                base.kind,
                base.verb,
                stop - 1,
                base.giver,
                aid.amounts[begin][1],
                start + match.end("noun") - 1,
                base.passive,
                base.thanked,
                [*base.reasons, "one of several counted things"],
            )
        return
    gapped = _gapped(aid, base, money, cast) if base.verb >= 0 and len(money) >= 2 else []
    if gapped:
        yield replace(base, last=min(base.last, gapped[0].first - 1))
        yield from gapped
        return
    second = next(
        (
            place
            for place in money[1:]
            if re.search(r"[&,]w{0,2}$", letters[: place - start])
            and aid.words[place - 1] not in ("or", "about")
            and "or" not in aid.words[place - 2 : place]
        ),
        None,
    )
    if second is not None and base.first < second < base.last and base.verb >= 0:
        yield replace(base, last=find_stop(aid, base.verb, second))
        yield Draft(
            second,
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


def _gapped(aid: Aid, base: Draft, money: list[int], cast: Cast) -> list[Draft]:
    """Return the further pledges of "Sweden pledged 300 million kronor, Norway 150 million and Germany 40 million euros"."""
    found: list[Draft] = []
    for number, place in enumerate(money):
        giver = next((one for one in GAPPED.finditer(aid.letters, base.verb, place + 1) if one.end() == place), None)
        if place <= base.verb or giver is None:
            continue
        who = giver.start("who")
        until = GAPPED.search(aid.letters, place, money[number + 1] + 1) if number + 1 < len(money) else None
        last = until.start() if until else base.last
        party = party_of(aid, who, cast)
        reasons = [*base.reasons, "a further giver with the same verb"]
        found.append(Draft(who, max(last, place + 1), base.kind, base.verb, place, party, reasons=reasons))
    return found


def _made_of(aid: Aid, start: int, end: int, counted: list[re.Match[str]]) -> Draft | None:
    """Return the claim of "the gift is made up of 20 tents and 30 blankets"."""
    found = MADE_OF.search(aid.row.plain, aid.start(start), aid.end(end - 1)) if counted else None
    if found is None:
        return None
    gift = next(
        (
            place
            for place in range(start, end)
            if (aid.letters[place] == "L" or aid.words[place] in LOADS) and aid.end(place) <= found.start()
        ),
        None,
    )
    kind: ClaimKind = "promised" if LATER.search(aid.row.plain, found.end(), aid.end(len(aid.letters) - 1)) else "given"
    return (
        Draft(start, end, kind, noun=gift, passive=True, reasons=[f'"{found.group()}"']) if gift is not None else None
    )


def _is_thing(aid: Aid, place: int, start: int) -> bool:
    """Say whether a counted word is something that is given, rather than people who get it or a measure of time."""
    word = aid.words[place]
    if aid.letters[place] == "L":
        return True
    return word.endswith("s") and word not in (
        "years",
        "months",
        "days",
        "weeks",
        "hours",
        "times",
        "percent",
        "meetings",
        "visits",
        "rounds",
        "conferences",
        "members",
        "states",
        "issues",
        "points",
        "kilometres",
        "kilometers",
        "miles",
    )
