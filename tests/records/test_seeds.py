"""The seed lists: whole, sorted, tied to one another, every row with a source that is explained, numbers as published."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from evenhand.supply.registers import REGISTERS, RESOURCE_KINDS, STATUSES

SEEDS = Path(__file__).resolve().parents[2] / "src" / "evenhand" / "records" / "seeds"
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
REQUIREMENTS = {"", "cold-chain", "frozen", "ultra-cold", "controlled-medicines"}

COLUMNS = {
    "countries": "key name name_fr alpha2 m49 region subregion",
    "currencies": "key name digits number",
    "groups": "key name name_fr kind founded source",
    "memberships": "group party since until status sources note",
    "offices": "group party office since until source",
    "resources": "key name name_fr kind family base_unit packs parts per_person requires codes note",
    "translations": "of key ar zh ru es",
}
ORDER = {
    "memberships": ("group", "party", "since", "status"),
    "offices": ("group", "office", "since", "party"),
    "translations": ("of", "key"),
}

Row = dict[str, str]


def read_seed(name: str) -> list[Row]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def by_key(name: str) -> dict[str, Row]:
    return {row["key"]: row for row in read_seed(name)}


def counted(cell: str) -> dict[str, int]:
    """Read `box=100;carton=1000`."""
    return {name: int(number) for name, number in (part.split("=") for part in cell.split(";") if part)}


def sources_of(name: str, row: Row) -> list[str]:
    if name == "resources":
        bracket = re.search(r"\[([^\[\]]+)\]$", row["note"])
        return bracket.group(1).split(";") if bracket else [""]
    return row["sources" if name == "memberships" else "source"].split(";")


def first_day(written: str) -> dt.date:
    return dt.date.fromisoformat(written if "-" in written else f"{written}-01-01")


def last_day(written: str) -> dt.date:
    return dt.date.fromisoformat(written if "-" in written else f"{written}-12-31")


def current(group: str, status: str = "member") -> set[str]:
    """Return the parties that are in the group with no last day."""
    return {
        row["party"]
        for row in read_seed("memberships")
        if (row["group"], row["status"], row["until"]) == (group, status, "")
    }


# ── shape ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", COLUMNS)
def test_a_seed_is_plain_csv_with_the_columns_agreed(name: str) -> None:
    raw = (SEEDS / f"{name}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    heading, *rows = list(csv.reader(raw.decode("utf-8").splitlines(), strict=True))
    assert heading == COLUMNS[name].split()
    assert {len(row) for row in rows} == {len(heading)}
    untidy = [cell for row in rows for cell in row if cell != " ".join(cell.split()) or cell[:1] in tuple("=+-@")]
    assert untidy == []


@pytest.mark.parametrize("name", COLUMNS)
def test_rows_are_sorted_and_none_comes_twice(name: str) -> None:
    keys = [tuple(row[column] for column in ORDER.get(name, ("key",))) for row in read_seed(name)]
    assert all(before < after for before, after in pairwise(keys))


@pytest.mark.parametrize("name", ["countries", "currencies", "groups", "resources"])
def test_every_key_can_stand_in_an_account(name: str) -> None:
    assert [key for key in by_key(name) if not KEY.fullmatch(key)] == []


def test_the_folder_holds_these_tables_and_their_sources_alone() -> None:
    assert {path.name for path in SEEDS.iterdir()} == {"SOURCES.md", *(f"{name}.csv" for name in COLUMNS)}


# ── countries and currencies ─────────────────────────────────────────────────────────────────────────────────────────


def test_all_countries_of_iso_3166_are_there_once_under_each_of_their_codes() -> None:
    countries = read_seed("countries")
    assert len(countries) == 249
    for column, form in (("key", "[A-Z]{3}"), ("alpha2", "[A-Z]{2}"), ("m49", "[0-9]{3}")):
        codes = [country[column] for country in countries]
        assert len(set(codes)) == 249
        assert [code for code in codes if not re.fullmatch(form, code)] == []
    for column in ("name", "name_fr"):
        assert len({country[column] for country in countries}) == 249
        assert all(country[column] for country in countries)


@pytest.mark.parametrize(
    ("key", "name", "name_fr", "alpha2", "m49", "subregion"),
    [
        ("BOL", "Bolivia (Plurinational State of)", "Bolivie (État plurinational de)", "BO", "068", "South America"),
        ("CIV", "Côte d'Ivoire", "Côte d'Ivoire", "CI", "384", "Western Africa"),
        ("PSE", "State of Palestine", "État de Palestine", "PS", "275", "Western Asia"),
        ("TCD", "Chad", "Tchad", "TD", "148", "Middle Africa"),
        ("TUR", "Türkiye", "Türkiye", "TR", "792", "Western Asia"),
        ("VNM", "Viet Nam", "Viet Nam", "VN", "704", "South-eastern Asia"),
    ],
)
def test_names_and_codes_are_those_of_the_united_nations(
    key: str, name: str, name_fr: str, alpha2: str, m49: str, subregion: str
) -> None:
    row = by_key("countries")[key]
    assert (row["name"], row["name_fr"], row["alpha2"], row["m49"]) == (name, name_fr, alpha2, m49)
    assert row["subregion"] == subregion


def test_every_country_but_antarctica_lies_in_one_of_the_regions_of_m49() -> None:
    countries = read_seed("countries")
    assert [country["key"] for country in countries if not country["region"]] == ["ATA"]
    assert Counter(country["region"] for country in countries if country["region"]) == {
        "Africa": 60, "Americas": 57, "Asia": 51, "Europe": 51, "Oceania": 29,
    }  # fmt: skip
    region_of: dict[str, set[str]] = {}
    for country in countries:
        region_of.setdefault(country["subregion"], set()).add(country["region"])
    assert {name for name, regions in region_of.items() if len(regions) > 1} == set()
    assert len(region_of.keys() - {""}) == 22


def test_currencies_have_the_minor_units_of_iso_4217() -> None:
    currencies = by_key("currencies")
    assert len(currencies) == 155
    assert len({row["number"] for row in currencies.values()}) == 155
    assert all(
        re.fullmatch("[A-Z]{3}", key) and re.fullmatch("[0-9]{3}", row["number"]) for key, row in currencies.items()
    )
    digits = {key: int(row["digits"]) for key, row in currencies.items()}
    assert set(digits.values()) == {0, 2, 3}
    assert {key for key, places in digits.items() if places == 3} == {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
    assert {"JPY", "KRW", "XOF", "XAF", "VND", "CLP"} <= {key for key, places in digits.items() if places == 0}
    assert currencies.keys().isdisjoint({"XAU", "XDR", "XTS", "XXX", "BGN", "HRK", "ANG"})


# ── groups, memberships, offices ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["memberships", "offices"])
def test_every_group_and_party_named_exists(name: str) -> None:
    groups, countries = by_key("groups"), by_key("countries")
    assert [row for row in read_seed(name) if row["group"] not in groups or row["party"] not in countries] == []


def test_every_group_has_members_or_eligible_parties_and_its_founding() -> None:
    for key, group in by_key("groups").items():
        assert current(key) | current(key, "eligible"), key
        assert group["name"]
        assert group["name_fr"]
        assert first_day(group["founded"]) < dt.date(2021, 1, 1)


@pytest.mark.parametrize("name", ["memberships", "offices"])
def test_days_are_a_year_or_a_day_and_none_ends_before_it_begins(name: str) -> None:
    for row in read_seed(name):
        for column in ("since", "until"):
            assert re.fullmatch(r"(\d{4}(-\d\d-\d\d)?)?", row[column]), row
        if row["since"] and row["until"]:
            assert first_day(row["since"]) <= last_day(row["until"]), row
        assert not row["since"] or dt.date(1945, 10, 24) <= first_day(row["since"]) < dt.date(2026, 11, 22), row


def test_nobody_is_in_a_group_twice_at_once() -> None:
    spans: dict[tuple[str, str], list[tuple[dt.date, dt.date]]] = {}
    for row in read_seed("memberships"):
        if row["since"]:
            until = last_day(row["until"]) if row["until"] else dt.date.max
            spans.setdefault((row["group"], row["party"]), []).append((first_day(row["since"]), until))
    several = {pair: sorted(found) for pair, found in spans.items() if len(found) > 1}
    assert several.keys() == {("OIC", "SYR")}
    for found in several.values():
        assert all(end + dt.timedelta(days=1) == begin for (_, end), (begin, _) in pairwise(found))


def test_there_is_one_chair_at_a_time() -> None:
    chairs: dict[str, list[tuple[str, str]]] = {}
    for row in read_seed("offices"):
        if row["office"] == "chair":
            chairs.setdefault(row["group"], []).append((row["since"], row["until"]))
    assert chairs.keys() == {"CICA", "NAM", "OIC"}
    for group, spans in chairs.items():
        *over, (_, now) = sorted(spans)
        assert now == "", group
        for (_, until), (since, _) in pairwise(sorted(spans)):
            # A year alone says only that the handing over was some time in it.
            assert first_day(until) <= last_day(since), group
            assert "-" not in until or last_day(until) < first_day(since), group
        assert all(until for _, until in over), group


def test_the_last_three_chairs_of_the_movement_are_venezuela_azerbaijan_and_uganda() -> None:
    chairs = [row for row in read_seed("offices") if (row["group"], row["office"]) == ("NAM", "chair")]
    assert [(row["party"], row["since"][:4], row["until"][:4]) for row in chairs[-3:]] == [
        ("VEN", "2016", "2019"),
        ("AZE", "2019", "2024"),
        ("UGA", "2024", ""),
    ]


def test_the_security_council_has_fifteen_seats_in_2026() -> None:
    sitting = [
        row["party"]
        for row in read_seed("offices")
        if row["group"] == "UN" and first_day(row["since"]) <= dt.date(2026, 7, 1)
        and (not row["until"] or last_day(row["until"]) >= dt.date(2026, 7, 1))
    ]  # fmt: skip
    assert len(set(sitting)) == len(sitting) == 15
    assert set(sitting) <= current("UN")


@pytest.mark.parametrize(
    ("group", "status", "number"),
    [
        ("UN", "member", 193),
        ("UN", "observer", 2),
        ("NAM", "member", 121),
        ("NAM", "observer", 18),
        ("OIC", "member", 57),
        ("OIC", "observer", 4),
        ("CICA", "member", 28),
        ("CICA", "observer", 10),
        ("ICDO", "member", 57),
        ("AMC92", "eligible", 91),
    ],
)
def test_groups_have_the_numbers_published_and_the_sources_page_says_the_same(
    group: str, status: str, number: int
) -> None:
    assert len(current(group, status)) == number
    assert f"\n| {group} | {status} | {number} |" in (SEEDS / "SOURCES.md").read_text(encoding="utf-8")


def test_members_of_the_movement_are_members_of_the_united_nations_or_palestine() -> None:
    assert current("NAM") - current("UN") == {"PSE"}
    assert "SSD" in current("NAM")


def test_united_nations_grew_as_its_own_table_says() -> None:
    """Members at the end of a year, less those that no longer exist (Czechoslovakia, Yugoslavia, both Germanies' second seat).

    Source: United Nations, "Growth in United Nations membership": 51 in 1945, 60 in 1950, 76 in 1955, 99 in 1960, 193 in 2011.
    """
    joined = [
        int(row["since"][:4]) for row in read_seed("memberships") if (row["group"], row["status"]) == ("UN", "member")
    ]
    by = {year: sum(one <= year for one in joined) for year in (1945, 1950, 1955, 2000, 2002, 2006, 2011)}
    assert by == {1945: 51 - 2, 1950: 60 - 2, 1955: 76 - 2, 2000: 189, 2002: 191, 2006: 192, 2011: 193}


def test_status_words_are_those_that_an_import_takes() -> None:
    assert {row["status"] for row in read_seed("memberships")} <= set(STATUSES)


@pytest.mark.parametrize(
    ("group", "theirs"),
    [("UN", "UN"), ("NAM", "NAM"), ("OIC", "OIC"), ("CICA", "CICA"), ("ICDO", "ICDO"), ("AMC92", "COVAX-AMC92")],
)
def test_members_are_those_of_the_collected_lists(shared: Path, group: str, theirs: str) -> None:
    lists = shared / "data" / "members" / "memberships.csv"
    if not lists.is_file():
        pytest.skip("the collected lists of members (../shared/data/members/memberships.csv) are not on this machine")
    with lists.open(encoding="utf-8", newline="") as file:
        collected = [row for row in csv.DictReader(file) if row["group"] == theirs]
    outside_iso = {"XKX"} if group == "AMC92" else set()
    for status in {row["status"] for row in collected}:
        assert current(group, status) == {row["iso3"] for row in collected if row["status"] == status} - outside_iso
    years = {row["iso3"]: row["joined_year"] for row in collected if row["joined_year"]}
    first: dict[str, str] = {}
    for row in read_seed("memberships"):
        if row["group"] == group and row["status"] in ("member", "eligible") and row["since"]:
            first.setdefault(row["party"], row["since"][:4])
    assert {party: year for party, year in years.items() if party not in outside_iso and first[party] != year} == {}


# ── resources ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_resources_have_the_columns_and_kinds_of_the_register() -> None:
    resources = read_seed("resources")
    assert [column.name for column in REGISTERS["resources"].columns] == COLUMNS["resources"].split()
    assert {row["kind"] for row in resources} == set(RESOURCE_KINDS) - {"money"}
    assert 100 <= len(resources) <= 160
    assert {row["key"] for row in resources}.isdisjoint(by_key("currencies"))


def test_every_resource_has_both_names_and_a_base_unit_in_words() -> None:
    resources = read_seed("resources")
    for row in resources:
        assert row["name"], row
        assert row["name_fr"], row
        assert re.fullmatch("[a-z]+(-[a-z]+)*", row["base_unit"]), row
    for column in ("name", "name_fr"):
        assert len({row[column] for row in resources}) == len(resources)


def test_packs_are_whole_named_and_grow() -> None:
    for row in read_seed("resources"):
        packs = counted(row["packs"])
        assert all(re.fullmatch("[a-z]+(-[a-z]+)*", name) and name != row["base_unit"] for name in packs), row
        assert all(size > 1 for size in packs.values()), row
        assert sorted(packs.values()) == list(packs.values()), row
        assert row["packs"].count("=") == len(packs), row


def test_a_family_exists_is_nobodys_member_and_is_counted_one_to_one() -> None:
    resources = by_key("resources")
    families = {row["family"] for row in resources.values() if row["family"]}
    assert {"covid-vaccine", "covid-test", "mask", "ventilator", "emergency-shelter"} <= families
    for key in families:
        family = resources[key]
        assert (family["family"], family["per_person"], family["parts"]) == ("", "1", ""), family
        assert {row["kind"] for row in resources.values() if row["family"] == key} == {family["kind"]}


def test_parts_of_a_kit_exist_and_no_kit_is_in_itself() -> None:
    resources = by_key("resources")
    kits = {key: counted(row["parts"]) for key, row in resources.items() if row["parts"]}
    assert kits["shelter-kit"] == {"tarpaulin": 2, "shelter-tool-kit": 1}

    def inside(key: str, above: frozenset[str]) -> None:
        assert key not in above, key
        for part, number in kits.get(key, {}).items():
            assert part in resources, (key, part)
            assert number > 0
            inside(part, above | {key})

    for key in kits:
        inside(key, frozenset())


@pytest.mark.parametrize(
    ("key", "per_person", "requires"),
    [
        ("vaccine-az", 2, "cold-chain"),
        ("vaccine-pfizer", 2, "ultra-cold"),
        ("vaccine-moderna", 2, "frozen"),
        ("vaccine-janssen", 1, "cold-chain"),
        ("vaccine-sinopharm", 2, "cold-chain"),
        ("vaccine-sinovac", 2, "cold-chain"),
        ("vaccine-sputnik-v", 2, "frozen"),
        ("vaccine-abdala", 3, "cold-chain"),
    ],
)
def test_covid_vaccines_know_their_doses_a_person_and_how_cold_they_are_kept(
    key: str, per_person: int, requires: str
) -> None:
    row = by_key("resources")[key]
    assert (row["family"], row["base_unit"]) == ("covid-vaccine", "dose")
    assert (int(row["per_person"]), row["requires"]) == (per_person, requires)


def test_amounts_a_person_and_requirements_can_be_read() -> None:
    for row in read_seed("resources"):
        assert Decimal(row["per_person"]) > 0, row
        assert set(row["requires"].split(";")) <= REQUIREMENTS, row


def test_a_code_of_somebody_elses_stands_on_one_resource_alone() -> None:
    codes = [code for row in read_seed("resources") for code in row["codes"].split(";") if code]
    assert [code for code, times in Counter(codes).items() if times > 1] == []
    assert [code for code in codes if not re.fullmatch(r"atc:[A-Z]\d\d[A-Z]{2}(\d\d)?", code)] == []


# ── sources ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_row_has_a_source_and_the_sources_page_explains_each_and_no_other() -> None:
    page = (SEEDS / "SOURCES.md").read_text(encoding="utf-8")
    table = page.split("## What the source names mean", 1)[1]
    explained = [name for name in re.findall(r"^\| ([^|]+?) \|", table, re.MULTILINE) if name not in ("name", "---")]
    named: set[str] = set()
    for name in ("groups", "memberships", "offices", "resources"):
        for row in read_seed(name):
            sources = sources_of(name, row)
            assert all(sources), (name, row)
            assert len(set(sources)) == len(sources), (name, row)
            named.update(sources)
    assert named - set(explained) == set()
    assert set(explained) - named == set()
    assert explained == sorted(explained)


@pytest.mark.parametrize("name", COLUMNS)
def test_the_sources_page_speaks_of_every_table_and_its_length_where_it_gives_one(name: str) -> None:
    page = (SEEDS / "SOURCES.md").read_text(encoding="utf-8")
    assert f"{name}.csv" in page
    stated = re.search(rf"^## {name}\.csv: (\d+) rows$", page, re.MULTILINE)
    assert stated is None or int(stated.group(1)) == len(read_seed(name))
