"""What stands on the papers of a consignment: plain values, all of them known before anything is drawn.

Made by `evenhand.lookups.papers`, drawn by the modules beside this one. Holds no behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Side:
    """Hold a party as a paper names it: its key, its name in the reader's language."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Hold the checkpoint that a paper was printed under: entries, root in base64, when it was made."""

    entries: int
    root: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Loss:
    """Hold so many base units that did not arrive in good order: damaged, missing, expired or returned, and why."""

    what: str
    quantity: int
    cause: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of a consignment.

    Attributes
    ----------
    quantity
        What was planned, in base units; `typed` and `unit` as it was typed.
    pack_size
        Base units in the pack that the goods are shared out in.
    weight_kg
        Gross, None where nobody knows it.
    sent, good, damaged, missing, aside, on_the_way
        What became of it, in base units.
    """

    number: int
    resource: Side
    donor: Side
    offer: str
    quantity: int
    base_unit: str
    typed: str
    unit: str
    pack_size: int = 1
    good_until: date | None = None
    mark: str = ""
    weight_kg: Decimal | None = None
    sent: int = 0
    good: int = 0
    damaged: int = 0
    missing: int = 0
    aside: int = 0
    on_the_way: int = 0
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold everything that the papers of one consignment say.

    Attributes
    ----------
    address
        What the QR code says: where the consignment can be looked up.
    made_at
        When the consignment was recorded; the date in the PDF, so that printing again gives the same bytes.
    leaves, due, left, received
        Days; None where they are not known.
    """

    ref: str
    address: str
    origin: Side
    destination: Side
    made_at: datetime
    lines: tuple[Line, ...]
    carrier: str = ""
    waybill: str = ""
    code: str = ""
    programme: str = ""
    leaves: date | None = None
    due: date | None = None
    left: date | None = None
    received: date | None = None
    signed: Signed | None = None
