"""Which lookup each listing command asks, and which columns of its answer people see, declared once.

JSON holds every field of a row whatever stands here. Read by `evenhand.cli.looking`; knows the names of fields and
imports no lookup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evenhand.cli.answer import Kind


@dataclass(frozen=True, slots=True)
class Column:
    """Say what stands in one column of a listing.

    Attributes
    ----------
    head
        The heading, as people read it.
    value
        The name of a field of the row, or what makes the cell from the row.
    spare
        A terminal shows it only where there is room.
    """

    head: str
    value: str | Callable[[Any], Any]
    kind: Kind = "text"
    spare: bool = False

    def of(self, row: Any) -> Any:
        """Return this column's cell of a row."""
        return getattr(row, self.value) if isinstance(self.value, str) else self.value(row)


@dataclass(frozen=True, slots=True)
class Reading:
    """Say what one word of a group reads.

    Attributes
    ----------
    lookup
        Module and function below `evenhand.lookups`.
    columns
        Of a listing, in order; none where one record is shown.
    what
        What the rows are, for the sentence that counts them: ("need", "needs").
    newest_first
        The lookup's order is that of time, and people look for what was last.
    last
        Rows that come after all others, because few look for them.
    """

    lookup: str
    columns: tuple[Column, ...] = ()
    what: tuple[str, str] = ("row", "rows")
    newest_first: bool = False
    last: Callable[[Any], bool] | None = None


def per_unit(row: Any) -> int | Fraction:
    """Return how many base units make the unit of an amount of money as it was typed; 1 for everything else.

    People read money in its currency, the book keeps it in the smallest coin.
    """
    if row.kind != "money" or not Fraction(row.typed):
        return 1
    return Fraction(row.quantity) / Fraction(row.typed)


def in_units(row: Any, base_units: int) -> int | Fraction:
    """Return base units in the unit in which people read them."""
    amount = Fraction(base_units) / per_unit(row)
    return int(amount) if amount.denominator == 1 else amount


def unit_of(row: Any) -> str:
    """Return the unit in which people read a quantity."""
    return str(row.unit if row.kind == "money" else row.base_unit)


def still_open(row: Any) -> int | Fraction | None:
    """Return what is still to be shared out of an offer, None where it does not count."""
    if not row.counted:
        return None
    return in_units(row, row.stages.get("committed" if row.kind == "money" else "offered", 0))


def carried(row: Any) -> str:
    """Return what a consignment carries, in a few words."""
    sums: dict[tuple[str, str], int] = {}
    for line in row.lines:
        key = (line.resource, line.base_unit)
        sums[key] = sums.get(key, 0) + line.planned
    return "; ".join(f"{total:,} {unit} of {resource}" for (resource, unit), total in sorted(sums.items()))


def lost(row: Any) -> int | None:
    """Return the base units of a consignment that left and did not arrive in good order, None where none."""
    return sum(line.damaged + line.missing + line.aside for line in row.lines) or None


def roles_of(row: Any) -> str:
    """Return the roles that a user holds, in words."""
    return "; ".join(
        held.role
        + (f" for {held.party}" if held.party else "")
        + (f" in {held.group}" if held.group else "")
        + (f" until {held.until}" if held.until else "")
        for held in row.roles
    )


def packs_of(row: Any) -> str:
    """Return the packs of a resource, the smallest first."""
    return ", ".join(f"{name} of {size:,}" for name, size in sorted(row.packs.items(), key=lambda pack: pack[1]))


def spot(account: str) -> str:
    """Return an account without its offer: the stage, and who holds the units.

    Examples
    --------
    >>> spot("received/OF-7K2M9QX4PD/TCD"), spot("offered/OF-7K2M9QX4PD")
    ('received TCD', 'offered')
    """
    stage, _, rest = account.partition("/")
    _, _, holder = rest.partition("/")
    return f"{stage} {holder}".rstrip()


def _chair(row: Any) -> str:
    return ", ".join(one.party_name for one in row.offices if one.what == "chair")


def _in_currency(field: str) -> Callable[[Any], Any]:
    return lambda row: Fraction(getattr(row, field), row.per_unit)


def _tally(*what: str) -> Callable[[Any], Any]:
    return lambda row: sum(one.what in what for one in row.members) or None


