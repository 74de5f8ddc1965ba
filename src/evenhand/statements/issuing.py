"""Who issues a text, as far as the lines around its prose say: the state of its letterhead or address, the offices that its headline names.

Called by `reader` before parties are settled. What the prose itself says about somebody is never overruled.
"""

from __future__ import annotations

import re
from functools import cache

from evenhand.statements.cleaning import Body
from evenhand.statements.gazetteer import Entry, load_entries
from evenhand.statements.people import introduced
from evenhand.statements.person import SPOKESMAN, Person
from evenhand.statements.same_name import fits
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import portfolio_words

ADDRESS = re.compile(r"\b[\w-]+\.(?:gov|gob|gouv|go|govt|gub|mil)(?:\.(?P<code>[a-z]{2})\b|(?=[/\s]|$))")
"""The address of a government: dfat.gov.au; one without a state's letters is of the United States."""
LETTERHEAD = re.compile(
    r"(?:THE )?(?:GOVERNMENT|(?:\w+ )?REPUBLIC|KINGDOM|COMMONWEALTH|SULTANATE|STATE) OF (?:THE )?(?P<state>[A-Z' ]{3,40})$"
)
SIGNED = re.compile(
    r"\b(?:MINISTRY|Ministry|DEPARTMENT|Department|OFFICE|Office|GOVERNMENT|Government) (?:OF|of)(?P<rest>(?:[ ,]+(?:[A-Z][\w'&]*|of|and|the|OF|&))+)"
)
"""A ministry under or above the prose with its state behind it: "MINISTRY OF FOREIGN AFFAIRS SINGAPORE"."""
MASTHEAD = re.compile(
    r"BRIEFING ROOM\s+STATEMENTS AND RELEASES|\bBrady Press Briefing Room\b|\bDepartment Press Briefing\b|\bThe White House\s*$"
)
"""What stands above each release of the White House."""


@cache
def _codes() -> dict[str, str]:
    import pycountry

    return {country.alpha_2.lower(): country.alpha_3 for country in pycountry.countries} | {"uk": "GBR"}


def issuing_state(body: Body) -> str:
    r"""Return the state whose letterhead or address stands around the prose, "" where none or several do.

    Examples
    --------
    >>> from evenhand.statements.cleaning import find_body
    >>> issuing_state(find_body("REPUBLIC OF SOUTH AFRICA\n\nMEDIA STATEMENT\n\nThe minister has met the envoy of the fund in Pretoria."))
    'ZAF'
    """
    first, last = body.blocks[0].start, body.blocks[-1].end
    found: set[str] = set()
    for words in (body.plain[:first], body.plain[last:]):
        for match in ADDRESS.finditer(words) if ".g" in words or ".mil" in words else ():
            found.add(_codes().get(match.group("code"), "") if match.group("code") else "USA")
    for words in (body.plain[:first], body.plain[last:]):
        for match in SIGNED.finditer(words):
            found.add(_named_last(match.group("rest")))
    for start, end in body.above:
        line = body.plain[start:end]
        head = LETTERHEAD.match(line)
        entry = load_entries().get(head.group("state").strip().title()) if head else None
        if entry is not None and entry.state:
            found.add(entry.state)
        if MASTHEAD.search(line):
            found.add("USA")
    found.discard("")
    return found.pop() if len(found) == 1 else ""


def _named_last(words: str) -> str:
    """Return the state that a ministry's name ends with, "" for none."""
    parts = words.replace(",", " ").split()
    for many in (3, 2, 1):
        for start in range(1, len(parts) - many + 1) if len(parts) > many else ():
            entry = load_entries().get(" ".join(parts[start : start + many]).title())
            if entry is not None and entry.kind == "state" and entry.state:
                return entry.state
    return ""


def learn_offices(persons: list[Person], row: Tokens, body: Body) -> None:
    """Give whoever the prose names without an office the one that a headline names with him: "Readout of Minister Ada Obi's Call"."""
    bare = [one for one in persons if not (one.office or one.state or one.organisation)]
    for one in persons:
        if not (one.state or one.organisation) and " " in one.name:
            one.state = _state_above(one.name, body)
    unranked = [one for one in persons if one.rank == "representative" and one.office.endswith("representative")]
    if not (bare or unranked):
        return
    above = introduced(row, [row.between(start, end) for start, end in body.above])
    for told in above:
        same = [one for one in bare if told.office and told.name == one.name and fits(told.name, one)]
        if len(same) == 1:
            one = same[0]
            one.office, one.head, one.rank = told.office, told.head, told.rank
            one.state, one.organisation = told.state or one.state, told.organisation
        for one in unranked:
            if told.rank == "ambassador" and told.name.startswith(one.name):  # "the interim embassy representative"
                one.office, one.head, one.rank = told.office, told.head, told.rank


