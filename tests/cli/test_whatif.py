"""`evenhand whatif`: only what changed, and the plan stays as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evenhand.cli.whatif import whatif
from evenhand.errors import OptionRefused


def test_a_changed_cell_shows_who_gains_and_who_loses(run, planned, golden) -> None:
    before = (planned / "plan" / "certificate.json").read_bytes()
    outcome = run("whatif", "plan", "--set", "needs.TCD.handles=ultra-cold")
    assert outcome.exit_code == 0
    golden("whatif_set", outcome)
    assert (planned / "plan" / "certificate.json").read_bytes() == before


def test_lots_can_go_and_come(run, planned, golden) -> None:
    (planned / "more.csv").write_text("lot,packs,pack_size,per_person\nNEW,200,100,2\n", encoding="utf-8")
    golden("whatif_lots", run("whatif", "plan", "--without", "PF-1", "--add", "more.csv"))


def test_a_change_that_changes_nothing_says_so(run, planned, golden) -> None:
    golden("whatif_nothing", run("whatif", "plan", "--set", "needs.TCD.name=Tchad"))


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ((), "nothing to change"),
        (("--set", "needs.TDC.held=3"), "TCD"),
        (("--set", "needs.TCD.hold=3"), "held"),
        (("--set", "needs.TCD.held=-3"), "-3"),
        (("--set", "needs"), "needs"),
        (("--without", "PF-9"), "PF-1"),
        (("--add", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused_in_a_sentence(run, planned, words: tuple[str, ...], part: str) -> None:
    outcome = run("whatif", "plan", *words)
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert part in outcome.err
    assert "Traceback" not in outcome.err


def test_a_what_if_without_any_change_is_refused() -> None:
    with pytest.raises(OptionRefused, match="nothing to change"):
        whatif(Path("plan"))


def test_json_holds_the_changes(run, planned) -> None:
    body = json.loads(run("whatif", "plan", "--set", "needs.TCD.handles=ultra-cold", "--json").out)
    assert body["command"] == "whatif"
    assert body["result"]["changes"]
