"""Actions on statements: accept, reject, enter by hand, correct, merge. A person decides what a machine proposed.

A correction is a new row that replaces the old one, which stays. A statement counts in no total, whatever its state.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from evenhand.access.rights import shared_list
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.said.as_typed import Typed, fill, read_span
from evenhand.actions.said.finding import STANDING, expect, get_statement, needs_reason, own_statement
from evenhand.actions.said.merges import DECIDED, brought, decided_before, give_links, keep_merge, new_to
from evenhand.errors import ActionRefused
from evenhand.lookups.choosing import refuse_unknown
from evenhand.said.models import Reading, Statement, StatementLink

Ref = Annotated[str, "the statement's ref, ST-..."]
Kind = Annotated[str, "given, promised or needed"]
Words = Annotated[str, "the words, exactly as they stand in the document's text"]
At = Annotated[int, "where the words begin, in characters of the text, where they stand there more than once"]
Speaker = Annotated[str, "who said it: the name as the text has it"]
Official = Annotated[str, "the ref of the person in office who said it, HO-..."]
Office = Annotated[str, "the speaker's office"]
PartyName = Annotated[str, "for whom the speaker speaks: the key of a party, or a name"]
Giver = Annotated[str, "who gives: the key of a party, or a name"]
Receivers = Annotated[str, "who receives: keys of parties or names, separated by ';'"]
Resource = Annotated[str, "the key of the resource, such as vaccine-measles, where one fits"]
ResourceWords = Annotated[str, "what is given or needed, in the speaker's words"]
Quantity = Annotated[str, "how much, as a plain number; nothing where the speaker named no amount"]
Unit = Annotated[str, "what is counted: a word in the singular, or a currency's code"]
Place = Annotated[str, "where it goes, in the speaker's words"]
When = Annotated[str, "when, in the speaker's words"]
Deadline = Annotated[date | None, "the last day by which it should be there"]
Firmness = Annotated[str, "of a promise: intent, pledge or agreement"]
SaidOn = Annotated[date | None, "the day it was said"]
Meeting = Annotated[str, "the ref of the meeting at which it was said, MT-..."]
Translation = Annotated[str, "the words in English, where the document is in another language"]
SecondSource = Annotated[str, "the ref of another document that says the same, EV-..."]


@action("statement enter")
def enter_statement(
    doing: Doing,
    *,
    document: Annotated[str, "the ref of the document that was read, EV-..."],
    words: Words,
    kind: Kind,
    speaker: Speaker,
    resource_words: ResourceWords,
    at: At = -1,
    official: Official = "",
    office: Office = "",
    party: PartyName = "",
    giver: Giver = "",
    receivers: Receivers = "",
    resource: Resource = "",
    quantity: Quantity = "",
    unit: Unit = "",
    place: Place = "",
    when: When = "",
    deadline: Deadline = None,
    firmness: Firmness = "",
    said_on: SaidOn = None,
    meeting: Meeting = "",
    translation: Translation = "",
    second_source: SecondSource = "",
) -> Done:
    """Enter a statement that the reader missed, pointing at its exact words; it is accepted by being entered."""
    doing.require(shared_list(doing.viewer))
    reading = Reading.objects.filter(pk=document).first()
    if reading is None:
        raise refuse_unknown("document", document)
    start, end = read_span(reading.text, words, at)
    row = Statement(
        ref=doing.ref("ST"), evidence_id=reading.pk, start=start, end=end, words=reading.text[start:end],
        said_on=reading.published, confidence=1.0, made_at=doing.at,
    )  # fmt: skip
    receiving = fill(
        row, doing,
        Typed(
            speaker=speaker, kind=kind, resource_words=resource_words, official=official, office=office, party=party,
            giver=giver, receivers=receivers, resource=resource, quantity=quantity, unit=unit, place=place, when=when,
            deadline=deadline, firmness=firmness, said_on=said_on, meeting=meeting, translation=translation,
            second_source=second_source,
        ),
        unset=(),
    )  # fmt: skip
    _decide(doing, row, "accepted")
    row.save(force_insert=True)
    row.receivers.set(receiving or [])
    return doing.done(row.ref, document=reading.pk, start=start, end=end)


@action("statement accept")
def accept_statement(doing: Doing, *, statement: Ref) -> Done:
    """Accept a statement as it was read: from now on everybody sees it, with its words and source. It counts in no total."""
    row = own_statement(doing, statement, "proposed", "rejected")
    _decide(doing, row, "accepted")
    row.save(update_fields=["state", "decided_by", "decided_at", "decision", "accepted_at"])
    return doing.done(row.ref, document=row.evidence_id)


@action("statement reject")
def reject_statement(doing: Doing, *, statement: Ref) -> Done:
    """Reject what was read wrongly; it stays on record with the reason, and can be accepted later."""
    row = own_statement(doing, statement, *STANDING)
    needs_reason(doing, "rejecting a statement")
    _decide(doing, row, "rejected")
    row.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    return doing.done(row.ref, document=row.evidence_id)


@action("statement correct")
def correct_statement(
    doing: Doing,
    *,
    statement: Ref,
    words: Words = "",
    at: At = -1,
    kind: Kind = "",
    speaker: Speaker = "",
    official: Official = "",
    office: Office = "",
    party: PartyName = "",
    giver: Giver = "",
    receivers: Receivers = "",
    resource: Resource = "",
    resource_words: ResourceWords = "",
    quantity: Quantity = "",
    unit: Unit = "",
    place: Place = "",
    when: When = "",
    deadline: Deadline = None,
    firmness: Firmness = "",
    said_on: SaidOn = None,
    meeting: Meeting = "",
    translation: Translation = "",
    second_source: SecondSource = "",
    unset: Annotated[str, "fields that should be empty, separated by ';', such as quantity;giver"] = "",
) -> Done:
    """Correct a statement: a new one with what is different replaces it and is accepted; the old one stays to be seen."""
    old = own_statement(doing, statement, *STANDING)
    typed = Typed(
        speaker=speaker, kind=kind, resource_words=resource_words, official=official, office=office, party=party,
        giver=giver, receivers=receivers, resource=resource, quantity=quantity, unit=unit, place=place, when=when,
        deadline=deadline, firmness=firmness, said_on=said_on, meeting=meeting, translation=translation,
        second_source=second_source,
    )  # fmt: skip
    emptied = tuple(part for part in (part.strip() for part in unset.split(";")) if part)
    if not (words or emptied or typed.any()):
        raise ActionRefused("nothing to correct was given; say what is different, or name fields to empty: unset")
    new = Statement.objects.get(pk=old.pk)
    new.ref, new.replaces, new.made_at = doing.ref("ST"), old, doing.at
    if words:
        text = Reading.objects.get(pk=old.evidence_id).text
        new.start, new.end = read_span(text, words, at)
        new.words = text[new.start : new.end]
    receiving = fill(new, doing, typed, unset=emptied)
    _decide(doing, new, "accepted")
    if old.accepted_at is not None:
        new.accepted_at = old.accepted_at
    new.confidence = 1.0
    new.save(force_insert=True)
    new.receivers.set(old.receivers.all() if receiving is None else receiving)
    StatementLink.objects.bulk_create(
        StatementLink(statement=new, about=about) for about in old.links.values_list("about", flat=True)
    )
    old.state = "replaced"
    old.save(update_fields=["state"])
    Statement.objects.filter(merged_into=old).update(merged_into=new)
    return doing.done(new.ref, replaces=old.ref, document=old.evidence_id)


@action("statement merge")
def merge_statement(
    doing: Doing, *, statement: Ref, into: Annotated[str, "the ref of the statement that stays, ST-..."]
) -> Done:
    """Merge a duplicate into another statement: the same words of the same speaker, reported by another document."""
    row = own_statement(doing, statement, *STANDING)
    kept = get_statement(into)
    expect(kept, *STANDING)
    if kept.pk == row.pk:
        raise ActionRefused(f"{row.ref} cannot be merged into itself; name the statement that stays")
    before = decided_before(row)
    _decide(doing, row, "merged")
    row.merged_into = kept
    row.save(update_fields=[*DECIDED, "merged_into"])
    line = line_of(kept)
    sources = {kept.second_source_id, kept.evidence_id} - brought(line, "second_source")
    if kept.second_source_id is None and kept.evidence_id != row.evidence_id:
        kept.second_source_id = row.evidence_id
        kept.save(update_fields=["second_source"])
    reports = list(Statement.objects.filter(merged_into=row).order_by("ref").values_list("ref", flat=True))
    had, has = (list(one.links.order_by("about").values_list("about", flat=True)) for one in (kept, row))
    moved = {
        "before": before, "links": new_to(has, had, brought(line, "links")), "reports": reports,
        "second_source": "" if row.evidence_id in sources else row.evidence_id,
    }  # fmt: skip
    give_links(row, kept)
    keep_merge(doing, row.ref, kept.ref, moved)
    Statement.objects.filter(pk__in=reports).update(merged_into=kept)
    return doing.done(row.ref, into=kept.ref)


def line_of(row: Statement) -> list[str]:
    """Return the refs of a statement and of what it replaced."""
    line = [row.ref]
    while row.replaces is not None:
        row = row.replaces
        line.append(row.ref)
    return line


def _decide(doing: Doing, row: Statement, state: str) -> None:
    """Write who decided, when and why."""
    row.state, row.decided_by, row.decided_at, row.decision = state, doing.viewer.public_id, doing.at, doing.reason
    if state == "accepted" and row.accepted_at is None:
        row.accepted_at = doing.at
