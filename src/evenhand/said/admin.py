"""Documents as read, officials, meetings, statements, threads, merges and replies, to read."""

from __future__ import annotations

from evenhand.access.read_only import show_table
from evenhand.said.models import Meeting, Merge, Official, Reading, Reply, Statement, Thread

show_table(
    Reading, "evidence_id", "publisher", "published", "language", "reader", "made_at", search=("evidence__ref",),
    hidden=("text", "result"),
)  # fmt: skip
show_table(Official, "ref", "name", "merged_into_id", "made_at", search=("ref", "name"))
show_table(Meeting, "ref", "title", "date", "place", "kind", "state", search=("ref", "title"), by=("state", "kind"))
show_table(
    Statement, "ref", "speaker", "kind", "said_on", "state", "evidence_id", "made_at",
    search=("ref", "speaker", "words"), by=("state", "kind", "firmness"),
)  # fmt: skip
show_table(Thread, "ref", "title", "made_at", search=("ref", "title"))
show_table(Merge, "action", "merged", "into", "made_at", "split_at", search=("merged", "into"), hidden=("moved",))
show_table(Reply, "ref", "statement_id", "party_id", "made_at", search=("ref", "statement__ref"))
