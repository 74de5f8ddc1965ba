"""The meeting as a record: its people with office, party and side, and its day and place where the text fixes them.

Called by `reader` once `meeting` has found the sentence and the people. What the text does not fix is left out.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from evenhand.statements.days import find_days
from evenhand.statements.document import Meeting, Participant
from evenhand.statements.gazetteer import Entry, load_entries, state_names
from evenhand.statements.meeting import CEREMONY, Found
from evenhand.statements.person import Person
from evenhand.statements.references import Cast
from evenhand.statements.stems import in_lower_case, may_match, stems_of
from evenhand.statements.titles import Title
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import word_list

TELLS_OF_IT = re.compile(
    r"\b(?:meeting|talks|conversation|ceremony|handover|hand-over|round table|conference|received|met|saw|changed hands|event|handed over|function|programme)\b",
    re.I,
)


TELLING_STEMS = stems_of(TELLS_OF_IT)


MOST_TELLING = 12


"""Sentences among which the place and the date of a meeting are looked for."""


HELD_IN = re.compile(r"\b(?:met|held|meet|gathered|convened|took place|takes place) in\b", re.I)


TOLD_THE_PRESS = re.compile(
    r"\b(?:told|briefed|addressed) (?:a|the) (?:news|press) conference\b|\bat a (?:news|press) (?:conference|briefing)\b"
)
BRIEFED_ON = re.compile(
    r"\b(?:press conference|briefing)\b.{0,20}\bon (?:[A-Z]\w+day,? )?(?:[A-Z]\w+ \d|\d{1,2} [A-Z])", re.I
)
"""A headline that says on which day a briefing was: its people spoke on it."""


SAME_DAY = re.compile(r"\W*(?:Also )?(?:[Oo]n |[Tt]he )(?:the )?(?:same|that) (?:day|morning|afternoon|evening)\b")
"""How a sentence opens whose day is the one told of before."""


BUILDING = frozenset(
    word_list(
        "Palace Building Buildings Offices Manor Lounge Mosque Cathedral Airport Hotel Residence Centre Center Hall House Headquarters Office Ministry Port Warehouse Hospital School Complex Secretariat "
        "Presidencial Mansion Kremlin Fort Pavilion Lodge Barracks Chancery Terminal Airfield Stadium Square Ballroom Chamber Casa Quay Wharf "
        "Base Compound Depot Tower Castle Villa Stadium University Park Seaport"
    )
)


PLACE = re.compile(
    r"p(?P<the>t?)(?P<place>T|G|(?:[CFITS]|-(?=[CFT])|D(?=[C-])|g)*[CFTg])(?:,(?P<town>T|C+)(?=[,.)S]))?"
)


OF_A_PLACE = re.compile(r"p(?P<the>t)(?P<kind>[wC])o(?P<place>T|C{1,3})(?![CFgO'])")
TOWNS = frozenset(word_list("port seaport airport town city village harbour harbor township municipality"))
"""What a named place is called before its name: "at the port of Mariel"."""
VISITS = frozenset(word_list("visit trip stop stopover travel journey"))
LAST_NIGHT = re.compile(r"\blast (?:night|evening)\b")
IN_TOWN = re.compile(r"p(?P<place>T|C{1,2}),S(?![CFgO'])")
"""A town with its state behind it, which is surer than any other place of a sentence: "in Cairo, Egypt"."""


def describe_meeting(
    found: Found,
    plain: str,
    row: Tokens,
    sentences: list[tuple[int, int]],
    above: tuple[tuple[int, int], ...],
    published: date | None,
    cast: Cast,
) -> Meeting:
    """Return the meeting as a record, with its date and its place where the text fixes them."""
    if found.kind == "statement":
        people = tuple(_participant(one, "host", cast) for one in cast.hosts)
        opening = sentences[:3] if people else []
        told = next((one for span in opening for one in [_today(plain, span, published)] if one), None)
        briefed = next((span for span in opening if TOLD_THE_PRESS.search(plain, *span)), None)
        if briefed:
            day = next((one for stamp in find_days(plain, *briefed) for one in [stamp.beside(published)] if one), None)
            where = _place(row, *row.between(*briefed), own=True)
            return Meeting(day.isoformat() if day else told, where, "statement", people, 0.8, found.reason)
        if told is None and people:
            told = _day_above(plain, above)
        if told is None and people and published and any(BRIEFED_ON.search(plain, start, end) for start, end in above):
            told = published.isoformat()
        return Meeting(told, None, "statement", people, 0.8, found.reason)
    telling = [
        found.sentence,
        *(
            place
            for place, span in enumerate(sentences)
            if place != found.sentence
            and may_match(TELLING_STEMS, in_lower_case(plain[span[0] : span[1]]))
            and TELLS_OF_IT.search(plain, *span)
        ),
    ]
    before = range(found.sentence - 1, max(-1, found.sentence - 4), -1)
    dated = [*before, *telling] if SAME_DAY.match(plain, *sentences[found.sentence]) else telling
    day = next(
        (
            day
            for place in dated
            for day in [_day(plain, sentences[place], published, own=place == found.sentence)]
            if day
        ),
        None,
    )
    where = (
        None
        if found.kind == "phone call"
        else next(
            (
                town
                for place in telling
                for town in [
                    _place(
                        row,
                        *row.between(*sentences[place]),
                        own=place == found.sentence
                        or HELD_IN.search(plain, *sentences[place]) is not None
                        or (found.kind == "other" and CEREMONY.search(plain, *sentences[place]) is not None),
                    )
                ]
                if town
            ),
            None,
        )
        or _from_headline(row, above)
    )
    people = tuple(_participant(one, "host", cast) for one in found.hosts) + tuple(
        _participant(one, "guest", cast) for one in found.guests
    )
    confidence = 0.9 if people and found.kind != "other" else 0.7
    return Meeting(day.isoformat() if day else None, where, found.kind, people, confidence, found.reason)


OCCASION = re.compile(r"\b(?:press|media|news) (?:conference|briefing|availability)\b|\bbriefing\b", re.I)


def _day_above(plain: str, above: tuple[tuple[int, int], ...]) -> str | None:
    """Return the day that the headline of a briefing gives itself: "Weekly Media Briefing (10 February 2023)"."""
    for start, end in above:
        if OCCASION.search(plain, start, end):
            days = [stamp.full for stamp in find_days(plain, start, end) if stamp.full]
            if days:
                return days[0].isoformat()
    return None


def _today(plain: str, span: tuple[int, int], published: date | None) -> str | None:
    """Return the day on which a statement says that it is made: "announced today"."""
    if published is None or not any(stamp.ahead == 0 for stamp in find_days(plain, *span)):
        return None
    return published.isoformat()


def _participant(person: Person, side: str, cast: Cast) -> Participant:
    if person.state:
        party_name = state_names().get(person.state, person.state)
    else:
        entry = load_entries().get(person.organisation)
        party_name = cast.organisation_name(entry) if entry else person.organisation
    reason = f"named as {person.office}" if person.office else "named"
    line = cast.line_of.get(person.first_at)
    return Participant(
        person.name,
        _mended(person.office) or None,
        person.state or None,
        party_name or None,
        "host" if side == "host" else "guest",
        0.95 if person.office else 0.7,
        reason + (f", line {line}" if line else ""),
    )


def _mended(office: str) -> str:
    return " ".join(office.split()).strip(" ,-")


def _day(plain: str, span: tuple[int, int], published: date | None, *, own: bool) -> date | None:
    """Return the day that a sentence puts the meeting on: the fullest date in it, beside the stamp."""
    if own and published and LAST_NIGHT.search(plain, *span):
        return published - timedelta(days=1)
    stamps = [
        stamp
        for stamp in find_days(plain, *span)
        if not re.search(
            r"\b(?:since|until|by(?! (?:tele)?phone| video| letter)|before|after|from)\s+(?:\w+\s+){0,2}$|\b(?:said|told|reported|reports|announced)\b[^.,]{0,40}$",
            plain[max(span[0], stamp.start - 60) : stamp.start],
        )
    ]
    days = [(stamp.full is None, stamp.day is None, stamp) for stamp in stamps]
    for _, _, stamp in sorted(days, key=lambda one: one[:2]):
        day = stamp.beside(published)
        if day:
            return day
        if own and stamp.month:
            return None
    return None


def _place(row: Tokens, first: int, last: int, *, own: bool) -> str | None:
    """Return the town or the named building that a sentence puts the meeting in."""
    buildings: list[str] = []
    for found in IN_TOWN.finditer(row.codes, first, last) if own else ():
        if row.words[found.start()].lower() in ("in", "at"):
            return row.span(*found.span("place"))
    for found in OF_A_PLACE.finditer(row.codes, first, last) if own else ():
        if row.words[found.start("kind")].lower() in TOWNS:
            return row.span(*found.span("place"))
    for found in PLACE.finditer(row.codes, first, last):
        start, end = found.span("place")
        before = row.words[found.start() - 1].lower() if found.start() else ""
        if own and row.words[found.start()] == "to" and before in VISITS and row.codes[start:end] == "T":
            return row.span(start, end)
        if row.words[found.start()].lower() not in ("in", "at"):
            continue
        last_word = row.words[end - 1]
        refs = [row.refs[place] for place in range(start, end)]
        if any(isinstance(ref, Person | Title) for ref in refs):
            continue
        words = row.span(start, end)
        if row.codes[start:end] == "G":
            if last_word.split()[-1] in BUILDING and "of" not in last_word.split():
                buildings.append(last_word)
            continue
        if (
            last_word in BUILDING
            or (end - start == 1 and isinstance(refs[0], Entry) and refs[0].kind == "airport")
            or "Airport" in words
        ):
            if row.codes[end : end + 1] == "S" and last_word in BUILDING:
                words = row.span(start, end + 1)  # Villa Somalia
            if found.group("town"):
                return row.span(*found.span("town"))
            buildings.append(words)
        elif (
            not found.group("the")
            and (own or row.codes[start] == "T")
            and row.codes[start:end].strip("CT-D") == ""
            and found.group("place")[0] in "CTD"
        ):
            if row.codes[end : end + 1] in ("g", "O", "F"):
                continue
            if words.startswith("St") and row.codes[end : end + 1] == "'":
                return row.span(start, end + 1)  # St. John's
            if re.match(r"'C", row.codes[end : end + 2]):
                return row.span(start, end + 2)  # Cox's Bazar
            airport = row.words[end : end + 1] in (["airport"], ["seaport"]) and row.codes[start] in "TC"
            return row.span(start, end + 1) if airport else words
    return buildings[0] if buildings else None


def _from_headline(row: Tokens, above: tuple[tuple[int, int], ...]) -> str | None:
    """Return the town that a headline says hosts the talks."""
    for start, end in above:
        first, last = row.between(start, end)
        if (
            last - first >= 3
            and row.codes[first] in "TC"
            and row.words[first + 1].lower() in ("hosts", "hosted", "welcomes")
        ):
            return row.words[first]
    return None
