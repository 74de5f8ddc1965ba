"""The action by which a party answers a statement that it made, or that speaks of it; in its own words, beside the statement."""

from __future__ import annotations

from typing import Annotated

from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import get_party
from evenhand.actions.said.finding import expect, get_statement
from evenhand.actions.typed import read_text
from evenhand.errors import ActionRefused
from evenhand.records.tree import target_of
from evenhand.said.models import Reply, Statement


@action("statement answer")
def answer_statement(
    doing: Doing,
    *,
    statement: Annotated[str, "the statement's ref, ST-..."],
    party: Annotated[str, "the key of the party that answers; the statement is by it or about it"],
    text: Annotated[str, "the answer, in its own words"],
) -> Done:
    """Answer a statement as a party that made it, gives or receives by it; the answer stands beside it for everybody."""
    answering = get_party(party)
    target = target_of(answering, doing.today)
    doing.require(target)
    row = get_statement(statement)
    expect(row, "accepted")
    if not concerned(row) & set(target.parties):
        raise ActionRefused(
            f"{row.ref} is neither by {answering.key} nor about it; a statement is answered by those whom it speaks of"
        )
    words = read_text("text", text)
    if not words:
        raise ActionRefused("an answer says something; give a sentence")
    reply = Reply(
        ref=doing.ref("RY"), statement=row, party=answering, text=words, by=doing.viewer.public_id, made_at=doing.at
    )
    reply.save(force_insert=True)
    return doing.done(reply.ref, statement=row.ref)


def concerned(row: Statement) -> set[str]:
    """Return the keys of the parties that a statement is by, from or for."""
    keys = {row.party_id, row.giver_id, *row.receivers.values_list("pk", flat=True)}
    return {key for key in keys if key}
