"""What a focal point and the secretariat read: golden files of the main answers, with days and times left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from evenhand_shell import Outcome, Shell

pytestmark = pytest.mark.slow

DAY = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d( UTC)?)?")


def lasting(outcome: Outcome) -> str:
    """Return what was printed, without what is different on another day."""
    return DAY.sub("DAY", outcome.out)


@pytest.fixture(scope="module")
def lived_in(installed: Shell) -> Shell:
    """The installation with two needs approved, an offer made, and a round proposed, under ids of its own."""
    assert installed("user", "add", "focal-ken").exit_code == 0
    assert installed("user", "grant", "focal-ken", "--role", "focal-point", "--party", "KEN").exit_code == 0
    for party, quantity in (("TCD", "1,200,000"), ("KEN", "2,400,000")):
        who = f"focal-{party.lower()}"
        assert installed(
            "party", "change", party, "--handles", "cold-chain", "--reason", "as told", "--as", "task-force"
        ).exit_code == 0  # fmt: skip
        drafted = installed(
            "need", "draft", "--party", party, "--resource", "vaccine-az", "--quantity", quantity, "--why", "first doses",
            "--as", who, "--id", f"look-{party}", "--json",
        )  # fmt: skip
        ref = drafted.result["ref"]
        assert installed("need", "submit", ref, "--as", who).exit_code == 0
        assert installed("need", "approve", ref, "--as", "task-force").exit_code == 0
    offered = installed(
        "offer", "make", "--donor", "IND", "--resource", "vaccine-az", "--quantity", "20000 carton", "--firmness",
        "commitment", "--as", "donor-ind", "--id", "look-offer",
    )  # fmt: skip
    assert offered.exit_code == 0, offered.err
    return installed


@pytest.fixture(scope="module")
def proposed(lived_in: Shell) -> str:
    opened = lived_in(
        "round", "open", "--title", "Autumn", "--group", "NAM", "--resource", "vaccine-az", "--as", "task-force",
        "--id", "look-round", "--json",
    )  # fmt: skip
    ref = str(opened.result["ref"])
    for step in ("freeze", "propose"):
        assert lived_in("round", step, ref, "--as", "task-force").exit_code == 0
    return ref


def test_what_a_need_says_on_its_way(installed: Shell, golden: Callable[[str, object], None]) -> None:
    words = ("--party", "TCD", "--resource", "ors", "--quantity", "5,000", "--why", "the rains", "--as", "focal-tcd")
    drafted = installed("need", "draft", *words, "--id", "way-1")
    again = installed("need", "draft", *words, "--id", "way-1")
    ref = re.findall(r"ND-\w+", drafted.out)[0]
    submitted = installed("need", "submit", ref, "--as", "focal-tcd")
    shown = installed("need", "show", ref, "--as", "focal-tcd")
    golden("server_need", "\n".join(map(lasting, (drafted, again, submitted, shown))))


def test_what_a_round_shows(lived_in: Shell, proposed: str, golden: Callable[[str, object], None]) -> None:
    words = (("show", proposed), ("lines", proposed), ("explain", proposed, "TCD"))
    outcomes = [lived_in("round", *word, "--as", "task-force") for word in words]
    golden("server_round", re.sub(r"[0-9a-f]{64}", "HASH", "\n".join(map(lasting, outcomes))))


def test_what_listings_show(lived_in: Shell, golden: Callable[[str, object], None]) -> None:
    words = (
        ("need", "list", "--state", "approved"), ("offer", "list"), ("stock", "balances"), ("user", "list"),
        ("group", "list"), ("programme", "list"),
    )  # fmt: skip
    text = "\n".join(lasting(lived_in(*word)) for word in words)
    golden("server_listings", re.sub(r"u-[0-9a-f]{16}", "PUBLIC-ID", text))


def test_outsiders_check_a_rounds_plan_with_arithmetic_alone(lived_in: Shell, proposed: str) -> None:
    written = lived_in("round", "plan", proposed, "-o", "plan", "--as", "task-force")
    assert written.exit_code == 0, written.err
    assert lived_in("check", "plan").out.startswith("holds: ")
    assert "is not empty" in lived_in("round", "plan", proposed, "-o", "plan", "--as", "task-force").err
    lines = lived_in("round", "lines", proposed, "--as", "task-force", "--json").result["lines"]
    assert sum(line["base_units"] for line in lines) == 2_000_000


def test_a_plan_that_is_not_before_members_is_not_shown_to_them(lived_in: Shell, proposed: str) -> None:
    for words in (("show",), ("lines",), ("plan", "-o", "other")):
        outcome = lived_in("round", words[0], proposed, *words[1:], "--as", "focal-tcd")
        assert (outcome.exit_code, outcome.err) == (2, f"no round '{proposed}'\n")
    assert not (lived_in.folder.parent / "other").exists()


def test_json_holds_every_field_as_plain_values(lived_in: Shell, proposed: str) -> None:
    full = json.loads(lived_in("round", "show", proposed, "--as", "task-force", "--json").out)
    assert (full["command"], full["ok"], full["notes"]) == ("round show", True, [])
    assert set(full["result"]["proposals"][0]["explanations"]) == {"KEN", "TCD"}
    needs = lived_in("need", "list", "--json").result
    assert needs["rows"] == len(needs["list"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", needs["list"][0]["valid_until"])
    assert needs["list"][0]["tiers"] == []


def test_a_refusal_names_the_option_as_it_is_typed(lived_in: Shell) -> None:
    words = ("offer", "make", "--donor", "IND", "--resource", "vaccine-az", "--quantity", "1", "--as", "donor-ind")
    assert "--min-packs is 0" in lived_in(*words, "--min-packs", "0").err
    assert lived_in(*words, "--min-packs", "many").err == (
        "Invalid value for '--min-packs': it is a whole number, such as 3. Try 'evenhand offer make --help'.\n"
    )


def test_a_listing_starts_no_tables_and_no_solver(lived_in: Shell) -> None:
    import os
    import subprocess
    import sys

    asked = "import sys; from evenhand.cli import main; main(['need', 'list']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], env=os.environ | {"EVENHAND_DATA": str(lived_in.folder)}, text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    assert not {"polars", "ortools", "numpy", "xlsxwriter", "fastexcel"} & set(done.stdout.split())
