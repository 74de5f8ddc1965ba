"""What a verb gives: the thing or the sum behind an active verb, or before a passive one.

Called by `claim_verbs`. Time, distance and people who get something are no gift; of a compound the last word says what it is.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import AID_KIND, TIMES
from evenhand.statements.wordlists import rows_by

NO_GOODS = frozenset(
    [
        "alerts",
        "statements",
        "reports",
        "figures",
        "details",
        "findings",
        "guidelines",
        "countries",
        "nations",
        "sides",
        "peoples",
    ]
)
"""What is counted and is no gift: two donor alerts, the two friendly countries."""
NO_GIFTS = TIMES | NO_GOODS
PROGRAMMES = frozenset(
    [
        "project",
        "projects",
        "programme",
        "programmes",
        "program",
        "programs",
        "training",
        "treatment",
        "power",
        "plant",
        "plants",
        "centre",
        "centres",
        "center",
        "centers",
        "camp",
        "camps",
        "station",
        "stations",
        "oil",
        "land",
        "water",
        "gas",
    ]
)
HUMANE = re.compile(
    r"\b(?:aid|relief|humanitarian|assistance|emergency|support|help|medical|food|health|vaccin\w+|evacuat\w+)\b", re.I
)
ANOTHER_OBJECT = re.compile(r"_*t?w{1,3}[f2][twA]{0,3}L*")
SERVED_FIRST = re.compile(r"_*[tw]{0,2}(?P<who>L)(?:o[tw]?[SGCT]{1,3})?(?=[tQ])t?[w]{0,2}(?P<thing>[LQ])")
"""Who gets it before what is given: "give the hospitals of Lebanon the fuel"."""
TRAINED = re.compile(r"(?:_*Q_*)?[twA]{0,2}(?P<who>L)(?=[fpF][tw]{0,2}[SGC])")
BEHIND_PREPOSITION = re.compile(r"(?:[pf2xyFo]|k)[twACQ_']{0,5}$")
VERBAL = re.compile(r"(?:[VEUvJ]|(?<![LC])e)(?=.*[bhu])|i")


def find_object(aid: Aid, verb: int, start: int, end: int, needs: str, *, before: bool, whole: bool) -> int | None:
    """Return the token of what is given: after an active verb, before a passive one."""
    letters = aid.letters
    if before:
        places = [place for place in range(verb - 1, start - 1, -1) if letters[place] in "LQ"]
        places = [
            place
            for place in places
            if not re.search(r"[bhV]", letters[place:verb].replace("b", "", 1) if "b" in letters[place:verb] else "")
        ] or places
        heads = (
            []
            if not whole
            else [
                place
                for place in places
                if not BEHIND_PREPOSITION.search(letters, start, place) and not VERBAL.search(letters, place, verb)
            ]
        )
        places = heads[-1:] + places
    else:
        places = []
        for place in range(verb + 1, end):
            if aid.words[place] == "as" or letters[place] in "VikcM;:" or (letters[place] in "bhu"):
                break
            if letters[place] in "LQ":
                places.append(place)
        served = SERVED_FIRST.match(letters, verb + 1, end) if needs == "resource" else None
        if served and kind_of(aid, served.start("who")) in ("structure", "people"):
            places = [place for place in places if place >= served.start("thing")]
    allowed = []
    for place in places:
        if letters[place] == "Q":
            if needs in ("arrived", "moved") and (
                re.match(r"[wC]{0,2}W", letters[aid.amounts[place][0] :])
                or not (
                    aid.amounts[place][1].currency
                    or letters[aid.amounts[place][0] : aid.amounts[place][0] + 1] in "LwCoAS"
                )
            ):
                continue
            if needs in ("money", "added", "raised") and not aid.amounts[place][1].currency:
                continue
            if _amount_counts(aid, place) and (needs != "structure" or _counts_structures(aid, place)):
                allowed.append(place)
            continue
        if needs == "resource" and not before and ANOTHER_OBJECT.fullmatch(letters, verb + 1, place):
            continue  # "provide safe access for aid workers"
        kind = kind_of(aid, place)
        if needs in ("structure", "service") and kind != needs:
            continue
        if (kind == "debt") != (needs == "debt"):
            continue
        if needs == "people-sent" and kind != "people":
            continue
        if needs == "people":
            continue
        if needs in ("money", "added", "raised") and kind != AID_KIND:
            continue
        if (
            aid.words[place] in PROGRAMMES
            and kind != "goods"
            and needs != "service"
            and not HUMANE.search(" ".join(aid.words[max(start, place - 3) : end]))
        ):
            continue
        allowed.append(place)
    if needs == "people" and aid.verbs[verb].verb == "train" and not before:
        trained = TRAINED.match(letters, verb + 1, end)
        if trained and kind_of(aid, trained.start("who")) == "people":
            return trained.start("who")  # "train nurses for Haiti"
    if needs in ("people", "fire") and not before:
        people = [
            place
            for place in range(verb + 1, min(end, verb + 8))
            if letters[place] in "WQ" or aid.words[place] in ("fire", "fires", "wounded", "injured")
        ]
        return people[0] if people else None
    return allowed[0] if allowed else None


def _counts_structures(aid: Aid, place: int) -> bool:
    """Say whether what is counted is a building: "20 mobile clinics"."""
    after = aid.amounts[place][0]
    found = re.compile(r"[wCAE]{0,4}(?P<what>L)").match(aid.letters, after)
    return found is not None and kind_of(aid, found.start("what")) == "structure"


def kind_of(aid: Aid, place: int) -> str:
    """Return the kind of the thing at a token: of a compound, that of its last word ("aid workers" are people)."""
    while aid.letters[place + 1 : place + 2] == "L":
        place += 1
    known = rows_by("resources", "word")
    row = known.get(" ".join(aid.words[max(0, place - 1) : place + 1])) or known.get(aid.words[place], {})
    return row.get("kind", "")


def _amount_counts(aid: Aid, place: int) -> bool:
    """Say whether an amount can be something given: money, or things rather than time, distance or people."""
    after, amount = aid.amounts[place]
    if amount.currency:
        return True
    following = aid.words[after : after + 2]
    return NO_GIFTS.isdisjoint(following)
