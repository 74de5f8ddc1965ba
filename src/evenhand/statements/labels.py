"""Texts that say by a label or in the first person who speaks: transcripts ("Ada Obi: Thank you."), and joint statements ("We, the Ministers").

Called by `reader` before sentences are attributed. A label at the head of a line is no part of what is said.
"""

from __future__ import annotations

import re

from evenhand.statements.clauses import letters_of
from evenhand.statements.gazetteer import Entry
from evenhand.statements.holders import ANSWERS, answering
from evenhand.statements.people import introduced
from evenhand.statements.person import SPOKESMAN, Person
from evenhand.statements.quotations import quoted_share
from evenhand.statements.references import BOTH, NARRATOR, Cast, Speaker
from evenhand.statements.tokens import Tokens

LABEL = re.compile(
    r"(?m)^[ \t]*(?P<who>[A-ZÀ-Þ](?:[^.!?:;\n|\"]|(?<=\bM[RSrs])\.|(?<=\bMRS)\.|(?<=\bMrs)\.|(?<=\bD[Rr])\.|(?<=\b[A-Z])\.(?= ?[A-Z])){0,110}?)[ \t]*(?:\([^()\n]{1,40}\))?[ \t]*:(?=\s)"
)
NAMED = re.compile(
    r"(?:^|[^-&])(?:[HCID]\.?){2,}$|^t?(?:H\.?)?O[oftpCFSAGg&,-]*$|^H\.?C$|[SFGO]C{2,}$|^(?:H\.?)*[CID]{2,},.*O|^[CFAS]*OC{1,3}$"
)
"""What the letters of a label look like: a full name at its end, or an office alone."""
OUTLET = re.compile(
    r"(?:AFP|AP|Reuters|Bloomberg|CNN|BBC|NHK|CCTV|CGTN|Xinhua|EFE|TASS|RIA|DPA|ANSA|Kyodo|NPR|PTI|Al Jazeera|Anadolu|Q|Question|QUESTION|Journalist|Reporter|JOURNALIST|REPORTER)$|"
    r"(?:[A-Z][\w&'-]* ){1,4}(?:News|Service|Agency|Times|Daily|Post|TV|Television|Radio|Press|Journal|Herald|Review|Broadcasting)$"
)
"""Labels of those who ask: in a text whose other labels make a transcript they count as well."""
FULL_NAME = re.compile(r"(?:[A-Z][a-z][\w'-]* ){1,3}[A-Z][\w'-]+$")
ASKERS = frozenset({"Q", "Question", "QUESTION", "Journalist", "Reporter", "JOURNALIST", "REPORTER"})
"""Labels of whoever asks without a name."""
SHORT = re.compile(r"(?P<name>[A-Z][\w&'.-]*(?: (?:of|the|de|[A-Z][\w&'.-]*)){0,3})(?:, [A-Z][\w&' -]{1,30})?$")
QUERY = re.compile(r"(?m)^[ \t]*(?P<who>Q)[ \t]{2,}(?=[A-Z(])")
"""A question in the transcripts of the White House, which puts no colon behind its label."""
NO_LABEL = re.compile(
    r"(?:.* )?(?:Note|Date|Dated|Venue|Source|Place|Time|Topics?|Subject|Photo|Contact|E-?mail|Tel|Phone|Fax|Editor|Updated|Published|Posted|Summary|Background|Location|Caption|Ref|Link|Web(?:site)?|Tags?|Agenda|PS)$",
    re.I,
)
"""What a line begins with in a transcript as well and that names nobody."""
SAID_HERE = re.compile(r"[^\n]{8,}[.?!][\"')\u201d\u2019]*[ \t]*(?:\n|$)")
"""Words behind a label that are speech: they end as a sentence does."""
LEAST_LABELS = 2
"""How many labels make a transcript: one alone can be a headline or a list."""
JOINT = re.compile(
    r"\bjoint (?:\w+ )?(?:statement|communiqu\w+|declaration|press release)\b|\bchair'?s? statement\b", re.I
)
WE_ARE = re.compile(
    r"^\W*(?:\d+\W+)?we,\s+(?:the\s+)?(?:\w+\s+){0,3}(?:ministers|heads|leaders|presidents|representatives|participants|members|governments|states)\b",
    re.I,
)
WE_BEGIN = re.compile(r"\W*(?:\w+,? ){0,3}?(?:[Ww]e|[Oo]ur (?:teams?|staff|colleagues|volunteers))\b(?! all\b)")
FIRST_PERSON = re.compile(r"^\W*(?:\d+\W+)?(?:[A-Z]\w+ [\w ]{2,40}, )?(?:we|our)\b", re.I)


