"""People whom a text names without a known office: "Amina Noor, 34, said", "pleaded Ida Lund", "according to Musa Bah".

Called by `people` once the people with offices are known. Only a full name beside a verb of saying counts: a lone capitalised word
can be a town, a ship or a firm.
"""

from __future__ import annotations

import re

from evenhand.statements.person import Person
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import verb_forms, word_list

FULL = r"(?<![CFIDTGSAO\-'])C(?:[ID]{0,2}(?:C|-[CDw]))+(?![CFgO'])"
SUBJECT = re.compile(
    rf"(?P<name>{FULL})(?P<aside>,(?P<inner>[^.;:\"]{{1,16}}),|\([^.;:\"]{{1,6}}\)|,)?w{{0,2}}?(?P<verb>w)"
)
BEHIND = re.compile(rf"[,\"?]w?(?P<verb>w)(?P<name>{FULL})(?=[,.:;]|$|[qpw&])")
ACCORDING = re.compile(rf"wp(?P<name>{FULL})(?=[,.])")
TWO = re.compile(r"C[ID]{0,2}(?:C|-[CDw])")
HELD = re.compile(r"t?(?P<office>[wmF]{1,3}(?:[of]t?[CFTSGw]{1,3})?)")
OF_BODY = re.compile(r"[wfoq]{1,3}t?G")
ADVERBS = frozenset(word_list("also further then later however has had have once again repeatedly reportedly recently"))


def find_bare_speakers(
    row: Tokens, body: list[tuple[int, int]], known: list[tuple[int, int, str, object]], persons: list[Person]
) -> list[tuple[int, int, str, object]]:
    """Return the stretches that name somebody new who speaks, and put them among the persons."""
    taken = {place for first, last, _, _ in known for place in range(first, last)}
    found: list[tuple[int, int, str, object]] = []
    for first, last in body:
        if not TWO.search(row.codes, first, last):
            continue
        for pattern in (SUBJECT, BEHIND, ACCORDING):
            for match in pattern.finditer(row.codes, first, last):
                start, end = match.span("name")
                if taken.intersection(range(start, end)) or not _speaks(row, match, pattern):
                    continue
                name = row.span(start, end)
                person = next((one for one in persons if one.name == name or one.name.endswith(f" {name}")), None)
                if person is None:
                    person = Person(name, first_at=row.starts[start], spellings={name})
                    persons.append(person)
                    if pattern is SUBJECT and match.group("inner"):
                        held = HELD.match(row.codes, match.start("inner"), match.end("inner"))
                        named = OF_BODY.match(row.codes, match.start("inner"), match.end("inner"))
                        if named:  # "Ada Obi, for the World Health Organization (WHO), said"
                            person.organisation = row.words[named.end() - 1]
                        if held and row.codes[match.start("inner")] == "t":
                            words = row.span(*held.span("office"))
                            person.office = words[:1].upper() + words[1:]
                taken.update(range(start, end))
                found.append((start, end, "P", person))
    return found


def _speaks(row: Tokens, match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """Say whether the words beside a name are a verb of saying, or "according to"."""
    if pattern is ACCORDING:
        return row.words[match.start()].lower() == "according"
    after = match.end("name")
    if pattern is SUBJECT and row.codes[after : after + 1] == "," and after + 1 < len(row.words):
        close = verb_forms("saying").get(row.words[after + 1].lower())
        if close is not None and "past" in close.tenses:
            return True  # "one of the survivors, Ida Bah, pleaded with the government"
    between = row.words[match.end("name") : match.start("verb")] if pattern is SUBJECT else []
    if pattern is SUBJECT and not match.group("aside") and any(word.lower() not in ADVERBS for word in between):
        return False
    if pattern is SUBJECT and row.words[match.start("verb")].lower() in MEETING:
        return True
    form = verb_forms("saying").get(row.words[match.start("verb")].lower())
    if form is None or not form.tenses & {"past", "present"}:
        return False
    return pattern is SUBJECT or form.verb in PLAIN_SAYING


MEETING = frozenset(word_list("met meets received receives welcomed hosted visited attended"))
PLAIN_SAYING = frozenset(
    word_list(
        "say tell add note state explain stress recall plead warn write argue lament remark observe conclude declare insist ask reply urge"
    )
)
"""Verbs that stand between a quotation and the name of who said it."""


def join_surnames(
    spans: list[tuple[int, int, str, object]], persons: list[Person]
) -> list[tuple[int, int, str, object]]:
    """Return the spans in which "Mr. Holm" is the Jens Holm whom another place names in full; the double is taken out."""
    whole: dict[int, Person] = {}
    for one in list(persons):
        if " " in one.name or one.office:
            continue
        fitting = [other for other in persons if other.name.endswith(f" {one.name}")]
        if len(fitting) == 1:
            whole[id(one)] = fitting[0]
            fitting[0].titles += one.titles
            fitting[0].spellings |= one.spellings
            persons.remove(one)
    return [(first, last, code, whole.get(id(ref), ref)) for first, last, code, ref in spans]
