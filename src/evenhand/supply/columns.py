"""The words: every table, its columns, their meaning, type and unit, declared once as data.

Reading, validation, templates, command help, the reference page and (later) the API take their columns from here and
from nowhere else. Called by everything; holds no behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "key", "text", "count", "amount", "positive", "date", "names",
    "plain-key", "quantity", "choice", "codes", "measures", "degrees",
]  # fmt: skip
"""What a column holds.

key       text that names the row; not empty; unique where the table says so
text      free text
count     a whole number, at least `least`
amount    a number of at most six decimals, at least 0
positive  a number of at most six decimals, above 0
date      an ISO date, 2021-03-02
names     names separated by ';', empty for none

The registers of a server (`supply.registers`) need more; the engine's own tables use none of these:

plain-key a key of letters, digits and . _ - alone, at most 64, so that it can stand in an account or an address
quantity  a number above 0 of at most six decimals, exact, with or without a unit behind it: 500 boxes
choice    one of `choices`
codes     codes of other lists, scheme:code, separated by ';'
measures  names with a number above 0 each, box=100, separated by ';'
degrees   a signed number of at most six decimals, from `least` to `most`
"""

AMOUNT_DECIMALS = 6
"""Amounts are kept to this many decimals; a number with more is rounded to the nearest, and that is reported."""

LARGEST_AMOUNT = 10**12
"""Amounts and counts above this are refused as typing errors."""


@dataclass(frozen=True, slots=True)
class Column:
    """Declare one column.

    Attributes
    ----------
    numbered
        The column may occur as name_1, name_2, ...; `name` then ends with "_".
    default
        What an absent column or an empty cell means, as a person would write it; None where nothing is assumed.
    least, most
        The bounds of a count or of degrees, both included; `most` None for the bound that all numbers have.
    choices
        The words that a choice may be; empty for every other kind.
    refers
        The register whose keys the column names ("parties"), "" for none: what a template lists and an import looks up.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    default: str | None = None
    least: int = 0
    numbered: bool = False
    most: int | None = None
    choices: tuple[str, ...] = ()
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Declare one table: its name, what a row is, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """Return the declaration of a column, numbered ones included, or None."""
        for column in self.columns:
            if column.name == name:
                return column
            if column.numbered and name.startswith(column.name) and name[len(column.name) :].isdecimal():
                return column
        return None


NEEDS = Table(
    "needs",
    "one recipient and what it needs",
    (
        Column("recipient", "key", "the recipient's key; ISO 3166 alpha-3 for states", required=True),
        Column("name", "text", "the recipient's name as people know it", default="the key"),
        Column("target", "positive", "how much it needs in all, held included", "service units", required=True),
        Column("held", "amount", "how much of the target it already has", "service units", default="0"),
        Column("capacity", "amount", "the most it can take now", "service units", default="target minus held, or 0"),
        Column(
            "weight", "positive", "how much faster its level should rise (risk); for the weighted rules", default="1"
        ),
        Column(
            "tier_",
            "amount",
            "the size of its first, second, ... group, in order of service",
            "service units",
            numbered=True,
        ),
        Column("handles", "names", "what it can handle, e.g. ultra-cold", default="nothing special"),
        Column(
            "per_week", "amount", "the most it can use of a lot in a week", "service units a week", default="no limit"
        ),
    ),
    unique=("recipient",),
)

LOTS = Table(
    "lots",
    "one lot: a quantity of one resource, ready to allocate",
    (
        Column("lot", "key", "the lot's key", required=True),
        Column("packs", "count", "how many packs there are", "packs", required=True),
        Column("resource", "text", "what it is", default=""),
        Column("donor", "text", "who gives it", default=""),
        Column("pack_size", "positive", "how much a pack holds", "units a pack", default="1"),
        Column("per_person", "positive", "how much of it one service unit takes", "units a service unit", default="1"),
        Column("min_packs", "count", "the smallest shipment to one recipient", "packs", default="1", least=1),
        Column("for", "names", "the groups or recipients it is earmarked for; empty means everybody", default=""),
        Column("not_for", "names", "the groups or recipients that may not have it", default=""),
        Column("requires", "names", "what a recipient must be able to handle", default=""),
        Column("arrives", "date", "the day it can be used from", default="the round's date"),
        Column("expires", "date", "the day it can last be used", default="never"),
    ),
    unique=("lot",),
)

GROUPS = Table(
    "groups",
    "one recipient's membership of one group",
    (
        Column("recipient", "key", "the recipient's key, as in needs", required=True),
        Column("group", "key", "the group's name", required=True),
    ),
    unique=("recipient", "group"),
)

ACTUAL = Table(
    "actual",
    "what one recipient really got, or would get under another plan",
    (
        Column("lot", "key", "the lot it came from, where known"),
        Column("recipient", "key", "the recipient's key, as in needs", required=True),
        Column("packs", "amount", "packs of that lot; needs the column lot", "packs"),
        Column("units", "amount", "units of the resource; service units where no lot is named", "units"),
    ),
)

LINES = Table(
    "plan",
    "what one recipient gets of one lot",
    (
        Column("lot", "key", "the lot"),
        Column("recipient", "key", "the recipient"),
        Column("packs", "count", "packs given; an exact fraction where goods are divisible", "packs"),
        Column("units", "amount", "packs times pack size", "units"),
        Column("service_units", "amount", "units divided by units per person", "service units"),
    ),
    unique=("lot", "recipient"),
)

RECIPIENTS = Table(
    "recipients",
    "one recipient and what the plan does for it",
    (
        Column("recipient", "key", "the recipient"),
        Column("name", "text", "its name"),
        Column("target", "positive", "how much it needs in all", "service units"),
        Column("held", "amount", "how much it had", "service units"),
        Column("received", "amount", "how much the plan gives it", "service units"),
        Column("coverage_before", "amount", "held divided by target"),
        Column("coverage_after", "amount", "held and received, divided by target"),
        Column("level", "amount", "how well served it is under the rule"),
        Column(
            "waterline",
            "text",
            "the level it is held to; empty if no lot is open to it, 'unlimited' if lots are left over",
        ),
        Column("limited_by", "text", "what keeps it from getting more"),
    ),
    unique=("recipient",),
)

LOTS_GIVEN = Table(
    "lots",
    "one lot and what became of it",
    (
        Column("lot", "key", "the lot"),
        Column("packs", "count", "packs there were", "packs"),
        Column("given", "count", "packs given", "packs"),
        Column("left", "count", "packs left over", "packs"),
        Column("waterline", "text", "the level its receivers are held to; 'unlimited' if packs are left over"),
    ),
    unique=("lot",),
)

INPUT_TABLES = (NEEDS, LOTS, GROUPS)
PLAN_TABLES = (LINES, RECIPIENTS, LOTS_GIVEN)
