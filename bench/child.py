"""The process in which one job runs by itself: make the problem, run the job, say how long it took and how much memory.

    python -m bench.child MODULE '{"instance": {...}, "options": {...}, "answer": {...}, "times": 1}'

A job is a module with three functions. `prepare(instance)` makes whatever is given to start with and warms up; it is
not timed. `run(prepared, **options)` is timed, `times` times over. `answer(prepared, result, **answer)` returns what
the result says as a JSON object; it is not timed. The last line printed is a JSON object for `bench.process`.
"""

from __future__ import annotations

import gc
import importlib
import json
import resource
import sys
from time import perf_counter, process_time
from typing import Any, Protocol, cast

from bench.instances import make


class Job(Protocol):
    """What a job module offers."""

    def prepare(self, instance: Any) -> Any:
        """Make what is given to start with."""

    def run(self, prepared: Any, **options: Any) -> Any:
        """Do the work that is timed."""

    def answer(self, prepared: Any, result: Any, **options: Any) -> dict[str, Any]:
        """Say what came out."""


def peak_bytes() -> int:
    """Return the most memory this process has had resident so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux counts in KiB


def main(module: str, text: str) -> None:
    """Run one job and print what it did."""
    spec = json.loads(text)
    job = cast(Job, importlib.import_module(module))
    prepared = job.prepare(make(spec["instance"]))
    gc.collect()
    before = peak_bytes()
    seconds: list[float] = []
    processor: list[float] = []
    result: Any = None
    for _ in range(spec.get("times", 1)):
        result = None  # the last result is not kept in memory beside the next
        begun, used = perf_counter(), process_time()
        result = job.run(prepared, **spec.get("options", {}))
        seconds.append(perf_counter() - begun)
        processor.append(process_time() - used)
    peak = peak_bytes()
    answer = job.answer(prepared, result, **spec.get("answer", {}))
    measured = {"seconds": seconds, "processor_seconds": processor, "peak_bytes": peak, "peak_before": before}
    print(json.dumps(measured | {"answer": answer}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
