"""Who gives, who gets, and where: the parties of one claim from the words around its verb or noun.

Called by `claims`. Nobody is guessed where the words and their context name nobody; a state serving its own people is giver and receiver.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.gazetteer import Entry, load_entries, place_states
from evenhand.statements.person import SPOKESMAN, Person
from evenhand.statements.references import Cast, who_is
from evenhand.statements.titles import Title
from evenhand.statements.wordlists import word_list

OWN_STATE = frozenset(
    word_list(
        "country nation state government republic people authorities side ministry ministries kingdom emirate province municipality district army military navy governorate"
    )
)
OWN_BODY = frozenset(
    word_list(
        "organization organisation agency bank body fund programme office union commission committee institution group team teams staff volunteers partners society federation charity foundation centre center"
    )
)
STATE_OWNED = re.compile(
    r"Ministry|Directorate|Department|ministry|National|State|Federal|Royal|Provincial|Municipal|Government|General (?:Authority|Directorate)|Civil (?:Defence|Defense|Protection)|.*\bMinistry\b"
)
"""Bodies that count as the state where the text is at home."""
STATE_BODIES = re.compile(
    r"\b(?:High Commission|Embassy|Consulate|Air Force|Army|Navy|Defen[cs]e Forces?|Coast Guard|Cabinet|Armed Forces)$"
)
"""Ends of the names of bodies that count as the state that stands before them: the British High Commission."""
RECEIVING = re.compile(r"(?:2U?|f|p(?=[tw]*W))[twoCLAS'&aZQ_]{0,7}?(?P<who>[SGPN]|A[tw]{0,2}W|W)")
OF_STATE = re.compile(r"W(?:[oFp][tw]{0,2}|[wE,]{0,4}p[tw]{0,2}|[wEFtLoA]{0,8}p[tw]{0,2})(?P<states>S(?:[,&]+t?S)*)")
SUBJECT_THEN = re.compile(r"w{0,2}[EehbuU]")
BESIDE_OTHERS = re.compile(r"W,?&t?(?P<who>[G])(?!')")
SUBJECT_DOES = re.compile(r"[hwu]{0,3}E")
PEOPLE_GIVE = re.compile(r"(?:[oFp][tw]{0,4})*[hwu]{0,2}[EU]")
"""A verb of giving of which people are the subject, with what stands between."""
ADJECTIVE_PEOPLE = re.compile(r"(?P<state>[AS])[w']{0,2}W")


def party_of(aid: Aid, place: int, cast: Cast) -> str | None:
    """Return the party that a token stands for: a state's code, or an organisation's name."""
    ref = aid.row.refs[aid.first + place]
    if isinstance(ref, Entry):
        if aid.letters[place + 1 : place + 3] == "CC" and aid.words[place + 1] == "member":
            return None  # "ASEAN Member States": none of them is singled out
        if ref.kind == "organisation" and not ref.state and STATE_OWNED.match(ref.key):
            return cast.home or ref.key  # a ministry counts as its state
        if ref.kind == "organisation" and not ref.state and STATE_BODIES.search(ref.key):
            return _body(ref.key, cast)
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
    if ref is None and aid.letters[place : place + 1] == "S":
        named = GOVERNMENT_OF.match(aid.letters, place)
        if named:
            return party_of(aid, named.start("who"), cast)
        back = place - 1 - (aid.letters[place - 1 : place] == "'")
        if back >= 0 and aid.letters[back] in "SA" and aid.row.refs[aid.first + back] is not None:
            return party_of(aid, back, cast)
    return meant_by(aid, place, cast, None) if ref is None else None


GOVERNMENT_OF = re.compile(r"S(?:&[wW])?ot?(?P<who>[SG])")
"""The government and people of Japan."""


def party_of_person(person: Person | None, cast: Cast) -> str | None:
    """Return the state or the organisation that a person speaks for."""
    if person is None:
        return None
    return person.state or _body(person.organisation, cast) or None


def _body(name: str, cast: Cast) -> str:
    entry = load_entries().get(name)
    if entry is None and (STATE_OWNED.match(name) or STATE_BODIES.search(name)):
        entries = load_entries()
        words = name.split()
        for size in (1, 2, 3, 4):
            last = entries.get(" ".join(words[-size:]))
            if last is not None and last.kind == "state":
                return last.state
        first = entries.get(words[0])
        if first is not None and first.kind in ("state", "adjective"):
            return first.state
        return cast.home or name
    return cast.organisation_name(entry) if entry else name


def speakers_party(aid: Aid, cast: Cast) -> str | None:
    """Return the party in whose name a sentence is said."""
    speaker = aid.one.speaker
    if speaker.person is not None:
        of_none = speaker.person.rank == SPOKESMAN and not speaker.person.organisation
        return party_of_person(speaker.person, cast) or (cast.own if of_none else "") or None
    if speaker.name in ("narrator", "both"):
        return None
    entry = load_entries().get(speaker.name.removeprefix("Government of "))
    if entry is not None and entry.state:
        return entry.state
    here = next(
        (
            ref.state
            for ref in aid.row.refs[aid.first : aid.last]
            if isinstance(ref, Entry) and ref.state and ref.spelling == speaker.name
        ),
        "",
    )
    if not here and STATE_BODIES.search(speaker.name):
        return _body(speaker.name, cast)
    return here or (speaker.name if speaker.name in cast.names.values() else None)


def other_side(own: str | None, cast: Cast) -> str | None:
    """Return the one party that "you" can mean: that of the only other side present."""
    others = {party for one in cast.present if (party := party_of_person(one, cast)) and party != own}
    if len(others) == 1:
        return others.pop()
    states = [state for state in (cast.home, cast.second) if state and state != own]
    return states[0] if len(states) == 1 else None


def meant_by(aid: Aid, place: int, cast: Cast, before: str | None) -> str | None:
    """Return the party that "it", "we", "the country", "his agency" mean."""
    word = aid.words[place]
    own = speakers_party(aid, cast)
    if word in ("we", "i", "our", "us", "my"):
        return own
    if word in ("you", "your"):
        return other_side(own, cast)
    if word in ("it", "they", "its", "their"):
        return own or before or cast.home or None
    if word in ("he", "she", "his", "her"):
        return own
    if word in OWN_STATE:
        return own if own and len(own) == 3 and own.isupper() else cast.home or None
    if word in OWN_BODY:
        if own and not (len(own) == 3 and own.isupper()):
            return own
        bodies = [ref for ref in aid.row.refs[: aid.first] if isinstance(ref, Entry) and ref.kind == "organisation"]
        return (bodies[-1].state or cast.organisation_name(bodies[-1])) if bodies else None
    return None


def find_receivers(
    aid: Aid, first: int, last: int, cast: Cast, giver: str | None, *, needed: bool = False
) -> tuple[tuple[str, ...], set[int]]:
    """Return who gets it between two tokens, and the tokens that say so."""
    letters = aid.letters[first:last]
    for match in OF_STATE.finditer(letters):
        start, end = match.span("states")
        if SUBJECT_THEN.match(letters, end) and not re.search(r"[EeU]", letters[: match.start()]):
            continue  # "the Government and people of Japan sent": they give
        if re.search(r"(?:y[tw]{0,2}|LF[twC,&]{0,6})$", letters[: match.start()]):
            continue  # "donated by the people of Norway", "a gift from the people of"
        found = [party_of(aid, first + place, cast) for place in range(start, end) if letters[place] == "S"]
        sheltered = re.compile(r"[wE,]{0,3}p[tw]{0,2}(?P<states>S(?:[,&]+t?S)*)").match(letters, end)
        if letters[match.start() + 1] == "F" and sheltered:
            start, end = sheltered.span("states")
            found = [party_of(aid, first + place, cast) for place in range(start, end) if letters[place] == "S"]
        return tuple(dict.fromkeys(one for one in found if one)), set(range(first + match.start(), first + end))
    people = ADJECTIVE_PEOPLE.search(letters)
    if people and "behalf" in aid.words[first + max(0, people.start() - 3) : first + people.start()]:
        people = None  # "on behalf of the Japanese people": they give
    if people:
        of = re.search(r"(?P<gift>L)o[tw]{0,2}$", letters[: people.start()])
        if of and aid.words[first + of.start("gift")] in ("gift", "donation", "contribution"):
            people = None
    if people and PEOPLE_GIVE.match(letters, people.end()) and not re.search(r"[EeUL]", letters[: people.start()]):
        people = None  # "Cambodian people from all walks of life made donations"
    if people:
        party = party_of(aid, first + people.start("state"), cast)
        host = re.compile(r"Wp[tw]{0,2}(?P<state>S)").search(letters, people.start())
        if host:
            party = party_of(aid, first + host.start("state"), cast)
        return ((party,) if party else ()), set(range(first + people.start(), first + people.end()))
    listed = _listed_before(aid, first, last)
    if listed:
        return listed, set()
    for match in RECEIVING.finditer(letters):
        place = match.end() - 1
        if aid.words[first + place + 1 : first + place + 2] in (["Basin"], ["Valley"], ["Gulf"]):
            continue  # "the Lake Chad Basin" is no state
        if letters[place] == "W":
            beside = BESIDE_OTHERS.match(letters, place)
            party = party_of(aid, first + beside.start("who"), cast) if beside else None
            if party and party != giver:
                return (party,), set()  # "to African countries and the African Union"
            break  # people, of the state that another word names
        if letters[place + 1 : place + 2] == "'" and letters[match.start()] == "f":
            continue
        party = _named_like(aid, first + place) or party_of(aid, first + place, cast)
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
    for match in re.finditer(r"[2f]t(?P<own>w)", letters):
        if (
            aid.words[first + match.start("own")] in ("country", "nation", "island", "islands")
            and cast.home
            and cast.home != giver
        ):
            return (cast.home,), set()
    for match in re.finditer(r"p(?:t?[wC]{0,3},)?t?(?P<state>S(?!')|A(?![C']))", letters):
        party = party_of(aid, first + match.start("state"), cast)
        if (
            party
            and party != giver
            and aid.words[first + match.start()] in ("in", "into", "inside", "across", "throughout")
            and not _is_of_the_subject(letters, match)
        ):
            return (party,), set()
    for match in re.finditer(r"p[twC]{1,4}(?:,|o)(?P<state>S)(?!')", letters):
        party = party_of(aid, first + match.start("state"), cast)
        if party and party != giver:
            return (party,), set()
    return (), set()


def _is_of_the_subject(letters: str, place: re.Match[str]) -> bool:
    """Say whether a state only tells where the subject is at home: "civil groups in China have donated"."""
    return (
        re.search(r"[wWC]$", letters[: place.start()]) is not None
        and SUBJECT_DOES.match(letters, place.end()) is not None
    )


def _named_like(aid: Aid, place: int) -> str | None:
    """Return the state of a place whose name ends with another's: Petite Martinique."""
    if aid.letters[place] != "S" or aid.letters[place - 1 : place] != "C":
        return None
    return place_states().get(aid.row.span(aid.first + place - 1, aid.first + place + 1))


