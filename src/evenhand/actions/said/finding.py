"""Finding what an action on the register names, and refusing what its state does not allow.

Used by the actions of this folder. Must never suggest a ref: that something is proposed is for reviewers to know.
"""

from __future__ import annotations

from evenhand.access.rights import shared_list
from evenhand.actions.action import Doing
from evenhand.actions.finding import get_row
from evenhand.errors import ActionRefused
from evenhand.said.models import Meeting, Official, Statement, Thread

STANDING = ("proposed", "accepted")
"""The states in which a statement can still be changed, merged, linked."""

MEETING_STANDS = ("proposed", "confirmed")


def get_statement(ref: str) -> Statement:
    """Return a statement. Raises NameUnknown."""
    return get_row(Statement, "statement", ref)


def get_meeting(ref: str) -> Meeting:
    """Return a meeting. Raises NameUnknown."""
    return get_row(Meeting, "meeting", ref)


def get_official(ref: str) -> Official:
    """Return a person in office; of one that was merged into another, the other. Raises NameUnknown."""
    row = get_row(Official, "official", ref)
    return row.merged_into or row


def get_thread(ref: str) -> Thread:
    """Return a thread. Raises NameUnknown."""
    return get_row(Thread, "thread", ref)


def own_statement(doing: Doing, ref: str, *states: str) -> Statement:
    """Return a statement that who acts may review, in one of the states. Raises ActionRefused for another state."""
    doing.require(shared_list(doing.viewer))
    row = get_statement(ref)
    expect(row, *states)
    return row


def own_meeting(doing: Doing, ref: str, *states: str) -> Meeting:
    """Return a meeting that who acts may review, in one of the states. Raises ActionRefused for another state."""
    doing.require(shared_list(doing.viewer))
    row = get_meeting(ref)
    expect(row, *states)
    return row


def expect(row: Statement | Meeting, *states: str) -> None:
    """Refuse what is in another state, saying where to go instead."""
    if row.state in states:
        return
    instead = ""
    if row.merged_into_id:
        instead = f"; it was merged into {row.merged_into_id}, so name that"
    elif isinstance(row, Statement) and row.state == "replaced":
        instead = f"; {row.replaced_by.ref} replaces it, so name that"
    raise ActionRefused(f"{row.ref} is {row.state}, and this takes one that is {' or '.join(states)}{instead}")


def needs_reason(doing: Doing, what: str) -> None:
    """Refuse an action that says nothing of why."""
    if not doing.reason.strip():
        raise ActionRefused(f"{what} needs a reason; say why, so that everybody can read it")
