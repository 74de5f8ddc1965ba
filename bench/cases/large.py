"""A million recipients, and how time grows on the way there."""

from __future__ import annotations

import sys
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.process import Pairs, beside, run_command, run_job
from bench.table import Row, gibibytes, met, seconds, times

RECIPIENTS = 1_000_000
ALLOCATE = 5.0
CHECK = 25.0
PEAK_BYTES = int(2.5 * 2**30)
GROWTH = 2.3


def million(quick: bool) -> list[Row]:
    """Measure allocate, its memory, and the check of the written plan, against the same join and sort."""
    problem = _problem(RECIPIENTS // 10 if quick else RECIPIENTS)
    size = f"{problem['recipients']:,} recipients x {problem['lots']:,} lots, {problem['groups']} groups, whole packs"
    repeats = 2 if quick else 5
    pairs = beside(lambda: run_job("bench.ours", problem), lambda: run_job("bench.peers.join_polars", problem), repeats)
    peak = max(run.peak_bytes for run in pairs.ours)
    with TemporaryDirectory() as temporary:
        folder, alone = Path(temporary) / "plan", Path(temporary) / "check.py"
        written = run_job("bench.ours", problem, answer={"folder": str(folder)})
        evenhand = [sys.executable, "-m", "evenhand"]
        script = run_command([*evenhand, "check", "--standalone"]).answer["output"]
        alone.write_text(script, encoding="utf-8")
        command = [sys.executable, "-I", "-S", str(alone), str(folder)]
        checks = beside(
            lambda: run_command(command), lambda: run_job("bench.peers.join_polars", problem), min(repeats, 3)
        )
    said = checks.ours[0].answer["output"].strip().splitlines()[0]
    return [
        Row(
            f"{size}: allocate with certificate, against Polars joining, checking keys and sorting",
            seconds(pairs.ours_seconds) + pairs.hindrance,
            seconds(pairs.peer_seconds),
            times(pairs.ratio),
            f"<= {ALLOCATE:.0f}x",
            _met(pairs.ratio <= ALLOCATE, quick),
            f"{pairs.ours[0].answer['claim']}; {pairs.ours[0].answer['lines']:,} lines",
        ),
        Row(
            f"{size}: peak memory of the process",
            gibibytes(peak),
            gibibytes(max(run.peak_bytes for run in pairs.peer)),
            "",
            f"<= {gibibytes(PEAK_BYTES)}",
            _met(peak <= PEAK_BYTES, quick),
            "tables, Python and packages included",
        ),
        Row(
            f"{size}: check of the written plan by the single file with bare Python, against the same Polars work",
            seconds(checks.ours_seconds) + checks.hindrance,
            seconds(checks.peer_seconds),
            times(checks.ratio),
            f"<= {CHECK:.0f}x",
            _met(checks.ratio <= CHECK, quick),
            f"the whole process, hashes included, peak {gibibytes(max(run.peak_bytes for run in checks.ours))}; "
            f"writing the plan took {seconds(written.answer['write_seconds'])}; it says: {said}",
        ),
    ]


def growth(quick: bool) -> list[Row]:
    """Measure allocate at 125,000 recipients and each doubling up to a million."""
    top = RECIPIENTS // 10 if quick else RECIPIENTS
    sizes = [top // 8, top // 4, top // 2, top]
    rows = []
    for small, large in pairwise(sizes):
        pairs = beside(
            partial(run_job, "bench.ours", _problem(large)),
            partial(run_job, "bench.ours", _problem(small)),
            2 if quick else 3,
        )
        rows.append(_growth_row(small, large, pairs, quick))
    return rows


def _growth_row(small: int, large: int, pairs: Pairs, quick: bool) -> Row:
    return Row(
        f"growth: {large:,} recipients against {small:,}, 1,000 lots, 60 groups",
        seconds(pairs.ours_seconds) + pairs.hindrance,
        f"{seconds(pairs.peer_seconds)} (ours)",
        times(pairs.ratio),
        f"<= {GROWTH}x",
        _met(pairs.ratio <= GROWTH, quick),
        "",
    )


def _problem(recipients: int) -> dict[str, Any]:
    return {"make": "whole_packs_in_groups", "recipients": recipients, "lots": 1000, "groups": 60, "seed": 1}


def _met(holds: bool, quick: bool) -> str:
    """Leave the word out where the case was made smaller than the promise."""
    return "" if quick else met(holds)
