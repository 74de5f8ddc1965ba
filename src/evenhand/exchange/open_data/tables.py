"""Every public table, declared as data: its columns, what they mean, what a row is.

Used by `evenhand.lookups.open_data`, which reads the rows, by the pages for their data twins (a row is a record of the
lookup that the page shows, so the attributes have the columns' keys), and by the reference page. A key is never changed or
given another meaning: people's programs read it. Holds no column that is for some alone: conditions of an offer, papers of
a consignment, what people wrote about a loss, who acted.

HXL hashtags are those of HXL 1.1 where it has one, attributes for quantities ours, because it has none for them.
Source: hxlstandard.org/standard/1-1final/dictionary.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from evenhand.exchange.open_data.columns import OpenColumn as Column
from evenhand.exchange.open_data.columns import OpenTable as Table

BASE = "base units of the resource"
PROGRAMME = Column("programme", "Programme", "the programme that it belongs to", "key", hxl="#activity +code")
MADE_AT = Column("made_at", "Recorded at", "when it was recorded", "moment", hxl="#date +reported")
BASE_UNIT = Column("base_unit", "Base unit", "the unit that whole numbers count", hxl="#item +unit")
TYPED = Column("typed", "Quantity as typed", "the quantity as it was typed, in `unit`")
UNIT = Column("unit", "Unit as typed", "the unit or pack of `typed`")
DONOR = Column("donor", "Donor", "the party that gave it", "key", hxl="#org +funding +code")
RESOURCE = Column("resource", "Resource", "the resource's key", "key", hxl="#item +code")
OFFER = Column("offer", "Offer", "the offer that the units are of", "key")
ROUND = Column("round", "Round", "the round's ref", "key")
PROPOSAL = Column("proposal", "Plan", "the number of the plan in its round", "whole")

PARTIES = Table(
    "parties",
    "Parties",
    "one state, organisation, facility, team or company",
    (
        Column("key", "Party", "the party's key; ISO 3166 alpha-3 for states", "key", hxl="#org +code"),
        Column("name", "Name", "its name", hxl="#org +name"),
        Column("kind", "Kind", "state, organisation, facility, team or company", hxl="#org +type"),
        Column("parent", "Part of", "the party right above it", "key"),
        Column("place", "Place", "where it is", "key", hxl="#loc +code"),
        Column("handles", "Can handle", "what it can handle, such as ultra-cold", "names"),
        Column("codes", "Codes", "its codes in other lists, scheme:code", "names"),
        Column("latitude", "Latitude", "how far north it is, WGS 84", "amount", "degrees", hxl="#geo +lat"),
        Column("longitude", "Longitude", "how far east it is, WGS 84", "amount", "degrees", hxl="#geo +lon"),
        Column("retired_on", "Retired on", "the day from which it is no longer used", "day"),
    ),
    ("key",),
)  # fmt: skip

PLACES = Table(
    "places",
    "Places",
    "one country, district or site",
    (
        Column("key", "Place", "ISO 3166 alpha-3 for a country, a p-code below it", "key", hxl="#loc +code"),
        Column("name", "Name", "its name", hxl="#loc +name"),
        Column("country", "Country", "the country that it lies in, ISO 3166 alpha-3", "key", hxl="#country +code +v_iso3"),
        Column("level", "Level", "0 for a country, 1 for its provinces, and so on", "whole"),
        Column("parent", "Part of", "the place that it is part of", "key"),
        Column("codes", "Codes", "its codes in other lists, scheme:code", "names"),
        Column("latitude", "Latitude", "how far north it is, WGS 84", "amount", "degrees", hxl="#geo +lat"),
        Column("longitude", "Longitude", "how far east it is, WGS 84", "amount", "degrees", hxl="#geo +lon"),
        Column("valid_from", "Valid from", "the day its boundaries and code hold from", "day"),
    ),
    ("key",),
)  # fmt: skip

GROUPS = Table(
    "groups",
    "Groups",
    "one named set of parties",
    (
        Column("key", "Group", "the group's key", "key"),
        Column("name", "Name", "its name"),
        Column("kind", "Kind", "what it is: a movement, a region, an alliance"),
        Column("founded", "Founded", "when, as exactly as it is known: 1961 or 1961-09-01"),
        Column("source", "Source", "where that is known from"),
    ),
    ("key",),
)

MEMBERSHIPS = Table(
    "memberships",
    "Memberships of groups",
    "one party's membership of one group",
    (
        Column("group", "Group", "the group's key", "key"),
        Column("party", "Party", "the party's key", "key", hxl="#org +code"),
        Column("status", "Status", "member, observer, eligible or suspended"),
        Column("since", "Since", "from when, as exactly as it is known; empty for always", hxl="#date +start"),
        Column("until", "Until", "until when, as exactly as it is known; empty where it lasts", hxl="#date +end"),
        Column("source", "Source", "where that is known from"),
    ),
    ("group", "party", "status", "since"),
)

OFFICES = Table(
    "offices",
    "Offices in groups",
    "one party's office in one group",
    (
        Column("group", "Group", "the group's key", "key"),
        Column("party", "Party", "the party's key", "key", hxl="#org +code"),
        Column("office", "Office", "chair, council seat and so on"),
        Column("since", "Since", "from when, as exactly as it is known", hxl="#date +start"),
        Column("until", "Until", "until when, as exactly as it is known; empty where it lasts", hxl="#date +end"),
        Column("source", "Source", "where that is known from"),
    ),
    ("group", "party", "office", "since"),
)

RESOURCES = Table(
    "resources",
    "Resources",
    "one thing that can be needed or given",
    (
        Column("key", "Resource", "the resource's key; ISO 4217 for money", "key", hxl="#item +code"),
        Column("name", "Name", "its name in English", hxl="#item +name"),
        Column("name_fr", "Name in French", "its name in French, where there is one", hxl="#item +name +fr"),
        Column("kind", "Kind", "goods, money, service, capacity or structure", hxl="#item +type"),
        Column("family", "Family", "the resource that it is one of; a need for that can be met by it", "key"),
        BASE_UNIT,
        Column("packs", "Packs", "larger units and the base units in each, box=100", "names"),
        Column("parts", "Parts", "for a kit: the resources in it and the base units of each", "names"),
        Column("per_person", "For one service unit", "base units that make one service unit", "amount", BASE),
        Column("requires", "Requires", "what a recipient must be able to handle", "names"),
        Column("codes", "Codes", "its codes in other lists, scheme:code", "names"),
        Column("note", "Note", "what else is to be known"),
    ),
    ("key",),
)

PROGRAMMES = Table(
    "programmes",
    "Programmes",
    "one aid programme, exercise, reconstruction or event",
    (
        Column("ref", "Programme", "its ref, PG-...", "key", hxl="#activity +code"),
        Column("title", "Title", "its title", hxl="#activity +name"),
        Column("kind", "Kind", "what it is"),
        Column("lead", "Lead", "the party that leads it", "key", hxl="#org +prog +code"),
        Column("group", "Group", "the group that it is of", "key"),
        Column("starts", "Starts", "its first day", "day", hxl="#date +start"),
        Column("ends", "Ends", "its last day", "day", hxl="#date +end"),
        Column("sdg_targets", "SDG targets", "targets of the sustainable development goals, such as 3.8", "names"),
    ),
    ("ref",),
)

NEEDS = Table(
    "needs",
    "Needs",
    "what one party needs of one resource, approved; one that was corrected or withdrawn later says so",
    (
        Column("ref", "Need", "its ref, ND-...", "key", hxl="#meta +id"),
        Column("party", "Party", "who needs it", "key", hxl="#org +impl +code"),
        Column("party_name", "Name of the party", "its name", hxl="#org +impl +name"),
        Column("place", "Place", "where it is needed", "key", hxl="#loc +code"),
        Column("resource", "Resource", "the resource's key", "key", hxl="#item +code"),
        Column("resource_name", "Name of the resource", "its name in English", hxl="#item +name"),
        Column("kind", "Kind", "goods, money, service, capacity or structure", hxl="#item +type"),
        Column("quantity", "Needed", "how much is needed in all, what is held included", "whole", BASE, "#item +need +num"),
        BASE_UNIT,
        TYPED,
        UNIT,
        Column("held", "Held", "how much its party said that it has", "whole", BASE, "#item +held +num"),
        Column("capacity", "Capacity", "the most it can take now; empty for the rest of the need", "whole", BASE),
        Column("per_week", "A week", "the most it can use in a week", "whole", BASE),
        Column("tiers", "Tiers", "the sizes of its groups in order of service", "names", BASE),
        Column("weight", "Weight", "how much faster its level should rise under a weighted rule", "amount"),
        Column("weight_source", "Source of the weight", "where the weight comes from"),
        Column("by_when", "By when", "the day by which it is needed", "day", hxl="#date +end"),
        Column("why", "Why", "why it is needed, in its party's words"),
        Column("priority", "Priority", "life-saving, urgent or normal", hxl="#severity"),
        Column("valid_until", "Valid until", "the day after which it lapses", "day"),
        Column("state", "State", "approved, lapsed, corrected or withdrawn, on the day of the file", hxl="#status"),
        PROGRAMME,
        Column("replaces", "Replaces", "the need that this one corrects", "key"),
        Column("replaced_by", "Replaced by", "the need that corrects this one", "key"),
        MADE_AT,
        Column("approved_at", "Approved at", "when it was approved", "moment"),
    ),
    ("ref",),
)  # fmt: skip

STAGES = (
    Column("offered", "Still open", "not yet shared out", "whole", BASE, "#item +offered +num"),
    Column("committed", "Committed", "of money: bound and not yet shared out", "whole", BASE),
    Column("allocated", "Allocated", "shared out and not yet sent", "whole", BASE, "#item +allocated +num"),
    Column("in_transit", "On the way", "sent and not yet found by its recipient", "whole", BASE, "#item +dispatched +num"),
    Column("received", "Received", "in the hands of a party", "whole", BASE, "#item +received +num"),
    Column("used", "Used", "handed to people", "whole", BASE, "#item +used +num"),
    Column("paid", "Paid", "of money: paid and not yet spent", "whole", BASE),
    Column("spent", "Spent", "of money: spent", "whole", BASE),
    Column("damaged", "Damaged", "found damaged", "whole", BASE, "#item +damaged +num"),
    Column("missing", "Missing", "did not arrive", "whole", BASE, "#item +missing +num"),
    Column("expired", "Expired", "no longer usable", "whole", BASE),
    Column("returned", "Returned", "sent back", "whole", BASE),
    Column("withdrawn_units", "Withdrawn", "taken back by the donor", "whole", BASE),
)  # fmt: skip
"""Where the units of an offer stand now; they add up to what entered the book."""

OFFERS = Table(
    "offers",
    "Offers",
    "what one donor said, pledged or committed of one resource, and where its units stand now",
    (
        Column("ref", "Offer", "its ref, OF-...", "key", hxl="#meta +id"),
        DONOR,
        Column("donor_name", "Name of the donor", "its name", hxl="#org +funding +name"),
        RESOURCE,
        Column("resource_name", "Name of the resource", "its name in English", hxl="#item +name"),
        Column("kind", "Kind", "goods, money, service, capacity or structure", hxl="#item +type"),
        Column("quantity", "Offered in all", "how much its donor said it gives", "whole", BASE),
        BASE_UNIT,
        TYPED,
        UNIT,
        Column("pack_size", "Pack", "the pack that it is shared out in", "whole", BASE),
        Column("min_packs", "Smallest shipment", "the fewest packs to one recipient", "whole", "packs"),
        Column("firmness", "Firmness", "statement, pledge or commitment", hxl="#status +type"),
        Column("counted", "Counted", "whether it is firm enough to stand in totals", "flag"),
        Column("state", "State", "claimed (not counted), open, closed or withdrawn", hxl="#status"),
        Column("said_on", "Said on", "the day the offer was made", "day", hxl="#date +reported"),
        Column("window_from", "From", "the first day it can be used", "day", hxl="#date +start"),
        Column("window_until", "Until", "the last day the offer stands", "day", hxl="#date +end"),
        Column("meant_for", "Meant for", "the groups or parties it is earmarked for; empty for everybody", "names"),
        Column("not_for", "Not for", "the groups or parties that may not have it", "names"),
        Column("expires", "Expires", "the last day the goods can be used", "day"),
        Column("unit_value", "Unit value", "what one base unit is worth, in `currency`", hxl="#value"),
        Column("currency", "Currency", "the currency of the unit value, ISO 4217", "key", hxl="#currency +code"),
        Column("valued_on", "Valued on", "the day the unit value is of", "day"),
        PROGRAMME,
        MADE_AT,
        *STAGES,
    ),
    ("ref",),
)

ROUNDS = Table(
    "rounds",
    "Rounds",
    "one allocation round, published",
    (
        Column("ref", "Round", "its ref, RD-...", "key", hxl="#meta +id"),
        Column("title", "Title", "its title"),
        Column("group", "Group", "the group that it is of", "key"),
        RESOURCE,
        PROGRAMME,
        Column("rule", "Rule", "what counts as being equally served"),
        Column("floor", "Floor", "for floor-then-weighted: the coverage that comes first", "amount"),
        Column("max_lots", "Most lots", "the most lots for one recipient; empty for no limit", "whole"),
        Column("divisible", "Divisible", "whether packs may be split", "flag"),
        Column("day", "Day", "the day it is reckoned on", "day", hxl="#date +occurred"),
        Column("objections_until", "Objections until", "the last day to object", "day"),
        Column("state", "State", "published, decided, posted or cancelled", hxl="#status"),
        Column("published", "Published plan", "the number of the plan that the board decides on", "whole"),
        Column("frozen_digest", "Digest of its inputs", "SHA-256 over its frozen tables"),
        MADE_AT,
    ),
    ("ref",),
)

PLANS = Table(
    "plans",
    "Plans of rounds",
    "one plan that was put before the board in public",
    (
        ROUND,
        Column("number", "Plan", "its number in the round", "whole"),
        Column("override", "Override", "whether the board departed from the fair plan", "flag"),
        Column("party", "Proposed for", "for an override: the party whose board member proposed it", "key"),
        Column("reason", "Reason", "for an override: why"),
        Column("claim", "Claim", "what is proved of it"),
        Column("certificate_sha256", "Certificate", "SHA-256 of its certificate"),
        MADE_AT,
    ),
    ("round", "number"),
)

PLAN_LINES = Table(
    "plan-lines",
    "Lines of plans",
    "what one recipient gets of one offer under one plan",
    (
        ROUND,
        PROPOSAL,
        OFFER,
        Column("recipient", "Recipient", "who gets it", "key", hxl="#org +impl +code"),
        Column("packs", "Packs", "how many packs", "whole", "packs"),
        Column("pack_size", "Pack", "base units in a pack", "whole", BASE),
        Column("quantity", "Quantity", "packs times pack size", "whole", BASE, "#item +allocated +num"),
    ),
    ("round", "proposal", "offer", "recipient"),
)

OBJECTIONS = Table(
    "objections",
    "Objections",
    "one objection to a published plan, and its answer",
    (
        Column("ref", "Objection", "its ref, OB-...", "key", hxl="#meta +id"),
        ROUND,
        PROPOSAL,
        Column("party", "Party", "who objects", "key"),
        Column("text", "Text", "what it says, in its words"),
        MADE_AT,
        Column("answer", "Answer", "the answer, empty where there is none yet"),
        Column("answered_at", "Answered at", "when", "moment"),
        Column("whatif", "Tried", "the changes to the inputs that were tried", "names"),
        Column("difference", "Difference", "what they would have changed"),
    ),
    ("ref",),
)

VOTES = Table(
    "votes",
    "Votes",
    "one party's verdict on one plan",
    (
        ROUND,
        PROPOSAL,
        Column("party", "Party", "the party that the board member speaks for", "key"),
        Column("approves", "Approves", "whether it approves the plan", "flag"),
        Column("reason", "Reason", "why, where it was said"),
        Column("folder_sha256", "Plan voted on", "SHA-256 of the plan's folder as it was voted on"),
        MADE_AT,
    ),
)

RECUSALS = Table(
    "recusals",
    "Recusals",
    "one party that takes no part in deciding a round",
    (ROUND, Column("party", "Party", "who", "key"), Column("reason", "Reason", "why"), MADE_AT),
    ("round", "party"),
)

CONSIGNMENTS = Table(
    "consignments",
    "Consignments",
    "what travels together",
    (
        Column("ref", "Consignment", "its ref, CN-...", "key", hxl="#meta +id"),
        Column("kind", "Kind", "shipment, deployment or transfer"),
        Column("origin", "From", "the party that sends it", "key", hxl="#org +origin +code"),
        Column("destination", "To", "the party that it goes to", "key", hxl="#org +dest +code"),
        Column("leaves_on", "Leaves on", "the day it is to leave", "day", hxl="#date +start"),
        Column("due_on", "Due on", "the day it is to arrive", "day", hxl="#date +end"),
        Column("dispatched_on", "Left on", "the day it left", "day"),
        Column("last_received_on", "Received on", "the last day something of it was received", "day", hxl="#date +occurred"),
        Column("state", "State", "planned, sent, part received, closed or cancelled", hxl="#status"),
        PROGRAMME,
        MADE_AT,
    ),
    ("ref",),
)  # fmt: skip

CONSIGNMENT_LINES = Table(
    "consignment-lines",
    "Lines of consignments",
    "the units of one offer in one consignment, and what became of them",
    (
        Column("consignment", "Consignment", "the consignment's ref", "key"),
        Column("number", "Line", "its number in the consignment", "whole"),
        OFFER,
        DONOR,
        RESOURCE,
        Column("planned", "Planned", "what the line says", "whole", BASE),
        BASE_UNIT,
        TYPED,
        UNIT,
        Column("good_until", "Good until", "the last day the goods can be used", "day"),
        Column("state", "State", "planned, sent, part received, closed or cancelled", hxl="#status"),
        Column("sent", "Sent", "what left", "whole", BASE, "#item +dispatched +num"),
        Column("good", "Good", "received in good order", "whole", BASE, "#item +received +num"),
        Column("damaged", "Damaged", "found damaged", "whole", BASE, "#item +damaged +num"),
        Column("missing", "Missing", "did not arrive", "whole", BASE, "#item +missing +num"),
        Column("aside", "Aside", "expired or went back on the way", "whole", BASE),
        Column("on_the_way", "On the way", "left and not yet found", "whole", BASE),
    ),
    ("consignment", "number"),
)

DIFFERENCES = Table(
    "differences",
    "Differences",
    "units that left and did not arrive in good order",
    (
        Column("consignment", "Consignment", "the consignment's ref", "key"),
        Column("entry", "Entry", "the entry of the book that says so", "key"),
        OFFER,
        RESOURCE,
        Column("what", "What", "damaged, missing, expired or returned"),
        Column("quantity", "Quantity", "how much", "whole", BASE),
        Column("happened", "Happened", "the day it was found", "day", hxl="#date +occurred"),
        Column("cause", "Cause", "the cause that was given"),
    ),
    ("entry",),
)

ENTRIES = Table(
    "entries",
    "Entries of the stock book",
    "one move of units from one account to another; never changed, never deleted",
    (
        Column("seq", "Number", "its place in the book, from 1", "whole", hxl="#meta +id"),
        Column("entry", "Entry", "its id, chosen by who wrote it", "key"),
        Column("action", "Action", "the id of the action that wrote it", "key"),
        Column("verb", "Verb", "what happened"),
        Column("source", "From", "the account that it leaves", "key"),
        Column("target", "To", "the account that it enters", "key"),
        DONOR,
        RESOURCE,
        Column("quantity", "Quantity", "how much", "whole", BASE, "#item +num"),
        TYPED,
        UNIT,
        Column("value", "Value", "what it was worth, in `currency`", hxl="#value"),
        Column("currency", "Currency", "ISO 4217", "key", hxl="#currency +code"),
        Column("valued_on", "Valued on", "the day the value is of"),
        Column("happened", "Happened", "the day it happened", "day", hxl="#date +occurred"),
        Column("recorded", "Recorded", "when it was recorded", "moment", hxl="#date +reported"),
        Column("concerns", "Concerns", "the round, consignment or offer that it is about", "key"),
        Column("reverses", "Reverses", "the entry that it takes back", "key"),
        Column("cause", "Cause", "why units were lost, or the entry reversed"),
        Column("leaf", "Leaf", "its leaf in the book's Merkle tree, hexadecimal (RFC 6962); all of them make the root"),
    ),
    ("seq",),
)

BALANCES = Table(
    "balances",
    "Balances",
    "what stands on one account of the stock book",
    (
        Column("account", "Account", "its key: stage, offer, and who holds the units", "key"),
        Column("stage", "Stage", "where the units stand"),
        OFFER,
        DONOR,
        Column("holder", "Holder", "the party that holds them, or the consignment they travel in", "key"),
        RESOURCE,
        Column("base_units", "Quantity", "how much", "whole", BASE, "#item +num"),
        BASE_UNIT,
    ),
    ("account",),
)

CHECKPOINTS = Table(
    "checkpoints",
    "Checkpoints of the stock book",
    "one signed state of the book",
    (
        Column("size", "Entries", "over how many entries it was made", "whole", "entries"),
        Column("root", "Root", "the root of their tree, base64"),
        Column("why", "Why", "what it was made for"),
        MADE_AT,
        Column("signed_by", "Signed by", "the names of the keys that signed", "names"),
        Column("note", "Note", "the very text that was signed, with its signatures (C2SP tlog-checkpoint)"),
    ),
    ("size",),
)

EVIDENCE = Table(
    "evidence",
    "Evidence",
    "one public document, readout, receipt, photo or table",
    (
        Column("ref", "Evidence", "its ref, EV-...", "key", hxl="#meta +id"),
        Column("title", "Title", "its title"),
        Column("kind", "Kind", "document, readout, receipt, photo, table or link"),
        Column("source", "Source", "where it comes from", hxl="#meta +source"),
        Column("dated", "Dated", "the day it is of", "day", hxl="#date +occurred"),
        Column("language", "Language", "the language it is in"),
        Column("confidence", "Confidence", "low, medium or high"),
        Column("given_by", "Given by", "the party that gave it", "key", hxl="#org +reporting +code"),
        Column("about", "About", "the refs and keys of what it is about", "names"),
        Column("sha256", "SHA-256", "the hash of its file"),
        Column("size", "Size", "of its file", "whole", "bytes"),
        MADE_AT,
    ),
    ("ref",),
)


def _figures(
    name: str, title: str, about: str, subject: Column, named: Column, *, needs: bool = True, met: bool = False
) -> Table:
    """Return a table of figures by one kind of subject; what is needed and met only where that can be said of it."""
    family = Column("family", "Family", "the family of the resource, or the resource where it has none", "key",
                    hxl="#item +code")  # fmt: skip
    needed = (Column("needed", "Needed", "approved and not lapsed", "amount", "in `unit`", "#item +need +num"),)
    covered = (
        Column("covered", "Covered", "of what is needed, what is there", "amount", "in `unit`"),
        Column("gap", "Gap", "of what is needed, what is neither there nor coming", "amount", "in `unit`"),
        Column("coverage", "Coverage", "covered divided by needed, 0 to 1", "amount"),
    )
    stages = (
        Column("claimed", "Said", "said and not firm enough to count", "amount", "in `unit`"),
        Column("promised", "Promised", "entered the book and not withdrawn: the sum of the stages", "amount", "in `unit`"),
        Column("still_open", "Still open", "promised and not yet shared out", "amount", "in `unit`", "#item +offered +num"),
        Column("allocated", "Allocated", "shared out and not yet sent", "amount", "in `unit`", "#item +allocated +num"),
        Column("in_transit", "On the way", "sent and not yet found", "amount", "in `unit`", "#item +dispatched +num"),
        Column("received", "Received", "in the hands of a party", "amount", "in `unit`", "#item +received +num"),
        Column("used", "Used", "handed to people", "amount", "in `unit`", "#item +used +num"),
        Column("damaged", "Damaged", "found damaged", "amount", "in `unit`", "#item +damaged +num"),
        Column("missing", "Missing", "did not arrive", "amount", "in `unit`", "#item +missing +num"),
        Column("expired", "Expired", "no longer usable", "amount", "in `unit`"),
        Column("returned", "Returned", "sent back", "amount", "in `unit`"),
        Column("withdrawn", "Withdrawn", "taken back by the donor", "amount", "in `unit`"),
    )  # fmt: skip
    unit = Column("unit", "Unit", "what the numbers count: base units of the family", hxl="#item +unit")
    columns = (subject, named, family, unit, *(needed if needs else ()), *stages, *(covered if met else ()))
    return Table(name, title, about, columns, (subject.key, "family"))


FIGURES_BY_MEMBER = _figures(
    "figures-by-member",
    "Figures by member",
    "one member and one family of resources: needed, promised, delivered",
    Column("member", "Member", "the state's key", "key", hxl="#country +code +v_iso3", of="key"),
    Column("name", "Name", "its name", hxl="#country +name"),
    met=True,
)
FIGURES_BY_RESOURCE = _figures(
    "figures-by-resource",
    "Figures by resource",
    "one resource by itself",
    Column("resource", "Resource", "the resource's key", "key", hxl="#item +code", of="key"),
    Column("name", "Name", "its name", hxl="#item +name"),
)
PROMISES = _figures(
    "promises",
    "Promised beside delivered, by donor",
    "one donor and one family of resources: what was said, what entered the book, what became of it",
    Column("donor", "Donor", "the donor's key", "key", hxl="#org +funding +code", of="key"),
    Column("name", "Name", "its name", hxl="#org +funding +name"),
    needs=False,
)

PUBLIC_TABLES: Mapping[str, Table] = MappingProxyType(
    {
        one.name: one
        for one in (
            PARTIES, PLACES, GROUPS, MEMBERSHIPS, OFFICES, RESOURCES, PROGRAMMES, NEEDS, OFFERS, ROUNDS, PLANS, PLAN_LINES,
            OBJECTIONS, VOTES, RECUSALS, CONSIGNMENTS, CONSIGNMENT_LINES, DIFFERENCES, ENTRIES, BALANCES, CHECKPOINTS,
            EVIDENCE, FIGURES_BY_MEMBER, FIGURES_BY_RESOURCE, PROMISES,
        )
    }
)  # fmt: skip
"""Every public table by its name, in the order of a package."""
