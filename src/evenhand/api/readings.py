"""What can be read, and where: one row for each lookup, from which its operation, its parameters and its schema are made.

Read by `addresses`. A lookup that is not here must be named in `NOT_READ` with the reason; a test sees to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Reading:
    """Declare one address: the lookup that it asks.

    Attributes
    ----------
    path
        Below /api/v1; what stands in braces is the lookup's parameter of that name.
    lookup
        Module and function of `evenhand.lookups`.
    subject
        What it is about; operations are sorted by it.
    renamed
        Parameter of the lookup → what it is called in the address.
    steady
        It changes with the version, the day and who asks alone.
    from_figures
        It is read from the figures that are kept, which may be some seconds old.
    """

    path: str
    lookup: str
    subject: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    steady: bool = True
    from_figures: bool = False

    @property
    def function(self) -> Callable[..., Any]:
        """Return the lookup itself."""
        module, _, name = self.lookup.partition(".")
        found: Callable[..., Any] = getattr(import_module(f"evenhand.lookups.{module}"), name)
        return found


READINGS: tuple[Reading, ...] = (
    Reading("needs", "needs.list_needs", "needs"),
    Reading("needs/{ref}", "needs.get_need", "needs"),
    Reading("needs-tended", "tending.list_tended", "needs"),
    Reading("needs-to-check", "tending.list_to_check", "needs"),
    Reading("needs-lapsing", "lapsing.list_lapsing", "needs"),
    Reading("gaps", "gaps.list_gaps", "needs", from_figures=True),
    Reading("offers", "offers.list_offers", "offers"),
    Reading("offers/{ref}", "offers.get_offer", "offers"),
    Reading("offers/{offer}/path", "stock.trace_offer", "offers"),
    Reading("promises", "promises.list_promises", "offers", from_figures=True),
    Reading("promises-overdue", "overdue.list_overdue", "offers"),
    Reading("flows", "flows.list_flows", "offers", from_figures=True),
    Reading("parties", "parties.list_parties", "parties"),
    Reading("parties/{key}", "parties.get_party", "parties"),
    Reading("parties/{key}/standing", "parties.get_standing", "parties"),
    Reading("groups", "groups.list_groups", "groups"),
    Reading("groups/{key}", "groups.get_group", "groups"),
    Reading("groups/{key}/members", "groups.list_members", "groups"),
    Reading("members", "members.list_members_met", "groups", from_figures=True),
    Reading("places", "places.list_places", "places"),
    Reading("places/{key}", "places.get_place", "places"),
    Reading("resources", "resources.list_resources", "resources"),
    Reading("resources/{key}", "resources.get_resource", "resources"),
    Reading("programmes", "programmes.list_programmes", "programmes"),
    Reading("programmes/{ref}", "programmes.get_programme", "programmes"),
    Reading("rounds", "rounds.list_rounds", "rounds"),
    Reading("rounds/{ref}", "rounds.get_round", "rounds"),
    Reading("objections/{ref}", "rounds.get_objection", "rounds"),
    Reading("consignments", "consignments.list_consignments", "consignments"),
    Reading("consignments/{ref}", "consignments.get_consignment", "consignments"),
    Reading("evidence", "evidence.list_evidence", "evidence"),
    Reading("evidence/{ref}", "evidence.get_evidence", "evidence"),
    Reading("statements", "statements.list_statements", "what was said"),
    Reading("statements/{ref}", "statements.get_statement", "what was said"),
    Reading("statements/{statement}/alike", "reviewing.list_alike", "what was said"),
    Reading("statement-threads", "statements.list_threads", "what was said"),
    Reading("statement-threads/{ref}", "statements.get_thread", "what was said"),
    Reading("meetings", "meetings.list_meetings", "what was said"),
    Reading("meetings/{ref}", "meetings.get_meeting", "what was said"),
    Reading("meetings/{meeting}/alike", "reviewing.list_alike_meetings", "what was said"),
    Reading("who-met-whom", "meetings.list_met", "what was said"),
    Reading("officials", "officials.list_officials", "what was said"),
    Reading("officials/{ref}", "officials.get_official", "what was said"),
    Reading("merges", "merges.list_merges", "what was said"),
    Reading("documents", "documents.list_documents", "what was said"),
    Reading("documents/{ref}", "documents.get_document", "what was said"),
    Reading("sentences", "spoken.list_spoken", "what was said"),
    Reading("statements-followed", "followed.list_followed", "what was said"),
    Reading("words-kept", "kept_words.list_kept_words", "what was said"),
    Reading("office-suggestions", "office_suggestions.list_office_suggestions", "what was said"),
    Reading("statements-to-review", "reviewing.list_to_review", "what was said"),
    Reading("book/entries", "stock.list_entries", "book"),
    Reading("book/entries/{seq}/proof", "proofs.prove_inclusion", "book"),
    Reading("book/entries/number/{seq}", "stock.get_numbered_entry", "book"),
    Reading("book/entries/{entry}", "stock.get_entry", "book"),
    Reading("book/balances", "stock.list_balances", "book"),
    Reading("book/expiring", "lapsing.list_expiring", "book"),
    Reading("book/checkpoints", "checkpoints.list_checkpoints", "book"),
    Reading("book/checkpoints/{size}", "checkpoints.get_checkpoint", "book"),
    Reading("book/consistency", "checkpoints.prove_consistency", "book", renamed={"old": "from", "new": "to"}),
    Reading("figures", "figures.list_figures", "figures", from_figures=True),
    Reading("figures/headline", "figures.read_headline", "figures", from_figures=True),
    Reading("figures/worst-served", "figures.list_worst_served", "figures", from_figures=True),
    Reading("figures/waiting", "figures.list_waiting", "figures", from_figures=True),
    Reading("figures/money", "money.list_money", "figures", from_figures=True),
    Reading("figures/values", "money.list_values", "figures", from_figures=True),
    Reading("changes", "changes.list_changes", "what is new"),
    Reading("search", "search.search_everything", "what is new", renamed={"text": "q"}),
    Reading("translations", "names.list_translations", "what is new"),
    Reading("queue", "queue.list_queue", "who acts"),
    Reading("desk/awaited", "awaited.list_awaited", "who acts"),
    Reading("desk/coming", "awaited.list_coming", "who acts"),
    Reading("desk/held", "holding.list_held", "who acts"),
    Reading("desk/unsent", "sending.list_unsent", "who acts"),
    Reading("actions", "actions.list_actions", "who acts"),
    Reading("actions/{id}", "actions.get_action", "who acts"),
    Reading("users", "users.list_users", "who acts", steady=False),
    Reading("users/{name}", "users.get_user", "who acts", steady=False),
    Reading("keys", "keys.list_keys", "who acts", steady=False),
    Reading("keys/{ref}", "keys.get_key", "who acts", steady=False),
)

NOT_READ: Mapping[str, str] = {
    "announced.list_announced": "what a feed tells; statements with order=-made_at tells them too",
    "announced.list_announced_meetings": "what a feed tells; meetings with order=-made_at tells them too",
    "said_of.count_said": "two numbers of a party's page; statements and meetings with `party` tell them",
    "checkpoints.read_standing": "for who keeps the installation, at the shell",
    "evidence.read_file": "bytes: evidence/{ref}/file",
    "rounds.read_table": "bytes: rounds/{ref}/tables/{name}",
    "rounds.read_plan": "bytes: rounds/{ref}/plan.zip",
    "proofs.read_lines": "bytes: book/lines",
    "proofs.list_verifiers": "text: book/keys",
    "proofs.list_steps": "what a page shows of a proof",
    "papers.read_paper": "what is printed, out of consignments/{ref}",
    "allowed.list_allowed": "which buttons a page shows; the API tells `me`",
    "names.read_names": "what a page calls things; the API tells `translations`",
    "open_data.list_public_tables": "stands in bulk.zip",
    "open_data.read_public_table": "stands in bulk.zip",
    "open_data.read_about": "stands in bulk.zip",
    "round_stories.get_story": "what a page tells, out of rounds/{ref} and its files",
    "round_inputs.read_sizes": "what a page tells, out of rounds/{ref}",
    "round_inputs.read_chosen": "what a page tells, out of rounds/{ref}",
    "round_inputs.get_frozen": "bytes: rounds/{ref}/tables/{name}",
    "party_stories.get_party_story": "what a page tells, out of parties/{key}, needs, offers and consignments",
    "programme_stories.read_programme_story": "what a page tells, out of programmes/{ref} and its offers",
    "gifts.read_gift": "what a page tells, out of offers/{ref} and offers/{offer}/path",
    "gifts.read_evidence_on": "what a page tells, out of evidence?about=",
    "gifts.read_words": "what a page tells, out of evidence?about=",
    "gifts.read_standing": "which buttons a page shows; the API tells `me`",
    "gifts.read_earmark": "what a page calls things, out of offers/{ref}",
    "gifts.read_group_keys": "what a form offers to choose from, out of groups",
    "gifts.read_whole_units": "what a page divides money by, out of resources",
    "desks.list_shares": "what a desk shows first, out of rounds/{ref}",
    "desks.list_underway": "what a desk shows first, out of consignments?state=sent",
    "desks.list_travelling": "what a desk shows first, out of consignments?state=sent",
    "desks.list_objectable": "what a desk shows first, out of rounds",
    "desks.list_rounds_to_work": "what a desk shows first, out of rounds",
    "desks.list_rounds_to_decide": "what a desk shows first, out of rounds",
    "desks.list_complaints": "what a desk shows first, out of queue",
    "desks.list_gifts": "what a desk shows first, out of offers?party=",
    "desks.list_with_second_step": "what the page of users shows, out of users",
    "round_stories.read_frozen": "bytes: rounds/{ref}/tables/{name}",
    "version.read_version": "stands in every answer",
    "snapshot.read_book": "what figures are made of",
    "exported_tables.read_rows": "what an export is made of",
    "exporting.list_names": "drop-down lists of a template",
}
"""Lookups that have no row above, and why."""
