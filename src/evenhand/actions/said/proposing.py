"""From a document as it was read to rows: its sentences, the proposed meeting with its people, the proposed statements.

Part of the action `document read`. Everything is proposed with the reader's reasons; must never decide, and never choose
between two parties that fit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from evenhand.actions.action import Doing
from evenhand.actions.said.guessing import guess_deadline, guess_firmness, read_amount, tell_health
from evenhand.actions.said.resolving import Officials, find_resource, is_person
from evenhand.lookups.called import Parties
from evenhand.records.models import Evidence, Party
from evenhand.said.models import Meeting, MeetingDocument, Official, Participant, Spoken, Statement
from evenhand.statements.document import Claim, Document
from evenhand.statements.topics import find_topics

NO_MEETING = "statement"
"""The reader's kind of a document that reports no meeting."""


@dataclass(slots=True)
class Proposing:
    """Hold what is needed while one document's rows are made."""

    doing: Doing
    evidence: Evidence
    document: Document
    text: str
    parties: Parties = field(default_factory=Parties)
    speakers: dict[str, Speaker] = field(default_factory=dict)
    meeting: Meeting | None = None
    sentences: list[Spoken] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Hold whom a speaker's name stands for."""

    official: Official | None
    office: str = ""
    party: Party | None = None
    party_name: str = ""
    side: str = ""


NOBODY = Speaker(None)


def propose(doing: Doing, evidence: Evidence, document: Document) -> tuple[str, list[str]]:
    """Write everything that a document holds; return the ref of its meeting, "" where there is none, and of its statements."""
    one = Proposing(doing, evidence, document, document.text.text)
    officials = Officials(lambda: doing.ref("HO"), doing.at)
    _propose_meeting(one, officials)
    _keep_sentences(one, officials)
    return one.meeting.ref if one.meeting else "", [_propose_statement(one, claim) for claim in document.claims]


def _propose_meeting(one: Proposing, officials: Officials) -> None:
    """Write the meeting that a document reports, with its people."""
    said = one.document.meeting
    people: dict[str, Participant] = {}
    reported = said.kind != NO_MEETING and bool(said.participants)
    for who in said.participants:
        party, open_question = one.parties.find(who.party or who.party_name)
        official = officials.find(who.name, party)
        name = who.party_name or who.party or ""
        one.speakers[who.name] = Speaker(official, who.office or "", party, name, who.side if reported else "")
        people.setdefault(
            official.ref,
            Participant(
                official=official, name=who.name[:300], office=(who.office or "")[:300], party=party,
                party_name=name[:300], side=who.side, reason=" ".join(filter(None, (who.reason, open_question))),
            ),
        )  # fmt: skip
    if not reported:
        return
    hosts, guests = ([who.name for who in people.values() if who.side == side] for side in Participant.SIDES)
    title = " – ".join(", ".join(side) for side in (hosts, guests) if side)
    reasons = [said.reason] if said.reason else []
    if not said.date:
        reasons.append("The document does not say on which day.")
    one.meeting = Meeting(
        ref=one.doing.ref("MT"), title=_short(title or one.evidence.title), date=read_day(said.date),
        place=_short(said.place or ""), kind=said.kind[:20], reasons=reasons, made_at=one.doing.at,
    )  # fmt: skip
    one.meeting.save(force_insert=True)
    MeetingDocument.objects.create(meeting=one.meeting, evidence=one.evidence)
    for row in people.values():
        row.meeting = one.meeting
    Participant.objects.bulk_create(people.values())


def _keep_sentences(one: Proposing, officials: Officials) -> None:
    """Write every sentence with its speaker, its acts and its topics."""
    for number, sentence in enumerate(one.document.sentences, start=1):
        words = one.text[sentence.start : sentence.end]
        who = _speaker(one, officials, sentence.speaker)
        topics = [{"scheme": topic.scheme, "code": topic.code, "words": topic.words} for topic in find_topics(words)]
        one.sentences.append(
            Spoken(
                key=f"{one.evidence.ref}.{number:05}", evidence=one.evidence, number=number, start=sentence.start, end=sentence.end, words=words,
                speaker=_short(sentence.speaker), official=who.official, party=who.party, side=who.side,
                acts=list(sentence.acts), topics=topics, act_marks=marks(sentence.acts, 200),
                topic_marks=marks([f"{topic['scheme']}:{topic['code']}" for topic in topics], 400),
            )
        )  # fmt: skip
    Spoken.objects.bulk_create(one.sentences)


def _speaker(one: Proposing, officials: Officials, name: str) -> Speaker:
    """Return whom a speaker's name stands for: somebody who took part, another person, a body, or nobody alone."""
    if name not in one.speakers:
        party, _ = one.parties.find(name) if name not in ("narrator", "both") else (None, "")
        official = officials.find(name) if is_person(name) else None
        one.speakers[name] = Speaker(official, party=party, party_name=party.name if party else "")
    return one.speakers[name]


def _propose_statement(one: Proposing, claim: Claim) -> str:
    """Write one proposed statement; return its ref."""
    words = one.text[claim.start : claim.end]
    around = next((row for row in one.sentences if row.start <= claim.start < row.end), None)
    said_on = (one.meeting.date if one.meeting else None) or read_day(one.document.published)
    giver, open_giver = one.parties.find(claim.giver)
    found = [one.parties.find(name) for name in claim.receiver]
    who = one.speakers.get(claim.speaker, NOBODY)
    _, open_party = one.parties.find(who.party_name) if who.party is None else (None, "")
    row = Statement(
        ref=one.doing.ref("ST"), evidence=one.evidence, start=claim.start, end=claim.end, words=words,
        speaker=_short(claim.speaker), official=who.official, office=_short(who.office), party=who.party,
        party_name=_short(who.party_name), meeting=one.meeting, said_on=said_on, kind=claim.kind,
        firmness=guess_firmness(claim, words, around.words if around else ""), giver=giver,
        giver_name=_short(giver.name if giver else claim.giver or ""),
        receiver_names=[party.name if party else name for name, (party, _) in zip(claim.receiver, found, strict=True)],
        resource=find_resource(claim.resource, claim.unit or ""), resource_words=_short(claim.resource),
        quantity=read_amount(claim.quantity), unit=(claim.unit or "")[:80], place=_short(claim.place or ""),
        when_words=_short(claim.when or ""), deadline=guess_deadline(claim),
        topic_marks=around.topic_marks if around else "", confidence=min(max(claim.confidence, 0.0), 1.0),
        health=tell_health(claim, said_on, [open_giver, *(why for _, why in found), open_party]),
        reasons=[claim.reason] if claim.reason else [], made_at=one.doing.at,
    )  # fmt: skip
    row.save(force_insert=True)
    row.receivers.set([party for party, _ in found if party is not None])
    return row.ref


def read_day(text: str | None) -> date | None:
    """Return a day from what the reader says, None where it says none or one that no calendar has."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def marks(words: list[str] | tuple[str, ...], most: int) -> str:
    """Return words as they are found by: `;thank;inform;`; as many as there is room for.

    Examples
    --------
    >>> marks(["thank", "inform"], 200), marks([], 200), marks(["thank", "inform"], 8)
    (';thank;inform;', '', ';thank;')
    """
    text = ""
    for word in dict.fromkeys(words):
        longer = f"{text or ';'}{word};"
        if len(longer) > most:
            break
        text = longer
    return text


def _short(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:299]}…"
