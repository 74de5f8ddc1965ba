"""People whom a text names without a known office: "Amina Noor, 34, said", "pleaded Ida Lund", "according to Musa Bah".

Called by `people` once the people with offices are known. Only a full name beside a verb of saying counts: a lone capitalised word
can be a town, a ship or a firm.
"""

from __future__ import annotations

import re

from evenhand.statements.gazetteer import Entry
from evenhand.statements.person import Person
from evenhand.statements.same_name import is_variant
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import verb_forms, word_list, words_after

FULL = r"(?<![CFIDTGSAO\-'])C(?:[ID]{0,2}(?:C|-[CDw]))+(?![CFgO'])"
SUBJECT = re.compile(
    rf"(?P<name>{FULL})(?P<aside>,(?P<inner>[^.;:\"]{{1,16}}),|\([^.;:\"]{{1,6}}\)|ot?[SG]|,)?w{{0,2}}?(?P<verb>w)"
)
DESCRIBED = re.compile(rf"(?P<role>t(?:A|m)?(?:w|m|F){{1,2}})(?P<name>{FULL})")
AGED = re.compile(rf"(?P<name>{FULL}),n,")
LONE = re.compile(r"(?<![CFIDTGSAOHtofn&\-'])C(?P<verb>w{1,3})")
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
        for pattern in (DESCRIBED, AGED, SUBJECT, BEHIND, ACCORDING) if TWO.search(row.codes, first, last) else ():
            for match in pattern.finditer(row.codes, first, last):
                start, end = match.span("name")
                if taken.intersection(range(start, end)) or not _speaks(row, match, pattern):
                    continue
                name = row.span(start, end)
                person = next(
                    (
                        one
                        for one in persons
                        if one.name == name or one.name.endswith(f" {name}") or is_variant(name, one.surname)
                    ),
                    None,
                )
                if person is None:
                    person = Person(name, first_at=row.starts[start], spellings={name})
                    persons.append(person)
                    if pattern is DESCRIBED:
                        state = next(
                            (ref.state for ref in row.refs[slice(*match.span("role"))] if isinstance(ref, Entry)), ""
                        )
                        person.state = state
                        person.office = row.words[match.end("role") - 1].capitalize()
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
        found += _lone(row, first, last, taken, persons)
    return found


def _lone(
    row: Tokens, first: int, last: int, taken: set[int], persons: list[Person]
) -> list[tuple[int, int, str, object]]:
    """Return single capitalised words that say something: "Guterres said", "ActionRelief is calling for"."""
    found: list[tuple[int, int, str, object]] = []
    for match in LONE.finditer(row.codes, first, last):
        place = match.start()
        word = row.words[place]
        surname = word.rsplit(".", 1)[-1]
        if (
            place in taken
            or len(surname) < 3
            or any(
                surname in one.name.split() or word in one.spellings or is_variant(word, one.surname) for one in persons
            )
        ):
            continue
        following = [one.lower() for one in row.words[slice(*match.span("verb"))]]
        goes_on = following[0] in ("is", "are", "was")
        verb = next((one for one in following[goes_on:] if one not in ADVERBS), "")
        form = verb_forms("saying").get(verb)
        if form is not None and not _goes_on(
            row, form.verb, row.words.index(verb, place) if verb in row.words else place
        ):
            continue
        if form is None or not form.tenses & ({"gerund"} if goes_on else {"past", "present"}):
            continue
        begins = place == first or row.codes[place - 1] in '."'
        if (
            begins
            and word[1:].islower()
            and (word.endswith("s") or word.lower() in NOBODY or row.words.count(word) < 2)
        ):
            continue  # "Farmers said": a common word that begins a sentence
        taken.add(place)
        if not word[1:].islower():  # ActionRelief, NOAA
            found.append((place, place + 1, "G", Entry("organisation", word, "", word)))
            continue
        person = Person(word, first_at=row.starts[place], spellings={word})
        persons.append(person)
        found.append((place, place + 1, "P", person))
    return found


def _speaks(row: Tokens, match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """Say whether the words beside a name are a verb of saying, or "according to"."""
    if pattern is ACCORDING:
        return row.words[match.start()].lower() == "according"
    if pattern is AGED:
        return row.words[match.end("name") + 1].isdigit() and 5 <= int(row.words[match.end("name") + 1][:4]) <= 110
    if pattern is DESCRIBED:
        role = row.words[match.end("role") - 1].lower()
        return ROLE.search(role) is not None and role not in NO_ROLES
    after = match.end("name")
    if pattern is SUBJECT and row.codes[after : after + 1] == "," and after + 1 < len(row.words):
        close = verb_forms("saying").get(row.words[after + 1].lower())
        if close is not None and "past" in close.tenses:
            return True  # "one of the survivors, Ida Bah, pleaded with the government"
    between = row.words[match.end("name") : match.start("verb")] if pattern is SUBJECT else []
    if pattern is SUBJECT and not match.group("aside") and any(word.lower() not in ADVERBS for word in between):
        return False
    place = match.start("verb")
    if pattern is SUBJECT:
        while place + 1 < len(row.words) and row.words[place].lower() in ADVERBS and row.codes[place + 1] == "w":
            place += 1  # "Ada Obi has also said"
    if pattern is SUBJECT and row.words[place].lower() in MEETING:
        return True
    form = verb_forms("saying").get(row.words[place].lower())
    if form is None or not form.tenses & {"past", "present"} or not _goes_on(row, form.verb, place):
        return False
    return pattern is SUBJECT or form.verb in PLAIN_SAYING


def _goes_on(row: Tokens, verb: str, place: int) -> bool:
    """Say whether the words behind a verb let it be one of saying: "showed that", not "showed tents"."""
    needed = words_after().get(verb)
    return needed is None or bool(needed & {word.lower() for word in row.words[place + 1 : place + 3]})


ROLE = re.compile(
    r"(?:ist|er|or|ian|eer|ant|man|woman)$|^(?:nurse|doctor|chief|widow|mother|father|student|survivor|refugee|resident|elder|priest|monk|nun|imam|cook|clerk|midwife|surgeon)$"
)
"""What a word looks like that says what somebody is: "the economist Ada Obi"."""
NO_ROLES = frozenset(
    word_list(
        "river water centre center border shelter number order paper winter summer October corridor harbour harbor sector quarter tower tanker newspaper "
        "freighter carrier helicopter cruiser container airliner steamer parlour error factor author's other former late later former under over after major minor "
        "poor floor door power letter matter chapter cluster disaster member partner together either neither rather however further never ever"
    )
)
NOBODY = frozenset(
    word_list("nobody everyone everybody people police somebody someone anyone none many most few others")
)
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
