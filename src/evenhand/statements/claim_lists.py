"""Several things, sums or parties in a row, each of which makes a claim: "20 tents, 30 stoves and $2 million in cash".

Called by `claims`.
"""

from __future__ import annotations

import itertools
import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import MADE_OF, PARTS_OF, Draft
from evenhand.statements.claim_parties import party_of
from evenhand.statements.document import ClaimKind
from evenhand.statements.references import Cast

LISTING = re.compile(r"[,&]")
GAPPED = re.compile(r"[,&]{1,2}k?w{0,2}t?(?P<who>[SG])[w,]{0,2}(?=Q)")
LISTED = re.compile(r"Q_*[twC'A]{0,3}(?P<noun>L+(?:[we]L)?|w|C)(?:o[twA]{0,3}(?P<what>L+|w))?")
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
IN_KIND = re.compile(r"p[wAC&]{0,5}L+")
AND_ANOTHER = re.compile(r"(?:(?:o|p)[twAC&]{0,4}L+)?,?&?[tw]{0,3}")


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


def claim_by_parts(aid: Aid, start: int, end: int, counted: list[re.Match[str]]) -> Draft | None:
    """Return the claim of "the gift is made up of 20 tents and 30 blankets"."""
    found = MADE_OF.search(aid.row.plain, aid.start(start), aid.end(end - 1)) if counted else None
    if found is None:
        return None
    gift = next(
        (
            place
            for place in range(end)
            if (aid.letters[place] == "L" or aid.words[place] in LOADS or aid.words[place] in ("these", "they"))
            and aid.end(place) <= found.start()
        ),
        None,
    )
    kind: ClaimKind = "promised" if LATER.search(aid.row.plain, found.end(), aid.end(len(aid.letters) - 1)) else "given"
    return (
        Draft(start, end, kind, noun=gift, passive=True, reasons=[f'"{found.group()}"', PARTS_OF])
        if gift is not None
        else None
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
