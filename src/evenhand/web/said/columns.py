"""The columns of what was said, as the lists hand it out: what a statement holds, and where it comes from."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

from evenhand.web.frame.records import address_of
from evenhand.web.frame.tables import Column

STATEMENTS: Final = (
    Column("ref", gettext_lazy("Statement"), "code", link=lambda row: address_of(row.ref)),
    Column("said_on", gettext_lazy("Said"), "day", order="said_on"),
    Column("speaker", gettext_lazy("Who said it"), order="speaker"),
    Column("official", gettext_lazy("Person in office"), "code", shown=False),
    Column("office", gettext_lazy("Office"), shown=False),
    Column("party", gettext_lazy("For whom"), "named", of="party", shown=False),
    Column("party_name", gettext_lazy("For whom, as written"), shown=False),
    Column("words", gettext_lazy("Words")),
    Column("translation", gettext_lazy("Words in English"), shown=False),
    Column("kind", gettext_lazy("Kind"), "state", of="kind of claim", order="kind"),
    Column("firmness", gettext_lazy("How firm"), "state", of="how firm the words are"),
    Column("giver", gettext_lazy("Giver"), "named", of="party"),
    Column("giver_name", gettext_lazy("Giver, as written"), shown=False),
    Column("receivers", gettext_lazy("Receivers"), value=lambda row: "; ".join(row.receivers)),
    Column("receiver_names", gettext_lazy("Receivers, as written"), value=lambda row: "; ".join(row.receiver_names), shown=False),
    Column("resource", gettext_lazy("Resource"), "named", of="resource", shown=False),
    Column("resource_words", gettext_lazy("What, as written")),
    Column("quantity", gettext_lazy("How much"), "amount", gettext_lazy("empty: the speaker named no amount")),
    Column("unit", gettext_lazy("Unit")),
    Column("place", gettext_lazy("Where")),
    Column("when_words", gettext_lazy("When, as written"), shown=False),
    Column("deadline", gettext_lazy("By when"), "day"),
    Column("meeting", gettext_lazy("Meeting"), "code", shown=False),
    Column("document", gettext_lazy("Document"), "code"),
    Column("publisher", gettext_lazy("Published by")),
    Column("source", gettext_lazy("Source")),
    Column("published", gettext_lazy("Published"), "day"),
    Column("start", gettext_lazy("First letter"), "number", gettext_lazy("where the words begin in the text of the document"), shown=False),
    Column("end", gettext_lazy("Last letter"), "number", gettext_lazy("where the words end in the text of the document"), shown=False),
    Column("topics", gettext_lazy("Topics"), value=lambda row: "; ".join(f"{one.scheme}:{one.code}" for one in row.topics), shown=False),
    Column("thread", gettext_lazy("Thread"), "code", shown=False),
    Column("links", gettext_lazy("Linked to"), value=lambda row: "; ".join(row.links), shown=False),
    Column("second_source", gettext_lazy("Second source"), "code", shown=False),
    Column("confidence", gettext_lazy("How sure the reader is"), "share", gettext_lazy("as a share of one"), shown=False),
    Column("health", gettext_lazy("What is missing or doubtful"), value=lambda row: " ".join(row.health), shown=False),
    Column("state", gettext_lazy("State"), "state", of="state of a statement", shown=False),
    Column("made_at", gettext_lazy("Recorded"), "moment", order="made_at", shown=False),
)  # fmt: skip

MEETINGS: Final = (
    Column("ref", gettext_lazy("Meeting"), "code", shown=False),
    Column("day", gettext_lazy("Date"), "day", order="date"),
    Column("title", gettext_lazy("Title"), order="title", link=lambda row: address_of(row.ref)),
    Column("kind", gettext_lazy("Kind"), "state", of="kind of meeting"),
    Column("place", gettext_lazy("Place")),
    Column("hosts", gettext_lazy("Host’s side"), value=lambda row: "; ".join(_people(row, "host"))),
    Column("guests", gettext_lazy("Guest’s side"), value=lambda row: "; ".join(_people(row, "guest"))),
    Column("documents", gettext_lazy("Documents"), value=lambda row: "; ".join(row.documents), shown=False),
    Column("state", gettext_lazy("State"), "state", of="state of a meeting", shown=False),
    Column("made_at", gettext_lazy("Recorded"), "moment", order="made_at", shown=False),
)  # fmt: skip


def _people(row: object, side: str) -> list[str]:
    """Return who stood on one side of a meeting, each with office and party."""
    people = getattr(row, "participants", ())
    return [
        ", ".join(part for part in (one.name, one.office, one.party_name or one.party) if part)
        for one in people
        if one.side == side
    ]
