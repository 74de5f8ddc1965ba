"""Where the words of a claim begin and end.

Called by `claim_verbs` and `claim_nouns`. A claim is the shortest stretch that holds giver, verb, amount, thing, receiver, place and time.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from evenhand.statements.aid import Aid

ASIDES = re.compile(
    r"\bin (?:step|line|cooperation|coordination|partnership|accordance|response|connection|conjunction|order) (?:with|to)\b|\bin a (?:speech|statement)\b|\bso far\b|\bon the occasion of\b|\bworth\b.{0,5}$"
)


NO_ADVERBS = frozenset({"family", "early", "daily", "weekly", "monthly", "yearly", "friendly", "elderly", "costly"})
"""Words in -ly that stand before a thing."""


def find_stop(aid: Aid, verb: int, end: int) -> int:
    """Return the token after the last one that belongs to the claim."""
    letters = aid.letters
    stop = end
    for match in re.compile(
        r",[oF]?i|,w*x|,(?=p[tw]?L)|,[wtf]*(?=e)|,(?=[hbu])|2(?=w[wt])|\.|\"$|,$|p[tw]?w(?:ing)?$"
    ).finditer(letters, verb + 1, end):
        words = aid.words[match.start() : end]
        if letters[match.start()] == "2":
            rest = letters[match.start() : end]
            if re.search(r"[SGTPNLQWC]", rest) or letters[verb + 1 : match.start()].strip("wt") == "":
                continue
            stop = match.start()
            break
        if match.group() == "." and match.start() < end - 1:
            continue
        if words[:1] == ["at"]:
            continue
        stop = match.start()
        break
    aside = ASIDES.search(aid.row.plain, aid.start(min(verb + 1, end - 1)), aid.end(stop - 1))
    if aside:
        stop = max(verb + 1, min(stop, bisect_left(aid.row.starts, aside.start()) - aid.first))
    mark = letters.find('"', verb + 1, stop)
    if mark > verb + 1:
        stop = mark
    while (stop > verb + 1 and letters[stop - 1] in ',.&":;ZVbkhui') or (
        stop > verb + 1 and letters[stop - 1] in "R2pofxFt"
    ):
        stop -= 1
    meeting = re.compile(r"p[tw]*w$").search(letters, verb + 1, stop)
    if meeting and aid.words[stop - 1] in ("meeting", "talks", "ceremony", "conversation", "event"):
        stop = meeting.start()
    return stop


def phrase_start(aid: Aid, place: int, start: int) -> int:
    """Return where the noun phrase around a token begins."""
    letters = aid.letters
    while place > start and (
        letters[place - 1] in "tAQ_'LC"
        or (letters[place - 1] == "w" and (not aid.words[place - 1].endswith("ly") or aid.words[place - 1] in NO_ADVERBS))
        or (letters[place - 1] in "SGPN" and letters[place] == "'")
    ):
        place -= 1
        if letters[place] == "t":
            break
    while place > start and letters[place - 1] == "o":
        inner = phrase_start(aid, place - 1, start) if place - 1 > start else place
        if inner == place - 1:
            break
        place = inner
    return place
