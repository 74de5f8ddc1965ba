"""Peer: the least that any method must do with tables of this size, in Polars.

Join needs and groups by recipient, check the keys (unique, every group row known, every target above 0), and sort by
group and target. It shares nothing out.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.instances import Frames, Instance, frames


def prepare(instance: Instance) -> Frames:
    """Make the tables, and let Polars start its threads."""
    pl.DataFrame({"a": [2, 1]}).sort("a").join(pl.DataFrame({"a": [1]}), on="a")
    return frames(instance)


def run(tables: Frames) -> pl.DataFrame:
    """Join, check, sort."""
    needs, groups = tables.needs, tables.groups
    if needs["recipient"].is_duplicated().any() or needs["recipient"].null_count():
        raise ValueError("duplicate recipients")
    if not needs["target"].gt(0).all():
        raise ValueError("a target that is not above 0")
    joined = needs.join(groups, on="recipient", how="inner", validate="1:m")
    if len(joined) != len(groups):
        raise ValueError("groups name an unknown recipient")
    return joined.sort("group", "target")


def answer(_: Frames, joined: pl.DataFrame) -> dict[str, Any]:
    """Return how many rows there were."""
    return {"rows": len(joined)}
