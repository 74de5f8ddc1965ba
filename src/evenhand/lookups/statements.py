"""Statements: what somebody said about aid, word for word, and what is known of it. A statement counts in no total.

Everybody sees those that a person accepted, of documents that are public; proposed ones are seen by who reviews and by who
put the document in (`lookups.documents` says so). Never told in Evenhand's voice: `claim` names speaker, day and source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import (
    PartyChoice,
    ProgrammeChoice,
    ResourceChoice,
    expect,
    of_party,
    of_resource,
    one_of,
    refuse_unknown,
)
from evenhand.lookups.documents import Topic, seen_meetings, seen_statements, topics_of
from evenhand.lookups.evidence import seen_evidence
from evenhand.lookups.needs import seen as seen_need
from evenhand.lookups.paging import AfterChoice, By, MostChoice, OrderChoice, Orders, SearchChoice, page_of_rows
from evenhand.lookups.rounds import seen_rounds, tells_names
from evenhand.lookups.searching import search as matching
from evenhand.records.models import Need, Offer
from evenhand.rounds.models import Round
from evenhand.said import models as said

NEVER = date(1, 1, 1)
"""Stands in an order for a day that nobody knows: before all others."""

ORDERS = Orders(
    {
        "ref": By("ref"),
        "said_on": By("said_on", kind=date, empty=NEVER),
        "speaker": By("speaker"),
        "kind": By("kind"),
        "made_at": By("made_at", kind=datetime),
    },
    default="ref",
    key=By("ref"),
)
MOST_AT_ONCE = 20_000
"""Of so many statements it is asked at once what stands around them: a database takes so many parameters and no more."""

UNREAD = tuple(f"evidence__reading__{name}" for name in ("text", "result", "notes"))
"""The whole document: large, and not told with each of its statements."""
SEARCHED = (
    "ref", "words", "translation", "speaker", "office", "party_name", "giver_name", "resource_words", "place",
    "evidence__title",
)  # fmt: skip
TopicChoice = Annotated[str, "only about this topic, as scheme:code, such as dac:122 or sdg:3"]
SinceChoice = Annotated[date | None, "only from this day on"]
UntilChoice = Annotated[date | None, "only up to this day"]


@dataclass(frozen=True, slots=True)
class Statement:
    """Hold one statement as a viewer may see it.

    Attributes
    ----------
    words, start, end
        Exactly the characters `start` to `end` of the document's text.
    sentence
        The whole sentence in which the words stand; the words themselves where it is not known.
    document, document_title, publisher, source, published
        Where it stands: the ref of the evidence, and what is known of it.
    speaker, official, office, party, party_name
        Who said it: the name in the text, the ref of the person in office, and for whom that person speaks.
    quantity
        None where the speaker named none: "unspecified".
    receivers, receiver_names
        The keys of those that are known as parties, and every receiver's name as the text has it.
    second_source
        The ref of another document that says the same, "" where none is known or the viewer may not see it.
    links
        Refs of offers, needs, programmes and rounds, and ids of entries, where the viewer may see them.
    health
        What is missing or doubtful, in sentences.
    decided_by
        Who decided, by public id, for auditors; "" for everybody else.
    """

    ref: str
    words: str
    start: int
    end: int
    sentence: str
    document: str
    document_title: str
    publisher: str
    source: str
    published: date | None
    language: str
    public: bool
    speaker: str
    official: str
    office: str
    party: str
    party_name: str
    meeting: str
    meeting_title: str
    said_on: date | None
    kind: str
    firmness: str
    giver: str
    giver_name: str
    receivers: tuple[str, ...]
    receiver_names: tuple[str, ...]
    resource: str
    resource_words: str
    quantity: Decimal | None
    unit: str
    place: str
    when_words: str
    deadline: date | None
    translation: str
    topics: tuple[Topic, ...]
    second_source: str
    confidence: float
    health: tuple[str, ...]
    reasons: tuple[str, ...]
    state: str
    replaces: str
    merged_into: str
    thread: str
    links: tuple[str, ...]
    decision: str
    decided_by: str
    decided_at: datetime | None
    made_at: datetime

    orders: ClassVar[Orders] = ORDERS

    @property
    def claim(self) -> str:
        """Return it as a sentence about who said it, when and where, never as Evenhand's own."""
        where = self.publisher or self.source or self.document_title
        on = f", on {self.said_on}," if self.said_on else ""
        if self.speaker == "narrator":
            return f"{where} wrote{on.rstrip(',')}: “{self.words}”"
        who = "Both sides" if self.speaker == "both" else self.speaker
        return f"{who} said{on} in {where}: “{self.words}”"


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold what a party answers to a statement by it or about it."""

    ref: str
    statement: str
    party: str
    text: str
    by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class StatementInFull(Statement):
    """Hold a statement with what stands around it.

    Attributes
    ----------
    mates
        The statements of its thread, itself among them, in the order in which they were said.
    replies
        What parties answered, to it or to what it replaced.
    history
        What it replaced, newest first; what replaced it stands in `replaced_by`.
    reports
        Duplicates that were merged into it: the same words in other documents.
    """

    mates: tuple[Statement, ...]
    replies: tuple[Reply, ...]
    history: tuple[Statement, ...]
    replaced_by: str
    reports: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """Hold the same claim, repeated or growing: its statements in the order in which they were said."""

    ref: str
    title: str
    statements: tuple[Statement, ...]
    made_at: datetime

    orders: ClassVar[Orders] = Orders(
        {"ref": By("ref"), "title": By("title"), "made_at": By("made_at", kind=datetime)}, default="ref", key=By("ref")
    )


def list_statements(
    viewer: Viewer,
    *,
    party: Annotated[str, "only by, from or for this party or one below it"] = "",
    giver: Annotated[str, "only where this party, or one below it, is said to give"] = "",
    receiver: Annotated[str, "only where this party, or one below it, is said to receive"] = "",
    official: Annotated[str, "only by this person in office, HO-..."] = "",
    kind: Annotated[str, "given, promised or needed"] = "",
    firmness: Annotated[str, "intent, pledge or agreement"] = "",
    topic: TopicChoice = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    meeting: Annotated[str, "only said at this meeting, MT-..."] = "",
    document: Annotated[str, "only of this document, EV-..."] = "",
    thread: Annotated[str, "only of this thread, TH-..."] = "",
    about: Annotated[str, "only linked to this offer, need, programme, round or entry"] = "",
    place: Annotated[str, "only where the place named holds these words"] = "",
    since: SinceChoice = None,
    until: UntilChoice = None,
    state: Annotated[str, "proposed, accepted, rejected, merged or replaced; those that stand where not said"] = "",
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Statement]:
    """Return the statements, by ref or in the order asked for: those accepted, unless a state is asked for.

    Raises
    ------
    NameUnknown
        There is no such party, resource or programme.
    OptionRefused
        There is no such kind, firmness, state or order; the cursor is of another list.
    """
    chosen = _chosen(
        viewer, party, giver, receiver, official, kind, firmness, topic, resource, programme, meeting, document, thread,
        about, place, since, until, state, search,
    )  # fmt: skip
    return tell(viewer, page_of_rows(chosen, ORDERS, order, after, most))


def count_statements(
    viewer: Viewer,
    *,
    party: PartyChoice = "",
    giver: str = "",
    receiver: str = "",
    official: str = "",
    kind: str = "",
    firmness: str = "",
    topic: str = "",
    resource: str = "",
    programme: str = "",
    meeting: str = "",
    document: str = "",
    thread: str = "",
    about: str = "",
    place: str = "",
    since: date | None = None,
    until: date | None = None,
    state: str = "",
    search: str = "",
) -> int:
    """Return how many statements `list_statements` would list; refuses what that refuses."""
    return _chosen(
        viewer, party, giver, receiver, official, kind, firmness, topic, resource, programme, meeting, document, thread,
        about, place, since, until, state, search,
    ).count()  # fmt: skip


def _chosen(
    viewer: Viewer,
    party: str,
    giver: str,
    receiver: str,
    official: str,
    kind: str,
    firmness: str,
    topic: str,
    resource: str,
    programme: str,
    meeting: str,
    document: str,
    thread: str,
    about: str,
    place: str,
    since: date | None,
    until: date | None,
    state: str,
    search: str,
) -> QuerySet[said.Statement]:
    one_of("kind of statement", kind, said.Statement.KINDS)
    one_of("firmness of a statement", firmness, said.Statement.FIRMNESS)
    one_of("state of a statement", state, said.Statement.STATES)
    chosen = seen_statements(viewer).filter(of_party(giver, "giver"), of_resource(resource), state=state or "accepted")
    for key, fields in ((party, ("party", "giver")), (receiver, ())):
        if key:
            receiving = said.Statement.receivers.through.objects.filter(
                of_party(key, "party"), statement=OuterRef("pk")
            )
            chosen = chosen.filter((of_party(key, *fields) if fields else Q(pk__in=())) | Q(Exists(receiving)))
    plain = {
        "official": official, "kind": kind, "firmness": firmness, "meeting": meeting, "evidence": document,
        "thread": thread, "said_on__gte": since, "said_on__lte": until,
    }  # fmt: skip
    chosen = chosen.filter(**{name: value for name, value in plain.items() if value})
    if topic:
        chosen = chosen.filter(topic_marks__contains=f";{topic};")
    if about:
        chosen = chosen.filter(Exists(seen_links(viewer).filter(statement=OuterRef("pk"), about=about)))
    if programme:
        chosen = chosen.filter(Exists(_of_programme(viewer, programme).filter(statement=OuterRef("pk"))))
    return chosen.filter(matching(place, ("place",))).filter(
        matching(search, SEARCHED, parties=["party", "giver"], resources=["resource"])
    )


def get_statement(viewer: Viewer, ref: Annotated[str, "the statement's ref, ST-..."]) -> StatementInFull:
    """Return a statement with its thread, replies, links and history. Raises NameUnknown."""
    found = find_statement(viewer, ref)
    if found is None:
        raise refuse_unknown("statement", ref)
    return found


def find_statement(viewer: Viewer, ref: str) -> StatementInFull | None:
    """Return a statement with what stands around it, or None where there is none that the viewer may see."""
    line, thread, replies = _line_of(ref, tells_names(viewer))
    around = Q(pk__in=line) | Q(merged_into=ref) | Q(replaces=ref)
    if thread:
        around |= Q(thread=thread, state="accepted")
    told = {one.ref: one for one in tell(viewer, seen_statements(viewer).filter(around))} if line else {}
    own = told.get(ref)
    if own is None:
        return None
    return StatementInFull(
        **{name: getattr(own, name) for name in Statement.__slots__},
        mates=_by_day(
            one for one in told.values() if own.thread and one.thread == own.thread and one.state == "accepted"
        ),
        replies=replies,
        history=tuple(told[one] for one in line[1:] if one in told),
        replaced_by=next((one.ref for one in told.values() if one.replaces == ref), ""),
        reports=_by_day(one for one in told.values() if one.merged_into == ref),
    )


def list_threads(
    viewer: Viewer,
    *,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Thread]:
    """Return the threads of which a viewer may see a statement, by ref or in the order asked for."""
    standing = seen_statements(viewer).filter(state="accepted")
    chosen = said.Thread.objects.filter(Exists(standing.filter(thread=OuterRef("pk"))))
    rows = list(page_of_rows(chosen.filter(matching(search, ("ref", "title"))), Thread.orders, order, after, most))
    grouped: dict[str, list[Statement]] = {}
    for one in tell(viewer, standing.filter(thread__in=[row.ref for row in rows])):
        grouped.setdefault(one.thread, []).append(one)
    return [Thread(row.ref, row.title, _by_day(grouped.get(row.ref, ())), row.made_at) for row in rows]


def get_thread(viewer: Viewer, ref: Annotated[str, "the thread's ref, TH-..."]) -> Thread:
    """Return a thread with its statements. Raises NameUnknown."""
    found = find_thread(viewer, ref)
    if found is None:
        raise refuse_unknown("thread", ref)
    return found


def find_thread(viewer: Viewer, ref: str) -> Thread | None:
    """Return a thread with its statements, or None where there is none of which the viewer may see a statement."""
    statements = tell(viewer, seen_statements(viewer).filter(thread=ref, state="accepted"))
    row = said.Thread.objects.filter(pk=ref).first() if statements else None
    return None if row is None else Thread(row.ref, row.title, _by_day(statements), row.made_at)


def tell(viewer: Viewer, rows: QuerySet[said.Statement]) -> list[Statement]:
    """Return statements from rows that the viewer may see, in a fixed number of questions however many there are."""
    found: list[Any] = list(
        rows.select_related("evidence__reading").defer(*UNREAD)
        .annotate(sentence_words=_sentence("words"), sentence_topics=_sentence("topics"))
    )  # fmt: skip
    around = _around(viewer, found)
    links, receivers, titles = around["link"], around["receiver"], around["meeting"]
    names = tells_names(viewer)
    told: list[Statement] = []
    for row in found:
        reading = getattr(row.evidence, "reading", None)
        told.append(
            Statement(
                ref=row.ref, words=row.words, start=row.start, end=row.end,
                sentence=row.words if row.sentence_words is None else row.sentence_words,
                document=row.evidence_id, document_title=row.evidence.title,
                publisher=reading.publisher if reading else "", source=row.evidence.source,
                published=reading.published if reading else row.evidence.dated,
                language=reading.language if reading else row.evidence.language, public=row.evidence.public,
                speaker=row.speaker, official=row.official_id or "", office=row.office, party=row.party_id or "",
                party_name=row.party_name, meeting=(row.meeting_id or "") if row.meeting_id in titles else "",
                meeting_title="".join(titles.get(row.meeting_id, ())), said_on=row.said_on, kind=row.kind,
                firmness=row.firmness, giver=row.giver_id or "", giver_name=row.giver_name,
                receivers=tuple(receivers.get(row.ref, ())), receiver_names=tuple(row.receiver_names),
                resource=row.resource_id or "", resource_words=row.resource_words, quantity=_amount(row.quantity), unit=row.unit,
                place=row.place, when_words=row.when_words, deadline=row.deadline, translation=row.translation,
                topics=topics_of(row.sentence_topics or ()),
                second_source=(row.second_source_id or "") if row.second_source_id in around["second"] else "",
                confidence=row.confidence, health=tuple(row.health), reasons=tuple(row.reasons), state=row.state,
                replaces=(row.replaces_id or "") if row.replaces_id in around["seen"] else "",
                merged_into=(row.merged_into_id or "") if row.merged_into_id in around["seen"] else "",
                thread=row.thread_id or "", links=tuple(links.get(row.ref, ())), decision=row.decision,
                decided_by=row.decided_by if names else "", decided_at=row.decided_at, made_at=row.made_at,
            )
        )  # fmt: skip
    return told


def _sentence(column: str) -> Subquery:
    """Return a column of the sentence in which a statement begins, the last one where several do."""
    there = said.Spoken.objects.filter(
        evidence=OuterRef("evidence"), start__lte=OuterRef("start"), end__gt=OuterRef("start")
    )
    return Subquery(there.order_by("-number").values(column)[:1])


def _around(viewer: Viewer, found: Sequence[said.Statement]) -> dict[str, dict[str, list[str]]]:
    """Return what stands around statements, as far as the viewer may see it, in one question for as many as a page shows.

    That is: of each its links and its receivers, in their order; the titles of the meetings; which of the second sources, and
    which of the statements that were replaced or merged into, are seen.
    """
    around: dict[str, dict[str, list[str]]] = {one: {} for one in ("link", "receiver", "meeting", "second", "seen")}
    for first in range(0, len(found), MOST_AT_ONCE):
        for what, of, name in _ask_around(viewer, found[first : first + MOST_AT_ONCE]):
            around[what].setdefault(of, []).append(name)
    return around


def _ask_around(viewer: Viewer, found: Sequence[said.Statement]) -> QuerySet[Any]:
    """Return what stands around some statements as rows: what it is, of what, and which."""
    refs = [row.ref for row in found]
    seconds = {row.second_source_id for row in found if row.second_source_id}
    others = {one for row in found for one in (row.replaces_id, row.merged_into_id) if one}
    meetings = {row.meeting_id for row in found if row.meeting_id}
    asked: list[QuerySet[Any]] = [
        _part("link", seen_links(viewer).filter(statement__in=refs), "statement_id", "about"),
        _part("receiver", said.Statement.receivers.through.objects.filter(statement__in=refs), "statement_id", "party_id"),
    ]  # fmt: skip
    if meetings:
        asked.append(_part("meeting", seen_meetings(viewer).filter(pk__in=meetings), "ref", "title"))
    if seconds:
        asked.append(_part("second", seen_evidence(viewer).filter(pk__in=seconds), "ref", "ref"))
    if others:
        asked.append(_part("seen", seen_statements(viewer).filter(pk__in=others), "ref", "ref"))
    rows: QuerySet[Any] = asked[0].union(*asked[1:], all=True).order_by("what", "name")
    return rows


def _part(what: str, rows: QuerySet[Any], of: str, name: str) -> QuerySet[Any]:
    """Return two columns of some rows, with what they are, to be asked together with others."""
    told: Any = rows.annotate(what=Value(what), of=F(of), name=F(name))
    part: QuerySet[Any] = told.values_list("what", "of", "name")
    return part


def seen_links(viewer: Viewer) -> QuerySet[said.StatementLink]:
    """Return the links to what the viewer may see: all but those to hidden needs and rounds."""
    hidden: tuple[QuerySet[Any], ...] = (
        Need.objects.exclude(seen_need(viewer)),
        Round.objects.exclude(pk__in=seen_rounds(viewer).values("pk")),
    )
    links = said.StatementLink.objects.all()
    for rows in hidden:
        links = links.exclude(Exists(rows.filter(pk=OuterRef("about"))))
    return links


def _of_programme(viewer: Viewer, programme: str) -> QuerySet[said.StatementLink]:
    """Return the links to a programme, or to an offer, need or round of it. Raises NameUnknown."""
    expect("programme", programme)
    return seen_links(viewer).filter(
        Q(about=programme)
        | Q(about__in=Offer.objects.filter(programme=programme).values("pk"))
        | Q(about__in=Need.objects.filter(programme=programme).values("pk"))
        | Q(about__in=Round.objects.filter(programme=programme).values("pk"))
    )


def _line_of(ref: str, names: bool) -> tuple[list[str], str, tuple[Reply, ...]]:
    """Return the refs of a statement and of what it replaced, newest first, its thread, and the replies to any of them.

    One question however many there are; nothing where there is no such statement. It does not ask who may see them.
    """
    earlier = RawSQL(
        'WITH RECURSIVE earlier("ref", "before") AS ('
        "SELECT ref, replaces_id FROM said_statement WHERE ref = %s UNION "
        'SELECT s.ref, s.replaces_id FROM said_statement s JOIN earlier e ON s.ref = e."before") SELECT "ref" FROM earlier',
        [ref],
    )
    told = ("replies__ref", "replies__party", "replies__text", "replies__by", "replies__made_at")
    rows = said.Statement.objects.filter(pk__in=earlier).order_by("replies__made_at", "replies__ref")
    before: dict[str, tuple[str | None, str | None]] = {}
    replies: list[Reply] = []
    for one, replaced, thread, reply, party, text, by, made_at in rows.values_list("ref", "replaces", "thread", *told):
        before[one] = (replaced, thread)
        if reply:
            replies.append(Reply(reply, one, party, text, by if names else "", made_at))
    line, at = list[str](), ref
    while at in before:
        line.append(at)
        at = before[at][0] or ""
    return line, (before[ref][1] or "") if line else "", tuple(replies)


def _by_day(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(sorted(statements, key=lambda one: (one.said_on or one.published or NEVER, one.ref)))


def _amount(quantity: Decimal | None) -> Decimal | None:
    """Return an amount without needless noughts behind the point."""
    if quantity is None:
        return None
    return quantity.quantize(Decimal(1)) if quantity == quantity.to_integral_value() else quantity.normalize()
