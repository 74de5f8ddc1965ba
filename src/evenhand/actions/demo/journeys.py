"""What travels in the demo, all of it invented: most arrives whole, some late, some short, some has not come yet.

Every journey is a handful of events on days of their own; all events of all journeys are told in the order of their days,
as they would have happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial

from evenhand.actions.consignments import dispatch_consignment, plan_consignment
from evenhand.actions.demo.people import TASK_FORCE
from evenhand.actions.demo.telling import Telling
from evenhand.actions.demo.village import village_events
from evenhand.actions.demo.work import work_events
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.reversals import reverse_entry
from evenhand.actions.stock import distribute_stock, return_stock
from evenhand.rounds.models import Round
from evenhand.stockbook.models import ConsignmentLine

Agenda = list[tuple[int, str, Callable[[], object]]]
"""Day before the last, name, what happens."""

FIRST = -76
"""The day on which the first consignments are planned."""

EVERY = 12
"""The fates of journeys repeat after so many."""

STILL_PLANNED, ON_THE_WAY, SHORT, IN_PARTS, LATE = 0, (1, 7), 2, 3, (4, 9)
CAUSES = ("cold-chain-broken", "broken", "customs", "theft", "wet")


def send_everything(telling: Telling, posted: str, offers: dict[str, str]) -> None:
    """Send what the posted round has allocated and what was given by name, and tell what became of it."""
    agenda: Agenda = []
    for place, (donor, party, lines) in enumerate(_allocated(posted)):
        agenda += Journey(telling, place, donor, party, lines).events()
    agenda += village_events(telling, offers)
    agenda += work_events(telling, offers)
    agenda.sort(key=lambda event: event[:2])
    for day in sorted({event[0] for event in agenda}):
        with telling.on(day):
            for when, _, happen in agenda:
                if when == day:
                    happen()


def _allocated(posted: str) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """Return what one donor has to send to one recipient: (offer, base units) for each."""
    row = Round.objects.get(pk=posted)
    lots = {lot.offer_id: lot for lot in row.lots.select_related("offer")}
    groups: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for offer, party, packs in sorted(row.proposals.get(number=row.published).lines):
        groups[lots[offer].offer.donor_id, party].append((offer, packs * lots[offer].pack_size))
    return [(donor, party, lines) for (donor, party), lines in sorted(groups.items())]


class Journey:
    """Tell one consignment of vaccine from a donor to a member, by its place in the order of all."""

    def __init__(self, telling: Telling, place: int, donor: str, party: str, lines: list[tuple[str, int]]) -> None:
        self.telling, self.place, self.donor, self.party, self.lines = telling, place, donor, party, lines
        self.name = f"{donor}-{party}"
        self.focal = f"focal-{party.lower()}"
        self.fate = place % EVERY
        self.ref = ""

    def events(self) -> Agenda:
        """Return what happens to it, and when."""
        planned = FIRST + self.place * 7 % 45
        left = planned + 3
        travels = 5 + self.place % 6
        if self.party == "TCD":  # its way to the village is told apart, and needs these to have come
            planned, left, travels, self.fate = FIRST, FIRST + 2, 6, 5
        elif self.fate == STILL_PLANNED:
            planned = -6
        elif self.fate in ON_THE_WAY:
            planned, left = (-40, -38) if self.place // EVERY % 3 == 0 else (-7, -4)
        due = left + travels + 1
        agenda: Agenda = [(planned, self.name, partial(self._plan, left, due))]
        if self.fate == STILL_PLANNED:
            return agenda
        agenda.append((left, self.name, self._send))
        if self.fate in ON_THE_WAY:
            return agenda
        came = left + travels + (9 if self.fate in LATE else 0)
        agenda.append((came, self.name, partial(self._arrive, came)))
        if self.fate == IN_PARTS:
            agenda.append((came + 4, self.name, self._rest))
        if self.fate == 6 and self.place < 2 * EVERY:
            agenda.append((came + 2, self.name, self._recount))
        used = came + 6 + self.place % 9
        if used < -1:
            agenda.append((used, self.name, partial(self._use, used)))
        return agenda

    def _plan(self, left: int, due: int) -> None:
        self.ref = self.telling.act(
            TASK_FORCE, plan_consignment, f"plan-{self.name}", origin=self.donor, destination=self.party,
            lines=";".join(f"{offer}={units}" for offer, units in self.lines), carrier="Demo Air (invented)",
            waybill=f"DEMO-{self.place:04d}", leaves_on=self.telling.day(left), due_on=self.telling.day(due),
        ).ref  # fmt: skip

    def _send(self) -> None:
        self.telling.act(f"donor-{self.donor.lower()}", dispatch_consignment, f"send-{self.name}", consignment=self.ref)

    def _arrive(self, came: int) -> None:
        first = self.lines[0][1]
        if self.fate == SHORT:
            damaged, missing = max(1, first // 40), first // 100
            self.telling.act(
                self.focal, receive_consignment, f"receive-{self.name}", consignment=self.ref, line=1,
                damaged=str(damaged), missing=str(missing), cause=CAUSES[self.place // EVERY % len(CAUSES)],
                note="counted with the carrier at the airport (invented)",
            )  # fmt: skip
            if len(self.lines) > 1:
                self._rest()
        elif self.fate == IN_PARTS:
            self.telling.act(
                self.focal, receive_consignment, f"receive-{self.name}", consignment=self.ref, line=1,
                good=str(max(1, first * 3 // 5)),
            )  # fmt: skip
        elif self.fate == 6 and self.place < 2 * EVERY:
            self.telling.act(
                self.focal, receive_consignment, f"receive-{self.name}", consignment=self.ref, line=1,
                missing=str(first // 10), cause="miscount", note="one stack fewer than on the waybill (invented)",
            )  # fmt: skip
            if len(self.lines) > 1:
                self._rest()
        else:
            self._rest()

    def _rest(self) -> None:
        self.telling.act(self.focal, receive_consignment, f"rest-{self.name}", consignment=self.ref)

    def _recount(self) -> None:
        """Find the stack that was missing: the entry is reversed, and the stack received."""
        entry = f"demo-receive-{self.name}:2"
        self.telling.act(
            self.focal, reverse_entry, f"recount-{self.name}", entry=entry,
            because="counted again on arrival in the cold store: the stack stood behind the door (invented)",
        )  # fmt: skip
        self.telling.act(self.focal, receive_consignment, f"found-{self.name}", consignment=self.ref, line=1)

    def _use(self, day: int) -> None:
        """Hand out most of what came; one member gives a little back."""
        for place, (offer, _) in enumerate(self.lines, 1):
            held = self._held(offer)
            if self.place == 17 and place == 1:
                self.telling.act(
                    self.focal, return_stock, f"return-{self.name}", party=self.party, offer=offer,
                    quantity=str(max(1, held // 20)), cause="not-needed",
                    note="more than could be used before its last day (invented)",
                )  # fmt: skip
            used = held * (55 + self.place * 13 % 40) // 100
            if used:
                self.telling.act(
                    self.focal, distribute_stock, f"use-{self.name}-{place}", party=self.party, offer=offer,
                    quantity=str(used),
                )  # fmt: skip

    def _held(self, offer: str) -> int:
        """Return how much came in good order of one line; from the consignment, so that a second telling says the same."""
        line = ConsignmentLine.objects.get(consignment=self.ref, offer=offer)
        quantity: int = line.quantity
        if line.number == 1 and self.fate == SHORT:
            quantity -= max(1, quantity // 40) + quantity // 100
        return quantity
