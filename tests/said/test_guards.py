"""The database itself keeps words as they were said: nothing of them is changed or deleted, whoever writes."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from evenhand_cast import NOW, Cast
from evenhand_said import add_meeting, add_official, add_reading, add_sentences, add_statement, add_thread

from evenhand.said.models import Official, Reply, Statement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rows(cast: Cast) -> None:
    """One row of everything."""
    document, official = add_reading(), add_official("Elvin Mammadov")
    add_meeting(document, {official: "AZE"}, {add_official("A guest"): "TCD"})
    add_sentences(document, official, "AZE")
    statement = add_statement(document, receivers=("TCD",), thread_id=add_thread())
    Reply.objects.create(
        ref="RY-0000000001", statement_id=statement, party_id="TCD", text="400 came", by="u", made_at=NOW
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE said_statement SET words = 'other words'",
        "UPDATE said_statement SET quantity = 1000",
        "UPDATE said_statement SET giver_id = NULL",
        "UPDATE said_statement SET speaker = 'somebody else'",
        'UPDATE said_statement SET "end" = "end" + 1',
        "UPDATE said_reading SET text = 'another text'",
        "UPDATE said_spoken SET words = 'other words'",
        "UPDATE said_reply SET text = 'all came'",
        "DELETE FROM said_statement",
        "DELETE FROM said_reading",
        "DELETE FROM said_spoken",
        "DELETE FROM said_meeting",
        "DELETE FROM said_official",
        "DELETE FROM said_thread",
        "DELETE FROM said_reply",
    ],
)
def test_what_was_said_is_never_changed_or_deleted(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="a correction is a new row"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_what_was_decided_about_it_may_change() -> None:
    Statement.objects.update(state="rejected", decision="denied", thread=None, official=Official.objects.first())
    assert Statement.objects.get().decision == "denied"


@pytest.mark.parametrize("given", [{"start": 9, "end": 9}, {"quantity": -1}, {"confidence": 1.5}, {"state": "merged"}])
def test_what_can_be_no_statement_is_refused(given: dict[str, object]) -> None:
    row = Statement.objects.get()
    row.ref = "ST-OTHER"
    for name, value in given.items():
        setattr(row, name, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)
