"""Who gives, who gets, and where: the parties of one claim from the words around its verb or noun.

Called by `claims`. Nobody is guessed where the words and their context name nobody; a state serving its own people is giver and receiver.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.gazetteer import Entry, load_entries
from evenhand.statements.person import Person
from evenhand.statements.references import Cast, who_is
from evenhand.statements.titles import Title
from evenhand.statements.wordlists import word_list

OWN_STATE = frozenset(word_list("country nation state government republic people authorities side ministry ministries"))
OWN_BODY = frozenset(
    word_list(
        "organization organisation agency bank body fund programme office union commission committee institution group team teams staff volunteers partners society federation charity foundation centre center"
    )
)
STATE_OWNED = re.compile(
    r"Ministry|Directorate|Department|ministry|National|State|Federal|Royal|Provincial|Municipal|Government|General (?:Authority|Directorate)|Civil (?:Defence|Defense|Protection)|.*\bMinistry\b"
)
"""Bodies that count as the state where the text is at home."""
RECEIVING = re.compile(r"(?:[2f]|p(?=[tw]*W))[twoCLAS'&aZ]{0,6}?(?P<who>[SGPN]|A[tw]{0,2}W|W)")
OF_STATE = re.compile(r"W(?:[oFp][tw]{0,2}|[wE,]{0,4}p[tw]{0,2})(?P<states>S(?:[,&]+t?S)*)")
ADJECTIVE_PEOPLE = re.compile(r"(?P<state>[AS])[w']{0,2}W")
MORE_PLACES = re.compile(r"(?:,C+)+w?(?:&C+w?)?|w?&C+w")
CITY_OF = re.compile(
    r"(?:[p2f][tA]{0,2}[wLW]o|E[tw]{0,1}(?<=[E])(?=[CT]))(?P<place>(?:C+|T)(?:&(?:C+|T))?)(?=[,.;kpbw&F]|$)"
)
PLACED = re.compile(
    r"(?P<how>[p2f])(?P<the>t?)[w]{0,2}?(?P<place>T|C(?:C|w(?=C))*|S)(?P<more>&C+)?(?=[,.ikc&pFf2w()]|$)"
)


def party_of(aid: Aid, place: int, cast: Cast) -> str | None:
    """Return the party that a token stands for: a state's code, or an organisation's name."""
    ref = aid.row.refs[aid.first + place]
    if isinstance(ref, Entry):
        if ref.kind == "organisation" and not ref.state and STATE_OWNED.match(ref.key):
            return cast.home or ref.key  # a ministry counts as its state
        if ref.kind == "organisation" and not ref.state:
            return cast.organisation_name(ref)
        return ref.state or None
    if isinstance(ref, Person):
        return party_of_person(ref, cast)
    if isinstance(ref, Title):
        who = who_is(ref, ref.words, cast)
        if who is not None and who.person is not None:
            return party_of_person(who.person, cast)
        if ref.state:
            return ref.state
        return _body(ref.organisation, cast) if ref.organisation else None
    return meant_by(aid, place, cast, None) if ref is None else None


def party_of_person(person: Person | None, cast: Cast) -> str | None:
    """Return the state or the organisation that a person speaks for."""
    if person is None:
        return None
    return person.state or _body(person.organisation, cast) or None


def _body(name: str, cast: Cast) -> str:
    entry = load_entries().get(name)
    return cast.organisation_name(entry) if entry else name


def speakers_party(aid: Aid, cast: Cast) -> str | None:
    """Return the party in whose name a sentence is said."""
    speaker = aid.one.speaker
    if speaker.person is not None:
        return party_of_person(speaker.person, cast)
    if speaker.name in ("narrator", "both"):
        return None
    entry = load_entries().get(speaker.name.removeprefix("Government of "))
    if entry is not None and entry.state:
        return entry.state
    return speaker.name if speaker.name in cast.names.values() else None


def meant_by(aid: Aid, place: int, cast: Cast, before: str | None) -> str | None:
    """Return the party that "it", "we", "the country", "his agency" mean."""
    word = aid.words[place]
    own = speakers_party(aid, cast)
    if word in ("we", "i", "our", "us", "my"):
        return own
    if word in ("it", "they", "its", "their"):
        return own or before or cast.home or None
    if word in ("he", "she", "his", "her"):
        return own
    if word in OWN_STATE:
        return own if own and len(own) == 3 and own.isupper() else cast.home or None
    if word in OWN_BODY:
        if own and not (len(own) == 3 and own.isupper()):
            return own
        bodies = [
            ref
            for ref in aid.row.refs[: aid.first]
            if isinstance(ref, Entry) and ref.kind == "organisation" and not ref.state
        ]
        return cast.organisation_name(bodies[-1]) if bodies else None
    return None


def find_receivers(
    aid: Aid, first: int, last: int, cast: Cast, giver: str | None, *, needed: bool = False
) -> tuple[tuple[str, ...], set[int]]:
    """Return who gets it between two tokens, and the tokens that say so."""
    letters = aid.letters[first:last]
    for match in OF_STATE.finditer(letters):
        start, end = match.span("states")
        found = [party_of(aid, first + place, cast) for place in range(start, end) if letters[place] == "S"]
        sheltered = re.compile(r"[wE,]{0,3}p[tw]{0,2}(?P<states>S(?:[,&]+t?S)*)").match(letters, end)
        if letters[match.start() + 1] == "F" and sheltered:
            start, end = sheltered.span("states")
            found = [party_of(aid, first + place, cast) for place in range(start, end) if letters[place] == "S"]
        return tuple(dict.fromkeys(one for one in found if one)), set(range(first + match.start(), first + end))
    people = ADJECTIVE_PEOPLE.search(letters)
    if people:
        party = party_of(aid, first + people.start("state"), cast)
        host = re.compile(r"Wp[tw]{0,2}(?P<state>S)").search(letters, people.start())
        if host:
            party = party_of(aid, first + host.start("state"), cast)
        return ((party,) if party else ()), set(range(first + people.start(), first + people.end()))
    for match in RECEIVING.finditer(letters):
        place = match.end() - 1
        if letters[place] == "W":
            return (), {first + place}
        if letters[place + 1 : place + 2] == "'" and letters[match.start()] == "f":
            continue
        party = party_of(aid, first + place, cast)
        if party and party != giver:
            parties = [party]
            more = re.compile(r"[,&]+t?(?P<who>[SG])").match(letters, place + 1)
            while more:
                other = party_of(aid, first + more.start("who"), cast)
                if other:
                    parties.append(other)
                place = more.end() - 1
                more = re.compile(r"[,&]+t?(?P<who>[SG])").match(letters, place + 1)
            return tuple(dict.fromkeys(parties)), set(range(first + match.start(), first + place + 1))
    if needed:
        return (), set()
    for match in re.finditer(r"p(?:t?[wC]{0,3},)?t?(?P<state>[SA])(?!')", letters):
        party = party_of(aid, first + match.start("state"), cast)
        if party and party != giver and aid.words[first + match.start()] == "in":
            return (party,), set()
    for match in re.finditer(r"p[twC]{1,4},(?P<state>S)", letters):
        party = party_of(aid, first + match.start("state"), cast)
        if party and party != giver:
            return (party,), set()
    return (), set()


def state_of_place(aid: Aid, tokens: set[int]) -> str | None:
    """Return the state whose capital is among these tokens."""
    for place in sorted(tokens):
        ref = aid.row.refs[aid.first + place]
        if isinstance(ref, Entry) and ref.kind == "capital":
            return ref.state
    return None


def find_place(aid: Aid, first: int, last: int, receivers: tuple[str, ...]) -> tuple[str | None, set[int]]:
    """Return where the aid goes, in the text's words, and the tokens that say so."""
    letters = aid.letters
    for match in PLACED.finditer(letters, first, last):
        start, end = match.span("place")
        words = aid.row.span(aid.first + start, aid.first + end)
        if match.group("more") and match.group("the"):
            end = match.end("more")
            words = f"the {aid.row.span(aid.first + start, aid.first + end)}"
        if letters[start] == "S":
            ref = aid.row.refs[aid.first + start]
            if not receivers or (isinstance(ref, Entry) and ref.state in receivers) or match.group("how") == "2":
                continue
            if len(receivers[0]) == 3 and receivers[0].isupper():
                continue
        if letters[start] == "C":
            if aid.row.codes[aid.first + start] in "g" or (match.group("how") == "f" and letters[start] == "C"):
                continue
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
        if letters[start] == "T" and match.group("how") == "f":
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
    if city:
        return aid.row.span(aid.first + city.start("place"), aid.first + city.end("place")), set(
            range(city.start(), city.end())
        )
    return None, set()
