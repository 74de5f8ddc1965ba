"""Which state or body each person of a text speaks for, where the words beside the name leave it open.

Called by `reader` before the meeting is looked for. What stands beside a name is never overruled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from evenhand.statements.gazetteer import Entry, load_entries
from evenhand.statements.issuing import named_state
from evenhand.statements.person import SPOKESMAN, Person
from evenhand.statements.references import Cast
from evenhand.statements.same_name import fits
from evenhand.statements.titles import Title
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import rows_by


def speaks_for_state(person: Person) -> bool:
    """Say whether a person's office is a state's."""
    kind = rows_by("offices", "words").get(person.head, {}).get("kind", "")
    return bool(person.state) and (kind == "state" or not person.organisation)


OF_ITS_STATE = re.compile(r"Pot?S")
OF_THEIR_BODY = frozenset(
    {
        "Head",
        "Director",
        "Chief",
        "Director-General",
        "Director General",
        "President",
        "Chairman",
        "Deputy Chairman",
        "Administrator",
        "Undersecretary",
    }
)
"""Offices that say nothing without the body: "President of the Disaster and Emergency Management Authority"."""
OF_THE_STATES_BODY = frozenset(
    {"Head", "Director", "Chief", "Director-General", "Chairman", "Secretary-General", "Deputy Chairman"}
)
"""Of those the ones that a ministry or an agency of the state has."""
ON_A_VISIT = re.compile(r"P,?[wqtNmaF]{1,6}?(?P<thing>w)p[ST]")
BESIDE_COUNTERPART = re.compile(r"P[^.P]{1,25}?N")
VISITS = frozenset({"visit", "trip", "tour", "travelling", "traveling", "travelled", "traveled", "arrived", "flew"})
WHOSE = re.compile(r" of (?:the )?(?:[A-Z]\w+ Republic|Republic of \w+|[A-Z]\w+)$|^[A-Z]\w+'s ")
LOCAL = re.compile(
    r"\b(?:Regional|Region|Provincial|Province|District|Municipal|County|Oblast|Prefecture|Governorate)\b"
)
"""Offices of a part of a state: they are at home where the towns of the text are."""
COMMISSIONED = re.compile(r"\b(?:Union|Commission|Community|United Nations|Council of Europe)\b")
"""Bodies that have commissioners."""
ABROAD = re.compile(r"\b(?:Resident|Country|Regional)\b")
STATE_BODY = re.compile(
    r"\b(?:Ministry|Directorate|Department|Presidential|Presidency|Cabinet|Treasury|Armed Forces|Army|Navy|Air Force|Police|Defence Force)\b|^(?:State|Federal|Royal) |^National .*\b(?:Agency|Authority|Commission|Office|Council)\b"
)


def settle_parties(
    persons: list[Person], cast: Cast, row: Tokens, second: str = "", host: str = "", guests: Sequence[str] = ()
) -> None:
    """Give everybody a party: what the words beside the name say, else the text's own state or its organisation.

    Parameters
    ----------
    second
        The state that the text speaks of most beside its own, for whoever is named as the other side.
    host, guests
        The state that a headline says is visited, and the names of those who visit it.
    """
    entries = load_entries()
    for match in OF_ITS_STATE.finditer(row.codes):
        person, ref = row.refs[match.start()], row.refs[match.end() - 1]
        if isinstance(person, Person) and isinstance(ref, Entry) and not (person.state or person.organisation):
            person.state = ref.state  # "President Ada Obi of Ghana"
    visited = _visited(row)
    _join_companions(row, persons)
    _join_listed(row)
    announced = _announced(row)
    for person in persons:
        kind = rows_by("offices", "words").get(person.head, {}).get("kind", "")
        entry = entries.get(person.organisation)
        own = (
            entry.state
            if entry
            else next(
                (
                    ref.state
                    for ref in row.refs
                    if isinstance(ref, Entry) and ref.key == person.organisation and ref.state
                ),
                "",
            )
        )
        if own:
            if " of " not in person.office and " for " not in person.office and person.head in OF_THEIR_BODY:
                body = cast.organisation_name(entry) if entry else person.organisation
                person.office = f"{person.office} of the {WHOSE.sub('', body)}"
            person.state, person.organisation = own, ""
        elif person.organisation and cast.own and STATE_BODY.search(person.organisation):
            if person.head in OF_THE_STATES_BODY and f"of the {person.organisation}" not in person.office:
                person.office = f"{person.office} of the {person.organisation}"
            person.state, person.organisation = person.state or named_state(person.organisation) or cast.own, ""
        elif person.organisation and person.state:
            if kind == "state":
                person.organisation = ""
            else:
                person.state = ""
        elif not person.organisation and not person.state and person.office:
            if person.head.endswith("Coordinator") and ("Resident" in person.office or "Humanitarian" in person.office):
                person.organisation = "United Nations"
            elif person.head == "Secretary of State" and person.office == "Secretary of State":
                person.state = "USA"
            elif (kind == "organisation" and not _of_a_state(person, row)) or (
                person.rank == "representative" and ABROAD.search(person.office)
            ):
                bodies = [
                    ref.key
                    for ref in row.refs
                    if isinstance(ref, Entry) and ref.kind == "organisation" and not ref.state
                ]
                person.organisation = max(dict.fromkeys(bodies), key=bodies.count) if bodies else ""
                person.state = "" if bodies else cast.own
            elif person.head == "High Representative" and "European Union" in cast.names:
                person.organisation = cast.names["European Union"]
            elif person.rank == SPOKESMAN and "Secretary-General" in person.office:
                person.organisation = cast.names.get("United Nations", "United Nations")
            elif person.rank != SPOKESMAN:
                person.own = True
                if id(person) in announced:
                    person.state = announced[id(person)]
                    continue
                local = person.rank in ("governor", "mayor") or LOCAL.search(f"{person.office} {person.organisation}")
                other = second and _is_the_others(person, persons, cast.own)
                guest_there = host and person.rank in HIGHEST and not any(fits(name, person) for name in guests)
                other = other or guest_there
                second = host if guest_there else second
                person.state = (cast.home if local else second if other else cast.own) or cast.own
                if person.state == visited.get(id(person)):
                    person.state = second if person.state == cast.own else cast.own


def _join_companions(row: Tokens, persons: list[Person]) -> None:
    """Give whoever accompanies somebody that one's state: "the minister, Ada Obi, accompanied by the Principal Secretary, Ben Udo"."""
    for match in COMPANION.finditer(row.codes):
        leader, companion = row.refs[match.start()], row.refs[match.end() - 1]
        if row.words[match.end("verb") - 1].lower() != "accompanied":
            continue
        if not (isinstance(leader, Person) and isinstance(companion, Person)):
            continue
        unbound = not companion.organisation or STATE_BODY.search(companion.organisation) is not None
        if leader.state and not companion.state and unbound:
            companion.state, companion.organisation = leader.state, ""


