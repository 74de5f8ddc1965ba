"""Actions that put statements beside one another and beside the records: thread, link, unlink.

A thread is the same claim, repeated or growing. A link says what a statement is about; it adds nothing to any total.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import get_need, get_offer, get_programme, get_round
from evenhand.actions.said.finding import STANDING, get_thread, own_statement
from evenhand.actions.typed import read_line, shown
from evenhand.errors import ActionRefused, NameUnknown
from evenhand.said.models import StatementLink, Thread
from evenhand.stockbook.models import Entry

MOST_LINKS = 200
Ref = Annotated[str, "the statement's ref, ST-..."]
About = Annotated[str, "the ref of an offer, need, programme or round, or the id of an entry"]
BY_PREFIX: dict[str, Callable[[str], Any]] = {
    "OF-": get_offer,
    "ND-": get_need,
    "PG-": get_programme,
    "RD-": get_round,
}


@action("statement thread")
def thread_statement(
    doing: Doing,
    *,
    statement: Ref,
    thread: Annotated[str, "the ref of the thread, TH-...; nothing takes it out of its thread"] = "",
    title: Annotated[str, "begins a new thread with this title: what the claim is, in a line"] = "",
) -> Done:
    """Put a statement into a thread, begin a new thread with it, or take it out of its thread."""
    row = own_statement(doing, statement, *STANDING)
    if thread and title:
        raise ActionRefused(
            "a thread and a title were given; name a thread that there is, or give a title for a new one"
        )
    if not thread and not title and row.thread is None:
        raise ActionRefused(f"{row.ref} is in no thread; name one, or give a title to begin one")
    before = row.thread_id or ""
    if title:
        line = read_line("title", title, most=300)
        row.thread = Thread.objects.create(ref=doing.ref("TH"), title=line, made_at=doing.at)
    else:
        row.thread = get_thread(thread) if thread else None
    row.save(update_fields=["thread"])
    return doing.done(row.ref, thread=row.thread_id or "", before=before)


@action("statement link")
def link_statement(doing: Doing, *, statement: Ref, about: About) -> Done:
    """Link a statement to the offer, need, programme, round or entry that it speaks of. It counts in no total by that."""
    row = own_statement(doing, statement, *STANDING)
    _expect_there(about)
    if row.links.filter(about=about).exists():
        raise ActionRefused(f"{row.ref} is linked to {about} already")
    if row.links.count() >= MOST_LINKS:
        raise ActionRefused(f"{row.ref} has {MOST_LINKS} links; unlink one first")
    StatementLink.objects.create(statement=row, about=about)
    return doing.done(row.ref, about_record=about)


@action("statement unlink")
def unlink_statement(doing: Doing, *, statement: Ref, about: About) -> Done:
    """Take back a link that was wrong; the audit line keeps that it was there."""
    row = own_statement(doing, statement, *STANDING)
    link = row.links.filter(about=about).first()
    if link is None:
        raise ActionRefused(f"{row.ref} is not linked to '{shown(about)}'")
    link.delete()
    return doing.done(row.ref, about_record=about)


def _expect_there(about: str) -> None:
    """Refuse what there is none of. Raises NameUnknown."""
    find = BY_PREFIX.get(about[:3])
    if find is not None:
        find(about)
    elif not about or not Entry.objects.filter(entry=about).exists():
        raise NameUnknown("offer, need, programme, round or entry", shown(about), [])
