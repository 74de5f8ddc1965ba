"""What a fact says has happened before it: from words to moves of the book, each taking its units from where they are.

Used by `entries`, row by row in the order of the days. Makes the postings and consignments of a file and writes none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from evenhand.actions.bulk.known import in_chunks
from evenhand.actions.bulk.weighing import Weighing
from evenhand.ledger.entries import AccountKey
from evenhand.ledger.stages import entered_stage
from evenhand.records.models import Offer
from evenhand.stockbook.models import Account, Consignment
from evenhand.stockbook.posting import Posting


@dataclass(frozen=True, slots=True)
class Fact:
    """Declare what a word of the table means in the book.

    Attributes
    ----------
    verb, target
        The move that it is, and the stage that it leads to.
    sources
        Stages that it takes from, the first first; the last one is what is brought in where nothing is there.
    holder
        Whether the stage that it leads to is held by the recipient, stands on the offer, or travels.
    rank
        Its place among the facts of one day.
    """

    verb: str
    target: str
    sources: tuple[str, ...]
    holder: str
    rank: int


GOODS: dict[str, Fact] = {
    "offered": Fact("offer", "offered", ("outside",), "", 0),
    "withdrawn": Fact("withdraw", "withdrawn", ("offered",), "", 9),
    "allocated": Fact("allocate", "allocated", ("offered",), "recipient", 1),
    "dispatched": Fact("dispatch", "in-transit", ("allocated", "offered"), "consignment", 2),
    "received": Fact("receive", "received", ("in-transit",), "recipient", 3),
    "damaged": Fact("damage", "damaged", ("in-transit",), "consignment", 4),
    "missing": Fact("miss", "missing", ("in-transit",), "consignment", 4),
    "used": Fact("distribute", "used", ("received",), "recipient", 5),
    "expired": Fact("expire", "expired", ("received",), "recipient", 6),
    "returned": Fact("return", "returned", ("received",), "recipient", 6),
}
MONEY: dict[str, Fact] = {
    "committed": Fact("commit", "committed", ("outside",), "", 0),
    "withdrawn": Fact("withdraw", "withdrawn", ("committed",), "", 9),
    "allocated": Fact("allocate", "allocated", ("committed",), "recipient", 1),
    "paid": Fact("pay", "paid", ("allocated", "committed"), "recipient", 3),
    "spent": Fact("spend", "spent", ("paid",), "recipient", 5),
    "returned": Fact("return", "returned", ("paid",), "recipient", 6),
}
BRINGS: dict[str, str] = {
    "in-transit": "dispatched", "received": "received", "paid": "paid", "allocated": "allocated", "offered": "offered",
    "committed": "committed",
}  # fmt: skip
"""Stage → the word whose rows bring units into it."""


@dataclass(slots=True)
class Pool:
    """Hold the units of one stage that a file or the book has brought in, account by account, the oldest first."""

    parts: deque[list[Any]] = field(default_factory=deque)
    total: int = 0

    def add(self, account: AccountKey, quantity: int) -> None:
        """Put units in, as the newest."""
        self.parts.append([account, quantity])
        self.total += quantity

    def take(self, quantity: int) -> Iterator[tuple[AccountKey, int]]:
        """Return accounts and how much comes from each; there must be enough."""
        self.total -= quantity
        while quantity:
            part = self.parts[0]
            taken = min(quantity, part[1])
            part[1] -= taken
            if not part[1]:
                self.parts.popleft()
            quantity -= taken
            yield part[0], taken

    def take_newest(self, quantity: int) -> tuple[AccountKey, int]:
        """Return what the last move brought in, which is all on one account."""
        self.total -= quantity
        account, part = self.parts.pop()
        while part < quantity:
            part += self.parts.pop()[1]
        return account, quantity


@dataclass(slots=True)
class Book:
    """Build the postings, consignments and offers of one file, in order."""

    weighing: Weighing
    kinds: dict[str, str]
    explicit: set[tuple[str, str, str]]
    named: set[str]
    postings: list[Posting] = field(default_factory=list)
    facts: dict[int, str] = field(default_factory=dict)
    consignments: list[tuple[Any, ...]] = field(default_factory=list)
    implied: dict[str, list[Any]] = field(default_factory=dict)
    pools: dict[tuple[str, str, str], Pool] = field(default_factory=dict)

    def take_fact(self, row: dict[str, Any]) -> None:
        """Book one row: where its units come from, and the moves before."""
        fact = (MONEY if self.kinds[row["resource"]] == "money" else GOODS)[row["verb"]]
        if fact.verb == "expire" and not row["recipient"]:
            fact = Fact("expire", "expired", ("offered",), "", fact.rank)
        self._move(fact, row, 1, row["quantity"], last=True)

    def _move(self, fact: Fact, row: dict[str, Any], step: int, quantity: int, *, last: bool = False) -> int:
        """Post a move and, before it, those that must have been; return the number of the next step."""
        offer, consignment = row["offer"], ""
        taken: list[tuple[AccountKey, int]] = []
        for stage in fact.sources:
            holder = "" if stage in ("outside", "offered", "committed") else row["recipient"]
            stated = offer in self.named or (offer, stage, holder) in self.explicit
            if stage == "outside" or not stated:
                continue
            pool = self.pools.get((offer, stage, holder))
            held = pool.total if pool else 0
            if held >= quantity and pool is not None:
                taken = list(pool.take(quantity))
                break
            if held or offer not in self.named or stage in ("offered", "committed"):
                self._refuse_short(row, stage, holder, held, quantity)
                return step
        if not taken:
            step, taken = self._bring_in(fact, row, step, quantity)
        if not taken:
            return step
        if fact.target == "in-transit":
            consignment = self._send(row, taken)
        for number, (source, part) in enumerate(taken):
            holder = {"": "", "recipient": row["recipient"], "consignment": consignment or source.holder}[fact.holder]
            target = AccountKey(fact.target, offer, holder)
            self._post(fact, row, step, source, target, part, whole=part == row["quantity"], own=last and number == 0)
            self.pools.setdefault((offer, fact.target, row["recipient"] if fact.holder else ""), Pool()).add(
                target, part
            )
            step += 1
        return step

    def _bring_in(
        self, fact: Fact, row: dict[str, Any], step: int, quantity: int
    ) -> tuple[int, list[tuple[AccountKey, int]]]:
        """Have the units where a move takes them from: from outside, or by the moves before it."""
        stage, offer = fact.sources[-1], row["offer"]
        if stage == "outside":
            return step, [(AccountKey("outside", offer), quantity)]
        if stage in ("offered", "committed"):
            # One entry at the head of the offer brings in all that its rows take for granted.
            self._imply(row, quantity)
            return step, [(AccountKey(stage, offer), quantity)]
        before = (MONEY if self.kinds[row["resource"]] == "money" else GOODS)[BRINGS[stage]]
        pool = self.pools.setdefault((offer, stage, row["recipient"]), Pool())
        held = pool.total
        step = self._move(before, row, step, quantity)
        if pool.total == held:  # it was refused, and said so
            return step, []
        return step, [pool.take_newest(quantity)]

    def _imply(self, row: dict[str, Any], quantity: int) -> None:
        implied = self.implied.setdefault(row["offer"], [row["happened"], 0, row["resource"], row["number"]])
        implied[0] = min(implied[0], row["happened"])
        implied[1] += quantity

    def _send(self, row: dict[str, Any], taken: list[tuple[AccountKey, int]]) -> str:
        ref = self.weighing.sent.ref("CN", row["number"])
        self.consignments.append(
            (ref, row["donor"], row["recipient"], row["happened"], row["offer"], str(taken[0][0]), sum(part for _, part in taken),
             row["typed"], row["unit"])
        )  # fmt: skip
        return ref

    def _post(
        self,
        fact: Fact,
        row: dict[str, Any],
        step: int,
        source: AccountKey,
        target: AccountKey,
        quantity: int,
        *,
        whole: bool,
        own: bool,
    ) -> None:
        chosen = row["entry"]
        entry = self.weighing.entry(row["number"], step) if chosen is None else chosen if own else f"{chosen}:{step}"
        if own:
            self.facts[row["number"]] = entry
        concerns = next((one.holder for one in (source, target) if one.holder.startswith("CN-")), row["offer"])
        resource = row["resource"]
        self.postings.append(Posting(
            entry=entry, verb=fact.verb, source=source, target=target, resource=resource, quantity=quantity,
            happened=row["happened"], typed=row["typed"] if whole else str(quantity),
            unit=row["unit"] if whole else self.weighing.known.resources[resource].base_unit, concerns=concerns,
        ))  # fmt: skip

    def _refuse_short(self, row: dict[str, Any], stage: str, holder: str, held: int, wanted: int) -> None:
        where = f"{stage}/{row['offer']}" if row["offer"] in self.named else f"what rows before it brought to '{stage}'"
        of = f" of {holder}" if holder and row["offer"] not in self.named else ""
        self.weighing.problems.add(
            row["index"], "quantity", f"{wanted:,} base units are {row['verb']}, but {where}{of} holds {held:,} then; mend the quantity or the day",
        )  # fmt: skip


def book_facts(weighing: Weighing, rows: pl.DataFrame, every: pl.DataFrame, offers: dict[str, Offer]) -> Book:
    """Book rows in the order in which they happened; what the file says of others still tells where theirs come from."""
    kinds = {key: one.kind for key, one in weighing.known.resources.items()}
    ranks = {word: fact.rank for words in (GOODS, MONEY) for word, fact in words.items()}
    ordered = rows.with_columns(rank=pl.col("verb").replace_strict(ranks, return_dtype=pl.Int64)).sort(
        "happened", "rank", "number"
    )
    book = Book(weighing, kinds, _explicit(every, kinds), set(offers))
    _load_pools(book, offers)
    for row in ordered.iter_rows(named=True):
        row["index"] = row["number"]
        book.take_fact(row)
    heads = []
    for ref, (first, quantity, resource, number) in book.implied.items():
        money = kinds[resource] == "money"
        heads.append(Posting(
            entry=weighing.entry(number, 0), verb="commit" if money else "offer", source=AccountKey("outside", ref),
            target=AccountKey(entered_stage(kinds[resource]), ref), resource=resource, quantity=quantity, happened=first,
            typed=str(quantity), unit=weighing.known.resources[resource].base_unit, concerns=ref,
        ))  # fmt: skip
    book.postings[:0] = heads
    return book


def _explicit(rows: pl.DataFrame, kinds: dict[str, str]) -> set[tuple[str, str, str]]:
    """Return (offer, stage, holder) for which the file has rows of its own."""
    found = set()
    for offer, resource, verb, recipient in rows.select("offer", "resource", "verb", "recipient").unique().rows():
        fact = (MONEY if kinds[resource] == "money" else GOODS)[verb]
        found.add((offer, fact.target, recipient if fact.holder else ""))
    return found


def _load_pools(book: Book, offers: dict[str, Offer]) -> None:
    """Fill the pools of the offers that rows name with what the book holds of them."""
    for chunk in in_chunks(offers):
        accounts = Account.objects.filter(offer__in=chunk, balance__gt=0).order_by("key")
        travelling = {account.holder for account in accounts if account.stage == "in-transit"}
        towards = dict(Consignment.objects.filter(ref__in=travelling).values_list("ref", "destination"))
        for account in accounts:
            holder = towards.get(account.holder, account.holder) if account.stage == "in-transit" else account.holder
            key = AccountKey(account.stage, account.offer_id, account.holder)
            book.pools.setdefault((account.offer_id, account.stage, holder), Pool()).add(key, account.balance)
