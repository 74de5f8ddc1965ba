"""Fill an installation twenty times the demo: what the portal's speed is promised on.

    python -m bench.portal.scene FOLDER [SHARE]

First the demo itself, with its real states, resources and announced gifts, told to end two years ago; then, from that day
to this, hospitals below the states, needs, offers, consignments and entries, straight through the tables and
`stockbook.posting`, without an action each. Nothing in it is real but the names of states and resources. The same share
(1 where not said) gives the same rows; the sizes are those of `SIZES`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"parties": 2_400, "needs": 50_000, "offers": 20_000, "consignments": 50_000, "entries": 1_000_000}
FIRST = date(2024, 12, 1)
STEPS = 200
"""The time between is cut into so many steps; the entries of one are posted at once."""

HOSPITALS = ("district hospital", "provincial hospital", "health centre", "maternity clinic", "central medical store")
WHYS = (
    "an outbreak in three districts, {n} cases confirmed", "the stock of the central store lasts {n} days",
    "floods have cut off {n} health centres", "the yearly campaign reaches {n} villages",
    "people displaced from the border, {n} families registered", "the supplier has cancelled order {n}",
    "winter is coming and {n} shelters are without heating", "a new ward with {n} beds opens",
)  # fmt: skip
PRIORITIES = ("life-saving", "urgent", "urgent", "normal", "normal", "normal")
STATES = ("approved",) * 86 + ("submitted",) * 5 + ("draft",) * 5 + ("withdrawn",) * 2 + ("approved",) * 2
FIRMNESS = ("statement",) * 20 + ("pledge",) * 25 + ("commitment",) * 55
BY = "u-0000000000000000"


class Scene:
    """Write the rows, one kind after the other; every choice comes from one seeded source."""

    def __init__(self, share: float) -> None:
        from evenhand.records.models import Party, Resource

        self.dice = random.Random(20)
        self.sizes = {name: max(int(size * share), 10) for name, size in SIZES.items()}
        self.today = datetime.now(UTC).date()
        self.days = (self.today - FIRST).days
        self.states = list(Party.objects.filter(kind="state").order_by("key"))
        self.goods = list(Resource.objects.filter(kind="goods", parts={}).order_by("key"))[:90]
        self.number = 0

    def ref(self, prefix: Any) -> str:
        from evenhand.records.refs import make_ref

        self.number += 1
        return make_ref(prefix, "scene", self.number)

    def day(self, at: float | None = None) -> date:
        return FIRST + timedelta(days=int((self.dice.random() if at is None else at) * self.days))

    def moment(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, self.dice.randrange(6, 19), self.dice.randrange(60), tzinfo=UTC)

    def amount(self) -> int:
        return int(self.dice.lognormvariate(9, 1.4)) + 100

    def parties(self) -> None:
        from evenhand.records.models import Membership, Party

        needy = set(Membership.objects.filter(group="NAM", status="member").values_list("party", flat=True))
        self.needy = [state for state in self.states if state.key in needy]
        more = self.sizes["parties"] - Party.objects.count()
        self.facilities = [
            Party(
                key=f"{state.key}-{kind[:2]}{number:04}", name=f"{state.name}: {kind} {number}", kind="facility", parent=state,
                place_id=state.place_id, latitude=state.latitude, longitude=state.longitude,
            )
            for number in range(more)
            for state, kind in [(self.needy[number % len(self.needy)], HOSPITALS[number % len(HOSPITALS)])]
        ]  # fmt: skip
        Party.objects.bulk_create(self.facilities, batch_size=1000)

    def needs(self) -> None:
        from evenhand.access.models import ActionLine
        from evenhand.records.models import Need

        rows, lines = [], []
        who = [*self.needy * 6, *self.facilities]
        for _ in range(self.sizes["needs"] - Need.objects.count()):
            party, resource, state = self.dice.choice(who), self.dice.choice(self.goods), self.dice.choice(STATES)
            quantity, made = self.amount(), self.day()
            valid = made + timedelta(days=self.dice.randrange(60, 720))
            approved = None if state in ("draft", "submitted") else self.moment(made + timedelta(days=3))
            row = Need(
                ref=self.ref("ND"), party=party, place_id=party.place_id, resource=resource, quantity=quantity,
                typed=str(quantity), unit=resource.base_unit, why=self.dice.choice(WHYS).format(n=self.dice.randrange(3, 400)),
                by_when=valid - timedelta(days=30) if self.dice.random() < 0.7 else None,
                priority=self.dice.choice(PRIORITIES), valid_until=valid,
                held=quantity // self.dice.choice((3, 5, 10, 20, 50)) if self.dice.random() < 0.5 else 0, state=state,
                made_at=self.moment(made), approved_at=approved,
            )  # fmt: skip
            rows.append(row)
            if approved:
                lines.append(self.line(f"scene-{row.ref}", "need approve", row.ref, approved, party.key))
            if state == "withdrawn":
                later = approved + timedelta(days=9)  # type: ignore[operator]  # withdrawn ones were approved
                lines.append(self.line(f"scene-w-{row.ref}", "need withdraw", row.ref, later, party.key))
        Need.objects.bulk_create(rows, batch_size=1000)
        ActionLine.objects.bulk_create(lines, batch_size=1000)

    def line(self, id: str, name: str, about: str, at: datetime, party: str) -> Any:
        from evenhand.access.models import ActionLine

        return ActionLine(
            id=id, name=name, by=BY, for_party=party, about=about, at=at, digest="0" * 64, given={}, answer={"ref": about},
        )  # fmt: skip

    def offers(self) -> None:
        from evenhand.access.models import ActionLine
        from evenhand.lookups.offers import counts
        from evenhand.records.models import Offer

        donors = self.states[:: max(1, len(self.states) // 120)] + self.needy[::6]
        rows, lines = [], []
        number = self.sizes["offers"] - Offer.objects.count()
        for at in range(number):
            donor, resource = self.dice.choice(donors), self.dice.choice(self.goods)
            said, quantity = self.day(at / number), self.amount() * 40
            priced = self.dice.random() < 0.4
            row = Offer(
                ref=self.ref("OF"), donor=donor, resource=resource, quantity=quantity, typed=str(quantity),
                unit=resource.base_unit, firmness=self.dice.choice(FIRMNESS), said_on=said,
                window_from=said, window_until=said + timedelta(days=self.dice.randrange(60, 400)),
                meant_for=self.dice.choice(("", "", "NAM")),
                expires=said + timedelta(days=self.dice.randrange(200, 1100)) if self.dice.random() < 0.6 else None,
                unit_value=f"{self.dice.randrange(1, 900) / 100:.2f}" if priced else "", currency="USD" if priced else "",
                valued_on=said if priced else None, made_at=self.moment(said),
            )  # fmt: skip
            rows.append(row)
            lines.append(self.line(f"scene-{row.ref}", "offer make", row.ref, row.made_at, donor.key))
        Offer.objects.bulk_create(rows, batch_size=1000)
        ActionLine.objects.bulk_create(lines, batch_size=1000)
        self.given = [row for row in rows if counts("goods", row.firmness)]

    def travels(self) -> None:
        """Let everything firm enter the book, be allocated, leave, arrive and be handed out, step by step in time."""
        from evenhand.database.writing import writing
        from evenhand.stockbook.models import Entry
        from evenhand.stockbook.posting import post

        before = Entry.objects.count()
        self.spread = max(1, (self.sizes["entries"] - before - len(self.given)) // self.sizes["consignments"] - 2)
        self.entered = 0
        for step in range(STEPS):
            day = FIRST + timedelta(days=self.days * step // STEPS)
            at = datetime(day.year, day.month, day.day, 9, step % 60, tzinfo=UTC)
            with writing():
                post(list(self.step(step, day, at)), action=f"scene-{step}", by=BY, recorded=at)

    def step(self, step: int, day: date, at: datetime) -> Iterator[Any]:
        from evenhand.access.models import ActionLine
        from evenhand.ledger.entries import AccountKey
        from evenhand.stockbook.models import Consignment, ConsignmentLine
        from evenhand.stockbook.posting import Posting

        first, last = (-(-len(self.given) * place // STEPS) for place in (step, step + 1))
        for offer in self.given[first:last]:
            value = str(offer.quantity * int(float(offer.unit_value) * 100) / 100) if offer.unit_value else ""
            yield Posting(
                f"scene-o-{offer.ref}", "offer", AccountKey("outside", offer.ref), AccountKey("offered", offer.ref),
                offer.resource_id, offer.quantity, offer.said_on, concerns=offer.ref, value=value, currency=offer.currency,
                valued_on=offer.said_on.isoformat() if value else "",
            )  # fmt: skip
        share = self.sizes["consignments"] * (step + 1) // STEPS - self.sizes["consignments"] * step // STEPS
        consignments, travelling, lines = [], [], []
        taken: dict[str, int] = {}
        for number in range(share):
            offer = self.given[self.dice.randrange(last)]
            to = self.dice.choice(self.facilities if self.facilities and self.dice.random() < 0.7 else self.needy)
            quantity = offer.quantity // 300 + 20
            if taken.get(offer.ref, 0) + quantity > offer.quantity // 6:
                offer = self.given[first + number % max(1, last - first)]
                quantity = offer.quantity // 300 + 20
            taken[offer.ref] = taken.get(offer.ref, 0) + quantity
            ref = self.ref("CN")
            consignments.append(
                Consignment(
                    ref=ref, origin_id=offer.donor_id, destination=to, carrier="a carrier", waybill=f"W{number:05}",
                    leaves_on=day, due_on=day + timedelta(days=21), made_at=at,
                )
            )  # fmt: skip
            source = AccountKey("allocated", offer.ref, to.key)
            travelling.append(
                ConsignmentLine(
                    consignment_id=ref, number=1, offer=offer, source=str(source), quantity=quantity, typed=str(quantity),
                    unit=offer.unit, good_until=offer.expires,
                )
            )  # fmt: skip
            road, there = AccountKey("in-transit", offer.ref, ref), AccountKey("received", offer.ref, to.key)
            day_of = {"resource": offer.resource_id, "happened": day, "concerns": ref}
            yield Posting(
                f"{ref}:a", "allocate", AccountKey("offered", offer.ref), source, offer.resource_id, quantity, day
            )
            fate = self.dice.random() if step < STEPS - 8 else self.dice.random() * 0.3
            if fate < 0.02:
                continue  # planned still
            yield Posting(f"{ref}:d", "dispatch", source, road, quantity=quantity, **day_of)
            lines.append(self.line(f"scene-d-{ref}", "consignment dispatch", ref, at, to.key))
            if fate < (0.05 if step < STEPS - 8 else 0.25):
                continue  # on its way
            lost = quantity // 9 if self.dice.random() < 0.12 else 0
            if lost:
                what = self.dice.choice((("damage", "damaged"), ("miss", "missing")))
                yield Posting(f"{ref}:l", what[0], road, AccountKey(what[1], offer.ref, ref), quantity=lost, **day_of)
            good = quantity - lost
            if fate < 0.08:
                good //= 2  # the rest has not come yet
            yield Posting(f"{ref}:r", "receive", road, there, quantity=good, **day_of)
            lines.append(self.line(f"scene-r-{ref}", "consignment receive", ref, at + timedelta(hours=1), to.key))
            used = AccountKey("used", offer.ref, to.key)
            for part in range(min(self.spread + 1, good)):
                yield Posting(
                    f"{ref}:u{part}",
                    "distribute",
                    there,
                    used,
                    offer.resource_id,
                    max(1, good // (self.spread + 3)),
                    day,
                )
        Consignment.objects.bulk_create(consignments, batch_size=1000)
        ConsignmentLine.objects.bulk_create(travelling, batch_size=1000)
        ActionLine.objects.bulk_create(lines, batch_size=1000)

    def rounds(self) -> None:
        """Publish the demo's decided round again, under other titles."""
        from evenhand.rounds.models import FrozenTable, Proposal, Round, RoundLot, RoundNeed

        model = Round.objects.filter(published__gt=0).order_by("ref").first()
        if model is None:
            return
        kept = {
            table: list(table.objects.filter(round=model)) for table in (FrozenTable, Proposal, RoundLot, RoundNeed)
        }
        for number in range(1, 25):
            ref = self.ref("RD")
            row = Round.objects.get(pk=model.pk)
            row.ref, row.title, row.date = ref, f"{model.title}, again {number}", self.day()
            row.state = self.dice.choice(("published", "decided", "posted", "posted"))
            row.save(force_insert=True)
            for table, rows in kept.items():
                for one in rows:
                    one.pk, one.round_id = None, ref
                table.objects.bulk_create(rows)


def fill(share: float) -> None:
    """Write everything, and say what it took."""
    from django.db import transaction

    from evenhand.access.models import Version
    from evenhand.stockbook.checkpoints import make_checkpoint_after

    scene = Scene(share)
    for part in (scene.parties, scene.needs, scene.offers, scene.travels, scene.rounds):
        begun = perf_counter()
        if part == scene.travels:
            part()
        else:
            with transaction.atomic():
                part()
        print(f"{part.__name__}: {perf_counter() - begun:.0f} s", flush=True)
    with transaction.atomic():
        Version.objects.raise_by_one()
    make_checkpoint_after("scene", datetime.now(UTC))


def main(arguments: list[str]) -> int:
    """Make the folder with the demo in it, then fill it."""
    if not 1 <= len(arguments) <= 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    if folder.exists() and any(folder.iterdir()):
        print(f"{folder} holds something already; name a new folder", file=sys.stderr)
        return 1
    demo = [sys.executable, "-m", "evenhand", "demo", str(folder), "--day", FIRST.isoformat(), "--json"]
    subprocess.run(demo, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    os.environ["EVENHAND_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "evenhand.server.settings"
    import django

    django.setup()
    fill(float(arguments[1]) if len(arguments) == 2 else 1)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
