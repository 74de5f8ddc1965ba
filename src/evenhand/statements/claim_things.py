"""What is given, in the text's words: the noun of a claim with the adjectives that belong to it.

Called by `claim_details`. Where no noun says it, the deed does: who trains gives training, who treats gives treatment.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_amounts import CARRIERS, LOADED
from evenhand.statements.claim_draft import Draft
from evenhand.statements.wordlists import rows_by, word_list

ADJECTIVE_STOP = frozenset(
    word_list(
        """on upon with from national regional international for in at to by of into and or not only this that more than over about around
    some up nearly almost least additional further new another total worth other such including large largest great first second last
    several many various these those both own necessary needed much considerable significant valuable important continued continuing
    generous so also jointly free steady available kind sincere under entire whole all tireless been already essential increase
    increased vital urgent urgently timely selfless unfailing standing assorted include includes included contains contained carries
    holds one towards toward long-standing longstanding critical ongoing unwavering steadfast invaluable immediate prompt swift
    concrete real better extra sufficient adequate exemplary historic outstanding remarkable unwavering strong firm consistent unconditional unlimited brotherly fraternal noble massive huge vast big enormous initial final third fourth latest recent previous
    promised pledged donated provided badly much-needed her his their its our my your as if country nation while when but"""
    )
)
"""Words before a thing that do not belong to it."""
DEEDS_TO_PEOPLE = {
    "treat": "treatment", "hospitalise": "treatment", "hospitalize": "treatment", "operate on": "surgery", "vaccinate": "vaccination",
    "immunise": "vaccination", "immunize": "vaccination", "inoculate": "vaccination", "evacuate": "evacuation", "rescue": "rescue", "feed": "food",
    "shelter": "shelter",
}  # fmt: skip
"""What people get from a deed that names no thing."""
COINS = frozenset(
    word_list(
        "kroner kronor krona crowns francs pounds dollars shillings dinars rupees pesos rials riyals dirhams won lira"
    )
)
"""Money of several states, whose currency stays open."""
UNLISTED = re.compile(r"w[RSG][hubw]{0,3}E")
SUPPORTS_A_NAME = re.compile(r"2Ut?[SG]")
SUM_SERVES = re.compile(r"[tw]{0,3}Q_*[hwub]{0,3}")
HELP_BY = {"help": "help", "assist": "assistance", "aid": "help"}
LOADED_WITH = re.compile(r"[weE]_*x?(?:[tw]{0,3}Q_*(?:[wC]{0,2}Lo)?)?[twA]{0,2}(?P<what>L)")
SUM_TO_HELP = re.compile(r"\bto (?P<deed>support|help|assist|aid)\b")
"""A sum whose purpose says what it is: "100 million euros to support Lebanon"."""
GIFT_OF_SUM = re.compile(r"o[twA]{0,4}Q_*p[wAC]{0,2}L+")
GIFT_WORDS = frozenset({"contribution", "donation", "grant", "package", "gift", "funding", "allocation"})
MONEY_WORDS = frozenset(["sum", "amount", "cash", "money"])


def find_resource(aid: Aid, draft: Draft) -> tuple[str, int]:
    """Return what is given, in the text's words: the noun with the adjectives that belong to it."""
    letters = aid.letters
    if (
        draft.verb >= 0
        and draft.noun == draft.verb
        and aid.verbs.get(draft.verb)
        and rows_by("giving", "verb")[aid.verbs[draft.verb].verb]["needs"] == "receiver"
    ):
        if SUM_SERVES.fullmatch(letters, draft.first, draft.verb):
            return "money", -1  # "the remaining $1.25 million will support relief operations"
        came = aid.words[draft.verb] in ("come", "comes", "came", "coming")  # "came to Tonga's help"
        helped = "help" if came else HELP_BY.get(aid.verbs[draft.verb].verb, "support")
        first = draft.verb - 2 if letters[draft.verb - 2 : draft.verb] == "U&" else draft.verb
        joined = aid.verbs.get(first + 2) if letters[first + 1 : first + 3] == "&U" else None
        if joined is not None and first in aid.verbs:
            both = (HELP_BY.get(one.verb, "support") for one in (aid.verbs[first], joined))
            return ", ".join(both), -1  # "will support and assist"
        return helped, -1
    worked = aid.verbs.get(draft.verb)
    if worked is not None and rows_by("giving", "verb")[worked.verb]["needs"] == "debt":
        return "debt relief", -1
    if worked is not None and draft.counted < 0 and worked.verb in DEEDS_TO_PEOPLE and aid.letters[draft.noun] in "QW":
        return DEEDS_TO_PEOPLE[worked.verb], -1
    if (
        draft.counted >= 0
        and draft.amount is not None
        and draft.amount.currency
        and aid.letters[draft.last - 1] in "Q_)"
    ):
        return ("funds" if draft.kind == "needed" else "money"), -1
    if draft.counted >= 0:
        place = draft.last - 1
    else:
        after, what = aid.amounts.get(draft.noun, (-1, None))
        if what is not None and not what.currency and UNLISTED.match(letters, after):
            return aid.words[after], -1  # "the 55 linesmen it sent"
        nouns = [at for at in range(draft.first, draft.last) if letters[at] == "L"]
        if draft.noun in nouns:
            place = draft.noun
        elif draft.verb >= 0 and nouns:
            place = min(nouns, key=lambda at: (at < draft.verb, abs(at - draft.verb)))
        elif nouns:
            place = nouns[0]
        else:
            place = -1
    if place >= 0 and draft.counted < 0 and aid.words[place] in CARRIERS and aid.words[place + 1] in LOADED:
        load = LOADED_WITH.match(letters, place + 1, draft.last)
        place = load.end("what") - 1 if load else place  # "four planes loaded with 116 tonnes of food"
    if place < 0:
        verb = aid.verbs.get(draft.verb)
        if verb is not None and verb.verb in ("support", "help", "assist", "aid"):
            return HELP_BY.get(verb.verb, "support"), -1
        after, counted = aid.amounts.get(draft.noun, (-1, None))
        if counted is not None and not counted.currency and aid.letters[after : after + 1] == "w":
            if aid.words[after] in COINS:
                return ("funds" if draft.kind == "needed" else "money"), -1
            return aid.words[after], -1  # "the 55 linesmen": what no list knows keeps its own word
        if verb is not None and verb.verb.startswith("come to the "):
            return verb.verb.split()[-2], -1
        asked = {form.verb for at, form in aid.verbs.items() if draft.first <= at < draft.last}
        if draft.kind == "needed" and "contribute" in asked:
            return "contributions", -1
        if verb is not None and verb.verb == "train":
            return "training", -1
        purpose = SUM_TO_HELP.search(" ".join(aid.words[draft.first : draft.last]))
        if purpose and (
            draft.kind == "given"
            or (
                draft.kind == "promised"
                and purpose.group("deed") == "support"
                and SUPPORTS_A_NAME.search(aid.letters, draft.first, draft.last)
            )
        ):
            return {"assist": "assistance"}.get(purpose.group("deed"), purpose.group("deed")), -1
        if any(aid.amounts[at][1].currency for at in range(draft.first, draft.last) if at in aid.amounts):
            return ("funds" if draft.kind == "needed" else "money"), -1
        if verb is not None and verb.verb == "extinguish":
            return "firefighting", -1
        if verb is not None and verb.verb == "contribute":
            return "contributions", -1
        return ("funds" if draft.kind == "needed" else "aid"), -1
    made_in = GIFT_OF_SUM.match(letters, place + 1, draft.last) if aid.words[place] in GIFT_WORDS else None
    if made_in and draft.counted < 0:
        place = made_in.end() - 1  # "a contribution of $308 million in humanitarian assistance"
    paid = [at for at in range(draft.first, place) if at in aid.amounts and aid.amounts[at][1].currency]
    if paid and re.search(r"[f2]", letters[paid[-1] : place]) and draft.counted < 0:
        return ("funds" if draft.kind == "needed" else "money"), -1
    if (
        aid.verbs.get(draft.verb)
        and aid.verbs[draft.verb].verb == "train"
        and letters[place] == "L"
        and draft.counted < 0
    ):
        return "training", -1
    if aid.words[place] in ("fire", "fires", "firefighters") or (
        aid.verbs.get(draft.verb) and aid.verbs[draft.verb].verb == "extinguish"
    ):
        return "firefighting", -1
    if (
        aid.words[place] in MONEY_WORDS
        and draft.verb >= 0
        and aid.verbs.get(draft.verb)
        and aid.verbs[draft.verb].verb == "spend"
    ):
        spent = re.compile(r"w[twA]{0,3}(?P<on>L)").search(letters, draft.verb, draft.last)
        place = spent.start("on") if spent else place
    if (
        aid.words[place] == "cash"
        and not paid
        and not any(aid.amounts[at][1].currency for at in range(draft.first, draft.last) if at in aid.amounts)
    ):
        return "cash", place
    if aid.words[place] in MONEY_WORDS:
        return "money", place
    if (
        aid.words[place] in ("supply", "supplies")
        and letters[place - 1] == "L"
        and place > draft.first
        and aid.words[place - 1] not in ("relief", "aid")
    ):
        place -= 1
    while (
        place + 1 < draft.last
        and letters[place + 1] == "L"
        and (aid.words[place + 1] not in ("supply", "supplies") or aid.words[place] in ("relief", "aid"))
    ):
        place += 1
    known = rows_by("resources", "word")
    row = known.get(aid.words[place]) or known.get(" ".join(aid.words[max(0, place - 1) : place + 1]), {})
    if (
        row.get("kind") == "unit"
        or aid.words[place]
        in (
            "gift",
            "donation",
            "pairs",
            "contribution",
            "batch",
            "consignment",
            "shipment",
            "planeload",
            "load",
            "team",
            "teams",
            "group",
            "contingent",
            "squad",
            "crew",
        )
    ) and letters[place + 1 : place + 2] in ("o", "&"):
        further = re.compile(r"(?:&w)?o[twACQ_]{0,4}(?:[SG]'[wAC]{0,2})?(?P<noun>L+)").match(
            letters, place + 1, draft.last
        )
        if further:
            place = further.end() - 1
            held = re.compile(r"o[twAC]{0,3}(?P<noun>L+)").match(letters, place + 1, draft.last)
            if held and known.get(aid.words[place], {}).get("kind") == "unit":
                place = held.end() - 1  # "a consignment of 5,000 tonnes of rice"
        elif (
            aid.words[place] not in ("gift", "donation", "contribution")
            and place + 2 < draft.last
            and letters[place + 1 : place + 3] == "ow"
        ):
            return aid.words[place + 2], place
    begin = place
    named = aid.words[place] in ("vaccine", "vaccines") and letters[place - 1] == "C"
    while (
        not named
        and begin > draft.first
        and letters[begin - 1] in "LwCW"
        and aid.words[begin - 1] not in ADJECTIVE_STOP
        and (
            not aid.words[begin - 1].endswith("ly") or aid.words[begin - 1] in ("family", "early", "daily", "friendly")
        )
        and place - begin < 2
        and aid.row.plain[aid.end(begin - 1) : aid.start(begin)] == " "
    ):
        begin -= 1
    while begin - 2 >= draft.first and aid.words[begin - 1] == "-":
        begin -= 2  # life-saving aid
    listed = re.compile(r"(?P<more>[wAC]{0,1}L)(?:,?&|,)$").search(letters[draft.first : begin])
    if listed and draft.counted < 0 and place - begin < 3:
        begin_list = draft.first + listed.start("more") + (letters[draft.first + listed.start("more")] in "wAC")
        words = f"{aid.words[begin_list]}, {aid.row.span(aid.first + begin, aid.first + place + 1)}"
        return words.lower(), place
    words = aid.row.span(aid.first + begin, aid.first + place + 1)
    further = (
        re.compile(r"(?:[,&]+(?P<more>[wAC]{0,2}L+))").match(letters, place + 1, draft.last)
        if draft.counted < 0
        else None
    )
    while further:
        words += f", {aid.row.span(aid.first + further.start('more'), aid.first + further.end('more'))}"
        further = re.compile(r"(?:[,&]+(?P<more>[wAC]{0,2}L+))").match(letters, further.end(), draft.last)
    return (words if aid.row.codes[aid.first + begin] in "CF" else words.lower()), place
