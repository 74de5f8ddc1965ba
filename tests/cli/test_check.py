"""`evenhand check`: one line if the plan holds, every broken condition if not, and the checker as one file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest


def alter(planned, name: str, old: str, new: str) -> None:
    file = planned / "plan" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_plan_that_holds_gets_one_line_and_exit_code_0(run, planned, golden) -> None:
    outcome = run("check", "plan")
    assert outcome.exit_code == 0
    assert outcome.out.count("\n") == 1
    golden("check_holds", outcome)


def test_an_altered_plan_gets_every_broken_condition_and_exit_code_1(run, planned, golden) -> None:
    line = next(row for row in (planned / "plan" / "plan.csv").read_text(encoding="utf-8").splitlines() if "TCD" in row)
    lot, recipient, packs, *_ = line.split(",")
    alter(planned, "plan.csv", f"{lot},{recipient},{packs},", f"{lot},{recipient},{int(packs) + 1},")
    outcome = run("check", "plan")
    assert outcome.exit_code == 1
    assert outcome.err == ""
    golden("check_altered", outcome)
    body = json.loads(run("check", "plan", "--json").out)
    assert body["ok"] is False
    assert body["result"]["holds"] is False
    assert len(body["result"]["problems"]) >= 2


@pytest.mark.parametrize("missing", ["certificate.json", "plan.csv", "inputs/needs.csv"])
def test_an_incomplete_folder_gets_a_sentence(run, planned, missing: str) -> None:
    (planned / "plan" / missing).unlink()
    outcome = run("check", "plan")
    assert outcome.exit_code in (1, 2)
    assert missing in outcome.out + outcome.err
    assert "Traceback" not in outcome.err


def test_no_folder_gets_a_sentence(run, room) -> None:
    outcome = run("check", "nowhere")
    assert outcome.exit_code == 2
    assert "nowhere" in outcome.err


def test_the_standalone_checker_says_the_same_with_bare_python(run, planned) -> None:
    (planned / "check.py").write_text(run("check", "--standalone").out, encoding="utf-8")
    bare = [sys.executable, "-I", "-S", "check.py", "plan"]
    holds = subprocess.run(bare, cwd=planned, capture_output=True, text=True, check=False)
    assert (holds.returncode, holds.stdout) == (0, run("check", "plan").out)
    with (planned / "plan" / "plan.csv").open("a", encoding="utf-8") as file:
        file.write("PF-1,ZZZ,1,100,50\n")
    broken = subprocess.run(bare, cwd=planned, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert "ZZZ" in broken.stdout
    shutil.rmtree(planned / "plan")
    gone = subprocess.run(bare, cwd=planned, capture_output=True, text=True, check=False)
    assert gone.returncode == 2
    assert "Traceback" not in gone.stderr


def test_the_proof_is_also_a_spreadsheet(run, planned) -> None:
    outcome = run("check", "plan", "--xlsx", "proof.xlsx")
    assert outcome.exit_code == 0
    assert "proof.xlsx" in outcome.out
    assert (planned / "proof.xlsx").read_bytes().startswith(b"PK")
