"""The whole command on real facilities: CSV in, plan folder out, against a script that only reads and writes."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.process import ROOT, beside, run_command, run_job
from bench.table import Row, gibibytes, met, seconds, times

MOST = 6.0
BUILD = ROOT / "examples" / "africa_facilities" / "build.py"
DATE = "2026-01-01"
WRITTEN = ("plan.csv", "recipients.csv", "lots.csv")
STAND_IN = {"make": "whole_packs_in_groups", "recipients": 98_745, "lots": 50, "groups": 49, "seed": 1}


def whole_command(quick: bool) -> list[Row]:
    """Measure `evenhand allocate` as a person runs it."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source, what = _tables(folder / "tables")
        plan = folder / "plan"
        allocate = [
            *(sys.executable, "-m", "evenhand", "allocate", str(source / "needs.csv"), str(source / "lots.csv")),
            *("--groups", str(source / "groups.csv"), "--date", DATE, "--out", str(plan)),
        ]
        first = run_command(allocate)
        rows = {name: _rows(plan / name) for name in WRITTEN}
        copies = sum(_rows(path) for path in sorted((plan / "inputs").glob("*.csv")))
        script = [
            sys.executable,
            str(ROOT / "bench" / "peers" / "read_write_polars.py"),
            str(source),
            str(folder / "peer"),
        ]
        script += [f"{name}={count}" for name, count in rows.items()]
        run_command(script)  # once before the clock counts, as ours has been
        pairs = beside(lambda: run_command(allocate), lambda: run_command(script), 2 if quick else 7)
    counted = ", ".join(f"{name} {count:,}" for name, count in rows.items())
    return [
        Row(
            f"{what}: whole command, CSV in to plan out, against a script that reads the same tables with Polars and "
            "writes as many rows",
            seconds(pairs.ours_seconds) + pairs.hindrance,
            seconds(pairs.peer_seconds),
            times(pairs.ratio),
            f"<= {MOST:.0f}x",
            met(pairs.ratio <= MOST),
            f"whole processes, start included; rows written by both: {counted}; ours also writes copies of the inputs "
            f"({copies:,} rows, with hashes) and the certificate; first run {seconds(first.seconds)}; "
            f"peak {gibibytes(max(run.peak_bytes for run in pairs.ours))}",
        )
    ]


def _tables(folder: Path) -> tuple[Path, str]:
    """Return the folder of the three tables and what they are: the real ones where their source is at hand."""
    if BUILD.exists() and (ROOT.parent / "shared" / "data" / "facilities").exists():
        run_command([sys.executable, str(BUILD), "--out", str(folder)])
        lots = _rows(folder / "lots.csv")
        return folder, f"{_rows(folder / 'needs.csv'):,} health facilities in Africa x {lots} lots"
    made = run_job("bench.write_tables", STAND_IN, folder=str(folder)).answer["recipients"]
    return folder, f"{made:,} made-up facilities x 50 lots (a stand-in: the real list is not at hand)"


def _rows(path: Path) -> int:
    """Count the rows under the heading; no cell of these tables holds a line break."""
    with path.open("rb") as lines:
        return sum(1 for _ in lines) - 1
