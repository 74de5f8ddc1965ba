"""Build rounds that can be compared with what COVAX really gave, from public figures.

    python examples/covax_compare/build.py --shared ../shared --out build/covax

Needs only Python. Writes three folders, each with needs.csv, lots.csv and actual.csv; nothing of them is
part of this repository. What the cases ask, and what they leave out, is told in docs/covax.md.

first_round           the AstraZeneca doses of 2 March 2021, poured among the 48 participants whose share is known;
                      what a participant had given by then counts as held
first_round_plain     the same, counting nothing as held, as COVAX itself did then
hrp_to_may_2022       all that COVAX delivered to 25 states with a humanitarian response plan, by funder and vaccine
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared"

PACK_DOSES = 100
FIRST_ROUND_PERCENT = 20
FIRST_ROUND_MONTH = "2021-02"
LATE_PERCENT = 70

SINGLE_DOSE = {"Johnson & Johnson"}
ULTRA_COLD = {"Pfizer/BioNTech"}

# Absent from the country facts: United Nations, World Population Prospects 2019, estimates for 2020.
OTHER_POPULATIONS = {"NRU": ("Nauru", 10_824), "TUV": ("Tuvalu", 11_792)}

# One name per funder; the table also has spaces at the end of some names. "Global" is bought with pooled money.
FUNDERS = {"Global": "COVAX", "UAE": "United Arab Emirates", "UK": "United Kingdom", "USA": "United States"}

Row = dict[str, str]
Table = list[dict[str, object]]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a CSV file as dicts, without HXL hashtag rows and blank rows, cells trimmed."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [{key: (cell or "").strip() for key, cell in row.items() if key} for row in csv.DictReader(file)]
    return [row for row in rows if any(row.values()) and not next(iter(row.values())).startswith("#")]


def write_rows(path: Path, rows: Iterable[Mapping[str, object]], columns: Iterable[str]) -> None:
    """Write rows as CSV: UTF-8, LF."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)


def whole(text: str) -> int:
    """Return the number that a cell like "1,200,000" or "8200.0" holds."""
    return int(float(text.replace(",", "")))


def populations(shared: Path) -> dict[str, tuple[str, int]]:
    """Return name and population by ISO code."""
    facts = read_rows(shared / "data/country/owid_covid_latest_2022-06-13.csv")
    known = {row["iso_code"]: (row["location"], whole(row["population"])) for row in facts if row["population"]}
    return {**known, **OTHER_POPULATIONS}


def doses_given(shared: Path, month: str) -> dict[str, int]:
    """Return the doses given up to the end of a month, as last reported, by ISO code."""
    given: dict[str, int] = {}
    rows = read_rows(shared / "data/vaccination/owid_country_month_2020-12_2021-10.csv")
    for row in sorted(rows, key=lambda row: row["last_report"]):
        if row["month"] <= month and row["total_vaccinations"]:
            given[row["iso_code"]] = whole(row["total_vaccinations"])
    return given


def write_case(folder: Path, needs: Table, lots: Table, actual: Table) -> None:
    """Write the three tables of one case."""
    folder.mkdir(parents=True, exist_ok=True)
    write_rows(folder / "needs.csv", needs, ("recipient", "name", "target", "held", "handles"))
    columns = ("lot", "packs", "resource", "donor", "pack_size", "per_person", "requires")
    write_rows(folder / "lots.csv", lots, columns)
    write_rows(folder / "actual.csv", actual, ("lot", "recipient", "units"))
    doses = sum(int(str(row["units"])) for row in actual)
    print(f"{folder}: {len(needs)} recipients, {len(lots)} lots, {doses:,} doses really given")


