"""The stages a unit passes through, and the moves between them, declared once as data.

Read by the stock book (its moves, the triggers' table), by the actions and by the commands' help. The single-file
verifier holds the same table of its own, because it stands alone; a test says that the two agree. Holds no behaviour
beyond looking a move up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["goods", "money", "service", "capacity", "structure"]
KINDS: tuple[Kind, ...] = ("goods", "money", "service", "capacity", "structure")


@dataclass(frozen=True, slots=True)
class Stage:
    """Declare one stage.

    Attributes
    ----------
    holder
        What stands behind the offer in an account's key: nothing, the "party" that holds or is to have the units, a
        "consignment", or "either".
    """

    name: str
    meaning: str
    holder: Literal["", "party", "consignment", "either"] = ""


STAGES: tuple[Stage, ...] = (
    Stage("outside", "the world outside the book; the only stage that may be below zero"),
    Stage("offered", "promised by the donor and open to be shared out"),
    Stage("committed", "money bound by agreement and not yet paid"),
    Stage("allocated", "decided for a recipient and still with the donor", "party"),
    Stage("in-transit", "on its way in a consignment", "consignment"),
    Stage("received", "arrived in good order and held by a party", "party"),
    Stage("paid", "money that reached a recipient", "party"),
    Stage("used", "handed to the people it was meant for", "party"),
    Stage("spent", "money that its recipient has spent", "party"),
    Stage("damaged", "found unusable", "either"),
    Stage("missing", "sent and not found", "either"),
    Stage("expired", "past its last day of use", "either"),
    Stage("returned", "given back to the donor", "either"),
    Stage("withdrawn", "taken back by the donor before it was sent"),
)
STAGE_NAMES = tuple(stage.name for stage in STAGES)


@dataclass(frozen=True, slots=True)
class Move:
    """Declare one verb: between which stages it may move units, and of which kinds of resource."""

    verb: str
    sources: tuple[str, ...]
    target: str
    meaning: str
    money: bool = False
    goods: bool = True


MOVES: tuple[Move, ...] = (
    Move("offer", ("outside",), "offered", "the donor pledges or commits units"),
    Move("commit", ("outside",), "committed", "the donor commits money", money=True, goods=False),
    Move("withdraw", ("offered", "committed"), "withdrawn", "the donor takes units back", money=True),
    Move("allocate", ("offered", "committed"), "allocated", "a decided round gives units to a recipient", money=True),
    Move("dispatch", ("allocated", "offered", "received"), "in-transit", "units leave in a consignment"),
    Move("receive", ("in-transit",), "received", "units arrive in good order"),
    Move("damage", ("in-transit", "received"), "damaged", "units are found unusable"),
    Move("miss", ("in-transit", "received"), "missing", "units are found missing"),
    Move("distribute", ("received",), "used", "units are handed to the people they are meant for"),
    Move("expire", ("offered", "allocated", "in-transit", "received"), "expired", "units pass their last day of use"),
    Move("return", ("in-transit", "received", "paid"), "returned", "units go back to the donor", money=True),
    Move("pay", ("committed", "allocated"), "paid", "money reaches a recipient", money=True, goods=False),
    Move("spend", ("paid",), "spent", "a recipient spends money", money=True, goods=False),
)
REVERSE = "reverse"
"""The verb of a correcting entry: the accounts of the entry it names, changed about."""

VERBS = (*(move.verb for move in MOVES), REVERSE)
LEGAL: frozenset[tuple[str, str, str]] = frozenset(
    (move.verb, source, move.target) for move in MOVES for source in move.sources
)
"""Every (verb, from stage, to stage) that the book takes; a reversal takes any of them the other way round."""


def entered_stage(kind: str) -> str:
    """Return the stage in which an offer of this kind of resource enters the book.

    Examples
    --------
    >>> entered_stage("goods"), entered_stage("money")
    ('offered', 'committed')
    """
    return "committed" if kind == "money" else "offered"


def counted_from(kind: str) -> str:
    """Return the firmness from which an offer counts: a pledge of goods does, of money only a commitment does.

    Source: OCHA FTS counts commitments and payments and shows pledges beside them; DESIGN section 5.
    """
    return "commitment" if kind == "money" else "pledge"
