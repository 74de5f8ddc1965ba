"""The portal on twenty times the demo: a crowd that reads while somebody writes, and pages beside plain Django."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.process import ROOT, JobFailed, run_command
from bench.table import Row, met, seconds, times

SCENE = ROOT / "build" / "scene"
"""Where the large installation is kept between runs; EVENHAND_SCENE names another place. Made where there is none."""

SHARE_OF_A_QUICK_ONE = "0.01"
MOST_P95, MOST_P99 = 0.100, 0.250
LEAST_OF_PLAIN, ENOUGH_OF_JSON = 0.7, 1_000
PAGES = "public pages in six languages, lists and records of the API, data files, desks"


def crowd(quick: bool) -> list[Row]:
    """Measure how long a crowd waits."""
    _expect_wrk()
    with _scene(quick) as scene:
        said = _said("crowd", scene, 3 if quick else 30)
    wrong = said["refused"] + said["broken"] + said["writes"]["refused"]
    holds = said["p95"] <= MOST_P95 and said["p99"] <= MOST_P99 and not wrong
    return [
        Row(
            f"portal on {_sizes(quick)}: 50 connections to 2 processes ({PAGES}), while a need is drafted each second and every fifth approved",
            f"p50 {seconds(said['p50'])}, p95 {seconds(said['p95'])}, p99 {seconds(said['p99'])}",
            "",
            "",
            f"p95 <= {seconds(MOST_P95)}, p99 <= {seconds(MOST_P99)}, no errors",
            "" if quick else met(holds),
            f"{said['rate']:,.0f} requests a second over {said['addresses']['asked']:,} addresses, {wrong} errors, the longest "
            f"{seconds(said['longest'])}; {said['writes']['written']} writes ({said['writes']['approved']} that everybody sees), the longest {seconds(said['writes']['longest'])}; "
            f"wrk on the same two cores; every address had been asked for once, which took {said['addresses']['first_visits']:,.0f} s",
        )
    ]


def beside_plain_django(quick: bool) -> list[Row]:
    """Measure a page and a list of the API beside the same rows from plain Django."""
    _expect_wrk()
    with _scene(quick) as scene:
        said = _said("beside", scene, 2 if quick else 10)
    rows = []
    for name, what in (("page", "the page of needs"), ("api", "the list of needs as JSON")):
        ours, plain, ratio = said["rates"][name]["ours"], said["rates"][name]["plain"], said["ratios"][name]
        holds = ratio >= LEAST_OF_PLAIN or (name == "api" and ours >= ENOUGH_OF_JSON)
        rows.append(
            Row(
                f"portal on {_sizes(quick)}: {what}, 50 rows, beside a plain Django view of them",
                f"{ours:,.0f} a second",
                f"{plain:,.0f} a second",
                times(ratio),
                f">= {LEAST_OF_PLAIN}x" + (f" or >= {ENOUGH_OF_JSON:,}/s" if name == "api" else ""),
                "" if quick or said["refused"] else met(holds),
                "ours from what is kept, as it is asked for again; the peer without middleware, languages or sessions, under the "
                "same granian",
            )
        )
    anew = said["uncached"]
    rows.append(
        Row(
            f"portal on {_sizes(quick)}: the page of needs, 50 rows, nothing of it kept",
            f"{anew['rate']:,.0f} a second",
            "",
            "",
            "",
            "",
            f"no address asked for twice; 50 connections, p50 {seconds(anew['p50'])}, p99 {seconds(anew['p99'])}",
        )
    )
    return rows


@contextmanager
def _scene(quick: bool) -> Iterator[Path]:
    """Give the large installation, or a small one of its kind for the time of a quick run."""
    if quick:
        with TemporaryDirectory(prefix="evenhand-scene-") as made:
            folder = Path(made) / "scene"
            run_command([sys.executable, "-m", "bench.portal.scene", str(folder), SHARE_OF_A_QUICK_ONE])
            yield folder
        return
    folder = Path(os.environ.get("EVENHAND_SCENE", SCENE))
    if not (folder / "evenhand.sqlite3").is_file():
        run_command([sys.executable, "-m", "bench.portal.scene", str(folder)])
    yield folder


def _said(what: str, scene: Path, length: int) -> dict[str, Any]:
    done = run_command([sys.executable, "-m", "bench.portal.load", what, str(scene), str(length)])
    said: dict[str, Any] = json.loads(str(done.answer["output"]).splitlines()[-1])
    return said


def _expect_wrk() -> None:
    if shutil.which("wrk") is None:
        raise JobFailed("wrk is not installed; install Debian's package wrk")


def _sizes(quick: bool) -> str:
    return "a small demo" if quick else "20 x the demo (50,000 needs, a million entries)"