def first_round(shared: Path, out: Path) -> None:
    """Write both cases of the first round: 2 March 2021, AstraZeneca."""
    people = populations(shared)
    given = doses_given(shared, FIRST_ROUND_MONTH)
    listed = read_rows(shared / "data/covax/covax_first_round_allocation_partial.csv")
    shares = {row["iso3"]: whole(row["az_doses_total"]) for row in listed}
    shares = {code: doses for code, doses in sorted(shares.items()) if doses}
    needs: Table = []
    for code in shares:
        name, population = people[code]
        held = given.get(code, 0) // 2
        needs.append({"recipient": code, "name": name, "target": population * FIRST_ROUND_PERCENT // 100, "held": held})
    lot = "AZ-2021-03-02"
    lots: Table = [
        {
            "lot": lot,
            "packs": sum(shares.values()) // PACK_DOSES,
            "resource": "AstraZeneca COVID-19 vaccine (SII and SKBio)",
            "donor": "COVAX",
            "pack_size": PACK_DOSES,
            "per_person": 2,
        }
    ]
    actual: Table = [{"lot": lot, "recipient": code, "units": doses} for code, doses in shares.items()]
    write_case(out / "first_round", needs, lots, actual)
    write_case(out / "first_round_plain", [{**row, "held": 0} for row in needs], lots, actual)


def hrp_to_may_2022(shared: Path, out: Path) -> None:
    """Write the case of all COVAX deliveries to states with a humanitarian response plan."""
    people = populations(shared)
    summary = read_rows(shared / "data/covax/ocha_covax_hrp_allocation_delivery_hxl.csv")
    # Self-financing participants bought what they got: those doses were nobody else's to have. Palestine's status is
    # blank in the table; it is among the 92 economies of the COVAX AMC.
    codes = sorted(row["ISO3"] for row in summary if row["SFP/AMC"] != "SFP")
    # Five rows are repeated exactly. They are kept: only with them do the rows add up to the table's own summary.
    rows = read_rows(shared / "data/covax/ocha_vaccine_deliveries_hrp_hxl.csv")
    delivered: Counter[tuple[tuple[str, str], str]] = Counter()
    held: Counter[str] = Counter()
    cold: set[str] = set()
    for row in rows:
        code, doses = row["ISO3"], whole(row["Doses"])
        vaccine = row["Vaccine"] or "not stated"
        if vaccine in ULTRA_COLD:
            cold.add(code)
        if row["Pipeline"] != "COVAX":
            held[code] += doses if vaccine in SINGLE_DOSE else doses // 2
        elif code in codes:
            delivered[(FUNDERS.get(row["Funder"], row["Funder"]), vaccine), code] += doses
    needs: Table = []
    for code in codes:
        name, population = people[code]
        target = population * LATE_PERCENT // 100
        handles = "ultra-cold" if code in cold else ""
        needs.append({"recipient": code, "name": name, "target": target, "held": held[code], "handles": handles})
    totals: Counter[tuple[str, str]] = Counter()
    for (gift, _), doses in delivered.items():
        totals[gift] += doses
    lots: Table = []
    left = 0
    for donor, vaccine in sorted(totals):
        # Half as many doses of a single-dose vaccine serve as many people: every pack is worth the same.
        per_person = 1 if vaccine in SINGLE_DOSE else 2
        size = PACK_DOSES * per_person // 2
        packs, rest = divmod(totals[donor, vaccine], size)
        left += rest
        lots.append(
            {
                "lot": f"{donor} / {vaccine}",
                "packs": packs,
                "resource": vaccine,
                "donor": donor,
                "pack_size": size,
                "per_person": per_person,
                "requires": "ultra-cold" if vaccine in ULTRA_COLD else "",
            }
        )
    actual: Table = [
        {"lot": " / ".join(gift), "recipient": code, "units": doses}
        for (gift, code), doses in sorted(delivered.items())
    ]
    write_case(out / "hrp_to_may_2022", needs, lots, actual)
    print(f"  {left:,} doses are less than a pack of their lot and are not in lots.csv")


def main() -> None:
    """Read the options and build."""
    parser = argparse.ArgumentParser(description="Build rounds to compare with what COVAX really gave.")
    parser.add_argument("--shared", type=Path, default=SHARED, help="the shared collection of public data")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    options = parser.parse_args()
    if not (options.shared / "data").is_dir():
        raise SystemExit(f"no data in {options.shared}; name the shared collection with --shared")
    first_round(options.shared, options.out)
    hrp_to_may_2022(options.shared, options.out)


if __name__ == "__main__":
    main()
