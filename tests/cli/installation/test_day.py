"""Actions and listings as commands: who acts, why, under which id; what is refused, and how it is said."""

from __future__ import annotations

import shutil

import pytest
from evenhand_shell import Shell

pytestmark = pytest.mark.slow

DRAFT = (
    "need",
    "draft",
    "--party",
    "TCD",
    "--resource",
    "covid-vaccine",
    "--quantity",
    "1,000",
    "--why",
    "first doses",
)


def test_an_action_is_done_once_for_its_id(installed: Shell) -> None:
    first = installed(*DRAFT, "--as", "focal-tcd", "--id", "day-1", "--json").result
    again = installed(*DRAFT, "--as", "focal-tcd", "--id", "day-1", "--json").result
    assert first["ref"] == again["ref"]
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["base_units"] == 1000


def test_who_acts_must_be_said(installed: Shell) -> None:
    outcome = installed(*DRAFT, EVENHAND_USER="")
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert "say who acts: --as NAME" in outcome.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((*DRAFT, "--as", "focal-tdc"), "no user 'focal-tdc'; did you mean 'focal-tcd'?"),
        (
            (*DRAFT, "--as", "donor-ind"),
            "donor-ind may not 'need draft' for TCD; that takes the role focal-point for TCD",
        ),
        (
            (*DRAFT, "--as", "focal-tcd", "--by-when", "3/4/2026"),
            "'3/4/2026' is not a date; write it as year-month-day",
        ),
        (("need", "draft", "--as", "focal-tcd"), "Try 'evenhand need draft --help'."),
        (("need", "sumbit", "ND-1"), "No such command 'sumbit'"),
        (("need", "submit", "ND-0000000000", "--as", "focal-tcd"), "no need 'ND-0000000000'"),
        (
            ("evidence", "attach", "TCD", "--title", "x", "--kind", "table", "--file", "no.csv", "--as", "focal-tcd"),
            "no.csv",
        ),
    ],
)
def test_a_mistake_is_one_sentence_and_no_traceback(installed: Shell, words: tuple[str, ...], sentence: str) -> None:
    outcome = installed(*words)
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert sentence in outcome.err
    assert "Traceback" not in outcome.err


def test_a_draft_is_listed_for_its_own_party_alone(installed: Shell) -> None:
    ref = installed(*DRAFT, "--as", "focal-tcd", "--id", "day-2", "--json").result["ref"]
    assert ref in installed("need", "list", "--as", "focal-tcd").out
    assert ref not in installed("need", "list", "--as", "donor-ind").out
    assert ref not in installed("need", "list", EVENHAND_USER="").out
    hidden = installed("need", "show", ref, "--as", "donor-ind")
    assert (hidden.exit_code, hidden.err) == (2, f"no need '{ref}'\n")


def test_what_was_offered_stands_in_the_figures_and_in_the_audit(installed: Shell) -> None:
    made = installed(
        "offer", "make", "--donor", "IND", "--resource", "vaccine-az", "--quantity", "40 carton", "--firmness", "commitment",
        "--as", "donor-ind", "--id", "day-3",
    )  # fmt: skip
    assert made.exit_code == 0, made.err
    promised = {row["family"]: row["promised"] for row in installed("status", "--json").result["families"]}
    assert promised["covid-vaccine"] == 2000  # 40 cartons of 100 doses, two doses a person
    audit = installed("audit")
    assert audit.exit_code == 0
    assert audit.out.startswith("holds: ")


def test_the_verifier_is_printed_as_one_file(installed: Shell) -> None:
    text = installed("audit", "--standalone").out
    compile(text, "verify.py", "exec")
    assert "import evenhand" not in text


def test_a_backup_comes_back_the_same(installed: Shell, tmp_path_factory: pytest.TempPathFactory) -> None:
    from evenhand_shell import make_shell

    file = tmp_path_factory.mktemp("backup") / "book.backup"
    assert installed("backup", str(file)).exit_code == 0
    assert "exists; a backup never writes over another one" in installed("backup", str(file)).err
    folder = tmp_path_factory.mktemp("other") / "data"
    other = make_shell(folder)
    keyless = other("restore", str(file))
    assert keyless.exit_code == 1
    assert "The keys are not in a backup" in keyless.out
    shutil.copytree(installed.folder / "keys", folder / "keys")
    assert other("audit").exit_code == 0
    assert other("status", "--json").out == installed("status", "--json").out
    assert "holds records already" in other("restore", str(file)).err