NEEDS = (
    Column("need", "ref", "key"),
    Column("party", "party", "key"),
    Column("", "party_name", spare=True),
    Column("resource", "resource", "key"),
    Column("quantity", lambda row: in_units(row, row.quantity), "amount"),
    Column("unit", unit_of, "key"),
    Column("priority", "priority", "key", spare=True),
    Column("state", "state", "key"),
    Column("valid until", "valid_until", "key"),
    Column("needed by", "by_when", "key", spare=True),
    Column("for", "why", spare=True),
)
OFFERS = (
    Column("offer", "ref", "key"),
    Column("donor", "donor", "key"),
    Column("resource", "resource", "key"),
    Column("quantity", lambda row: in_units(row, row.quantity), "amount"),
    Column("still open", still_open, "amount"),
    Column("unit", unit_of, "key"),
    Column("state", "state", "key"),
    Column("firmness", "firmness", "key", spare=True),
    Column("expires", "expires", "key", spare=True),
    Column("given by", "donor_name", spare=True),
    Column("meant for", "meant_for", spare=True),
)
ROUNDS = (
    Column("round", "ref", "key"),
    Column("title", "title"),
    Column("group", "group", "key"),
    Column("resource", "resource", "key"),
    Column("day", "day", "key"),
    Column("state", "state", "key"),
    Column("rule", "rule", "key", spare=True),
    Column("objections until", "objections_until", "key", spare=True),
)
CONSIGNMENTS = (
    Column("consignment", "ref", "key"),
    Column("from", "origin", "key"),
    Column("to", "destination", "key"),
    Column("carries", carried),
    Column("state", "state", "key"),
    Column("left", "dispatched_on", "key"),
    Column("due", "due_on", "key"),
    Column("lost", lost, "amount"),
    Column("received", "last_received_on", "key", spare=True),
)
LINES = (
    Column("line", "number", "amount"),
    Column("offer", "offer", "key"),
    Column("sent", "sent", "amount"),
    Column("good", "good", "amount"),
    Column("damaged", "damaged", "amount"),
    Column("missing", "missing", "amount"),
    Column("set aside", lambda row: row.aside or None, "amount"),
    Column("on the way", "on_the_way", "amount"),
    Column("unit", "base_unit", "key"),
    Column("donor", "donor", "key", spare=True),
    Column("resource", "resource", "key", spare=True),
    Column("planned", "planned", "amount", spare=True),
    Column("good until", "good_until", "key", spare=True),
    Column("mark", "mark", spare=True),
)
DIFFERENCES = (
    Column("what", "what", "key"),
    Column("units", "quantity", "amount"),
    Column("of", "offer", "key"),
    Column("day", "happened", "key"),
    Column("cause", "cause", "key"),
    Column("note", "note"),
    Column("entry", "entry", "key", spare=True),
)
BALANCES = (
    Column("account", "account", "key"),
    Column("balance", "base_units", "amount"),
    Column("unit", "base_unit", "key"),
    Column("resource", "resource", "key"),
    Column("donor", "donor", "key", spare=True),
)
ENTRIES = (
    Column("seq", "seq", "amount"),
    Column("day", "happened", "key"),
    Column("move", "verb", "key"),
    Column("from", lambda row: spot(row.source)),
    Column("to", lambda row: spot(row.target)),
    Column("base units", "quantity", "amount"),
    Column("resource", "resource", "key"),
    Column("typed as", lambda row: f"{row.typed} {row.unit}", "key", spare=True),
    Column("offer", lambda row: row.source.split("/")[1], "key", spare=True),
    Column("reversed by", "reversed_by", spare=True),
    Column("entry", "entry", "key", spare=True),
)
EVIDENCE = (
    Column("evidence", "ref", "key"),
    Column("title", "title"),
    Column("kind", "kind", "key"),
    Column("about", "about"),
    Column("given by", "given_by", "key"),
    Column("dated", "dated", "key"),
    Column("public", "public", "key"),
    Column("confidence", "confidence", "key", spare=True),
)
PARTIES = (
    Column("key", "key", "key"),
    Column("name", "name"),
    Column("kind", "kind", "key"),
    Column("below", "parent", "key"),
    Column("place", "place", "key"),
    Column("handles", "handles"),
    Column("retired", "retired_on", "key"),
)
GROUPS = (
    Column("key", "key", "key"),
    Column("name", "name"),
    Column("kind", "kind", "key"),
    Column("members", _tally("member", "eligible"), "amount"),
    Column("observers", _tally("observer"), "amount", spare=True),
    Column("chair", _chair),
    Column("founded", "founded", "key", spare=True),
)
MEMBERS = (
    Column("party", "party", "key"),
    Column("name", "party_name"),
    Column("as", "what", "key"),
    Column("since", "since", "key"),
    Column("until", "until", "key"),
    Column("source", "source", spare=True),
)
PLACES = (
    Column("key", "key", "key"),
    Column("name", "name"),
    Column("country", "country", "key"),
    Column("level", "level", "amount"),
    Column("inside", "parent", "key"),
    Column("codes", "codes", spare=True),
)
RESOURCES = (
    Column("key", "key", "key"),
    Column("name", "name"),
    Column("kind", "kind", "key"),
    Column("family", "family", "key", spare=True),
    Column("counted in", "base_unit", "key"),
    Column("packs", packs_of),
    Column("requires", "requires", spare=True),
)
PROGRAMMES = (
    Column("programme", "ref", "key"),
    Column("title", "title"),
    Column("kind", "kind", "key"),
    Column("lead", "lead", "key"),
    Column("group", "group", "key"),
    Column("starts", "starts", "key"),
    Column("ends", "ends", "key"),
)
CHECKPOINTS = (
    Column("entries", "size", "amount"),
    Column("made", "made_at", "key"),
    Column("why", "why", "key"),
    Column("signed by", "signed_by"),
    Column("root", "root", "key", spare=True),
)
USERS = (
    Column("name", "name", "key"),
    Column("in full", "full_name"),
    Column("roles", roles_of),
    Column("state", lambda row: "active" if row.active else "switched off", "key"),
    Column("public id", "public_id", "key", spare=True),
)
KEYS = (
    Column("ref", "ref", "key"),
    Column("name", "name"),
    Column("scopes", "scopes"),
    Column("state", "state", "key"),
    Column("until", "until", "key"),
    Column("last used", "last_used", "key"),
    Column("user", "user", "key", spare=True),
)
ACTIONS = (
    Column("when (UTC)", "at", "key"),
    Column("action", "name", "key"),
    Column("about", "about", "key"),
    Column("for", "for_party", "key"),
    Column("by", "by", "key", spare=True),
    Column("reason", "reason"),
    Column("id", "id", "key", spare=True),
)
MONEY = (
    Column("currency", "currency", "key"),
    *(
        Column(head, _in_currency(field), "amount", spare=spare)
        for head, field, spare in (
            ("needed", "needed", False),
            ("pledged", "pledged", False),
            ("committed", "committed", False),
            ("allocated", "allocated", False),
            ("paid", "paid", False),
            ("spent", "spent", False),
            ("claimed", "claimed", True),
            ("returned", "returned", True),
            ("withdrawn", "withdrawn", True),
        )
    ),
)
VALUES = (
    Column("currency", "currency", "key"),
    Column("promised", "promised", "amount"),
    Column("allocated", "allocated", "amount"),
    Column("on the way", "in_transit", "amount"),
    Column("received", "received", "amount"),
    Column("used", "used", "amount"),
    Column("lost", "lost", "amount"),
    Column("prices from", "priced_from", "key", spare=True),
    Column("to", "priced_until", "key", spare=True),
)
SHARES = (
    Column("party", "party", "key"),
    *(
        Column(head, head.replace(" ", "_"), "amount")
        for head in ("allocated", "sent", "received", "used", "damaged", "missing", "expired", "returned", "held")
    ),
)

