"""The tables of a server, declared as data: what people send in about parties, places, resources, needs, offers.

Importing, templates, exports, commands and the reference page take the columns from here and from nowhere else, as the
engine takes its own from `supply.columns`. Meanings are English here and French in `meanings_fr.toml` beside it. Holds
no behaviour, and never says how a record is stored.
"""

from __future__ import annotations

from types import MappingProxyType

from evenhand.supply.columns import Column, Table

PARTY_KINDS = ("state", "organisation", "facility", "team", "company")
RESOURCE_KINDS = ("goods", "money", "service", "capacity", "structure")
PRIORITIES = ("life-saving", "urgent", "normal")
FIRMNESS = ("statement", "pledge", "commitment")
"""How firm an offer is, from the least to the most."""

VERBS = (
    "offered", "allocated", "dispatched", "received", "damaged", "missing", "used", "expired", "returned", "withdrawn",
    "committed", "paid", "spent",
)  # fmt: skip
"""What an entry of the stock book says has happened; the last three are of money."""

STATUSES = ("member", "observer", "eligible", "suspended")

PARTIES = Table(
    "parties",
    "one party: a state, organisation, facility, team or company that needs, gives or carries",
    (
        Column("key", "plain-key", "the party's key; ISO 3166 alpha-3 for states", required=True),
        Column("name", "text", "its name as people know it", required=True),
        Column("kind", "choice", "what it is", required=True, choices=PARTY_KINDS),
        Column("parent", "plain-key", "the party that it is part of: a clinic's ministry or state", refers="parties"),
        Column("place", "plain-key", "where it is: ISO 3166 alpha-3 or a p-code", refers="places"),
        Column("codes", "codes", "its codes elsewhere, e.g. iati:XM-DAC-41114;ror:01f80g185", default="none"),
        Column("handles", "names", "what it can handle, e.g. ultra-cold", default="nothing special"),
        Column("latitude", "degrees", "how far north it is, WGS 84", "degrees", least=-90, most=90),
        Column("longitude", "degrees", "how far east it is, WGS 84", "degrees", least=-180, most=180),
    ),
    unique=("key",),
)

PLACES = Table(
    "places",
    "one place: a country, district or site",
    (
        Column("key", "plain-key", "the place's key: ISO 3166 alpha-3 for a country, a p-code below it", required=True),
        Column("name", "text", "its name as people know it", required=True),
        Column("country", "plain-key", "the country that it lies in, ISO 3166 alpha-3", required=True),
        Column("level", "count", "0 for a country, 1 for its provinces, and so on down to 5", most=5, default="0"),
        Column("parent", "plain-key", "the place that it is part of", refers="places"),
        Column("latitude", "degrees", "how far north it is, WGS 84", "degrees", least=-90, most=90),
        Column("longitude", "degrees", "how far east it is, WGS 84", "degrees", least=-180, most=180),
        Column("valid_from", "date", "the day its boundaries and code hold from", default="always"),
    ),
    unique=("key",),
)

RESOURCES = Table(
    "resources",
    "one resource: what can be needed or given",
    (
        Column("key", "plain-key", "the resource's key; ISO 4217 for money", required=True),
        Column("name", "text", "its name in English", required=True),
        Column("name_fr", "text", "its name in French", default="the English name"),
        Column("kind", "choice", "what it is", required=True, choices=RESOURCE_KINDS),
        Column("family", "plain-key", "what it is one of, e.g. vaccines", default="none"),
        Column("base_unit", "text", "the unit that it is counted in, the smallest: dose, tablet, cent", required=True),
        Column("packs", "measures", "larger units and how many base units each holds, e.g. box=100;carton=1000",
               default="none"),
        Column("parts", "measures", "for a kit: the resources in it and how many base units of each, mask=10;gown=2",
               default="no kit"),
        Column("per_person", "positive", "how much of it one service unit takes", "base units a service unit",
               default="1"),
        Column("requires", "names", "what a recipient must be able to handle, e.g. ultra-cold", default="nothing special"),
        Column("codes", "codes", "its codes elsewhere, e.g. unspsc:51201600;atc:J07BN", default="none"),
        Column("note", "text", "what else a person should know", default="none"),
    ),
    unique=("key",),
)  # fmt: skip

