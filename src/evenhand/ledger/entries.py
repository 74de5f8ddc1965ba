"""Entries as plain values: the accounts they name, the line they are hashed as, the sums they make.

Used by the stock book, the audit and the export. No database and no clock here. The single-file verifier
(`evenhand.ledger.verifier`) holds the same rules of its own and shares no code with this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

FORMAT = "1"
"""The line's format; a change of the fields or of their spelling is a new number, and old lines stay as they are."""

FIELDS = (
    "format", "seq", "entry", "action", "by", "verb", "from", "to", "resource", "quantity", "typed", "unit", "value",
    "currency", "valued_on", "happened", "recorded", "concerns", "reverses",
)  # fmt: skip
HEADING = ",".join(FIELDS)

PLAIN = re.compile(r"[A-Za-z0-9._:/@+-]*")
"""What a field may hold: nothing that would ever need quoting, no personal name, no free text."""

LARGEST_QUANTITY = 10**15
"""Base units in one entry; far above any real figure, and its sums stay inside 64 bits."""


@dataclass(frozen=True, slots=True)
class AccountKey:
    """Name an account: which stage, of which offer, held by whom (or in which consignment).

    Examples
    --------
    >>> str(AccountKey("received", "OF-7K2M9QX4PD", "TCD"))
    'received/OF-7K2M9QX4PD/TCD'
    >>> AccountKey.read("offered/OF-7K2M9QX4PD")
    AccountKey(stage='offered', offer='OF-7K2M9QX4PD', holder='')
    """

    stage: str
    offer: str
    holder: str = ""

    def __str__(self) -> str:
        return f"{self.stage}/{self.offer}/{self.holder}" if self.holder else f"{self.stage}/{self.offer}"

    @classmethod
    def read(cls, text: str) -> AccountKey:
        """Return the account that a key names."""
        stage, offer, *holder = text.split("/")
        return cls(stage, offer, holder[0] if holder else "")


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one entry of the stock book, as it is hashed.

    Attributes
    ----------
    seq
        Its place in the book, dense from 1.
    entry
        The id chosen by the writer; sent twice, it changes nothing.
    action, by
        The audit line that wrote it, and the opaque public id of who acted.
    source, target
        Keys of the accounts it moves from and to (`from` and `to` in the line).
    quantity
        Whole base units, above 0.
    typed, unit
        The number and the unit as they were typed.
    value, currency, valued_on
        What the units are worth, where somebody said so; decimal text, ISO 4217, ISO date.
    happened, recorded
        ISO date; ISO time in UTC with microseconds.
    concerns, reverses
        The ref of what it is about; the id of the entry it corrects, or "".
    """

    seq: int
    entry: str
    action: str
    by: str
    verb: str
    source: str
    target: str
    resource: str
    quantity: int
    typed: str
    unit: str
    value: str
    currency: str
    valued_on: str
    happened: str
    recorded: str
    concerns: str
    reverses: str

    def line(self) -> bytes:
        """Return the entry's line: its leaf's data, and its row in an export."""
        return line_of(
            self.seq, self.entry, self.action, self.by, self.verb, self.source, self.target, self.resource,
            self.quantity, self.typed, self.unit, self.value, self.currency, self.valued_on, self.happened,
            self.recorded, self.concerns, self.reverses,
        )  # fmt: skip


def line_of(*fields: object) -> bytes:
    """Return the line of the eighteen fields after `format`, in order.

    Examples
    --------
    >>> line_of(1, "e1", "a1", "u1", "offer", "outside/OF-1", "offered/OF-1", "mask", 500, "5", "box",
    ...         "", "", "", "2021-03-02", "2021-03-02T10:00:00.000000Z", "OF-1", "")
    b'1,1,e1,a1,u1,offer,outside/OF-1,offered/OF-1,mask,500,5,box,,,,2021-03-02,2021-03-02T10:00:00.000000Z,OF-1,'
    """
    return (FORMAT + "," + ",".join(map(str, fields))).encode("ascii")


def read_line(line: bytes) -> Entry:
    """Return the entry that a line holds; the line is taken to be sound (the verifier says whether it is)."""
    _, seq, entry, action, by, verb, source, target, resource, quantity, *rest = line.decode("ascii").split(",")
    return Entry(int(seq), entry, action, by, verb, source, target, resource, int(quantity), *rest)


def balances_of(entries: Iterable[Entry]) -> dict[str, int]:
    """Return every account's balance, `outside` below zero, as the plain sum of entries.

    Examples
    --------
    >>> balances_of([])
    {}
    """
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.source] = sums.get(entry.source, 0) - entry.quantity
        sums[entry.target] = sums.get(entry.target, 0) + entry.quantity
    return sums
