"""The meeting of a text: which sentence tells of it, who took part, where, when, and what kind it was.

Called by `reader`. Only the first meeting of a text is recorded. A place or a date that the text does not fix is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from evenhand.statements.gazetteer import Entry, load_entries
from evenhand.statements.person import SPOKESMAN, Person
from evenhand.statements.references import Cast, who_is
from evenhand.statements.stems import in_lower_case, may_match, stems_of
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import read_table

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("phone call", r"\b(?:video|conference) calls?\b|(?<!agency )(?<!us )(?<!newspaper )\bby (?:tele)?phone\b|\btelephonic\b|\bover the (?:tele)?phone\b|\b(?:tele)?phone (?:call|conversation|talk)s?\b|\bphoned\b|\bheld a call\b|\btelephoned\b|\ba call (?:with|from)\b|\bcalled (?-i:(?:(?:Mr|Ms|Mrs|Dr)\. )?(?:[A-Z][\w'-]+ ){1,5})(?:today|yesterday|to (?:congratulate|discuss|express|convey|offer))\b|\bspoke (?:today |on \w+day |\w+day |earlier )?(?:with|to) (?-i:[A-Z]|the (?:President|Prime|Foreign|Minister|King|Emir))"),
        ("received", r"\bgranted an? (?:\w+ )?audience\b|\bhosted (?!an? )[^.;]{3,90}\bfor (?:an? )?(?:[\w-]+ )?(?:meeting|talks|discussions|dinner|lunch|luncheon|breakfast)\b|\bhosted an? (?:\w+ ){0,2}(?:reception|dinner|luncheon|lunch|banquet|breakfast)\b[^.;]{0,60}\bfor\b|\bhad an? reception for\b|\bwelcomed (?:in|at) (?:his|her|their|its|the) (?:office|residence|headquarters|palace)\b|\b(?:received|receives|receiving)\b(?! (?:more|some|its|support|aid|assistance|over|about|\d))"),
        ("met", r"\b(?:commission|committee|consultations|dialogue|meeting|talks)\b[^.;]{0,60}\bbetween (?:the )?(?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)? and (?:the )?(?-i:[A-Z])"),
        ("conference", r"\b(?:took|takes|taking) part in\b|\b(?:participat\w+|spoke|speaking|speech|address|statement|remarks) (?:in|at|to) (?:the|a|an)\b.{0,80}\b(?:conference|summit|forum|session|meeting|round ?table|event|assembly)\b|\b(?:attend(?:ed|s|ing)|addressed|addressing(?! that)|opened|co-?chaired|chaired|convened|hosted)\b.{0,90}\b(?:conference|summit|forum|session|round ?table|assembly|meeting|event)\b|\b(?:conference|summit|round ?table|forum)\b.{0,60}\b(?:was|were) (?:held|organi[sz]ed|opened|convened)\b|\bpledging (?:conference|event|meeting)\b|\bjoin(?:ed|s|ing)\b.{0,140}\b(?:for|at|in) (?:the|a|an) (?:\S+ ){0,4}(?:[Cc]onference|[Ss]ummit|[Ff]orum|[Mm]eeting|[Ss]ession|[Rr]ound ?table)\b"),
        ("met", r"\bdiscussed with (?=(?-i:[A-Z])|the (?-i:[A-Z]))|\baudience (?:with|on) |(?<!last )(?<!previous )(?<!recent )(?<!next )(?<!upcoming )\b(?:meeting|talks|discussions|consultations|conversation)\b[^.;]{0,70}\b(?:between|with) (?:the )?(?-i:[A-Z])|(?<!that )(?<!which )(?<!has )(?<!have )(?<!\bI )(?<!\bwe )\bmet\b(?! (?:the|their|its) (?:needs?|target|demand|requirement)s?\b)|\bmeets\b|\bha(?:s|ve) met with\b|\b(?:held|holds|holding|had|has held) (?:\w+ ){0,3}(?:talks?|meetings?|consultations?|discussions?|negotiations?|conversation)\b|\bmeeting (?:with|between|of)\b|\bof meeting in\b|\bconvened (?:to|virtually|by video)\b|\b(?:co-)?chaired\b.{0,60}\b(?:consultations|talks|dialogue)\b|\btalks (?:held|with|between)\b|\bin (?:his|her|a|their) (?:talks?|meeting|conversation) with\b|\bconferred with\b|\bsat down (?:\w+ ){0,2}with\b|\bwelcomed\b|\bhosted\b|\bsaw\b|\bpaid an? (?:\w+ )?(?:visit|call)\b|\bcourtesy call\b|\bcalled on (?=[A-Z])(?![^.]{0,120}\bto [a-z]+)"),
        ("conference", r"\battended\b|\b(?:at|during|in|on the sidelines of|on the margins of|opening|hosts?) (?:the|a|an|this|his|her)\b[^.,;]{0,70}\b(?:conference|summit|round ?table|forum)\b"),
        ("other", r"\breceiv(?:ed|es|ing) (?:[\w-]+ ){1,6}from (?:the )?(?-i:[A-Z])|\breceived the (?:[\w-]+ ){0,2}(?:shipment|consignment|delivery|supplies|cargo|donation)\b|\bdelivered\b.{5,160}\bat (?:the )?(?-i:[A-Z]\w+ ){0,4}(?:air|sea)?port\b|\bpresent(?:ed|s|ing) (?:the|a|an|this|his|her|its) (?:\w+ ){0,3}(?:donation|gift|supplies|cheque|aid|relief|equipment|items|consignment|keys|vehicles)\b|\b(?:was|were) at .{3,60} to (?:receive|hand|witness|welcome|see)\b|\b(?:took|takes) delivery\b|\bhand(?:ed|ing|s)? over\b|\bhas handed\b|\bhanded (?!out\b).{1,60}\bto\b|\b(?:function|programme|event) (?:organi[sz]ed|held)\b|\bhand-?over\b|\bhanding-over\b|\bceremony\b|\bvisited\b|\bsigned\b.{0,40}\b(?:agreement|contract|memorandum|protocol)\b|\b(?:agreement|contract|memorandum|mou|protocol|deal|document|notes)s?\b[^.;]{0,60}\b(?:was|were) (?:\w+ )?(?:signed|exchanged|concluded)\b|\bchanged hands\b|\binaugurat\w+"),
    )
)  # fmt: skip
KIND_STEMS = tuple(stems_of(pattern) for _, pattern in KINDS)
"""Of each pattern of `KINDS`, what it cannot match without."""
HINT = re.compile(
    r"ommission|ommittee|onsultation|iscussion|ialogue|exchanged|iscussed with|paid |ourtesy|sat down|audience|phon|join|called on|receiv|[Cc]onference|[Ss]ummit|[Ff]orum|ession|[Rr]ound.?[Tt]able|ssembl| part in|ttend|ddress|pledging|\bmet\b|eeting|meets|talk|held|"
    r"holds|had |call|spoke|confer|welcomed|host|present|deliver|was at|were at|\bsaw\b|visit|hand|eremony|igned|naugurat|function|programme|event|opened|chaired|conven"
)
"""Without one of these no sentence tells of a meeting: quicker than asking each kind."""
ATTENDEES = re.compile(
    r"\b(?:(?:was|were) (?:also )?(?:graced|witnessed|attended|led|chaired|opened) by|and led by|participated|took part|(?:also )?graced|flanked by|in the company of|(?:delegation(?: members)?|delegates|attendees|participants|guests|members of the delegation) (?:included|comprised|consisted|were)|among those present|present (?:at|during) (?:the|this) (?:audience|meeting|ceremony|talks|reception|event|hand-?over|function|call) (?:was|were)|in attendance (?:was|were)|also (?:present|attended|attending|took part|in attendance|participat\w+)|was (?:also )?attended by|"
    r"were (?:also )?present|were in attendance|in the presence of|accompanied by|participants included|attended by|joined by|also joined)\b",
    re.IGNORECASE,
)
SUBORDINATE = re.compile(r"\b(?:(?<!during )which|(?:promise|pledge|agreement)(?! during| at| in| was| were))\b[^,]*$")
"""What comes before a meeting that is only spoken of: "a promise which he gave at the summit"."""
PAST = re.compile(
    r",? (?:that was |which was )?(?:held|convened|organi[sz]ed|hosted) (?:in|on|last|earlier)\b|,? last (?:week|month|year)\b"
)
"""What comes behind a conference of which a text only reminds: "at the round table held in October"."""
AHEAD = re.compile(
    r"\b(?:will|would|shall|(?:going|due|set|scheduled|expected|invited|planning|plans?|hopes?|intends?) to)(?: \w+){0,4}\s+$"
)
"""What comes before a meeting that is still to be held: "will take part in the conference"."""
LONG_AGO = re.compile(r"\b(?:was|were|had been) \w+(?: \w+)? (?:back )?in (?:[A-Z][a-z]+,? )?(?:19|20)\d\d\b(?!,)")
"""What comes before a meeting that belongs to the past of a deed: "was discussed in January 2011 during his meeting with"."""
SECOND = re.compile(
    r"(?:Later|Earlier|Separately|Afterwards?|Subsequently|Meanwhile|In a separate|On the same day|The same day|On (?:his|her) second day|Following (?:this|that))\b"
)
"""How a sentence opens that goes on to another meeting."""
CALLED = re.compile(r"\b(?:phone|telephone|telephonic|call|calls|called)\b(?! (?:on|for|to)\b)", re.I)
MEETING_ABOVE = re.compile(r"\b(?:meeting|meets|met|talks)\b", re.I)
SIGNED = re.compile(r"\b(?:signed|concluded)\b")
CEREMONY = re.compile(r"\b(?:ceremony|function|programme|hand-?over|event)\b", re.I)
ATTENDEE_STEMS, CEREMONY_STEMS = stems_of(ATTENDEES), stems_of(CEREMONY)
HOSTING = re.compile(r"\b(?:organi[sz]ed|hosted|convened|called) (?:jointly )?by\b|\bhosts?\b", re.I)
SURE = 0.9
"""How sure it must be that a title means somebody before he counts as taking part."""
GREETINGS = re.compile(
    r"\b(?:greetings|wishes|regards|condolences|message|successor|predecessor|late|behalf|on the proposal|on the initiative|instruction)\b(?:\W+\w+){0,5}\W*$"
)
DONE_BY = re.compile(r"\b(?:delivered|conveyed|read|given|presented|handed over|made|carried) by(?: the)?\s*$")
"""Whoever brings a message takes part."""
WRITER_MET = re.compile(r"\W*(?:\w+,? ){0,2}?(?:I|We)\b[^.]{0,40}\b(?:met|meeting)\b")
HEADLINE = re.compile(r"^(?P<town>[TC])(?:w|p)*")
OF_MEETING_BY = re.compile(
    r"\bha(?:d|s|ve) (?:had )?an? (?:\w+ )?audience with\b|\bpaid an? (?:\w+ ){0,2}(?:visit|call) (?:to|on)\b|\bcalled on [A-Z]|\b(?:was|were) (?:\w+ )?received (?:[^.,]{1,60} )?by\b|\bpaid a (?:\w+ )?call on\b|\bcalled on\b(?! \w+ to)"
)
PHONED_BY = re.compile(r"\b(?:call|conversation|phoned|telephoned) (?:from|by)\b|\breceived a\b")


@dataclass(slots=True)
class Found:
    """Hold the meeting while it is put together."""

    kind: str = "statement"
    sentence: int = -1
    hosts: list[Person] = field(default_factory=list)
    guests: list[Person] = field(default_factory=list)
    reason: str = "no meeting is told of"


def find_meeting(plain: str, row: Tokens, sentences: list[tuple[int, int]], cast: Cast, headlines: str = "") -> Found:
    """Return the first meeting that the sentences tell of, and set the cast's hosts and guests.

    Parameters
    ----------
    headlines
        What stands above the prose: it says whether those who "spoke" met or telephoned.
    """
    found = Found()
    persons_in = [_persons(row, *row.between(start, end), cast) for start, end in sentences]
    for place, (start, end) in enumerate(sentences[:8]):
        if found.kind not in ("statement", "other") and not (
            found.kind == "met" and len(found.hosts + found.guests) == 1
        ):
            break
        if not HINT.search(plain, start, end):
            continue
        lower = in_lower_case(plain[start:end])
        kind = next(
            (
                kind
                for (kind, pattern), stems in zip(KINDS, KIND_STEMS, strict=True)
                for match in ([pattern.search(plain, start, end)] if may_match(stems, lower) else ())
                if match
                and not SUBORDINATE.search(plain, start, match.start())
                and not AHEAD.search(plain, start, match.start())
                and not LONG_AGO.search(plain, start, match.start())
                and not (kind == "conference" and PAST.match(plain, match.end(), end))
                and not (kind == "received" and not _receives_somebody(plain, row, start, end))
                and not (match.group() in DEEDS and not _somebody_follows(row, match.end()))
            ),
            None,
        )
        if kind is None or not (persons_in[place] or kind in ("other", "conference")):
            continue
        if (
            kind == "other"
            and not persons_in[place]
            and not cast.persons
            and not CEREMONY.search(plain, start, end)
            and not SIGNED.search(plain, start, end)
        ):
            continue  # "the centre handed over 20 tents": goods moved, nobody met
        if kind in ("met", "phone call") and CALLED.search(headlines) and not MEETING_ABOVE.search(headlines):
            kind = "phone call"
        elif (
            kind == "phone call"
            and MEETING_ABOVE.search(headlines)
            and not CALLED.search(f"{headlines} {plain[start:end]}")
        ):
            kind = "met"
        people = [one for _, one in persons_in[place] if _takes_part(plain, row, start, one, cast)]
        if kind == "met" and len(people) > 1 and _in_audience(plain[start:end], headlines):
            kind = "received"
        if (
            kind == "conference"
            and found.kind == "other"
            and _goes_with(plain, sentences[found.sentence], (start, end))
        ):
            continue
        better = (
            (found.kind == "other" or len(found.hosts + found.guests) < 2)
            and kind in ("received", "met", "phone call")
            and len(people) >= 2
        )
        if (
            found.kind == "statement"
            or better
            or (found.kind == "other" and kind != "other" and not (found.hosts or found.guests))
        ):
            if kind in ("phone call", "received", "met") and len(people) < 1:
                continue
            found = Found(kind, place, reason=f"line {place + 1} tells of it")
            _take_sides(
                plain[start:end] if kind != "conference" else plain[sentences[0][0] : end], kind, people, found, cast
            )
            visited = _visited_by(plain, row, start, end, persons_in[place]) if kind in ("met", "received") else []
            if visited and len(people) > len(visited):
                found.hosts, found.guests = visited, [one for one in people if one not in visited]
            first, last = row.between(start, end)
            unnamed = row.codes.find("N", first, last)
            if (
                kind in ("met", "received", "phone call")
                and len(people) == 1
                and 0 <= unnamed < row.codes.find("P", first, last)
            ):
                found.hosts, found.guests = [], people  # "the Secretary-General met Mr. X": the host has no name here
            if kind == "met" and len(people) == 1 and WRITER_MET.match(plain, start, end):
                found.hosts, found.guests = (
                    [],
                    people,
                )  # "I had the pleasure of meeting Ms. Obi": who writes is the host
    if found.sentence >= 0:
        for place, (start, end) in enumerate(sentences):
            if place > found.sentence and SECOND.match(plain, start, end) and HINT.search(plain, start, end):
                break
            if (
                place != found.sentence
                and persons_in[place]
                and may_match(ATTENDEE_STEMS, in_lower_case(plain[start:end]))
                and ATTENDEES.search(plain, start, end)
            ):
                leader = _accompanied(plain, row, start, end, cast)
                for _, one in persons_in[place]:
                    if leader is not None and one.own and one is not leader and leader in found.guests:
                        one.state, one.own = leader.state, False
                        one.organisation = one.organisation or ("" if leader.state else leader.organisation)
                    if one not in found.hosts + found.guests and one.rank != SPOKESMAN:
                        home = found.kind == "other" and not found.hosts and one.state == cast.home and not one.posted
                        ours = any(_same_party(one, host) for host in found.hosts) or (home and bool(one.state))
                        (found.hosts if ours else found.guests).append(one)
    if found.kind == "met":
        _take_those_at_home(plain, row, sentences, found)
    if (
        found.kind == "conference"
        and len(found.hosts + found.guests) == 1
        and not HOSTING.search(plain, sentences[0][0], sentences[found.sentence][1])
    ):
        found.hosts, found.guests = [], found.hosts + found.guests
    cast.hosts, cast.guests = found.hosts, found.guests
    return found


FOR_AUDIENCE = re.compile(r"\bfor an? (?:[\w-]+ )?audience\b|\bcourtesy (?:call|visit)\b", re.I)
RECEIVED_ABOVE = re.compile(
    r"\breceived (?:in audience|by)\b|\breceives\b[^.|]{3,60}\b(?:minister|ambassador|envoy|delegation|president|official|chief|head|representative|counterpart|director|secretary)\b",
    re.I,
)
GATHERING = re.compile(
    r"\b(?:conference|summit|forum|session|round ?table|meeting|assembly|congress|seminar|workshop)\b", re.I
)


def _in_audience(words: str, headlines: str) -> bool:
    """Say whether those who "met" did so in an audience: the sentence or the headline calls it so."""
    above = RECEIVED_ABOVE.search(headlines) and not MEETING_ABOVE.search(headlines)
    return bool(above) or FOR_AUDIENCE.search(words) is not None


def _goes_with(plain: str, ceremony: tuple[int, int], span: tuple[int, int]) -> bool:
    """Say whether a sentence only goes on about a ceremony told of before: "it was attended by", "speaking at the event"."""
    return CEREMONY.search(plain, *ceremony) is not None and GATHERING.search(plain, *span) is None


def _take_those_at_home(plain: str, row: Tokens, sentences: list[tuple[int, int]], found: Found) -> None:
    """Put those on the host's side in whose state the meeting's sentence puts it: "in Maputo, Mozambique"."""
    first, last = row.between(*sentences[found.sentence])
    places = (
        row.refs[match.end() - 1]
        for match in WHERE_MET.finditer(row.codes, first, last)
        if row.words[match.start()] in ("in", "In")
    )
    states = {ref.state for ref in places if isinstance(ref, Entry) and ref.state}
    people = found.hosts + found.guests
    home = [one for one in people if one.state in states and not one.posted]
    if home and len(home) < len(people) and not any(one in home for one in found.hosts):
        found.hosts, found.guests = home, [one for one in people if one not in home]


WHERE_MET = re.compile(r"pT(?![CFgO'])|p(?:T|C{1,2}),S(?![CFgO'])")


def _accompanied(plain: str, row: Tokens, start: int, end: int, cast: Cast) -> Person | None:
    """Return who a sentence says is accompanied: "the minister was accompanied by Ada Obi and Ben Udo"."""
    verb = ACCOMPANIED.search(plain, start, end)
    first, last = row.between(start, verb.start()) if verb else (0, 0)
    place = next((at for at in range(last - 1, first - 1, -1) if row.codes[at] in "PN"), -1)
    who = who_is(row.refs[place], row.words[place], cast) if place >= 0 else None
    return who.person if who is not None else None


ACCOMPANIED = re.compile(r"\baccompanied by\b")


def _same_party(one: Person, other: Person) -> bool:
    if one.state or other.state:
        return one.state == other.state
    return bool(one.organisation) and one.organisation == other.organisation


def held_abroad(row: Tokens, span: tuple[int, int]) -> str:
    """Return the state that a sentence puts its place in: "in Cunene Province, Angola"; "" where it does not say."""
    match = re.compile(r"p[tCFTg]{1,4},(?P<state>S)").search(row.codes, *row.between(*span))
    ref = row.refs[match.start("state")] if match else None
    return ref.state if isinstance(ref, Entry) else ""


def _persons(row: Tokens, first: int, last: int, cast: Cast) -> list[tuple[int, Person]]:
    named = [(place, row.refs[place]) for place in range(first, last) if row.codes[place] == "P"]
    titled = row.codes.find("N", first, last)
    if len(named) == 1 and 0 <= titled < named[0][0]:  # "the Commissioner was received by Mr. X"
        who = who_is(row.refs[titled], row.words[titled], cast)
        if who is not None and who.person is not None and who.confidence > SURE:
            named.insert(0, (titled, who.person))
    found: list[tuple[int, Person]] = []
    for place, ref in named:
        if isinstance(ref, Person) and ref not in [one for _, one in found]:
            found.append((place, ref))
    return found


def _receives_somebody(plain: str, row: Tokens, start: int, end: int) -> bool:
    """Say whether a person, an office or a delegation is received, rather than a thing."""
    verb = re.compile(r"\breceiv(?:ed|es|ing)\b|\bwelcomed\b|\bgranted an\b|\bhosted\b|\bhad an?\b").search(
        plain, start, end
    )
    if verb is None:
        return False
    first, last = row.between(verb.end(), end)
    by = re.compile(r"\s+(?:\w+\s+)?by\b").match(plain, verb.end())
    somebody = next((at for at in range(first, min(last, first + 30)) if row.codes[at] in "PN"), -1)
    return (
        bool(by)
        or (somebody >= 0 and " from " not in f" {row.span(first, somebody)} ".lower())
        or "delegation" in plain[verb.end() : verb.end() + 60]
    )


DEEDS = frozenset({"welcomed", "hosted", "saw"})
"""Verbs that tell of a meeting only before somebody: "welcomed the minister", not "welcomed the report"."""


def _somebody_follows(row: Tokens, offset: int) -> bool:
    """Say whether a person, an office or a delegation follows within a few words."""
    at, _ = row.between(offset, offset)
    return any(code in "PN" for code in row.codes[at : at + 4]) or "delegation" in row.words[at : at + 5]


def _takes_part(plain: str, row: Tokens, start: int, person: Person, cast: Cast) -> bool:
    """Say whether a person of the meeting's sentence took part, rather than being mentioned."""
    if person.rank == SPOKESMAN:
        return False
    place = next((at for at in range(*row.between(start, start + 10_000)) if row.refs[at] is person), None)
    return (
        place is None
        or not GREETINGS.search(plain, start, row.starts[place])
        or bool(DONE_BY.search(plain, max(start, row.starts[place] - 40), row.starts[place]))
    )


