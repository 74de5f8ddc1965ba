"""`evenhand compare`: the plan beside what happened, or beside another plan."""

from __future__ import annotations

import json

ROUND = ("needs.csv", "lots.csv", "--groups", "groups.csv", "--date", "2021-03-01")


def test_what_happened_stands_beside_the_plan(run, planned, golden) -> None:
    outcome = run("compare", "plan", "actual.csv")
    assert outcome.exit_code == 0
    golden("compare_actual", outcome)


def test_another_plan_stands_beside_the_plan(run, planned, golden) -> None:
    assert run("allocate", *ROUND, "--rule", "need-weighted", "--out", "weighted").exit_code == 0
    golden("compare_plans", run("compare", "plan", "weighted"))


def test_json_holds_measures_and_changes(run, planned) -> None:
    result = json.loads(run("compare", "plan", "actual.csv", "--json").out)["result"]
    assert {"left", "right", "measures", "changes", "sentences"} <= result.keys()
    assert result["measures"][0].keys() == {"measure", "left", "right", "better"}
    chad = next(row for row in result["changes"] if row["recipient"] == "TCD")
    assert chad["difference"] == chad["received_right"] - chad["received_left"] < 0


def test_an_unknown_recipient_in_what_happened_is_refused(run, planned) -> None:
    (planned / "actual.csv").write_text("lot,recipient,packs\nAZ-1,TDC,3\n", encoding="utf-8")
    outcome = run("compare", "plan", "actual.csv")
    assert outcome.exit_code == 2
    assert "TDC" in outcome.err
    assert "TCD" in outcome.err
