"""Several things, sums or parties in a row, each of which makes a claim: "20 tents, 30 stoves and $2 million in cash".

Called by `claims`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import MADE_OF, PARTS_OF, TRADED, UNCOUNTED, Draft
from evenhand.statements.claim_objects import kind_of
from evenhand.statements.claim_parties import party_of
from evenhand.statements.claim_spans import find_stop
from evenhand.statements.document import ClaimKind
from evenhand.statements.references import Cast
from evenhand.statements.wordlists import rows_by

LISTING = re.compile(r"[,&]")
GAPPED = re.compile(r"[,&]{1,2}k?w{0,2}t?(?P<who>[SG])[w,]{0,2}(?=Q)")
LISTED = re.compile(
    r"(?:Q_*|(?<=[LQ_w]&)t(?=[wCA]{0,2}L))[twC'A]{0,3}(?P<noun>L+(?:[we]L)?|w|C)(?:o[twA]{0,3}(?P<what>L+|w))?"
)
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
IN_BRACKETS = re.compile(r"\([tw]{0,2}Q_*\)")
IN_KIND = re.compile(r"p[wAC&]{0,5}L+")
AND_ANOTHER = re.compile(r"(?:(?:o|p)[twAC&]{0,4}L+)?(?:\([^()]{1,9}\))?(?:,&?|&)[tw]{0,3}")


ROUGHLY = frozenset({"more", "than", "over", "about", "nearly", "some", "least", "at", "up", "to", "another", "further", "additional", "around", "almost",
    "approximately", "roughly", "a", "an"})  # fmt: skip


def counted_from(aid: Aid, place: int, start: int) -> int:
    """Return where "more than 40 ambulances" begins."""
    while place > start and aid.words[place - 1] in ROUGHLY and aid.letters[place - 1] in "twp2":
        place -= 1
    return place


def mixed_parts(aid: Aid, start: int, counted: list[re.Match[str]], money: list[int]) -> list[tuple[int, int, int]]:
    """Return the parts of "40 ambulances and $2 million in cash": where each begins and ends, and the word that is counted."""
    letters = aid.letters
    parts = [(start + match.start(), start + match.end("noun"), start + match.end("noun") - 1) for match in counted]
    for place in money:
        after = aid.amounts[place][0]
        other = IN_BRACKETS.match(letters, after)
        after = other.end() if other else after  # "1 million yuan (about 160,000 dollars)"
        what = IN_KIND.match(letters, after)
        parts.append((place, what.end() if what else after, place))
    parts = sorted((counted_from(aid, begin, start), stop, at) for begin, stop, at in parts)
    joined = all(AND_ANOTHER.fullmatch(letters, one[1], other[0]) for one, other in itertools.pairwise(parts))
    return parts if joined else []


def gapped_pledges(aid: Aid, base: Draft, money: list[int], cast: Cast) -> list[Draft]:
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
        reasons = [*base.reasons, "a further party with the same verb"]
        further = Draft(who, max(last, place + 1), base.kind, base.verb, place, party, reasons=reasons)
        if base.receivers and party:
            further.giver, further.receivers = base.giver, (party,)
        found.append(further)
    return found


ONE_MORE_THING = "a further thing with a receiver of its own"
MORE_TO = re.compile(r"(?P<thing>Q)_*[wC]{0,2}L+2")
MORE_THANKS = re.compile(r"t?(?P<who>[SG])f[tw]{0,3}(?P<thing>[LQ])")


def one_more(aid: Aid, start: int, end: int, made: Draft) -> Draft | None:
    """Return the further claim of "school bags to Mosul and four machines to Basra", "thanked Italy for the tents and Spain for its bread"."""
    more = MORE_TO.match(aid.letters, start, end)
    if more and made.verb >= 0 and not made.passive:
        return Draft(start, find_stop(aid, start, end), made.kind, noun=start, reasons=[ONE_MORE_THING])
    thanks = MORE_THANKS.match(aid.letters, start, end)
    if thanks and made.thanked:
        draft = Draft(start, find_stop(aid, start, end), made.kind, noun=thanks.start("thing"), thanked=True)
        draft.reasons.append("further thanks")
        return draft
    return None


def sums_included(aid: Aid, start: int, end: int, money: list[int], cast: Cast) -> list[Draft]:
    """Return the sums of "the funding includes $5 million for UNICEF and $3 million from Italy for the Programme"."""
    found = MADE_OF.search(aid.row.plain, aid.start(start), aid.end(end - 1))
    if found is None or not any(
        aid.letters[at] == "L" or aid.words[at] in LOADS for at in range(start, end) if aid.end(at) <= found.start()
    ):
        return []
    inside = [place for place in money if aid.start(place) >= found.end()]
    if len(inside) < 2 or any(not re.match(r"_*[pw]{0,3}L*[fF2]", aid.letters[at + 1 : end]) for at in inside):
        return []
    kind: ClaimKind = (
        "promised" if LATER.search(aid.row.plain, aid.start(0), aid.end(len(aid.letters) - 1)) else "given"
    )
    made: list[Draft] = []
    for number, place in enumerate(inside):
        last = inside[number + 1] if number + 1 < len(inside) else end
        begin = counted_from(aid, place, start)
        if number + 1 < len(inside):
            last = counted_from(aid, last, place)
        source = re.compile(r"F[tw]{0,2}(?P<who>[SGPN])").search(aid.letters, place, last)
        giver = party_of(aid, source.start("who"), cast) if source else cast.last_giver
        made.append(Draft(begin, find_stop(aid, place, last), kind, noun=place, giver=giver, reasons=[PARTS_OF]))
    return made


def claim_by_parts(aid: Aid, start: int, end: int, counted: list[re.Match[str]]) -> Draft | None:
    """Return the claim of "the gift is made up of 20 tents and 30 blankets"."""
    found = MADE_OF.search(aid.row.plain, aid.start(start), aid.end(end - 1))
    held = -1 if found is None or counted else _goods_held(aid, start, end, found)
    if found is None or not (counted or held >= 0):
        return None
    if TRADED.intersection(aid.words[place] for place in range(end) if aid.end(place) <= found.start()):
        return None  # "exported supplies, including 20 million masks"
    gift = next(
        (
            place
            for place in range(end)
            if (aid.letters[place] == "L" or aid.words[place] in LOADS or aid.words[place] in ("these", "they"))
            and aid.end(place) <= found.start()
        ),
        None,
    )
    kind: ClaimKind = (
        "promised"
        if LATER.search(aid.row.plain, found.start() - 6 if found.start() > 6 else 0, aid.end(len(aid.letters) - 1))
        else "given"
    )
    return (
        Draft(
            start,
            end,
            kind,
            noun=gift if held < 0 else held,
            passive=True,
            reasons=[f'"{found.group()}"', PARTS_OF, *([UNCOUNTED] if held >= 0 else [])],
        )
        if gift is not None
        else None
    )


CONTAINERS = frozenset(
    {
        "shipment",
        "consignment",
        "cargo",
        "convoy",
        "package",
        "batch",
        "load",
        "donation",
        "gift",
        "planeload",
        "supplies",
        "aid",
        "assistance",
    }
)


def _goods_held(aid: Aid, start: int, end: int, found: re.Match[str]) -> int:
    """Return the first of the goods without a number that a load holds, else -1: "the shipment includes medicines and beds"."""
    before = [at for at in range(start, end) if aid.end(at) <= found.start()]
    behind = next((at for at in range(start, end) if aid.start(at) >= found.end() and aid.letters[at] in "LEDUV"), -1)
    held = behind >= 0 and aid.letters[behind] == "L" and kind_of(aid, behind) == "goods"
    head = re.match(r"\"?(?:t|[SA]'?)[wA]{0,2}L", "".join(aid.letters[at] for at in before))
    of_a_load = head is not None and aid.words[before[head.end() - 1]] in CONTAINERS and len(before) <= head.end() + 2
    return behind if held and of_a_load else -1


def counts_one(aid: Aid, place: int) -> bool:
    """Say whether a list's item has a number, or is one thing of its own: "99 rescuers and a field hospital"."""
    if aid.letters[place] == "Q":
        return True
    after = re.compile(r"t[wCA]{0,2}(?P<what>L+)").match(aid.letters, place)
    return (
        aid.words[place] in ("a", "an")
        and after is not None
        and rows_by("resources", "word").get(aid.words[after.end() - 1], {}).get("kind") in ("structure", "goods")
    )


def is_thing(aid: Aid, place: int, start: int) -> bool:
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


UNCOUNTED_AHEAD = re.compile(r"[EUe]_*[twA]{0,3}(?P<noun>L+)(?:,[twA]{0,2}L+)*,?&[tw]{0,2}$")
"""Goods without a number before counted ones: "sent firefighters and three helicopters"."""
UNCOUNTED_BEHIND = re.compile(r",?&[tw]{0,2}(?P<what>[wAC]{0,2}(?P<noun>L+))(?=[,.;2fpyFi]|$|\")")


def uncounted_behind(aid: Aid, base: Draft, place: int, end: int) -> Iterator[Draft]:
    """Yield the goods without a number behind counted ones: "six water tankers and animal feed"."""
    found = UNCOUNTED_BEHIND.match(aid.letters, place, end)
    if found and kind_of(aid, found.start("noun")) in ("goods", "structure"):
        noun = found.end("noun") - 1
        parts = [*base.reasons, "one of several counted things"]
        yield replace(
            base, first=found.start("what"), last=noun + 1, noun=noun, counted=noun, amount=None, reasons=parts
        )
