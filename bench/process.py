"""Start a job or a command in a process of its own and wait for it; nothing heavy is ever imported here.

On Linux a child's peak memory starts at its parent's, so the parent stays small.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from statistics import median
from tempfile import TemporaryFile
from threading import Timer
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HINDERED = 1.25
"""From how many times its processor time on a measured run is said to have been hindered by other work."""


class JobFailed(RuntimeError):
    """Say that a measured process did not end well."""


class TimeOver(JobFailed):
    """Say that a measured process was stopped because its time was over."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold what one process did.

    Attributes
    ----------
    seconds
        Of the work alone for a job; from start to end of the process for a command.
    peak_bytes
        The most memory resident at once, of the whole process.
    answer
        What the job said about its result; {"output": text} for a command.
    processor_seconds
        What the work took of the processors; less than `seconds` where other work kept them from it.
    """

    seconds: float
    peak_bytes: int
    answer: dict[str, Any]
    processor_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Hold several runs of ours, each beside a run of the peer."""

    ours: list[Measured]
    peer: list[Measured]

    @property
    def ours_seconds(self) -> float:
        """Return the median of ours."""
        return median(run.seconds for run in self.ours)

    @property
    def peer_seconds(self) -> float:
        """Return the median of the peer's."""
        return median(run.seconds for run in self.peer)

    @property
    def hindrance(self) -> str:
        """Say, in brackets, when other work on the machine kept ours waiting; "" where it did not."""
        processor = median(run.processor_seconds for run in self.ours)
        if not processor or self.ours_seconds < HINDERED * processor:
            return ""
        return f" (the machine was busy: {processor:.3g} s of processor time)"

    @property
    def ratio(self) -> float:
        """Return how many times the peer's time ours is: the median of the ratios, pair by pair."""
        return median(ours.seconds / peer.seconds for ours, peer in zip(self.ours, self.peer, strict=True))

    @property
    def faster(self) -> float:
        """Return how many times faster ours is: the median of the ratios, pair by pair."""
        return median(peer.seconds / ours.seconds for ours, peer in zip(self.ours, self.peer, strict=True))


def run_job(
    module: str,
    instance: Mapping[str, Any],
    *,
    times: int = 1,
    answer: Mapping[str, Any] | None = None,
    stop_after: float | None = None,
    **options: Any,
) -> Measured:
    """Run a job of `bench.child` and return what it said.

    Raises
    ------
    JobFailed
        The process did not end well.
    TimeOver
        The process, start-up included, had not ended after `stop_after` seconds.
    """
    spec = {"instance": instance, "options": options, "answer": answer or {}, "times": times}
    done = run_command([sys.executable, "-m", "bench.child", module, json.dumps(spec)], stop_after=stop_after)
    said = json.loads(str(done.answer["output"]).splitlines()[-1])
    return Measured(median(said["seconds"]), said["peak_bytes"], said["answer"], median(said["processor_seconds"]))


def run_command(command: Sequence[str], *, stop_after: float | None = None) -> Measured:
    """Run a command from the project's root and return its time from start to end, its peak and its output.

    Raises
    ------
    JobFailed
        It did not exit with 0.
    TimeOver
        It had not ended after `stop_after` seconds.
    """
    with TemporaryFile() as output, TemporaryFile() as errors:
        begun = perf_counter()
        started = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=errors, env=_surroundings())
        watch = Timer(stop_after, started.kill) if stop_after is not None else None
        if watch is not None:
            watch.start()
        _, status, usage = os.wait4(started.pid, 0)  # not Popen.wait: only this tells the memory of this very child
        seconds = perf_counter() - begun
        if watch is not None:
            watch.cancel()
        started.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if stop_after is not None and started.returncode == -SIGKILL and seconds >= stop_after:
            raise TimeOver(f"stopped after {stop_after:,.0f} s")
        if started.returncode != 0:
            said = errors.read().decode(errors="replace").strip().splitlines()
            raise JobFailed(f"exit {started.returncode}: {said[-1] if said else 'no message'}")
        text = output.read().decode(errors="replace")
    return Measured(seconds, usage.ru_maxrss * 1024, {"output": text}, usage.ru_utime + usage.ru_stime)


def _surroundings() -> dict[str, str]:
    """Return the environment of a child: this project importable, and Python as it comes, with its compiled files kept.

    Without those, most of a short command's time would go into compiling packages anew, ours and the peer's.
    """
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return plain | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}


def beside(ours: Callable[[], Measured], peer: Callable[[], Measured], repeats: int) -> Pairs:
    """Run ours and the peer by turns, `repeats` times."""
    runs = [(ours(), peer()) for _ in range(repeats)]
    return Pairs([pair[0] for pair in runs], [pair[1] for pair in runs])