STATES_IN_A_ROW = re.compile(r"S(?:,t?S)*,?&t?S")


def last_listed(aid: Aid) -> tuple[str, ...]:
    """Return the states of the last row of them before a sentence or in it: "Malawi and Zimbabwe"."""
    row, until = aid.row, aid.last
    lists = list(STATES_IN_A_ROW.finditer(row.codes, max(0, until - NEAREST_LIST), until))
    return tuple(
        ref.state
        for ref in (row.refs[lists[-1].start() : lists[-1].end()] if lists else ())
        if isinstance(ref, Entry) and ref.kind == "state"
    )


NEAREST_LIST = 120
"""How many tokens back "them" and "their" can mean a row of states."""
FURTHEST_LIST = 3000
"""How many tokens back a list of states is looked for."""


def _listed_before(aid: Aid, first: int, last: int) -> tuple[str, ...]:
    """Return the states that "the three countries" means: the last list of as many."""
    for place in range(first, last):
        if place not in aid.amounts or aid.words[place - 1 : place] not in (["the"], ["these"], ["those"], ["all"]):
            continue
        after, amount = aid.amounts[place]
        many = amount.value
        if (
            amount.currency
            or not 2 <= many <= 9
            or not {"countries", "states", "nations"} & set(aid.words[after : after + 2])
        ):
            continue
        row, until = aid.row, aid.first + place
        pattern = re.compile(rf"S(?:,t?S){{{int(many) - 2}}},?&t?S")
        lists = list(pattern.finditer(row.codes, max(0, until - FURTHEST_LIST), until))
        if lists:
            return tuple(
                ref.state
                for ref in row.refs[lists[-1].start() : lists[-1].end()]
                if isinstance(ref, Entry) and ref.kind == "state"
            )
    return ()
