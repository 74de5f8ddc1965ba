"""Import, export and template at a shell: a dry run first, problems by row, all of it or nothing, and back again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from evenhand_shell import Shell, make_shell

pytestmark = pytest.mark.slow

NEEDS = "party,resource,quantity,unit,why\nTCD,vaccine-az,1200,dose,first phase\nKEN,vaccine-az,800,dose,first phase\n"
FACTS = "happened,verb,donor,recipient,resource,quantity\n2026-01-10,received,IND,TCD,vaccine-az,500\n"


def write(shell: Shell, name: str, text: str) -> str:
    (shell.folder.parent / name).write_text(text, encoding="utf-8")
    return name


def test_a_dry_run_changes_nothing_and_says_how_to_apply_it(installed: Shell) -> None:
    file = write(installed, "dry.csv", NEEDS.replace("1200", "1201"))
    outcome = installed("import", "needs", file, "--as", "task-force")
    assert outcome.exit_code == 0, outcome.err
    assert "nothing was changed" in outcome.out
    assert "--apply" in outcome.out
    assert installed("need", "list", "--as", "auditor", "--json").result["rows"] == 0


def test_what_is_applied_is_there_and_a_second_time_changes_nothing(installed: Shell) -> None:
    file = write(installed, "needs.csv", NEEDS)
    first = installed("import", "needs", file, "--apply", "--as", "task-force", "--json").result
    assert (first["added"], first["repeated"]) == (2, False)
    again = installed("import", "needs", file, "--apply", "--as", "task-force")
    assert "was applied before" in again.out
    dry = installed("import", "needs", file, "--as", "task-force", "--json").result
    assert (dry["added"], dry["same"], dry["applied_before"]) == (0, 2, True)
    assert installed("need", "list", "--as", "auditor", "--json").result["rows"] == 2


def test_every_problem_is_listed_and_written_into_a_file(installed: Shell) -> None:
    file = write(installed, "wrong.csv", NEEDS.replace("TCD", "TDC").replace("800", "-8"))
    out = installed.folder.parent / "problems.csv"
    outcome = installed("import", "needs", file, "--as", "task-force", "--problems", str(out))
    assert outcome.exit_code == 2
    assert "it cannot be applied as it is" in outcome.out
    with out.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["file"], row["row"], row["column"]) for row in rows] == [("wrong.csv", "3", "quantity")]
    file = write(installed, "wrong-too.csv", NEEDS.replace("TCD", "TDC"))
    outcome = installed("import", "needs", file, "--apply", "--as", "task-force")
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert "wrong-too.csv, row 2, column party: no party 'TDC'; did you mean 'TCD'?" in outcome.err


def test_a_question_about_days_is_answered_by_an_option(installed: Shell) -> None:
    file = write(installed, "days.csv", "party,resource,quantity,why,by\nTCD,vaccine-az,7,x,03/04/2031\n")
    asked = installed("import", "needs", file, "--as", "task-force")
    assert asked.exit_code == 2
    assert "--day-first or --month-first" in asked.out
    assert installed("import", "needs", file, "--day-first", "--as", "task-force").exit_code == 0


def test_rows_that_repeat_another_are_shown_and_decided_about(installed: Shell) -> None:
    file = write(installed, "twice.csv", FACTS + FACTS.splitlines()[1] + "\n")
    asked = installed("import", "entries", file, "--as", "task-force")
    assert (asked.exit_code, "2 and 3" in asked.out) == (2, True)
    assert installed("import", "entries", file, "--identical", "keep", "--as", "task-force").exit_code == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "neds", "needs.csv"), "did you mean 'needs'?"),
        (("import", "needs", "nowhere.csv"), "nowhere.csv cannot be read"),
        (("import", "needs", "needs.csv", "--layout", "nowhere.toml"), "nowhere.toml cannot be read"),
        (("import", "needs", "needs.csv", "--as", "donor-ind"), "needs.csv, row 2: donor-ind may not"),
        (("import", "archive", "nowhere"), "say --apply"),
        (("import", "archive", "nowhere", "--apply"), "nowhere is not a folder"),
        (("export", "data"), "not empty"),
        (("export", "elsewhere", "--format", "ods"), "csv, xlsx, parquet"),
        (("template", "neds"), "did you mean 'needs'?"),
    ],
)
def test_a_mistake_is_one_sentence(installed: Shell, words: tuple[str, ...], sentence: str) -> None:
    write(installed, "needs.csv", NEEDS)
    outcome = installed(*words)
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert sentence in outcome.err
    assert "Traceback" not in outcome.err


def test_an_export_is_taken_into_another_installation_and_audited(installed: Shell) -> None:
    write(installed, "facts.csv", FACTS)
    assert installed("import", "entries", "facts.csv", "--apply", "--as", "task-force").exit_code == 0
    written = installed("export", "whole", "--as", "operator", "--json").result
    assert (written["whole"], written["signed"], written["checkpoints"] >= 1) == (True, True, True)
    other = make_shell(installed.folder.parent / "second", EVENHAND_USER="operator")
    assert other("init", "--name", "test.example/book", "--group", "NAM", "--no-seeds").exit_code == 0
    taken = other("import", "archive", str(installed.folder.parent / "whole"), "--apply", "--json")
    assert taken.exit_code == 0, taken.err
    assert other("audit", "--json").result["root"] == written["root"]
    again = other("export", "back", "--json").result
    assert again["root"] == written["root"]
    folder = installed.folder.parent
    assert (folder / "back/entries.csv").read_bytes() == (folder / "whole/entries.csv").read_bytes()
    assert installed("audit", "whole").exit_code == 0
    assert (folder / "back/keys.txt").read_bytes() == (folder / "whole/keys.txt").read_bytes()


def test_an_export_without_a_name_holds_what_everybody_may_see(installed: Shell) -> None:
    written = installed("export", "public", EVENHAND_USER="", as_json="").out
    assert "what you may see" in written
    assert not (installed.folder.parent / "public/tables/actions.csv").exists()


def test_a_template_lists_what_there_is_and_reads_back(installed: Shell, tmp_path: Path) -> None:
    made = installed("template", "needs", "-o", str(tmp_path / "needs.xlsx"), "--json").result
    assert made["lists"] == "those of the installation"
    outcome = installed("import", "needs", str(tmp_path / "needs.xlsx"), "--as", "task-force")
    assert "Traceback" not in outcome.err
    bare = make_shell(tmp_path / "nothing")
    assert (
        bare("template", "parties", "--languages", "fr", "-o", str(tmp_path / "p.xlsx"), "--json").result["lists"]
        == "the shipped ones"
    )