def _join_listed(row: Tokens) -> None:
    """Give those who stand in one list the state of the one before, where nothing says another: "Israeli minister A, director B and C"."""
    for match in LISTED.finditer(row.codes):
        before, one = row.refs[match.start()], row.refs[match.end()]
        if not (isinstance(before, Person) and isinstance(one, Person)):
            continue
        of_a_state = STATE_BODY.search(one.organisation) or STATE_BODY.search(one.office)
        if before.state and not one.state and one.office and of_a_state:
            _name_body(one)
            one.state, one.organisation = before.state, ""


def _name_body(person: Person) -> None:
    """Put the body into an office that says nothing without it."""
    if person.organisation and person.head in OF_THEIR_BODY and " of " not in f"{person.office} ":
        person.office = f"{person.office} of the {WHOSE.sub('', person.organisation)}"


ANNOUNCED = re.compile(r"t?(?P<state>S)w[^.]{0,60}?,(?P<who>P),?[^.,]{0,6}\.")
FUTURE = frozenset({"will", "is", "has", "have", "plans", "intends", "would"})


def _announced(row: Tokens) -> dict[int, str]:
    """Return whose state's deed somebody announces at the end of a sentence that begins with it: "Fiji is to give ..., the minister said"."""
    found: dict[int, str] = {}
    for match in ANNOUNCED.finditer(row.codes):
        begins = match.start() == 0 or row.codes[match.start() - 1] in '."' or _after_dateline(row, match.start())
        ref, person = row.refs[match.start("state")], row.refs[match.start("who")]
        does = row.words[match.start("state") + 1].lower() in FUTURE
        if begins and does and isinstance(ref, Entry) and isinstance(person, Person):
            found.setdefault(id(person), ref.state)
    return found


