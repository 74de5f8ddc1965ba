"""The people of a text: who is introduced with which office, and which later words mean them.

Called by `reader`. Works on the letters of `tokens`: "an office, a name", "a name, comma, an office". A name is kept as
this text spells it; two spellings of one name inside a text are joined, and a surname that fits two people is left open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from evenhand.statements.bare_speakers import find_bare_speakers, join_surnames
from evenhand.statements.gazetteer import Entry
from evenhand.statements.name_words import AIDES, NO_NAMES, NOT_FIELDS, SERVING, STYLED, WHOLE
from evenhand.statements.person import COURTESY, Person
from evenhand.statements.same_name import fits
from evenhand.statements.titles import RANKS, Title, read_title
from evenhand.statements.tokens import Tokens

_LEFT = r"(?:G\([GCF]\)'?)?(?:[AGSFmgO]'?-?|&(?=[FmA])|(?<=F)&(?=O)|(?<=[A'])C|(?<=[AGS'])w(?=O))*"
_RIGHT = r"(?:(?:[of]|(?<!C)p)t?(?:[ASGgTFb](?:'|-(?=[A-Z]))?|C(?=[CFASGT&,]|\b)|&(?=[FgAS]|CF)(?![FAm]*O)|,(?=[Fg]+[,&])|C)+r?(?:\([GCFA]+\))?|f[mw&]{1,4}(?=,?H?\.?C[CID]))*"
_TO = rf"(?:ptO(?!['g]){_RIGHT})?"
"""Whom an aide serves: "Secretary to the President"."""
OFFICE = rf"t?{_LEFT}O(?:\([GCFA]+\))?{_RIGHT}"
NAME = r"(?:H\.?(?:t(?=H))?)*(?:(?:[CID]|(?<=[OH.])T(?=C))(?:[CIDT]|-[CDw])*)"
"""A town can be a first name behind an office: "Minister Aden Duale", "Santiago"."""
BEFORE = re.compile(
    rf"(?P<office>{_LEFT}O(?:\([GCFA]+\))?(?:{_RIGHT}){_TO}(?:(?<!C)&{_LEFT}O{_RIGHT})?)(?P<comma>,?)(?P<name>t?{NAME})?"
)
AFTER = re.compile(
    rf"(?P<name>{NAME})(?:,(?:tw{{1,3}}(?![;.]))?|\((?=[^()]{{1,24}}\)))(?P<office>t?{_LEFT}O(?:\([GCFA]+\))?{_RIGHT}{_TO}(?:&{_LEFT}O{_RIGHT})?)"
)
SERVED = re.compile(rf"[fop]t?(?P<office>{_LEFT}O{_RIGHT})(?P<name>{NAME})?")
SERVES_IN = re.compile(r"pt?[mw]?S(?!')")
NAME_AFTER_FIELD = re.compile(r"F(?P<name>C{2,3}$)")
OF_STATE_BEHIND = re.compile(r",S(?=[,.&w])")
LOOSE = re.compile(rf"(?:p?[woftmAFSCb']){{0,7}},(?P<name>{NAME})(?=[,.])")
STYLED_NAME = re.compile(rf",?t?(?:H\.?)*(?P<style>O)(?P<name>{NAME})")
TITLED = re.compile(r"(?:H\.?(?:t(?=H))?)+[CID](?:[CIDT]|-[CDw])*")
OFFICE_ACRONYM = re.compile(r"O\([CFG]\)")
MOST_LETTERS = 4
"""Letters of an office's short form at most: "SM", "DPM"."""
SHORT_WORD = re.compile(r"[A-Z]{3,4}$|[^AEIOUY]{5,6}$")
"""A lone word in capitals behind an office is an acronym, not a name."""
FULL_NAME = re.compile(r"[^\W\d_][\w.'-]+(?: (?:[^\W\d_]\.|[\w'-]+)){1,3}")
RUN = re.compile(r"[CID](?:[CIDT]|-[CDw])*")


