"""Build needs.csv, lots.csv, groups.csv and sources.csv of this folder from public figures, the same bytes each time.

    python examples/united_against_covid/build.py --shared ../shared

Needs only Python. Reads the shared collection of public data (not part of this repository) and the three small tables
in facts/, which restate what the collection does not hold. Every figure that is written gets a row in sources.csv.
What is real and what is assumed is told in README.md.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared"

HELD_UNTIL = date(2021, 5, 31)
"""What a member held is counted up to here: just before the announced doses began to arrive in number."""

TARGET_PERCENT = 20
PACK_SIZE = 100
PER_PERSON = 2
SHORTEST_RECORD_DAYS = 28

OWID_FACTS = "Our World in Data, COVID-19 country facts, 13 June 2022, CC BY 4.0"
OWID_DOSES = "Our World in Data, COVID-19 vaccinations by country and month, December 2020 to October 2021, CC BY 4.0"
WHO_STAFF = (
    "WHO Global Health Observatory, medical doctors (HWF_0002) and nursing and midwifery personnel (HWF_0007), 2022"
)
OCHA_DELIVERIES = "OCHA, COVID-19 vaccine doses in HRP countries (HDX), deliveries to May 2022, CC BY IGO"
PER_PERSON_BASIS = "two doses a person for every vaccine, an assumption: some lots hold single-dose vaccine"

WPP_2022 = {"TKM": (6_430_770, "2022-07-01")}
WPP_2022_SOURCE = (
    "United Nations, World Population Prospects 2022, as quoted by "
    "https://worldpopulationreview.com/countries/turkmenistan-population"
)

# Official short names of the United Nations, where the membership table writes another form.
OFFICIAL_NAMES = {
    "BOL": "Bolivia (Plurinational State of)",
    "COD": "Democratic Republic of the Congo",
    "IRN": "Iran (Islamic Republic of)",
    "LAO": "Lao People's Democratic Republic",
    "PRK": "Democratic People's Republic of Korea",
    "PSE": "State of Palestine",
    "SYR": "Syrian Arab Republic",
    "TZA": "United Republic of Tanzania",
    "VEN": "Venezuela (Bolivarian Republic of)",
    "VNM": "Viet Nam",
}

M49 = "United Nations Statistics Division, standard country codes (M49); members only"
# Groups that the membership table does not hold: name, members among the 120, source.
OTHER_GROUPS = {
    "CARICOM": ("ATG BHS BLZ BRB DMA GRD GUY HTI JAM KNA LCA SUR TTO VCT", "https://caricom.org/member-states/"),
    "Northern Africa": ("DZA EGY LBY MAR SDN TUN", M49),
    "Pacific Islands": ("FJI PNG VUT", M49),
    "PALOP": ("AGO CPV GNB GNQ MOZ STP", "Portuguese-speaking states of Africa, as named by Portugal (PRT-PALOP)"),
    "South-eastern Asia": ("BRN IDN KHM LAO MMR MYS PHL SGP THA TLS VNM", M49),
    "Southern Asia": ("AFG BGD BTN IND IRN LKA MDV NPL PAK", M49),
}

# A group may not bear the key of a recipient, and NAM is Namibia: so the Movement's name is written out.
MEMBERSHIPS = {"AMC92": "COVAX-AMC92", "CICA": "CICA", "Non-Aligned Movement": "NAM", "OIC": "OIC"}

NEEDS_COLUMNS = ("recipient", "name", "target", "held", "tier_1", "handles", "per_week")
LOTS_COLUMNS = (
    "lot", "packs", "resource", "donor", "pack_size", "per_person", "for", "requires", "arrives", "expires",
)  # fmt: skip
SOURCES_COLUMNS = ("table", "key", "column", "value", "basis", "source", "date")

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a CSV file as dicts."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows as CSV: UTF-8, LF."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n", restval="", extrasaction="raise")
        writer.writeheader()
        writer.writerows(rows)


class Sources:
    """Collect where each figure comes from."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []

    def add(self, table: str, key: str, column: str, value: object, basis: str, source: str, day: str) -> None:
        """Note one figure."""
        self.rows.append(
            {
                "table": table,
                "key": key,
                "column": column,
                "value": value,
                "basis": basis,
                "source": source,
                "date": day,
            }
        )


def members(shared: Path) -> dict[str, str]:
    """Return ISO code and name of the Movement's 120 members of 2020 (South Sudan joined in 2024)."""
    rows = read_rows(shared / "data/members/memberships.csv")
    return {
        row["iso3"]: OFFICIAL_NAMES.get(row["iso3"], row["name"])
        for row in rows
        if row["group"] == "NAM" and row["status"] == "member" and int(row["joined_year"]) <= 2020
    }


