"""A whole round from open to posted, on numbers that a sheet of paper holds.

max-min over x_TCD + x_KEN <= 8 boxes of 50 persons:  50 x_TCD / 500 = 50 x_KEN / 300  =>  x_TCD = 5, x_KEN = 3, both at 1/2.
A second round of 4 boxes (200 persons) begins at 250 of 500 and 150 of 300, and ends at 600 / 800 = 3/4:
TCD gets 375 - 250 = 125 persons, KEN 225 - 150 = 75: in whole boxes the levels after 2 and 2 are 0.7 and 0.833, after
3 and 1 they are 0.8 and 0.667; the lowest is higher with 2 and 2.
"""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from evenhand_cast import Cast
from evenhand_rounds import Rounds, balances

from evenhand.access.models import ActionLine
from evenhand.rounds.models import FrozenTable, Round
from evenhand.stockbook.models import Entry

pytestmark = pytest.mark.django_db


def table(ref: str, name: str) -> dict[str, dict[str, str]]:
    body = bytes(FrozenTable.objects.get(round=ref, name=name).body).decode()
    rows = list(csv.DictReader(io.StringIO(body)))
    return {row["recipient" if name == "needs" else "lot"]: row for row in rows}


def test_eight_boxes_are_shared_five_and_three(rounds: Rounds) -> None:
    _, _, offer = rounds.usual()
    ref = rounds.at("posted", made=True)
    row = Round.objects.get(pk=ref)
    assert row.proposals.get().lines == [[offer, "KEN", 3], [offer, "TCD", 5]]
    assert row.proposals.get().claim == "proved best"
    assert balances("allocated") == {f"{offer}/KEN": 300, f"{offer}/TCD": 500}
    assert balances("offered") == {}
    assert row.state == "posted"


def test_what_is_frozen_is_the_engines_own_table(rounds: Rounds) -> None:
    _, _, offer = rounds.usual()
    ref = rounds.at("frozen", made=True)
    needs = table(ref, "needs")
    assert {key: (row["name"], row["target"], row["held"]) for key, row in needs.items()} == {
        "KEN": ("Kenya", "300", "0"), "TCD": ("Chad", "500", "0"),
    }  # fmt: skip
    lot = table(ref, "lots")[offer]
    assert (lot["packs"], lot["pack_size"], lot["per_person"], lot["donor"]) == ("8", "100", "2", "IND")


def test_a_second_round_counts_what_the_first_allocated(rounds: Rounds) -> None:
    rounds.at("posted")
    second = rounds.offer("4 box", donor="UNICEF")
    ref = rounds.at("posted", made=True, title="Measles, second round")
    assert {key: row["held"] for key, row in table(ref, "needs").items()} == {"KEN": "150", "TCD": "250"}
    assert Round.objects.get(pk=ref).proposals.get().lines == [[second, "KEN", 2], [second, "TCD", 2]]


def test_each_line_is_an_entry_that_names_the_round_and_its_packs(rounds: Rounds) -> None:
    rounds.need("TCD", "1000")
    offer = rounds.offer("3 box", unit_value="2.15", currency="USD", valued_on=date(2026, 2, 1))
    ref = rounds.at("posted", made=True)
    entry = Entry.objects.get(verb="allocate")
    assert (entry.source_id, entry.target_id) == (f"offered/{offer}", f"allocated/{offer}/TCD")
    assert (entry.quantity, entry.typed, entry.unit, entry.concerns) == (300, "3", "box", ref)
    assert (entry.value, entry.currency, entry.valued_on) == ("645", "USD", "2026-02-01")


def test_every_recipient_is_told_why(rounds: Rounds) -> None:
    ref = rounds.at("proposed")
    told = Round.objects.get(pk=ref).proposals.get().explanations
    assert set(told) == {"KEN", "TCD"}
    assert "Its target is 500 service units" in told["TCD"]


def test_money_is_shared_to_the_cent(rounds: Rounds) -> None:
    """100.01 USD over needs of 200 and 100 USD: levels are equal at 1/3 of 30,000 cents; 10,001 = 6,667 + 3,334."""
    rounds.need("TCD", "200 USD", "USD")
    rounds.need("KEN", "100 USD", "USD")
    offer = rounds.offer("100.01 USD", "USD")
    rounds.at("posted", made=True, resource="USD")
    assert balances("committed") == {}
    assert balances("allocated") == {f"{offer}/KEN": 3334, f"{offer}/TCD": 6667}


def test_every_step_leaves_its_line_and_none_holds_a_plan(rounds: Rounds) -> None:
    ref = rounds.at("posted")
    lines = ActionLine.objects.filter(about=ref).order_by("name")
    assert [line.name for line in lines] == [
        "round decide", "round decide", "round freeze", "round open", "round post", "round propose", "round publish",
    ]  # fmt: skip
    assert all(len(str(line.given)) + len(str(line.answer)) < 2000 for line in lines)
    assert {line.for_party for line in lines if line.name == "round decide"} == {"AZE", "UGA"}


def test_the_plan_of_the_same_inputs_has_the_same_bytes(rounds: Rounds, cast: Cast) -> None:
    from evenhand.actions.rounds.proposing import propose_round

    ref = rounds.at("proposed")
    propose_round(cast("task-force-2"), round=ref)
    first, second = Round.objects.get(pk=ref).proposals.order_by("number")
    assert bytes(first.folder) == bytes(second.folder)
    assert first.certificate_sha256 == second.certificate_sha256
