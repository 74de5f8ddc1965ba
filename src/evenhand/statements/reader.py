"""Read a text: from its characters to a document with its meeting, sentences and claims.

The one door of this folder beside `read_document`. It only calls the other modules in their order and keeps their notes; every
rule stands in the module that it belongs to. What a text says is data: nothing in it is ever obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from evenhand.statements.acts import find_acts
from evenhand.statements.attendance import BRIEFING, complete
from evenhand.statements.attribution import attribute
from evenhand.statements.claims import find_claims
from evenhand.statements.cleaning import Body, find_body, make_plain
from evenhand.statements.document import Document, Sentence, Text
from evenhand.statements.gazetteer import Entry
from evenhand.statements.holders import find_holder
from evenhand.statements.issuing import byline_person, issuing_state, learn_offices, letterhead_person
from evenhand.statements.labels import (
    I_OUTSIDE,
    find_joint,
    find_labels,
    find_speech,
    follow_labels,
    follow_speech,
    in_first_person,
    introduce_labelled,
)
from evenhand.statements.language import other_language
from evenhand.statements.meeting import CEREMONY, CEREMONY_STEMS, Found, find_meeting, held_abroad
from evenhand.statements.meeting_record import describe_meeting
from evenhand.statements.organisations import find_organisations, home_state, second_state, spelled_out, weigh_states
from evenhand.statements.people import find_people
from evenhand.statements.person import SPOKESMAN
from evenhand.statements.quotations import find_quotations, join_quoted, quoted_share
from evenhand.statements.references import BOTH, Cast, Speaker, learn_sex
from evenhand.statements.resolving import KnownParty, find_resolutions
from evenhand.statements.same_name import fits
from evenhand.statements.settling import filed_in, settle_parties, visited_above
from evenhand.statements.splitting import split_sentences
from evenhand.statements.stems import in_lower_case, may_match
from evenhand.statements.tokens import Tokens, tokenise

WAS_HELD = re.compile(r"\b(?:conference|summit|meeting|round ?table)\b[^.]{0,80}\b(?:was|were) held (?:in|at|on)\b")
"""How a briefing begins that tells of a meeting rather than being the event itself."""
JOINT_TEXT = re.compile(r"\bjoint (?:communiqu[eé]|statement|declaration|press (?:release|statement))\b", re.I)
WE_TALKED = re.compile(r"\W*We (?:also |then |both )?(?:discussed|agreed|exchanged|talked)\b")
"""What a minister who writes in the first person tells of the talks."""
I_STATE = re.compile(
    r"\bI(?:'(?:m|ve|d|ll)\b| (?!(?:\w+ly |also )?(?:had|met|was|were|did|saw|spoke|told|held|took|went|came|gave|made|left|flew|paid|sat|felt|heard|knew|thought|said|wrote|began|brought|got|\w+ed)\b)[a-z]+)"
)
"""What whoever signs a text states in the present: "I am authorizing", "I welcome"; what he did is the narrator's."""
QUOTED = 0.3
"""The share of a sentence in quotation marks from which on its "I" is not the text's own."""