def _take_sides(words: str, kind: str, people: list[Person], found: Found, cast: Cast) -> None:
    """Say who is host: who receives, who takes the call, who is at home; else the state's official; else the first named."""
    if not people:
        return
    if kind == "received":
        host = people[-1] if OF_MEETING_BY.search(words) else people[0]
        if len(people) == 1 and re.search(r"\breceived by\b", words):
            found.guests = people
            return
        found.hosts, found.guests = [host], [one for one in people if one is not host]
        found.reason += f"; {host.name} receives"
        return
    if kind == "phone call":
        host = people[0]
        if (
            re.search(
                r"\b(?:phoned|telephoned|called)\b(?! (?:on|for))|\b(?:made|placed) an? (?:\w+ )?(?:phone |telephone )?call to\b",
                words,
            )
            and len(people) > 1
            and "received" not in words
        ):
            host = people[1]
        found.hosts, found.guests = [host], [one for one in people if one is not host]
        return
    host = people[-1] if OF_MEETING_BY.search(words) and len(people) > 1 else _at_home(words, people, cast)
    ours = [one for one in people if one is host or (kind == "met" and _same_party(one, host))]
    ours = ours if len(ours) < len(people) else [host]
    found.hosts, found.guests = ours, [one for one in people if one not in ours]
    if kind == "other":
        sent = [one for one in people if one.posted]
        found.hosts = [
            one for one in people if one.state == cast.home and one.state and (one not in sent or sent == people)
        ]
        if sent and sent != people and not found.hosts:
            found.hosts = [one for one in people if one.state and one not in sent][:1]
        found.guests = [one for one in people if one not in found.hosts]