def doses_given(shared: Path) -> dict[str, list[tuple[date, int]]]:
    """Return, by ISO code, the days on which doses given so far were reported and their number, in order of days."""
    given: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in read_rows(shared / "data/vaccination/owid_country_month_2020-12_2021-10.csv"):
        if row["total_vaccinations"]:
            given[row["iso_code"]].append(
                (date.fromisoformat(row["last_report"]), int(float(row["total_vaccinations"])))
            )
    return {code: sorted(reports) for code, reports in given.items()}


def best_pace(reports: list[tuple[date, int]]) -> tuple[int, str] | None:
    """Return the most people a week (two doses each) between two reports at least four weeks apart, and what it rests on."""
    best: tuple[int, str] | None = None
    for index, (first_day, first) in enumerate(reports):
        for last_day, last in reports[index + 1 :]:
            days = (last_day - first_day).days
            if days < SHORTEST_RECORD_DAYS:
                continue
            people = (last - first) * 7 // (days * PER_PERSON)
            if best is None or people > best[0]:
                best = (people, f"{last - first} doses from {first_day} to {last_day}, {PER_PERSON} a person")
    return best


def pfizer_records(shared: Path) -> dict[str, tuple[str, str]]:
    """Return source and date of a record that Pfizer-BioNTech vaccine reached a state, by ISO code."""
    records = {row["recipient"]: (row["source"], row["date"]) for row in read_rows(HERE / "facts/ultra_cold.csv")}
    for row in read_rows(shared / "data/covax/ocha_vaccine_deliveries_hrp_hxl.csv"):
        if "Pfizer" in row["Vaccine"]:
            records[row["ISO3"]] = (OCHA_DELIVERIES, "2022-05")
    return records


def build_needs(shared: Path, sources: Sources) -> list[dict[str, object]]:
    """Return the rows of needs.csv."""
    facts = {row["iso_code"]: row for row in read_rows(shared / "data/country/owid_covid_latest_2022-06-13.csv")}
    staff = {row["recipient"]: row for row in read_rows(HERE / "facts/health_workers.csv")}
    given = doses_given(shared)
    pfizer = pfizer_records(shared)
    rows: list[dict[str, object]] = []
    for code, name in sorted(members(shared).items()):
        if code in WPP_2022:
            population, day = WPP_2022[code]
            population_source = WPP_2022_SOURCE
        else:
            population, day, population_source = int(float(facts[code]["population"])), "2022-06-13", OWID_FACTS
        target = population * TARGET_PERCENT // 100
        basis = f"{TARGET_PERCENT} % of {population} people, rounded down"
        sources.add("needs", code, "target", target, basis, population_source, day)

        before = [report for report in given.get(code, []) if report[0] <= HELD_UNTIL]
        held = before[-1][1] // PER_PERSON if before else 0
        basis = f"{before[-1][1]} doses given, {PER_PERSON} a person" if before else f"nothing reported by {HELD_UNTIL}"
        sources.add("needs", code, "held", held, basis, OWID_DOSES, str(before[-1][0] if before else HELD_UNTIL))

        doctors, nurses = staff[code]["doctors"], staff[code]["nurses_midwives"]
        tier = int(doctors) + int(nurses)
        years = (staff[code]["doctors_year"], staff[code]["nurses_midwives_year"])
        basis = f"{doctors} medical doctors ({years[0]}) and {nurses} nursing and midwifery personnel ({years[1]})"
        sources.add("needs", code, "tier_1", tier, basis, WHO_STAFF, max(years))

        handles = ""
        if code in pfizer:
            handles = "ultra-cold"
            basis = "Pfizer-BioNTech vaccine delivered or given by 31 May 2022"
            sources.add("needs", code, "handles", handles, basis, *pfizer[code])

        pace = best_pace(given.get(code, []))
        if pace:
            sources.add("needs", code, "per_week", pace[0], pace[1], OWID_DOSES, "2021-10")
        rows.append(
            {
                "recipient": code, "name": name, "target": target, "held": held, "tier_1": tier, "handles": handles,
                "per_week": pace[0] if pace else "",
            }
        )  # fmt: skip
    return rows