SPEECH = re.compile(
    r"\b(?:statement|remarks|speech|address|message|intervention|toast|keynote|lecture|letter|video message)s?\b[^.|\n]{0,40}?\b(?:by|of|from)\b(?P<who>[^|\n]{4,220})",
    re.I,
)
"""A headline that says whose words the text is: "Statement by H.E. Ms. Ada Obi, Permanent Representative of ..."."""
FOLLOWS = re.compile(
    r"(?P<who>[A-Z][^|\n]{4,160}?) (?:has |have |today )?(?:issued|made|released|gave|delivered) (?:today )?the following (?:statement|remarks|speech|message|declaration)\b"
)
DELIVERED = re.compile(r"\b[Dd]elivered (?:on behalf of [^,.]{3,60} )?by\b(?P<who>[^|\n\]]{4,160})")
I_OUTSIDE = re.compile(r"\b(?:I|[Mm]y|me|[Ll]et me)\b(?!\.)")
OURS_FIRST = re.compile(r"\W*(?:\w+,? ){0,4}?(?:[Ww]e|[Oo]urs?)\b")
WE_OUTSIDE = re.compile(r"\b(?:[Ww]e|[Oo]urs?|us)\b")


TOLD_THE_PRESS = re.compile(
    r"\b(?:told|tells) (?:the )?(?:reporters|journalists|press|media|correspondents|newsmen|news (?:agency|conference))\b"
)
"""What somebody else says to the press inside a statement is his own."""


def find_speech(above: list[tuple[int, int]], plain: str) -> tuple[int, int] | None:
    """Return where a headline names the one whose speech the text may be, as offsets."""
    found = next((match for start, end in above for match in [SPEECH.search(plain, start, end)] if match), None)
    found = found or next(
        (match for start, end in above for match in [FOLLOWS.match(plain, start, end)] if match), None
    )
    found = found or (DELIVERED.search(plain) if "elivered " in plain else None)
    return found.span("who") if found else None


def in_first_person(body_words: str) -> bool:
    """Say whether somebody speaks for himself in the prose outside quotation marks."""
    return I_OUTSIDE.search(body_words) is not None or len(WE_OUTSIDE.findall(body_words)) >= LEAST_LABELS


def follow_speech(spans: list[tuple[int, int]], person: Person, row: Tokens, plain: str) -> list[Speaker | None]:
    """Return the one speaker of a speech for each of its sentences.

    None where another person tells reporters something, and where a spokesperson's statement gives plain facts.
    """
    his = Speaker(person.name, person, 0.85, f"the headline says that these are words of {person.name}")
    found: list[Speaker | None] = []
    for start, end in spans:
        first, last = row.between(start, end)
        other = row.codes[first:last].lstrip("t")[:1] == "P" and person not in row.refs[first : first + 2]
        told = other and TOLD_THE_PRESS.search(plain, start, end)
        fact = (
            person.rank == SPOKESMAN
            and not I_OUTSIDE.search(plain, start, end)
            and not OURS_FIRST.match(plain, start, end)
        )
        in_own_name = fact and row.codes[first:last].lstrip("t")[:1] == "S"
        found.append(None if told or in_own_name or (fact and not letters_of(row, first, last).verbs) else his)
    return found


def find_labels(text: str, row: Tokens) -> list[tuple[int, int, int]]:
    """Return the labels of a transcript as offsets of who is named, up to where the words begin; none where it is no transcript."""
    found: list[tuple[int, int, int]] = []
    asked: list[tuple[int, int, int]] = []
    short: list[tuple[int, int, int]] = []
    for match in LABEL.finditer(text):
        first, last = row.between(*match.span("who"))
        who = match.group("who")
        one = (match.start("who"), match.end("who"), match.end())
        if OUTLET.match(who):
            asked.append(one)
        elif who in ANSWERS or (last > first and NAMED.search(row.codes[first:last])):
            found.append(one)
        elif SHORT.match(who) and not NO_LABEL.match(who) and SAID_HERE.match(text, match.end()):
            short.append(one)
    asked += [(match.start("who"), match.end("who"), match.end()) for match in QUERY.finditer(text)] if found else []
    if not (len(found) >= LEAST_LABELS or (found and asked)):
        return []
    return sorted([*found, *asked, *short])