MEMBER_NEEDS = Table(
    "needs",
    "one need: what one party needs of one resource",
    (
        Column("need", "plain-key", "the need's reference, ND-...; only to correct or renew one that is there already",
               default="a new need"),
        Column("party", "plain-key", "who needs it: the party's key, ISO 3166 alpha-3 for states", required=True,
               refers="parties"),
        Column("place", "plain-key", "where it is needed: ISO 3166 alpha-3 or a p-code", default="where the party is",
               refers="places"),
        Column("resource", "plain-key", "what is needed: the resource's key", required=True, refers="resources"),
        Column("quantity", "quantity", "how much is needed in all, what is already held included", "units",
               required=True),
        Column("unit", "text", "the unit or pack of the numbers in this row", default="the resource's base unit"),
        Column("by", "date", "the day by which it is needed", default="as soon as it can be had"),
        Column("why", "text", "why it is needed", required=True),
        Column("valid_until", "date", "the day after which the need lapses unless it is renewed",
               default="as the server is set"),
        Column("held", "amount", "how much of it is already there", "units", default="0"),
        Column("capacity", "amount", "the most that can be taken now", "units", default="quantity minus held"),
        Column("weight", "positive", "how much faster its level should rise (risk); for the weighted rules",
               default="1"),
        Column("weight_source", "text", "where the weight comes from: author, table, year", default="none"),
        Column("tier_", "amount", "the size of the first, second, ... group, in order of service", "units",
               numbered=True),
        Column("per_week", "amount", "the most that can be used in a week", "units a week", default="no limit"),
        Column("priority", "choice", "how pressing it is", choices=PRIORITIES, default="normal"),
        Column("programme", "plain-key", "the programme that it belongs to", default="none", refers="programmes"),
    ),
)  # fmt: skip

OFFERS = Table(
    "offers",
    "one offer: what one donor gives of one resource",
    (
        Column("offer", "plain-key", "the offer's reference, OF-...; only to change one that is there already",
               default="a new offer"),
        Column("donor", "plain-key", "who gives it: the party's key", required=True, refers="parties"),
        Column("resource", "plain-key", "what is given: the resource's key, ISO 4217 for money", required=True,
               refers="resources"),
        Column("quantity", "quantity", "how much is given", "units", required=True),
        Column("unit", "text", "the unit or pack of the numbers in this row", default="the resource's base unit"),
        Column("firmness", "choice", "how firm it is: said, promised, or bound by a signature", required=True,
               choices=FIRMNESS),
        Column("said_on", "date", "the day the offer was made", default="the day of the import"),
        Column("from", "date", "the first day it can be used", default="at once"),
        Column("until", "date", "the last day the offer stands", default="no end"),
        Column("for", "names", "the groups or parties it is earmarked for", default="everybody"),
        Column("not_for", "names", "the groups or parties that may not have it", default="none"),
        Column("conditions", "text", "what the donor asks for in return or beforehand", default="none"),
        Column("expires", "date", "the last day the goods can be used", default="never"),
        Column("unit_value", "amount", "what one unit is worth", "currency", default="not valued"),
        Column("currency", "plain-key", "the currency of unit_value, ISO 4217", default="none"),
        Column("valued_on", "date", "the day that unit_value is of", default="said_on"),
        Column("programme", "plain-key", "the programme that it belongs to", default="none", refers="programmes"),
        Column("paid", "amount", "of money: how much of it has been paid", "units", default="0"),
        Column("paid_on", "date", "the day it was paid", default="said_on"),
        Column("to", "plain-key", "who was paid: the party's key", default="none", refers="parties"),
        Column("evidence", "text", "an address or title of what proves it", default="the file itself"),
    ),
)  # fmt: skip

ENTRIES = Table(
    "entries",
    "one fact that has already happened, such as a delivery",
    (
        Column("entry", "plain-key", "an id that the sender chooses, so that a row sent twice counts once",
               default="made from the row"),
        Column("happened", "date", "the day it happened", required=True),
        Column("verb", "choice", "what happened", required=True, choices=VERBS),
        Column("offer", "plain-key", "the offer that it is of, OF-...", default="an offer made from the row",
               refers="offers"),
        Column("donor", "plain-key", "who gave it, where no offer is named", default="the offer's donor",
               refers="parties"),
        Column("recipient", "plain-key", "who got it, or was to", default="none", refers="parties"),
        Column("resource", "plain-key", "what it was: the resource's key", required=True, refers="resources"),
        Column("quantity", "quantity", "how much it was", "units", required=True),
        Column("unit", "text", "the unit or pack of the quantity", default="the resource's base unit"),
        Column("evidence", "text", "an address or title of what proves it", default="the file itself"),
    ),
)  # fmt: skip

MEMBERSHIPS = Table(
    "memberships",
    "one party's membership of one group",
    (
        Column("group", "plain-key", "the group's key, e.g. NAM", required=True, refers="groups"),
        Column("party", "plain-key", "the party's key", required=True, refers="parties"),
        Column("since", "date", "the first day of the membership", default="always"),
        Column("until", "date", "the last day of the membership", default="it lasts"),
        Column("status", "choice", "what it is in the group", choices=STATUSES, default="member"),
    ),
)

REGISTERS = MappingProxyType(
    {table.name: table for table in (PARTIES, PLACES, RESOURCES, MEMBER_NEEDS, OFFERS, ENTRIES, MEMBERSHIPS)}
)
"""Every table that can be imported, by the name that commands and files call it."""
