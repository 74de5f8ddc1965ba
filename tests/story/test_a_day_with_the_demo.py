"""The demo can be lived in from the command line for a day, without touching the database by hand.

A need, a round, an objection, a decision, a dispatch, a short receipt, a reversal, an audit: the real commands, as typed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from evenhand_shell import Outcome, Shell, make_shell

pytestmark = [pytest.mark.slow, pytest.mark.only("sqlite")]
TASK_FORCE = "demo-task-force"


class Day:
    """Type commands as somebody, and read what they answer."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell

    def __call__(self, who: str, *words: str) -> dict[str, Any]:
        outcome = self.shell(*words, "--json", EVENHAND_USER=who)
        assert outcome.exit_code == 0, f"{who}: evenhand {' '.join(words)}\n{outcome.out}{outcome.err}"
        return outcome.result

    def refused(self, who: str, *words: str) -> str:
        outcome: Outcome = self.shell(*words, EVENHAND_USER=who)
        assert outcome.exit_code == 2
        assert "Traceback" not in outcome.err
        return outcome.err

    def rows(self, who: str, *words: str) -> list[dict[str, Any]]:
        return list(self(who, *words)["list"])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The demo as `evenhand demo` makes it today."""
    folder = tmp_path_factory.mktemp("day") / "demo"
    shell = make_shell(folder)
    made = shell("demo", str(folder), "--json")
    assert made.exit_code == 0, made.err
    assert made.result["filled_now"]
    return shell


def test_the_demo_says_what_it_holds_and_that_its_round_never_took_place(demo: Shell) -> None:
    again = demo("demo", str(demo.folder))
    assert again.exit_code == 0, again.err
    assert "already; nothing was changed" in again.out
    assert "The round never took place, and everything after an announcement is invented." in again.out
    for words in ("covid-vaccine", "emergency-shelter", "USD", "The worst served", "late by", "evenhand audit"):
        assert words in again.out
    figures = demo("status", "--json").result
    assert demo("demo", str(demo.folder), "--json").result["families"] == figures["families"]


def test_a_day(demo: Shell, tmp_path: Path) -> None:
    day = Day(demo)

    # Liberia has submitted a need for masks; the task force approves it. Chad drafts another and thinks about it.
    (liberia,) = [
        row["ref"] for row in day.rows(TASK_FORCE, "need", "list", "--party", "LBR", "--resource", "mask-surgical")
    ]
    day(TASK_FORCE, "need", "approve", liberia)
    chad = ("--party", "TCD", "--resource", "ors", "--quantity", "250 carton", "--why", "cholera in the south")
    draft = day("focal-tcd", "need", "draft", *chad)["ref"]
    assert draft not in [row["ref"] for row in day.rows("", "need", "list", "--party", "TCD")]
    assert "may not 'need draft' for TCD" in day.refused("focal-ken", "need", "draft", *chad)

    # The open round was opened before Liberia's need stood; it is given up, and opened anew with it.
    before = next(row for row in day.rows(TASK_FORCE, "round", "list") if row["state"] == "open")
    assert "needs a reason" in day.refused(TASK_FORCE, "round", "cancel", before["ref"])
    day(TASK_FORCE, "round", "cancel", before["ref"], "--reason", "Liberia's need was approved today")
    opened = day(TASK_FORCE, "round", "open", "--title", "Masks", "--group", "NAM", "--resource", "mask-surgical")
    ref = opened["ref"]
    assert (opened["needs"], opened["lots"]) == (13, 2)
    day(TASK_FORCE, "round", "freeze", ref)
    assert day(TASK_FORCE, "round", "propose", ref)["claim"].startswith("proved best")
    day(TASK_FORCE, "round", "publish", ref)

    # Lebanon objects to an earmark against it, and is answered with what it costs.
    objection = day(
        "focal-lbn", "round", "object", ref, "--party", "LBN", "--text", "one gift is not for us, and nobody says why"
    )["ref"]
    barred = next(row["ref"] for row in day.rows("", "offer", "list", "--resource", "mask-surgical") if row["not_for"])
    answered = day(
        TASK_FORCE, "round", "answer", objection, "--answer", "The donor has been asked.",
        "--whatif", f"lots.{barred}.not_for=",
    )  # fmt: skip
    assert "What if" in answered["difference"]

    # Two members of the board decide; the task force cannot, and nobody decides twice.
    assert "may not 'round decide'" in day.refused(TASK_FORCE, "round", "decide", ref)
    assert day("board-uga", "round", "decide", ref)["state"] == "published"
    assert "a vote stands" in day.refused("board-uga", "round", "decide", ref)
    assert day("board-aze", "round", "decide", ref)["state"] == "decided"
    day(TASK_FORCE, "round", "post", ref)

    # What Liberia was allocated is sent, and arrives one carton short and one carton wet.
    held = day.rows("", "stock", "balances", "--party", "LBR", "--resource", "mask-surgical")[0]
    assert held["stage"] == "allocated"
    gift, boxes, giver = held["offer"], held["base_units"] // 2000, f"donor-{held['donor'].lower()}"
    other = "donor-demo-relief" if giver == "donor-demo-medical" else "donor-demo-medical"
    sent = day(
        giver, "consignment", "plan", "--origin", held["donor"], "--destination", "LBR", "--lines", f"{gift}={boxes} carton",
        "--carrier", "a ship",
    )["ref"]  # fmt: skip
    assert "has not left yet" in day.refused("focal-lbr", "consignment", "receive", sent)
    day(giver, "consignment", "dispatch", sent)
    assert "may not 'consignment receive'" in day.refused(giver, "consignment", "receive", sent)
    receipt = day(
        "focal-lbr", "consignment", "receive", sent, "--missing", "1", "--damaged", "1", "--cause", "wet",
        "--note", "rain in the harbour",
    )  # fmt: skip
    assert (receipt["good"], receipt["damaged"], receipt["missing"]) == ((boxes - 2) * 2000, 2000, 2000)

    # The missing carton is found: the entry is reversed with the reason, and the carton received.
    missed = receipt["entries"][2]
    assert "needs a reason" in day.refused("focal-lbr", "stock", "reverse", missed)
    assert "may not" in day.refused(other, "stock", "reverse", missed, "--reason", "mine")
    day("focal-lbr", "stock", "reverse", missed, "--reason", "it stood in the next hall")
    day("focal-lbr", "consignment", "receive", sent)
    day("focal-lbr", "stock", "distribute", "--party", "LBR", "--offer", gift, "--quantity", "3 carton")

    # The figures follow, the audit holds, and so does an export, verified with bare Python and one file.
    mask = next(row for row in day("", "status")["families"] if row["family"] == "mask")
    assert (mask["used"], mask["received"], mask["lost"]) == (6000, (boxes - 4) * 2000, 2000)
    audit = demo("audit")
    assert audit.exit_code == 0, audit.out
    export, verifier = tmp_path / "export", tmp_path / "verify.py"
    day("demo-auditor", "export", str(export))
    verifier.write_text(demo("audit", "--standalone").out, encoding="utf-8")
    words = [sys.executable, "-I", "-S", str(verifier), str(export)]
    verified = subprocess.run(words, capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stdout
    assert verified.stdout.startswith("holds: ")
    day("focal-tcd", "need", "submit", draft)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    shell = make_shell(tmp_path)
    outcome = shell("demo", str(tmp_path))
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert "holds other files; name a new folder" in outcome.err
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]
    assert "is a file; name a folder" in shell("demo", str(tmp_path / "thesis.txt")).err


def test_an_installation_in_use_is_left_alone(tmp_path: Path) -> None:
    shell = make_shell(tmp_path / "own", EVENHAND_USER="operator")
    assert shell("init").exit_code == 0
    assert shell("user", "add", "somebody").exit_code == 0
    outcome = shell("demo", str(tmp_path / "own"))
    assert outcome.exit_code == 2
    assert "this installation is in use (1 actions have been done in it)" in outcome.err
    assert len(shell("user", "list", "--json").result["list"]) == 2


@pytest.mark.parametrize("day", ["2024-04-30", "2999-01-01"])
def test_a_story_ends_on_no_day_before_it_can_or_that_has_not_come(tmp_path: Path, day: str) -> None:
    outcome = make_shell(tmp_path)("demo", str(tmp_path / "demo"), "--day", day)
    assert outcome.exit_code == 2
    assert f"its story cannot end on {day}; give a day from 2024-05-01 to " in outcome.err
    assert not (tmp_path / "demo").exists()