def introduce_labelled(
    labels: list[tuple[int, int, int]],
    text: str,
    persons: list[Person],
    row: Tokens,
    above: tuple[tuple[int, int], ...] = (),
) -> None:
    """Add whoever a label names in full and the prose does not: "Ada Obi:", "Ada Obi, Minister of Health:" at the head of his answers."""
    surnames = {text[start:end].split()[-1] for start, end, _ in labels if text[start:end].isupper()}
    told = introduced(row, [row.between(start, end) for start, end in above]) if surnames else []
    for one in told:
        if one.surname.upper() in surnames and not any(one.name == other.name for other in persons):
            known = [other for other in persons if other.name.upper() == one.surname.upper()]
            for other in known:  # "MINISTER OBI", whom the headline calls Foreign Minister Ada Obi
                other.name, other.office, other.head, other.rank = one.name, one.office, one.head, one.rank
                other.state = one.state or other.state
            persons += [] if known else [one]
    for start, end, _ in labels:
        name = text[start:end]
        if ", " in name and not any(one.name in name for one in persons):
            persons += [one for one in introduced(row, [row.between(start, end)]) if one.office]
        if FULL_NAME.match(name) and not OUTLET.match(name) and not any(name.endswith(one.name) for one in persons):
            persons.append(Person(name, first_at=start, spellings={name}))


def follow_labels(
    labels: list[tuple[int, int, int]],
    spans: list[tuple[int, int]],
    plain: str,
    cast: Cast,
    holder: Person | None = None,
) -> list[Speaker | None]:
    """Return who a label puts in charge of each sentence, and move the sentences behind their labels.

    Parameters
    ----------
    spans
        The sentences; those that begin with a label are shortened in place.
    holder
        Who gives the answers, as the headline says.
    """
    found: list[Speaker | None] = []
    his = Speaker(holder.name, holder, 0.85, f"the headline names {holder.name}, who answers") if holder else None
    for place, (start, end) in enumerate(spans):
        before = [label for label in labels if label[0] < end and label[2] < end]
        if not before:
            found.append(None)
            continue
        label = before[-1]
        if start < label[2]:
            begin = label[2]
            while begin < end and plain[begin].isspace():
                begin += 1
            spans[place] = (begin, end)
        words = plain[label[0] : label[1]]
        answer = answering(words, plain[start:end], his, asks=words in ASKERS)
        if answer is not None or words in ASKERS or words in ANSWERS:
            found.append(answer or NARRATOR)
            continue
        person = _labelled(words, cast, holder)
        short = SHORT.match(words)
        name = person.name if person else short.group("name") if short else words
        found.append(Speaker(name, person, 0.95 if person else 0.7, f"a label before the words names {name}"))
    return found


def _labelled(words: str, cast: Cast, holder: Person | None) -> Person | None:
    """Return whom a label means: by the name at its end or before a comma, a surname in capitals, or the office that he holds."""
    people = [*([holder] if holder else []), *cast.persons]
    if words.isupper():  # "MR PRICE", beside whom somebody is named Ned Price
        surname = words.split()[-1]
        named = next((one for one in people if one.surname.upper() == surname and not one.name.isupper()), None)
        if named is not None:
            return named
    before = words.split(",")[0]
    for ends in (words, before):
        for one in people:
            if ends.endswith((one.name, *one.spellings)):
                return one
    kind = words.removeprefix("The ").removeprefix("the ").lower()
    if holder is not None and kind.startswith("spokes") and holder.rank == SPOKESMAN:
        return holder
    held = [one for one in people if one.head and one.head.lower() == kind]
    return held[0] if len({id(one) for one in held}) == 1 else None


def find_joint(
    plain: str,
    spans: list[tuple[int, int]],
    above: tuple[tuple[int, int], ...],
    quotations: list[tuple[int, int]],
    row: Tokens,
    cast: Cast,
) -> list[Speaker | None]:
    """Return who "we" are outside quotation marks: the sides in a joint statement, else the one body that issued the text."""
    headlines = " ".join(plain[start:end] for start, end in above)
    if not (JOINT.search(headlines) or any(WE_ARE.match(plain[start:end]) for start, end in spans[:2])):
        ours = [
            WE_BEGIN.match(plain, start, end) is not None and not quoted_share((start, end), quotations)
            for start, end in spans
        ]
        issuer = _issuer(spans, above, row, cast) if any(ours) else None
        return [issuer if one else None for one in ours]
    both = Speaker(BOTH, None, 0.85, '"we" in a joint statement are the sides')
    return [both if FIRST_PERSON.match(plain[start:end]) else None for start, end in spans]


def _issuer(
    spans: list[tuple[int, int]], above: tuple[tuple[int, int], ...], row: Tokens, cast: Cast
) -> Speaker | None:
    """Return the body whose statement a text is: the first that a headline names, else the one the prose begins with."""
    for start, end in (*above, *spans[:1]):
        for place in range(*row.between(start, end)):
            ref = row.refs[place]
            if row.codes[place] == "G" and isinstance(ref, Entry) and not row.words[place].startswith("Government"):
                name = cast.organisation_name(ref)
                return Speaker(name, None, 0.7, f'"we" is {name}, which issued it')
    return None
