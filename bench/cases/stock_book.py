"""The stock book on both databases: one entry at a time, many at once, the audit, the import."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from statistics import median
from typing import Any

from bench.process import run_command
from bench.table import Row, gibibytes, met, seconds, times

SHARE = {"sqlite": (0.35, 800), "postgresql": (0.2, 500)}
"""Of the rate at which the disk syncs, or entries in a second: whichever is lower is promised."""

BULK = {"sqlite": 15_000, "postgresql": 10_000}
FASTER_THAN_A_LOOP, FASTER_THAN_HORDAK = 10, 5
WRITERS, MOST_WAIT = 32, 0.5
MOST_AUDIT, MOST_IMPORT, MOST_MEMORY = 8.0, 6.0, 500 * 2**20
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ENTRY = "one durable entry with its leaf"
ACTION = "one whole action (stock distribute: rights, entry, leaf, audit line)"


def one_at_a_time(quick: bool) -> list[Row]:
    """Measure single entries and whole actions beside the disk's own syncs."""
    rows = []
    number = 200 if quick else 2_000
    for vendor, (share, least) in SHARE.items():
        for job, what in (("single", ENTRY), ("action", ACTION)):
            said = _run(job, vendor, number)
            promised = job == "single"
            held = said["ratio"] >= share or said["rate"] >= least
            rows.append(
                Row(
                    f"stock book on {NAMES[vendor]}: {what}, against the rate of fsync in the same run",
                    f"{said['rate']:,.0f} a second",
                    f"{said['syncs']:,.0f} a second",
                    times(said["ratio"]),
                    f">= {share}x or >= {least}/s, whichever is lower" if promised else "",
                    met(held) if promised else "",
                    f"medians of {said['stretches']} stretches of a quarter of a second, by turns with the disk",
                )
            )
    for vendor, name in NAMES.items():
        said = _run("waiting", vendor, 5 if quick else 60)
        rows.append(
            Row(
                f"stock book on {name}: {WRITERS} processes doing whole actions for a minute, the slowest one's p99",
                seconds(said["p99"]),
                seconds(WRITERS / said["rate"]),
                times(said["p99"] * said["rate"] / WRITERS),
                f"<= {seconds(MOST_WAIT)}, no errors",
                met(said["p99"] <= MOST_WAIT and not said["errors"]),
                f"{said['rate']:,.0f} actions a second, {said['errors']} errors; the peer is the time in which each has had one turn",
            )
        )
    ours, peer = _run("single", "postgresql", number), _hordak(number)
    rows.append(
        Row(
            f"stock book on PostgreSQL: {ENTRY}, one at a time, against django-hordak {version('django-hordak')}",
            f"{ours['rate']:,.0f} a second",
            f"{peer['rate']:,.0f} a second",
            _faster(ours["rate"] / peer["rate"]),
            "",
            "",
            f"both wait for the disk (syncs a second: ours {ours['syncs']:,.0f}, peer's {peer['syncs']:,.0f}); the peer "
            "knows no id of the caller's, no leaf and no floor at zero",
        )
    )
    return rows


def in_bulk(quick: bool) -> list[Row]:
    """Measure many entries in one transaction beside a loop over the ORM, and beside django-hordak."""
    rows = []
    number, looped = (5_000, 200) if quick else (100_000, 2_000)
    for vendor, least in BULK.items():
        ours = median(_run("bulk", vendor, number)["rate"] for _ in range(1 if quick else 3))
        loop = _run("loop_over_the_orm", vendor, looped)["rate"]
        rows.append(
            Row(
                f"stock book on {NAMES[vendor]}: {number:,} entries at once, against a loop over Django's ORM",
                f"{ours:,.0f} a second",
                f"{loop:,.0f} a second",
                _faster(ours / loop),
                f">= {least:,}/s and >= {FASTER_THAN_A_LOOP}x faster",
                met(ours >= least and ours >= FASTER_THAN_A_LOOP * loop),
                f"the loop, over {looped:,}: a transaction each, no triggers, no tree",
            )
        )
    peer = _hordak(2_000 if not quick else 200, together=True)["rate"]
    rows.append(
        Row(
            f"stock book on PostgreSQL: {number:,} transfers at once, against django-hordak {version('django-hordak')}",
            f"{ours:,.0f} a second",
            f"{peer:,.0f} a second",
            _faster(ours / peer),
            f">= {FASTER_THAN_HORDAK}x faster",
            met(ours >= FASTER_THAN_HORDAK * peer),
            "the peer in one transaction too, by its own transfer_to, the only way it has",
        )
    )
    return rows


def audit(quick: bool) -> list[Row]:
    """Measure the live audit."""
    number = 50_000 if quick else 1_000_000
    rows = []
    for vendor, name in NAMES.items():
        said = _run("audit", vendor, number)
        pages = f"; {seconds(said['with_pages'])} with every page of the file checked" if vendor == "sqlite" else ""
        rows.append(
            Row(
                f"stock book on {name}: audit of {number:,} entries (lines, leaves, tree, moves, balances, ids)",
                seconds(said["seconds"]),
                "",
                "",
                f"<= {MOST_AUDIT:.0f} s",
                met(said["seconds"] <= MOST_AUDIT) if not quick else "",
                f"{seconds(said['processor_seconds'])} of it processor time; peak {gibibytes(said['peak_bytes'])}{pages}",
            )
        )
    return rows


def imports(quick: bool) -> list[Row]:
    """Measure the import of parties from CSV."""
    rows = []
    usual, large = (10_000, 50_000) if quick else (100_000, 1_000_000)
    for vendor, name in NAMES.items():
        said, more = _run("imported", vendor, usual), _run("imported", vendor, large)
        rows += [
            Row(
                f"import on {name}: {usual:,} rows of CSV (parties) read, checked and applied in one action",
                seconds(said["seconds"]),
                "",
                "",
                f"<= {MOST_IMPORT:.0f} s",
                met(said["seconds"] <= MOST_IMPORT) if not quick else "",
                f"{large:,} rows took {seconds(more['seconds'])}",
            ),
            Row(
                f"import on {name}: {large:,} rows of CSV (parties), peak memory of the process",
                gibibytes(more["peak_bytes"]),
                "",
                "",
                f"<= {gibibytes(MOST_MEMORY)}",
                met(more["peak_bytes"] <= MOST_MEMORY) if not quick else "",
                "Python, Django and Polars included",
            ),
        ]
    return rows


def _run(job: str, vendor: str, number: int) -> dict[str, Any]:
    return _said([sys.executable, "-m", "bench.stock_book", job, vendor, str(number)])


def _hordak(number: int, *, together: bool = False) -> dict[str, Any]:
    how = ["together"] if together else []
    return _said([sys.executable, "-m", "bench.peers.hordak_transfers", str(number), *how])


def _said(command: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(str(run_command(command).answer["output"]).splitlines()[-1])
    return said


def _faster(ratio: float) -> str:
    return f"{times(ratio)} faster" if ratio >= 1 else f"{times(ratio)} as fast"