@dataclass(slots=True)
class People:
    """Hold the people of a text and its row of tokens with each mention of them as one token."""

    persons: list[Person]
    tokens: Tokens
    notes: list[str] = field(default_factory=list)

    def called(self, name: str) -> list[Person]:
        """Return everybody whom a name fits."""
        return [person for person in self.persons if fits(name, person)]


def find_people(row: Tokens, body: list[tuple[int, int]]) -> People:
    """Return the people named in the body of a text.

    Parameters
    ----------
    body
        First and last-but-one token of each stretch of prose.
    """
    people = People([], row)
    spans: list[tuple[int, int, str, object]] = []
    _style_short_offices(row)
    for first, last in body:
        spans += _introductions(row, first, last, people)
        spans += _commissioners(row, first, last, people)
    for person in people.persons:
        if (
            person.rank == "counterpart" and not person.office
        ):  # "at the invitation of his Kenyan counterpart, Ida Obi, the minister"
            other = next((one for one in people.persons if one.office and one is not person), None)
            person.rank = other.rank if other else ""
            person.office, person.head = (other.office, other.head) if other else ("", "")
    spans = _apart(spans)
    spans = _apart(spans + find_bare_speakers(row, body, spans, people.persons))
    spans = join_surnames(spans, people.persons)
    spans += _later_mentions(row, body, spans, people)
    for person in people.persons:
        _name_in_full(person)
    spans.sort(key=lambda span: span[0])
    people.tokens = row.merged(spans)
    return people


def introduced(row: Tokens, stretches: list[tuple[int, int]]) -> list[Person]:
    """Return the people whom stretches of a row, such as headlines, name beside an office."""
    people = People([], row)
    for first, last in stretches:
        _introductions(row, first, last, people)
    return people.persons


def _introductions(row: Tokens, first: int, last: int, people: People) -> list[tuple[int, int, str, object]]:
    """Return every office in a stretch, joined to its person where it has one."""
    found: list[tuple[int, int, str, object]] = []
    codes = row.codes
    at = first
    after = {
        key: match
        for match in (AFTER.finditer(codes, first, last) if codes.find("O", first, last) >= 0 else ())
        if _is_full_name(row, match.span("name"))
        for key in (match.start("office"), match.end("name") + 1)  # "Ada Obi, the newly appointed minister"
    }
    claimed_until = first
    while at < last:
        match = BEFORE.search(codes, at, last) if codes.find("O", at, last) >= 0 else None
        until = match.start() if match else last
        titled = TITLED.search(codes, at, until) if codes.find("H", at, until) >= 0 else None
        if titled:
            start, end = titled.span()
            behind = after.get(end + 1)
            if not behind:
                found.append((start, end, "P", _person(row, (start, end), None, people)))
                at = end
                continue
        if not match:
            break
        start, end, name = _trim(row, match, last)
        if name and end - start == 1 and row.words[start] in STYLED and row.words[name[0]].lower() in ("bin", "ibn"):
            found.append((start, name[1], "P", _person(row, (start, name[1]), None, people)))
            at = claimed_until = name[1]
            continue
        if name is None and row.words[codes.rindex("O", start, end)].lower() in AIDES:
            served = SERVED.match(codes, end, last)
            if served:  # the spokesman for the Secretary-General of the United Nations
                end = served.end("office")
                name = served.span("name") if served.group("name") and _is_full_name(row, served.span("name")) else None
                inside = NAME_AFTER_FIELD.search(codes, served.start("office"), end) if name is None else None
                if inside:  # "Assistant to the President for National Security Affairs Ada Obi"
                    end, name = inside.start("name"), inside.span("name")
        if name and name[1] - name[0] == 1 and codes[name[0]] == "C" and SHORT_WORD.match(row.words[name[0]]):
            name = None
        the = start > first and codes[start - 1] == "t"
        if codes[end : end + 1] == "g" or (
            name and row.span(*name) in NO_NAMES
        ):  # the Resident Coordinator Office, the Prime Minister House
            at = max(end, name[1] if name else end)
            continue
        behind = after.get(start) or (after.get(start - 1) if the else None)
        loose = None if behind or name is not None else LOOSE.match(codes, end, last)
        styled = None if behind or name is not None or loose else STYLED_NAME.match(codes, end, last)
        stylish = styled and (
            row.refs[styled.end("style") - 1].key in COURTESY
            or (
                row.refs[styled.end("style") - 1].key == "Ambassador"
                and ("G" in codes[start:end] or _is_ambassador_as_well(row, start, styled))
            )
        )
        if styled and stylish and _is_full_name(row, styled.span("name")):
            name = styled.span("name")  # "the Minister for Trade, Senator Ada Obi"
        if loose and _is_full_name(row, loose.span("name")):
            name = loose.span("name")  # "a spokeswoman for the Benin customs, Ada Obi, said"
        if behind and behind.start("name") >= claimed_until and (name is None or match.group("comma")):
            end = max(end, behind.end("office")) if name is None else end
            person = _person(row, behind.span("name"), (start, end), people)
            if OF_STATE_BEHIND.match(codes, end, last) and not (person.state or person.organisation):
                person.state = row.refs[end + 1].state  # "Ada Obi, Minister of Health, Ghana"
            closing = row.codes[behind.start("office") - 1] == "(" and codes[end : end + 1] == ")"
            found.append((behind.start("name"), end + closing, "P", person))
            end += closing
        elif name is not None:
            person = _person(row, name, (start, end), people)
            serves = SERVES_IN.match(codes, end, name[0]) if loose else None
            if serves and row.words[end].lower() == "in" and not (person.state or person.organisation):
                person.state = row.refs[serves.end() - 1].state  # "in the interim Chad administration, Ada Obi"
            found.append((start - 1 if the else start, name[1], "P", person))
            end = name[1]
        else:
            found.append((start - 1 if the else start, end, "N", read_title(row, (start, end))))
        at = claimed_until = end
    return [span for place, span in enumerate(found) if place == 0 or span[0] >= found[place - 1][1]]


