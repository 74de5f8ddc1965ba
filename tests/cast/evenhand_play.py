"""A play of the whole book: a long random sequence of actions that is the same for the same seed."""

from __future__ import annotations

import contextlib
import random
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from evenhand_cast import NOW, Cast
from evenhand_recipes import move

from evenhand.actions.consignments import dispatch_consignment, plan_consignment
from evenhand.actions.money import pay_money, spend_money
from evenhand.actions.needs import approve_need, correct_need, draft_need, submit_need, withdraw_need
from evenhand.actions.offers import change_offer, make_offer, withdraw_offer
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.reversals import reverse_entry
from evenhand.actions.stock import distribute_stock, expire_stock, lose_stock, return_stock
from evenhand.errors import EvenhandError
from evenhand.records.models import Need, Offer, Resource
from evenhand.stockbook.models import Account, Consignment, Entry

STEPS = 360
BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=NOW.tzinfo)
HOURS = 3
"""So many hours lie between two steps: the sequence ends in the morning of the cast's day."""

RECIPIENTS = ("TCD", "KEN", "LBN", "TCD-moissala", "FRA")
GOODS = ("vaccine-measles", "vaccine-cold", "mask-surgical", "team-medical")


class Play:
    """Do random steps; what the book refuses is refused, and the next step is another."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.dice, self.at = cast, random.Random(seed), BEGIN
        Resource.objects.create(key="EUR", name="Euro", kind="money", base_unit="cent", packs={"EUR": 100})

    def next_id(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128))

    def who(self, name: str) -> Any:
        return self.cast(name, reason="a step of the play", at=self.at)

    def run(self, steps_to_do: int = STEPS) -> None:
        steps: list[Callable[[], None]] = [
            self.need, self.offer, self.offer, self.allocate, self.allocate, self.send, self.send, self.receive,
            self.receive, self.use, self.lose, self.reverse, self.pay, self.change,
        ]  # fmt: skip
        # Refs come from the actions' ids: with these the same seed plays the same play.
        ids = mock.patch("evenhand.actions.action.uuid.uuid4", side_effect=self.next_id)
        for _ in range(steps_to_do):
            step = self.dice.choice(steps)
            with contextlib.suppress(EvenhandError), ids:
                step()
            self.at += timedelta(hours=HOURS, minutes=self.dice.randrange(30))

    def focal(self, party: str) -> Any:
        return self.who("focal-" + party.partition("-")[0].lower())

    def one_of(self, model: Any, **wanted: Any) -> Any:
        return self.dice.choice(list(model.objects.filter(**wanted).order_by("pk")) or [None])

    def need(self) -> None:
        party = self.dice.choice(RECIPIENTS)
        old = self.one_of(Need, state="approved")
        task_force = self.who("task-force-eu" if party == "FRA" else "task-force")
        if old is not None and self.dice.random() < 0.4:
            focal, task_force = (
                self.focal(old.party_id),
                self.who("task-force-eu" if old.party_id == "FRA" else "task-force"),
            )
            if self.dice.random() < 0.4:
                withdraw_need(focal, need=old.ref)
                return
            new = correct_need(focal, need=old.ref, **self.dice.choice([{"quantity": "700"}, {"held": "31"}]))
            approve_need(task_force, need=new.ref)
            return
        resource = self.dice.choice(("measles-vaccination", *GOODS))
        ref = draft_need(
            self.focal(party), party=party, resource=resource, quantity=str(self.dice.randrange(50, 900)), why="a reason",
            held=str(self.dice.randrange(40)), valid_until=self.at.date() + timedelta(days=self.dice.choice((9, 90))),
        ).ref  # fmt: skip
        submit_need(self.focal(party), need=ref)
        if self.dice.random() < 0.8:
            approve_need(task_force, need=ref)

    def offer(self) -> None:
        donor = self.dice.choice(("IND", "UNICEF"))
        money = self.dice.random() < 0.25
        priced = {} if money or self.dice.random() < 0.5 else {
            "unit_value": self.dice.choice(("2.15", "0.3")), "currency": self.dice.choice(("USD", "EUR")),
            "valued_on": self.at.date(),
        }  # fmt: skip
        make_offer(
            self.who("donor-" + donor.lower()), donor=donor, resource="USD" if money else self.dice.choice(GOODS),
            quantity=str(self.dice.randrange(100, 3000)), unit="cent" if money else "", said_on=self.at.date(),
            firmness=self.dice.choice(("statement", "pledge", "commitment", "commitment")), **priced,
        )  # fmt: skip

    def allocate(self) -> None:
        account = self.one_of(Account, stage__in=("offered", "committed"), balance__gt=1)
        if account is not None:
            party = self.dice.choice(RECIPIENTS)
            given = self.dice.randrange(1, account.balance)
            self._post(account, "allocate", f"allocated/{account.offer_id}/{party}", given)

    def _post(self, account: Any, verb: str, target: str, quantity: int) -> None:
        """A round would do this; the entry alone is enough here."""
        move(account.offer_id, verb, account.key, target, quantity, recorded=self.at)

    def send(self) -> None:
        account = self.one_of(Account, stage__in=("allocated", "received"), balance__gt=0)
        planned = self.one_of(Consignment, cancelled=False)
        if planned is not None and self.dice.random() < 0.4:
            dispatch_consignment(self.who("task-force"), consignment=planned.ref)
        elif account is not None:
            onward = account.stage == "received"
            origin = account.holder if onward else account.offer.donor_id
            destination = "TCD-moissala" if onward else account.holder
            line = f"{account.offer_id}={self.dice.randrange(1, account.balance + 1)}"
            ref = plan_consignment(
                self.focal(origin) if onward else self.who("donor-" + origin.lower()), origin=origin,
                destination=destination, lines=line,
            ).ref  # fmt: skip
            sender = self.focal(origin) if onward else self.who("donor-" + origin.lower())
            dispatch_consignment(sender, consignment=ref)

    def receive(self) -> None:
        account = self.one_of(Account, stage="in-transit", balance__gt=0)
        if account is not None:
            row = Consignment.objects.get(pk=account.holder)
            damaged = self.dice.choice((0, 0, 1, account.balance // 3))
            missing = self.dice.choice((0, 0, account.balance // 4))
            good = self.dice.choice(("", str(account.balance // 4)))
            receive_consignment(
                self.focal(row.destination_id), consignment=row.ref, good=good, damaged=str(damaged), missing=str(missing),
                cause="wet" if damaged or missing else "",
            )  # fmt: skip

    def use(self) -> None:
        account = self.one_of(Account, stage="received", balance__gt=0)
        if account is not None:
            quantity = str(self.dice.randrange(1, account.balance + 1))
            distribute_stock(
                self.focal(account.holder), party=account.holder, offer=account.offer_id, quantity=quantity
            )

    def lose(self) -> None:
        account = self.one_of(Account, stage="received", balance__gt=0)
        if account is not None:
            given = {"party": account.holder, "offer": account.offer_id, "quantity": "1"}
            how = self.dice.randrange(3)
            if how == 0:
                lose_stock(self.focal(account.holder), cause="theft", **given)
            elif how == 1:
                return_stock(self.focal(account.holder), cause="customs", **given)
            else:
                expire_stock(
                    self.focal(account.holder),
                    offer=account.offer_id,
                    stage="received",
                    holder=account.holder,
                    quantity="2",
                )

    def reverse(self) -> None:
        entry = self.one_of(Entry, verb__in=("distribute", "receive", "damage", "miss", "expire", "return", "spend"))
        if entry is not None:
            holder = entry.target.holder if entry.verb == "receive" else entry.source.holder
            if holder.startswith("CN-"):
                holder = Consignment.objects.get(pk=holder).destination_id
            reverse_entry(self.focal(holder), entry=entry.entry)

    def pay(self) -> None:
        account = self.one_of(Account, stage="allocated", resource="USD", balance__gt=0)
        paid = self.one_of(Account, stage="paid", balance__gt=0)
        if paid is not None and self.dice.random() < 0.4:
            spend_money(self.focal(paid.holder), party=paid.holder, offer=paid.offer_id, quantity="3 cent")
        elif account is not None:
            donor = self.who("donor-" + account.offer.donor_id.lower())
            pay_money(donor, offer=account.offer_id, to=account.holder, quantity=f"{account.balance} cent")

    def change(self) -> None:
        offer = self.one_of(Offer, withdrawn=False)
        if offer is not None:
            donor = self.who("donor-" + offer.donor_id.lower())
            if self.dice.random() < 0.3:
                withdraw_offer(donor, offer=offer.ref)
            else:
                change_offer(donor, offer=offer.ref, quantity=f"{offer.quantity + 40} {offer.resource.base_unit}")
