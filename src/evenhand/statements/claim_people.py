"""Whom a deed is done to, where the deed is the gift: who is helped, treated, trained, brought to safety, freed of debt.

Called by `claim_verbs`.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_causes import is_political
from evenhand.statements.claim_parties import party_of
from evenhand.statements.claim_places import state_of_place
from evenhand.statements.references import Cast

HELPED_WORK = frozenset({"work", "efforts", "response", "operations", "operation", "appeal", "activities"})
WHOSE_PEOPLE = re.compile(r"_*(?:Q_*)?[twW]{0,3}(?P<who>[AS])")
LEAVING = re.compile(r"F[tw]{0,2}[STC]")
WHOSE_DEBT = re.compile(r"(?P<who>[SGA])'?w{0,3}L|Lot?(?P<of>[SG])")


def whose(aid: Aid, verb: int, stop: int, cast: Cast, needs: str) -> str | None:
    """Return whose people are treated, trained or evacuated, or whose debt is forgiven: "treated 60 Yemenis", "the debt of Chad"."""
    if needs == "debt":
        debt = WHOSE_DEBT.search(aid.letters, verb, stop)
        return party_of(aid, debt.start("who" if debt.group("who") else "of"), cast) if debt else None
    found = WHOSE_PEOPLE.match(aid.letters, verb + 1, stop)
    if found is None and aid.verbs[verb].verb in ("evacuate", "rescue"):
        left = LEAVING.search(aid.letters, verb, stop)
        return (party_of(aid, left.end() - 1, cast) or state_of_place(aid, {left.end() - 1})) if left else None
    return party_of(aid, found.start("who"), cast) if found else None


READY_TO = re.compile(
    r"\b(?:stands?|stood|remains?|is|are|am|be) (?:always |fully |still )?ready to$|\b(?:do|does|doing) (?:its|our|their|his|her|my|everything|all|the)\b.{0,24}\bto$"
)
"""Readiness to help without saying whom."""


def helps_somebody(aid: Aid, verb: int, end: int) -> bool:
    """Say whether "supports", "helped" has a receiver or a relief work behind it, not a cause or a policy."""
    after = aid.letters[verb + 1 : min(end, verb + 9)].lstrip("_")
    near = aid.words[verb + 1 : min(end, verb + 7)]
    if READY_TO.search(" ".join(aid.words[max(0, verb - 6) : verb])) and re.match(r"[.,pk;&]|$", after):
        return True  # "we stand ready to assist"
    if aid.words[verb + 1 : verb + 2] and aid.words[verb + 1] in ("them", "us", "you") and re.match(r"w[.,;x]", after):
        return True
    if is_political(aid, verb + 1, min(end, verb + 10)):
        return False
    if re.match(r"2[tw]{0,2}(?:[SGPN]'|t)", after) and aid.verbs[verb].verb == "assist":
        return True  # "came to Tonga's help"
    if re.match(r"t?[SGC]'w{0,2}", after) and HELPED_WORK.intersection(near):
        return True  # "supporting the agency's work"
    if re.match(r"[twL]{0,3}(?:[SGPN](?!'|w?[VbhuE])|[A]?[tw]{0,2}W|Q_*[w]{0,2}W)", after):
        return True
    return bool({"relief", "humanitarian", "evacuations", "fight", "response", "aid", "recovery"} & set(near))
