"""The whole stock book as a state machine: any actions, wrong ones too, by anybody, repeated and reversed.

After every step the database holds what a small book in memory holds; at the end the audit holds, the root is that of the
lines, and every offer adds up to nothing. `STOCK_BOOK_EXAMPLES=1000` makes it long.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from evenhand_cast import Cast
from evenhand_stock import make_gift
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from reference_book import LEAVING, PEOPLE, Account, Gift, Move, ReferenceBook, Trip

from evenhand.actions.consignments import cancel_consignment, dispatch_consignment, plan_consignment
from evenhand.actions.money import pay_money, spend_money
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.reversals import reverse_entry
from evenhand.actions.stock import distribute_stock, expire_stock, lose_stock, return_stock
from evenhand.errors import EvenhandError, NotAllowed, RepeatDiffers
from evenhand.ledger.entries import AccountKey
from evenhand.ledger.merkle import leaf_hash, root_of
from evenhand.records.models import Offer
from evenhand.stockbook.auditing import audit_book
from evenhand.stockbook.balances import wrong_balances
from evenhand.stockbook.checkpoints import read_head
from evenhand.stockbook.leaves import read_lines
from evenhand.stockbook.models import Account as AccountRow
from evenhand.stockbook.models import Consignment, Entry
from evenhand.stockbook.tracing import trace_offer
from evenhand.stockbook.travelling import lines_of

EXAMPLES = int(os.environ.get("STOCK_BOOK_EXAMPLES", "25"))
STEPS = 40
RECIPIENTS = ("TCD", "TCD-mandoul", "TCD-moissala", "KEN")
GIFTS = (
    # donor, resource, units, allocated, meant for
    ("IND", "vaccine-measles", 1000, {"TCD": 600, "TCD-moissala": 200}, ""),
    ("IND", "mask-surgical", 500, {}, "TCD"),
    ("UNICEF", "vaccine-measles", 300, {"TCD": 100, "KEN": 200}, ""),
    ("UNICEF", "USD", 10_000, {"KEN": 4_000}, "TCD"),
)
QUANTITIES = st.one_of(st.integers(1, 120), st.sampled_from([1, 100, 200, 600, 1000, 5000]))
ANY = st.integers(0, 10**6)
WHO = st.sampled_from(PEOPLE)
ANYBODY_BUT_MOSTLY_RIGHT = st.sampled_from(("", "", "", *PEOPLE))
LEAVE: dict[str, tuple[Any, dict[str, Any]]] = {
    "distribute": (distribute_stock, {}),
    "return": (return_stock, {}),
    "miss": (lose_stock, {"cause": "theft"}),
    "damage": (lose_stock, {"cause": "wet", "what": "damaged"}),
}


def key(account: Account) -> str:
    return str(AccountKey(*account))


class WholeBook(RuleBasedStateMachine):
    """Do the same in the database and in memory."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.book = ReferenceBook()
        self.done: list[tuple[Any, str, str, dict[str, Any], str]] = []
        self.number = 0

    @initialize()
    def give(self) -> None:
        for donor, resource, units, allocated, meant_for in GIFTS:
            ref = make_gift(donor, resource, units, allocated=allocated, meant_for=meant_for)
            self.book.gifts[ref] = Gift(donor, meant_for, resource == "USD")
            rows = Entry.objects.filter(concerns=ref).order_by("seq")
            moves: list[Move] = []
            for row in rows:
                source, target = AccountKey.read(row.source_id), AccountKey.read(row.target_id)
                moves.append((
                    row.verb, (source.stage, ref, source.holder), (target.stage, ref, target.holder), row.quantity
                ))  # fmt: skip
            self.book.write([row.entry for row in rows], moves)
        self.offers = list(self.book.gifts)
        self.begin()

    def begin(self) -> None:
        """See that every example has stock in three hands, a consignment on its way, one planned, and money paid."""
        first, masks, second, money = self.offers
        self.plan("", "IND", "TCD", [(first, 400), (masks, 200)])
        self.plan("", "UNICEF", "KEN", [(second, 150)])
        for ref in list(self.book.trips):
            self.dispatch_this("", ref)
        self.receive_this("", next(iter(self.book.trips)), 1, None, 7, 3)
        self.receive_this("", next(iter(self.book.trips)), 2, 100, 0, 0)
        self.plan("", "TCD", "TCD-moissala", [(first, 90)])
        self.pay_this("", money, "KEN", 1500)
        self.pay_this("", money, "TCD", 500)

    def teardown(self) -> None:
        try:
            if self.book.gifts:
                self.check_everything()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def act(self, action: Any, who: str, expected: bool, **given: Any) -> Any:
        """Do it in the database; it must be done or refused as the book in memory says."""
        self.number += 1
        request = f"step-{self.number}"
        entries = Entry.objects.count()
        refused: EvenhandError | None = None
        answer: Any = None
        try:
            answer = action(self.cast(who, reason="because", request=request), **given)
        except EvenhandError as error:
            refused = error
        said = refused.sentence if refused else "done, and should have been refused"
        assert (refused is None) == expected, f"{action.name} by {who} with {given}: {said}"
        if refused is not None:
            assert Entry.objects.count() == entries
            return None
        self.done.append((action, who, request, given, answer.ref))
        return answer

    def move(self, action: Any, who: str, moves: list[Move] | None, **given: Any) -> Any:
        answer = self.act(action, who, moves is not None, **given)
        if answer is not None and moves is not None:
            self.book.write(answer.facts["entries"], moves)
        return answer

    def right_one(self, who: str, allowed: Callable[[str], Any]) -> str:
        """Return who was drawn or, where nobody was, somebody who may do it, if there is one."""
        return who or next((one for one in PEOPLE if allowed(one)), "auditor")

    @rule(
        who=ANYBODY_BUT_MOSTLY_RIGHT,
        origin=st.sampled_from(("IND", "UNICEF", "TCD", "TCD-mandoul", "KEN")),
        destination=st.sampled_from(RECIPIENTS),
        lines=st.lists(st.tuples(ANY, QUANTITIES), min_size=1, max_size=2),
    )
    def plan_anything(self, who: str, origin: str, destination: str, lines: list[tuple[int, int]]) -> None:
        self.plan(who, origin, destination, [(self.one_of(self.offers, which), many) for which, many in lines])

    @rule(which=ANY, destination=st.sampled_from(RECIPIENTS), quantity=QUANTITIES, both=st.booleans())
    def plan_what_there_is(self, which: int, destination: str, quantity: int, both: bool) -> None:
        gifts = self.book.gifts
        sources = [
            one
            for one, held in self.book.held.items()
            if one[0] in ("allocated", "received") and held > self.book.planned(one) and not gifts[one[1]].money
        ]
        if not sources:
            return
        chosen = self.one_of(sources, which)
        stage, offer, holder = chosen
        origin = holder if stage == "received" else gifts[offer].donor
        lines = [(offer, 1 + quantity % (self.book.has(chosen) - self.book.planned(chosen)))]
        more = next(
            (one for one in sources if one[0] == stage and one[1] != offer and gifts[one[1]].donor == origin), None
        )
        if both and more:
            lines.append((more[1], 1))
        self.plan("", origin, holder if stage == "allocated" else destination, lines)

    def plan(self, who: str, origin: str, destination: str, meant: list[tuple[str, int]]) -> None:
        who = self.right_one(who, lambda one: self.book.plan(one, origin, destination, meant))
        sources = self.book.plan(who, origin, destination, meant)
        typed = ";".join(f"{offer}={quantity}" for offer, quantity in meant)
        answer = self.act(
            plan_consignment, who, sources is not None, origin=origin, destination=destination, lines=typed
        )
        if answer is not None and sources is not None:
            assert answer.facts["taken_from"] == [key(source) for source in sources]
            carried = [(offer, source, many) for (offer, many), source in zip(meant, sources, strict=True)]
            self.book.trips[answer.ref] = Trip(origin, destination, carried)

    @precondition(lambda self: self.book.trips)
    @rule(who=ANYBODY_BUT_MOSTLY_RIGHT, which=ANY)
    def dispatch(self, who: str, which: int) -> None:
        self.dispatch_this(who, self.one_of(list(self.book.trips), which))

    def dispatch_this(self, who: str, ref: str) -> None:
        who = self.right_one(who, lambda one: self.book.dispatch(one, ref))
        answer = self.move(dispatch_consignment, who, self.book.dispatch(who, ref), consignment=ref)
        if answer is not None:
            trip = self.book.trips[ref]
            left = [number for number in range(1, len(trip.lines) + 1) if number not in trip.sent_by]
            trip.sent_by.update(zip(left, answer.facts["entries"], strict=True))

    @precondition(lambda self: self.book.trips)
    @rule(who=WHO, which=ANY)
    def cancel(self, who: str, which: int) -> None:
        ref = self.one_of(list(self.book.trips), which)
        if self.act(cancel_consignment, who, self.book.cancel(who, ref), consignment=ref):
            self.book.trips[ref].cancelled = True

    @precondition(lambda self: self.book.trips)
    @rule(
        who=ANYBODY_BUT_MOSTLY_RIGHT, which=ANY, line=st.integers(0, 2), good=st.none() | st.integers(0, 300),
        damaged=st.sampled_from((0, 0, 0, 1, 10, 1000)), missing=st.sampled_from((0, 0, 0, 2, 20)),
    )  # fmt: skip
    def receive(self, who: str, which: int, line: int, good: int | None, damaged: int, missing: int) -> None:
        travelling = [one[2] for one, held in self.book.held.items() if one[0] == "in-transit" and held]
        ref = self.one_of(travelling if travelling and which % 4 else list(self.book.trips), which)
        self.receive_this(who, ref, line, good, damaged, missing)

    def receive_this(self, who: str, ref: str, line: int, good: int | None, damaged: int, missing: int) -> None:
        who = self.right_one(who, lambda one: self.book.receive(one, ref, line, good, damaged, missing))
        moves = self.book.receive(who, ref, line, good, damaged, missing)
        self.move(
            receive_consignment, who, moves, consignment=ref, line=line, good="" if good is None else str(good),
            damaged=str(damaged), missing=str(missing), cause="wet" if damaged or missing else "",
        )  # fmt: skip

    @rule(
        who=ANYBODY_BUT_MOSTLY_RIGHT, verb=st.sampled_from(tuple(LEAVING)), party=st.sampled_from(RECIPIENTS), which=ANY,
        quantity=QUANTITIES,
    )  # fmt: skip
    def leave(self, who: str, verb: str, party: str, which: int, quantity: int) -> None:
        offer, party, quantity = self.holding(("received", "paid"), which, party, quantity)
        who = self.right_one(who, lambda one: self.book.leave(one, verb, party, offer, quantity))
        action, more = LEAVE[verb]
        moves = self.book.leave(who, verb, party, offer, quantity)
        self.move(action, who, moves, party=party, offer=offer, quantity=self.typed(offer, quantity), **more)

    @rule(who=ANYBODY_BUT_MOSTLY_RIGHT, which=ANY, quantity=st.none() | QUANTITIES)
    def expire(self, who: str, which: int, quantity: int | None) -> None:
        places = [one for one in self.book.held if one[0] in ("offered", "allocated", "in-transit", "received")]
        if not places:
            return
        stage, offer, holder = self.one_of(places, which)
        who = self.right_one(who, lambda one: self.book.expire(one, offer, stage, holder, quantity))
        moves = self.book.expire(who, offer, stage, holder, quantity)
        typed = "" if quantity is None else str(quantity)
        self.move(expire_stock, who, moves, offer=offer, stage=stage, holder=holder, quantity=typed)

    def typed(self, offer: str, quantity: int) -> str:
        """Say a quantity as a person must: money with its unit."""
        return f"{quantity} cent" if self.book.gifts[offer].money else str(quantity)

    @rule(who=ANYBODY_BUT_MOSTLY_RIGHT, which=ANY, to=st.sampled_from(RECIPIENTS), quantity=QUANTITIES)
    def pay(self, who: str, which: int, to: str, quantity: int) -> None:
        self.pay_this(who, self.offers[-1] if which % 4 else self.one_of(self.offers, which), to, quantity)

    def pay_this(self, who: str, offer: str, to: str, quantity: int) -> None:
        who = self.right_one(who, lambda one: self.book.pay(one, offer, to, quantity))
        moves = self.book.pay(who, offer, to, quantity)
        self.move(pay_money, who, moves, offer=offer, to=to, quantity=self.typed(offer, quantity))

    @rule(who=ANYBODY_BUT_MOSTLY_RIGHT, which=ANY, party=st.sampled_from(RECIPIENTS), quantity=QUANTITIES)
    def spend(self, who: str, which: int, party: str, quantity: int) -> None:
        offer, party, quantity = self.holding(("paid",), which, party, quantity)
        who = self.right_one(who, lambda one: self.book.spend(one, party, offer, quantity))
        moves = self.book.spend(who, party, offer, quantity)
        self.move(spend_money, who, moves, party=party, offer=offer, quantity=self.typed(offer, quantity))

    @rule(who=ANYBODY_BUT_MOSTLY_RIGHT, which=ANY)
    def reverse(self, who: str, which: int) -> None:
        name = self.one_of(list(self.book.entries), which)
        who = self.right_one(who, lambda one: self.book.reverse(one, name))
        before = dict(self.book.held)
        _, source, target, quantity = self.book.entries[name]
        answer = self.move(reverse_entry, who, self.book.reverse(who, name), entry=name)
        if answer is None:
            return
        self.book.undone.add(name)
        for trip in self.book.trips.values():
            trip.sent_by = {number: sent for number, sent in trip.sent_by.items() if sent != name}
        assert self.book.has(source) == before[source] + quantity
        assert self.book.has(target) == before[target] - quantity

    @precondition(lambda self: self.done)
    @rule(which=ANY)
    def repeat(self, which: int) -> None:
        action, who, request, given, ref = self.one_of(self.done, which)
        answer = action(self.cast(who, reason="because", request=request), **given)
        assert (answer.ref, answer.repeated) == (ref, True)
        with pytest.raises((RepeatDiffers, NotAllowed)):
            action(self.cast("auditor", reason="because", request=request), **given)

    def holding(self, stages: tuple[str, ...], which: int, party: str, quantity: int) -> tuple[str, str, int]:
        """Return an offer, a party that has some of it and how much to take; now and then just what was drawn."""
        places = [one for one, held in self.book.held.items() if one[0] in stages and held]
        if not places or which % 5 == 0:
            return self.one_of(self.offers, which), party, quantity
        place = self.one_of(places, which)
        return place[1], place[2], 1 + quantity % self.book.has(place)

    @staticmethod
    def one_of(things: list[Any], which: int) -> Any:
        return things[which % len(things)]

    @invariant()
    def the_balances_are_those_in_memory(self) -> None:
        kept = dict(AccountRow.objects.exclude(balance=0).values_list("key", "balance"))
        assert kept == {key(account): many for account, many in self.book.held.items() if many}

    def check_everything(self) -> None:
        lines = list(read_lines())
        assert len(lines) == len(self.book.entries)
        assert read_head().root() == root_of(leaf_hash(line) for line, _ in lines)
        verdict = audit_book(pages=False)
        assert verdict.holds, str(verdict)
        assert wrong_balances() == {}
        for ref in self.offers:
            path = trace_offer(Offer.objects.get(pk=ref))
            assert sum(path.stages.values()) == path.entered == -self.book.has(("outside", ref, ""))
        for ref, trip in self.book.trips.items():
            for number, state in enumerate(lines_of(Consignment.objects.get(pk=ref)), 1):
                offer, _, quantity = trip.lines[number - 1]
                assert state.sent == (quantity if number in trip.sent_by else 0)
                assert state.on_the_way == self.book.has(("in-transit", offer, ref))
                assert state.damaged == self.book.has(("damaged", offer, ref))


@pytest.mark.django_db
def test_any_actions_in_any_order_keep_the_book(cast: Cast, database_vendor: str) -> None:
    WholeBook.cast = cast
    examples = EXAMPLES if database_vendor == "sqlite" else max(1, EXAMPLES // 3)  # a step takes three times as long
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        WholeBook,
        settings=settings(
            max_examples=examples, stateful_step_count=STEPS, deadline=None, print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
