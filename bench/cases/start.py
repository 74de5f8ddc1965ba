"""How long the import takes."""

from __future__ import annotations

import sys

from bench.process import Measured, beside, run_command
from bench.table import Row, met, seconds, times

MOST_SECONDS = 0.3
CODE = "from time import perf_counter as now; begun = now(); import {}; print(now() - begun)"


def import_time(quick: bool) -> list[Row]:
    """Measure `import evenhand` beside `import polars`, inside fresh processes."""
    pairs = beside(lambda: _import("evenhand"), lambda: _import("polars"), 3 if quick else 9)
    return [
        Row(
            "import evenhand, beside import polars",
            seconds(pairs.ours_seconds) + pairs.hindrance,
            seconds(pairs.peer_seconds),
            times(pairs.ratio),
            f"< {MOST_SECONDS} s",
            met(pairs.ours_seconds < MOST_SECONDS),
            "inside a fresh process, Python's own start not counted",
        )
    ]


def _import(name: str) -> Measured:
    done = run_command([sys.executable, "-c", CODE.format(name)])
    return Measured(float(done.answer["output"]), done.peak_bytes, {})