def _after_dateline(row: Tokens, at: int) -> bool:
    """Say whether a token begins a line."""
    return at > 0 and row.plain[row.ends[at - 1] : row.starts[at]].count(" ") > 1


LISTED = re.compile(r"P(?:,&?t?|&t?)(?=P)")
COMPANION = re.compile(r"P,?w{0,2}?(?P<verb>w)qt?[wm]{0,2}P")
HIGHEST = frozenset({"head of state", "head of government", "prince", "spouse"})
VISIT_TO = re.compile(r"\b[Vv]isit (?:of|by)\b(?P<who>.{3,160}?)\bto (?P<where>(?:(?:the|of|and|[A-Z][\w'-]+) ?){1,6})")


def visited_above(headlines: Sequence[str]) -> tuple[str, str]:
    """Return the state that a headline says is visited, and the words that say by whom: "Visit of Minister Ada Obi to Jordan".

    Examples
    --------
    >>> visited_above(["Working Visit of Minister Ada Obi to the Hashemite Kingdom of Jordan, 17 March"])
    ('JOR', ' Minister Ada Obi ')
    """
    entries = load_entries()
    for line in headlines:
        visit = VISIT_TO.search(line)
        words = visit.group("where").split() if visit else []
        for at in range(len(words)):
            entry = next(
                (entries[one] for many in (3, 2, 1) for one in [" ".join(words[at : at + many])] if one in entries),
                None,
            )
            if visit is not None and entry is not None and entry.kind in ("state", "capital"):
                return entry.state, visit.group("who")
    return "", ""


def filed_in(dateline: str) -> str:
    """Return the state of the capital that a dateline names, "" for none.

    Examples
    --------
    >>> filed_in("CARACAS, March 11 - ")
    'VEN'
    """
    town = re.match(r"\s*([A-Z][\w' ]+)", dateline)
    entry = load_entries().get(town.group(1).strip().title()) if town else None
    return entry.state if entry is not None and entry.kind == "capital" else ""


def _of_a_state(person: Person, row: Tokens) -> bool:
    """Say whether a commissioner is a state's, because no union or commission of several states is named."""
    return person.head == "Commissioner" and not any(
        isinstance(ref, Entry) and ref.kind == "organisation" and COMMISSIONED.search(ref.key) for ref in row.refs
    )


def _visited(row: Tokens) -> dict[int, str]:
    """Return the state that the text says somebody visits, which is not his own: "is on an official visit to Fiji"."""
    found: dict[int, str] = {}
    for match in ON_A_VISIT.finditer(row.codes):
        person, ref = row.refs[match.start()], row.refs[match.end() - 1]
        if isinstance(person, Person) and isinstance(ref, Entry) and row.words[match.start("thing")].lower() in VISITS:
            found[id(person)] = ref.state
    for match in BESIDE_COUNTERPART.finditer(row.codes):
        person, ref = row.refs[match.start()], row.refs[match.end() - 1]
        if isinstance(person, Person) and isinstance(ref, Title) and ref.head == "Counterpart" and ref.state:
            found.setdefault(id(person), ref.state)  # "Ada Obi met her Romanian counterpart"
    return found


def _is_the_others(person: Person, persons: list[Person], own: str) -> bool:
    """Say whether somebody named without a state belongs to the other side rather than to the text's own state.

    So does an ambassador; so does the second of two presidents; so does whoever stands beside an ambassador of the text's own state, or
    is named before somebody whom the text calls its own state's.
    """
    if person.rank == "ambassador":
        return True
    others = [one for one in persons if one is not person and one.state == own]
    named = [one for one in others if not one.own]
    for one in others:
        same = (
            one.rank == person.rank
            or one.head == person.head
            or ("Foreign" in one.office and "Foreign" in person.office)
        )
        highest = one.rank == person.rank and one.rank in ("head of state", "head of government")
        if same and (not one.own or highest or one.office == person.office):
            return True
    if any(one.posted for one in named):
        return True
    return bool(named) and all(one.first_at > person.first_at for one in named) and speaks_for_state(named[0])