def read_text(text: Text, known: Sequence[KnownParty] = ()) -> Document:
    """Return everything that Evenhand's own rules read from a text.

    Parameters
    ----------
    known
        The parties of the records; what the text names is then resolved against them.

    Examples
    --------
    >>> document = read_text(Text("a.txt", "President of Chad Ali Musa received Eva Lund, Head of the World Food Programme. The guest thanked him."))
    >>> [one.speaker for one in document.sentences], document.meeting.kind
    (['narrator', 'Eva Lund'], 'received')
    """
    language = other_language(text.text)
    if language:
        seems = f"this seems to be {language if language.startswith('a ') else f'in {language}'}; only English is read"
        return Document(text, text.published, notes=(*text.notes, seems))
    body = find_body(text.text)
    if not body.blocks:
        nothing = (
            "no sentences were found: it seems to be all menu, headlines or numbers"
            if text.text.strip()
            else "there is no text in it"
        )
        return Document(
            text,
            body.published.isoformat() if body.published else text.published,
            notes=(*text.notes, *body.notes, *((nothing,) if text.text.strip() or not text.notes else ())),
        )
    published = body.published or (date.fromisoformat(text.published) if text.published else None)
    spans = split_sentences(body.plain, body.blocks)
    row = tokenise(body.plain)
    row = find_organisations(row, _stretches(row, body))
    begins = row.between(body.blocks[0].start, 0)[0]
    datelines = " ".join(block.dateline for block in body.blocks)
    weights, names = weigh_states(row, datelines, begins), spelled_out(row)
    home = home_state(weights)
    labels = find_labels(make_plain(text.text), row) if ":" in text.text else []
    named_in_labels = [row.between(start, end) for start, end, _ in labels]
    blocks = _stretches(row, body)
    apart = [one for one in named_in_labels if not any(first <= one[0] < last for first, last in blocks)]
    quotations = find_quotations(body.plain, body.blocks)
    speech = find_speech(list(body.above), body.plain)
    if speech and not in_first_person(_outside(spans, quotations, body.plain)):
        speech = None
    if speech and not any(block.start <= speech[0] < block.end for block in body.blocks):
        apart.append(row.between(*speech))
    holds = find_holder(body.above, body.plain) if labels else None
    if holds:
        apart.append(row.between(*holds))
    people = find_people(row, sorted({*blocks, *apart}))
    named, row = row, people.tokens
    introduce_labelled(labels, make_plain(text.text), people.persons, named, body.above)
    learn_offices(people.persons, named, body)
    own = issuing_state(body) or home_state(weights, by_towns=False)
    writer = byline_person(named, body, own) or letterhead_person(text.text, body, own)
    if writer is not None and not labels and not I_OUTSIDE.search(_outside(spans, quotations, body.plain)):
        writer = None
    if writer is not None and any(fits(writer.name, one) for one in people.persons):
        writer = None
    if writer is not None:
        people.persons.append(writer)
    cast = Cast(people.persons, [], [], names, home, own)
    cast.line_of = {person.first_at: _line(spans, person.first_at) for person in people.persons}
    second = ""
    if len(people.persons) > 1:
        above = [body.plain[start:end] for start, end in body.above]
        cast.second = second_state(weights, home, above)
        second = second_state(weights, cast.own, above, by_towns=False)
    host, visitors = visited_above([body.plain[start:end] for start, end in body.above])
    guests = [one.name for one in people.persons if host and one.surname in visitors]
    settle_parties(people.persons, cast, row, second, host, guests)
    cast.filed = filed_in(body.blocks[0].dateline)
    for person in people.persons:
        learn_sex(person)
    headlines = " ".join(body.plain[start:end] for start, end in body.above)
    cast.joint = JOINT_TEXT.search(headlines) is not None
    holder = next((one for one in cast.persons if holds and holds[0] <= one.first_at < holds[1]), None)
    if holder is None and labels and BRIEFING.search(headlines):
        spokesmen = [one for one in cast.persons if one.rank == SPOKESMAN and " " in one.name]
        holder = spokesmen[0] if len(spokesmen) == 1 else None
    told = not (holder or BRIEFING.search(headlines)) or WAS_HELD.search(body.plain, *spans[0])
    found = find_meeting(body.plain, row, spans, cast, headlines) if told else Found()
    paragraphs = join_quoted(_paragraphs(spans, body), body.plain, body.blocks, quotations)
    orator = next((one for one in cast.persons if speech and speech[0] <= one.first_at < speech[1]), None)
    orator = orator or holder
    if orator is not None and not (orator.state or orator.organisation):
        bodies = (ref.state for ref in row.refs if isinstance(ref, Entry) and ref.kind == "organisation" and ref.state)
        orator.state = next(bodies, cast.own)  # a spokesperson speaks for the first state body that the statement names
    if labels:
        labelled = follow_labels(labels, spans, body.plain, cast, holder or writer)
    elif orator is not None:
        labelled = follow_speech(spans, orator, row, body.plain)
    else:
        labelled = find_joint(body.plain, spans, body.above, quotations, named, cast)
    if writer is not None and not labels and orator is None:
        together = Speaker(BOTH, None, 0.8, '"we" are who writes and who was met')
        his = Speaker(writer.name, writer, 0.8, f'"I" is {writer.name}, who signs it')
        labelled = [
            together
            if WE_TALKED.match(body.plain, *span)
            else his
            if I_STATE.search(body.plain, *span) and quoted_share(span, quotations) < QUOTED
            else None
            for span in spans
        ]
    said = attribute(row, spans, quotations, paragraphs, cast, at_meeting=found.kind != "statement", labelled=labelled)
    at = next(
        (
            state
            for span in spans
            if may_match(CEREMONY_STEMS, in_lower_case(body.plain[span[0] : span[1]]))
            and CEREMONY.search(body.plain, *span)
            for state in [held_abroad(row, span)]
            if state
        ),
        home,
    )
    if writer is not None and not found.hosts:
        found.hosts = cast.hosts = [writer]
    complete(found, cast, [one.speaker.person for one in said], at, body, row, orator)
    meeting = describe_meeting(found, body.plain, row, spans, body.above, published, cast)
    sentences: list[Sentence] = []
    for (start, end), one in zip(spans, said, strict=True):
        acts = find_acts(row, one, (start, end), sentences[-1].acts if sentences else ())
        confidence = round(one.speaker.confidence, 2)
        sentences.append(Sentence(start, end, one.speaker.name, acts, confidence, one.speaker.reason))
    notes = [*text.notes, *body.notes, *people.notes]
    if text.published and body.published and text.published != body.published.isoformat():
        notes.append(
            f"the page says {text.published}, the text says {body.published.isoformat()}; the text's date was taken"
        )
    if published and meeting.date and meeting.date > published.isoformat():
        notes.append(f"the meeting's date, {meeting.date}, is after the text's, {published.isoformat()}")
    day = published or (date.fromisoformat(meeting.date) if meeting.date else None)
    claims = tuple(find_claims(row, spans, said, sentences, cast, day))
    written = _written({one.name for one in cast.persons} | {one.speaker for one in sentences}, body.plain, text.text)
    if written:
        sentences = [replace(one, speaker=written.get(one.speaker, one.speaker)) for one in sentences]
        claims = tuple(replace(one, speaker=written.get(one.speaker, one.speaker)) for one in claims)
        people_there = tuple(replace(one, name=written.get(one.name, one.name)) for one in meeting.participants)
        meeting = replace(meeting, participants=people_there)
    return Document(
        text,
        published.isoformat() if published else None,
        meeting,
        tuple(sentences),
        claims,
        find_resolutions(named, cast, known),
        tuple(notes),
    )


