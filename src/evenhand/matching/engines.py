"""The two engines that Splink runs on: DuckDB inside this process, or a Spark session that somebody else started.

Called by `training` and `scoring`. An engine is handed a prepared table with keys and a model's settings, and gives a
Splink linker; nothing else in this package knows which of the two it is talking to.
"""

from __future__ import annotations

import logging
from typing import Any, Protocol

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

TABLE = "evenhand_persons"

logging.getLogger("splink").addHandler(logging.NullHandler())  # what Splink tells its developers is not for our readers


class Engine(Protocol):
    """What runs Splink's SQL."""

    def link(self, frame: pl.DataFrame, settings: dict[str, Any]) -> Linker:
        """Return a linker over a prepared table."""

    def take(self, query: str) -> pl.DataFrame:
        """Return what a query gives."""

    def lend(self, name: str, frame: pl.DataFrame) -> None:
        """Let queries use a table under a name."""


class DuckEngine:
    """Run in this process, on as many cores and as much memory as are given.

    Parameters
    ----------
    threads
        Cores; all of them by default.
    memory
        As DuckDB writes it ("4GB"); above it, work goes through the disk.
    spills
        Work may go through the disk. Without it, what does not fit into memory is refused: what a people register
        holds is never written in clear.
    """

    def __init__(self, *, threads: int | None = None, memory: str | None = None, spills: bool = True) -> None:
        self.connection = duckdb.connect()
        if not spills:
            self.connection.execute("SET temp_directory = ''")
        if threads is not None:
            self.connection.execute(f"SET threads = {int(threads)}")
        if memory is not None:
            self.connection.execute("SET memory_limit = ?", [memory])
        self.connection.execute("SET preserve_insertion_order = false")

    def link(self, frame: pl.DataFrame, settings: dict[str, Any]) -> Linker:
        """Return a linker over a prepared table."""
        self.lend(TABLE, frame)
        return Linker(DuckDBAPI(self.connection).register(TABLE), settings, log_level=None)

    def take(self, query: str) -> pl.DataFrame:
        """Return what a query gives."""
        return pl.DataFrame(self.connection.sql(query).to_arrow_table())

    def lend(self, name: str, frame: pl.DataFrame) -> None:
        """Let queries use a table under a name."""
        self.connection.register("evenhand_arriving", frame.to_arrow())
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM evenhand_arriving")  # noqa: S608 - names are this package's own
        self.connection.unregister("evenhand_arriving")