def build_lots(sources: Sources) -> list[dict[str, object]]:
    """Return the rows of lots.csv, from facts/announcements.csv."""
    rows: list[dict[str, object]] = []
    for said in sorted(read_rows(HERE / "facts/announcements.csv"), key=lambda row: row["lot"]):
        doses = int(said["doses"])
        if doses % PACK_SIZE:
            raise SystemExit(f"facts/announcements.csv, lot {said['lot']}: {doses} doses are no whole packs")
        row = {column: said.get(column, "") for column in LOTS_COLUMNS}
        rows.append({**row, "packs": doses // PACK_SIZE, "pack_size": PACK_SIZE, "per_person": PER_PERSON})
        basis = f"{doses} doses in packs of {PACK_SIZE}; {said['basis']}"
        sources.add("lots", said["lot"], "packs", doses // PACK_SIZE, basis, said["source"], said["announced"])
        for column in ("for", "requires", "arrives", "expires"):
            if said[column]:
                sources.add("lots", said["lot"], column, said[column], said["basis"], said["source"], said["announced"])
    sources.add("lots", "*", "pack_size", PACK_SIZE, "doses a pack, an assumption", "README.md", "")
    sources.add("lots", "*", "per_person", PER_PERSON, PER_PERSON_BASIS, "README.md", "")
    return rows


def build_groups(shared: Path, sources: Sources) -> list[dict[str, object]]:
    """Return the rows of groups.csv."""
    codes = set(members(shared))
    listed = read_rows(shared / "data/members/memberships.csv")
    groups: dict[str, tuple[set[str], str, str]] = {}
    for group, short in MEMBERSHIPS.items():
        # Observers are no members; Syria's membership of the OIC was suspended from 2012 to 2025.
        rows = [row for row in listed if row["group"] == short and row["status"] != "observer"]
        inside = {row["iso3"] for row in rows if "suspended" not in row["note"]} & codes
        cited = sorted({name for row in rows for name in row["sources"].split(";")})
        groups[group] = (inside, "membership lists: " + ", ".join(cited), "2020")
    facts = read_rows(shared / "data/country/owid_covid_latest_2022-06-13.csv")
    continents = {row["iso_code"]: row["continent"] for row in facts}
    africa = {code for code in codes if continents.get(code) == "Africa"}
    americas = {code for code in codes if continents.get(code) in ("North America", "South America")}
    all_of_africa = "every African member of the United Nations belongs to the African Union; continent: "
    groups["African Union"] = (africa, all_of_africa + OWID_FACTS, "2021")
    groups["Latin America and the Caribbean"] = (americas, "continent: " + OWID_FACTS, "2021")
    response_plans = {
        row["ISO3"] for row in read_rows(shared / "data/covax/ocha_covax_hrp_allocation_delivery_hxl.csv")
    }
    groups["HRP"] = (
        response_plans & codes,
        "OCHA, COVID-19 vaccine doses in HRP countries (HDX), CC BY IGO",
        "2022-05",
    )
    for group, (inside_text, source) in OTHER_GROUPS.items():
        inside = set(inside_text.split())
        if not inside <= codes:
            raise SystemExit(f"{group}: no members of the table: {sorted(inside - codes)}")
        groups[group] = (inside, source, "2021")
    for group, (inside, source, day) in sorted(groups.items()):
        sources.add("groups", group, "group", len(inside), "members of the group among the 120", source, day)
    return [
        {"recipient": code, "group": group}
        for code in sorted(codes)
        for group in sorted(groups)
        if code in groups[group][0]
    ]


def build(shared: Path, out: Path) -> None:
    """Write the four tables into `out`."""
    sources = Sources()
    needs = build_needs(shared, sources)
    lots = build_lots(sources)
    groups = build_groups(shared, sources)
    out.mkdir(parents=True, exist_ok=True)
    write_rows(out / "needs.csv", NEEDS_COLUMNS, needs)
    write_rows(out / "lots.csv", LOTS_COLUMNS, lots)
    write_rows(out / "groups.csv", ("recipient", "group"), groups)
    write_rows(out / "sources.csv", SOURCES_COLUMNS, sources.rows)


def main() -> None:
    """Read the options and build."""
    parser = argparse.ArgumentParser(description="Build the tables of this example from public figures.")
    parser.add_argument("--shared", type=Path, default=SHARED, help="the shared collection of public data")
    parser.add_argument("--out", type=Path, default=HERE, help="the folder to write to (default: this one)")
    options = parser.parse_args()
    if not (options.shared / "data").is_dir():
        raise SystemExit(f"no data in {options.shared}; name the shared collection with --shared")
    build(options.shared, options.out)
    print(f"needs.csv, lots.csv, groups.csv and sources.csv written to {options.out}")


if __name__ == "__main__":
    main()
