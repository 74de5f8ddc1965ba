"""Which lookups the commands on what was said ask, and which columns and pages people see of their answers.

Read by `evenhand.cli.looking` beside `evenhand.cli.readings`. Everything here is told as somebody's words, with speaker, day
and source; an amount that was not named is said to be unspecified.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evenhand.cli.pages import Page, make_listing
from evenhand.cli.readings import Column, Reading


def amount_of(row: Any) -> str:
    """Return how much a statement names."""
    return f"{row.quantity:,f} {row.unit}".strip() if row.quantity is not None else "unspecified"


def said_by(row: Any) -> str:
    """Return who said it, for whom."""
    return f"{row.speaker} ({row.party or row.party_name})" if row.party or row.party_name else row.speaker


def sides_of(row: Any) -> str:
    """Return who met whom."""
    sides = (
        ", ".join(f"{who.name} ({who.party or who.party_name})" for who in row.participants if who.side == side)
        for side in ("host", "guest")
    )
    return " – ".join(side for side in sides if side)


STATEMENTS = (
    Column("statement", "ref", "key"),
    Column("said on", "said_on", "key"),
    Column("by", said_by),
    Column("kind", "kind", "key"),
    Column("words", "words"),
    Column("amount", amount_of, "key"),
    Column("state", "state", "key"),
    Column("giver", lambda row: row.giver or row.giver_name, spare=True),
    Column("receivers", lambda row: ", ".join(row.receivers or row.receiver_names), spare=True),
    Column("firmness", "firmness", "key", spare=True),
    Column("document", "document", "key", spare=True),
)
THREADS = (
    Column("thread", "ref", "key"),
    Column("title", "title"),
    Column("statements", lambda row: len(row.statements), "amount"),
    Column("first", lambda row: row.statements[0].said_on, "key"),
    Column("last", lambda row: row.statements[-1].said_on, "key"),
)
MEETINGS = (
    Column("meeting", "ref", "key"),
    Column("day", "day", "key"),
    Column("who", sides_of),
    Column("kind", "kind", "key"),
    Column("place", "place"),
    Column("state", "state", "key"),
    Column("documents", lambda row: len(row.documents), "amount", spare=True),
)
MET = (
    Column("party", lambda row: row.party or row.party_name),
    Column("met", lambda row: row.other or row.other_name),
    Column("times", "meetings", "amount"),
    Column("first", "first", "key"),
    Column("last", "last", "key"),
)
OFFICIALS = (
    Column("official", "ref", "key"),
    Column("name", "name"),
    Column("office", lambda row: row.offices[-1].office if row.offices else ""),
    Column("for", lambda row: (row.offices[-1].party or row.offices[-1].party_name) if row.offices else ""),
    Column("meetings", "meetings", "amount"),
    Column("statements", "statements", "amount"),
    Column("spellings", lambda row: "; ".join(row.spellings), spare=True),
)
DOCUMENTS = (
    Column("document", "ref", "key"),
    Column("title", "title"),
    Column("published", "published", "key"),
    Column("by", "publisher"),
    Column("public", "public", "key"),
    Column("notes", lambda row: " ".join(row.notes), spare=True),
)
SENTENCES = (
    Column("speaker", "speaker"),
    Column("acts", lambda row: ", ".join(row.acts)),
    Column("words", "words"),
    Column("side", "side", "key", spare=True),
    Column("party", "party", "key", spare=True),
    Column("document", "document", "key", spare=True),
)
TO_REVIEW = (
    Column("kind", "kind", "key"),
    Column("ref", "ref", "key"),
    Column("what", "title"),
    Column("day", "day", "key"),
    Column("may be one with", lambda row: "; ".join(f"{one.ref} ({one.score:.2f})" for one in row.alike)),
    Column("document", "document", "key", spare=True),
)
ALIKE = (
    Column("ref", "ref", "key"),
    Column("what", "title"),
    Column("as", "way", "key"),
    Column("score", lambda row: f"{row.score:.2f}", "key"),
    Column("because", lambda row: "; ".join(row.reasons)),
)
MERGES = (
    Column("merged", "merged", "key"),
    Column("into", "into", "key"),
    Column("what", "title"),
    Column("because", "reason"),
    Column("taken apart", "split_at", "key"),
    Column("why", "split_reason"),
)
REPLIES = (Column("answer", "ref", "key"), Column("of", "party", "key"), Column("text", "text"))

SAID_READINGS: Mapping[str, Mapping[str, Reading]] = {
    "document": {
        "list": Reading("documents.list_documents", DOCUMENTS, ("document", "documents")),
        "show": Reading("documents.get_document"),
        "sentences": Reading("spoken.list_spoken", SENTENCES, ("sentence", "sentences")),
    },
    "statement": {
        "list": Reading("statements.list_statements", STATEMENTS, ("statement", "statements")),
        "show": Reading("statements.get_statement"),
        "review": Reading("reviewing.list_to_review", TO_REVIEW, ("thing to review", "things to review")),
        "alike": Reading("reviewing.list_alike", ALIKE, ("likeness", "likenesses")),
        "threads": Reading("statements.list_threads", THREADS, ("thread", "threads")),
        "merges": Reading("merges.list_merges", MERGES, ("merge", "merges")),
    },
    "meeting": {
        "list": Reading("meetings.list_meetings", MEETINGS, ("meeting", "meetings")),
        "show": Reading("meetings.get_meeting"),
        "met": Reading("meetings.list_met", MET, ("pair", "pairs")),
        "alike": Reading("reviewing.list_alike_meetings", ALIKE, ("likeness", "likenesses")),
    },
    "official": {
        "list": Reading("officials.list_officials", OFFICIALS, ("person in office", "people in office")),
        "show": Reading("officials.get_official"),
    },
}
"""Group of commands → its word → what it reads."""


def statement_page(row: Any) -> Page:
    """Return a statement's page: whose words, when, where, and what stands beside them."""
    facts = {
        "sentence": row.sentence if row.sentence != row.words else "",
        "office": row.office,
        "for": row.party or row.party_name,
        "kind": " ".join(filter(None, (row.firmness, row.kind))),
        "giver": row.giver or row.giver_name,
        "receivers": ", ".join(row.receivers or row.receiver_names),
        "what": row.resource_words,
        "amount": amount_of(row),
        "place": row.place,
        "when": row.when_words,
        "deadline": row.deadline,
        "document": f"{row.document} {row.document_title}",
        "source": row.source,
        "meeting": row.meeting,
        "thread": row.thread,
        "linked to": ", ".join(row.links),
        "second source": row.second_source,
        "state": row.state,
        "what is missing or doubtful": " ".join(row.health),
        "reader's reasons": " ".join(row.reasons),
        "decided because": row.decision,
        "replaced by": row.replaced_by,
        "replaces": ", ".join(one.ref for one in row.history),
    }
    listings = tuple(
        make_listing(name, title, columns, rows)
        for name, title, columns, rows in (
            ("mates", "The same claim, as it was said", STATEMENTS, row.mates if len(row.mates) > 1 else ()),
            ("reports", "Also reported by", STATEMENTS, row.reports),
            ("replies", "Answers", REPLIES, row.replies),
        )
        if rows
    )
    return Page(row.claim, facts, listings, closing=("A statement counts in no total.",))


