"""The layout is enforced: each contract of import-linter holds, and breaks when somebody breaks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
WRONG = {
    "a lower folder uses an upper one": ("fairness/rules.py", "import evenhand.allocation", "A folder uses only"),
    "neighbours use one another": ("exchange/__init__.py", "import evenhand.figures", "A folder uses only"),
    "the engine uses the commands": ("fairness/rules.py", "import evenhand.cli", "A folder uses only"),
    "a folder nobody planned": ("helpers/__init__.py", "x = 1", "A folder uses only"),
    "the engine meets the web": ("exchange/__init__.py", "import django", "The engine meets no web"),
    "the engine meets the terminal": ("figures/__init__.py", "import rich", "Only the commands"),
    "somebody else calls the solver": ("exchange/__init__.py", "import ortools", "Only allocation"),
    "the checker calls for help": ("certificates/checker.py", "import numpy", "The checker stands alone"),
    "the checker asks Evenhand": ("certificates/checker.py", "import evenhand.supply", "The checker stands alone"),
    "the verifier asks Evenhand": ("ledger/verifier.py", "import evenhand.ledger.merkle", "The verifier stands alone"),
}


def lint(folder: Path) -> str:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    shutil.copytree(PROJECT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_layout_holds(copy: Path) -> None:
    assert " 0 broken." in lint(copy)


@pytest.mark.slow
@pytest.mark.parametrize("wrong", WRONG)
def test_a_broken_layout_breaks_the_build(copy: Path, wrong: str) -> None:
    name, line, contract = WRONG[wrong]
    file = copy / "src" / "evenhand" / name
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as end:
        end.write(f"\n{line}\n")
    said = lint(copy)
    assert " 0 broken." not in said
    assert any("BROKEN" in row and row.startswith(contract) for row in said.splitlines()), said
