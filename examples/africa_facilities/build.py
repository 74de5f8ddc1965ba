"""Build a round with 98,745 real health facilities of Africa as recipients, and 50 lots earmarked by country group.

    python examples/africa_facilities/build.py --shared ../shared --out build/africa

Needs only Python. Writes needs.csv, lots.csv and groups.csv; nothing of them is part of this repository. README.md says
what is real (the facilities, where they stand, their tier, the populations, the donors' doses, the communities of
states) and what is assumed (who comes to which facility, what each can keep cold, which lot is for whom).
"""

from __future__ import annotations

import argparse
import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared"

TARGET_PERCENT = 20
HELD_MONTH = "2021-08"
PACK_DOSES = 100
PER_PERSON = 2
LOTS = 50
LOT_SHARE = 10
"""A lot is one part in ten of the doses that stand in one cell of the donors' table."""

# How many people come to a facility, by tier, against one health post. An assumption.
CATCHMENT = {"1.0": 1, "2.0": 5, "3.0": 20, "4.0": 50, "": 1}
KEEPS_ULTRA_COLD = {"3.0", "4.0"}
ULTRA_COLD_EVERY = 5
"""Every fifth lot must be kept ultra-cold. An assumption."""

# The regional economic communities that the African Union recognises, as in 2021; states with listed facilities only.
COMMUNITIES = {
    "CEN-SAD": "BEN BFA CAF TCD COM CIV DJI ERI GMB GHA GIN GNB KEN LBR MLI MRT NER NGA STP SEN SLE SOM SDN TGO",
    "COMESA": "BDI COM COD DJI ERI SWZ ETH KEN MDG MWI MUS RWA SYC SOM SDN UGA ZMB ZWE",
    "EAC": "BDI KEN RWA SSD TZA UGA",
    "ECCAS": "AGO BDI CMR CAF TCD COG COD GNQ GAB RWA STP",
    "ECOWAS": "BEN BFA CPV CIV GMB GHA GIN GNB LBR MLI NER NGA SEN SLE TGO",
    "IGAD": "DJI ERI ETH KEN SOM SSD SDN UGA",
    "SADC": "AGO BWA COM COD SWZ LSO MDG MWI MUS MOZ NAM SYC ZAF TZA ZMB ZWE",
}

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a CSV file, also a compressed one, as dicts."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as packed:
            return list(csv.DictReader(packed))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as CSV: UTF-8, LF."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def facilities(shared: Path) -> list[tuple[str, Row]]:
    """Return every facility with a key such as AGO-00001: by country, numbered in the order of all its columns."""
    rows = read_rows(shared / "data/facilities/who_kwtrp_africa_facilities_2019.csv.gz")
    # The source has no keys, and names repeat. The order of all columns makes the same keys again on every machine.
    rows.sort(key=lambda row: [row["iso3c"], row["admin1"], row["facility_name"], *row.values()])
    numbers: Counter[str] = Counter()
    keyed = []
    for row in rows:
        numbers[row["iso3c"]] += 1
        keyed.append((f"{row['iso3c']}-{numbers[row['iso3c']]:05}", row))
    return keyed


def share_out_people(keyed: list[tuple[str, Row]], shared: Path) -> list[tuple[str, int, int]]:
    """Return key, target and held of every facility, in people."""
    population: dict[str, int] = {}
    for fact in read_rows(shared / "data/country/owid_covid_latest_2022-06-13.csv"):
        if fact["population"]:
            population[fact["iso_code"]] = int(float(fact["population"]))
    given: dict[str, int] = defaultdict(int)
    for report in read_rows(shared / "data/vaccination/owid_country_month_2020-12_2021-10.csv"):
        if report["month"] <= HELD_MONTH and report["total_vaccinations"]:
            given[report["iso_code"]] = max(given[report["iso_code"]], int(float(report["total_vaccinations"])))
    weights: Counter[str] = Counter()
    for _, row in keyed:
        weights[row["iso3c"]] += CATCHMENT[row["tier"]]
    shares = []
    for key, row in keyed:
        country = row["iso3c"]
        people = population[country] * CATCHMENT[row["tier"]] // weights[country]
        target = max(1, people * TARGET_PERCENT // 100)
        held = people * given[country] // (PER_PERSON * population[country])
        shares.append((key, target, held))
    return shares


def list_lots(shared: Path) -> list[list[object]]:
    """Return fifty lots: the largest cells of the donors' table, each for one community of states in turn."""
    cells = [
        (int(row[state]), row["Entity"], state)
        for row in read_rows(shared / "data/covax/owid_covax_donations_2022-04.csv")
        for state in ("delivered", "only_donated", "only_announced")
        # The European Union's row adds up its members' rows.
        if row["Code"] and int(row[state])
    ]
    cells.sort(key=lambda cell: (-cell[0], cell[1], cell[2]))
    earmarks = sorted(COMMUNITIES)
    lots: list[list[object]] = []
    for index, (doses, donor, _) in enumerate(cells[:LOTS]):
        packs = doses // LOT_SHARE // PACK_DOSES
        cold = "ultra-cold" if index % ULTRA_COLD_EVERY == 0 else ""
        lots.append([f"L{index + 1:02}", packs, donor, PACK_DOSES, PER_PERSON, earmarks[index % len(earmarks)], cold])
    return lots


def build(shared: Path, out: Path) -> None:
    """Write the three tables."""
    keyed = facilities(shared)
    communities = {
        country: [name for name, members in COMMUNITIES.items() if country in members.split()]
        for country in {row["iso3c"] for _, row in keyed}
    }
    out.mkdir(parents=True, exist_ok=True)
    needs = (
        (key, row["facility_name"], target, held, "ultra-cold" if row["tier"] in KEEPS_ULTRA_COLD else "")
        for (key, row), (_, target, held) in zip(keyed, share_out_people(keyed, shared), strict=True)
    )
    write_rows(out / "needs.csv", ("recipient", "name", "target", "held", "handles"), needs)
    lot_columns = ("lot", "packs", "donor", "pack_size", "per_person", "for", "requires")
    write_rows(out / "lots.csv", lot_columns, list_lots(shared))
    groups = (
        (key, group)
        for key, row in keyed
        for group in (row["iso3c"], f"{row['iso3c']}: {row['admin1']}", *communities[row["iso3c"]])
    )
    write_rows(out / "groups.csv", ("recipient", "group"), groups)


def main() -> None:
    """Read the options and build."""
    parser = argparse.ArgumentParser(description="Build a round of the health facilities of Africa.")
    parser.add_argument("--shared", type=Path, default=SHARED, help="the shared collection of public data")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    options = parser.parse_args()
    if not (options.shared / "data").is_dir():
        raise SystemExit(f"no data in {options.shared}; name the shared collection with --shared")
    build(options.shared, options.out)
    print(f"needs.csv, lots.csv and groups.csv written to {options.out}")


if __name__ == "__main__":
    main()