READINGS: Mapping[str, Mapping[str, Reading]] = {
    "need": {
        "list": Reading("needs.list_needs", NEEDS, ("need", "needs")),
        "show": Reading("needs.get_need"),
    },
    "offer": {
        "list": Reading("offers.list_offers", OFFERS, ("offer", "offers")),
        "show": Reading("offers.get_offer"),
        "trace": Reading("stock.trace_offer"),
    },
    "round": {
        "list": Reading("rounds.list_rounds", ROUNDS, ("round", "rounds")),
        "show": Reading("rounds.get_round"),
    },
    "consignment": {
        "list": Reading("consignments.list_consignments", CONSIGNMENTS, ("consignment", "consignments")),
        "show": Reading("consignments.get_consignment"),
    },
    "stock": {
        "balances": Reading("stock.list_balances", BALANCES, ("account", "accounts")),
        "history": Reading("stock.list_entries", ENTRIES, ("entry", "entries")),
        "entry": Reading("stock.get_entry"),
        "values": Reading("money.list_values", VALUES, ("currency", "currencies")),
    },
    "money": {"list": Reading("money.list_money", MONEY, ("currency", "currencies"))},
    "evidence": {
        "list": Reading("evidence.list_evidence", EVIDENCE, ("piece of evidence", "pieces of evidence")),
        "show": Reading("evidence.get_evidence"),
    },
    "party": {
        "list": Reading("parties.list_parties", PARTIES, ("party", "parties")),
        "show": Reading("parties.get_party"),
    },
    "group": {
        "list": Reading("groups.list_groups", GROUPS, ("group", "groups")),
        "members": Reading("groups.list_members", MEMBERS, ("party", "parties")),
    },
    "place": {
        "list": Reading("places.list_places", PLACES, ("place", "places")),
        "show": Reading("places.get_place"),
    },
    "resource": {
        "list": Reading(
            "resources.list_resources", RESOURCES, ("resource", "resources"), last=lambda row: row.kind == "money"
        ),
        "show": Reading("resources.get_resource"),
    },
    "programme": {
        "list": Reading("programmes.list_programmes", PROGRAMMES, ("programme", "programmes")),
        "show": Reading("programmes.get_programme"),
    },
    "checkpoint": {
        "list": Reading("checkpoints.list_checkpoints", CHECKPOINTS, ("checkpoint", "checkpoints")),
        "show": Reading("checkpoints.get_checkpoint"),
        "prove": Reading("checkpoints.prove_consistency"),
    },
    "key": {
        "list": Reading("keys.list_keys", KEYS, ("key", "keys")),
        "show": Reading("keys.get_key"),
    },
    "user": {
        "list": Reading("users.list_users", USERS, ("user", "users")),
        "show": Reading("users.get_user"),
        "actions": Reading("actions.list_actions", ACTIONS, ("action", "actions"), newest_first=True),
    },
}
"""Group of commands → its word → what it reads."""
