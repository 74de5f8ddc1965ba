"""Rounds, proposals, objections, recusals and votes, to read."""

from __future__ import annotations

from evenhand.access.read_only import show_table
from evenhand.rounds.models import Objection, Proposal, Recusal, Round, Vote

show_table(
    Round, "ref", "title", "group_id", "resource_id", "rule", "state", "made_at", search=("ref", "title"), by=("state",)
)
show_table(
    Proposal, "round_id", "number", "override", "by", "made_at", search=("round__ref",), by=("override",),
    hidden=("folder", "lines", "explanations"),
)  # fmt: skip
show_table(Objection, "ref", "round_id", "party_id", "made_at", "answered_at", search=("ref", "round__ref"))
show_table(Recusal, "round_id", "party_id", "by", "made_at", search=("round__ref",))
show_table(Vote, "round_id", "party", "approves", "by", "made_at", search=("round__ref",), by=("approves",))
