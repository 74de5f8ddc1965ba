"""A job runs in a process of its own, and says how long it took and what it used."""

from __future__ import annotations

import subprocess
import sys

import pytest
from bench.process import ROOT, JobFailed, Measured, Pairs, TimeOver, beside, run_command, run_job

PROBLEM = {"make": "divisible_pairs", "recipients": 6, "lots": 3, "seed": 1}


def measured(seconds: float) -> Measured:
    return Measured(seconds, 0, {})


def test_a_job_returns_its_time_its_peak_and_its_answer() -> None:
    done = run_job("bench.exact", PROBLEM, times=3)
    assert 0 < done.seconds < 10
    assert done.peak_bytes > 10 * 2**20
    assert len(done.answer["levels"]) == 6


def test_a_command_returns_its_output_and_the_time_of_the_whole_process() -> None:
    done = run_command([sys.executable, "-c", "import time; time.sleep(0.2); print('done')"])
    assert done.answer["output"] == "done\n"
    assert done.seconds >= 0.2


def test_the_peak_is_that_of_the_child() -> None:
    # From a small process, as benchmarks are: a child's peak starts at its parent's, and this one may have grown large.
    size = 300 * 2**20
    measure = (
        "import sys; from bench.process import run_command; "
        f"print(run_command([sys.executable, '-c', \"x = b'x' * {size}\"]).peak_bytes)"
    )
    said = subprocess.run([sys.executable, "-c", measure], cwd=ROOT, capture_output=True, text=True, check=True)
    assert size < int(said.stdout) < 2 * size


def test_a_process_that_fails_is_named_with_its_last_line() -> None:
    with pytest.raises(JobFailed, match="exit 1: ValueError: no such luck"):
        run_command([sys.executable, "-c", "raise ValueError('no such luck')"])


def test_a_process_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(TimeOver, match="stopped after 1 s"):
        run_command([sys.executable, "-c", "import time; time.sleep(60)"], stop_after=1.0)


def test_ratios_are_medians_pair_by_pair() -> None:
    pairs = Pairs([measured(1.0), measured(4.0), measured(3.0)], [measured(2.0), measured(1.0), measured(3.0)])
    assert pairs.ratio == 1.0  # of 0.5, 4 and 1
    assert pairs.faster == 1.0  # of 2, 0.25 and 1
    assert (pairs.ours_seconds, pairs.peer_seconds) == (3.0, 2.0)


def test_ours_and_the_peer_run_by_turns() -> None:
    order: list[str] = []

    def note(name: str) -> Measured:
        order.append(name)
        return measured(1.0)

    beside(lambda: note("ours"), lambda: note("peer"), 3)
    assert order == ["ours", "peer"] * 3
