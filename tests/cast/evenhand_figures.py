"""The figures worked out again, by plain loops over all entries: slow, short, and sharing nothing with the lookups."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import Any

LOST = ("damaged", "missing", "expired", "returned")


class Reference:
    """Every table read once as plain rows; `recorded` up to the end of a day."""

    def __init__(self, day: date, *, past: bool) -> None:
        from evenhand.access.models import ActionLine
        from evenhand.records.models import Membership, Need, Offer, Party, Resource
        from evenhand.stockbook.models import Consignment, Entry

        last = f"{day.isoformat()}T99"
        self.day = day
        self.entries = [row for row in Entry.objects.order_by("seq").values() if not past or row["recorded"] < last]
        self.resources = {row["key"]: row for row in Resource.objects.values()}
        self.parents = {row["key"]: row["parent_id"] for row in Party.objects.values()}
        self.offers = {row["ref"]: row for row in Offer.objects.values()}
        self.goes_to = {row["ref"]: row["destination_id"] for row in Consignment.objects.values()}
        self.groups = [(row["group_id"], row["party_id"]) for row in Membership.objects.values()]
        self.needs = self.standing_needs(list(Need.objects.values()), list(ActionLine.objects.values()))

    def standing_needs(self, rows: list[dict[str, Any]], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        by_ref = {row["ref"]: row for row in rows}
        found = []
        for row in rows:
            if not row["approved_at"] or row["approved_at"].date() > self.day or row["valid_until"] < self.day:
                continue
            gone = [
                line["at"].date() for line in lines if line["name"] == "need withdraw" and line["about"] == row["ref"]
            ]
            gone += [
                one["approved_at"].date() for one in rows if one["replaces_id"] == row["ref"] and one["approved_at"]
            ]
            if any(day <= self.day for day in gone):
                continue
            stated = row
            while stated["replaces_id"] and by_ref[stated["replaces_id"]]["held"] == row["held"]:
                stated = by_ref[stated["replaces_id"]]
            found.append(row | {"since": stated["made_at"].date().isoformat()})
        return found

    def line(self, party: str | None) -> list[str]:
        line = []
        while party:
            line.append(party)
            party = self.parents[party]
        return line

    def family(self, resource: str) -> str:
        return self.resources[resource]["family_id"] or resource

    def size(self, resource: str, by: str) -> Fraction:
        if by == "resource":
            return Fraction(1)
        return Fraction(self.resources[self.family(resource)]["per_person"]) / Fraction(
            self.resources[resource]["per_person"]
        )

    def subjects(self, by: str, holder: str, donor: str, resource: str) -> list[str]:
        if by == "family":
            return [self.family(resource)]
        if by == "resource":
            return [resource]
        if by == "donor":
            return [donor] if donor else []
        if not holder:
            return []
        if by == "group":
            return sorted({group for group, member in self.groups if member in self.line(holder)})
        return [holder] if by == "holder" else [self.line(holder)[-1]]

    def figures(self, by: str) -> dict[tuple[str, str], dict[str, Fraction]]:
        cells: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))

        def add(column: str, holder: str, donor: str, resource: str, amount: Fraction) -> None:
            for subject in self.subjects(by, holder, donor, resource):
                cells[subject, resource if by == "resource" else self.family(resource)][column] += amount

        def is_money(resource: str) -> bool:
            return bool(self.resources[resource]["kind"] == "money")

        for row in self.entries:
            for account, sign in ((row["source_id"], -1), (row["target_id"], 1)):
                stage, offer, *holder = account.split("/")
                party = self.goes_to.get(holder[0], holder[0]) if holder else ""
                resource = row["resource_id"]
                if stage == "outside" or is_money(resource):
                    continue
                column = {"offered": "still_open", "in-transit": "in_transit"}.get(stage, stage)
                amount = sign * row["quantity"] * self.size(resource, by)
                add(column, party, self.offers[offer]["donor_id"], resource, amount)
                if stage != "withdrawn":
                    add("promised", party, self.offers[offer]["donor_id"], resource, amount)
        for row in self.offers.values():
            said = not row["withdrawn"] and row["said_on"] <= self.day
            if row["firmness"] == "statement" and said and not is_money(row["resource_id"]):
                size = self.size(row["resource_id"], by)
                add("claimed", "", row["donor_id"], row["resource_id"], row["quantity"] * size)
        for row in self.needs:
            if not is_money(row["resource_id"]):
                size = self.size(row["resource_id"], by)
                add("needed", row["party_id"], "", row["resource_id"], row["quantity"] * size)
        if by != "resource":
            for (party, family), (covered, gap) in self.served().items():
                add("covered", party, "", family, covered)
                add("gap", party, "", family, gap)
        return {
            key: {name: value for name, value in row.items() if value}
            for key, row in cells.items()
            if any(row.values())
        }

    def served(self) -> dict[tuple[str, str], tuple[Fraction, Fraction]]:
        found = {}
        needing = {(row["party_id"], self.family(row["resource_id"])) for row in self.needs}
        for party, family in sorted(needing):
            ours = [row for row in self.needs if (row["party_id"], self.family(row["resource_id"])) == (party, family)]
            target = sum((row["quantity"] * self.size(row["resource_id"], "") for row in ours), Fraction(0))
            there = sum((row["held"] * self.size(row["resource_id"], "") for row in ours), Fraction(0))
            coming = Fraction(0)
            since = min(row["since"] for row in ours)
            for row in self.entries:
                if self.family(row["resource_id"]) != family:
                    continue
                for account, sign in ((row["source_id"], -1), (row["target_id"], 1)):
                    stage, _, *holder = account.split("/")
                    if not holder:
                        continue
                    line = self.line(self.goes_to.get(holder[0], holder[0]))
                    nearest = next((one for one in line if (one, family) in needing), None)
                    amount = sign * row["quantity"] * self.size(row["resource_id"], "")
                    if nearest == party and stage in ("received", "used") and row["recorded"][:10] >= since:
                        there += amount
                    if nearest == party and stage in ("allocated", "in-transit"):
                        coming += amount
            covered = max(Fraction(0), min(target, there))
            found[party, family] = covered, max(Fraction(0), target - max(Fraction(0), there + coming))
        return found

    def money(self) -> dict[str, dict[str, int]]:
        cells: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in self.entries:
            if self.resources[row["resource_id"]]["kind"] == "money":
                for account, sign in ((row["source_id"], -1), (row["target_id"], 1)):
                    if (stage := account.split("/")[0]) != "outside":
                        cells[row["resource_id"]][stage] += sign * row["quantity"]
        for row in self.offers.values():
            money = self.resources[row["resource_id"]]["kind"] == "money"
            said = not row["withdrawn"] and row["said_on"] <= self.day
            if money and said and row["firmness"] != "commitment":
                column = "claimed" if row["firmness"] == "statement" else "pledged"
                cells[row["resource_id"]][column] += row["quantity"]
        return {key: {name: value for name, value in row.items() if value} for key, row in cells.items()}

    def worth(self) -> dict[str, dict[str, Fraction]]:
        """What every unit is worth: its offer's own price, and where it stands."""
        cells: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        columns = {"in-transit": "in_transit", "allocated": "allocated", "received": "received", "used": "used"}
        columns |= dict.fromkeys(("damaged", "missing", "expired"), "lost")
        for row in self.entries:
            for account, sign in ((row["source_id"], -1), (row["target_id"], 1)):
                stage, offer, *_ = account.split("/")
                price = self.offers[offer]["unit_value"]
                if price and stage not in ("outside", "withdrawn"):
                    worth = sign * row["quantity"] * Fraction(price)
                    cells[self.offers[offer]["currency"]]["promised"] += worth
                    if stage in columns:
                        cells[self.offers[offer]["currency"]][columns[stage]] += worth
        return {key: {name: value for name, value in row.items() if value} for key, row in cells.items()}
