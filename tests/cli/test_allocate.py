"""`evenhand allocate`: what it prints, what it writes, what it refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest

import evenhand
from evenhand.allocation.whole import first_packs
from evenhand.errors import PlanNotProved

ROUND = ("needs.csv", "lots.csv", "--groups", "groups.csv", "--date", "2021-03-01")

RULES = ("equal-coverage", "need-weighted", "floor-then-weighted", "tiers")
FOLDER = {
    "certificate.json",
    "inputs/groups.csv",
    "inputs/lots.csv",
    "inputs/needs.csv",
    "lots.csv",
    "plan.csv",
    "recipients.csv",
}


def files_of(folder) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("rule", RULES)
def test_the_answer_names_the_claim_the_recipients_the_lots_and_the_measures(run, golden, rule: str) -> None:
    outcome = run("allocate", *ROUND, "--rule", rule)
    assert outcome.exit_code == 0
    golden(f"allocate_{rule}", outcome)


def test_divisible_goods_are_shared_to_a_fraction(run, golden) -> None:
    golden("allocate_divisible", run("allocate", *ROUND, "--divisible"))


def test_packs_of_different_worth_get_a_bounded_claim(run, golden, room) -> None:
    lots = (room / "lots.csv").read_text(encoding="utf-8").replace("vaccine B,USA,100,2", "vaccine B,USA,450,2")
    (room / "lots.csv").write_text(lots, encoding="utf-8")
    outcome = run("allocate", *ROUND, "--seconds", "0")
    assert "bounded" in outcome.out
    golden("allocate_bounded", outcome)


def test_the_folder_holds_the_files_of_the_contract(planned) -> None:
    assert set(files_of(planned / "plan")) == FOLDER


def test_the_same_tables_give_the_same_bytes_in_any_order_of_rows(run, planned) -> None:
    before = files_of(planned / "plan")
    for name in ("needs.csv", "lots.csv", "groups.csv"):
        head, *rows = (planned / name).read_text(encoding="utf-8").splitlines()
        (planned / name).write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    assert run("allocate", *ROUND, "--out", "again").exit_code == 0
    assert files_of(planned / "again") == before


def test_an_older_plan_is_replaced_whole(run, planned) -> None:
    assert run("allocate", *ROUND, "--rule", "need-weighted").exit_code == 0
    assert json.loads((planned / "plan" / "certificate.json").read_text(encoding="utf-8"))["rule"] == "need-weighted"
    assert set(files_of(planned / "plan")) == FOLDER


def test_a_folder_that_is_no_plan_is_left_alone(run, room) -> None:
    (room / "plan").mkdir()
    (room / "plan" / "thesis.txt").write_text("years of work", encoding="utf-8")
    outcome = run("allocate", *ROUND)
    assert outcome.exit_code == 2
    assert "plan" in outcome.err
    assert files_of(room / "plan") == {"thesis.txt": b"years of work"}


def test_bad_tables_are_refused_with_every_problem_and_nothing_is_written(run, golden, room) -> None:
    (room / "needs.csv").write_text(
        "recipient,target,held\nTCD,-4,0\nKEN,1000,lots\nKEN,2000,0\nLSO,,\n", encoding="utf-8"
    )
    (room / "lots.csv").write_text("lot,packs,for\nA,1.5,afrika\n", encoding="utf-8")
    before = sorted(room.iterdir())
    outcome = run("allocate", *ROUND)
    assert outcome.exit_code == 2
    assert sorted(room.iterdir()) == before
    golden("allocate_refused", outcome)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("nowhere.csv", "lots.csv"), "nowhere.csv"),
        (("needs.csv", "lots.csv", "--rule", "teirs"), "no rule 'teirs'; did you mean 'tiers'?"),
        (("needs.csv", "lots.csv", "--floor", "1.5", "--rule", "floor-then-weighted"), "floor is 1.5"),
        (("needs.csv", "lots.csv", "--date", "2 March"), "2 March"),
        (("needs.csv", "lots.csv", "--max-lots", "0"), "0"),
        (("needs.csv", "lots.csv", "--seconds", "-1"), "-1"),
    ],
)
def test_an_option_outside_its_range_is_refused_in_a_sentence(run, room, words: tuple[str, ...], part: str) -> None:
    outcome = run("allocate", *words, "--groups", "groups.csv")
    assert outcome.exit_code == 2
    assert part in outcome.err
    assert "Traceback" not in outcome.err
    assert not (room / "plan").exists()


def test_a_plan_that_fails_its_own_check_is_neither_returned_nor_written(
    run, room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unfair(ground, wanted):
        packs = first_packs(ground, wanted).copy()
        giver = int(np.argmax(packs))
        for taker in np.argsort(packs):
            if taker != giver and packs[taker] < ground.room[taker]:
                packs[giver] -= 1
                packs[taker] += 1
                break
        return packs

    monkeypatch.setattr("evenhand.allocation.split.first_packs", unfair)
    with pytest.raises(PlanNotProved):
        evenhand.allocate("needs.csv", "lots.csv", "groups.csv", date="2021-03-01")
    outcome = run("allocate", *ROUND)
    assert outcome.exit_code == 3
    assert "failed its own check" in outcome.err
    assert not (room / "plan").exists()


def test_json_holds_the_folder_the_claim_and_the_rows(run) -> None:
    body = json.loads(run("allocate", *ROUND, "--json").out)
    assert body["ok"] is True
    result = body["result"]
    assert (result["folder"], result["claim"], result["rule"]) == ("plan", "proved best", "equal-coverage")
    assert [row["level"] for row in result["recipients"]] == sorted(row["level"] for row in result["recipients"])
    assert {row["lot"]: row["given"] for row in result["lots"]}.keys() == {"AZ-1", "AZ-2", "PF-1"}
    assert result["measures"][0]["measure"] == "Lowest level"
    assert "coverage" not in result["recipients"][0]


def test_long_lists_are_cut_and_say_so(run, room) -> None:
    rows = "".join(f"R{number:03},{1000 + number}\n" for number in range(50))
    (room / "many.csv").write_text("recipient,target\n" + rows, encoding="utf-8")
    (room / "one.csv").write_text("lot,packs\nL,20000\n", encoding="utf-8")
    cut = run("allocate", "many.csv", "one.csv")
    assert cut.out.count("\nR0") == 20
    assert "... and 30 more (--all)" in cut.out
    whole = run("allocate", "many.csv", "one.csv", "--all")
    assert whole.out.count("\nR0") == 50
    assert "more (--all)" not in whole.out
    body = json.loads(run("allocate", "many.csv", "one.csv", "--json").out)["result"]
    assert (len(body["recipients"]), body["recipients_left_out"]) == (20, 30)
