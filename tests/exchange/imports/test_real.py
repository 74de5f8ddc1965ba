"""Real files of OCHA, CERF and WHO: what they add up to is what was published."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from evenhand.errors import EvenhandError
from evenhand.exchange.imports import ImportedTable, read_import


def read_rows(path: Path) -> list[dict[str, str]]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def data(shared: Path) -> Path:
    return shared / "data"


@pytest.fixture(scope="module")
def deliveries(data: Path) -> ImportedTable:
    return read_import(data / "covax" / "ocha_vaccine_deliveries_hrp_hxl.csv", "entries", layout="ocha-deliveries")


def test_the_deliveries_are_all_taken_and_five_repeats_are_shown_to_a_person(deliveries: ImportedTable) -> None:
    assert deliveries.sound, deliveries.problems
    assert deliveries.frame.height == 823
    assert len(deliveries.identical) == 5
    assert all(len(rows) == 2 for rows in deliveries.identical)
    assert deliveries.frame["verb"].unique().to_list() == ["received"]
    assert any("2022-06-30" in note for note in deliveries.notes)


def test_the_deliveries_add_up_to_what_was_published(deliveries: ImportedTable, data: Path) -> None:
    rows = read_rows(data / "covax" / "ocha_vaccine_deliveries_hrp_hxl.csv")
    pipeline = pl.Series([rows[number - 2]["Pipeline"] for number in deliveries.rows])
    by = (
        deliveries.frame.with_columns(pipeline.alias("pipeline"))
        .group_by("recipient", "pipeline")
        .agg(pl.sum("quantity"))
    )
    sums = {(recipient, through): int(doses) for recipient, through, doses in by.rows()}
    assert sum(doses for (_, through), doses in sums.items() if through == "COVAX") == 400_327_381
    assert sum(doses for (_, through), doses in sums.items() if through == "Other") == 445_444_616
    summary = read_rows(data / "covax" / "ocha_covax_hrp_allocation_delivery_hxl.csv")[1:]
    assert len(summary) == 30
    for row in summary:
        for through, heading in (("COVAX", "COVAX Delivered"), ("Other", "Other Delivered")):
            published = int(row[heading].replace(",", "") or 0)
            assert sums.get((row["ISO3"], through), 0) == published, (row["ISO3"], through)


def test_the_deliveries_bring_their_funders_along(deliveries: ImportedTable) -> None:
    parties = deliveries.companions["parties"]
    assert set(deliveries.frame["donor"]) | set(deliveries.frame["recipient"]) == set(parties["key"])
    assert parties.filter(pl.col("kind") == "organisation")["key"].sort().to_list() == [
        "african-vaccine-acquisition-trust", "covax", "private-sector", "procured", "unknown-funder",
    ]  # fmt: skip
    assert set(deliveries.frame["resource"]) == set(deliveries.companions["resources"]["key"])


def test_contributions_add_up_to_the_file_to_the_cent(data: Path) -> None:
    path = data / "pledges" / "cerf_cbpf_contributions_pledge_paid.csv.gz"
    table = read_import(path, "offers", layout="cerf-cbpf")
    assert table.sound, table.problems
    rows = read_rows(path)
    assert len(rows) == 4_276
    assert table.frame.height == 4_264
    assert "12 rows (the first is row 100) were left out: nothing is owed or paid in them" in table.notes[0]
    owed, paid = (sum(Decimal(row[name] or 0) for row in rows) for name in ("PledgeAmt", "PaidAmt"))
    assert table.frame["paid"].sum() == paid == Decimal("17136806212.44")
    # 24 of the amounts that are owed have fractions of a cent; what rounding them changed is said.
    pledged = table.frame.filter(pl.col("firmness") == "pledge")["quantity"].sum()
    assert "24 numbers had more than 2 decimals and were rounded; together they changed by -0.0115" in table.notes[1]
    assert pledged - Decimal("-0.0115") == owed == Decimal("1045927967.3015")
    assert table.frame["quantity"].sum() == pledged + paid
    before = table.frame.filter(pl.col("paid_on") < pl.col("said_on")).height
    # 302 rows were paid before they were pledged, but 2 of them not paid at all.
    told = sum(
        bool(row["PaidDate"]) and row["PaidDate"] < row["PledgeDate"] and float(row["PaidAmt"] or 0) > 0 for row in rows
    )
    assert before == told
    assert set(table.frame["donor"]) | set(table.frame["to"]) == set(table.companions["parties"]["key"])


@pytest.mark.parametrize(
    ("file", "layout", "constants", "height"),
    [
        ("afg_hpc_needs_api_2024.csv", "ocha-needs-hpc", {"party": "AFG"}, 13),
        ("hpc_hno_2024.csv", "ocha-needs-hpc", {}, 24),
        ("hpc_hno_2024.csv", "ocha-needs-hpc-national", {}, 27),
        ("hapi_humanitarian_needs_global_2024.csv.gz", "ocha-needs-hapi", {}, 23),
    ],
)
def test_people_in_need_are_read_once_a_place_and_sector(
    file: str, layout: str, constants: dict[str, str], height: int, data: Path
) -> None:
    table = read_import(data / "needs" / file, "needs", layout=layout, constants=constants)
    assert table.sound, table.problems
    assert table.frame.height == height
    assert not table.frame.select("party", "place", "resource").is_duplicated().any()
    assert set(table.frame["resource"]) <= set(table.companions["resources"]["key"])
    left = sum(int(word.replace(",", "")) for note in table.notes for word in note.split() if "left out" in note and word.replace(",", "").isdigit() and f" {word} rows" in note)  # fmt: skip
    single = sum(" was left out" in note for note in table.notes)
    assert left + single + height == len(read_rows(data / "needs" / file))


def test_two_sources_of_the_same_needs_say_the_same(data: Path) -> None:
    hpc = read_import(data / "needs" / "hpc_hno_2024.csv", "needs", layout="ocha-needs-hpc").frame
    hapi = read_import(
        data / "needs" / "hapi_humanitarian_needs_global_2024.csv.gz", "needs", layout="ocha-needs-hapi"
    ).frame
    both = hpc.join(hapi, on=["party", "place", "resource"], suffix="_hapi")
    assert both.height == 23
    # The note of the layout: HAPI's one figure for protection in Kabul is HPC's for general protection.
    differ = both.filter(pl.col("quantity") != pl.col("quantity_hapi"))
    assert differ.select("place", "resource").rows() == [("AF0101", "people-in-need-pro")]
    general = hpc.filter(pl.col("resource") == "people-in-need-pro-general")
    assert general["quantity"].to_list() == differ["quantity_hapi"].to_list()


def test_every_p_code_is_a_place_of_its_own(data: Path) -> None:
    table = read_import(data / "pcodes" / "hdx_global_pcodes_adm1_adm2.csv.gz", "places", layout="hdx-pcodes")
    assert table.sound, table.problems
    assert table.frame.height == 33_453
    assert table.frame["key"].n_unique() == 33_453
    keys = set(table.frame["key"]) | set(table.companions["places"]["key"])
    assert set(table.frame["parent"]) <= keys
    assert dict(table.frame["level"].value_counts().rows()) == {1: 2_543, 2: 30_910}


@pytest.mark.slow
def test_every_facility_is_a_party_of_its_own_and_stays_the_same(data: Path) -> None:
    path = data / "facilities" / "who_kwtrp_africa_facilities_2019.csv.gz"
    table = read_import(path, "parties", layout="who-facilities")
    assert table.sound, table.problems
    assert table.frame.height == 98_745
    assert table.frame["key"].n_unique() == 98_745
    assert len(table.identical) == 3
    assert table.frame["latitude"].null_count() == 2_350
    assert Counter(table.frame["parent"].to_list())["NGA"] == 20_807
    packed = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    turned = read_import(b"".join([packed[0], *packed[:0:-1]]), "parties", layout="who-facilities")
    assert set(turned.frame["key"]) == set(table.frame["key"])


def test_every_messy_file_gives_a_table_or_a_sentence(data: Path) -> None:
    files = sorted(path for path in (data / "hxl").rglob("*") if path.is_file())
    assert len(files) > 20
    for path in files:
        said = say(path)
        assert path.name in said or "save it" in said, (path, said)


def say(path: Path) -> str:
    """Return what is wrong with a file as needs; one of these that were sound would be a wonder."""
    try:
        table = read_import(path, "needs")
    except EvenhandError as error:
        return str(error)
    return str(table.problems[0])


@pytest.mark.parametrize("state", ["bfa", "caf", "eth", "lby", "nga", "sdn", "tcd"])
def test_who_does_what_where_can_be_opened_with_a_layout_of_ones_own(state: str, data: Path, tmp_path: Path) -> None:
    [path] = (data / "hxl").glob(f"{state}_*.xlsx")
    layout = tmp_path / "any.toml"
    layout.write_text(
        'table = "parties"\n[columns]\nkey = { constant = "x" }\nname = { constant = "x" }\nkind = { constant = "team" }\n'
    )
    try:
        table = read_import(path, "parties", layout=layout)
    except EvenhandError as error:
        pytest.fail(f"{path.name}: {error}")
    assert table.frame.height > 10
