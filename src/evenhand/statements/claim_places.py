"""Where the aid of a claim goes, in the text's words, and the state that such a place is in.

Called by `claim_details`. A state that gets the aid, or a conference, is no place; of two where a load sets out and arrives, the second counts.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.gazetteer import Entry, place_states, unaccented
from evenhand.statements.wordlists import word_list

MORE_PLACES = re.compile(r"(?:,C+)+w?(?:&C+w?)?|w?&C+w")
CITY_OF = re.compile(
    r"(?:[p2f][tA]{0,2}w?[wLW]o|E[tw]{0,1}(?<=[E])(?=[CT]))(?P<place>(?:C+|T)(?:&(?:C+|T))?)(?=[,.;kpbw&FJ]|$)"
)
PLACED = re.compile(
    r"(?P<how>[p2f])(?P<the>t?)[w]{0,2}?(?P<place>T|CSC|CoC|C(?:C|w(?=C))*|S)(?P<more>&C+)?(?:(?=[,.ikc&pFf2w()xybhuJEVDMULW]|$)|(?<=T)(?=[te]))"
)


AREAS = frozenset(
    word_list(
        "camp camps region province provinces district governorate county municipality island islands village valley"
    )
)
"""Words in small letters that belong to the name before them: "Osh region", "Bakassi camp"."""
SITES = frozenset(
    word_list("lab laboratory hospital hospitals clinic clinics school schools airport port market station")
)
"""Buildings that are named after their town: "the Kenema lab"."""
REGIONS = frozenset(
    word_list(
        "Sahel Caribbean Balkans Levant Maghreb Caucasus Pacific Horn Basin Mediterranean Sahara Lakes Amazon Gulf"
    )
)
"""The last or first word of a region that belongs to several states, none of which it names."""
HYPHENATED = re.compile(r"[^\W\d_][\w']*(?:-[\w']+)+")


def state_of_place(aid: Aid, tokens: set[int]) -> str | None:
    """Return the state whose capital, province or well-known town is among these tokens."""
    for place in sorted(tokens):
        ref = aid.row.refs[aid.first + place]
        if isinstance(ref, Entry) and ref.kind in ("capital", "airport") and ref.state:
            return ref.state
    known = place_states()
    for place in sorted(tokens):
        if aid.letters[place : place + 1] == "C":
            whole = HYPHENATED.match(aid.row.plain, aid.start(place))
            if whole and whole.group() in known:
                return known[whole.group()]
    for size in (4, 3, 2, 1):
        for place in sorted(tokens):
            if aid.letters[place : place + 1] == "C" and place + size - 1 in tokens:
                name = aid.row.span(aid.first + place, aid.first + place + size)
                state = known.get(name) or known.get(unaccented(name))
                if state:
                    return state
    return None


def _sets_out(aid: Aid, first: int, place: int) -> bool:
    """Say whether a load has left for somewhere before a token: "left Doha for Port Sudan"."""
    return any(
        aid.verbs[at].verb in ("leave", "depart", "set off", "set out", "take off", "head", "sail")
        for at in aid.verbs
        if first <= at < place
    )


def is_region(place: str | None) -> bool:
    """Say whether a place is a region of several states, which names no receiver: "the Sahel"."""
    return place is not None and place.startswith("the ") and not REGIONS.isdisjoint(place.split())


def find_place(aid: Aid, first: int, last: int, receivers: tuple[str, ...]) -> tuple[str | None, set[int]]:
    """Return where the aid goes, in the text's words, and the tokens that say so."""
    letters = aid.letters
    for match in PLACED.finditer(letters, first, last):
        start, end = match.span("place")
        words = aid.row.span(aid.first + start, aid.first + end)
        if match.group("more") and match.group("the"):
            end = match.end("more")
            words = f"the {aid.row.span(aid.first + start, aid.first + end)}"
        behind = aid.words[end] if end < last else ""
        if any(letter.isdigit() for letter in words):
            continue  # "respond to COVID-19"
        if "o" in letters[start:end] and not (match.group("the") and REGIONS.intersection(words.split())):
            continue  # "the Horn of Africa", but no other name with "of" in it
        if letters[start] == "C" and match.group("the") and REGIONS.intersection(words.split()):
            return f"the {words}", set(range(match.start(), end))
        if letters[end : end + 1] in ("L", "W") and behind not in AREAS | SITES:
            if letters[start] != "C" or letters[end] != "W" or words not in place_states():
                continue
            return words, set(range(match.start(), end))  # "for Carriacou families"
        if letters[start] == "S":
            ref = aid.row.refs[aid.first + start]
            if not receivers or (isinstance(ref, Entry) and ref.state in receivers) or match.group("how") == "2":
                continue
            if len(receivers[0]) == 3 and receivers[0].isupper():
                continue
        if letters[start] == "C":
            if aid.row.codes[aid.first + start] in "g" or (match.group("how") == "f" and letters[start] == "C"):
                continue
            if behind in SITES and end == start + 1:
                return words, set(range(match.start(), end))
            if behind in SITES and match.group("the") and not match.group("more"):
                return f"{words} {behind}", set(range(match.start(), end))  # "the Calixto Garcia hospital"
            if behind in AREAS and not match.group("more"):
                return f"{words} {behind}", set(range(match.start(), end))
            if (
                match.group("the")
                and not match.group("more")
                and words.split()[-1]
                not in (
                    "Airport",
                    "Port",
                    "Province",
                    "Region",
                    "Valley",
                    "District",
                    "Strip",
                    "Islands",
                    "Caribbean",
                    "Sahel",
                )
            ):
                continue
        if letters[start] == "T" and behind in ("airport", "seaport"):
            return aid.row.span(aid.first + start, aid.first + end + 1), set(range(match.start(), end))
        if letters[start] == "T" and match.group("how") == "f" and not _sets_out(aid, first, start):
            continue
        listed = MORE_PLACES.match(letters, end, last) if letters[start] == "C" and end == match.end("place") else None
        if listed and aid.words[listed.end() - 1] in (
            "districts",
            "district",
            "city",
            "cities",
            "provinces",
            "regions",
            "towns",
            "villages",
            "counties",
        ):
            end = listed.end()
            words = aid.row.span(aid.first + start, aid.first + end)
        return words, set(range(match.start(), end))
    city = CITY_OF.search(letters, first, last)
    if city and not _sets_out(aid, first, city.start("place")):
        return aid.row.span(aid.first + city.start("place"), aid.first + city.end("place")), set(
            range(city.start(), city.end())
        )
    return None, set()
