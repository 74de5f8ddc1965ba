"""A job that writes a problem as needs.csv, lots.csv and groups.csv into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.instances import Frames, Instance, frames


def prepare(instance: Instance) -> Frames:
    """Make the tables."""
    return frames(instance)


def run(tables: Frames, *, folder: str) -> int:
    """Write them, and return how many recipients there are."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    tables.needs.write_csv(out / "needs.csv")
    tables.lots.write_csv(out / "lots.csv")
    tables.groups.write_csv(out / "groups.csv")
    return len(tables.needs)


def answer(_: Frames, recipients: int) -> dict[str, Any]:
    """Return how many recipients there are."""
    return {"recipients": recipients}