def _visited_by(plain: str, row: Tokens, start: int, end: int, persons: list[tuple[int, Person]]) -> list[Person]:
    """Return everybody in a row behind "called on" or "was received by": they are at home."""
    verb = OF_MEETING_BY.search(plain, start, end)
    if verb is not None and HIM.match(plain, verb.end()):
        callers = [person for place, person in persons if row.ends[place] <= verb.start()][-1:]
        return [person for _, person in persons if person not in callers][:1]  # "talking to Ada Obi, who called on him"
    found: list[Person] = []
    last = -1
    for place, person in persons if verb else ():
        if verb is not None and row.starts[place] < verb.end() - 1:
            continue
        if last >= 0 and BETWEEN_HOSTS.fullmatch(plain, row.ends[last], row.starts[place]) is None:
            break
        found.append(person)
        last = place
    return found


HIM = re.compile(r" (?:on )?(?:him|her|them)\b")
BETWEEN_HOSTS = re.compile(r"(?:,| and|, and|, as well as| as well as)\s*(?:the\s*)?")


@cache
def _seats() -> dict[str, tuple[str, ...]]:
    return {row["organisation"]: tuple(row["towns"].split(";")) for row in read_table("seats")}


def _state_of(person: Person) -> str:
    """Return the state of a person, or the one that his organisation is named after: the Iraqi Red Crescent is at home in Iraq."""
    if person.state or not person.organisation:
        return person.state
    words = person.organisation.split()
    named = (load_entries().get(word) for word in (*words[:2], *words[-1:]))
    return next((entry.state for entry in named if entry and entry.kind in ("state", "adjective")), "")


def _at_home(words: str, people: list[Person], cast: Cast) -> Person:
    entries = load_entries()
    for person in people:
        body = entries[person.organisation].key if person.organisation in entries else person.organisation
        if any(re.search(rf"\b(?:in|at) {re.escape(town)}\b", words) for town in _seats().get(body, ())):
            return person
    towns = {
        entry.state for word in re.findall(r"\b(?:in|at|visit to|trip to|visited|toured|travell?ed to) ([A-Z][\w'-]+(?: [A-Z][\w'-]+)?)", words)
        for entry in [entries.get(word) or entries.get(word.split()[0])] if entry and entry.kind in ("capital", "state")
    }  # fmt: skip
    at_home = [one for one in people if _state_of(one) in towns]
    if at_home:
        return at_home[0]
    at_home = [one for one in people if one.state and not one.posted]
    if (
        at_home
        and len(at_home) < len(people)
        and all(one.posted or not one.state for one in people if one not in at_home)
    ):
        return at_home[0]  # whoever is sent to a state is its guest
    filed = [one for one in people if cast.filed and one.state == cast.filed]
    if filed and len(filed) < len(people):
        return filed[0]
    officials = [one for one in people if one.state]
    if officials and len(officials) < len(people):
        return officials[0]
    return people[0]
