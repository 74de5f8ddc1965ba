"""How much: the amount of a claim with its unit.

Called by `claim_details`. The gift is counted rather than those who get it, and rather than those who are asked for it.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid, unit_of
from evenhand.statements.aid_words import TWO_WORDS
from evenhand.statements.claim_draft import Draft
from evenhand.statements.quantities import Amount
from evenhand.statements.wordlists import rows_by

MIDDLE = re.compile(r"w(?=L)")
LAST = re.compile(r"w(?=[,.;&2fpFyio\")]|$)")


def head_of(aid: Aid, place: int) -> int:
    """Return the last word of a compound whose first word is a thing: of "two water purification plants", "plants"."""
    while aid.letters[place + 1 : place + 2] == "L":
        place += 1
    between = MIDDLE.match(aid.letters, place + 1)
    if between and aid.words[place + 1].endswith(("tion", "ment", "ing", "ance")):
        return head_of(aid, place + 2)
    last = LAST.match(aid.letters, place + 1)
    if (
        last
        and aid.letters[place] == "L"
        and aid.words[place + 1].endswith("s")
        and not aid.words[place + 1].endswith("ss")
    ):
        kind = rows_by("resources", "word").get(aid.words[place], {}).get("kind")
        if kind == "goods" and not aid.words[place].endswith("s") and place + 1 not in aid.one.clause.verbs:
            return place + 1  # "two water bombers"
    return place


def unit_at(aid: Aid, place: int) -> str:
    """Return the unit of a counted thing, of two words where it has two ("bed net")."""
    for first in (place - 1, place):
        pair = " ".join(aid.words[max(0, first) : first + 2])
        if pair in TWO_WORDS:
            return unit_of(pair)
    return unit_of(aid.words[place])


GROUPS = frozenset({"team", "teams", "group", "delegation", "contingent", "crew", "squad", "mission"})
FROM_THEM = re.compile(r"F[tw]{0,3}$")
CARRIERS = frozenset(
    {
        "planes",
        "aircraft",
        "trucks",
        "lorries",
        "ships",
        "vessels",
        "flights",
        "vehicles",
        "wagons",
        "convoys",
        "trains",
        "containers",
    }
)
LOADED = frozenset({"loaded", "laden", "carrying", "filled", "packed", "transporting"})
CARRYING = re.compile(r"[weE]_*x?[tw]{0,3}Q")
VALUED = frozenset({"worth", "at", "costing", "valued", "estimated", "equivalent"})
ROUGHLY = frozenset(
    {
        "approximately",
        "about",
        "around",
        "some",
        "nearly",
        "almost",
        "over",
        "more",
        "than",
        "roughly",
        "a",
        "total",
        "of",
        "to",
        "estimated",
    }
)
COST = re.compile(r"cost\b[^,;.]{0,60} of (?:about |some |nearly |approximately )?$")


def _is_value(aid: Aid, place: int, first: int) -> bool:
    """Say whether a sum tells what other goods are worth: "30 tents, worth approximately $500,000", "at a cost of"."""
    at = place - 1
    while at > first and aid.words[at] in ROUGHLY:
        at -= 1
    return aid.words[at] in VALUED or COST.search(aid.row.plain, aid.start(first), aid.start(place)) is not None


def find_quantity(aid: Aid, draft: Draft, noun: int) -> tuple[Amount | None, str | None]:
    """Return the amount of a claim and its unit: the gift rather than those who get it."""
    if draft.counted >= 0 and draft.amount is None and aid.words[draft.first : draft.first + 1] in (["a"], ["an"]):
        return None, None
    if draft.counted >= 0 and draft.amount is not None:
        return draft.amount, draft.amount.currency or unit_at(aid, draft.counted)
    found = [(place, *aid.amounts[place]) for place in range(draft.first, draft.last) if place in aid.amounts]
    things: list[tuple[int, Amount, str]] = []
    money: Amount | None = None
    for place, after, amount in found:
        if amount.currency:
            if things and _is_value(aid, place, draft.first):
                continue
            money = money or amount
            continue
        if (
            aid.words[place - 1 : place] == ["of"]
            and aid.words[place - 2 : place - 1]
            and aid.words[place - 2] in GROUPS
            and aid.letters[after : after + 1] in tuple("EVUbhu,")
        ):
            things.append((0, amount, "person"))  # "the team of seven arrived"
            continue
        match = re.compile(
            r"(?:ot)?[wCA'mtGS]{0,3}E?[wCA'm]{0,2}(?P<noun>[LW])|(?:ot)?[wCA]{0,2}(?P<any>[wC])(?=[ofp2,.&ikbhERSG]|$)"
        ).match(aid.letters, after)
        if not match:
            continue
        at = match.end() - 1
        measure = (
            aid.words[after : after + 1] == ["-"]
            and rows_by("resources", "word")
            .get(aid.words[after + 1] if after + 1 < len(aid.words) else "", {})
            .get("kind")
            == "unit"
        )
        if measure:
            at = after + 1  # "a 40-tonne consignment"
        if not measure:
            at = head_of(aid, at)
        while not measure and at + 1 < len(aid.letters) and aid.letters[at + 1] == "L":
            at += 1
        if (
            aid.letters[at] == "W"
            and aid.words[place - 1 : place] in (["the"], ["these"], ["those"], ["all"])
            and amount.value < 10
        ):
            continue  # "the three countries" are no quantity
        if aid.words[at].endswith("ly"):
            continue
        if aid.letters[at] == "W" and FROM_THEM.search(aid.letters, 0, place):
            continue  # "partners from more than 50 countries"
        if aid.words[at] in ("years", "months", "days", "weeks", "hours", "percent", "times"):
            continue
        if (
            aid.words[at] in ("countries", "states", "nations", "donors", "agencies", "organisations", "organizations")
            and len(found) > 1
        ):
            continue  # who is asked, beside what for
        rank = 0 if aid.letters[at] == "L" else 1 if aid.letters[at] == "w" else 2
        if (
            CARRYING.match(aid.letters, at + 1)
            and aid.words[at + 1] in LOADED
            and CARRIERS.intersection(aid.words[at : at + 1])
        ):
            rank += 1  # "four planes loaded with 116 tonnes"
        if place < draft.verb < draft.noun and not draft.passive:
            rank += 1  # who carries it is no gift: "two planes brought 60 tonnes"
        things.append((rank, amount, unit_at(aid, at)))
    if money is not None:
        return money, money.currency
    if things:
        best = min(things, key=lambda one: one[0])
        unit = (
            "person"
            if best[2].endswith("men")
            or (draft.verb in aid.verbs and aid.verbs[draft.verb].verb == "train")
            or best[2] in ("child", "refugee", "patient", "pupil", "woman", "farmer", "student")
            else best[2]
        )
        return best[1], unit
    return None, None
