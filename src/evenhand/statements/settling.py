"""Which state or body each person of a text speaks for, where the words beside the name leave it open.

Called by `reader` before the meeting is looked for. What stands beside a name is never overruled.
"""

from __future__ import annotations

import re

from evenhand.statements.gazetteer import Entry, load_entries
from evenhand.statements.person import SPOKESMAN, Person
from evenhand.statements.references import Cast
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import rows_by


def speaks_for_state(person: Person) -> bool:
    """Say whether a person's office is a state's."""
    kind = rows_by("offices", "words").get(person.head, {}).get("kind", "")
    return bool(person.state) and (kind == "state" or not person.organisation)


OF_ITS_STATE = re.compile(r"Pot?S")
STATE_BODY = re.compile(r"\b(?:Ministry|Directorate|Department)\b|^(?:State|Federal|Royal) ")


def settle_parties(persons: list[Person], cast: Cast, row: Tokens) -> None:
    """Give everybody a party: what the words beside the name say, else the text's home state or its organisation."""
    entries = load_entries()
    for match in OF_ITS_STATE.finditer(row.codes):
        person, ref = row.refs[match.start()], row.refs[match.end() - 1]
        if isinstance(person, Person) and isinstance(ref, Entry) and not (person.state or person.organisation):
            person.state = ref.state  # "President Ada Obi of Ghana"
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
            person.state, person.organisation = own, ""
        elif person.organisation and cast.home and STATE_BODY.search(person.organisation):
            if person.head in ("Head", "Director", "Chief", "Director-General", "Chairman"):
                person.office = f"{person.office} of the {person.organisation}"
            person.state, person.organisation = person.state or cast.home, ""
        elif person.organisation and person.state:
            if kind == "state":
                person.organisation = ""
            else:
                person.state = ""
        elif not person.organisation and not person.state and person.office:
            if person.head in ("Coordinator",) and "Resident" in person.office:
                person.organisation = "United Nations"
            elif person.head == "Secretary of State" and person.office == "Secretary of State":
                person.state = "USA"
            elif kind == "organisation":
                bodies = [
                    ref.key
                    for ref in row.refs
                    if isinstance(ref, Entry) and ref.kind == "organisation" and not ref.state
                ]
                person.organisation = max(dict.fromkeys(bodies), key=bodies.count) if bodies else ""
                person.state = "" if bodies else cast.home
            elif person.rank != SPOKESMAN:
                rival = any(
                    one is not person
                    and (
                        one.head == person.head
                        or one.rank == person.rank
                        or ("Foreign" in one.office and "Foreign" in person.office)
                    )
                    and one.state == cast.home
                    and not one.own
                    for one in persons
                )
                person.own = True
                rival = rival or person.rank == "ambassador"
                person.state = cast.second if rival and cast.second else cast.home
