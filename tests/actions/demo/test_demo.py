"""The demo is told through actions alone, the same every time, once; an interrupted telling is gone on with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from evenhand.access.models import ActionLine
from evenhand.access.viewers import PUBLIC, Viewer
from evenhand.actions.action import Acting
from evenhand.actions.demo import filling
from evenhand.actions.demo.filling import Filled, fill_demo, find_demo
from evenhand.actions.demo.giving import INVENTED
from evenhand.actions.demo.telling import Telling, read_rows
from evenhand.actions.installing import install
from evenhand.actions.seeds import plant_seeds
from evenhand.errors import ActionRefused
from evenhand.ledger.checkpoint import new_signing_key
from evenhand.lookups.figures import list_figures
from evenhand.lookups.viewers import find_operator
from evenhand.records.models import Evidence, Need, Offer
from evenhand.rounds import planning
from evenhand.rounds.models import Round
from evenhand.stockbook.auditing import audit_book
from evenhand.stockbook.checkpoints import read_head
from evenhand.stockbook.models import Entry

LAST_DAY = date(2026, 11, 22)


@pytest.fixture
def operator(db: None) -> Viewer:
    """The operator of a new installation."""
    install("operator")
    found = find_operator(on=datetime.now(UTC).date())
    assert found is not None
    plant_seeds(Acting(found, origin="test"))
    return found


@pytest.fixture
def without_explanations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the explanations out, which are no part of the book and take the longest."""
    monkeypatch.setattr(planning, "EXPLAINED", 0)


@pytest.mark.slow
@pytest.mark.usefixtures("without_explanations", "signing")  # a key remembers what it signed, so the second has its own
def test_it_is_the_same_every_time_also_when_it_was_interrupted(
    operator: Viewer, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    with transaction.atomic():
        assert fill_demo(operator, LAST_DAY) == Filled(now=True, last_day=LAST_DAY)
        whole = (read_head().root(), Entry.objects.count(), ActionLine.objects.filter(pk__startswith="demo-").count())
        transaction.set_rollback(True)
    assert (Entry.objects.count(), find_demo()) == (0, None)
    other = tmp_path / "other" / "checkpoint.key"
    other.parent.mkdir()
    other.write_text(new_signing_key(settings.EVENHAND["name"]).text() + "\n", encoding="ascii")
    settings.EVENHAND = replace(settings.EVENHAND, values={**settings.EVENHAND.values, "signing_key": str(other)})

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(filling, "send_everything", interrupt)
        with pytest.raises(KeyboardInterrupt):
            fill_demo(operator, LAST_DAY)
    assert 0 < Entry.objects.count() < whole[1]
    assert find_demo() is None
    assert fill_demo(operator, date(2026, 11, 25)) == Filled(now=True, last_day=LAST_DAY)  # told from the day it began
    assert whole == (
        read_head().root(), Entry.objects.count(), ActionLine.objects.filter(pk__startswith="demo-").count(),
    )  # fmt: skip
    assert fill_demo(operator, LAST_DAY) == Filled(now=False, last_day=LAST_DAY)
    assert whole[1] == Entry.objects.count()
    _look_at_what_it_holds()


def _look_at_what_it_holds() -> None:
    """Look into the book once more, since filling it takes seconds."""
    verdict = audit_book()
    assert verdict.holds, verdict.line
    figures = {one.key: one for one in list_figures(PUBLIC, as_of=LAST_DAY)}
    vaccination = figures["covid-vaccine"]
    gifts = read_rows("gifts")
    assert vaccination.promised == sum(int(row["packs"]) for row in gifts) * 50
    assert vaccination.needed == sum(int(row["people"]) for row in read_rows("members"))
    for figure in figures.values():
        stages = (
            "still_open",
            "allocated",
            "in_transit",
            "received",
            "used",
            "damaged",
            "missing",
            "expired",
            "returned",
        )
        assert figure.promised == sum(getattr(figure, stage) for stage in stages)
    assert all(
        (vaccination.in_transit, vaccination.received, vaccination.used, vaccination.damaged, vaccination.missing)
    )
    # Whatever is invented says so, and whatever was said in public has its source.
    assert Evidence.objects.count() == len(gifts) == 36
    assert all("demo" in need.why for need in Need.objects.all())
    assert all(INVENTED in offer.conditions for offer in Offer.objects.filter(donor__key__startswith="DEMO-"))
    assert all(
        "invented for the demo" in offer.conditions for offer in Offer.objects.exclude(donor__key__startswith="DEMO-")
    )
    assert sorted(Round.objects.values_list("state", flat=True)) == ["open", "posted"]
    (posted,) = Round.objects.filter(state="posted")
    assert "never took place" in posted.title
    assert posted.proposals.get().claim == "proved best"
    objection = posted.objections.get()
    assert (objection.party_id, bool(objection.answer), bool(objection.difference)) == ("LBN", True, True)
    assert posted.recusals.get().party_id == "IDN"
    assert Entry.objects.filter(verb="reverse").count() == 2


@pytest.mark.usefixtures("operator")
def test_an_installation_in_which_something_was_done_is_left_alone(operator: Viewer) -> None:
    from evenhand.actions.users import add_user

    add_user(Acting(operator, origin="test"), name="somebody")
    with pytest.raises(ActionRefused, match="in use"):
        fill_demo(operator, LAST_DAY)
    assert not ActionLine.objects.filter(pk__startswith="demo-").exists()


def test_nothing_is_told_before_it_has_happened(operator: Viewer) -> None:
    with pytest.raises(ValueError, match="not over yet"), Telling(LAST_DAY, operator).on(0):
        pass


@pytest.mark.parametrize(("table", "rows"), [("members", 121), ("gifts", 36), ("wishes", 41), ("groups", 129)])
def test_its_own_tables_are_whole(table: str, rows: int) -> None:
    found = read_rows(table)
    assert len(found) == rows
    assert all(None not in row and None not in row.values() for row in found)


def test_its_needs_and_gifts_are_those_of_the_shipped_example(project: Any) -> None:
    import csv

    def read(name: str) -> Callable[[str], list[str]]:
        with (project / "examples" / "united_against_covid" / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return lambda column: [row[column] for row in rows]

    needs, lots = read("needs.csv"), read("lots.csv")
    members = [row for row in read_rows("members") if row["party"] != "SSD"]
    assert [row["people"] for row in members] == needs("target")
    assert [row["held"] for row in members] == needs("held")
    assert [row["packs"] for row in read_rows("gifts")] == lots("packs")
