"""A small stock book in memory: what the rules say, with dictionaries and nothing else, for the state machine to compare with.

Every method returns the moves that an action makes, as (verb, source, target, quantity), or None where it must be refused.
An account is (stage, offer, holder).
"""

from __future__ import annotations

from dataclasses import dataclass, field

Account = tuple[str, str, str]
Move = tuple[str, Account, Account, int]

ABOVE = {
    "TCD-moissala": ("TCD-moissala", "TCD-mandoul", "TCD"), "TCD-mandoul": ("TCD-mandoul", "TCD"), "TCD": ("TCD",),
    "KEN": ("KEN",), "IND": ("IND",), "UNICEF": ("UNICEF",),
}  # fmt: skip
FOCAL = {"focal-tcd": "TCD", "nurse-moissala": "TCD-moissala", "focal-ken": "KEN"}
DONORS = {"donor-ind": "IND", "donor-unicef": "UNICEF"}
PEOPLE = (*FOCAL, *DONORS, "task-force", "auditor")
LEAVING = {"distribute": "used", "return": "returned", "miss": "missing", "damage": "damaged"}


@dataclass
class Gift:
    donor: str
    meant_for: str
    money: bool


@dataclass
class Trip:
    origin: str
    destination: str
    lines: list[tuple[str, Account, int]]
    cancelled: bool = False
    sent_by: dict[int, str] = field(default_factory=dict)  # line: the dispatch entry that stands


