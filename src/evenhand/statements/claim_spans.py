"""Where the words of a claim begin and end.

Called by `claim_verbs` and `claim_nouns`. A claim is the shortest stretch that holds giver, verb, amount, thing, receiver, place and time.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from evenhand.statements.aid import Aid
from evenhand.statements.wordlists import word_list

ASIDES = re.compile(
    r"\b(?=[iwoasbt])(?:in (?:addition to|(?:step|line|cooperation|coordination|partnership|accordance|response|connection|conjunction|order) (?:with|to)"
    r"|a (?:speech|statement)|(?:the )?(?:view|wake|light|face|spirit|context|recognition|memory|honou?r) of|an? \w+ spirit"
    r"|(?:any|every|all|whatever|whichever) (?:possible )?ways?)\b"
    r"|so far\b|as part of\b|on the occasion of\b|at the (?:request|invitation) of\b|(?:on|at) (?:its|their|his|her|our) own (?:initiative|accord|expense)\b"
    r"|with(?:in (?:its|their|our|his|her) (?:capacity|means|power|possibilities)| a view to)\b|to facilitate\b|owing to\b|because of\b|worth\b.{0,5}$)"
)
"""What tells why, how or on whose wish, which does not belong to the claim."""


WHERE = re.compile(r"\b(?:in|across) (?:the )?[A-Z]")
"""A place behind "in response to the drought": it says where the aid goes, so that the words belong to the claim."""
STOPS = re.compile(
    r",[oF]?i|,w*x|,&|,(?=p[tw]?L)|,[wtf]*(?=e)|,(?=[hbu])|,(?=w)|&(?=R[wbhuVJEUM])|2(?=w[wt])|\.|\"$|,$|p[tw]?w(?:ing)?$"
)
GOES_ON = re.compile(r"&*t?[wA']{0,3}[LQSGTPNWCA](?![w_']{0,2}[Vbhu])")
"""What a comma and "and" join to the same claim: a further thing, party or place, without a verb of its own."""
ASIDE_WORDS = frozenset(
    {
        "subject",
        "according",
        "amid",
        "despite",
        "thanks",
        "especially",
        "regardless",
        "similar",
        "compared",
        "free",
        "during",
        "following",
        "under",
        "on",
    }
)
TIME_AHEAD = re.compile(
    r"(?:(?:on|in|since|by|from|between|during|over|before|within|until|after|earlier|last|this|next)\b[^,]{0,25}?(?<!\w)"
    r"(?:\d{4}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|"
    r"december|weeks?|months?|years?|days?|winter|summer|spring|autumn|night|morning|week|month|year)\b[^,]{0,12}|today|yesterday)$",
    re.I,
)
"""A time that stands before the subject: "In 2020", "On Wednesday"."""


def _is_aside(word: str) -> bool:
    """Say whether a word behind a comma begins an aside: "benefiting 6,000 people", "subject to approval"."""
    return word in ASIDE_WORDS or (word.endswith("ing") and len(word) > 5 and word != "including")


SUBORDINATING = frozenset(
    {
        "after",
        "before",
        "since",
        "once",
        "as",
        "because",
        "until",
        "when",
        "while",
        "although",
        "though",
        "if",
        "unless",
    }
)
"""What begins a clause that hangs on another."""
HAPPENED = frozenset(
    word_list(
        "hit struck broke swept left fell rose began came went made took became ran brought drove saw tore burst blew sank shook grew lost won met "
        "fled fought found fed felt flew forgot froze gave got held kept knew laid led let lay meant paid put read said sold sent set shut slid "
        "spent spoke split spread stood stole stuck taught thought threw told understood withdrew wrote bore beat bent bled built burnt bought caught "
        "chose clung cost crept cut dealt dug drew drank ate dried overran overthrew"
    )
)
"""Irregular past forms: the finite verbs that no ending shows."""
DASHES = frozenset({"-", "–", "—"})
HANGING = frozenset(
    {
        "including",
        "such",
        "after",
        "before",
        "during",
        "while",
        "among",
        "following",
        "amid",
        "under",
        "through",
        "towards",
        "worth",
    }
)
"""What no claim ends with: the words behind them were cut off."""
NO_ADVERBS = frozenset({"family", "early", "daily", "weekly", "monthly", "yearly", "friendly", "elderly", "costly"})
"""Words in -ly that stand before a thing."""


def _breaks_off(aid: Aid, at: int, stop: int) -> bool:
    """Say whether a token begins a clause with a subject and a verb of its own ("after a review said"), or an aside behind a dash."""
    word = aid.words[at]
    if word in DASHES:
        return aid.row.plain[aid.start(at) - 1].isspace() and aid.row.plain[aid.end(at)].isspace()
    if word not in SUBORDINATING:
        return False
    for place in range(at + 1, min(stop, at + 7)):
        letter = aid.letters[place]
        if letter in ",;.2fFpxy":
            return False
        if letter in "hbu":
            return True
        if place > at + 1 and (letter in "VE" or aid.words[place].endswith("ed") or aid.words[place] in HAPPENED):
            return word != "as" or letter != "w"
    return False


TIMES_LAST = frozenset(
    word_list(
        "today yesterday morning afternoon evening week month monday tuesday wednesday thursday friday saturday sunday"
    )
)
"""Behind which a gerund begins another deed: "arrived this morning, bringing"."""


def goes_on_to_do(aid: Aid, at: int, verb: int, stop: int) -> bool:
    """Say whether "and" joins a further deed that is no gift: "sent 13 teams and held over 70 meetings", "and helped them"."""
    if aid.letters[at] != "&" or at + 2 >= stop or not re.search(r"[LQ]", aid.letters[verb + 1 : at]):
        return False
    word, behind = aid.words[at + 1], aid.letters[at + 2]
    if aid.letters[at + 1] == "f" and not re.search(r"[LQSGTCW]", aid.letters[at + 2 : stop]):
        return True  # "for its support for Mali and for its steadfast cooperation"
    done = aid.letters[at + 1] in "wU" and (word in HAPPENED or word in ("held", "hold") or word.endswith("ed"))
    return done and (behind in "tRQ" or aid.words[at + 2] in ("over", "more", "them", "us", "him", "her"))


def find_stop(aid: Aid, verb: int, end: int) -> int:
    """Return the token after the last one that belongs to the claim."""
    letters = aid.letters
    stop = end
    for match in STOPS.finditer(letters, verb + 1, end):
        words = aid.words[match.start() : end]
        if match.group() == ",&" and GOES_ON.match(letters, match.end(), end):
            continue
        if match.group() == "," and match.end() < end and letters[match.end()] == "w" and not _is_aside(words[1]):
            continue
        if letters[match.start()] == "2":
            rest = letters[match.start() : end]
            if re.search(r"[SGTPNLQWC]", rest) or letters[verb + 1 : match.start()].strip("wt") == "":
                continue
            stop = match.start()
            break
        if match.group() == "." and match.start() < end - 1:
            continue
        if match.group() == "," and words[1:3] == ["on", "behalf"]:
            continue
        if words[:1] == ["at"]:
            continue
        stop = match.start()
        break
    aside = ASIDES.search(aid.row.plain, aid.start(min(verb + 1, end - 1)), aid.end(stop - 1))
    if aside and not (
        aside.group().startswith("in response") and WHERE.search(aid.row.plain, aside.end(), aid.end(stop - 1))
    ):
        stop = max(verb + 1, min(stop, bisect_left(aid.row.starts, aside.start()) - aid.first))
    if "e" in letters[verb + 2 : stop]:
        stop = next(
            (at for at in range(verb + 2, stop) if letters[at] == "e" and aid.words[at - 1] in TIMES_LAST), stop
        )
    if "&" in letters[verb + 3 : stop]:
        stop = next((at for at in range(verb + 3, stop) if goes_on_to_do(aid, at, verb, stop)), stop)
    stop = next((at for at in range(verb + 2, stop) if _breaks_off(aid, at, stop)), stop)
    mark = letters.find('"', verb + 1, stop)
    if mark > verb + 1:
        stop = mark
    while stop > verb + 1 and (letters[stop - 1] in ',.&":;ZVbkhuicR2pofxFt' or aid.words[stop - 1] in HANGING):
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
        or (
            letters[place - 1] == "w"
            and (not aid.words[place - 1].endswith("ly") or aid.words[place - 1] in NO_ADVERBS)
        )
        or (letters[place - 1] in "SGPN" and letters[place] == "'")
    ):
        place -= 1
        if letters[place] == "t" and letters[place - 1 : place] != "t":
            break
    if aid.words[place - 2 : place] == ["at", "least"] or (
        place > start + 1 and aid.words[place - 1 : place + 1] == ["at", "least"]
    ):
        place = aid.words.index("at", max(0, place - 2))
    while place > start and letters[place - 1] == "o":
        inner = phrase_start(aid, place - 1, start) if place - 1 > start else place
        if inner >= place - 1:
            break
        place = inner
    return place