AMBASSADORS_OWN = frozenset({"ambassador", "envoy", "", "official", "person", "any"})
LISTED = re.compile(r",?&|,(?:t?H?\.?(?:[CFASGgm]'?)*O)")
"""What goes on behind a name in a list of people: another of them."""


def _is_ambassador_as_well(row: Tokens, start: int, styled: re.Match[str]) -> bool:
    """Say whether an ambassador's rank is only a courtesy of whoever holds a higher office: "the Minister, Ambassador Ada Obi, said"."""
    held = row.refs[row.codes.rindex("O", start, styled.start("style"))]
    higher = isinstance(held, Entry) and RANKS.get(held.key, {}).get("rank", "") not in AMBASSADORS_OWN
    return higher and LISTED.match(row.codes, styled.end("name")) is None


def _style_short_offices(row: Tokens) -> None:
    """Read an office's short form before a name as a style, where the text gives it in brackets: "Senior Minister (SM)", later "SM Obi"."""
    short = {row.words[match.end() - 2] for match in OFFICE_ACRONYM.finditer(row.codes)}
    short = {word for word in short if word.isupper() and 2 <= len(word) <= MOST_LETTERS}
    if not short:
        return
    codes = list(row.codes)
    for place, word in enumerate(row.words[:-1]):
        if word in short and codes[place] in "CF" and codes[place + 1] in "CI":
            codes[place] = "H"
    row.codes = "".join(codes)


def _name_in_full(person: Person) -> None:
    """Take the full name that the text gives somewhere for whoever it introduces by a surname: "Mr Obi", "a statement by Ada Obi"."""
    if " " in person.name:
        return
    whole = [one for one in person.spellings if FULL_NAME.fullmatch(one) and one.endswith(f" {person.name}")]
    if whole:
        person.name = min(whole, key=len)