@dataclass
class ReferenceBook:
    gifts: dict[str, Gift] = field(default_factory=dict)
    held: dict[Account, int] = field(default_factory=dict)
    trips: dict[str, Trip] = field(default_factory=dict)
    entries: dict[str, Move] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)

    def has(self, account: Account) -> int:
        return self.held.get(account, 0)

    def write(self, names: list[str], moves: list[Move]) -> None:
        for name, (verb, source, target, quantity) in zip(names, moves, strict=True):
            self.entries[name] = (verb, source, target, quantity)
            self.held[source] = self.has(source) - quantity
            self.held[target] = self.has(target) + quantity

    def sends(self, who: str, origin: str, offer: str, source: Account) -> bool:
        """Say who may send: the donor or the secretariat what is still the donor's, the holder what it received."""
        onward = source[0] == "received"
        giver = origin if onward else self.gifts[offer].donor
        arranges = who == "task-force" and not onward
        return arranges or FOCAL.get(who) in ABOVE[giver] or DONORS.get(who) in ABOVE[giver]

    def plan(self, who: str, origin: str, destination: str, lines: list[tuple[str, int]]) -> list[Account] | None:
        if origin == destination or len({offer for offer, _ in lines}) < len(lines):
            return None
        if not (who == "task-force" or (FOCAL.get(who) or DONORS.get(who)) in ABOVE[origin]):
            return None
        sources = []
        for offer, quantity in lines:
            gift, below = self.gifts[offer], ABOVE[destination]
            candidates: list[Account] = []
            if gift.donor in ABOVE[origin]:
                candidates += [("allocated", offer, party) for party in below]
                candidates += [("offered", offer, "")] if gift.meant_for in below else []
            candidates.append(("received", offer, origin))
            fits = [one for one in candidates if self.has(one) - self.planned(one) >= quantity]
            if gift.money or not fits or not self.sends(who, origin, offer, fits[0]):
                return None
            sources.append(fits[0])
        return sources

    def planned(self, account: Account) -> int:
        return sum(
            quantity
            for trip in self.trips.values()
            for number, (_, source, quantity) in enumerate(trip.lines, 1)
            if source == account and not trip.cancelled and number not in trip.sent_by
        )

    def dispatch(self, who: str, ref: str) -> list[Move] | None:
        trip = self.trips[ref]
        lines = [
            (offer, source, many) for n, (offer, source, many) in enumerate(trip.lines, 1) if n not in trip.sent_by
        ]
        if trip.cancelled or not lines or not self.sends_all(who, trip):
            return None
        if any(self.has(source) < quantity for _, source, quantity in lines):
            return None
        return [("dispatch", source, ("in-transit", offer, ref), quantity) for offer, source, quantity in lines]

    def sends_all(self, who: str, trip: Trip) -> bool:
        return all(self.sends(who, trip.origin, offer, source) for offer, source, _ in trip.lines)

    def cancel(self, who: str, ref: str) -> bool:
        trip = self.trips[ref]
        return self.sends_all(who, trip) and not trip.cancelled and not trip.sent_by

    def receive(self, who: str, ref: str, line: int, good: int | None, damaged: int, missing: int) -> list[Move] | None:
        trip = self.trips[ref]
        meant = [offer for number, (offer, _, _) in enumerate(trip.lines, 1) if line in (0, number)]
        still = [offer for offer in meant if self.has(("in-transit", offer, ref))]
        if FOCAL.get(who) not in ABOVE[trip.destination] or trip.cancelled or not still:
            return None
        if len(still) > 1 and (good is not None or damaged or missing):
            return None
        moves: list[Move] = []
        for offer in still:
            transit = ("in-transit", offer, ref)
            fine = max(0, self.has(transit) - damaged - missing) if good is None else good
            if not 0 < fine + damaged + missing <= self.has(transit):
                return None
            moves += [("receive", transit, ("received", offer, trip.destination), fine)]
            moves += [("damage", transit, ("damaged", offer, ref), damaged)]
            moves += [("miss", transit, ("missing", offer, ref), missing)]
        return [move for move in moves if move[3]]

    def leave(self, who: str, verb: str, party: str, offer: str, quantity: int) -> list[Move] | None:
        money = self.gifts[offer].money
        source = ("paid" if money and verb == "return" else "received", offer, party)
        if FOCAL.get(who) not in ABOVE[party] or (money and verb != "return") or self.has(source) < quantity:
            return None
        return [(verb, source, (LEAVING[verb], offer, party), quantity)]

    def expire(self, who: str, offer: str, stage: str, holder: str, quantity: int | None) -> list[Move] | None:
        source = (stage, offer, holder)
        whole = self.has(source) if quantity is None else quantity
        if self.gifts[offer].money or not self.expires(who, source) or not 0 < whole <= self.has(source):
            return None
        return [("expire", source, ("expired", offer, holder), whole)]

    def expires(self, who: str, source: Account) -> bool:
        stage, offer, holder = source
        if stage == "received":
            return FOCAL.get(who) in ABOVE[holder]
        giver = self.trips[holder].origin if stage == "in-transit" else self.gifts[offer].donor
        return (FOCAL.get(who) or DONORS.get(who)) in ABOVE[giver]

    def pay(self, who: str, offer: str, to: str, quantity: int) -> list[Move] | None:
        gift = self.gifts[offer]
        candidates = [("allocated", offer, party) for party in ABOVE[to]]
        candidates += [("committed", offer, "")] if gift.meant_for in ABOVE[to] else []
        fits = [one for one in candidates if self.has(one) >= quantity]
        if not gift.money or DONORS.get(who) != gift.donor or not fits:
            return None
        return [("pay", fits[0], ("paid", offer, to), quantity)]

    def spend(self, who: str, party: str, offer: str, quantity: int) -> list[Move] | None:
        source = ("paid", offer, party)
        if not self.gifts[offer].money or FOCAL.get(who) not in ABOVE[party] or self.has(source) < quantity:
            return None
        return [("spend", source, ("spent", offer, party), quantity)]

    def reverse(self, who: str, name: str) -> list[Move] | None:
        verb, source, target, quantity = self.entries[name]
        if verb in ("reverse", "offer", "commit") or name in self.undone or self.has(target) < quantity:
            return None
        if verb == "dispatch":
            right = self.sends_all(who, self.trips[target[2]])
        elif verb == "expire":
            right = self.expires(who, source)
        elif verb == "pay":
            right = DONORS.get(who) == self.gifts[source[1]].donor
        else:
            speaker = target[2] if verb == "allocate" else source[2]
            if source[0] == "in-transit":
                speaker = self.trips[source[2]].destination
            right = FOCAL.get(who) in ABOVE[speaker]
        return [("reverse", target, source, quantity)] if right else None
