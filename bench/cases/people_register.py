"""The people register on both databases: sealing anew, a table where cards are scanned, scans that come late."""

from __future__ import annotations

import json
import sys
from typing import Any

from bench.process import run_command
from bench.table import Row, met, seconds, times

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
MOST_REKEY, MOST_WAIT = 60.0, 0.15


def register(quick: bool) -> list[Row]:
    """Measure re-keying, a distribution point, and the merging of scans made without a line."""
    rows = []
    for vendor, name in NAMES.items():
        number = 4_000 if quick else 100_000
        said = _run("rekey", vendor, number)
        rows.append(
            Row(
                f"people register on {name}: {number:,} persons sealed anew ({said['fields']:,} fields), in one action",
                seconds(said["seconds"]), seconds(said["alone"]), times(said["seconds"] / said["alone"]),
                f"<= {seconds(MOST_REKEY)}", met(said["seconds"] <= MOST_REKEY) if not quick else "",
                "the peer opens and seals the same fields with the cipher alone",
            )
        )  # fmt: skip
        said = _run("table", vendor, 10 if quick else 60)
        held = said["p95"] <= MOST_WAIT and not said["errors"] and said["given"] == said["gifts"] == said["booked"]
        rows.append(
            Row(
                f"people register on {name}: 10 registrars, 500 scans a minute, a tenth of cards scanned before; p95",
                seconds(said["p95"]), "", "", f"<= {seconds(MOST_WAIT)}, 0 double", met(held),
                f"{said['scans']} scans, p50 {seconds(said['p50'])}, p99 {seconds(said['p99'])}; {said['errors']} errors, {said['given']} given, "
                f"{said['booked']} in the book",
            )
        )  # fmt: skip
        number = 400 if quick else 5_000
        said = _run("merge", vendor, number)
        held = not (said["lost"] or said["doubled"] or said["wrong"])
        rows.append(
            Row(
                f"people register on {name}: {number:,} scans of two devices without a line, merged in a random order, a tenth sent twice",
                seconds(said["seconds"]), "", "", "0 lost, 0 doubled", met(held),
                f"{said['lost']} lost, {said['doubled']} doubled, {said['wrong']} where a later scan counts; "
                f"{said['sent'] / said['seconds']:,.0f} a second",
            )
        )  # fmt: skip
    return rows


def _run(job: str, vendor: str, number: int) -> dict[str, Any]:
    output = str(
        run_command([sys.executable, "-m", "bench.people_register", job, vendor, str(number)]).answer["output"]
    )
    said: dict[str, Any] = json.loads(output.splitlines()[-1])
    return said
