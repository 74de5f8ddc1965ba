"""Accounts, entries, checkpoints, consignments, to read."""

from __future__ import annotations

from evenhand.access.read_only import show_table
from evenhand.stockbook.models import Account, Checkpoint, Consignment, ConsignmentLine, Entry

show_table(Account, "key", "stage", "holder", "resource_id", "balance", search=("key", "holder"), by=("stage",))
show_table(
    Entry, "seq", "entry", "verb", "source_id", "target_id", "quantity", "resource_id", "recorded",
    search=("=entry", "=action", "=concerns"), hidden=("leaf",),
)  # fmt: skip
show_table(Checkpoint, "size", "why", "made_at", hidden=("root", "peaks"))
show_table(
    Consignment, "ref", "kind", "origin_id", "destination_id", "waybill", "due_on", "cancelled",
    search=("ref", "waybill", "code"), by=("kind", "cancelled"),
)  # fmt: skip
show_table(
    ConsignmentLine, "consignment_id", "number", "offer_id", "quantity", search=("consignment__ref", "offer__ref")
)
