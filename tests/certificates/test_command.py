"""The checker as one file, run with bare Python: exit codes, one line, problems by row, and nothing but the library."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import brute
import pytest

from evenhand.certificates import checker, standalone_source

SOURCE = Path(checker.__file__)


def small_plan() -> brute.Folder:
    # A and B, target 10 each; 3 packs of 2: A first (key order decides the tie), so 2 packs to A, 1 to B.
    case = brute.Case((brute.Need("A", Fraction(10)), brute.Need("B", Fraction(10))), (brute.Lot("X", 3, Fraction(2)),))
    return brute.best_folder(case, {("X", "A"): 2, ("X", "B"): 1})


@pytest.fixture
def check_py(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "check.py"
    path.parent.mkdir()
    path.write_text(standalone_source(), encoding="utf-8")
    return path


def run(check_py: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", "-W", "error", check_py, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=check_py.parent)


def test_a_plan_that_holds_gives_one_line_and_exit_code_0(check_py: Path, tmp_path: Path) -> None:
    done = run(check_py, small_plan().write(tmp_path / "plan"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "holds: 4 conditions, 2 pairs, 1 lot, 2 recipients; proved best under equal-coverage\n"


def test_a_broken_plan_gives_every_problem_by_row_and_exit_code_1(check_py: Path, tmp_path: Path) -> None:
    made = small_plan()
    made.tables["plan.csv"][1][2:] = ["3", "6", "6"]
    del made.tables["plan.csv"][2]
    done = run(check_py, made.write(tmp_path / "plan"))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[0] == "does not hold: 9 problems; 'proved best' under equal-coverage is not shown"
    assert (
        "plan.csv, row 2: condition 2: lot 'X' stands at 0.200000 to 0.400000 and gives to 'A', which is held to "
        "0.400000 to 0.600000 by its own last pack" in done.stdout
    )
    assert (
        "recipients.csv, row 3: condition 3: 'B' has room for one more pack, which would lift it from 0.000000 to "
        "0.200000, and is held to 0.200000 to 0.400000 by lot 'X', which it may have" in done.stdout
    )
    assert "recipients.csv, row 2: received is '4'; it follows that it is '6'" in done.stdout


def test_an_unreadable_folder_gives_one_sentence_and_exit_code_2(check_py: Path, tmp_path: Path) -> None:
    done = run(check_py, tmp_path / "nothing")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("is not a folder, so it is not a plan\n")
    assert "Traceback" not in done.stderr


def test_printing_stops_at_twenty_problems_and_all_lists_them(check_py: Path, tmp_path: Path) -> None:
    made = small_plan()
    made.tables["recipients.csv"][1:] = [[f"S{i:02}", *[""] * 9] for i in range(40)]
    folder = made.write(tmp_path / "plan")
    done = run(check_py, folder)
    lines = done.stdout.splitlines()
    assert len(lines) == 22
    assert lines[0].startswith("does not hold: 42 problems")
    assert lines[-1] == "... and 22 more"
    assert len(run(check_py, folder, "--all").stdout.splitlines()) == 43


def test_json_carries_the_whole_verdict(check_py: Path, tmp_path: Path) -> None:
    folder = small_plan().write(tmp_path / "plan")
    said = json.loads(run(check_py, folder, "--json").stdout)
    assert said["holds"] is True
    assert (said["claim"], said["rule"], said["problems"]) == ("proved best", "equal-coverage", [])
    assert said["counts"] == {"recipients": 2, "lots": 1, "lines": 2, "classes": 1, "pairs": 2}
    (folder / "plan.csv").unlink()
    done = run(check_py, folder, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["unreadable"] == "plan.csv is missing, so this is not a complete plan"


def test_letters_the_terminal_does_not_know_are_escaped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = small_plan()
    made.tables["plan.csv"][1][1] = "Tchad \u2014 \u062a\u0634\u0627\u062f"
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    assert checker.main([str(made.write(tmp_path))]) == 1
    screen.seek(0)
    assert "Tchad \\u2014 \\u062a" in screen.read()


def test_a_reader_that_stops_early_is_no_error(check_py: Path, tmp_path: Path) -> None:
    folder = small_plan().write(tmp_path / "plan")
    command = f"'{sys.executable}' -I -S '{check_py}' '{folder}' | true"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""


def test_the_checker_imports_the_standard_library_only_and_reads_as_python_3_9() -> None:
    tree = ast.parse(standalone_source(), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= set(sys.stdlib_module_names)
    assert not {"polars", "numpy", "ortools", "evenhand"} & imported


def test_the_one_file_is_the_module_itself() -> None:
    assert standalone_source() == SOURCE.read_text(encoding="utf-8")
