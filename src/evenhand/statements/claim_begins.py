"""Where the claim of a verb begins: at its subject, or at the thing of a passive one, with a time or a place that leads them.

Called by `claim_verbs`. What stands before the subject and its comma, and a verb of saying, is left out.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_spans import phrase_start

LEADING_TIME = re.compile(
    r"(?:on|in|since|by|between|during|before|within|last|this|next)\b[^,]{0,20}?(?<!\w)"
    r"(?:\d{4}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Sept|Nov|Dec)ember|October|"
    r"weeks?|months?|years?|days?|winter|summer|spring|autumn|night|morning)\b",
    re.I,
)
SUBJECT_BEHIND = re.compile(r",(?=t?[wAC]{0,3}[PNSGRC][^,]*$)")
"""The subject behind a clause that leads it: "Taking this into account, the Cabinet decided"."""
PRONOUN_SUBJECT = re.compile(r"R[hubwZ]{0,4}$")
PART_OF = re.compile(r"ot[wA]{0,2}L+,")
JOINED_DEED = re.compile(r"[hu]{1,2}w?V&w?$")
LED_BY = re.compile(r"[\"&,]*(?P<led>[pw]t?[wCST]{1,4}),")
"""A place or a time at the head of a clause: "In November,"."""
PURPOSE_AHEAD = re.compile(r"[wR]{0,6}R,(?=t?[SGPN])")
"""What is left of "To make good on it, Namibia ..."."""
TOLD_THAT = re.compile(r".*(?<![LQ])(?<=[VvEwNPGRS])c(?=t?[wAC]{0,4}[A-Za-z])")
AHEAD = frozenset(
    {
        "after",
        "on",
        "during",
        "following",
        "through",
        "under",
        "amid",
        "besides",
        "before",
        "despite",
        "together",
        "earlier",
        "since",
        "with",
    }
)
SECOND_ASIDE = re.compile(r"pw,[pwf][twCALDoFySGp']*,(?=t?[wLCASGPN]{1,5}(?:\(.\))?[hubwM2]{0,5}$)")
ASIDE_AHEAD = re.compile(r"[pwf2x][twCTALQ_&oFySGp']*,(?=t?[wLCASGPNT]{1,5}(?:\(.\))?[hubw]{0,3}$)")
"""What stands before the subject and its comma: "In the same context, the centre"."""


def find_begin(aid: Aid, start: int, verb: int, noun: int | None, *, passive: bool) -> int:
    """Return the first token of the claim: the subject of the verb, or the thing of a passive one."""
    letters = aid.letters
    if passive and noun is not None:
        begins = phrase_start(aid, noun, start)
        led = LED_BY.match(letters, start, begins)
        led_in = (
            led is not None
            and led.end() == begins
            and (
                set(led.group()) & set("CST")
                or LEADING_TIME.match(aid.row.plain, aid.start(led.start("led")), aid.start(begins))
            )
        )
        part = PART_OF.match(letters, start, begins)
        if part and part.end() == begins:
            return start  # "Of this additional assistance, $3 million will be provided"
        return led.start("led") if led and led_in else begins
    first = start
    if aid.words[start].endswith("ing") and "," in letters[start:verb]:
        behind = SUBJECT_BEHIND.search(letters, start, verb)
        if behind:
            first = start = behind.start() + 1
    led = ASIDE_AHEAD.match(letters, start, verb) if aid.words[start] in AHEAD else None
    if led and not LEADING_TIME.match(aid.row.plain, aid.start(start), aid.start(verb)):
        first = start = led.end()
    head = letters[start:verb]
    speech = max(head.rfind("V"), -1)
    if speech > 0 and JOINED_DEED.search(head) is not None:
        speech = head.rfind("V", 0, speech)  # "has voiced and provided support"
    if (
        speech >= 0
        and aid.words[start + speech] in ("stand", "stands", "stood")
        and aid.words[start + speech + 1] == "ready"
    ):
        speech = head.rfind("V", 0, speech)  # "we stand ready to assist"
    if speech >= 0 and not (
        aid.words[start + speech]
        in ("pledged", "promised", "announced", "offered", "committed", "decided", "vowed", "agreed")
        and aid.one.place == start + speech - 0
        and "2" in head[speech:]
    ):
        first = start + speech + 1
    while (
        first < verb
        and letters[first] in ',.&c"kw:;2iZ'
        and not (letters[first] in "wp" and LEADING_TIME.match(aid.row.plain, aid.start(first), aid.start(verb)))
        and not (
            letters[first] == "w"
            and re.match(r"w{0,2}[LPNGSA]", letters[first:])
            and aid.words[first] not in ("also", "adding", "likewise", "then", "further", "thus", "instead")
        )
    ):
        first += 1
    told = TOLD_THAT.match(letters, start, verb)
    if told:
        first = max(first, told.end())
    purpose = PURPOSE_AHEAD.match(letters, first, verb)
    if purpose:
        first = purpose.end()
    pronoun = PRONOUN_SUBJECT.search(letters, first, verb)
    if pronoun:
        return pronoun.start()
    aside = (
        ASIDE_AHEAD.match(letters, first, verb)
        if letters[first : first + 1] in ("p", "f", "2") or aid.words[first] in AHEAD
        else None
    )
    if aside and not LEADING_TIME.match(aid.row.plain, aid.start(first), aid.start(verb)):
        first = aside.end()
    behind = SECOND_ASIDE.match(letters, start, verb) if "," in letters[start:verb] else None
    if behind and not LEADING_TIME.match(aid.row.plain, aid.start(start), aid.start(verb)):
        first = max(first, behind.end())  # "In addition, at the request of Peru, the agency"
    return first if first <= verb else verb
