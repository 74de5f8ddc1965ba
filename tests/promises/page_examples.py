"""Run the examples of a page: what it writes into files, what it types, and the Python it shows.

    <!-- file: needs.csv -->     the block below is a file of that name
    ```console                   "$ command" and what it prints, stderr included; "..." stands for anything;
                                 "$ export NAME=value" holds to the end of the page
    ```python                    with >>> a doctest, else a script; names live to the end of the page
    ```sh                        shown, never run

A page's examples run from the top in one folder, as a reader would run them.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FENCE = re.compile(
    r"(?:^<!-- file: (?P<file>\S+) -->\n)?^(?P<fence>`{3,})(?P<language>[a-z]*)[^\n]*\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
EXPORT = re.compile(r"export (?P<name>[A-Z_]+)=(?P<value>\S+)")
LENIENT = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, its text, its place in the page, and the file it is, if it is one."""

    language: str
    text: str
    file: str | None
    line: int
    start: int
    end: int


def find_blocks(page: str) -> list[Block]:
    return [
        Block(
            found["language"],
            found["text"],
            found["file"],
            page.count("\n", 0, found.start("text")) + 1,
            found.start("text"),
            found.end("text"),
        )
        for found in FENCE.finditer(page)
    ]


def run_command(command: str, folder: Path, exported: dict[str, str]) -> str:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "100"}
    if said := EXPORT.fullmatch(command):
        exported[said["name"]] = said["value"]
        return ""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment | exported,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode()


def split_commands(text: str) -> list[tuple[str, str]]:
    """Return each command with the output that stands below it."""
    parts = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def run_page(path: Path, folder: Path, *, update: bool = False) -> list[str]:
    """Run every example of a page in `folder` and return what came out differently, a sentence each.

    With `update`, the page gets the output of its commands instead.
    """
    page, problems, names = path.read_text(encoding="utf-8"), [], {"__name__": "__main__"}
    exported: dict[str, str] = {}
    for block in find_blocks(page):
        where = f"{path.name}, line {block.line}"
        if block.file:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            fresh = ""
            for command, wanted in split_commands(block.text):
                got = run_command(command, folder, exported)
                alike = doctest.OutputChecker().check_output(wanted, got, LENIENT)
                fresh += f"$ {command}\n{wanted if alike else got}"
                if update and "Traceback (most recent call last)" in got:
                    raise AssertionError(f"{where}: $ {command}\nno page gets a traceback:\n{got}")
                if not alike:
                    problems.append(f"{where}: $ {command}\nthe page says:\n{wanted}it prints:\n{got}")
            if update and fresh != block.text:
                page = path.read_text(encoding="utf-8").replace(block.text, fresh, 1)
                path.write_text(page, encoding="utf-8")
        elif block.language == "python" and ">>>" in block.text:
            problems += run_doctest(block, names, where)
        elif block.language == "python":
            exec(compile(block.text, where, "exec"), names)
    return problems


def run_doctest(block: Block, names: dict[str, Any], where: str) -> list[str]:
    example = doctest.DocTestParser().get_doctest(block.text, names, where, where, block.line)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=LENIENT, verbose=False)
    runner.run(example, out=said.append, clear_globs=False)
    names.update(example.globs)
    return said
