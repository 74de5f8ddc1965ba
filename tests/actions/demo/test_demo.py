"""The demo is told through actions alone, the same every time, once; an interrupted telling is gone on with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from evenhand.access.models import ActionLine
from evenhand.access.viewers import PUBLIC, Viewer
from evenhand.actions.action import Acting
from evenhand.actions.demo import filling, saying
from evenhand.actions.demo.filling import Filled, fill_demo, find_demo
from evenhand.actions.demo.giving import INVENTED
from evenhand.actions.demo.people import MEDICAL, RELIEF
from evenhand.actions.demo.saying import write_readout
from evenhand.actions.demo.telling import Telling, read_rows
from evenhand.actions.installing import install
from evenhand.actions.seeds import plant_seeds
from evenhand.errors import ActionRefused
from evenhand.ledger.checkpoint import new_signing_key
from evenhand.lookups.figures import list_figures, read_headline
from evenhand.lookups.followed import list_followed
from evenhand.lookups.viewers import find_operator
from evenhand.records.models import Evidence, Need, Offer, Party
from evenhand.rounds import planning
from evenhand.rounds.models import Round
from evenhand.said.models import Meeting, Official, Reading, Reply, Statement, StatementLink, Thread
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

    before_words = None
    for module, at, written in (
        (filling, "send_everything", range(1, whole[1])), (filling, "say_everything", (whole[1],)),
        (saying, "_what_arrived", (whole[1],)),
    ):  # fmt: skip
        with monkeypatch.context() as patched:
            patched.setattr(module, at, interrupt)
            with pytest.raises(KeyboardInterrupt):
                fill_demo(operator, LAST_DAY)
        assert Entry.objects.count() in written
        assert find_demo() is None
        assert Statement.objects.exists() is (module is saying)
        if at == "say_everything":
            before_words = _totals()
    assert fill_demo(operator, date(2026, 11, 25)) == Filled(now=True, last_day=LAST_DAY)  # told from the day it began
    assert whole == (
        read_head().root(), Entry.objects.count(), ActionLine.objects.filter(pk__startswith="demo-").count(),
    )  # fmt: skip
    assert fill_demo(operator, LAST_DAY) == Filled(now=False, last_day=LAST_DAY)
    assert whole[1] == Entry.objects.count()
    assert before_words == _totals()  # what was said counts in no total
    _look_at_what_it_holds()
    _look_at_what_was_said()


def _totals() -> tuple[object, ...]:
    """Return every figure of the overview and the totals by resource, donor, recipient and group."""
    ways = ("family", "resource", "donor", "recipient", "group")
    return read_headline(PUBLIC), *(list_figures(PUBLIC, by=by) for by in ways)


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
    assert Evidence.objects.filter(reading=None).count() == len(gifts) == 36
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


def _look_at_what_was_said() -> None:
    """Look at the readouts, at what became of each statement, and at what the public sees of them."""
    assert list(Reading.objects.values_list("evidence__source", flat=True).distinct()) == ["demonstration"]
    assert Reading.objects.count() == len(read_rows("readouts")) == 10
    (french,) = Reading.objects.exclude(notes=[])
    assert (french.language, french.notes) == ("fr", ["this seems to be in French; only English is read"])
    assert Counter(Statement.objects.values_list("state", flat=True)) == {
        "accepted": 12, "replaced": 6, "merged": 1, "rejected": 1, "proposed": 2,
    }  # fmt: skip
    assert Counter(Meeting.objects.values_list("state", flat=True)) == {"confirmed": 2, "merged": 1, "proposed": 1}
    assert [(one.name, one.spellings) for one in Official.objects.filter(merged__isnull=False)] == [
        ("Ibrahim Saleh Djimet", ["Ibrahim Saleh Djimet", "Brahim Saleh Djimet"])
    ]
    assert Statement.objects.get(state="rejected").resource is None  # cups of tea are no Cuban pesos
    (thread,) = Thread.objects.all()
    grown = thread.statements.order_by("said_on").values_list("quantity", "words")
    assert [int(quantity or 0) for quantity, _ in grown] == [30, 80]
    assert (Reply.objects.count(), StatementLink.objects.values("statement").distinct().count()) == (1, 10)
    assert set(Party.objects.filter(took_part__isnull=False).values_list("key", flat=True)) <= {
        *(row["party"] for row in read_rows("members")), RELIEF, MEDICAL,
    }  # fmt: skip
    followed = {one.words: one for one in list_followed(PUBLIC)}
    assert {one.rests_on for one in followed.values()} == {"offers", "no link"}
    (tents,) = (one for words, one in followed.items() if "2,000 family tents" in words)
    assert (tents.said, tents.pledged, tents.dispatched, tents.received) == (2000, 2000, 1700, 1140)
    assert tents.late_since == LAST_DAY - timedelta(days=30)
    (vaccine,) = (one for words, one in followed.items() if "COVID-19" in words)
    assert [step.first for step in vaccine.steps if step.step not in ("pledged", "committed")] == [
        LAST_DAY - timedelta(days=days) for days in (79, 74, 68, 61)
    ]
    assert (vaccine.said, vaccine.allocated, vaccine.late_since) == (1_600_000, 1_618_850, None)


@pytest.mark.parametrize("name", [row["name"] for row in read_rows("readouts")])
def test_each_readout_is_short_and_says_that_it_is_invented(name: str, operator: Viewer) -> None:
    text = write_readout(Telling(LAST_DAY, operator), name)
    assert 400 < len(text.encode()) <= 1500
    assert re.search(r"^(Invented for the demonstration|Texte inventé pour la démonstration)\b", text.splitlines()[-1])
    assert not set(text) & set("{}")


def test_a_readout_has_the_days_of_the_story(operator: Viewer) -> None:
    text = write_readout(Telling(date(2025, 6, 30), operator), "tents-press-release")
    assert (
        "announced on 30 March 2025 that the Demo Relief Fund will send 2,000 family tents to Chad by 31 May 2025."
        in text
    )
    assert "N'Djamena, le 02/06/2025" in write_readout(Telling(date(2025, 6, 30), operator), "communique-tchad")


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


@pytest.mark.parametrize(
    ("table", "rows"), [("members", 121), ("gifts", 36), ("wishes", 41), ("groups", 129), ("readouts", 10)]
)
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
