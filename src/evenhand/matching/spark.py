"""The same saved model on a Spark cluster, when a national register outgrows one machine.

The caller starts the session (its cluster, its security, its memory); `spark_settings` says what the session must know.
Conditions and keys are the same as on DuckDB, so the same model puts the same records together. Intermediate tables go
to the checkpoint folder as Parquet, so a worker that dies costs time and changes nothing. Needs
`pip install 'evenhand[spark]'`; nothing else in this package imports PySpark.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import polars as pl
from splink import Linker, SparkAPI

from evenhand.errors import OptionRefused
from evenhand.matching.engines import TABLE


def spark_settings() -> dict[str, str]:
    """Return what a Spark session must be started with: the jar of similarities that Splink's package carries."""
    from splink.backends.spark import similarity_jar_location

    return {"spark.jars": str(similarity_jar_location())}


class SparkEngine:
    """Run on a Spark session that the caller started and will stop.

    Parameters
    ----------
    session
        With `spark_settings`, and a checkpoint folder that the driver and every worker reach.
    partitions
        Into how many parts intermediate tables are cut; half of `spark.sql.shuffle.partitions` by default.

    Raises
    ------
    OptionRefused
        The session has no checkpoint folder.
    """

    def __init__(self, session: Any, *, partitions: int | None = None) -> None:
        folder = session.sparkContext.getCheckpointDir()
        if not folder:
            raise OptionRefused(
                "the Spark session has no checkpoint folder; call session.sparkContext.setCheckpointDir with a folder "
                "that the driver and every worker reach"
            )
        self._session = session
        self._folder = str(folder)
        self._api = SparkAPI(  # type: ignore[no-untyped-call] # Splink's __init__ has no types
            spark_session=session, break_lineage_method="parquet", num_partitions_on_repartition=partitions
        )

    def link(self, frame: pl.DataFrame, settings: dict[str, Any]) -> Linker:
        """Return a linker over a prepared table."""
        name = f"{TABLE}_{uuid4().hex}"
        return Linker(self._api.register(self._sent(name, frame), table_name=name), settings, log_level=None)

    def take(self, query: str) -> pl.DataFrame:
        """Return what a query gives, brought to the driver."""
        return pl.DataFrame(self._session.sql(query).toArrow())

    def lend(self, name: str, frame: pl.DataFrame) -> None:
        """Let queries use a table under a name."""
        self._sent(f"{name}_{uuid4().hex}", frame).createOrReplaceTempView(name)

    def _sent(self, name: str, frame: pl.DataFrame) -> Any:
        """Return a table on the cluster: through the checkpoint folder where this process can write there."""
        place = urlsplit(self._folder)
        if place.scheme not in ("", "file"):
            return self._session.createDataFrame(frame.to_arrow())
        path = Path(place.path) / f"{name}.parquet"
        frame.write_parquet(path, row_group_size=max(1, min(500_000, -(-frame.height // 8))))
        return self._session.read.parquet(path.as_uri())
