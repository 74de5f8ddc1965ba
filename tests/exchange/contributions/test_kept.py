"""Pledged beside paid: what a file of contributions says of each donor, counted again without the reader."""

from __future__ import annotations

import csv
import gzip
import io
import runpy
import statistics
import unicodedata
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from evenhand.errors import FileUnreadable, InputRefused
from evenhand.exchange.contributions import Contributions, count_kept, read_contributions

DOCS = Path(__file__).parents[3] / "docs"
HEADING = (
    "ContributionCode,DonorName,FiscalYear,DonorType,FundType,PooledFundName,PaidDate,PaidAmt,PledgeDate,PledgeAmt\n"
)
SMALL = HEADING + (
    "a,Norway,2021,Member State,CERF,CERF,2021-03-31,75.50,2021-03-01,0.0\n"
    "b,Norway,2021,Member State,CBPF,Yemen,2021-02-27,24.50,2021-03-01,0.0\n"
    "c,Norway,2023,Member State,CERF,CERF,,,2021-03-01,100\n"
    "d,Peru,2021,Member State,CBPF,Yemen,2021-06-01,10,1900-01-01,0.0\n"
    "e,Kenya,2021,Member State,CERF,CERF,2021-06-01,,2021-01-01,30\n"
)


@pytest.fixture(scope="module")
def small() -> Contributions:
    return read_contributions(SMALL.encode())


def test_each_contribution_keeps_its_days_and_amounts(small: Contributions) -> None:
    assert [(one.donor, one.fund, one.year, one.paid, one.owed, one.row) for one in small.rows] == [
        ("NOR", "CERF", 2021, Decimal("75.5"), 0, 2),
        ("NOR", "Yemen", 2021, Decimal("24.5"), 0, 3),
        ("NOR", "CERF", 2023, 0, 100, 4),
        ("PER", "Yemen", 2021, 10, 0, 5),
        ("KEN", "CERF", 2021, 0, 30, 6),
    ]
    assert small.rows[0].pledged_on == date(2021, 3, 1)
    assert small.rows[3].pledged_on is None
    assert small.rows[4].paid_on is None


def test_the_share_counts_what_is_not_yet_due_apart(small: Contributions) -> None:
    norway = next(one for one in count_kept(small.rows).donors if one.donor == "NOR")
    assert (norway.share, norway.share_due, norway.later) == (Fraction(1, 2), 1, 100)
    assert (norway.median_delay, norway.delays, norway.before) == (Fraction(30 - 2, 2), 2, 1)


def test_a_payment_without_a_day_of_pledge_has_no_delay(small: Contributions) -> None:
    peru = next(one for one in count_kept(small.rows).donors if one.donor == "PER")
    assert (peru.share, peru.delays, peru.median_delay) == (1, 0, None)


def test_donors_stand_by_name_and_all_of_them_add_up(small: Contributions) -> None:
    kept = count_kept(small.rows)
    assert [one.name for one in kept.donors] == ["Kenya", "Norway", "Peru"]
    assert kept.all.paid == sum(one.paid for one in kept.donors) == 110
    assert kept.all.owed == 130
    assert kept.year == 2021


def test_nothing_gives_no_share() -> None:
    kept = count_kept([])
    assert (kept.donors, kept.all.contributions, kept.all.share_due, kept.all.median_delay) == ((), 0, None, None)


def test_a_file_with_a_row_that_cannot_be_read_is_refused_by_row() -> None:
    with pytest.raises(InputRefused, match="row 2"):
        read_contributions(SMALL.replace("75.50", "much").encode())
    with pytest.raises(FileUnreadable, match="PledgeAmt"):
        read_contributions(SMALL.replace("PledgeAmt", "Owed").encode())


def one_name(name: str) -> str:
    """Return a donor's name in one spelling; the file writes one state in two ways."""
    return unicodedata.normalize("NFC", name.strip()).replace("Republic of Congo", "Congo, Republic of")


@pytest.fixture(scope="module")
def path(shared: Path) -> Path:
    return shared / "data" / "pledges" / "cerf_cbpf_contributions_pledge_paid.csv.gz"


def test_shares_and_delays_of_the_real_file_are_those_that_plain_python_counts(path: Path) -> None:
    kept = count_kept(read_contributions(path).rows)
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(io.StringIO(file.read(), newline="")))
    amounts: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    delays: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        paid, owed = (
            Decimal(row[name] or 0).quantize(Decimal("0.01"), "ROUND_HALF_EVEN") for name in ("PaidAmt", "PledgeAmt")
        )
        if not paid and not owed:
            continue
        donor = one_name(row["DonorName"])
        amounts[donor][0] += paid
        amounts[donor][1] += owed
        if paid and row["PledgeDate"] != "1900-01-01":
            days = date.fromisoformat(row["PaidDate"]) - date.fromisoformat(row["PledgeDate"])
            delays[donor].append(days.days)
    assert len(kept.donors) == len(amounts)
    for donor in kept.donors:
        name = one_name(donor.name)
        paid, owed = amounts[name]
        assert (donor.paid, donor.owed) == (paid, owed), donor.name
        assert donor.share == Fraction(paid) / Fraction(paid + owed)
        assert donor.delays == len(delays[name])
        assert (donor.median_delay or 0) == (statistics.median(delays[name]) if delays[name] else 0)
    every = [day for days in delays.values() for day in days]
    assert (kept.all.delays, kept.all.median_delay) == (len(every), statistics.median(every))


def test_what_the_documentation_says_of_the_real_file_is_what_it_counts(path: Path) -> None:
    kept = count_kept(read_contributions(path).rows)
    assert (kept.all.contributions, kept.all.delays, kept.all.before, kept.year) == (4264, 3968, 289, 2022)
    assert (kept.all.paid, kept.all.owed, kept.all.later) == (
        Decimal("17136806212.44"), Decimal("1045927967.29"), Decimal("848456565.72"),
    )  # fmt: skip
    told = {one.donor: (round(float(one.share) * 100, 1), float(one.median_delay or 0)) for one in kept.donors}
    assert told["GBR"] == (95.6, 13)
    assert told["SAU"] == (100, 196)
    assert told["FRA"] == (100, -2)


def test_the_table_of_the_documentation_is_what_the_file_says(path: Path) -> None:
    drawing = runpy.run_path(str(DOCS / "images" / "draw_contributions.py"))
    kept = count_kept(read_contributions(path).rows)
    page = (DOCS / "contributions.md").read_text(encoding="utf-8")
    assert [row for row in drawing["rows_of"](kept) if row not in page] == []
    assert (DOCS / "images" / "contributions.svg").read_text(encoding="utf-8") == drawing["draw"](
        drawing["shown_donors"](kept)
    )