def _commissioners(row: Tokens, first: int, last: int, people: People) -> list[tuple[int, int, str, object]]:
    """Return the people whose office is also a body's name: United Nations High Commissioner for Refugees."""
    found: list[tuple[int, int, str, object]] = []
    for match in re.compile(rf"G(?:\([CG]\))?,?(?P<name>{NAME})").finditer(row.codes, first, last):
        ref = row.refs[match.start()]
        if isinstance(ref, Entry) and "High Commissioner for" in ref.spelling and "Office" not in ref.spelling:
            person = _person(row, match.span("name"), None, people)
            person.office, person.head, person.rank = "High Commissioner", "High Commissioner", "head"
            person.organisation = ref.spelling
            found.append((*match.span(), "P", person))
    return found


def _apart(spans: list[tuple[int, int, str, object]]) -> list[tuple[int, int, str, object]]:
    """Return spans in order, the longer of two that overlap."""
    kept: list[tuple[int, int, str, object]] = []
    for span in sorted(spans, key=lambda one: (one[0], -one[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _trim(row: Tokens, match: re.Match[str], last: int) -> tuple[int, int, tuple[int, int] | None]:
    """Return an office's tokens, and its name's: capitalised words after the party or the ministry are the name."""
    codes = row.codes
    start, end = match.span("office")
    while start < end and codes[start] in "&-":
        start += 1
    to = codes.find("ptO", start, end)
    if "O" in codes[start : max(start, to)]:
        head_word = row.words[start + codes[start:to].rindex("O")].lower().split()[-1]
        if row.words[to].lower() != "to" or head_word not in SERVING:
            end = to  # "from the Amir to the President"
    dash = start + codes[start : start + codes[start:end].rindex("O")].rfind("-")
    if dash >= start and row.plain[row.starts[dash] - 1 : row.ends[dash] + 1] in (" – ", " — ", " - "):
        start = dash + 1  # "the Quad Leaders – Prime Minister Ada Obi"
    described = codes.rfind("w", start, start + codes[start:end].index("O"))
    if described >= 0 and (not row.words[described].isalpha() or row.words[described].lower() in NOT_FIELDS):
        start = described + 1  # "Chad named ministers"; but "the UN crisis chief"
    head = start + codes[start:end].rindex("O")
    if match.group("name") and head == end - 1 > start and codes[head - 1] == "O" and row.words[head] in STYLED:
        return start, head, (head, match.end("name"))  # the commissioner Amir Osman
    if match.group("name") and head == end - 1 > start and codes[head - 1] == "O" and row.words[head] == "Ambassador":
        before = row.refs[head - 1]
        if isinstance(before, Entry) and RANKS.get(before.key, {}).get("rank", "") not in AMBASSADORS_OWN:
            return start, head, match.span("name")  # Foreign Minister Ambassador Ada Obi
    name: tuple[int, int] | None = match.span("name") if match.group("name") else None
    if name is None and end > head + 1 and codes[end - 1] == "'":
        end = head + 1  # "assured the minister of the bank's support"
    tail = end
    while tail > head + 1 and codes[tail - 1] in "CID-T":
        tail -= 1
    if tail < end and codes[tail : tail + 3] == "TCC" and codes[tail - 1] == "p":
        return start, tail + 1, (tail + 1, end)  # "the coordinator in Addis Ababa Ada Obi"
    if tail < end - 1 and codes[tail - 1] in "ot" and row.words[tail] in WHOLE:
        return start, tail + 1, (tail + 1, end)  # the President of the Republic Ada Obi
    closing = re.compile(rf",{NAME}").match(codes, end, last)
    if tail == end - 1 and codes[tail - 1] in "F&" and closing and _is_full_name(row, (end + 1, closing.end())):
        return start, end, (end + 1, closing.end())  # Minister for Youth and Citizens, Ada Obi
    if tail < end and tail > head + 1 and codes[tail - 1] not in "ofpt&,-'" and codes[tail:end].count("C") >= 1:
        more = re.compile(r"(?:[CIDT]|-[CDw])*").match(codes, end, last)
        return start, tail, (tail, more.end() if more else end)
    if tail < end and tail > head + 1 and codes[tail - 1] in "ot" and end - tail >= 4:
        return start, end - 2, (end - 2, end)
    if name is not None:
        while codes[name[0]] in "t":
            name = (name[0] + 1, name[1])
        if match.group("comma") and not _apposition(row, name, last):
            name = None
    return start, end, name


def _apposition(row: Tokens, name: tuple[int, int], last: int) -> bool:
    """Say whether the name after "the minister," is the minister's: a full name, closed by a mark or a verb."""
    following = row.codes[name[1] : name[1] + 1] if name[1] < last else "."
    return following in ',.)(:"' or _is_full_name(row, name)


def _is_full_name(row: Tokens, name: tuple[int, int]) -> bool:
    codes = row.codes[name[0] : name[1]]
    return codes.count("C") >= 2 or codes.startswith("H")


def _person(row: Tokens, name: tuple[int, int], office: tuple[int, int] | None, people: People) -> Person:
    """Return the person of that name, new or known, with what this mention adds."""
    first, last = name
    honorifics = ""
    while first < last and row.codes[first] in "H.t":
        honorifics += row.words[first].lower() + " "
        first += 1
    words = row.span(first, last)
    fitting = people.called(words)
    title = read_title(row, office) if office else None
    if len(fitting) > 1 and title:
        fitting = [one for one in fitting if one.head == title.head] or fitting
    if not fitting:
        fitting = [Person(words, first_at=row.starts[name[0]])]
        people.persons.append(fitting[0])
    person = fitting[0]
    if len(words) > len(person.name) and words.endswith(person.name) and not person.office:
        person.name = words
    if title and title.head == "Counterpart":
        other = next((one for one in people.persons if one.office and one is not person), None)
        if other is None:
            person.rank = "counterpart"  # whose, is known further on
            person.state = person.state or title.state
        title = (
            Title(title.words, other.head, other.rank, other.office, title.state, title.organisation) if other else None
        )
    if title and office and not (title.state or title.organisation) and row.words[office[0] - 1].lower() == "its":
        body = next((row.words[at] for at in range(office[0] - 1, -1, -1) if row.codes[at] == "G"), "")
        title.organisation = body
    person.spellings.add(words)
    if office:
        person.spellings.update(_short_office(row, *office))
    person.titles += honorifics
    if title and person.head in COURTESY:
        person.office = ""
    if title and title.head in COURTESY and person.office:
        title = None
    if title and len(title.office) > len(person.office) and not (person.office and person.state + person.organisation):
        person.office, person.head, person.rank = title.office, title.head, title.rank
    if title:
        person.state = person.state or title.state
        person.organisation = person.organisation or title.organisation
    return person


def _short_office(row: Tokens, first: int, last: int) -> set[str]:
    """Return the acronym that stands for an office from here on: "External Affairs Minister (EAM)"."""
    inside = OFFICE_ACRONYM.search(row.codes, first, last)
    word = row.words[inside.end() - 2] if inside else ""
    initials = "".join(one[0] for one in row.words[first : inside.start() + 1] for one in one.split()) if inside else ""
    return {word} if word.isupper() and word == initials.upper() else set()


def _later_mentions(
    row: Tokens, body: list[tuple[int, int]], spans: list[tuple[int, int, str, object]], people: People
) -> list[tuple[int, int, str, object]]:
    """Return the stretches that name somebody again, by surname, first name or whole name."""
    taken: set[int] = set()
    for first, last, _, _ in spans:
        taken.update(range(first, last))
    found: list[tuple[int, int, str, object]] = []
    for first, last in body:
        for run in RUN.finditer(row.codes, first, last):
            start, end = run.span()
            if any(place in taken for place in range(start, end)):
                continue
            words = row.span(start, end)
            fitting = people.called(words)
            if len(fitting) == 1:
                fitting[0].spellings.add(words)
                found.append((start, end, "P", fitting[0]))
            elif fitting:
                names = " or ".join(one.name for one in fitting)
                note = f'"{words}" fits two people, {names}; it was left open'
                if note not in people.notes:
                    people.notes.append(note)
                found.append((start, end, "P", fitting))
    return found
