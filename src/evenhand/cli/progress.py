"""Progress on anything that takes more than a second: on stderr, and only where somebody is watching.

Used by the commands that solve. It must never write to stdout.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

PATIENCE_SECONDS = 1.0
"""How long a person waits before wanting to know."""

Report = Callable[[str, float], None]
"""Called with what is being done and how much of it is done, 0 to 1."""


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Report | None]:
    """Yield what an engine function takes as `progress`, or None where nobody is watching."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("working", total=None)

    def report(stage: str, done: float) -> None:
        bar.update(task, description=stage, total=1.0, completed=min(1.0, max(0.0, done)))

    # A timer, not a check inside report(): the first stage alone may take longer than a person's patience.
    timer = Timer(PATIENCE_SECONDS, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield report
    finally:
        timer.cancel()
        timer.join()  # it may be starting the bar at this very moment
        bar.stop()
