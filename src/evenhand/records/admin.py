"""Parties, groups, resources, needs, offers, evidence, to read."""

from __future__ import annotations

from evenhand.access.read_only import show_table
from evenhand.records.models import (
    Code,
    Evidence,
    Group,
    Membership,
    Need,
    Offer,
    Office,
    Party,
    Place,
    Programme,
    Resource,
)

show_table(Place, "key", "name", search=("key", "name"))
show_table(Party, "key", "name", "kind", "parent_id", "retired_on", search=("key", "name"), by=("kind",))
show_table(Group, "key", "name", "kind", "founded", search=("key", "name"))
show_table(Membership, "party_id", "group_id", "status", "since", "until", search=("party__key", "group__key"))
show_table(Office, "office", "group_id", "party_id", "since", "until", search=("party__key", "group__key"))
show_table(Resource, "key", "name", "kind", "base_unit", "family_id", search=("key", "name"), by=("kind",))
show_table(Code, "code", "scheme", "of", search=("code", "scheme"), by=("of",))
show_table(Programme, "ref", "title", "kind", "starts", "ends", search=("ref", "title"))
show_table(
    Need, "ref", "party_id", "resource_id", "quantity", "state", "valid_until",
    search=("ref", "party__key", "resource__key"), by=("state",),
)  # fmt: skip
show_table(
    Offer, "ref", "donor_id", "resource_id", "quantity", "firmness", "said_on",
    search=("ref", "donor__key", "resource__key"), by=("firmness",),
)  # fmt: skip
show_table(Evidence, "ref", "title", "kind", "dated", "public", search=("ref", "title"), by=("kind",), hidden=("file",))