def _written(names: set[str], plain: str, text: str) -> dict[str, str]:
    """Return the names that the text writes with other marks than they were read in: Chang’anamuno."""
    found: dict[str, str] = {}
    for name in names:
        at = plain.find(name) if "'" in name or "-" in name else -1
        if at >= 0 and " ".join(text[at : at + len(name)].split()) != name:
            found[name] = " ".join(text[at : at + len(name)].split())
    return found


def _outside(spans: list[tuple[int, int]], quotations: list[tuple[int, int]], plain: str) -> str:
    """Return the prose that stands outside quotation marks."""
    return " ".join(plain[start:end] for start, end in spans if quoted_share((start, end), quotations) < QUOTED)


def _stretches(row: Tokens, body: Body) -> list[tuple[int, int]]:
    return [row.between(block.start, block.end) for block in body.blocks]


def _paragraphs(spans: list[tuple[int, int]], body: Body) -> list[int]:
    """Return the paragraph of each sentence."""
    found: list[int] = []
    place = 0
    for start, _ in spans:
        while place + 1 < len(body.blocks) and body.blocks[place + 1].start <= start:
            place += 1
        found.append(place)
    return found


def _line(spans: list[tuple[int, int]], at: int) -> int:
    """Return the number of the sentence that an offset stands in, counted from 1."""
    return next((place for place, (start, end) in enumerate(spans, start=1) if start <= at < end), 0)