def meeting_page(row: Any) -> Page:
    """Return a meeting's page: who, when, where, what each side said."""
    facts = {
        "day": row.day,
        "place": row.place,
        "kind": row.kind,
        "hosts": "; ".join(_person(who) for who in row.participants if who.side == "host"),
        "guests": "; ".join(_person(who) for who in row.participants if who.side == "guest"),
        "documents": "; ".join(f"{one.ref} {one.publisher or one.title}" for one in row.reports),
        "state": row.state,
        "reasons": " ".join(row.reasons),
    }
    spoken = [one for one in row.sentences if one.speaker != "narrator"]
    listings = tuple(
        make_listing(name, title, columns, rows)
        for name, title, columns, rows in (
            ("sentences", "What was said", SENTENCES, spoken),
            ("statements", "Statements about aid", STATEMENTS, row.statements),
        )
        if rows
    )
    return Page(f"{row.ref}: {row.title}", facts, listings)


def official_page(row: Any) -> Page:
    """Return the page of a person in office."""
    offices = "; ".join(f"{one.office} ({one.party or one.party_name})" for one in row.offices)
    facts = {"spellings": "; ".join(row.spellings), "offices": offices}
    listings = tuple(
        make_listing(name, title, columns, rows)
        for name, title, columns, rows in (
            ("met", "Meetings", MEETINGS, row.met),
            ("said", "Statements", STATEMENTS, row.said),
        )
        if rows
    )
    return Page(f"{row.ref}: {row.name}", facts, listings)


def document_page(row: Any) -> Page:
    """Return a document's page: where it is from, what was wrong with it, its sentences."""
    facts = {
        "publisher": row.publisher,
        "source": row.source,
        "published": row.published,
        "language": row.language,
        "public": row.public,
        "notes": " ".join(row.notes),
        "meetings": ", ".join(row.meetings),
        "statements": ", ".join(f"{one.statement} ({one.state})" for one in row.marks),
        "SHA-256 of the text": row.text_sha256,
    }
    listings = (make_listing("sentences", "Sentences", SENTENCES, row.sentences),) if row.sentences else ()
    return Page(f"{row.ref}: {row.title}", facts, listings)


def _person(who: Any) -> str:
    return ", ".join(filter(None, (who.name, who.office, who.party or who.party_name)))


SAID_PAGES: dict[str, Callable[[Any], Page]] = {
    "statement show": statement_page,
    "meeting show": meeting_page,
    "official show": official_page,
    "document show": document_page,
}
