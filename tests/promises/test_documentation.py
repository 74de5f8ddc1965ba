"""The documentation keeps its word: every example runs; every command, column, rule and measure is described."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from page_examples import find_blocks, run_page

import evenhand
from evenhand.cli.application import COMMANDS, GROUPS, SERVER_COMMANDS
from evenhand.cli.columns import READ, WRITTEN
from evenhand.configuration import SETTINGS
from evenhand.supply.registers import REGISTERS

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"
PAGES = sorted([PROJECT / "README.md", *DOCS.rglob("*.md"), *(PROJECT / "examples").rglob("*.md")])
SLOW = {"tutorial-server.md", "what-was-said.md"}
"""Pages that fill a demo."""


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=pytest.mark.slow) if page.name in SLOW else page for page in PAGES],
    ids=lambda page: str(page.relative_to(PROJECT)),
)
def test_every_example_of_a_page_runs_and_prints_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    (tmp_path / "examples").symlink_to(PROJECT / "examples")
    monkeypatch.chdir(tmp_path)
    problems = run_page(page, tmp_path, update=update_golden)
    assert update_golden or not problems, "\n\n".join(problems)


def test_a_wrong_example_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- file: a.csv -->\n```csv\na\n1\n```\n"
        "```console\n$ cat a.csv\na\n1\n$ echo two\nthree\n```\n"
        "```python\nx = 1\n```\n```python\n>>> x + 1\n3\n```\n",
        encoding="utf-8",
    )
    problems = run_page(page, tmp_path)
    assert len(problems) == 2
    assert "line 7: $ echo two" in problems[0]
    assert "Expected:\n    3\nGot:\n    2" in problems[1]


def test_the_picture_is_that_of_the_shipped_example(update_golden: bool) -> None:
    drawn = runpy.run_path(str(DOCS / "images" / "draw.py"))["draw_example"]()
    file = DOCS / "images" / "waterline.svg"
    if update_golden:
        file.write_text(drawn, encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == drawn, "draw it again: make pictures"


def test_every_block_of_python_or_console_is_found() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        written = len(re.findall(r"^```(python|console)\b", text, re.MULTILINE))
        assert written == sum(block.language in ("python", "console") for block in find_blocks(text)), page


def test_every_command_is_documented() -> None:
    page = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    missing = [command.__name__ for command in COMMANDS if f"```{{command}} {command.__name__}\n" not in page]
    assert missing == []


def test_every_command_of_the_server_is_documented() -> None:
    page = (DOCS / "reference" / "server-commands.md").read_text(encoding="utf-8")
    assert [name for name in SERVER_COMMANDS if f"```{{command}} {name}\n" not in page] == []
    assert [name for name in (*GROUPS, "people") if f"```{{commands}} {name}\n" not in page] == []


def test_every_table_that_can_be_imported_is_documented() -> None:
    page = (DOCS / "reference" / "import-tables.md").read_text(encoding="utf-8")
    assert [name for name in REGISTERS if f"```{{registers}} {name}\n" not in page] == []


def test_every_setting_is_documented() -> None:
    assert "```{settings}\n" in (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    assert all(one.meaning and one.variable == f"EVENHAND_{one.name.upper()}" for one in SETTINGS)


def test_every_table_and_so_every_column_is_documented() -> None:
    text = "".join((DOCS / "reference" / name).read_text(encoding="utf-8") for name in ("tables.md", "plan-folder.md"))
    missing = [table for table in [*READ, *WRITTEN] if f"```{{columns}} {table}\n" not in text]
    assert missing == []


def test_every_public_name_is_documented() -> None:
    page = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    assert [name for name in evenhand.__all__ if f"evenhand.{name}" not in page] == []


@pytest.mark.slow
def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(tmp_path / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    reference = (tmp_path / "html" / "reference" / "commands.html").read_text(encoding="utf-8")
    assert "--max-lots" in reference
    server = (tmp_path / "html" / "reference" / "server-commands.html").read_text(encoding="utf-8")
    assert "evenhand need submit NEED" in re.sub("<[^>]+>", "", server)
    settings = (tmp_path / "html" / "reference" / "settings.html").read_text(encoding="utf-8")
    assert all(one.variable in settings for one in SETTINGS)
    tables = (tmp_path / "html" / "reference" / "tables.html").read_text(encoding="utf-8")
    assert all(column.name in tables for column in READ["needs"].columns)
