"""Measure every case, print one table, write it to docs/benchmarks.md.

python -m bench                 all of it: half an hour on two quiet cores
python -m bench --only d,f      these cases; the others stay in the file as they were
python -m bench --quick         smaller, in a minute or two; nothing is written
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bench.cases import CASES
from bench.machine import describe_machine, describe_versions
from bench.process import ROOT, JobFailed
from bench.table import Row, as_markdown, as_text, from_markdown, seconds

BUSY = 0.5
"""From this load on, other work is taking time from what is measured."""

PAGE = ROOT / "docs" / "benchmarks.md"
INTRODUCTION = """\
# Benchmarks

`make bench` measures these cases and writes this page. Each row is measured beside its peer in the same run, by turns,
each in a process of its own; times are medians and ratios are the medians of the ratios pair by pair. Packages are
imported and warmed up, and tables made, before the clock starts, except where a row says that the whole process counts.
Memory is the peak of the whole process. The problems are made by seed in `bench/instances.py`, with their mathematics;
the peers are in `bench/peers/`. A promise that is not kept says "no".
"""


def main(arguments: list[str]) -> int:
    """Run the cases that were asked for; return 1 where one could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Evenhand beside its peers.")
    parser.add_argument("--only", metavar="LETTERS", help="cases to measure, e.g. d,f: " + _letters())
    parser.add_argument("--quick", action="store_true", help="smaller and shorter; writes nothing")
    chosen = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    if load > BUSY:
        print(f"The load of this machine is {load:.1f} already: times will be longer than they are.", file=sys.stderr)
    letters = [letter.strip() for letter in chosen.only.split(",")] if chosen.only else list(CASES)
    unknown = [letter for letter in letters if letter not in CASES]
    if unknown:
        parser.error(f"no case '{unknown[0]}'; there are: {_letters()}")
    measured: dict[str, list[Row]] = {}
    failed = False
    for letter in letters:
        title, case = CASES[letter]
        print(f"({letter}) {title} ...", end=" ", flush=True, file=sys.stderr)
        begun = perf_counter()
        try:
            measured[letter] = case(chosen.quick)
        except JobFailed as failure:
            failed = True
            measured[letter] = [Row(title, "", "", "", "", "", f"could not be measured: {failure}")]
        print(seconds(perf_counter() - begun), file=sys.stderr)
    rows = [with_load(row, load) for letter in letters for row in measured[letter]]
    print(as_text(rows))
    if not chosen.quick:
        write_page(PAGE, rows, keep=bool(chosen.only))
        print(f"\nWritten to {PAGE.relative_to(ROOT)}.", file=sys.stderr)
    return int(failed)


def with_load(row: Row, load: float) -> Row:
    """Say in the note that other work ran on the machine, if it did when the run began: no ratio is sure then."""
    if load <= BUSY:
        return row
    return replace(row, note="; ".join(filter(None, [row.note, f"measured while other work ran (load {load:.1f})"])))


def write_page(page: Path, rows: list[Row], *, keep: bool) -> None:
    """Write the page; with `keep`, rows of other cases stay if machine and versions are the same."""
    under = f"Measured on {describe_machine()}.\n\nVersions: {describe_versions()}.\n"
    if keep and page.exists():
        before = page.read_text(encoding="utf-8")
        if under in before:
            new = {row.case: row for row in rows}
            old = from_markdown(before)
            rows = [new.pop(row.case, row) for row in old] + list(new.values())
    day = datetime.now(tz=UTC).date().isoformat()
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"{INTRODUCTION}\n{under}\nLast run: {day}.\n\n{as_markdown(rows)}\n", encoding="utf-8")


def _letters() -> str:
    return "; ".join(f"{letter} {title}" for letter, (title, _) in CASES.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
