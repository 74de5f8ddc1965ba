"""Real files into a freshly seeded database: the published figures come out of the entries again."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from evenhand_cast import NOW

from evenhand.access.models import RoleHeld, User
from evenhand.access.viewers import viewer_of
from evenhand.actions.action import Acting
from evenhand.actions.bulk.importing import dry_run, import_file
from evenhand.actions.bulk.sending import Sent
from evenhand.actions.installing import install
from evenhand.actions.seeds import plant_seeds
from evenhand.errors import InputRefused
from evenhand.records.models import Group, Membership, Need, Offer, Party, Place
from evenhand.stockbook.auditing import audit_book
from evenhand.stockbook.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def acting(name: str, at: datetime = NOW) -> Acting:
    return Acting(viewer_of(User.objects.get(name=name), on=NOW.date()), origin="test", at=at)


@pytest.fixture
def seeded(db: None) -> None:
    """The shipped lists, and a secretariat of a group of all states: a list of the world is nobody's in particular."""
    install("operator")
    RoleHeld.objects.update(since=NOW.date())
    plant_seeds(acting("operator"))
    Group.objects.create(key="all-states", name="All states")
    states = Party.objects.filter(kind="state").values_list("key", flat=True)
    Membership.objects.bulk_create(Membership(group_id="all-states", party_id=key, since="2000") for key in states)
    user = User.objects.create_user("desk", public_id="u-desk", made_at=NOW)
    RoleHeld.objects.create(user=user, role="secretariat", group="all-states", since=NOW.date())


def sent(file: Path, register: str, layout: str, **said: Any) -> Sent:
    return Sent(register, file.read_bytes(), filename=file.name, layout=layout, **said)


def test_the_deliveries_of_covid_vaccines_are_those_that_were_published(seeded: None, shared: Path) -> None:
    """823 rows, of which 5 pairs are equal in every cell; OCHA's own totals count them all.

    COVAX delivered 400,327,381 doses and everybody else 445,444,616, and so for each state of the summary file. Which way a
    delivery came is in the file alone, and the id of its entry names the row.
    """
    file = shared / "data/covax/ocha_vaccine_deliveries_hrp_hxl.csv"
    taken = sent(file, "entries", "ocha-deliveries", identical="keep")
    with pytest.raises(InputRefused, match="are equal in every cell"):
        import_file(acting("desk"), sent(file, "entries", "ocha-deliveries"))
    run = dry_run(acting("desk"), taken)
    assert (run.sound, run.rows, run.added, len(run.identical)) == (True, 823, 823, 5)
    import_file(acting("desk"), taken)
    lines = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    came: Counter[tuple[str, str]] = Counter()
    for entry, holder, quantity in Entry.objects.filter(verb="receive").values_list(
        "entry", "target__holder", "quantity"
    ):
        row = lines[int(entry.split(":")[1]) - 1]
        assert (row[1], int(row[5].replace(",", ""))) == (holder, quantity)
        came["COVAX" if row[2].strip() == "COVAX" else "other", holder] += quantity
    assert sum(count for (way, _), count in came.items() if way == "COVAX") == 400_327_381
    assert sum(count for (way, _), count in came.items() if way == "other") == 445_444_616
    summary = shared / "data/covax/ocha_covax_hrp_allocation_delivery_hxl.csv"
    checked = 0
    for one in list(csv.DictReader(summary.read_text("utf-8-sig").splitlines()))[1:]:
        if not one["ISO3"].strip():
            continue
        for way, column in (("COVAX", "COVAX Delivered"), ("other", "Other Delivered")):
            published = one[column].replace(",", "").strip() or "0"
            assert came[way, one["ISO3"]] == int(published), (one["ISO3"], way)
            checked += 1
    assert checked >= 50
    assert audit_book(pages=False).holds


def test_contributions_are_paid_and_pledged_to_the_cent(seeded: None, shared: Path) -> None:
    """4,276 rows; the sums of what is owed and of what was paid are the file's, each amount rounded to a cent."""
    file = shared / "data/pledges/cerf_cbpf_contributions_pledge_paid.csv.gz"
    import_file(acting("desk"), sent(file, "offers", "cerf-cbpf", identical="keep"))
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == 4276
    cents = {name: sum(round(float(row[name] or 0) * 100) for row in rows) for name in ("PaidAmt", "PledgeAmt")}
    paid = sum(Entry.objects.filter(verb="pay").values_list("quantity", flat=True))
    owed = sum(Offer.objects.filter(firmness="pledge").values_list("quantity", flat=True))
    kept = sum(Offer.objects.filter(firmness="commitment").values_list("quantity", flat=True))
    assert abs(paid - cents["PaidAmt"]) <= 1
    assert paid + owed <= kept + owed
    assert abs(owed + kept - paid - cents["PledgeAmt"]) <= 1
    assert sum(Entry.objects.filter(verb="commit").values_list("quantity", flat=True)) == kept
    assert audit_book(pages=False).holds


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("needs/hpc_hno_2024.csv", "ocha-needs-hpc"),
        ("needs/hapi_humanitarian_needs_global_2024.csv.gz", "ocha-needs-hapi"),
    ],
)
def test_people_in_need_come_in_by_district_and_sector(seeded: None, shared: Path, name: str, layout: str) -> None:
    at = datetime(2024, 3, 1, tzinfo=UTC)
    import_file(acting("desk"), sent(shared / "data/pcodes/hdx_global_pcodes_adm1_adm2.csv.gz", "places", "hdx-pcodes"))
    run = dry_run(acting("desk", at), sent(shared / "data" / name, "needs", layout))
    assert run.sound, run.problems[:3]
    done = import_file(acting("desk", at), sent(shared / "data" / name, "needs", layout))
    assert Need.objects.count() == done.facts["added"] == run.rows > 20
    assert not Need.objects.filter(place=None).exists()


def test_every_p_code_and_every_facility_of_a_continent(seeded: None, shared: Path) -> None:
    places = sent(shared / "data/pcodes/hdx_global_pcodes_adm1_adm2.csv.gz", "places", "hdx-pcodes")
    before = Place.objects.count()
    assert import_file(acting("desk"), places).facts["added"] == 33_453
    assert Place.objects.count() == before + 33_453
    facilities = sent(
        shared / "data/facilities/who_kwtrp_africa_facilities_2019.csv.gz",
        "parties",
        "who-facilities",
        identical="keep",
    )
    assert import_file(acting("desk"), facilities).facts["added"] == 98_745
    assert Party.objects.filter(kind="facility").count() == 98_745
    assert dry_run(acting("desk"), facilities).applied is not None