def _state_above(name: str, body: Body) -> str:
    """Return the state behind a name in a headline, "" for none: "Meeting with President Ada Obi of Ghana"."""
    entries = load_entries()
    at = body.plain.find(f"{name} of ", 0, body.blocks[0].start)
    if at < 0:
        return ""
    behind = at + len(name) + 4
    words = body.plain[behind : behind + LONGEST_STATE].removeprefix("the ").split()[:4]
    for many in range(len(words), 0, -1):
        entry = entries.get(" ".join(words[:many]).strip(".,;:"))
        if entry is not None and entry.kind == "state":
            return entry.state
    return ""


LONGEST_STATE = 60


OFFICE_LINE = re.compile(
    r"(?:(?:MEDIA|PRESS|NEWS) (?:RELEASE|STATEMENT)\W+)?(?P<office>(?:(?:Shadow|Acting|Assistant|Deputy|Prime|Foreign) )*(?:Minister|Secretary) (?:for|of) )(?P<rest>[^.|:]{3,90})$",
    re.I,
)
MEMBER_LINE = re.compile(r"(?:(?:The )?Hon\.? )?(?P<name>[A-Z][\w'-]+ [A-Z][\w'-]+),?\s+M\.?P\.?$")
"""The name of a member of parliament on a line of its own: "KEVIN RUDD M.P."."""
SMALL = frozenset({"and", "of", "the", "for", "&"})


def byline_person(row: Tokens, body: Body, state: str) -> Person | None:
    """Return who signs a text with name and office on a line of its own: "Ada Obi, Minister of Health"; None where nobody does."""
    for start, end in body.above:
        line = body.plain[start:end]
        signed = NAME_AND_OFFICE.match(line)
        if signed is None:
            continue
        for one in introduced(row, [row.between(start, end)]):
            if one.name == signed.group("name") and one.rank in SIGNING:
                if one.head == "Secretary of State" and one.office == "Secretary of State" and not one.state:
                    one.state = "USA"
                one.state = one.state or ("" if one.organisation else state)
                one.first_at = start
                return one
    return None


NAME_AND_OFFICE = re.compile(
    r"(?P<name>[A-ZÀ-Þ][\w'-]+(?: (?:[A-Z]\.|(?:[a-z]{2,3} )?[A-ZÀ-Þ][\w'-]+)){1,3}), [^.:;|]{4,90}$"
)
SIGNING = frozenset(
    {"minister", "head of state", "head of government", "deputy", "prince", "secretary", "head", SPOKESMAN}
)
"""The ranks of those whose name stands above what they state."""


def letterhead_person(text: str, body: Body, state: str) -> Person | None:
    """Return the minister whose letterhead a text in the first person has: "MINISTER FOR HEALTH ADA OBI", None where there is none."""
    lines = [" ".join(body.plain[start:end].split()) for start, end in body.above]
    for line in lines:
        found = OFFICE_LINE.match(line)
        if found is None:
            continue
        words = found.group("rest").split()
        at = 0
        while at < len(words) and (words[at].strip(",").title() in portfolio_words() or words[at].lower() in SMALL):
            at += 1
        if at == 0 or len(words) - at not in (0, 2, 3):
            continue
        name = " ".join(words[at:])
        if not name:
            members = [match.group("name") for one in lines for match in [MEMBER_LINE.match(one)] if match]
            name = members[0] if len(members) == 1 else ""
        if not name:
            continue
        told = f"{found.group('office')}{' '.join(words[:at])}".split()
        office = " ".join(
            word.lower() if word.lower() in SMALL else word.capitalize() if word.isupper() else word for word in told
        )
        name = name.title() if name.title() in text else name
        return Person(name, office, "Minister", "minister", state, "", body.above[0][0], {name})
    return None


def named_state(words: str) -> str:
    """Return the state that a body's name begins with: "Libyan National Safety Authority"."""
    entry = load_entries().get(words.split(" ", 1)[0]) if words else None
    return entry.state if isinstance(entry, Entry) and entry.kind in ("state", "adjective") else ""
